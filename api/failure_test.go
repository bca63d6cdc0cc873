package api_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
)

var failureTests = map[string]func(*testing.T, server){
	"path not found":       testPathNotFound,
	"hostile paths":        testHostilePaths,
	"method not allowed":   testMethodNotAllowed,
	"body refused":         testBodyRefused,
	"problem types":        testProblemTypes,
	"problems differ":      testInstancesDiffer,
	"failure is not kept":  testFailureHeaders,
	"unreadable request":   testUnreadableRequest,
	"many callers at once": testManyAtOnce,
}

// everyAddress is one address of each operation that answers with JSON.
var everyAddress = []string{
	"/v1/regions", "/v1/municipalities", "/v1/municipalities/0707", "/v1/themes", "/v1/requirements", "/v1/requirements/" + fourMonths,
	"/v1/codelists/statuses", "/v1/sources", "/v1/sources/norddjurs-memo", "/v1/comparability", "/v1/comparability/break.action_plan_made.2020",
	"/v1/rounds", "/v1/rounds/2023", "/v1/rounds/2023/requirements", "/v1/rounds/2023/participations", "/v1/rounds/2023/participations/0707",
	"/v1/rounds/2023/scorecard", "/v1/rounds/2023/municipalities/0707/scorecard",
	"/v1/rounds/2023/municipalities/0183/requirements/" + fourMonths + "/denominator",
	"/v1/rounds/2023/requirements/" + fourMonths + "/distribution", "/v1/method", "/v1/municipalities/0707/trend", "/v1/trend",
	"/v1/results", "/v1/releases", "/v1/releases/latest", "/problems/not_found", "/healthz", "/readyz", "/openapi.yaml", "/openapi.json",
}

func testPathNotFound(t *testing.T, s server) {
	for address, says := range map[string]string{
		"/v1":                            "openapi.yaml",
		"/v2/rounds":                     "openapi.yaml",
		"/v1/rounds/":                    "openapi.yaml",
		"/V1/rounds":                     "openapi.yaml",
		"/v1//rounds":                    "openapi.yaml",
		"/v1/rounds/2018":                "2019, 2020, 2021, 2022, 2023, 2024",
		"/v1/rounds/9026":                "2019, 2020, 2021, 2022, 2023, 2024",
		"/v1/rounds/23":                  "four digits",
		"/v1/rounds/02023":               "four digits",
		"/v1/rounds/+2023":               "four digits",
		"/v1/rounds/2023.0":              "four digits",
		"/v1/rounds/٢٠٢٣":                "four digits",
		"/v1/municipalities/0708":        "0708",
		"/v1/municipalities/707":         "four-digit",
		"/v1/municipalities/0411":        "0411",
		"/v1/municipalities/dk":          "four-digit",
		"/v1/requirements/four_months":   "/v1/requirements",
		"/v1/codelists/colours":          "outcomes",
		"/v1/sources/nobody":             "/v1/sources",
		"/v1/comparability/break.x.2023": "/v1/comparability",
		"/v1/releases/0":                 "1 to 6",
		"/v1/releases/7":                 "1 to 6",
		"/v1/releases/06":                "1 to 6",
		"/v1/releases/first":             "1 to 6",
		"/problems/teapot":               "not_found",
		"/docs/nothing.js":               "openapi.yaml",
		"/docs/../api.go":                "",
		"/v1/rounds/2023/municipalities/dk/scorecard":                                     "four-digit",
		"/v1/rounds/2023/municipalities/0411/scorecard":                                   "0411",
		"/v1/rounds/2023/municipalities/0183/requirements/nothing/denominator":            "/v1/requirements",
		"/v1/rounds/2023/requirements/nothing/distribution":                               "/v1/requirements",
		"/v1/rounds/2018/requirements/" + fourMonths + "/distribution":                    "2019",
		"/v1/rounds/2023/participations/0101":                                             "0101",
		"/v1/rounds/2018/municipalities/0183/requirements/" + fourMonths + "/denominator": "2019",
	} {
		a := s.get(t, address)
		if p := a.problem(t); a.status != http.StatusNotFound || p.Type != "/problems/not_found" || !strings.Contains(p.Detail, says) {
			t.Errorf("%s: %d %+v, want 404 naming %q", address, a.status, p, says)
		}
	}
}

