package report_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// small makes a round of one municipality that asks one requirement.
func (b bench) small(year barometer.Year, cases ...string) {
	b.Helper()
	b.must(b.store.AddRound(b.ctx, barometer.Round{
		Year: year, Origin: barometer.OriginSynthetic, Kind: "annual", Law: "serviceloven", Status: barometer.Collecting, RequirementsKnown: true,
	}, []barometer.RoundRequirement{{Round: year, Requirement: professional[0], Unit: barometer.UnitCase}}))
	b.must(b.store.AddParticipations(b.ctx, []barometer.Participation{{Round: year, Municipality: "0707"}}))
	b.cases(year, "0707", professional[:1], cases...)
}

func (b bench) changes(release int) []barometer.ReleaseChange {
	b.Helper()
	changes, err := b.load().Changes(b.ctx, b.store, release, "", 1000)
	b.must(err)
	return changes
}

// anyInterval leaves the intervals to the tests that have reference values for them.
var anyInterval = cmp.Transformer("interval", func(*barometer.Interval) bool { return true })

// TestAReleaseListsWhatItChanged: 1 of 2 in 9023; 1 of 4 in 9026, and 2 of 4 after a correction. The country is the one
// participant.
func TestAReleaseListsWhatItChanged(t *testing.T) {
	run(t, func(b bench) {
		b.small(9023, "M", "N")
		b.publish(9023)
		b.small(9026, "M", "N", "N", "N")
		b.publish(9026)
		b.revise("9026-0707-1", professional[0], 'M')
		_, changed, err := b.act(9026, report.Act{Reason: ptr("Tastefejl")})
		if err != nil || !changed {
			b.Fatal(changed, err)
		}
		value := func(met, percent int) *barometer.ReleasedValue {
			proportion := float64(met) / 4
			difference := proportion - 0.5
			points := int(100 * difference)
			return &barometer.ReleasedValue{
				Status: barometer.Measured, Met: &met, MetByException: ptr(0), NotMet: ptr(4 - met), Assessed: ptr(4), InSample: ptr(4),
				NotAssessed: []barometer.NotAssessedCount{}, Proportion: &proportion, Percent: &percent,
				BaselineRound: ptr(barometer.Year(9023)), BaselinePercent: ptr(50), Difference: &difference, PercentagePoints: &points,
				Verdict:       ptr(barometer.TooFewCases), // four cases against two, and one municipality for the country
				Comparability: &barometer.Comparability{Judgement: barometer.NotJudged, Reasons: []string{}},
			}
		}
		ofTheme := func(value func(met, percent int) *barometer.ReleasedValue) func(met, percent int) *barometer.ReleasedValue {
			return func(met, percent int) *barometer.ReleasedValue {
				v := value(met, percent)
				v.Verdict = ptr(barometer.NotDemonstrated) // by its interval, which holds 0
				return v
			}
		}
		requirement := func(met, percent int) *barometer.ReleasedValue {
			v := value(met, percent)
			v.Practice = ptr("standard")
			return v
		}
		mean := func(met, percent int) *barometer.ReleasedValue {
			v := value(met, percent)
			v.Met, v.MetByException, v.NotMet, v.Assessed, v.InSample, v.NotAssessed = nil, nil, nil, nil, nil, nil
			return v
		}
		const pooled, means = "professional_assessment.pooled", "professional_assessment.mean_of_requirements"
		var first, second []barometer.ReleaseChange
		for _, at := range []struct {
			key   string
			value func(met, percent int) *barometer.ReleasedValue
			more  []string // members beside those that follow from the percent alone
		}{
			{"9026.0707." + professional[0], requirement, []string{"interval", "met", "not_met"}},
			{"9026.0707." + means, ofTheme(mean), []string{"interval"}},
			{"9026.0707." + pooled, ofTheme(value), []string{"interval", "met", "not_met"}},
			{"9026.dk." + professional[0], requirement, []string{"met", "not_met"}}, // the country's have no interval
			{"9026.dk." + means, mean, nil},
			{"9026.dk." + pooled, value, []string{"met", "not_met"}},
		} {
			fields := slices.Sorted(slices.Values(append([]string{"difference", "percent", "percentage_points", "proportion"}, at.more...)))
			first = append(first, barometer.ReleaseChange{Key: at.key, Change: "added", Fields: []string{}, New: at.value(1, 25)})
			second = append(second, barometer.ReleaseChange{
				Key: at.key, Change: "altered", Fields: fields, Old: at.value(1, 25), New: at.value(2, 50), Reason: ptr("Tastefejl"),
			})
		}
		if diff := cmp.Diff(first, b.changes(8), anyInterval); diff != "" {
			b.Error(diff)
		}
		if diff := cmp.Diff(second, b.changes(9), anyInterval); diff != "" {
			b.Error(diff)
		}
		s := b.load()
		page, err := s.Changes(b.ctx, b.store, 9, "9026.0707."+means, 2)
		if diff := cmp.Diff(second[2:4], page, anyInterval); diff != "" || err != nil {
			b.Error(diff, err)
		}
		_, err = s.Changes(b.ctx, b.store, 10, "", 2)
		b.kind(err, barometer.NotFound)
		if publications, err := b.store.Publications(b.ctx, 9026); err != nil || len(publications) != 2 || *publications[1].Reason != "Tastefejl" {
			b.Errorf("%+v, %v", publications, err)
		}
	})
}

