package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// list is the world with cases to choose from, named by their references.
func list(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := storetest.Context(t)
	must(t, s.AddRound(ctx, newRound(9027), nil))
	must(t, s.AddRound(ctx, newRound(synthetic9026), []barometer.RoundRequirement{
		{Round: synthetic9026, Requirement: onCase, Unit: barometer.UnitCase, Practice: "standard"},
		{Round: synthetic9026, Requirement: "b", Unit: barometer.UnitCase, Practice: "standard"},
		{Round: synthetic9026, Requirement: onNotification, Unit: barometer.UnitNotification, Practice: "standard"},
	}))
	must(t, s.AddParticipations(ctx, []barometer.Participation{
		{Round: synthetic9026, Municipality: "0183"}, {Round: synthetic9026, Municipality: "0707"}, {Round: 9027, Municipality: "0707"},
	}))
	at := func(municipality, reference string) func(*barometer.Case) {
		return func(c *barometer.Case) { c.Municipality, c.Reference = municipality, reference }
	}
	enter := func(c barometer.Case, cells map[barometer.Cell]barometer.Assessment) {
		var all []store.OutcomeChange
		for cell, a := range cells {
			all = append(all, store.OutcomeChange{Cell: cell, Assessment: a})
		}
		change(t, s, c, nil, all...)
	}
	type cells = map[barometer.Cell]barometer.Assessment
	b := barometer.Cell{Requirement: "b"}

	addCase(t, s, 1, 0, at("0707", "aa-empty"), func(c *barometer.Case) { c.AssignedTo = ptr("aaaa2222") })
	enter(addCase(t, s, 2, 0, at("0183", "ab-complete")), cells{ofCase: met, b: missing})
	enter(addCase(t, s, 3, 2, at("0707", "Z-half"), func(c *barometer.Case) { c.CaseType = barometer.FamilyTreatment }), cells{ofCase: notMet, b: met, ofNotification: met})
	enter(addCase(t, s, 4, 1, at("0707", "å-withdrawn"), func(c *barometer.Case) { c.Withdrawn = true }), cells{ofCase: met})
	shrunk := addCase(t, s, 5, 2, at("0707", "9-shrunk"), func(c *barometer.Case) { c.AssignedTo = ptr("bbbb3333") })
	enter(shrunk, cells{ofCase: met, b: notMet, ofNotification: missing})
	must(t, s.RemoveUnit(ctx, shrunk.ID, 2))
	addCase(t, s, 6, 0, at("0707", "elsewhere"), func(c *barometer.Case) { c.Round = 9027 })
}

// A Danish database would put aa behind Z, and å where its bytes are not.
func TestCasesAreListedWithHowFarTheyAre(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		list(t, s)
		items, err := s.CaseItems(ctx, store.CaseFilter{Round: synthetic9026, Limit: 100})
		must(t, err)
		var got []string
		for _, i := range items {
			got = append(got, fmt.Sprint(i.Municipality, " ", i.Reference, " ", i.Entered, "+", i.Missing))
		}
		// Missing: two for the case itself and one for each notification that is not removed, less what is entered.
		want := []string{"0183 ab-complete 2+0", "0707 9-shrunk 3+0", "0707 Z-half 3+1", "0707 aa-empty 0+2", "0707 å-withdrawn 1+0"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		whole, err := s.Case(ctx, caseID(5))
		must(t, err)
		if diff := cmp.Diff(whole, items[1].Case); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCasesAreChosen(t *testing.T) {
	t.Parallel()
	const all = "ab-complete 9-shrunk Z-half aa-empty å-withdrawn"
	type filter = store.CaseFilter
	tests := []struct {
		name   string
		filter filter
		want   string
	}{
		{"all", filter{}, all},
		{"municipality", filter{Municipalities: []string{"0183"}}, "ab-complete"},
		{"municipalities", filter{Municipalities: []string{"0183", "0707", "0101"}}, all},
		{"case type", filter{CaseTypes: []barometer.CaseType{barometer.FamilyTreatment, barometer.PlacementWithoutConsent}}, "Z-half"},
		{"requirement", filter{Requirements: []string{onNotification}}, "9-shrunk Z-half"},
		{"outcome", filter{Outcomes: []barometer.Outcome{barometer.NotMet}}, "9-shrunk Z-half"},
		{"outcome of a requirement", filter{Requirements: []string{onCase}, Outcomes: []barometer.Outcome{barometer.NotMet}}, "Z-half"},
		{"reason", filter{Reasons: []barometer.Reason{barometer.DocumentationMissing}}, "ab-complete 9-shrunk"},
		{"reason of a requirement", filter{Requirements: []string{"b"}, Reasons: []barometer.Reason{barometer.DocumentationMissing}}, "ab-complete"},
		{"assigned", filter{Assigned: "aaaa2222"}, "aa-empty"},
		{"assigned to nobody", filter{Assigned: store.AssignedToNobody}, "ab-complete Z-half å-withdrawn"},
		{"complete", filter{Completeness: barometer.CaseComplete}, "ab-complete 9-shrunk"},
		{"incomplete", filter{Completeness: barometer.CaseIncomplete}, "Z-half aa-empty"},
		{"withdrawn", filter{Completeness: barometer.CaseWithdrawn}, "å-withdrawn"},
		{"several", filter{Completeness: barometer.CaseIncomplete, Assigned: "aaaa2222", Municipalities: []string{"0707"}}, "aa-empty"},
		{"another round", filter{Round: 9027}, "elsewhere"},
		{"none", filter{Round: 9028}, ""},
	}
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		list(t, s)
		for _, tt := range tests {
			if tt.filter.Round == 0 {
				tt.filter.Round = synthetic9026
			}
			for limit := 1; limit <= 6; limit++ { // page by page, however long these are
				f := tt.filter
				f.Limit = limit
				got := []string{}
				for {
					page, err := s.CaseItems(ctx, f)
					must(t, err)
					for _, i := range page {
						got = append(got, i.Reference)
					}
					if len(page) < limit {
						break
					}
					last := page[limit-1]
					f.AfterMunicipality, f.AfterReference = last.Municipality, last.Reference
				}
				if diff := cmp.Diff(strings.Fields(tt.want), got); diff != "" {
					t.Errorf("%s, %d a page: %s", tt.name, limit, diff)
				}
			}
		}
	})
}
