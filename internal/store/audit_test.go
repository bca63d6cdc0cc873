package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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

var (
	anAuditor      = barometer.Caller{ID: "k7q2mzd4", Role: barometer.RoleAuditor}
	aMunicipality  = barometer.Caller{ID: "m2m2m2m2", Role: barometer.RoleMunicipality, Municipality: "0707"}
	auditedCallers = []barometer.Caller{anAuditor, aMunicipality, barometer.Public(), barometer.Operator()}
)

// record adds a trail of some length, by several callers and with one to three events a transaction.
func record(t testing.TB, ctx context.Context, s *store.Store, events int) { //nolint:revive // a helper takes the test first
	t.Helper()
	kinds := []barometer.EventKind{barometer.EventChange, barometer.EventRead, barometer.EventRefused}
	for n := 0; n < events; {
		by := s.By(auditedCallers[n%len(auditedCallers)], fmt.Sprintf("0190f1c2-8a5e-7b3c-9d4e-%012d", n))
		must(t, by.Tx(ctx, func(tx *store.Store) error {
			for range min(1+n%3, events-n) {
				tx.Record(kinds[n%len(kinds)], fmt.Sprintf("action%d", n), fmt.Sprintf("/v1/rounds/9027/cases/c%d", n))
				n++
			}
			return nil
		}))
	}
}

// trail reads all events.
func trail(t testing.TB, ctx context.Context, s *store.Store) []barometer.AuditEvent { //nolint:revive // a helper takes the test first
	t.Helper()
	all, err := s.AuditEvents(ctx, store.AuditFilter{Limit: 1_000_000})
	must(t, err)
	return all
}

// holds tells that the trail is whole, and as long as it should be.
func holds(t testing.TB, ctx context.Context, s *store.Store, want int) { //nolint:revive // a helper takes the test first
	t.Helper()
	n, fault, err := s.CheckTrail(ctx)
	if err != nil || fault != "" || n != want {
		t.Errorf("%d events, fault %q, %v; want %d without a fault", n, fault, err, want)
	}
}

// What is recorded comes back from both databases as it was, chained by hashes that are worked out here from the
// description of HashOf.
func TestTrailIsAsDescribed(t *testing.T) {
	t.Parallel()
	hash := func(members ...string) string {
		text := ""
		for _, m := range members {
			text += fmt.Sprint(len(m)) + ":" + m + ","
		}
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:])
	}
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		holds(t, ctx, s, 0)
		var at [2]time.Time
		must(t, s.By(anAuditor, "request-1").Tx(ctx, func(tx *store.Store) error {
			at[0] = tx.Now()
			tx.Record(barometer.EventChange, "putOutcome", "/v1/cases/c1/outcomes/child_heard")
			tx.Record(barometer.EventRead, "getCase", "/v1/cases/ÆØÅ")
			return nil
		}))
		must(t, s.By(aMunicipality, "request-2").Tx(ctx, func(tx *store.Store) error {
			at[1] = tx.Now()
			tx.Record(barometer.EventRefused, "getCase", "/v1/cases/c1")
			return nil
		}))
		instant := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999999Z") }
		one := hash("", "1", instant(at[0]), "k7q2mzd4", "auditor", "", "change", "putOutcome", "/v1/cases/c1/outcomes/child_heard", "request-1")
		two := hash(one, "2", instant(at[0]), "k7q2mzd4", "auditor", "", "read", "getCase", "/v1/cases/ÆØÅ", "request-1")
		three := hash(two, "3", instant(at[1]), "m2m2m2m2", "municipality", "=0707", "refused", "getCase", "/v1/cases/c1", "request-2")
		want := []barometer.AuditEvent{
			{Number: 1, At: at[0], Caller: "k7q2mzd4", Role: "auditor", Kind: "change", Action: "putOutcome", Resource: "/v1/cases/c1/outcomes/child_heard", Request: "request-1", Hash: one},
			{Number: 2, At: at[0], Caller: "k7q2mzd4", Role: "auditor", Kind: "read", Action: "getCase", Resource: "/v1/cases/ÆØÅ", Request: "request-1", Hash: two},
			{Number: 3, At: at[1], Caller: "m2m2m2m2", Role: "municipality", Municipality: ptr("0707"), Kind: "refused", Action: "getCase", Resource: "/v1/cases/c1", Request: "request-2", Hash: three},
		}
		got := trail(t, ctx, s)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		before := ""
		for _, e := range got {
			if e.At.Location() != time.UTC || store.HashOf(before, e) != e.Hash {
				t.Errorf("event %d, at %v, has another hash after it was kept", e.Number, e.At)
			}
			before = e.Hash
		}
		holds(t, ctx, s, 3)
	})
}

