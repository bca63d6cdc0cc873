package score_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

func drawShare(t *rapid.T, label string) barometer.Share {
	n := rapid.IntRange(1, 2000).Draw(t, label+" assessed")
	return barometer.Share{Met: rapid.IntRange(0, n).Draw(t, label+" met"), Assessed: n}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

func TestWilsonIsSymmetricAndHoldsTheProportion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawShare(t, "share")
		i := score.Wilson(s, score.Confidence)
		m := score.Wilson(barometer.Share{Met: s.Assessed - s.Met, Assessed: s.Assessed}, score.Confidence)
		if !near(i.Lower, 1-m.Upper) || !near(i.Upper, 1-m.Lower) {
			t.Fatalf("%v: %v is not the mirror of %v", s, i, m)
		}
		p := float64(s.Met) / float64(s.Assessed)
		if i.Lower > p || i.Upper < p || i.Lower < 0 || i.Upper > 1 {
			t.Fatalf("%v: %v does not hold %v within [0, 1]", s, i, p)
		}
	})
}

func TestNewcombeFlipsWithTheRounds(t *testing.T) {
	between := func(a, b barometer.Share) *barometer.Interval {
		pa, pb := score.Float(score.Exact(a)), score.Float(score.Exact(b))
		return score.Newcombe(pa-pb, pa, pb, score.Wilson(a, score.Confidence), score.Wilson(b, score.Confidence))
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawShare(t, "new"), drawShare(t, "old")
		forth, back := between(a, b), between(b, a)
		if !near(forth.Lower, -back.Upper) || !near(forth.Upper, -back.Lower) {
			t.Fatalf("%v - %v: %v and %v", a, b, forth, back)
		}
		d := new(big.Rat).Sub(score.Exact(a), score.Exact(b))
		if score.Points(d) != -score.Points(new(big.Rat).Neg(d)) {
			t.Fatalf("%v: points are not symmetric", d)
		}
	})
}

func TestCandidatesAreExactlyTheCountsThatGiveThePercent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		percent, cases := rapid.IntRange(0, 100).Draw(t, "percent"), rapid.IntRange(0, 60).Draw(t, "cases")
		want := []barometer.Share{}
		for n := 1; n <= cases; n++ {
			for x := 0; x <= n; x++ {
				if (200*x+n)/(2*n) == percent {
					want = append(want, barometer.Share{Met: x, Assessed: n})
				}
			}
		}
		if diff := cmp.Diff(want, score.Candidates(percent, cases)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func drawClusters(t *rapid.T, requirements, most int) []score.Cluster {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) score.Cluster {
		c := score.Cluster{Count: rapid.IntRange(1, 3).Draw(t, "count")}
		for range requirements {
			n := rapid.IntRange(0, most).Draw(t, "assessed")
			c.Assessed = append(c.Assessed, n)
			c.Met = append(c.Met, rapid.IntRange(0, n).Draw(t, "met"))
		}
		return c
	}), 1, 20).Draw(t, "clusters")
}

func TestThemeIgnoresOrderAndGrouping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clusters := drawClusters(t, 3, 2)
		reversed := slices.Clone(clusters)
		slices.Reverse(reversed)
		for name, estimate := range map[string]func([]score.Cluster, float64) (score.Estimate, bool){
			"pooled": score.Pooled, "mean": score.MeanOfRequirements,
		} {
			a, _ := estimate(clusters, score.Confidence)
			b, _ := estimate(reversed, score.Confidence)
			if diff := cmp.Diff(a, b); diff != "" {
				t.Fatalf("%s depends on the order of cases:\n%s", name, diff)
			}
			if a.Interval != nil && (a.Interval.Lower > a.Proportion+1e-12 || a.Interval.Upper < a.Proportion-1e-12) {
				t.Fatalf("%s: %v outside %v", name, a.Proportion, *a.Interval)
			}
			if a.EffectiveN != nil && (*a.EffectiveN > float64(a.Assessed) || math.IsNaN(*a.EffectiveN)) {
				t.Fatalf("%s: effective n %v of %d", name, *a.EffectiveN, a.Assessed)
			}
		}
	})
}

func TestThemeOfOneRequirementIsThatRequirement(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clusters := drawClusters(t, 1, 1)
		pooled, ok := score.Pooled(clusters, score.Confidence)
		mean, _ := score.MeanOfRequirements(clusters, score.Confidence)
		if ok && !near(pooled.Proportion, mean.Proportion) {
			t.Fatalf("pooled %v, mean %v", pooled.Proportion, mean.Proportion)
		}
		if (pooled.EffectiveN == nil) != (mean.EffectiveN == nil) {
			t.Fatal("one has an interval, the other not")
		}
		if pooled.EffectiveN != nil && math.Abs(*pooled.EffectiveN-*mean.EffectiveN) > 1e-9 {
			t.Fatalf("effective n %v and %v", *pooled.EffectiveN, *mean.EffectiveN)
		}
	})
}
