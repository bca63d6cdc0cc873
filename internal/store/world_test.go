package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

const (
	onCase         = "investigation_conducted"
	onNotification = "notification_assessed_within_24_hours"
	real2023       = barometer.Year(2023)
	synthetic9026  = barometer.Year(9026)
)

func ptr[T any](v T) *T { return &v }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newRound(year barometer.Year) barometer.Round {
	return barometer.Round{Year: year, Origin: year.Origin(), Kind: "annual", Law: "serviceloven", Status: barometer.Collecting}
}

func newCase(id, reference string) barometer.Case {
	return barometer.Case{ID: id, Round: synthetic9026, Municipality: "0707", Reference: reference, CaseType: barometer.Placement}
}

// judged is an outcome of the case c1, met unless changed.
func judged(requirement string, unit barometer.Unit, number int, change ...func(*barometer.CaseOutcome)) barometer.CaseOutcome {
	o := barometer.CaseOutcome{
		CaseID: "c1", Requirement: requirement, Number: number, Round: synthetic9026, Unit: unit, Outcome: barometer.Met, Revision: 1,
	}
	for _, c := range change {
		c(&o)
	}
	return o
}

// world fills a store: round 2023 with participant 0183, and round 9026 that asks two requirements, with participants
// 0183 and 0707 and the latter's case c1 that has one notification.
func world(t testing.TB, ctx context.Context, s *store.Store) { //nolint:revive // a helper takes the test first
	t.Helper()
	must(t, s.Tx(ctx, func(tx *store.Store) error {
		return errors.Join(
			tx.AddRound(ctx, newRound(real2023), nil),
			tx.AddRound(ctx, newRound(synthetic9026), []barometer.RoundRequirement{
				{Round: synthetic9026, Requirement: onCase, Unit: barometer.UnitCase, Practice: "standard"},
				{Round: synthetic9026, Requirement: onNotification, Unit: barometer.UnitNotification, Practice: "standard"},
			}),
			tx.AddParticipations(ctx, []barometer.Participation{
				{Round: real2023, Municipality: "0183"},
				{Round: synthetic9026, Municipality: "0183"},
				{Round: synthetic9026, Municipality: "0707"},
			}),
			tx.AddCases(ctx, []barometer.Case{newCase("c1", "S0001")}, []barometer.CaseUnit{
				{CaseID: "c1", Number: 0, Unit: barometer.UnitCase}, {CaseID: "c1", Number: 1, Unit: barometer.UnitNotification},
			}, nil),
		)
	}))
}

var errAllowed = errors.New("nothing refused it")

// refusal tries fn and takes it back: the error it met, nil where nothing refused it.
func refusal(ctx context.Context, s *store.Store, fn func(tx *store.Store) error) *barometer.Error {
	err := s.Tx(ctx, func(tx *store.Store) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errAllowed
	})
	var e *barometer.Error
	switch {
	case errors.Is(err, errAllowed):
		return nil
	case errors.As(err, &e):
		return e
	}
	return &barometer.Error{Kind: -1, Message: fmt.Sprintf("an error of no kind: %v", err)}
}
