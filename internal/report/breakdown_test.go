package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

const (
	overCases         = "investigation_conducted"
	overNotifications = "notification_assessed_within_24_hours"
)

// storedTypes are the types that cases are stored with, in the order of the parts.
var storedTypes = [parts]barometer.CaseType{barometer.FamilyTreatment, barometer.Placement, barometer.PlacementWithoutConsent}

// counted are the outcomes of a municipality by part.
type counted struct {
	code string
	of   [parts]barometer.Share
}

// counts gives met and assessed of family treatment, placements with consent, and placements without.
func counts(code string, met1, of1, met2, of2, met3, of3 int) counted {
	return counted{code, [parts]barometer.Share{{Met: met1, Assessed: of1}, {Met: met2, Assessed: of2}, {Met: met3, Assessed: of3}}}
}

func loadCatalogue(t *testing.T) *catalogue.Catalogue {
	t.Helper()
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// facts makes a round that asks these requirements of a theme, in which each case is handed to add for its outcomes.
func facts(cat *catalogue.Catalogue, requirements ...string) roundFacts {
	f := roundFacts{
		round:   barometer.Round{Year: 9001, Origin: barometer.OriginSynthetic, RequirementsKnown: true},
		samples: map[string]*sample{}, reported: map[string]barometer.ReportedResult{},
	}
	for _, code := range requirements {
		q, _ := cat.Requirement(code, barometer.Danish)
		f.listed = append(f.listed, q)
	}
	return f
}

// enter adds a case with outcomes on a requirement: so many met, by exception, not met and not applicable.
func (f *roundFacts) enter(code string, of barometer.CaseType, requirement string, outcomes [4]int) {
	s := f.samples[code]
	if s == nil {
		s = newSample(f.themes())
		f.samples[code] = s
		f.participations = append(f.participations, barometer.Participation{Round: f.round.Year, Municipality: code})
	}
	i := slices.IndexFunc(f.listed, func(q barometer.Requirement) bool { return q.Code == requirement })
	id := fmt.Sprint(code, of, s.outcomes, s.units[barometer.UnitCase])
	units := map[barometer.Unit]int{barometer.UnitCase: 1}
	units[f.listed[i].Unit] = outcomes[0] + outcomes[1] + outcomes[2] + outcomes[3]
	for unit, n := range units {
		s.each(of, func(s *sample) { s.addUnits(store.SampleSize{CaseType: of, Unit: unit, Units: n}) })
	}
	for k, a := range []barometer.Assessment{
		{Outcome: barometer.Met},
		{Outcome: barometer.MetByException, Reason: barometer.Urgency},
		{Outcome: barometer.NotMet},
		{Outcome: barometer.NotApplicable, Reason: barometer.NotYetDue},
	} {
		if outcomes[k] > 0 {
			s.each(of, func(s *sample) {
				s.add(store.CaseTally{
					Municipality: code, CaseID: id, CaseType: of, Requirement: requirement, Outcome: a.Outcome, Reason: a.Reason, Units: outcomes[k],
				}, f.listed[i].Theme)
			})
		}
	}
}

// computed gives the figures of a round once all its cases are entered.
func (f *roundFacts) computed(cat *catalogue.Catalogue) []areaFigures {
	slices.SortFunc(f.participations, func(a, b barometer.Participation) int { return cmp.Compare(a.Municipality, b.Municipality) })
	for _, s := range f.samples {
		s.end()
	}
	f.round.ParticipantsRecorded = len(f.participations)
	f.fillSizes()
	return f.figures(cat)
}

// roundOf computes a round in which each part of each municipality has these outcomes on a requirement over cases.
func roundOf(cat *catalogue.Catalogue, municipalities ...counted) []areaFigures {
	f := facts(cat, overCases)
	for _, m := range municipalities {
		for part, s := range m.of {
			f.enter(m.code, storedTypes[part], overCases, [4]int{s.Met, 0, s.Assessed - s.Met, 1})
		}
	}
	return f.computed(cat)
}

// broken gives the breakdown of each area.
func broken(areas []areaFigures) map[string][]barometer.Result {
	rows := map[string][]barometer.Result{}
	for _, a := range areas {
		rows[a.area.Area] = a.area.Breakdown
	}
	return rows
}

// TestABreakdownIsTheRoundOfThoseCasesAlone: a result by case type has every number that its requirement would have if
// the round had no other cases, of a municipality and of the country, over cases and over notifications.
func TestABreakdownIsTheRoundOfThoseCasesAlone(t *testing.T) {
	t.Parallel()
	cat := loadCatalogue(t)
	type entered struct {
		code, requirement string
		of                barometer.CaseType
		outcomes          [4]int
	}
	thousands(t, 10_000, func(t *rapid.T) {
		cases := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) entered {
			e := entered{
				code: rapid.SampledFrom([]string{"0101", "0183", "0707"}).Draw(t, "code"), requirement: overNotifications,
				of: rapid.SampledFrom(storedTypes[:]).Draw(t, "type"),
			}
			most := 3
			if rapid.Bool().Draw(t, "over cases") {
				e.requirement, most = overCases, 1
			}
			e.outcomes[rapid.IntRange(0, 3).Draw(t, "outcome")] = rapid.IntRange(1, most).Draw(t, "units")
			return e
		}), 1, 12).Draw(t, "cases")
		of := rapid.SampledFrom(brokenDown).Draw(t, "broken down")
		all, alone := facts(cat, overCases, overNotifications), facts(cat, overCases, overNotifications)
		for _, e := range cases {
			all.enter(e.code, e.of, e.requirement, e.outcomes)
			if slices.Contains(counting(e.of), of) {
				alone.enter(e.code, e.of, e.requirement, e.outcomes)
			}
		}
		for _, p := range all.participations { // who has no such case takes part all the same
			if alone.samples[p.Municipality] == nil {
				alone.samples[p.Municipality] = newSample(alone.themes())
				alone.samples[p.Municipality].withdrawn[barometer.UnitCase] = 1
				alone.participations = append(alone.participations, p)
			}
		}
		want := map[string]barometer.Result{}
		for _, a := range alone.computed(cat) {
			for _, r := range a.results {
				want[r.Key+"."+string(of)] = r
			}
		}
		compared := 0
		for _, rows := range broken(all.computed(cat)) {
			for _, r := range rows {
				if *r.CaseType != of {
					continue
				}
				compared++
				same := want[r.Key]
				if same.Key, same.CaseType = r.Key, r.CaseType; !reflect.DeepEqual(same, r) {
					t.Fatalf("%s: %s", r.Key, gocmp.Diff(same, r))
				}
			}
		}
		if compared != 2*(len(all.participations)+1) {
			t.Fatalf("%d results", compared)
		}
	})
}

