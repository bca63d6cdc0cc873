package score_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

func TestFunnelVectors(t *testing.T) {
	type input struct {
		count
		Target float64
	}
	eachCase(t, "funnel", func(in input) map[string]any {
		drawn, approximate := score.FunnelLimits(in.Applicable, in.Target), score.AdditiveLimits(in.Applicable, in.Target, 0)
		place, ok := score.Funnel(in.share(), in.Target)
		if !ok || drawn == nil || approximate == nil {
			out := map[string]any{}
			for _, name := range []string{
				"lower_95", "upper_95", "lower_998", "upper_998", "approx_lower_95", "approx_upper_95",
				"z", "tail_low", "tail_high", "position",
			} {
				out[name] = nil
			}
			return out
		}
		return map[string]any{
			"lower_95": drawn.Lower95, "upper_95": drawn.Upper95, "lower_998": drawn.Lower998, "upper_998": drawn.Upper998,
			"approx_lower_95": approximate.Lower95, "approx_upper_95": approximate.Upper95,
			"z": place.Z, "tail_low": place.TailLow, "tail_high": place.TailHigh, "position": place.Position,
		}
	})
}

func sharesOf(counts []count) []barometer.Share {
	shares := make([]barometer.Share, len(counts))
	for i, c := range counts {
		shares[i] = c.share()
	}
	return shares
}

func TestFunnelOverdispersionVectors(t *testing.T) {
	type input struct {
		Target float64
		Units  []count
	}
	const z = 1.959963984540054
	eachCase(t, "funnel_overdispersion", func(in input) map[string]any {
		units := sharesOf(in.Units)
		o, _ := score.Overdispersed(units, in.Target)
		var distances, multiplicative, additive, additiveZ []float64
		for _, u := range units {
			place, _ := score.Funnel(u, in.Target)
			s := math.Sqrt(in.Target * (1 - in.Target) / float64(u.Assessed))
			wide := math.Sqrt(s*s + o.Tau2)
			distances = append(distances, place.Z)
			multiplicative = append(multiplicative, z*s*math.Sqrt(max(1, o.Phi)))
			additive = append(additive, z*wide)
			additiveZ = append(additiveZ, (score.Float(score.Exact(u))-in.Target)/wide)
			limits := score.AdditiveLimits(u.Assessed, in.Target, o.Tau2)
			if !near(limits.Lower95, max(0, in.Target-z*wide)) || !near(limits.Upper95, min(1, in.Target+z*wide)) {
				t.Errorf("%v: %v; want %v ± %v", u, *limits, in.Target, z*wide)
			}
		}
		lower, upper := score.WinsorLimits(distances)
		return map[string]any{
			"units": o.Municipalities, "z": distances, "winsor_lower": lower, "winsor_upper": upper, "phi": o.Phi, "tau2": o.Tau2,
			"multiplicative_half_width_95": multiplicative, "additive_half_width_95": additive, "additive_z": additiveZ,
		}
	})
}

type shrinkInput struct {
	Units []count
	Level float64
}

func TestShrinkageVectors(t *testing.T) {
	file := load(t, "eb_beta_binomial")
	for _, c := range file.Cases {
		t.Run(c.ID, func(t *testing.T) {
			in := inputOf[shrinkInput](t, c.Input)
			units := sharesOf(in.Units)
			var want struct{ Moments map[string]any }
			if err := json.Unmarshal(c.Expected, &want); err != nil {
				t.Fatal(err)
			}
			s, shrunken := score.Shrink(units, in.Level)
			compare(t, "", want.Moments, jsonOf(t, momentsOf(units, s, shrunken)), file.Tolerance.Absolute, file.Tolerance.Relative)
		})
	}
}

func momentsOf(units []barometer.Share, s barometer.Shrinkage, shrunken []*barometer.Shrunken) map[string]any {
	out := map[string]any{
		"status": s.Status, "mu": s.Mean, "rho": s.Correlation, "rho_raw": nil, "prior_cases": s.PriorCases,
		"alpha": nil, "beta": nil, "units": nil,
	}
	if s.PriorCases != nil {
		out["alpha"], out["beta"] = *s.Mean**s.PriorCases, (1-*s.Mean)**s.PriorCases
	}
	if s.Correlation == nil {
		return out
	}
	out["rho_raw"] = score.RawCorrelation(units)
	rows := make([]map[string]any, len(units))
	for i, u := range shrunken {
		rows[i] = map[string]any{
			"raw": floatOrNil(score.Exact(units[i])), "shrunk": u.Proportion, "weight_on_own": u.Weight, "lower": nil, "upper": nil,
		}
		if u.Interval != nil {
			rows[i]["lower"], rows[i]["upper"] = u.Interval.Lower, u.Interval.Upper
		}
	}
	out["units"] = rows
	return out
}
