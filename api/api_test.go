package api_test

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/api"
	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestAPI runs the tests that only read, on one service over the published history for each database.
func TestAPI(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		served := serveHistory(t, s)
		for _, tests := range []map[string]func(*testing.T, server){
			memoTests, baselineTests, resultsTests, referenceTests, queryTests, failureTests, httpTests, docsTests, goldenTests, distributionTests,
		} {
			for name, test := range tests {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					test(t, served)
				})
			}
		}
	})
}

// server is a service under test. Every answer that its clients read is held against openapi.yaml.
type server struct {
	*client.Client
	url  string
	http *http.Client
}

var options = api.Options{
	CORSOrigins: []string{"*"}, RequestTimeout: 30 * time.Second, CacheBytes: 1 << 24, Log: slog.New(slog.DiscardHandler),
}

// openStore opens and migrates a database for what is no test of both.
func openStore(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // some tests close it themselves
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// serveHistory serves the published history from a store until the test ends.
func serveHistory(t testing.TB, s *store.Store) server {
	t.Helper()
	return serve(t, historyHandler(t, s))
}

func historyHandler(t testing.TB, s *store.Store) http.Handler {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := report.LoadHistory(ctx, s, cat); err != nil {
		t.Fatal(err)
	}
	current, err := report.NewCurrent(ctx, s, cat)
	if err != nil {
		t.Fatal(err)
	}
	handler, err := api.New(s, current, options)
	if err != nil {
		t.Fatal(err)
	}
	following, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var follower sync.WaitGroup
	follower.Go(func() { current.Follow(following, 100*time.Millisecond, options.Log) })
	t.Cleanup(func() {
		stop()
		follower.Wait()
	})
	return handler
}

func serve(t testing.TB, handler http.Handler) server {
	t.Helper()
	ts := httptest.NewServer(handler)
	t.Cleanup(ts.Close)
	transport := checked{readSpecification(t), &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16}}
	s := server{url: ts.URL, http: &http.Client{
		Transport: transport, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	var err error
	if s.Client, err = client.New(ts.URL, client.WithHTTPClient(s.http)); err != nil {
		t.Fatal(err)
	}
	return s
}

// answer is what a raw request got.
type answer struct {
	status int
	header http.Header
	body   string
}

// get sends a raw GET, with headers given as "Name: value".
func (s server) get(t testing.TB, address string, headers ...string) answer {
	t.Helper()
	return s.send(t, http.MethodGet, address, "", headers...)
}

func (s server) send(t testing.TB, method, address, body string, headers ...string) answer {
	t.Helper()
	a, err := s.try(t.Context(), method, address, body, headers...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (s server) try(ctx context.Context, method, address, body string, headers ...string) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, s.url+address, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Add(name, value)
	}
	response, err := s.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(data)}, err
}

// must gives the value of a call that cannot fail.
func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// problemOf gives the failure that a call must have had.
func problemOf[T any](t testing.TB, value T, err error) *client.Error {
	t.Helper()
	var failure *client.Error
	if !errors.As(err, &failure) {
		t.Fatalf("got %+v and error %v, want a problem", value, err)
	}
	return failure
}
