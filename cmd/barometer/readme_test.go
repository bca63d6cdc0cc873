package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/config"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
)

// TestReadme runs every command of the README, and of the documents beside it, as it stands there, against a service of
// its own, and holds the answers against those printed.
func TestReadme(t *testing.T) {
	t.Parallel()
	documents, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(documents) == 0 {
		t.Fatalf("%v, %v", documents, err)
	}
	for _, path := range append(documents, "../../README.md") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			follow(t, path)
		})
	}
}

// follow does what a document says, from its beginning to its end.
func follow(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := newReader(t)
	answer := []byte(nil)
	for _, block := range regexp.MustCompile("(?s)```(sh|json)\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		if block[1] == "sh" {
			r.succeeded(answer)
			answer = r.commands(block[2])
			continue
		}
		r.compare(block[2], answer)
		answer = nil
	}
	r.succeeded(answer)
	if r.run == 0 || r.compared == 0 {
		t.Fatalf("%d commands run, %d answers compared", r.run, r.compared)
	}
}

// reader is someone who follows a document: in a folder of their own, with a service of their own.
type reader struct {
	*testing.T
	address, dir  string
	run, compared int
}

func newReader(t *testing.T) *reader {
	t.Helper()
	return &reader{T: t, address: freeAddress(t), dir: t.TempDir()}
}

// succeeded holds that an answer is no problem: one that is meant to be is printed.
func (r *reader) succeeded(answer []byte) {
	r.Helper()
	if bytes.Contains(answer, []byte(`"type":"/problems/`)) {
		r.Errorf("a command was answered with %s", answer)
	}
}

func (r *reader) commands(block string) (answer []byte) {
	r.Helper()
	for line := range strings.SplitSeq(strings.TrimSpace(block), "\n") {
		r.run++
		switch {
		case line == "make test":
			r.calledByCI(line)
		case strings.HasPrefix(line, "BAROMETER_DATABASE_URL=postgres://"):
			r.onPostgres(line)
		case strings.HasSuffix(line, " serve"):
			serving(r.T, r.here(line), r.dir, r.environment(), r.address)
		default:
			r.succeeded(answer)
			answer = r.output(line)
		}
	}
	return answer
}

// here is a command as it must be on this machine: the program is built already, and its port is another.
func (r *reader) here(line string) string {
	line = strings.ReplaceAll(line, "go run ./cmd/barometer", built)
	return strings.ReplaceAll(line, "localhost:8080", r.address)
}

func (r *reader) environment() []string {
	return append(os.Environ(), "BAROMETER_LISTEN="+r.address)
}

func (r *reader) output(line string) []byte {
	r.Helper()
	if strings.Contains(line, "/v1/rounds/9026") {
		time.Sleep(2 * time.Second) // what the README promises for a release of another process
	}
	cmd := exec.Command("sh", "-c", r.here(line))
	cmd.Dir, cmd.Env = r.dir, r.environment()
	out, err := cmd.Output()
	if err != nil {
		r.Fatalf("%s: %v", line, err)
	}
	return out
}

func (r *reader) calledByCI(line string) {
	r.Helper()
	script, err := os.ReadFile("../../.ci/run")
	if err != nil || !bytes.Contains(script, []byte(line)) {
		r.Errorf(".ci/run does not call %q (%v)", line, err)
	}
}

// onPostgres starts the service on a database made for the test, in the place of the one in the README.
func (r *reader) onPostgres(line string) {
	r.Helper()
	storetest.Each(r.T, func(t *testing.T, o store.Options) {
		if o.URL == "" {
			return
		}
		_, command, _ := strings.Cut(line, " ")
		address := freeAddress(t)
		serving(t, r.here(command), t.TempDir(), append(os.Environ(), "BAROMETER_LISTEN="+address, "BAROMETER_DATABASE_URL="+o.URL), address)
	})
}

// compare holds an answer against a printed one, which may leave out members; "…" stands for whatever is left out of a
// list.
func (r *reader) compare(printed string, answer []byte) {
	r.Helper()
	r.compared++
	var want, got any
	if err := json.Unmarshal([]byte(printed), &want); err != nil {
		r.Fatalf("printed: %v\n%s", err, printed)
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		r.Fatalf("answered: %v\n%s", err, answer)
	}
	for _, difference := range differences("", want, got) {
		r.Error(difference)
	}
}

func differences(path string, want, got any) (found []string) {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		for name, member := range w {
			if _, there := g[name]; !ok || !there {
				found = append(found, fmt.Sprintf("%s/%s is not in the answer", path, name))
				continue
			}
			found = append(found, differences(path+"/"+name, member, g[name])...)
		}
	case []any:
		g, _ := got.([]any)
		for i, item := range w {
			if item == "…" {
				return found
			}
			if i >= len(g) {
				return append(found, fmt.Sprintf("%s has %d items", path, len(g)))
			}
			found = append(found, differences(fmt.Sprintf("%s/%d", path, i), item, g[i])...)
		}
		if len(g) > len(w) {
			found = append(found, fmt.Sprintf("%s has %d items, printed are %d", path, len(g), len(w)))
		}
	default:
		if !reflect.DeepEqual(want, got) {
			found = append(found, fmt.Sprintf("%s: printed %v, answered %v", path, want, got))
		}
	}
	return found
}

// TestReadmeListsEverySetting holds the table of settings against the flags.
func TestReadmeListsEverySetting(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `(BAROMETER_[A-Z_]+)` \\| (?:`([^`]*)`)? ?\\|").FindAllStringSubmatch(string(text), -1) {
		listed[m[1]] = m[2]
	}
	settings := config.Defaults()
	if !reflect.DeepEqual(listed, settings) {
		t.Errorf("the README has %v, the program %v", listed, settings)
	}
}

// built is the program, made once for all tests.
var built string

func TestMain(m *testing.M) {
	os.Exit(withProgram(m.Run))
}

func withProgram(run func() int) int {
	dir, err := os.MkdirTemp("", "barometer")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	built = filepath.Join(dir, "barometer")
	if out, err := exec.Command("go", "build", "-o", built, ".").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v\n%s", err, out))
	}
	return run()
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// serving starts a service, waits until it answers, and stops it when the test ends: it must stop by itself and well.
func serving(t *testing.T, command, dir string, environment []string, address string) *bytes.Buffer {
	t.Helper()
	cmd := exec.Command("sh", "-c", "exec "+command)
	var said bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stderr = dir, environment, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s ended with %v:\n%s", command, err, said.String())
		}
	})
	const patience = time.Minute
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		answer, err := http.Get("http://" + address + "/readyz")
		if err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return &said
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not answer", command)
		}
	}
}
