package report_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// bench is a database with the published history.
type bench struct {
	*testing.T
	ctx     context.Context
	store   *store.Store
	cat     *catalogue.Catalogue
	options store.Options
}

func run(t *testing.T, test func(b bench)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		cat, err := catalogue.Load()
		if err != nil {
			t.Fatal(err)
		}
		s := storetest.Open(t, o)
		b := bench{t, storetest.Context(t), s, cat, o}
		if loaded, err := report.LoadHistory(b.ctx, s, cat); err != nil || !loaded {
			t.Fatal(loaded, err)
		}
		test(b)
	})
}

// must stops the test on an error.
func (b bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// round makes a synthetic round in which the municipalities take part.
func (b bench) round(year barometer.Year, municipalities ...string) {
	b.Helper()
	n := len(municipalities)
	var asked []barometer.RoundRequirement
	for _, q := range b.cat.SyntheticRequirements() {
		asked = append(asked, barometer.RoundRequirement{Round: year, Requirement: q.Code, Unit: q.Unit, Practice: "standard"})
	}
	b.must(b.store.AddRound(b.ctx, barometer.Round{
		Year: year, Origin: barometer.OriginSynthetic, Kind: "annual", Law: "serviceloven", Status: barometer.Collecting,
		Participants: &n, RequirementsKnown: true,
	}, asked))
	var participations []barometer.Participation
	for _, m := range municipalities {
		participations = append(participations, barometer.Participation{Round: year, Municipality: m})
	}
	b.must(b.store.AddParticipations(b.ctx, participations))
}

// letters of the reference values: one for each requirement, M met, N not met, X not applicable.
var letters = map[rune]barometer.Assessment{
	'M': {Outcome: barometer.Met}, 'N': {Outcome: barometer.NotMet}, 'X': {Outcome: barometer.NotApplicable, Reason: barometer.NotYetDue},
}

// cases adds cases to a municipality: for each a string with a letter for each of the requirements.
func (b bench) cases(year barometer.Year, municipality string, requirements []string, cases ...string) {
	b.Helper()
	var rows []barometer.Case
	var units []barometer.CaseUnit
	var outcomes []barometer.CaseOutcome
	for i, text := range cases {
		id := fmt.Sprintf("%d-%s-%d", year, municipality, i)
		rows = append(rows, barometer.Case{ID: id, Round: year, Municipality: municipality, Reference: fmt.Sprintf("S%04d", i), CaseType: barometer.Placement})
		units = append(units, barometer.CaseUnit{CaseID: id, Unit: barometer.UnitCase})
		for r, letter := range text {
			outcomes = append(outcomes, barometer.CaseOutcome{
				CaseID: id, Requirement: requirements[r], Round: year, Unit: barometer.UnitCase,
				Outcome: letters[letter].Outcome, Reason: letters[letter].Reason,
			})
		}
	}
	b.must(b.store.AddCases(b.ctx, rows, units, outcomes))
}

func (b bench) publish(year barometer.Year) *report.Snapshot {
	b.Helper()
	_, changed, err := report.Publish(b.ctx, b.store, b.cat, year)
	b.must(err)
	if !changed {
		b.Fatal("nothing was published")
	}
	return b.load()
}

func (b bench) load() *report.Snapshot {
	b.Helper()
	snapshot, err := report.Load(b.ctx, b.store, b.cat)
	b.must(err)
	return snapshot
}

// revise gives a case another outcome on a requirement.
func (b bench) revise(caseID, requirement string, letter rune) {
	b.Helper()
	b.must(b.store.ReviseOutcomes(b.ctx, []barometer.CaseOutcome{{
		CaseID: caseID, Requirement: requirement, Outcome: letters[letter].Outcome, Reason: letters[letter].Reason,
	}}))
}

func (b bench) result(s *report.Snapshot, key string) barometer.Result {
	b.Helper()
	found := s.Results(func(r barometer.Result) bool { return r.Key == key }, report.Options{}, barometer.Danish)
	if len(found) != 1 {
		b.Fatalf("%d results with key %s", len(found), key)
	}
	return found[0]
}

// themeVector is a case of the reference values for themes, made with R.
type themeVector struct {
	Input    struct{ Cases []string }
	Expected struct {
		Pooled, Macro struct{ Estimate, Lower, Upper float64 }
	}
}

func (b bench) themeVector(id string) themeVector {
	b.Helper()
	data, err := os.ReadFile("../../pkg/score/testdata/statistics/theme.json")
	b.must(err)
	var file struct {
		Cases []struct {
			ID string
			themeVector
		}
	}
	b.must(json.Unmarshal(data, &file))
	for _, c := range file.Cases {
		if c.ID == id {
			return c.themeVector
		}
	}
	b.Fatalf("no vector %s", id)
	return themeVector{}
}

var professional = []string{
	"investigation_conducted", "investigation_within_four_months", "investigation_reasoned_position", "investigation_before_decision",
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-8*math.Max(1, math.Abs(b)) }

// TestAThemeFromOutcomesHasTheReferenceValues takes two rounds of the reference values through store and publication,
// and holds the themes and their change against them (Newcombe 1998, from the two intervals).
func TestAThemeFromOutcomesHasTheReferenceValues(t *testing.T) {
	run(t, func(b bench) {
		old, now := b.themeVector("four_requirements_14"), b.themeVector("four_requirements_16")
		b.round(9023, "0707")
		b.cases(9023, "0707", professional, old.Input.Cases...)
		b.publish(9023)
		b.round(9026, "0707", "0183")
		b.cases(9026, "0707", professional, now.Input.Cases...)
		b.cases(9026, "0183", professional, "MXMM")
		s := b.publish(9026)
		for method, want := range map[string]struct {
			new, old struct{ Estimate, Lower, Upper float64 }
		}{
			"pooled": {now.Expected.Pooled, old.Expected.Pooled}, "mean_of_requirements": {now.Expected.Macro, old.Expected.Macro},
		} {
			r := b.result(s, "9026.0707.professional_assessment."+method)
			if !near(*r.Proportion, want.new.Estimate) || !near(r.Interval.Lower, want.new.Lower) || !near(r.Interval.Upper, want.new.Upper) {
				b.Errorf("%s: %v %v, want %v", method, *r.Proportion, *r.Interval, want.new)
			}
			d := want.new.Estimate - want.old.Estimate
			lower := d - math.Hypot(want.new.Estimate-want.new.Lower, want.old.Upper-want.old.Estimate)
			upper := d + math.Hypot(want.new.Upper-want.new.Estimate, want.old.Estimate-want.old.Lower)
			if !near(*r.Change.Difference, d) || !near(r.Change.Interval.Lower, lower) || !near(r.Change.Interval.Upper, upper) {
				b.Errorf("%s: change %v %v, want %v from %v to %v", method, *r.Change.Difference, *r.Change.Interval, d, lower, upper)
			}
			verdict := barometer.NotDemonstrated // themes have no p, so that the interval alone decides
			if lower > 0 || upper < 0 {
				verdict = barometer.Indicated
			}
			if *r.Change.Verdict != verdict || r.Change.Test != nil || *r.Change.Basis != barometer.BasisCounts {
				b.Errorf("%s: verdict %s, want %s; test %v, basis %s", method, *r.Change.Verdict, verdict, r.Change.Test, *r.Change.Basis)
			}
		}
	})
}

// TestAThemesChangeRestsOnTheCommonRequirements: what one round has no figure for is left out of both sides.
func TestAThemesChangeRestsOnTheCommonRequirements(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0707")
		b.cases(9023, "0707", professional, "MXNX", "NXMX", "MXMX", "NXMX") // nobody assessed for the second and fourth
		b.publish(9023)
		b.round(9026, "0707")
		b.cases(9026, "0707", professional, "MMMX", "MNMX", "MNNX", "NMMX") // nor for the fourth here
		r := b.result(b.publish(9026), "9026.0707.professional_assessment.pooled")
		want := []barometer.LeftOut{
			{Requirement: "investigation_within_four_months", Reason: "no_figure_before"},
			{Requirement: "investigation_before_decision", Reason: "no_figure_in_both"},
		}
		if diff := cmp.Diff(want, r.Change.LeftOut); diff != "" {
			b.Error(diff)
		}
		// First and third alone: 3 of 4 and 3 of 4 now, 2 of 4 and 3 of 4 before.
		if !near(*r.Change.Difference, 6.0/8-5.0/8) || *r.Change.PercentagePoints != 13 {
			b.Errorf("difference %v, %d points; want 0.125, 13", *r.Change.Difference, *r.Change.PercentagePoints)
		}
		if *r.Percent != 67 { // 8 of 12: the theme itself keeps all that was assessed
			b.Errorf("%d %%; want 67", *r.Percent)
		}
	})
}

