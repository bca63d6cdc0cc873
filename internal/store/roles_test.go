package store_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// served opens the database as the service, after the owner has made the tables.
func served(t *testing.T, d storetest.Deployment) *store.Store {
	t.Helper()
	d.Migrate(t)
	return storetest.Open(t, store.Options{URL: d.Service}) // migrates too, as serve does
}

// The service works with the data as it always does.
func TestServiceRoleWorksWithTheData(t *testing.T) {
	t.Parallel()
	d := storetest.Deployed(t)
	ctx := storetest.Context(t)
	s := served(t, d)
	same(t, 0)(s.Migrate(ctx))
	world(t, ctx, s)
	record(t, ctx, s, 10)
	holds(t, ctx, s, 10)
	if _, claimed, err := answer(ctx, s, "key", "print", "body"); err != nil || !claimed {
		t.Error(claimed, err)
	}
	must(t, s.AddKey(ctx, newAPIKey(s, "aaaaaaaa", barometer.RoleLead)))
	must(t, s.TouchKey(ctx, "aaaaaaaa"))
	must(t, s.RevokeKey(ctx, "aaaaaaaa"))
	_, err := s.AddRelease(ctx, barometer.Release{Number: 1}, nil)
	must(t, err)
	must(t, s.Exec(ctx, "CREATE TEMPORARY TABLE staged (x TEXT) ON COMMIT DROP"))
}

// It can add to the trail and cannot take anything from it, nor change the tables to be able to.
func TestServiceRoleCannotChangeTheTrail(t *testing.T) {
	t.Parallel()
	d := storetest.Deployed(t)
	ctx := storetest.Context(t)
	s := served(t, d)
	world(t, ctx, s)
	record(t, ctx, s, 10)
	must(t, s.Exec(ctx, "GRANT ALL ON audit_events TO CURRENT_USER")) // a warning that nothing was granted
	for _, statement := range []string{
		"UPDATE audit_events SET caller = 'nobody'", "UPDATE audit_events SET hash = hash WHERE FALSE", "DELETE FROM audit_events",
		"DELETE FROM audit_events WHERE FALSE", "TRUNCATE audit_events", "TRUNCATE audit_head", "DELETE FROM audit_head",
		"INSERT INTO audit_events SELECT * FROM audit_events WHERE FALSE ON CONFLICT (number) DO UPDATE SET caller = ''",
		"MERGE INTO audit_events USING (SELECT 1 AS number) x ON audit_events.number = x.number WHEN MATCHED THEN DELETE",
		"SELECT * FROM audit_events FOR UPDATE", "DROP TABLE audit_events",
		"ALTER TABLE audit_events RENAME TO x", "ALTER TABLE audit_events DISABLE TRIGGER ALL", "ALTER TABLE audit_events OWNER TO CURRENT_USER",
		"CREATE RULE hide AS ON INSERT TO audit_events DO INSTEAD NOTHING", "CREATE INDEX ON audit_events (caller)",
		"CREATE TABLE mine (x TEXT)", "CREATE VIEW mine AS SELECT 1", "CREATE SCHEMA mine", "DROP TABLE cases", "TRUNCATE cases CASCADE",
		"ALTER TABLE cases ADD COLUMN name TEXT", "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
		"CREATE TRIGGER mine BEFORE INSERT ON cases FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
		"UPDATE goose_db_version SET is_applied = FALSE", "DELETE FROM goose_db_version",
		fmt.Sprintf("SET ROLE %q", d.OwnerRole), fmt.Sprintf("GRANT %q TO %q", d.OwnerRole, d.ServiceRole),
		"CREATE ROLE mine", "ALTER ROLE CURRENT_USER SUPERUSER", "SET session_replication_role = replica",
	} {
		err := s.Exec(ctx, statement)
		if err == nil || !strings.Contains(err.Error(), "42501") { // insufficient_privilege
			t.Errorf("%s: %v", statement, err)
		}
	}
	holds(t, ctx, s, 10)
	record(t, ctx, s, 5)
	holds(t, ctx, s, 15)
}

// What the service may do is what is listed here, on each table there is and on those of later migrations.
func TestServiceRoleHasItsRightsOnly(t *testing.T) {
	t.Parallel()
	d := storetest.Deployed(t)
	ctx := storetest.Context(t)
	s := served(t, d)
	d.SQL(t, d.Owner, "CREATE TABLE later (x TEXT PRIMARY KEY)") // as a migration to come
	for range 2 {
		rights := rightsOf(t, d)
		tables, err := s.TableNames()
		must(t, err)
		want := map[string]string{}
		for _, table := range tables {
			want[table] = "DELETE, INSERT, SELECT, UPDATE"
		}
		want["audit_events"], want["audit_head"], want["goose_db_version"] = "INSERT, SELECT", "SELECT, UPDATE", "SELECT"
		if diff := cmp.Diff(want, rights); diff != "" || len(want) < 20 {
			t.Error(diff)
		}
		d.Grant(t) // again: nothing changes
	}
	must(t, s.Exec(ctx, "INSERT INTO later (x) VALUES ('x')"))
	must(t, s.Exec(ctx, "UPDATE later SET x = 'y'"))
	must(t, s.Exec(ctx, "DELETE FROM later"))
}

