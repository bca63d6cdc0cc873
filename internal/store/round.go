package store

import (
	"context"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

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

// LockRound gives a round, and makes those who lock it otherwise wait until the transaction ends: whoever changes the
// round itself locks it for itself alone; whoever changes what is in it shares it with others who do, and finds its
// status unchanged until the end. NotFound where there is none of that year. SQLite has one writer at a time anyway.
func (s *Store) LockRound(ctx context.Context, year barometer.Year, exclusive bool) (round barometer.Round, err error) {
	defer translate("lock round", &err)
	if s.Dialect() == "postgres" {
		strength := clause.LockingStrengthShare
		if exclusive {
			strength = clause.LockingStrengthUpdate
		}
		_, err := gorm.G[barometer.Round](s.db, clause.Locking{Strength: strength}).Where("year = ?", year).Find(ctx)
		if err != nil {
			return barometer.Round{}, err
		}
	}
	round, err = s.Round(ctx, year)
	if barometer.KindOf(err) == barometer.NotFound {
		return round, barometer.Errorf(barometer.NotFound, "There is no round %d.", year)
	}
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

// UpdateRound changes what of a round can be changed while it is a draft; NotFound where there is none of that year.
func (s *Store) UpdateRound(ctx context.Context, round barometer.Round) (err error) {
	defer translate("update round", &err)
	rows, err := gorm.G[barometer.Round](s.db).Where("year = ?", round.Year).
		Select("kind", "law", "could_be_drawn", "could_be_drawn_source", "note").Updates(ctx, round)
	return missing(rows, err)
}

// DeleteRound deletes a round with all that belongs to one that never had a case; Invalid where it has one, or a
// publication, and NotFound where there is no round of that year.
func (s *Store) DeleteRound(ctx context.Context, year barometer.Year) (err error) {
	defer translate("delete round", &err)
	for _, table := range []any{
		&barometer.RoundRequirement{}, &barometer.Participation{}, &barometer.ReportedResult{}, &barometer.Transition{}, &importRow{},
	} {
		if err := s.db.WithContext(ctx).Where("round = ?", year).Delete(table).Error; err != nil {
			return err
		}
	}
	rows, err := gorm.G[barometer.Round](s.db).Where("year = ?", year).Delete(ctx)
	return missing(rows, err)
}

// missing tells that a statement found nothing to change.
func missing(rows int, err error) error {
	if err == nil && rows == 0 {
		return gorm.ErrRecordNotFound
	}
	return err
}

// SetRoundStatus moves a round to another working status; NotFound where there is none of that year.
func (s *Store) SetRoundStatus(ctx context.Context, year barometer.Year, status barometer.RoundStatus) (err error) {
	defer translate("set round status", &err)
	rows, err := gorm.G[barometer.Round](s.db).Where("year = ?", year).Update(ctx, "status", status)
	return missing(rows, err)
}

// SetRecordsChanged says whether a reported figure of a round has changed since it was published; NotFound where there
// is no round of that year.
func (s *Store) SetRecordsChanged(ctx context.Context, year barometer.Year, changed bool) (err error) {
	defer translate("set records changed", &err)
	rows, err := gorm.G[barometer.Round](s.db).Where("year = ?", year).Update(ctx, "records_changed", changed)
	return missing(rows, err)
}

// RoundRequirements gives the requirements a round asks, by code; none where its list is not known.
func (s *Store) RoundRequirements(ctx context.Context, year barometer.Year) (asked []barometer.RoundRequirement, err error) {
	defer translate("round requirements", &err)
	asked, err = gorm.G[barometer.RoundRequirement](s.db).Where("round = ?", year).Find(ctx)
	byText(asked, func(r barometer.RoundRequirement) [2]string { return [2]string{r.Requirement} })
	return asked, err
}

// ReplaceRoundRequirements makes these the requirements that a round asks; Invalid where outcomes rest on another.
func (s *Store) ReplaceRoundRequirements(ctx context.Context, year barometer.Year, asked []barometer.RoundRequirement) (err error) {
	defer translate("replace round requirements", &err)
	if _, err := gorm.G[barometer.RoundRequirement](s.db).Where("round = ?", year).Delete(ctx); err != nil {
		return err
	}
	return insert(ctx, s, asked)
}

// Participation gives the participation of a municipality in a round; NotFound where none is recorded.
func (s *Store) Participation(ctx context.Context, year barometer.Year, municipality string) (p barometer.Participation, err error) {
	defer translate("participation", &err)
	return gorm.G[barometer.Participation](s.db).Where("round = ? AND municipality = ?", year, municipality).First(ctx)
}

// PutParticipation adds a participation, or replaces the one of the same round and municipality.
func (s *Store) PutParticipation(ctx context.Context, p barometer.Participation) (err error) {
	defer translate("put participation", &err)
	return insert(ctx, s, []barometer.Participation{p}, clause.OnConflict{UpdateAll: true})
}

// DeleteParticipation deletes a participation: State where the municipality has cases in the round, NotFound where no
// participation is recorded.
func (s *Store) DeleteParticipation(ctx context.Context, year barometer.Year, municipality string) (err error) {
	defer translate("delete participation", &err)
	rows, err := gorm.G[barometer.Participation](s.db).Where("round = ? AND municipality = ?", year, municipality).Delete(ctx)
	if errors.Is(err, gorm.ErrForeignKeyViolated) {
		return barometer.Errorf(barometer.State, "%s has cases in round %d; a participation without cases can be deleted.", municipality, year)
	}
	return missing(rows, err)
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