func TestTheCountryIsNeverPatchedTogether(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0707", "0183")
		b.cases(9023, "0707", professional, "MMMM", "NXXX")
		if r := b.result(b.publish(9023), "9023.dk.investigation_conducted"); r.Status != barometer.NoFigure || r.Percent != nil {
			b.Errorf("a country without one of its participants: %s %v", r.Status, r.Percent)
		}
		b.cases(9023, "0183", professional, "MMMM")
		r := b.result(b.publish(9023), "9023.dk.investigation_conducted")
		if r.Status != barometer.Measured || *r.Met != 2 || *r.Assessed != 3 || *r.Reliability != barometer.ReliabilityVeryLow {
			b.Errorf("%s, %v of %v, reliability %v", r.Status, r.Met, r.Assessed, r.Reliability)
		}
	})
}

// TestAReleaseIsNeverChanged: what release 7 said stays, byte for byte, when the round is corrected.
func TestAReleaseIsNeverChanged(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0707")
		b.cases(9023, "0707", professional, "MMMM", "NXXX")
		b.publish(9023)
		before, err := b.store.ReleaseRows(b.ctx, 7, barometer.RowResult)
		b.must(err)
		b.revise("9023-0707-1", professional[0], 'M')
		s := b.publish(9023)
		if got := *b.result(s, "9023.0707.investigation_conducted").Percent; got != 100 || s.Release().Number != 8 {
			b.Errorf("release %d has %d %%", s.Release().Number, got)
		}
		if got := s.Release().Rounds[len(s.Release().Rounds)-1]; got != (barometer.ReleaseRound{Round: 9023, Revision: 2}) {
			b.Errorf("%+v", got)
		}
		after, err := b.store.ReleaseRows(b.ctx, 7, barometer.RowResult)
		b.must(err)
		if diff := cmp.Diff(before, after); diff != "" || len(before) == 0 {
			b.Errorf("%d rows; %s", len(before), diff)
		}
	})
}

