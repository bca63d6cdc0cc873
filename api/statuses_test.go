package api_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// extremes are two rounds at the edges: nobody assessed, one case, all or none met, too few to be shown by case type,
// requirements that only one of the two asks, and notifications.
func extremes() []sampled {
	one := []string{"investigation_conducted", fourMonths, "child_heard_before_decision", "action_plan_made"}
	other := []string{"investigation_conducted", fourMonths, "child_heard_before_decision", "follow_up_within_three_months"}
	return []sampled{
		{year: 9023, requirements: one, cases: map[string][]string{
			norddjurs: {"P NXXM", "F NXXM"}, ishoej: {"P MMXN"}, "0710": {"W MMXM", "F MNXM", "F EXXM", "F MMXM", "F MMXM", "P MMXN", "P MMXN", "P MMXN", "P MMXN", "P MMXN"},
		}, more: "0183,S0000,placement,notification_assessed_within_24_hours,1,met,\n"},
		{year: 9026, requirements: other, cases: map[string][]string{
			norddjurs: {"P MXMN", "F MXMN", "F MXMN"}, ishoej: {"F NXXN"}, "0101": {"F XXXX"},
		}, more: "0707,S0000,placement,notification_assessed_within_24_hours,1,met,\n0707,S0000,placement,notification_assessed_within_24_hours,2,not_met,\n" +
			"0707,S0001,family_treatment,notification_assessed_within_24_hours,1,met,\n"},
	}
}

// TestEveryStatus goes through everything that gives figures, and looks at every row: what is missing has a status that
// says why, and nothing that could be taken for 0.
func TestEveryStatus(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		o.publish(t, extremes()...)
		seen := map[string]bool{}
		for name, rows := range o.everyRow(t) {
			for _, r := range rows {
				if wrong := honest(r); wrong != "" {
					t.Errorf("%s: %s: %s: %s", name, r.Key, r.Status, wrong)
				}
				seen[fmt.Sprint(name, " ", r.Level, " ", r.Status)] = true
				if r.Baseline != nil {
					seen[fmt.Sprint(name, " baseline ", r.Baseline.Status)] = true
				}
			}
		}
		for _, want := range []string{
			"results requirement measured", "results requirement none_assessed", "results requirement percent_only", "results requirement no_figure",
			"results theme measured", "results theme none_assessed", "results theme percent_only", "results theme no_figure", "results theme no_counts",
			"results baseline not_asked", "results baseline none_assessed", "results baseline percent_only",
			"weighed requirement measured", "weighed requirement none_assessed", "weighed requirement no_counts", "weighed theme no_counts",
			"broken down requirement withheld", "broken down requirement none_assessed", "broken down requirement no_figure",
			"absent requirement not_participating", "absent theme not_participating", "unknown requirement no_figure", "unknown theme no_figure",
			"pooled requirement measured", "pooled requirement none_assessed", "pooled theme measured",
			"trend requirement none_assessed", "trend theme no_counts", "trend requirement percent_only",
		} {
			if !seen[want] {
				t.Errorf("no row is %s", want)
			}
		}
		o.checkDistributions(t)
	})
}

// everyRow gives all rows of all that gives rows, by what made them.
func (o office) everyRow(t *testing.T) map[string][]barometer.Result {
	t.Helper()
	ctx, pooled := t.Context(), []barometer.Year{9023, 9026}
	list := client.ListOptions{Limit: 1000}
	rows := map[string][]barometer.Result{
		"results":            allResults(t, o.server, client.ResultsOptions{ListOptions: list}),
		"weighed":            allResults(t, o.server, client.ResultsOptions{ListOptions: list, AreaType: barometer.AreaCountry, Weighting: barometer.WeightEqual}),
		"broken down":        allResults(t, o.server, client.ResultsOptions{ListOptions: list, Breakdown: "case_type"}),
		"pooled":             allResults(t, o.server, client.ResultsOptions{ListOptions: list, Rounds: pooled}),
		"pooled and weighed": allResults(t, o.server, client.ResultsOptions{ListOptions: list, Rounds: pooled, Weighting: barometer.WeightEqual}),
		"period":             allResults(t, o.server, client.ResultsOptions{Rounds: []barometer.Year{2020, 2021, 2022}}),
		"period, weighed":    allResults(t, o.server, client.ResultsOptions{Rounds: []barometer.Year{2020, 2021, 2022}, Weighting: barometer.WeightEqual}),
		"absent":             everyResult(scorecard(t, o.server, 9026, "0751", "")),
		"unknown":            everyResult(scorecard(t, o.server, 2024, "0751", "")),
	}
	rows["absent, broken down"] = everyResult(must(o.Scorecard(ctx, 9026, "0751", client.ScorecardOptions{Breakdown: "case_type"}))(t))
	for _, origin := range []barometer.Origin{barometer.OriginReal, barometer.OriginSynthetic} {
		for _, weighting := range []barometer.Weighting{barometer.WeightCases, barometer.WeightEqual} {
			trend := must(o.CountryTrend(ctx, client.TrendOptions{Origin: origin, Weighting: weighting}))(t)
			for _, series := range trend.Series {
				rows["trend"] = append(rows["trend"], series.Points...)
			}
		}
		for _, code := range []string{norddjurs, ishoej, "0101", "0710", "0751"} {
			for _, series := range must(o.Trend(ctx, code, client.TrendOptions{Origin: origin}))(t).Series {
				rows["trend"] = append(rows["trend"], series.Points...)
			}
		}
	}
	return rows
}

