package storetest_test

import (
	"database/sql"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
)

// Text is ordered as in Danish on Postgres (aa is å, and last), so that relying on a database's order is found.
func TestPostgresOrdersTextInDanish(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		if o.URL == "" {
			t.Skip("SQLite orders by bytes")
		}
		db, err := sql.Open("pgx", o.URL)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		ctx := storetest.Context(t)
		var icu, danish bool
		if err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_collation WHERE collprovider = 'i'), 'aa' > 'z'").Scan(&icu, &danish); err != nil {
			t.Fatal(err)
		}
		if !icu {
			t.Skip("this Postgres has no ICU")
		}
		if !danish {
			t.Error("the order is not Danish")
		}
	})
}
