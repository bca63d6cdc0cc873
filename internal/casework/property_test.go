package casework_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/boernesagsbarometer/barometer/internal/casework"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// parents are the preconditions of the requirements that the round asks, as the law has them.
var parents = map[string]string{fourMonths: conducted, childHeard: conducted, planStates: planMade}

// goesWith is the rule of preconditions once more: a child is judged only where its parent is met.
func goesWith(child, parent barometer.Assessment) bool {
	switch parent.Outcome {
	case "":
		return true // not entered yet
	case "met":
		return child.Reason != "precondition_not_met"
	case "met_by_exception":
		return child == assessment("not_applicable/not_required_by_law")
	}
	return child == assessment("not_applicable/precondition_not_met")
}

// drawAssessment draws what can be entered, such as goes with preconditions more often than not.
func drawAssessment(t *rapid.T) barometer.Assessment {
	return assessment(rapid.SampledFrom([]string{
		"met", "met", "met", "not_met", "not_met", "met_by_exception/urgency", "not_applicable/precondition_not_met",
		"not_applicable/precondition_not_met", "not_applicable/not_required_by_law", "not_applicable/not_yet_due",
		"not_assessable/documentation_missing",
	}).Draw(t, "outcome"))
}

// model is what a case must be after what was done to it.
type model struct {
	bench
	t       *rapid.T
	c       barometer.Case
	units   []int // notifications
	used    int   // the greatest number of one
	now     map[barometer.Cell]barometer.Assessment
	history map[barometer.Cell][]barometer.Assessment
}

// cells lists the cells of the form as it is now.
func (m *model) cells() (cells []barometer.Cell) {
	for _, code := range inOrder {
		if code != within24 {
			cells = append(cells, ofCase(code))
			continue
		}
		for _, n := range m.units {
			cells = append(cells, ofNotification(code, n))
		}
	}
	return cells
}

func (m *model) set(at barometer.Cell, to barometer.Assessment) {
	if m.now[at] == to {
		return
	}
	m.history[at] = append(m.history[at], to)
	if to.Outcome == "" {
		delete(m.now, at)
	} else {
		m.now[at] = to
	}
}

// expect compares what became of an attempt with what the rules say.
func (m *model) expect(err error, want barometer.Kind) (done bool) {
	if want == -1 && err != nil || want != -1 && (err == nil || barometer.KindOf(err) != want) {
		m.t.Fatalf("want kind %d, got %v", want, err)
	}
	return err == nil
}

func (m *model) putOutcome(t *rapid.T) {
	at, to := rapid.SampledFrom(m.cells()).Draw(t, "cell"), drawAssessment(t)
	in := outcome(string(to.Outcome))
	if to.Reason != "" {
		in.Reason = &to.Reason
	}
	in.Why = drawWhy(t)
	was, entered := m.now[at]
	want := barometer.Kind(-1)
	for child, parent := range parents {
		if a, judged := m.now[ofCase(child)]; parent == at.Requirement && judged && was != to && !goesWith(a, to) {
			want = barometer.State
		}
	}
	if was != to && (entered && in.Why == nil || !goesWith(to, m.now[ofCase(parents[at.Requirement])])) {
		want = barometer.Invalid
	}
	_, err := m.put(m.c.ID, at, in)
	if m.expect(err, want) {
		m.set(at, to)
	}
}

func drawWhy(t *rapid.T) *string {
	if rapid.IntRange(0, 4).Draw(t, "why") == 0 {
		return nil
	}
	return ptr("because")
}

func (m *model) deleteOutcome(t *rapid.T) {
	at, why := rapid.SampledFrom(m.cells()).Draw(t, "cell"), drawWhy(t)
	want := barometer.Kind(-1)
	if _, entered := m.now[at]; !entered {
		want = barometer.NotFound
	} else if why == nil {
		want = barometer.Invalid
	}
	if m.expect(m.remove(m.c.ID, at, why), want) {
		m.set(at, barometer.Assessment{})
	}
}

func (m *model) putWholeForm(t *rapid.T) {
	in := barometer.FormInput{Why: drawWhy(t)}
	next := map[barometer.Cell]barometer.Assessment{}
	for _, at := range rapid.Permutation(m.cells()).Draw(t, "cells") {
		f := barometer.FormOutcomeInput{Requirement: at.Requirement}
		if at.Number > 0 {
			f.Notification = &at.Number
		}
		to := m.now[at]
		switch rapid.IntRange(0, 5).Draw(t, "what") {
		case 0, 1:
			to = drawAssessment(t)
		case 2:
			to = barometer.Assessment{}
		case 3:
			continue // left out
		}
		if to.Outcome != "" {
			next[at], f.Outcome = to, &to.Outcome
		}
		if to.Reason != "" {
			f.Reason = &to.Reason
		}
		in.Outcomes = append(in.Outcomes, f)
	}
	want := barometer.Kind(-1)
	for _, at := range m.cells() {
		was, entered := m.now[at]
		if entered && was != next[at] && in.Why == nil {
			want = barometer.Invalid
		}
		if _, judged := next[at]; judged && !goesWith(next[at], next[ofCase(parents[at.Requirement])]) {
			want = barometer.Invalid
		}
	}
	_, err := m.putForm(m.c.ID, in)
	if m.expect(err, want) {
		for _, at := range m.cells() {
			m.set(at, next[at])
		}
	}
}

