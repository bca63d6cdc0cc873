package api_test

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

var distributionTests = map[string]func(*testing.T, server){
	"distribution of the history": testDistributionOfHistory,
	"method":                      testMethod,
}

// atMost is the probability of x or fewer of n, each with probability p.
func atMost(x, n int, p float64) float64 {
	sum := 0.0
	for i := range x + 1 {
		sum += ways(n, i) * math.Pow(p, float64(i)) * math.Pow(1-p, float64(n-i))
	}
	return sum
}

// testDistributionOfHistory: in 2023 the country's percent was printed, and only Ishøj's counts are known: 1 of 6.
func testDistributionOfHistory(t *testing.T, s server) {
	d := must(s.Distribution(t.Context(), 2023, fourMonths, barometer.English))(t)
	if diff := cmp.Diff(&barometer.Target{Proportion: 0.34, Percent: 34, Basis: barometer.BasisPrintedPercent}, d.Target); diff != "" {
		t.Error(diff)
	}
	if len(d.Municipalities) != 2 || d.Country.Key != "2023.dk."+fourMonths || d.Question != "Has the four-month deadline been met" || d.Release != 6 {
		t.Fatalf("%+v", d)
	}
	own, printed := d.Municipalities[0], d.Municipalities[1]
	if own.Municipality != ishoej || *own.Position != barometer.Within || math.Abs(*own.TailLow-atMost(1, 6, 0.34)) > 1e-12 ||
		math.Abs(*own.TailHigh-(1-atMost(0, 6, 0.34))) > 1e-12 || own.Limits.Assessed != 6 {
		t.Errorf("%+v", own)
	}
	if printed.Municipality != norddjurs || *printed.Percent != 25 || printed.Position != nil || printed.Limits != nil || printed.Shrunken != nil {
		t.Errorf("a printed percent has a place: %+v", printed)
	}
	if d.Shrinkage.Status != "too_few_units" || d.Overdispersion != nil {
		t.Errorf("one municipality has counts: %+v %+v", d.Shrinkage, d.Overdispersion)
	}
	notifications := must(s.Distribution(t.Context(), 2023, "notification_assessed_within_24_hours", ""))(t)
	if notifications.Shrinkage.Status != "not_offered" || noticeCodes(notifications.Notices) == "" {
		t.Errorf("%+v %+v", notifications.Shrinkage, notifications.Notices)
	}
}

func testMethod(t *testing.T, s server) {
	da, en := must(s.Method(t.Context(), ""))(t), must(s.Method(t.Context(), barometer.English))(t)
	if da.Version != en.Version || len(da.Methods) < 8 || len(da.Verdicts) != 6 || da.Parameters.Confidence != 0.95 {
		t.Errorf("%+v", da)
	}
	for i, m := range da.Methods {
		if m.Code != en.Methods[i].Code || m.UsedFor == en.Methods[i].UsedFor || m.Formula == "" || m.Unit == "" {
			t.Errorf("%+v, %+v", m, en.Methods[i])
		}
	}
	if latest := must(s.LatestRelease(t.Context()))(t); latest.Method != da.Version {
		t.Errorf("the release says method %d, the method is %d", latest.Method, da.Version)
	}
	first := s.get(t, "/v1/method")
	if again := s.get(t, "/v1/method", "If-None-Match: "+first.header.Get("ETag")); again.status != http.StatusNotModified {
		t.Errorf("%d", again.status)
	}
}

