package api_test

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// office is a service with its store, in which the tests of the audit work make their keys.
type office struct {
	server
	store *store.Store
}

func openOffice(t *testing.T, s *store.Store) office {
	t.Helper()
	return office{serveHistory(t, s), s}
}

// key makes an API key, and gives its text and its id.
func (o office) key(t testing.TB, role barometer.Role, change ...func(*barometer.APIKey)) (text, id string) {
	t.Helper()
	text, id, err := barometer.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k := barometer.APIKey{ID: id, Hash: barometer.HashKey(text), Role: role, CreatedAt: o.store.Now()}
	if role == barometer.RoleMunicipality {
		code := norddjurs
		k.Municipality = &code
	}
	for _, c := range change {
		c(&k)
	}
	if err := o.store.AddKey(t.Context(), k); err != nil {
		t.Fatal(err)
	}
	return text, id
}

// as gives a client with a new key of a role; a municipality is Norddjurs.
func (o office) as(t testing.TB, role barometer.Role, change ...func(*barometer.APIKey)) *client.Client {
	t.Helper()
	text, _ := o.key(t, role, change...)
	return o.with(t, text)
}

// with gives a client with a key.
func (o office) with(t testing.TB, key string) *client.Client {
	t.Helper()
	c, err := client.New(o.url, client.WithHTTPClient(o.http), client.WithKey(key))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// of makes a key that of another municipality.
func of(code string) func(*barometer.APIKey) {
	return func(k *barometer.APIKey) { k.Municipality = &code }
}

func TestMe(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		if me := must(o.Me(t.Context()))(t); me.Role != barometer.RolePublic || me.Key != nil || len(me.Operations) == 0 {
			t.Errorf("without a key: %+v", me)
		}
		end := s.Now().Add(time.Hour)
		text, id := o.key(t, barometer.RoleMunicipality, func(k *barometer.APIKey) { k.ExpiresAt = &end })
		me := must(o.with(t, text).Me(t.Context()))(t)
		me.Operations = nil
		code := norddjurs
		if diff := cmp.Diff(barometer.Me{Role: barometer.RoleMunicipality, Key: &id, Municipality: &code, ExpiresAt: &end}, me); diff != "" {
			t.Error(diff)
		}
		used, err := s.Key(t.Context(), id)
		if err != nil || used.LastUsedAt == nil || time.Since(*used.LastUsedAt) > time.Minute {
			t.Errorf("last use: %v, %v", used.LastUsedAt, err)
		}
	})
}

// Whatever is wrong with a credential, the answer is the same 401 on every address, open ones too, and says what would
// be taken (RFC 6750).
func TestBadCredentials(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		valid, _ := o.key(t, barometer.RoleLead)
		past := s.Now().Add(-time.Second)
		expired, _ := o.key(t, barometer.RoleLead, func(k *barometer.APIKey) { k.ExpiresAt = &past })
		revoked, _ := o.key(t, barometer.RoleLead, func(k *barometer.APIKey) { k.RevokedAt = &past })
		unknown, _, err := barometer.NewKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for name, header := range map[string]string{
			"expired": "Bearer " + expired, "revoked": "Bearer " + revoked, "unknown": "Bearer " + unknown, "mistyped": "Bearer " + valid[:len(valid)-1] + "!",
			"empty": "Bearer ", "no scheme": valid, "basic": "Basic " + valid, "token of another kind": "Bearer eyJhbGciOiJub25lIn0.e30.",
		} {
			for _, address := range []string{"/v1/regions", "/v1/audit-events", "/v1/me"} {
				a := o.get(t, address, "Authorization: "+header)
				if a.status != http.StatusUnauthorized || !strings.HasPrefix(a.header.Get("WWW-Authenticate"), `Bearer realm="barometer"`) || strings.Contains(a.body, valid) {
					t.Errorf("%s: %s: %d %v %s", name, address, a.status, a.header, a.body)
				}
			}
		}
		if a := o.get(t, "/v1/audit-events", "Authorization: Bearer "+valid); a.status != http.StatusOK {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
}

// A key stops working within five seconds of its revocation.
func TestRevocation(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		text, id := o.key(t, barometer.RoleAuditor)
		c := o.with(t, text)
		must(c.Me(t.Context()))(t)
		if err := s.RevokeKey(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		revoked := time.Now()
		for {
			_, err := c.Me(t.Context())
			if err != nil {
				if f := problemOf(t, 0, err); f.Status != http.StatusUnauthorized {
					t.Error(f)
				}
				return
			}
			if time.Since(revoked) > 5*time.Second {
				t.Fatal("still works after five seconds")
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
}

// What is refused is in the trail, under the id that the caller was told.
func TestRefusalsAreRecorded(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		text, id := o.key(t, barometer.RoleMinistry)
		var want []string
		for _, who := range []struct{ key, caller string }{{"", "public"}, {text, id}} {
			var headers []string
			if who.key != "" {
				headers = []string{"Authorization: Bearer " + who.key}
			}
			a := o.get(t, "/v1/audit-events?limit=10", headers...)
			_, request, _ := strings.Cut(a.body, "urn:uuid:")
			want = append(want, fmt.Sprintf("%s refused listAuditEvents /v1/audit-events %s", who.caller, request[:36]))
		}
		var got []string
		for e, err := range o.as(t, barometer.RoleAdmin).AllAuditEvents(t.Context(), client.AuditEventsOptions{Kind: barometer.EventRefused}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%s %s %s %s %s", e.Caller, e.Kind, e.Action, e.Resource, e.Request))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
