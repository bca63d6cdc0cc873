package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"
	"gopkg.in/yaml.v3"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// withRoutes is the interface without data, over a store that is never asked, with routes of the test's own.
func withRoutes(t *testing.T, o Options, own map[string]echo.HandlerFunc) *echo.Echo {
	t.Helper()
	o.CacheBytes = 1 << 20
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.RequestTimeout == 0 {
		o.RequestTimeout = time.Minute
	}
	made, err := New(&store.Store{}, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	e, ok := made.(*echo.Echo)
	if !ok {
		t.Fatalf("the handler is a %T", made)
	}
	for path, serve := range own {
		e.GET(path, serve)
	}
	return e
}

// TestRoutesAreDocumented: every route is in openapi.yaml, and the reverse. HEAD goes with GET; Swagger UI's files are
// no operations.
func TestRoutesAreDocumented(t *testing.T) {
	t.Parallel()
	var document struct {
		Paths map[string]map[string]any `yaml:"paths"`
	}
	if err := yaml.Unmarshal(openapiYAML, &document); err != nil {
		t.Fatal(err)
	}
	var documented, served []string
	for path, methods := range document.Paths {
		for method := range methods {
			documented = append(documented, strings.ToUpper(method)+" "+echoPath(path))
		}
	}
	heads := map[string]bool{}
	for _, r := range withRoutes(t, Options{}, nil).Routes() {
		switch {
		case r.Path == "/" || strings.HasPrefix(r.Path, "/docs"):
		case r.Method == http.MethodHead:
			heads["GET "+r.Path] = true
		default:
			served = append(served, r.Method+" "+r.Path)
		}
	}
	slices.Sort(documented)
	slices.Sort(served)
	if diff := cmp.Diff(documented, served); diff != "" {
		t.Errorf("openapi.yaml (-) and the routes (+):\n%s", diff)
	}
	for _, route := range served {
		if strings.HasPrefix(route, "GET ") && !heads[route] {
			t.Errorf("%s has no HEAD", route)
		}
	}
}

// failing sends a request through the real middleware to a handler that fails in its own way.
func failing(t *testing.T, o Options, serve echo.HandlerFunc) (*httptest.ResponseRecorder, barometer.Problem) {
	t.Helper()
	e := withRoutes(t, o, map[string]echo.HandlerFunc{"/failing": serve})
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/failing", nil))
	var problem barometer.Problem
	if err := json.Unmarshal(recorder.Body.Bytes(), &problem); err != nil || recorder.Header().Get("Content-Type") != "application/problem+json" {
		t.Fatalf("no problem: %d %s", recorder.Code, recorder.Body)
	}
	return recorder, problem
}

var errSecret = errors.New("dial tcp 10.0.0.7: SELECT * FROM case_outcomes")

// TestFailuresTellNothing: whatever goes wrong inside becomes a problem with the right status that says nothing of it;
// the log has it, under the id in the answer.
func TestFailuresTellNothing(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		serve  echo.HandlerFunc
		status int
		code   string
	}{
		"panic":             {func(echo.Context) error { panic(errSecret) }, http.StatusInternalServerError, "internal"},
		"panic with a text": {func(echo.Context) error { panic(errSecret.Error()) }, http.StatusInternalServerError, "internal"},
		"any error":         {func(echo.Context) error { return errSecret }, http.StatusInternalServerError, "internal"},
		"own error": {func(echo.Context) error {
			return &barometer.Error{Kind: barometer.Internal, Message: errSecret.Error(), Err: errSecret}
		}, http.StatusInternalServerError, "internal"},
		"database away": {func(echo.Context) error {
			return &barometer.Error{Kind: barometer.Unavailable, Message: "Try again.", Err: errSecret}
		}, http.StatusServiceUnavailable, "unavailable"},
		"timeout": {func(c echo.Context) error {
			<-c.Request().Context().Done()
			return errors.Join(errSecret, c.Request().Context().Err())
		}, http.StatusServiceUnavailable, "unavailable"},
		"error of Echo": {func(echo.Context) error {
			return errors.Join(echo.NewHTTPError(http.StatusNotFound, errSecret.Error()))
		}, http.StatusNotFound, "not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			o := Options{RequestTimeout: 50 * time.Millisecond, Log: slog.New(slog.NewJSONHandler(&log, nil))}
			recorder, problem := failing(t, o, tc.serve)
			if recorder.Code != tc.status || problem.Status != tc.status || problem.Type != "/problems/"+tc.code {
				t.Errorf("%d %+v, want %d %s", recorder.Code, problem, tc.status, tc.code)
			}
			if strings.Contains(recorder.Body.String(), "SELECT") || strings.Contains(recorder.Body.String(), "10.0.0.7") {
				t.Errorf("leaks: %s", recorder.Body)
			}
			if hasWait := recorder.Header().Get("Retry-After") != ""; hasWait != (tc.status == http.StatusServiceUnavailable) {
				t.Errorf("Retry-After: %q", recorder.Header().Get("Retry-After"))
			}
			id := strings.TrimPrefix(problem.Instance, "urn:uuid:")
			if logged := strings.Contains(log.String(), id) && strings.Contains(log.String(), "SELECT"); logged != (tc.status >= http.StatusInternalServerError) {
				t.Errorf("log of %s: %s", id, log.String())
			}
		})
	}
}

