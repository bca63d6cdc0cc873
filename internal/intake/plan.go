package intake

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// cell is where an outcome stands within a group: one requirement of one unit of a case.
type cell struct {
	reference   string
	requirement string
	number      int
}

// entered is an outcome with the line it comes from, 0 where it is stored already.
type entered struct {
	barometer.Assessment
	line int
}

// plan is what a group of rows changes in the store.
type plan struct {
	round    *round
	ids      map[string]string // reference -> id of the case
	cases    []barometer.Case
	units    []barometer.CaseUnit
	added    []barometer.CaseOutcome
	changed  []barometer.CaseOutcome
	same     int
	warnings []barometer.FieldError
}

// stored is what the store holds of a group.
type stored struct {
	cases    map[string]barometer.Case // by reference
	units    map[barometer.CaseUnit]bool
	outcomes map[cell]entered
}

// plan checks the rows of a group against each other and against what is stored, and works out what they change.
func (in *outcomesFile) plan(ctx context.Context, tx *store.Store, at group) (*plan, error) {
	r := in.rounds[at.round]
	have, err := readStored(ctx, tx, r, at)
	if err != nil {
		return nil, err
	}
	rows := in.distinct(in.groups[at])
	in.checkCaseTypes(rows, have)
	p := &plan{round: r, ids: map[string]string{}}
	in.checkPreconditions(p, rows, have)
	return p, p.work(at, rows, have)
}

func readStored(ctx context.Context, tx *store.Store, r *round, at group) (stored, error) {
	have := stored{map[string]barometer.Case{}, map[barometer.CaseUnit]bool{}, map[cell]entered{}}
	if r.isNew {
		return have, nil
	}
	cases, err := tx.Cases(ctx, at.round, at.municipality)
	if err != nil {
		return have, err
	}
	references := map[string]string{}
	for _, c := range cases {
		have.cases[c.Reference] = c
		references[c.ID] = c.Reference
	}
	units, err := tx.CaseUnits(ctx, at.round, at.municipality)
	if err != nil {
		return have, err
	}
	for _, u := range units {
		have.units[u] = true
	}
	outcomes, err := tx.CaseOutcomes(ctx, at.round, at.municipality)
	for _, o := range outcomes {
		have.outcomes[cell{references[o.CaseID], o.Requirement, o.Number}] = entered{Assessment: o.Assessment()}
	}
	return have, err
}

// distinct refuses a second row for a cell, and leaves it out.
func (in *outcomesFile) distinct(rows []outcomeRow) []outcomeRow {
	first := make(map[cell]int, len(rows))
	return slices.DeleteFunc(rows, func(row outcomeRow) bool {
		at := cell{row.reference, row.requirement, row.number}
		line, twice := first[at]
		if !twice {
			first[at] = row.line
			return false
		}
		in.add(barometer.FieldError{Line: row.line, Column: "requirement", Code: "repeated"},
			"line %d has an outcome of the same requirement for the same case or notification already", line)
		return true
	})
}

// checkCaseTypes refuses a case with two types, once for each case.
func (in *outcomesFile) checkCaseTypes(rows []outcomeRow, have stored) {
	type seen struct {
		caseType barometer.CaseType
		line     int
	}
	first, refused := map[string]seen{}, map[string]bool{}
	for _, row := range rows {
		before, ok := first[row.reference]
		if !ok {
			before = seen{row.caseType, row.line}
			if c, isStored := have.cases[row.reference]; isStored {
				before = seen{c.CaseType, 0}
			}
			first[row.reference] = before
		}
		if row.caseType == before.caseType || refused[row.reference] {
			continue
		}
		refused[row.reference] = true
		at := barometer.FieldError{Line: row.line, Column: "case_type", Code: "two_case_types"}
		if before.line == 0 {
			in.add(at, "the case is stored as %s, here it is %s", before.caseType, row.caseType)
		} else {
			in.add(at, "the case is %s in line %d, here it is %s", before.caseType, before.line, row.caseType)
		}
	}
}

