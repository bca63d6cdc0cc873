package report

import (
	"slices"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// Notices that stand on a distribution alone.
const (
	overdispersed     = "overdispersed"
	clusteredOutcomes = "clustered_outcomes"
	bestGuess         = "best_guess"
)

// notOffered is the status of a shrinkage that is not made.
const notOffered = "not_offered"

// Distribution sets the municipalities of a published round beside the country on a requirement. NotFound where the round
// is not published or does not list the requirement, Gone where it is withdrawn.
func (s *Snapshot) Distribution(year barometer.Year, requirement string, lang barometer.Lang) (barometer.Distribution, error) {
	round, err := s.Round(year)
	if err != nil {
		return barometer.Distribution{}, err
	}
	frozen := s.data.rounds[year].round
	if !slices.Contains(frozen.Listed, requirement) {
		return barometer.Distribution{}, barometer.Errorf(barometer.NotFound,
			"Round %d has no requirement %s. It has: %s.", year, requirement, strings.Join(frozen.Listed, ", "))
	}
	country, err := s.countryResult(year, requirement, lang)
	if err != nil {
		return barometer.Distribution{}, err
	}
	d := barometer.Distribution{
		Round: year, Origin: round.Origin, Theme: country.Theme, ThemeName: country.ThemeName, Requirement: requirement,
		Question: *country.Question, Unit: *country.Unit, Release: s.release.Number, Country: country, Target: targetOf(country),
		Shrinkage: barometer.Shrinkage{Status: notOffered}, Limits: []barometer.FunnelLimits{},
		WithoutFigure: []barometer.StatusCount{}, Municipalities: s.municipalities(year, requirement, lang),
	}
	if d.Unit == barometer.UnitCase {
		compareAll(&d)
	}
	for _, status := range s.cat.CodeList("statuses", lang) {
		if n := withoutFigure(d.Municipalities, barometer.Status(status.Code)); n > 0 {
			d.WithoutFigure = append(d.WithoutFigure, barometer.StatusCount{Status: barometer.Status(status.Code), Count: n})
		}
	}
	d.Notices = localiseNotices(s.cat, distributionNotices(d, round), lang)
	return d, nil
}

// countryResult gives the country's result of a listed requirement, as it is released.
func (s *Snapshot) countryResult(year barometer.Year, requirement string, lang barometer.Lang) (barometer.Result, error) {
	baseline, err := s.baselineOf(year, barometer.Country, Baseline{})
	if err != nil {
		return barometer.Result{}, err
	}
	results := s.comparedTo(year, s.figuresOf(year, barometer.Country), baseline, Options{}, lang)
	i := slices.IndexFunc(results, func(r barometer.Result) bool { return r.Requirement != nil && *r.Requirement == requirement })
	return results[i], nil
}

// municipalities lists what the recorded participants have on a requirement, by code.
func (s *Snapshot) municipalities(year barometer.Year, requirement string, lang barometer.Lang) []barometer.MunicipalityPosition {
	list := []barometer.MunicipalityPosition{}
	for _, area := range s.data.rounds[year].inTurn {
		if area == barometer.Country {
			continue
		}
		r := s.figuresOf(year, area).requirement(requirement)
		list = append(list, barometer.MunicipalityPosition{
			Municipality: area, Name: s.cat.AreaName(area, lang), Key: r.Key, Status: r.Status, Met: r.Met, Assessed: r.Assessed,
			Proportion: r.Proportion, Percent: r.Percent, Interval: r.Interval, Reliability: r.Reliability,
			Notices: localiseNotices(s.cat, r.Notices, lang),
		})
	}
	return list
}

// targetOf gives what municipalities are held against; nil where the country has no figure.
func targetOf(country barometer.Result) *barometer.Target {
	if !country.HasFigure() {
		return nil
	}
	return &barometer.Target{Proportion: score.Float(exactOf(&country)), Percent: *country.Percent, Basis: *country.Basis}
}

// compareAll gives the municipalities that have counts their places in the funnel and their shrunken percentages.
func compareAll(d *barometer.Distribution) {
	var counted []*barometer.MunicipalityPosition
	var units []barometer.Share
	most := 0
	for i := range d.Municipalities {
		m := &d.Municipalities[i]
		if m.Met == nil || *m.Assessed == 0 {
			continue
		}
		counted = append(counted, m)
		units = append(units, barometer.Share{Met: *m.Met, Assessed: *m.Assessed})
		most = max(most, *m.Assessed)
	}
	shrinkage, shrunken := score.Shrink(units, score.Confidence)
	d.Shrinkage = shrinkage
	for i, m := range counted {
		m.Shrunken = shrunken[i]
	}
	if d.Target == nil {
		return
	}
	for _, n := range drawnAt(most) {
		if limits := score.FunnelLimits(n, d.Target.Proportion); limits != nil {
			d.Limits = append(d.Limits, *limits)
		}
	}
	if over, known := score.Overdispersed(units, d.Target.Proportion); known {
		d.Overdispersion = &over
	}
	for i, m := range counted {
		place(m, units[i], d.Target.Proportion, d.Overdispersion)
	}
}

// place gives a municipality its place in the funnel, where the target has one.
func place(m *barometer.MunicipalityPosition, s barometer.Share, target float64, over *barometer.Overdispersion) {
	at, ok := score.Funnel(s, target)
	if !ok {
		return
	}
	m.Position, m.TailLow, m.TailHigh = &at.Position, &at.TailLow, &at.TailHigh
	m.Limits = score.FunnelLimits(s.Assessed, target)
	if over != nil {
		m.AdditiveLimits = score.AdditiveLimits(s.Assessed, target, over.Tau2)
	}
}

// drawnAt gives the numbers of cases at which a funnel is drawn: all from 1 to the greatest, or 60 of them, evenly spread.
func drawnAt(most int) []int {
	const points = 60
	var at []int
	for i := range min(points, most) {
		n := i + 1
		if most > points {
			n = 1 + i*(most-1)/(points-1)
		}
		at = append(at, n)
	}
	return at
}

func withoutFigure(municipalities []barometer.MunicipalityPosition, status barometer.Status) int {
	n := 0
	for _, m := range municipalities {
		if m.Percent == nil && m.Status == status {
			n++
		}
	}
	return n
}

// distributionNotices says what must be shown with a distribution. The texts are filled in by localiseNotices.
func distributionNotices(d barometer.Distribution, round barometer.Round) []barometer.Notice {
	list := []barometer.Notice{}
	add := func(when bool, code string) {
		if when {
			list = append(list, barometer.Notice{Code: code})
		}
	}
	add(!round.AllParticipantsKnown(), participantsUnknown)
	add(true, notGeneralisable)
	add(d.Overdispersion != nil && d.Overdispersion.Overdispersed, overdispersed)
	add(d.Unit != barometer.UnitCase, clusteredOutcomes)
	add(slices.ContainsFunc(d.Municipalities, func(m barometer.MunicipalityPosition) bool { return m.Shrunken != nil }), bestGuess)
	add(d.Origin == barometer.OriginSynthetic, syntheticFigures)
	return list
}
