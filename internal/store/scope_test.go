package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// seen is all that a store tells of a case and of the cases of its municipality.
type seen struct {
	Case, Locked string // the case, or why there is none
	Sheet        store.Sheet
	Revisions    []barometer.OutcomeRevision
	Entered      bool
	Taken        bool
	Cases        []barometer.Case
	Units        []barometer.CaseUnit
	Removed      []barometer.CaseUnit
	Outcomes     []barometer.CaseOutcome
	Items        []barometer.CaseItem
	Sizes        []store.SampleSize
	Tallies      []store.CaseTally
}

func look(t *testing.T, s *store.Store, c barometer.Case) (all seen) {
	t.Helper()
	ctx := t.Context()
	told := func(c barometer.Case, err error) string {
		if err != nil {
			return err.Error()
		}
		return c.Reference
	}
	all.Case, all.Locked = told(s.Case(ctx, c.ID)), told(s.LockCase(ctx, c.ID))
	keep(t, &all.Sheet)(s.Sheet(ctx, c.ID))
	keep(t, &all.Revisions)(s.Revisions(ctx, c.ID, ofCase))
	keep(t, &all.Entered)(s.EverEntered(ctx, c.ID))
	keep(t, &all.Taken)(s.ReferenceTaken(ctx, c.Round, c.Municipality, c.Reference))
	keep(t, &all.Cases)(s.Cases(ctx, c.Round, c.Municipality))
	keep(t, &all.Units)(s.CaseUnits(ctx, c.Round, c.Municipality))
	keep(t, &all.Removed)(s.RemovedUnits(ctx, c.Round, c.Municipality))
	keep(t, &all.Outcomes)(s.CaseOutcomes(ctx, c.Round, c.Municipality))
	keep(t, &all.Items)(s.CaseItems(ctx, store.CaseFilter{Round: c.Round, Limit: 10}))
	keep(t, &all.Sizes)(s.SampleSizes(ctx, c.Round))
	must(t, s.EachCaseTally(ctx, c.Round, func(tally store.CaseTally) { all.Tallies = append(all.Tallies, tally) }))
	return all
}

func keep[T any](t *testing.T, into *T) func(T, error) {
	return func(v T, err error) {
		t.Helper()
		must(t, err)
		*into = v
	}
}

// What a scope leaves out is told in no other way than what is not there.
func TestWhatIsOutsideTheScopeIsNotThere(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		must(t, s.AddRound(ctx, newRound(synthetic9026), []barometer.RoundRequirement{
			{Round: synthetic9026, Requirement: onCase, Unit: barometer.UnitCase, Practice: "standard"},
		}))
		must(t, s.AddParticipations(ctx, []barometer.Participation{{Round: synthetic9026, Municipality: "0183"}, {Round: synthetic9026, Municipality: "0707"}}))
		absent := newCase(caseID(1), "S1")
		nothing := look(t, s, absent)
		if nothing.Case != "There is no case "+absent.ID+"." || nothing.Case != nothing.Locked || nothing.Entered || nothing.Taken || len(nothing.Items) > 0 {
			t.Fatalf("%+v", nothing)
		}

		c := addCase(t, s, 1, 2, func(c *barometer.Case) { c.Reference = "S1" })
		change(t, s, c, nil, store.OutcomeChange{Cell: ofCase, Assessment: met})
		change(t, s, c, nil, store.OutcomeChange{Cell: ofCase, Assessment: notMet})
		must(t, s.PutNotes(ctx, c.ID, map[barometer.Cell]string{ofCase: "a note"}))
		must(t, s.RemoveUnit(ctx, c.ID, 2))
		whole := look(t, s, c)
		if whole.Case != "S1" || !whole.Entered || !whole.Taken || len(whole.Revisions) != 2 || len(whole.Units) != 2 || len(whole.Removed) != 1 ||
			len(whole.Items) != 1 || len(whole.Sizes) == 0 || len(whole.Tallies) != 1 || len(whole.Outcomes) != 1 || len(whole.Sheet.Notes) != 1 {
			t.Fatalf("%+v", whole)
		}

		own, foreign := s.Within(store.Scope{Municipality: "0707"}), s.Within(store.Scope{Municipality: "0183"})
		nobody := s.Within(store.Scope{Municipality: "-"})
		for status, visible := range map[barometer.RoundStatus]bool{
			barometer.Draft: false, barometer.Collecting: false, barometer.Hearing: true, barometer.Published: true,
		} {
			must(t, s.SetRoundStatus(ctx, synthetic9026, status))
			want := nothing
			if visible {
				want = whole
				want.Sheet.Notes = map[barometer.Cell]string{} // no note leaves the assessment
			}
			if diff := cmp.Diff(want, look(t, own, c)); diff != "" {
				t.Errorf("%s, its own: %s", status, diff)
			}
			for _, other := range []*store.Store{foreign, nobody} {
				if diff := cmp.Diff(nothing, look(t, other, c)); diff != "" {
					t.Errorf("%s, another's: %s", status, diff)
				}
			}
			// A scope is kept in a transaction.
			must(t, foreign.Tx(ctx, func(tx *store.Store) error {
				if diff := cmp.Diff(nothing, look(t, tx, c)); diff != "" {
					t.Errorf("%s, in a transaction: %s", status, diff)
				}
				return nil
			}))
			if diff := cmp.Diff(whole, look(t, s, c)); diff != "" {
				t.Errorf("%s, without a scope: %s", status, diff)
			}
		}
	})
}