func (m *model) addNotification(*rapid.T) {
	var n barometer.Notification
	m.must(m.edit(m.c.ID, func(tx *store.Store, c barometer.Case) (err error) {
		n, err = casework.AddNotification(m.ctx, tx, m.cat, c)
		return err
	}))
	m.used++
	if n.Number != m.used {
		m.t.Fatalf("number %d after %d", n.Number, m.used-1)
	}
	m.units = append(m.units, n.Number)
}

func (m *model) removeNotification(t *rapid.T) {
	if len(m.units) == 0 {
		return
	}
	i := rapid.IntRange(0, len(m.units)-1).Draw(t, "notification")
	at := ofNotification(within24, m.units[i])
	m.must(m.edit(m.c.ID, func(tx *store.Store, c barometer.Case) error {
		return casework.RemoveNotification(m.ctx, tx, m.cat, c, m.units[i], ptr("because"))
	}))
	m.set(at, barometer.Assessment{})
	m.units = append(m.units[:i:i], m.units[i+1:]...)
}

// check holds what is stored against the model: nothing is lost, nothing is made up.
func (m *model) check() {
	stored := map[barometer.Cell]barometer.Assessment{}
	var cells []barometer.Cell
	for _, o := range m.form(m.store, m.c).Outcomes {
		at := ofCase(o.Requirement)
		if o.Notification != nil {
			at.Number = *o.Notification
		}
		cells = append(cells, at)
		if o.Outcome == nil {
			continue
		}
		a := barometer.Assessment{Outcome: *o.Outcome}
		if o.Reason != nil {
			a.Reason = *o.Reason
		}
		stored[at] = a
	}
	if diff := cmp.Diff(m.now, stored); diff != "" {
		m.t.Fatalf("-model +stored\n%s", diff)
	}
	if diff := cmp.Diff(m.cells(), cells); diff != "" {
		m.t.Fatalf("-model +stored\n%s", diff)
	}
	for child, parent := range parents {
		if a, judged := stored[ofCase(child)]; judged && !goesWith(a, stored[ofCase(parent)]) {
			m.t.Fatalf("%s is %v under %v", child, a, stored[ofCase(parent)])
		}
	}
}

// checkHistory holds the past of every outcome against the model.
func (m *model) checkHistory() {
	for at, want := range m.history {
		var got []barometer.Assessment
		for i, r := range m.revisions(m.c, at) {
			a := barometer.Assessment{}
			if r.Outcome != nil {
				a.Outcome = *r.Outcome
			}
			if r.Reason != nil {
				a.Reason = *r.Reason
			}
			if r.Revision != i+1 {
				m.t.Fatalf("%v: revision %d is called %d", at, i+1, r.Revision)
			}
			got = append(got, a)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			m.t.Fatalf("%v: -model +stored\n%s", at, diff)
		}
		if last := got[len(got)-1]; last != m.now[at] {
			m.t.Fatalf("%v: the last revision is %v, the outcome %v", at, last, m.now[at])
		}
	}
}

// TestWhateverIsDoneTheFormHolds: after any row of changes, refused ones among them, the form is what the rules make of
// it, and the past of every outcome is whole.
func TestWhateverIsDoneTheFormHolds(t *testing.T) {
	run(t, func(b bench) {
		rapid.Check(b.TB.(*testing.T), func(t *rapid.T) {
			m := &model{
				bench: b, t: t, units: []int{1}, used: 1,
				now: map[barometer.Cell]barometer.Assessment{}, history: map[barometer.Cell][]barometer.Assessment{},
			}
			m.c = b.newCase(1)
			for i := range rapid.IntRange(1, 12).Draw(t, "steps") {
				act := rapid.SampledFrom([]func(*rapid.T){
					m.putOutcome, m.putOutcome, m.putOutcome, m.putWholeForm, m.putWholeForm, m.deleteOutcome, m.addNotification, m.removeNotification,
				}).Draw(t, fmt.Sprint("step ", i))
				act(t)
				m.check()
			}
			m.checkHistory()
		})
	})
}
