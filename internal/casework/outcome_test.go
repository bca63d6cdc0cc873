package casework_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/casework"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func TestAnOutcomeIsEnteredChangedAndRemoved(t *testing.T) {
	run(t, func(b bench) {
		c := b.newCase(1)
		at := ofNotification(within24, 1)
		read := func() (barometer.OutcomeRecord, error) { return casework.Outcome(b.ctx, b.store, b.cat, c, at) }
		_, err := read()
		b.refused(err, barometer.NotFound)
		_, err = casework.Revisions(b.ctx, b.store, b.cat, c, at)
		b.refused(err, barometer.NotFound)

		in := outcome("met_by_exception/urgency")
		in.Note, in.Why = ptr("see page 4"), ptr("not needed yet")
		first, err := b.put(c.ID, at, in)
		b.must(err)
		want := barometer.OutcomeRecord{
			FormOutcome: barometer.FormOutcome{
				Requirement: within24, Notification: ptr(1), Outcome: ptr(barometer.MetByException), Reason: ptr(barometer.Urgency), Note: ptr("see page 4"),
			},
			Revision: 1, Entry: barometer.Entry{EnteredAt: first.EnteredAt, EnteredBy: "anna2222", EnteredRole: barometer.RoleAuditor},
		}
		if diff := cmp.Diff(want, first); diff != "" {
			b.Error(diff)
		}

		// The same outcome is no revision, whatever becomes of the note; without one it stays, and an empty one removes it.
		in.Note, in.Why = nil, nil
		for _, note := range []struct{ put, want *string }{{nil, ptr("see page 4")}, {ptr("page 5"), ptr("page 5")}, {ptr(""), nil}, {ptr("page 6"), ptr("page 6")}} {
			in.Note = note.put
			got, err := b.put(c.ID, at, in)
			b.must(err)
			want.Note = note.want
			if diff := cmp.Diff(want, got); diff != "" {
				b.Error(diff)
			}
		}

		_, err = b.put(c.ID, at, outcome("not_met"))
		b.refused(err, barometer.Invalid, "/why required")
		in = outcome("not_met")
		in.Why = ptr("a mistake")
		second, err := b.put(c.ID, at, in)
		b.must(err)
		if second.Revision != 2 || *second.Why != "a mistake" || second.Reason != nil || *second.Note != "page 6" {
			b.Errorf("%+v", second)
		}
		stored, err := read()
		b.must(err)
		if diff := cmp.Diff(second, stored); diff != "" {
			b.Error(diff)
		}

		b.refused(b.remove(c.ID, at, nil), barometer.Invalid, "why required")
		b.refused(b.remove(c.ID, at, ptr("of 010203-1234")), barometer.Invalid, "why personal_number")
		b.must(b.remove(c.ID, at, ptr("the wrong case")))
		b.refused(b.remove(c.ID, at, ptr("the wrong case")), barometer.NotFound)
		_, err = read()
		b.refused(err, barometer.NotFound)

		_, err = b.put(c.ID, at, outcome("met"))
		b.must(err)
		again, err := read()
		b.must(err)
		if again.Revision != 4 || again.Note != nil {
			b.Errorf("after its removal it is %+v", again)
		}
		var history []string
		for i, r := range b.revisions(c, at) {
			if r.Revision != i+1 {
				b.Errorf("revision %d is called %d", i+1, r.Revision)
			}
			text := "removed"
			if r.Outcome != nil {
				text = string(*r.Outcome)
			}
			history = append(history, text)
		}
		if diff := cmp.Diff([]string{"met_by_exception", "not_met", "removed", "met"}, history); diff != "" {
			b.Error(diff)
		}
	})
}

func TestWhatTheFormDoesNotHaveIsNotFound(t *testing.T) {
	run(t, func(b bench) {
		c := b.newCase(1)
		for _, at := range []barometer.Cell{
			ofCase("no_such_requirement"), ofCase("010203-1234"), ofCase("\x00"), ofCase(""), ofCase(notAsked), ofCase(within24),
			ofNotification(conducted, 1), ofNotification(within24, 2), ofNotification(within24, -1),
		} {
			_, err := casework.Outcome(b.ctx, b.store, b.cat, c, at)
			e := b.refused(err, barometer.NotFound)
			if strings.Contains(e.Message, "1234") {
				b.Errorf("it is repeated: %s", e.Message)
			}
			_, err = b.put(c.ID, at, outcome("met"))
			b.refused(err, barometer.NotFound)
			b.refused(b.remove(c.ID, at, ptr("x")), barometer.NotFound)
			_, err = casework.Revisions(b.ctx, b.store, b.cat, c, at)
			b.refused(err, barometer.NotFound)
		}
	})
}

