package score

import (
	"math"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Sides of one comparison: every count that each side can stand for, one where it is known, none where they cannot be
// listed.
type Sides struct{ Now, Before []barometer.Share }

// mostPairs bounds the pairs of counts tried for one comparison: as many as two rounds of 141 cases printed as 0 % or
// 100 % have.
const mostPairs = 20_000

// Strongest gives, for each comparison of a family, the strongest verdict over all choices of counts of the whole family;
// "" where a side cannot be listed, where there are more pairs than 20,000, and where nobody was assessed, so that there
// is nothing to compare.
//
// It is exact: the smaller the others' p-values, the smaller an adjusted p, so it is enough to judge each pair of a comparison
// with the others at their smallest. A comparison that cannot be tried counts with p = 0, the least it could have; one
// without anybody assessed is not of the family.
func Strongest(family []Sides) []barometer.Verdict {
	reaches, smallest := make([]reach, len(family)), make([]*float64, len(family))
	for i, s := range family {
		reaches[i] = reachOf(s)
		if reaches[i].compared {
			smallest[i] = &reaches[i].p
		}
	}
	verdicts := make([]barometer.Verdict, len(family))
	for i, r := range reaches {
		switch {
		case !r.compared || !r.tried:
		case !r.enough:
			verdicts[i] = barometer.TooFewCases
		case r.tellingP > 1:
			verdicts[i] = barometer.NotDemonstrated
		case demonstrated(smallest, i, r.tellingP):
			verdicts[i] = barometer.Demonstrated
		default:
			verdicts[i] = barometer.Indicated
		}
	}
	return verdicts
}

// demonstrated tells whether one comparison of a family would be with this p.
func demonstrated(family []*float64, i int, p float64) bool {
	kept := family[i]
	family[i] = &p
	adjusted := BenjaminiHochberg(family)
	family[i] = kept
	return atMost(*adjusted[i], FalseDiscoveryRate)
}

// reach is how far the pairs of counts of one comparison go.
type reach struct {
	compared bool    // it is of the family
	tried    bool    // all pairs were
	enough   bool    // some pair has cases enough to show a change
	p        float64 // the smallest of all pairs
	tellingP float64 // the smallest of the pairs with cases enough and 0 outside the interval; infinite where there is none
}

func reachOf(s Sides) reach {
	if len(s.Now) == 0 || len(s.Before) == 0 || len(s.Now)*len(s.Before) > mostPairs {
		return reach{compared: true}
	}
	r := reach{tried: true, p: 1, tellingP: math.Inf(1)}
	now, before := boundsOf(s.Now), boundsOf(s.Before)
	for i, a := range s.Now {
		for j, b := range s.Before {
			test, ok := Fisher(a, b)
			if !ok {
				continue
			}
			r.compared = true
			r.p = min(r.p, test.P)
			if !atMost(test.SmallestAttainable, FalseDiscoveryRate) {
				continue
			}
			r.enough = true
			difference := float64(a.Met*b.Assessed-b.Met*a.Assessed) / float64(a.Assessed*b.Assessed)
			if lower, upper := newcombeLimits(difference, now[i], before[j]); lower > 0 || upper < 0 {
				r.tellingP = min(r.tellingP, test.P)
			}
		}
	}
	return r
}

// boundsOf gives each count's proportion and Wilson interval.
func boundsOf(shares []barometer.Share) []bounds {
	z := normalQuantile(Confidence)
	all := make([]bounds, len(shares))
	for i, s := range shares {
		if s.Assessed > 0 {
			p := proportionOf(s)
			lower, upper := wilsonLimits(p, float64(s.Assessed), z)
			all[i] = bounds{p, lower, upper}
		}
	}
	return all
}
