package report_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func noticed(notices []barometer.Notice, code string) bool {
	return slices.ContainsFunc(notices, func(n barometer.Notice) bool { return n.Code == code })
}

func codesOf(notices []barometer.Notice) string {
	var codes []string
	for _, n := range notices {
		codes = append(codes, n.Code)
	}
	return strings.Join(codes, " ")
}

// TestTheHistoryBesideTheCountry: in 2023 Ishøj had 1 of 6 within four months where the country had 34 %, as printed. With
// 6 cases of which each is met with probability 0.34, 0 or 1 of them are with 0.66^6 + 6·0.34·0.66^5, and 1 or more with
// 1 - 0.66^6. Norddjurs' printed 25 % has no place.
func TestTheHistoryBesideTheCountry(t *testing.T) {
	run(t, func(b bench) {
		s := b.load()
		d := b.distribution(s, 2023, "investigation_within_four_months")
		if d.Country.Key != "2023.dk.investigation_within_four_months" || *d.Country.Percent != 34 || d.Country.Change == nil ||
			*d.Target != (barometer.Target{Proportion: 0.34, Percent: 34, Basis: barometer.BasisPrintedPercent}) {
			b.Errorf("%+v %+v", d.Country, d.Target)
		}
		ishoej, norddjurs := d.Municipalities[0], d.Municipalities[1]
		if ishoej.Name != "Ishøj" || norddjurs.Name != "Norddjurs" || len(d.Municipalities) != 2 {
			b.Fatalf("%+v", d.Municipalities)
		}
		none := math.Pow(0.66, 6)
		if !near(*ishoej.TailLow, none+6*0.34*math.Pow(0.66, 5)) || !near(*ishoej.TailHigh, 1-none) || *ishoej.Position != barometer.Within {
			b.Errorf("%s %v %v", *ishoej.Position, *ishoej.TailLow, *ishoej.TailHigh)
		}
		if *ishoej.Percent != 17 || ishoej.Key != "2023.0183.investigation_within_four_months" || *ishoej.Reliability != barometer.ReliabilityVeryLow ||
			codesOf(ishoej.Notices) != "small_denominator not_generalisable" {
			b.Errorf("%+v", ishoej)
		}
		if *norddjurs.Percent != 25 || norddjurs.Status != barometer.PercentOnly || norddjurs.Position != nil || norddjurs.TailLow != nil ||
			norddjurs.TailHigh != nil || norddjurs.Limits != nil || norddjurs.AdditiveLimits != nil || norddjurs.Shrunken != nil ||
			norddjurs.Interval != nil || norddjurs.Met != nil {
			b.Errorf("a printed percent without counts: %+v", norddjurs)
		}
		if d.Overdispersion != nil || d.Shrinkage.Status != "too_few_units" || ishoej.Shrunken != nil || ishoej.AdditiveLimits != nil {
			b.Errorf("one municipality with counts: %+v %+v", d.Overdispersion, d.Shrinkage)
		}
		if len(d.Limits) != 6 || d.Limits[0].Assessed != 1 || d.Limits[5] != *ishoej.Limits {
			b.Errorf("limits %+v", d.Limits)
		}
		if got := codesOf(d.Notices); got != "participants_unknown not_generalisable" || d.Notices[1].Text == "" {
			b.Errorf("notices %s", got)
		}
		if len(d.WithoutFigure) != 0 || d.WithoutFigure == nil || d.Release != 6 || d.Origin != barometer.OriginReal || d.Round != 2023 ||
			d.Question != "Er 4 måneders fristen overholdt" || d.ThemeName != "Faglig udredning" {
			b.Errorf("%+v", d)
		}
		english, err := s.Distribution(2023, "investigation_within_four_months", barometer.English)
		b.must(err)
		if english.Notices[1].Text != b.cat.Notice("not_generalisable", barometer.English).Text || english.Country.AreaName != "Denmark" ||
			english.Municipalities[0].Notices[0].Text != b.cat.Notice("small_denominator", barometer.English).Text {
			b.Errorf("%+v", english)
		}
	})
}

// TestWithoutTheCountrysFigure nothing is counted against it, and who has no figure is counted by why.
func TestWithoutTheCountrysFigure(t *testing.T) {
	run(t, func(b bench) {
		d := b.distribution(b.load(), 2023, "investigation_reasoned_position")
		if d.Country.Status != barometer.NoFigure || d.Target != nil || d.Limits == nil || len(d.Limits) != 0 {
			b.Errorf("%s %+v", d.Country.Status, d.Target)
		}
		if diff := cmp.Diff([]barometer.StatusCount{{Status: barometer.NoFigure, Count: 1}}, d.WithoutFigure); diff != "" {
			b.Error(diff) // Ishøj; Norddjurs has 100 %
		}
	})
}

