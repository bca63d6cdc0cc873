package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

var referenceTests = map[string]func(*testing.T, server){
	"regions":        testRegions,
	"municipalities": testMunicipalities,
	"requirements":   testRequirements,
	"themes":         testThemes,
	"code lists":     testCodeLists,
	"sources":        testSources,
	"judgements":     testJudgements,
	"rounds":         testRounds,
	"participations": testParticipations,
	"health":         testHealth,
}

func testRegions(t *testing.T, s server) {
	var got []string
	for _, r := range must(s.Regions(t.Context(), client.ListOptions{}))(t).Items {
		code, to := "none", "open"
		if r.Code != nil {
			code = *r.Code
		}
		if r.To != nil {
			to = *r.To
		}
		got = append(got, fmt.Sprintf("%s %s %s %s", r.Slug, code, r.From, to))
	}
	want := []string{
		"hovedstaden 1084 2007-01-01 2026-12-31", "midtjylland 1082 2007-01-01 open", "nordjylland 1081 2007-01-01 open",
		"oestdanmark none 2027-01-01 open", "sjaelland 1085 2007-01-01 2026-12-31", "syddanmark 1083 2007-01-01 open",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func testMunicipalities(t *testing.T, s server) {
	all := must(s.Municipalities(t.Context(), client.MunicipalitiesOptions{}))(t).Items
	if len(all) != 98 {
		t.Errorf("%d municipalities, want 98", len(all))
	}
	byRegion := map[string]int{}
	for _, m := range all {
		for _, r := range m.Regions {
			byRegion[r.Region]++
		}
	}
	// Statistics Denmark's numbers of municipalities; Region Østdanmark takes over those of two regions.
	want := map[string]int{"hovedstaden": 29, "midtjylland": 19, "nordjylland": 11, "sjaelland": 17, "syddanmark": 22, "oestdanmark": 46}
	if diff := cmp.Diff(want, byRegion); diff != "" {
		t.Error(diff)
	}
	for region, n := range want {
		found := must(s.Municipalities(t.Context(), client.MunicipalitiesOptions{Region: []string{region}}))(t).Items
		if len(found) != n {
			t.Errorf("region=%s: %d, want %d", region, len(found), n)
		}
	}
	byCode := must(s.Municipalities(t.Context(), client.MunicipalitiesOptions{Region: []string{"1082"}}))(t).Items
	if diff := cmp.Diff(must(s.Municipalities(t.Context(), client.MunicipalitiesOptions{Region: []string{"midtjylland"}}))(t).Items, byCode); diff != "" {
		t.Errorf("region by its code: %s", diff)
	}
	norddjursDetail := must(s.Municipality(t.Context(), norddjurs))(t)
	if diff := cmp.Diff([]barometer.Year{2020, 2023}, norddjursDetail.Rounds); diff != "" || norddjursDetail.DueRound == nil || *norddjursDetail.DueRound != 2026 {
		t.Errorf("rounds %s, due %s", diff, yearOf(norddjursDetail.DueRound))
	}
	aarhus := must(s.Municipality(t.Context(), "0751"))(t)
	if diff := cmp.Diff([]string{"Århus"}, aarhus.Aliases); diff != "" || aarhus.Name != "Aarhus" || aarhus.DueRound != nil {
		t.Errorf("%+v", aarhus)
	}
	christiansoe, err := s.Municipality(t.Context(), "0411")
	if failure := problemOf(t, christiansoe, err); failure.Status != 404 {
		t.Errorf("Christiansø is no municipality: %v", failure)
	}
}

func testRequirements(t *testing.T, s server) {
	all := must(s.Requirements(t.Context(), client.RequirementsOptions{}))(t).Items
	if len(all) != 16 {
		t.Errorf("%d requirements, want 16", len(all))
	}
	for _, r := range all {
		if diff := cmp.Diff(r, must(s.Requirement(t.Context(), r.Code))(t)); diff != "" {
			t.Errorf("%s by itself: %s", r.Code, diff)
		}
		if r.Law != "serviceloven" || *r.DecisionsTo != "2023-12-31" || r.Question == "" || len(r.Practices) == 0 {
			t.Errorf("%+v", r)
		}
	}
	r := must(s.Requirement(t.Context(), fourMonths))(t)
	if *r.Precondition != "investigation_conducted" || *r.Deadline != "P4M" || !r.LegalBasisVerified || len(r.Practices) != 2 {
		t.Errorf("%+v", r)
	}
	inTheme := must(s.Requirements(t.Context(), client.RequirementsOptions{Theme: []string{"involvement", "follow_up"}}))(t).Items
	if len(inTheme) != 4+3 {
		t.Errorf("%d requirements of two themes, want 7", len(inTheme))
	}
	asked := must(s.RoundRequirements(t.Context(), 2022, client.ListOptions{}))(t).Items
	for _, a := range asked {
		if a.Asked != nil {
			t.Errorf("%s: asked %v, but the list of 2022 is not known", a.Requirement, *a.Asked)
		}
		if a.Requirement == fourMonths && a.Practice != "party_hearing_outside" {
			t.Errorf("practice of 2022: %s", a.Practice)
		}
	}
}

func testThemes(t *testing.T, s server) {
	var got []string
	for _, theme := range must(s.Themes(t.Context(), client.ListOptions{}))(t).Items {
		got = append(got, fmt.Sprintf("%d %s %s %s", theme.Position, theme.Code, theme.Name, theme.Origin))
	}
	want := []string{
		"3 choice_of_measure Valg af relevant indsats ministry", "4 follow_up Opfølgning ministry", "2 involvement Inddragelse ministry",
		"5 notifications Underretninger appeals_board", "1 professional_assessment Faglig udredning ministry",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func testCodeLists(t *testing.T, s server) {
	want := map[string]string{
		"outcomes":              "met met_by_exception not_met not_applicable not_assessable",
		"reasons":               "maturity_of_child nature_of_case heard_immediately_before urgency other_lawful_reason precondition_not_met not_required_by_law not_yet_due outside_legal_period case_type_out_of_scope documentation_missing not_recorded",
		"statuses":              "measured percent_only no_counts none_assessed not_asked no_figure not_participating withheld",
		"case_types":            "family_treatment placement placement_without_consent",
		"units":                 "case notification",
		"judgements":            "not_comparable with_caveat not_judged comparable",
		"verdicts":              "no_basis counts_unknown",
		"reliability":           "none very_low low moderate high",
		"notices":               "participation_unknown not_generalisable small_denominator from_printed_percents incomplete_theme mixed_units case_mix_differs several_comparisons synthetic",
		"origins":               "real synthetic",
		"comparability_reasons": "practice_changed declared_by_publisher question_reworded",
	}
	for name, codes := range want {
		list := must(s.CodeList(t.Context(), name, client.ListOptions{}))(t)
		there := map[string]bool{}
		for _, c := range list.Items {
			there[c.Code] = true
			if c.Name == "" || c.Description == "" {
				t.Errorf("%s %s has no name or no description", name, c.Code)
			}
		}
		for code := range strings.FieldsSeq(codes) {
			if !there[code] {
				t.Errorf("code list %s lacks %s", name, code)
			}
		}
	}
}

// testSources: whatever source a figure, a judgement or a participation names can be read.
func testSources(t *testing.T, s server) {
	named := map[string]bool{}
	for _, r := range allResults(t, s, client.ResultsOptions{ListOptions: client.ListOptions{Limit: 1000}}) {
		if r.Source != nil {
			named[*r.Source] = true
		}
	}
	for _, j := range must(s.Judgements(t.Context(), client.JudgementsOptions{}))(t).Items {
		named[j.Source] = true
	}
	for _, p := range must(s.Participations(t.Context(), 2022, client.ListOptions{}))(t).Items {
		named[*p.Source] = true
	}
	for id := range named {
		if source := must(s.Source(t.Context(), id))(t); source.ID != id || source.Title == "" || source.Publisher == "" || source.Date == "" {
			t.Errorf("%+v", source)
		}
	}
	if len(named) < 8 {
		t.Errorf("only %d sources are named: %v", len(named), named)
	}
}

func testJudgements(t *testing.T, s server) {
	var ids []string
	for _, j := range must(s.Judgements(t.Context(), client.JudgementsOptions{}))(t).Items {
		ids = append(ids, j.ID)
		if diff := cmp.Diff(j, must(s.Judgement(t.Context(), j.ID))(t)); diff != "" || j.Date != nil {
			t.Errorf("%s by itself: %s", j.ID, diff)
		}
	}
	want := []string{
		"break.action_plan_made.2020", "break.investigation_within_four_months.2023", "pair.child_heard_before_decision.2021.2024",
		"pair.follow_up_within_three_months.2021.2024", "pair.investigation_within_four_months.2021.2024",
	}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Error(diff)
	}
	about := must(s.Judgements(t.Context(), client.JudgementsOptions{Requirement: []string{fourMonths}}))(t).Items
	if len(about) != 2 {
		t.Errorf("%d judgements of %s, want 2", len(about), fourMonths)
	}
}

func testRounds(t *testing.T, s server) {
	var got []string
	number := func(n *int) string {
		if n == nil {
			return "–"
		}
		return fmt.Sprint(*n)
	}
	for _, r := range must(s.Rounds(t.Context(), client.RoundsOptions{Origin: barometer.OriginReal}))(t).Items {
		got = append(got, fmt.Sprintf("%d %s participants %s recorded %d cases %s of %s", r.Year, r.Kind, number(r.Participants), r.ParticipantsRecorded, number(r.Cases), number(r.CouldBeDrawn)))
		if diff := cmp.Diff(r, must(s.Round(t.Context(), r.Year))(t)); diff != "" || r.RequirementsKnown || r.Status != barometer.Published {
			t.Errorf("%+v %s", r, diff)
		}
	}
	want := []string{
		"2019 pilot participants 12 recorded 0 cases – of 98", "2020 annual participants – recorded 2 cases 717 of 95",
		"2021 annual participants 27 recorded 0 cases 708 of 95", "2022 annual participants – recorded 26 cases – of 95",
		"2023 annual participants 37 recorded 2 cases – of 98", "2024 annual participants 27 recorded 0 cases – of 98",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if made := must(s.Rounds(t.Context(), client.RoundsOptions{Origin: barometer.OriginSynthetic}))(t).Items; len(made) != 0 {
		t.Errorf("synthetic rounds in the history: %+v", made)
	}
}

func testParticipations(t *testing.T, s server) {
	p := must(s.Participation(t.Context(), 2023, norddjurs))(t)
	if p.Name != "Norddjurs" || *p.Cases != 16 || *p.Source != "norddjurs-memo" || p.EligibleCases != nil {
		t.Errorf("%+v", p)
	}
	if p := must(s.Participation(t.Context(), 2020, ishoej))(t); p.Cases != nil {
		t.Errorf("Ishøj's cases of 2020 are not known: %+v", p)
	}
	unknown, err := s.Participation(t.Context(), 2023, "0101")
	if failure := problemOf(t, unknown, err); failure.Status != 404 {
		t.Errorf("%v", failure)
	}
}

func testHealth(t *testing.T, s server) {
	want := barometer.Health{Status: "ok", Release: 6}
	for what, got := range map[string]barometer.Health{"alive": must(s.Health(t.Context()))(t), "ready": must(s.Ready(t.Context()))(t)} {
		if got != want {
			t.Errorf("%s: %+v", what, got)
		}
	}
}
