package casework_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/boernesagsbarometer/barometer/internal/casework"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func TestACaseIsCreatedWithItsNotifications(t *testing.T) {
	run(t, func(b bench) {
		c, err := b.create(barometer.CaseInput{
			Municipality: "0707", Reference: ptr("27.24.00-G01-1"), CaseType: barometer.PlacementWithoutConsent, AssignedTo: ptr("lead2222"), Notifications: 2,
		})
		b.must(err)
		want := barometer.Case{
			ID: c.ID, Round: year, Municipality: "0707", Reference: "27.24.00-G01-1", CaseType: barometer.PlacementWithoutConsent, AssignedTo: ptr("lead2222"),
		}
		got, err := b.store.Case(b.ctx, c.ID)
		b.must(err)
		if diff := cmp.Diff(want, got); diff != "" {
			b.Error(diff)
		}
		if id, err := uuid.Parse(c.ID); err != nil || id.Version() != 7 {
			b.Errorf("the id is %s", c.ID)
		}
		found, err := casework.Notifications(b.ctx, b.store, b.cat, c)
		b.must(err)
		if diff := cmp.Diff([]barometer.Notification{{Case: c.ID, Number: 1}, {Case: c.ID, Number: 2}}, found, cmpopts.IgnoreFields(barometer.Notification{}, "Outcomes")); diff != "" {
			b.Error(diff)
		}

		made := b.newCase(0)
		if !regexp.MustCompile(`^[A-Z]{4}-[A-Z]{4}$`).MatchString(made.Reference) {
			b.Errorf("the reference that was made is %q", made.Reference)
		}
	})
}

func TestAllThatIsWrongWithACaseIsReportedAtOnce(t *testing.T) {
	run(t, func(b bench) {
		for _, secret := range []string{"010203-1234", "010203 1234"} {
			_, err := b.create(barometer.CaseInput{
				Municipality: secret, Reference: ptr(secret), CaseType: "foster", AssignedTo: ptr(secret), Notifications: 10_000,
			})
			e := b.refused(err, barometer.Invalid, "/reference personal_number", "/case_type unknown_value", "/notifications out_of_range",
				"/municipality unknown_value", "/assigned_to unknown_value")
			if strings.Contains(e.Error(), "1234") {
				b.Errorf("a personal number is repeated: %s", e.Error())
			}
		}
		good := barometer.CaseInput{Municipality: "0707", Reference: ptr("S1"), CaseType: barometer.Placement}
		for want, change := range map[string]func(in *barometer.CaseInput){
			"/municipality not_participating": func(in *barometer.CaseInput) { in.Municipality = "0101" },
			"/reference too_short":            func(in *barometer.CaseInput) { in.Reference = ptr("") },
			"/reference wrong_form":           func(in *barometer.CaseInput) { in.Reference = ptr("S1 ") },
			"/reference too_long":             func(in *barometer.CaseInput) { in.Reference = ptr(strings.Repeat("å", 65)) },
			"/reference bad_character":        func(in *barometer.CaseInput) { in.Reference = ptr("S\x00") },
			"/notifications out_of_range":     func(in *barometer.CaseInput) { in.Notifications = -1 },
		} {
			in := good
			change(&in)
			_, err := b.create(in)
			b.refused(err, barometer.Invalid, want)
		}
		// Nobody who enters cases: another role, a key that has ended, none, and what no database takes.
		for _, key := range []string{"mini2222", "past2222", "none2222", "", "\x00"} {
			in := good
			in.AssignedTo = &key
			_, err := b.create(in)
			b.refused(err, barometer.Invalid, "/assigned_to unknown_value")
		}
		good.Reference = ptr(strings.Repeat("å", 64))
		_, err := b.create(good)
		b.must(err)
		_, err = b.create(good)
		b.refused(err, barometer.Conflict, "/reference taken")
		good.Municipality = "0183" // a reference is one within the municipality
		_, err = b.create(good)
		b.must(err)
	})
}

