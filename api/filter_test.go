package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// setting is a filter as it is asked for, and what it must keep.
type setting struct {
	query string
	keep  func(barometer.Result) bool
}

func (s setting) parameter() string { return strings.Split(s.query, "=")[0] }

var filters = []setting{
	{"round=9026", func(r barometer.Result) bool { return *r.Round == 9026 }},
	{"area_type=municipality", func(r barometer.Result) bool { return r.Area != "dk" }},
	{"area_type=country", func(r barometer.Result) bool { return r.Area == "dk" }},
	{"area=0707", func(r barometer.Result) bool { return r.Area == "0707" }},
	{"area=dk", func(r barometer.Result) bool { return r.Area == "dk" }},
	{"area=0183,dk", func(r barometer.Result) bool { return r.Area == "0183" || r.Area == "dk" }},
	{"region=midtjylland", func(r barometer.Result) bool { return r.Area == "0707" || r.Area == "0710" }},
	{"theme=professional_assessment", func(r barometer.Result) bool { return r.Theme == "professional_assessment" }},
	{"requirement=" + fourMonths, func(r barometer.Result) bool { return r.Requirement != nil && *r.Requirement == fourMonths }},
	{"level=requirement", func(r barometer.Result) bool { return r.Requirement != nil }},
	{"level=theme", func(r barometer.Result) bool { return r.Requirement == nil }},
	{"method=pooled", func(r barometer.Result) bool { return strings.HasSuffix(r.Key, ".pooled") }},
	{"status=measured", func(r barometer.Result) bool { return r.Status == barometer.Measured }},
	{"status=none_assessed,withheld", func(r barometer.Result) bool {
		return r.Status == barometer.NoneAssessed || r.Status == barometer.Withheld
	}},
	{"case_type=placement,family_treatment", func(r barometer.Result) bool {
		return r.CaseType != nil && (*r.CaseType == barometer.Placement || *r.CaseType == barometer.FamilyTreatment)
	}},
	{"percent_below=60", func(r barometer.Result) bool { return r.Percent != nil && *r.Percent < 60 }},
	{"verdict=indicated", func(r barometer.Result) bool { return hasVerdict(r, barometer.Indicated) }},
	{"verdict=no_basis,not_demonstrated", func(r barometer.Result) bool {
		return hasVerdict(r, barometer.NoBasis) || hasVerdict(r, barometer.NotDemonstrated)
	}},
}

func hasVerdict(r barometer.Result, v barometer.Verdict) bool {
	return r.Change != nil && r.Change.Verdict != nil && *r.Change.Verdict == v
}

// manners are what changes rows, or adds some; others are tried with each filter by itself.
var (
	manners = []string{"", "weighting=equal", "breakdown=case_type", "allow_break=true"}
	others  = []string{"weighting=cases", "lang=en", "weighting=equal&allow_break=true", "breakdown=case_type&allow_break=true"}
)

// fromRound9023 are two rounds with every sort of row that a round run here has.
func fromRound9023() []sampled {
	requirements := []string{"investigation_conducted", fourMonths, "child_heard_before_decision", "follow_up_within_three_months"}
	return []sampled{
		{year: 9023, requirements: requirements, cases: map[string][]string{
			norddjurs: {"P NXMX", "P NXNX", "W NXMX", "F MNMX", "F NXNX", "F NXMX", "F NXNX", "F MMNX", "F NXMX", "P NXMX", "P NXNX", "P MMMX"},
			ishoej:    {"P MMMM", "W MNMN", "F MMNN", "F NXNM"}, "0710": {"F NXXX", "F NXXX"},
		}, more: "0183,S0000,placement,notification_assessed_within_24_hours,1,met,\n0183,S0000,placement,notification_assessed_within_24_hours,2,not_met,\n"},
		{year: 9026, requirements: requirements, cases: map[string][]string{
			norddjurs: {"P MMMX", "P MNMX", "W MMNX", "F MMMX", "F MMMX", "F MNNX", "F MMMX", "F MMMX", "F MMMX", "P MMNX", "P MMMX", "P EXMX"},
			ishoej:    {"P MMNM", "W NXNM", "F MMNM", "F MNNM", "F MMNM", "F MNNM"}, "0710": {"F MMMX", "P MMMX"},
		}},
	}
}

