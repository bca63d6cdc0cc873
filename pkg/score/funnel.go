package score

import (
	"math"
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// The tails that the limits of a funnel cut off on each side: 95 and 99.8 % lie within.
const tail95, tail998 = 0.025, 0.001

// z95 and z998 are the normal quantiles of the same limits.
const z95, z998 = 1.959963984540054, 3.090232306167813

// FunnelLimits gives the limits to be drawn in a funnel at a number of assessed cases, for a target proportion: exact
// binomial limits with interpolation (Spiegelhalter 2005), as proportions. It is nil for a target of 0 or 1, and where
// none are assessed.
func FunnelLimits(assessed int, target float64) *barometer.FunnelLimits {
	if !funnels(assessed, target) {
		return nil
	}
	met, sum := binomial(assessed, target), 0.0
	met.each(func(_ int, w float64) { sum += w })
	r, w := met.bottom()
	below := w / sum // P(R <= r)
	limit := func(p float64) float64 {
		for ; below <= p && r < assessed; r++ {
			w *= met.ratio(r)
			below += w / sum
		}
		return proportion((float64(r) - (below-p)/(w/sum)) / float64(assessed))
	}
	l := barometer.FunnelLimits{Assessed: assessed} // the limits are found from the lowest up
	l.Lower998, l.Lower95, l.Upper95, l.Upper998 = limit(tail998), limit(tail95), limit(1-tail95), limit(1-tail998)
	return &l
}

func funnels(assessed int, target float64) bool { return assessed > 0 && target > 0 && target < 1 }

func proportion(p float64) float64 { return max(0, min(1, p)) }

// FunnelPlace is where a municipality lies in a funnel.
type FunnelPlace struct {
	Position barometer.Position
	// TailLow and TailHigh are the probabilities of as few met or fewer, and of as many or more.
	TailLow, TailHigh float64
	// Z is the distance from the target in standard errors of the target.
	Z float64
}

// Funnel places a count against a target proportion, by its exact binomial tails and never by the drawn limits, which
// would flag 1 of 1 against 0.9. It is false for a target of 0 or 1, and where none are assessed.
func Funnel(s barometer.Share, target float64) (FunnelPlace, bool) {
	if !funnels(s.Assessed, target) || !possible(s) {
		return FunnelPlace{}, false
	}
	low, high, _ := binomial(s.Assessed, target).tails(s.Met)
	place := FunnelPlace{Position: barometer.Within, TailLow: low, TailHigh: high, Z: distance(s, target)}
	switch {
	case atMost(high, tail998):
		place.Position = barometer.Above998
	case atMost(low, tail998):
		place.Position = barometer.Below998
	case atMost(high, tail95):
		place.Position = barometer.Above95
	case atMost(low, tail95):
		place.Position = barometer.Below95
	}
	return place, true
}

func distance(s barometer.Share, target float64) float64 {
	return (proportionOf(s) - target) / math.Sqrt(target*(1-target)) * math.Sqrt(float64(s.Assessed))
}

// Overdispersed tells how much municipalities differ from a target beyond chance (Spiegelhalter 2005), from those with
// counts. It is false for a target of 0 or 1, and with fewer than two of them.
func Overdispersed(units []barometer.Share, target float64) (barometer.Overdispersion, bool) {
	distances, all, squares := []float64{}, 0.0, 0.0
	for _, s := range units {
		if funnels(s.Assessed, target) {
			distances = append(distances, distance(s, target))
			all += float64(s.Assessed)
			squares += float64(s.Assessed) * float64(s.Assessed)
		}
	}
	k := float64(len(distances))
	if k < 2 {
		return barometer.Overdispersion{}, false
	}
	lower, upper := winsorLimits(distances)
	for i, z := range distances {
		z = max(lower, min(upper, z))
		distances[i] = z * z
	}
	phi := total(distances) / k
	// The weights are assessed / (target (1 - target)).
	tau2 := max(0, (k*phi-(k-1))/(all-squares/all)*target*(1-target))
	if math.IsInf(phi, 1) || math.IsInf(tau2, 1) { // a target next to 0 or 1, which no counts give
		return barometer.Overdispersion{}, false
	}
	return barometer.Overdispersion{
		Municipalities: len(distances), Phi: phi, Tau2: tau2, Overdispersed: phi > 1+2*math.Sqrt(2/k),
	}, true
}

// winsorLimits gives the 10th and 90th percentile, by linear interpolation between the order statistics (R's type 7).
func winsorLimits(values []float64) (lower, upper float64) {
	sorted := slices.Sorted(slices.Values(values))
	quantile := func(p float64) float64 {
		at := p * float64(len(sorted)-1)
		below := int(at)
		above := min(below+1, len(sorted)-1)
		return sorted[below] + (at-float64(below))*(sorted[above]-sorted[below])
	}
	return quantile(0.1), quantile(0.9)
}

// AdditiveLimits are limits that allow for a variance tau2 between municipalities beyond chance: target ±
// z·√(target(1-target)/assessed + tau2), as proportions. It is nil for a target of 0 or 1, where none are assessed, and
// for a tau2 that is none.
func AdditiveLimits(assessed int, target, tau2 float64) *barometer.FunnelLimits {
	if !funnels(assessed, target) || !(tau2 >= 0) || math.IsInf(tau2, 1) {
		return nil
	}
	s := math.Sqrt(target*(1-target)/float64(assessed) + tau2)
	return &barometer.FunnelLimits{
		Assessed: assessed,
		Lower95:  proportion(target - z95*s), Upper95: proportion(target + z95*s),
		Lower998: proportion(target - z998*s), Upper998: proportion(target + z998*s),
	}
}
