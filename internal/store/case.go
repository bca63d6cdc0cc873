package store

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Case gives a case; NotFound where the store's scope has none of that id.
func (s *Store) Case(ctx context.Context, id string) (c barometer.Case, err error) {
	defer translate("case", &err)
	return s.caseOf(ctx, id)
}

// LockCase gives a case, and makes whoever else locks it wait until the transaction ends; NotFound where the store's
// scope has none of that id.
func (s *Store) LockCase(ctx context.Context, id string) (c barometer.Case, err error) {
	defer translate("lock case", &err)
	return s.caseOf(ctx, id, clause.Locking{Strength: clause.LockingStrengthUpdate})
}

// caseOf looks for nothing that is no id, which need not even be text that a database takes.
func (s *Store) caseOf(ctx context.Context, id string, options ...clause.Expression) (barometer.Case, error) {
	if read, err := uuid.Parse(id); err != nil || read.String() != id {
		return barometer.Case{}, barometer.Errorf(barometer.NotFound,
			"There is no such case. The id of a case looks like 0190f1c2-8a5e-7b3c-9d4e-5f6071829304.")
	}
	c, err := gorm.G[barometer.Case](s.db, options...).Where("id = ?", id).Where(s.inScope("cases")).First(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return c, barometer.Errorf(barometer.NotFound, "There is no case %s.", id)
	}
	return c, err
}

// AddCase adds a case with itself and that many notifications as its units. Conflict where its reference is taken.
func (s *Store) AddCase(ctx context.Context, c barometer.Case, notifications int) (err error) {
	defer translate("add case", &err)
	if err := gorm.G[barometer.Case](s.db).Create(ctx, &c); err != nil {
		return err
	}
	units := []barometer.CaseUnit{{CaseID: c.ID, Number: 0, Unit: barometer.UnitCase}}
	for n := range notifications {
		units = append(units, barometer.CaseUnit{CaseID: c.ID, Number: n + 1, Unit: barometer.UnitNotification})
	}
	return insert(ctx, s, units)
}

// ReferenceTaken tells whether a municipality has a case of a reference in a round.
func (s *Store) ReferenceTaken(ctx context.Context, year barometer.Year, municipality, reference string) (taken bool, err error) {
	defer translate("reference taken", &err)
	cases, err := gorm.G[barometer.Case](s.db).
		Where("round = ? AND municipality = ? AND reference = ?", year, municipality, reference).Where(s.inScope("cases")).Count(ctx, "*")
	return cases > 0, err
}

// ChangeCase keeps what of a case can be changed; Conflict where its reference is taken.
func (s *Store) ChangeCase(ctx context.Context, c barometer.Case) (err error) {
	defer translate("change case", &err)
	_, err = gorm.G[barometer.Case](s.db).Where("id = ?", c.ID).
		Select("reference", "case_type", "assigned_to", "withdrawn", "withdrawn_reason").Updates(ctx, c)
	return err
}

// DeleteCase deletes a case for which no outcome was ever entered.
func (s *Store) DeleteCase(ctx context.Context, id string) (err error) {
	defer translate("delete case", &err)
	if _, err := gorm.G[barometer.CaseUnit](s.db).Where("case_id = ?", id).Delete(ctx); err != nil {
		return err
	}
	_, err = gorm.G[barometer.Case](s.db).Where("id = ?", id).Delete(ctx)
	return err
}

// Cases gives the cases of a municipality in a round, by reference.
func (s *Store) Cases(ctx context.Context, year barometer.Year, municipality string) (cases []barometer.Case, err error) {
	defer translate("cases", &err)
	cases, err = gorm.G[barometer.Case](s.db).
		Where("round = ? AND municipality = ?", year, municipality).Where(s.inScope("cases")).Find(ctx)
	byText(cases, func(c barometer.Case) [2]string { return [2]string{c.Reference} })
	return cases, err
}

