package store

import (
	"context"

	"gorm.io/gorm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// RoundAsItStands gives a round with the sizes that follow from what is entered, where it is run here: its participants
// are those recorded, its cases those in the sample, whatever the store's scope. NotFound where there is none of that
// year.
func (s *Store) RoundAsItStands(ctx context.Context, year barometer.Year) (round barometer.Round, err error) {
	defer translate("round as it stands", &err)
	round, err = s.Round(ctx, year)
	if err != nil || !round.RequirementsKnown {
		return round, err
	}
	inSample, err := gorm.G[barometer.Case](s.db).Where("round = ? AND NOT withdrawn", year).Count(ctx, "*")
	cases := int(inSample)
	round.Participants, round.Cases = &round.ParticipantsRecorded, &cases
	return round, err
}
