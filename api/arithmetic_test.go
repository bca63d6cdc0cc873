package api_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// repeated writes cases of a type, some of which met the one requirement.
func repeated(caseType byte, met, assessed int) []string {
	return counted(caseType, assessed, []barometer.Share{{Met: met, Assessed: assessed}})
}

// ofOneRequirement are two rounds with cells large enough to be shown: 9023 with Norddjurs and Ishøj, 9026 with Norddjurs
// and København.
func ofOneRequirement() []sampled {
	asked := []string{"investigation_conducted"}
	return []sampled{
		{year: 9023, requirements: asked, cases: map[string][]string{
			norddjurs: slices.Concat(repeated('F', 7, 10), repeated('P', 3, 6), repeated('W', 1, 5)),
			ishoej:    slices.Concat(repeated('F', 2, 8), repeated('P', 5, 5), repeated('W', 4, 5)),
		}},
		{year: 9026, requirements: asked, cases: map[string][]string{
			norddjurs: repeated('F', 5, 12), "0101": repeated('P', 9, 10),
		}},
	}
}

// sum is a figure by hand.
type sum struct {
	Met, Assessed, Percent int
	Proportion             float64
}

func sumOf(r barometer.Result) sum {
	s := sum{Percent: *r.Percent, Proportion: math.Round(*r.Proportion*1e9) / 1e9}
	if r.Met != nil {
		s.Met, s.Assessed = *r.Met, *r.Assessed
	}
	return s
}

func byHand(met, assessed, percent int, proportion float64) sum {
	return sum{met, assessed, percent, math.Round(proportion*1e9) / 1e9}
}

// TestByHand holds what is broken down, weighed and pooled against arithmetic on paper.
func TestByHand(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		o.publish(t, ofOneRequirement()...)
		t.Run("breakdown", func(t *testing.T) { checkBreakdown(t, o.server) })
		t.Run("weighting", func(t *testing.T) { checkWeighting(t, o.server) })
		t.Run("pooled", func(t *testing.T) { checkPooled(t, o.server) })
		t.Run("pooled and weighed", func(t *testing.T) { checkPooledWeighed(t, o.server) })
		t.Run("refused", func(t *testing.T) { checkNotPooled(t, o.server) })
	})
}

