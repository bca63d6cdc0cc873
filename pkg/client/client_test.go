package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// clientOf makes a client of a server that a handler stands for.
func clientOf(t *testing.T, handler http.HandlerFunc, options ...client.Option) *client.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c, err := client.New(server.URL, options...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// answering gives a handler that always answers alike.
func answering(status int, contentType, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // a caller that hangs up is part of a test
	}
}

func TestNewRefusesOtherAddresses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "localhost:8080", "ftp://example.dk", "http://", "http://%zz", "/v1"} {
		if c, err := client.New(address); err == nil {
			t.Errorf("%q: %+v", address, c)
		}
	}
}

// TestRequests: each operation asks for the address that openapi.yaml has for it, with its options in the query.
func TestRequests(t *testing.T) {
	t.Parallel()
	list := client.ListOptions{Limit: 7, Cursor: "a b", Lang: barometer.English}
	for want, call := range map[string]func(context.Context, *client.Client) error{
		"/v1/rounds/2023/municipalities/0707/scorecard": func(ctx context.Context, c *client.Client) error {
			_, err := c.Scorecard(ctx, 2023, "0707", client.ScorecardOptions{})
			return err
		},
		"/v1/rounds/2023/municipalities/0707/scorecard?baseline=none&lang=en": func(ctx context.Context, c *client.Client) error {
			_, err := c.Scorecard(ctx, 2023, "0707", client.ScorecardOptions{Baseline: "none", Lang: barometer.English})
			return err
		},
		"/v1/rounds/2023/scorecard": func(ctx context.Context, c *client.Client) error {
			_, err := c.CountryScorecard(ctx, 2023, client.ScorecardOptions{})
			return err
		},
		"/v1/rounds/2023/municipalities/0183/requirements/x/denominator": func(ctx context.Context, c *client.Client) error {
			_, err := c.Denominator(ctx, 2023, "0183", "x")
			return err
		},
		"/v1/results": func(ctx context.Context, c *client.Client) error {
			_, err := c.Results(ctx, client.ResultsOptions{})
			return err
		},
		"/v1/results?area=0707%2Cdk&area_type=country&cursor=a+b&lang=en&level=theme&limit=7&method=pooled&origin=real&region=r&requirement=x%2Cy&round=2020%2C2023&rounds=2021&status=measured%2Cno_figure&theme=t": func(ctx context.Context, c *client.Client) error {
			_, err := c.Results(ctx, client.ResultsOptions{
				ListOptions: list, Round: []barometer.Year{2020, 2023}, Rounds: []barometer.Year{2021}, AreaType: barometer.AreaCountry,
				Area: []string{"0707", barometer.Country}, Region: []string{"r"}, Theme: []string{"t"}, Requirement: []string{"x", "y"},
				Level: barometer.LevelTheme, Method: barometer.Pooled, Origin: barometer.OriginReal,
				Status: []barometer.Status{barometer.Measured, barometer.NoFigure},
			})
			return err
		},
		"/v1/results?allow_break=true&breakdown=case_type&case_type=placement%2Cfamily_treatment&percent_below=50&verdict=indicated%2Cno_basis&weighting=equal": func(ctx context.Context, c *client.Client) error {
			_, err := c.Results(ctx, client.ResultsOptions{
				AllowBreak: true, Breakdown: "case_type", CaseType: []barometer.CaseType{barometer.Placement, barometer.FamilyTreatment},
				PercentBelow: 50, Verdict: []barometer.Verdict{barometer.Indicated, barometer.NoBasis}, Weighting: barometer.WeightEqual,
			})
			return err
		},
		"/v1/rounds/2023/scorecard?breakdown=case_type&weighting=equal": func(ctx context.Context, c *client.Client) error {
			_, err := c.CountryScorecard(ctx, 2023, client.ScorecardOptions{Breakdown: "case_type", Weighting: barometer.WeightEqual})
			return err
		},
		"/v1/trend?weighting=equal": func(ctx context.Context, c *client.Client) error {
			_, err := c.CountryTrend(ctx, client.TrendOptions{Weighting: barometer.WeightEqual})
			return err
		},
		"/v1/rounds/2023/requirements/x/distribution?lang=en": func(ctx context.Context, c *client.Client) error {
			_, err := c.Distribution(ctx, 2023, "x", barometer.English)
			return err
		},
		"/v1/method": func(ctx context.Context, c *client.Client) error {
			_, err := c.Method(ctx, "")
			return err
		},
		"/v1/municipalities?region=a%2Cb": func(ctx context.Context, c *client.Client) error {
			_, err := c.Municipalities(ctx, client.MunicipalitiesOptions{Region: []string{"a", "b"}})
			return err
		},
		"/v1/municipalities/0707": func(ctx context.Context, c *client.Client) error {
			_, err := c.Municipality(ctx, "0707")
			return err
		},
		"/v1/sources/a%2Fb%20%3F": func(ctx context.Context, c *client.Client) error {
			_, err := c.Source(ctx, "a/b ?")
			return err
		},
		"/v1/rounds?cursor=a+b&lang=en&limit=7&origin=synthetic": func(ctx context.Context, c *client.Client) error {
			_, err := c.Rounds(ctx, client.RoundsOptions{ListOptions: list, Origin: barometer.OriginSynthetic})
			return err
		},
		"/v1/releases/6": func(ctx context.Context, c *client.Client) error {
			_, err := c.Release(ctx, 6)
			return err
		},
		"/v1/releases/latest": func(ctx context.Context, c *client.Client) error {
			_, err := c.LatestRelease(ctx)
			return err
		},
		"/readyz": func(ctx context.Context, c *client.Client) error {
			_, err := c.Ready(ctx)
			return err
		},
	} {
		var got string
		c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
			got = r.URL.RequestURI()
			answering(http.StatusOK, "application/json", "{}")(w, r)
		})
		if err := call(t.Context(), c); err != nil || got != want {
			t.Errorf("asked %s, want %s; %v", got, want, err)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	var got http.Header
	var path string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, path = r.Header, r.URL.Path
		answering(http.StatusOK, "application/json; charset=utf-8", `{"status":"ok","release":6}`)(w, r)
	}))
	t.Cleanup(server.Close)
	used := &http.Client{Timeout: time.Minute}
	c, err := client.New(server.URL+"/behind/a/proxy/", client.WithLanguage(barometer.English), client.WithUserAgent("dashboard/1"), client.WithHTTPClient(used))
	if err != nil {
		t.Fatal(err)
	}
	health, err := c.Health(t.Context())
	if err != nil || health != (barometer.Health{Status: "ok", Release: 6}) {
		t.Errorf("%+v %v", health, err)
	}
	if path != "/behind/a/proxy/healthz" || got.Get("Accept-Language") != "en" || got.Get("User-Agent") != "dashboard/1" {
		t.Errorf("%s %v", path, got)
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	const problem = `{"type":"/problems/malformed","title":"The request cannot be read","status":400,"detail":"Look.","instance":"urn:uuid:1",
		"errors":[{"parameter":"limit","code":"out_of_range","detail":"want a whole number from 1 to 1000"}]}`
	field := barometer.FieldError{Parameter: "limit", Code: "out_of_range", Detail: "want a whole number from 1 to 1000"}
	told := barometer.Problem{Type: "/problems/malformed", Title: "The request cannot be read", Status: 400, Detail: "Look.", Instance: "urn:uuid:1", Errors: []barometer.FieldError{field}}
	untold := func(status int) barometer.Problem {
		return barometer.Problem{Type: "about:blank", Title: http.StatusText(status), Status: status}
	}
	for name, tc := range map[string]struct {
		handler http.HandlerFunc
		want    client.Error
		text    string
	}{
		"problem": {
			answering(400, "application/problem+json", problem),
			client.Error{Status: 400, Problem: told},
			"400 The request cannot be read: Look.\n  parameter limit: want a whole number from 1 to 1000",
		},
		"page of a proxy":   {answering(502, "text/html", "<html>"), client.Error{Status: 502, Problem: untold(502)}, "502 Bad Gateway"},
		"problem cut off":   {answering(404, "application/problem+json", `{"type":`), client.Error{Status: 404, Problem: untold(404)}, "404 Not Found"},
		"nothing":           {answering(500, "", ""), client.Error{Status: 500, Problem: untold(500)}, "500 Internal Server Error"},
		"wait some seconds": {answering(503, "text/plain", "", "Retry-After: 7"), client.Error{Status: 503, Problem: untold(503), RetryAfter: 7 * time.Second}, "503 Service Unavailable"},
		"wait for the past": {answering(429, "", "", "Retry-After: Mon, 02 Jan 2006 15:04:05 GMT"), client.Error{Status: 429, Problem: untold(429)}, "429 Too Many Requests"},
		"wait nonsense":     {answering(503, "", "", "Retry-After: soon"), client.Error{Status: 503, Problem: untold(503)}, "503 Service Unavailable"},
		"wait negative":     {answering(503, "", "", "Retry-After: -5"), client.Error{Status: 503, Problem: untold(503)}, "503 Service Unavailable"},
		"no content":        {answering(204, "", ""), client.Error{Status: 204, Problem: untold(204)}, "204 No Content"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			value, err := clientOf(t, tc.handler).Themes(t.Context(), client.ListOptions{})
			var failure *client.Error
			if !errors.As(err, &failure) {
				t.Fatalf("%+v %v", value, err)
			}
			if diff := cmp.Diff(&tc.want, failure); diff != "" || failure.Error() != tc.text {
				t.Errorf("%s\n%q, want %q", diff, failure.Error(), tc.text)
			}
		})
	}
}

