package api_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// The expected figures of this file are those that the two municipalities printed in their memos.
var memoTests = map[string]func(*testing.T, server){
	"norddjurs requirements":   testNorddjursRequirements,
	"norddjurs caveat":         testNorddjursCaveat,
	"norddjurs candidates":     testNorddjursCandidates,
	"norddjurs themes":         testNorddjursThemes,
	"ishoej counts":            testIshoejCounts,
	"ishoej candidates":        testIshoejCandidates,
	"ishoej beside country":    testIshoejBesideCountry,
	"ishoej denominator":       testIshoejDenominator,
	"ishoej unknown":           testUnknownDenominator,
	"result as documented":     testResultAsDocumented,
	"municipal figures carry":  testMunicipalNotices,
	"strongest verdicts":       testStrongestVerdicts,
	"nothing said of percents": testNothingIsSaidOfPercents,
}

const (
	norddjurs  = "0707"
	ishoej     = "0183"
	fourMonths = "investigation_within_four_months"
)

func scorecard(t *testing.T, s server, round barometer.Year, municipality, baseline string) barometer.Scorecard {
	t.Helper()
	return must(s.Scorecard(t.Context(), round, municipality, client.ScorecardOptions{Baseline: baseline}))(t)
}

func countryScorecard(t *testing.T, s server, round barometer.Year, baseline string) barometer.Scorecard {
	t.Helper()
	return must(s.CountryScorecard(t.Context(), round, client.ScorecardOptions{Baseline: baseline}))(t)
}

// requirementsOf gives the results of a scorecard by requirement.
func requirementsOf(card barometer.Scorecard) map[string]barometer.Result {
	found := map[string]barometer.Result{}
	for _, theme := range card.Themes {
		for _, r := range theme.Requirements {
			found[*r.Requirement] = r
		}
	}
	return found
}

// everyResult gives all results of a scorecard.
func everyResult(card barometer.Scorecard) []barometer.Result {
	var all []barometer.Result
	for _, theme := range card.Themes {
		all = append(append(all, theme.Pooled, theme.MeanOfRequirements), theme.Requirements...)
	}
	return all
}

// line is what the Norddjurs memo has of a requirement; nil is its "–".
type line struct {
	Theme, Requirement  string
	In2020, In2023, Gap *int
}

