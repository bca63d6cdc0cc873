package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

const trailLength = 60

// A tampering is done to the trail behind the store's back; want is the first thing that does not hold afterwards.
type tampering struct {
	statements []string
	want       string
}

func altered(n int) string { return fmt.Sprintf("event %d of the trail is not what was recorded", n) }

func ends(with int) string {
	return fmt.Sprintf("the trail ends with event %d; it was %d long", with, trailLength)
}

func added(n, to int) string {
	return fmt.Sprintf("event %d of the trail was not recorded; it was %d long", n, to)
}

func endAltered() string {
	return fmt.Sprintf("event %d, the end of the trail, is not what was recorded", trailLength)
}

func lacks(n, instead int) string {
	return fmt.Sprintf("the trail has no event %d; event %d stands in its place", n, instead)
}

// A hundred times the trail is tampered with at random, in five ways that take turns: each is found, and where it is.
func TestTamperingIsFound(t *testing.T) {
	t.Parallel()
	ways := []func(tamperer) tampering{tamperer.edits, tamperer.deletes, tamperer.swaps, tamperer.inserts, tamperer.cuts}
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		record(t, ctx, s, trailLength)
		whole := trail(t, ctx, s)
		const times = 100
		found := 0
		for i := range times {
			dice := rand.New(rand.NewPCG(uint64(i), 2026))
			done := ways[i%len(ways)](tamperer{dice, i / len(ways), whole})
			if fault := tampered(t, s, done.statements...); fault != done.want {
				t.Errorf("%d: %q\nfound %q; want %q", i, done.statements, fault, done.want)
				continue
			}
			found++
		}
		t.Logf("%d of %d found", found, times)
		holds(t, ctx, s, trailLength) // all was taken back
	})
}

var errTakeBack = errors.New("take it back")

