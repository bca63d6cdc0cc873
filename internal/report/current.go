package report

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
)

// Current holds the snapshot that is served just now, and swaps it whole when what is served has changed.
type Current struct {
	store    *store.Store
	cat      *catalogue.Catalogue
	snapshot atomic.Pointer[Snapshot]
	loading  sync.Mutex // so that an older snapshot never takes the place of a newer one
}

// NewCurrent loads the current release.
func NewCurrent(ctx context.Context, s *store.Store, cat *catalogue.Catalogue) (*Current, error) {
	c := &Current{store: s, cat: cat}
	snapshot, err := Load(ctx, s, cat)
	c.snapshot.Store(snapshot)
	return c, err
}

// Snapshot gives the release being served. A reader keeps the one it was given, whatever is published meanwhile.
func (c *Current) Snapshot() *Snapshot { return c.snapshot.Load() }

// Follow looks for a newer release, or for another change of what is served, at every interval until the context ends.
// While the database does not answer, the release at hand goes on being served.
func (c *Current) Follow(ctx context.Context, every time.Duration, log *slog.Logger) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := c.Refresh(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			log.Error("cannot look for a newer release; the one at hand goes on being served",
				"release", c.Snapshot().Release().Number, "error", err)
		}
		failing = err != nil
	}
}

// Refresh asks whether what is served has changed, or an announced release has become current, and loads it only where
// it has. Whoever publishes calls it, so that the process that did so serves it at once.
func (c *Current) Refresh(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	c.loading.Lock()
	defer c.loading.Unlock()
	served, err := c.store.Served(ctx)
	if err != nil || served == c.Snapshot().served() {
		return err
	}
	snapshot, err := Load(ctx, c.store, c.cat)
	if err != nil {
		return err
	}
	c.snapshot.Store(snapshot)
	return nil
}
