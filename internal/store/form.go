package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Sheet is what is stored of the form of one case.
type Sheet struct {
	Units    []barometer.CaseUnit // by number, those that were removed among them
	Outcomes map[barometer.Cell]barometer.CaseOutcome
	// Notes are the assessors' own: there are none within a scope that leaves cases out.
	Notes map[barometer.Cell]string
}

// Sheet gives the form of a case as it stands at one moment. It is empty where the store's scope has no such case.
func (s *Store) Sheet(ctx context.Context, caseID string) (sheet Sheet, err error) {
	defer translate("sheet", &err)
	sheet = Sheet{Outcomes: map[barometer.Cell]barometer.CaseOutcome{}, Notes: map[barometer.Cell]string{}}
	withNotes := clause.Expr{SQL: "1 = 1"}
	if s.scope.restricted() {
		withNotes.SQL = "1 = 0"
	}
	var rows []struct {
		barometer.CaseOutcome
		Removed bool
		Note    string
	}
	err = s.db.WithContext(ctx).Raw(sheetSQL, withNotes, caseID, s.inScope("c")).Scan(&rows).Error
	for _, r := range rows {
		unit := barometer.CaseUnit{CaseID: r.CaseID, Number: r.Number, Unit: r.Unit, Removed: r.Removed}
		if n := len(sheet.Units); n == 0 || sheet.Units[n-1] != unit {
			sheet.Units = append(sheet.Units, unit)
		}
		if r.Outcome == "" {
			continue
		}
		at := barometer.Cell{Requirement: r.Requirement, Number: r.Number}
		sheet.Outcomes[at] = inUTC(r.CaseOutcome)
		if r.Note != "" {
			sheet.Notes[at] = r.Note
		}
	}
	return sheet, err
}

// One query, because each query sees what others have committed meanwhile.
const sheetSQL = `
SELECT u.case_id, u.number, u.unit, u.removed, c.round, COALESCE(o.requirement, '') AS requirement,
    COALESCE(o.outcome, '') AS outcome, COALESCE(o.reason, '') AS reason, COALESCE(o.revision, 0) AS revision, o.entered_at,
    COALESCE(o.entered_by, '') AS entered_by, COALESCE(o.entered_role, '') AS entered_role, o.why, o.import,
    COALESCE(n.note, '') AS note
FROM cases c JOIN case_units u ON u.case_id = c.id
LEFT JOIN case_outcomes o ON o.case_id = u.case_id AND o.number = u.number
LEFT JOIN outcome_notes n ON n.case_id = o.case_id AND n.requirement = o.requirement AND n.number = o.number AND ?
WHERE c.id = ? AND ? ORDER BY u.number`

func inUTC(o barometer.CaseOutcome) barometer.CaseOutcome {
	if o.EnteredAt != nil {
		at := o.EnteredAt.UTC()
		o.EnteredAt = &at
	}
	return o
}

// Revisions gives what the outcome of a cell was over time, the oldest first: the last one is what it is, and has an
// empty outcome where it was removed. There are none where none was ever entered.
func (s *Store) Revisions(ctx context.Context, caseID string, at barometer.Cell) (found []barometer.OutcomeRevision, err error) {
	defer translate("revisions", &err)
	err = s.db.WithContext(ctx).Raw(revisionsSQL, caseID, at.Requirement, at.Number, s.inScope("c")).Scan(&found).Error
	for i := range found {
		if t := found[i].EnteredAt; t != nil {
			*t = t.UTC()
		}
	}
	return found, err
}

const revisionsSQL = `
SELECT r.* FROM (
    SELECT case_id, requirement, number, revision, outcome, reason, entered_at, entered_by, entered_role, why, import
    FROM outcome_revisions
    UNION ALL
    SELECT case_id, requirement, number, revision, outcome, reason, entered_at, entered_by, entered_role, why, import
    FROM case_outcomes
) r JOIN cases c ON c.id = r.case_id
WHERE r.case_id = ? AND r.requirement = ? AND r.number = ? AND ? ORDER BY r.revision`

// EverEntered tells whether any outcome was entered for a case, whatever has become of it.
func (s *Store) EverEntered(ctx context.Context, caseID string) (entered bool, err error) {
	defer translate("ever entered", &err)
	var cases int
	err = s.db.WithContext(ctx).Raw(everEnteredSQL, caseID, s.inScope("c")).Scan(&cases).Error
	return cases > 0, err
}

const everEnteredSQL = `
SELECT count(*) FROM cases c WHERE c.id = ? AND ? AND (EXISTS (SELECT 1 FROM case_outcomes o WHERE o.case_id = c.id)
    OR EXISTS (SELECT 1 FROM outcome_revisions r WHERE r.case_id = c.id))`

