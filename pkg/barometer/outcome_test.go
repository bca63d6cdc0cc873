package barometer_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// reasonsOf is the table of outcomes and reasons, written out apart from the code.
var reasonsOf = map[barometer.Outcome][]barometer.Reason{
	"met":              {""},
	"met_by_exception": {"maturity_of_child", "nature_of_case", "heard_immediately_before", "urgency", "other_lawful_reason"},
	"not_met":          {""},
	"not_applicable":   {"precondition_not_met", "not_required_by_law", "not_yet_due", "outside_legal_period", "case_type_out_of_scope"},
	"not_assessable":   {"documentation_missing"},
}

var everyReason = []barometer.Reason{
	"", "maturity_of_child", "nature_of_case", "heard_immediately_before", "urgency", "other_lawful_reason", "precondition_not_met",
	"not_required_by_law", "not_yet_due", "outside_legal_period", "case_type_out_of_scope", "documentation_missing", "not_recorded", "because",
}

func TestEachOutcomeTakesItsReasons(t *testing.T) {
	t.Parallel()
	if got := barometer.Outcomes(); len(got) != len(reasonsOf) {
		t.Errorf("%d outcomes; want %d", len(got), len(reasonsOf))
	}
	for outcome, takes := range reasonsOf {
		if !outcome.Known() || !slices.Contains(barometer.Outcomes(), outcome) {
			t.Errorf("%s is not known", outcome)
		}
		for _, reason := range everyReason {
			problem := outcome.CheckReason(reason)
			if allowed := slices.Contains(takes, reason); allowed != (problem == "") {
				t.Errorf("%s because %q: %q", outcome, reason, problem)
			}
		}
		var listed []barometer.Reason
		for _, r := range takes {
			if r != "" {
				listed = append(listed, r)
			}
		}
		if got := outcome.Reasons(); !slices.Equal(got, listed) {
			t.Errorf("%s: reasons %v, want %v", outcome, got, listed)
		}
	}
	for _, unknown := range []barometer.Outcome{"", "maybe", "MET"} {
		if unknown.Known() {
			t.Errorf("%q is known", unknown)
		}
	}
	barometer.MetByException.Reasons()[0] = "spoilt"
	if barometer.MetByException.Reasons()[0] != barometer.MaturityOfChild {
		t.Error("the list of reasons can be changed from outside")
	}
}

func TestReasonProblemsSayWhatIsAllowed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		outcome barometer.Outcome
		reason  barometer.Reason
		want    string
	}{
		{"met", "urgency", "met takes no reason; leave it empty"},
		{"not_assessable", "", "not_assessable requires a reason; allowed: documentation_missing"},
		{
			"not_applicable", "0101901234",
			"this reason does not go with not_applicable; allowed: precondition_not_met, not_required_by_law, not_yet_due, outside_legal_period, case_type_out_of_scope",
		},
	} {
		if diff := cmp.Diff(test.want, test.outcome.CheckReason(test.reason)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestOutcomesCountAsTheDomainSays(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[barometer.Outcome][2]bool{
		"met": {true, true}, "met_by_exception": {true, true}, "not_met": {false, true}, "not_applicable": {}, "not_assessable": {}, "": {},
	} {
		if got := [2]bool{outcome.CountsAsMet(), outcome.Assessed()}; got != want {
			t.Errorf("%s: met, assessed: %v, want %v", outcome, got, want)
		}
	}
}

// Preconditions, every outcome of the parent with every assessment of the child: only under `met` is the child judged;
// under `met_by_exception` the law does not require it; under any other outcome the precondition is not met.
func TestChildFollowsItsPrecondition(t *testing.T) {
	t.Parallel()
	for _, parent := range barometer.Outcomes() {
		for child, reasons := range reasonsOf {
			for _, reason := range reasons {
				a := barometer.Assessment{Outcome: child, Reason: reason}
				var allowed bool
				switch parent {
				case "met":
					allowed = a != barometer.Assessment{Outcome: "not_applicable", Reason: "precondition_not_met"}
				case "met_by_exception":
					allowed = a == barometer.Assessment{Outcome: "not_applicable", Reason: "not_required_by_law"}
				case "not_met", "not_applicable", "not_assessable":
					allowed = a == barometer.Assessment{Outcome: "not_applicable", Reason: "precondition_not_met"}
				}
				if problem := a.CheckUnder(parent); allowed != (problem == "") {
					t.Errorf("%+v under %s: %q", a, parent, problem)
				}
			}
		}
	}
	problem := barometer.Assessment{Outcome: barometer.Met}.CheckUnder(barometer.MetByException)
	if want := "its precondition is met_by_exception, so it must be not_applicable with reason not_required_by_law"; problem != want {
		t.Errorf("%q", problem)
	}
}
