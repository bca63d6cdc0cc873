package barometer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// asked is a list with a precondition over cases for children over both units, and one over notifications.
func asked() []barometer.Requirement {
	requirement := func(code string, unit barometer.Unit, precondition string) barometer.Requirement {
		q := barometer.Requirement{Code: code, Unit: unit}
		if precondition != "" {
			q.Precondition = &precondition
		}
		return q
	}
	return []barometer.Requirement{
		requirement("plan", barometer.UnitCase, ""),
		requirement("goals", barometer.UnitCase, "plan"),
		requirement("early", barometer.UnitNotification, "plan"),
		requirement("assessed", barometer.UnitNotification, ""),
		requirement("reassessed", barometer.UnitNotification, "assessed"),
		requirement("orphan", barometer.UnitCase, "not_asked"),
	}
}

func TestPreconditionsAreOfTheSameUnitOrOfTheCase(t *testing.T) {
	t.Parallel()
	type cell = barometer.Cell
	for _, tt := range []struct {
		child, parent cell
		none          bool
	}{
		{child: cell{"goals", 0}, parent: cell{"plan", 0}},
		{child: cell{"early", 3}, parent: cell{"plan", 0}},
		{child: cell{"reassessed", 3}, parent: cell{"assessed", 3}},
		{child: cell{"plan", 0}, none: true},
		{child: cell{"orphan", 0}, none: true},
		{child: cell{"unknown", 0}, none: true},
	} {
		parent, ok := barometer.PreconditionOf(asked(), tt.child)
		if ok == tt.none || parent != tt.parent {
			t.Errorf("%v: %v, %v", tt.child, parent, ok)
		}
	}
}

func TestConflictsWithPreconditionsAreAllFoundInOrder(t *testing.T) {
	t.Parallel()
	type cell = barometer.Cell
	met, notMet := barometer.Assessment{Outcome: barometer.Met}, barometer.Assessment{Outcome: barometer.NotMet}
	notJudged := barometer.Assessment{Outcome: barometer.NotApplicable, Reason: barometer.PreconditionNotMet}
	judged := map[cell]barometer.Assessment{
		{"plan", 0}: notMet, {"goals", 0}: met, {"early", 2}: notMet, {"early", 1}: met, {"early", 3}: notJudged,
		{"assessed", 1}: met, {"reassessed", 1}: notMet, // goes with it
		{"assessed", 2}: met, {"reassessed", 2}: notJudged,
		{"reassessed", 3}: met, // its parent is not entered
		{"orphan", 0}:     met,
	}
	var got [][2]cell
	for _, c := range barometer.CheckPreconditions(asked(), judged) {
		got = append(got, [2]cell{c.Child, c.Parent})
		under := strings.Replace(judged[c.Child].CheckUnder(judged[c.Parent].Outcome), "its precondition is", "its precondition "+c.Parent.Requirement+" is", 1)
		if want := c.Child.Requirement + " is " + string(judged[c.Child].Outcome) + ", but " + under; c.Detail != want || c.Wrong != under {
			t.Error(c.Detail)
		}
	}
	want := [][2]cell{
		{{"goals", 0}, {"plan", 0}}, {{"early", 1}, {"plan", 0}}, {{"early", 2}, {"plan", 0}}, {{"reassessed", 2}, {"assessed", 2}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if found := barometer.CheckPreconditions(asked(), nil); found != nil {
		t.Error(found)
	}
}
