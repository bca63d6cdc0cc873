package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// outputs runs a command that must end well, and gives what it writes and what it says.
func (p program) outputs(command ...string) (out, said string) {
	p.Helper()
	cmd := exec.CommandContext(p.Context(), command[0], command[1:]...)
	var stdout, stderr bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = p.dir, p.environment, &stdout, &stderr
	if err := cmd.Run(); err != nil {
		p.Fatalf("%q: %v: %s", command, err, stderr.String())
	}
	return stdout.String(), stderr.String()
}

// key makes a key, of which nothing but itself is written to the standard output and nothing to the other one.
func (p program) key(flags ...string) (text, id string) {
	p.Helper()
	out, said := p.outputs(append([]string{built, "keys", "create"}, flags...)...)
	text = strings.TrimSuffix(out, "\n")
	id, ok := barometer.ParseKey(text)
	if !ok || !strings.Contains(said, id) || !strings.Contains(said, "Authorization: Bearer") || strings.Contains(said, text[len(text)-20:]) {
		p.Fatalf("%v: it writes %q and says %s", flags, out, said)
	}
	return text, id
}

// as asks the service who somebody with a key is.
func (p program) as(address, key string) (status int, me barometer.Me) {
	p.Helper()
	request, err := http.NewRequestWithContext(p.Context(), http.MethodGet, address+"/v1/me", nil)
	if err != nil {
		p.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		p.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode == http.StatusOK {
		if err := json.NewDecoder(answer.Body).Decode(&me); err != nil {
			p.Fatal(err)
		}
	}
	return answer.StatusCode, me
}

// TestKeysLetIn: a key that was made lets in with its role, until it is revoked.
func TestKeysLetIn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		p := newProgram(t, o)
		address := p.serve()
		lead, leadID := p.key("--role", "lead")
		own, ownID := p.key("--role", "municipality", "--municipality", "Norddjurs", "--expires", "90d")
		if status, me := p.as(address, lead); status != http.StatusOK || me.Role != barometer.RoleLead || me.Municipality != nil || *me.Key != leadID {
			t.Errorf("%d %+v", status, me)
		}
		status, me := p.as(address, own)
		if status != http.StatusOK || me.Role != barometer.RoleMunicipality || *me.Municipality != "0707" || *me.Key != ownID {
			t.Errorf("%d %+v", status, me)
		}
		if days := time.Until(*me.ExpiresAt).Hours() / 24; days < 89.9 || days > 90.1 {
			t.Errorf("it ends in %f days", days)
		}
		if status, _ := p.as(address, lead[:len(lead)-1]+"b"); status != http.StatusUnauthorized {
			t.Errorf("a mistyped key: %d", status)
		}

		out, _ := p.outputs(built, "keys", "list")
		lines := strings.Split(out, "\n")
		if len(lines) != 4 || !strings.HasPrefix(lines[0], "KEY ") || !strings.HasPrefix(lines[1], leadID+"  lead ") || !strings.Contains(lines[2], "0707") {
			t.Error(out)
		}
		if !strings.Contains(lines[1], time.Now().UTC().Format(time.DateOnly)) || strings.Count(lines[1], " - ") != 3 {
			t.Errorf("no last use: %s", lines[1])
		}

		said := p.must("keys", "revoke", leadID)
		if !strings.Contains(said, "5 seconds") {
			t.Error(said)
		}
		if status := p.until(http.StatusUnauthorized, address, lead); status != http.StatusUnauthorized {
			t.Errorf("5 seconds after it was revoked: %d", status)
		}
		if status, _ := p.as(address, own); status != http.StatusOK {
			t.Errorf("the other one: %d", status)
		}
		p.must("keys", "revoke", own) // by its text
		out, _ = p.outputs(built, "keys", "list", "--json")
		var keys []barometer.APIKey
		if err := json.Unmarshal([]byte(out), &keys); err != nil || len(keys) != 2 || keys[0].RevokedAt == nil || keys[1].RevokedAt == nil || keys[0].LastUsedAt == nil {
			t.Errorf("%v %s", err, out)
		}
		if strings.Contains(out, barometer.HashKey(lead)) {
			t.Error("the hash is shown")
		}
		for _, id := range []string{leadID, lead, "none", strings.Repeat("01", 5)} {
			said, ok := p.run("keys", "revoke", id)
			if ok || id != leadID && strings.Contains(said, id) {
				t.Errorf("revoke %s: %s", id, said)
			}
		}
		p.recorded(leadID, ownID)
	})
}

