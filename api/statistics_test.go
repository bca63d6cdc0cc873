package api_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// familyVector is the case of comparison_family.json, made with R: two rounds of one municipality.
type familyVector struct {
	Input struct {
		Requirements []struct {
			ID       string
			New, Old struct{ Met, Applicable int }
		}
	}
	Expected struct {
		FamilySize   int `json:"family_size"`
		Requirements []familyLine
	}
}

type familyLine struct {
	ID         string
	DeltaPP    *int `json:"delta_pp"`
	Difference *float64
	Lower      *float64
	Upper      *float64
	P          *float64
	PMidp      *float64 `json:"p_midp"`
	PAdjusted  *float64 `json:"p_adjusted"`
	Smallest   *float64 `json:"p_min_attainable_best_margin"`
	Verdict    barometer.Verdict
}

// familyCodes maps the requirements of the vector to those counted over cases, so that the preconditions hold. Its two
// that are counted over notifications stand as two others: notifications have no test.
var familyCodes = map[string]string{
	"bfu": "investigation_conducted", "deadline_4_months": fourMonths, "reasoned": "investigation_reasoned_position",
	"before_decision": "investigation_before_decision", "child_talk_in_assessment": "child_heard_in_investigation",
	"parents": "parents_information_in_investigation", "child_talk_before_decision": "child_heard_before_decision",
	"contact_3_months": "child_contact_within_three_months", "action_plan": "action_plan_made",
	"plan_states_measure": "action_plan_states_measure", "follow_up_3_months": "follow_up_within_three_months",
	"notification_24h": "follow_up_every_six_months", "reassessment": "personal_supervision",
}

func readFamily(t *testing.T) familyVector {
	t.Helper()
	data, err := os.ReadFile("../pkg/score/testdata/statistics/comparison_family.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []familyVector }
	if err := json.Unmarshal(data, &file); err != nil || len(file.Cases) != 1 {
		t.Fatal(len(file.Cases), err)
	}
	return file.Cases[0]
}

// familyRounds makes two rounds of Norddjurs with the counts of the vector: 14 cases, then 16.
func familyRounds(t *testing.T) (before, now sampled) {
	t.Helper()
	var codes []string
	var newer, older []barometer.Share
	for _, r := range readFamily(t).Input.Requirements {
		codes = append(codes, familyCodes[r.ID])
		newer = append(newer, barometer.Share{Met: r.New.Met, Assessed: r.New.Applicable})
		older = append(older, barometer.Share{Met: r.Old.Met, Assessed: r.Old.Applicable})
	}
	return sampled{year: 9023, requirements: codes, cases: map[string][]string{norddjurs: counted('P', 14, older)}},
		sampled{year: 9026, requirements: codes, cases: map[string][]string{norddjurs: counted('P', 16, newer)}}
}

// near is the tolerance of the vectors.
func near(got, want float64) bool { return math.Abs(got-want) <= 1e-12+1e-8*math.Abs(want) }

// TestComparisonFamily takes the counts of the vector from a file of outcomes to what is said of each change.
func TestComparisonFamily(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		before, now := familyRounds(t)
		o.publish(t, before, now)
		asked := client.ResultsOptions{Round: []barometer.Year{9026}, Area: []string{norddjurs}}
		rows := keyed(t, must(o.Results(t.Context(), asked))(t).Items)
		for _, want := range readFamily(t).Expected.Requirements {
			checkFamilyLine(t, rows["9026.0707."+familyCodes[want.ID]], want, readFamily(t).Expected.FamilySize)
		}
		for key, r := range rows {
			if v := r.Change.Verdict; v == nil || *v == barometer.Demonstrated || r.Change.StrongestVerdict != nil {
				t.Errorf("%s: %v", key, v)
			}
		}
		checkAcceptance(t, o.server, rows["9026.0707.investigation_conducted"])
		checkCaution(t, o.server, asked)
		checkFixedFamily(t, o.server, rows)
	})
}

func checkFamilyLine(t *testing.T, r barometer.Result, want familyLine, size int) {
	t.Helper()
	c := r.Change
	if *c.Verdict != want.Verdict {
		t.Errorf("%s: %s, want %s", r.Key, *c.Verdict, want.Verdict)
	}
	if want.P == nil {
		if c.Test != nil || c.Interval != nil || c.Difference != nil || c.PercentagePoints != nil {
			t.Errorf("%s: %+v, and nothing can be compared", r.Key, c)
		}
		return
	}
	for name, pair := range map[string][2]float64{
		"difference": {*c.Difference, *want.Difference}, "lower": {c.Interval.Lower, *want.Lower}, "upper": {c.Interval.Upper, *want.Upper},
		"p": {c.Test.PValue, *want.P}, "mid-p": {*c.Test.MidP, *want.PMidp}, "adjusted p": {c.Test.AdjustedP, *want.PAdjusted},
		"smallest p": {*c.Test.SmallestAttainableP, *want.Smallest},
	} {
		if !near(pair[0], pair[1]) {
			t.Errorf("%s: %s is %v, want %v", r.Key, name, pair[0], pair[1])
		}
	}
	if c.Test.Method != "fisher" || c.Test.FamilySize != size || *c.PercentagePoints != *want.DeltaPP || c.Correlation != nil {
		t.Errorf("%s: %+v, %d points, want %d points in a family of %d", r.Key, c.Test, *c.PercentagePoints, *want.DeltaPP, size)
	}
}

