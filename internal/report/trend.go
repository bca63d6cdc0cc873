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
		t.Series = append(t.Series, seriesOf(series))
	}
	slices.SortFunc(t.Series, func(a, b barometer.TrendSeries) int { return s.place(a) - s.place(b) })
	for _, series := range t.Series {
		t.Notices = append(t.Notices, missingFrom(t.Notices, cautions(series.Points))...)
	}
	return t
}

func seriesOf(points []barometer.Result) barometer.TrendSeries {
	first := points[0]
	series := barometer.TrendSeries{
		Theme: first.Theme, ThemeName: first.ThemeName, Level: first.Level, Requirement: first.Requirement, Points: points,
		Breaks: breaksIn(points),
	}
	if first.ThemeBasis != nil {
		series.Method = &first.Method
	}
	return series
}

// breaksIn lists the neighbouring points that cannot be compared, or not without a caveat.
func breaksIn(points []barometer.Result) []barometer.TrendBreak {
	breaks := []barometer.TrendBreak{}
	for _, r := range points {
		if r.Change == nil {
			continue
		}
		if c := r.Change.Comparability; c.Judgement == barometer.NotComparable || c.Judgement == barometer.WithCaveat {
			breaks = append(breaks, barometer.TrendBreak{From: r.Baseline.Round, To: *r.Round, Comparability: c})
		}
	}
	return breaks
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