func testHostilePaths(t *testing.T, s server) {
	for _, part := range []string{
		"%00", "%ff%fe", "%2e%2e", "%2F", "%252F", "a%0d%0aSet-Cookie:x", "%F0%9F%98%80", "'%20OR%201=1--", "<script>", "{round}", "*", ":round",
		strings.Repeat("9", 8000), strings.Repeat("%C3%A6", 2000),
	} {
		for _, address := range []string{
			"/v1/rounds/X", "/v1/rounds/2023/municipalities/X/scorecard", "/v1/municipalities/X", "/v1/requirements/X", "/v1/codelists/X",
			"/v1/sources/X", "/v1/comparability/X", "/v1/releases/X", "/problems/X", "/docs/X", "/X",
			"/v1/rounds/2023/municipalities/0183/requirements/X/denominator", "/v1/rounds/2023/participations/X",
			"/v1/rounds/2023/requirements/X/distribution", "/v1/rounds/X/requirements/" + fourMonths + "/distribution", "/v1/municipalities/X/trend",
		} {
			a := s.get(t, strings.Replace(address, "X", part, 1))
			if a.status != http.StatusNotFound {
				t.Errorf("%s with %.40s: %d %.200s", address, part, a.status, a.body)
			}
			if p := a.problem(t); strings.Contains(p.Detail, "<script>") || strings.ContainsAny(p.Detail, "\x00\r\n") {
				t.Errorf("%s with %.40s: repeats it: %q", address, part, p.Detail)
			}
		}
	}
}

func testMethodNotAllowed(t *testing.T, s server) {
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace, "BREW"} {
		for _, address := range everyAddress {
			if s.takes(t, method, address) {
				continue
			}
			a := s.send(t, method, address, "")
			if p := a.problem(t); a.status != http.StatusMethodNotAllowed || p.Type != "/problems/method_not_allowed" {
				t.Errorf("%s %s: %d %+v", method, address, a.status, p)
			}
			if allow := a.header.Get("Allow"); !strings.Contains(allow, http.MethodGet) || !strings.Contains(allow, http.MethodHead) || strings.Contains(allow, method) {
				t.Errorf("%s %s: Allow: %s", method, address, allow)
			}
		}
	}
}

func testBodyRefused(t *testing.T, s server) {
	for name, tc := range map[string]struct {
		size, status int
		kind         string
	}{
		"JSON":  {2, http.StatusUnsupportedMediaType, "application/json"},
		"text":  {10, http.StatusUnsupportedMediaType, "text/plain"},
		"1 MiB": {1 << 20, http.StatusUnsupportedMediaType, "application/json"},
		"more":  {1<<20 + 1, http.StatusRequestEntityTooLarge, "application/json"},
	} {
		a := s.send(t, http.MethodGet, "/v1/results", strings.Repeat("x", tc.size), "Content-Type: "+tc.kind)
		if a.problem(t); a.status != tc.status {
			t.Errorf("%s: %d, want %d", name, a.status, tc.status)
		}
	}
}

// testProblemTypes: the type of every problem that the service gives leads to its explanation, in both languages alike.
func testProblemTypes(t *testing.T, s server) {
	for _, a := range []answer{
		s.get(t, "/v1/nothing"), s.get(t, "/v1/results?x=1"), s.send(t, http.MethodPost, "/v1/results", ""),
		s.send(t, http.MethodGet, "/v1/results", "{}"), s.send(t, http.MethodGet, "/v1/results", strings.Repeat("x", 1<<20+1)),
	} {
		p := a.problem(t)
		explained := must(s.ProblemType(t.Context(), strings.TrimPrefix(p.Type, "/problems/")))(t)
		if explained.Type != p.Type || explained.Status != a.status || explained.Title != p.Title || explained.Description == "" {
			t.Errorf("%+v is explained as %+v", p, explained)
		}
	}
}