// TestEveryStatusBesideTheCountry: 5 of 8 and 3 of 8, nobody assessed, a printed percent, printed counts, and nothing at
// all of the last, so that the country is as reported.
func TestEveryStatusBesideTheCountry(t *testing.T) {
	run(t, func(b bench) {
		b.round(9001, "0101", "0147", "0151", "0183", "0707", "0860")
		b.cases(9001, "0101", professional[:1], count{5, 8}.outcomes()...)
		b.cases(9001, "0147", professional[:1], count{3, 8}.outcomes()...)
		b.cases(9001, "0151", professional[:1], "X", "X")
		met, assessed, cases := 1, 7, 9
		b.must(b.store.PutReportedResults(b.ctx, []barometer.ReportedResult{
			{Round: 9001, Area: "0183", Requirement: professional[0], Percent: 40, Source: "service"},
			{Round: 9001, Area: "0707", Requirement: professional[0], Percent: 14, Met: &met, Assessed: &assessed, Cases: &cases, Source: "service"},
			{Round: 9001, Area: barometer.Country, Requirement: professional[0], Percent: 50, Source: "service"},
		}))
		d := b.distribution(b.publish(9001), 9001, professional[0])
		var got []string
		for _, m := range d.Municipalities {
			line := fmt.Sprintf("%s %s", m.Municipality, m.Status)
			if m.Percent != nil {
				line += fmt.Sprintf(" %d %%", *m.Percent)
			}
			if m.Position != nil {
				line += fmt.Sprintf(" %d/256 %s", int(math.Round(256**m.TailLow)), *m.Position)
			}
			got = append(got, line)
		}
		want := []string{ // of 2^8 = 256 outcomes with a half each, and of 2^7 = 128
			"0101 measured 63 % 219/256 within", // 256 - 1 - 8 - 28
			"0147 measured 38 % 93/256 within",  // 1 + 8 + 28 + 56
			"0151 none_assessed",
			"0183 percent_only 40 %",
			"0707 measured 14 % 16/256 within", // 2·(1 + 7)
			"0860 no_figure",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			b.Error(diff)
		}
		missing := []barometer.StatusCount{{Status: barometer.NoneAssessed, Count: 1}, {Status: barometer.NoFigure, Count: 1}}
		if diff := cmp.Diff(missing, d.WithoutFigure); diff != "" {
			b.Error(diff)
		}
		if d.Overdispersion.Municipalities != 3 || *d.Shrinkage.Mean != 9.0/23 {
			b.Errorf("three have counts, 9 of 23 together: %+v %+v", d.Overdispersion, d.Shrinkage)
		}
		if got := codesOf(d.Notices); !strings.HasPrefix(got, "not_generalisable") || !strings.HasSuffix(got, "synthetic") {
			b.Errorf("all participants are known: %s", got)
		}
	})
}

// TestTheComputedCountryIsTheTarget: 8 of 16 in one municipality and 4 of 32 in another are 12 of 48, a quarter exactly.
func TestTheComputedCountryIsTheTarget(t *testing.T) {
	run(t, func(b bench) {
		b.round(9001, "0183", "0707")
		b.cases(9001, "0707", professional[:2], slices.Concat(slices.Repeat([]string{"MM"}, 8), slices.Repeat([]string{"NM"}, 8))...)
		b.cases(9001, "0183", professional[:2], slices.Concat(slices.Repeat([]string{"MM"}, 4), slices.Repeat([]string{"NM"}, 28))...)
		s := b.publish(9001)
		d := b.distribution(s, 9001, professional[0])
		if *d.Target != (barometer.Target{Proportion: 0.25, Percent: 25, Basis: barometer.BasisCounts}) || *d.Country.Met != 12 {
			b.Errorf("%+v", *d.Target)
		}
		low := 0.0 // P(R <= 4), R ~ Binomial(32, 1/4)
		for r, ways := 0, 1.0; r <= 4; r++ {
			low += ways * math.Pow(0.25, float64(r)) * math.Pow(0.75, float64(32-r))
			ways *= float64(32-r) / float64(r+1)
		}
		if m := d.Municipalities[0]; m.Municipality != "0183" || !near(*m.TailLow, low) || *m.Position != barometer.Within {
			b.Errorf("%s %v, want %v", m.Municipality, *m.TailLow, low)
		}
		if len(d.Limits) != 32 {
			b.Errorf("%d limits", len(d.Limits))
		}
		// All are met of the second requirement: nothing can lie outside.
		d = b.distribution(s, 9001, professional[1])
		if d.Target.Proportion != 1 || len(d.Limits) != 0 || d.Overdispersion != nil || d.Shrinkage.Status != "no_variation" {
			b.Errorf("%+v %+v", d.Target, d.Overdispersion)
		}
		for _, m := range d.Municipalities {
			if m.Position != nil || m.TailLow != nil || m.TailHigh != nil || m.Limits != nil || m.AdditiveLimits != nil || m.Shrunken != nil || *m.Percent != 100 {
				b.Errorf("%+v", m)
			}
		}
	})
}