func testNorddjursRequirements(t *testing.T, s server) {
	n := func(v int) *int { return &v }
	want := []line{
		{"professional_assessment", "investigation_conducted", n(29), n(69), n(40)},
		{"professional_assessment", fourMonths, n(0), n(25), n(25)},
		{"professional_assessment", "investigation_reasoned_position", n(100), n(100), n(0)},
		{"professional_assessment", "investigation_before_decision", n(100), n(67), n(-33)},
		{"involvement", "child_heard_in_investigation", n(50), n(100), n(50)},
		{"involvement", "parents_information_in_investigation", n(100), n(100), n(0)},
		{"involvement", "child_heard_before_decision", n(43), n(50), n(7)},
		{"involvement", "child_contact_within_three_months", nil, n(50), nil},
		{"choice_of_measure", "action_plan_made", n(93), n(88), n(-5)},
		{"choice_of_measure", "action_plan_states_measure", n(100), n(100), n(0)},
		{"follow_up", "follow_up_within_three_months", n(0), n(67), n(67)},
		{"follow_up", "follow_up_every_six_months", nil, nil, nil},
		{"follow_up", "personal_supervision", nil, nil, nil},
		{"notifications", "notification_assessed_within_24_hours", n(100), n(100), n(0)},
		{"notifications", "notification_acute_response", nil, nil, nil},
		{"notifications", "notification_reassessed", nil, n(0), nil},
	}
	card := scorecard(t, s, 2023, norddjurs, "")
	var got []line
	for _, theme := range card.Themes {
		for _, r := range theme.Requirements {
			got = append(got, line{theme.Theme, *r.Requirement, r.Baseline.Percent, r.Percent, r.Change.PercentagePoints})
			checkPercentOnly(t, r.Key+" 2023", r.Status, r.Met, r.Assessed, r.Percent)
			checkPercentOnly(t, r.Key+" 2020", r.Baseline.Status, r.Baseline.Met, r.Baseline.Assessed, r.Baseline.Percent)
			if r.Interval != nil || r.Proportion != nil || r.Change.Interval != nil {
				t.Errorf("%s: has an interval or a proportion, but no source has counts", r.Key)
			}
			if hasGap := r.Change.Difference != nil; hasGap != (r.Baseline.Percent != nil && r.Percent != nil) {
				t.Errorf("%s: difference %v, from %v to %v", r.Key, r.Change.Difference, r.Baseline.Percent, r.Percent)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the memo (-) and the scorecard (+):\n%s", diff)
	}
	if *card.Cases != 16 || *card.BaselineRound != 2020 || card.AreaName != "Norddjurs" || card.Release != 6 {
		t.Errorf("got %d cases, baseline %d, %s, release %d", *card.Cases, *card.BaselineRound, card.AreaName, card.Release)
	}
}

// checkPercentOnly holds a figure to what a memo without counts allows: a percent alone, or nothing and not 0 %.
func checkPercentOnly(t *testing.T, what string, status barometer.Status, met, assessed, percent *int) {
	t.Helper()
	want := barometer.NoFigure
	if percent != nil {
		want = barometer.PercentOnly
	}
	if status != want {
		t.Errorf("%s: status %s, want %s", what, status, want)
	}
	if met != nil || assessed != nil {
		t.Errorf("%s: has counts, which no source has", what)
	}
}

func testNorddjursCaveat(t *testing.T, s server) {
	results := requirementsOf(scorecard(t, s, 2023, norddjurs, ""))
	effect, note, author, source := "stricter", "Partshøringsmødet medregnes i fristen på 4 måneder.", "municipality", "ishoej-memo"
	want := barometer.Comparability{
		Judgement: barometer.WithCaveat, Reasons: []string{"practice_changed"}, Effect: &effect, Note: &note, JudgedBy: &author, Source: &source,
	}
	for code, r := range results {
		expected := barometer.Comparability{Judgement: barometer.NotJudged, Reasons: []string{}}
		if code == fourMonths {
			expected = want
		}
		if diff := cmp.Diff(expected, r.Change.Comparability); diff != "" {
			t.Errorf("%s: %s", code, diff)
		}
	}
	before, now := results[fourMonths].Baseline.Practice, results[fourMonths].Practice
	if *before != "party_hearing_outside" || *now != "party_hearing_inside" {
		t.Errorf("practice %s, then %s", *before, *now)
	}
}

func testNorddjursCandidates(t *testing.T, s server) {
	results := requirementsOf(scorecard(t, s, 2023, norddjurs, ""))
	want := []barometer.Share{{Met: 9, Assessed: 13}, {Met: 11, Assessed: 16}}
	if diff := cmp.Diff(want, results["investigation_conducted"].Candidates); diff != "" {
		t.Errorf("69 %% of at most 16 cases: %s", diff)
	}
	for code, r := range results {
		isCount := r.Percent != nil && *r.Unit == barometer.UnitCase
		if isCount != (r.Candidates != nil) {
			t.Errorf("%s: candidates %v", code, r.Candidates)
		}
		for _, c := range r.Candidates {
			if c.Assessed > 16 || (200*c.Met+c.Assessed)/(2*c.Assessed) != *r.Percent {
				t.Errorf("%s: %d/%d is not %d %% of at most 16", code, c.Met, c.Assessed, *r.Percent)
			}
		}
	}
}

// themeLine is what a theme's mean says: the memo's printed percents, averaged by hand.
type themeLine struct {
	Theme        string
	Mean, Change int
	LeftOut      []barometer.LeftOut
}

func testNorddjursThemes(t *testing.T, s server) {
	want := []themeLine{
		{"professional_assessment", 65, 8, []barometer.LeftOut{}},
		{"involvement", 75, 19, []barometer.LeftOut{{Requirement: "child_contact_within_three_months", Reason: "no_figure_before"}}},
		{"choice_of_measure", 94, -3, []barometer.LeftOut{}},
		{"follow_up", 67, 67, []barometer.LeftOut{
			{Requirement: "follow_up_every_six_months", Reason: "no_figure_in_both"}, {Requirement: "personal_supervision", Reason: "no_figure_in_both"},
		}},
		{"notifications", 50, 0, []barometer.LeftOut{
			{Requirement: "notification_acute_response", Reason: "no_figure_in_both"}, {Requirement: "notification_reassessed", Reason: "no_figure_before"},
		}},
	}
	var got []themeLine
	for _, theme := range scorecard(t, s, 2023, norddjurs, "").Themes {
		mean, pooled := theme.MeanOfRequirements, theme.Pooled
		got = append(got, themeLine{theme.Theme, *mean.Percent, *mean.Change.PercentagePoints, mean.Change.LeftOut})
		if mean.Status != barometer.PercentOnly || *mean.Basis != barometer.BasisPrintedPercent || *mean.Reliability != barometer.ReliabilityVeryLow {
			t.Errorf("%s: %s, basis %s, reliability %s", mean.Key, mean.Status, *mean.Basis, *mean.Reliability)
		}
		if mean.Interval != nil || mean.Met != nil || mean.Assessed != nil || mean.Candidates != nil || mean.Practice != nil || mean.RequirementsAsked != nil {
			t.Errorf("%s: has members that a mean of printed percents cannot have", mean.Key)
		}
		if pooled.Status != barometer.NoCounts || pooled.Percent != nil || pooled.Reliability != nil {
			t.Errorf("%s: %s with %v %%", pooled.Key, pooled.Status, pooled.Percent)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("by hand (-) and the scorecard (+):\n%s", diff)
	}
}

func testIshoejCounts(t *testing.T, s server) {
	results := requirementsOf(scorecard(t, s, 2023, ishoej, ""))
	for code, want := range map[string]struct{ met, assessed, percent int }{
		"investigation_conducted":       {10, 10, 100},
		fourMonths:                      {1, 6, 17},
		"child_heard_before_decision":   {3, 14, 21},
		"follow_up_within_three_months": {3, 5, 60},
	} {
		r := results[code]
		if r.Status != barometer.Measured || *r.Met != want.met || *r.Assessed != want.assessed || *r.Percent != want.percent ||
			*r.NotMet != want.assessed-want.met || *r.InSample != 15 || r.Candidates != nil {
			t.Errorf("%s: %+v, want %+v of 15", code, r, want)
		}
		wantRest := []barometer.NotAssessedCount{{Reason: barometer.NotRecorded, Count: 15 - want.assessed}}
		if diff := cmp.Diff(wantRest, r.NotAssessed); diff != "" {
			t.Errorf("%s: %s", code, diff)
		}
		if isSmall := strings.Contains(noticeCodes(r.Notices), "small_denominator"); isSmall != (want.assessed < 10) {
			t.Errorf("%s: notices %s with %d assessed", code, noticeCodes(r.Notices), want.assessed)
		}
	}
	// Wilson, 95 %, 1 of 6: 3.0 to 56.4 %.
	wilson := results[fourMonths].Interval
	if wilson == nil || wilson.Method != "wilson" || wilson.Confidence != 0.95 || int(1000*wilson.Lower+.5) != 30 || int(1000*wilson.Upper+.5) != 564 {
		t.Errorf("1 of 6: %+v, want 0.030 to 0.564", wilson)
	}
}

func testIshoejCandidates(t *testing.T, s server) {
	r := requirementsOf(scorecard(t, s, 2023, ishoej, ""))["action_plan_made"]
	if diff := cmp.Diff([]barometer.Share{{Met: 13, Assessed: 15}}, r.Candidates); diff != "" || r.Status != barometer.PercentOnly || *r.Percent != 87 {
		t.Errorf("87 %% of at most 15: %s %v %s", r.Status, r.Percent, diff)
	}
	if r.Met != nil || r.Assessed != nil || r.NotAssessed != nil || r.Interval != nil {
		t.Errorf("a percent alone has invented counts: %+v", r)
	}
}

func testIshoejBesideCountry(t *testing.T, s server) {
	source := "sm-2023"
	percent := 34
	want := &barometer.CountryFigure{Status: barometer.PercentOnly, Percent: &percent, Source: &source}
	results := requirementsOf(scorecard(t, s, 2023, ishoej, ""))
	if diff := cmp.Diff(want, results[fourMonths].Country); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(&barometer.CountryFigure{Status: barometer.NoFigure}, results["action_plan_made"].Country); diff != "" {
		t.Errorf("no source has the country's: %s", diff)
	}
}

func testIshoejDenominator(t *testing.T, s server) {
	n := func(v int) *int { return &v }
	yes := true
	want := barometer.Denominator{
		Key: "2023.0183." + fourMonths, Round: 2023, Area: ishoej, Requirement: fourMonths, Unit: barometer.UnitCase,
		InSample: n(15), Assessed: n(6), Met: n(1), NotMet: n(5), AddsUp: &yes, Text: "15 sager = 6 vurderede + 9 ikke oplyst.",
		NotAssessed: []barometer.DenominatorPart{{NotAssessedCount: barometer.NotAssessedCount{Reason: barometer.NotRecorded, Count: 9}}},
	}
	got := must(s.Denominator(t.Context(), 2023, ishoej, fourMonths))(t)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func testUnknownDenominator(t *testing.T, s server) {
	d := must(s.Denominator(t.Context(), 2023, ishoej, "action_plan_made"))(t)
	if d.Assessed != nil || d.NotAssessed != nil || d.AddsUp != nil || d.Withdrawn != nil || *d.InSample != 15 || d.Text == "" {
		t.Errorf("87 %% without counts: %+v", d)
	}
}

// documentedResult is the example of a result in the description of the interface, member by member and in its order;
// "…" stands for any text.
const documentedResult = `{"key": "2023.0183.investigation_within_four_months", "origin": "real", "round": 2023,
 "area_type": "municipality", "area": "0183", "area_name": "Ishøj", "level": "requirement", "theme": "professional_assessment",
 "theme_name": "Faglig udredning", "requirement": "investigation_within_four_months", "question": "Er 4 måneders fristen overholdt",
 "unit": "case", "case_type": null, "status": "measured", "met": 1, "met_by_exception": null, "not_met": 5, "assessed": 6, "in_sample": 15,
 "not_assessed": [{"outcome": null, "reason": "not_recorded", "count": 9}],
 "proportion": 0.16666666666666666, "percent": 17, "basis": "counts",
 "interval": {"confidence": 0.95, "method": "wilson", "lower": 0.03005336974830658, "upper": 0.5635028221864702, "lower_percent": 3, "upper_percent": 57},
 "figure_of": "sample", "interval_for": "practice", "weighting": null, "design_effect": null, "effective_n": 6,
 "reliability": "very_low", "notices": [{"code": "small_denominator", "text": "…"}, {"code": "not_generalisable", "text": "…"}],
 "practice": "party_hearing_inside", "source": "ishoej-memo", "candidates": null,
 "country": {"status": "percent_only", "met": null, "assessed": null, "percent": 34, "interval": null, "source": "sm-2023"},
 "baseline": {"round": 2020, "status": "no_figure", "met": null, "assessed": null, "percent": null, "interval": null, "practice": "party_hearing_outside", "source": null},
 "change": {"difference": null, "percentage_points": null, "basis": null, "percent_now": null, "percent_before": null, "displayed_differs": null, "interval": null, "correlation": null, "test": null,
            "verdict": "no_basis", "strongest_verdict": null, "sentence": "…", "case_mix": null, "panel_share": null, "left_out": [],
            "comparability": {"judgement": "with_caveat", "reasons": ["practice_changed"], "effect": "stricter", "note": "…", "judged_by": "municipality", "source": "ishoej-memo"}}}`

func testResultAsDocumented(t *testing.T, s server) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(documentedResult)); err != nil {
		t.Fatal(err)
	}
	pattern := strings.ReplaceAll(regexp.QuoteMeta(compact.String()), "…", `[^"]+`)
	for _, address := range []string{
		"/v1/results?round=2023&area=0183&requirement=" + fourMonths, "/v1/rounds/2023/municipalities/0183/scorecard",
	} {
		if body := s.get(t, address).body; !regexp.MustCompile(pattern).MatchString(body) {
			t.Errorf("%s has not the documented result:\n%s", address, compact.String())
		}
	}
}

func testMunicipalNotices(t *testing.T, s server) {
	for _, card := range []barometer.Scorecard{scorecard(t, s, 2023, norddjurs, ""), scorecard(t, s, 2023, ishoej, ""), scorecard(t, s, 2024, "0101", "")} {
		for _, r := range everyResult(card) {
			if !strings.Contains(noticeCodes(r.Notices), "not_generalisable") {
				t.Errorf("%s: notices %s", r.Key, noticeCodes(r.Notices))
			}
			for _, notice := range r.Notices {
				if notice.Text == "" {
					t.Errorf("%s: notice %s has no text", r.Key, notice.Code)
				}
			}
		}
	}
}

func noticeCodes(notices []barometer.Notice) string {
	codes := make([]string, len(notices))
	for i, n := range notices {
		codes[i] = n.Code
	}
	return strings.Join(codes, " ")
}