// until asks for up to 5 seconds.
func (p program) until(want int, address, key string) (status int) {
	p.Helper()
	for deadline := time.Now().Add(5 * time.Second); status != want && time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		status, _ = p.as(address, key)
	}
	return status
}

// recorded tells that making and revoking keys stands in the trail, in its order.
func (p program) recorded(ids ...string) {
	p.Helper()
	var got, want []string
	for _, action := range []string{"createKey", "revokeKey"} {
		for _, id := range ids {
			want = append(want, action+" /keys/"+id)
		}
	}
	o := store.Options{}
	for _, setting := range p.environment {
		if url, is := strings.CutPrefix(setting, "BAROMETER_DATABASE_URL="); is {
			o.URL = url
		}
		if dir, is := strings.CutPrefix(setting, "BAROMETER_DATA_DIR="); is {
			o.DataDir = dir
		}
	}
	s := storetest.Open(p.T, o)
	events, err := s.AuditEvents(p.Context(), store.AuditFilter{Caller: "command-line", Kind: barometer.EventChange, Resource: "/keys", Limit: 100})
	if err != nil {
		p.Fatal(err)
	}
	for _, e := range events {
		got = append(got, e.Action+" "+e.Resource)
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		p.Errorf("recorded: %q; want %q", got, want)
	}
}

