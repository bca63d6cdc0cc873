package store

import (
	"context"

	"gorm.io/gorm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// AddTransition records that the store's caller moved a round, with the next number of the round. The round must be
// locked.
func (s *Store) AddTransition(ctx context.Context, t barometer.Transition) (_ barometer.Transition, err error) {
	defer translate("add transition", &err)
	earlier, err := gorm.G[barometer.Transition](s.db).Where("round = ?", t.Round).Count(ctx, "*")
	if err != nil {
		return t, err
	}
	t.Number, t.At, t.Caller, t.Role = int(earlier)+1, s.now(), s.caller.ID, s.caller.Role
	return t, insert(ctx, s, []barometer.Transition{t})
}

// Transitions gives the transitions of a round, the first one first.
func (s *Store) Transitions(ctx context.Context, year barometer.Year) (found []barometer.Transition, err error) {
	defer translate("transitions", &err)
	found, err = gorm.G[barometer.Transition](s.db).Where("round = ?", year).Order("number").Find(ctx)
	for i := range found {
		found[i].At = found[i].At.UTC()
	}
	return found, err
}
