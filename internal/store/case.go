package store

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Cases gives the cases of a municipality in a round, by reference.
func (s *Store) Cases(ctx context.Context, year barometer.Year, municipality string) (cases []barometer.Case, err error) {
	defer translate("cases", &err)
	cases, err = gorm.G[barometer.Case](s.db).Where("round = ? AND municipality = ?", year, municipality).Find(ctx)
	byText(cases, func(c barometer.Case) [2]string { return [2]string{c.Reference} })
	return cases, err
}

// CaseOutcomes gives all outcomes of a municipality's cases in a round, by case, requirement and number.
func (s *Store) CaseOutcomes(ctx context.Context, year barometer.Year, municipality string) (found []barometer.CaseOutcome, err error) {
	defer translate("case outcomes", &err)
	err = s.db.WithContext(ctx).Raw(caseOutcomesSQL, year, municipality).Scan(&found).Error
	byText(found, func(o barometer.CaseOutcome) [2]string { return [2]string{o.CaseID, o.Requirement} })
	return found, err
}

const caseOutcomesSQL = `
SELECT o.* FROM case_outcomes o JOIN cases c ON c.id = o.case_id
WHERE c.round = ? AND c.municipality = ? ORDER BY o.number`

// CaseUnits gives all units of a municipality's cases in a round, by case and number.
func (s *Store) CaseUnits(ctx context.Context, year barometer.Year, municipality string) (found []barometer.CaseUnit, err error) {
	defer translate("case units", &err)
	err = s.db.WithContext(ctx).Raw(caseUnitsSQL, year, municipality).Scan(&found).Error
	byText(found, func(u barometer.CaseUnit) [2]string { return [2]string{u.CaseID} })
	return found, err
}

const caseUnitsSQL = `
SELECT u.* FROM case_units u JOIN cases c ON c.id = u.case_id
WHERE c.round = ? AND c.municipality = ? ORDER BY u.number`

// AddCases adds cases with their units and outcomes. Their municipality must take part (Invalid), their references be
// new (Conflict).
func (s *Store) AddCases(ctx context.Context, cases []barometer.Case, units []barometer.CaseUnit, outcomes []barometer.CaseOutcome) (err error) {
	defer translate("add cases", &err)
	if err := insert(ctx, s, cases); err != nil {
		return err
	}
	if err := insert(ctx, s, units); err != nil {
		return err
	}
	return insert(ctx, s, outcomes)
}

// ReplaceOutcome gives a unit's requirement another outcome; NotFound where none was entered.
func (s *Store) ReplaceOutcome(ctx context.Context, o barometer.CaseOutcome) (err error) {
	defer translate("replace outcome", &err)
	rows, err := gorm.G[barometer.CaseOutcome](s.db).
		Where("case_id = ? AND requirement = ? AND number = ?", o.CaseID, o.Requirement, o.Number).
		Select("outcome", "reason").Updates(ctx, o)
	if err == nil && rows == 0 {
		return gorm.ErrRecordNotFound
	}
	return err
}

// SampleSize is a number of units of a municipality's sample, or of those withdrawn from it.
type SampleSize struct {
	Municipality string
	Unit         barometer.Unit
	Withdrawn    bool
	Units        int
}

// SampleSizes counts the units of a round.
func (s *Store) SampleSizes(ctx context.Context, year barometer.Year) (sizes []SampleSize, err error) {
	defer translate("sample sizes", &err)
	err = s.db.WithContext(ctx).Raw(sampleSizesSQL, year).Scan(&sizes).Error
	return sizes, err
}

const sampleSizesSQL = `
SELECT c.municipality, u.unit, c.withdrawn, count(*) AS units
FROM cases c JOIN case_units u ON u.case_id = c.id
WHERE c.round = ? GROUP BY c.municipality, u.unit, c.withdrawn`

// CaseTally says how many units of one case got an outcome on a requirement.
type CaseTally struct {
	Municipality string
	CaseID       string
	Requirement  string
	Outcome      barometer.Outcome
	Reason       barometer.Reason
	Units        int
}

// EachCaseTally hands over the outcomes of a round's cases, those of one case in a row and the cases of one
// municipality in a row. Withdrawn cases are left out.
func (s *Store) EachCaseTally(ctx context.Context, year barometer.Year, each func(CaseTally)) (err error) {
	defer translate("case tallies", &err)
	rows, err := s.db.WithContext(ctx).Raw(caseTalliesSQL, year, false).Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var t CaseTally
		if err := rows.Scan(&t.Municipality, &t.CaseID, &t.Requirement, &t.Outcome, &t.Reason, &t.Units); err != nil {
			return err
		}
		each(t)
	}
	return rows.Err()
}

const caseTalliesSQL = `
SELECT c.municipality, c.id, o.requirement, o.outcome, o.reason, count(*)
FROM cases c JOIN case_outcomes o ON o.case_id = c.id
WHERE c.round = ? AND c.withdrawn = ?
GROUP BY c.municipality, c.id, o.requirement, o.outcome, o.reason
ORDER BY c.municipality, c.id`
