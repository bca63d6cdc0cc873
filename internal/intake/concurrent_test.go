package intake_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/intake"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// several gives as many processes' views of one database with the published history.
func several(t *testing.T, o store.Options, n int) []bench {
	t.Helper()
	first := newBench(t, storetest.Open(t, o))
	benches := []bench{first}
	for len(benches) < n {
		benches = append(benches, bench{t, first.ctx, storetest.Open(t, o), first.cat})
	}
	return benches
}

// many cases in a file, each with the same outcome.
func many(cases int) string {
	var file strings.Builder
	file.WriteString(header)
	for i := range cases {
		file.WriteString(row(fmt.Sprintf("A%04d", i), "action_plan_made", "", "met", ""))
	}
	return file.String()
}

// TestTheSameFileTwiceAtOnceIsImportedOnce: the second waits for the first, and finds nothing to change.
func TestTheSameFileTwiceAtOnceIsImportedOnce(t *testing.T) {
	t.Parallel()
	file := many(300)
	storetest.Each(t, func(t *testing.T, o store.Options) {
		var mutex sync.Mutex
		var sum intake.Receipt
		var all sync.WaitGroup
		for _, b := range several(t, o, 4) {
			all.Go(func() {
				receipt, err := b.outcomes(file)
				if err != nil {
					t.Error(err)
				}
				mutex.Lock()
				defer mutex.Unlock()
				sum.Added += receipt.Added
				sum.Unchanged += receipt.Unchanged
			})
		}
		all.Wait()
		if sum.Added != 300 || sum.Unchanged != 3*300 {
			t.Errorf("%d added, %d unchanged; want 300 and 900", sum.Added, sum.Unchanged)
		}
	})
}

// TestNothingIsImportedWhileAPublicationIsMade: a publication counts units and reads outcomes one after the other, and
// an import between the two would make a denominator that does not add up.
func TestNothingIsImportedWhileAPublicationIsMade(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		var all sync.WaitGroup
		processes := several(t, o, 2)
		publisher, other := processes[0], processes[1]
		err := publisher.store.Tx(publisher.ctx, func(tx *store.Store) error {
			if _, err := tx.LockDataset(publisher.ctx); err != nil {
				return err
			}
			for name, act := range map[string]func(b bench) error{
				"outcomes": func(b bench) error {
					_, err := b.outcomes(many(1))
					return err
				},
				"reported": func(b bench) error {
					_, err := b.reported(reportedHeader + "2024,dk,action_plan_made,,,80,,ast-2024,,\n")
					return err
				},
			} {
				all.Go(func() {
					ctx, cancel := context.WithTimeout(other.ctx, time.Second)
					defer cancel()
					if err := act(bench{t, ctx, other.store, other.cat}); barometer.KindOf(err) != barometer.Unavailable {
						t.Errorf("%s does not wait: %v", name, err)
					}
				})
			}
			all.Wait()
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
