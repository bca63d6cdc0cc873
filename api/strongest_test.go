package api_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// testStrongestVerdicts: the Norddjurs memo prints percents alone, so nothing is said of a change but the strongest that
// any counts behind them would give. Here these are tried one by one.
func testStrongestVerdicts(t *testing.T, s server) {
	cases := map[barometer.Year]int{}
	for _, year := range []barometer.Year{2020, 2023} {
		cases[year] = *must(s.Participation(t.Context(), year, norddjurs))(t).Cases
	}
	results := requirementsOf(scorecard(t, s, 2023, norddjurs, ""))
	family := map[string][]comparedCounts{}
	for code, r := range results {
		if r.Change.Difference != nil && *r.Unit == barometer.UnitCase {
			family[code] = pairsOf(countsBehind(*r.Percent, cases[2023]), countsBehind(*r.Baseline.Percent, cases[2020]))
		}
	}
	if len(family) != 10 || cases[2020] != 14 || cases[2023] != 16 {
		t.Fatalf("%d requirements can be compared; cases: %v", len(family), cases)
	}
	for code, r := range results {
		want := barometer.CountsUnknown
		if r.Change.Difference == nil {
			want = barometer.NoBasis
		}
		if *r.Change.Verdict != want || r.Change.Test != nil || r.Change.Interval != nil {
			t.Errorf("%s: %s %+v", code, *r.Change.Verdict, r.Change)
		}
		switch strongest := r.Change.StrongestVerdict; {
		case family[code] == nil:
			if strongest != nil {
				t.Errorf("%s: at most %s, and its counts cannot be listed", code, *strongest)
			}
		case strongest == nil || *strongest != strongestBy(family, code):
			t.Errorf("%s: at most %v, want %s", code, strongest, strongestBy(family, code))
		}
	}
}

// testNothingIsSaidOfPercents: of a printed percent no change is given a verdict, in no theme and no view.
func testNothingIsSaidOfPercents(t *testing.T, s server) {
	trend := must(s.Trend(t.Context(), norddjurs, client.TrendOptions{}))(t)
	rows := everyResult(scorecard(t, s, 2023, norddjurs, ""))
	for _, series := range trend.Series {
		rows = append(rows, series.Points...)
	}
	differences := 0
	for _, r := range rows {
		if r.Change == nil || r.Change.Difference == nil {
			continue
		}
		differences++
		if *r.Change.Verdict != barometer.CountsUnknown || r.Level == barometer.LevelTheme && r.Change.StrongestVerdict != nil {
			t.Errorf("%s: %s", r.Key, *r.Change.Verdict)
		}
	}
	if differences < 2*11 {
		t.Errorf("only %d differences", differences)
	}
}

// comparedCounts are counts of two rounds.
type comparedCounts struct{ now, before barometer.Share }

// countsBehind lists the counts that give a printed percent, half up.
func countsBehind(percent, cases int) (all []barometer.Share) {
	for n := 1; n <= cases; n++ {
		for x := range n + 1 {
			if (200*x+n)/(2*n) == percent {
				all = append(all, barometer.Share{Met: x, Assessed: n})
			}
		}
	}
	return all
}

func pairsOf(now, before []barometer.Share) (all []comparedCounts) {
	for _, a := range now {
		for _, b := range before {
			all = append(all, comparedCounts{a, b})
		}
	}
	return all
}

// strongestBy tries the counts of one requirement, with the others' as far from chance as they can be: an adjusted p only
// falls when another p does.
func strongestBy(family map[string][]comparedCounts, code string) barometer.Verdict {
	var others []float64
	for other, pairs := range family {
		if other == code {
			continue
		}
		least := 1.0
		for _, c := range pairs {
			least = min(least, c.fisher())
		}
		others = append(others, least)
	}
	inOrder := []barometer.Verdict{barometer.TooFewCases, barometer.NotDemonstrated, barometer.Indicated, barometer.Demonstrated}
	best := 0
	for _, c := range family[code] {
		best = max(best, slices.Index(inOrder, c.verdict(others)))
	}
	return inOrder[best]
}

func (c comparedCounts) verdict(others []float64) barometer.Verdict {
	n1, n2 := c.now.Assessed, c.before.Assessed
	smallest := 1 / ways(n1+n2, n1)
	if n1 == n2 {
		smallest *= 2
	}
	lower, upper := c.newcombe()
	switch excludes := lower > 0 || upper < 0; {
	case smallest > 0.05:
		return barometer.TooFewCases
	case excludes && adjusted(c.fisher(), others) <= 0.05:
		return barometer.Demonstrated
	case excludes:
		return barometer.Indicated
	}
	return barometer.NotDemonstrated
}

// fisher adds up the tables that are no more likely than the one found, in whole numbers.
func (c comparedCounts) fisher() float64 {
	met := c.now.Met + c.before.Met
	count := func(x int) *big.Int {
		return new(big.Int).Mul(new(big.Int).Binomial(int64(c.now.Assessed), int64(x)), new(big.Int).Binomial(int64(c.before.Assessed), int64(met-x)))
	}
	sum, found := new(big.Int), count(c.now.Met)
	for x := max(0, met-c.before.Assessed); x <= min(met, c.now.Assessed); x++ {
		if tables := count(x); tables.Cmp(found) <= 0 {
			sum.Add(sum, tables)
		}
	}
	all := new(big.Int).Binomial(int64(c.now.Assessed+c.before.Assessed), int64(met))
	p, _ := new(big.Rat).SetFrac(sum, all).Float64()
	return p
}

func ways(n, k int) float64 {
	f, _ := new(big.Float).SetInt(new(big.Int).Binomial(int64(n), int64(k))).Float64()
	return f
}

// adjusted is Benjamini and Hochberg's p of one among others.
func adjusted(p float64, others []float64) float64 {
	all := append([]float64{p}, others...)
	least := 1.0
	for _, t := range all {
		rank := 0
		for _, q := range all {
			if q <= t {
				rank++
			}
		}
		if t >= p {
			least = min(least, float64(len(all))*t/float64(rank))
		}
	}
	return least
}

// wilsonOf is Wilson's interval, from the formula.
func wilsonOf(s barometer.Share) (lower, upper float64) {
	const z = 1.959963984540054
	n := float64(s.Assessed)
	p := float64(s.Met) / n
	centre, half := (p+z*z/(2*n))/(1+z*z/n), z/(1+z*z/n)*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	lower, upper = centre-half, centre+half
	if s.Met == 0 {
		lower = 0
	}
	if s.Met == s.Assessed {
		upper = 1
	}
	return lower, upper
}

// newcombe is Newcombe's interval, from the formula.
func (c comparedCounts) newcombe() (lower, upper float64) {
	p1, p2 := float64(c.now.Met)/float64(c.now.Assessed), float64(c.before.Met)/float64(c.before.Assessed)
	l1, u1 := wilsonOf(c.now)
	l2, u2 := wilsonOf(c.before)
	return p1 - p2 - math.Hypot(p1-l1, u2-p2), p1 - p2 + math.Hypot(u1-p1, p2-l2)
}
