package catalogue_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func load(t *testing.T) *catalogue.Catalogue {
	t.Helper()
	c, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCatalogueHasTheCountrysShape(t *testing.T) {
	c := load(t)
	all := c.Municipalities(barometer.MunicipalityFilter{})
	if len(all) != 98 {
		t.Errorf("%d municipalities; Denmark has 98", len(all))
	}
	if _, ok := c.Municipality("0411"); ok {
		t.Error("Christiansø is not a municipality")
	}
	// 29 and 17 municipalities lie in the two regions that merge on 1 January 2027.
	if got := len(c.Municipalities(barometer.MunicipalityFilter{Region: []string{"oestdanmark"}})); got != 46 {
		t.Errorf("%d municipalities will be in Region Østdanmark; want 46", got)
	}
	if got := len(c.Municipalities(barometer.MunicipalityFilter{Region: []string{"1084"}})); got != 29 {
		t.Errorf("%d municipalities in region 1084; want 29", got)
	}
	for _, m := range all {
		if m.Regions[0].From != "2007-01-01" {
			t.Errorf("%s: membership from %s", m.Code, m.Regions[0].From)
		}
		last := m.Regions[len(m.Regions)-1]
		if last.To != nil {
			t.Errorf("%s: no region after %s", m.Code, *last.To)
		}
		if len(m.Regions) == 2 && (last.RegionCode != nil || last.From != "2027-01-01" || *m.Regions[0].To != "2026-12-31") {
			t.Errorf("%s: %+v", m.Code, m.Regions)
		}
	}
}

func TestMunicipalitiesAreFoundHoweverTheyAreSpelt(t *testing.T) {
	c := load(t)
	for text, code := range map[string]string{
		"0707": "0707", "Norddjurs": "0707", "norddjurs": "0707", " Ishøj ": "0183", "Nordfyn": "0480", "Nordfyns": "0480",
		"Høje Taastrup": "0169", "Høje-Taastrup": "0169", "Vesthimmerland": "0820", "Århus": "0751", "A\u030arhus": "0751",
		"Aarhus": "0751", "Ålborg": "0851", "ÅLBORG": "0851",
	} {
		if got, ok := c.FindMunicipality(text); !ok || got != code {
			t.Errorf("%q: got %q, %v; want %q", text, got, ok, code)
		}
	}
	for _, text := range []string{"", "707", "Christiansø", "0411", "dk", "9999"} {
		if got, ok := c.FindMunicipality(text); ok {
			t.Errorf("%q was taken for %q", text, got)
		}
	}
}

func TestRequirementsStandInOrderWithTheirPractice(t *testing.T) {
	c := load(t)
	var codes []string
	for _, r := range c.Requirements(barometer.Danish) {
		codes = append(codes, r.Code)
		if r.Precondition != nil && !slices.Contains(codes, *r.Precondition) {
			t.Errorf("%s stands before its precondition", r.Code)
		}
	}
	if len(codes) != 16 || codes[0] != "investigation_conducted" || codes[15] != "notification_reassessed" {
		t.Errorf("order: %v", codes)
	}
	if !slices.IsSortedFunc(codes, func(a, b string) int {
		ra, _ := c.Requirement(a, barometer.Danish)
		rb, _ := c.Requirement(b, barometer.Danish)
		return c.Order(ra.Theme, a) - c.Order(rb.Theme, b)
	}) {
		t.Error("Order disagrees with the order of the list")
	}
	for round, practice := range map[barometer.Year]string{2022: "party_hearing_outside", 2023: "party_hearing_inside", 9026: "party_hearing_inside"} {
		if got := c.Practice("investigation_within_four_months", round); got != practice {
			t.Errorf("%d: practice %q, want %q", round, got, practice)
		}
	}
	if got := c.Practice("action_plan_made", 2023); got != "standard" {
		t.Errorf("practice of action_plan_made: %q", got)
	}
	if got := len(c.SyntheticRequirements()); got != 13 {
		t.Errorf("%d requirements in a synthetic round; the memo has 13", got)
	}
}

func TestHistoryRefersToWhatExists(t *testing.T) {
	c := load(t)
	h := c.History
	if len(h.Reported) != 55 || len(h.Periods) != 5 || len(h.Rounds) != 6 {
		t.Errorf("%d figures, %d of periods, %d rounds", len(h.Reported), len(h.Periods), len(h.Rounds))
	}
	for _, f := range h.Reported {
		_, source := c.Source(f.Source)
		_, requirement := c.Requirement(f.Requirement, barometer.Danish)
		_, municipality := c.Municipality(f.Area)
		if !source || !requirement || !municipality && f.Area != barometer.Country {
			t.Errorf("%+v refers to what is not there", f)
		}
	}
}

func TestCodeListsExplainEveryCodeOnce(t *testing.T) {
	c := load(t)
	want := []string{
		"outcomes", "reasons", "statuses", "case_types", "units", "judgements", "comparability_reasons", "verdicts",
		"reliability", "positions", "shrinkage_statuses", "weightings", "notices", "origins",
	}
	if diff := cmp.Diff(want, c.CodeLists()); diff != "" {
		t.Error(diff)
	}
	for _, name := range c.CodeLists() {
		seen := map[string]bool{}
		for _, code := range c.CodeList(name, barometer.English) {
			if seen[code.Code] || code.Name == "" || code.Description == "" {
				t.Errorf("%s: %+v", name, code)
			}
			seen[code.Code] = true
		}
	}
	outcomes := c.CodeList("outcomes", barometer.Danish)
	for i, o := range barometer.Outcomes() {
		if outcomes[i].Code != string(o) {
			t.Errorf("outcome %s is not in the code list", o)
		}
	}
	for _, code := range c.CodeList("reasons", barometer.Danish) {
		for _, o := range code.For {
			if !slices.Contains(barometer.Outcome(o).Reasons(), barometer.Reason(code.Code)) {
				t.Errorf("the list gives %s to %s, the rule does not", code.Code, o)
			}
		}
	}
}
