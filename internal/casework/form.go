package casework

import (
	"context"
	"fmt"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// sheet is the form of a case as it is stored, with what its round asks.
type sheet struct {
	store.Sheet
	cat   *catalogue.Catalogue
	of    barometer.Case
	asked []barometer.Requirement // in catalogue order
}

func readSheet(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, c barometer.Case) (s sheet, err error) {
	s.cat, s.of = cat, c
	if s.asked, err = Asked(ctx, tx, cat, c.Round); err != nil {
		return s, err
	}
	s.Sheet, err = tx.Sheet(ctx, c.ID)
	return s, err
}

// Asked gives the requirements that a round asks, in catalogue order, with the units that the round counts them over.
func Asked(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year) ([]barometer.Requirement, error) {
	rows, err := tx.RoundRequirements(ctx, year)
	if err != nil {
		return nil, err
	}
	units := map[string]barometer.Unit{}
	for _, r := range rows {
		units[r.Requirement] = r.Unit
	}
	var asked []barometer.Requirement
	for _, q := range cat.Requirements(barometer.Danish) {
		if unit, ok := units[q.Code]; ok {
			q.Unit = unit
			asked = append(asked, q)
		}
	}
	return asked, nil
}

// cells lists the cells of the form: each requirement, once for the case or once for each of its notifications.
func (s sheet) cells() []barometer.Cell {
	var cells []barometer.Cell
	for _, q := range s.asked {
		for _, u := range s.Units {
			if u.Unit == q.Unit && !u.Removed {
				cells = append(cells, barometer.Cell{Requirement: q.Code, Number: u.Number})
			}
		}
	}
	return cells
}

// cellOf gives what stands in a cell.
func (s sheet) cellOf(at barometer.Cell) barometer.FormOutcome {
	f := barometer.FormOutcome{Requirement: at.Requirement}
	if at.Number > 0 {
		f.Notification = &at.Number
	}
	if o, entered := s.Outcomes[at]; entered {
		f.Outcome, f.Reason = &o.Outcome, orNil(o.Reason)
	}
	f.Note = orNil(s.Notes[at])
	return f
}

func orNil[T ~string](text T) *T {
	if text == "" {
		return nil
	}
	return &text
}

// Form gives all cells of a case's form, whether an outcome is entered or not.
func Form(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, c barometer.Case) (barometer.Form, error) {
	s, err := readSheet(ctx, tx, cat, c)
	if err != nil {
		return barometer.Form{}, err
	}
	form := barometer.Form{Outcomes: []barometer.FormOutcome{}}
	for _, at := range s.cells() {
		form.Outcomes = append(form.Outcomes, s.cellOf(at))
	}
	return form, nil
}

// PutForm replaces all outcomes and notes of a case. State where the case is withdrawn, Invalid with all that is wrong
// with the form as a whole.
func PutForm(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, c barometer.Case, in barometer.FormInput) (barometer.Form, error) {
	if err := notWithdrawn(c); err != nil {
		return barometer.Form{}, err
	}
	s, err := readSheet(ctx, tx, cat, c)
	if err != nil {
		return barometer.Form{}, err
	}
	var p problems
	cells, complete := p.checkForm(s, in)
	e := edit{}
	for _, at := range s.cells() {
		if to, given := cells[at]; given && to.usable || !given && complete {
			e.set(s, at, to.assessment, &to.note)
		}
	}
	p.checkWhy(in.Why, e.changesEntered)
	if err := p.err("The form cannot be stored so."); err != nil {
		return barometer.Form{}, err
	}
	if err := e.store(ctx, tx, c, in.Why); err != nil {
		return barometer.Form{}, err
	}
	return Form(ctx, tx, cat, c)
}

// formCell is what is entered in one cell of a form.
type formCell struct {
	pointer    string // of the cell in the request
	assessment barometer.Assessment
	note       string
	usable     bool // nothing is wrong with it by itself
}

// checkForm gives the cells of a form that is sent by their place in the form of the case, and whether all of them have
// one.
func (p *problems) checkForm(s sheet, in barometer.FormInput) (cells map[barometer.Cell]formCell, complete bool) {
	cells, judged := map[barometer.Cell]formCell{}, map[barometer.Cell]barometer.Assessment{}
	complete = true
	for i, sent := range in.Outcomes {
		cell := p.checkCell(fmt.Sprintf("/outcomes/%d", i), sent)
		at, found := p.checkPlace(s, cell.pointer, sent)
		before, repeated := cells[at]
		switch {
		case !found:
			complete = false
		case repeated:
			p.add(cell.pointer, "repeated", "%s is of the same requirement, for the same case or notification, already", before.pointer)
		default:
			cells[at] = cell
			if cell.usable && cell.assessment.Outcome != "" {
				judged[at] = cell.assessment
			}
		}
	}
	for _, conflict := range barometer.CheckPreconditions(s.asked, judged) {
		p.add(cells[conflict.Child].pointer+"/outcome", "precondition", "%s", conflict.Detail)
	}
	return cells, complete
}

// checkPlace finds where in the form of the case a cell stands.
func (p *problems) checkPlace(s sheet, pointer string, sent barometer.FormOutcomeInput) (at barometer.Cell, found bool) {
	q, asked := barometer.FindRequirement(s.asked, sent.Requirement)
	if !asked {
		p.add(pointer+"/requirement", s.whyNotAsked(sent.Requirement), "round %d asks no such requirement; see /v1/rounds/%d/requirements",
			s.of.Round, s.of.Round)
		return at, false
	}
	at.Requirement = q.Code
	pointer += "/notification"
	switch n := sent.Notification; {
	case q.Unit == barometer.UnitCase && n != nil:
		p.add(pointer, "wrong_unit", "%s is counted over cases; leave the notification out", q.Code)
	case q.Unit == barometer.UnitCase:
		return at, true
	case n == nil:
		p.add(pointer, "wrong_unit", "%s is counted over notifications; give the number of one", q.Code)
	case !s.has(*n):
		p.add(pointer, "unknown_value", "the case has no notification of this number")
	default:
		at.Number = *n
		return at, true
	}
	return at, false
}

// whyNotAsked tells a requirement that another round may ask from what is none.
func (s sheet) whyNotAsked(requirement string) (code string) {
	if _, known := s.cat.Requirement(requirement, barometer.Danish); known {
		return "not_asked"
	}
	return "unknown_value"
}

// has tells whether the case has a notification of a number.
func (s sheet) has(notification int) bool {
	for _, u := range s.Units {
		if u.Number == notification {
			return notification > 0 && !u.Removed
		}
	}
	return false
}

// checkCell reads what is entered in a cell.
func (p *problems) checkCell(pointer string, sent barometer.FormOutcomeInput) formCell {
	before := len(*p)
	cell := formCell{pointer: pointer}
	if sent.Note != nil {
		cell.note = *sent.Note
	}
	switch {
	case sent.Outcome != nil:
		cell.assessment = p.checkOutcome(pointer, *sent.Outcome, sent.Reason, sent.Note)
	case sent.Reason != nil:
		p.add(pointer+"/reason", "wrong_reason", "a reason goes with an outcome; there is none here")
	case cell.note != "":
		p.add(pointer+"/note", "no_outcome", "a note goes with an outcome; there is none here")
	}
	cell.usable = len(*p) == before
	return cell
}

func (p *problems) checkOutcome(pointer string, o barometer.Outcome, reason *barometer.Reason, note *string) barometer.Assessment {
	a := barometer.Assessment{Outcome: o}
	if reason != nil {
		a.Reason = *reason
	}
	if !o.Known() {
		p.add(pointer+"/outcome", "unknown_value", "unknown outcome; allowed: %s", barometer.List(barometer.Outcomes()))
	} else if wrong := o.CheckReason(a.Reason); wrong != "" {
		p.add(pointer+"/reason", "wrong_reason", "%s", wrong)
	}
	if note != nil {
		p.checkText(pointer+"/note", *note)
	}
	return a
}

// edit is what a form is changed by.
type edit struct {
	changes        []store.OutcomeChange
	notes          map[barometer.Cell]string
	changesEntered bool // changes or removes what was entered before
}

// set gives a cell an outcome, none where it is empty, and a note, "" for none; without a note the one that is there
// stays. What is there already is no change.
func (e *edit) set(s sheet, at barometer.Cell, to barometer.Assessment, note *string) {
	was, entered := s.Outcomes[at]
	if to != was.Assessment() {
		e.changes = append(e.changes, store.OutcomeChange{Cell: at, Assessment: to})
		e.changesEntered = e.changesEntered || entered
	}
	if note != nil && *note != s.Notes[at] {
		if e.notes == nil {
			e.notes = map[barometer.Cell]string{}
		}
		e.notes[at] = *note
	}
}

// store keeps the changes of a case's form, and why they were made.
func (e *edit) store(ctx context.Context, tx *store.Store, c barometer.Case, why *string) error {
	if blank(why) {
		why = nil
	}
	if len(e.changes) > 0 {
		if err := tx.ChangeOutcomes(ctx, c, e.changes, why); err != nil {
			return err
		}
	}
	return tx.PutNotes(ctx, c.ID, e.notes)
}