// CaseOutcomes gives all outcomes of a municipality's cases in a round, by case, requirement and number.
func (s *Store) CaseOutcomes(ctx context.Context, year barometer.Year, municipality string) (found []barometer.CaseOutcome, err error) {
	defer translate("case outcomes", &err)
	err = s.db.WithContext(ctx).Raw(caseOutcomesSQL, year, municipality, s.inScope("c")).Scan(&found).Error
	for i := range found {
		found[i] = inUTC(found[i])
	}
	byText(found, func(o barometer.CaseOutcome) [2]string { return [2]string{o.CaseID, o.Requirement} })
	return found, err
}

const caseOutcomesSQL = `
SELECT o.* FROM case_outcomes o JOIN cases c ON c.id = o.case_id
WHERE c.round = ? AND c.municipality = ? AND ? ORDER BY o.number`

// CaseUnits gives all units of a municipality's cases in a round, by case and number.
func (s *Store) CaseUnits(ctx context.Context, year barometer.Year, municipality string) ([]barometer.CaseUnit, error) {
	return s.unitsOfCases(ctx, year, municipality, false)
}

// RemovedUnits gives the notifications of a municipality's cases in a round that were removed, and whose numbers are not
// used again, by case and number.
func (s *Store) RemovedUnits(ctx context.Context, year barometer.Year, municipality string) ([]barometer.CaseUnit, error) {
	return s.unitsOfCases(ctx, year, municipality, true)
}

func (s *Store) unitsOfCases(ctx context.Context, year barometer.Year, municipality string, removed bool) (found []barometer.CaseUnit, err error) {
	defer translate("case units", &err)
	err = s.db.WithContext(ctx).Raw(caseUnitsSQL, year, municipality, removed, s.inScope("c")).Scan(&found).Error
	byText(found, func(u barometer.CaseUnit) [2]string { return [2]string{u.CaseID} })
	return found, err
}

const caseUnitsSQL = `
SELECT u.* FROM case_units u JOIN cases c ON c.id = u.case_id
WHERE c.round = ? AND c.municipality = ? AND u.removed = ? AND ? ORDER BY u.number`

// SampleSize is a number of units of a municipality's cases of one type: of its sample, or of those withdrawn from it.
type SampleSize struct {
	Municipality string
	CaseType     barometer.CaseType
	Unit         barometer.Unit
	Withdrawn    bool
	Units        int
}

// SampleSizes counts the units of a round, without removed notifications.
func (s *Store) SampleSizes(ctx context.Context, year barometer.Year) (sizes []SampleSize, err error) {
	defer translate("sample sizes", &err)
	err = s.db.WithContext(ctx).Raw(sampleSizesSQL, year, s.inScope("c")).Scan(&sizes).Error
	return sizes, err
}

const sampleSizesSQL = `
SELECT c.municipality, c.case_type, u.unit, c.withdrawn, count(*) AS units
FROM cases c JOIN case_units u ON u.case_id = c.id
WHERE c.round = ? AND NOT u.removed AND ? GROUP BY c.municipality, c.case_type, u.unit, c.withdrawn`

// CaseTally says how many units of one case got an outcome on a requirement.
type CaseTally struct {
	Municipality string
	CaseID       string
	CaseType     barometer.CaseType
	Requirement  string
	Outcome      barometer.Outcome
	Reason       barometer.Reason
	Units        int
}

// EachCaseTally hands over the outcomes of a round's cases, those of one case in a row and the cases of one
// municipality in a row. Withdrawn cases are left out.
func (s *Store) EachCaseTally(ctx context.Context, year barometer.Year, each func(CaseTally)) (err error) {
	defer translate("case tallies", &err)
	rows, err := s.db.WithContext(ctx).Raw(caseTalliesSQL, year, false, s.inScope("c")).Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var t CaseTally
		if err := rows.Scan(&t.Municipality, &t.CaseID, &t.CaseType, &t.Requirement, &t.Outcome, &t.Reason, &t.Units); err != nil {
			return err
		}
		each(t)
	}
	return rows.Err()
}

const caseTalliesSQL = `
SELECT c.municipality, c.id, c.case_type, o.requirement, o.outcome, o.reason, count(*)
FROM cases c JOIN case_outcomes o ON o.case_id = c.id
WHERE c.round = ? AND c.withdrawn = ? AND ?
GROUP BY c.municipality, c.id, c.case_type, o.requirement, o.outcome, o.reason
ORDER BY c.municipality, c.id`
