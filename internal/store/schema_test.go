package store_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
)

// Every column has a field and every field a column; a field is a pointer exactly where the column may be null.
func TestStructsMatchTheMigratedTables(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		known := []string{"goose_db_version"}
		for _, row := range store.Tables {
			table, fields, columns, err := s.Shape(row)
			if err != nil {
				t.Fatal(err)
			}
			known = append(known, table)
			if diff := cmp.Diff(fields, columns); diff != "" {
				t.Errorf("%s: -struct +table\n%s", table, diff)
			}
		}
		tables, err := s.TableNames()
		if err != nil {
			t.Fatal(err)
		}
		tables = slices.DeleteFunc(tables, func(name string) bool { return name == "sqlite_sequence" })
		slices.Sort(tables)
		slices.Sort(known)
		if diff := cmp.Diff(known, tables); diff != "" {
			t.Errorf("-structs +tables\n%s", diff)
		}
	})
}