// TestKeysAreNotKept: nothing in the folder of the embedded database has the text of a key, or its secret.
func TestKeysAreNotKept(t *testing.T) {
	t.Parallel()
	p := newProgram(t, store.Options{})
	text, id := p.key("--role", "admin")
	secret := strings.Split(text, "_")[2]
	files, err := filepath.Glob(filepath.Join(p.dir, "data", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	found := false
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found = found || bytes.Contains(data, []byte(id))
		if bytes.Contains(data, []byte(secret[:20])) {
			t.Errorf("the secret stands in %s", file)
		}
	}
	if !found {
		t.Error("the key's id stands nowhere either: this looks at the wrong files")
	}
}

// TestEveryWrongFlagOfAKeyIsNamed: all at once, with what is allowed, and without opening a database.
func TestEveryWrongFlagOfAKeyIsNamed(t *testing.T) {
	t.Parallel()
	p := newProgram(t, store.Options{})
	roles := "municipality, ministry, auditor, lead, admin"
	for _, c := range []struct {
		flags string
		want  []string
	}{
		{"", []string{"--role", roles}},
		{"--role operator", []string{"--role", roles}},
		{"--role public --municipality 9999 --expires 2020-01-01", []string{"--role", roles, "--municipality", "0707", "--expires", "in the future"}},
		{"--role municipality", []string{"--municipality", "0707"}},
		{"--role municipality --municipality 0411", []string{"--municipality", "0707"}}, // Christiansø is none
		{"--role lead --municipality 0707 --expires soon", []string{"--municipality", "--expires", "2027-01-01", "90d"}},
		{"--role lead --expires 0d", []string{"--expires", "in the future"}},
		{"--role lead --expires -5d", []string{"--expires", "in the future"}},
		{"--role lead --expires 2025-02-30", []string{"--expires", "2027-01-01"}},
		{"--role lead --expires 99999999999d", []string{"--expires", "10000"}},
		{"--role lead --expires 9999999999999999999d", []string{"--expires", "90d"}},
		{"--role lead extra", []string{"extra"}},
	} {
		said, ok := p.run(append([]string{"keys", "create"}, strings.Fields(c.flags)...)...)
		for _, want := range c.want {
			if ok || !strings.Contains(said, want) {
				t.Errorf("%s: ended well: %v; it does not say %s: %s", c.flags, ok, want, said)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(p.dir, "data")); !os.IsNotExist(err) {
		t.Errorf("a database was made (%v)", err)
	}
	if said, ok := p.run("keys", "list"); ok || !strings.Contains(said, "BAROMETER_DATA_DIR") {
		t.Error(said)
	}
}

func TestKeysEndWhenTheyWereToldTo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 6, 51, 56, 840777000, time.FixedZone("CET", 3600))
	for text, want := range map[string]string{
		"2027-01-01": "2027-01-01T00:00:00Z", "2026-11-23": "2026-11-23T00:00:00Z", "90d": "2027-02-20T05:51:56Z", "1d": "2026-11-23T05:51:56Z",
		"12h": "2026-11-22T17:51:56Z", "90m": "2026-11-22T07:21:56Z", "9999-12-31": "9999-12-31T00:00:00Z",
	} {
		got, err := expiry(text, now)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%s: %v %v; want %s", text, got, err, want)
		}
	}
	if got, err := expiry("", now); got != nil || err != nil {
		t.Error(got, err)
	}
	for _, text := range []string{"2026-11-22", "2026-11-21", "0d", "-1d", "0s", "-12h", "d", "1.5d", "1w", "12", "2027", "2027-1-1", "01-01-2027", " ", "20270101d"} {
		if got, err := expiry(text, now); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestTheFirstStartSaysHowToMakeKeys: the commands it prints work as they are printed, and it says so no longer then.
func TestTheFirstStartSaysHowToMakeKeys(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		p := newProgram(t, o)
		if o.URL == "" {
			p.environment = append(p.environment, "BAROMETER_DATA_DIR=it's here")
		}
		address := freeAddress(t)
		said := p.says(address)
		commands := regexp.MustCompile(`(?m)^  (\S+ keys create .*)$`).FindAllStringSubmatch(said, -1)
		if len(commands) != 2 || !strings.Contains(said, "nothing can be written") {
			t.Fatal(said)
		}
		// In a shell that knows the database only as the message says.
		if o.URL == "" {
			p.environment = os.Environ()
		}
		for i, role := range []barometer.Role{barometer.RoleAdmin, barometer.RoleLead} {
			key, _ := p.outputs("sh", "-c", commands[i][1])
			if status, me := p.as("http://"+address, strings.TrimSpace(key)); status != http.StatusOK || me.Role != role {
				t.Errorf("%s: %d %v", commands[i][1], status, me.Role)
			}
		}
		if o.URL == "" {
			p.environment = append(p.environment, "BAROMETER_DATA_DIR=it's here")
		}
		if said := p.says(freeAddress(t)); strings.Contains(said, "keys create") {
			t.Errorf("it says so again: %s", said)
		}
	})
}

// says starts the service, and gives what it has said until it answers.
func (p program) says(address string) string {
	p.Helper()
	serving(p.T, built+" serve 2>said", p.dir, append(p.environment, "BAROMETER_LISTEN="+address), address)
	said, err := os.ReadFile(filepath.Join(p.dir, "said"))
	if err != nil {
		p.Fatal(err)
	}
	return string(said)
}

// TestTheServicesRoleIsEnough: in a Postgres with the roles of deployments/postgres the service's own role does all the
// program's work but the migrations.
func TestTheServicesRoleIsEnough(t *testing.T) {
	t.Parallel()
	d := storetest.Deployed(t)
	p := newProgram(t, store.Options{URL: d.Service})
	if said, ok := p.run("migrate"); ok || !strings.Contains(said, "barometer migrate as the role that owns the tables") {
		t.Errorf("migrate, as the service: %s", said)
	}
	d.Migrate(t)
	read := p.publishedRound()
	if len(read) < 50 {
		t.Errorf("%d answers", len(read))
	}
	p.key("--role", "lead")
	if said := p.must("verify"); !strings.Contains(said, "is whole") {
		t.Error(said)
	}
}