// TestFilters asks for every pair of filters in every manner, of two synthetic rounds, and holds the answers against the
// whole lists filtered here. What is refused would have given nothing, or had no effect.
func TestFilters(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		lead, since := o.as(t, barometer.RoleLead), barometer.Year(9026)
		must(lead.CreateJudgement(t.Context(), barometer.JudgementInput{
			Kind: barometer.Break, Requirement: "child_heard_before_decision", SinceRound: &since, JudgementPatch: barometer.JudgementPatch{
				Judgement: barometer.NotComparable, Reason: "practice_changed", JudgedBy: "publisher", NoteDa: "Praksis er ændret.", NoteEn: "The practice has changed.", Source: "norddjurs-memo",
			},
		}))(t)
		o.publish(t, fromRound9023()...)
		g := grid{t: t, server: o.server, whole: map[string][]barometer.Result{}, statuses: map[barometer.Status]bool{}}
		g.pairs("origin=synthetic", manners, filters)
		pooled := slices.DeleteFunc(slices.Clone(filters), func(f setting) bool { return f.parameter() == "round" })
		g.pairs("rounds=9023,9026", []string{"", "weighting=equal"}, pooled)
		for _, manner := range others {
			for _, f := range filters {
				g.try("origin=synthetic", manner, f, f)
			}
		}
		for _, manner := range []string{"lang=en", "allow_break=true", "weighting=equal&allow_break=true"} {
			for _, f := range pooled {
				g.try("rounds=9023,9026", manner, f, f)
			}
		}
		if g.answered < 500 || g.refused < 200 || len(g.statuses) < 4 {
			t.Errorf("%d answered, %d refused; statuses: %v", g.answered, g.refused, g.statuses)
		}
		o.checkPagesOfFiltered(t)
	})
}

// grid tries combinations on one service.
type grid struct {
	t *testing.T
	server
	whole             map[string][]barometer.Result // by query
	answered, refused int
	statuses          map[barometer.Status]bool
}

func (g *grid) pairs(root string, manners []string, filters []setting) {
	for _, manner := range manners {
		for i, first := range filters {
			for _, second := range filters[i:] {
				if first.parameter() != second.parameter() || first.query == second.query {
					g.try(root, manner, first, second)
				}
			}
		}
	}
}

// try asks for rows kept by two filters, in a manner.
func (g *grid) try(root, manner string, first, second setting) {
	g.t.Helper()
	query := parameters(root, manner, first.query)
	if second.query != first.query {
		query = parameters(query, second.query)
	}
	var want []barometer.Result
	missing := map[barometer.Status]int{}
	for _, r := range g.all(parameters(root, manner)) {
		g.statuses[r.Status] = true
		kept, others := 0, 0
		for _, f := range []setting{first, second} {
			if f.keep(r) {
				kept++
			} else if f.parameter() != "percent_below" {
				others++
			}
		}
		if kept == 2 {
			want = append(want, r)
		} else if others == 0 && r.Percent == nil {
			missing[r.Status]++
		}
	}
	a := g.get(g.t, "/v1/results?limit=1000&"+query)
	if a.status == http.StatusBadRequest {
		g.checkRefusal(query, a, want)
		return
	}
	g.answered++
	var got barometer.ResultPage
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != http.StatusOK {
		g.t.Fatalf("%s: %d %.300s", query, a.status, a.body)
	}
	if diff := cmp.Diff(append([]barometer.Result{}, want...), got.Items); diff != "" {
		g.t.Errorf("%s: %d rows, want %d\n%.2000s", query, len(got.Items), len(want), diff)
	}
	g.checkMissing(query, got.WithoutFigure, missing)
}

