package score

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Confidence is the level of every interval the service gives.
const Confidence = 0.95

// Wilson gives the score interval of a proportion, without continuity correction; nil where nothing was assessed.
func Wilson(s barometer.Share, confidence float64) *barometer.Interval {
	if s.Assessed == 0 {
		return nil
	}
	return wilson(float64(s.Met)/float64(s.Assessed), float64(s.Assessed), confidence)
}

// wilson takes a proportion and a number of outcomes, which may be an effective one.
func wilson(p, n, confidence float64) *barometer.Interval {
	z := normalQuantile(confidence)
	centre := (p + z*z/(2*n)) / (1 + z*z/n)
	halfWidth := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	lower, upper := math.Max(0, centre-halfWidth), math.Min(1, centre+halfWidth)
	if p == 0 {
		lower = 0
	}
	if p == 1 {
		upper = 1
	}
	return &barometer.Interval{Confidence: confidence, Method: "wilson", Lower: lower, Upper: upper}
}

// Newcombe gives the interval of the difference new minus old from the Wilson intervals of the two (method 10, square
// and add); nil unless both are there.
func Newcombe(difference, pNew, pOld float64, inNew, inOld *barometer.Interval) *barometer.Interval {
	if inNew == nil || inOld == nil {
		return nil
	}
	return &barometer.Interval{
		Confidence: inNew.Confidence,
		Method:     "newcombe",
		Lower:      math.Max(-1, difference-math.Hypot(pNew-inNew.Lower, inOld.Upper-pOld)),
		Upper:      math.Min(1, difference+math.Hypot(inNew.Upper-pNew, pOld-inOld.Lower)),
	}
}

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

func normalQuantile(confidence float64) float64 {
	if confidence == Confidence {
		return 1.959963984540054
	}
	return distuv.UnitNormal.Quantile(1 - (1-confidence)/2)
}

func tQuantile(confidence float64, df int) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(df)}.Quantile(1 - (1-confidence)/2)
}
