package report_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
)

// TestAnotherProcessFollows: what one process announces, another lists within the interval, and serves once it is out,
// with nobody telling it.
func TestAnotherProcessFollows(t *testing.T) {
	run(t, func(b bench) {
		current, err := report.NewCurrent(b.ctx, storetest.Open(b.T, b.options), b.cat)
		b.must(err)
		ctx, stop := context.WithCancel(b.ctx)
		followed := make(chan struct{})
		go func() {
			defer close(followed)
			current.Follow(ctx, 20*time.Millisecond, slog.New(slog.DiscardHandler))
		}()
		defer func() { stop(); <-followed }()
		until := func(what string, holds func(s *report.Snapshot) bool) {
			b.Helper()
			for range 1000 {
				if holds(current.Snapshot()) {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			b.Fatal(what)
		}
		b.small(9023, "M", "N")
		announced := b.announce(9023, 2*time.Second)
		until("it is not listed", func(s *report.Snapshot) bool { return len(s.Releases()) == 7 })
		if s := current.Snapshot(); time.Now().Before(announced.PublishedAt) && s.Release().Number != 6 {
			b.Errorf("release %d is served before its time", s.Release().Number)
		}
		until("it is not served", func(s *report.Snapshot) bool { return s.Release().Number == 7 })
		if early := time.Until(announced.PublishedAt); early > 0 {
			b.Errorf("%v too early", early)
		}
		_, err = b.withdraw(9023, 1, childFound)
		b.must(err)
		until("its withdrawal is not seen", func(s *report.Snapshot) bool { return s.Release().Number == 8 })
	})
}
