package store_test

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// empty gives the options of a database that nothing was ever made in, for both databases.
func empty(t *testing.T, test func(t *testing.T, o store.Options)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		if o.URL != "" { // a clone of a migrated one
			s := storetest.Open(t, o)
			must(t, s.Exec(storetest.Context(t), "DROP SCHEMA public CASCADE"))
			must(t, s.Exec(storetest.Context(t), "CREATE SCHEMA public"))
		}
		test(t, o)
	})
}

func migrations(t *testing.T) int {
	t.Helper()
	n, err := store.Migrations()
	must(t, err)
	return n
}

func TestMigratingTwiceAppliesNothing(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, o store.Options) {
		ctx := storetest.Context(t)
		s, err := store.Open(ctx, o)
		must(t, err)
		same(t, migrations(t))(s.Migrate(ctx))
		same(t, 0)(s.Migrate(ctx))
		must(t, s.Close())
		s, err = store.Open(ctx, o)
		must(t, err)
		same(t, 0)(s.Migrate(ctx))
		must(t, s.Close())
	})
}

func TestMigrationsCanBeTakenBack(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		before, err := s.TableNames()
		must(t, err)
		must(t, s.Down(ctx))
		left, err := s.TableNames()
		must(t, err)
		left = slices.DeleteFunc(left, func(name string) bool { return name == "goose_db_version" || name == "sqlite_sequence" })
		if len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		same(t, migrations(t))(s.Migrate(ctx))
		after, err := s.TableNames()
		must(t, err)
		slices.Sort(before)
		slices.Sort(after)
		if diff := cmp.Diff(before, after); diff != "" {
			t.Error(diff)
		}
		world(t, ctx, s)
		same(t, 0)(s.CurrentRelease(ctx))
	})
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		must(t, s.Exec(ctx, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)"))
		_, err := s.Migrate(ctx)
		if barometer.KindOf(err) != barometer.State || !strings.Contains(err.Error(), "schema 9999") {
			t.Error(err)
		}
	})
}

// Five programs that start at once on an empty database all get it migrated, once.
func TestAnyNumberMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, o store.Options) {
		ctx := storetest.Context(t)
		var all sync.WaitGroup
		applied := make([]int, 5)
		for i := range applied {
			all.Go(func() {
				s, err := store.Open(ctx, o)
				if err != nil {
					t.Error(err)
					return
				}
				if applied[i], err = s.Migrate(ctx); err != nil {
					t.Error(err)
				}
				if _, err := s.CurrentRelease(ctx); err != nil {
					t.Error(err)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		migratedOnce(t, o, applied)
	})
}

func migratedOnce(t *testing.T, o store.Options, applied []int) {
	t.Helper()
	sum := 0
	for _, n := range applied {
		sum += n
	}
	if sum != migrations(t) {
		t.Errorf("applied %v; want %d in all", applied, migrations(t))
	}
	ctx := storetest.Context(t)
	s, err := store.Open(ctx, o)
	must(t, err)
	same(t, migrations(t))(s.Number(ctx, "SELECT count(*) FROM goose_db_version WHERE version_id > 0 AND is_applied"))
	same(t, 1)(s.Number(ctx, "SELECT count(*) FROM goose_db_version WHERE version_id = 0"))
	same(t, 1)(s.Number(ctx, "SELECT count(*) FROM dataset"))
	must(t, s.Close())
}

// folderVariable names the data folder that a copy of this program migrates.
const folderVariable = "BAROMETER_TEST_MIGRATE"

func TestMigrateOneFolder(t *testing.T) {
	folder := os.Getenv(folderVariable)
	if folder == "" {
		t.Skip("for TestAnyNumberOfProcessesMayMigrateAtOnce")
	}
	ctx := storetest.Context(t)
	s, err := store.Open(ctx, store.Options{DataDir: folder})
	must(t, err)
	applied, err := s.Migrate(ctx)
	must(t, err)
	must(t, s.Close())
	fmt.Printf("applied=%d\n", applied)
}

func TestAnyNumberOfProcessesMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	o := store.Options{DataDir: t.TempDir()}
	var all sync.WaitGroup
	applied := make([]int, 5)
	for i := range applied {
		all.Go(func() {
			copyOfThis := exec.CommandContext(storetest.Context(t), os.Args[0], "-test.run=^TestMigrateOneFolder$", "-test.v")
			copyOfThis.Env = append(os.Environ(), folderVariable+"="+o.DataDir)
			said, err := copyOfThis.CombinedOutput()
			_, after, found := strings.Cut(string(said), "applied=")
			if _, scanErr := fmt.Sscan(after, &applied[i]); err != nil || !found || scanErr != nil {
				t.Errorf("%v: %s", err, said)
			}
		})
	}
	all.Wait()
	migratedOnce(t, o, applied)
}
