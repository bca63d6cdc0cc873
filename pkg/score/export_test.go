package score

import "github.com/boernesagsbarometer/barometer/pkg/barometer"

// WinsorLimits are the limits that Overdispersed draws distances in to.
func WinsorLimits(distances []float64) (lower, upper float64) { return winsorLimits(distances) }

// RawCorrelation is the correlation that Shrink goes by, before it is judged.
func RawCorrelation(units []barometer.Share) float64 { return momentsOf(units).correlation }

// TQuantile is the quantile of Student's t that an interval at this confidence takes.
func TQuantile(confidence float64, df int) float64 { return tQuantile(confidence, df) }

// WilsonLimits are those of a proportion with an effective number of outcomes.
func WilsonLimits(p, n float64) (lower, upper float64) {
	return wilsonLimits(p, n, normalQuantile(Confidence))
}