// tampered tampers with the trail, checks it, and takes the tampering back.
func tampered(t *testing.T, s *store.Store, statements ...string) (fault string) {
	t.Helper()
	ctx := storetest.Context(t)
	err := s.Tx(ctx, func(tx *store.Store) (err error) {
		for _, statement := range statements {
			if err := tx.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		if _, fault, err = tx.CheckTrail(ctx); err != nil {
			return err
		}
		return errTakeBack
	})
	if !errors.Is(err, errTakeBack) {
		t.Fatal(err)
	}
	return fault
}

// tamperer has a trail to tamper with, and chance; turn counts how often it has done the same.
type tamperer struct {
	*rand.Rand
	turn  int
	trail []barometer.AuditEvent
}

func (r tamperer) any() barometer.AuditEvent { return r.trail[r.IntN(trailLength)] }

// other is an event that is not the same one.
func (r tamperer) other(than barometer.AuditEvent) barometer.AuditEvent {
	return r.trail[(than.Number-1+1+r.IntN(trailLength-1))%trailLength]
}

// forged is an event with a hash that goes with what is before it.
func (r tamperer) forged(e barometer.AuditEvent) barometer.AuditEvent {
	before := ""
	if e.Number > 1 {
		before = r.trail[e.Number-2].Hash
	}
	e.Hash = store.HashOf(before, e)
	return e
}

// edits changes one event, each member in its turn.
func (r tamperer) edits() tampering {
	e := r.any()
	one := fmt.Sprintf(" WHERE number = %d", e.Number)
	sets := []string{
		"at = '" + written(e.At.Add(time.Microsecond)) + "'", "at = '1999-12-31 23:59:59.5+00:00'", "caller = caller || ' '",
		"caller = 'operator'", "caller = action, action = caller", "role = 'lead'", "municipality = CASE WHEN municipality IS NULL THEN '' END",
		"municipality = '0183'", "kind = CASE kind WHEN 'read' THEN 'change' ELSE 'read' END", "action = upper(action)", "action = ''",
		"resource = replace(resource, '9027', '9026')", "request = request || '0'", "hash = upper(hash)", "hash = ''",
		"hash = '" + r.other(e).Hash + "'",
	}
	switch set := r.turn % (len(sets) + 2); set {
	case len(sets):
		if e.Number == trailLength {
			return tampering{[]string{"UPDATE audit_events SET number = 1000" + one}, lacks(e.Number, 1000)}
		}
		return tampering{[]string{"UPDATE audit_events SET number = 1000" + one}, lacks(e.Number, e.Number+1)}
	case len(sets) + 1: // the next one does not go with it then
		e.Caller = "innocent"
		statements := []string{"DELETE FROM audit_events" + one, insertOf(r.forged(e))}
		if e.Number == trailLength {
			return tampering{statements, endAltered()}
		}
		return tampering{statements, altered(e.Number + 1)}
	default:
		return tampering{[]string{"UPDATE audit_events SET " + sets[set] + one}, altered(e.Number)}
	}
}

func (r tamperer) deletes() tampering {
	n := r.any().Number
	statements := []string{fmt.Sprintf("DELETE FROM audit_events WHERE number = %d", n)}
	if n == trailLength {
		return tampering{statements, ends(n - 1)}
	}
	return tampering{statements, lacks(n, n+1)}
}

// swaps exchanges two events, neighbours every other time.
func (r tamperer) swaps() tampering {
	a := r.any()
	b := r.other(a)
	if r.turn%2 == 0 {
		b = r.trail[a.Number%trailLength]
	}
	renumber := func(from, to int) string {
		return fmt.Sprintf("UPDATE audit_events SET number = %d WHERE number = %d", to, from)
	}
	return tampering{
		[]string{renumber(a.Number, 1000), renumber(b.Number, a.Number), renumber(1000, b.Number)}, altered(min(a.Number, b.Number)),
	}
}

// inserts adds an event somewhere, or at the end; every other time with a hash that goes with what is before it.
func (r tamperer) inserts() tampering {
	e := r.any()
	e.Number = 1 + r.IntN(trailLength+1)
	if r.turn < 4 {
		e.Number = trailLength + 1
	}
	want := altered(e.Number)
	if r.turn%2 == 0 {
		e, want = r.forged(e), altered(e.Number+1)
		if e.Number > trailLength {
			want = added(e.Number, trailLength)
		}
	}
	return tampering{[]string{
		fmt.Sprintf("UPDATE audit_events SET number = number + 1000 WHERE number >= %d", e.Number),
		"UPDATE audit_events SET number = number - 999 WHERE number > 1000", insertOf(e),
	}, want}
}

func (r tamperer) cuts() tampering {
	last := r.IntN(trailLength)
	return tampering{[]string{fmt.Sprintf("DELETE FROM audit_events WHERE number > %d", last)}, ends(last)}
}

// written is an instant as both databases take it, and as SQLite keeps it.
func written(at time.Time) string { return at.Format("2006-01-02 15:04:05.999999999-07:00") }

func insertOf(e barometer.AuditEvent) string {
	municipality := "NULL"
	if e.Municipality != nil {
		municipality = "'" + *e.Municipality + "'"
	}
	return fmt.Sprintf("INSERT INTO audit_events (number, at, caller, role, municipality, kind, action, resource, request, hash) "+
		"VALUES (%d, '%s', '%s', '%s', %s, '%s', '%s', '%s', '%s', '%s')",
		e.Number, written(e.At), e.Caller, e.Role, municipality, e.Kind, e.Action, e.Resource, e.Request, e.Hash)
}

// The end of the trail is kept apart from it, and is tampered with in vain too.
func TestTamperingWithTheEndIsFound(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		record(t, ctx, s, trailLength)
		for statement, want := range map[string]string{
			"DELETE FROM audit_head":                                 "the end of the trail is not written down any more",
			"UPDATE audit_head SET number = number + 1":              "the trail ends with event 60; it was 61 long",
			"UPDATE audit_head SET number = 0":                       added(1, 0),
			"UPDATE audit_head SET hash = ''":                        endAltered(),
			"UPDATE audit_head SET hash = upper(hash)":               endAltered(),
			"UPDATE audit_head SET number = 59, hash = 'whatever'":   added(60, 59),
			"DELETE FROM audit_events":                               ends(0),
			"UPDATE audit_events SET number = 61 WHERE number = 60":  lacks(60, 61),
			"UPDATE audit_events SET number = number + 1000":         lacks(1, 1001),
			"UPDATE audit_events SET action = 'x' WHERE number > 20": altered(21),
		} {
			if fault := tampered(t, s, statement); fault != want {
				t.Errorf("%s: %q; want %q", statement, fault, want)
			}
		}
		holds(t, ctx, s, trailLength)
	})
}

// SQLite takes any bytes and any type in any column: what reads the same and is not the same is found too.
func TestTamperingThatReadsTheSameIsFound(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Options{DataDir: t.TempDir()})
	ctx := storetest.Context(t)
	record(t, ctx, s, trailLength-1)
	// Two texts that are broken UTF-8 are alike as JSON.
	must(t, s.Tx(ctx, func(tx *store.Store) error { tx.Record(barometer.EventRead, "broken \xff", "/"); return nil }))
	holds(t, ctx, s, trailLength)
	for _, set := range []string{
		"caller = CAST(caller AS BLOB)", "municipality = CAST('0707' AS BLOB)", "hash = CAST(hash AS BLOB)", "resource = CAST(resource AS BLOB)",
		"at = replace(at, ' ', 'T')", "at = replace(at, '+00:00', 'Z')", "at = at || ' '", "at = CAST(at AS BLOB)", "at = 0", "at = '2026'",
		"action = action || char(0)", "action = 'broken ' || CAST(x'fe' AS TEXT)",
	} {
		if fault := tampered(t, s, "UPDATE audit_events SET "+set+" WHERE number = 60"); fault != altered(60) {
			t.Errorf("%s: %q", set, fault)
		}
	}
	holds(t, ctx, s, trailLength)
}
