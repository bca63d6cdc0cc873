package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

var resultsTests = map[string]func(*testing.T, server){
	"releases":            testReleases,
	"checksum":            testChecksum,
	"results in order":    testResultsInOrder,
	"results as scored":   testResultsAsScored,
	"results filtered":    testResultsFiltered,
	"period":              testPeriod,
	"period not printed":  testPeriodRefused,
	"thresholds":          testThresholds,
	"candidates of 330":   testCandidatesOfAssessed,
	"country not patched": testCountryNotPatched,
	"pages":               testPages,
}

func testReleases(t *testing.T, s server) {
	releases := must(s.Releases(t.Context(), client.ListOptions{}))(t).Items
	var figures []int
	for i, r := range releases {
		figures = append(figures, r.Results)
		if r.Number != i+1 || len(r.Rounds) != i+1 || r.Rounds[i] != (barometer.ReleaseRound{Round: barometer.Year(2019 + i), Revision: 1}) {
			t.Errorf("release %d holds %+v", r.Number, r.Rounds)
		}
		if r.Disclosure != "none" || len(r.Checksum) != len("sha256:")+64 || r.PublishedAt.Location() != time.UTC {
			t.Errorf("release %+v", r)
		}
		if diff := cmp.Diff(r, must(s.Release(t.Context(), r.Number))(t)); diff != "" {
			t.Errorf("release %d by itself: %s", r.Number, diff)
		}
	}
	if diff := cmp.Diff([]int{6, 22, 26, 26, 52, 55}, figures); diff != "" {
		t.Errorf("figures of each release: %s", diff)
	}
	if diff := cmp.Diff(releases[len(releases)-1], must(s.LatestRelease(t.Context()))(t)); diff != "" {
		t.Errorf("latest: %s", diff)
	}
}

// rawItems reads every page of a list as raw JSON.
func rawItems(t *testing.T, s server, address string) []json.RawMessage {
	t.Helper()
	var items []json.RawMessage
	for next := address; next != ""; {
		var page struct {
			Items      []json.RawMessage `json:"items"`
			NextCursor *string           `json:"next_cursor"`
		}
		if err := json.Unmarshal([]byte(s.get(t, next).body), &page); err != nil {
			t.Fatal(err)
		}
		items = append(items, page.Items...)
		next = ""
		if page.NextCursor != nil {
			next = address + "&cursor=" + url.QueryEscape(*page.NextCursor)
		}
	}
	return items
}

// testChecksum makes the checksum of the newest release anew from what anybody can read.
func testChecksum(t *testing.T, s server) {
	lines := map[string]string{}
	for _, address := range []string{"/v1/results?limit=250", "/v1/results?area_type=country&rounds=2020,2021,2022"} {
		for _, item := range rawItems(t, s, address) {
			var row struct {
				Key string `json:"key"`
			}
			if err := json.Unmarshal(item, &row); err != nil || lines[row.Key] != "" {
				t.Fatalf("%s twice, or %v", row.Key, err)
			}
			lines[row.Key] = string(item)
		}
	}
	sum := sha256.New()
	for _, key := range slices.Sorted(func(yield func(string) bool) {
		for key := range lines {
			if !yield(key) {
				return
			}
		}
	}) {
		sum.Write([]byte(lines[key] + "\n"))
	}
	got := "sha256:" + hex.EncodeToString(sum.Sum(nil))
	if want := must(s.LatestRelease(t.Context()))(t).Checksum; got != want {
		t.Errorf("%d lines have %s, the release %s", len(lines), got, want)
	}
}

