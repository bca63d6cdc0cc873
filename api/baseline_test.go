package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

var baselineTests = map[string]func(*testing.T, server){
	"baseline of the country":    testCountryBaselines,
	"baseline of a municipality": testMunicipalBaselines,
	"baseline asked for":         testExplicitBaselines,
	"baseline refused":           testRefusedBaselines,
	"comparability":              testComparability,
	"participation not recorded": testParticipationUnknown,
	"every municipality":         testEveryScorecard,
}

// yearOf writes a round that may be missing.
func yearOf(y *barometer.Year) string {
	if y == nil {
		return "none"
	}
	return fmt.Sprint(*y)
}

// checkBaseline holds a scorecard to one baseline on the card and on every figure of it.
func checkBaseline(t *testing.T, card barometer.Scorecard, want string) {
	t.Helper()
	if got := yearOf(card.BaselineRound); got != want {
		t.Errorf("%s %d: baseline %s, want %s", card.Area, card.Round, got, want)
	}
	for _, r := range everyResult(card) {
		switch {
		case want == "none" && (r.Baseline != nil || r.Change != nil):
			t.Errorf("%s: has a baseline or a change", r.Key)
		case want != "none" && (r.Baseline == nil || r.Change == nil || fmt.Sprint(r.Baseline.Round) != want):
			t.Errorf("%s: baseline %+v, want %s", r.Key, r.Baseline, want)
		}
	}
}

// The same municipalities are drawn every third year, so the country is compared with the round three years earlier;
// 2019 was a pilot and no annual round.
func testCountryBaselines(t *testing.T, s server) {
	for round, want := range map[barometer.Year]string{2019: "none", 2020: "2019", 2021: "2020", 2022: "2021", 2023: "2020", 2024: "2021"} {
		card := countryScorecard(t, s, round, "")
		checkBaseline(t, card, want)
		for _, r := range everyResult(card) {
			if r.Country != nil || r.Change != nil && r.Change.PanelShare != nil {
				t.Errorf("%s: has a country beside it, or a panel share though participants are not all known", r.Key)
			}
		}
	}
}

func testMunicipalBaselines(t *testing.T, s server) {
	for _, tc := range []struct {
		municipality string
		round        barometer.Year
		want         string
	}{
		{norddjurs, 2023, "2020"},
		{norddjurs, 2020, "none"},
		{norddjurs, 2024, "2023"},
		{ishoej, 2023, "2020"},
		{ishoej, 2022, "2020"},
		{"0400", 2022, "none"},
		{"0400", 2023, "2022"},
		{"0101", 2024, "none"},
	} {
		checkBaseline(t, scorecard(t, s, tc.round, tc.municipality, ""), tc.want)
	}
}

func testExplicitBaselines(t *testing.T, s server) {
	checkBaseline(t, scorecard(t, s, 2023, norddjurs, "none"), "none")
	checkBaseline(t, countryScorecard(t, s, 2024, "none"), "none")
	checkBaseline(t, countryScorecard(t, s, 2024, "2019"), "2019")
	standard := scorecard(t, s, 2023, norddjurs, "")
	for _, same := range []string{"2020", "previous"} {
		if diff := cmp.Diff(standard, scorecard(t, s, 2023, norddjurs, same)); diff != "" {
			t.Errorf("baseline=%s differs from the default:\n%s", same, diff)
		}
	}
}

func testRefusedBaselines(t *testing.T, s server) {
	for _, tc := range []struct {
		area     string
		round    barometer.Year
		baseline string
		status   int
		says     string
	}{
		{norddjurs, 2023, "2021", http.StatusNotFound, "2020"},
		{norddjurs, 2023, "1999", http.StatusNotFound, "2020"},
		{"0101", 2023, "2020", http.StatusNotFound, "none"},
		{"dk", 2023, "2018", http.StatusNotFound, "2019, 2020, 2021, 2022"},
		{norddjurs, 2023, "2024", http.StatusBadRequest, "not before"},
		{norddjurs, 2023, "2023", http.StatusBadRequest, "not before"},
		{norddjurs, 2023, "9026", http.StatusBadRequest, "synthetic"},
		{norddjurs, 2023, "last", http.StatusBadRequest, "previous, none"},
		{norddjurs, 2023, "20200", http.StatusBadRequest, "previous, none"},
		{norddjurs, 2023, "-2020", http.StatusBadRequest, "previous, none"},
		{norddjurs, 2023, "٢٠٢٠", http.StatusBadRequest, "previous, none"},
	} {
		o := client.ScorecardOptions{Baseline: tc.baseline}
		card, err := s.Scorecard(t.Context(), tc.round, tc.area, o)
		if tc.area == barometer.Country {
			card, err = s.CountryScorecard(t.Context(), tc.round, o)
		}
		failure := problemOf(t, card, err)
		if failure.Status != tc.status || !strings.Contains(failure.Error(), tc.says) {
			t.Errorf("baseline=%s: %v, want %d naming %q", tc.baseline, failure, tc.status, tc.says)
		}
		named := slices.ContainsFunc(failure.Problem.Errors, func(f barometer.FieldError) bool { return f.Parameter == "baseline" })
		if named != (tc.status == http.StatusBadRequest) {
			t.Errorf("baseline=%s: parameters %+v", tc.baseline, failure.Problem.Errors)
		}
	}
}

