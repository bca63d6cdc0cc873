package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type publication struct {
	Round       barometer.Year `gorm:"primaryKey"`
	Revision    int            `gorm:"primaryKey"`
	PublishedAt time.Time
	Reason      *string

	WithdrawnAt     *time.Time
	WithdrawnReason *string
	Seal            *string // null for what was made before seals
}

type publicationRow struct {
	Round    barometer.Year `gorm:"primaryKey"`
	Revision int            `gorm:"primaryKey"`
	barometer.FrozenRow
}

// AddPublication freezes the rows of a round as its next revision, with the reason for it where there is one, and gives
// its number.
func (s *Store) AddPublication(ctx context.Context, year barometer.Year, reason *string, rows []barometer.FrozenRow) (revision int, err error) {
	defer translate("add publication", &err)
	earlier, err := gorm.G[publication](s.db).Where("round = ?", year).Count(ctx, "*")
	if err != nil {
		return 0, err
	}
	p := publication{Round: year, Revision: int(earlier) + 1, PublishedAt: s.now(), Reason: reason}
	p.Seal = p.sealWith(rows)
	if err := gorm.G[publication](s.db).Create(ctx, &p); err != nil {
		return 0, err
	}
	frozen := make([]publicationRow, len(rows))
	for i, r := range rows {
		frozen[i] = publicationRow{Round: year, Revision: p.Revision, FrozenRow: r}
	}
	return p.Revision, insert(ctx, s, frozen)
}

// Publications gives the publications of a round, the oldest first, withdrawn ones too.
func (s *Store) Publications(ctx context.Context, year barometer.Year) (found []barometer.Publication, err error) {
	defer translate("publications", &err)
	rows, err := gorm.G[publication](s.db).Where("round = ?", year).Order("revision").Find(ctx)
	return publicationsOf(rows), err
}

// WithdrawnPublications gives the publications that were withdrawn after they had been public, by round and revision.
func (s *Store) WithdrawnPublications(ctx context.Context) (found []barometer.Publication, err error) {
	defer translate("withdrawn publications", &err)
	var rows []publication
	err = s.db.WithContext(ctx).Raw(withdrawnSQL).Scan(&rows).Error
	return publicationsOf(rows), err
}

// What only an announced release held was cancelled with it and never public.
const withdrawnSQL = `
SELECT p.* FROM publications p
WHERE p.withdrawn_at IS NOT NULL AND EXISTS (SELECT 1 FROM release_rounds h JOIN releases r ON r.number = h.release
    WHERE h.round = p.round AND h.revision = p.revision AND r.cancelled_at IS NULL)
ORDER BY p.round, p.revision`

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

// WithdrawPublication deletes the rows of a publication and leaves a tombstone with the reason. NotFound where there is
// no such publication that stands.
func (s *Store) WithdrawPublication(ctx context.Context, of barometer.ReleaseRound, reason string) (err error) {
	defer translate("withdraw publication", &err)
	now := s.now()
	standing := gorm.G[publication](s.db).Where("round = ? AND revision = ? AND withdrawn_at IS NULL", of.Round, of.Revision)
	p, err := standing.First(ctx)
	if err != nil {
		return err
	}
	p.WithdrawnAt, p.WithdrawnReason = &now, &reason
	p.Seal = p.sealWith(nil)
	if _, err := standing.Select("withdrawn_at", "withdrawn_reason", "seal").Updates(ctx, p); err != nil {
		return err
	}
	if _, err := gorm.G[publicationRow](s.db).Where("round = ? AND revision = ?", of.Round, of.Revision).Delete(ctx); err != nil {
		return err
	}
	return s.acted(ctx)
}

func publicationsOf(rows []publication) []barometer.Publication {
	var out []barometer.Publication
	for _, p := range rows {
		one := barometer.Publication{
			Round: p.Round, Revision: p.Revision, PublishedAt: p.PublishedAt.UTC(), Reason: p.Reason, WithdrawnReason: p.WithdrawnReason,
		}
		if p.WithdrawnAt != nil {
			at := p.WithdrawnAt.UTC()
			one.WithdrawnAt = &at
		}
		out = append(out, one)
	}
	return out
}
