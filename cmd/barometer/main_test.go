package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/config"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// program is the built program on one database.
type program struct {
	*testing.T
	dir         string
	environment []string
}

func newProgram(t *testing.T, o store.Options) program {
	t.Helper()
	dir := t.TempDir()
	return program{t, dir, append(os.Environ(),
		"BAROMETER_DATABASE_URL="+o.URL, "BAROMETER_DATA_DIR="+filepath.Join(dir, "data"))}
}

// run runs a subcommand; it gives what was said, and whether it ended well.
func (p program) run(args ...string) (said string, ok bool) {
	p.Helper()
	cmd := exec.Command(built, args...)
	cmd.Dir, cmd.Env = p.dir, p.environment
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func (p program) must(args ...string) string {
	p.Helper()
	said, ok := p.run(args...)
	if !ok {
		p.Fatalf("barometer %s: %s", strings.Join(args, " "), said)
	}
	return said
}

// serve starts the service beside the program, and gives its address.
func (p program) serve() string {
	p.Helper()
	address := freeAddress(p.T)
	serving(p.T, built+" serve", p.dir, append(p.environment, "BAROMETER_LISTEN="+address), address)
	return "http://" + address
}

func (p program) get(address string) []byte {
	p.Helper()
	answer, err := http.Get(address)
	if err != nil {
		p.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.Body.Close() != nil || answer.StatusCode != http.StatusOK {
		p.Fatalf("%s: %d %v %s", address, answer.StatusCode, err, body)
	}
	return body
}

func decode[T any](p program, body []byte) T {
	p.Helper()
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		p.Fatal(err)
	}
	return v
}

// TestBothDatabasesAnswerWithTheSameBytes goes the whole way with the program itself: a synthetic round is generated,
// imported and published beside a running service, and every scorecard, result and denominator is read from it.
func TestBothDatabasesAnswerWithTheSameBytes(t *testing.T) {
	t.Parallel()
	var mutex sync.Mutex
	answers := map[string]map[string]string{}
	t.Run("databases", func(t *testing.T) {
		storetest.Each(t, func(t *testing.T, o store.Options) {
			p := newProgram(t, o)
			read := p.publishedRound()
			mutex.Lock()
			defer mutex.Unlock()
			answers[filepath.Base(t.Name())] = read
		})
	})
	sqlite := answers["sqlite"]
	if len(sqlite) < 100 {
		t.Fatalf("only %d answers", len(sqlite))
	}
	for name, others := range answers {
		if diff := cmp.Diff(slices.Sorted(maps.Keys(sqlite)), slices.Sorted(maps.Keys(others))); diff != "" {
			t.Errorf("%s answers at other addresses:\n%s", name, diff)
		}
		for address, body := range others {
			if body != sqlite[address] {
				t.Errorf("%s differs at %s:\n%s", name, address, cmp.Diff(sqlite[address], body))
			}
		}
	}
}

// publishedRound makes a round and reads all of it.
func (p program) publishedRound() map[string]string {
	p.Helper()
	address := p.serve()
	p.must("synth", "--round", "9026", "--municipalities", "9", "--cases", "140", "--seed", "7", "--out", "round.csv")
	p.must("import", "outcomes", "round.csv")
	p.must("publish", "--round", "9026")
	p.appears(address + "/v1/rounds/9026")
	p.must("verify")
	answers := map[string]string{}
	read := func(path string) []byte {
		body := p.get(address + path)
		answers[path] = string(body)
		return body
	}
	read("/v1/rounds/9026/scorecard?lang=en")
	for path := "/v1/results?limit=100"; path != ""; {
		page := decode[barometer.Page[barometer.Result]](p, read(path))
		path = ""
		if page.NextCursor != nil {
			path = "/v1/results?limit=100&cursor=" + *page.NextCursor
		}
	}
	for _, one := range decode[barometer.Page[barometer.Participation]](p, read("/v1/rounds/9026/participations")).Items {
		municipality := "/v1/rounds/9026/municipalities/" + one.Municipality
		read(municipality + "/scorecard")
		for _, q := range decode[barometer.Page[barometer.RoundRequirement]](p, read("/v1/rounds/9026/requirements")).Items {
			read(municipality + "/requirements/" + q.Requirement + "/denominator")
		}
	}
	return answers
}

// appears waits for a release made by another process.
func (p program) appears(address string) {
	p.Helper()
	for range 100 {
		answer, err := http.Get(address)
		if err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.Fatalf("%s does not appear", address)
}

func TestABadSettingStopsTheStartAndIsNamed(t *testing.T) {
	t.Parallel()
	p := newProgram(t, store.Options{})
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"serve", "--listen", "8080"}, "BAROMETER_LISTEN"},
		{[]string{"serve", "--request-timeout", "soon"}, "BAROMETER_REQUEST_TIMEOUT"},
		{[]string{"serve", "--database-url", "mysql://x"}, "BAROMETER_DATABASE_URL"},
		{[]string{"serve", "--cors-origins", "example.dk"}, "BAROMETER_CORS_ORIGINS"},
		{[]string{"serve", "--no-such-flag"}, "no-such-flag"},
		{[]string{"publish", "--round", "99999999999"}, "four digits"},
		{[]string{"import", "foo"}, "import"},
		{[]string{"verify", "--data-dir", "nowhere"}, "BAROMETER_DATA_DIR"},
		{[]string{"serve", "--database-url", "postgres://u:secret@127.0.0.1:1/x"}, "127.0.0.1:1"},
		{[]string{"serve", "--listen", "192.0.2.1:1"}, "BAROMETER_LISTEN"},
	} {
		said, ok := p.run(c.args...)
		if ok || !strings.Contains(said, c.want) || strings.Contains(said, "secret") {
			t.Errorf("%v: started %v, said %s", c.args, ok, said)
		}
	}
	help := p.must("serve", "--help")
	for variable, standard := range config.Defaults() {
		if !strings.Contains(help, variable) || !strings.Contains(help, standard) {
			t.Errorf("serve --help does not list %s with its default %q", variable, standard)
		}
	}
}

