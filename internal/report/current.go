package report

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
)

// Current holds the snapshot that is served just now, and swaps it whole when there is a newer release.
type Current struct {
	store    *store.Store
	cat      *catalogue.Catalogue
	snapshot atomic.Pointer[Snapshot]
}

// NewCurrent loads the newest release.
func NewCurrent(ctx context.Context, s *store.Store, cat *catalogue.Catalogue) (*Current, error) {
	c := &Current{store: s, cat: cat}
	return c, c.refresh(ctx)
}

// Snapshot gives the release being served. A reader keeps the one it was given, whatever is published meanwhile.
func (c *Current) Snapshot() *Snapshot { return c.snapshot.Load() }

func (c *Current) refresh(ctx context.Context) error {
	snapshot, err := Load(ctx, c.store, c.cat)
	if err != nil {
		return err
	}
	c.snapshot.Store(snapshot)
	return nil
}

// Follow looks for a newer release at every interval until the context ends. While the database does not answer, the
// release at hand goes on being served.
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
		err := c.poll(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			log.Error("cannot look for a newer release; the one at hand goes on being served",
				"release", c.Snapshot().Release().Number, "error", err)
		}
		failing = err != nil
	}
}

// poll asks for the number of the newest release alone, and loads it only where it is another.
func (c *Current) poll(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	number, err := c.store.CurrentRelease(ctx)
	if err != nil || number == c.Snapshot().Release().Number {
		return err
	}
	return c.refresh(ctx)
}