func TestWithdrawnCasesLeaveTheSampleAndAreCounted(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0707")
		b.cases(9023, "0707", professional, "MMMM", "NXXX")
		b.must(b.store.AddCases(b.ctx, []barometer.Case{
			{ID: "w", Round: 9023, Municipality: "0707", Reference: "S9", CaseType: barometer.Placement, Withdrawn: true},
		}, []barometer.CaseUnit{{CaseID: "w", Unit: barometer.UnitCase}}, []barometer.CaseOutcome{
			{CaseID: "w", Requirement: professional[0], Round: 9023, Unit: barometer.UnitCase, Outcome: barometer.NotMet},
		}))
		d, err := b.publish(9023).Denominator(9023, "0707", professional[0], barometer.English)
		b.must(err)
		if *d.InSample != 2 || *d.Assessed != 2 || *d.Withdrawn != 1 || !*d.AddsUp || d.Text != "2 cases = 2 assessed (1 withdrawn)." {
			b.Errorf("%+v", d)
		}
	})
}

// TestAMunicipalityAllOfWhoseCasesAreWithdrawn leaves the country its figures: 0183 has 1 of 2, and 0707 nothing that
// could be assessed.
func TestAMunicipalityAllOfWhoseCasesAreWithdrawn(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0183", "0707")
		b.cases(9023, "0183", professional[:1], "M", "N")
		b.cases(9023, "0707", professional[:1], "M", "")
		b.tamper("UPDATE cases SET withdrawn = TRUE WHERE municipality = '0707'")
		s := b.publish(9023)
		if r := b.result(s, "9023.dk."+professional[0]); *r.Met != 1 || *r.Assessed != 2 || *r.Percent != 50 {
			b.Errorf("%+v", r)
		}
		if r := b.result(s, "9023.0707."+professional[0]); r.HasFigure() || r.Assessed != nil && *r.Assessed != 0 {
			b.Errorf("%+v", r)
		}
		d, err := s.Denominator(9023, "0707", professional[0], barometer.English)
		b.must(err)
		if *d.InSample != 0 || *d.Withdrawn != 2 || !*d.AddsUp {
			b.Errorf("%+v", d)
		}
		b.sound()
	})
}