// TestFailureAfterTheAnswer: what fails when the answer is under way changes nothing of it.
func TestFailureAfterTheAnswer(t *testing.T) {
	t.Parallel()
	e := withRoutes(t, Options{}, map[string]echo.HandlerFunc{"/failing": func(c echo.Context) error {
		return errors.Join(c.String(http.StatusOK, "answered"), errSecret)
	}})
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/failing", nil))
	if recorder.Code != http.StatusOK || recorder.Body.String() != "answered" {
		t.Errorf("%d %s", recorder.Code, recorder.Body)
	}
}

// TestCallerGone: a caller that hangs up is no fault of the service.
func TestCallerGone(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	e := withRoutes(t, Options{}, map[string]echo.HandlerFunc{"/failing": func(c echo.Context) error {
		cancel()
		<-c.Request().Context().Done()
		return &barometer.Error{Kind: barometer.Unavailable, Message: "Try again.", Err: c.Request().Context().Err()}
	}})
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, httptest.NewRequestWithContext(ctx, http.MethodGet, "/failing", nil))
	if recorder.Code == http.StatusInternalServerError {
		t.Errorf("%d %s", recorder.Code, recorder.Body)
	}
}

// TestCORSSettings: only the origins of the settings may read from a browser; none means none.
func TestCORSSettings(t *testing.T) {
	t.Parallel()
	const ours, other = "https://dashboard.example.dk", "https://elsewhere.example"
	for name, tc := range map[string]struct {
		allowed      []string
		origin, want string
	}{
		"anybody":    {[]string{"*"}, other, "*"},
		"ours":       {[]string{ours}, ours, ours},
		"not others": {[]string{ours}, other, ""},
		"nobody":     {nil, other, ""},
		"empty":      {[]string{}, other, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			recorder := httptest.NewRecorder()
			request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/openapi.yaml", nil)
			request.Header.Set("Origin", tc.origin)
			withRoutes(t, Options{CORSOrigins: tc.allowed}, nil).ServeHTTP(recorder, request)
			if got := recorder.Header().Get("Access-Control-Allow-Origin"); got != tc.want {
				t.Errorf("Access-Control-Allow-Origin: %q, want %q", got, tc.want)
			}
		})
	}
}

// TestProblemTypesAreWhole: each kind of failure has a status and a page of its own.
func TestProblemTypesAreWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range append(allProblemTypes(), methodNotAllowed) {
		if p.status < http.StatusBadRequest || p.code == "" || p.title == "" || p.text == "" || seen[p.code] {
			t.Errorf("%+v", p)
		}
		seen[p.code] = true
	}
	if len(seen) != len(problemTypes)+1 {
		t.Errorf("%d types, %d in the table", len(seen), len(problemTypes))
	}
}
