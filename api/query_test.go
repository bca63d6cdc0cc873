package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

var queryTests = map[string]func(*testing.T, server){
	"query refused":             testQueryRefused,
	"query refused everywhere":  testUnknownParameterEverywhere,
	"query that cannot be read": testUnreadableQuery,
	"query that is allowed":     testQueryAllowed,
	"query says what it takes":  testQuerySaysWhatItTakes,
}

// problem reads an answer that must be a problem.
func (a answer) problem(t testing.TB) barometer.Problem {
	t.Helper()
	var p barometer.Problem
	if err := json.Unmarshal([]byte(a.body), &p); err != nil || a.header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("no problem: %d %s", a.status, a.body)
	}
	if p.Status != a.status || !strings.HasPrefix(p.Type, "/problems/") || !strings.HasPrefix(p.Instance, "urn:uuid:") {
		t.Errorf("%d: %+v", a.status, p)
	}
	return p
}

// checkFields wants a failure that names exactly these parameters, each as "name code", by name.
func checkFields(t *testing.T, s server, address string, status int, want ...string) {
	t.Helper()
	a := s.get(t, address)
	if a.status != status {
		t.Errorf("%s: %d %s", address, a.status, a.body)
		return
	}
	got := []string{}
	for _, f := range a.problem(t).Errors {
		got = append(got, f.Parameter+" "+f.Code)
		if f.Detail == "" {
			t.Errorf("%s: %s has no detail", address, f.Parameter)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s:\n%s", address, diff)
	}
}

func testQueryRefused(t *testing.T, s server) {
	for query, want := range map[string][]string{
		"/v1/results?limit=0":                                     {"limit out_of_range"},
		"/v1/results?limit=1001":                                  {"limit out_of_range"},
		"/v1/results?limit=-1":                                    {"limit out_of_range"},
		"/v1/results?limit=1e3":                                   {"limit out_of_range"},
		"/v1/results?limit=99999999999999999999":                  {"limit out_of_range"},
		"/v1/results?limit=":                                      {"limit empty"},
		"/v1/results?limit":                                       {"limit empty"},
		"/v1/results?limit=1&limit=1":                             {"limit repeated"},
		"/v1/results?round=1999":                                  {"round unknown_value"},
		"/v1/results?round=2023,1999":                             {"round unknown_value"},
		"/v1/results?round=2023,":                                 {"round unknown_value"},
		"/v1/results?round=02023":                                 {"round unknown_value"},
		"/v1/results?area=707":                                    {"area unknown_value"},
		"/v1/results?area=0411":                                   {"area unknown_value"},
		"/v1/results?area=DK":                                     {"area unknown_value"},
		"/v1/results?region=1086":                                 {"region unknown_value"},
		"/v1/results?theme=themes":                                {"theme unknown_value"},
		"/v1/results?requirement=four_months":                     {"requirement unknown_value"},
		"/v1/results?area_type=region":                            {"area_type unknown_value"},
		"/v1/results?level=case":                                  {"level unknown_value"},
		"/v1/results?method=mean":                                 {"method unknown_value"},
		"/v1/results?status=measured,guessed":                     {"status unknown_value"},
		"/v1/results?origin=Real":                                 {"origin unknown_value"},
		"/v1/results?lang=sv":                                     {"lang unknown_value"},
		"/v1/results?cursor=abc":                                  {"cursor unknown_value"},
		"/v1/results?cursor=%00":                                  {"cursor unknown_value"},
		"/v1/results?cursor=YWZ0ZXI6TXVuaWNpcGFsaXR5OjAxNTE":      {"cursor unknown_value"}, // of another list
		"/v1/results?area=%FF%FE":                                 {"area unknown_value"},
		"/v1/results?area=%00":                                    {"area unknown_value"},
		"/v1/results?Round=2023":                                  {"Round unknown_parameter"},
		"/v1/results?=1":                                          {" unknown_parameter"},
		"/v1/rounds?origin=both":                                  {"origin unknown_value"},
		"/v1/municipalities?region=oestdanmark,nowhere":           {"region unknown_value"},
		"/v1/comparability?requirement=":                          {"requirement empty"},
		"/v1/rounds/2023/municipalities/0707/scorecard?baseline=": {"baseline empty"},
		"/v1/results?area=&bogus=1&limit=0&round=1&status=x&zzz=": {
			"area empty", "bogus unknown_parameter", "limit out_of_range", "round unknown_value", "status unknown_value", "zzz unknown_parameter",
		},
		"/v1/results?level=requirement&method=pooled":               {"method conflicting"},
		"/v1/results?level=theme&requirement=action_plan_made":      {"requirement conflicting"},
		"/v1/results?region=1084&area_type=country":                 {"region conflicting"},
		"/v1/results?area_type=municipality&area=dk":                {"area conflicting"},
		"/v1/results?area_type=country&area=0707":                   {"area conflicting"},
		"/v1/results?rounds=2020,2025":                              {"rounds unknown_value"},
		"/v1/results?weighting=size":                                {"weighting unknown_value"},
		"/v1/results?weighting=equal,cases":                         {"weighting unknown_value"},
		"/v1/results?breakdown=theme":                               {"breakdown unknown_value"},
		"/v1/results?breakdown=case_type&case_type=placements":      {"case_type unknown_value"},
		"/v1/results?breakdown=case_type&case_type=":                {"case_type empty"},
		"/v1/results?percent_below=0":                               {"percent_below out_of_range"},
		"/v1/results?percent_below=101":                             {"percent_below out_of_range"},
		"/v1/results?percent_below=49.5":                            {"percent_below out_of_range"},
		"/v1/results?percent_below=50%25":                           {"percent_below out_of_range"},
		"/v1/results?percent_below=40,50":                           {"percent_below out_of_range"},
		"/v1/results?percent_below=50&percent_below=50":             {"percent_below repeated"},
		"/v1/results?verdict=proven":                                {"verdict unknown_value"},
		"/v1/results?verdict=indicated,":                            {"verdict unknown_value"},
		"/v1/results?case_type=placement":                           {"case_type conflicting"},
		"/v1/results?weighting=equal&area_type=municipality":        {"weighting conflicting"},
		"/v1/results?weighting=cases&area=0707,0183":                {"weighting conflicting"},
		"/v1/results?weighting=equal&region=midtjylland":            {"weighting conflicting"},
		"/v1/results?weighting=equal&breakdown=case_type":           {"weighting conflicting"},
		"/v1/results?breakdown=case_type&level=theme":               {"breakdown conflicting"},
		"/v1/results?breakdown=case_type&method=pooled":             {"breakdown conflicting"},
		"/v1/results?breakdown=case_type&verdict=indicated":         {"breakdown conflicting"},
		"/v1/results?breakdown=case_type&rounds=2020,2021,2022":     {"breakdown conflicting"},
		"/v1/results?verdict=indicated&rounds=2020,2021,2022":       {"verdict conflicting"},
		"/v1/results?allow_break=true&rounds=2020,2021,2022":        {"allow_break conflicting"},
		"/v1/results?state=live&rounds=2020,2021,2022":              {"state conflicting"},
		"/v1/results?rounds=2022,2023":                              {"rounds unknown_value"},
		"/v1/results?rounds=2020,2021,2022,2023":                    {"rounds unknown_value"},
		"/v1/results?rounds=2020,2021&verdict=no_basis&weighting=x": {"rounds unknown_value", "verdict conflicting", "weighting unknown_value"},
		"/v1/results?rounds=2022&breakdown=case_type&percent_below=0&level=theme&verdict=x&case_type=y&area=0707&weighting=equal": {
			"breakdown conflicting", "breakdown conflicting", "case_type unknown_value", "percent_below out_of_range", "rounds out_of_range",
			"verdict unknown_value", "weighting conflicting", "weighting conflicting",
		},
		"/v1/rounds/2023/municipalities/0707/scorecard?weighting=equal":                     {"weighting unknown_parameter"},
		"/v1/rounds/2023/municipalities/0707/scorecard?baseline=none&allow_break=true":      {"allow_break conflicting"},
		"/v1/rounds/2023/municipalities/0707/scorecard?breakdown=theme":                     {"breakdown unknown_value"},
		"/v1/rounds/2023/scorecard?weighting=size&breakdown=x&baseline=none&allow_break=1":  {"allow_break unknown_value", "breakdown unknown_value", "weighting unknown_value"},
		"/v1/rounds/2023/scorecard?weighting=equal&breakdown=case_type":                     {"weighting conflicting"},
		"/v1/municipalities/0707/trend?weighting=equal":                                     {"weighting unknown_parameter"},
		"/v1/trend?weighting=size&origin=both":                                              {"origin unknown_value", "weighting unknown_value"},
		"/v1/rounds/2023/requirements/investigation_conducted/distribution?weighting=equal": {"weighting unknown_parameter"},
		"/v1/method?version=1":                                             {"version unknown_parameter"},
		"/v1/results?bogus=1&cursor=abc":                                   {"bogus unknown_parameter", "cursor unknown_value"},
		"/v1/rounds/2023/municipalities/0707/scorecard?baseline=x&lang=xx": {"baseline unknown_value", "lang unknown_value"},
		"/v1/results?round=2023&rounds=2020,2021,2022&level=x":             {"level unknown_value", "rounds conflicting"},
	} {
		checkFields(t, s, query, http.StatusBadRequest, want...)
	}
}

// testUnknownParameterEverywhere: no operation ignores what it does not know.
func testUnknownParameterEverywhere(t *testing.T, s server) {
	for _, address := range everyAddress {
		checkFields(t, s, address+"?municipality=0707", http.StatusBadRequest, "municipality unknown_parameter")
	}
}

func testUnreadableQuery(t *testing.T, s server) {
	for _, query := range []string{"area=%zz", "area=%", "%", "area=0707;round=2023", "area=%u00e6"} {
		a := s.get(t, "/v1/results?"+query)
		if p := a.problem(t); a.status != http.StatusBadRequest || p.Type != "/problems/malformed" {
			t.Errorf("%s: %d %+v", query, a.status, p)
		}
	}
}

func testQueryAllowed(t *testing.T, s server) {
	for _, query := range []string{
		"", "?", "?limit=1", "?limit=1000", "?round=2023,2023", "?area=0707%2C0183", "?rounds=2022,2020,2021", "?lang=en&lang=en"[:8],
		"?percent_below=1", "?percent_below=100", "?verdict=indicated,indicated", "?breakdown=case_type&case_type=placement,placement", "?weighting=cases",
		"?weighting=equal&area=0707,dk", "?rounds=2020,2021,2022&weighting=equal", "?rounds=2020,2020,2021,2022&percent_below=60",
		"?round=2023&", "?&round=2023",
	} {
		if a := s.get(t, "/v1/results"+query); a.status != http.StatusOK {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
}

// testQuerySaysWhatItTakes: a refusal names what is allowed, so that nobody needs to look it up.
func testQuerySaysWhatItTakes(t *testing.T, s server) {
	for query, says := range map[string]string{
		"/v1/results?round=1999":          "2019, 2020, 2021, 2022, 2023, 2024",
		"/v1/results?theme=x":             "professional_assessment, involvement, choice_of_measure, follow_up, notifications",
		"/v1/results?area=x":              "0707",
		"/v1/results?status=x":            "percent_only",
		"/v1/results?limit=x":             "1 to 1000",
		"/v1/results?percent_below=x":     "1 to 100",
		"/v1/results?verdict=x":           "no_basis, counts_unknown, too_few_cases, not_demonstrated, indicated, demonstrated",
		"/v1/results?case_type=placement": "breakdown=case_type",
		"/v1/results?x=x":                 "allow_break, area, area_type, breakdown, case_type, cursor, lang, level, limit, method, origin, percent_below, region, requirement, round, rounds, state, status, theme, verdict, weighting",
		"/v1/results?lang=x":              "da, en",
		"/v1/results?rounds=2020,2021":    "2020,2021,2022",
		"/v1/municipalities?region=x":     "oestdanmark",
		"/v1/comparability?requirement=x": fourMonths,
	} {
		p := s.get(t, query).problem(t)
		if len(p.Errors) != 1 || !strings.Contains(p.Errors[0].Detail, says) {
			t.Errorf("%s: %+v, want %q", query, p.Errors, says)
		}
	}
}
