package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// answer does what a request with an Idempotency-Key does: whoever claims it makes a round and keeps an answer.
func answer(ctx context.Context, s *store.Store, key, fingerprint, body string) (kept store.Answered, claimed bool, err error) {
	err = s.Tx(ctx, func(tx *store.Store) (err error) {
		if kept, claimed, err = tx.Claim(ctx, key, fingerprint); err != nil || !claimed {
			return err
		}
		kept = store.Answered{Key: key, Status: 201, Location: "/v1/cases/1", Etag: "e", Body: body}
		return tx.KeepAnswer(ctx, kept)
	})
	return kept, claimed, err
}

func TestAnswersAreKeptForRetries(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		s = s.By(anAuditor, "")
		before := s.Now()
		if _, claimed, err := answer(ctx, s, "key", "print", "first"); err != nil || !claimed {
			t.Fatal(claimed, err)
		}
		kept, claimed, err := answer(ctx, s, "key", "another print", "second")
		must(t, err)
		if kept.At.Before(before) || kept.At.After(s.Now()) || kept.At.Location() != time.UTC {
			t.Errorf("kept at %v", kept.At)
		}
		kept.At = time.Time{}
		want := store.Answered{
			Caller: anAuditor.ID, Key: "key", Fingerprint: "print", Status: 201, Location: "/v1/cases/1", Etag: "e", Body: "first",
		}
		if diff := cmp.Diff(want, kept); claimed || diff != "" {
			t.Errorf("claimed %v; %s", claimed, diff)
		}
		// Whoever else uses the same key is not told.
		for _, other := range []barometer.Caller{aMunicipality, barometer.Operator()} {
			if kept, claimed, err := answer(ctx, s.By(other, ""), "key", "print", other.ID); err != nil || !claimed || kept.Body != other.ID {
				t.Errorf("%s: %v %v", other.ID, claimed, err)
			}
		}
		if kept, claimed, err := answer(ctx, s, "other key", "print", "third"); err != nil || !claimed || kept.Body != "third" {
			t.Error(claimed, err)
		}
		err = s.Tx(ctx, func(tx *store.Store) error {
			return tx.KeepAnswer(ctx, store.Answered{Key: "never claimed", Status: 201})
		})
		if barometer.KindOf(err) != barometer.State {
			t.Errorf("an answer without a claim: %v", err)
		}
	})
}

// Sixteen requests with one key at the same time: one does what it asks for, the others wait and are given its answer.
func TestOneOfManyClaimsAKey(t *testing.T) {
	t.Parallel()
	const rounds, requests = 5, 16
	storetest.Each(t, func(t *testing.T, o store.Options) {
		ctx := storetest.Context(t)
		stores := []*store.Store{storetest.Open(t, o).By(anAuditor, ""), storetest.Open(t, o).By(anAuditor, "")}
		for round := range rounds {
			var claims atomic.Int64
			var all sync.WaitGroup
			bodies := make([]string, requests)
			for i := range requests {
				all.Go(func() {
					kept, claimed, err := answer(ctx, stores[i%2], fmt.Sprint("key", round), "print", fmt.Sprint("body of ", i))
					if err != nil {
						t.Error(err)
					}
					if claimed {
						claims.Add(1)
					}
					bodies[i] = kept.Body
				})
			}
			all.Wait()
			if claims.Load() != 1 {
				t.Errorf("%d claimed it", claims.Load())
			}
			for i, body := range bodies {
				if body != bodies[0] || body == "" {
					t.Errorf("request %d was answered %q, another %q", i, body, bodies[0])
				}
			}
		}
		same(t, rounds)(stores[0].Number(ctx, "SELECT count(*) FROM idempotency_keys"))
	})
}

// While the request that claimed a key is under way the others wait; where it fails one of them claims it.
func TestAFailedRequestLeavesItsKeyToAnother(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		ctx := storetest.Context(t)
		first, second := storetest.Open(t, o).By(anAuditor, ""), storetest.Open(t, o).By(anAuditor, "")
		const others = 15
		var all sync.WaitGroup
		var claims, ended atomic.Int64
		err := first.Tx(ctx, func(tx *store.Store) error {
			if _, claimed, err := tx.Claim(ctx, "key", "print"); err != nil || !claimed {
				t.Error(claimed, err)
			}
			must(t, tx.KeepAnswer(ctx, store.Answered{Key: "key", Status: 201, Body: "of the one that failed"}))
			for i := range others {
				all.Go(func() {
					kept, claimed, err := answer(ctx, second, "key", "print", fmt.Sprint("body of ", i))
					ended.Add(1)
					if err != nil || kept.Body == "of the one that failed" {
						t.Error(kept.Body, err)
					}
					if claimed {
						claims.Add(1)
					}
				})
			}
			time.Sleep(200 * time.Millisecond)
			if ended.Load() > 0 {
				t.Error("somebody did not wait")
			}
			return errTakeBack
		})
		if !errors.Is(err, errTakeBack) {
			t.Error(err)
		}
		all.Wait()
		if claims.Load() != 1 {
			t.Errorf("%d claimed it; want 1", claims.Load())
		}
	})
}

// After its time an answer is given to nobody: the key is free, and the answer is purged.
func TestOldAnswersAreForgotten(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		mine, others := s.By(anAuditor, ""), s.By(aMunicipality, "")
		for _, by := range []*store.Store{mine, others} {
			for _, key := range []string{"old", "new"} {
				_, _, err := answer(ctx, by, key, "print", "before")
				must(t, err)
			}
		}
		age := func(by time.Duration) {
			must(t, s.Exec(ctx, "UPDATE idempotency_keys SET at = ? WHERE key = 'old'", s.Now().Add(-by)))
		}
		age(store.KeepAnswers - time.Minute)
		same(t, 0)(s.PurgeAnswers(ctx))
		if kept, claimed, err := answer(ctx, mine, "old", "print", "after"); err != nil || claimed || kept.Body != "before" {
			t.Errorf("just before its time: %v %q %v", claimed, kept.Body, err)
		}
		age(store.KeepAnswers + time.Minute)
		if kept, claimed, err := answer(ctx, mine, "old", "print", "after"); err != nil || !claimed || kept.Body != "after" {
			t.Errorf("after its time: %v %q %v", claimed, kept.Body, err)
		}
		same(t, 1)(s.PurgeAnswers(ctx)) // the other caller's
		same(t, 0)(s.PurgeAnswers(ctx))
		same(t, 3)(s.Number(ctx, "SELECT count(*) FROM idempotency_keys"))
	})
}
