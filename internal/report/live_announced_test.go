package report_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// TestAnAnnouncedRoundIsLive until its instant, with the figures that come out then, and the public sees nothing of it:
// neither of a first publication nor of a correction.
func TestAnAnnouncedRoundIsLive(t *testing.T) {
	run(t, func(b bench) {
		current, err := report.NewCurrent(b.ctx, b.store, b.cat)
		b.must(err)
		b.restate(2024, 48) // taken along
		b.small(9023, "M", "N")
		b.publish(9023)
		b.small(9026, "M", "N", "N", "N")
		for revision := range 2 {
			before := slices.Clone(b.load().Results(of(9026), report.Options{}, barometer.Danish))
			announced := b.announce(9026, 4*time.Second)
			b.must(current.Refresh(b.ctx))
			s := current.Snapshot()
			round, err := b.store.Round(b.ctx, 9026)
			b.must(err)
			if s.Announced() != 9026 || !report.HasLiveFigures(round, s.Announced()) || report.HasLiveFigures(round, 0) {
				b.Errorf("announced is %d", s.Announced())
			}
			live, err := report.Live(b.ctx, b.store, b.cat, 9026)
			b.must(err)
			beside, err := current.Live(b.ctx, 9026, store.Scope{})
			b.must(err)
			if diff := cmp.Diff(before, s.Results(of(9026), report.Options{}, barometer.Danish)); diff != "" {
				b.Errorf("the public sees: %s", diff)
			}
			_, err = report.Live(b.ctx, b.store, b.cat, 9023)
			b.kind(err, barometer.State, "published")
			if live.Release() != s.Release().Number {
				b.Errorf("live beside release %d", live.Release())
			}
			for _, r := range beside.OnlyMunicipality("0707").Results(of(9026), report.Options{}, barometer.Danish) {
				if r.Area != "0707" || r.Country.Status != barometer.Withheld {
					b.Errorf("%+v", r)
				}
			}

			time.Sleep(time.Until(announced.PublishedAt))
			out := b.load()
			for _, l := range []*report.LiveRound{live, beside} {
				if diff := cmp.Diff(out.Results(of(9026), report.Options{}, barometer.Danish), l.Results(of(9026), report.Options{}, barometer.Danish)); diff != "" {
					b.Error(diff)
				}
				b.sameCards(out, l, 9026, "0707")
				b.sameCards(out, l, 9026, barometer.Country)
			}
			if out.Announced() != 0 {
				b.Errorf("announced is %d", out.Announced())
			}
			_, err = report.Live(b.ctx, b.store, b.cat, 9026)
			b.kind(err, barometer.State)
			if revision == 0 {
				b.revise("9026-0707-1", professional[0], 'M')
			}
		}
	})
}