// rightsOf lists what the service may do with each table, whoever allowed it.
func rightsOf(t *testing.T, d storetest.Deployment) map[string]string {
	t.Helper()
	db, err := sql.Open("pgx", d.Service)
	must(t, err)
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), `SELECT c.relname, string_agg(p, ', ' ORDER BY p)
		FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p
		WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relnamespace = 'public'::regnamespace AND has_table_privilege(c.oid, p)
		GROUP BY c.relname`)
	must(t, err)
	defer func() { _ = rows.Close() }()
	rights := map[string]string{}
	for rows.Next() {
		var table, list string
		must(t, rows.Scan(&table, &list))
		rights[table] = list
	}
	must(t, rows.Err())
	return rights
}

// A service that is started before the owner has migrated says what to do, on an empty database and on an old schema.
func TestServiceRoleDoesNotMigrate(t *testing.T) {
	t.Parallel()
	d := storetest.Deployed(t)
	ctx := storetest.Context(t)
	refused := func(when string) {
		t.Helper()
		s, err := store.Open(ctx, store.Options{URL: d.Service})
		must(t, err)
		_, err = s.Migrate(ctx)
		if barometer.KindOf(err) != barometer.State || !strings.Contains(err.Error(), "barometer migrate") {
			t.Errorf("%s: %v", when, err)
		}
		must(t, s.Close())
	}
	refused("nothing was made")
	s := served(t, d)
	must(t, s.Ping(ctx))
	d.SQL(t, d.Owner, "DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)")
	refused("the newest migration is missing")
}

// A role that could change the trail all the same is refused, whatever lets it, and nothing is changed.
func TestServiceRoleMayHaveNoOtherPower(t *testing.T) {
	t.Parallel()
	d := storetest.Deployed(t)
	s := served(t, d)
	before := rightsOf(t, d)
	address, err := url.Parse(d.Admin)
	must(t, err)
	database := strings.TrimPrefix(address.Path, "/")
	owner, service := fmt.Sprintf("%q", d.OwnerRole), fmt.Sprintf("%q", d.ServiceRole)
	for give, take := range map[string]string{
		"ALTER ROLE " + service + " SUPERUSER":                "ALTER ROLE " + service + " NOSUPERUSER",
		"ALTER ROLE " + service + " CREATEROLE":               "ALTER ROLE " + service + " NOCREATEROLE",
		"GRANT " + owner + " TO " + service:                   "REVOKE " + owner + " FROM " + service,
		"GRANT pg_write_all_data TO " + service:               "REVOKE pg_write_all_data FROM " + service,
		"ALTER DATABASE " + database + " OWNER TO " + service: "ALTER DATABASE " + database + " OWNER TO CURRENT_USER",
	} {
		d.SQL(t, d.Admin, give)
		if said, err := d.TryGrant(t); err == nil || !strings.Contains(said, "take another one for the service") {
			t.Errorf("%s: %v: %s", give, err, said)
		}
		d.SQL(t, d.Admin, take)
	}
	if diff := cmp.Diff(before, rightsOf(t, d)); diff != "" {
		t.Error(diff)
	}
	must(t, s.Ping(t.Context()))
}

// A service that has made its own tables hands them over.
func TestServiceRoleHandsItsTablesOver(t *testing.T) {
	t.Parallel()
	d := storetest.Deployed(t)
	ctx := storetest.Context(t)
	d.SQL(t, d.Admin, fmt.Sprintf("GRANT CREATE ON SCHEMA public TO %q", d.ServiceRole))
	s := storetest.Open(t, store.Options{URL: d.Service})
	world(t, ctx, s)
	record(t, ctx, s, 5)
	must(t, s.Exec(ctx, "DELETE FROM audit_events WHERE FALSE"))
	d.Grant(t)
	if err := s.Exec(ctx, "DELETE FROM audit_events WHERE FALSE"); err == nil {
		t.Error("it may still take from the trail")
	}
	same(t, 0)(s.Number(ctx, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner <> ?", d.OwnerRole))
	record(t, ctx, s, 5)
	holds(t, ctx, s, 10)
}
