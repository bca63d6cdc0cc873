package store

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is a database. The zero value is of no use; see Open.
type Store struct {
	db      *gorm.DB
	now     func() time.Time
	caller  barometer.Caller
	request string
	scope   Scope
	events  *[]barometer.AuditEvent // of the transaction; nil outside one
}

// Options say which database to open: the Postgres at URL, or the embedded one in DataDir where URL is empty.
type Options struct {
	URL     string
	DataDir string
	// BusyWait is how long to wait for another process that writes to the embedded database, before a change is
	// Unavailable; 10 s where it is 0. A wait is not cut short by the end of a context.
	BusyWait time.Duration
}

// EmbeddedFile names the file of the embedded database in a data folder.
func EmbeddedFile(dataDir string) string { return filepath.Join(dataDir, "barometer.db") }

// Open opens a database without migrating it. A database that cannot be reached is Unavailable.
func Open(ctx context.Context, o Options) (*Store, error) {
	dialector := postgres.Open(o.URL)
	if o.URL == "" {
		if err := os.MkdirAll(o.DataDir, 0o750); err != nil {
			return nil, unreachable(o, err)
		}
		dialector = openSQLite(EmbeddedFile(o.DataDir), cmp.Or(o.BusyWait, 10*time.Second))
	}
	db, err := gorm.Open(dialector, &gorm.Config{
		Logger:                 logger.Discard, // an error is returned, and logged once where it ends
		SkipDefaultTransaction: true,           // writes that belong together use Tx
		TranslateError:         true,
		NowFunc:                now,
		DisableAutomaticPing:   true,
	})
	if err != nil {
		return nil, unreachable(o, err)
	}
	s := &Store{db: db, now: now, caller: barometer.Operator()}
	pool, err := db.DB()
	if err != nil {
		return nil, unreachable(o, err)
	}
	if o.URL == "" {
		// One connection: SQLite has one writer at a time anyway, and readers are served from memory.
		pool.SetMaxOpenConns(1)
	} else {
		pool.SetMaxOpenConns(10)
		pool.SetConnMaxIdleTime(5 * time.Minute)
	}
	if err := firstPing(ctx, pool); err != nil {
		return nil, unreachable(o, errors.Join(err, pool.Close()))
	}
	return s, nil
}

// firstPing opens the first connection. SQLite does not wait for another process while it goes over to write-ahead
// logging, as it does with everything else, so it is asked again here.
func firstPing(ctx context.Context, pool *sql.DB) error {
	const patience, pause = 100, 50 * time.Millisecond
	for attempt := 1; ; attempt++ {
		err := pool.PingContext(ctx)
		if attempt == patience || !errors.Is(sqliteDialector{}.Translate(err), errBusy) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// unreachable names the database without what may hold a password.
func unreachable(o Options, err error) error {
	name := "the embedded database in " + o.DataDir
	if o.URL != "" {
		name = "the Postgres database: its address cannot be read"
		if u, parseErr := url.Parse(o.URL); parseErr == nil && u.Host != "" {
			name = (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
		}
	}
	return &barometer.Error{Kind: barometer.Unavailable, Message: "cannot open " + name, Err: err}
}

// now is in UTC and whole microseconds, which is what both databases keep.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Dialect names the database: "sqlite" or "postgres".
func (s *Store) Dialect() string { return s.db.Name() }

// Close closes the connections.
func (s *Store) Close() error {
	pool, err := s.db.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}

// Ping tells whether the database answers: Unavailable where it does not.
func (s *Store) Ping(ctx context.Context) (err error) {
	defer translate("ping", &err)
	pool, err := s.db.DB()
	if err != nil {
		return err
	}
	return pool.PingContext(ctx)
}

// Migrate brings the schema up to date, under a lock, so that any number of processes may start at once. It returns
// the number of migrations it applied, and refuses (State) a schema newer than this program knows, or one that it may
// not change. A schema that is up to date it only reads.
func (s *Store) Migrate(ctx context.Context) (applied int, err error) {
	pool, err := s.db.DB()
	if err != nil {
		return 0, err
	}
	dialect, options := goose.DialectSQLite3, []goose.ProviderOption{}
	if s.Dialect() == "postgres" {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
		if err != nil {
			return 0, err
		}
		dialect, options = goose.DialectPostgres, append(options, goose.WithSessionLocker(locker))
	}
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return 0, err
	}
	provider, err := goose.NewProvider(dialect, pool, folder, options...)
	if err != nil {
		return 0, err
	}
	known := provider.ListSources()
	newest := known[len(known)-1].Version
	version, err := provider.GetDBVersion(ctx)
	if err != nil {
		return 0, notMigrated("reading the schema's version", err)
	}
	if version > newest {
		return 0, barometer.Errorf(barometer.State,
			"the database has schema %d, this program knows up to %d: run a newer barometer", version, newest)
	}
	return up(ctx, provider, s.Dialect())
}

// up applies what is missing. SQLite has no lock to wait for: when another process migrates the same file at the same
// moment one of them fails on what the other has just made, and finds nothing left to do when it looks again.
func up(ctx context.Context, provider *goose.Provider, dialect string) (int, error) {
	const patience = 20
	for attempt := 1; ; attempt++ {
		done, err := provider.Up(ctx)
		if err == nil {
			return len(done), nil
		}
		if dialect == "postgres" || attempt == patience {
			return 0, notMigrated("migrating the schema", err)
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// notMigrated says what to do where Postgres lets this user read the data and not change the tables.
func notMigrated(doing string, err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "42501" {
		return &barometer.Error{
			Kind: barometer.State, Err: err,
			Message: doing + ": this database user may not; run barometer migrate as the role that owns the tables, and give this one its rights",
		}
	}
	return fmt.Errorf("%s: %w", doing, err)
}
