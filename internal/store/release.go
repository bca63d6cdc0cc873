package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type dataset struct {
	ID      int `gorm:"primaryKey;autoIncrement:false"`
	Release int // the newest ever made
	Acts    int
}

func (dataset) TableName() string { return "dataset" }

type release struct {
	Number      int `gorm:"primaryKey;autoIncrement:false"`
	Round       *barometer.Year
	PublishedAt time.Time
	Results     int
	Disclosure  string
	Checksum    string
	MadeAt      *time.Time
	CancelledAt *time.Time
	Reason      *string
	Seal        *string // null for what was made before seals
	Method      int
}

// firstMethod is the version of the statistical method that a release was computed by where none is named.
const firstMethod = 1

type releaseRound struct {
	Release  int            `gorm:"primaryKey"`
	Round    barometer.Year `gorm:"primaryKey"`
	Revision int
}

type releaseRow struct {
	Release int `gorm:"primaryKey"`
	barometer.FrozenRow
}

// published tells in SQL whether a release is out at a moment. One that was made without an embargo is out at once, even
// for a process whose clock is behind.
const published = "(cancelled_at IS NULL AND (made_at IS NULL OR published_at <= made_at OR published_at <= ?))"

// statusAt tells the same in Go, and what else it is.
func (r release) statusAt(now time.Time) string {
	switch {
	case r.CancelledAt != nil:
		return barometer.ReleaseCancelled
	case r.MadeAt == nil, !r.PublishedAt.After(*r.MadeAt), !r.PublishedAt.After(now):
		return barometer.ReleasePublished
	}
	return barometer.ReleaseAnnounced
}

// Served is what whoever serves the data set looks at to find out whether to load it anew.
type Served struct {
	Acts    int // how often what is served has changed
	Current int // number of the current release, 0 before the first
}

// Served gives the number of acts and the current release: the newest that is published by now and was not cancelled.
func (s *Store) Served(ctx context.Context) (served Served, err error) {
	defer translate("served", &err)
	err = s.db.WithContext(ctx).Raw(servedSQL, s.now()).Scan(&served).Error
	return served, err
}

const servedSQL = "SELECT acts, (SELECT COALESCE(MAX(number), 0) FROM releases WHERE " + published + ") AS current FROM dataset"

// CurrentRelease gives the number of the current release, 0 before the first.
func (s *Store) CurrentRelease(ctx context.Context) (number int, err error) {
	served, err := s.Served(ctx)
	return served.Current, err
}

// LockDataset makes whoever else publishes or imports wait until the transaction ends, and gives the number of the
// newest release that was ever made. Whoever reads a round in several queries in order to write, or writes to many rows
// of one, takes it first: on Postgres each query of a transaction sees what others have committed meanwhile.
func (s *Store) LockDataset(ctx context.Context) (number int, err error) {
	defer translate("lock data set", &err)
	if err := s.db.WithContext(ctx).Exec("UPDATE dataset SET release = release").Error; err != nil {
		return 0, err
	}
	d, err := gorm.G[dataset](s.db).First(ctx)
	return d.Release, err
}

// acted counts an act that changes what is served.
func (s *Store) acted(ctx context.Context) error {
	return s.db.WithContext(ctx).Exec("UPDATE dataset SET acts = acts + 1").Error
}

