package score_test

import (
	"math/big"
	"testing"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

type twoRounds struct {
	ID       string
	New, Old count
}

func TestFisherVectors(t *testing.T) {
	eachCase(t, "fisher", func(in twoRounds) map[string]any {
		f, ok := score.Fisher(in.New.share(), in.Old.share())
		members := map[string]float64{
			"p_two_sided": f.P, "p_less": f.Less, "p_greater": f.Greater, "p_midp": f.MidP,
			"p_observed_table": f.Observed, "p_min_attainable_best_margin": f.SmallestAttainable,
		}
		out := map[string]any{}
		for name, p := range members {
			out[name] = nil
			if ok {
				out[name] = p
			}
		}
		return out
	})
}

func TestBenjaminiHochbergVectors(t *testing.T) {
	eachCase(t, "bh", func(in struct{ P []*float64 }) map[string]any {
		adjusted := score.BenjaminiHochberg(in.P)
		return map[string]any{"adjusted": adjusted, "family_size": counted(adjusted)}
	})
}

func counted(family []*float64) int {
	n := 0
	for _, p := range family {
		if p != nil {
			n++
		}
	}
	return n
}

func TestComparisonFamilyVectors(t *testing.T) {
	eachCase(t, "comparison_family", func(in struct{ Requirements []twoRounds }) map[string]any {
		family := make([]*float64, len(in.Requirements))
		for i, r := range in.Requirements {
			if f, ok := score.Fisher(r.New.share(), r.Old.share()); ok {
				family[i] = &f.P
			}
		}
		adjusted := score.BenjaminiHochberg(family)
		rows := make([]map[string]any, len(in.Requirements))
		for i, r := range in.Requirements {
			rows[i] = compared(r, adjusted[i])
		}
		return map[string]any{"family_size": counted(adjusted), "requirements": rows}
	})
}

// compared gives what the vectors know of one comparison.
func compared(r twoRounds, adjusted *float64) map[string]any {
	f, ok := score.Fisher(r.New.share(), r.Old.share())
	if !ok {
		return map[string]any{
			"id": r.ID, "delta_pp": nil, "difference": nil, "lower": nil, "upper": nil, "p": nil, "p_midp": nil,
			"p_adjusted": nil, "p_min_attainable_best_margin": nil, "verdict": barometer.NoBasis,
		}
	}
	d, in := newcombe(r.New.share(), r.Old.share(), score.Confidence)
	return map[string]any{
		"id": r.ID, "delta_pp": score.Points(d), "difference": score.Float(d), "lower": in.Lower, "upper": in.Upper,
		"p": f.P, "p_midp": f.MidP, "p_adjusted": adjusted, "p_min_attainable_best_margin": f.SmallestAttainable,
		"verdict": score.Verdict(&f.SmallestAttainable, adjusted, in),
	}
}

// newcombe gives the exact difference of two rounds that both have assessed cases, and its interval.
func newcombe(now, before barometer.Share, level float64) (*big.Rat, *barometer.Interval) {
	pNow, pBefore := score.Exact(now), score.Exact(before)
	d := new(big.Rat).Sub(pNow, pBefore)
	return d, score.Newcombe(score.Float(d), score.Float(pNow), score.Float(pBefore),
		score.Wilson(now, level), score.Wilson(before, level))
}
