package report

import (
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Trend gives the figures of an area over all its published rounds of an origin, each against the round before it in the
// trend. It has no series where the area took part in none.
func (s *Snapshot) Trend(area string, origin barometer.Origin, allowBreak bool, lang barometer.Lang) barometer.Trend {
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
		for _, r := range s.comparedTo(year, s.data.rounds[year].areas[area], before, allowBreak, lang) {
			points[restOf(r)] = append(points[restOf(r)], r)
		}
	}
	for _, series := range points {
		t.Series = append(t.Series, seriesOf(series))
	}
	slices.SortFunc(t.Series, func(a, b barometer.TrendSeries) int { return s.place(a) - s.place(b) })
	return t
}

func seriesOf(points []barometer.Result) barometer.TrendSeries {
	first := points[0]
	series := barometer.TrendSeries{
		Theme: first.Theme, ThemeName: first.ThemeName, Level: first.Level, Requirement: first.Requirement, Points: points,
	}
	if first.ThemeBasis != nil {
		series.Method = &first.Method
	}
	return series
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
