package casework_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/casework"
	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Requirements of the catalogue: the first is the precondition of the two after it, the fourth of the fifth; the last
// is counted over notifications.
const (
	conducted  = "investigation_conducted"
	fourMonths = "investigation_within_four_months"
	childHeard = "child_heard_in_investigation"
	planMade   = "action_plan_made"
	planStates = "action_plan_states_measure"
	within24   = "notification_assessed_within_24_hours"
	notAsked   = "personal_supervision"

	year = barometer.Year(9027)
)

// inOrder are the requirements that the round asks, in catalogue order.
var inOrder = []string{conducted, fourMonths, childHeard, planMade, planStates, within24}

func ptr[T any](v T) *T { return &v }

// bench is a round that collects cases of Norddjurs, and who does what in a test.
type bench struct {
	testing.TB
	ctx   context.Context
	store *store.Store
	cat   *catalogue.Catalogue
}

// run calls a test on both databases.
func run(t *testing.T, test func(b bench)) {
	t.Helper()
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) { test(newBench(t, s)) })
}

func newBench(t *testing.T, s *store.Store) bench {
	t.Helper()
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	b := bench{t, storetest.Context(t), s.By(barometer.Caller{ID: "anna2222", Role: barometer.RoleAuditor}, ""), cat}
	var asked []barometer.RoundRequirement
	for i := len(inOrder) - 1; i >= 0; i-- { // in another order than the catalogue's
		q, ok := cat.Requirement(inOrder[i], barometer.Danish)
		if !ok {
			t.Fatalf("the catalogue has no %s", inOrder[i])
		}
		asked = append(asked, barometer.RoundRequirement{Round: year, Requirement: q.Code, Unit: q.Unit, Practice: "standard"})
	}
	round := barometer.Round{
		Year: year, Origin: barometer.OriginSynthetic, Kind: "annual", Law: "serviceloven", Status: barometer.Collecting, RequirementsKnown: true,
	}
	history := barometer.Round{Year: 2023, Origin: barometer.OriginReal, Kind: "annual", Law: "serviceloven", Status: barometer.Collecting}
	b.must(s.AddRound(b.ctx, round, asked))
	b.must(s.AddRound(b.ctx, history, nil))
	b.must(s.AddParticipations(b.ctx, []barometer.Participation{{Round: year, Municipality: "0707"}, {Round: year, Municipality: "0183"}}))
	for id, role := range map[string]barometer.Role{"anna2222": barometer.RoleAuditor, "lead2222": barometer.RoleLead, "mini2222": barometer.RoleMinistry} {
		b.must(s.AddKey(b.ctx, barometer.APIKey{ID: id, Hash: id, Role: role, CreatedAt: s.Now()}))
	}
	b.must(s.AddKey(b.ctx, barometer.APIKey{ID: "past2222", Hash: "past", Role: barometer.RoleAuditor, CreatedAt: s.Now(), ExpiresAt: ptr(s.Now().Add(-time.Hour))}))
	return b
}

