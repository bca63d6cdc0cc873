package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/synth"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// memory is a synthetic round's outcomes as they come from a database.
type memory struct {
	facts   roundFacts
	sizes   []store.SampleSize
	tallies []store.CaseTally
}

func synthetic(b *testing.B, cat *catalogue.Catalogue, year barometer.Year, cases int) memory {
	b.Helper()
	var file bytes.Buffer
	if err := synth.Write(&file, cat, synth.Options{Round: year, Municipalities: 37, Cases: cases, Seed: 7}, nil); err != nil {
		b.Fatal(err)
	}
	rows, err := csv.NewReader(&file).ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	m := memory{facts: roundFacts{
		round:  barometer.Round{Year: year, Origin: barometer.OriginSynthetic, RequirementsKnown: true},
		listed: cat.SyntheticRequirements(), reported: map[string]barometer.ReportedResult{},
	}}
	sizes, units := map[store.SampleSize]int{}, map[string]bool{}
	count := func(unit barometer.Unit, id, municipality string, caseType barometer.CaseType) {
		if !units[id] {
			units[id] = true
			sizes[store.SampleSize{Municipality: municipality, CaseType: caseType, Unit: unit}]++
		}
	}
	for _, row := range rows[1:] {
		get := func(name string) string { return row[column[name]] }
		t := store.CaseTally{
			Municipality: get("municipality"), CaseID: get("municipality") + get("case"), CaseType: barometer.CaseType(get("case_type")),
			Requirement: get("requirement"), Outcome: barometer.Outcome(get("outcome")), Reason: barometer.Reason(get("reason")), Units: 1,
		}
		m.tallies = append(m.tallies, t)
		count(barometer.UnitCase, t.CaseID, t.Municipality, t.CaseType)
		if number := get("notification"); number != "" {
			count(barometer.UnitNotification, t.CaseID+"/"+number, t.Municipality, t.CaseType)
		}
		if n := len(m.facts.participations); n == 0 || m.facts.participations[n-1].Municipality != t.Municipality {
			m.facts.participations = append(m.facts.participations, barometer.Participation{Round: year, Municipality: t.Municipality})
		}
	}
	for size, n := range sizes {
		size.Units = n
		m.sizes = append(m.sizes, size)
	}
	return m
}

// score makes every result of the round from its outcomes.
func (m memory) score(cat *catalogue.Catalogue) frozen {
	f := m.facts
	f.participations = slices.Clone(f.participations)
	f.samples = gather(f.themes(), m.sizes, slices.Values(m.tallies))
	f.round.ParticipantsRecorded = len(f.participations)
	f.fillSizes()
	out := frozen{round: frozenRound{Round: f.round, Participations: f.participations}, areas: map[string]*areaFigures{}}
	for _, a := range f.figures(cat) {
		out.areas[a.area.Area] = &a
		out.inTurn = append(out.inTurn, a.area.Area)
	}
	return out
}

// BenchmarkScoreARound scores a whole round from memory: 37 municipalities and the country, 13 requirements and their
// themes with every interval, by case type too. It grows no worse than linearly with the cases.
func BenchmarkScoreARound(b *testing.B) {
	eachSize(b, func(b *testing.B, cat *catalogue.Catalogue, cases int) {
		now := synthetic(b, cat, 9026, cases)
		for b.Loop() {
			scored := now.score(cat)
			if country := scored.areas[barometer.Country]; len(scored.areas) != 38 || country.results[0].Interval == nil {
				b.Fatalf("%d areas, the country %+v", len(scored.areas), country.results[0])
			}
		}
	})
}

// BenchmarkCompareARound compares every result of a round with the round three years before: differences, intervals,
// tests, verdicts and sentences.
func BenchmarkCompareARound(b *testing.B) {
	eachSize(b, func(b *testing.B, cat *catalogue.Catalogue, cases int) {
		before, now := synthetic(b, cat, 9023, cases), synthetic(b, cat, 9026, cases)
		d := newDataset(cat, map[barometer.Year]frozen{9023: before.score(cat), 9026: now.score(cat)}, nil)
		baseline := barometer.Year(9023)
		for b.Loop() {
			n := 0
			for _, a := range d.rounds[9026].areas {
				for _, r := range d.compared(9026, a, &baseline, false) {
					if r = d.localise(r, barometer.Danish); r.Change.Sentence != "" {
						n++
					}
				}
			}
			if n != 38*(13+2*5) {
				b.Fatalf("%d changes", n)
			}
		}
	})
}

func eachSize(b *testing.B, run func(b *testing.B, cat *catalogue.Catalogue, cases int)) {
	b.Helper()
	cat, err := catalogue.Load()
	if err != nil {
		b.Fatal(err)
	}
	for _, cases := range []int{750, 7_500, 75_000} {
		b.Run(fmt.Sprintf("cases=%d", cases), func(b *testing.B) {
			b.ReportAllocs()
			run(b, cat, cases)
		})
	}
}