// AddRelease makes a release of the given number: current at once, or announced where its time of publishing lies
// ahead. It returns the whole.
func (s *Store) AddRelease(ctx context.Context, r barometer.Release, rows []barometer.FrozenRow) (_ barometer.Release, err error) {
	defer translate("add release", &err)
	made := s.now()
	if r.PublishedAt = r.PublishedAt.UTC().Truncate(time.Microsecond); r.PublishedAt.Before(made) {
		r.PublishedAt = made
	}
	head := release{
		Number: r.Number, PublishedAt: r.PublishedAt, Results: r.Results, Disclosure: r.Disclosure, Checksum: r.Checksum,
		MadeAt: &made, Reason: r.Reason, Method: max(r.Method, firstMethod),
	}
	r.Method = head.Method
	if r.For != 0 {
		head.Round = &r.For
	}
	r.Status = head.statusAt(made)
	if err := gorm.G[release](s.db).Create(ctx, &head); err != nil {
		return r, err
	}
	rounds := make([]releaseRound, len(r.Rounds))
	for i, p := range r.Rounds {
		rounds[i] = releaseRound{r.Number, p.Round, p.Revision}
	}
	if err := insert(ctx, s, rounds); err != nil {
		return r, err
	}
	frozen := make([]releaseRow, len(rows))
	for i, row := range rows {
		frozen[i] = releaseRow{r.Number, row}
	}
	if err := insert(ctx, s, frozen); err != nil {
		return r, err
	}
	if err := s.sealRelease(ctx, r.Number); err != nil {
		return r, err
	}
	if _, err := gorm.G[dataset](s.db).Where("id = 1").Update(ctx, "release", r.Number); err != nil {
		return r, err
	}
	return r, s.acted(ctx)
}

// CancelRelease takes an announced release back: its rows go, and it is listed as cancelled, with the reason. NotFound
// where there is none of that number that was not cancelled.
func (s *Store) CancelRelease(ctx context.Context, number int, reason string) (err error) {
	defer translate("cancel release", &err)
	now := s.now()
	changed, err := gorm.G[release](s.db).Where("number = ? AND cancelled_at IS NULL", number).
		Select("cancelled_at", "reason").Updates(ctx, release{CancelledAt: &now, Reason: &reason})
	if err := missing(changed, err); err != nil {
		return err
	}
	if _, err := gorm.G[releaseRow](s.db).Where("release = ?", number).Delete(ctx); err != nil {
		return err
	}
	if err := s.sealRelease(ctx, number); err != nil {
		return err
	}
	return s.acted(ctx)
}

// Releases gives all releases, announced and cancelled ones too, with the publications each holds, the oldest first.
func (s *Store) Releases(ctx context.Context) (all []barometer.Release, err error) {
	defer translate("releases", &err)
	heads, err := gorm.G[release](s.db).Order("number").Find(ctx)
	if err != nil {
		return nil, err
	}
	held, err := s.heldByRelease(ctx)
	if err != nil {
		return nil, err
	}
	now := s.now()
	for _, h := range heads {
		r := barometer.Release{
			Number: h.Number, PublishedAt: h.PublishedAt.UTC(), Rounds: held[h.Number], Status: h.statusAt(now),
			Results: h.Results, Disclosure: h.Disclosure, Checksum: h.Checksum, Reason: h.Reason, Method: h.Method,
		}
		if h.Round != nil {
			r.For = *h.Round
		}
		if h.CancelledAt != nil {
			at := h.CancelledAt.UTC()
			r.CancelledAt = &at
		}
		all = append(all, r)
	}
	return all, nil
}

// heldByRelease gives the publications that each release holds, by round.
func (s *Store) heldByRelease(ctx context.Context) (map[int][]barometer.ReleaseRound, error) {
	gone, err := gorm.G[publication](s.db).Where("withdrawn_at IS NOT NULL").Find(ctx)
	if err != nil {
		return nil, err
	}
	withdrawn := map[barometer.ReleaseRound]*time.Time{}
	for _, p := range gone {
		at := p.WithdrawnAt.UTC()
		withdrawn[barometer.ReleaseRound{Round: p.Round, Revision: p.Revision}] = &at
	}
	rounds, err := gorm.G[releaseRound](s.db).Order("release, round").Find(ctx)
	held := map[int][]barometer.ReleaseRound{}
	for _, r := range rounds {
		p := barometer.ReleaseRound{Round: r.Round, Revision: r.Revision}
		p.WithdrawnAt = withdrawn[p]
		held[r.Release] = append(held[r.Release], p)
	}
	return held, err
}
