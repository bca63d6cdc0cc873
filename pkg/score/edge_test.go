package score_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// 1 of 1 against 0 of 19: one table of C(20, 1) = 20, so p is exactly 0.05, which is not more than 0.05. The interval is
// 1 - √(0.7935² + 0.1682²) = 0.19 to 1.
func TestRoundingDoesNotDecideAtTheLimit(t *testing.T) {
	t.Parallel()
	now, before := barometer.Share{Met: 1, Assessed: 1}, barometer.Share{Assessed: 19}
	test, _ := score.Fisher(now, before)
	if !near(test.P, 0.05) || !near(test.SmallestAttainable, 0.05) {
		t.Fatalf("%+v", test)
	}
	_, in := newcombe(now, before, score.Confidence)
	for _, p := range []float64{0.05, math.Nextafter(0.05, 1), test.P} {
		if v := score.Verdict(&p, &p, in); v != barometer.Demonstrated {
			t.Errorf("p %v: %v", p, v)
		}
	}
	more := 0.0500001
	if v := score.Verdict(&test.SmallestAttainable, &more, in); v != barometer.Indicated {
		t.Errorf("adjusted p %v: %v", more, v)
	}
	if v := score.Verdict(&more, &test.P, in); v != barometer.TooFewCases {
		t.Errorf("smallest attainable p %v: %v", more, v)
	}
	// 1/40 = 0.025 is not more than 0.025 either; as a sum of doubles it is.
	if place, _ := score.Funnel(barometer.Share{Met: 1, Assessed: 1}, 1.0/40); place.Position != barometer.Above95 {
		t.Errorf("1 of 1 against 1/40: %+v", place)
	}
	if place, _ := score.Funnel(barometer.Share{Assessed: 1}, 39.0/40); place.Position != barometer.Below95 {
		t.Errorf("0 of 1 against 39/40: %+v", place)
	}
}

func TestVerdictOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	in := func(lower, upper float64) *barometer.Interval {
		return score.NewInterval(score.Confidence, "newcombe", lower, upper)
	}
	small := 0.01
	for name, test := range map[string]struct {
		smallest, adjusted *float64
		in                 *barometer.Interval
		want               barometer.Verdict
	}{
		"no interval":                    {&small, &small, nil, barometer.TooFewCases},
		"no p, as of a theme":            {nil, nil, in(0.1, 0.3), barometer.Indicated},
		"no p, and 0 inside":             {nil, nil, in(-0.1, 0.3), barometer.NotDemonstrated},
		"a fall":                         {&small, &small, in(-0.4, -0.1), barometer.Demonstrated},
		"0 is the limit":                 {&small, &small, in(0, 0.3), barometer.NotDemonstrated},
		"no smallest p, as of a country": {nil, &small, in(0.1, 0.3), barometer.Demonstrated},
	} {
		if got := score.Verdict(test.smallest, test.adjusted, test.in); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// 4 of 29 against 0 of 31 has p = C(29, 4)/C(60, 4) = 0.0487 and an interval from just below 0; against 6 of 14 p is 0.055,
// and the interval leaves 0 out. 16 of 16 against 0 of 16 has p = 2/C(32, 16) = 3e-9: demonstrated in any family of a few. 7 of 14 twice has p = 1: never.
func TestStrongestOfWhatCannotBeListed(t *testing.T) {
	t.Parallel()
	share := func(met, assessed int) []barometer.Share { return []barometer.Share{{Met: met, Assessed: assessed}} }
	sure, unsure := score.Sides{Now: share(16, 16), Before: share(0, 16)}, score.Sides{Now: share(7, 14), Before: share(7, 14)}
	// 9 of 10 against 3 of 10: p = 0.0198 by the vectors. Times 3 it is more than 0.05, times 3/2 or 4/2 it is not.
	middle := score.Sides{Now: share(9, 10), Before: share(3, 10)}
	many := make([]barometer.Share, 200)
	for i := range many {
		many[i] = barometer.Share{Met: 1, Assessed: 1}
	}
	none, unknown, vast := score.Sides{Now: share(0, 0), Before: share(1, 5)}, score.Sides{Now: share(1, 5)}, score.Sides{Now: many, Before: many}
	for name, test := range map[string]struct {
		family []score.Sides
		want   []barometer.Verdict
	}{
		"a family of one": {[]score.Sides{middle}, []barometer.Verdict{barometer.Demonstrated}},
		"a smaller p is no use where its interval holds 0": {[]score.Sides{{Now: share(4, 29), Before: append(share(0, 31), share(6, 14)...)}}, []barometer.Verdict{barometer.Indicated}},
		"too many for it":                      {[]score.Sides{middle, unsure, unsure}, []barometer.Verdict{barometer.Indicated, barometer.NotDemonstrated, barometer.NotDemonstrated}},
		"one that is sure lends a hand":        {[]score.Sides{middle, sure, unsure}, []barometer.Verdict{barometer.Demonstrated, barometer.Demonstrated, barometer.NotDemonstrated}},
		"so does one that cannot be listed":    {[]score.Sides{middle, unknown, unsure, unsure}, []barometer.Verdict{barometer.Demonstrated, "", barometer.NotDemonstrated, barometer.NotDemonstrated}},
		"or has too many pairs":                {[]score.Sides{middle, vast, unsure, unsure}, []barometer.Verdict{barometer.Demonstrated, "", barometer.NotDemonstrated, barometer.NotDemonstrated}},
		"nobody assessed is not of the family": {[]score.Sides{middle, none, unsure, unsure}, []barometer.Verdict{barometer.Indicated, "", barometer.NotDemonstrated, barometer.NotDemonstrated}},
		"3 against 3 are too few":              {[]score.Sides{{Now: share(3, 3), Before: share(0, 3)}}, []barometer.Verdict{barometer.TooFewCases}},
		"none":                                 {nil, []barometer.Verdict{}},
	} {
		if got := score.Strongest(test.family); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func oneEach(shares ...barometer.Share) (clusters []score.Cluster) {
	for _, s := range shares {
		clusters = append(clusters, cluster(s))
	}
	return clusters
}

func TestWeightsThatAreNone(t *testing.T) {
	t.Parallel()
	clusters := oneEach(barometer.Share{Met: 1, Assessed: 2}, barometer.Share{Met: 2, Assessed: 2})
	for _, weights := range [][]float64{{1}, {1, 0}, {1, -1}, {1, math.NaN()}, {math.Inf(1), 1}, {1, 1, 1}} {
		if e, ok := score.PooledWeighted(clusters, weights, score.Confidence); ok {
			t.Errorf("weights %v: %+v", weights, e)
		}
	}
	// The weight of a municipality that nobody was assessed in matters to nothing, however large.
	clusters = append(clusters, cluster(barometer.Share{}), score.Cluster{Met: []int{1}, Assessed: []int{1}})
	e, _ := score.PooledWeighted(clusters, []float64{1, 3, 1e300, 1e300}, score.Confidence)
	if want := 7.0 / 8; !near(e.Proportion, want) { // (1·1 + 3·2) / (1·2 + 3·2)
		t.Errorf("%v, want %v", e.Proportion, want)
	}
	clusters = oneEach(barometer.Share{Met: 1, Assessed: 2}, barometer.Share{Met: 1, Assessed: 1})
	if e, ok := score.PooledWeighted(clusters, []float64{1.5e308, 1.5e308}, score.Confidence); !ok || !near(e.Proportion, 2.0/3) {
		t.Errorf("the heaviest weights there are: %+v", e)
	}
	for weight := 1.0; weight > 0; weight /= 8 {
		clusters = oneEach(barometer.Share{Met: 1, Assessed: 1}, barometer.Share{Assessed: 4}, barometer.Share{Assessed: 3})
		e, _ := score.PooledWeighted(clusters, []float64{weight, 1, 1}, score.Confidence)
		if e.DesignEffect != nil && math.IsNaN(*e.DesignEffect) {
			t.Errorf("weight %v: no design effect", weight)
		}
		if e.Interval.Lower > e.Proportion || e.Interval.Upper < e.Proportion {
			t.Errorf("weight %v: %v outside %v", weight, e.Proportion, *e.Interval)
		}
	}
}

// By hand: municipalities of 50 and 100 % weigh alike, whatever their cases; and requirements after that.
func TestMunicipalitiesAlike(t *testing.T) {
	t.Parallel()
	clusters := []score.Cluster{
		{Met: []int{5, 1}, Assessed: []int{10, 1}, Count: 1},
		{Met: []int{2, 0}, Assessed: []int{2, 0}, Count: 1},
		{Met: []int{0, 0}, Assessed: []int{0, 4}, Count: 1},
	}
	pooled, _ := score.PooledEqual(score.Select(clusters, []int{0}), score.Confidence)
	// se² = 3/2 · 2 · (0.25/2)², as three take part and two contribute.
	if pooled.Proportion != 0.75 || !near(*pooled.SE, math.Sqrt(3.0/2*2/64)) {
		t.Errorf("%+v, se %v", pooled, *pooled.SE)
	}
	if mean, _ := score.MeanEqual(clusters, score.Confidence); mean.Proportion != (0.75+0.5)/2 {
		t.Errorf("%+v", mean)
	}
}

func TestDifferenceOfTheCountryAtItsEdges(t *testing.T) {
	t.Parallel()
	half, most := barometer.Share{Met: 2, Assessed: 4}, barometer.Share{Met: 3, Assessed: 4}
	estimate := func(shares ...barometer.Share) score.Estimate {
		e, _ := score.Pooled(oneEach(shares...), score.Confidence)
		return e
	}
	ids := []string{"0101", "0147", "0151"}
	// Every municipality rose from 50 to 75 %: no spread, so no test, but an interval.
	d := score.Difference(estimate(most, most, most), estimate(half, half, half), ids, ids, score.Confidence)
	if d.Difference != 0.25 || *d.SE != 0 || d.T != nil || d.P != nil || d.Correlation != nil || d.Interval == nil || d.DF != 2 {
		t.Errorf("%+v", d)
	}
	// Each gained one more of its own: the figures vary, their difference does not.
	d = score.Difference(estimate(barometer.Share{Met: 2, Assessed: 3}, barometer.Share{Met: 3, Assessed: 3}, barometer.Share{Met: 1, Assessed: 3}),
		estimate(barometer.Share{Met: 1, Assessed: 3}, barometer.Share{Met: 2, Assessed: 3}, barometer.Share{Met: 0, Assessed: 3}), ids, ids, score.Confidence)
	if *d.SE != 0 || d.P != nil || !near(*d.Correlation, 1) || d.Interval == nil {
		t.Errorf("%+v", d)
	}
	// As in the first, with fractions that no double is: what spread there seems to be is rounding.
	d = score.Difference(estimate(barometer.Share{Met: 3, Assessed: 11}, barometer.Share{Met: 15, Assessed: 55}, barometer.Share{Met: 3, Assessed: 11}),
		estimate(half, half, half), ids, ids, score.Confidence)
	if *d.SE != 0 || d.P != nil || d.Correlation != nil {
		t.Errorf("%+v", d)
	}
	// One municipality: an estimate without spread.
	d = score.Difference(estimate(most), estimate(half, most), ids[:1], ids[1:], score.Confidence)
	if d.Difference != 0.125 || d.SE != nil || d.P != nil || d.Interval != nil || d.DF != 2 {
		t.Errorf("%+v", d)
	}
}

// Two clusters of one municipality are one.
func TestDifferenceAddsUpAMunicipality(t *testing.T) {
	t.Parallel()
	se := 0.1
	split := score.Estimate{Proportion: 0.5, SE: &se, Contributions: []float64{0.01, -0.03, 0.02}}
	whole := score.Estimate{Proportion: 0.5, SE: &se, Contributions: []float64{-0.02, 0.02}}
	want := score.Difference(whole, whole, []string{"a", "b"}, []string{"c", "b"}, score.Confidence)
	got := score.Difference(split, split, []string{"a", "a", "b"}, []string{"c", "c", "b"}, score.Confidence)
	if diff := cmp.Diff(want, got, equalUpToRounding); diff != "" {
		t.Error(diff)
	}
}

func TestTwoStageAtItsEdges(t *testing.T) {
	t.Parallel()
	drawn := func(met, assessed, sampled, eligible int) score.Drawn {
		return score.Drawn{Share: barometer.Share{Met: met, Assessed: assessed}, Sampled: sampled, Eligible: eligible}
	}
	for name, test := range map[string]struct {
		drawn     []score.Drawn
		inCountry int
		ok, se    bool
	}{
		"more than the country has":    {[]score.Drawn{drawn(1, 2, 2, 4), drawn(1, 2, 2, 4)}, 1, false, false},
		"more sampled than eligible":   {[]score.Drawn{drawn(1, 2, 5, 4)}, 98, false, false},
		"nobody assessed":              {[]score.Drawn{drawn(0, 0, 2, 4)}, 98, false, false},
		"nobody":                       {nil, 0, false, false},
		"one of several":               {[]score.Drawn{drawn(1, 2, 2, 4)}, 98, true, false},
		"the only one":                 {[]score.Drawn{drawn(1, 2, 2, 4)}, 1, true, true},
		"one case of several":          {[]score.Drawn{drawn(1, 2, 2, 4), drawn(1, 1, 1, 4)}, 98, true, false},
		"all cases of all, so no draw": {[]score.Drawn{drawn(1, 2, 2, 2), drawn(1, 1, 1, 1)}, 2, true, true},
	} {
		e, ok := score.TwoStage(test.drawn, test.inCountry)
		if ok != test.ok || (e.SE != nil) != test.se {
			t.Errorf("%s: %+v, %v", name, e, ok)
		}
		if name == "all cases of all, so no draw" && *e.SE != 0 {
			t.Errorf("%s: se %v", name, *e.SE)
		}
	}
}

func TestFunnelOfWhatHasNone(t *testing.T) {
	t.Parallel()
	for _, target := range []float64{0, 1, -0.1, 1.1, math.NaN()} {
		_, placed := score.Funnel(barometer.Share{Met: 1, Assessed: 2}, target)
		_, said := score.Overdispersed([]barometer.Share{{Met: 1, Assessed: 2}, {Met: 1, Assessed: 2}}, target)
		if placed || said || score.FunnelLimits(2, target) != nil || score.AdditiveLimits(2, target, 0) != nil {
			t.Errorf("target %v has limits", target)
		}
	}
	if place, _ := score.Funnel(barometer.Share{Assessed: 20}, math.SmallestNonzeroFloat64); math.IsInf(place.Z, 0) || place.Position != barometer.Within {
		t.Errorf("none met, as it should be: %+v", place)
	}
	if l := score.AdditiveLimits(2, 0.5, math.NaN()); l != nil {
		t.Errorf("limits of no variance: %+v", *l)
	}
	if o, ok := score.Overdispersed([]barometer.Share{{Met: 1, Assessed: 2}, {}}, 0.5); ok {
		t.Errorf("one municipality: %+v", o)
	}
	// z = 0 and 2, winsorised at a tenth between them to 0.2 and 1.8: phi = (0.04 + 3.24)/2 = 1.64, below 1 + 2·√(2/2).
	o, _ := score.Overdispersed([]barometer.Share{{Met: 2, Assessed: 4}, {Met: 4, Assessed: 4}}, 0.5)
	want := barometer.Overdispersion{Municipalities: 2, Phi: 1.64, Tau2: (2*1.64 - 1) / (8 - 32.0/8) / 4}
	if diff := cmp.Diff(want, o, equalUpToRounding); diff != "" {
		t.Errorf("by hand:\n%s", diff)
	}
}

func TestShrunkenWithoutCases(t *testing.T) {
	t.Parallel()
	_, shrunken := score.Shrink([]barometer.Share{{Met: 5, Assessed: 5}, {Assessed: 7}, {}}, score.Confidence)
	if shrunken[2] != nil || shrunken[0].Percent != 100 || shrunken[1].Percent != 0 {
		t.Errorf("each for itself: %+v", shrunken)
	}
	_, shrunken = score.Shrink([]barometer.Share{{Met: 23, Assessed: 40}, {Met: 23, Assessed: 40}, {}}, score.Confidence)
	// The squares of (1/3, 2/3, 7/9) about 2/3 add up to exactly what chance gives: 3/9 + 9/81 = 2 · 2/9.
	none, _ := score.Shrink([]barometer.Share{{Met: 1, Assessed: 3}, {Met: 2, Assessed: 3}, {Met: 7, Assessed: 9}}, score.Confidence)
	if none.Status != "complete_pooling" {
		t.Errorf("no correlation: %+v", none)
	}
	for i, s := range shrunken { // 57.5 % goes up
		if s.Percent != 58 || s.Weight != 0 {
			t.Errorf("all alike, %d: %+v", i, *s)
		}
	}
}

// From the tables: t of 1, 2 and 30 degrees of freedom, and the normal quantile for very many. Where the expansion takes
// over from the inverse beta distribution the two agree.
func TestQuantilesOfStudentsT(t *testing.T) {
	t.Parallel()
	for df, want := range map[int]float64{
		1: 12.706204736432095, 2: 4.302652729696142, 30: 2.0422724563012373, 1_000_000_000_000: 1.959963984540054,
	} {
		for range 2 { // computed, then kept
			if got := score.TQuantile(score.Confidence, df); math.Abs(got-want) > 1e-9 {
				t.Errorf("%d: %v, want %v", df, got, want)
			}
		}
	}
	if a, b := score.TQuantile(score.Confidence, 100_000), score.TQuantile(score.Confidence, 100_001); a < b || a-b > 1e-9 {
		t.Errorf("%v and %v", a, b)
	}
}
