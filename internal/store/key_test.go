package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func newAPIKey(s *store.Store, id string, role barometer.Role, change ...func(*barometer.APIKey)) barometer.APIKey {
	k := barometer.APIKey{ID: id, Hash: barometer.HashKey(id), Role: role, CreatedAt: s.Now()}
	for _, c := range change {
		c(&k)
	}
	return k
}

func TestKeysComeBackAsWritten(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		if keys, err := s.Keys(ctx); err != nil || len(keys) != 0 {
			t.Errorf("%v %v", keys, err)
		}
		later := func(k *barometer.APIKey) { k.CreatedAt = k.CreatedAt.Add(time.Hour) }
		want := []barometer.APIKey{
			newAPIKey(s, "zzzzzzzz", barometer.RoleLead),
			newAPIKey(s, "bbbbbbbb", barometer.RoleMunicipality, later, func(k *barometer.APIKey) {
				k.Municipality, k.ExpiresAt = ptr("0707"), ptr(k.CreatedAt.Add(24*time.Hour))
			}),
		}
		for _, i := range []int{1, 0} {
			must(t, s.AddKey(ctx, want[i]))
		}
		got, err := s.Keys(ctx)
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		same(t, want[1])(s.KeyByHash(ctx, want[1].Hash))
		same(t, want[1])(s.Key(ctx, "bbbbbbbb"))
		same(t, barometer.Caller{ID: "bbbbbbbb", Role: "municipality", Municipality: "0707"})(got[1].Caller(), nil)
		for _, k := range got {
			if k.CreatedAt.Location() != time.UTC || k.ExpiresAt != nil && k.ExpiresAt.Location() != time.UTC {
				t.Errorf("%s is not in UTC", k.ID)
			}
		}
		for name, find := range map[string]func() (barometer.APIKey, error){
			"no such id":         func() (barometer.APIKey, error) { return s.Key(ctx, "none") },
			"no such hash":       func() (barometer.APIKey, error) { return s.KeyByHash(ctx, "none") },
			"no hash":            func() (barometer.APIKey, error) { return s.KeyByHash(ctx, "") },
			"the id as the hash": func() (barometer.APIKey, error) { return s.KeyByHash(ctx, "zzzzzzzz") },
		} {
			if k, err := find(); barometer.KindOf(err) != barometer.NotFound {
				t.Errorf("%s: %v %v", name, k, err)
			}
		}
	})
}

func TestKeysAreConstrained(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		must(t, s.AddKey(ctx, newAPIKey(s, "aaaaaaaa", barometer.RoleLead)))
		for name, k := range map[string]barometer.APIKey{
			"a taken id":                 newAPIKey(s, "aaaaaaaa", barometer.RoleLead, func(k *barometer.APIKey) { k.Hash = "x" }),
			"a taken hash":               newAPIKey(s, "bbbbbbbb", barometer.RoleLead, func(k *barometer.APIKey) { k.Hash = barometer.HashKey("aaaaaaaa") }),
			"the operator's role":        newAPIKey(s, "cccccccc", barometer.RoleOperator),
			"the public's role":          newAPIKey(s, "dddddddd", barometer.RolePublic),
			"no municipality":            newAPIKey(s, "eeeeeeee", barometer.RoleMunicipality),
			"a lead with a municipality": newAPIKey(s, "ffffffff", barometer.RoleLead, func(k *barometer.APIKey) { k.Municipality = ptr("0707") }),
		} {
			if err := s.AddKey(ctx, k); err == nil {
				t.Errorf("%s was taken", name)
			}
		}
		if err := s.AddKey(ctx, newAPIKey(s, "aaaaaaaa", barometer.RoleLead)); barometer.KindOf(err) != barometer.Conflict {
			t.Error(err)
		}
	})
}

func TestKeysAreRevokedOnce(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		must(t, s.AddKey(ctx, newAPIKey(s, "aaaaaaaa", barometer.RoleLead)))
		must(t, s.AddKey(ctx, newAPIKey(s, "bbbbbbbb", barometer.RoleLead)))
		must(t, s.RevokeKey(ctx, "aaaaaaaa"))
		first, err := s.Key(ctx, "aaaaaaaa")
		must(t, err)
		if first.RevokedAt == nil || first.ValidAt(s.Now()) || first.RevokedAt.Location() != time.UTC {
			t.Errorf("%v", first.RevokedAt)
		}
		if err := s.RevokeKey(ctx, "aaaaaaaa"); barometer.KindOf(err) != barometer.State {
			t.Error(err)
		}
		same(t, first)(s.Key(ctx, "aaaaaaaa")) // when it was revoked stays
		if err := s.RevokeKey(ctx, "none"); barometer.KindOf(err) != barometer.NotFound {
			t.Error(err)
		}
		other, err := s.Key(ctx, "bbbbbbbb")
		must(t, err)
		if !other.ValidAt(s.Now()) {
			t.Error("the other one was revoked too")
		}
	})
}

func TestKeysEnd(t *testing.T) {
	t.Parallel()
	end := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	k := barometer.APIKey{ExpiresAt: &end}
	for at, want := range map[time.Time]bool{
		end.Add(-time.Nanosecond): true, end: false, end.Add(time.Nanosecond): false,
		time.Date(2027, 1, 1, 0, 59, 59, 0, time.FixedZone("CET", 3600)): true,
	} {
		if k.ValidAt(at) != want {
			t.Errorf("at %v: %v", at, !want)
		}
	}
}

// The last use is written at most once a minute.
func TestLastUseIsNoted(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		must(t, s.AddKey(ctx, newAPIKey(s, "aaaaaaaa", barometer.RoleLead)))
		used := func() time.Time {
			k, err := s.Key(ctx, "aaaaaaaa")
			must(t, err)
			if k.LastUsedAt == nil {
				return time.Time{}
			}
			return *k.LastUsedAt
		}
		if !used().IsZero() {
			t.Error("used before its first use")
		}
		before := s.Now()
		must(t, s.TouchKey(ctx, "aaaaaaaa"))
		first := used()
		if first.Before(before) || first.After(s.Now()) {
			t.Errorf("used at %v", first)
		}
		time.Sleep(2 * time.Millisecond)
		must(t, s.TouchKey(ctx, "aaaaaaaa"))
		if !used().Equal(first) {
			t.Error("written twice within a minute")
		}
		must(t, s.Exec(ctx, "UPDATE api_keys SET last_used_at = ?", first.Add(-time.Minute-time.Second)))
		must(t, s.TouchKey(ctx, "aaaaaaaa"))
		if used().Before(first) {
			t.Error("not written after a minute")
		}
		must(t, s.TouchKey(ctx, "none"))
	})
}
