package barometer_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// example is the result that the design shows: every member, in this order.
const example = `{"key": "2023.0183.investigation_within_four_months", "origin": "real", "round": 2023,
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

func decode(t *testing.T, text string) barometer.Result {
	t.Helper()
	var r barometer.Result
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

func encode(t *testing.T, r barometer.Result) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func compact(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(text)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// members gives the names of an object's members, in order.
func members(t *testing.T, text string) []string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	var names []string
	for depth, isName := 0, false; ; {
		token, err := d.Token()
		if err != nil {
			return names
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
			isName = depth == 1
			continue
		case json.Delim('}'), json.Delim(']'):
			depth--
			isName = depth == 1
			continue
		}
		if depth != 1 {
			continue
		}
		if isName {
			names = append(names, token.(string))
		}
		isName = !isName
	}
}

func TestResultReadsAsDocumented(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(compact(t, example), encode(t, decode(t, example))); diff != "" {
		t.Errorf("-documented +written\n%s", diff)
	}
	// An empty one has the same members: what is unknown is null, never absent.
	want := members(t, example)
	if len(want) != 37 {
		t.Fatalf("%d members: %v", len(want), want)
	}
	if diff := cmp.Diff(want, members(t, encode(t, barometer.Result{}))); diff != "" {
		t.Error(diff)
	}
}

func TestPeriodHasRoundsAndCasesAndNoSample(t *testing.T) {
	t.Parallel()
	r := decode(t, example)
	r.Round, r.Rounds, r.Cases = nil, []barometer.Year{2020, 2021, 2022}, ptr(2153)
	text := encode(t, r)
	want := members(t, example)
	want = slices.DeleteFunc(want, func(name string) bool { return name == "in_sample" })
	want = slices.Insert(want, slices.Index(want, "round")+1, "rounds")
	want = slices.Insert(want, slices.Index(want, "assessed")+1, "cases")
	if diff := cmp.Diff(want, members(t, text)); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(text, `"round":null,"rounds":[2020,2021,2022]`) || !strings.Contains(text, `"cases":2153`) {
		t.Error(text)
	}
	r.InSample = nil // it is not written
	if diff := cmp.Diff(r, decode(t, text)); diff != "" {
		t.Error(diff)
	}
	// The same by pointer and within another value.
	byPointer, err := json.Marshal([]*barometer.Result{&r})
	if err != nil || strings.Contains(string(byPointer), "in_sample") {
		t.Errorf("%s, %v", byPointer, err)
	}
}

func TestThemeSaysHowItWasMade(t *testing.T) {
	t.Parallel()
	r := decode(t, example)
	r.Level, r.Requirement, r.Unit = barometer.LevelTheme, nil, nil
	r.ThemeBasis = &barometer.ThemeBasis{Method: barometer.MeanOfRequirements, RequirementsUsed: 0}
	text := encode(t, r)
	if !strings.Contains(text, `"method":"mean_of_requirements","requirements_used":0,"requirements_asked":null`) || !strings.Contains(text, `"requirement":null`) {
		t.Error(text)
	}
	if diff := cmp.Diff(r, decode(t, text)); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"method", "requirements_used", "requirements_asked", "rounds", "cases"} {
		if slices.Contains(members(t, encode(t, decode(t, example))), name) {
			t.Errorf("a requirement's result has %s", name)
		}
	}
}

func TestResultsComeBackAsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := barometer.Result{
			Key: rapid.String().Draw(rt, "key"), AreaName: rapid.String().Draw(rt, "name"), Status: barometer.Measured,
			Met: rapid.Ptr(rapid.Int(), true).Draw(rt, "met"), Assessed: rapid.Ptr(rapid.Int(), true).Draw(rt, "assessed"),
			Proportion: rapid.Ptr(rapid.Float64Range(0, 1), true).Draw(rt, "proportion"),
			Question:   rapid.Ptr(rapid.String(), true).Draw(rt, "question"),
			Candidates: rapid.SampledFrom([][]barometer.Share{nil, {}, {{Met: 9, Assessed: 13}, {Met: 11, Assessed: 16}}}).Draw(rt, "candidates"),
			NotAssessed: rapid.SampledFrom([][]barometer.NotAssessedCount{
				nil, {}, {{Outcome: ptr(barometer.NotApplicable), Reason: barometer.NotYetDue, Count: 2}, {Reason: barometer.NotRecorded, Count: 1}},
			}).Draw(rt, "not assessed"),
			Notices: []barometer.Notice{{Code: "synthetic", Text: "<&>"}},
		}
		switch rapid.IntRange(0, 2).Draw(rt, "sort") {
		case 0:
			r.Round, r.InSample = ptr(barometer.Year(2023)), ptr(15)
		case 1:
			r.Rounds, r.Cases = []barometer.Year{2020, 2021}, ptr(7)
		case 2:
			r.ThemeBasis = &barometer.ThemeBasis{Method: barometer.Pooled, RequirementsUsed: 1, RequirementsAsked: ptr(2)}
		}
		text := encode(t, r)
		if diff := cmp.Diff(r, decode(t, text)); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// compared is a change with everything that can be said of one: 11 of 16 after 4 of 14.
const compared = `{"difference": 0.4017857142857143, "percentage_points": 40, "basis": "counts", "percent_now": 69, "percent_before": 29, "displayed_differs": false,
 "interval": {"confidence": 0.95, "method": "newcombe", "lower": 0.045028861558481, "upper": 0.641751040353113, "lower_percent": 4, "upper_percent": 65},
 "correlation": null,
 "test": {"method": "fisher", "p_value": 0.0655954788343702, "mid_p": 0.0374080245738844, "smallest_attainable_p": 6.87650670708677e-9,
          "adjusted_p": 0.27936507936508, "family_size": 11},
 "verdict": "indicated", "strongest_verdict": null, "sentence": "…",
 "case_mix": {"now": {"placements": 7, "cases": 16, "percent": 44}, "before": {"placements": 2, "cases": 14, "percent": 14}, "differs": false},
 "panel_share": null, "left_out": [{"requirement": "action_plan_made", "reason": "no_figure_before"}],
 "comparability": {"judgement": "not_comparable", "reasons": [], "effect": null, "note": null, "judged_by": null, "source": null}, "break_allowed": true}`

func TestChangeReadsAsDocumented(t *testing.T) {
	t.Parallel()
	var change barometer.Change
	d := json.NewDecoder(strings.NewReader(compared))
	d.DisallowUnknownFields()
	if err := d.Decode(&change); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(change)
	if diff := cmp.Diff(compact(t, compared), string(data)); diff != "" || err != nil {
		t.Errorf("-documented +written, %v\n%s", err, diff)
	}
}

// What is missing is counted where it was asked for, even if nothing is; elsewhere there is no such member.
func TestPageOfResultsCountsWhatIsMissing(t *testing.T) {
	t.Parallel()
	page := barometer.ResultPage{Page: barometer.Page[barometer.Result]{Items: []barometer.Result{}}}
	for want, counted := range map[string][]barometer.StatusCount{
		`{"items":[],"next_cursor":null}`:                                                     nil,
		`{"items":[],"next_cursor":null,"without_figure":[]}`:                                 {},
		`{"items":[],"next_cursor":null,"without_figure":[{"status":"no_figure","count":2}]}`: {{Status: barometer.NoFigure, Count: 2}},
	} {
		page.WithoutFigure = counted
		data, err := json.Marshal(page)
		if string(data) != want || err != nil {
			t.Errorf("%s, %v, want %s", data, err, want)
		}
		var back barometer.ResultPage
		if err := json.Unmarshal(data, &back); err != nil || !cmp.Equal(page, back) {
			t.Errorf("%+v, %v, want %+v", back, err, page)
		}
	}
}

func TestShareNeedsBothCounts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		met, assessed *int
		want          barometer.Share
		known         bool
	}{
		{nil, nil, barometer.Share{}, false},
		{ptr(1), nil, barometer.Share{}, false},
		{nil, ptr(330), barometer.Share{}, false},
		{ptr(0), ptr(6), barometer.Share{Met: 0, Assessed: 6}, true},
	} {
		got, known := barometer.Result{Met: test.met, Assessed: test.assessed}.Share()
		if got != test.want || known != test.known {
			t.Errorf("%v of %v: %v, %v", test.met, test.assessed, got, known)
		}
	}
	if (barometer.Result{}).HasFigure() || !(barometer.Result{Percent: ptr(0)}).HasFigure() {
		t.Error("a true 0 % is a figure, none is none")
	}
}

func TestSmallRules(t *testing.T) {
	t.Parallel()
	for year, want := range map[barometer.Year]barometer.Origin{2023: "real", 8999: "real", 9000: "synthetic", 9026: "synthetic"} {
		if got := year.Origin(); got != want {
			t.Errorf("%d: %s", year, got)
		}
	}
	if barometer.AreaTypeOf("dk") != barometer.AreaCountry || barometer.AreaTypeOf("0707") != barometer.AreaMunicipality {
		t.Error("area types")
	}
	for _, test := range []struct {
		participants *int
		recorded     int
		want         bool
	}{{nil, 0, false}, {ptr(37), 2, false}, {ptr(37), 37, true}} {
		if got := (barometer.Round{Participants: test.participants, ParticipantsRecorded: test.recorded}).AllParticipantsKnown(); got != test.want {
			t.Errorf("%v: %v", test, got)
		}
	}
}
