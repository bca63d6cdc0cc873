package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type dataset struct {
	ID      int `gorm:"primaryKey;autoIncrement:false"`
	Release int
}

func (dataset) TableName() string { return "dataset" }

type publication struct {
	Round       barometer.Year `gorm:"primaryKey"`
	Revision    int            `gorm:"primaryKey"`
	PublishedAt time.Time
}

type publicationRow struct {
	Round    barometer.Year `gorm:"primaryKey"`
	Revision int            `gorm:"primaryKey"`
	barometer.FrozenRow
}

type release struct {
	Number      int `gorm:"primaryKey;autoIncrement:false"`
	PublishedAt time.Time
	Results     int
	Disclosure  string
	Checksum    string
}

type releaseRound struct {
	Release  int            `gorm:"primaryKey"`
	Round    barometer.Year `gorm:"primaryKey"`
	Revision int
}

type releaseRow struct {
	Release int `gorm:"primaryKey"`
	barometer.FrozenRow
}

// CurrentRelease gives the number of the newest release, 0 before the first.
func (s *Store) CurrentRelease(ctx context.Context) (number int, err error) {
	defer translate("current release", &err)
	d, err := gorm.G[dataset](s.db).First(ctx)
	return d.Release, err
}

// LockDataset makes whoever else publishes, imports or verifies wait until the transaction ends, and gives the number of
// the newest release. Whoever reads a round in several queries, or writes to one, takes it first: on Postgres each query
// of a transaction sees what others have committed meanwhile.
func (s *Store) LockDataset(ctx context.Context) (number int, err error) {
	defer translate("lock data set", &err)
	if err := s.db.WithContext(ctx).Exec("UPDATE dataset SET release = release").Error; err != nil {
		return 0, err
	}
	return s.CurrentRelease(ctx)
}

// AddPublication freezes the rows of a round as its next revision, and gives its number.
func (s *Store) AddPublication(ctx context.Context, year barometer.Year, rows []barometer.FrozenRow) (revision int, err error) {
	defer translate("add publication", &err)
	earlier, err := gorm.G[publication](s.db).Where("round = ?", year).Count(ctx, "*")
	if err != nil {
		return 0, err
	}
	p := publication{Round: year, Revision: int(earlier) + 1, PublishedAt: s.now()}
	if err := gorm.G[publication](s.db).Create(ctx, &p); err != nil {
		return 0, err
	}
	frozen := make([]publicationRow, len(rows))
	for i, r := range rows {
		frozen[i] = publicationRow{Round: year, Revision: p.Revision, FrozenRow: r}
	}
	return p.Revision, insert(ctx, s, frozen)
}

// PublicationRows gives the frozen rows of the given kinds of one publication, by kind and key.
func (s *Store) PublicationRows(ctx context.Context, of barometer.ReleaseRound, kinds ...barometer.RowKind) (rows []barometer.FrozenRow, err error) {
	defer translate("publication rows", &err)
	found, err := gorm.G[publicationRow](s.db).
		Where("round = ? AND revision = ? AND kind IN ?", of.Round, of.Revision, kinds).Find(ctx)
	for _, r := range found {
		rows = append(rows, r.FrozenRow)
	}
	byText(rows, kindAndKey)
	return rows, err
}

// AddRelease makes a release of the given number current. It sets the time of publishing and returns the whole.
func (s *Store) AddRelease(ctx context.Context, r barometer.Release, rows []barometer.FrozenRow) (_ barometer.Release, err error) {
	defer translate("add release", &err)
	r.PublishedAt = s.now()
	head := release{r.Number, r.PublishedAt, r.Results, r.Disclosure, r.Checksum}
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
	_, err = gorm.G[dataset](s.db).Where("id = 1").Update(ctx, "release", r.Number)
	return r, err
}

// Releases gives all releases with the publications each holds, the oldest first.
func (s *Store) Releases(ctx context.Context) (all []barometer.Release, err error) {
	defer translate("releases", &err)
	heads, err := gorm.G[release](s.db).Order("number").Find(ctx)
	if err != nil {
		return nil, err
	}
	rounds, err := gorm.G[releaseRound](s.db).Order("release, round").Find(ctx)
	if err != nil {
		return nil, err
	}
	held := map[int][]barometer.ReleaseRound{}
	for _, r := range rounds {
		held[r.Release] = append(held[r.Release], barometer.ReleaseRound{Round: r.Round, Revision: r.Revision})
	}
	for _, h := range heads {
		all = append(all, barometer.Release{
			Number: h.Number, PublishedAt: h.PublishedAt.UTC(), Rounds: held[h.Number], Results: h.Results,
			Disclosure: h.Disclosure, Checksum: h.Checksum,
		})
	}
	return all, nil
}

// ReleaseRows gives the frozen rows of a kind of a release, by key.
func (s *Store) ReleaseRows(ctx context.Context, number int, kind barometer.RowKind) (rows []barometer.FrozenRow, err error) {
	defer translate("release rows", &err)
	found, err := gorm.G[releaseRow](s.db).Where("release = ? AND kind = ?", number, kind).Find(ctx)
	for _, r := range found {
		rows = append(rows, r.FrozenRow)
	}
	byText(rows, kindAndKey)
	return rows, err
}

func kindAndKey(r barometer.FrozenRow) [2]string { return [2]string{string(r.Kind), r.Key} }
