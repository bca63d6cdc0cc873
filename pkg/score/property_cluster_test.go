package score_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// estimators are all that make a proportion of clusters alone.
var estimators = map[string]func([]score.Cluster, float64) (score.Estimate, bool){
	"pooled": score.Pooled, "mean": score.MeanOfRequirements, "pooled equal": score.PooledEqual, "mean equal": score.MeanEqual,
}

func drawClusters(t *rapid.T, least, requirements, most int) []score.Cluster {
	clusters := make([]score.Cluster, rapid.IntRange(least, 7).Draw(t, "clusters"))
	for i := range clusters {
		c := score.Cluster{Count: rapid.IntRange(1, 3).Draw(t, "count")}
		for range requirements {
			n := rapid.IntRange(0, most).Draw(t, "assessed")
			met := 0
			if n > 0 {
				met = rapid.IntRange(0, n).Draw(t, "met")
			}
			c.Assessed, c.Met = append(c.Assessed, n), append(c.Met, met)
		}
		clusters[i] = c
	}
	return clusters
}

var equalUpToRounding = cmpopts.EquateApprox(1e-9, 1e-12)

// differ compares two estimates to the last bit, but for what depends on the order of the clusters by its nature.
func differ(a, b score.Estimate) string {
	return differBy(a, b, func(x, y float64) bool { return x == y })
}

// apart tells how two estimates differ by more than rounding, "" where they do not.
func apart(a, b score.Estimate) string {
	return differBy(a, b, func(x, y float64) bool { return math.Abs(x-y) <= 1e-12+1e-9*math.Abs(y) })
}

func differBy(a, b score.Estimate, equal func(x, y float64) bool) string {
	same := a.Cases == b.Cases && a.Contributing == b.Contributing && a.Assessed == b.Assessed && equal(a.Proportion, b.Proportion)
	for _, pair := range [][2]*float64{{a.SE, b.SE}, {a.DesignEffect, b.DesignEffect}, {a.EffectiveN, b.EffectiveN}} {
		same = same && (pair[0] == nil) == (pair[1] == nil) && (pair[0] == nil || equal(*pair[0], *pair[1]))
	}
	if i, j := a.Interval, b.Interval; (i == nil) != (j == nil) || i != nil && !(equal(i.Lower, j.Lower) && equal(i.Upper, j.Upper)) {
		same = false
	}
	if same {
		return ""
	}
	return "-" + show(a) + "\n+" + show(b)
}

func show(e score.Estimate) string {
	text, err := json.Marshal(e)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func reversed[T any](list []T) []T {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

func TestEstimatesIgnoreOrderAndHoldTogether(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clusters := drawClusters(t, 1, 2, 5)
		for name, estimate := range estimators {
			a, ok := estimate(clusters, score.Confidence)
			b, _ := estimate(reversed(clusters), score.Confidence)
			if diff := differ(a, b); diff != "" {
				t.Fatalf("%s depends on the order of cases:\n%s", name, diff)
			}
			if !ok {
				continue
			}
			if slices.Reverse(b.Contributions); !slices.Equal(a.Contributions, b.Contributions) {
				t.Fatalf("%s: contributions %v and %v", name, a.Contributions, b.Contributions)
			}
			holdsTogether(t, name, clusters, a)
		}
	})
}

func holdsTogether(t *rapid.T, name string, clusters []score.Cluster, e score.Estimate) {
	if (e.Interval == nil) != (e.Contributing < 2) || (e.SE == nil) != (e.Interval == nil) || (e.EffectiveN == nil) != (e.SE == nil) {
		t.Fatalf("%s: %+v", name, e)
	}
	sum, squares := 0.0, 0.0
	for i, u := range e.Contributions {
		sum += float64(clusters[i].Count) * u
		squares += float64(clusters[i].Count) * u * u
	}
	if !near(sum, 0) {
		t.Fatalf("%s: contributions add up to %v", name, sum)
	}
	if e.Interval == nil {
		return
	}
	if e.Interval.Lower > e.Proportion || e.Interval.Upper < e.Proportion {
		t.Fatalf("%s: %v outside %v", name, e.Proportion, *e.Interval)
	}
	if *e.EffectiveN > float64(e.Assessed) || !(*e.EffectiveN > 0) {
		t.Fatalf("%s: effective n %v of %d", name, *e.EffectiveN, e.Assessed)
	}
	k := float64(e.Cases)
	if !near(*e.SE, math.Sqrt(k/(k-1)*squares)) {
		t.Fatalf("%s: se %v of contributions %v", name, *e.SE, e.Contributions)
	}
}

