package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func years(t *testing.T, ctx context.Context, s *store.Store) []barometer.Year { //nolint:revive // a helper takes the test first
	t.Helper()
	rounds, err := s.Rounds(ctx)
	must(t, err)
	found := []barometer.Year{}
	for _, r := range rounds {
		found = append(found, r.Year)
	}
	return found
}

func TestTransactionIsKeptOrTakenBackAsAWhole(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		add := func(tx *store.Store, all ...barometer.Year) {
			for _, year := range all {
				must(t, tx.AddRound(ctx, newRound(year), nil))
			}
		}
		known := barometer.Errorf(barometer.Stale, "somebody was faster")
		for name, end := range map[string]struct {
			with error
			kind barometer.Kind
		}{
			"with an error of the domain": {known, barometer.Stale},
			"with a wrapped one":          {fmt.Errorf("publish: %w", known), barometer.Stale},
			"with any other error":        {errors.New("disk on fire"), barometer.Internal},
		} {
			err := s.Tx(ctx, func(tx *store.Store) error { add(tx, 2021, 2022); return end.with })
			if !errors.Is(err, end.with) || barometer.KindOf(err) != end.kind {
				t.Errorf("%s: %v", name, err)
			}
			if got := years(t, ctx, s); len(got) > 0 {
				t.Errorf("%s: %v stayed", name, got)
			}
		}

		func() {
			defer func() {
				if recover() != "out of cheese" {
					t.Error("the panic was swallowed")
				}
			}()
			_ = s.Tx(ctx, func(tx *store.Store) error { add(tx, 2021); panic("out of cheese") })
		}()
		if got := years(t, ctx, s); len(got) > 0 {
			t.Errorf("after a panic: %v stayed", got)
		}

		// A constraint that refuses the last of many writes takes back the first, also when the caller goes on.
		err := s.Tx(ctx, func(tx *store.Store) error {
			add(tx, 2021)
			return tx.AddRound(ctx, newRound(2021), nil)
		})
		if barometer.KindOf(err) != barometer.Conflict || len(years(t, ctx, s)) > 0 {
			t.Errorf("%v; %v stayed", err, years(t, ctx, s))
		}

		must(t, s.Tx(ctx, func(tx *store.Store) error { add(tx, 2021, 2022); return nil }))
		if diff := cmp.Diff([]barometer.Year{2021, 2022}, years(t, ctx, s)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTransactionsDoNotNest(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		err := s.Tx(ctx, func(tx *store.Store) error {
			return tx.Tx(ctx, func(*store.Store) error {
				t.Error("the inner one ran")
				return nil
			})
		})
		if err == nil || !strings.Contains(err.Error(), "transaction within a transaction") {
			t.Error(err)
		}
	})
}

func TestTimeStandsStillWithinATransaction(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		var first, second barometer.Release
		must(t, s.Tx(ctx, func(tx *store.Store) (err error) {
			first, err = tx.AddRelease(ctx, barometer.Release{Number: 1}, nil)
			must(t, err)
			time.Sleep(2 * time.Millisecond)
			second, err = tx.AddRelease(ctx, barometer.Release{Number: 2}, nil)
			return err
		}))
		third, err := s.AddRelease(ctx, barometer.Release{Number: 3}, nil)
		must(t, err)
		if !first.PublishedAt.Equal(second.PublishedAt) || !third.PublishedAt.After(second.PublishedAt) {
			t.Errorf("%v, %v, then outside %v", first.PublishedAt, second.PublishedAt, third.PublishedAt)
		}
	})
}

// On SQLite the transaction has the one connection, so that whoever uses the outer store within it waits: until the
// deadline, and is then told to try again.
func TestOuterStoreWithinATransactionMeetsTheDeadline(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Options{DataDir: t.TempDir()})
	ctx, cancel := context.WithTimeout(storetest.Context(t), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := s.Tx(ctx, func(*store.Store) error {
		_, err := s.Rounds(ctx)
		return err
	})
	if barometer.KindOf(err) != barometer.Unavailable || time.Since(start) > 5*time.Second {
		t.Errorf("after %s: %v", time.Since(start), err)
	}
	if got := years(t, storetest.Context(t), s); len(got) > 0 {
		t.Error(got)
	}
}

func TestDeadlineIsUnavailable(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		short := func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(t.Context(), 100*time.Millisecond)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		// Long enough to be cut, whatever the machine.
		slow := "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT count(*) FROM n"
		for name, do := range map[string]func() error{
			"read":        func() error { _, err := s.Rounds(ended); return err },
			"read one":    func() error { _, err := s.Round(ended, 2023); return err },
			"write":       func() error { return s.AddRound(ended, newRound(2023), nil) },
			"ping":        func() error { return s.Ping(ended) },
			"transaction": func() error { return s.Tx(ended, func(*store.Store) error { return nil }) },
			"each tally":  func() error { return s.EachCaseTally(ended, 2023, func(store.CaseTally) {}) },
			"slow query": func() error {
				ctx, cancel := short()
				defer cancel()
				_, err := s.Number(ctx, slow)
				return err
			},
			"slow query in a transaction": func() error {
				ctx, cancel := short()
				defer cancel()
				return s.Tx(ctx, func(tx *store.Store) error { _, err := tx.Number(ctx, slow); return err })
			},
			"end of a transaction": func() error {
				ctx, cancel := short()
				defer cancel()
				return s.Tx(ctx, func(tx *store.Store) error {
					if err := tx.AddRound(ctx, newRound(2024), nil); err != nil {
						return err
					}
					<-ctx.Done()
					time.Sleep(50 * time.Millisecond) // until it has been taken back
					return nil
				})
			},
		} {
			start := time.Now()
			err := do()
			var e *barometer.Error
			if !errors.As(err, &e) || e.Kind != barometer.Unavailable || !plainWords[e.Message] {
				t.Errorf("%s: %v", name, err)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("%s took %s", name, took)
			}
		}
		if got := years(t, storetest.Context(t), s); len(got) > 0 {
			t.Errorf("%v were written", got)
		}
	})
}

