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

// PurgeNotes removes all notes of a round's cases, and gives their number.
func (s *Store) PurgeNotes(ctx context.Context, year barometer.Year) (notes int, err error) {
	defer translate("purge notes", &err)
	return gorm.G[outcomeNote](s.db).
		Where("case_id IN (?)", s.db.Model(&barometer.Case{}).Select("id").Where("round = ?", year)).Delete(ctx)
}