func TestAllThatIsWrongWithAnOutcomeIsReportedAtOnce(t *testing.T) {
	run(t, func(b bench) {
		c := b.newCase(0)
		b.enter(c, ofCase(conducted), "met_by_exception/urgency")
		b.enter(c, ofCase(planMade), "met")
		in := outcome("met/urgency")
		in.Note, in.Why = ptr("of 010203-1234"), ptr(strings.Repeat("x", 281))
		_, err := b.put(c.ID, ofCase(planStates), in)
		b.refused(err, barometer.Invalid, "/reason wrong_reason", "/note personal_number", "/why too_long")
		_, err = b.put(c.ID, ofCase(fourMonths), in)
		b.refused(err, barometer.Invalid, "/reason wrong_reason", "/note personal_number", "/why too_long", "/outcome precondition")
		_, err = b.put(c.ID, ofCase(planMade), outcome("fulfilled"))
		b.refused(err, barometer.Invalid, "/outcome unknown_value", "/why required")
		_, err = b.put(c.ID, ofCase(planMade), outcome("not_applicable/not_recorded"))
		b.refused(err, barometer.Invalid, "/reason wrong_reason", "/why required")

		b.withdraw(c)
		_, err = b.put(c.ID, ofCase(planMade), outcome("met")) // also what is no change
		b.refused(err, barometer.State)
		b.refused(b.remove(c.ID, ofCase(planMade), ptr("x")), barometer.State)
		_, err = b.putForm(c.ID, barometer.FormInput{})
		b.refused(err, barometer.State)
	})
}

// The table is DESIGN's: a child is judged only where its precondition is met.
func TestPreconditionsHoldBothWays(t *testing.T) {
	tests := []struct{ parent, child, conflicting string }{
		{"met", "met", "not_applicable/precondition_not_met"},
		{"met", "not_applicable/not_required_by_law", "not_applicable/precondition_not_met"},
		{"met_by_exception/urgency", "not_applicable/not_required_by_law", "met"},
		{"met_by_exception/urgency", "not_applicable/not_required_by_law", "not_applicable/precondition_not_met"},
		{"not_met", "not_applicable/precondition_not_met", "not_met"},
		{"not_met", "not_applicable/precondition_not_met", "not_applicable/not_required_by_law"},
		{"not_applicable/not_yet_due", "not_applicable/precondition_not_met", "met_by_exception/urgency"},
		{"not_assessable/documentation_missing", "not_applicable/precondition_not_met", "not_assessable/documentation_missing"},
	}
	run(t, func(b bench) {
		for _, tt := range tests {
			put := func(c barometer.Case, requirement, text string) error {
				in := outcome(text)
				in.Why = ptr("x")
				_, err := b.put(c.ID, ofCase(requirement), in)
				return err
			}
			c := b.newCase(0) // the parent first
			b.must(put(c, conducted, tt.parent))
			b.refused(put(c, childHeard, tt.conflicting), barometer.Invalid, "/outcome precondition")
			b.must(put(c, childHeard, tt.child))

			c = b.newCase(0) // the children first, which is allowed until the parent is entered
			b.must(put(c, fourMonths, tt.conflicting))
			b.must(put(c, childHeard, tt.conflicting))
			b.must(put(c, planMade, "met")) // has nothing to do with it
			e := b.refused(put(c, conducted, tt.parent), barometer.State, "/outcome precondition", "/outcome precondition")
			for i, child := range []string{fourMonths, childHeard} {
				if !strings.Contains(e.Message, child) || !strings.Contains(e.Fields[i].Detail, child) {
					b.Errorf("%s is not named: %s", child, e.Message)
				}
			}
		}

		// A judged child keeps its parent from being changed to not met.
		c := b.newCase(0)
		b.enter(c, ofCase(conducted), "met")
		b.enter(c, ofCase(fourMonths), "not_met")
		in := outcome("not_met")
		in.Why = ptr("mistyped")
		_, err := b.put(c.ID, ofCase(conducted), in)
		e := b.refused(err, barometer.State, "/outcome precondition")
		if !strings.Contains(e.Message, fourMonths) || strings.Contains(e.Message, childHeard) {
			b.Error(e.Message)
		}
		// Both at once are the way.
		_, err = b.putForm(c.ID, barometer.FormInput{
			Why: ptr("mistyped"), Outcomes: []barometer.FormOutcomeInput{cell(conducted, "not_met"), cell(fourMonths, "not_applicable/precondition_not_met")},
		})
		b.must(err)
		b.must(b.remove(c.ID, ofCase(conducted), ptr("x"))) // not entered is for the checks before publication
	})
}

func TestAScopedStoreGivesNoNotes(t *testing.T) {
	run(t, func(b bench) {
		c := b.newCase(0)
		in := outcome("met")
		in.Note = ptr("see page 4")
		_, err := b.put(c.ID, ofCase(planMade), in)
		b.must(err)
		b.status(barometer.Hearing)
		own := b.store.Within(store.Scope{Municipality: "0707"})
		record, err := casework.Outcome(b.ctx, own, b.cat, c, ofCase(planMade))
		b.must(err)
		if record.Note != nil || *record.Outcome != barometer.Met {
			b.Errorf("%+v", record)
		}
		for _, o := range b.form(own, c).Outcomes {
			if o.Note != nil {
				b.Errorf("%+v", o)
			}
		}
	})
}