func TestEstimatesOfOneRequirementAreThatRequirement(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clusters := drawClusters(t, 1, 1, 3)
		met, assessed := 0, 0
		for _, c := range clusters {
			met, assessed = met+c.Count*c.Met[0], assessed+c.Count*c.Assessed[0]
		}
		pooled, ok := score.Pooled(clusters, score.Confidence)
		mean, _ := score.MeanOfRequirements(clusters, score.Confidence)
		if ok && pooled.Proportion != float64(met)/float64(assessed) {
			t.Fatalf("%d of %d is %v", met, assessed, pooled.Proportion)
		}
		if diff := differ(pooled, mean); diff != "" {
			t.Fatalf("pooled and mean:\n%s", diff)
		}
		pooled, _ = score.PooledEqual(clusters, score.Confidence)
		mean, _ = score.MeanEqual(clusters, score.Confidence)
		if diff := differ(pooled, mean); diff != "" {
			t.Fatalf("pooled and mean, municipalities alike:\n%s", diff)
		}
	})
}

func TestACaseThatContributesNothingChangesNoPercentage(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clusters := drawClusters(t, 1, 2, 2)
		more := append(slices.Clone(clusters), score.Cluster{Met: []int{0, 0}, Assessed: []int{0, 0}, Count: 1})
		for name, estimate := range estimators {
			a, ok := estimate(clusters, score.Confidence)
			b, _ := estimate(more, score.Confidence)
			if !ok {
				continue
			}
			if a.Proportion != b.Proportion || a.Contributing != b.Contributing || b.Cases != a.Cases+1 ||
				!slices.Equal(append(a.Contributions, 0), b.Contributions) {
				t.Fatalf("%s: %+v, and with a case more %+v", name, a, b)
			}
		}
	})
}

// Outcomes that are the same within each case say no more than the case.
func TestIdenticalOutcomesWithinCasesAreNoMoreThanTheCases(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		requirements := rapid.IntRange(1, 4).Draw(t, "requirements")
		var clusters []score.Cluster
		for met := range 2 {
			c := score.Cluster{Count: rapid.IntRange(1, 20).Draw(t, "cases")}
			for range requirements {
				c.Met, c.Assessed = append(c.Met, met), append(c.Assessed, 1)
			}
			clusters = append(clusters, c)
		}
		for name, estimate := range estimators {
			if e, _ := estimate(clusters, score.Confidence); *e.EffectiveN > float64(e.Cases) {
				t.Fatalf("%s: effective n %v of %d cases", name, *e.EffectiveN, e.Cases)
			}
		}
	})
}

func TestCountsOfClustersAndListsOfThemAreTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clusters := drawClusters(t, 1, 2, 3)
		var flat []score.Cluster
		for _, c := range clusters {
			for range c.Count {
				flat = append(flat, score.Cluster{Met: c.Met, Assessed: c.Assessed, Count: 1})
			}
		}
		cut := rapid.IntRange(0, len(flat)).Draw(t, "first round")
		for name, estimate := range estimators {
			grouped, _ := estimate(clusters, score.Confidence)
			listed, _ := estimate(flat, score.Confidence)
			if diff := apart(grouped, listed); diff != "" {
				t.Fatalf("%s: grouped and one by one:\n%s", name, diff)
			}
			other, _ := estimate(slices.Concat(flat[cut:], flat[:cut]), score.Confidence)
			if diff := differ(listed, other); diff != "" {
				t.Fatalf("%s: rounds the other way round:\n%s", name, diff)
			}
		}
	})
}

func TestTwiceTheCasesOfEveryMunicipalityAreNoMoreMunicipalities(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clusters := drawClusters(t, 1, 2, 20)
		doubled := make([]score.Cluster, len(clusters))
		for i, c := range clusters {
			doubled[i].Count = c.Count
			for r := range c.Met {
				doubled[i].Met = append(doubled[i].Met, 2*c.Met[r])
				doubled[i].Assessed = append(doubled[i].Assessed, 2*c.Assessed[r])
			}
		}
		for name, estimate := range estimators {
			a, ok := estimate(clusters, score.Confidence)
			b, _ := estimate(doubled, score.Confidence)
			if !ok {
				continue
			}
			if !near(a.Proportion, b.Proportion) || (a.SE == nil) != (b.SE == nil) || a.SE != nil && !near(*a.SE, *b.SE) {
				t.Fatalf("%s: %+v, doubled %+v", name, a, b)
			}
		}
	})
}

