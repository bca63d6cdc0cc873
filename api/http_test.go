package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

var httpTests = map[string]func(*testing.T, server){
	"etag":             testETag,
	"etag differs":     testETagDiffers,
	"gzip":             testGzip,
	"not modified":     testNotModified,
	"head":             testHead,
	"cors":             testCORS,
	"language":         testLanguage,
	"language header":  testLanguageHeader,
	"client loses not": testClientLosesNothing,
}

const scorecardAddress = "/v1/rounds/2023/municipalities/0707/scorecard"

// withoutInstants is every address whose answer is the same on every machine and may be kept.
func withoutInstants() []string {
	return slices.DeleteFunc(slices.Clone(everyAddress), func(a string) bool { return a == "/healthz" || a == "/readyz" })
}

func testETag(t *testing.T, s server) {
	for _, address := range withoutInstants() {
		a := s.get(t, address)
		tag := a.header.Get("ETag")
		if !strings.HasPrefix(tag, `"`) || !strings.HasSuffix(tag, `"`) || len(tag) < 18 {
			t.Errorf("%s: ETag %s, want a strong one", address, tag)
		}
		if again := s.get(t, address); again.header.Get("ETag") != tag || again.body != a.body {
			t.Errorf("%s: the second answer differs", address)
		}
		if a.header.Get("Cache-Control") != "public, no-cache" || a.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", address, a.header)
		}
		vary := strings.Join(a.header.Values("Vary"), ", ")
		if !strings.Contains(vary, "Accept-Encoding") || !strings.Contains(vary, "Accept-Language") {
			t.Errorf("%s: Vary: %s", address, vary)
		}
	}
}

// testETagDiffers: no two answers that differ have one tag.
func testETagDiffers(t *testing.T, s server) {
	bodies := map[string]string{}
	for _, address := range []string{
		scorecardAddress, scorecardAddress + "?lang=en", scorecardAddress + "?baseline=none", "/v1/rounds/2023/scorecard",
		"/v1/rounds/2023/municipalities/0183/scorecard", "/v1/themes", "/v1/themes?lang=en", "/openapi.yaml", "/openapi.json",
	} {
		for _, encoding := range []string{"identity", "gzip"} {
			a := s.get(t, address, "Accept-Encoding: "+encoding)
			tag := a.header.Get("ETag")
			if other, there := bodies[tag]; there && other != a.body {
				t.Errorf("%s %s: its tag %s belongs to another answer", address, encoding, tag)
			}
			bodies[tag] = a.body
		}
	}
}

func testGzip(t *testing.T, s server) {
	plain := s.get(t, scorecardAddress)
	for accepted, zipped := range map[string]bool{
		"gzip": true, "deflate, gzip;q=0.5": true, "*": true, "GZIP": true, "br;q=1, *;q=0.1": true,
		"identity": false, "gzip;q=0": false, "gzip; q=0.0": false, "*;q=0": false, "gzip;q=0, *": false, "br": false,
	} {
		a := s.get(t, scorecardAddress, "Accept-Encoding: "+accepted)
		if got := a.header.Get("Content-Encoding") == "gzip"; got != zipped {
			t.Errorf("Accept-Encoding: %s: gzip %t, want %t", accepted, got, zipped)
			continue
		}
		body, wantTag := []byte(a.body), plain.header.Get("ETag")
		if zipped {
			var err error
			if body, err = unzip(body); err != nil {
				t.Fatal(err)
			}
			wantTag = strings.TrimSuffix(wantTag, `"`) + `-gzip"`
		}
		if string(body) != plain.body || a.header.Get("ETag") != wantTag {
			t.Errorf("Accept-Encoding: %s: other content, or ETag %s, want %s", accepted, a.header.Get("ETag"), wantTag)
		}
	}
	if a := s.get(t, "/v1/releases/latest", "Accept-Encoding: gzip"); a.header.Get("Content-Encoding") != "" {
		t.Error("a short answer is zipped, which makes it longer")
	}
}

