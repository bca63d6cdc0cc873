package score

import (
	"math"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Cluster is what one case contributes: for each requirement of a theme how many of its outcomes were assessed and how
// many of these met (at most 1 for a requirement counted over cases, several for one counted over notifications).
// Count says how many cases contribute exactly that. For a figure of the country the cluster is the municipality, and
// every "case" below reads "municipality".
type Cluster struct {
	Met      []int `json:"met"`
	Assessed []int `json:"assessed"`
	Count    int   `json:"count"`
}

// Select keeps the given requirements of each cluster, by their place. The cases stay: one that contributes nothing to
// these requirements still counts as a case of the round.
func Select(clusters []Cluster, places []int) []Cluster {
	n := len(places)
	counts := make([]int, 2*n*len(clusters)) // of all clusters, since each has few
	out := make([]Cluster, len(clusters))
	for i, c := range clusters {
		met, assessed := counts[:n:n], counts[n:2*n:2*n]
		counts = counts[2*n:]
		for j, p := range places {
			met[j], assessed[j] = c.Met[p], c.Assessed[p]
		}
		out[i] = Cluster{Met: met, Assessed: assessed, Count: c.Count}
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
	// Contributions are the linearised contributions of one case of each cluster to the proportion, in the order of the
	// clusters: SE² = Cases/(Cases-1) · Σ Count·u².
	Contributions []float64
}

// Pooled estimates the share of all assessed outcomes that were met, with the case as cluster (ratio estimator, Taylor
// linearisation). It is false where nothing was assessed.
func Pooled(clusters []Cluster, confidence float64) (Estimate, bool) {
	return estimate(clusters, 1, func(c *Cluster, _, _ int) (met, assessed float64) {
		return float64(sum(c.Met)), float64(sum(c.Assessed))
	}, confidence)
}

// PooledWeighted is Pooled with one weight for each cluster. It is false too where a weight is missing, not above 0 or
// infinite.
func PooledWeighted(clusters []Cluster, weights []float64, confidence float64) (Estimate, bool) {
	if len(weights) != len(clusters) {
		return Estimate{}, false
	}
	heaviest := 0.0
	for i, w := range weights {
		if !(w > 0) || math.IsInf(w, 1) {
			return Estimate{}, false
		}
		if clusters[i].contributing() > 0 {
			heaviest = max(heaviest, w)
		}
	}
	return estimate(clusters, 1, func(c *Cluster, i, _ int) (met, assessed float64) {
		w := weights[i] / heaviest // so that sums neither overflow nor vanish
		return w * float64(sum(c.Met)), w * float64(sum(c.Assessed))
	}, confidence)
}

// PooledEqual is the unweighted mean of the clusters' shares of assessed outcomes that were met: weight 1/assessed.
func PooledEqual(clusters []Cluster, confidence float64) (Estimate, bool) {
	return estimate(clusters, 1, func(c *Cluster, _, _ int) (met, assessed float64) {
		return alike(sum(c.Met), sum(c.Assessed))
	}, confidence)
}

// MeanOfRequirements estimates the unweighted mean of the proportions of the requirements that have assessed outcomes,
// with the case as cluster. It is false where nothing was assessed.
func MeanOfRequirements(clusters []Cluster, confidence float64) (Estimate, bool) {
	return estimate(clusters, requirements(clusters), func(c *Cluster, _, r int) (met, assessed float64) {
		return float64(c.Met[r]), float64(c.Assessed[r])
	}, confidence)
}

// MeanEqual is MeanOfRequirements with every cluster alike in each requirement that it has assessed outcomes of.
func MeanEqual(clusters []Cluster, confidence float64) (Estimate, bool) {
	return estimate(clusters, requirements(clusters), func(c *Cluster, _, r int) (met, assessed float64) {
		return alike(c.Met[r], c.Assessed[r])
	}, confidence)
}

func requirements(clusters []Cluster) int {
	if len(clusters) == 0 {
		return 0
	}
	return len(clusters[0].Met)
}

func alike(met, assessed int) (share, weight float64) {
	if assessed == 0 { // of this requirement
		return 0, 0
	}
	return float64(met) / float64(assessed), 1
}

// estimate gives the mean of ratios: part gives what one case of a cluster adds to the numerator and denominator of each.
// Ratios without a denominator do not count.
func estimate(clusters []Cluster, ratios int, part func(c *Cluster, i, ratio int) (y, b float64), confidence float64) (Estimate, bool) {
	e := counted(clusters)
	if e.Assessed == 0 {
		return Estimate{}, false
	}
	e.Contributions = make([]float64, len(clusters))
	var room [2 * 48]float64 // most estimates need no more
	ys, bs, used := room[:0:48], room[48:48], 0.0
	for r := range ratios {
		ys, bs = ys[:0], bs[:0]
		for i := range clusters {
			if count := float64(clusters[i].contributing()); count > 0 {
				y, b := part(&clusters[i], i, r)
				ys, bs = append(ys, count*y), append(bs, count*b)
			}
		}
		all := total(bs)
		if all == 0 {
			continue
		}
		p := min(1, total(ys)/all)
		e.Proportion += p
		used++
		for i := range clusters {
			if clusters[i].contributing() > 0 {
				y, b := part(&clusters[i], i, r)
				e.Contributions[i] += (y - p*b) / all
			}
		}
	}
	if used == 0 {
		return Estimate{}, false
	}
	e.Proportion /= used
	squares := ys[:0]
	for i, c := range clusters {
		u := e.Contributions[i] / used
		e.Contributions[i] = u
		squares = append(squares, float64(c.Count)*u*u)
	}
	e.judge(total(squares), confidence)
	return e, true
}

func counted(clusters []Cluster) Estimate {
	var e Estimate
	for i := range clusters {
		c := &clusters[i]
		e.Cases += c.Count
		e.Contributing += c.contributing()
		e.Assessed += c.Count * sum(c.Assessed)
	}
	return e
}

// contributing gives the number of cases with something assessed: all or none, as they are alike.
func (c *Cluster) contributing() int {
	if sum(c.Assessed) == 0 {
		return 0
	}
	return c.Count
}

// judge turns the sum of squared contributions into a standard error, an effective number of outcomes and Wilson's
// interval with that number. With fewer than two contributing cases there is no interval.
func (e *Estimate) judge(squares, confidence float64) {
	df := e.Contributing - 1
	if df < 1 {
		return
	}
	k, m, p := float64(e.Cases), float64(e.Assessed), e.Proportion
	se, effect := standardError(k/(k-1)*squares), 1.0
	e.SE = &se
	if independent := p * (1 - p) / m; independent > 0 {
		estimated := se * se / independent
		e.DesignEffect, effect = &estimated, math.Max(1, estimated)
	}
	shrink := tQuantile(confidence, e.Assessed-1) / tQuantile(confidence, df)
	n := math.Min(m, m/effect*shrink*shrink)
	e.EffectiveN, e.Interval = &n, wilson(p, n, confidence)
}

// standardError is the root of a variance; what is below the rounding of doubles is 0, as it would be in exact numbers.
func standardError(variance float64) float64 {
	const rounding = 1e-13
	if se := math.Sqrt(variance); se > rounding {
		return se
	}
	return 0
}

func sum(counts []int) int {
	total := 0
	for _, c := range counts {
		total += c
	}
	return total
}
