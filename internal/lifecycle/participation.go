package lifecycle

import (
	"context"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// PutParticipation records that a municipality takes part in a round, or changes what is recorded of it. Invalid lists
// every problem, NotFound means that there is no such round or municipality, State that the round is neither draft nor
// collecting.
func PutParticipation(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year, municipality string, in barometer.ParticipationInput) (barometer.Participation, error) {
	none := barometer.Participation{}
	if _, err := lock(ctx, tx, year, "be given participations", barometer.Draft, barometer.Collecting); err != nil {
		return none, err
	}
	m, ok := cat.Municipality(municipality)
	if !ok {
		return none, barometer.Errorf(barometer.NotFound, "There is no municipality of this code.")
	}
	p := problems{in.CheckFor(year)}
	if in.Source != nil {
		p.source("/source", *in.Source, cat)
	}
	if err := p.err("The participation has problems."); err != nil {
		return none, err
	}
	participation := barometer.Participation{
		Round: year, Municipality: m.Code, Name: m.Name, Cases: in.Cases, EligibleCases: in.EligibleCases, Source: in.Source, DueRound: in.DueRound,
	}
	return participation, tx.PutParticipation(ctx, participation)
}

// DeleteParticipation takes a municipality out of a round: State where it has cases there, or the round is neither draft
// nor collecting; NotFound where it does not take part.
func DeleteParticipation(ctx context.Context, tx *store.Store, year barometer.Year, municipality string) error {
	if _, err := lock(ctx, tx, year, "lose participants", barometer.Draft, barometer.Collecting); err != nil {
		return err
	}
	return tx.DeleteParticipation(ctx, year, municipality)
}
