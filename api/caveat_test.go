package api_test

import (
	"strings"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// TestNoDifferenceWithoutItsCaveat: wherever a difference with a caveat is shown, its sentence has the caveat, in the
// language it is read in; and a trend shows where a line must not be drawn.
func TestNoDifferenceWithoutItsCaveat(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		lead, since := o.as(t, barometer.RoleLead), barometer.Year(9026)
		must(lead.CreateJudgement(t.Context(), barometer.JudgementInput{
			Kind: barometer.Break, Requirement: "investigation_conducted", SinceRound: &since, JudgementPatch: barometer.JudgementPatch{
				Judgement: barometer.WithCaveat, Reason: "practice_changed", JudgedBy: "publisher",
				NoteDa: "Opdateringer medregnes.", NoteEn: "Updates are counted too.", Source: "norddjurs-memo",
			},
		}))(t)
		before, now := familyRounds(t)
		o.publish(t, before, now)
		notes := map[barometer.Lang][]string{
			barometer.Danish:  {"Opdateringer medregnes.", "Partshøringsmødet medregnes i fristen på 4 måneder."},
			barometer.English: {"Updates are counted too.", "The party-hearing meeting now counts inside the four months."},
		}
		for lang, known := range notes {
			seen := map[string]int{}
			for name, rows := range o.changedRows(t, lang) {
				for _, r := range rows {
					if r.Change == nil || r.Change.Difference == nil || r.Change.Comparability.Judgement != barometer.WithCaveat {
						continue
					}
					note := *r.Change.Comparability.Note
					if !strings.Contains(r.Change.Sentence, note) || note != known[0] && note != known[1] {
						t.Errorf("%s, %s, %s: %q without %q", name, lang, r.Key, r.Change.Sentence, note)
					}
					seen[name]++
				}
			}
			for _, name := range []string{"results", "scorecard", "trend", "country", "weighed"} {
				if seen[name] == 0 {
					t.Errorf("%s shows no difference with a caveat", name)
				}
			}
		}
		o.checkBreaks(t)
	})
}

// changedRows gives the rows of everything that shows changes, in a language.
func (o office) changedRows(t *testing.T, lang barometer.Lang) map[string][]barometer.Result {
	t.Helper()
	ctx := t.Context()
	rows := map[string][]barometer.Result{
		"results": allResults(t, o.server, client.ResultsOptions{ListOptions: client.ListOptions{Limit: 1000, Lang: lang}}),
		"weighed": allResults(t, o.server, client.ResultsOptions{
			ListOptions: client.ListOptions{Limit: 1000, Lang: lang}, AllowBreak: true, Weighting: barometer.WeightEqual,
		}),
	}
	for _, year := range []barometer.Year{2023, 9026} {
		rows["scorecard"] = append(rows["scorecard"], everyResult(must(o.Scorecard(ctx, year, norddjurs, client.ScorecardOptions{Lang: lang}))(t))...)
		rows["country"] = append(rows["country"], everyResult(must(o.CountryScorecard(ctx, year, client.ScorecardOptions{Lang: lang, AllowBreak: true}))(t))...)
	}
	for _, series := range must(o.Trend(ctx, norddjurs, client.TrendOptions{Lang: lang, Origin: barometer.OriginSynthetic}))(t).Series {
		rows["trend"] = append(rows["trend"], series.Points...)
	}
	return rows
}

// checkBreaks: the break of the four months stands between 2020 and 2023, that of our own between the two rounds.
func (o office) checkBreaks(t *testing.T) {
	t.Helper()
	for origin, want := range map[barometer.Origin]struct {
		requirement string
		from, to    barometer.Year
	}{barometer.OriginReal: {fourMonths, 2020, 2023}, barometer.OriginSynthetic: {"investigation_conducted", 9023, 9026}} {
		trend := must(o.Trend(t.Context(), norddjurs, client.TrendOptions{Origin: origin}))(t)
		found := 0
		for _, series := range trend.Series {
			if series.Requirement == nil {
				continue
			}
			isBroken := *series.Requirement == want.requirement
			if isBroken != (len(series.Breaks) == 1) || series.Breaks == nil {
				t.Errorf("%s: %+v", *series.Requirement, series.Breaks)
				continue
			}
			if !isBroken {
				continue
			}
			found++
			b := series.Breaks[0]
			if b.From != want.from || b.To != want.to || b.Comparability.Judgement != barometer.WithCaveat || *b.Comparability.Note == "" {
				t.Errorf("%+v", b)
			}
		}
		if found != 1 {
			t.Errorf("%s: %d series with the break", origin, found)
		}
	}
}
