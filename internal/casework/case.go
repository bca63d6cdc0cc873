package casework

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Open finds a case for a change. Until the transaction ends nobody else changes it, and its round takes entries.
// NotFound where there is none, State where its round takes no entries now.
func Open(ctx context.Context, tx *store.Store, id string) (barometer.Case, error) {
	c, err := tx.Case(ctx, id)
	if err != nil {
		return c, err
	}
	if err := lockRound(ctx, tx, c.Round); err != nil {
		return c, err
	}
	return tx.LockCase(ctx, id)
}

// lockRound keeps a round from changing its status, and refuses (State) one whose status allows no entries.
func lockRound(ctx context.Context, tx *store.Store, year barometer.Year) error {
	round, err := tx.LockRound(ctx, year, false)
	switch {
	case err != nil:
		return err
	case !round.RequirementsKnown:
		return barometer.Errorf(barometer.State, "The list of requirements of round %d is not known, so it takes no cases.", year)
	case round.Status == barometer.Draft:
		return barometer.Errorf(barometer.State, "Round %d is a draft; it takes cases and outcomes once it is collecting.", year)
	case round.Status == barometer.Published:
		return barometer.Errorf(barometer.State, "Round %d is published; to change its cases and outcomes, reopen it first, with a reason.", year)
	}
	return nil
}

// Create makes a case with its first notifications, of a participant of a round. NotFound where there is no such round,
// State where it takes no entries now, Invalid with all that is wrong, Conflict where the reference is taken.
func Create(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year, in barometer.CaseInput) (barometer.Case, error) {
	if err := lockRound(ctx, tx, year); err != nil {
		return barometer.Case{}, err
	}
	c := barometer.Case{Round: year, Municipality: in.Municipality, CaseType: in.CaseType, AssignedTo: in.AssignedTo}
	var p problems
	if in.Reference != nil {
		c.Reference = *in.Reference
		p.checkReference(c.Reference)
	}
	p.checkCaseType(c.CaseType)
	if in.Notifications < 0 || in.Notifications > barometer.MostNotifications {
		p.add("/notifications", "out_of_range", "want a whole number from 0 to %d", barometer.MostNotifications)
	}
	if err := p.checkParticipant(ctx, tx, cat, c); err != nil {
		return c, err
	}
	if err := p.checkAssigned(ctx, tx, c.AssignedTo); err != nil {
		return c, err
	}
	if err := p.err("The case cannot be made so."); err != nil {
		return c, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return c, err
	}
	c.ID = id.String()
	if c.Reference, err = free(ctx, tx, c); err != nil {
		return c, err
	}
	return c, orTaken(c, tx.AddCase(ctx, c, in.Notifications))
}

// free gives the reference of a case that is to be added or to get that reference, and makes one where it has none.
func free(ctx context.Context, tx *store.Store, c barometer.Case) (string, error) {
	made := c.Reference == ""
	for {
		if made {
			var err error
			if c.Reference, err = barometer.NewReference(); err != nil {
				return "", err
			}
		}
		taken, err := tx.ReferenceTaken(ctx, c.Round, c.Municipality, c.Reference)
		switch {
		case err != nil:
			return "", err
		case taken && !made:
			return "", referenceTaken(c)
		case !taken:
			return c.Reference, nil
		}
	}
}

func referenceTaken(c barometer.Case) error {
	e := barometer.Errorf(barometer.Conflict, "Municipality %s has another case with this reference in round %d.", c.Municipality, c.Round)
	e.Fields = []barometer.FieldError{{Pointer: "/reference", Code: "taken", Detail: "want a reference that no other case of the municipality has in this round"}}
	return e
}

// orTaken tells of the reference that another transaction took after it was looked for here.
func orTaken(c barometer.Case, err error) error {
	if barometer.KindOf(err) == barometer.Conflict {
		return referenceTaken(c)
	}
	return err
}

