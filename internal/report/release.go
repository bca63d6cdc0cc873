package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// dataset is what a release is made of: the current publication of every round, and the judgements in force.
type dataset struct {
	cat        *catalogue.Catalogue
	rounds     map[barometer.Year]frozen
	years      []barometer.Year // ascending
	judgements []barometer.Judgement
	// requirements of the catalogue, in its order.
	requirements []barometer.Requirement
}

func newDataset(cat *catalogue.Catalogue, rounds map[barometer.Year]frozen, judgements []barometer.Judgement) dataset {
	return dataset{
		cat: cat, rounds: rounds, years: slices.Sorted(maps.Keys(rounds)), judgements: judgements,
		requirements: cat.Requirements(barometer.Danish),
	}
}

// participated lists the years of a municipality's recorded participations of an origin, or all years of the country,
// ascending.
func (d dataset) participated(area string, origin barometer.Origin) []barometer.Year {
	var years []barometer.Year
	for _, y := range d.years {
		if _, there := d.rounds[y].areas[area]; there && y.Origin() == origin {
			years = append(years, y)
		}
	}
	return years
}

// baseline gives the round that an area's figures are compared with by default. A municipality's is its latest earlier
// participation. The country's is the annual round three years earlier, which has the same municipalities; otherwise
// the latest earlier round.
func (d dataset) baseline(area string, year barometer.Year) (barometer.Year, bool) {
	const cycle = 3
	earlier := d.participated(area, year.Origin())
	earlier = slices.DeleteFunc(earlier, func(y barometer.Year) bool { return y >= year })
	if area == barometer.Country && slices.Contains(earlier, year-cycle) && d.rounds[year-cycle].round.Round.Kind == "annual" {
		return year - cycle, true
	}
	if len(earlier) == 0 {
		return 0, false
	}
	return earlier[len(earlier)-1], true
}

// compared gives the results of an area with the country's figures beside them and, where there is a baseline, the
// change since; across a break too where that is allowed.
func (d dataset) compared(year barometer.Year, now *areaFigures, baseline *barometer.Year, allowBreak bool) []barometer.Result {
	results := slices.Clone(now.results)
	if now.area.Area != barometer.Country {
		country := d.rounds[year].areas[barometer.Country]
		for i := range results {
			results[i].Country = countryFigure(country, &results[i])
		}
	}
	if baseline == nil {
		return results
	}
	c := d.comparison(year, now, *baseline)
	c.allowBreak = allowBreak
	for i := range results {
		c.fill(&results[i])
	}
	return results
}

// comparison of an area's figures in a round with those of an earlier one.
func (d dataset) comparison(year barometer.Year, now *areaFigures, baseline barometer.Year) comparison {
	area := now.area.Area
	before := d.rounds[baseline].areas[area]
	if now.equal {
		before = before.equally()
	}
	return comparison{
		dataset: d, now: now, before: before, round: year, baseline: d.rounds[baseline].round,
		panelShare: d.panelShare(area, year, baseline), caseMix: d.caseMix(area, year, baseline), family: newFamily(now, before),
	}
}

func countryFigure(country *areaFigures, of *barometer.Result) *barometer.CountryFigure {
	r := country.like(of)
	if r == nil {
		return &barometer.CountryFigure{Status: barometer.NoFigure}
	}
	return &barometer.CountryFigure{
		Status: r.Status, Met: r.Met, Assessed: r.Assessed, Percent: r.Percent,
		Interval: r.Interval, Source: r.Source,
	}
}

// panelShare gives the share of a round's participants that an earlier round had too; nil for a municipality and where
// the participants of either are not all known.
func (d dataset) panelShare(area string, year, baseline barometer.Year) *float64 {
	now, before := d.rounds[year].round, d.rounds[baseline].round
	if area != barometer.Country || len(now.Participations) == 0 || !now.Round.AllParticipantsKnown() || !before.Round.AllParticipantsKnown() {
		return nil
	}
	shared := 0
	for _, p := range now.Participations {
		if _, there := d.rounds[baseline].areas[p.Municipality]; there {
			shared++
		}
	}
	share := float64(shared) / float64(len(now.Participations))
	return &share
}

// released gives every result of the data set with its default comparisons, in Danish, round by round.
func (d dataset) released() []barometer.Result {
	count := 0
	for _, round := range d.rounds {
		for _, a := range round.areas {
			count += len(a.results)
		}
	}
	all := make([]barometer.Result, 0, count)
	for _, year := range d.years {
		for _, area := range d.rounds[year].inTurn {
			var baseline *barometer.Year
			if y, ok := d.baseline(area, year); ok {
				baseline = &y
			}
			for _, r := range d.compared(year, d.rounds[year].areas[area], baseline, false) {
				all = append(all, d.localise(r, barometer.Danish))
			}
		}
	}
	return all
}

// periods gives the figures of the periods all whose rounds are in the data set, in Danish.
func (d dataset) periods(reported []barometer.ReportedPeriod) []barometer.Result {
	var out []barometer.Result
	for _, p := range reported {
		var rounds []barometer.Year
		held := true
		for _, field := range strings.Fields(p.Rounds) {
			n, err := strconv.Atoi(field)
			_, there := d.rounds[barometer.Year(n)]
			held = held && err == nil && there
			rounds = append(rounds, barometer.Year(n))
		}
		q, known := d.cat.Requirement(p.Requirement, barometer.Danish)
		if !held || !known {
			continue
		}
		basis, reliability := barometer.BasisPrintedPercent, barometer.ReliabilityVeryLow
		r := barometer.Result{
			Key:    fmt.Sprintf("%s.%s.%s", periodOf(rounds), p.Area, p.Requirement),
			Origin: rounds[0].Origin(), Rounds: rounds, AreaType: barometer.AreaTypeOf(p.Area), Area: p.Area,
			Level: barometer.LevelRequirement, Theme: q.Theme, Requirement: &q.Code, Unit: &q.Unit,
			Status: barometer.PercentOnly, Percent: &p.Percent, Basis: &basis, Cases: p.Cases, Reliability: &reliability,
			Notices: []barometer.Notice{{Code: fromPrintedPercents}}, Source: &p.Source,
		}
		describe(&r)
		out = append(out, d.localise(r, barometer.Danish))
	}
	slices.SortStableFunc(out, func(a, b barometer.Result) int {
		return cmp.Or(slices.Compare(a.Rounds, b.Rounds), d.cat.Order(a.Theme, *a.Requirement)-d.cat.Order(b.Theme, *b.Requirement))
	})
	return out
}

// rowsOf turns results into the rows of a release, one canonical JSON object each.
func rowsOf(results []barometer.Result) ([]barometer.FrozenRow, error) {
	rows := make([]barometer.FrozenRow, len(results))
	for i, r := range results {
		body, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		rows[i] = barometer.FrozenRow{Kind: barometer.RowResult, Key: r.Key, Body: string(body)}
	}
	slices.SortFunc(rows, func(a, b barometer.FrozenRow) int { return strings.Compare(a.Key, b.Key) })
	return rows, nil
}

// checksum of a release's rows, which are sorted by key: see [barometer.Release].
func checksum(rows []barometer.FrozenRow) string {
	h := sha256.New()
	for _, r := range rows {
		_, _ = h.Write([]byte(r.Body + "\n")) // a hash never fails
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// countFigures counts the requirement results of a round that have a percent of their own.
func countFigures(results []barometer.Result) int {
	n := 0
	for _, r := range results {
		if r.Round != nil && r.Requirement != nil && r.HasFigure() {
			n++
		}
	}
	return n
}
