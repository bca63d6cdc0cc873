// Package storetest runs a test on both databases. Without a Postgres it skips that half and says so; where CI is true
// it fails.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver for making databases

	"github.com/boernesagsbarometer/barometer/internal/store"
)

// Variable names the environment variable with the address of a Postgres whose user may create databases.
const Variable = "BAROMETER_TEST_DATABASE_URL"

// Run calls test once for each database, in a sub-test with an empty, migrated store of its own.
func Run(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	Each(t, func(t *testing.T, o store.Options) { test(t, Open(t, o)) })
}

// Each calls test once for each database, in a sub-test, with the options of an empty database of its own.
func Each(t *testing.T, test func(t *testing.T, o store.Options)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, store.Options{DataDir: t.TempDir()})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, store.Options{URL: postgres(t)})
	})
}

// Open opens and migrates a database that is closed when the test ends.
func Open(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, err := store.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	return s
}

// Context gives a deadline, so that a deadlock on SQLite's one connection fails instead of hanging; it is long enough for
// the race detector on a busy machine.
func Context(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

var (
	serial   atomic.Int64
	template struct {
		sync.Once
		name string
		err  error
	}
)

// danish gives a database the order of text that a Danish Postgres has, so that a test fails where the service relies
// on the order of a database instead of sorting for itself.
const danish = " TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'da-DK'"

// postgres gives the address of a new database, cloned from a migrated template.
func postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv(Variable)
	if server == "" {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not set: in CI every test runs on Postgres too", Variable)
		}
		t.Skipf("NOT TESTED ON POSTGRES: %s is not set; `make test` sets it", Variable)
	}
	template.Do(func() { template.name, template.err = makeTemplate(server) })
	if template.err != nil {
		t.Fatal(template.err)
	}
	name := fmt.Sprintf("t_%d_%d", os.Getpid(), serial.Add(1))
	if err := execute(server, "CREATE DATABASE "+name+" TEMPLATE "+template.name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := execute(server, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return address(server, name)
}

func makeTemplate(server string) (string, error) {
	name := fmt.Sprintf("template_%d", os.Getpid())
	if err := execute(server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil { // of an earlier run
		return "", err
	}
	if err := execute(server, "CREATE DATABASE "+name+danish); err != nil {
		// A server without ICU, or older than version 15, keeps its own order.
		if err := execute(server, "CREATE DATABASE "+name); err != nil {
			return "", err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, err := store.Open(ctx, store.Options{URL: address(server, name)})
	if err != nil {
		return "", err
	}
	if _, err := s.Migrate(ctx); err != nil {
		return "", err
	}
	return name, s.Close()
}

// creating lets one database be created at a time: Postgres refuses to clone a template that is being cloned.
var creating sync.Mutex

func execute(server, statement string) (err error) {
	creating.Lock()
	defer creating.Unlock()
	db, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // nothing is lost with a connection that cannot be closed
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if _, err = db.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

func address(server, database string) string {
	u, err := url.Parse(server)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		panic(Variable + " is no postgres:// address")
	}
	u.Path = "/" + database
	return u.String()
}
