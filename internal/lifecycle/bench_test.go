package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/lifecycle"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// year of the round of these tests.
const year = barometer.Year(9027)

const (
	// What the rounds of these tests ask: two requirements of the case, the second only where the first is met, and one
	// of its notifications.
	parent = "investigation_conducted"
	child  = "investigation_within_four_months"
	notice = "notification_assessed_within_24_hours"
)

// bench is a database of its own.
type bench struct {
	*testing.T
	ctx     context.Context
	options store.Options
	store   *store.Store
	cat     *catalogue.Catalogue
	year    barometer.Year // of the round
}

// run calls a test on both databases, which are empty.
func run(t *testing.T, test func(b bench)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		cat, err := catalogue.Load()
		if err != nil {
			t.Fatal(err)
		}
		test(bench{t, storetest.Context(t), o, storetest.Open(t, o), cat, year})
	})
}

// runWithHistory calls a test on both databases, which hold the published history.
func runWithHistory(t *testing.T, test func(b bench)) {
	t.Helper()
	run(t, func(b bench) {
		_, err := report.LoadHistory(b.ctx, b.store, b.cat)
		b.must(err)
		test(b)
	})
}

func ptr[T any](v T) *T { return &v }

func (b bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// tx does something in a transaction, or nothing where it fails.
func (b bench) tx(do func(tx *store.Store) error) error { return b.store.Tx(b.ctx, do) }

var errUndone = errors.New("undone")

// try does something, gives the error it met, and takes it back.
func (b bench) try(do func(tx *store.Store) error) error {
	err := b.tx(func(tx *store.Store) error {
		if err := do(tx); err != nil {
			return err
		}
		return errUndone
	})
	if errors.Is(err, errUndone) {
		return nil
	}
	return err
}

// refused checks the kind of an error and, in order, the places and codes of its problems, as "/pointer code".
func (b bench) refused(err error, kind barometer.Kind, problems ...string) {
	b.Helper()
	if err == nil || barometer.KindOf(err) != kind {
		b.Errorf("kind %d, want %d: %v", barometer.KindOf(err), kind, err)
	}
	var found []string
	var e *barometer.Error
	if errors.As(err, &e) {
		for _, f := range e.Fields {
			found = append(found, f.Pointer+" "+f.Code)
		}
	}
	if diff := cmp.Diff(problems, found); diff != "" {
		b.Errorf("problems: -want +got\n%s", diff)
	}
}

// round makes a draft that asks the requirements above of some municipalities.
func (b bench) round(municipalities ...string) {
	b.Helper()
	b.must(b.tx(func(tx *store.Store) error {
		in := barometer.RoundInput{Year: b.year, RoundPatch: barometer.RoundPatch{Kind: "annual", Law: "serviceloven"}}
		if _, err := lifecycle.CreateRound(b.ctx, tx, in); err != nil {
			return err
		}
		var asked barometer.RoundRequirementsInput
		for _, code := range []string{parent, child, notice} {
			asked.Requirements = append(asked.Requirements, barometer.RoundRequirementInput{Requirement: code})
		}
		if _, err := lifecycle.PutRequirements(b.ctx, tx, b.cat, b.year, asked); err != nil {
			return err
		}
		for _, code := range municipalities {
			if _, err := lifecycle.PutParticipation(b.ctx, tx, b.cat, b.year, code, barometer.ParticipationInput{}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// participation puts a number of drawn cases.
func (b bench) participation(municipality string, drawn int) {
	b.Helper()
	b.must(b.tx(func(tx *store.Store) error {
		_, err := lifecycle.PutParticipation(b.ctx, tx, b.cat, b.year, municipality, barometer.ParticipationInput{Cases: &drawn})
		return err
	}))
}

// form is what is entered of a case.
type form map[barometer.Cell]barometer.Assessment

// complete gives a whole form of a case with that many notifications.
func complete(notifications int) form {
	f := form{{Requirement: parent}: {Outcome: barometer.Met}, {Requirement: child}: {Outcome: barometer.NotMet}}
	for n := 1; n <= notifications; n++ {
		f[barometer.Cell{Requirement: notice, Number: n}] = barometer.Assessment{Outcome: barometer.Met}
	}
	return f
}

// add stores a case as it is given, whatever the rules are. Its id is made of the round, municipality and reference.
func (b bench) add(tx *store.Store, c barometer.Case, notifications int, f form) error {
	c.ID, c.Round, c.CaseType = b.id(c), b.year, barometer.Placement
	units := []barometer.CaseUnit{{CaseID: c.ID, Unit: barometer.UnitCase}}
	for n := 1; n <= notifications; n++ {
		units = append(units, barometer.CaseUnit{CaseID: c.ID, Number: n, Unit: barometer.UnitNotification})
	}
	var outcomes []barometer.CaseOutcome
	for cell, a := range f {
		unit := barometer.UnitCase
		if cell.Number > 0 {
			unit = barometer.UnitNotification
		}
		outcomes = append(outcomes, barometer.CaseOutcome{
			CaseID: c.ID, Requirement: cell.Requirement, Number: cell.Number, Round: b.year, Unit: unit, Outcome: a.Outcome, Reason: a.Reason, Revision: 1,
		})
	}
	return tx.AddCases(b.ctx, []barometer.Case{c}, units, outcomes)
}

func (b bench) id(c barometer.Case) string {
	return fmt.Sprintf("%d-%s-%s", b.year, c.Municipality, c.Reference)
}

// cases stores cases in one transaction.
func (b bench) cases(each func(add func(c barometer.Case, notifications int, f form))) {
	b.Helper()
	b.must(b.tx(func(tx *store.Store) error {
		each(func(c barometer.Case, notifications int, f form) { b.must(b.add(tx, c, notifications, f)) })
		return nil
	}))
}

// entered makes a round that is collecting, and has nothing missing: one case of each municipality.
func (b bench) entered(municipalities ...string) {
	b.Helper()
	b.round(municipalities...)
	b.move(barometer.Collecting)
	b.cases(func(add func(barometer.Case, int, form)) {
		for _, m := range municipalities {
			add(barometer.Case{Municipality: m, Reference: "S0001"}, 1, complete(1))
		}
	})
}

// transition asks for another status.
func (b bench) transition(in barometer.TransitionInput) (done barometer.Transition, err error) {
	err = b.tx(func(tx *store.Store) error {
		done, err = lifecycle.Transition(b.ctx, tx, b.cat, b.year, in)
		return err
	})
	return done, err
}

// move moves the round of these tests, with a reason whatever the move is.
func (b bench) move(to ...barometer.RoundStatus) {
	b.Helper()
	for _, status := range to {
		_, err := b.transition(barometer.TransitionInput{To: status, Reason: ptr("Because.")})
		b.must(err)
	}
}

func (b bench) status() barometer.RoundStatus {
	b.Helper()
	round, err := b.store.Round(b.ctx, b.year)
	b.must(err)
	return round.Status
}

// checks gives the checks of the round of these tests, by code.
func (b bench) checks(lang barometer.Lang) (all barometer.Checks, byCode map[string]barometer.Check) {
	b.Helper()
	all, err := lifecycle.Checks(b.ctx, b.store, b.cat, b.year, lang)
	b.must(err)
	byCode = map[string]barometer.Check{}
	for _, c := range all.Checks {
		byCode[c.Code] = c
	}
	return all, byCode
}

func same[T any](b bench, want, got T) {
	b.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("%T: -want +got\n%s", want, diff)
	}
}

func reference(n int) string { return fmt.Sprintf("S%04d", n) }
