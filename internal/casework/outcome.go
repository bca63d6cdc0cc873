package casework

import (
	"context"
	"strings"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// place finds a cell that the form of the case has; NotFound where it has none.
func (s sheet) place(at barometer.Cell) error {
	if err := s.question(at); err != nil {
		return err
	}
	if at.Number != 0 && !s.has(at.Number) {
		return noNotification(at.Number)
	}
	return nil
}

// question finds what a cell is about; NotFound where the round does not ask it, or not of such a unit.
func (s sheet) question(at barometer.Cell) error {
	q, asked := barometer.FindRequirement(s.asked, at.Requirement)
	if !asked {
		if s.whyNotAsked(at.Requirement) == "not_asked" {
			return barometer.Errorf(barometer.NotFound, "Round %d does not ask %s.", s.of.Round, at.Requirement)
		}
		return barometer.Errorf(barometer.NotFound, "There is no such requirement; see /v1/rounds/%d/requirements.", s.of.Round)
	}
	switch {
	case q.Unit == barometer.UnitCase && at.Number != 0:
		return barometer.Errorf(barometer.NotFound, "%s is counted over cases: its outcome is /v1/cases/%s/outcomes/%s.", q.Code, s.of.ID, q.Code)
	case q.Unit == barometer.UnitNotification && at.Number == 0:
		return barometer.Errorf(barometer.NotFound,
			"%s is counted over notifications: its outcomes are /v1/cases/%s/notifications/{number}/outcomes/%s.", q.Code, s.of.ID, q.Code)
	}
	return nil
}

// record gives the entered outcome of a cell; NotFound where none is entered.
func (s sheet) record(at barometer.Cell) (barometer.OutcomeRecord, error) {
	o, entered := s.Outcomes[at]
	if !entered {
		return barometer.OutcomeRecord{}, barometer.Errorf(barometer.NotFound, "No outcome of %s is entered here.", at.Requirement)
	}
	return barometer.OutcomeRecord{FormOutcome: s.cellOf(at), Revision: o.Revision, Entry: o.Entry}, nil
}

// Outcome gives the entered outcome of one cell of a case's form; NotFound where there is no such cell, and where no
// outcome is entered.
func Outcome(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, c barometer.Case, at barometer.Cell) (barometer.OutcomeRecord, error) {
	s, err := readSheet(ctx, tx, cat, c)
	if err != nil {
		return barometer.OutcomeRecord{}, err
	}
	if err := s.place(at); err != nil {
		return barometer.OutcomeRecord{}, err
	}
	return s.record(at)
}

// PutOutcome enters or changes the outcome of one cell. NotFound where there is no such cell, Invalid with all that is
// wrong, State where the case is withdrawn, and where what is judged on the condition that this requirement is met would
// no longer go with it.
func PutOutcome(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, c barometer.Case, at barometer.Cell, in barometer.OutcomeInput) (barometer.OutcomeRecord, error) {
	s, err := readSheet(ctx, tx, cat, c)
	if err != nil {
		return barometer.OutcomeRecord{}, err
	}
	if err := s.place(at); err != nil {
		return barometer.OutcomeRecord{}, err
	}
	if err := notWithdrawn(c); err != nil {
		return barometer.OutcomeRecord{}, err
	}
	var p problems
	e := edit{}
	to := p.checkOutcome("", in.Outcome, in.Reason, in.Note)
	e.set(s, at, to, in.Note)
	p.checkWhy(in.Why, e.changesEntered)
	var under []barometer.PreconditionConflict
	if len(e.changes) > 0 && to.Outcome.Known() {
		under = p.checkPreconditions(s, at, to)
	}
	if err := p.err("The outcome cannot be stored so."); err != nil {
		return barometer.OutcomeRecord{}, err
	}
	if err := judgedUnder(under); err != nil {
		return barometer.OutcomeRecord{}, err
	}
	if err := e.store(ctx, tx, c, in.Why); err != nil {
		return barometer.OutcomeRecord{}, err
	}
	return Outcome(ctx, tx, cat, c, at)
}

// checkPreconditions refuses an outcome that does not go with that of its precondition, and gives the outcomes for which
// it is the precondition and that do not go with it.
func (p *problems) checkPreconditions(s sheet, at barometer.Cell, to barometer.Assessment) (under []barometer.PreconditionConflict) {
	judged := make(map[barometer.Cell]barometer.Assessment, len(s.Outcomes)+1)
	for cell, o := range s.Outcomes {
		judged[cell] = o.Assessment()
	}
	judged[at] = to
	for _, conflict := range barometer.CheckPreconditions(s.asked, judged) {
		switch at {
		case conflict.Child:
			p.add("/outcome", "precondition", "%s", conflict.Detail)
		case conflict.Parent:
			under = append(under, conflict)
		}
	}
	return under
}

// judgedUnder refuses (State) a change that others do not go with, and names them.
func judgedUnder(conflicts []barometer.PreconditionConflict) error {
	if len(conflicts) == 0 {
		return nil
	}
	var names []string
	var p problems
	for _, c := range conflicts {
		names = append(names, c.Child.Requirement)
		p.add("/outcome", "precondition", "%s", c.Detail)
	}
	e := barometer.Errorf(barometer.State, "What is judged on the condition that this requirement is met does not go with that: %s. "+
		"Change both at once, with the whole form of the case.", strings.Join(names, ", "))
	e.Fields = p
	return e
}

// DeleteOutcome removes the entered outcome of one cell, with its note. NotFound where there is none, State where the
// case is withdrawn, Invalid without a reason.
func DeleteOutcome(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, c barometer.Case, at barometer.Cell, why *string) error {
	s, err := readSheet(ctx, tx, cat, c)
	if err != nil {
		return err
	}
	if err := s.place(at); err != nil {
		return err
	}
	if _, err := s.record(at); err != nil {
		return err
	}
	return s.remove(ctx, tx, []barometer.Cell{at}, why)
}

// remove removes what is entered in some cells.
func (s sheet) remove(ctx context.Context, tx *store.Store, cells []barometer.Cell, why *string) error {
	if err := notWithdrawn(s.of); err != nil {
		return err
	}
	e, noNote := edit{}, ""
	for _, at := range cells {
		e.set(s, at, barometer.Assessment{}, &noNote)
	}
	var p problems
	p.checkWhy(why, e.changesEntered)
	if err := p.forParameters().err("The outcome cannot be removed so."); err != nil {
		return err
	}
	return e.store(ctx, tx, s.of, why)
}

// Revisions gives what the outcome of one cell was over time, the oldest first and its present one last; of a removed
// notification too. NotFound where there is no such cell, and where no outcome was ever entered.
func Revisions(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, c barometer.Case, at barometer.Cell) ([]barometer.Revision, error) {
	s, err := readSheet(ctx, tx, cat, c)
	if err != nil {
		return nil, err
	}
	if err := s.question(at); err != nil {
		return nil, err
	}
	found, err := tx.Revisions(ctx, c.ID, at)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		if err := s.place(at); err != nil {
			return nil, err
		}
		return nil, barometer.Errorf(barometer.NotFound, "No outcome of %s was ever entered here.", at.Requirement)
	}
	revisions := make([]barometer.Revision, len(found))
	for i, r := range found {
		revisions[i] = barometer.Revision{Revision: r.Revision, Outcome: orNil(r.Outcome), Reason: orNil(r.Reason), Entry: r.Entry}
	}
	return revisions, nil
}
