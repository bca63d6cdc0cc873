package score_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"testing"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// source makes counts, clusters and numbers of arbitrary bytes. It gives zeros when they are used up.
type source struct{ bytes []byte }

func (s *source) below(n int) int {
	if len(s.bytes) == 0 {
		return 0
	}
	b := int(s.bytes[0])
	s.bytes = s.bytes[1:]
	return b % n
}

// number is any double there is: NaN and infinity too.
func (s *source) number() float64 {
	var raw [8]byte
	s.bytes = s.bytes[copy(raw[:], s.bytes):]
	return math.Float64frombits(binary.BigEndian.Uint64(raw[:]))
}

// target is a proportion as a count gives one, or next to nothing or all, or no proportion.
func (s *source) target() float64 {
	switch s.below(4) {
	case 0:
		return s.number()
	case 1:
		return math.Abs(math.Mod(s.number(), 1))
	}
	n := 1 + s.below(256)
	return float64(s.below(n+1)) / float64(n)
}

// count of a municipality, mostly; now and then of a country far larger than ours.
func (s *source) count() int {
	if s.below(16) == 15 {
		return s.below(256)<<16 | s.below(256)<<8 | s.below(256)
	}
	return s.below(40)
}

func (s *source) share() barometer.Share {
	n := s.count()
	return barometer.Share{Met: min(n, s.count()), Assessed: n}
}

func (s *source) shares() []barometer.Share {
	list := make([]barometer.Share, s.below(6))
	for i := range list {
		list[i] = s.share()
	}
	return list
}

func (s *source) clusters(requirements int) []score.Cluster {
	list := make([]score.Cluster, s.below(8))
	for i := range list {
		list[i].Count = s.below(4)
		for range requirements {
			share := s.share()
			list[i].Met, list[i].Assessed = append(list[i].Met, share.Met), append(list[i].Assessed, share.Assessed)
		}
	}
	return list
}

// finite fails on any number that is none, wherever it stands in v, and on an interval that cannot be.
func finite(t *testing.T, what string, v any) {
	t.Helper()
	if in, ok := v.(*barometer.Interval); ok && in != nil {
		lower, upper := score.Displayed(*in)
		if !(in.Lower >= -1 && in.Lower <= in.Upper && in.Upper <= 1) || in.LowerPercent != lower || in.UpperPercent != upper {
			t.Fatalf("%s: %+v", what, *in)
		}
	}
	walk(t, what, reflect.ValueOf(v))
}

func walk(t *testing.T, what string, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			t.Fatalf("%s: %v", what, f)
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			walk(t, what, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walk(t, what+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(t, fmt.Sprintf("%s[%d]", what, i), v.Index(i))
		}
	}
}

// within fails where numbers lie outside a range.
func within(t *testing.T, what string, lowest, highest float64, numbers ...float64) {
	t.Helper()
	for _, n := range numbers {
		if !(n >= lowest && n <= highest) {
			t.Fatalf("%s: %v outside %v to %v", what, n, lowest, highest)
		}
	}
}

func FuzzFiniteFigures(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x02\x0b\x10\x01\x04\x0e and then some more of it, so that every figure has something to go by"))
	f.Add([]byte("\x0f\xff\xff\xff\x0f\xff\xff\xfe\x01\x02\x03\x04\x05\x06\x07\x08\x0f\x01\x00\x00\x7f\xef\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &source{data}
		confidence := []float64{score.Confidence, 0.8, 0.998}[s.below(3)]
		compareShares(t, s.share(), s.share(), confidence)
		adjustAndSearch(t, s)
		estimateClusters(t, s, confidence)
		drawInTwoStages(t, s)
		placeAmongOthers(t, s, confidence)
		readPrinted(t, s)
	})
}

func compareShares(t *testing.T, now, before barometer.Share, confidence float64) {
	t.Helper()
	inNow := score.Wilson(now, confidence)
	if inNow != nil {
		p := score.Float(score.Exact(now))
		finite(t, "Wilson", inNow)
		within(t, "Wilson", 0, p, inNow.Lower)
		within(t, "Wilson", p, 1, inNow.Upper)
		finite(t, "Reliability", score.Reliability(float64(now.Assessed), inNow))
	}
	test, ok := score.Fisher(now, before)
	within(t, "SmallestAttainableP", 0, 1, score.SmallestAttainableP(now.Assessed, before.Assessed))
	if !ok {
		return
	}
	within(t, "Fisher", 0, 1, test.P, test.MidP, test.Less, test.Greater, test.Observed, test.SmallestAttainable)
	d, in := newcombe(now, before, confidence)
	finite(t, "Newcombe", in)
	within(t, "Newcombe", in.Lower, in.Upper, score.Float(d))
	if v := score.Verdict(&test.SmallestAttainable, &test.P, in); v == "" {
		t.Fatal("no verdict")
	}
}

