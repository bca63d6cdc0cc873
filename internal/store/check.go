package store

import (
	"context"

	"gorm.io/gorm/clause"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// EntryTally says how far the entry of a municipality's cases in a round is: of those in the sample, or of those
// withdrawn from it.
type EntryTally struct {
	Municipality string
	Withdrawn    bool
	Cases        int
	Complete     int // cases with all outcomes entered
	Cells        int // outcomes that the round asks
	Entered      int // outcomes entered
}

// EntryTallies counts cases and outcomes of a round, by municipality.
func (s *Store) EntryTallies(ctx context.Context, year barometer.Year) (tallies []EntryTally, err error) {
	defer translate("entry tallies", &err)
	cells := clause.Expr{SQL: cellsSQL, Vars: []any{
		clause.Expr{SQL: askedSQL, Vars: []any{year, barometer.UnitCase}},
		clause.Expr{SQL: askedSQL, Vars: []any{year, barometer.UnitNotification}},
	}}
	err = s.db.WithContext(ctx).Raw(entryTalliesSQL, cells, year, s.inScope("c")).Scan(&tallies).Error
	return tallies, err
}

const entryTalliesSQL = `
SELECT p.municipality, p.withdrawn, count(*) AS cases, sum(CASE WHEN p.entered >= p.cells THEN 1 ELSE 0 END) AS complete,
    sum(p.cells) AS cells, sum(p.entered) AS entered
FROM (SELECT c.municipality, c.withdrawn, ` + enteredSQL + ` AS entered, ? AS cells FROM cases c WHERE c.round = ? AND ?) p
GROUP BY p.municipality, p.withdrawn ORDER BY p.municipality, p.withdrawn`

// Precondition is a requirement that decides whether others are judged.
type Precondition struct {
	Parent   string
	Children []string
	// SameUnit tells that the outcome that decides is that of the same notification; otherwise it is that of the case.
	SameUnit bool
}

// Under is an assessment of a requirement with the outcome of its precondition.
type Under struct {
	Parent      barometer.Outcome
	Requirement string
	Outcome     barometer.Outcome
	Reason      barometer.Reason
}

// Assessment gives what the requirement itself was judged.
func (u Under) Assessment() barometer.Assessment {
	return barometer.Assessment{Outcome: u.Outcome, Reason: u.Reason}
}

// UnderTally is a number of units.
type UnderTally struct {
	Under
	Units int
}

// UnderTallies counts the outcomes of requirements by those of their precondition, where both are entered. Withdrawn
// cases are left out.
func (s *Store) UnderTallies(ctx context.Context, year barometer.Year, p Precondition) (tallies []UnderTally, err error) {
	defer translate("outcomes by precondition", &err)
	err = s.db.WithContext(ctx).Raw(underTalliesSQL, p.Parent, p.Children, p.SameUnit, year, s.inScope("c")).Scan(&tallies).Error
	byText(tallies, func(t UnderTally) [2]string { return [2]string{string(t.Outcome), string(t.Reason)} })
	byText(tallies, func(t UnderTally) [2]string { return [2]string{t.Requirement, string(t.Parent)} })
	return tallies, err
}

const (
	underTalliesSQL = `
SELECT p.outcome AS parent, o.requirement, o.outcome, o.reason, count(*) AS units` + underSQL + `
GROUP BY p.outcome, o.requirement, o.outcome, o.reason`

	underSQL = `
FROM cases c
JOIN case_outcomes p ON p.case_id = c.id AND p.requirement = ?
JOIN case_outcomes o ON o.case_id = c.id AND o.requirement IN ? AND p.number = CASE WHEN ? THEN o.number ELSE 0 END
WHERE c.round = ? AND NOT c.withdrawn AND ?`
)

// OutcomePlace says where an outcome stands.
type OutcomePlace struct {
	CaseID       string
	Municipality string
	Reference    string
	Requirement  string
	Number       int
}

// PlacesUnder gives the first places where a requirement has an assessment under an outcome of its precondition, by
// municipality, reference and number, limit of them at most.
func (s *Store) PlacesUnder(ctx context.Context, year barometer.Year, p Precondition, u Under, limit int) (places []OutcomePlace, err error) {
	defer translate("outcomes under a precondition", &err)
	err = s.db.WithContext(ctx).Raw(placeSQL+underSQL+" AND p.outcome = ? AND o.outcome = ? AND o.reason = ?"+placeOrderSQL,
		p.Parent, []string{u.Requirement}, p.SameUnit, year, s.inScope("c"), u.Parent, u.Outcome, u.Reason,
		s.byBytes("c.reference"), s.byBytes("o.requirement"), limit).Scan(&places).Error
	return places, err
}

const (
	placeSQL      = "SELECT c.id AS case_id, c.municipality, c.reference, o.requirement, o.number"
	placeOrderSQL = " ORDER BY c.municipality, ?, ?, o.number LIMIT ?"
)

// AssessmentTally is a number of units.
type AssessmentTally struct {
	barometer.Assessment
	Units int
}

// AssessmentTallies counts the outcomes of a round by outcome and reason. Withdrawn cases are left out.
func (s *Store) AssessmentTallies(ctx context.Context, year barometer.Year) (tallies []AssessmentTally, err error) {
	defer translate("assessments", &err)
	err = s.db.WithContext(ctx).Raw(assessmentTalliesSQL, year, s.inScope("c")).Scan(&tallies).Error
	byText(tallies, func(t AssessmentTally) [2]string { return [2]string{string(t.Outcome), string(t.Reason)} })
	return tallies, err
}

const (
	assessmentTalliesSQL = `SELECT o.outcome, o.reason, count(*) AS units` + assessedSQL + `
GROUP BY o.outcome, o.reason`

	assessedSQL = `
FROM cases c JOIN case_outcomes o ON o.case_id = c.id
WHERE c.round = ? AND NOT c.withdrawn AND ?`
)

// PlacesAssessed gives the first places in a round that have an outcome and reason, by municipality, reference,
// requirement and number, limit of them at most.
func (s *Store) PlacesAssessed(ctx context.Context, year barometer.Year, a barometer.Assessment, limit int) (places []OutcomePlace, err error) {
	defer translate("outcomes of an assessment", &err)
	err = s.db.WithContext(ctx).Raw(placeSQL+assessedSQL+" AND o.outcome = ? AND o.reason = ?"+placeOrderSQL,
		year, s.inScope("c"), a.Outcome, a.Reason, s.byBytes("c.reference"), s.byBytes("o.requirement"), limit).Scan(&places).Error
	return places, err
}