// Change gives a case what the patch says of it, which is the whole of what can be changed. Invalid with all that is
// wrong, Conflict where the reference is taken.
func Change(ctx context.Context, tx *store.Store, c barometer.Case, to barometer.CasePatch) (barometer.Case, error) {
	var p problems
	p.checkReference(to.Reference)
	p.checkCaseType(to.CaseType)
	p.checkWithdrawal(c, to)
	if !same(to.AssignedTo, c.AssignedTo) { // whoever has it keeps it, even with a key that is no longer valid
		if err := p.checkAssigned(ctx, tx, to.AssignedTo); err != nil {
			return c, err
		}
	}
	if err := p.err("The case cannot be changed so."); err != nil {
		return c, err
	}
	before := c
	c.Reference, c.CaseType, c.AssignedTo, c.Withdrawn, c.WithdrawnReason = to.Reference, to.CaseType, to.AssignedTo, to.Withdrawn, to.WithdrawnReason
	if !c.Withdrawn {
		c.WithdrawnReason = nil
	}
	if c.Reference != before.Reference {
		if _, err := free(ctx, tx, c); err != nil {
			return c, err
		}
	}
	return c, orTaken(c, tx.ChangeCase(ctx, c))
}

// Delete deletes a case; State where an outcome was ever entered for it.
func Delete(ctx context.Context, tx *store.Store, c barometer.Case) error {
	entered, err := tx.EverEntered(ctx, c.ID)
	if err != nil {
		return err
	}
	if entered {
		return barometer.Errorf(barometer.State, "Outcomes have been entered for this case, so it is not deleted; withdraw it instead, with a reason.")
	}
	return tx.DeleteCase(ctx, c.ID)
}

// notWithdrawn refuses (State) to judge a withdrawn case.
func notWithdrawn(c barometer.Case) error {
	if c.Withdrawn {
		return barometer.Errorf(barometer.State, "The case is withdrawn, so its outcomes and notifications do not change; take the withdrawal back first.")
	}
	return nil
}

func (p *problems) checkReference(reference string) {
	if code, detail := barometer.CheckReference(reference); code != "" {
		p.add("/reference", code, "%s", detail)
	}
}

func (p *problems) checkCaseType(t barometer.CaseType) {
	types := []barometer.CaseType{barometer.FamilyTreatment, barometer.Placement, barometer.PlacementWithoutConsent}
	if !slices.Contains(types, t) {
		p.add("/case_type", "unknown_value", "unknown case type; allowed: %s", barometer.List(types))
	}
}

func (p *problems) checkParticipant(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, c barometer.Case) error {
	m, known := cat.Municipality(c.Municipality)
	if !known {
		p.add("/municipality", "unknown_value", "unknown municipality; want a four-digit code such as 0707")
		return nil
	}
	_, err := tx.Participation(ctx, c.Round, m.Code)
	if barometer.KindOf(err) == barometer.NotFound {
		p.add("/municipality", "not_participating", "%s (%s) has no participation in round %d", m.Code, m.Name, c.Round)
		return nil
	}
	return err
}

// checkAssigned looks for whom a case is to be assigned to.
func (p *problems) checkAssigned(ctx context.Context, tx *store.Store, to *string) error {
	if to == nil {
		return nil
	}
	if code, _ := barometer.CheckText(*to, barometer.MostReference); code == "" {
		key, err := tx.Key(ctx, *to)
		switch {
		case barometer.KindOf(err) == barometer.NotFound:
		case err != nil:
			return err
		case key.ValidAt(tx.Now()) && (key.Role == barometer.RoleAuditor || key.Role == barometer.RoleLead):
			return nil
		}
	}
	p.add("/assigned_to", "unknown_value", "want the id of a valid key of an auditor or a lead")
	return nil
}

func (p *problems) checkWithdrawal(c barometer.Case, to barometer.CasePatch) {
	const at = "/withdrawn_reason"
	switch {
	case to.Withdrawn && blank(to.WithdrawnReason):
		p.add(at, "required", "say why the case is withdrawn")
	case to.WithdrawnReason == nil || same(to.WithdrawnReason, c.WithdrawnReason):
		// Taking a withdrawal back takes its reason back with it.
	case !to.Withdrawn:
		p.add(at, "not_withdrawn", "a case that is not withdrawn has no reason for it")
	default:
		p.checkText(at, *to.WithdrawnReason)
	}
}