// TestNotificationsHaveNoPlace, since those of one case are not independent: neither in a round run here nor in 2023.
func TestNotificationsHaveNoPlace(t *testing.T) {
	run(t, func(b bench) {
		const requirement = "notification_assessed_within_24_hours"
		b.round(9001, "0183", "0707")
		for i, m := range []string{"0183", "0707"} {
			id := fmt.Sprint("c", i)
			units, outcomes := []barometer.CaseUnit{{CaseID: id, Unit: barometer.UnitCase}}, []barometer.CaseOutcome{}
			for n := 1; n <= 5; n++ {
				units = append(units, barometer.CaseUnit{CaseID: id, Number: n, Unit: barometer.UnitNotification})
				outcome := barometer.CaseOutcome{
					CaseID: id, Requirement: requirement, Number: n, Round: 9001, Unit: barometer.UnitNotification, Outcome: barometer.Met,
				}
				if n > 3+i {
					outcome.Outcome = barometer.NotMet
				}
				outcomes = append(outcomes, outcome)
			}
			b.must(b.store.AddCases(b.ctx, []barometer.Case{
				{ID: id, Round: 9001, Municipality: m, Reference: id, CaseType: barometer.Placement},
			}, units, outcomes))
		}
		s := b.publish(9001)
		for _, year := range []barometer.Year{9001, 2023} {
			d := b.distribution(s, year, requirement)
			if d.Unit != barometer.UnitNotification || !noticed(d.Notices, "clustered_outcomes") || noticed(d.Notices, "best_guess") ||
				d.Shrinkage != (barometer.Shrinkage{Status: "not_offered"}) || d.Overdispersion != nil || len(d.Limits) != 0 || d.Target == nil {
				b.Errorf("%d: %+v", year, d)
			}
			for _, m := range d.Municipalities {
				if m.Position != nil || m.TailLow != nil || m.TailHigh != nil || m.Limits != nil || m.AdditiveLimits != nil || m.Shrunken != nil || m.Percent == nil {
					b.Errorf("%d: %+v", year, m)
				}
			}
		}
	})
}

// TestAFunnelIsDrawnAtAFewPoints: at every number of cases up to 60, and at 60 of them from 1 to a greater one.
func TestAFunnelIsDrawnAtAFewPoints(t *testing.T) {
	run(t, func(b bench) {
		greatest := []int{1, 60, 61, 750}
		var lists []countsOf
		for _, n := range greatest {
			lists = append(lists, countsOf{50, []count{{n / 3, n}, {0, 1}}})
		}
		for i, d := range b.against(lists...) {
			most := greatest[i]
			var at []int
			for _, l := range d.Limits {
				at = append(at, l.Assessed)
			}
			if len(at) != min(most, 60) || at[0] != 1 || at[len(at)-1] != most || !slices.IsSorted(at) || len(slices.Compact(at)) != min(most, 60) {
				b.Errorf("%d: %v", most, at)
			}
		}
	})
}

// TestADistributionStandsInCodeOrder, whatever the order in which participants and cases were entered, with the same
// figures.
func TestADistributionStandsInCodeOrder(t *testing.T) {
	run(t, func(b bench) {
		counts := map[string]count{"0101": {1, 9}, "0183": {9, 9}, "0707": {4, 11}, "0860": {2, 3}}
		texts := map[barometer.Year]string{}
		for year, order := range map[barometer.Year][]string{9001: {"0101", "0183", "0707", "0860"}, 9002: {"0860", "0183", "0101", "0707"}} {
			b.round(year, order...)
			for _, m := range order {
				outcomes := counts[m].outcomes()
				if year == 9002 {
					slices.Reverse(outcomes)
				}
				b.cases(year, m, professional[:1], outcomes...)
			}
			d := b.distribution(b.publish(year), year, professional[0])
			d.Round, d.Release, d.Country = 0, 0, barometer.Result{}
			var codes []string
			for i := range d.Municipalities {
				codes = append(codes, d.Municipalities[i].Municipality)
				d.Municipalities[i].Key = ""
			}
			if diff := cmp.Diff([]string{"0101", "0183", "0707", "0860"}, codes); diff != "" {
				b.Error(diff)
			}
			text, err := json.Marshal(d)
			b.must(err)
			texts[year] = string(text)
		}
		if diff := cmp.Diff(texts[9001], texts[9002]); diff != "" {
			b.Error(diff)
		}
	})
}

// TestADistributionThatThereIsNot says what there is.
func TestADistributionThatThereIsNot(t *testing.T) {
	run(t, func(b bench) {
		s := b.load()
		_, err := s.Distribution(2023, "youth_plan_made", barometer.Danish)
		if barometer.KindOf(err) != barometer.NotFound || !strings.Contains(err.Error(), "It has: investigation_conducted, ") {
			b.Errorf("%v", err)
		}
		if _, err := s.Distribution(2030, professional[0], barometer.Danish); barometer.KindOf(err) != barometer.NotFound {
			b.Errorf("%v", err)
		}
		b.small(9023, "M", "N")
		b.publish(9023)
		_, err = b.withdraw(9023, 1, childFound)
		b.must(err)
		if _, err := b.load().Distribution(9023, professional[0], barometer.Danish); barometer.KindOf(err) != barometer.Gone {
			b.Errorf("%v", err)
		}
	})
}