func allResults(t *testing.T, s server, o client.ResultsOptions) []barometer.Result {
	t.Helper()
	var all []barometer.Result
	for r, err := range s.AllResults(t.Context(), o) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// scorecardOrder gives the figures of one scorecard as their keys end, in the order of the catalogue.
func scorecardOrder(t *testing.T, s server) []string {
	t.Helper()
	themes := must(s.Themes(t.Context(), client.ListOptions{}))(t).Items
	slices.SortFunc(themes, func(a, b barometer.Theme) int { return a.Position - b.Position })
	var places []string
	for _, theme := range themes {
		places = append(places, theme.Code+".pooled", theme.Code+".mean_of_requirements")
		own := must(s.Requirements(t.Context(), client.RequirementsOptions{Theme: []string{theme.Code}}))(t).Items
		slices.SortFunc(own, func(a, b barometer.Requirement) int { return a.Position - b.Position })
		for _, r := range own {
			places = append(places, r.Code)
		}
	}
	return places
}

// testResultsInOrder reads all figures in pages of several sizes: each row once, by round, area (the country last) and
// the order of the catalogue, a theme before its requirements.
func testResultsInOrder(t *testing.T, s server) {
	places := scorecardOrder(t, s)
	var want []string
	for year := barometer.Year(2019); year <= 2024; year++ {
		areas := []string{}
		for _, p := range must(s.Participations(t.Context(), year, client.ListOptions{}))(t).Items {
			areas = append(areas, p.Municipality)
		}
		slices.Sort(areas)
		for _, area := range append(areas, barometer.Country) {
			for _, place := range places {
				want = append(want, fmt.Sprintf("%d.%s.%s", year, area, place))
			}
		}
	}
	if len(want) != (2+26+2+6)*(16+2*5) {
		t.Errorf("%d rows expected; 30 participations are recorded, and 6 rounds of the country", len(want))
	}
	for _, limit := range []int{1000, 97, 26} {
		var got []string
		for _, r := range allResults(t, s, client.ResultsOptions{ListOptions: client.ListOptions{Limit: limit}}) {
			got = append(got, r.Key)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("limit %d:\n%s", limit, diff)
		}
	}
}

// testResultsAsScored holds the flat rows against the scorecards of the same areas.
func testResultsAsScored(t *testing.T, s server) {
	for _, area := range []string{norddjurs, ishoej, barometer.Country} {
		card := countryScorecard(t, s, 2023, "")
		if area != barometer.Country {
			card = scorecard(t, s, 2023, area, "")
		}
		rows := allResults(t, s, client.ResultsOptions{Round: []barometer.Year{2023}, Area: []string{area}})
		if diff := cmp.Diff(everyResult(card), rows); diff != "" {
			t.Errorf("scorecard (-) and rows (+) of %s:\n%s", area, diff)
		}
	}
}

// testResultsFiltered holds every filter against the whole list, filtered here.
func testResultsFiltered(t *testing.T, s server) {
	everything := allResults(t, s, client.ResultsOptions{ListOptions: client.ListOptions{Limit: 1000}})
	hovedstaden := []string{}
	for _, m := range must(s.Municipalities(t.Context(), client.MunicipalitiesOptions{Region: []string{"hovedstaden"}}))(t).Items {
		hovedstaden = append(hovedstaden, m.Code)
	}
	for name, tc := range map[string]struct {
		options client.ResultsOptions
		keep    func(barometer.Result) bool
	}{
		"round":        {client.ResultsOptions{Round: []barometer.Year{2023, 2020}}, func(r barometer.Result) bool { return *r.Round == 2023 || *r.Round == 2020 }},
		"area type":    {client.ResultsOptions{AreaType: barometer.AreaCountry}, func(r barometer.Result) bool { return r.Area == "dk" }},
		"area":         {client.ResultsOptions{Area: []string{ishoej, "dk"}}, func(r barometer.Result) bool { return r.Area == ishoej || r.Area == "dk" }},
		"region":       {client.ResultsOptions{Region: []string{"hovedstaden"}}, func(r barometer.Result) bool { return slices.Contains(hovedstaden, r.Area) }},
		"theme":        {client.ResultsOptions{Theme: []string{"follow_up"}}, func(r barometer.Result) bool { return r.Theme == "follow_up" }},
		"requirement":  {client.ResultsOptions{Requirement: []string{fourMonths}}, func(r barometer.Result) bool { return r.Requirement != nil && *r.Requirement == fourMonths }},
		"level":        {client.ResultsOptions{Level: barometer.LevelTheme}, func(r barometer.Result) bool { return r.Requirement == nil }},
		"method":       {client.ResultsOptions{Method: barometer.Pooled}, func(r barometer.Result) bool { return strings.HasSuffix(r.Key, ".pooled") }},
		"status":       {client.ResultsOptions{Status: []barometer.Status{barometer.Measured}}, func(r barometer.Result) bool { return r.Status == barometer.Measured }},
		"origin":       {client.ResultsOptions{Origin: barometer.OriginSynthetic}, func(barometer.Result) bool { return false }},
		"several":      {client.ResultsOptions{Round: []barometer.Year{2023}, Area: []string{ishoej}, Level: barometer.LevelRequirement}, func(r barometer.Result) bool { return *r.Round == 2023 && r.Area == ishoej && r.Requirement != nil }},
		"nothing left": {client.ResultsOptions{Round: []barometer.Year{2019}, AreaType: barometer.AreaMunicipality}, func(barometer.Result) bool { return false }},
	} {
		tc.options.Limit = 1000
		got := must(s.Results(t.Context(), tc.options))(t).Items
		want := slices.DeleteFunc(slices.Clone(everything), func(r barometer.Result) bool { return !tc.keep(r) })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %d rows, want %d\n%s", name, len(got), len(want), diff)
		}
	}
}

