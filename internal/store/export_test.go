package store

import (
	"cmp"
	"context"
	"io/fs"
	"reflect"
	"slices"
	"sync"

	"github.com/pressly/goose/v3"
	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Tables are the structs that rows are read into and written from, one a table.
var Tables = []any{
	&dataset{}, &barometer.Round{}, &barometer.RoundRequirement{}, &barometer.Participation{}, &barometer.Case{},
	&barometer.CaseUnit{}, &barometer.CaseOutcome{}, &barometer.ReportedResult{}, &barometer.ReportedPeriod{},
	&barometer.Judgement{}, &publication{}, &publicationRow{}, &release{}, &releaseRound{}, &releaseRow{},
	&barometer.OutcomeRevision{}, &outcomeNote{}, &barometer.Transition{}, &importRow{}, &Answered{}, &barometer.APIKey{},
	&barometer.AuditEvent{}, &auditHead{},
}

// Field is a column as a struct or a table has it. A primary key counts as never null, whatever SQLite allows.
type Field struct {
	Name string
	Null bool
}

// Shape gives the table of a struct, the columns that the struct has, and those that the table has, by name.
func (s *Store) Shape(row any) (table string, fields, columns []Field, err error) {
	parsed, err := schema.Parse(row, &sync.Map{}, s.db.NamingStrategy)
	if err != nil {
		return "", nil, nil, err
	}
	for _, name := range slices.Sorted(slices.Values(parsed.DBNames)) {
		f := parsed.FieldsByDBName[name]
		fields = append(fields, Field{name, f.FieldType.Kind() == reflect.Pointer && !f.PrimaryKey})
	}
	types, err := s.db.Migrator().ColumnTypes(row)
	if err != nil {
		return "", nil, nil, err
	}
	for _, c := range types {
		columns = append(columns, Field{Name: c.Name()})
	}
	slices.SortFunc(columns, func(a, b Field) int { return cmp.Compare(a.Name, b.Name) })
	// gorm takes a column `checksum` of SQLite for a CHECK, so whether a column may be null is asked here.
	query := `SELECT count(*) FROM pragma_table_info(?) WHERE name = ? AND "notnull" = 0 AND pk = 0`
	if s.Dialect() == "postgres" {
		query = "SELECT count(*) FROM information_schema.columns WHERE table_name = ? AND column_name = ? AND is_nullable = 'YES'"
	}
	for i := range columns {
		n, err := s.Number(context.Background(), query, parsed.Table, columns[i].Name)
		if err != nil {
			return "", nil, nil, err
		}
		columns[i].Null = n > 0
	}
	return parsed.Table, fields, columns, nil
}

// TableNames gives the tables that the database has.
func (s *Store) TableNames() ([]string, error) { return s.db.Migrator().GetTables() }

// Exec runs a statement that the store has no method for.
func (s *Store) Exec(ctx context.Context, sql string, args ...any) (err error) {
	defer translate("exec", &err)
	return s.db.WithContext(ctx).Exec(sql, args...).Error
}

// Number reads one number.
func (s *Store) Number(ctx context.Context, sql string, args ...any) (n int, err error) {
	defer translate("number", &err)
	return n, s.db.WithContext(ctx).Raw(sql, args...).Scan(&n).Error
}

// AddDataset adds a row where only one may be.
func (s *Store) AddDataset(ctx context.Context, id, number int) (err error) {
	defer translate("add data set", &err)
	return gorm.G[dataset](s.db).Create(ctx, &dataset{ID: id, Release: number})
}

// Migrations counts the migrations that the program has.
func Migrations() (int, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	return len(files), err
}

// Down takes all migrations back.
func (s *Store) Down(ctx context.Context) error {
	pool, err := s.db.DB()
	if err != nil {
		return err
	}
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if s.Dialect() == "postgres" {
		dialect = goose.DialectPostgres
	}
	provider, err := goose.NewProvider(dialect, pool, folder)
	if err != nil {
		return err
	}
	_, err = provider.DownTo(ctx, 0)
	return err
}
