package client_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// answers holds what the real service answers, by address; a test of the service keeps them up to date.
//
//go:embed testdata/answers.json
var answers []byte

// service stands for a running service.
func service() *httptest.Server {
	var stored map[string]json.RawMessage
	if err := json.Unmarshal(answers, &stored); err != nil {
		panic(err)
	}
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := stored[r.URL.RequestURI()]
		if !ok {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusNotFound)
			body = []byte(`{"title": "Not found", "status": 404, "detail": "There is no municipality 0708; see /v1/municipalities."}`)
		} else {
			w.Header().Set("Content-Type", "application/json")
		}
		_, _ = w.Write(body) // the examples read to the end
	}))
}

// The scorecard of Norddjurs in 2023 against 2020, theme by theme.
func ExampleClient_Scorecard() {
	server := service()
	defer server.Close()
	c, err := client.New(server.URL)
	if err != nil {
		panic(err)
	}
	card, err := c.Scorecard(context.Background(), 2023, "0707", client.ScorecardOptions{})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s %d against %d\n", card.AreaName, card.Round, *card.BaselineRound)
	for _, theme := range card.Themes {
		mean := theme.MeanOfRequirements
		fmt.Printf("%s: %d %% (%+d)\n", theme.Name, *mean.Percent, *mean.Change.PercentagePoints)
	}
	// Output:
	// Norddjurs 2023 against 2020
	// Faglig udredning: 65 % (+8)
	// Inddragelse: 75 % (+19)
	// Valg af relevant indsats: 94 % (-3)
	// Opfølgning: 67 % (+67)
	// Underretninger: 50 % (+0)
}

// A figure without a number says why it has none; “–” is never 0 %.
func ExampleClient_Scorecard_status() {
	server := service()
	defer server.Close()
	c, err := client.New(server.URL)
	if err != nil {
		panic(err)
	}
	card, err := c.Scorecard(context.Background(), 2023, "0707", client.ScorecardOptions{})
	if err != nil {
		panic(err)
	}
	for _, r := range card.Themes[4].Requirements {
		if r.HasFigure() {
			fmt.Printf("%s: %d %%\n", *r.Requirement, *r.Percent)
		} else {
			fmt.Printf("%s: %s\n", *r.Requirement, r.Status)
		}
	}
	// Output:
	// notification_assessed_within_24_hours: 100 %
	// notification_acute_response: no_figure
	// notification_reassessed: 0 %
}

// Why only 6 of Ishøj's 15 cases were measured.
func ExampleClient_Denominator() {
	server := service()
	defer server.Close()
	c, err := client.New(server.URL)
	if err != nil {
		panic(err)
	}
	d, err := c.Denominator(context.Background(), 2023, "0183", "investigation_within_four_months")
	if err != nil {
		panic(err)
	}
	fmt.Println(d.Text)
	fmt.Println("adds up:", *d.AddsUp)
	// Output:
	// 15 sager = 6 vurderede + 9 ikke oplyst.
	// adds up: true
}

// Going through a list of any length, page by page.
func ExampleClient_AllResults() {
	server := service()
	defer server.Close()
	c, err := client.New(server.URL)
	if err != nil {
		panic(err)
	}
	o := client.ResultsOptions{
		ListOptions: client.ListOptions{Limit: 2},
		Round:       []barometer.Year{2023},
		Requirement: []string{"investigation_within_four_months"},
	}
	for r, err := range c.AllResults(context.Background(), o) {
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s: %d %% (%s)\n", r.AreaName, *r.Percent, r.Status)
	}
	// Output:
	// Ishøj: 17 % (measured)
	// Norddjurs: 25 % (percent_only)
	// Hele landet: 34 % (percent_only)
}

// A failure holds the problem that the service told.
func ExampleError() {
	server := service()
	defer server.Close()
	c, err := client.New(server.URL)
	if err != nil {
		panic(err)
	}
	_, err = c.Municipality(context.Background(), "0708")
	var failure *client.Error
	if errors.As(err, &failure) {
		fmt.Println(failure.Status, failure.Problem.Detail)
	}
	// Output: 404 There is no municipality 0708; see /v1/municipalities.
}

// What may be said of a change is said in words. “–” is counted, and not taken for 0 %.
func ExampleClient_Results_threshold() {
	server := service()
	defer server.Close()
	c, err := client.New(server.URL)
	if err != nil {
		panic(err)
	}
	page, err := c.Results(context.Background(), client.ResultsOptions{
		Round: []barometer.Year{2023}, Area: []string{"0707"}, Level: barometer.LevelRequirement, PercentBelow: 50,
	})
	if err != nil {
		panic(err)
	}
	for _, r := range page.Items {
		fmt.Printf("%s: %d %%. %s\n", *r.Requirement, *r.Percent, r.Change.Sentence)
	}
	for _, c := range page.WithoutFigure {
		fmt.Printf("%s: %d\n", c.Status, c.Count)
	}
	// Output:
	// investigation_within_four_months: 25 %. Med forbehold: Partshøringsmødet medregnes i fristen på 4 måneder. Antallene kendes ikke; intet muligt antal giver tegn på en ændring, hvilket ikke betyder uændret: andelen var 0 % i 2020 og 25 % i 2023 (+25 procentpoint).
	// notification_reassessed: 0 %. 2020 og 2023 kan ikke sammenlignes (2020: intet tal).
	// no_figure: 3
}

// The municipalities of a round beside the country: where each lies, and no rank.
func ExampleClient_Distribution() {
	server := service()
	defer server.Close()
	c, err := client.New(server.URL)
	if err != nil {
		panic(err)
	}
	d, err := c.Distribution(context.Background(), 2023, "investigation_within_four_months", barometer.English)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s? The country: %d %%\n", d.Question, d.Target.Percent)
	for _, m := range d.Municipalities {
		if m.Position == nil {
			fmt.Printf("%s: %d %%, counts not known\n", m.Name, *m.Percent)
			continue
		}
		fmt.Printf("%s: %d of %d, %s the 95 %% limits %.0f to %.0f %%\n", m.Name, *m.Met, *m.Assessed, *m.Position, 100*m.Limits.Lower95, 100*m.Limits.Upper95)
	}
	// Output:
	// Has the four-month deadline been met? The country: 34 %
	// Ishøj: 1 of 6, within the 95 % limits 0 to 66 %
	// Norddjurs: 25 %, counts not known
}
