package score_test

import (
	"math"
	"math/big"
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
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawShare(t, "share")
		i := score.Wilson(s, score.Confidence)
		m := score.Wilson(notMet(s), score.Confidence)
		if !near(i.Lower, 1-m.Upper) || !near(i.Upper, 1-m.Lower) {
			t.Fatalf("%v: %v is not the mirror of %v", s, i, m)
		}
		p := float64(s.Met) / float64(s.Assessed)
		if i.Lower > p || i.Upper < p || i.Lower < 0 || i.Upper > 1 {
			t.Fatalf("%v: %v does not hold %v within [0, 1]", s, i, p)
		}
		if lower, upper := score.Displayed(*i); i.LowerPercent != lower || i.UpperPercent != upper {
			t.Fatalf("%v is shown as %d to %d", *i, i.LowerPercent, i.UpperPercent)
		}
	})
}

func TestWilsonNarrowsWithMoreCases(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, times := drawShare(t, "share"), rapid.IntRange(2, 50).Draw(t, "times")
		few := score.Wilson(s, score.Confidence)
		many := score.Wilson(barometer.Share{Met: times * s.Met, Assessed: times * s.Assessed}, score.Confidence)
		if many.Upper-many.Lower >= few.Upper-few.Lower {
			t.Fatalf("%v: %v, and with %d times as many %v", s, *few, times, *many)
		}
	})
}

// An effective number of outcomes can be any, and a weighted proportion next to 0 or 1.
func TestWilsonHoldsAnyProportion(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := math.Pow(10, rapid.Float64Range(-25, 0).Draw(t, "log p"))
		n := math.Pow(10, rapid.Float64Range(-3, 12).Draw(t, "log n"))
		if rapid.Bool().Draw(t, "from above") {
			p = 1 - p
		}
		if lower, upper := score.WilsonLimits(p, n); !(0 <= lower && lower <= p && p <= upper && upper <= 1) {
			t.Fatalf("%v with %v: %v to %v", p, n, lower, upper)
		}
	})
}

func TestNewcombeFlipsWithTheRoundsAndTheOutcomes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawShare(t, "new"), drawShare(t, "old")
		d, forth := newcombe(a, b, score.Confidence)
		if p := score.Float(d); forth.Lower > p || forth.Upper < p || forth.Lower < -1 || forth.Upper > 1 {
			t.Fatalf("%v - %v: %v does not hold %v within [-1, 1]", a, b, *forth, p)
		}
		_, back := newcombe(b, a, score.Confidence)
		negated, others := newcombe(notMet(a), notMet(b), score.Confidence)
		for _, flipped := range []*barometer.Interval{back, others} {
			if !near(forth.Lower, -flipped.Upper) || !near(forth.Upper, -flipped.Lower) {
				t.Fatalf("%v - %v: %v and %v", a, b, *forth, *flipped)
			}
		}
		if negated.Neg(negated).Cmp(d) != 0 || score.Points(d) != -score.Points(negated.Neg(negated)) {
			t.Fatalf("%v: points are not symmetric", d)
		}
	})
}

func notMet(s barometer.Share) barometer.Share {
	return barometer.Share{Met: s.Assessed - s.Met, Assessed: s.Assessed}
}

func TestCandidatesAreExactlyTheCountsThatGiveThePercent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		percent, cases := rapid.IntRange(0, 100).Draw(t, "percent"), rapid.IntRange(0, 20).Draw(t, "cases")
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

// TestPercentIsHalfUpForFractionsOfAnySize holds it against decimals: 100 times the fraction, with one half added, cut off.
func TestPercentIsHalfUpForFractionsOfAnySize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.IntRange(1, 40).Draw(t, "digits")
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
		b := new(big.Int).Add(scale, big.NewInt(rapid.Int64Range(0, 1e9).Draw(t, "b")))
		a := new(big.Int).Div(new(big.Int).Mul(b, big.NewInt(rapid.Int64Range(0, 1000).Draw(t, "permille"))), big.NewInt(1000))
		doubled := new(big.Int).Add(new(big.Int).Mul(a, big.NewInt(200)), b)
		want := new(big.Int).Quo(doubled, new(big.Int).Lsh(b, 1)).Int64()
		if got := score.Percent(new(big.Rat).SetFrac(a, b)); int64(got) != want {
			t.Fatalf("%d/%d: %d, want %d", a, b, got, want)
		}
	})
}
