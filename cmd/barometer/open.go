package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/config"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
)

// base is what every subcommand that touches the database begins with.
type base struct {
	config config.Config
	store  *store.Store
	cat    *catalogue.Catalogue
	say    func(format string, args ...any) // in plain words, on stderr
}

// withBase opens the database, brings its schema up to date, loads the published history where it is new, and runs a
// subcommand on it.
func withBase(run func(ctx context.Context, b base, args []string) error) func(*cobra.Command, []string) error {
	return withMigrated(func(ctx context.Context, b base, args []string) error {
		if err := b.loadHistory(ctx); err != nil {
			return err
		}
		return run(ctx, b, args)
	})
}

// withStored is for subcommands that look at what is there: an embedded database that is not there is not made.
func withStored(run func(ctx context.Context, b base, args []string) error) func(*cobra.Command, []string) error {
	migrated := withMigrated(run)
	return func(cmd *cobra.Command, args []string) error {
		c, err := config.Load(cmd.Flags())
		if err != nil {
			return err
		}
		if _, err := os.Stat(store.EmbeddedFile(c.DataDir)); c.DatabaseURL == "" && err != nil {
			return fmt.Errorf("there is no database to look at (setting BAROMETER_DATA_DIR, --data-dir): %w", err)
		}
		return migrated(cmd, args)
	}
}

// withMigrated opens the database, brings its schema up to date, and runs a subcommand on it.
func withMigrated(run func(ctx context.Context, b base, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) (err error) {
		b := base{say: func(format string, args ...any) { cmd.PrintErrf(format+"\n", args...) }}
		if b.config, err = config.Load(cmd.Flags()); err != nil {
			return err
		}
		for _, name := range config.Unknown() {
			b.say("Warning: %s is no setting of this program; see barometer serve --help.", name)
		}
		if b.cat, err = catalogue.Load(); err != nil {
			return err
		}
		ctx := cmd.Context()
		// A command waits for a service or another command that writes to the embedded database, rather than give up.
		options := store.Options{URL: b.config.DatabaseURL, DataDir: b.config.DataDir, BusyWait: time.Minute}
		if b.store, err = store.Open(ctx, options); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, b.store.Close()) }()
		if err := b.migrate(ctx); err != nil {
			return err
		}
		return run(ctx, b, args)
	}
}

func (b base) migrate(ctx context.Context) error {
	name := "Postgres"
	if b.store.Dialect() == "sqlite" {
		name = "the embedded database " + store.EmbeddedFile(b.config.DataDir)
	}
	b.say("Opened %s.", name)
	applied, err := b.store.Migrate(ctx)
	if applied > 0 {
		b.say("Brought its schema up to date: %s.", plural(applied, "migration", "migrations"))
	}
	return err
}

func (b base) loadHistory(ctx context.Context) error {
	loaded, err := report.LoadHistory(ctx, b.store, b.cat)
	if err != nil {
		return fmt.Errorf("loading the published history: %w", err)
	}
	if loaded {
		h := b.cat.History
		b.say("Loaded the published history: %d rounds with %d printed figures, and %d figures of periods.",
			len(h.Rounds), len(h.Reported), len(h.Periods))
	}
	return nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func migrateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database's schema up to date, and do nothing else",
		Args:  cobra.NoArgs,
		RunE: withMigrated(func(_ context.Context, b base, _ []string) error {
			b.say("The schema is up to date.")
			return nil
		}),
	}
	config.AddFlags(cmd.Flags(), config.Database...)
	return cmd
}
