package report

import (
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Trend gives the figures of an area over all its published rounds of an origin, each against the round before it in the
// trend. It has no series where the area took part in none.
func (s *Snapshot) Trend(area string, origin barometer.Origin, o Options, lang barometer.Lang) barometer.Trend {
	years := s.data.participated(area, origin)
	t := barometer.Trend{
		AreaType: barometer.AreaTypeOf(area), Area: area, AreaName: s.cat.AreaName(area, lang), Origin: origin,
		Release: s.Release().Number, Rounds: append([]barometer.Year{}, years...), Series: []barometer.TrendSeries{},
		Notices: s.trendNotices(area, origin, lang),
	}
	points := map[string][]barometer.Result{} // by a result's key without round and area
	for i, year := range years {
		var before *barometer.Year
		if i > 0 {
			before = &years[i-1]
		}
		for _, r := range s.comparedTo(year, s.data.rounds[year].areas[area], before, o, lang) {
			points[restOf(r)] = append(points[restOf(r)], r)
		}
	}
	for _, series := range points {
		t.Series = append(t.Series, s.seriesOf(series, o, lang))
	}
	slices.SortFunc(t.Series, func(a, b barometer.TrendSeries) int { return s.place(a) - s.place(b) })
	for _, series := range t.Series {
		t.Notices = append(t.Notices, missingFrom(t.Notices, cautions(series.Points))...)
	}
	return t
}

func (s *Snapshot) seriesOf(points []barometer.Result, o Options, lang barometer.Lang) barometer.TrendSeries {
	first := points[0]
	series := barometer.TrendSeries{
		Theme: first.Theme, ThemeName: first.ThemeName, Level: first.Level, Requirement: first.Requirement, Points: points,
		Breaks: s.breaksIn(points, o, lang),
	}
	if first.ThemeBasis != nil {
		series.Method = &first.Method
	}
	return series
}

// breaksIn lists the neighbouring points that cannot be compared, or not without a caveat, and those that a line would
// join across points without a figure.
func (s *Snapshot) breaksIn(points []barometer.Result, o Options, lang barometer.Lang) []barometer.TrendBreak {
	breaks := []barometer.TrendBreak{}
	add := func(from barometer.Year, r barometer.Result) {
		if r.Change == nil {
			return
		}
		if c := r.Change.Comparability; c.Judgement == barometer.NotComparable || c.Judgement == barometer.WithCaveat {
			breaks = append(breaks, barometer.TrendBreak{From: from, To: *r.Round, Comparability: c})
		}
	}
	var drawn *barometer.Result // the latest with a figure
	for i := range points {
		r := points[i]
		if i > 0 {
			add(*points[i-1].Round, r)
		}
		if !r.HasFigure() {
			continue
		}
		if drawn != nil && *drawn.Round != *points[i-1].Round {
			add(*drawn.Round, s.against(r, *drawn.Round, o, lang))
		}
		drawn = &points[i]
	}
	return breaks
}

// against gives a result compared with another round.
func (s *Snapshot) against(r barometer.Result, baseline barometer.Year, o Options, lang barometer.Lang) barometer.Result {
	for _, other := range s.comparedTo(*r.Round, s.data.rounds[*r.Round].areas[r.Area], &baseline, o, lang) {
		if sameFigure(&other, &r) {
			return other
		}
	}
	return barometer.Result{}
}

// missingFrom gives those of some notices that are not in a list.
func missingFrom(list, some []barometer.Notice) []barometer.Notice {
	return slices.DeleteFunc(some, func(n barometer.Notice) bool { return slices.Contains(list, n) })
}

// place of a series in a scorecard.
func (s *Snapshot) place(t barometer.TrendSeries) int {
	switch {
	case t.Requirement != nil:
		return 2*s.cat.Order(t.Theme, *t.Requirement) + 1
	case *t.Method == barometer.Pooled:
		return 2 * s.cat.Order(t.Theme, "")
	}
	return 2*s.cat.Order(t.Theme, "") + 1
}

func (s *Snapshot) trendNotices(area string, origin barometer.Origin, lang barometer.Lang) []barometer.Notice {
	notices := []barometer.Notice{}
	if area != barometer.Country {
		notices = append(notices, barometer.Notice{Code: notGeneralisable})
	}
	if origin == barometer.OriginSynthetic {
		notices = append(notices, barometer.Notice{Code: syntheticFigures})
	}
	return localiseNotices(s.cat, notices, lang)
}