func (g *grid) checkMissing(query string, got []barometer.StatusCount, want map[barometer.Status]int) {
	g.t.Helper()
	if !strings.Contains(query, "percent_below") {
		want = nil
	}
	counts := map[barometer.Status]int{}
	for _, c := range got {
		counts[c.Status] = c.Count
	}
	if !maps.Equal(want, counts) || (got != nil) != strings.Contains(query, "percent_below") {
		g.t.Errorf("%s: without a figure %v, want %v", query, got, want)
	}
}

// checkRefusal: what is refused would give nothing, or the same without the parameters that are named.
func (g *grid) checkRefusal(query string, a answer, want []barometer.Result) {
	g.t.Helper()
	g.refused++
	refused := map[string]bool{}
	for _, problem := range a.problem(g.t).Errors {
		refused[problem.Parameter] = true
		if problem.Code != "conflicting" {
			g.t.Errorf("%s: %+v", query, problem)
		}
	}
	if len(want) == 0 {
		return
	}
	var without []string
	for part := range strings.SplitSeq(query, "&") {
		if name, _, _ := strings.Cut(part, "="); !refused[name] {
			without = append(without, part)
		}
	}
	var same barometer.ResultPage
	if err := json.Unmarshal([]byte(g.get(g.t, "/v1/results?limit=1000&"+strings.Join(without, "&")).body), &same); err != nil {
		g.t.Fatal(err)
	}
	if diff := cmp.Diff(want, same.Items); diff != "" {
		g.t.Errorf("%s is refused for %v, which would have changed it:\n%.2000s", query, refused, diff)
	}
}

// all gives the whole list in a manner.
func (g *grid) all(query string) []barometer.Result {
	g.t.Helper()
	if g.whole[query] == nil {
		var page barometer.ResultPage
		a := g.get(g.t, "/v1/results?limit=1000&"+query)
		if err := json.Unmarshal([]byte(a.body), &page); err != nil || page.NextCursor != nil || len(page.Items) < 20 {
			g.t.Fatalf("%s: %d %.300s", query, a.status, a.body)
		}
		g.whole[query] = page.Items
	}
	return g.whole[query]
}

// parameters joins what there is.
func parameters(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "&")
}

// checkPagesOfFiltered reads what is kept by verdict, percent and case type in small pages.
func (o office) checkPagesOfFiltered(t *testing.T) {
	t.Helper()
	for _, query := range []string{
		"verdict=not_demonstrated,no_basis&level=requirement", "percent_below=80", "breakdown=case_type&case_type=placement",
		"breakdown=case_type&percent_below=99", "weighting=equal&area=dk", "rounds=9023,9026", "rounds=9023,9026&percent_below=70",
	} {
		if !strings.HasPrefix(query, "rounds") {
			query += "&origin=synthetic"
		}
		whole, parts := rawItems(t, o.server, "/v1/results?"+query+"&limit=1000"), rawItems(t, o.server, "/v1/results?"+query+"&limit=2")
		if diff := cmp.Diff(whole, parts); diff != "" || len(whole) < 3 {
			t.Errorf("%s: %d rows\n%.1000s", query, len(whole), diff)
		}
	}
	asked := client.ResultsOptions{Origin: barometer.OriginSynthetic, PercentBelow: 80}
	whole := must(o.Results(t.Context(), asked))(t)
	asked.Limit, asked.Cursor = 1, ""
	for page := must(o.Results(t.Context(), asked))(t); page.NextCursor != nil; page = must(o.Results(t.Context(), asked))(t) {
		if diff := cmp.Diff(whole.WithoutFigure, page.WithoutFigure); diff != "" || len(whole.WithoutFigure) == 0 {
			t.Fatal(fmt.Sprint(whole.WithoutFigure), diff)
		}
		asked.Cursor = *page.NextCursor
	}
}
