package intake

import (
	"context"
	"maps"
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

// changes is what a file changes in the store.
type changes struct {
	cases   []barometer.Case
	units   []barometer.CaseUnit
	added   []barometer.CaseOutcome
	revised []barometer.CaseOutcome
}

// apply stores the changes.
func (c changes) apply(ctx context.Context, tx *store.Store) error {
	if err := tx.AddCases(ctx, c.cases, c.units, c.added); err != nil {
		return err
	}
	return tx.ReviseOutcomes(ctx, c.revised)
}

// unit of a case by the case's reference.
type unit struct {
	reference string
	number    int
}

// stored is what the store holds of a group.
type stored struct {
	cases    map[string]barometer.Case // by reference
	units    map[unit]bool             // true: removed
	outcomes map[cell]barometer.CaseOutcome
	last     map[store.OutcomeKey]int // number of the latest revision in the past
}

// readStored reads what there is of the cases of these references; nothing is there of a round that the file creates.
func readStored(ctx context.Context, tx *store.Store, at group, references []string, isNew bool) (stored, error) {
	have := stored{map[string]barometer.Case{}, map[unit]bool{}, map[cell]barometer.CaseOutcome{}, map[store.OutcomeKey]int{}}
	if isNew {
		return have, nil
	}
	for some := range slices.Chunk(references, rowsAtOnce) {
		found, err := tx.CasesByReference(ctx, at.round, at.municipality, some)
		if err != nil {
			return have, err
		}
		have.take(found)
	}
	return have, nil
}

func (have stored) take(some store.SomeCases) {
	references := make(map[string]string, len(some.Cases))
	for _, c := range some.Cases {
		have.cases[c.Reference] = c
		references[c.ID] = c.Reference
	}
	for _, u := range some.Units {
		have.units[unit{references[u.CaseID], u.Number}] = u.Removed
	}
	for _, o := range some.Outcomes {
		have.outcomes[cell{references[o.CaseID], o.Requirement, o.Number}] = o
	}
	maps.Copy(have.last, some.Last)
}

// referencesOf gives the references of the cases of rows, of which those of one case follow each other.
func referencesOf(rows []outcomeRow) (references []string) {
	for i, row := range rows {
		if i == 0 || row.reference != rows[i-1].reference {
			references = append(references, row.reference)
		}
	}
	return references
}

// plan checks the rows of some cases of a group against each other and against what is stored, and works out what they
// change.
func (in *outcomesFile) plan(ctx context.Context, at group, rows []outcomeRow) error {
	r := in.rounds[at.round]
	have, err := readStored(ctx, in.tx, at, referencesOf(rows), r.isNew)
	if err != nil {
		return err
	}
	rows = in.distinct(rows)
	in.checkUnits(rows, have)
	in.checkCaseTypes(rows, have)
	rows = in.withoutOutdated(rows, have)
	in.checkPreconditions(r, rows, have)
	return in.work(at, rows, have)
}

// work sorts the rows into what is added, revised and unchanged.
func (in *outcomesFile) work(at group, rows []outcomeRow, have stored) error {
	receipt := in.receipts[at.round]
	ids := make(map[string]string, len(have.cases)) // of the cases, by reference
	for reference, c := range have.cases {
		ids[reference] = c.ID
	}
	for _, row := range rows {
		if err := in.addUnits(at, row, ids, have); err != nil {
			return err
		}
		if row.requirement == "" {
			continue
		}
		outcome := in.outcomeOf(row, ids[row.reference])
		switch before, entered := have.outcomes[row.cell()]; {
		case !entered:
			outcome.Revision = have.last[store.OutcomeKey{CaseID: outcome.CaseID, Requirement: row.requirement, Number: row.number}] + 1
			in.added = append(in.added, outcome)
			receipt.Added++
		case before.Assessment() == row.Assessment:
			receipt.Unchanged++
		default:
			outcome.Why = in.Why
			in.revised = append(in.revised, outcome)
			receipt.Changed++
			in.entered++
		}
	}
	return nil
}

// outcomeOf gives the outcome that a row enters.
func (in *outcomesFile) outcomeOf(row outcomeRow, caseID string) barometer.CaseOutcome {
	receipt, counted := in.receipts[row.round], barometer.UnitNotification
	if row.number == 0 {
		counted = barometer.UnitCase
	}
	return barometer.CaseOutcome{
		CaseID: caseID, Requirement: row.requirement, Number: row.number, Round: row.round, Unit: counted,
		Outcome: row.Outcome, Reason: row.Reason,
		Entry: barometer.Entry{EnteredAt: &receipt.At, EnteredBy: receipt.Caller, EnteredRole: receipt.Role, Import: receipt.ID},
	}
}

// addUnits adds the case of a row where nobody has heard of it, and its notification.
func (in *outcomesFile) addUnits(at group, row outcomeRow, ids map[string]string, have stored) error {
	id, known := ids[row.reference]
	if !known {
		made, err := uuid.NewV7()
		if err != nil {
			return err
		}
		id = made.String()
		ids[row.reference] = id
		in.cases = append(in.cases, barometer.Case{
			ID: id, Round: at.round, Municipality: at.municipality, Reference: row.reference, CaseType: row.caseType,
		})
		in.units = append(in.units, barometer.CaseUnit{CaseID: id, Number: 0, Unit: barometer.UnitCase})
		in.receipts[at.round].Cases++
	}
	if u := (unit{row.reference, row.number}); row.number > 0 {
		if _, there := have.units[u]; !there {
			have.units[u] = false
			in.units = append(in.units, barometer.CaseUnit{CaseID: id, Number: row.number, Unit: barometer.UnitNotification})
		}
	}
	return nil
}
