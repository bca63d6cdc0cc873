package casework_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/casework"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func TestTheFormHasEveryCellInCatalogueOrder(t *testing.T) {
	run(t, func(b bench) {
		c := b.newCase(3)
		b.must(b.edit(c.ID, func(tx *store.Store, c barometer.Case) error {
			return casework.RemoveNotification(b.ctx, tx, b.cat, c, 2, nil)
		}))
		b.enter(c, ofNotification(within24, 3), "met_by_exception/urgency")
		b.enter(c, ofCase(planMade), "not_met")
		want := []string{
			conducted + ":", fourMonths + ":", childHeard + ":", planMade + ": not_met", planStates + ":",
			within24 + " 1:", within24 + " 3: met_by_exception/urgency",
		}
		if diff := cmp.Diff(want, shown(b.form(b.store, c))); diff != "" {
			b.Error(diff)
		}
	})
}

func TestAFormIsPutAsAWhole(t *testing.T) {
	run(t, func(b bench) {
		c := b.newCase(2)
		noted := cell(planMade, "met")
		noted.Note = ptr("see page 4")
		empty := barometer.FormOutcomeInput{Requirement: childHeard}
		form, err := b.putForm(c.ID, barometer.FormInput{Outcomes: []barometer.FormOutcomeInput{
			cellOf(within24, 2, "not_met"), cell(fourMonths, "met"), cell(conducted, "met"), noted, empty,
		}})
		b.must(err)
		want := []string{
			conducted + ": met", fourMonths + ": met", childHeard + ":", planMade + ": met (see page 4)", planStates + ":",
			within24 + " 1:", within24 + " 2: not_met",
		}
		if diff := cmp.Diff(want, shown(form)); diff != "" {
			b.Error(diff)
		}
		if diff := cmp.Diff(form, b.form(b.store, c)); diff != "" {
			b.Error(diff)
		}

		// As it is read it can be sent, and then nothing changes.
		same, err := b.putForm(c.ID, asSent(form))
		b.must(err)
		if diff := cmp.Diff(form, same); diff != "" {
			b.Error(diff)
		}
		if r := b.revisions(c, ofCase(planMade)); len(r) != 1 {
			b.Errorf("no change made a revision: %+v", r)
		}

		// What is left out or empty is removed, which takes a reason; what is new takes none.
		in := barometer.FormInput{Outcomes: []barometer.FormOutcomeInput{cell(conducted, "met"), cell(planMade, "met"), {Requirement: fourMonths}, cell(planStates, "met")}}
		_, err = b.putForm(c.ID, in)
		b.refused(err, barometer.Invalid, "/why required")
		in.Why = ptr("another file")
		form, err = b.putForm(c.ID, in)
		b.must(err)
		want = []string{
			conducted + ": met", fourMonths + ":", childHeard + ":", planMade + ": met", planStates + ": met", within24 + " 1:", within24 + " 2:",
		}
		if diff := cmp.Diff(want, shown(form)); diff != "" {
			b.Error(diff)
		}
		for at, revisions := range map[barometer.Cell]int{
			ofCase(conducted): 1, ofCase(fourMonths): 2, ofCase(planMade): 1, ofCase(planStates): 1, ofNotification(within24, 2): 2,
		} {
			found := b.revisions(c, at)
			if len(found) != revisions {
				b.Errorf("%v: %+v", at, found)
			}
			if last := found[len(found)-1]; revisions == 2 && (last.Outcome != nil || *last.Why != "another file") || revisions == 1 && last.Why != nil {
				b.Errorf("%v: %+v", at, last)
			}
		}

		_, err = b.putForm(c.ID, barometer.FormInput{Why: ptr("all of it")})
		b.must(err)
		for _, o := range b.form(b.store, c).Outcomes {
			if o.Outcome != nil {
				b.Errorf("left: %+v", o)
			}
		}
	})
}

func TestAllThatIsWrongWithAFormIsReportedAtOnce(t *testing.T) {
	run(t, func(b bench) {
		c := b.newCase(1)
		b.enter(c, ofCase(planMade), "met")
		before := b.form(b.store, c)
		noted := cell(conducted, "not_met")
		noted.Note = ptr("of 010203-1234")
		in := barometer.FormInput{Why: ptr("of 010203-1234"), Outcomes: []barometer.FormOutcomeInput{
			cell("no_such_requirement", "met"),
			cell("010203-1234", "met"),
			cell(notAsked, "met"),
			cellOf(conducted, 1, "met"),
			cell(within24, "met"),
			cellOf(within24, 2, "met"),
			noted,
			cell(conducted, "met"),
			cell(fourMonths, "fulfilled"),
			cell(childHeard, "met_by_exception/not_yet_due"),
			{Requirement: planMade, Reason: ptr(barometer.Urgency)},
			{Requirement: planStates, Note: ptr("x")},
		}}
		_, err := b.putForm(c.ID, in)
		b.refused(err, barometer.Invalid,
			"/outcomes/0/requirement unknown_value", "/outcomes/1/requirement unknown_value", "/outcomes/2/requirement not_asked",
			"/outcomes/3/notification wrong_unit", "/outcomes/4/notification wrong_unit", "/outcomes/5/notification unknown_value",
			"/outcomes/6/note personal_number", "/outcomes/7 repeated", "/outcomes/8/outcome unknown_value", "/outcomes/9/reason wrong_reason",
			"/outcomes/10/reason wrong_reason", "/outcomes/11/note no_outcome", "/why personal_number")
		if diff := cmp.Diff(before, b.form(b.store, c)); diff != "" {
			b.Errorf("a refused form changed something: %s", diff)
		}

		// Preconditions hold on the whole as it would be.
		_, err = b.putForm(c.ID, barometer.FormInput{Outcomes: []barometer.FormOutcomeInput{
			cell(planMade, "not_met"), cell(planStates, "met"), cell(childHeard, "met"), cell(fourMonths, "not_applicable/precondition_not_met"), cell(conducted, "met"),
		}})
		b.refused(err, barometer.Invalid, "/outcomes/3/outcome precondition", "/outcomes/1/outcome precondition", "/why required")
	})
}
