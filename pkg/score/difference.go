package score

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// RoundDifference is the difference of a figure of the country between two rounds. What is not defined is nil.
type RoundDifference struct {
	Difference float64 // new minus old
	// SE and Covariance are nil unless both rounds have a standard error.
	SE, Covariance *float64
	// Correlation of the two figures; nil where one of them does not vary. The interval takes it as 0 then.
	Correlation *float64
	// DF is the number of municipalities of the two rounds together, minus 1.
	DF int
	// T and P are nil where SE is 0.
	T, P *float64
	// Interval is nil unless both rounds have one.
	Interval *barometer.Interval
}

// Difference compares two estimates of the country, with the municipality as cluster over both rounds: one audited in
// both makes them correlated. The IDs name the clusters in the order of Contributions, each of Count 1; the same ID is
// the same municipality, in both rounds or in one. The interval is Newcombe's with the correlation (MOVER; Zou, Donner 2008).
func Difference(now, before Estimate, nowIDs, beforeIDs []string, confidence float64) RoundDifference {
	d := RoundDifference{Difference: now.Proportion - before.Proportion}
	pairs := paired(now.Contributions, before.Contributions, nowIDs, beforeIDs)
	d.DF = len(pairs) - 1
	if now.SE != nil && before.SE != nil && d.DF > 0 {
		d.vary(pairs)
	}
	if now.Interval == nil || before.Interval == nil {
		return d
	}
	r := 0.0
	if d.Correlation != nil {
		r = *d.Correlation
	}
	d.Interval = mover(d.Difference, boundsIn(now), boundsIn(before), r, confidence)
	return d
}

// contribution of one municipality to the figures of the two rounds.
type contribution struct{ now, before float64 }

func paired(now, before []float64, nowIDs, beforeIDs []string) []contribution {
	pairs := make([]contribution, 0, len(nowIDs)+len(beforeIDs))
	place := make(map[string]int, cap(pairs))
	at := func(id string) *contribution {
		i, known := place[id]
		if !known {
			i = len(pairs)
			place[id], pairs = i, append(pairs, contribution{})
		}
		return &pairs[i]
	}
	for i, id := range nowIDs {
		at(id).now += now[i]
	}
	for i, id := range beforeIDs {
		at(id).before += before[i]
	}
	return pairs
}

// vary fills in the standard error and what follows from it.
func (d *RoundDifference) vary(pairs []contribution) {
	k := float64(len(pairs))
	sumOf := func(term func(contribution) float64) float64 {
		terms := make([]float64, len(pairs))
		for i, p := range pairs {
			terms[i] = term(p)
		}
		return k / (k - 1) * total(terms)
	}
	covariance := sumOf(func(p contribution) float64 { return p.now * p.before })
	se := standardError(sumOf(func(p contribution) float64 { return (p.now - p.before) * (p.now - p.before) }))
	d.SE, d.Covariance = &se, &covariance
	seNow := standardError(sumOf(func(p contribution) float64 { return p.now * p.now }))
	seBefore := standardError(sumOf(func(p contribution) float64 { return p.before * p.before }))
	if seNow > 0 && seBefore > 0 {
		r := max(-1, min(1, covariance/(seNow*seBefore)))
		d.Correlation = &r
	}
	if se > 0 {
		t := d.Difference / se
		p := 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(d.DF)}.CDF(-math.Abs(t))
		d.T, d.P = &t, &p
	}
}

func boundsIn(e Estimate) bounds { return bounds{e.Proportion, e.Interval.Lower, e.Interval.Upper} }

func mover(difference float64, now, before bounds, r, confidence float64) *barometer.Interval {
	distance := func(a, b float64) float64 { return math.Sqrt(max(0, a*a-2*r*a*b+b*b)) }
	return NewInterval(confidence, "mover",
		max(-1, difference-distance(now.p-now.lower, before.upper-before.p)),
		min(1, difference+distance(now.upper-now.p, before.p-before.lower)))
}
