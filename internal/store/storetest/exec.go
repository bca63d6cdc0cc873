package storetest

import (
	"database/sql"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/store"
)

// Exec runs statements on the database behind the service's back, as somebody with its password or its file can.
func Exec(t *testing.T, o store.Options, statements string) {
	t.Helper()
	driver, address := "pgx", o.URL
	if address == "" {
		driver, address = "sqlite", "file:"+store.EmbeddedFile(o.DataDir)+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // nothing is lost with a connection that cannot be closed
	if _, err := db.ExecContext(Context(t), statements); err != nil {
		t.Fatal(err)
	}
}
