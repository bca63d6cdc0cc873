package report_test

import (
	"slices"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func (b bench) noticed(results []barometer.Result, key string) []string {
	b.Helper()
	i := slices.IndexFunc(results, func(r barometer.Result) bool { return r.Key == key })
	if i < 0 {
		b.Fatalf("no %s among %d results", key, len(results))
	}
	var codes []string
	for _, n := range results[i].Notices {
		if n.Text == "" {
			b.Errorf("%s: notice %s has no text", key, n.Code)
		}
		codes = append(codes, n.Code)
	}
	return codes
}

// TestAPeriodSaysWhatItMisses: 9023 asked of two requirements, 9024 has the first alone, and a caveat lies between. The
// theme says what its requirements do.
func TestAPeriodSaysWhatItMisses(t *testing.T) {
	run(t, func(b bench) {
		b.must(b.store.AddJudgements(b.ctx, []barometer.Judgement{{
			ID: "break.investigation_conducted.9024", Kind: barometer.Break, Requirement: professional[0], SinceRound: ptr(barometer.Year(9024)),
			Judgement: barometer.WithCaveat, Reason: "practice_changed", JudgedBy: "service", NoteDa: "Ændret.", NoteEn: "Changed.", Source: "service",
		}}))
		b.round(9023, "0183", "0707")
		b.cases(9023, "0183", professional[:2], "MM", "NM")
		b.cases(9023, "0707", professional[:2], "MM", "NN", "MX")
		b.publish(9023)
		b.round(9024, "0707")
		b.cases(9024, "0707", professional[:1], "M", "N")
		s := b.publish(9024)
		rounds, all := []barometer.Year{9023, 9024}, func(barometer.Result) bool { return true }
		pooled, err := s.Pooled(rounds, all, report.Options{}, barometer.Danish)
		b.must(err)
		const theme = "professional_assessment.pooled"
		for key, want := range map[string][]string{
			"9023-9024.0707." + professional[0]: {"break_in_period"},
			"9023-9024.0707." + professional[1]: {"incomplete_period"},
			"9023-9024.0707." + theme:           {"break_in_period", "incomplete_period"},
			"9023-9024.0183." + professional[0]: {"incomplete_period"},
			"9023-9024.dk." + professional[0]:   {"break_in_period", "random_municipalities"},
			"9023-9024.dk." + theme:             {"break_in_period", "incomplete_period"},
		} {
			got := b.noticed(pooled, key)
			for _, code := range []string{"break_in_period", "incomplete_period", "random_municipalities"} {
				if slices.Contains(want, code) && !slices.Contains(got, code) {
					b.Errorf("%s: %v, want %s", key, got, code)
				}
			}
			if !slices.Contains(want, "break_in_period") && slices.Contains(got, "break_in_period") {
				b.Errorf("%s: %v", key, got)
			}
		}
		// 4 of 7 outcomes in 9023 (0183: 1 of 2, 0707: 2 of 3 and 1 of 2), 1 of 2 in 9024.
		i := slices.IndexFunc(pooled, func(r barometer.Result) bool { return r.Key == "9023-9024.0707."+professional[0] })
		if r := pooled[i]; *r.Met != 3 || *r.Assessed != 5 || *r.Cases != 5 || r.Round != nil || !slices.Equal(r.Rounds, rounds) {
			b.Errorf("%+v", r)
		}
		_, err = s.Pooled([]barometer.Year{2023, 9023}, all, report.Options{}, barometer.Danish)
		b.kind(err, barometer.Malformed, "2023")
		_, err = s.Pooled([]barometer.Year{9023}, all, report.Options{}, barometer.Danish)
		b.kind(err, barometer.Malformed, "at least two")
	})
}

// TestWhatIsNeverPooled: a printed percent, rounds that cannot be compared, and a country of which a part is missing.
func TestWhatIsNeverPooled(t *testing.T) {
	run(t, func(b bench) {
		b.must(b.store.AddJudgements(b.ctx, []barometer.Judgement{{
			ID: "break.investigation_conducted.9024", Kind: barometer.Break, Requirement: professional[0], SinceRound: ptr(barometer.Year(9024)),
			Judgement: barometer.NotComparable, Reason: "question_reworded", JudgedBy: "service", NoteDa: "Ændret.", NoteEn: "Changed.", Source: "service",
		}}))
		b.round(9023, "0183", "0707")
		b.cases(9023, "0707", professional[:2], "MM", "NN")
		b.must(b.store.PutReportedResults(b.ctx, []barometer.ReportedResult{
			{Round: 9023, Area: "0183", Requirement: professional[1], Percent: 50, Source: "service"},
		}))
		b.publish(9023)
		b.round(9024, "0183", "0707")
		b.cases(9024, "0183", professional[:2], "MM", "NN")
		b.cases(9024, "0707", professional[:2], "MM", "NN")
		s := b.publish(9024)
		status := func(key string, allowBreak bool) barometer.Status {
			pooled, err := s.Pooled([]barometer.Year{9023, 9024}, keyed("9023-9024."+key), report.Options{AllowBreak: allowBreak}, barometer.Danish)
			b.must(err)
			if len(pooled) != 1 {
				b.Fatalf("%s: %d results", key, len(pooled))
			}
			return pooled[0].Status
		}
		for _, one := range []struct {
			key        string
			allowBreak bool
			want       barometer.Status
		}{
			{"0707." + professional[0], false, barometer.NoFigure}, // not comparable
			{"0707." + professional[0], true, barometer.Measured},
			{"0707." + professional[1], false, barometer.Measured},
			{"0183." + professional[1], false, barometer.NoCounts}, // 50 % was printed
			{"dk." + professional[1], false, barometer.NoFigure},   // 0183 has no outcomes in 9023
		} {
			if got := status(one.key, one.allowBreak); got != one.want {
				b.Errorf("%s, break allowed %v: %s, want %s", one.key, one.allowBreak, got, one.want)
			}
		}
	})
}

// TestAFigureThatIsNotQuiteAllSaysSo: 249 of 250 is shown as 100 %. Three of the theme's four requirements have no figure.
func TestAFigureThatIsNotQuiteAllSaysSo(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0707")
		b.cases(9023, "0707", professional[:1], append(repeated("M", 249), "N")...)
		s := b.publish(9023)
		all := s.Results(of(9023), report.Options{}, barometer.English)
		if r := b.result(s, "9023.0707."+professional[0]); *r.Percent != 100 || *r.Proportion >= 1 {
			b.Fatalf("%+v", r)
		}
		if got := b.noticed(all, "9023.0707."+professional[0]); !slices.Contains(got, "rounded_to_limit") {
			b.Error(got)
		}
		if got := b.noticed(all, "9023.0707.professional_assessment.pooled"); !slices.Contains(got, "incomplete_theme") || slices.Contains(got, "mixed_units") {
			b.Error(got)
		}
	})
}