func (b bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// in runs fn in a transaction, and gives its error.
func (b bench) in(fn func(tx *store.Store) error) error { return b.store.Tx(b.ctx, fn) }

func (b bench) status(s barometer.RoundStatus) {
	b.Helper()
	b.must(b.store.SetRoundStatus(b.ctx, year, s))
}

func (b bench) create(in barometer.CaseInput) (c barometer.Case, err error) {
	err = b.in(func(tx *store.Store) (err error) {
		c, err = casework.Create(b.ctx, tx, b.cat, year, in)
		return err
	})
	return c, err
}

// newCase makes a case of Norddjurs that nothing is wrong with.
func (b bench) newCase(notifications int) barometer.Case {
	b.Helper()
	c, err := b.create(barometer.CaseInput{Municipality: "0707", CaseType: barometer.Placement, Notifications: notifications})
	b.must(err)
	return c
}

// edit opens a case and does something to it.
func (b bench) edit(id string, fn func(tx *store.Store, c barometer.Case) error) error {
	return b.in(func(tx *store.Store) error {
		c, err := casework.Open(b.ctx, tx, id)
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}

func (b bench) change(id string, to barometer.CasePatch) (changed barometer.Case, err error) {
	err = b.edit(id, func(tx *store.Store, c barometer.Case) (err error) {
		changed, err = casework.Change(b.ctx, tx, c, to)
		return err
	})
	return changed, err
}

// withdraw withdraws a case.
func (b bench) withdraw(c barometer.Case) {
	b.Helper()
	_, err := b.change(c.ID, barometer.CasePatch{Reference: c.Reference, CaseType: c.CaseType, Withdrawn: true, WithdrawnReason: ptr("wrongly drawn")})
	b.must(err)
}

func (b bench) put(id string, at barometer.Cell, in barometer.OutcomeInput) (record barometer.OutcomeRecord, err error) {
	err = b.edit(id, func(tx *store.Store, c barometer.Case) (err error) {
		record, err = casework.PutOutcome(b.ctx, tx, b.cat, c, at, in)
		return err
	})
	return record, err
}

// enter puts an outcome that nothing is wrong with, and says why in case it changes one.
func (b bench) enter(c barometer.Case, at barometer.Cell, text string) {
	b.Helper()
	in := outcome(text)
	in.Why = ptr("to set the scene")
	_, err := b.put(c.ID, at, in)
	b.must(err)
}

func (b bench) remove(id string, at barometer.Cell, why *string) error {
	return b.edit(id, func(tx *store.Store, c barometer.Case) error {
		return casework.DeleteOutcome(b.ctx, tx, b.cat, c, at, why)
	})
}

func (b bench) putForm(id string, in barometer.FormInput) (form barometer.Form, err error) {
	err = b.edit(id, func(tx *store.Store, c barometer.Case) (err error) {
		form, err = casework.PutForm(b.ctx, tx, b.cat, c, in)
		return err
	})
	return form, err
}

func (b bench) form(s *store.Store, c barometer.Case) barometer.Form {
	b.Helper()
	form, err := casework.Form(b.ctx, s, b.cat, c)
	b.must(err)
	return form
}

func (b bench) revisions(c barometer.Case, at barometer.Cell) []barometer.Revision {
	b.Helper()
	found, err := casework.Revisions(b.ctx, b.store, b.cat, c, at)
	b.must(err)
	return found
}

// ofCase and ofNotification name cells of a form.
func ofCase(requirement string) barometer.Cell { return barometer.Cell{Requirement: requirement} }

func ofNotification(requirement string, number int) barometer.Cell {
	return barometer.Cell{Requirement: requirement, Number: number}
}

// outcome reads "not_applicable/precondition_not_met".
func outcome(text string) barometer.OutcomeInput {
	a := assessment(text)
	in := barometer.OutcomeInput{Outcome: a.Outcome}
	if a.Reason != "" {
		in.Reason = &a.Reason
	}
	return in
}

func assessment(text string) (a barometer.Assessment) {
	for i, r := range text {
		if r == '/' {
			return barometer.Assessment{Outcome: barometer.Outcome(text[:i]), Reason: barometer.Reason(text[i+1:])}
		}
	}
	return barometer.Assessment{Outcome: barometer.Outcome(text)}
}

// cell is one cell of a form as it is sent.
func cell(requirement, text string) barometer.FormOutcomeInput {
	in := outcome(text)
	return barometer.FormOutcomeInput{Requirement: requirement, Outcome: &in.Outcome, Reason: in.Reason}
}

func cellOf(requirement string, notification int, text string) barometer.FormOutcomeInput {
	in := cell(requirement, text)
	in.Notification = &notification
	return in
}

// asSent writes a form that was read as one that is sent.
func asSent(form barometer.Form) (in barometer.FormInput) {
	for _, o := range form.Outcomes {
		in.Outcomes = append(in.Outcomes, barometer.FormOutcomeInput(o))
	}
	return in
}

// shown writes a form in short: every cell, with its outcome or none.
func shown(form barometer.Form) (lines []string) {
	for _, o := range form.Outcomes {
		line := o.Requirement
		if o.Notification != nil {
			line += fmt.Sprintf(" %d", *o.Notification)
		}
		line += ":"
		if o.Outcome != nil {
			line += " " + string(*o.Outcome)
		}
		if o.Reason != nil {
			line += "/" + string(*o.Reason)
		}
		if o.Note != nil {
			line += " (" + *o.Note + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// refused expects an error of a kind, with exactly these problems: "/outcome precondition" or, of a parameter, "why required".
func (b bench) refused(err error, kind barometer.Kind, want ...string) barometer.Error {
	b.Helper()
	var e *barometer.Error
	if !errors.As(err, &e) || e.Kind != kind {
		b.Fatalf("want an error of kind %d, got %v", kind, err)
	}
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Pointer+f.Parameter+" "+f.Code)
		if f.Detail == "" || barometer.LooksLikePersonalNumber(f.Detail) {
			b.Errorf("%+v", f)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("%s\n%v", diff, err)
	}
	return *e
}
