package main

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// victim is the service that is killed and started again on the same database, and a client of the one that runs.
type victim struct {
	program
	*client.Client
	key   string
	cmd   *exec.Cmd
	ended chan struct{} // closed once the process is gone
	idle  func()        // closes the client's connections
	ready []time.Duration
}

// newVictim starts a service on an empty database, with a lead's key.
func newVictim(t *testing.T, o store.Options) *victim {
	t.Helper()
	v := &victim{program: newProgram(t, o)}
	v.environment = append(v.environment, "BAROMETER_LISTEN=127.0.0.1:0", "TMPDIR="+v.temporary(),
		"BAROMETER_REQUEST_TIMEOUT=1m") // nothing but a kill interrupts a request here
	if err := os.Mkdir(v.temporary(), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if v.cmd != nil {
			v.kill()
		}
	})
	v.key, _ = v.program.key("--role", "lead")
	v.start()
	v.ready = nil // this one made the history too
	return v
}

// temporary is the folder in which the service keeps what is being sent.
func (v *victim) temporary() string { return filepath.Join(v.dir, "tmp") }

// start starts the service and waits until it is ready.
func (v *victim) start() {
	v.Helper()
	log, err := os.Create(filepath.Join(v.dir, "said"))
	if err != nil {
		v.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	cmd, ended := exec.Command(built, "serve"), make(chan struct{})
	cmd.Dir, cmd.Env, cmd.Stderr = v.dir, v.environment, log
	began := time.Now()
	if err := cmd.Start(); err != nil {
		v.Fatal(err)
	}
	go func() {
		_ = cmd.Wait() // killed, as a rule
		close(ended)
	}()
	v.cmd, v.ended = cmd, ended
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	v.idle = transport.CloseIdleConnections
	v.Client, err = client.New("http://"+v.listens(), client.WithKey(v.key),
		client.WithHTTPClient(&http.Client{Transport: transport, Timeout: 2 * time.Minute}))
	if err != nil {
		v.Fatal(err)
	}
	v.eventually("is not ready", func() bool {
		_, err := v.Ready(v.Context())
		return err == nil
	})
	v.ready = append(v.ready, time.Since(began))
}

var loopback = regexp.MustCompile(`http://(127\.0\.0\.1:[0-9]+)/`)

// listens gives the address that the service says it listens on.
func (v *victim) listens() (address string) {
	v.Helper()
	v.eventually("does not listen", func() bool {
		if m := loopback.FindStringSubmatch(v.said()); m != nil {
			address = m[1]
		}
		return address != ""
	})
	return address
}

func (v *victim) said() string {
	text, err := os.ReadFile(filepath.Join(v.dir, "said"))
	if err != nil {
		v.Fatal(err)
	}
	return string(text)
}

// eventually waits for the service that was started.
func (v *victim) eventually(otherwise string, so func() bool) {
	v.Helper()
	for deadline := time.Now().Add(time.Minute); !so(); time.Sleep(5 * time.Millisecond) {
		select {
		case <-v.ended:
			v.Fatalf("the service ended by itself:\n%s", v.said())
		default:
		}
		if time.Now().After(deadline) {
			v.Fatalf("the service %s:\n%s", otherwise, v.said())
		}
	}
}

// kill ends the service as kill -9 does, with whatever is under way.
func (v *victim) kill() {
	v.Helper()
	if err := v.cmd.Process.Kill(); err != nil {
		v.Errorf("kill: %v", err)
	}
	<-v.ended
	v.cmd = nil
	v.idle()
}

// stop lets the service end by itself, which it must do well.
func (v *victim) stop() {
	v.Helper()
	if err := v.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		v.Fatal(err)
	}
	<-v.ended
	if state := v.cmd.ProcessState; !state.Success() {
		v.Errorf("the service ended with %s:\n%s", state, v.said())
	}
	v.cmd = nil
	v.idle()
}

// sure is for what must not fail.
func sure[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// statusOf gives the status of an answer that is a failure; 0 where there was no answer, which killing explains.
func statusOf(err error) int {
	var answer *client.Error
	if errors.As(err, &answer) {
		return answer.Status
	}
	return 0
}

// moments are when to kill, as parts of the time that something takes: half of them are anywhere in it, and half around
// its end, where what was done is committed and answered.
func moments(dice *rand.Rand, kills int) []float64 {
	const begin, end = 0.85, 1.15
	parts := make([]float64, kills)
	for i, place := range dice.Perm(kills) {
		parts[i] = (float64(place) + dice.Float64()) / float64(kills) // spread over all of it
		if i%4 > 1 {                                                  // of each of the two kinds of imports, which take turns
			parts[i] = begin + parts[i]*(end-begin)
		}
	}
	return parts
}

// median of what was measured.
func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}

// left lists the files that the service has left in its temporary folder.
func (v *victim) left() []string {
	v.Helper()
	entries, err := os.ReadDir(v.temporary())
	if err != nil {
		v.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
