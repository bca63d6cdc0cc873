package report

import (
	"math/big"
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// side is one side of a difference: an exact proportion, what it rests on, and how certain it is.
type side struct {
	fraction    *big.Rat
	basis       barometer.Basis
	interval    *barometer.Interval
	spreadKnown bool // how the outcomes are spread over cases or municipalities, or that this does not matter
	estimate    score.Estimate
	areas       []string // of the country: the municipalities of the estimate's contributions
}

// between gives the difference of two figures of the country. What both rounds have of a municipality is not
// independent.
func between(now, before side) score.RoundDifference {
	return score.Difference(now.estimate, before.estimate, now.areas, before.areas, score.Confidence)
}

// requirementSide gives the side of a requirement that has a figure.
func (a *areaFigures) requirementSide(r *barometer.Result) side {
	s := side{fraction: a.exact(r), basis: *r.Basis, interval: r.Interval, spreadKnown: independent(*r)}
	s.take(a, r.Theme, barometer.Pooled, []string{*r.Requirement})
	return s
}

// themeSide scores a theme anew on some of its requirements, all of which have a figure; false for a pooled share
// without counts.
func (a *areaFigures) themeSide(theme string, method barometer.Method, requirements []string) (side, bool) {
	var used []*barometer.Result
	for _, r := range a.requirementsOf(theme) {
		if slices.Contains(requirements, *r.Requirement) {
			used = append(used, r)
		}
	}
	s, ok := side{basis: barometer.BasisCounts}, true
	switch {
	case method != barometer.Pooled:
		var fractions []*big.Rat
		fractions, s.basis = fractionsOf(used, a.exact)
		s.fraction = score.Mean(fractions)
	case a.equal:
		s.fraction = equalFraction(a.clustersOf(theme, requirements))
	default:
		var share barometer.Share
		share, ok = pooledShare(used)
		s.fraction = score.Exact(share)
	}
	s.take(a, theme, method, requirements)
	s.interval = s.estimate.Interval
	return s, ok
}

// take estimates a side from the outcomes by case or municipality, where these are known.
func (s *side) take(a *areaFigures, theme string, method barometer.Method, requirements []string) {
	clusters := a.clustersOf(theme, requirements)
	if clusters == nil {
		return
	}
	s.spreadKnown = true
	s.estimate, _ = a.estimator(method)(clusters, score.Confidence)
	s.areas = a.theme(theme).Areas
}

type estimator func(clusters []score.Cluster, confidence float64) (score.Estimate, bool)

// estimator gives the formula of a method: every case alike, or every municipality.
func (a *areaFigures) estimator(method barometer.Method) estimator {
	switch {
	case method == barometer.Pooled && a.equal:
		return score.PooledEqual
	case method == barometer.Pooled:
		return score.Pooled
	case a.equal:
		return score.MeanEqual
	}
	return score.MeanOfRequirements
}

// exact gives the proportion of a requirement that has a figure exactly, as the area weighs its municipalities.
func (a *areaFigures) exact(r *barometer.Result) *big.Rat {
	if a.equal {
		return equalFraction(a.clustersOf(r.Theme, []string{*r.Requirement}))
	}
	return exactOf(r)
}

// exactOf gives the proportion of a requirement that has a figure exactly, from its counts or its printed percent.
func exactOf(r *barometer.Result) *big.Rat {
	if s, ok := r.Share(); ok {
		return score.Exact(s)
	}
	return score.Printed(*r.Percent)
}

// fractionsOf gives the exact proportions of requirements that have a figure, and what they rest on together.
func fractionsOf(results []*barometer.Result, exact func(*barometer.Result) *big.Rat) ([]*big.Rat, barometer.Basis) {
	var fractions []*big.Rat
	var basis barometer.Basis
	for _, r := range results {
		fractions = append(fractions, exact(r))
		basis = joint(basis, *r.Basis)
	}
	return fractions, basis
}

// equalFraction gives the mean of the proportions of the municipalities that have assessed outcomes, nil of none.
func equalFraction(clusters []score.Cluster) *big.Rat {
	var fractions []*big.Rat
	for _, c := range clusters {
		var s barometer.Share
		for i := range c.Met {
			s.Met += c.Met[i]
			s.Assessed += c.Assessed[i]
		}
		if s.Assessed > 0 {
			fractions = append(fractions, score.Exact(s))
		}
	}
	return score.Mean(fractions)
}