func testNotModified(t *testing.T, s server) {
	for _, encoding := range []string{"identity", "gzip"} {
		header := "Accept-Encoding: " + encoding
		tag := s.get(t, scorecardAddress, header).header.Get("ETag")
		for _, match := range []string{tag, "W/" + tag, `"other", ` + tag, `W/"other",` + tag, "*"} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				a := s.send(t, method, scorecardAddress, "", header, "If-None-Match: "+match)
				if a.status != http.StatusNotModified || a.body != "" || a.header.Get("ETag") != tag || a.header.Get("Content-Encoding") != "" {
					t.Errorf("%s %s If-None-Match: %s: %d with %d bytes, ETag %s", method, encoding, match, a.status, len(a.body), a.header.Get("ETag"))
				}
				if a.header.Get("Cache-Control") == "" || a.header.Get("Vary") == "" {
					t.Errorf("304 without %v", a.header)
				}
			}
		}
		if a := s.get(t, scorecardAddress, header, `If-None-Match: "other"`); a.status != http.StatusOK {
			t.Errorf("another tag: %d", a.status)
		}
	}
	zipped := s.get(t, scorecardAddress, "Accept-Encoding: gzip").header.Get("ETag")
	if a := s.get(t, scorecardAddress, "If-None-Match: "+zipped); a.status != http.StatusOK {
		t.Errorf("the tag of the other encoding: %d", a.status)
	}
	if a := s.get(t, scorecardAddress, `If-None-Match: "a"`, "If-None-Match: "+s.get(t, scorecardAddress).header.Get("ETag")); a.status != http.StatusNotModified {
		t.Errorf("the tag in a second header: %d", a.status)
	}
}

func testHead(t *testing.T, s server) {
	for _, address := range append(slices.Clone(everyAddress), "/docs/", "/docs/swagger-initializer.js") {
		get, head := s.get(t, address), s.send(t, http.MethodHead, address, "")
		ignored := cmpopts.IgnoreMapEntries(func(name string, _ []string) bool { return name == "Date" })
		if diff := cmp.Diff(get.header, head.header, ignored); diff != "" || head.status != get.status || head.body != "" {
			t.Errorf("%s: GET %d, HEAD %d with %d bytes:\n%s", address, get.status, head.status, len(head.body), diff)
		}
	}
}

func testCORS(t *testing.T, s server) {
	const origin = "Origin: https://dashboard.example.dk"
	a := s.get(t, scorecardAddress, origin)
	if a.header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(a.header.Get("Access-Control-Expose-Headers"), "ETag") {
		t.Errorf("%v", a.header)
	}
	preflight := s.send(t, http.MethodOptions, scorecardAddress, "", origin,
		"Access-Control-Request-Method: GET", "Access-Control-Request-Headers: if-none-match")
	h := preflight.header
	if preflight.status != http.StatusNoContent || h.Get("Access-Control-Allow-Origin") != "*" ||
		!strings.Contains(h.Get("Access-Control-Allow-Methods"), "GET") || !strings.Contains(strings.ToLower(h.Get("Access-Control-Allow-Headers")), "if-none-match") {
		t.Errorf("preflight: %d %v", preflight.status, h)
	}
	if h.Get("Access-Control-Allow-Credentials") != "" { // a page must have a key itself to be more than the public
		t.Errorf("preflight lets a browser send what its user is known by: %v", h)
	}
}

// ignoreTexts leaves out what people read: only that may depend on the language.
var ignoreTexts = cmp.Options{
	cmpopts.IgnoreFields(barometer.Result{}, "AreaName", "ThemeName", "Question"),
	cmpopts.IgnoreFields(barometer.Notice{}, "Text"),
	cmpopts.IgnoreFields(barometer.Change{}, "Sentence"),
	cmpopts.IgnoreFields(barometer.Comparability{}, "Note"),
	cmpopts.IgnoreFields(barometer.ScorecardTheme{}, "Name"),
	cmpopts.IgnoreFields(barometer.Scorecard{}, "AreaName"),
}