// testPeriod reads what Ankestyrelsen printed for 2020 to 2022 together.
func testPeriod(t *testing.T, s server) {
	want := map[string]int{
		"investigation_conducted": 69, "child_heard_in_investigation": 95, "child_heard_before_decision": 57,
		"follow_up_within_three_months": 50, "notification_assessed_within_24_hours": 92,
	}
	years := []barometer.Year{2020, 2021, 2022}
	got := map[string]int{}
	for _, r := range allResults(t, s, client.ResultsOptions{Rounds: years, AreaType: barometer.AreaCountry}) {
		got[*r.Requirement] = *r.Percent
		if r.Round != nil || !slices.Equal(r.Rounds, years) || r.Key != "2020-2022.dk."+*r.Requirement || *r.Cases != 2140 || r.Baseline != nil || r.Change != nil ||
			r.Status != barometer.PercentOnly || *r.Basis != barometer.BasisPrintedPercent || r.Met != nil || r.Assessed != nil || r.Interval != nil {
			t.Errorf("%+v", r)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, item := range rawItems(t, s, "/v1/results?area_type=country&rounds=2020,2021,2022") {
		var members map[string]any
		if err := json.Unmarshal(item, &members); err != nil {
			t.Fatal(err)
		}
		if _, there := members["in_sample"]; there || members["round"] != nil {
			t.Errorf("a period has in_sample or a round: %s", item)
		}
	}
	for _, r := range allResults(t, s, client.ResultsOptions{AreaType: barometer.AreaCountry}) {
		if r.Rounds != nil || r.Cases != nil {
			t.Errorf("%s: has members of a period", r.Key)
		}
	}
}

// testThresholds asks what the supervising authority does: whose figure is under a limit, and which change needs a look.
func testThresholds(t *testing.T, s server) {
	round := []barometer.Year{2023}
	below := func(percent int, requirement ...string) (barometer.ResultPage, string) {
		page := must(s.Results(t.Context(), client.ResultsOptions{Round: round, Requirement: requirement, PercentBelow: percent}))(t)
		text := ""
		for _, r := range page.Items {
			text += fmt.Sprintf("%s %d ", r.Area, *r.Percent)
		}
		return page, strings.TrimSpace(text)
	}
	for percent, want := range map[int]string{50: "0183 17 0707 25 dk 34", 34: "0183 17 0707 25", 25: "0183 17", 17: ""} {
		page, got := below(percent, fourMonths)
		if got != want || page.WithoutFigure == nil || len(page.WithoutFigure) != 0 {
			t.Errorf("below %d %%: %q and %v without, want %q and none", percent, got, page.WithoutFigure, want)
		}
	}
	page, got := below(60, "notification_reassessed")
	if got != "0707 0" || fmt.Sprint(page.WithoutFigure) != "[{no_figure 2}]" {
		t.Errorf("%q and %v without; Norddjurs printed 0 %%, the others nothing", got, page.WithoutFigure)
	}
	plain := must(s.Results(t.Context(), client.ResultsOptions{Round: round}))(t)
	if plain.WithoutFigure != nil {
		t.Errorf("counted without being asked for: %v", plain.WithoutFigure)
	}
	unsaid := allResults(t, s, client.ResultsOptions{Round: round, Area: []string{norddjurs}, Level: barometer.LevelRequirement, Verdict: []barometer.Verdict{barometer.NoBasis}})
	if len(unsaid) != 16-11 { // the memo has 11 differences
		t.Errorf("%d requirements of Norddjurs cannot be compared", len(unsaid))
	}
}

func testPeriodRefused(t *testing.T, s server) {
	for query, code := range map[string]string{
		"round=2020&rounds=2020,2021,2022": "conflicting", "rounds=2020,2021": "unknown_value", "rounds=2023": "out_of_range",
	} {
		checkFields(t, s, "/v1/results?"+query, http.StatusBadRequest, "rounds "+code)
	}
}

// testCandidatesOfAssessed: of the 330 cases where the deadline applied in 2020, 34 % met it.
func testCandidatesOfAssessed(t *testing.T, s server) {
	r := requirementsOf(countryScorecard(t, s, 2020, ""))[fourMonths]
	want := []barometer.Share{{Met: 111, Assessed: 330}, {Met: 112, Assessed: 330}, {Met: 113, Assessed: 330}}
	if diff := cmp.Diff(want, r.Candidates); diff != "" || r.Status != barometer.PercentOnly || *r.Percent != 34 || *r.Assessed != 330 || r.Met != nil {
		t.Errorf("%+v\n%s", r, diff)
	}
	if diff := cmp.Diff([]barometer.NotAssessedCount{{Reason: barometer.NotRecorded, Count: 717 - 330}}, r.NotAssessed); diff != "" {
		t.Error(diff)
	}
}

// testCountryNotPatched: two municipalities of 37 do not make the country's figure.
func testCountryNotPatched(t *testing.T, s server) {
	results := requirementsOf(countryScorecard(t, s, 2023, ""))
	printed := map[string]int{fourMonths: 34, "child_heard_before_decision": 61, "notification_assessed_within_24_hours": 96}
	for code, r := range results {
		percent, there := printed[code]
		if there && (r.Status != barometer.PercentOnly || *r.Percent != percent) || !there && r.Status != barometer.NoFigure {
			t.Errorf("%s: %s %v", code, r.Status, r.Percent)
		}
		if r.Candidates != nil || r.Interval != nil {
			t.Errorf("%s: candidates or an interval of the country", code)
		}
	}
}

// testPages reads every list in pages of 2: the same items as in one page, in the same order.
func testPages(t *testing.T, s server) {
	for _, list := range []string{
		"/v1/regions?", "/v1/themes?", "/v1/rounds/2023/requirements?", "/v1/municipalities?", "/v1/municipalities?region=midtjylland&", "/v1/requirements?", "/v1/sources?",
		"/v1/comparability?", "/v1/rounds?", "/v1/rounds/2022/participations?", "/v1/releases?",
		"/v1/results?area=0183&", "/v1/results?rounds=2020,2021,2022&",
	} {
		whole, parts := rawItems(t, s, list+"limit=1000"), rawItems(t, s, list+"limit=2")
		if len(whole) < 3 {
			t.Errorf("%s: only %d items", list, len(whole))
		}
		if diff := cmp.Diff(whole, parts); diff != "" {
			t.Errorf("%s one page (-), pages of 2 (+):\n%s", list, diff)
		}
	}
}
