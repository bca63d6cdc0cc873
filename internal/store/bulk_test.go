package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// More than one batch of outcomes is entered, and revised: each keeps what it was, with who entered it, and takes the
// next number, and the others stay as they are.
func TestManyOutcomesAreRevised(t *testing.T) {
	t.Parallel()
	const many = 6000
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		at := time.Date(2027, 3, 4, 5, 6, 7, 123456000, time.UTC)
		first := barometer.Entry{EnteredAt: &at, EnteredBy: "one", EnteredRole: barometer.RoleAuditor, Import: ptr("i1")}
		later := at.Add(time.Hour)
		second := barometer.Entry{EnteredAt: &later, EnteredBy: "other", EnteredRole: barometer.RoleLead, Why: ptr(trying)}
		var cases []barometer.Case
		var units []barometer.CaseUnit
		var outcomes []barometer.CaseOutcome
		for i := range many {
			id := fmt.Sprintf("d%05d", i)
			cases = append(cases, newCase(id, "T"+id))
			units = append(units, barometer.CaseUnit{CaseID: id, Unit: barometer.UnitCase})
			outcomes = append(outcomes, judged(onCase, barometer.UnitCase, 0, func(o *barometer.CaseOutcome) { o.CaseID, o.Entry = id, first }))
		}
		cases[7].AssignedTo, cases[7].Withdrawn, cases[7].WithdrawnReason = ptr("k7q2mzd4"), true, ptr(trying)
		must(t, s.Tx(ctx, func(tx *store.Store) error { return tx.AddCases(ctx, cases, units, outcomes) }))
		same(t, append([]barometer.Case{newCase("c1", "S0001")}, cases...))(s.Cases(ctx, synthetic9026, "0707"))
		same(t, outcomes)(s.CaseOutcomes(ctx, synthetic9026, "0707"))

		revised := make([]barometer.CaseOutcome, 0, many-1)
		for _, o := range outcomes[1:] {
			o.Outcome, o.Reason, o.Entry, o.Revision = barometer.NotApplicable, barometer.NotYetDue, second, 2
			revised = append(revised, o)
		}
		must(t, s.Tx(ctx, func(tx *store.Store) error { return tx.ReviseOutcomes(ctx, revised) }))
		same(t, append(outcomes[:1:1], revised...))(s.CaseOutcomes(ctx, synthetic9026, "0707"))
		some, err := s.CasesByReference(ctx, synthetic9026, "0707", []string{"Td00000", "Td00007", "Td00001", "no such"})
		must(t, err)
		found := slices.SortedFunc(slices.Values(some.Cases), func(a, b barometer.Case) int { return strings.Compare(a.ID, b.ID) })
		same(t, []barometer.Case{cases[0], cases[1], cases[7]})(found, nil)
		key := store.OutcomeKey{CaseID: "d00001", Requirement: onCase}
		if len(some.Units) != 3 || len(some.Outcomes) != 3 || len(some.Last) != 2 || some.Last[key] != 1 {
			t.Errorf("some cases: %+v", some)
		}
		if refused := refusal(ctx, s, func(tx *store.Store) error {
			absent := outcomes[0]
			absent.CaseID = "c1"
			return tx.ReviseOutcomes(ctx, []barometer.CaseOutcome{outcomes[0], absent})
		}); refused == nil || refused.Kind != barometer.NotFound {
			t.Errorf("one that was not entered: %v", refused)
		}
		var past []barometer.OutcomeRevision
		must(t, s.View(ctx, func(tx *store.Store) (err error) { past, err = pastOf(ctx, tx, "d00001"); return err }))
		want := []barometer.OutcomeRevision{{CaseID: "d00001", Requirement: onCase, Revision: 1, Outcome: barometer.Met, Entry: first}}
		if diff := cmp.Diff(want, past); diff != "" {
			t.Error(diff)
		}
	})
}

// pastOf gives the revisions of an outcome before its present one.
func pastOf(ctx context.Context, s *store.Store, caseID string) ([]barometer.OutcomeRevision, error) {
	found, err := s.Revisions(ctx, caseID, barometer.Cell{Requirement: onCase})
	if err != nil {
		return nil, err
	}
	return found[:len(found)-1], nil
}
