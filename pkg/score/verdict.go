package score

import (
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// FalseDiscoveryRate is the share of wrong ones that is accepted among the changes called demonstrated; also what the
// smallest attainable p must not exceed.
const FalseDiscoveryRate = 0.05

// BenjaminiHochberg adjusts the p-values of a family of comparisons for their number (step-up, false discovery rate), in
// the order given. A nil stays nil and is not counted.
func BenjaminiHochberg(p []*float64) []*float64 {
	order := make([]int, 0, len(p))
	for i, v := range p {
		if v != nil {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case *p[a] < *p[b]:
			return -1
		case *p[a] > *p[b]:
			return 1
		}
		return 0
	})
	adjusted, values := make([]*float64, len(p)), make([]float64, len(order))
	least, family := 1.0, float64(len(order))
	for rank := len(order); rank > 0; rank-- {
		i := order[rank-1]
		least = min(least, *p[i]*family/float64(rank))
		values[rank-1] = max(*p[i], least) // never below the raw p by rounding
		adjusted[i] = &values[rank-1]
	}
	return adjusted
}

// Verdict says what may be said of a difference, by the smallest attainable p and the adjusted p of its test and the
// interval of the difference. Without an interval there are too few cases; without an adjusted p nothing is demonstrated;
// without a smallest attainable p it is not looked at.
func Verdict(smallestAttainable, adjusted *float64, in *barometer.Interval) barometer.Verdict {
	switch {
	case in == nil, smallestAttainable != nil && !atMost(*smallestAttainable, FalseDiscoveryRate):
		return barometer.TooFewCases
	case in.Lower <= 0 && in.Upper >= 0:
		return barometer.NotDemonstrated
	case adjusted != nil && atMost(*adjusted, FalseDiscoveryRate):
		return barometer.Demonstrated
	}
	return barometer.Indicated
}