// One event has one hash, whatever the zone its instant is written in; another one in any member has another.
func TestHashCoversEveryMember(t *testing.T) {
	t.Parallel()
	e := barometer.AuditEvent{
		Number: 7, At: time.Date(2026, 11, 22, 6, 51, 56, 840777000, time.UTC), Caller: "a", Role: "auditor", Municipality: ptr("0707"),
		Kind: "change", Action: "b", Resource: "c", Request: "d", Hash: "e",
	}
	hash := store.HashOf("", e)
	same := e
	same.At, same.Hash = e.At.In(time.FixedZone("CET", 3600)), ""
	if store.HashOf("", same) != hash {
		t.Error("the zone of the instant, or the event's own hash, changes its hash")
	}
	seen := map[string]string{hash: "as it is", store.HashOf("x", e): "behind another"}
	for name, change := range map[string]func(e *barometer.AuditEvent){
		"number":              func(e *barometer.AuditEvent) { e.Number++ },
		"at":                  func(e *barometer.AuditEvent) { e.At = e.At.Add(time.Nanosecond) },
		"caller":              func(e *barometer.AuditEvent) { e.Caller = "A" },
		"role":                func(e *barometer.AuditEvent) { e.Role = "lead" },
		"municipality":        func(e *barometer.AuditEvent) { e.Municipality = ptr("0183") },
		"no municipality":     func(e *barometer.AuditEvent) { e.Municipality = nil },
		"empty municipality":  func(e *barometer.AuditEvent) { e.Municipality = ptr("") },
		"kind":                func(e *barometer.AuditEvent) { e.Kind = "read" },
		"action":              func(e *barometer.AuditEvent) { e.Action = "b " },
		"resource":            func(e *barometer.AuditEvent) { e.Resource = "" },
		"request":             func(e *barometer.AuditEvent) { e.Request = "\xff" },
		"another broken text": func(e *barometer.AuditEvent) { e.Request = "\xfe" }, // which JSON writes alike
		"a letter moved":      func(e *barometer.AuditEvent) { e.Action, e.Resource = "bc", "" },
	} {
		other := e
		change(&other)
		h := store.HashOf("", other)
		if as, taken := seen[h]; taken {
			t.Errorf("%s has the same hash as %s", name, as)
		}
		seen[h] = name
	}
	if len(seen) != 15 {
		t.Errorf("%d hashes", len(seen))
	}
}

func TestFailedTransactionsRecordNothing(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		record(t, ctx, s, 5)
		broken := errors.New("broken")
		err := s.Tx(ctx, func(tx *store.Store) error {
			tx.Record(barometer.EventChange, "createRound", "/v1/rounds/2023")
			return errors.Join(tx.AddRound(ctx, newRound(2023), nil), broken)
		})
		if !errors.Is(err, broken) {
			t.Error(err)
		}
		holds(t, ctx, s, 5)
		// What a transaction records that changes nothing is kept: a refused access.
		must(t, s.Tx(ctx, func(tx *store.Store) error { tx.Record(barometer.EventRefused, "getCase", "/v1/cases/c1"); return nil }))
		holds(t, ctx, s, 6)
		must(t, s.Tx(ctx, func(*store.Store) error { return nil }))
		holds(t, ctx, s, 6)
	})
}

