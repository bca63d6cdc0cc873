package store

import (
	"context"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// importRow is the receipt of an import as it is kept.
type importRow struct {
	ID        string `gorm:"primaryKey"`
	Round     *barometer.Year
	Kind      string
	Format    string
	Bytes     int
	Checksum  string
	Rows      int
	Added     int
	Changed   int
	Unchanged int
	Cases     int
	Warnings  string // JSON
	At        time.Time
	Caller    string
	Role      barometer.Role
}

func (importRow) TableName() string { return "imports" }

// AddImport keeps a receipt.
func (s *Store) AddImport(ctx context.Context, i barometer.Import) (err error) {
	defer translate("add import", &err)
	warnings, err := json.Marshal(i.Warnings)
	if err != nil {
		return err
	}
	row := importRow{
		ID: *i.ID, Round: &i.Round, Kind: i.Kind, Format: i.Format, Bytes: i.Bytes, Checksum: i.Checksum, Rows: i.Rows, Added: i.Added,
		Changed: i.Changed, Unchanged: i.Unchanged, Cases: i.Cases, Warnings: string(warnings), At: i.At, Caller: i.Caller, Role: i.Role,
	}
	return gorm.G[importRow](s.db).Create(ctx, &row)
}

// Imports gives the receipts of a round, the oldest first.
func (s *Store) Imports(ctx context.Context, year barometer.Year) (found []barometer.Import, err error) {
	defer translate("imports", &err)
	rows, err := gorm.G[importRow](s.db).Where("round = ?", year).Order("id").Find(ctx)
	for _, r := range rows {
		i, err := r.receipt()
		if err != nil {
			return nil, err
		}
		found = append(found, i)
	}
	return found, err
}

// Import gives a receipt; NotFound where there is none of that id.
func (s *Store) Import(ctx context.Context, id string) (i barometer.Import, err error) {
	defer translate("import", &err)
	row, err := gorm.G[importRow](s.db).Where("id = ?", id).First(ctx)
	if err != nil {
		return i, err
	}
	return row.receipt()
}

func (r importRow) receipt() (barometer.Import, error) {
	i := barometer.Import{
		ID: &r.ID, Kind: r.Kind, Format: r.Format, Bytes: r.Bytes, Checksum: r.Checksum, Rows: r.Rows, Added: r.Added,
		Changed: r.Changed, Unchanged: r.Unchanged, Cases: r.Cases, At: r.At.UTC(), Caller: r.Caller, Role: r.Role,
	}
	if r.Round != nil {
		i.Round = *r.Round
	}
	return i, json.Unmarshal([]byte(r.Warnings), &i.Warnings)
}
