package score_test

import (
	"fmt"
	"math/big"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// Ishøj 2023, the four-month deadline: 1 of 6.
func ExampleWilson() {
	share := barometer.Share{Met: 1, Assessed: 6}
	interval := score.Wilson(share, score.Confidence)
	fmt.Printf("%d %%, %.1f to %.1f %%\n", score.Percent(score.Exact(share)), 100*interval.Lower, 100*interval.Upper)
	// Output: 17 %, 3.0 to 56.4 %
}

// Norddjurs, investigation conducted, with the likeliest counts: 11 of 16 after 4 of 14, judged alone.
func ExampleVerdict() {
	now, before := barometer.Share{Met: 11, Assessed: 16}, barometer.Share{Met: 4, Assessed: 14}
	difference := new(big.Rat).Sub(score.Exact(now), score.Exact(before))
	interval := score.Newcombe(score.Float(difference), score.Float(score.Exact(now)), score.Float(score.Exact(before)),
		score.Wilson(now, score.Confidence), score.Wilson(before, score.Confidence))
	test, _ := score.Fisher(now, before)
	fmt.Printf("%+d points (%+d to %+d)\n", score.Points(difference), interval.LowerPercent, interval.UpperPercent)
	fmt.Printf("p %.3f, mid-p %.3f\n", test.P, test.MidP)
	fmt.Println(score.Verdict(&test.SmallestAttainable, &test.P, interval))
	// Output:
	// +40 points (+4 to +65)
	// p 0.066, mid-p 0.037
	// indicated
}

// Norddjurs 2023 printed 69 % of at most 16 cases.
func ExampleCandidates() {
	fmt.Println(score.Candidates(69, 16))
	// Output: [{9 13} {11 16}]
}

// Norddjurs, choice of measure: (88 + 100) / 2 against (93 + 100) / 2 is -2.5 points, away from zero.
func ExamplePoints() {
	now := score.Mean([]*big.Rat{score.Printed(88), score.Printed(100)})
	before := score.Mean([]*big.Rat{score.Printed(93), score.Printed(100)})
	fmt.Println(score.Points(new(big.Rat).Sub(now, before)))
	// Output: -3
}
