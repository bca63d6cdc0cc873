package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// drawn is a municipality's cases in a round.
type drawn struct {
	municipality string
	tallies      []store.CaseTally
	cases        int
	units        int // notifications
}

var pooledRequirements = []string{
	"investigation_conducted", "investigation_within_four_months", "notification_assessed_within_24_hours",
}

// drawRound draws the cases of up to three municipalities.
func drawRound(t *rapid.T, cat *catalogue.Catalogue, year barometer.Year) []drawn {
	var out []drawn
	for _, code := range []string{"0101", "0183", "0707"} {
		if !rapid.Bool().Draw(t, "takes part") {
			continue
		}
		d := drawn{municipality: code, cases: rapid.IntRange(1, 4).Draw(t, "cases")}
		for i := range d.cases {
			d.tallies = append(d.tallies, drawCase(t, cat, code, fmt.Sprintf("%d.%s.%d", year, code, i))...)
		}
		for _, tally := range d.tallies {
			if tally.Requirement == pooledRequirements[2] {
				d.units += tally.Units
			}
		}
		if len(d.tallies) > 0 { // one of whom nothing was entered has no figures
			out = append(out, d)
		}
	}
	return out
}

func drawCase(t *rapid.T, cat *catalogue.Catalogue, municipality, id string) (tallies []store.CaseTally) {
	for _, code := range pooledRequirements {
		q, _ := cat.Requirement(code, barometer.Danish)
		most := 1
		if q.Unit == barometer.UnitNotification {
			most = 2
		}
		for _, a := range []barometer.Assessment{
			{Outcome: barometer.Met},
			{Outcome: barometer.MetByException, Reason: barometer.Urgency},
			{Outcome: barometer.NotMet},
			{Outcome: barometer.NotApplicable, Reason: barometer.NotYetDue},
		} {
			if units := rapid.IntRange(0, most).Draw(t, code); units > 0 {
				tallies = append(tallies, store.CaseTally{
					Municipality: municipality, CaseID: id, CaseType: barometer.Placement, Requirement: code,
					Outcome: a.Outcome, Reason: a.Reason, Units: units,
				})
				if most == 1 {
					break // one outcome a case
				}
			}
		}
	}
	return tallies
}

// factsOf makes a round of what was drawn for it.
func factsOf(cat *catalogue.Catalogue, year barometer.Year, all ...drawn) roundFacts {
	f := roundFacts{
		round:   barometer.Round{Year: year, Origin: year.Origin(), RequirementsKnown: true},
		samples: map[string]*sample{}, reported: map[string]barometer.ReportedResult{},
	}
	for _, code := range pooledRequirements {
		q, _ := cat.Requirement(code, barometer.Danish)
		f.listed = append(f.listed, q)
	}
	for _, d := range all {
		s := f.samples[d.municipality]
		if s == nil {
			s = newSample(f.themes())
			f.samples[d.municipality] = s
			f.participations = append(f.participations, barometer.Participation{Round: year, Municipality: d.municipality})
		}
		add := func(unit barometer.Unit, n int) {
			s.each(barometer.Placement, func(s *sample) { s.addUnits(store.SampleSize{Unit: unit, Units: n}) })
		}
		add(barometer.UnitCase, d.cases)
		add(barometer.UnitNotification, d.units)
		for _, tally := range d.tallies {
			q, _ := cat.Requirement(tally.Requirement, barometer.Danish)
			s.each(tally.CaseType, func(s *sample) { s.add(tally, q.Theme) })
		}
	}
	for _, s := range f.samples {
		s.end()
	}
	slices.SortFunc(f.participations, func(a, b barometer.Participation) int { return strings.Compare(a.Municipality, b.Municipality) })
	f.round.ParticipantsRecorded = len(f.participations)
	f.fillSizes()
	return f
}

// publishedAs is a round as a publication has it.
func publishedAs(cat *catalogue.Catalogue, f roundFacts) frozen {
	out := frozen{round: frozenRound{Round: f.round, Participations: f.participations, Listed: pooledRequirements}, areas: map[string]*areaFigures{}}
	for _, a := range f.figures(cat) {
		out.areas[a.area.Area] = &a
		out.inTurn = append(out.inTurn, a.area.Area)
	}
	return out
}

// sameNumbers tells whether two results say the same, whatever they are of; numbers that are not whole to 12 digits.
func sameNumbers(a, b barometer.Result) bool {
	return restOf(a) == restOf(b) && a.Area == b.Area && a.Status == b.Status && equal(a.Met, b.Met) && equal(a.Assessed, b.Assessed) &&
		equal(a.MetByException, b.MetByException) && slices.EqualFunc(a.NotAssessed, b.NotAssessed, func(x, y barometer.NotAssessedCount) bool {
		return equal(x.Outcome, y.Outcome) && x.Reason == y.Reason && x.Count == y.Count
	}) && alike(a.Proportion, b.Proportion) && equal(a.Percent, b.Percent) && equal(a.Reliability, b.Reliability) &&
		alike(a.EffectiveN, b.EffectiveN) && alike(a.DesignEffect, b.DesignEffect) && (a.Interval == nil) == (b.Interval == nil) &&
		(a.Interval == nil || alike(&a.Interval.Lower, &b.Interval.Lower) && alike(&a.Interval.Upper, &b.Interval.Upper)) &&
		equal(a.IntervalFor, b.IntervalFor)
}

func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

func alike(a, b *float64) bool {
	return a == b || a != nil && b != nil && math.Abs(*a-*b) <= 1e-12*math.Max(1, math.Abs(*a))
}

// TestPoolingRoundsIsScoringTheirUnion: the counts of two rounds pooled give what one round with all of their cases has.
func TestPoolingRoundsIsScoringTheirUnion(t *testing.T) {
	t.Parallel()
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	thousands(t, 10_000, func(t *rapid.T) {
		earlier, later := drawRound(t, cat, 9001), drawRound(t, cat, 9002)
		data := newDataset(cat, map[barometer.Year]frozen{
			9001: publishedAs(cat, factsOf(cat, 9001, earlier...)), 9002: publishedAs(cat, factsOf(cat, 9002, later...)),
		}, nil)
		s := &Snapshot{cat: cat, data: data}
		var want []barometer.Result
		both := factsOf(cat, 9003, append(slices.Clone(earlier), later...)...)
		for _, a := range both.figures(cat) {
			if a.area.Area == barometer.Country && len(earlier) > 0 && a.results[0].Status == barometer.NoFigure {
				t.Fatal("the country was not computed")
			}
			if a.area.Area == barometer.Country && (len(earlier) == 0 || len(later) == 0) {
				continue // a round without participants has no figure of the country, and neither has the period
			}
			want = append(want, a.results...)
		}
		got := s.pool([]barometer.Year{9001, 9002}, Options{})
		if len(got) < len(want) || !slices.EqualFunc(want, got[:len(want)], sameNumbers) {
			t.Fatal(cmp.Diff(want, got))
		}
	})
}

// thousands tries a property that many times.
func thousands(t *testing.T, cases int, property func(*rapid.T)) {
	t.Helper()
	for done := 0; done < cases; done += 100 { // 100 is what one check makes
		rapid.Check(t, property)
		if t.Failed() {
			return
		}
	}
}
