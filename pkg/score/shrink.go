package score

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// The statuses of a Shrinkage.
const (
	shrunkOK        = "ok"
	completePooling = "complete_pooling"
	noPooling       = "no_pooling"
	noVariation     = "no_variation"
	notIdentified   = "not_identified"
	tooFewUnits     = "too_few_units"
)

// Shrink draws the percentages of municipalities towards their mean (beta-binomial, correlation by moments with weights
// assessed; Kleinman 1973), and gives one for each, in order: nil for all where there is too little to go by (no_variation,
// not_identified, too_few_units), and for one with none assessed where each stands for itself. One with none assessed is
// otherwise what is known of any of them. The interval takes mean and correlation as known.
func Shrink(units []barometer.Share, confidence float64) (barometer.Shrinkage, []*barometer.Shrunken) {
	shrunken := make([]*barometer.Shrunken, len(units))
	m := momentsOf(units)
	if m.status == tooFewUnits {
		return barometer.Shrinkage{Status: m.status}, shrunken
	}
	mean := proportionOf(m.all)
	s := barometer.Shrinkage{Status: m.status, Mean: &mean}
	var of func(barometer.Share) *barometer.Shrunken
	switch m.status {
	case completePooling:
		s.Correlation = new(float64)
		of = func(barometer.Share) *barometer.Shrunken {
			return &barometer.Shrunken{Proportion: mean, Percent: Percent(Exact(m.all))}
		}
	case noPooling:
		one := 1.0
		s.Correlation = &one
		of = unshrunken
	case shrunkOK:
		prior := (1 - m.correlation) / m.correlation
		s.Correlation, s.PriorCases = &m.correlation, &prior
		of = func(unit barometer.Share) *barometer.Shrunken { return posterior(unit, mean, prior, confidence) }
	default:
		return s, shrunken
	}
	for i, unit := range units {
		shrunken[i] = of(unit)
	}
	return s, shrunken
}

func unshrunken(unit barometer.Share) *barometer.Shrunken {
	if unit.Assessed == 0 {
		return nil
	}
	return &barometer.Shrunken{Proportion: proportionOf(unit), Percent: Percent(Exact(unit)), Weight: 1}
}

// posterior is the mean and the equal-tailed interval of Beta(mean·prior + met, (1 - mean)·prior + not met).
func posterior(unit barometer.Share, mean, prior, confidence float64) *barometer.Shrunken {
	n := float64(unit.Assessed)
	alpha, beta := mean*prior+float64(unit.Met), (1-mean)*prior+float64(unit.Assessed-unit.Met)
	p := proportion(alpha / (prior + n))
	s := &barometer.Shrunken{Proportion: p, Percent: int(math.Floor(100*p + 0.5)), Weight: n / (prior + n)}
	b := distuv.Beta{Alpha: alpha, Beta: beta}
	lower, upper := b.Quantile((1-confidence)/2), b.Quantile(1-(1-confidence)/2)
	// So much of the distribution can lie at 0 or 1 that its mean is beyond a quantile.
	s.Interval = NewInterval(confidence, "beta", min(lower, p), max(upper, p))
	return s
}

// moments of the proportions of municipalities.
type moments struct {
	status      string
	all         barometer.Share // of all together
	correlation float64         // of two cases of one municipality; as estimated, so it can lie outside 0 to 1
}

func momentsOf(units []barometer.Share) moments {
	m := moments{status: tooFewUnits}
	k, squares := 0.0, 0.0
	for _, s := range units {
		if s.Assessed > 0 {
			k++
			m.all.Met += s.Met
			m.all.Assessed += s.Assessed
			squares += float64(s.Assessed) * float64(s.Assessed)
		}
	}
	if k < 2 {
		return m
	}
	if m.all.Met == 0 || m.all.Met == m.all.Assessed {
		m.status = noVariation
		return m
	}
	n := float64(m.all.Assessed)
	beyond := n - squares/n - (k - 1)
	if beyond <= 0 { // one case each
		m.status = notIdentified
		return m
	}
	mean, terms := proportionOf(m.all), make([]float64, 0, len(units))
	for _, s := range units {
		if s.Assessed > 0 {
			d := proportionOf(s) - mean
			terms = append(terms, float64(s.Assessed)*d*d)
		}
	}
	m.correlation = (total(terms)/(mean*(1-mean)) - (k - 1)) / beyond
	m.status = statusOf(m.correlation)
	return m
}

func statusOf(correlation float64) string {
	const rounding, nearlyAll = 1e-12, 0.99
	switch {
	case correlation <= rounding:
		return completePooling
	case correlation >= nearlyAll:
		return noPooling
	}
	return shrunkOK
}
