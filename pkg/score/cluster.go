package score

import (
	"math"
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Cluster is what one case contributes: for each requirement of a theme how many of its outcomes were assessed and how
// many of these met (at most 1 for a requirement counted over cases, several for one counted over notifications).
// Count says how many cases contribute exactly that.
type Cluster struct {
	Met      []int `json:"met"`
	Assessed []int `json:"assessed"`
	Count    int   `json:"count"`
}

// Select keeps the given requirements of each cluster, by their place. The cases stay: one that contributes nothing to
// these requirements still counts as a case of the round.
func Select(clusters []Cluster, places []int) []Cluster {
	out := make([]Cluster, len(clusters))
	for i, c := range clusters {
		out[i].Count = c.Count
		for _, p := range places {
			out[i].Met = append(out[i].Met, c.Met[p])
			out[i].Assessed = append(out[i].Assessed, c.Assessed[p])
		}
	}
	return out
}

// Estimate of a proportion from clustered outcomes. What is not defined is nil.
type Estimate struct {
	Proportion   float64
	Cases        int // all cases of the round
	Contributing int // cases with at least one assessed outcome
	Assessed     int
	SE           *float64
	DesignEffect *float64 // as estimated; taken as at least 1 in EffectiveN
	EffectiveN   *float64
	Interval     *barometer.Interval
}

// Pooled estimates the share of all assessed outcomes that were met, with the case as cluster (ratio estimator, Taylor
// linearisation). It is false where nothing was assessed.
func Pooled(clusters []Cluster, confidence float64) (Estimate, bool) {
	t := totalsOf(clusters)
	if t.assessed == 0 {
		return Estimate{}, false
	}
	p := float64(t.met) / float64(t.assessed)
	squares := sumOfSquares(clusters, func(c Cluster) float64 {
		return (float64(sum(c.Met)) - p*float64(sum(c.Assessed))) / float64(t.assessed)
	})
	return t.estimate(p, squares, confidence), true
}

// MeanOfRequirements estimates the unweighted mean of the proportions of the requirements that have assessed outcomes,
// with the case as cluster. It is false where nothing was assessed.
func MeanOfRequirements(clusters []Cluster, confidence float64) (Estimate, bool) {
	t := totalsOf(clusters)
	if t.assessed == 0 {
		return Estimate{}, false
	}
	mean, used := 0.0, 0.0
	for r, n := range t.assessedOf {
		if n > 0 {
			mean += float64(t.metOf[r]) / float64(n)
			used++
		}
	}
	mean /= used
	squares := sumOfSquares(clusters, func(c Cluster) float64 {
		u := 0.0
		for r, n := range t.assessedOf {
			if n > 0 {
				p := float64(t.metOf[r]) / float64(n)
				u += (float64(c.Met[r]) - p*float64(c.Assessed[r])) / float64(n)
			}
		}
		return u / used
	})
	return t.estimate(mean, squares, confidence), true
}

type totals struct {
	cases, contributing, met, assessed int
	metOf, assessedOf                  []int // by requirement
}

func totalsOf(clusters []Cluster) totals {
	var t totals
	for _, c := range clusters {
		if t.metOf == nil {
			t.metOf, t.assessedOf = make([]int, len(c.Met)), make([]int, len(c.Met))
		}
		t.cases += c.Count
		if sum(c.Assessed) > 0 {
			t.contributing += c.Count
		}
		for r := range c.Met {
			t.metOf[r] += c.Count * c.Met[r]
			t.assessedOf[r] += c.Count * c.Assessed[r]
		}
	}
	t.met, t.assessed = sum(t.metOf), sum(t.assessedOf)
	return t
}

// estimate turns the sum of squared contributions into a standard error, an effective number of outcomes and Wilson's
// interval with that number. With fewer than two contributing cases there is no interval.
func (t totals) estimate(p, squares, confidence float64) Estimate {
	e := Estimate{Proportion: p, Cases: t.cases, Contributing: t.contributing, Assessed: t.assessed}
	df := t.contributing - 1
	if df < 1 {
		return e
	}
	k, m := float64(t.cases), float64(t.assessed)
	variance := k / (k - 1) * squares
	se, effect := math.Sqrt(variance), 1.0
	e.SE = &se
	if p > 0 && p < 1 {
		estimated := variance / (p * (1 - p) / m)
		e.DesignEffect, effect = &estimated, math.Max(1, estimated)
	}
	shrink := tQuantile(confidence, t.assessed-1) / tQuantile(confidence, df)
	n := math.Min(m, m/effect*shrink*shrink)
	e.EffectiveN, e.Interval = &n, wilson(p, n, confidence)
	return e
}

// sumOfSquares adds in the order of size, so that the order of the clusters never changes the last bits.
func sumOfSquares(clusters []Cluster, contribution func(Cluster) float64) float64 {
	terms := make([]float64, len(clusters))
	for i, c := range clusters {
		u := contribution(c)
		terms[i] = float64(c.Count) * u * u
	}
	slices.Sort(terms)
	total := 0.0
	for _, t := range terms {
		total += t
	}
	return total
}

func sum(counts []int) int {
	total := 0
	for _, c := range counts {
		total += c
	}
	return total
}
