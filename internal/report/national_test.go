package report_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type vectorCount struct{ Met, Applicable int }

// letters gives a case for each outcome.
func (c vectorCount) letters() []string {
	return append(repeated("M", c.Met), repeated("N", c.Applicable-c.Met)...)
}

func repeated(letter string, n int) []string {
	return strings.Split(strings.TrimSuffix(strings.Repeat(letter+" ", n), " "), " ")[:n]
}

// nationalVector is a case of the reference values for the country, made with R's survey package.
type nationalVector struct {
	ID    string
	Input struct {
		Clusters []struct {
			vectorCount
			New, Old *vectorCount
		}
	}
	Expected struct {
		Estimate, Lower, Upper, Difference, Correlation float64
		DesignEffect                                    float64 `json:"design_effect"`
		EffectiveN                                      float64 `json:"effective_n"`
		PValue                                          float64 `json:"p_value"`
	}
}

func (b bench) nationalVector(file, id string) nationalVector {
	b.Helper()
	data, err := os.ReadFile("../../pkg/score/testdata/statistics/" + file + ".json")
	b.must(err)
	var all struct{ Cases []nationalVector }
	b.must(json.Unmarshal(data, &all))
	for _, c := range all.Cases {
		if c.ID == id {
			return c
		}
	}
	b.Fatalf("no vector %s", id)
	return nationalVector{}
}

// country makes a round of municipalities that have these counts on one requirement; nil takes no part.
func (b bench) country(year barometer.Year, counts []*vectorCount) *report.Snapshot {
	b.Helper()
	all := b.cat.Municipalities(barometer.MunicipalityFilter{})
	var codes []string
	for i, c := range counts {
		if c != nil {
			codes = append(codes, all[i].Code)
		}
	}
	b.round(year, codes...)
	for i, c := range counts {
		if c != nil {
			b.cases(year, all[i].Code, professional[:1], c.letters()...)
		}
	}
	return b.publish(year)
}

// TestTheCountryHasTheReferenceValues: the municipalities are clusters, so that the interval is wider than that of as
// many independent cases; every municipality alike, it is the mean of theirs.
func TestTheCountryHasTheReferenceValues(t *testing.T) {
	run(t, func(b bench) {
		v := b.nationalVector("national_ratio", "synthetic_33_all_cases")
		var counts []*vectorCount
		mean := 0.0
		for _, c := range v.Input.Clusters {
			counts = append(counts, &c.vectorCount)
			mean += float64(c.Met) / float64(c.Applicable) / float64(len(v.Input.Clusters))
		}
		s := b.country(9023, counts)
		r, want := b.result(s, "9023.dk."+professional[0]), v.Expected
		if !near(*r.Proportion, want.Estimate) || !near(r.Interval.Lower, want.Lower) || !near(r.Interval.Upper, want.Upper) ||
			!near(*r.DesignEffect, want.DesignEffect) || !near(*r.EffectiveN, want.EffectiveN) {
			b.Errorf("%v %v deff %v, n %v; want %+v", *r.Proportion, *r.Interval, *r.DesignEffect, *r.EffectiveN, want)
		}
		if r.FigureOf != "participants" || *r.IntervalFor != "country" || *r.Weighting != barometer.WeightCases || *r.Reliability != barometer.ReliabilityModerate {
			b.Errorf("of %s, for %s, by %s, %s", r.FigureOf, *r.IntervalFor, *r.Weighting, *r.Reliability)
		}
		// A theme of which one requirement is assessed is that requirement.
		if theme := b.result(s, "9023.dk.professional_assessment.pooled"); !near(theme.Interval.Lower, want.Lower) || theme.RequirementsUsed != 1 {
			b.Errorf("%+v", theme)
		}
		alike := s.Results(keyed("9023.dk."+professional[0]), report.Options{Weighting: barometer.WeightEqual}, barometer.Danish)[0]
		if !near(*alike.Proportion, mean) || *alike.Weighting != barometer.WeightEqual || *alike.Met != *r.Met || alike.Interval.Lower >= mean {
			b.Errorf("every municipality alike: %v, want %v; %+v", *alike.Proportion, mean, alike)
		}
	})
}

func keyed(key string) func(barometer.Result) bool {
	return func(r barometer.Result) bool { return r.Key == key }
}

// TestADifferenceOfTheCountryAllowsForSharedMunicipalities: those that both rounds have are not independent.
func TestADifferenceOfTheCountryAllowsForSharedMunicipalities(t *testing.T) {
	for _, id := range []string{"partly_shared", "disjoint_rounds"} {
		t.Run(id, func(t *testing.T) {
			run(t, func(b bench) {
				v := b.nationalVector("national_difference", id)
				var now, before []*vectorCount
				for _, c := range v.Input.Clusters {
					now, before = append(now, c.New), append(before, c.Old)
				}
				b.country(9023, before)
				change := b.result(b.country(9026, now), "9026.dk."+professional[0]).Change
				want := v.Expected
				if !near(*change.Difference, want.Difference) || !near(change.Interval.Lower, want.Lower) || !near(change.Interval.Upper, want.Upper) ||
					!near(*change.Correlation, want.Correlation) || change.Interval.Method != "mover" {
					b.Errorf("%v %v, correlation %v; want %+v", *change.Difference, *change.Interval, *change.Correlation, want)
				}
				if change.Test.Method != "t" || !near(change.Test.PValue, want.PValue) || !near(change.Test.AdjustedP, want.PValue) || change.Test.FamilySize != 1 {
					b.Errorf("%+v, want p %v", change.Test, want.PValue)
				}
				if *change.Verdict != barometer.NotDemonstrated {
					b.Errorf("verdict %s", *change.Verdict)
				}
			})
		})
	}
}