func adjustAndSearch(t *testing.T, s *source) {
	t.Helper()
	family, p := make([]score.Sides, s.below(5)), make([]*float64, 0, 5)
	for i := range family {
		family[i] = score.Sides{Now: s.shares(), Before: s.shares()}
		one := math.Abs(math.Mod(s.number(), 1))
		if p = append(p, &one); math.IsNaN(one) {
			p[i] = nil
		}
	}
	if len(score.Strongest(family)) != len(family) {
		t.Fatal("not one verdict each")
	}
	for _, adjusted := range score.BenjaminiHochberg(p) {
		if adjusted != nil {
			within(t, "BenjaminiHochberg", 0, 1, *adjusted)
		}
	}
}

func estimateClusters(t *testing.T, s *source, confidence float64) {
	t.Helper()
	requirements := 1 + s.below(3)
	now, before := s.clusters(requirements), s.clusters(requirements)
	weights := make([]float64, len(now))
	for i := range weights {
		weights[i] = math.Abs(s.number())
	}
	checkEstimate := func(name string, e score.Estimate) {
		finite(t, name, e)
		within(t, name, 0, 1, e.Proportion)
		if e.Interval != nil {
			finite(t, name, e.Interval)
			within(t, name, 0, e.Proportion, e.Interval.Lower)
			within(t, name, e.Proportion, 1, e.Interval.Upper)
		}
	}
	weighted, _ := score.PooledWeighted(now, weights, confidence)
	checkEstimate("PooledWeighted", weighted)
	for name, estimate := range estimators {
		a, ok1 := estimate(score.Select(now, []int{0}), confidence)
		b, ok2 := estimate(before, confidence)
		checkEstimate(name, a)
		checkEstimate(name, b)
		if !ok1 || !ok2 {
			continue
		}
		d := score.Difference(a, b, idsOf(s, len(now)), idsOf(s, len(before)), confidence)
		finite(t, "Difference", d)
		if d.P != nil {
			within(t, "Difference", 0, 1, *d.P)
		}
		if d.Correlation != nil {
			within(t, "Difference", -1, 1, *d.Correlation)
		}
		if d.Interval != nil {
			finite(t, "Difference", d.Interval)
			within(t, "Difference", d.Interval.Lower, d.Interval.Upper, d.Difference)
			score.Verdict(nil, d.P, d.Interval)
		}
	}
}

func idsOf(s *source, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprint(s.below(10))
	}
	return ids
}

func drawInTwoStages(t *testing.T, s *source) {
	t.Helper()
	drawn := make([]score.Drawn, s.below(6))
	for i := range drawn {
		share := s.share()
		sampled := share.Assessed + s.below(3)
		drawn[i] = score.Drawn{Share: share, Sampled: sampled, Eligible: sampled + s.count()}
	}
	e, _ := score.TwoStage(drawn, len(drawn)+s.below(100)-1)
	finite(t, "TwoStage", e)
	within(t, "TwoStage", 0, 1, e.Proportion)
}

func placeAmongOthers(t *testing.T, s *source, confidence float64) {
	t.Helper()
	share, target := s.share(), s.target()
	place, _ := score.Funnel(share, target)
	finite(t, "Funnel", place)
	within(t, "Funnel", 0, 1, place.TailLow, place.TailHigh)
	for _, l := range []*barometer.FunnelLimits{
		score.FunnelLimits(share.Assessed, target), score.AdditiveLimits(share.Assessed, target, s.number()),
	} {
		if l != nil {
			within(t, "limits", 0, 1, l.Lower998, l.Lower95, l.Upper95, l.Upper998)
			within(t, "limits", l.Lower998, l.Upper998, l.Lower95, l.Upper95)
		}
	}
	units := append(s.shares(), s.shares()...)
	o, _ := score.Overdispersed(units, target)
	finite(t, "Overdispersed", o)
	shrinkage, shrunken := score.Shrink(units, confidence)
	finite(t, "Shrink", shrinkage)
	for _, one := range shrunken {
		finite(t, "Shrink", one)
		if one == nil {
			continue
		}
		within(t, "Shrink", 0, 1, one.Proportion, one.Weight)
		if one.Interval != nil {
			finite(t, "Shrink", one.Interval)
			within(t, "Shrink", one.Interval.Lower, one.Interval.Upper, one.Proportion)
			within(t, "Shrink", 0, 1, one.Interval.Lower, one.Interval.Upper)
		}
	}
}

func readPrinted(t *testing.T, s *source) {
	t.Helper()
	percent, cases := s.below(101), s.below(50)
	var fractions []*big.Rat
	for _, c := range score.Candidates(percent, cases) {
		if got := score.Percent(score.Exact(c)); got != percent {
			t.Fatalf("%v gives %d %%, not %d %%", c, got, percent)
		}
		fractions = append(fractions, score.Exact(c))
	}
	if mean := score.Mean(fractions); mean != nil {
		within(t, "Mean", 0, 1, score.Float(mean))
		within(t, "Points", -100, 100, float64(score.Points(new(big.Rat).Sub(mean, score.Printed(percent)))))
	}
	met, assessed := s.share(), cases
	score.CheckReported(barometer.ReportedResult{Met: &met.Met, Assessed: &met.Assessed, Percent: percent, Cases: &assessed}, barometer.UnitCase)
}
