package report_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

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
		value := func(met, percent, points int) *barometer.ReleasedValue {
			return &barometer.ReleasedValue{Status: barometer.Measured, Met: &met, Assessed: ptr(4), Percent: &percent, PercentagePoints: &points}
		}
		mean := func(v *barometer.ReleasedValue) *barometer.ReleasedValue {
			v.Met, v.Assessed = nil, nil
			return v
		}
		change := func(key, kind string, fields []string, before, after *barometer.ReleasedValue, reason *string) barometer.ReleaseChange {
			return barometer.ReleaseChange{Key: key, Change: kind, Fields: fields, Old: before, New: after, Reason: reason}
		}
		const pooled, means = "professional_assessment.pooled", "professional_assessment.mean_of_requirements"
		var first, second []barometer.ReleaseChange
		for _, at := range []struct {
			key   string
			value func(met, percent, points int) *barometer.ReleasedValue
			more  []string // members beside those that follow from the percent alone
		}{
			{"9026.0707." + professional[0], value, []string{"country", "interval", "met", "not_met"}},
			{"9026.0707." + means, func(m, p, d int) *barometer.ReleasedValue { return mean(value(m, p, d)) }, []string{"country", "interval"}},
			{"9026.0707." + pooled, value, []string{"country", "interval", "met", "not_met"}},
			{"9026.dk." + professional[0], value, []string{"met", "not_met"}},
			{"9026.dk." + means, func(m, p, d int) *barometer.ReleasedValue { return mean(value(m, p, d)) }, nil}, // without an interval
			{"9026.dk." + pooled, value, []string{"met", "not_met"}},
		} {
			fields := slices.Sorted(slices.Values(append([]string{"change", "percent", "proportion"}, at.more...)))
			first = append(first, change(at.key, "added", []string{}, nil, at.value(1, 25, -25), nil))
			second = append(second, change(at.key, "altered", fields, at.value(1, 25, -25), at.value(2, 50, 0), ptr("Tastefejl")))
		}
		if diff := cmp.Diff(first, b.changes(8)); diff != "" {
			b.Error(diff)
		}
		if diff := cmp.Diff(second, b.changes(9)); diff != "" {
			b.Error(diff)
		}
		s := b.load()
		page, err := s.Changes(b.ctx, b.store, 9, "9026.0707."+means, 2)
		if diff := cmp.Diff(second[2:4], page); diff != "" || err != nil {
			b.Error(diff, err)
		}
		_, err = s.Changes(b.ctx, b.store, 10, "", 2)
		b.kind(err, barometer.NotFound)
		if publications, err := b.store.Publications(b.ctx, 9026); err != nil || len(publications) != 2 || *publications[1].Reason != "Tastefejl" {
			b.Errorf("%+v, %v", publications, err)
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
