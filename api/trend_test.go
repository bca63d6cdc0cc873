package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// The country's trend has the percents that the status memoranda print for the four months, and rounds without one stay
// without; a municipality's latest point is what its scorecard says.
func TestTrends(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		series := func(trend barometer.Trend, requirement string) barometer.TrendSeries {
			for _, s := range trend.Series {
				if s.Requirement != nil && *s.Requirement == requirement {
					return s
				}
			}
			t.Fatalf("no series of %s", requirement)
			return barometer.TrendSeries{}
		}
		own := must(o.Trend(t.Context(), norddjurs, client.TrendOptions{}))(t)
		card := scorecard(t, o.server, 2023, norddjurs, "")
		if diff := cmp.Diff([]barometer.Year{2020, 2023}, own.Rounds); diff != "" {
			t.Error(diff)
		}
		for _, r := range everyResult(card) {
			if r.Requirement == nil {
				continue
			}
			points := series(own, *r.Requirement).Points
			if diff := cmp.Diff(r, points[len(points)-1]); diff != "" {
				t.Errorf("the latest point is not the scorecard's: %s", diff)
			}
		}
		whole := must(o.CountryTrend(t.Context(), client.TrendOptions{}))(t)
		percents := map[barometer.Year]int{}
		for i, p := range series(whole, fourMonths).Points {
			if p.Percent != nil {
				percents[*p.Round] = *p.Percent
			}
			if (i == 0) != (p.Baseline == nil) || i > 0 && p.Baseline.Round != whole.Rounds[i-1] {
				t.Errorf("%d is compared with %+v", *p.Round, p.Baseline)
			}
		}
		if diff := cmp.Diff(map[barometer.Year]int{2020: 34, 2021: 60, 2023: 34, 2024: 50}, percents); diff != "" {
			t.Error(diff)
		}
		if none := must(o.Trend(t.Context(), norddjurs, client.TrendOptions{Origin: barometer.OriginSynthetic}))(t); len(none.Series) != 0 {
			t.Errorf("%d synthetic series", len(none.Series))
		}
	})
}

// Across a break there is no difference unless it is asked for, and then it is marked, wherever a change is shown.
func TestAllowBreak(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		lead, ctx := o.as(t, barometer.RoleLead), t.Context()
		since := barometer.Year(2023)
		must(lead.CreateJudgement(ctx, barometer.JudgementInput{
			Kind: barometer.Break, Requirement: "child_heard_before_decision", SinceRound: &since, JudgementPatch: barometer.JudgementPatch{
				Judgement: barometer.NotComparable, Reason: "practice_changed", JudgedBy: "publisher", NoteDa: "Praksis er ændret.", NoteEn: "The practice has changed.", Source: "norddjurs-memo",
			},
		}))(t)
		find := func(allow bool) []barometer.Result {
			card := must(o.Scorecard(ctx, 2023, norddjurs, client.ScorecardOptions{AllowBreak: allow}))(t)
			rows := must(o.Results(ctx, client.ResultsOptions{Round: []barometer.Year{2023}, Area: []string{norddjurs}, AllowBreak: allow}))(t).Items
			trend := must(o.Trend(ctx, norddjurs, client.TrendOptions{AllowBreak: allow}))(t)
			for _, s := range trend.Series {
				rows = append(rows, s.Points[len(s.Points)-1])
			}
			return append(rows, everyResult(card)...)
		}
		changes := func(allow bool) (given, withheld int) {
			for _, r := range find(allow) {
				if r.Requirement == nil || *r.Requirement != "child_heard_before_decision" {
					continue
				}
				if r.Change.Comparability.Judgement != barometer.NotComparable || r.Change.BreakAllowed != (r.Change.PercentagePoints != nil) {
					t.Errorf("%+v", r.Change)
				}
				if r.Change.PercentagePoints == nil {
					withheld++
				} else {
					given++
				}
			}
			return given, withheld
		}
		reason := "Ny vurdering"
		done := must(lead.CreateTransition(ctx, 2023, barometer.TransitionInput{To: barometer.Published, Reason: &reason}))(t)
		if done.Value.Release == nil {
			t.Fatalf("%+v", done)
		}
		if given, withheld := changes(false); given != 0 || withheld != 3 {
			t.Errorf("%d given, %d withheld", given, withheld)
		}
		if given, withheld := changes(true); given != 3 || withheld != 0 {
			t.Errorf("asked for: %d given, %d withheld", given, withheld)
		}
	})
}