// A judgement of exactly these two rounds decides; otherwise the worst break between them; otherwise nobody has judged.
func testComparability(t *testing.T, s server) {
	for _, tc := range []struct {
		round             barometer.Year
		baseline          string
		requirement       string
		judgement, points string
	}{
		{2024, "2021", fourMonths, "comparable", "-10"}, // although the practice changed in 2023
		{2024, "2021", "child_heard_before_decision", "comparable", "4"},
		{2024, "2021", "follow_up_within_three_months", "not_comparable", "none"},
		{2024, "2020", fourMonths, "with_caveat", "16"},
		{2024, "2023", fourMonths, "not_judged", "16"},
		{2023, "2020", fourMonths, "with_caveat", "0"},
		{2023, "2019", "child_heard_before_decision", "not_judged", "5"},
		{2021, "2020", fourMonths, "not_judged", "26"},
		{2020, "2019", "action_plan_made", "not_comparable", "none"}, // 79 % and 77 % of different questions
		{2020, "2019", "investigation_conducted", "not_judged", "2"},
		{2024, "2019", "action_plan_made", "not_comparable", "none"},
	} {
		change := requirementsOf(countryScorecard(t, s, tc.round, tc.baseline))[tc.requirement].Change
		points := "none"
		if change.PercentagePoints != nil {
			points = fmt.Sprint(*change.PercentagePoints)
		}
		if string(change.Comparability.Judgement) != tc.judgement || points != tc.points {
			t.Errorf("%d against %s, %s: %s, %s points; want %s, %s", tc.round, tc.baseline, tc.requirement,
				change.Comparability.Judgement, points, tc.judgement, tc.points)
		}
		if tc.points == "none" && (change.Difference != nil || change.Interval != nil || change.Basis != nil) {
			t.Errorf("%d against %s, %s: a difference that must not be: %+v", tc.round, tc.baseline, tc.requirement, change)
		}
	}
	plan := themeOf(countryScorecard(t, s, 2020, "2019"), "choice_of_measure").MeanOfRequirements.Change
	want := []barometer.LeftOut{{Requirement: "action_plan_made", Reason: "not_comparable"}, {Requirement: "action_plan_states_measure", Reason: "no_figure_before"}}
	if diff := cmp.Diff(want, plan.LeftOut); diff != "" || plan.Difference != nil {
		t.Errorf("theme on an action plan that is not comparable: %v %s", plan.Difference, diff)
	}
}

func themeOf(card barometer.Scorecard, theme string) barometer.ScorecardTheme {
	return card.Themes[slices.IndexFunc(card.Themes, func(x barometer.ScorecardTheme) bool { return x.Theme == theme })]
}

func testParticipationUnknown(t *testing.T, s server) {
	for _, round := range []barometer.Year{2019, 2020, 2021, 2022, 2023, 2024} {
		card := scorecard(t, s, round, "0101", "")
		if card.Cases != nil || noticeCodes(card.Notices) != "participation_unknown not_generalisable" {
			t.Errorf("%d: cases %v, notices %s", round, card.Cases, noticeCodes(card.Notices))
		}
		for _, r := range everyResult(card) {
			if r.Status != barometer.NoFigure || r.Percent != nil || r.Reliability != nil || !strings.Contains(noticeCodes(r.Notices), "participation_unknown") {
				t.Errorf("%s: %s %v, notices %s", r.Key, r.Status, r.Percent, noticeCodes(r.Notices))
			}
		}
	}
	if card := scorecard(t, s, 2020, ishoej, ""); noticeCodes(card.Notices) != "not_generalisable" || card.Cases != nil {
		t.Errorf("Ishøj 2020 is recorded without figures: notices %s, cases %v", noticeCodes(card.Notices), card.Cases)
	}
}

// testEveryScorecard reads a scorecard of each municipality in the rounds with and without most of them: always 200, with
// the 16 requirements of the law in 5 themes.
func testEveryScorecard(t *testing.T, s server) {
	all := must(s.Municipalities(t.Context(), client.MunicipalitiesOptions{}))(t).Items
	if len(all) != 98 {
		t.Errorf("%d municipalities, want 98", len(all))
	}
	for _, round := range []barometer.Year{2022, 2024} {
		for _, m := range all {
			card := scorecard(t, s, round, m.Code, "")
			if len(card.Themes) != 5 || len(requirementsOf(card)) != 16 {
				t.Errorf("%s %d: %d themes, %d requirements", m.Code, round, len(card.Themes), len(requirementsOf(card)))
			}
		}
	}
}