func testInstancesDiffer(t *testing.T, s server) {
	first, second := s.get(t, "/v1/nothing").problem(t), s.get(t, "/v1/nothing").problem(t)
	if first.Instance == second.Instance {
		t.Errorf("two answers have one instance %s", first.Instance)
	}
	first.Instance, second.Instance = "", ""
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error(diff)
	}
}

func testFailureHeaders(t *testing.T, s server) {
	for _, address := range []string{"/v1/nothing", "/v1/results?x=1", "/v1/rounds/2018"} {
		h := s.get(t, address, "Origin: https://dashboard.example.dk").header
		if h.Get("Cache-Control") != "no-store" || h.Get("ETag") != "" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %v", address, h)
		}
		if a := s.send(t, http.MethodHead, address, ""); a.status < 400 || a.body != "" {
			t.Errorf("HEAD %s: %d with %d bytes", address, a.status, len(a.body))
		}
	}
}

// testUnreadableRequest sends what no HTTP library would: the connection must answer, and never with a fault of its own.
func testUnreadableRequest(t *testing.T, s server) {
	for _, request := range []string{
		"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "GET v1/rounds HTTP/1.1\r\nHost: x\r\n\r\n", "GET /v1/rounds\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET /v1/rounds/\xff HTTP/1.1\r\nHost: x\r\n\r\n", "GET /v1/rounds HTTP/1.1\r\n\r\n", "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "GET http://other/v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_ = connection.SetDeadline(time.Now().Add(10 * time.Second))
		if _, err := connection.Write([]byte(request)); err != nil {
			t.Error(err)
		}
		status := make([]byte, len("HTTP/1.1 404"))
		if _, err := connection.Read(status); err != nil || status[len("HTTP/1.1 ")] == '5' {
			t.Errorf("%q: %q %v", request, status, err)
		}
		if err := connection.Close(); err != nil {
			t.Error(err)
		}
	}
}

// testManyAtOnce: an answer that many ask for at once, before it is made, is the same for all of them, although some
// give up.
func testManyAtOnce(t *testing.T, s server) {
	const callers = 40
	bodies := make(chan string, callers)
	for i := range callers {
		go func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%4 == 0 {
				time.AfterFunc(time.Duration(i)*100*time.Microsecond, cancel)
			}
			a, err := s.try(ctx, http.MethodGet, "/v1/results?limit=613", "")
			switch {
			case err != nil && ctx.Err() == nil:
				bodies <- err.Error()
			case err != nil:
				bodies <- ""
			default:
				bodies <- a.body
			}
		}()
	}
	want := s.get(t, "/v1/results?limit=613").body
	for range callers {
		if got := <-bodies; got != "" && got != want {
			t.Errorf("another answer: %.200s", got)
		}
	}
}

// TestWithoutDatabase: while the database is away the service is not ready, and goes on serving what is published.
func TestWithoutDatabase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		opened := openStore(t, o)
		s := serveHistory(t, opened)
		if err := opened.Close(); err != nil {
			t.Fatal(err)
		}
		health, err := s.Ready(t.Context())
		failure := problemOf(t, health, err)
		if failure.Status != http.StatusServiceUnavailable || failure.RetryAfter == 0 || failure.Problem.Type != "/problems/unavailable" {
			t.Errorf("not ready: %+v", failure)
		}
		if strings.Contains(failure.Error(), "sql") {
			t.Errorf("leaks what happened inside: %v", failure)
		}
		if _, err := s.Health(t.Context()); err != nil {
			t.Errorf("alive: %v", err)
		}
		if card := scorecard(t, s, 2023, norddjurs, ""); card.Release != 6 {
			t.Errorf("release %d", card.Release)
		}
	})
}