func TestNothingIsRecordedInAView(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		err := s.View(ctx, func(tx *store.Store) error { tx.Record(barometer.EventRead, "getCase", "/v1/cases/c1"); return nil })
		if err == nil {
			t.Error("an event was lost without a word")
		}
		must(t, s.View(ctx, func(tx *store.Store) error { _, _, err := tx.CheckTrail(ctx); return err }))
	})
}

// Nothing is changed without its event: where that cannot be written the change is taken back, and the caller is told
// to try again, not why.
func TestNoChangeWithoutItsEvent(t *testing.T) {
	t.Parallel()
	const trigger = `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'secret'; END $$;
		CREATE TRIGGER refuse BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse()`
	for name, broken := range map[string]map[string][2]string{
		"no table":         {"": {"ALTER TABLE audit_events RENAME TO gone", "ALTER TABLE gone RENAME TO audit_events"}},
		"an end too early": {"": {"UPDATE audit_head SET number = 1", "UPDATE audit_head SET number = 3"}},
		"a trigger": {
			"sqlite":   {"CREATE TRIGGER refuse BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'secret'); END", "DROP TRIGGER refuse"},
			"postgres": {trigger, "DROP TRIGGER refuse ON audit_events"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T, s *store.Store) {
				ctx := storetest.Context(t)
				record(t, ctx, s, 3)
				change := func() error {
					return s.Tx(ctx, func(tx *store.Store) error {
						tx.Record(barometer.EventChange, "createRound", "/v1/rounds/2023")
						return tx.AddRound(ctx, newRound(2023), nil)
					})
				}
				statements, own := broken[s.Dialect()]
				if !own {
					statements = broken[""]
				}
				must(t, s.Exec(ctx, statements[0]))
				err := change()
				var e *barometer.Error
				if !errors.As(err, &e) || e.Kind != barometer.Unavailable || strings.Contains(e.Message, "secret") || e.Err == nil {
					t.Errorf("kind %d: %v", barometer.KindOf(err), err)
				}
				if got := years(t, ctx, s); len(got) > 0 {
					t.Errorf("%v was changed", got)
				}
				must(t, s.Exec(ctx, statements[1]))
				must(t, change())
				holds(t, ctx, s, 4)
			})
		})
	}
}

// Sixteen writers, each with a store of its own, and some of whose transactions fail: one chain, without a gap.
func TestConcurrentWritersKeepTheChain(t *testing.T) {
	t.Parallel()
	const writers, each = 16, 10
	storetest.Each(t, func(t *testing.T, o store.Options) {
		ctx := storetest.Context(t)
		s := storetest.Open(t, o)
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				mine, err := store.Open(ctx, o)
				if err != nil {
					t.Error(err)
					return
				}
				defer func() { _ = mine.Close() }()
				mine = mine.By(barometer.Caller{ID: fmt.Sprintf("writer%02d", w), Role: barometer.RoleLead}, "")
				for i := range each {
					err := mine.Tx(ctx, func(tx *store.Store) error {
						for n := range 1 + i%3 {
							tx.Record(barometer.EventChange, "putOutcome", fmt.Sprintf("/v1/cases/c%d/%d", i, n))
						}
						if i == each-1 {
							return errTakeBack
						}
						return nil
					})
					if err != nil && !errors.Is(err, errTakeBack) {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		const kept = 1 + 2 + 3 + 1 + 2 + 3 + 1 + 2 + 3 // of the nine that did not fail
		holds(t, ctx, s, writers*kept)
		// The events of a transaction stand together, in their order.
		written := trail(t, ctx, s)
		for i, e := range written {
			path, n := e.Resource[:len(e.Resource)-1], e.Resource[len(e.Resource)-1]
			if n > '0' && (written[i-1].Caller != e.Caller || written[i-1].Resource != path+string(n-1)) {
				t.Fatalf("%s of %s follows %s of %s", e.Resource, e.Caller, written[i-1].Resource, written[i-1].Caller)
			}
		}
	})
}

// A resource that could hold something of a person, or that no database would take, is not named in the trail.
func TestResourcesHoldNoContent(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		for _, resource := range []string{"/v1/cases/" + strings.Repeat("01", 5), "/v1/cases/a\x00b", "/v1/cases/\xff", "/v1/" + strings.Repeat("x", 600)} {
			must(t, s.Tx(ctx, func(tx *store.Store) error { tx.Record(barometer.EventRefused, "getCase", resource); return nil }))
		}
		for _, e := range trail(t, ctx, s) {
			if e.Resource != "(not named)" {
				t.Errorf("%q", e.Resource)
			}
		}
		holds(t, ctx, s, 4)
	})
}