// TestWhatFollowsFromAnotherFigureIsListedWithThatAlone: 0183 stays as it is when 0707 and with it the country are
// corrected, which it has beside it; what is compared with the corrected round is listed, since its difference moves.
func TestWhatFollowsFromAnotherFigureIsListedWithThatAlone(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0183", "0707")
		b.cases(9023, "0183", professional[:1], "M", "M")
		b.cases(9023, "0707", professional[:1], "M", "N")
		b.publish(9023)
		b.round(9026, "0183", "0707")
		b.cases(9026, "0183", professional[:1], "M", "M")
		b.cases(9026, "0707", professional[:1], "M", "N")
		b.publish(9026)
		b.revise("9023-0707-1", professional[0], 'M')
		b.restate(2024, 48)
		_, _, err := b.act(9023, report.Act{Reason: ptr("Tastefejl")})
		b.must(err)
		reasons := map[string]string{}
		for _, c := range b.changes(9) {
			reasons[c.Key] = "none"
			if c.Reason != nil {
				reasons[c.Key] = *c.Reason
			}
			for _, name := range c.Fields {
				if sameMember(b, name, *c.Old, *c.New) {
					b.Errorf("%s: %s is said to differ, and does not", c.Key, name)
				}
			}
		}
		want := map[string]string{"2024.dk.investigation_within_four_months": "none"} // taken along
		for _, year := range []string{"9023", "9026"} {
			for _, area := range []string{"0707", "dk"} {
				for _, rest := range []string{professional[0], "professional_assessment.mean_of_requirements", "professional_assessment.pooled"} {
					want[year+"."+area+"."+rest] = "Tastefejl"
				}
			}
		}
		for key := range reasons { // themes that the restated figure is a part of
			if strings.HasPrefix(key, "2024.dk.") {
				want[key] = "none"
			}
		}
		if diff := cmp.Diff(want, reasons); diff != "" {
			b.Error(diff)
		}
		taken, err := b.store.Publications(b.ctx, 2024)
		if err != nil || len(taken) != 2 || taken[1].Reason != nil {
			b.Errorf("%+v, %v", taken, err)
		}
		b.sound()
	})
}

// sameMember tells whether two values share the member of a name, as JSON has it.
func sameMember(b bench, name string, old, now barometer.ReleasedValue) bool {
	b.Helper()
	var members [2]map[string]json.RawMessage
	for i, v := range []barometer.ReleasedValue{old, now} {
		body, err := json.Marshal(v)
		b.must(err)
		b.must(json.Unmarshal(body, &members[i]))
	}
	return members[0][name] == nil || string(members[0][name]) == string(members[1][name])
}

// TestWhatAnActBringsAlongIsInTheTrail: each publication that is made, and each release that is cancelled.
func TestWhatAnActBringsAlongIsInTheTrail(t *testing.T) {
	run(t, func(b bench) {
		b.small(9023, "M", "N")
		b.restate(2024, 48)
		b.announce(9023, time.Hour)
		b.undo(9023)
		var trail []string
		events, err := b.store.AuditEvents(b.ctx, store.AuditFilter{Limit: 100})
		b.must(err)
		for _, e := range events[7:] { // the history and its six publications
			trail = append(trail, e.Action+" "+e.Resource)
		}
		want := []string{
			"putReportedResult /v1/rounds/2024/reported-results/dk/investigation_within_four_months",
			"publish /v1/rounds/9023/publications/1", "publish /v1/rounds/2024/publications/2", "cancelRelease /v1/releases/7",
		}
		if diff := cmp.Diff(want, trail); diff != "" {
			b.Error(diff)
		}
	})
}

// TestTheDataOfAReleaseHaveItsChecksum: anybody can hold what they were given against what was released.
func TestTheDataOfAReleaseHaveItsChecksum(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0707", "0183") // more rows than go into one page
		b.cases(9023, "0707", professional, "MMMM", "NXXX")
		s := b.publish(9023)
		for _, r := range s.Releases() {
			hash, lines := sha256.New(), 0
			b.must(s.Data(b.ctx, b.store, r.Number, func(line string) error {
				lines++
				_, err := fmt.Fprintln(hash, line)
				return err
			}))
			if got := "sha256:" + hex.EncodeToString(hash.Sum(nil)); got != r.Checksum || lines == 0 {
				b.Errorf("release %d: %d lines with %s, want %s", r.Number, lines, got, r.Checksum)
			}
		}
	})
}

// rows gives all rows of a release, by kind and key.
func (b bench) rows(release int) map[string]string {
	b.Helper()
	all := map[string]string{}
	for _, kind := range []barometer.RowKind{barometer.RowResult, barometer.RowJudgement, barometer.RowChange} {
		rows, err := b.store.ReleaseRows(b.ctx, release, kind)
		b.must(err)
		for _, row := range rows {
			all[string(kind)+" "+row.Key] = row.Body
		}
	}
	return all
}

func (b bench) withdraw(year barometer.Year, revision int, reason string) (release barometer.Release, err error) {
	err = b.locked(year, func(tx *store.Store) error {
		release, err = report.Withdraw(b.ctx, tx, b.cat, year, revision, reason)
		return err
	})
	return release, err
}
