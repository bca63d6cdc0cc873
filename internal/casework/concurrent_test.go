package casework_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/casework"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

const writers = 16

// several gives as many views of one database as processes have, with a round in it.
func several(t *testing.T, o store.Options, n int) []bench {
	t.Helper()
	benches := []bench{newBench(t, storetest.Open(t, o))}
	for len(benches) < n {
		other := benches[0]
		other.store = storetest.Open(t, o).By(other.store.Caller(), "")
		benches = append(benches, other)
	}
	return benches
}

// atOnce calls act for each of the writers at the same moment, spread over several processes, and counts those that get
// an error of no kind.
func atOnce(t *testing.T, benches []bench, act func(b bench, writer int) error, refusal barometer.Kind) (won int) {
	t.Helper()
	var all sync.WaitGroup
	var winners atomic.Int64
	start := make(chan struct{})
	for i := range writers {
		all.Go(func() {
			<-start
			err := act(benches[i%len(benches)], i)
			switch {
			case err == nil:
				winners.Add(1)
			case barometer.KindOf(err) != refusal:
				t.Error(err)
			}
		})
	}
	close(start)
	all.Wait()
	return int(winners.Load())
}

// TestOneOfSixteenWritersWins: each changes the outcome it has read, and does not where another was faster.
func TestOneOfSixteenWritersWins(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		benches := several(t, o, 3)
		b := benches[0]
		c, at := b.newCase(0), ofCase(planMade)
		b.enter(c, at, "met")
		const rounds = 5
		for read := 1; read <= rounds; read++ {
			won := atOnce(t, benches, func(b bench, _ int) error {
				return b.edit(c.ID, func(tx *store.Store, c barometer.Case) error {
					now, err := casework.Outcome(b.ctx, tx, b.cat, c, at)
					if err != nil {
						return err
					}
					if now.Revision != read {
						return barometer.Errorf(barometer.Stale, "another was faster")
					}
					in := outcome([]string{"met", "not_met"}[read%2])
					in.Why = ptr("because")
					_, err = casework.PutOutcome(b.ctx, tx, b.cat, c, at, in)
					return err
				})
			}, barometer.Stale)
			if won != 1 {
				t.Fatalf("%d writers won", won)
			}
		}
		if found := b.revisions(c, at); len(found) != rounds+1 {
			t.Errorf("%d revisions", len(found))
		}
	})
}

// TestNotificationsAddedAtOnceHaveNumbersOfTheirOwn: and no number is left out.
func TestNotificationsAddedAtOnceHaveNumbersOfTheirOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		benches := several(t, o, 3)
		c := benches[0].newCase(0)
		won := atOnce(t, benches, func(b bench, _ int) error {
			return b.edit(c.ID, func(tx *store.Store, c barometer.Case) error {
				_, err := casework.AddNotification(b.ctx, tx, b.cat, c)
				return err
			})
		}, -1)
		found, err := casework.Notifications(benches[0].ctx, benches[0].store, benches[0].cat, c)
		benches[0].must(err)
		if won != writers || len(found) != writers || found[writers-1].Number != writers {
			t.Errorf("%d added, %+v", won, found)
		}
	})
}

// TestAReferenceIsTakenOnce: also by those who looked for it when nobody had it.
func TestAReferenceIsTakenOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		benches := several(t, o, 3)
		won := atOnce(t, benches, func(b bench, _ int) error {
			_, err := b.create(barometer.CaseInput{Municipality: "0707", Reference: ptr("S1"), CaseType: barometer.Placement})
			return err
		}, barometer.Conflict)
		if won != 1 {
			t.Errorf("%d got it", won)
		}
	})
}

// TestTheStatusOfARoundWaitsForWhoeverEnters: a round does not leave collecting while something is entered.
func TestTheStatusOfARoundWaitsForWhoeverEnters(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		benches := several(t, o, 2)
		b, lead := benches[0], benches[1]
		c := b.newCase(0)
		opened, moved := make(chan struct{}), make(chan error, 1)
		var ended atomic.Bool
		go func() {
			<-opened
			moved <- lead.in(func(tx *store.Store) error {
				if _, err := tx.LockRound(lead.ctx, year, true); err != nil {
					return err
				}
				if !ended.Load() {
					t.Error("it did not wait")
				}
				return tx.SetRoundStatus(lead.ctx, year, barometer.Published)
			})
		}()
		b.must(b.edit(c.ID, func(tx *store.Store, c barometer.Case) error {
			close(opened)
			_, err := casework.PutOutcome(b.ctx, tx, b.cat, c, ofCase(planMade), outcome("met"))
			ended.Store(true)
			return err
		}))
		b.must(<-moved)
		_, err := b.put(c.ID, ofCase(planStates), outcome("met"))
		b.refused(err, barometer.State)
	})
}
