package store

import (
	"context"

	"gorm.io/gorm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Round gives a round with its number of recorded participants; NotFound where there is none of that year.
func (s *Store) Round(ctx context.Context, year barometer.Year) (round barometer.Round, err error) {
	defer translate("round", &err)
	round, err = gorm.G[barometer.Round](s.db).Where("year = ?", year).First(ctx)
	if err != nil {
		return round, err
	}
	recorded, err := gorm.G[barometer.Participation](s.db).Where("round = ?", year).Count(ctx, "*")
	round.ParticipantsRecorded = int(recorded)
	return round, err
}

// Rounds gives all rounds, by year.
func (s *Store) Rounds(ctx context.Context) (rounds []barometer.Round, err error) {
	defer translate("rounds", &err)
	return gorm.G[barometer.Round](s.db).Order("year").Find(ctx)
}

// AddRound adds a round with the requirements it asks; Conflict where the year is taken.
func (s *Store) AddRound(ctx context.Context, round barometer.Round, asked []barometer.RoundRequirement) (err error) {
	defer translate("add round", &err)
	if err := gorm.G[barometer.Round](s.db).Create(ctx, &round); err != nil {
		return err
	}
	return insert(ctx, s, asked)
}

// SetRoundStatus moves a round to another working status; NotFound where there is none of that year.
func (s *Store) SetRoundStatus(ctx context.Context, year barometer.Year, status barometer.RoundStatus) (err error) {
	defer translate("set round status", &err)
	rows, err := gorm.G[barometer.Round](s.db).Where("year = ?", year).Update(ctx, "status", status)
	if err == nil && rows == 0 {
		return gorm.ErrRecordNotFound
	}
	return err
}

// SetSampleSizes records what a round's sample turned out to be: its number of participants and cases, and the
// number of cases of each participation.
func (s *Store) SetSampleSizes(ctx context.Context, year barometer.Year) (err error) {
	defer translate("set sample sizes", &err)
	db := s.db.WithContext(ctx)
	if err := db.Exec(participationCasesSQL, year).Error; err != nil {
		return err
	}
	return db.Exec(roundSizesSQL, year).Error
}

const participationCasesSQL = `
UPDATE participations SET cases = (SELECT count(*) FROM cases c
    WHERE c.round = participations.round AND c.municipality = participations.municipality)
WHERE round = ?`

const roundSizesSQL = `
UPDATE rounds SET cases = (SELECT count(*) FROM cases WHERE cases.round = rounds.year),
    participants = (SELECT count(*) FROM participations WHERE participations.round = rounds.year)
WHERE year = ?`

// RoundRequirements gives the requirements a round asks, by code; none where its list is not known.
func (s *Store) RoundRequirements(ctx context.Context, year barometer.Year) (asked []barometer.RoundRequirement, err error) {
	defer translate("round requirements", &err)
	asked, err = gorm.G[barometer.RoundRequirement](s.db).Where("round = ?", year).Find(ctx)
	byText(asked, func(r barometer.RoundRequirement) [2]string { return [2]string{r.Requirement} })
	return asked, err
}

// Participations gives the recorded participations of a round, by municipality.
func (s *Store) Participations(ctx context.Context, year barometer.Year) (found []barometer.Participation, err error) {
	defer translate("participations", &err)
	found, err = gorm.G[barometer.Participation](s.db).Where("round = ?", year).Find(ctx)
	byText(found, func(p barometer.Participation) [2]string { return [2]string{p.Municipality} })
	return found, err
}

// AddParticipations adds participations; Conflict where one is recorded already.
func (s *Store) AddParticipations(ctx context.Context, rows []barometer.Participation) (err error) {
	defer translate("add participations", &err)
	return insert(ctx, s, rows)
}
