package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/store"
)

// Deployment is an empty Postgres database with the two roles of deployments/postgres/roles.sql, under names of its own.
type Deployment struct {
	// Admin, Owner and Service are the addresses of the database for a superuser and for the two roles.
	Admin, Owner, Service string
	// OwnerRole and ServiceRole are the names of the roles.
	OwnerRole, ServiceRole string
}

// Deployed makes a Deployment, as an administrator would up to the first migration. Without Postgres, or psql that the
// script is run with, the test is skipped; where CI is true it fails.
func Deployed(t *testing.T) Deployment {
	t.Helper()
	d := Deployment{Admin: postgres(t)}
	serial := fmt.Sprintf("%d_%d", os.Getpid(), serial.Add(1))
	d.OwnerRole, d.ServiceRole = "test_owner_"+serial, "test service "+serial // a name may hold a space
	d.SQL(t, d.Admin, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")     // of a clone of a migrated database
	t.Cleanup(func() {
		for _, role := range []string{d.OwnerRole, d.ServiceRole} {
			d.SQL(t, d.Admin, fmt.Sprintf("DROP OWNED BY %[1]q CASCADE; DROP ROLE %[1]q", role))
		}
	})
	d.Grant(t)
	for _, role := range []string{d.OwnerRole, d.ServiceRole} {
		d.SQL(t, d.Admin, fmt.Sprintf("ALTER ROLE %q PASSWORD 'test'", role))
	}
	d.Owner, d.Service = as(d.Admin, d.OwnerRole), as(d.Admin, d.ServiceRole)
	return d
}

func as(server, role string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic(Variable + " is no postgres:// address")
	}
	u.User = url.UserPassword(role, "test")
	return u.String()
}

// Grant runs the script, which must end well.
func (d Deployment) Grant(t *testing.T) {
	t.Helper()
	if said, err := d.TryGrant(t); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
}

// TryGrant runs the script and gives what it says.
func (d Deployment) TryGrant(t *testing.T) (said string, err error) {
	t.Helper()
	const script = "../../deployments/postgres/roles.sql"                                                                            // from a test's folder
	out, err := exec.CommandContext(t.Context(), psql(t), "-d", d.Admin, "-v", "owner="+d.OwnerRole, "-v", "service="+d.ServiceRole, //nolint:gosec // a test's own
		"-f", script).CombinedOutput()
	return string(out), err
}

// Migrate makes the tables as the owner, and gives the service its rights.
func (d Deployment) Migrate(t *testing.T) {
	t.Helper()
	ctx := Context(t)
	s, err := store.Open(ctx, store.Options{URL: d.Owner})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Migrate(ctx)
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	d.Grant(t)
}

// SQL runs statements at one of the addresses.
func (d Deployment) SQL(t *testing.T, address, statements string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()                                     // nothing is lost with a connection that cannot be closed
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // the test may be over
	defer cancel()
	if _, err := db.ExecContext(ctx, statements); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}

// psql finds the program: on the path, or where Debian keeps it.
func psql(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("psql"); err == nil {
		return path
	}
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/psql"); len(found) > 0 {
		return slices.Max(found)
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("psql is not installed: in CI the roles are tested too")
	}
	t.Skip("NOT TESTED: psql is not installed (apt-get install postgresql-client)")
	return ""
}
