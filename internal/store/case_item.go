package store

import (
	"context"

	"gorm.io/gorm/clause"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// AssignedToNobody chooses cases that no auditor enters.
const AssignedToNobody = "none"

// CaseFilter chooses cases of a round; what is empty keeps all. Requirements, outcomes and reasons keep the cases that
// have an outcome with one of each.
type CaseFilter struct {
	Round          barometer.Year
	Municipalities []string
	CaseTypes      []barometer.CaseType
	Requirements   []string
	Outcomes       []barometer.Outcome
	Reasons        []barometer.Reason
	// Assigned is the id of an auditor's key, or AssignedToNobody.
	Assigned     string
	Completeness barometer.Completeness
	// AfterMunicipality and AfterReference name the case that the page begins behind.
	AfterMunicipality, AfterReference string
	Limit                             int
}

// CaseItems gives a page of the cases of a round with how far their entry is, by municipality and then by the bytes of
// their reference.
func (s *Store) CaseItems(ctx context.Context, f CaseFilter) (items []barometer.CaseItem, err error) {
	defer translate("case items", &err)
	cells := clause.Expr{SQL: cellsSQL, Vars: []any{
		clause.Expr{SQL: askedSQL, Vars: []any{f.Round, barometer.UnitCase}},
		clause.Expr{SQL: askedSQL, Vars: []any{f.Round, barometer.UnitNotification}},
	}}
	err = s.db.WithContext(ctx).Raw(caseItemsSQL, cells, clause.And(s.conditions(f, cells)...), s.byBytes("c.reference"), f.Limit).
		Scan(&items).Error
	return items, err
}

// The counts are asked for the cases of the page alone, but for those that completeness is a condition of. An outcome
// is only ever of a requirement that is asked, and of a unit that is not removed.
const (
	caseItemsSQL = `
SELECT p.*, CASE WHEN p.withdrawn THEN 0 ELSE p.cells - p.entered END AS missing
FROM (SELECT c.*, ` + enteredSQL + ` AS entered, ? AS cells FROM cases c WHERE ? ORDER BY c.municipality, ? LIMIT ?) p`

	enteredSQL = "(SELECT count(*) FROM case_outcomes o WHERE o.case_id = c.id)"
	cellsSQL   = "(? + ? * (SELECT count(*) FROM case_units u WHERE u.case_id = c.id AND u.number > 0 AND NOT u.removed))"
	askedSQL   = "(SELECT count(*) FROM round_requirements q WHERE q.round = ? AND q.unit = ?)"
)

// byBytes orders a text by its bytes. What consists of digits alone, such as codes, needs none of this, and is found in
// the order of an index without it.
func (s *Store) byBytes(column string) clause.Expr {
	if s.Dialect() == "postgres" {
		column += ` COLLATE "C"`
	}
	return clause.Expr{SQL: column}
}

func (s *Store) conditions(f CaseFilter, cells clause.Expr) []clause.Expression {
	all := []clause.Expression{clause.Expr{SQL: "c.round = ?", Vars: []any{f.Round}}, s.inScope("c")}
	where := func(sql string, vars ...any) { all = append(all, clause.Expr{SQL: sql, Vars: vars}) }
	if f.AfterMunicipality != "" {
		where("c.municipality >= ? AND (c.municipality > ? OR ? > ?)",
			f.AfterMunicipality, f.AfterMunicipality, s.byBytes("c.reference"), f.AfterReference)
	}
	if len(f.Municipalities) > 0 {
		where("c.municipality IN ?", f.Municipalities)
	}
	if len(f.CaseTypes) > 0 {
		where("c.case_type IN ?", f.CaseTypes)
	}
	switch f.Assigned {
	case "":
	case AssignedToNobody:
		where("c.assigned_to IS NULL")
	default:
		where("c.assigned_to = ?", f.Assigned)
	}
	switch f.Completeness {
	case barometer.CaseWithdrawn:
		where("c.withdrawn")
	case barometer.CaseComplete:
		where("NOT c.withdrawn AND "+enteredSQL+" = ?", cells)
	case barometer.CaseIncomplete:
		where("NOT c.withdrawn AND "+enteredSQL+" < ?", cells)
	}
	if has := outcomeCondition(f); len(has) > 1 {
		where("EXISTS (SELECT 1 FROM case_outcomes o WHERE ?)", clause.And(has...))
	}
	return all
}

func outcomeCondition(f CaseFilter) []clause.Expression {
	all := []clause.Expression{clause.Expr{SQL: "o.case_id = c.id"}}
	if len(f.Requirements) > 0 {
		all = append(all, clause.Expr{SQL: "o.requirement IN ?", Vars: []any{f.Requirements}})
	}
	if len(f.Outcomes) > 0 {
		all = append(all, clause.Expr{SQL: "o.outcome IN ?", Vars: []any{f.Outcomes}})
	}
	if len(f.Reasons) > 0 {
		all = append(all, clause.Expr{SQL: "o.reason IN ?", Vars: []any{f.Reasons}})
	}
	return all
}