func testLanguage(t *testing.T, s server) {
	english := client.ScorecardOptions{Lang: barometer.English}
	for _, municipality := range []string{norddjurs, ishoej, "0101"} {
		da := scorecard(t, s, 2023, municipality, "")
		en := must(s.Scorecard(t.Context(), 2023, municipality, english))(t)
		if diff := cmp.Diff(da, en, ignoreTexts); diff != "" {
			t.Errorf("figures depend on the language:\n%s", diff)
		}
		danish, foreign := everyResult(da), everyResult(en)
		for i := range danish {
			d, e := danish[i], foreign[i]
			if d.ThemeName == e.ThemeName || d.Question != nil && *d.Question == *e.Question || d.Notices[0].Text == e.Notices[0].Text {
				t.Errorf("%s: a label is the same in both languages: %q, %q", d.Key, d.ThemeName, e.ThemeName)
			}
		}
	}
	da := countryScorecard(t, s, 2023, "")
	en := must(s.CountryScorecard(t.Context(), 2023, english))(t)
	note := requirementsOf(en)[fourMonths].Change.Comparability.Note
	if da.AreaName != "Hele landet" || en.AreaName != "Denmark" || *note != "The party-hearing meeting now counts inside the four months." {
		t.Errorf("%s, %s, %s", da.AreaName, en.AreaName, *note)
	}
	denominator := s.get(t, "/v1/rounds/2023/municipalities/0183/requirements/"+fourMonths+"/denominator?lang=en").body
	if !strings.Contains(denominator, "15 cases = 6 assessed + 9 ") {
		t.Error(denominator)
	}
}

func testLanguageHeader(t *testing.T, s server) {
	for _, tc := range []struct{ query, accepted, want string }{
		{"", "", "da"},
		{"", "en", "en"},
		{"", "en-GB,en;q=0.9", "en"},
		{"", "da, en;q=0.8", "da"},
		{"", "en;q=0.5, da;q=0.4", "en"},
		{"", "de", "da"},
		{"", "de, en;q=0.1", "en"},
		{"", "*", "da"},
		{"", "!!", "da"},
		{"", "nb", "da"},
		{"?lang=da", "en", "da"},
		{"?lang=en", "da", "en"},
	} {
		a := s.get(t, "/v1/themes"+tc.query, "Accept-Language: "+tc.accepted)
		if got := a.header.Get("Content-Language"); got != tc.want {
			t.Errorf("%q with Accept-Language: %s: %s, want %s", tc.query, tc.accepted, got, tc.want)
		}
		if isDanish := strings.Contains(a.body, "Faglig udredning"); isDanish != (tc.want == "da") {
			t.Errorf("%q with Accept-Language: %s: %s", tc.query, tc.accepted, a.body)
		}
	}
	c := must(client.New(s.url, client.WithHTTPClient(s.http), client.WithLanguage(barometer.English)))(t)
	if theme := must(c.Themes(t.Context(), client.ListOptions{}))(t).Items[0]; theme.Name != "Choice of relevant measure" {
		t.Errorf("the client's language: %+v", theme)
	}
}

// testClientLosesNothing: what the client reads is all that was sent.
func testClientLosesNothing(t *testing.T, s server) {
	check := func(address string, value any, err error) {
		t.Helper()
		data, encodeErr := json.Marshal(value)
		if err != nil || encodeErr != nil {
			t.Fatal(err, encodeErr)
		}
		if diff := cmp.Diff(s.get(t, address).body, string(data)); diff != "" {
			t.Errorf("%s:\n%s", address, diff)
		}
	}
	ctx := t.Context()
	card, err := s.Scorecard(ctx, 2023, ishoej, client.ScorecardOptions{})
	check("/v1/rounds/2023/municipalities/0183/scorecard", card, err)
	period, err := s.Results(ctx, client.ResultsOptions{Rounds: []barometer.Year{2020, 2021, 2022}})
	check("/v1/results?rounds=2020,2021,2022", period, err)
	denominator, err := s.Denominator(ctx, 2023, ishoej, fourMonths)
	check("/v1/rounds/2023/municipalities/0183/requirements/"+fourMonths+"/denominator", denominator, err)
	municipality, err := s.Municipality(ctx, norddjurs)
	check("/v1/municipalities/0707", municipality, err)
	requirement, err := s.Requirement(ctx, fourMonths)
	check("/v1/requirements/"+fourMonths, requirement, err)
	release, err := s.LatestRelease(ctx)
	check("/v1/releases/latest", release, err)
	reasons, err := s.CodeList(ctx, "reasons", client.ListOptions{})
	check("/v1/codelists/reasons", reasons, err)
}