// TestOnlyOneOfSeveralLoadsTheHistory: processes that start at once do not load it twice.
func TestOnlyOneOfSeveralLoadsTheHistory(t *testing.T) {
	t.Parallel()
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	storetest.Each(t, func(t *testing.T, o store.Options) {
		const processes = 4
		results := make(chan bool, processes)
		for range processes {
			s := storetest.Open(t, o)
			go func() {
				loaded, err := report.LoadHistory(context.Background(), s, cat)
				if err != nil {
					t.Error(err)
				}
				results <- loaded
			}()
		}
		loaded := 0
		for range processes {
			if <-results {
				loaded++
			}
		}
		if loaded != 1 {
			t.Errorf("%d loaded the history", loaded)
		}
	})
}

func TestUnknownRoundsAreNamed(t *testing.T) {
	run(t, func(b bench) {
		_, _, err := report.Publish(b.ctx, b.store, b.cat, 2030)
		if barometer.KindOf(err) != barometer.NotFound {
			b.Errorf("%v", err)
		}
		if number, err := b.store.CurrentRelease(b.ctx); err != nil || number != 6 {
			b.Errorf("release %d, %v", number, err)
		}
	})
}

// TestThePanelAndThoseOutsideIt: where all participants are known, the country's change says how many of them both
// rounds had, and another municipality did not take part.
func TestThePanelAndThoseOutsideIt(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0183", "0707")
		b.cases(9023, "0183", professional, "MMMM")
		b.cases(9023, "0707", professional, "NXXX")
		b.publish(9023)
		b.round(9026, "0101", "0707", "0710")
		for _, m := range []string{"0101", "0707", "0710"} {
			b.cases(9026, m, professional, "MMMM")
		}
		s := b.publish(9026)
		country := b.result(s, "9026.dk.investigation_conducted")
		if country.Baseline.Round != 9023 || !near(*country.Change.PanelShare, 1.0/3) || *country.Change.PercentagePoints != 50 {
			b.Errorf("%+v %+v", country.Baseline, country.Change)
		}
		if r := b.result(s, "9026.0707.investigation_conducted"); r.Change.PanelShare != nil || *r.Change.PercentagePoints != 100 {
			b.Errorf("%+v", r.Change)
		}
		card, err := s.Scorecard(9026, "0183", report.Baseline{}, barometer.Danish)
		b.must(err)
		if *card.BaselineRound != 9023 || len(card.Themes) != 5 || card.Cases != nil {
			b.Errorf("%+v", card)
		}
		for _, theme := range card.Themes {
			for _, r := range append([]barometer.Result{theme.Pooled, theme.MeanOfRequirements}, theme.Requirements...) {
				if r.Status != barometer.NotParticipating || r.Percent != nil || r.Assessed != nil || *r.Change.Verdict != barometer.NoBasis {
					b.Errorf("%s: %s", r.Key, r.Status)
				}
			}
		}
	})
}

// TestARequirementThatTheBaselineDidNotAsk is not asked there, which is something else than without a figure.
func TestARequirementThatTheBaselineDidNotAsk(t *testing.T) {
	run(t, func(b bench) {
		one := 1
		b.must(b.store.AddRound(b.ctx, barometer.Round{
			Year: 9023, Origin: barometer.OriginSynthetic, Kind: "annual", Law: "serviceloven", Status: barometer.Collecting,
			Participants: &one, RequirementsKnown: true,
		}, []barometer.RoundRequirement{{Round: 9023, Requirement: professional[0], Unit: barometer.UnitCase, Practice: "standard"}}))
		b.must(b.store.AddParticipations(b.ctx, []barometer.Participation{{Round: 9023, Municipality: "0707"}}))
		b.cases(9023, "0707", professional[:1], "M", "N")
		b.publish(9023)
		b.round(9026, "0707")
		b.cases(9026, "0707", professional, "MMMM", "MMMM")
		s := b.publish(9026)
		r := b.result(s, "9026.0707.investigation_within_four_months")
		if r.Baseline.Status != barometer.NotAsked || r.Change.Difference != nil || *r.Change.Verdict != barometer.NoBasis {
			b.Errorf("%+v %+v", r.Baseline, r.Change)
		}
		pooled := b.result(s, "9026.0707.professional_assessment.pooled")
		if *pooled.Change.PercentagePoints != 50 || len(pooled.Change.LeftOut) != 3 {
			b.Errorf("the change rests on the one common requirement: %+v", pooled.Change)
		}
		if pooled.Notices[0].Code != "small_denominator" {
			b.Errorf("8 assessed: %+v", pooled.Notices)
		}
	})
}