func TestCasesAreEnteredWhileTheRoundTakesThem(t *testing.T) {
	run(t, func(b bench) {
		c := b.newCase(0)
		in := barometer.CaseInput{Municipality: "0707", CaseType: barometer.Placement}
		open := func() error { return b.edit(c.ID, func(*store.Store, barometer.Case) error { return nil }) }
		for status, takes := range map[barometer.RoundStatus]bool{
			barometer.Draft: false, barometer.Collecting: true, barometer.Hearing: true, barometer.Published: false,
		} {
			b.status(status)
			_, err := b.create(in)
			if takes {
				b.must(err)
				b.must(open())
				continue
			}
			b.refused(err, barometer.State)
			b.refused(open(), barometer.State)
		}
		for other, kind := range map[barometer.Year]barometer.Kind{2023: barometer.State, 9028: barometer.NotFound} {
			err := b.in(func(tx *store.Store) error {
				_, err := casework.Create(b.ctx, tx, b.cat, other, in)
				return err
			})
			b.refused(err, kind)
		}
	})
}

func TestWhatIsNotThereIsNotOpened(t *testing.T) {
	run(t, func(b bench) {
		open := func(s *store.Store, id string) string {
			err := s.Tx(b.ctx, func(tx *store.Store) error {
				_, err := casework.Open(b.ctx, tx, id)
				return err
			})
			return b.refused(err, barometer.NotFound).Message
		}
		c := b.newCase(0)
		absent := uuid.NewString()
		want := strings.ReplaceAll(open(b.store, absent), absent, c.ID)
		b.status(barometer.Hearing)
		if got := open(b.store.Within(store.Scope{Municipality: "0183"}), c.ID); got != want {
			b.Errorf("another's case is told: %s", got)
		}
		if got := open(b.store, "0102031234"); strings.Contains(got, "0102031234") {
			b.Errorf("what is no id is repeated: %s", got)
		}
	})
}

func TestACaseIsChanged(t *testing.T) {
	run(t, func(b bench) {
		c := b.newCase(0)
		other := b.newCase(0)
		to := barometer.CasePatch{Reference: "S2", CaseType: barometer.FamilyTreatment, AssignedTo: ptr("anna2222")}
		step := func(change func(), want ...string) barometer.Case {
			b.Helper()
			before := to
			change()
			got, err := b.change(c.ID, to)
			if len(want) > 0 {
				b.refused(err, barometer.Invalid, want...)
				to = before
				return got
			}
			b.must(err)
			stored, err := b.store.Case(b.ctx, c.ID)
			b.must(err)
			if diff := cmp.Diff(stored, got); diff != "" {
				b.Error(diff)
			}
			return got
		}
		got := step(func() {})
		want := barometer.Case{
			ID: c.ID, Round: year, Municipality: "0707", Reference: "S2", CaseType: barometer.FamilyTreatment, AssignedTo: ptr("anna2222"),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			b.Error(diff)
		}
		step(func() {}) // the same once more is no conflict with itself
		step(func() { to.Reference, to.CaseType, to.AssignedTo = "010203-1234", "x", ptr("mini2222") },
			"/reference personal_number", "/case_type unknown_value", "/assigned_to unknown_value")

		step(func() { to.Withdrawn = true }, "/withdrawn_reason required")
		step(func() { to.Withdrawn, to.WithdrawnReason = true, ptr(" ") }, "/withdrawn_reason required")
		step(func() { to.Withdrawn, to.WithdrawnReason = true, ptr("of 010203-1234") }, "/withdrawn_reason personal_number")
		step(func() { to.WithdrawnReason = ptr("wrongly drawn") }, "/withdrawn_reason not_withdrawn")
		got = step(func() { to.Withdrawn, to.WithdrawnReason = true, ptr("wrongly drawn") })
		if !got.Withdrawn || *got.WithdrawnReason != "wrongly drawn" {
			b.Errorf("%+v", got)
		}
		got = step(func() { to.Withdrawn = false }) // which leaves the reason as it was read
		if got.Withdrawn || got.WithdrawnReason != nil {
			b.Errorf("%+v", got)
		}

		b.must(b.store.RevokeKey(b.ctx, "anna2222"))
		to.WithdrawnReason = nil
		step(func() { to.Reference = "S3" }) // whoever has it keeps it
		step(func() { to.AssignedTo = nil })
		step(func() { to.AssignedTo = ptr("anna2222") }, "/assigned_to unknown_value")

		to.Reference = other.Reference
		_, err := b.change(c.ID, to)
		b.refused(err, barometer.Conflict, "/reference taken")
	})
}