// checkAcceptance: 11 of 16 against 4 of 14 is +40 points, +4 to +65, p 0.066, and no more than a sign.
func checkAcceptance(t *testing.T, s server, r barometer.Result) {
	t.Helper()
	type said struct {
		Now, Before              barometer.Share
		Points, Lower, Upper     int
		P                        string
		Verdict                  barometer.Verdict
		DisplayedDiffers, IsFrom bool
	}
	now, _ := r.Share()
	got := said{
		now,
		barometer.Share{Met: *r.Baseline.Met, Assessed: *r.Baseline.Assessed},
		*r.Change.PercentagePoints,
		r.Change.Interval.LowerPercent, r.Change.Interval.UpperPercent, fmt.Sprintf("%.3f", r.Change.Test.PValue), *r.Change.Verdict,
		*r.Change.DisplayedDiffers, r.Baseline.Round == 9023,
	}
	want := said{barometer.Share{Met: 11, Assessed: 16}, barometer.Share{Met: 4, Assessed: 14}, 40, 4, 65, "0.066", barometer.Indicated, false, true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	card := must(s.Scorecard(t.Context(), 9026, norddjurs, client.ScorecardOptions{}))(t)
	if diff := cmp.Diff(r, requirementsOf(card)["investigation_conducted"]); diff != "" {
		t.Errorf("row (-) and scorecard (+): %s", diff)
	}
}

// checkCaution: every change that may be chance carries the sentence about chance, as the code list has it.
func checkCaution(t *testing.T, s server, asked client.ResultsOptions) {
	t.Helper()
	for lang, words := range map[barometer.Lang]string{barometer.Danish: "tilfældig", barometer.English: "chance"} {
		text := ""
		for _, code := range must(s.CodeList(t.Context(), "notices", client.ListOptions{Lang: lang}))(t).Items {
			if code.Code == "several_comparisons" {
				text = code.Description
			}
		}
		asked.Lang = lang
		asked.Verdict = []barometer.Verdict{barometer.Indicated}
		indicated := must(s.Results(t.Context(), asked))(t).Items
		if len(indicated) < 3 || text == "" {
			t.Errorf("%d indicated, of 3 and their themes; caution %q", len(indicated), text)
		}
		for _, r := range indicated {
			if !hasNotice(r.Notices, "several_comparisons", text) || !strings.Contains(r.Change.Sentence, words) {
				t.Errorf("%s: %+v %q", r.Key, r.Notices, r.Change.Sentence)
			}
		}
	}
}

func hasNotice(notices []barometer.Notice, code, text string) bool {
	for _, n := range notices {
		if n.Code == code && n.Text == text {
			return true
		}
	}
	return false
}

// checkFixedFamily: whatever is filtered, paged or asked for, a change is tested in the same family.
func checkFixedFamily(t *testing.T, s server, whole map[string]barometer.Result) {
	t.Helper()
	round := []barometer.Year{9026}
	for name, asked := range map[string]client.ResultsOptions{
		"one requirement": {Requirement: []string{"investigation_conducted"}}, "a theme": {Theme: []string{"involvement"}},
		"a level": {Level: barometer.LevelRequirement}, "pages of 1": {ListOptions: client.ListOptions{Limit: 1}},
		"a verdict": {Verdict: []barometer.Verdict{barometer.Indicated}}, "a threshold": {PercentBelow: 70},
		"a status": {Status: []barometer.Status{barometer.Measured}}, "across breaks": {AllowBreak: true},
		"a breakdown": {Breakdown: "case_type"}, "a weighting": {Weighting: barometer.WeightEqual},
	} {
		asked.Round = round
		seen := 0
		for _, r := range allResults(t, s, asked) {
			if r.Area != norddjurs || r.Requirement == nil || r.CaseType != nil {
				continue
			}
			seen++
			if diff := cmp.Diff(whole[r.Key].Change.Test, r.Change.Test); diff != "" {
				t.Errorf("%s: %s: %s", name, r.Key, diff)
			}
		}
		if seen == 0 {
			t.Errorf("%s: nothing was looked at", name)
		}
	}
	trend := must(s.Trend(t.Context(), norddjurs, client.TrendOptions{Origin: barometer.OriginSynthetic}))(t)
	for _, series := range trend.Series {
		if last := series.Points[len(series.Points)-1]; *last.Round == 9026 {
			if diff := cmp.Diff(whole[last.Key].Change, last.Change); diff != "" {
				t.Errorf("trend: %s: %s", last.Key, diff)
			}
		}
	}
}