// TestTheFamilyIsFixedByTheData: a break that stops a difference from being shown, and one that is allowed, change no
// other requirement's adjusted p.
func TestTheFamilyIsFixedByTheData(t *testing.T) {
	run(t, func(b bench) {
		b.must(b.store.AddJudgements(b.ctx, []barometer.Judgement{{
			ID: "break.investigation_conducted.9026", Kind: barometer.Break, Requirement: professional[0], SinceRound: ptr(barometer.Year(9026)),
			Judgement: barometer.NotComparable, Reason: "question_reworded", JudgedBy: "service", NoteDa: "Omformuleret.", NoteEn: "Reworded.", Source: "service",
		}}))
		b.round(9023, "0707")
		b.cases(9023, "0707", professional[:2], "NN", "NN", "NN", "NN", "NN", "NM")
		b.publish(9023)
		b.round(9026, "0707")
		b.cases(9026, "0707", professional[:2], "MM", "MM", "MM", "MM", "MM", "MN")
		s := b.publish(9026)
		// 6 of 6 after 0 of 6: p = 2/C(12,6). 5 of 6 after 1 of 6: 2·(1 + 36)/C(12,6), by hand; two members.
		for _, allow := range []bool{false, true} {
			o := report.Options{AllowBreak: allow}
			stopped := s.Results(keyed("9026.0707."+professional[0]), o, barometer.Danish)[0].Change
			other := s.Results(keyed("9026.0707."+professional[1]), o, barometer.Danish)[0].Change
			if !near(other.Test.PValue, 74.0/924) || !near(other.Test.AdjustedP, 74.0/924) || other.Test.FamilySize != 2 {
				b.Errorf("break allowed %v: %+v", allow, other.Test)
			}
			if *other.Verdict != barometer.Indicated {
				b.Errorf("verdict %s of %+v", *other.Verdict, other.Interval)
			}
			if !allow {
				if stopped.Test != nil || stopped.Verdict != nil || stopped.Interval != nil || stopped.Difference != nil {
					b.Errorf("%+v", stopped)
				}
				continue
			}
			if !near(stopped.Test.PValue, 2.0/924) || !near(stopped.Test.AdjustedP, 4.0/924) || *stopped.Verdict != barometer.Demonstrated || !stopped.BreakAllowed {
				b.Errorf("%+v, %s", stopped.Test, *stopped.Verdict)
			}
		}
	})
}

// TestTheCaseMixIsComparedWithTheBaselines: all 6 cases are placements now, none of 6 was before.
func TestTheCaseMixIsComparedWithTheBaselines(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0183", "0707")
		b.cases(9023, "0183", professional[:1], "M", "M", "M", "M", "N", "N")
		b.cases(9023, "0707", professional[:1], "M", "M", "M", "M", "N", "N")
		b.tamper("UPDATE cases SET case_type = 'family_treatment' WHERE municipality = '0707'")
		b.publish(9023)
		b.round(9026, "0183", "0707")
		b.cases(9026, "0183", professional[:1], "M", "M", "M", "M", "N")
		b.cases(9026, "0707", professional[:1], "M", "M", "M", "M", "N", "N")
		s := b.publish(9026)
		for key, want := range map[string]barometer.CaseMix{
			"9026.0707.": {Now: barometer.PlacementShare{Placements: 6, Cases: 6, Percent: 100}, Before: barometer.PlacementShare{Cases: 6}, Differs: true},
			"9026.0183.": {Now: barometer.PlacementShare{Placements: 5, Cases: 5, Percent: 100}, Before: barometer.PlacementShare{Placements: 6, Cases: 6, Percent: 100}},
			// Two municipalities say little of the country.
			"9026.dk.": {Now: barometer.PlacementShare{Placements: 11, Cases: 11, Percent: 100}, Before: barometer.PlacementShare{Placements: 6, Cases: 12, Percent: 50}},
		} {
			r := b.result(s, key+professional[0])
			if diff := cmp.Diff(&want, r.Change.CaseMix); diff != "" {
				b.Error(key, diff)
			}
			warned := false
			for _, n := range r.Notices {
				warned = warned || n.Code == "case_mix_differs"
			}
			if warned != want.Differs {
				b.Errorf("%s: %+v", key, r.Notices)
			}
		}
		card, err := s.Scorecard(9026, "0707", report.Baseline{}, barometer.English)
		b.must(err)
		if n := len(card.Notices); n == 0 || card.Notices[n-1].Code != "case_mix_differs" || card.Notices[n-1].Text == "" {
			b.Errorf("%+v", card.Notices)
		}
	})
}