func TestWeights(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clusters := drawClusters(t, 1, 2, 5)
		same, byCases, drawn := make([]float64, len(clusters)), make([]float64, len(clusters)), make([]float64, len(clusters))
		scale, allContribute := rapid.Float64Range(1e-3, 1e3).Draw(t, "scale"), true
		for i, c := range clusters {
			assessed := c.Assessed[0] + c.Assessed[1]
			allContribute = allContribute && assessed > 0
			same[i], byCases[i] = scale, scale/float64(max(1, assessed))
			drawn[i] = rapid.Float64Range(0.1, 10).Draw(t, "weight")
		}
		weighted := func(weights []float64) score.Estimate {
			e, _ := score.PooledWeighted(clusters, weights, score.Confidence)
			return e
		}
		pooled, _ := score.Pooled(clusters, score.Confidence)
		if diff := apart(pooled, weighted(same)); diff != "" {
			t.Fatalf("the same weight everywhere:\n%s", diff)
		}
		equal, _ := score.PooledEqual(clusters, score.Confidence)
		if diff := apart(equal, weighted(byCases)); allContribute && diff != "" {
			t.Fatalf("municipalities alike:\n%s", diff)
		}
		back, _ := score.PooledWeighted(reversed(clusters), reversed(drawn), score.Confidence)
		if diff := differ(weighted(drawn), back); diff != "" {
			t.Fatalf("weights depend on the order:\n%s", diff)
		}
	})
}

func TestDifferenceFlipsWithTheRoundsAndIgnoresOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func() ([]score.Cluster, score.Estimate) {
			clusters := drawClusters(t, 2, 1, 20)
			for i := range clusters {
				clusters[i].Count = 1
			}
			e, _ := score.Pooled(clusters, score.Confidence)
			return clusters, e
		}
		clusters, now := draw()
		_, before := draw()
		if now.Interval == nil || before.Interval == nil {
			t.Skip("too few municipalities")
		}
		first := rapid.IntRange(0, 10).Draw(t, "municipalities before the shared ones")
		ids := func(from, n int) (list []string) {
			for i := range n {
				list = append(list, fmt.Sprintf("%04d", from+i))
			}
			return list
		}
		nowIDs, beforeIDs := ids(0, len(now.Contributions)), ids(first, len(before.Contributions))
		d := score.Difference(now, before, nowIDs, beforeIDs, score.Confidence)
		back := score.Difference(before, now, beforeIDs, nowIDs, score.Confidence)
		if d.Interval.Lower > d.Difference || d.Interval.Upper < d.Difference || d.Interval.Lower < -1 || d.Interval.Upper > 1 {
			t.Fatalf("%v outside %v", d.Difference, *d.Interval)
		}
		if d.Difference != -back.Difference || !near(d.Interval.Lower, -back.Interval.Upper) || d.DF != back.DF ||
			cmp.Diff([]*float64{d.SE, d.Covariance, d.Correlation, d.P}, []*float64{back.SE, back.Covariance, back.Correlation, back.P}) != "" {
			t.Fatalf("%+v and back %+v", d, back)
		}
		now, _ = score.Pooled(reversed(clusters), score.Confidence)
		if diff := cmp.Diff(d, score.Difference(now, before, reversed(nowIDs), beforeIDs, score.Confidence)); diff != "" {
			t.Fatalf("the order of municipalities matters:\n%s", diff)
		}
		if shared := first < len(nowIDs); !shared && (*d.Covariance != 0 || d.Correlation != nil && *d.Correlation != 0) {
			t.Fatalf("no municipality is shared: %+v", d)
		}
		if first == 0 && len(nowIDs) == len(beforeIDs) &&
			!near(*now.SE**now.SE+*before.SE**before.SE-2**d.Covariance, *d.SE**d.SE) {
			t.Fatalf("all are shared: se %v and %v, covariance %v, se of the difference %v", *now.SE, *before.SE, *d.Covariance, *d.SE)
		}
	})
}
