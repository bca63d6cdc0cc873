package store_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// TestUnitsAndOutcomesAreCountedByCaseType: a case of each type, one of them withdrawn; the units are told apart by type,
// and add up to those of the municipality.
func TestUnitsAndOutcomesAreCountedByCaseType(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s) // a placement c1 with one notification
		typed := func(id string, of barometer.CaseType, withdrawn bool) barometer.Case {
			c := newCase(id, id)
			c.CaseType, c.Withdrawn = of, withdrawn
			return c
		}
		itself := func(id string) barometer.CaseUnit { return barometer.CaseUnit{CaseID: id, Unit: barometer.UnitCase} }
		outcome := func(id string, of barometer.Outcome) barometer.CaseOutcome {
			return judged(onCase, barometer.UnitCase, 0, func(o *barometer.CaseOutcome) { o.CaseID, o.Outcome = id, of })
		}
		must(t, s.AddCases(ctx, []barometer.Case{
			typed("c2", barometer.FamilyTreatment, false), typed("c3", barometer.FamilyTreatment, false),
			typed("c4", barometer.PlacementWithoutConsent, false), typed("c5", barometer.FamilyTreatment, true),
		}, []barometer.CaseUnit{itself("c2"), itself("c3"), itself("c4"), itself("c5")}, []barometer.CaseOutcome{
			outcome("c2", barometer.Met), outcome("c3", barometer.NotMet), outcome("c4", barometer.Met), outcome("c5", barometer.Met),
		}))

		sizes, err := s.SampleSizes(ctx, synthetic9026)
		must(t, err)
		slices.SortFunc(sizes, func(a, b store.SampleSize) int {
			return cmp.Or(cmp.Compare(a.CaseType, b.CaseType), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Units, b.Units))
		})
		same(t, []store.SampleSize{
			{Municipality: "0707", CaseType: barometer.FamilyTreatment, Unit: barometer.UnitCase, Withdrawn: true, Units: 1},
			{Municipality: "0707", CaseType: barometer.FamilyTreatment, Unit: barometer.UnitCase, Units: 2},
			{Municipality: "0707", CaseType: barometer.Placement, Unit: barometer.UnitCase, Units: 1},
			{Municipality: "0707", CaseType: barometer.Placement, Unit: barometer.UnitNotification, Units: 1},
			{Municipality: "0707", CaseType: barometer.PlacementWithoutConsent, Unit: barometer.UnitCase, Units: 1},
		})(sizes, nil)

		var tallies []store.CaseTally
		must(t, s.EachCaseTally(ctx, synthetic9026, func(c store.CaseTally) { tallies = append(tallies, c) }))
		tally := func(id string, of barometer.CaseType, outcome barometer.Outcome) store.CaseTally {
			return store.CaseTally{Municipality: "0707", CaseID: id, CaseType: of, Requirement: onCase, Outcome: outcome, Units: 1}
		}
		same(t, []store.CaseTally{
			tally("c2", barometer.FamilyTreatment, barometer.Met), tally("c3", barometer.FamilyTreatment, barometer.NotMet),
			tally("c4", barometer.PlacementWithoutConsent, barometer.Met),
		})(tallies, nil)
	})
}