// TestAFileWithTwelveMistakesGetsTwelveMessages: each on a line of its own, and nothing is changed.
func TestAFileWithTwelveMistakesGetsTwelveMessages(t *testing.T) {
	t.Parallel()
	file := "round,municipality,case,case_type,requirement,notification,outcome,reason,origin\n"
	for _, row := range []string{
		"2031,0707,S1,placement,action_plan_made,,met,,",
		"9026,0999,S2,placement,action_plan_made,,met,,synthetic",
		"9026,0707,,placement,action_plan_made,,met,,synthetic",
		"9026,0707,S4,foster,action_plan_made,,met,,synthetic",
		"9026,0707,S5,placement,no_such,,met,,synthetic",
		"9026,0707,S6,placement,notification_reassessed,,met,,synthetic",
		"9026,0707,S7,placement,action_plan_made,,fulfilled,,synthetic",
		"9026,0707,S8,placement,action_plan_made,,met_by_exception,,synthetic",
		"9026,0707,S9,placement,action_plan_made,,met,urgency,synthetic",
		"9026,0707,S10,placement,action_plan_made,,met,,made up",
		"9026,0707,010203-1234,placement,action_plan_made,,met,,synthetic",
		"9026,0707,S12,placement",
	} {
		file += row + "\n"
	}
	storetest.Each(t, func(t *testing.T, o store.Options) {
		p := newProgram(t, o)
		if err := os.WriteFile(filepath.Join(p.dir, "bad.csv"), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		said, ok := p.run("import", "outcomes", "bad.csv")
		lines := 0
		for i := range 12 {
			lines += strings.Count(said, fmt.Sprintf("  line %d", i+2)+",") + strings.Count(said, fmt.Sprintf("  line %d:", i+2))
		}
		if ok || lines != 12 || !strings.Contains(said, "12 problems; nothing was imported") || strings.Contains(said, "010203") {
			t.Errorf("ended well: %v, %d messages\n%s", ok, lines, said)
		}
		if said, ok := p.run("publish", "--round", "9026"); ok || !strings.Contains(said, "no round 9026") {
			t.Errorf("the file left a round behind: %s", said)
		}
	})
}

// TestMigrateDoesNothingElse: the history is loaded by whoever serves, imports or publishes first.
func TestMigrateDoesNothingElse(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		p := newProgram(t, o)
		if said := p.must("migrate"); strings.Contains(said, "history") {
			t.Errorf("migrate loads the history: %s", said)
		}
		if said := p.must("verify"); !strings.Contains(said, "Nothing is released yet") {
			t.Errorf("verify: %s", said)
		}
	})
}

func TestSynthWritesToTheStandardOutput(t *testing.T) {
	t.Parallel()
	p := newProgram(t, store.Options{})
	cmd := exec.Command(built, "synth", "--round", "9001", "--municipalities", "1", "--cases", "1")
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil || !strings.HasPrefix(out.String(), "round,municipality,") {
		t.Errorf("%v %s", err, out.String())
	}
	if said, ok := p.run("synth", "--round", "2023", "--municipalities", "99"); ok || !strings.Contains(said, "round") || !strings.Contains(said, "municipalities") {
		t.Errorf("both mistakes should be named: %s", said)
	}
}

// TestTheExampleOfSettingsStartsTheService: it names every setting, and a service can be started with it.
func TestTheExampleOfSettingsStartsTheService(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../deployments/env.example")
	if err != nil {
		t.Fatal(err)
	}
	var names, environment []string
	for line := range strings.SplitSeq(string(text), "\n") {
		if name, _, setting := strings.Cut(line, "="); setting && !strings.HasPrefix(line, "#") {
			names, environment = append(names, name), append(environment, line)
		}
	}
	slices.Sort(names)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(config.Defaults())), names); diff != "" {
		t.Error(diff)
	}
	p := newProgram(t, store.Options{})
	p.environment = append(environment, "BAROMETER_DATA_DIR="+p.dir)
	p.get(p.serve() + "/v1/releases/latest")
}

// TestNoOriginsMeansNoOthersPagesMayRead: Echo would take an empty list for all.
func TestNoOriginsMeansNoOthersPagesMayRead(t *testing.T) {
	t.Parallel()
	p := newProgram(t, store.Options{})
	p.environment = append(p.environment, "BAROMETER_CORS_ORIGINS=none")
	request, err := http.NewRequest(http.MethodGet, p.serve()+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Origin", "https://example.dk")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
	if got := answer.Header.Get("Access-Control-Allow-Origin"); got != "" {
		t.Errorf("any page may read: %s", got)
	}
}
