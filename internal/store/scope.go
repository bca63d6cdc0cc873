package store

import (
	"gorm.io/gorm/clause"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Scope says which cases a caller sees. The zero value is all of them.
type Scope struct {
	// Municipality keeps the cases of one municipality, and of rounds in hearing or published alone.
	Municipality string
}

// restricted tells whether the scope leaves anything out.
func (s Scope) restricted() bool { return s != Scope{} }

// Within gives the same store with the cases of a scope alone: whatever else there is, every query of cases, their
// units and their outcomes is answered as if it were not, and no assessor's note is given.
func (s *Store) Within(scope Scope) *Store {
	within := *s
	within.scope = scope
	return &within
}

// inScope is the condition that keeps the table of cases, under the name it has in a query, within the store's scope.
// Every query of cases, and of what belongs to them, has it.
func (s *Store) inScope(cases string) clause.Expr {
	if !s.scope.restricted() {
		return clause.Expr{SQL: "1 = 1"}
	}
	return clause.Expr{
		SQL: cases + ".municipality = ? AND " + cases + ".round IN (SELECT year FROM rounds WHERE status IN ?)",
		Vars: []any{
			s.scope.Municipality, []barometer.RoundStatus{barometer.Hearing, barometer.Published},
		},
	}
}
