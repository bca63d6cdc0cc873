package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// caseID gives the n-th id, in the form that ids have.
func caseID(n int) string {
	return uuid.UUID{6: 0x70, 8: 0x80, 14: byte(n >> 8), 15: byte(n)}.String()
}

// addCase adds the n-th case to the world.
func addCase(t testing.TB, s *store.Store, n, notifications int, change ...func(*barometer.Case)) barometer.Case {
	t.Helper()
	c := newCase(caseID(n), caseID(n)[30:])
	for _, ch := range change {
		ch(&c)
	}
	must(t, s.AddCase(t.Context(), c, notifications))
	return c
}

var (
	ofCase         = barometer.Cell{Requirement: onCase}
	ofNotification = barometer.Cell{Requirement: onNotification, Number: 1}
	met            = barometer.Assessment{Outcome: barometer.Met}
	notMet         = barometer.Assessment{Outcome: barometer.NotMet}
	removed        = barometer.Assessment{}
	missing        = barometer.Assessment{Outcome: barometer.NotAssessable, Reason: barometer.DocumentationMissing}
)

func change(t testing.TB, s *store.Store, c barometer.Case, why *string, changes ...store.OutcomeChange) {
	t.Helper()
	must(t, s.Tx(t.Context(), func(tx *store.Store) error { return tx.ChangeOutcomes(t.Context(), c, changes, why) }))
}

// Whatever is done to an outcome, each of its states is kept with who entered it, when and why, and the numbers have no
// gap.
func TestEveryRevisionOfAnOutcomeIsKept(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		c := addCase(t, s, 1, 1)
		anna := s.By(barometer.Caller{ID: "aaaa2222", Role: barometer.RoleAuditor}, "")
		bo := s.By(barometer.Caller{ID: "bbbb3333", Role: barometer.RoleLead}, "")
		before := s.Now()

		change(t, anna, c, ptr("not kept for a first entry"), store.OutcomeChange{Cell: ofCase, Assessment: met},
			store.OutcomeChange{Cell: ofNotification, Assessment: missing})
		change(t, bo, c, ptr("mistyped"), store.OutcomeChange{Cell: ofCase, Assessment: missing})
		change(t, anna, c, ptr("the wrong case"), store.OutcomeChange{Cell: ofCase, Assessment: removed})
		change(t, anna, c, nil, store.OutcomeChange{Cell: ofCase, Assessment: removed}) // nothing there to remove
		change(t, bo, c, nil, store.OutcomeChange{Cell: ofCase, Assessment: notMet})

		type state struct {
			Revision int
			barometer.Assessment
			By   string
			Role barometer.Role
			Why  string
		}
		want := []state{
			{1, met, "aaaa2222", barometer.RoleAuditor, ""},
			{2, missing, "bbbb3333", barometer.RoleLead, "mistyped"},
			{3, removed, "aaaa2222", barometer.RoleAuditor, "the wrong case"},
			{4, notMet, "bbbb3333", barometer.RoleLead, ""},
		}
		found, err := s.Revisions(ctx, c.ID, ofCase)
		must(t, err)
		var got []state
		for _, r := range found {
			why := ""
			if r.Why != nil {
				why = *r.Why
			}
			got = append(got, state{r.Revision, barometer.Assessment{Outcome: r.Outcome, Reason: r.Reason}, r.EnteredBy, r.EnteredRole, why})
			if at := r.EnteredAt; at == nil || at.Before(before) || at.After(s.Now()) || at.Location().String() != "UTC" {
				t.Errorf("entered at %v", at)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}

		sheet, err := s.Sheet(ctx, c.ID)
		must(t, err)
		now := sheet.Outcomes[ofCase]
		if now.Assessment() != notMet || now.Revision != 4 || now.EnteredAt == nil || !now.EnteredAt.Equal(*found[3].EnteredAt) {
			t.Errorf("now %+v", now)
		}
		other := sheet.Outcomes[ofNotification]
		if other.Assessment() != missing || other.Revision != 1 || other.Why != nil || other.Unit != barometer.UnitNotification {
			t.Errorf("the notification's: %+v", other)
		}
		same(t, []barometer.OutcomeRevision(nil))(s.Revisions(ctx, c.ID, barometer.Cell{Requirement: onNotification, Number: 2}))
	})
}

func TestNotesAreKeptApartAndPurged(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		c := addCase(t, s, 1, 1)
		change(t, s, c, nil, store.OutcomeChange{Cell: ofCase, Assessment: met}, store.OutcomeChange{Cell: ofNotification, Assessment: met})
		notes := func() map[barometer.Cell]string {
			t.Helper()
			sheet, err := s.Sheet(ctx, c.ID)
			must(t, err)
			return sheet.Notes
		}
		expect := func(want map[barometer.Cell]string) {
			t.Helper()
			if diff := cmp.Diff(want, notes()); diff != "" {
				t.Error(diff)
			}
		}
		must(t, s.PutNotes(ctx, c.ID, map[barometer.Cell]string{ofCase: trying, ofNotification: "x"}))
		expect(map[barometer.Cell]string{ofCase: trying, ofNotification: "x"})
		must(t, s.PutNotes(ctx, c.ID, map[barometer.Cell]string{ofCase: "y", ofNotification: ""}))
		expect(map[barometer.Cell]string{ofCase: "y"})

		same(t, 0)(s.PurgeNotes(ctx, real2023))
		expect(map[barometer.Cell]string{ofCase: "y"})
		same(t, 1)(s.PurgeNotes(ctx, synthetic9026))
		expect(map[barometer.Cell]string{})
	})
}