// TestDistribution holds the places of five municipalities against the tails of the binomial distribution, added up here.
func TestDistribution(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		counts := map[string]barometer.Share{
			"0101": {Met: 9, Assessed: 10}, ishoej: {Met: 10, Assessed: 10}, norddjurs: {Met: 0, Assessed: 12}, "0710": {Met: 7, Assessed: 12}, "0751": {Met: 0, Assessed: 0},
		}
		cases := map[string][]string{}
		for code, s := range counts {
			cases[code] = counted('P', max(s.Assessed, 3), []barometer.Share{s})
		}
		o.publish(t, sampled{year: 9026, requirements: []string{"child_heard_before_decision"}, cases: cases})
		d := must(o.Distribution(t.Context(), 9026, "child_heard_before_decision", ""))(t)
		target := 26.0 / 44
		if d.Target.Proportion != target || d.Target.Basis != barometer.BasisCounts {
			t.Errorf("%+v", d.Target)
		}
		want := map[string]barometer.Position{"0101": barometer.Within, ishoej: barometer.Above95, norddjurs: barometer.Below998, "0710": barometer.Within}
		var order []string
		for _, m := range d.Municipalities {
			order = append(order, m.Municipality)
			s := counts[m.Municipality]
			if m.Municipality == "0751" {
				if m.Status != barometer.NoneAssessed || m.Position != nil || m.TailLow != nil || m.Limits != nil {
					t.Errorf("%+v", m)
				}
				continue
			}
			low, high := atMost(s.Met, s.Assessed, target), 1.0
			if s.Met > 0 {
				high = 1 - atMost(s.Met-1, s.Assessed, target)
			}
			if *m.Position != want[m.Municipality] || math.Abs(*m.TailLow-low) > 1e-9 || math.Abs(*m.TailHigh-high) > 1e-9 {
				t.Errorf("%s: %s, tails %v and %v, want %s, %v and %v", m.Municipality, *m.Position, *m.TailLow, *m.TailHigh, want[m.Municipality], low, high)
			}
			checkShrunken(t, m, d.Shrinkage)
		}
		if got := strings.Join(order, " "); got != "0101 0183 0707 0710 0751" {
			t.Errorf("in the order %s", got)
		}
		if got := fmt.Sprint(d.WithoutFigure); got != "[{none_assessed 1}]" || d.Overdispersion.Municipalities != 4 || !d.Overdispersion.Overdispersed {
			t.Errorf("%s, %+v", got, d.Overdispersion)
		}
		if _, err := o.Distribution(t.Context(), 9026, fourMonths, ""); problemOf(t, 0, err).Status != http.StatusNotFound {
			t.Errorf("a requirement that was not asked: %v", err)
		}
		if _, err := o.as(t, barometer.RoleMunicipality).Distribution(t.Context(), 9027, fourMonths, ""); problemOf(t, 0, err).Status != http.StatusNotFound {
			t.Errorf("a round that is not published: %v", err)
		}
		checkNoRank(t, o.server)
	})
}

// checkShrunken: a shrunken percentage lies between the municipality's own and the mean, nearer its own the more it has.
func checkShrunken(t *testing.T, m barometer.MunicipalityPosition, s barometer.Shrinkage) {
	t.Helper()
	got, prior := m.Shrunken, *s.PriorCases
	want := (*s.Mean*prior + float64(*m.Met)) / (prior + float64(*m.Assessed))
	weight := float64(*m.Assessed) / (prior + float64(*m.Assessed))
	if s.Status != "ok" || math.Abs(got.Proportion-want) > 1e-9 || math.Abs(got.Weight-weight) > 1e-9 || got.Interval.Method != "beta" {
		t.Errorf("%s: %+v of %+v, want %v and weight %v", m.Municipality, got, s, want, weight)
	}
	if low, high := min(*s.Mean, *m.Proportion), max(*s.Mean, *m.Proportion); got.Proportion < low || got.Proportion > high {
		t.Errorf("%s: %v is not between %v and %v", m.Municipality, got.Proportion, low, high)
	}
}

// checkNoRank: nothing can be asked for that puts municipalities in an order of merit.
func checkNoRank(t *testing.T, s server) {
	t.Helper()
	for _, query := range []string{"sort=percent", "order=desc", "rank=true"} {
		name, _, _ := strings.Cut(query, "=")
		for _, address := range []string{"/v1/results", "/v1/rounds/9026/requirements/child_heard_before_decision/distribution"} {
			checkFields(t, s, address+"?"+query, http.StatusBadRequest, name+" unknown_parameter")
		}
	}
	if rows := must(s.Results(t.Context(), client.ResultsOptions{Round: []barometer.Year{9026}, PercentBelow: 60}))(t); len(rows.Items) == 0 {
		t.Error("nothing is below 60 %")
	}
}