// AddUnit adds a unit to a case; Conflict where its number was ever used.
func (s *Store) AddUnit(ctx context.Context, u barometer.CaseUnit) (err error) {
	defer translate("add unit", &err)
	return gorm.G[barometer.CaseUnit](s.db).Create(ctx, &u)
}

// RemoveUnit takes a notification, whose outcomes are removed, out of its case; NotFound where there is none.
func (s *Store) RemoveUnit(ctx context.Context, caseID string, number int) (err error) {
	defer translate("remove unit", &err)
	rows, err := gorm.G[barometer.CaseUnit](s.db).
		Where("case_id = ? AND number = ? AND number > 0 AND NOT removed", caseID, number).Update(ctx, "removed", true)
	if err == nil && rows == 0 {
		return gorm.ErrRecordNotFound
	}
	return err
}

// OutcomeChange gives a cell of a case's form another outcome; none where the outcome is empty.
type OutcomeChange struct {
	barometer.Cell
	barometer.Assessment
}

// ChangeOutcomes enters, changes and removes outcomes of a case, which is locked, in the name of the store's caller.
// What an outcome was before is kept as a revision, and so is its removal. The reason why is kept for all but first
// entries.
func (s *Store) ChangeOutcomes(ctx context.Context, c barometer.Case, changes []OutcomeChange, why *string) (err error) {
	defer translate("change outcomes", &err)
	before, err := s.Sheet(ctx, c.ID)
	if err != nil {
		return err
	}
	last, err := s.lastRevisions(ctx, c.ID)
	if err != nil {
		return err
	}
	now := s.now()
	entry := barometer.Entry{EnteredAt: &now, EnteredBy: s.caller.ID, EnteredRole: s.caller.Role, Why: why}
	var past []barometer.OutcomeRevision
	var present []barometer.CaseOutcome
	var removed []barometer.Cell
	for _, change := range changes {
		was, entered := before.Outcomes[change.Cell]
		revision := max(was.Revision, last[change.Cell]) + 1
		if entered {
			past = append(past, pastOf(was))
		}
		is := outcomeOf(c, change, revision, entry)
		switch {
		case change.Outcome != "":
			present = append(present, is)
		case entered:
			past = append(past, pastOf(is))
			removed = append(removed, change.Cell)
		}
	}
	if err := insert(ctx, s, past); err != nil {
		return err
	}
	if err := insert(ctx, s, present, clause.OnConflict{UpdateAll: true}); err != nil {
		return err
	}
	return s.removeOutcomes(ctx, c.ID, removed)
}

// lastRevisions gives the number of the latest revision of each cell before the present one.
func (s *Store) lastRevisions(ctx context.Context, caseID string) (map[barometer.Cell]int, error) {
	var found []struct {
		barometer.Cell
		Last int
	}
	err := s.db.WithContext(ctx).Raw(lastRevisionsSQL, caseID, s.inScope("c")).Scan(&found).Error
	last := make(map[barometer.Cell]int, len(found))
	for _, r := range found {
		last[r.Cell] = r.Last
	}
	return last, err
}

const lastRevisionsSQL = `
SELECT r.requirement, r.number, max(r.revision) AS last FROM outcome_revisions r JOIN cases c ON c.id = r.case_id
WHERE c.id = ? AND ? GROUP BY r.requirement, r.number`

func (s *Store) removeOutcomes(ctx context.Context, caseID string, cells []barometer.Cell) error {
	for _, at := range cells {
		_, err := gorm.G[barometer.CaseOutcome](s.db).
			Where("case_id = ? AND requirement = ? AND number = ?", caseID, at.Requirement, at.Number).Delete(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

func outcomeOf(c barometer.Case, change OutcomeChange, revision int, entry barometer.Entry) barometer.CaseOutcome {
	if revision == 1 {
		entry.Why = nil
	}
	unit := barometer.UnitNotification
	if change.Number == 0 {
		unit = barometer.UnitCase
	}
	return barometer.CaseOutcome{
		CaseID: c.ID, Requirement: change.Requirement, Number: change.Number, Round: c.Round, Unit: unit,
		Outcome: change.Outcome, Reason: change.Reason, Revision: revision, Entry: entry,
	}
}

func pastOf(o barometer.CaseOutcome) barometer.OutcomeRevision {
	return barometer.OutcomeRevision{
		CaseID: o.CaseID, Requirement: o.Requirement, Number: o.Number, Revision: o.Revision,
		Outcome: o.Outcome, Reason: o.Reason, Entry: o.Entry,
	}
}
