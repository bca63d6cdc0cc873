package storetest

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/boernesagsbarometer/barometer/internal/store"
)

// Postgres gives the options of an empty Postgres database, for a benchmark; it skips where there is none.
func Postgres(t testing.TB) store.Options {
	t.Helper()
	return store.Options{URL: postgres(t)}
}

// CopyAgain takes all rows out of a table of a Postgres database and puts them back with a plain COPY: what it takes is
// the least that writing these rows to this table can take. No other table may refer to it.
func CopyAgain(ctx context.Context, o store.Options, table string) (rows int64, took time.Duration, err error) {
	conn, err := pgx.Connect(ctx, o.URL)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = conn.Close(ctx) }()
	var kept bytes.Buffer
	name := pgx.Identifier{table}.Sanitize()
	if _, err := conn.PgConn().CopyTo(ctx, &kept, "COPY "+name+" TO STDOUT"); err != nil {
		return 0, 0, err
	}
	if _, err := conn.Exec(ctx, "TRUNCATE "+name); err != nil {
		return 0, 0, err
	}
	began := time.Now()
	done, err := conn.PgConn().CopyFrom(ctx, &kept, "COPY "+name+" FROM STDIN")
	return done.RowsAffected(), time.Since(began), err
}
