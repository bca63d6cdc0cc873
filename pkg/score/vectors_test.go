package score_test

import (
	"encoding/json"
	"math"
	"math/big"
	"os"
	"testing"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// vectorFile is a file of reference values made with R; every case in it is tried.
type vectorFile struct {
	Tolerance struct{ Absolute, Relative float64 } `json:"tolerance"`
	Cases     []struct {
		ID       string          `json:"id"`
		Input    json.RawMessage `json:"input"`
		Expected json.RawMessage `json:"expected"`
	} `json:"cases"`
}

// count is a share as the vectors name it.
type count struct{ Met, Applicable int }

func (c count) share() barometer.Share {
	return barometer.Share{Met: c.Met, Assessed: c.Applicable}
}

type leveled struct {
	count
	Level float64
}

// load reads a file of reference values.
func load(t *testing.T, name string) vectorFile {
	t.Helper()
	data, err := os.ReadFile("testdata/statistics/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var file vectorFile
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) == 0 {
		t.Fatalf("%s has no cases", name)
	}
	return file
}

// eachCase decodes every case of a file into an input and the expected members, and compares what got returns.
func eachCase[In any](t *testing.T, name string, got func(In) map[string]any) {
	t.Helper()
	file := load(t, name)
	for _, c := range file.Cases {
		t.Run(c.ID, func(t *testing.T) {
			var want map[string]any
			if err := json.Unmarshal(c.Expected, &want); err != nil {
				t.Fatal(err)
			}
			compare(t, "", want, jsonOf(t, got(inputOf[In](t, c.Input))), file.Tolerance.Absolute, file.Tolerance.Relative)
		})
	}
}

func inputOf[In any](t *testing.T, raw json.RawMessage) In {
	t.Helper()
	var in In
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	return in
}

func jsonOf(t *testing.T, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// compare holds got against every expected member: numbers within the file's tolerance, everything else equal.
func compare(t *testing.T, path string, want, got any, abs, rel float64) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			t.Errorf("%s: want %v, got %v", path, want, got)
			return
		}
		for name, member := range w {
			if _, there := g[name]; !there {
				t.Errorf("%s/%s: not computed", path, name)
			}
			compare(t, path+"/"+name, member, g[name], abs, rel)
		}
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			t.Errorf("%s: want %v, got %v", path, want, got)
			return
		}
		for i := range w {
			compare(t, path, w[i], g[i], abs, rel)
		}
	case float64:
		g, ok := got.(float64)
		if !ok || !(math.Abs(g-w) <= abs+rel*math.Abs(w)) {
			t.Errorf("%s: want %v, got %v", path, w, got)
		}
	default:
		if want != got {
			t.Errorf("%s: want %v, got %v", path, want, got)
		}
	}
}

func TestWilsonVectors(t *testing.T) {
	eachCase(t, "wilson", func(in leveled) map[string]any {
		out := map[string]any{"estimate": floatOrNil(score.Exact(in.share())), "lower": nil, "upper": nil}
		if i := score.Wilson(in.share(), in.Level); i != nil {
			out["lower"], out["upper"] = i.Lower, i.Upper
		}
		return out
	})
}

func TestNewcombeVectors(t *testing.T) {
	type input struct {
		New, Old count
		Level    float64
	}
	eachCase(t, "newcombe", func(in input) map[string]any {
		out := map[string]any{"difference": nil, "lower": nil, "upper": nil}
		pNew, pOld := score.Exact(in.New.share()), score.Exact(in.Old.share())
		if pNew == nil || pOld == nil {
			return out
		}
		d := score.Float(new(big.Rat).Sub(pNew, pOld))
		i := score.Newcombe(d, score.Float(pNew), score.Float(pOld),
			score.Wilson(in.New.share(), in.Level), score.Wilson(in.Old.share(), in.Level))
		return map[string]any{"difference": d, "lower": i.Lower, "upper": i.Upper}
	})
}

func TestRoundingVectors(t *testing.T) {
	type input struct {
		count
		New, Old *count
	}
	eachCase(t, "rounding", func(in input) map[string]any {
		if in.New == nil {
			return map[string]any{"percent": percentOrNil(in.share())}
		}
		out := map[string]any{"delta_pp": nil, "delta_of_rounded_pp": nil, "displayed_differs": nil}
		pNew, pOld := score.Exact(in.New.share()), score.Exact(in.Old.share())
		if pNew == nil || pOld == nil {
			return out
		}
		points, displayed := score.Points(new(big.Rat).Sub(pNew, pOld)), score.Percent(pNew)-score.Percent(pOld)
		return map[string]any{"delta_pp": points, "delta_of_rounded_pp": displayed, "displayed_differs": points != displayed}
	})
}

func TestIntervalDisplayVectors(t *testing.T) {
	eachCase(t, "interval_display", func(in count) map[string]any {
		out := map[string]any{"percent": percentOrNil(in.share()), "lower_percent": nil, "upper_percent": nil}
		i := score.Wilson(in.share(), score.Confidence)
		if i != nil {
			out["lower_percent"], out["upper_percent"] = score.Displayed(*i)
		}
		out["reliability"] = score.Reliability(float64(in.Applicable), i)
		return out
	})
}

func TestThemeVectors(t *testing.T) {
	type input struct {
		Cases []string
		Level float64
	}
	eachCase(t, "theme", func(in input) map[string]any {
		clusters := clustersOf(in.Cases)
		pooled, _ := score.Pooled(clusters, in.Level)
		mean, _ := score.MeanOfRequirements(clusters, in.Level)
		requirements, used := requirementsOf(clusters)
		p := members(pooled)
		p["clusters"], p["contributing_clusters"], p["applicable"] = len(in.Cases), pooled.Contributing, pooled.Assessed
		p["design_effect"], p["df"] = pooled.DesignEffect, any(pooled.Contributing-1)
		if pooled.Assessed == 0 {
			p["df"] = nil
		}
		m := members(mean)
		m["requirements_used"] = used
		return map[string]any{"requirements": requirements, "pooled": p, "macro": m}
	})
}

func clustersOf(cases []string) []score.Cluster {
	clusters := make([]score.Cluster, len(cases))
	for i, letters := range cases {
		c := score.Cluster{Count: 1, Met: make([]int, len(letters)), Assessed: make([]int, len(letters))}
		for r, letter := range letters {
			if letter == 'M' {
				c.Met[r] = 1
			}
			if letter != 'X' {
				c.Assessed[r] = 1
			}
		}
		clusters[i] = c
	}
	return clusters
}

func requirementsOf(clusters []score.Cluster) (counts []map[string]int, used int) {
	for r := range clusters[0].Met {
		met, applicable := 0, 0
		for _, c := range clusters {
			met += c.Met[r]
			applicable += c.Assessed[r]
		}
		if applicable > 0 {
			used++
		}
		counts = append(counts, map[string]int{"met": met, "applicable": applicable})
	}
	return counts, used
}

func members(e score.Estimate) map[string]any {
	out := map[string]any{"estimate": nil, "se": e.SE, "effective_n": e.EffectiveN, "lower": nil, "upper": nil}
	if e.Assessed > 0 {
		out["estimate"] = e.Proportion
	}
	if e.Interval != nil {
		out["lower"], out["upper"] = e.Interval.Lower, e.Interval.Upper
	}
	return out
}

func percentOrNil(s barometer.Share) any {
	if p := score.Exact(s); p != nil {
		return score.Percent(p)
	}
	return nil
}

func floatOrNil(r *big.Rat) any {
	if r == nil {
		return nil
	}
	return score.Float(r)
}
