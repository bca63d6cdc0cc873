package report_test

import (
	"encoding/json"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// vectors of a file of reference values made with R, by id.
func vectors[V any](b bench, name string) map[string]V {
	b.Helper()
	data, err := os.ReadFile("../../pkg/score/testdata/statistics/" + name + ".json")
	b.must(err)
	var file struct{ Cases []json.RawMessage }
	b.must(json.Unmarshal(data, &file))
	all := map[string]V{}
	for _, text := range file.Cases {
		var named struct{ ID string }
		var v V
		b.must(json.Unmarshal(text, &named))
		b.must(json.Unmarshal(text, &v))
		all[named.ID] = v
	}
	return all
}

// count is a number met among those applicable.
type count struct{ Met, Applicable int }

func (c count) outcomes() []string {
	if c.Applicable == 0 {
		return []string{"X"}
	}
	return slices.Concat(slices.Repeat([]string{"M"}, c.Met), slices.Repeat([]string{"N"}, c.Applicable-c.Met))
}

// countsOf are those of municipalities, by code, and what the country has.
type countsOf struct {
	percent int
	counts  []count
}

// against makes a round in which municipalities have these counts, each list on a requirement of its own, and publishes
// it with a printed percent of the country: there is one more participant, without cases, so that none is computed.
func (b bench) against(all ...countsOf) (found []barometer.Distribution) {
	b.Helper()
	var requirements []string
	for _, q := range b.cat.SyntheticRequirements() {
		if q.Unit == barometer.UnitCase && len(requirements) < len(all) {
			requirements = append(requirements, q.Code)
		}
	}
	most := 0
	for _, h := range all {
		most = max(most, len(h.counts))
	}
	var codes []string
	for _, m := range b.cat.Municipalities(barometer.MunicipalityFilter{})[:most+1] {
		codes = append(codes, m.Code)
	}
	b.round(9001, codes...)
	for m, code := range codes[:most] {
		b.cases(9001, code, requirements, casesOf(m, all)...)
	}
	for i, h := range all {
		b.must(b.store.PutReportedResults(b.ctx, []barometer.ReportedResult{
			{Round: 9001, Area: barometer.Country, Requirement: requirements[i], Percent: h.percent, Source: "service"},
		}))
	}
	s := b.publish(9001)
	for _, requirement := range requirements {
		found = append(found, b.distribution(s, 9001, requirement))
	}
	return found
}

// casesOf writes the cases of a municipality, with a letter for each of the lists.
func casesOf(m int, all []countsOf) []string {
	cases := []string{strings.Repeat("X", len(all))}
	for i, h := range all {
		if m >= len(h.counts) {
			continue
		}
		for n, letter := range h.counts[m].outcomes() {
			if n == len(cases) {
				cases = append(cases, strings.Repeat("X", len(all)))
			}
			cases[n] = cases[n][:i] + letter + cases[n][i+1:]
		}
	}
	return cases
}

func (b bench) distribution(s *report.Snapshot, year barometer.Year, requirement string) barometer.Distribution {
	b.Helper()
	d, err := s.Distribution(year, requirement, barometer.Danish)
	b.must(err)
	return d
}

// closeTo allows for what the reference values were rounded to.
func closeTo(got, want, relative float64) bool {
	return math.Abs(got-want) <= 1e-9+relative*math.Abs(want)
}

// TestAPositionHasTheReferenceValues takes all counts of the reference values for funnels through store and publication.
func TestAPositionHasTheReferenceValues(t *testing.T) {
	run(t, func(b bench) {
		type vector struct {
			Input struct {
				count
				Target float64
			}
			Expected struct {
				Lower95  *float64 `json:"lower_95"`
				Upper95  *float64 `json:"upper_95"`
				Lower998 *float64 `json:"lower_998"`
				Upper998 *float64 `json:"upper_998"`
				TailLow  *float64 `json:"tail_low"`
				TailHigh *float64 `json:"tail_high"`
				Position *barometer.Position
			}
		}
		byTarget := map[int][]vector{}
		for _, v := range vectors[vector](b, "funnel") {
			percent := int(math.Round(100 * v.Input.Target))
			byTarget[percent] = append(byTarget[percent], v)
		}
		var all []countsOf
		percents := slices.Sorted(maps.Keys(byTarget))
		for _, percent := range percents {
			h := countsOf{percent: percent}
			for _, v := range byTarget[percent] {
				h.counts = append(h.counts, v.Input.count)
			}
			all = append(all, h)
		}
		checked := 0
		for place, d := range b.against(all...) {
			percent := percents[place]
			if *d.Target != (barometer.Target{Proportion: float64(percent) / 100, Percent: percent, Basis: barometer.BasisPrintedPercent}) {
				b.Errorf("target %+v", *d.Target)
			}
			for i, v := range byTarget[percent] {
				checked++
				m, want := d.Municipalities[i], v.Expected
				if diff := cmp.Diff(want.Position, m.Position); diff != "" {
					b.Errorf("%+v: %s", v.Input, diff)
				}
				if want.Position == nil {
					if m.TailLow != nil || m.TailHigh != nil || m.Limits != nil || m.AdditiveLimits != nil || m.Status != barometer.NoneAssessed {
						b.Errorf("%+v: %+v", v.Input, m)
					}
					continue
				}
				got := []float64{*m.TailLow, *m.TailHigh, m.Limits.Lower95, m.Limits.Upper95, m.Limits.Lower998, m.Limits.Upper998}
				for j, value := range []float64{*want.TailLow, *want.TailHigh, *want.Lower95, *want.Upper95, *want.Lower998, *want.Upper998} {
					if !closeTo(got[j], value, 1e-8) {
						b.Errorf("%+v: number %d is %v, want %v", v.Input, j, got[j], value)
					}
				}
				if m.Limits.Assessed != v.Input.Applicable {
					b.Errorf("%+v: limits at %d", v.Input, m.Limits.Assessed)
				}
			}
		}
		if checked != 17 {
			b.Errorf("%d vectors", checked)
		}
	})
}

// TestOverdispersionHasTheReferenceValues, and additive limits follow from it at each municipality's number of cases.
func TestOverdispersionHasTheReferenceValues(t *testing.T) {
	run(t, func(b bench) {
		type vector struct {
			Input struct {
				Target float64
				Units  []count
			}
			Expected struct {
				Phi, Tau2 float64
				Half      []float64 `json:"additive_half_width_95"`
			}
		}
		all := vectors[vector](b, "funnel_overdispersion")
		ids := slices.Sorted(maps.Keys(all))
		var lists []countsOf
		for _, id := range ids {
			lists = append(lists, countsOf{int(math.Round(100 * all[id].Input.Target)), all[id].Input.Units})
		}
		for place, d := range b.against(lists...) {
			id, v := ids[place], all[ids[place]]
			got, k := d.Overdispersion, len(v.Input.Units)
			more := v.Expected.Phi > 1+2*math.Sqrt(2/float64(k))
			if !closeTo(got.Phi, v.Expected.Phi, 1e-8) || !closeTo(got.Tau2, v.Expected.Tau2, 1e-8) || got.Municipalities != k || got.Overdispersed != more {
				b.Errorf("%s: %+v, want %v %v", id, *got, v.Expected.Phi, v.Expected.Tau2)
			}
			if noticed(d.Notices, "overdispersed") != more {
				b.Errorf("%s: %+v", id, d.Notices)
			}
			for i, m := range d.Municipalities[:k] {
				lower, upper := max(0, v.Input.Target-v.Expected.Half[i]), min(1, v.Input.Target+v.Expected.Half[i])
				if !closeTo(m.AdditiveLimits.Lower95, lower, 1e-8) || !closeTo(m.AdditiveLimits.Upper95, upper, 1e-8) {
					b.Errorf("%s %s: %+v, want %v to %v", id, m.Municipality, *m.AdditiveLimits, lower, upper)
				}
			}
		}
		if len(ids) != 3 {
			b.Errorf("vectors %v", ids)
		}
	})
}

// TestShrunkenPercentagesHaveTheReferenceValues takes all cases of the reference values through store and publication:
// every status of a shrinkage there is. A municipality with nobody assessed has no percentage of its own to be drawn
// anywhere.
func TestShrunkenPercentagesHaveTheReferenceValues(t *testing.T) {
	run(t, func(b bench) {
		type vector struct {
			Input    struct{ Units []count }
			Expected struct {
				Moments struct {
					Status string
					Mu     *float64
					Rho    *float64
					Prior  *float64 `json:"prior_cases"`
					Units  []struct {
						Shrunk       float64
						OnOwn        float64 `json:"weight_on_own"`
						Lower, Upper *float64
					}
				}
			}
		}
		all, statuses := vectors[vector](b, "eb_beta_binomial"), map[string]bool{}
		ids := slices.Sorted(maps.Keys(all))
		var lists []countsOf
		for _, id := range ids {
			lists = append(lists, countsOf{50, all[id].Input.Units})
		}
		for place, d := range b.against(lists...) {
			id, v := ids[place], all[ids[place]]
			want := v.Expected.Moments
			statuses[want.Status] = true
			if d.Shrinkage.Status != want.Status || !alike(d.Shrinkage.Mean, want.Mu) || !alike(d.Shrinkage.Correlation, want.Rho) ||
				!alike(d.Shrinkage.PriorCases, want.Prior) {
				b.Errorf("%s: %+v, want %+v", id, d.Shrinkage, want)
			}
			if noticed(d.Notices, "best_guess") != (want.Units != nil) {
				b.Errorf("%s: %+v", id, d.Notices)
			}
			for i, c := range v.Input.Units {
				m := d.Municipalities[i]
				if want.Units == nil || c.Applicable == 0 {
					if m.Shrunken != nil {
						b.Errorf("%s %v: %+v", id, c, *m.Shrunken)
					}
					continue
				}
				var lower, upper *float64
				if m.Shrunken.Interval != nil {
					lower, upper = &m.Shrunken.Interval.Lower, &m.Shrunken.Interval.Upper
				}
				of := want.Units[i]
				if !closeTo(m.Shrunken.Proportion, of.Shrunk, 1e-6) || !closeTo(m.Shrunken.Weight, of.OnOwn, 1e-6) || !alike(lower, of.Lower) || !alike(upper, of.Upper) {
					b.Errorf("%s %v: %+v, want %+v", id, c, *m.Shrunken, of)
				}
				if *m.Met != c.Met || *m.Assessed != c.Applicable || *m.Proportion != float64(c.Met)/float64(c.Applicable) {
					b.Errorf("%s %v: what the audit found is %d of %d", id, c, *m.Met, *m.Assessed)
				}
			}
		}
		if len(statuses) != 6 {
			b.Errorf("statuses %v", statuses)
		}
	})
}

// alike compares two numbers that need not be defined.
func alike(got, want *float64) bool {
	return got == nil && want == nil || got != nil && want != nil && closeTo(*got, *want, 1e-6)
}