// honest says what is wrong with a row, "" where nothing is.
func honest(r barometer.Result) string {
	numbers := r.Status == barometer.Measured || r.Status == barometer.PercentOnly
	empty := r.Status == barometer.NoneAssessed && (r.Assessed == nil || *r.Assessed == 0) && (r.Met == nil || *r.Met == 0)
	switch {
	case numbers != (r.Percent != nil):
		return "a percent, or none, against its status"
	case !numbers && (r.Proportion != nil || r.Interval != nil || r.DesignEffect != nil || r.EffectiveN != nil || r.Basis != nil || r.Candidates != nil):
		return "a number without a figure"
	case !numbers && !empty && (r.Met != nil || r.Assessed != nil || r.NotMet != nil):
		return "counts without a figure"
	case !numbers && r.Reliability != nil && *r.Reliability != barometer.ReliabilityNone:
		return "reliability without a figure"
	case r.Status == barometer.Measured && r.Proportion == nil, r.Interval != nil && r.EffectiveN == nil:
		return "a measured figure without its proportion, or an interval without what it rests on"
	case r.Interval != nil && (*r.Proportion < r.Interval.Lower || *r.Proportion > r.Interval.Upper || r.Interval.Lower < 0 || r.Interval.Upper > 1):
		return "an interval that leaves out the figure, or more than all"
	case r.Change == nil:
		return ""
	}
	return honestChange(r, numbers)
}

func honestChange(r barometer.Result, numbers bool) string {
	c, before := r.Change, r.Baseline.Status == barometer.Measured || r.Baseline.Status == barometer.PercentOnly
	undecided := []barometer.Verdict{barometer.NoBasis, barometer.CountsUnknown}
	switch {
	case before != (r.Baseline.Percent != nil):
		return "a baseline's percent, or none, against its status"
	case c.Difference != nil && (!numbers || !before):
		return "a difference from nothing"
	case (c.Difference == nil) != (c.PercentagePoints == nil), (c.Difference == nil) != (c.DisplayedDiffers == nil), (c.Difference == nil) != (c.Basis == nil):
		return "half a difference"
	case c.Difference == nil && (c.Interval != nil || c.Test != nil || c.StrongestVerdict != nil):
		return "certainty without a difference"
	case c.Verdict == nil && (c.Comparability.Judgement != barometer.NotComparable || c.Difference != nil):
		return "no verdict, and nothing that says why"
	case c.Verdict != nil && c.Difference == nil && !slices.Contains(undecided, *c.Verdict):
		return "a verdict without a difference"
	case c.Sentence == "":
		return "a change without a sentence"
	case (c.StrongestVerdict != nil) && *c.Verdict != barometer.CountsUnknown:
		return "a strongest verdict beside a verdict"
	}
	return ""
}

// checkDistributions: every participant is there, in the order of the codes, and those without a percent are counted.
func (o office) checkDistributions(t *testing.T) {
	t.Helper()
	for _, year := range []barometer.Year{2020, 2022, 2023, 9023, 9026} {
		var codes []string
		for _, p := range must(o.Participations(t.Context(), year, client.ListOptions{}))(t).Items {
			codes = append(codes, p.Municipality)
		}
		for _, asked := range must(o.RoundRequirements(t.Context(), year, client.ListOptions{}))(t).Items {
			d := must(o.Distribution(t.Context(), year, asked.Requirement, ""))(t)
			var got []string
			missing, counted := map[barometer.Status]int{}, map[barometer.Status]int{}
			for _, m := range d.Municipalities {
				got = append(got, m.Municipality)
				if m.Percent == nil {
					missing[m.Status]++
				}
				if m.Percent == nil && (m.Position != nil || m.Shrunken != nil || m.TailLow != nil || m.Proportion != nil || m.Interval != nil) {
					t.Errorf("%s has no figure, and a place: %+v", m.Key, m)
				}
			}
			for _, c := range d.WithoutFigure {
				counted[c.Status] = c.Count
			}
			if diff := cmp.Diff(missing, counted); diff != "" || !slices.Equal(codes, got) {
				t.Errorf("%d %s: %v, want %v; %s", year, asked.Requirement, got, codes, diff)
			}
		}
	}
}
