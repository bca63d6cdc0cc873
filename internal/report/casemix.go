package report

import (
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// caseMix compares the shares of placements among an area's cases in two rounds; nil where either is not known. Of the
// country, the municipalities are clusters.
func (d dataset) caseMix(area string, year, baseline barometer.Year) *barometer.CaseMix {
	now, before := d.rounds[year].areas[area], d.rounds[baseline].areas[area]
	if now == nil || before == nil {
		return nil
	}
	shareNow, ok1 := now.placements()
	shareBefore, ok2 := before.placements()
	if !ok1 || !ok2 {
		return nil
	}
	mix := &barometer.CaseMix{Now: placementShare(shareNow), Before: placementShare(shareBefore)}
	var in *barometer.Interval
	if area == barometer.Country {
		in = between(d.rounds[year].placementSide(), d.rounds[baseline].placementSide()).Interval
	} else {
		pNow, pBefore := score.Float(score.Exact(shareNow)), score.Float(score.Exact(shareBefore))
		in = score.Newcombe(pNow-pBefore, pNow, pBefore, score.Wilson(shareNow, score.Confidence), score.Wilson(shareBefore, score.Confidence))
	}
	mix.Differs = in != nil && (in.Lower > 0 || in.Upper < 0)
	return mix
}

// placements gives how many of an area's cases are placements; false where this is not known or it has no cases.
func (a *areaFigures) placements() (barometer.Share, bool) {
	if a.area.Placements == nil || *a.area.Cases == 0 {
		return barometer.Share{}, false
	}
	return barometer.Share{Met: *a.area.Placements, Assessed: *a.area.Cases}, true
}

func placementShare(s barometer.Share) barometer.PlacementShare {
	return barometer.PlacementShare{Placements: s.Met, Cases: s.Assessed, Percent: score.Percent(score.Exact(s))}
}

// placementSide estimates the country's share of placements from those of the participants.
func (f frozen) placementSide() side {
	var s side
	var clusters []score.Cluster
	for _, p := range f.round.Participations {
		share, _ := f.areas[p.Municipality].placements()
		clusters = append(clusters, score.Cluster{Met: []int{share.Met}, Assessed: []int{share.Assessed}, Count: 1})
		s.areas = append(s.areas, p.Municipality)
	}
	s.estimate, _ = score.Pooled(clusters, score.Confidence)
	return s
}