func TestARemovedNotificationIsNoUnitAnyMore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s) // with a case of one notification
		c := addCase(t, s, 1, 2)
		must(t, s.RemoveUnit(ctx, c.ID, 1))
		for _, number := range []int{0, 1, 3} {
			if err := s.RemoveUnit(ctx, c.ID, number); barometer.KindOf(err) != barometer.NotFound {
				t.Errorf("unit %d: %v", number, err)
			}
		}
		gone := barometer.CaseUnit{CaseID: c.ID, Number: 1, Unit: barometer.UnitNotification, Removed: true}
		second := barometer.CaseUnit{CaseID: c.ID, Number: 2, Unit: barometer.UnitNotification}
		itself := barometer.CaseUnit{CaseID: c.ID, Unit: barometer.UnitCase}
		sheet, err := s.Sheet(ctx, c.ID)
		same(t, []barometer.CaseUnit{itself, gone, second})(sheet.Units, err)
		same(t, []barometer.CaseUnit{
			itself, second, {CaseID: "c1", Unit: barometer.UnitCase}, {CaseID: "c1", Number: 1, Unit: barometer.UnitNotification},
		})(s.CaseUnits(ctx, synthetic9026, "0707"))
		same(t, []barometer.CaseUnit{gone})(s.RemovedUnits(ctx, synthetic9026, "0707"))
		if err := s.AddUnit(ctx, second); barometer.KindOf(err) != barometer.Conflict {
			t.Errorf("a number twice: %v", err)
		}

		sizes, err := s.SampleSizes(ctx, synthetic9026)
		must(t, err)
		units := map[barometer.Unit]int{}
		for _, size := range sizes {
			units[size.Unit] += size.Units
		}
		if diff := cmp.Diff(map[barometer.Unit]int{barometer.UnitCase: 2, barometer.UnitNotification: 2}, units); diff != "" {
			t.Error(diff)
		}
	})
}

func TestACaseIsChangedAndDeleted(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		c, other := addCase(t, s, 1, 1), addCase(t, s, 2, 0)
		c.Reference, c.CaseType, c.AssignedTo = trying, barometer.FamilyTreatment, ptr("aaaa2222")
		c.Withdrawn, c.WithdrawnReason = true, ptr(trying)
		must(t, s.ChangeCase(ctx, c))
		same(t, c)(s.Case(ctx, c.ID))
		same(t, true)(s.ReferenceTaken(ctx, synthetic9026, "0707", trying))
		same(t, false)(s.ReferenceTaken(ctx, synthetic9026, "0183", trying))
		c.AssignedTo, c.Withdrawn, c.WithdrawnReason = nil, false, nil
		must(t, s.ChangeCase(ctx, c))
		same(t, c)(s.Case(ctx, c.ID))
		same(t, other)(s.LockCase(ctx, other.ID))

		other.Reference = trying
		if err := s.ChangeCase(ctx, other); barometer.KindOf(err) != barometer.Conflict {
			t.Errorf("the reference of another case: %v", err)
		}

		same(t, false)(s.EverEntered(ctx, c.ID))
		change(t, s, c, nil, store.OutcomeChange{Cell: ofCase, Assessment: met})
		same(t, true)(s.EverEntered(ctx, c.ID))
		change(t, s, c, nil, store.OutcomeChange{Cell: ofCase, Assessment: removed})
		same(t, true)(s.EverEntered(ctx, c.ID))
		if e := refusal(ctx, s, func(tx *store.Store) error { return tx.DeleteCase(ctx, c.ID) }); e == nil || e.Kind != barometer.Invalid {
			t.Errorf("a case with a past is deleted: %v", e)
		}

		must(t, s.DeleteCase(ctx, other.ID))
		_, err := s.Case(ctx, other.ID)
		if barometer.KindOf(err) != barometer.NotFound || err.Error() != "There is no case "+other.ID+"." {
			t.Error(err)
		}
		for _, id := range []string{"", "c1", "\x00", "\xff", "urn:uuid:" + c.ID, "0102031234", "{" + c.ID + "}"} {
			_, err := s.Case(ctx, id)
			if barometer.KindOf(err) != barometer.NotFound || err.Error() != "There is no such case. The id of a case looks like 0190f1c2-8a5e-7b3c-9d4e-5f6071829304." {
				t.Errorf("%q: %v", id, err)
			}
		}
	})
}

// Whoever locks a case waits for whoever has locked it.
func TestALockedCaseIsWaitedFor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		ctx := storetest.Context(t)
		first, second := storetest.Open(t, o), storetest.Open(t, o)
		world(t, ctx, first)
		c := addCase(t, first, 1, 0)
		locked, done := make(chan struct{}), make(chan error, 1)
		go func() {
			<-locked
			done <- second.Tx(ctx, func(tx *store.Store) error {
				found, err := tx.LockCase(ctx, c.ID)
				if err == nil && found.Reference != "S2" {
					err = errors.New("it did not wait for " + found.Reference)
				}
				return err
			})
		}()
		must(t, first.Tx(ctx, func(tx *store.Store) error {
			found, err := tx.LockCase(ctx, c.ID)
			must(t, err)
			close(locked)
			pause(ctx, second)
			found.Reference = "S2"
			return tx.ChangeCase(ctx, found)
		}))
		must(t, <-done)
	})
}

// pause lets others come as far as they get.
func pause(ctx context.Context, s *store.Store) {
	if s.Dialect() == "postgres" {
		_ = s.Exec(ctx, "SELECT pg_sleep(0.1)")
	}
}