// TestABreakdownByHand: 11 of 16 in family treatment and 4 of 14 in placements, 1 of 6 of them without consent, with the
// intervals that R gives for these counts.
func TestABreakdownByHand(t *testing.T) {
	t.Parallel()
	rows := broken(roundOf(loadCatalogue(t), counts("0707", 11, 16, 3, 8, 1, 6)))["0707"]
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprintf("%s %s %d/%d = %d %% [%.6f, %.6f] of %d", r.Key, *r.CaseType, *r.Met, *r.Assessed, *r.Percent,
			r.Interval.Lower, r.Interval.Upper, *r.InSample))
	}
	want := []string{ // of each part one more case is outside the denominator
		"9001.0707.investigation_conducted.family_treatment family_treatment 11/16 = 69 % [0.444044, 0.858354] of 17",
		"9001.0707.investigation_conducted.placement placement 4/14 = 29 % [0.117214, 0.546491] of 16",
		"9001.0707.investigation_conducted.placement_without_consent placement_without_consent 1/6 = 17 % [0.030053, 0.563503] of 7",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// how gives for each area, in order, how far its results by case type are shown: F and P for family treatment and
// placements, W for those without consent, 0 where nobody was assessed and a dash where one is withheld.
func how(areas map[string][]barometer.Result) string {
	var text []string
	for _, area := range slices.Sorted(maps.Keys(areas)) {
		word := ""
		for i, r := range areas[area] {
			switch r.Status {
			case barometer.Measured:
				word += "FPW"[i : i+1]
			case barometer.NoneAssessed:
				word += "0"
			case barometer.Withheld:
				word += "-"
			default:
				word += "?"
			}
		}
		text = append(text, word)
	}
	return strings.Join(text, " ")
}

// TestWhatIsWithheldByCaseType goes through the rules one at a time. The country comes last.
func TestWhatIsWithheldByCaseType(t *testing.T) {
	t.Parallel()
	cat := loadCatalogue(t)
	for name, c := range map[string]struct {
		in   []counted
		want string
	}{
		"all have 5":                      {[]counted{counts("0101", 2, 5, 2, 5, 2, 5), counts("0183", 3, 6, 3, 6, 3, 6)}, "FPW FPW FPW"},
		"4 without consent, of two":       {[]counted{counts("0101", 2, 5, 2, 5, 2, 4), counts("0183", 2, 5, 2, 5, 2, 4)}, "FP- FP- FPW"},
		"4 with consent, of two":          {[]counted{counts("0101", 2, 5, 2, 4, 2, 5), counts("0183", 2, 5, 2, 4, 2, 5)}, "FP- FP- FPW"},
		"4 in family treatment, of two":   {[]counted{counts("0101", 2, 4, 2, 5, 2, 5), counts("0183", 2, 4, 2, 5, 2, 5)}, "--- --- FPW"},
		"4 placements, of two":            {[]counted{counts("0101", 2, 5, 1, 2, 1, 2), counts("0183", 2, 5, 1, 2, 1, 2)}, "--- --- FP-"},
		"none in family treatment at all": {[]counted{counts("0101", 0, 0, 5, 9, 5, 9), counts("0183", 0, 0, 5, 9, 5, 9)}, "--- --- ---"},
		"one below 5, so the smallest of the others too": {
			[]counted{counts("0101", 3, 9, 3, 9, 3, 9), counts("0183", 2, 4, 2, 5, 2, 5), counts("0707", 3, 8, 3, 9, 3, 9)}, "FPW --- --- FPW",
		},
		"by code where two are as small": {
			[]counted{counts("0101", 3, 9, 3, 9, 3, 9), counts("0183", 2, 4, 2, 5, 2, 5), counts("0707", 3, 9, 3, 9, 3, 9)}, "--- --- FPW FPW",
		},
		"one below 5 without consent": {
			[]counted{counts("0101", 3, 9, 3, 9, 3, 9), counts("0183", 2, 5, 2, 5, 2, 4), counts("0707", 3, 9, 3, 9, 3, 8)}, "FPW FP- FP- FPW",
		},
		"no other municipality, so the country too": {[]counted{counts("0183", 2, 4, 9, 9, 9, 9)}, "--- ---"},
		"no other one without consent":              {[]counted{counts("0183", 2, 5, 9, 9, 2, 4)}, "FP- FP-"},
		"the other one has nobody assessed":         {[]counted{counts("0101", 0, 0, 0, 0, 0, 0), counts("0183", 2, 4, 9, 9, 9, 9), counts("0707", 6, 9, 6, 9, 6, 9)}, "000 --- --- FPW"},
		"two below 5 that are 4 together":           {[]counted{counts("0101", 1, 2, 6, 9, 6, 9), counts("0183", 1, 2, 6, 9, 6, 9), counts("0707", 9, 9, 9, 9, 9, 9)}, "--- --- --- FPW"},
		"the second has none that are not met, so a third": {
			[]counted{counts("0101", 2, 4, 6, 9, 6, 9), counts("0183", 5, 5, 9, 9, 9, 9), counts("0707", 6, 9, 6, 9, 6, 9)}, "--- --- --- FPW",
		},
	} {
		if got := how(guard(broken(roundOf(cat, c.in...)))); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestARequirementThatDoesNotConcernACaseType: of one about placements alone, what is shown of the placements is the whole,
// and nobody is withheld who was assessed in family treatment, since nobody was.
func TestARequirementThatDoesNotConcernACaseType(t *testing.T) {
	t.Parallel()
	areas := broken(roundOf(loadCatalogue(t), counts("0101", 0, 0, 5, 9, 5, 9), counts("0183", 0, 0, 5, 9, 1, 2)))
	outside := barometer.NotApplicable
	for _, rows := range areas {
		rows[0].NotAssessed = []barometer.NotAssessedCount{{Outcome: &outside, Reason: barometer.CaseTypeOutOfScope, Count: 3}}
	}
	if got := how(guard(areas)); got != "0P- 0P- 0PW" {
		t.Error(got)
	}
}

// TestAWithheldResultHasNoNumber: what is left of it says what it is about, and not one number.
func TestAWithheldResultHasNoNumber(t *testing.T) {
	t.Parallel()
	rows := guard(broken(roundOf(loadCatalogue(t), counts("0101", 2, 4, 2, 5, 2, 5), counts("0183", 2, 4, 2, 5, 2, 5))))
	row := rows["0101"][0]
	text, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]any
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatal(err)
	}
	for name, value := range members {
		if value == nil {
			delete(members, name)
		}
	}
	want := map[string]any{
		"key": "9001.0101.investigation_conducted.family_treatment", "origin": "synthetic", "round": 9001.0, "area_type": "municipality",
		"area": "0101", "area_name": "", "level": "requirement", "theme": "professional_assessment", "theme_name": "",
		"requirement": overCases, "unit": "case", "case_type": "family_treatment", "status": "withheld", "figure_of": "sample",
		"notices":  []any{map[string]any{"code": "not_generalisable", "text": ""}, map[string]any{"code": "synthetic", "text": ""}},
		"practice": "standard",
	}
	if diff := gocmp.Diff(want, members); diff != "" {
		t.Error(diff)
	}
}

// TestAShownResultGivesNothingElseAway: it keeps its figure and interval, but not the sizes and exceptions, which differ
// from those of the total; the country's interval rests on the withheld ones too, and goes.
func TestAShownResultGivesNothingElseAway(t *testing.T) {
	t.Parallel()
	cat := loadCatalogue(t)
	full := broken(roundOf(cat, counts("0101", 3, 9, 3, 9, 3, 9), counts("0183", 2, 4, 2, 5, 2, 4), counts("0707", 3, 8, 3, 9, 3, 9)))
	rows := guard(full)
	if got := how(rows); got != "FPW --- --- FPW" {
		t.Fatal(got)
	}
	unshown := cmpopts.IgnoreFields(barometer.Result{}, "InSample", "NotAssessed", "MetByException")
	if diff := gocmp.Diff(full["0101"], rows["0101"], unshown); diff != "" || full["0101"][0].Interval == nil {
		t.Error(diff)
	}
	for _, r := range append(rows["0101"], rows["dk"]...) {
		if r.InSample != nil || r.NotAssessed != nil || r.MetByException != nil {
			t.Errorf("%s: %v %v %v", r.Key, r.InSample, r.NotAssessed, r.MetByException)
		}
	}
	for i, r := range rows["dk"] {
		if full["dk"][i].Interval == nil || r.Interval != nil || r.IntervalFor != nil || r.DesignEffect != nil || r.EffectiveN != nil ||
			*r.Reliability != barometer.ReliabilityVeryLow || len(r.Notices) != 1 {
			t.Errorf("%s: %+v", r.Key, r)
		}
	}
	open := broken(roundOf(cat, counts("0101", 3, 9, 3, 9, 3, 9), counts("0707", 3, 8, 3, 9, 3, 9)))
	if diff := gocmp.Diff(open["dk"], guard(open)["dk"], unshown); diff != "" || open["dk"][0].Interval == nil {
		t.Errorf("with nothing withheld the country keeps its interval: %s", diff)
	}
}

// TestWhatHasNoOutcomesIsBrokenDownIntoAsLittle: no figure by case type can be made of a reported one.
func TestWhatHasNoOutcomesIsBrokenDownIntoAsLittle(t *testing.T) {
	t.Parallel()
	year, requirement, unit, percent, zero := barometer.Year(2023), overCases, barometer.UnitCase, 69, 0
	for status, want := range map[barometer.Status]barometer.Status{
		barometer.Measured: barometer.NoFigure, barometer.PercentOnly: barometer.NoFigure, barometer.NoFigure: barometer.NoFigure,
		barometer.NotParticipating: barometer.NotParticipating, barometer.NotAsked: barometer.NotAsked,
		barometer.Withheld: barometer.Withheld, barometer.NoneAssessed: barometer.NoneAssessed,
	} {
		total := barometer.Result{
			Key: "2023.0707." + requirement, Round: &year, Area: "0707", Requirement: &requirement, Unit: &unit, Status: status,
			Country: &barometer.CountryFigure{Status: barometer.PercentOnly, Percent: &percent},
			Notices: []barometer.Notice{{Code: smallDenominator}, {Code: notGeneralisable}},
		}
		if status == barometer.Measured || status == barometer.PercentOnly {
			total.Percent, total.Baseline, total.Change = &percent, &barometer.BaselineFigure{}, &barometer.Change{}
		}
		rows := missingBreakdown(total)
		if len(rows) != 3 {
			t.Fatalf("%d rows", len(rows))
		}
		for i, r := range rows {
			if r.Status != want || r.Percent != nil || r.Baseline != nil || r.Change != nil || r.Country.Status != barometer.NoFigure ||
				*r.CaseType != brokenDown[i] || r.Key != total.Key+"."+string(brokenDown[i]) || len(r.Notices) != 1 {
				t.Errorf("%s: %+v", status, r)
			}
			if assessed := r.Assessed; (want == barometer.NoneAssessed) != (assessed != nil && *assessed == zero) {
				t.Errorf("%s: assessed %v", status, assessed)
			}
		}
	}
}

// TestTheBreakdownIsPublishedGuarded: the public gets the results by case type behind their totals and withheld where
// they are small, those who may see the round before get all of them.
func TestTheBreakdownIsPublishedGuarded(t *testing.T) {
	t.Parallel()
	cat := loadCatalogue(t)
	storetest.Each(t, func(t *testing.T, o store.Options) {
		ctx, s := storetest.Context(t), storetest.Open(t, o)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(s.AddRound(ctx, barometer.Round{
			Year: 9001, Origin: barometer.OriginSynthetic, Kind: "annual", Law: "serviceloven", Status: barometer.Hearing, RequirementsKnown: true,
		}, []barometer.RoundRequirement{{Round: 9001, Requirement: overCases, Unit: barometer.UnitCase, Practice: "standard"}}))
		must(s.AddParticipations(ctx, []barometer.Participation{{Round: 9001, Municipality: "0183"}, {Round: 9001, Municipality: "0707"}}))
		var cases []barometer.Case
		var units []barometer.CaseUnit
		var outcomes []barometer.CaseOutcome
		for _, m := range []counted{counts("0183", 2, 4, 5, 6, 5, 6), counts("0707", 6, 7, 6, 7, 6, 7)} {
			for part, share := range m.of {
				for i := range share.Assessed {
					id := fmt.Sprintf("%s-%d-%d", m.code, part, i)
					outcome := barometer.NotMet
					if i < share.Met {
						outcome = barometer.Met
					}
					cases = append(cases, barometer.Case{ID: id, Round: 9001, Municipality: m.code, Reference: id, CaseType: storedTypes[part]})
					units = append(units, barometer.CaseUnit{CaseID: id, Unit: barometer.UnitCase})
					outcomes = append(outcomes, barometer.CaseOutcome{
						CaseID: id, Requirement: overCases, Round: 9001, Unit: barometer.UnitCase, Outcome: outcome,
					})
				}
			}
		}
		must(s.AddCases(ctx, cases, units, outcomes))
		list := func(results []barometer.Result) string {
			var lines []string
			for _, r := range results {
				line := r.Key + " " + string(r.Status)
				if r.Percent != nil {
					line += fmt.Sprintf(" %d/%d", *r.Met, *r.Assessed)
				}
				lines = append(lines, line)
			}
			return strings.Join(lines, "\n")
		}
		requirements := func(r barometer.Result) bool { return r.Requirement != nil && r.Area != "0707" }
		live, err := Live(ctx, s, cat, 9001)
		must(err)
		want := `9001.0183.investigation_conducted measured 12/16
9001.0183.investigation_conducted.family_treatment measured 2/4
9001.0183.investigation_conducted.placement measured 10/12
9001.0183.investigation_conducted.placement_without_consent measured 5/6
9001.dk.investigation_conducted measured 30/37
9001.dk.investigation_conducted.family_treatment measured 8/11
9001.dk.investigation_conducted.placement measured 22/26
9001.dk.investigation_conducted.placement_without_consent measured 11/13`
		if diff := gocmp.Diff(want, list(live.Results(requirements, Options{Breakdown: true}, barometer.Danish))); diff != "" {
			t.Error(diff)
		}
		_, _, err = Publish(ctx, s, cat, 9001)
		must(err)
		public, err := Load(ctx, s, cat)
		must(err)
		want = `9001.0183.investigation_conducted measured 12/16
9001.0183.investigation_conducted.family_treatment withheld
9001.0183.investigation_conducted.placement withheld
9001.0183.investigation_conducted.placement_without_consent withheld
9001.dk.investigation_conducted measured 30/37
9001.dk.investigation_conducted.family_treatment measured 8/11
9001.dk.investigation_conducted.placement measured 22/26
9001.dk.investigation_conducted.placement_without_consent measured 11/13`
		if diff := gocmp.Diff(want, list(public.Results(requirements, Options{Breakdown: true}, barometer.Danish))); diff != "" {
			t.Error(diff)
		}
	})
}