func TestRetryAfterDate(t *testing.T) {
	t.Parallel()
	at := time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
	_, err := clientOf(t, answering(503, "", "", "Retry-After: "+at)).Health(t.Context())
	var failure *client.Error
	if !errors.As(err, &failure) || failure.RetryAfter < 59*time.Minute || failure.RetryAfter > time.Hour {
		t.Errorf("%+v", failure)
	}
}

// TestNoAnswerOfTheService: what no Barometer service would answer is an error, and never an empty value.
func TestNoAnswerOfTheService(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"page":         answering(200, "text/html", "<html>welcome</html>"),
		"no type":      answering(200, "", "{}"),
		"cut off":      answering(200, "application/json", `{"items":[`),
		"other JSON":   answering(200, "application/json", `[1,2]`),
		"two answers":  answering(200, "application/json", `{"items":[]}{"items":[]}`),
		"fewer bytes":  answering(200, "application/json", `{}`, "Content-Length: 100"),
		"endless":      endless,
		"closed early": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			value, err := clientOf(t, handler).Themes(t.Context(), client.ListOptions{})
			var failure *client.Error
			if err == nil || errors.As(err, &failure) || value.Items != nil {
				t.Errorf("%+v %v", value, err)
			}
			if isEndless := name == "endless"; errors.Is(err, client.ErrTooLong) != isEndless {
				t.Errorf("%v", err)
			}
		})
	}
}

