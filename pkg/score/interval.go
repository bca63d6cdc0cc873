package score

import (
	"math"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Confidence is the level of every interval the service gives.
const Confidence = 0.95

// NewInterval makes an interval of its limits, with the whole percents they are shown as. Every interval is made here.
func NewInterval(confidence float64, method string, lower, upper float64) *barometer.Interval {
	in := &barometer.Interval{Confidence: confidence, Method: method, Lower: lower, Upper: upper}
	in.LowerPercent, in.UpperPercent = Displayed(*in)
	return in
}

// Wilson gives the score interval of a proportion, without continuity correction; nil where nothing was assessed.
func Wilson(s barometer.Share, confidence float64) *barometer.Interval {
	if s.Assessed == 0 {
		return nil
	}
	return wilson(proportionOf(s), float64(s.Assessed), confidence)
}

// wilson takes a proportion and a number of outcomes above 0, which may be an effective one.
func wilson(p, n, confidence float64) *barometer.Interval {
	lower, upper := wilsonLimits(p, n, normalQuantile(confidence))
	return NewInterval(confidence, "wilson", lower, upper)
}

func wilsonLimits(p, n, z float64) (lower, upper float64) {
	centre := (p + z*z/(2*n)) / (1 + z*z/n)
	halfWidth := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	// Rounding must not leave the proportion outside.
	lower, upper = max(0, min(p, centre-halfWidth)), min(1, max(p, centre+halfWidth))
	if p == 0 {
		lower = 0
	}
	if p == 1 {
		upper = 1
	}
	return lower, upper
}

// Newcombe gives the interval of the difference new minus old from the Wilson intervals of the two (method 10, square
// and add); nil unless both are there.
func Newcombe(difference, pNew, pOld float64, inNew, inOld *barometer.Interval) *barometer.Interval {
	if inNew == nil || inOld == nil {
		return nil
	}
	lower, upper := newcombeLimits(difference, bounds{pNew, inNew.Lower, inNew.Upper}, bounds{pOld, inOld.Lower, inOld.Upper})
	return NewInterval(inNew.Confidence, "newcombe", lower, upper)
}

// bounds are a proportion and the limits of its interval.
type bounds struct{ p, lower, upper float64 }

func newcombeLimits(difference float64, now, before bounds) (lower, upper float64) {
	return max(-1, difference-math.Hypot(now.p-now.lower, before.upper-before.p)),
		min(1, difference+math.Hypot(now.upper-now.p, before.p-before.lower))
}

func proportionOf(s barometer.Share) float64 { return float64(s.Met) / float64(s.Assessed) }

// Displayed gives the limits of an interval in whole percents, rounded outward. A limit within 1e-9 of a whole percent
// counts as that percent.
func Displayed(in barometer.Interval) (lower, upper int) {
	return int(math.Floor(snap(100 * in.Lower))), int(math.Ceil(snap(100 * in.Upper)))
}

func snap(percent float64) float64 {
	if whole := math.Round(percent); math.Abs(percent-whole) < 1e-9 {
		return whole
	}
	return percent
}

// The thresholds of reliability: the presentation standards of the NCHS, and below 10 hardly a figure at all.
const (
	fewOutcomes, enoughOutcomes = 10, 30
	wideInterval, narrow        = 0.30, 0.10
)

// Reliability classifies a figure by its (effective) number of outcomes and its interval.
func Reliability(outcomes float64, in *barometer.Interval) barometer.Reliability {
	switch {
	case outcomes == 0:
		return barometer.ReliabilityNone
	case in == nil || outcomes < fewOutcomes:
		return barometer.ReliabilityVeryLow
	case outcomes < enoughOutcomes || in.Upper-in.Lower >= wideInterval:
		return barometer.ReliabilityLow
	case in.Upper-in.Lower > narrow:
		return barometer.ReliabilityModerate
	}
	return barometer.ReliabilityHigh
}
