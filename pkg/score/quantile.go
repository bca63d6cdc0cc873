package score

import (
	"math"
	"slices"
	"sync/atomic"

	"gonum.org/v1/gonum/stat/distuv"
)

func normalQuantile(confidence float64) float64 {
	if confidence == Confidence {
		return 1.959963984540054
	}
	return distuv.UnitNormal.Quantile(1 - (1-confidence)/2)
}

// tQuantiles keeps the quantiles at Confidence by degrees of freedom, as bits; 0 stands for not computed yet. Any number
// of goroutines may fill it: they all write the same.
var tQuantiles [4096]atomic.Uint64

func tQuantile(confidence float64, df int) float64 {
	if confidence != Confidence || df >= len(tQuantiles) {
		return computeTQuantile(confidence, df)
	}
	if bits := tQuantiles[df].Load(); bits != 0 {
		return math.Float64frombits(bits)
	}
	t := computeTQuantile(confidence, df)
	tQuantiles[df].Store(math.Float64bits(t))
	return t
}

func computeTQuantile(confidence float64, df int) float64 {
	const many = 100_000
	if df <= many {
		return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(df)}.Quantile(1 - (1-confidence)/2)
	}
	// The inverse of the beta distribution loses its digits here; the expansion about the normal quantile (Abramowitz,
	// Stegun 1964, 26.7.5) is exact to double precision.
	z, n := normalQuantile(confidence), float64(df)
	return z + z*(z*z+1)/(4*n) + z*((5*z*z+16)*z*z+3)/(96*n*n)
}

// total adds terms so that their order never changes the last bits: whole numbers add up exactly, others are sorted
// first, in place.
func total(terms []float64) float64 {
	whole := true
	for _, t := range terms {
		whole = whole && t == math.Trunc(t)
	}
	if !whole {
		slices.Sort(terms)
	}
	sum := 0.0
	for _, t := range terms {
		sum += t
	}
	return sum
}

// atMost compares a computed probability with a limit that fractions of counts can hit exactly: 1 of 1 against 0 of 19
// gives 1/20. Rounding must not decide then.
func atMost(p, limit float64) bool { return p <= limit*(1+1e-12) }
