package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/boernesagsbarometer/barometer/api"
	"github.com/boernesagsbarometer/barometer/internal/config"
	"github.com/boernesagsbarometer/barometer/internal/report"
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

func serve(ctx context.Context, b base, _ []string) error {
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
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

	following, stop := context.WithCancel(ctx)
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		current.Follow(following, b.config.ReleasePoll, log)
	}()
	err = b.serveUntil(ctx, server, listener)
	stop()
	<-followed
	return err
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
	if host, port, err := net.SplitHostPort(address); err == nil && net.ParseIP(host).IsUnspecified() {
		address = net.JoinHostPort("localhost", port) // every address of the machine: name one that a browser takes
	}
	release := s.Release()
	b.say("Serving release %d: %d figures from %d rounds. Try:", release.Number, release.Results, len(release.Rounds))
	b.say("  http://%s/v1/rounds/2023/municipalities/0707/scorecard   Norddjurs 2023 against 2020", address)
	b.say("  http://%s/v1/rounds/2023/municipalities/0183/scorecard   Ishøj 2023", address)
	b.say("  http://%s/docs/                                          every operation, to try out", address)
}