func TestACaseIsDeletedAsLongAsNothingWasEntered(t *testing.T) {
	run(t, func(b bench) {
		remove := func(c barometer.Case) error {
			return b.edit(c.ID, func(tx *store.Store, c barometer.Case) error { return casework.Delete(b.ctx, tx, c) })
		}
		c := b.newCase(3)
		b.must(remove(c))
		b.refused(remove(c), barometer.NotFound)

		c = b.newCase(0)
		b.enter(c, ofCase(planMade), "met")
		b.refused(remove(c), barometer.State)
		b.must(b.remove(c.ID, ofCase(planMade), ptr("the wrong case")))
		b.refused(remove(c), barometer.State)
	})
}

func TestNotificationNumbersAreNotUsedAgain(t *testing.T) {
	run(t, func(b bench) {
		c := b.newCase(2)
		numbers := func(want ...int) {
			b.Helper()
			found, err := casework.Notifications(b.ctx, b.store, b.cat, c)
			b.must(err)
			got := []int{}
			for _, n := range found {
				got = append(got, n.Number)
				if n.Case != c.ID {
					b.Errorf("%+v", n)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				b.Error(diff)
			}
		}
		put := func(number int) (added bool, err error) {
			err = b.edit(c.ID, func(tx *store.Store, c barometer.Case) (err error) {
				_, added, err = casework.PutNotification(b.ctx, tx, b.cat, c, number)
				return err
			})
			return added, err
		}
		add := func() (n barometer.Notification, err error) {
			err = b.edit(c.ID, func(tx *store.Store, c barometer.Case) (err error) {
				n, err = casework.AddNotification(b.ctx, tx, b.cat, c)
				return err
			})
			return n, err
		}
		remove := func(number int, why *string) error {
			return b.edit(c.ID, func(tx *store.Store, c barometer.Case) error {
				return casework.RemoveNotification(b.ctx, tx, b.cat, c, number, why)
			})
		}
		b.must(remove(2, nil))
		numbers(1)
		n, err := add()
		b.must(err)
		if n.Number != 3 {
			b.Errorf("2 is used again, or a number is left out: %d", n.Number)
		}
		for number, added := range map[int]bool{1: false, 7: true} {
			if got, err := put(number); err != nil || got != added {
				b.Errorf("%d: %v, %v", number, got, err)
			}
		}
		numbers(1, 3, 7)
		_, err = put(2)
		b.refused(err, barometer.State)
		for _, number := range []int{0, -1, 10_000} {
			_, err := put(number)
			b.refused(err, barometer.NotFound)
			b.refused(remove(number, nil), barometer.NotFound)
		}
		b.refused(remove(2, nil), barometer.NotFound)
		_, err = casework.Notification(b.ctx, b.store, b.cat, c, 2)
		b.refused(err, barometer.NotFound)
		_, err = casework.Notification(b.ctx, b.store, b.cat, c, 7)
		b.must(err)

		// With what was judged on it goes its note; what it was stays.
		b.enter(c, ofNotification(within24, 7), "met")
		_, err = b.put(c.ID, ofNotification(within24, 7), barometer.OutcomeInput{Outcome: barometer.Met, Note: ptr("a note")})
		b.must(err)
		b.refused(remove(7, nil), barometer.Invalid, "why required")
		b.must(remove(7, ptr("it belongs to another case")))
		got := b.revisions(c, ofNotification(within24, 7))
		if len(got) != 2 || got[1].Outcome != nil || got[1].Revision != 2 || *got[1].Why != "it belongs to another case" {
			b.Errorf("%+v", got)
		}
		_, err = casework.Outcome(b.ctx, b.store, b.cat, c, ofNotification(within24, 7))
		b.refused(err, barometer.NotFound)
		sheet, err := b.store.Sheet(b.ctx, c.ID)
		b.must(err)
		if len(sheet.Notes)+len(sheet.Outcomes) > 0 {
			b.Errorf("left behind: %+v", sheet)
		}

		_, err = put(9999)
		b.must(err)
		_, err = add()
		b.refused(err, barometer.State)
		b.withdraw(c)
		_, err = put(12)
		b.refused(err, barometer.State)
		b.refused(remove(1, nil), barometer.State)
	})
}
