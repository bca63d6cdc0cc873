package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// outcomeNote is an assessor's note, apart from the outcome it is about.
type outcomeNote struct {
	CaseID      string `gorm:"primaryKey"`
	Requirement string `gorm:"primaryKey"`
	Number      int    `gorm:"primaryKey;autoIncrement:false"`
	Note        string
}

// PutNotes gives cells of a case's form other notes; an empty one removes what is there.
func (s *Store) PutNotes(ctx context.Context, caseID string, notes map[barometer.Cell]string) (err error) {
	defer translate("put notes", &err)
	var put []outcomeNote
	for at, note := range notes {
		if note != "" {
			put = append(put, outcomeNote{caseID, at.Requirement, at.Number, note})
			continue
		}
		_, err := gorm.G[outcomeNote](s.db).
			Where("case_id = ? AND requirement = ? AND number = ?", caseID, at.Requirement, at.Number).Delete(ctx)
		if err != nil {
			return err
		}
	}
	return insert(ctx, s, put, clause.OnConflict{UpdateAll: true})
}

// RoundsWithPublicNotes gives the rounds, by year, that are published for everybody to see and whose cases still have
// notes. A round is not among them while a release that publishing it made is announced.
func (s *Store) RoundsWithPublicNotes(ctx context.Context) (years []barometer.Year, err error) {
	defer translate("rounds with public notes", &err)
	now := s.now()
	err = s.db.WithContext(ctx).Raw(publicNotesSQL, now, now).Scan(&years).Error
	return years, err
}

const publicNotesSQL = `
SELECT DISTINCT c.round FROM outcome_notes n JOIN cases c ON c.id = n.case_id JOIN rounds r ON r.year = c.round
WHERE r.status = 'published'
  AND EXISTS (SELECT 1 FROM release_rounds h JOIN publications p ON p.round = h.round AND p.revision = h.revision
      WHERE h.round = r.year AND p.withdrawn_at IS NULL AND h.release IN (SELECT number FROM releases WHERE ` + published + `))
  AND NOT EXISTS (SELECT 1 FROM releases WHERE releases.round = r.year AND cancelled_at IS NULL AND NOT ` + published + `)
ORDER BY c.round`

// PurgeNotes removes all notes of a round's cases, and gives their number.
func (s *Store) PurgeNotes(ctx context.Context, year barometer.Year) (notes int, err error) {
	defer translate("purge notes", &err)
	return gorm.G[outcomeNote](s.db).
		Where("case_id IN (?)", s.db.Model(&barometer.Case{}).Select("id").Where("round = ?", year)).Delete(ctx)
}
