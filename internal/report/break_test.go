package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// TestADifferenceAcrossABreakIsGivenWhereItIsAskedFor, and marked. The first requirement went from 1 of 2 to 2 of 2
// across a break, the second from 2 of 2 to 0 of 2.
func TestADifferenceAcrossABreakIsGivenWhereItIsAskedFor(t *testing.T) {
	run(t, func(b bench) {
		b.must(b.store.AddJudgements(b.ctx, []barometer.Judgement{{
			ID: "break.investigation_conducted.9026", Kind: barometer.Break, Requirement: professional[0], SinceRound: ptr(barometer.Year(9026)),
			Judgement: barometer.NotComparable, Reason: "question_reworded", JudgedBy: "service", NoteDa: "Omformuleret.", NoteEn: "Reworded.", Source: "service",
		}}))
		b.round(9023, "0707")
		b.cases(9023, "0707", professional[:2], "MM", "NM")
		b.publish(9023)
		b.round(9026, "0707")
		b.cases(9026, "0707", professional[:2], "MN", "MN")
		s := b.publish(9026)

		const pooled, mean = "professional_assessment.pooled", "professional_assessment.mean_of_requirements"
		type told struct {
			points  *int
			marked  bool
			judged  barometer.Judged
			leftOut int // for the break
		}
		tell := func(r barometer.Result) told {
			out := told{r.Change.PercentagePoints, r.Change.BreakAllowed, r.Change.Comparability.Judgement, 0}
			for _, l := range r.Change.LeftOut {
				if l.Reason == "not_comparable" {
					out.leftOut++
				}
			}
			return out
		}
		all := func(r barometer.Result) bool { return r.Round != nil && *r.Round == 9026 && r.Area == "0707" }
		check := func(results []barometer.Result, want map[string]told) {
			b.Helper()
			got := map[string]told{}
			for _, r := range results {
				if rest := strings.TrimPrefix(r.Key, "9026.0707."); want[rest].judged != "" {
					got[rest] = tell(r)
				}
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(told{})); diff != "" {
				b.Error(diff)
			}
		}
		stopped := map[string]told{
			professional[0]: {nil, false, barometer.NotComparable, 0},
			professional[1]: {ptr(-100), false, barometer.NotJudged, 0},
			pooled:          {ptr(-100), false, barometer.NotJudged, 1},
			mean:            {ptr(-100), false, barometer.NotJudged, 1},
		}
		across := map[string]told{
			professional[0]: {ptr(50), true, barometer.NotComparable, 0},
			professional[1]: {ptr(-100), false, barometer.NotJudged, 0},
			pooled:          {ptr(-25), true, barometer.NotComparable, 0}, // 2 of 4 after 3 of 4
			mean:            {ptr(-25), true, barometer.NotComparable, 0}, // half of 100 + 0 after half of 50 + 100
		}
		check(s.Results(all, report.Options{}, barometer.Danish), stopped)
		check(s.Results(all, report.Options{AllowBreak: true}, barometer.Danish), across)
		for allow, want := range map[bool]map[string]told{false: stopped, true: across} {
			card, err := s.Scorecard(9026, "0707", report.Baseline{Options: report.Options{AllowBreak: allow}}, barometer.Danish)
			b.must(err)
			explicit, err := s.Scorecard(9026, "0707", report.Baseline{Options: report.Options{AllowBreak: allow}, Year: ptr(barometer.Year(9023))}, barometer.Danish)
			b.must(err)
			if diff := cmp.Diff(card, explicit); diff != "" {
				b.Error(diff)
			}
			check(resultsOf(card), want)
		}
		for key, body := range b.rows(s.Release().Number) {
			if strings.Contains(body, "break_allowed") {
				b.Errorf("%s is released with a mark", key)
			}
		}
		// The history: 77 % in 2019 and 79 % in 2020 cannot be compared.
		r := s.Results(func(r barometer.Result) bool { return r.Key == "2020.dk.action_plan_made" }, report.Options{AllowBreak: true}, barometer.English)[0]
		if *r.Change.PercentagePoints != 2 || !r.Change.BreakAllowed || *r.Change.Basis != barometer.BasisPrintedPercent || r.AreaName != "Denmark" {
			b.Errorf("%+v", r.Change)
		}
	})
}

// resultsOf lists the results on a scorecard, themes before their requirements.
func resultsOf(card barometer.Scorecard) []barometer.Result {
	var all []barometer.Result
	for _, theme := range card.Themes {
		all = append(append(all, theme.Pooled, theme.MeanOfRequirements), theme.Requirements...)
	}
	return all
}