// A connection that the server ends, as it does when it is restarted, is a fault of the moment; the next one works.
func TestEndedConnectionIsUnavailable(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		if s.Dialect() != "postgres" {
			t.Skip("SQLite has no server")
		}
		ctx := storetest.Context(t)
		err := s.Tx(ctx, func(tx *store.Store) error {
			pid, err := tx.Number(ctx, "SELECT pg_backend_pid()")
			must(t, err)
			_, err = s.Number(ctx, "SELECT pg_terminate_backend(?)::int", pid)
			must(t, err)
			time.Sleep(50 * time.Millisecond)
			return tx.AddRound(ctx, newRound(2023), nil)
		})
		if barometer.KindOf(err) != barometer.Unavailable {
			t.Error(err)
		}
		must(t, s.AddRound(ctx, newRound(2023), nil))
	})
}

func TestFullDiskIsUnavailable(t *testing.T) {
	t.Parallel()
	ctx := storetest.Context(t)
	s := storetest.Open(t, store.Options{DataDir: t.TempDir()})
	world(t, ctx, s)
	pages, err := s.Number(ctx, "PRAGMA page_count")
	must(t, err)
	must(t, s.Exec(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages+2)))
	rows := []barometer.FrozenRow{{Kind: barometer.RowResult, Key: "k", Body: strings.Repeat("x", 100_000)}}
	err = s.Tx(ctx, func(tx *store.Store) error { _, err := tx.AddPublication(ctx, 2023, nil, rows); return err })
	if barometer.KindOf(err) != barometer.Unavailable {
		t.Errorf("kind %d: %v", barometer.KindOf(err), err)
	}
	must(t, s.Exec(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages+1000)))
	same(t, 1)(s.AddPublication(ctx, 2023, nil, rows))
}

// Publishers queue up: whoever has locked the data set publishes, the next one sees its number.
func TestLockDatasetLetsOnePublishAtATime(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		ctx := storetest.Context(t)
		first, second := storetest.Open(t, o), storetest.Open(t, o)
		seen := make(chan int, 1)
		var waiting sync.WaitGroup
		must(t, first.Tx(ctx, func(tx *store.Store) error {
			number, err := tx.LockDataset(ctx)
			must(t, err)
			waiting.Go(func() {
				err := second.Tx(ctx, func(tx *store.Store) error {
					number, err := tx.LockDataset(ctx)
					seen <- number
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
			select {
			case <-seen:
				t.Error("the second publisher did not wait")
			case <-time.After(150 * time.Millisecond):
			}
			_, err = tx.AddRelease(ctx, barometer.Release{Number: number + 1}, nil)
			return err
		}))
		waiting.Wait()
		if got := <-seen; got != 1 {
			t.Errorf("the second publisher saw release %d; want 1", got)
		}
	})
}

func TestReleaseNumbersNeverCollide(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		ctx := storetest.Context(t)
		stores := []*store.Store{storetest.Open(t, o), storetest.Open(t, o)}
		world(t, ctx, stores[0])
		const publishers, each = 6, 4
		var all sync.WaitGroup
		for p := range publishers {
			all.Go(func() {
				for range each {
					err := stores[p%2].Tx(ctx, func(tx *store.Store) error {
						number, err := tx.LockDataset(ctx)
						if err != nil {
							return err
						}
						revision, err := tx.AddPublication(ctx, 2023, nil, nil)
						if err != nil {
							return err
						}
						_, err = tx.AddRelease(ctx, barometer.Release{
							Number: number + 1, Rounds: []barometer.ReleaseRound{{Round: 2023, Revision: revision}},
						}, nil)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		releases, err := stores[0].Releases(ctx)
		must(t, err)
		if len(releases) != publishers*each {
			t.Errorf("%d releases; want %d", len(releases), publishers*each)
		}
		for i, r := range releases {
			if r.Number != i+1 || r.Rounds[0].Revision != i+1 {
				t.Errorf("release %d holds revision %d", r.Number, r.Rounds[0].Revision)
			}
		}
		same(t, publishers*each)(stores[1].CurrentRelease(ctx))
	})
}

// Sixteen programs on one file: none is told that it is locked.
func TestParallelWritersDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	const writers, each = 16, 8
	storetest.Each(t, func(t *testing.T, o store.Options) {
		ctx := storetest.Context(t)
		world(t, ctx, storetest.Open(t, o))
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				s, err := store.Open(ctx, o)
				if err != nil {
					t.Error(err)
					return
				}
				for i := range each {
					// Reads before it writes: what SQLite refuses to a transaction that began as a reader.
					err := s.Tx(ctx, func(tx *store.Store) error {
						if _, err := tx.Cases(ctx, 9026, "0707"); err != nil {
							return err
						}
						name := fmt.Sprintf("w%02d-%d", w, i)
						return tx.AddCases(ctx, []barometer.Case{newCase(name, name)}, []barometer.CaseUnit{{CaseID: name, Unit: barometer.UnitCase}}, nil)
					})
					if err != nil {
						t.Errorf("writer %d: %v", w, err)
					}
					if _, err := s.SampleSizes(ctx, 9026); err != nil { // outside a transaction
						t.Errorf("reader %d: %v", w, err)
					}
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		cases, err := storetest.Open(t, o).Cases(ctx, 9026, "0707")
		must(t, err)
		if len(cases) != 1+writers*each {
			t.Errorf("%d cases; want %d", len(cases), 1+writers*each)
		}
	})
}
