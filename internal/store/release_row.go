package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

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

// ReleaseRowsAfter gives the frozen rows of a kind of a release whose keys come after one, by key as bytes.
func (s *Store) ReleaseRowsAfter(ctx context.Context, number int, kind barometer.RowKind, after string, limit int) (rows []barometer.FrozenRow, err error) {
	defer translate("release rows", &err)
	key := s.byBytes("key")
	found, err := gorm.G[releaseRow](s.db).Where("release = ? AND kind = ? AND ? > ?", number, kind, key, after).
		Order(key.SQL).Limit(limit).Find(ctx)
	for _, r := range found {
		rows = append(rows, r.FrozenRow)
	}
	return rows, err
}

// EachReleaseRow hands over the frozen rows of a kind of a release, by key. It asks for them page by page, so that a slow
// receiver keeps nobody from the database.
func (s *Store) EachReleaseRow(ctx context.Context, number int, kind barometer.RowKind, each func(barometer.FrozenRow) error) error {
	for after := ""; ; {
		rows, err := s.ReleaseRowsAfter(ctx, number, kind, after, batch)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := each(row); err != nil {
				return err
			}
			after = row.Key
		}
		if len(rows) < batch {
			return nil
		}
	}
}

// PutReleaseRow puts a row in the place of the one of its kind and key, for what a withdrawal leaves of it.
func (s *Store) PutReleaseRow(ctx context.Context, number int, row barometer.FrozenRow) (err error) {
	defer translate("put release row", &err)
	return insert(ctx, s, []releaseRow{{number, row}}, clause.OnConflict{UpdateAll: true})
}

// DeleteReleaseRows deletes the rows of a kind of a release whose keys begin with a prefix, for a withdrawal.
func (s *Store) DeleteReleaseRows(ctx context.Context, number int, kind barometer.RowKind, prefix string) (err error) {
	defer translate("delete release rows", &err)
	_, err = gorm.G[releaseRow](s.db).Where("release = ? AND kind = ? AND substr(key, 1, ?) = ?", number, kind, len(prefix), prefix).Delete(ctx)
	return err
}

func kindAndKey(r barometer.FrozenRow) [2]string { return [2]string{string(r.Kind), r.Key} }