func checkBreakdown(t *testing.T, s server) {
	asked := client.ResultsOptions{Round: []barometer.Year{9023}, Level: barometer.LevelRequirement, Breakdown: "case_type"}
	var order []string
	got := map[string]sum{}
	for _, r := range allResults(t, s, asked) {
		order = append(order, strings.TrimPrefix(r.Key, "9023."))
		got[strings.TrimPrefix(r.Key, "9023.")] = sumOf(r)
		if isPart := strings.Count(r.Key, ".") == 3; isPart != (r.CaseType != nil) || isPart && (r.Baseline != nil || r.Change != nil) {
			t.Errorf("%s: case type %v, %+v", r.Key, r.CaseType, r.Change)
		}
	}
	want := map[string]sum{
		"0707.investigation_conducted":                           byHand(11, 21, 52, 11.0/21),
		"0707.investigation_conducted.family_treatment":          byHand(7, 10, 70, 0.7),
		"0707.investigation_conducted.placement":                 byHand(4, 11, 36, 4.0/11),
		"0707.investigation_conducted.placement_without_consent": byHand(1, 5, 20, 0.2),
		"0183.investigation_conducted":                           byHand(11, 18, 61, 11.0/18),
		"0183.investigation_conducted.family_treatment":          byHand(2, 8, 25, 0.25),
		"0183.investigation_conducted.placement":                 byHand(9, 10, 90, 0.9),
		"0183.investigation_conducted.placement_without_consent": byHand(4, 5, 80, 0.8),
		"dk.investigation_conducted":                             byHand(22, 39, 56, 22.0/39),
		"dk.investigation_conducted.family_treatment":            byHand(9, 18, 50, 0.5),
		"dk.investigation_conducted.placement":                   byHand(13, 21, 62, 13.0/21),
		"dk.investigation_conducted.placement_without_consent":   byHand(5, 10, 50, 0.5),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	inOrder := []string{}
	for _, area := range []string{"0183", "0707", "dk"} {
		for _, rest := range []string{"", ".family_treatment", ".placement", ".placement_without_consent"} {
			inOrder = append(inOrder, area+".investigation_conducted"+rest)
		}
	}
	if diff := cmp.Diff(inOrder, order); diff != "" {
		t.Error(diff)
	}
	checkBrokenDownCards(t, s, want)
}

// checkBrokenDownCards: a scorecard has the same rows, after their totals.
func checkBrokenDownCards(t *testing.T, s server, want map[string]sum) {
	t.Helper()
	asked := client.ScorecardOptions{Breakdown: "case_type"}
	own := must(s.Scorecard(t.Context(), 9023, norddjurs, asked))(t)
	country := must(s.CountryScorecard(t.Context(), 9023, asked))(t)
	for _, card := range []barometer.Scorecard{own, country} {
		rows := card.Themes[0].Requirements
		if len(rows) != 4 || rows[0].CaseType != nil {
			t.Fatalf("%d rows", len(rows))
		}
		for _, r := range rows {
			if diff := cmp.Diff(want[strings.TrimPrefix(r.Key, "9023.")], sumOf(r)); diff != "" {
				t.Errorf("%s: %s", r.Key, diff)
			}
		}
	}
}

func checkWeighting(t *testing.T, s server) {
	equal, mean := barometer.WeightEqual, (11.0/21+11.0/18)/2
	asked := client.ResultsOptions{Round: []barometer.Year{9023}, Weighting: equal}
	standard := keyed(t, allResults(t, s, client.ResultsOptions{Round: []barometer.Year{9023}}))
	for _, r := range allResults(t, s, asked) {
		if r.Area != barometer.Country {
			if diff := cmp.Diff(standard[r.Key], r); diff != "" {
				t.Errorf("%s is weighed: %s", r.Key, diff)
			}
			continue
		}
		if r.Requirement == nil && r.Theme != "professional_assessment" {
			continue
		}
		got, was := sumOf(r), standard[r.Key]
		if got.Percent != 57 || math.Abs(*r.Proportion-mean) > 1e-12 || *r.Weighting != equal || *was.Weighting != barometer.WeightCases || *was.Percent != 56 {
			t.Errorf("%s: %+v %v, was %d %%", r.Key, got, r.Weighting, *was.Percent)
		}
	}
	card := must(s.CountryScorecard(t.Context(), 9023, client.ScorecardOptions{Weighting: equal}))(t)
	trend := must(s.CountryTrend(t.Context(), client.TrendOptions{Weighting: equal, Origin: barometer.OriginSynthetic}))(t)
	for _, r := range []barometer.Result{card.Themes[0].Requirements[0], card.Themes[0].Pooled, trend.Series[0].Points[0], trend.Series[2].Points[0]} {
		if math.Abs(*r.Proportion-mean) > 1e-12 || *r.Weighting != equal {
			t.Errorf("%s: %v", r.Key, *r.Proportion)
		}
	}
	// 9026: (5/12 + 9/10)/2 less (11/21 + 11/18)/2.
	change := requirementsOf(must(s.CountryScorecard(t.Context(), 9026, client.ScorecardOptions{Weighting: equal}))(t))["investigation_conducted"].Change
	if want := (5.0/12+0.9)/2 - mean; math.Abs(*change.Difference-want) > 1e-12 || *change.PercentagePoints != 9 {
		t.Errorf("difference %v, want %v", *change.Difference, want)
	}
}

func checkPooled(t *testing.T, s server) {
	rounds := []barometer.Year{9023, 9026}
	got := map[string]sum{}
	for _, r := range allResults(t, s, client.ResultsOptions{Rounds: []barometer.Year{9026, 9023}, Level: barometer.LevelRequirement}) {
		got[r.Key] = sumOf(r)
		if r.Round != nil || !slices.Equal(r.Rounds, rounds) || r.InSample != nil || *r.Cases != *r.Assessed || r.Change != nil || r.Baseline != nil {
			t.Errorf("%+v", r)
		}
		if r.Area == norddjurs {
			lower, upper := wilsonOf(barometer.Share{Met: 16, Assessed: 33})
			if math.Abs(r.Interval.Lower-lower) > 1e-9 || math.Abs(r.Interval.Upper-upper) > 1e-9 || *r.Reliability != barometer.ReliabilityLow {
				t.Errorf("%+v, want %v to %v", r.Interval, lower, upper)
			}
		}
	}
	want := map[string]sum{
		"9023+9026.0101.investigation_conducted": byHand(9, 10, 90, 0.9),
		"9023+9026.0183.investigation_conducted": byHand(11, 18, 61, 11.0/18),
		"9023+9026.0707.investigation_conducted": byHand(16, 33, 48, 16.0/33),
		"9023+9026.dk.investigation_conducted":   byHand(36, 61, 59, 36.0/61),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// checkPooledWeighed: a municipality that took part twice is still one of three.
func checkPooledWeighed(t *testing.T, s server) {
	found := allResults(t, s, client.ResultsOptions{
		Rounds: []barometer.Year{9023, 9026}, AreaType: barometer.AreaCountry, Level: barometer.LevelRequirement, Weighting: barometer.WeightEqual,
	})
	if want := (16.0/33 + 11.0/18 + 0.9) / 3; len(found) != 1 || math.Abs(*found[0].Proportion-want) > 1e-12 || *found[0].Percent != 67 {
		t.Errorf("%+v, want %v", found, want)
	}
}

// checkNotPooled: what was made up is never pooled with what was found, nor what was printed with anything.
func checkNotPooled(t *testing.T, s server) {
	for query, code := range map[string]string{
		"2023,9023": "unknown_value", "9023,2023": "unknown_value", "2020,2021,2022,9023": "unknown_value", "2023,2024": "unknown_value", "9023": "out_of_range", "9023,9023": "out_of_range",
		"9023,9027": "unknown_value", "9023,": "unknown_value", "9023,,9026": "unknown_value",
	} {
		checkFields(t, s, "/v1/results?rounds="+query, 400, "rounds "+code)
	}
}