// checkPreconditions holds every outcome of the cases in the rows against that of its precondition, whichever of the
// two the file brings. A precondition that is not entered yet is a warning.
func (in *outcomesFile) checkPreconditions(p *plan, rows []outcomeRow, have stored) {
	now := make(map[cell]entered, len(rows))
	for at, e := range have.outcomes {
		now[at] = e
	}
	for _, row := range rows {
		now[cell{row.reference, row.requirement, row.number}] = entered{row.Assessment, row.line}
	}
	checked := map[string]bool{}
	for _, row := range rows {
		if checked[row.reference] {
			continue
		}
		checked[row.reference] = true
		for _, q := range p.round.asked {
			if q.Precondition != nil {
				in.checkPrecondition(p, row.reference, q, now)
			}
		}
	}
}

func (in *outcomesFile) checkPrecondition(p *plan, reference string, q barometer.Requirement, now map[cell]entered) {
	child, judged := now[cell{reference, q.Code, 0}]
	if _, asked := p.round.requirement(*q.Precondition); !judged || !asked {
		return
	}
	parent, known := now[cell{reference, *q.Precondition, 0}]
	if !known {
		if child.line > 0 {
			p.warnings = append(p.warnings, barometer.FieldError{
				Line: child.line, Column: "requirement", Code: "precondition_not_entered",
				Detail: "the precondition of " + q.Code + ", " + *q.Precondition + ", is not entered yet",
			})
		}
		return
	}
	wrong := child.CheckUnder(parent.Outcome)
	if wrong == "" {
		return
	}
	at := barometer.FieldError{Line: cmp.Or(child.line, parent.line), Column: "outcome", Code: "precondition"}
	if child.line > 0 {
		in.add(at, "%s is %s, but %s (%s)", q.Code, child.Outcome, wrong, *q.Precondition)
	} else {
		in.add(at, "%s is stored for this case as %s, but with this row %s (%s); bring both in one file", q.Code, child.Outcome, wrong, *q.Precondition)
	}
}

// work sorts the rows into what is added, changed and unchanged.
func (p *plan) work(at group, rows []outcomeRow, have stored) error {
	for reference, c := range have.cases {
		p.ids[reference] = c.ID
	}
	units := have.units
	for _, row := range rows {
		id, err := p.caseOf(at, row)
		if err != nil {
			return err
		}
		unit := barometer.UnitNotification
		if row.number == 0 {
			unit = barometer.UnitCase
		}
		if u := (barometer.CaseUnit{CaseID: id, Number: row.number, Unit: unit}); !units[u] {
			units[u] = true
			p.units = append(p.units, u)
		}
		outcome := barometer.CaseOutcome{
			CaseID: id, Requirement: row.requirement, Number: row.number, Round: at.round, Unit: unit,
			Outcome: row.Outcome, Reason: row.Reason,
		}
		switch before, ok := have.outcomes[cell{row.reference, row.requirement, row.number}]; {
		case !ok:
			p.added = append(p.added, outcome)
		case before.Assessment == row.Assessment:
			p.same++
		default:
			p.changed = append(p.changed, outcome)
		}
	}
	p.addCaseUnits(units)
	return nil
}

// caseOf gives the id of a row's case, which is new where nobody has heard of it.
func (p *plan) caseOf(at group, row outcomeRow) (string, error) {
	if id, ok := p.ids[row.reference]; ok {
		return id, nil
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "", err
	}
	p.ids[row.reference] = id.String()
	p.cases = append(p.cases, barometer.Case{
		ID: id.String(), Round: at.round, Municipality: at.municipality, Reference: row.reference, CaseType: row.caseType,
	})
	return id.String(), nil
}

// addCaseUnits gives every new case itself as a unit, also where the file judges its notifications alone.
func (p *plan) addCaseUnits(units map[barometer.CaseUnit]bool) {
	for _, c := range p.cases {
		if u := (barometer.CaseUnit{CaseID: c.ID, Number: 0, Unit: barometer.UnitCase}); !units[u] {
			p.units = append(p.units, u)
		}
	}
}

// apply stores what the plan changes, and counts it.
func (p *plan) apply(ctx context.Context, tx *store.Store, receipt *Receipt) error {
	if err := tx.AddCases(ctx, p.cases, p.units, p.added); err != nil {
		return err
	}
	for _, o := range p.changed {
		if err := tx.ReplaceOutcome(ctx, o); err != nil {
			return err
		}
	}
	receipt.Added += len(p.added)
	receipt.Changed += len(p.changed)
	receipt.Unchanged += p.same
	receipt.Cases += len(p.cases)
	receipt.Warnings = append(receipt.Warnings, p.warnings...)
	return nil
}
