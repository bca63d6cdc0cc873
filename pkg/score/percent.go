package score

import (
	"math/big"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Exact gives met / assessed as an exact fraction, nil where nothing was assessed.
func Exact(s barometer.Share) *big.Rat {
	if s.Assessed == 0 {
		return nil
	}
	return big.NewRat(int64(s.Met), int64(s.Assessed))
}

// Printed gives a printed whole percent as an exact fraction.
func Printed(percent int) *big.Rat { return big.NewRat(int64(percent), 100) }

// Mean gives the unweighted mean of fractions, nil of none.
func Mean(fractions []*big.Rat) *big.Rat {
	if len(fractions) == 0 {
		return nil
	}
	sum := new(big.Rat)
	for _, f := range fractions {
		sum.Add(sum, f)
	}
	return sum.Quo(sum, big.NewRat(int64(len(fractions)), 1))
}

// Percent gives a fraction, which is not negative, as a whole percent, rounded half up: 14/16 = 87.5 becomes 88. Of a/b
// it is floor((200·a + b) / (2·b)).
func Percent(fraction *big.Rat) int {
	const safe = 1 << 50 // 200 times it is still an int64
	if a, b := fraction.Num(), fraction.Denom(); a.IsInt64() && b.IsInt64() && a.Int64() < safe && b.Int64() < safe {
		return int((200*a.Int64() + b.Int64()) / (2 * b.Int64()))
	}
	numerator := new(big.Int).Mul(fraction.Num(), big.NewInt(200))
	numerator.Add(numerator, fraction.Denom())
	return int(numerator.Div(numerator, new(big.Int).Mul(fraction.Denom(), big.NewInt(2))).Int64())
}

// Points gives a difference of fractions in whole percentage points, rounded half away from zero, so that swapping
// the rounds only flips the sign.
func Points(difference *big.Rat) int {
	if difference.Sign() < 0 {
		return -Percent(new(big.Rat).Neg(difference))
	}
	return Percent(difference)
}

// Float gives the double nearest to a fraction.
func Float(fraction *big.Rat) float64 {
	f, _ := fraction.Float64()
	return f
}

// Candidates lists every count that gives a printed percent with at most cases assessed, ascending by the number
// assessed, then met.
func Candidates(percent, cases int) []barometer.Share {
	found := []barometer.Share{}
	for assessed := 1; assessed <= cases; assessed++ {
		found = append(found, CandidatesOf(percent, assessed)...)
	}
	return found
}

// CandidatesOf lists the counts that give a printed percent with exactly that many assessed.
func CandidatesOf(percent, assessed int) []barometer.Share {
	found := []barometer.Share{}
	// Half up: percent = floor((200 met + assessed) / (2 assessed)), so met lies in a span of about assessed/100.
	for met := max(0, (2*percent-1)*assessed/200-1); met <= assessed; met++ {
		switch got := Percent(big.NewRat(int64(met), int64(assessed))); {
		case got == percent:
			found = append(found, barometer.Share{Met: met, Assessed: assessed})
		case got > percent:
			return found
		}
	}
	return found
}
