package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/boernesagsbarometer/barometer/api"
	"github.com/boernesagsbarometer/barometer/internal/config"
	"github.com/boernesagsbarometer/barometer/internal/lifecycle"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the published figures over HTTP",
		Long: `Serve the published figures over HTTP. On an empty database it first loads the
published history, so that there is something to see.

Each setting is an environment variable; a flag stands over it.`,
		Args: cobra.NoArgs,
		RunE: withBase(serve),
	}
	config.AddFlags(cmd.Flags())
	return cmd
}

func serve(ctx context.Context, b base, _ []string) (err error) {
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	if b.store, err = b.inHaste(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.store.Close()) }()
	current, err := report.NewCurrent(ctx, b.store, b.cat)
	if err != nil {
		return err
	}
	handler, err := api.New(b.store, current, api.Options{
		CORSOrigins: b.config.CORSOrigins, RequestTimeout: b.config.RequestTimeout,
		CacheBytes: uint64(b.config.CacheMiB) << 20, Log: log, //nolint:gosec // checked to be positive
	})
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", b.config.Listen)
	if err != nil {
		return fmt.Errorf("cannot serve on %s (setting BAROMETER_LISTEN, --listen): %w", b.config.Listen, err)
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	b.welcome(current.Snapshot(), listener.Addr().String())
	if err := b.explainKeys(ctx); err != nil {
		return err
	}

	beside, stop := context.WithCancel(ctx)
	var others sync.WaitGroup
	others.Go(func() { current.Follow(beside, b.config.ReleasePoll, log) })
	others.Go(func() { b.purge(beside, log) })
	others.Go(func() { b.purgeNotes(beside, log) })
	err = b.serveUntil(ctx, server, listener)
	stop()
	others.Wait()
	return err
}

// inHaste opens the database anew, now that it is ready: whoever waits for an answer is told that another process has it
// before the time for the answer is over, while a command that came first had all the time it wants.
func (b base) inHaste(ctx context.Context) (*store.Store, error) {
	if b.config.DatabaseURL != "" {
		return b.store, nil // a query ends with its context there
	}
	if err := b.store.Close(); err != nil {
		return nil, err
	}
	wait := min(4*time.Second, max(b.config.RequestTimeout-time.Second, b.config.RequestTimeout/2))
	return store.Open(ctx, store.Options{DataDir: b.config.DataDir, BusyWait: wait})
}

// purge removes the answers that no retry gets any more, until the context ends.
func (b base) purge(ctx context.Context, log *slog.Logger) {
	for tick := time.Tick(time.Hour); ; {
		if _, err := b.store.PurgeAnswers(ctx); err != nil && ctx.Err() == nil {
			log.Warn("answers kept for retries are not purged; tried again in an hour", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
	}
}

// purgeNotes removes the assessors' notes of what has become public at its announced instant, until the context ends.
func (b base) purgeNotes(ctx context.Context, log *slog.Logger) {
	for tick := time.Tick(30 * time.Second); ; {
		if _, err := lifecycle.PurgePublishedNotes(ctx, b.store); err != nil && ctx.Err() == nil {
			log.Warn("notes on published cases are not purged; tried again in half a minute", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
	}
}

// serveUntil serves until the context ends, then lets the answers under way finish.
func (b base) serveUntil(ctx context.Context, server *http.Server, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	b.say("Stopping; answers under way are finished first.")
	draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), b.config.ShutdownTimeout)
	defer cancel()
	if err := server.Shutdown(draining); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	b.say("Stopped.")
	return nil
}

// welcome says what is served, and three addresses to try.
func (b base) welcome(s *report.Snapshot, address string) {
	address = reachable(address)
	release := s.Release()
	b.say("Serving release %d: %d figures from %d rounds. Try:", release.Number, release.Results, len(release.Rounds))
	b.say("  http://%s/v1/rounds/2023/municipalities/0707/scorecard   Norddjurs 2023 against 2020", address)
	b.say("  http://%s/v1/rounds/2023/municipalities/0183/scorecard   Ishøj 2023", address)
	b.say("  http://%s/docs/                                          every operation, to try out", address)
}

// reachable names an address that a browser on this machine takes.
func reachable(address string) string {
	if host, port, err := net.SplitHostPort(address); err == nil && (host == "" || net.ParseIP(host).IsUnspecified()) {
		return net.JoinHostPort("localhost", port) // it listens on every address of the machine
	}
	return address
}

// explainKeys says how to make the first keys, where there is none that lets anybody in.
func (b base) explainKeys(ctx context.Context) error {
	keys, err := b.store.Keys(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(keys, func(k barometer.APIKey) bool { return k.ValidAt(b.store.Now()) }) {
		return nil
	}
	where := "in this folder"
	if b.config.DatabaseURL != "" {
		where = "with the same BAROMETER_DATABASE_URL"
	}
	b.say("There is no API key yet, and nothing can be written without one. To make the first two, %s:", where)
	b.say("  %s", b.commandLine("keys create --role admin"))
	b.say("  %s", b.commandLine("keys create --role lead"))
	return nil
}

// commandLine writes a command of this program as it can be typed, on the database that is open.
func (b base) commandLine(command string) string {
	program := quoted(os.Args[0])
	if strings.Contains(program, "go-build") { // go run has made it, and removes it
		program = "go run ./cmd/barometer"
	}
	if b.config.DatabaseURL == "" && b.config.DataDir != config.Defaults()["BAROMETER_DATA_DIR"] {
		command += " --data-dir " + quoted(b.config.DataDir)
	}
	return program + " " + command
}

// quoted writes a text so that a shell takes it for one word.
func quoted(text string) string {
	if regexp.MustCompile(`^[A-Za-z0-9_./-]+$`).MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
