package score

import "github.com/boernesagsbarometer/barometer/pkg/barometer"

// FisherTest is Fisher's exact test that two rounds have the same probability of met, given all their margins.
type FisherTest struct {
	P                  float64 // two-sided: of all tables no likelier than the observed one
	Less, Greater      float64 // one-sided: new below old, new above old
	MidP               float64 // two-sided, with equally likely tables counted half
	Observed           float64 // of the observed table
	SmallestAttainable float64 // the least P that any data with these denominators could give
}

// tie is how much two probabilities may differ, relatively, and still be taken as equal.
const tie = 1e-7

// Fisher tests the counts of two rounds of independent cases. It is false where a side has none assessed.
func Fisher(now, before barometer.Share) (FisherTest, bool) {
	if now.Assessed == 0 || before.Assessed == 0 || !possible(now) || !possible(before) {
		return FisherTest{}, false
	}
	tables := hypergeometric(now.Assessed, before.Assessed, now.Met+before.Met)
	observed, sum := tables.weight(now.Met), 0.0
	var t FisherTest
	tables.each(func(x int, w float64) {
		sum += w
		switch {
		case w < observed*(1-tie):
			t.P += w
			t.MidP += w
		case w <= observed*(1+tie):
			t.P += w
			t.MidP += w / 2
		}
		if x <= now.Met {
			t.Less += w
		}
		if x >= now.Met {
			t.Greater += w
		}
	})
	t.P, t.MidP, t.Less, t.Greater = min(1, t.P/sum), min(1, t.MidP/sum), min(1, t.Less/sum), min(1, t.Greater/sum)
	t.Observed = min(1, observed/sum)
	t.SmallestAttainable = SmallestAttainableP(now.Assessed, before.Assessed)
	return t, true
}

// hypergeometric is the number met among the n1 of one round when met of n1 + n2 are.
func hypergeometric(n1, n2, met int) lattice {
	lo, hi := max(0, met-n2), min(n1, met)
	peak := int(float64(n1+1) / float64(n1+n2+2) * float64(met+1))
	return lattice{
		lo: lo, hi: hi, start: max(lo, min(hi, peak)),
		ratio: func(x int) float64 {
			return float64(met-x) / float64(x+1) * (float64(n1-x) / float64(n2-met+x+1))
		},
	}
}

// SmallestAttainableP gives the smallest two-sided p of Fisher's test that any data with these two numbers of assessed
// cases could give: 1/C(n1+n2, n1), doubled where they are equal. It underflows to 0 for large ones, and is 1 where a
// side has none.
func SmallestAttainableP(now, before int) float64 {
	few, many := float64(min(now, before)), float64(max(now, before))
	ways := 1.0
	for i := 1.0; i <= few && 1/ways > 0; i++ {
		ways *= (many + i) / i
	}
	if few == many {
		ways /= 2
	}
	return min(1, 1/ways)
}

// possible tells whether a count is one.
func possible(s barometer.Share) bool { return s.Met >= 0 && s.Met <= s.Assessed }
