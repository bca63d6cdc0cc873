package score_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// drawSmall draws a count of some municipality's round.
func drawSmall(t *rapid.T, most int, label string) barometer.Share {
	n := rapid.IntRange(1, most).Draw(t, label+" assessed")
	return barometer.Share{Met: rapid.IntRange(0, n).Draw(t, label+" met"), Assessed: n}
}

// relativelyNear compares small probabilities.
func relativelyNear(a, b float64) bool { return math.Abs(a-b) <= 1e-10*max(math.Abs(a), math.Abs(b)) }

func TestFisherIgnoresWhichRoundAndWhichOutcomeIsWhich(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int{5, 16, 16, 16, 60, 2000}).Draw(t, "most")
		a, b := drawSmall(t, most, "new"), drawSmall(t, most, "old")
		f, _ := score.Fisher(a, b)
		swapped, _ := score.Fisher(b, a)
		flipped, _ := score.Fisher(notMet(a), notMet(b))
		for _, g := range []score.FisherTest{swapped, flipped} {
			if !relativelyNear(f.P, g.P) || !relativelyNear(f.MidP, g.MidP) || !relativelyNear(f.Less, g.Greater) || !relativelyNear(f.Greater, g.Less) ||
				!relativelyNear(f.Observed, g.Observed) || f.SmallestAttainable != g.SmallestAttainable {
				t.Fatalf("%v, %v: %+v and %+v", a, b, f, g)
			}
		}
		if f.MidP > f.P || f.P > 1 || f.Observed > f.P*(1+1e-12) {
			t.Fatalf("%v, %v: %+v", a, b, f)
		}
		if f.P < f.SmallestAttainable*(1-1e-9) {
			t.Fatalf("%v, %v: p %v below the smallest attainable %v", a, b, f.P, f.SmallestAttainable)
		}
		if !relativelyNear(f.Less+f.Greater, 1+f.Observed) {
			t.Fatalf("%v, %v: the tails do not add up: %+v", a, b, f)
		}
	})
}

// The smallest attainable p is attained, by all met against none met.
func TestSmallestAttainableIsAttained(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now, before := rapid.IntRange(1, 60).Draw(t, "new"), rapid.IntRange(1, 60).Draw(t, "old")
		f, _ := score.Fisher(barometer.Share{Met: now, Assessed: now}, barometer.Share{Assessed: before})
		if !relativelyNear(f.P, f.SmallestAttainable) {
			t.Fatalf("%d against %d: %v, said %v", now, before, f.P, f.SmallestAttainable)
		}
	})
}

// drawFamily draws p-values on a coarse grid, so that some are equal, some absent.
func drawFamily(t *rapid.T) []*float64 {
	family := make([]*float64, rapid.IntRange(1, 12).Draw(t, "comparisons"))
	for i := range family {
		if step := rapid.IntRange(-3, 40).Draw(t, "p"); step >= 0 {
			p := math.Pow(float64(step)/40, 3)
			family[i] = &p
		}
	}
	return family
}

func TestAdjustmentKeepsOrderAndNeverFavours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		family := drawFamily(t)
		adjusted := score.BenjaminiHochberg(family)
		for i, p := range family {
			if (p == nil) != (adjusted[i] == nil) {
				t.Fatalf("comparison %d: p %v, adjusted %v", i, p, adjusted[i])
			}
			if p == nil {
				continue
			}
			if *adjusted[i] < *p || *adjusted[i] > 1 {
				t.Fatalf("%v adjusted is %v", *p, *adjusted[i])
			}
			for j, q := range family {
				if q != nil && *p <= *q && *adjusted[i] > *adjusted[j] {
					t.Fatalf("%v, %v adjusted are %v, %v", *p, *q, *adjusted[i], *adjusted[j])
				}
			}
			if alone := score.BenjaminiHochberg([]*float64{nil, p}); *alone[1] != *p {
				t.Fatalf("%v alone became %v", *p, *alone[1])
			}
		}
	})
}