func TestEventsAreFilteredAndPaged(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		for i, e := range []struct {
			by               barometer.Caller
			kind             barometer.EventKind
			action, resource string
		}{
			{anAuditor, barometer.EventChange, "createCase", "/v1/rounds/9027/cases"},
			{anAuditor, barometer.EventRead, "getCase", "/v1/cases/c1"},
			{aMunicipality, barometer.EventRead, "getCase", "/v1/cases/c1"},
			{aMunicipality, barometer.EventRefused, "getCase", "/v1/cases/c10"},
			{anAuditor, barometer.EventChange, "putOutcome", "/v1/cases/c1/outcomes/child_heard"},
			{barometer.Operator(), barometer.EventChange, "createKey", "/keys/æ"},
			{barometer.Operator(), barometer.EventChange, "revokeKey", "/keys/æ/x"},
		} {
			must(t, s.By(e.by, fmt.Sprint(i)).Tx(ctx, func(tx *store.Store) error { tx.Record(e.kind, e.action, e.resource); return nil }))
		}
		for name, test := range map[string]struct {
			filter store.AuditFilter
			want   []int
		}{
			"all":                         {store.AuditFilter{Limit: 100}, []int{1, 2, 3, 4, 5, 6, 7}},
			"first page":                  {store.AuditFilter{Limit: 3}, []int{1, 2, 3}},
			"second page":                 {store.AuditFilter{Limit: 3, After: 3}, []int{4, 5, 6}},
			"last page":                   {store.AuditFilter{Limit: 3, After: 6}, []int{7}},
			"behind the end":              {store.AuditFilter{Limit: 3, After: 7}, []int{}},
			"kind":                        {store.AuditFilter{Limit: 100, Kind: barometer.EventRead}, []int{2, 3}},
			"caller":                      {store.AuditFilter{Limit: 100, Caller: "k7q2mzd4"}, []int{1, 2, 5}},
			"caller, second page":         {store.AuditFilter{Limit: 2, Caller: "k7q2mzd4", After: 2}, []int{5}},
			"action":                      {store.AuditFilter{Limit: 100, Action: "getCase"}, []int{2, 3, 4}},
			"resource and below":          {store.AuditFilter{Limit: 100, Resource: "/v1/cases/c1"}, []int{2, 3, 5}},
			"resource in Danish":          {store.AuditFilter{Limit: 100, Resource: "/keys/æ"}, []int{6, 7}},
			"resource that is no pattern": {store.AuditFilter{Limit: 100, Resource: "/v1/cases/%"}, []int{}},
			"together":                    {store.AuditFilter{Limit: 100, Kind: barometer.EventRead, Caller: "m2m2m2m2", Action: "getCase", Resource: "/v1/cases"}, []int{3}},
			"nobody":                      {store.AuditFilter{Limit: 100, Caller: "' OR 1=1 --"}, []int{}},
		} {
			found, err := s.AuditEvents(ctx, test.filter)
			must(t, err)
			got := []int{}
			for _, e := range found {
				got = append(got, e.Number)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}
