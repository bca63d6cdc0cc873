package score_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/mathext"
	"pgregory.net/rapid"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

func drawUnits(t *rapid.T) []barometer.Share {
	units := make([]barometer.Share, rapid.IntRange(1, 6).Draw(t, "units"))
	for i := range units {
		n := rapid.IntRange(0, 20).Draw(t, "assessed")
		units[i].Assessed = n
		if n > 0 {
			units[i].Met = rapid.IntRange(0, n).Draw(t, "met")
		}
	}
	return units
}

func TestShrunkenLiesBetweenItsOwnAndTheMean(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		units := drawUnits(t)
		s, shrunken := score.Shrink(units, score.Confidence)
		again, back := score.Shrink(reversed(units), score.Confidence)
		if diff := cmp.Diff(s, again); diff != "" {
			t.Fatalf("the order of municipalities matters:\n%s", diff)
		}
		if diff := cmp.Diff(shrunken, reversed(back)); diff != "" {
			t.Fatalf("the order of municipalities matters:\n%s", diff)
		}
		for i, u := range units {
			if shrunken[i] == nil {
				if s.Correlation != nil && (u.Assessed > 0 || s.Status != "no_pooling") {
					t.Fatalf("%v has no shrunken percentage under %s", u, s.Status)
				}
				continue
			}
			p, own := shrunken[i].Proportion, *s.Mean
			if u.Assessed > 0 {
				own = score.Float(score.Exact(u))
			}
			if p < min(own, *s.Mean)-1e-12 || p > max(own, *s.Mean)+1e-12 {
				t.Fatalf("%v: %v is not between %v and %v", u, p, own, *s.Mean)
			}
			if !near(p, shrunken[i].Weight*own+(1-shrunken[i].Weight)**s.Mean) {
				t.Fatalf("%v: %v is not %v and %v by weight %v", u, p, own, *s.Mean, shrunken[i].Weight)
			}
			if in := shrunken[i].Interval; (in != nil) != (s.Status == "ok") || in != nil && (in.Lower > p || in.Upper < p) {
				t.Fatalf("%v: %v outside %v", u, p, in)
			}
		}
	})
}

func TestOverdispersionIgnoresOrderAndTheUnassessed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		units, target := drawUnits(t), rapid.Float64Range(0.001, 0.999).Draw(t, "target")
		o, ok := score.Overdispersed(units, target)
		again, _ := score.Overdispersed(append(reversed(units), barometer.Share{}), target)
		if diff := cmp.Diff(o, again); diff != "" {
			t.Fatalf("the order matters, or who has none:\n%s", diff)
		}
		if !ok {
			return
		}
		// Winsorised or not, a mean of squares lies between the least and the largest.
		least, largest := math.Inf(1), 0.0
		for _, u := range units {
			if u.Assessed > 0 {
				place, _ := score.Funnel(u, target)
				least, largest = min(least, place.Z*place.Z), max(largest, place.Z*place.Z)
			}
		}
		if o.Phi < 0 || o.Phi > largest*(1+1e-12) || o.Tau2 < 0 || o.Tau2 > 0 && o.Phi <= 1-1/float64(o.Municipalities) {
			t.Fatalf("%+v with squares from %v to %v", o, least, largest)
		}
	})
}

func TestFunnelIsTheSameUpsideDown(t *testing.T) {
	t.Parallel()
	opposite := map[barometer.Position]barometer.Position{
		barometer.Below998: barometer.Above998, barometer.Below95: barometer.Above95, barometer.Within: barometer.Within,
		barometer.Above95: barometer.Below95, barometer.Above998: barometer.Below998,
	}
	rapid.Check(t, func(t *rapid.T) {
		s := drawSmall(t, 40, "share")
		target := float64(rapid.IntRange(1, 63).Draw(t, "64ths")) / 64 // 1 - target is exact
		place, _ := score.Funnel(s, target)
		mirror, _ := score.Funnel(notMet(s), 1-target)
		if mirror.Position != opposite[place.Position] || !relativelyNear(place.TailLow, mirror.TailHigh) || !near(place.Z, -mirror.Z) {
			t.Fatalf("%v against %v: %+v, upside down %+v", s, target, place, mirror)
		}
		if place.TailLow+place.TailHigh < 1-1e-12 || place.TailLow > 1 || place.TailHigh > 1 {
			t.Fatalf("%v against %v: %+v", s, target, place)
		}
		l := score.FunnelLimits(s.Assessed, target)
		if !(0 <= l.Lower998 && l.Lower998 <= l.Lower95 && l.Lower95 <= l.Upper95 && l.Upper95 <= l.Upper998 && l.Upper998 <= 1) {
			t.Fatalf("%v against %v: %+v", s, target, *l)
		}
	})
}

// The sum of binomial terms by definition.
func TestFunnelTailsAreBinomial(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, target := drawSmall(t, 25, "share"), rapid.Float64Range(0.01, 0.99).Draw(t, "target")
		place, _ := score.Funnel(s, target)
		low, ways := 0.0, 1.0
		for x := 0; x <= s.Met; x++ {
			low += ways * math.Pow(target, float64(x)) * math.Pow(1-target, float64(s.Assessed-x))
			ways *= float64(s.Assessed-x) / float64(x+1)
		}
		if math.Abs(low-place.TailLow) > 1e-12 {
			t.Fatalf("%v against %v: %v, want %v", s, target, place.TailLow, low)
		}
	})
}

// As many cases as the country has, by the incomplete beta function: P(R <= x) = I(1-p; n-x, x+1).
func TestFunnelTailsOfManyAreBinomial(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, target := rapid.IntRange(500, 3000).Draw(t, "assessed"), rapid.Float64Range(0.01, 0.99).Draw(t, "target")
		spread := math.Sqrt(float64(n) * target * (1 - target))
		x := int(float64(n)*target + spread*rapid.Float64Range(-6, 6).Draw(t, "distance"))
		s := barometer.Share{Met: max(1, min(n-1, x)), Assessed: n}
		place, _ := score.Funnel(s, target)
		low := mathext.RegIncBeta(float64(n-s.Met), float64(s.Met+1), 1-target)
		high := mathext.RegIncBeta(float64(s.Met), float64(n-s.Met+1), target)
		if math.Abs(low-place.TailLow) > 1e-10 || math.Abs(high-place.TailHigh) > 1e-10 {
			t.Fatalf("%v against %v: %v and %v, want %v and %v", s, target, place.TailLow, place.TailHigh, low, high)
		}
	})
}