func TestAdjustmentIgnoresOrderAndNulls(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		family := drawFamily(t)
		adjusted := score.BenjaminiHochberg(family)
		slices.Reverse(family)
		without := score.BenjaminiHochberg(slices.DeleteFunc(slices.Clone(family), func(p *float64) bool { return p == nil }))
		at := len(without)
		for i, p := range adjusted {
			if p == nil {
				continue
			}
			at--
			if *without[at] != *p {
				t.Fatalf("comparison %d: %v, and %v without nulls", i, *p, *without[at])
			}
		}
	})
}

// verdicts, weakest first.
var verdicts = []barometer.Verdict{
	barometer.TooFewCases, barometer.NotDemonstrated, barometer.Indicated, barometer.Demonstrated,
}

// verdictsOf judges a family whose counts are known, the plain way.
func verdictsOf(now, before []barometer.Share) []barometer.Verdict {
	family, tests := make([]*float64, len(now)), make([]score.FisherTest, len(now))
	for i := range now {
		tests[i], _ = score.Fisher(now[i], before[i])
		family[i] = &tests[i].P
	}
	adjusted := score.BenjaminiHochberg(family)
	out := make([]barometer.Verdict, len(now))
	for i := range now {
		_, in := newcombe(now[i], before[i], score.Confidence)
		out[i] = score.Verdict(&tests[i].SmallestAttainable, adjusted[i], in)
	}
	return out
}

// drawSide draws what a side of a comparison is known by: its count, or a printed percent that some counts give.
func drawSide(t *rapid.T, label string) []barometer.Share {
	s := drawSmall(t, 10, label)
	if rapid.Bool().Draw(t, label+" known") {
		return []barometer.Share{s}
	}
	return score.Candidates(score.Percent(score.Exact(s)), 10)
}

func TestNoChoiceOfCountsIsStrongerThanTheStrongest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		family := make([]score.Sides, rapid.IntRange(1, 4).Draw(t, "comparisons"))
		now, before := make([]barometer.Share, len(family)), make([]barometer.Share, len(family))
		for i := range family {
			family[i] = score.Sides{Now: drawSide(t, "new"), Before: drawSide(t, "old")}
			now[i] = rapid.SampledFrom(family[i].Now).Draw(t, "chosen now")
			before[i] = rapid.SampledFrom(family[i].Before).Draw(t, "chosen before")
		}
		if rapid.IntRange(0, 3).Draw(t, "one cannot be listed") == 0 {
			family[0].Before = nil
		}
		strongest := score.Strongest(family)
		if strongest[0] != "" == (family[0].Before == nil) {
			t.Fatalf("%v: %q", family[0], strongest[0])
		}
		for i, v := range verdictsOf(now, before) {
			if strongest[i] != "" && slices.Index(verdicts, v) > slices.Index(verdicts, strongest[i]) {
				t.Fatalf("%v against %v: %v, strongest %v", now[i], before[i], v, strongest[i])
			}
		}
	})
}

// By trying every choice of counts of the whole family.
func TestTheStrongestIsReached(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		family := make([]score.Sides, 2)
		for i := range family {
			for range rapid.IntRange(1, 2).Draw(t, "counts") {
				family[i].Now = append(family[i].Now, drawSmall(t, 16, "new"))
				family[i].Before = append(family[i].Before, drawSmall(t, 16, "old"))
			}
		}
		want := []barometer.Verdict{verdicts[0], verdicts[0]}
		eachChoice(family, func(now, before []barometer.Share) {
			for i, v := range verdictsOf(now, before) {
				want[i] = verdicts[max(slices.Index(verdicts, want[i]), slices.Index(verdicts, v))]
			}
		})
		if got := score.Strongest(family); !slices.Equal(got, want) {
			t.Fatalf("%v: %v, want %v", family, got, want)
		}
	})
}

func eachChoice(family []score.Sides, visit func(now, before []barometer.Share)) {
	now, before := make([]barometer.Share, len(family)), make([]barometer.Share, len(family))
	var choose func(i int)
	choose = func(i int) {
		if i == len(family) {
			visit(now, before)
			return
		}
		for _, now[i] = range family[i].Now {
			for _, before[i] = range family[i].Before {
				choose(i + 1)
			}
		}
	}
	choose(0)
}