func endless(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	chunk := []byte(strings.Repeat(" ", 1<<20))
	for {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

func TestPartsOfAddresses(t *testing.T) {
	t.Parallel()
	c := clientOf(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("asked %s", r.URL) })
	for _, part := range []string{"", ".", ".."} {
		if source, err := c.Source(t.Context(), part); err == nil {
			t.Errorf("%q: %+v", part, source)
		}
	}
}

func TestContextEndsACall(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := clientOf(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	if health, err := c.Health(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%+v %v", health, err)
	}
}

// TestAllResults: the iterator goes through the pages one by one, only as far as it is asked to, and ends with an error.
func TestAllResults(t *testing.T) {
	t.Parallel()
	pages := map[string]string{
		"":  `{"items":[{"key":"1"},{"key":"2"}],"next_cursor":"b"}`,
		"b": `{"items":[],"next_cursor":"c"}`,
		"c": `{"items":[{"key":"3"}],"next_cursor":"d"}`,
		"e": `{"items":[{"key":"4"}],"next_cursor":null}`,
	}
	var asked []string
	c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
		cursor := r.URL.Query().Get("cursor")
		asked = append(asked, cursor)
		if page, ok := pages[cursor]; ok {
			answering(200, "application/json", page)(w, r)
			return
		}
		answering(410, "application/problem+json", `{"title":"Withdrawn"}`)(w, r)
	})
	read := func(from string, most int) (got []string) {
		asked = nil
		for r, err := range c.AllResults(t.Context(), client.ResultsOptions{ListOptions: client.ListOptions{Cursor: from}}) {
			text := r.Key
			if err != nil {
				text = err.Error()
			}
			if got = append(got, text); len(got) == most {
				break
			}
		}
		return got
	}
	if diff := cmp.Diff([]string{"1", "2", "3", "410 Withdrawn"}, read("", 9)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"1", "2"}, read("", 2)); diff != "" || len(asked) != 1 {
		t.Errorf("asked for %v %s", asked, diff)
	}
	if diff := cmp.Diff([]string{"4"}, read("e", 9)); diff != "" || len(asked) != 1 {
		t.Errorf("asked for %v %s", asked, diff)
	}
}

// TestNothingIsAskedTwice: the client makes one request for a call and follows no loop.
func TestNothingIsAskedTwice(t *testing.T) {
	t.Parallel()
	requests := 0
	c := clientOf(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		answering(503, "", "", "Retry-After: 0")(w, r)
	})
	if _, err := c.Health(t.Context()); err == nil || requests != 1 {
		t.Errorf("%d requests, %v", requests, err)
	}
	loop := clientOf(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/healthz", http.StatusFound) })
	var wrapped *url.Error
	if _, err := loop.Health(t.Context()); !errors.As(err, &wrapped) {
		t.Errorf("%v", fmt.Errorf("a loop: %w", err))
	}
}
