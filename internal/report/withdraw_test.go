package report_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

const childFound = "Et barn kunne genkendes"

// differingKeys gives the keys of rows that two releases, or two states of one, do not share.
func differingKeys(before, after map[string]string) []string {
	var keys []string
	for key := range before {
		if after[key] != before[key] {
			keys = append(keys, key)
		}
	}
	for key := range after {
		if _, ok := before[key]; !ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// figuresOf lists the keys of a small round's results, as rows of a kind.
func figuresOf(kind, year string) []string {
	var keys []string
	for _, area := range []string{"0707", "dk"} {
		for _, rest := range []string{professional[0], "professional_assessment.mean_of_requirements", "professional_assessment.pooled"} {
			keys = append(keys, kind+" "+year+"."+area+"."+rest)
		}
	}
	return keys
}

// TestAWithdrawnBaseline goes from every release that held it, with all that was computed from it, and nothing else does:
// release 7 has round 9023, release 8 has 9026 compared with it, release 9 a correction of 9026.
func TestAWithdrawnBaseline(t *testing.T) {
	run(t, func(b bench) {
		b.small(9023, "M", "N")
		b.publish(9023)
		b.small(9026, "M", "N", "N", "N")
		b.publish(9026)
		b.revise("9026-0707-1", professional[0], 'M')
		b.publish(9026)
		before := map[int]map[string]string{}
		for n := 1; n <= 9; n++ {
			before[n] = b.rows(n)
		}
		release, err := b.withdraw(9023, 1, childFound)
		if err != nil || release.Number != 10 || *release.Reason != childFound || b.statusOf(9023) != barometer.Hearing {
			b.Fatalf("%+v, %v; the round is %s", release, err, b.statusOf(9023))
		}
		for n, want := range map[int][]string{
			7: append(figuresOf("change", "9023"), figuresOf("result", "9023")...),
			8: slices.Concat(figuresOf("change", "9026"), figuresOf("result", "9023"), figuresOf("result", "9026")),
			9: slices.Concat(figuresOf("change", "9026"), figuresOf("result", "9023"), figuresOf("result", "9026")),
		} {
			if diff := cmp.Diff(want, differingKeys(before[n], b.rows(n))); diff != "" {
				b.Errorf("release %d: %s", n, diff)
			}
		}
		for n := 1; n <= 6; n++ {
			if diff := cmp.Diff(before[n], b.rows(n)); diff != "" {
				b.Errorf("release %d: %s", n, diff)
			}
		}
		b.onlyTheComparisonIsWithheld(before[8], b.rows(8))
		b.noFigureRemains()

		s := b.load()
		for _, r := range s.Results(func(r barometer.Result) bool { return *r.Round == 9026 }, report.Options{}, barometer.Danish) {
			if r.Baseline != nil || r.Change != nil || *r.Percent != 50 {
				b.Errorf("%+v", r)
			}
		}
		_, err = s.Round(9023)
		b.kind(err, barometer.Gone, childFound, time.Now().UTC().Format("2006-01-02"))
		_, err = s.Scorecard(9023, "0707", report.Baseline{}, barometer.Danish)
		b.kind(err, barometer.Gone)
		for _, c := range b.changes(10) {
			switch {
			case strings.HasPrefix(c.Key, "9023."):
				want := barometer.ReleaseChange{
					Key: c.Key, Change: "removed", Fields: []string{}, Old: &barometer.ReleasedValue{Status: barometer.Withheld}, Reason: ptr(childFound),
				}
				if diff := cmp.Diff(want, c); diff != "" {
					b.Error(diff)
				}
			case c.Change != "altered" || c.Old.PercentagePoints != nil || !slices.Equal(c.Fields, []string{"baseline_round", "comparability", "verdict"}):
				b.Errorf("%+v", c)
			}
		}
		if n := len(b.changes(10)); n != 12 {
			b.Errorf("%d changes; want 6 of each round", n)
		}
		transitions, err := b.store.Transitions(b.ctx, 9023)
		if last := transitions[len(transitions)-1]; err != nil || last.To != barometer.Hearing || *last.Release != 10 {
			b.Errorf("%+v, %v", transitions, err)
		}
		if v := b.sound(); len(v.Partial) != 3 {
			b.Errorf("three releases have lost something: %+v", v)
		}
		b.tamper(`UPDATE release_rows SET body = replace(body, '"percent":79', '"percent":78') WHERE release = 8 AND key = '2020.dk.action_plan_made'`)
		b.wrong("release 8")
	})
}

// onlyTheComparisonIsWithheld holds the results that were compared with round 9023 against what they were.
func (b bench) onlyTheComparisonIsWithheld(before, after map[string]string) {
	b.Helper()
	for _, key := range figuresOf("result", "9026") {
		var was, is barometer.Result
		b.must(json.Unmarshal([]byte(before[key]), &was))
		b.must(json.Unmarshal([]byte(after[key]), &is))
		noBasis := barometer.NoBasis
		if was.Change.Difference == nil || was.Baseline.Percent == nil {
			b.Errorf("%s was not compared", key)
		}
		was.Baseline = &barometer.BaselineFigure{Round: 9023, Status: barometer.Withheld}
		was.Change = &barometer.Change{Verdict: &noBasis, LeftOut: []barometer.LeftOut{}, Comparability: was.Change.Comparability}
		if !strings.Contains(is.Change.Sentence, "tilbageholdt") || strings.Contains(is.Change.Sentence, "procentpoint") {
			b.Errorf("%s: %s", key, is.Change.Sentence)
		}
		was.Change.Sentence = is.Change.Sentence
		was.Notices = slices.DeleteFunc(was.Notices, func(n barometer.Notice) bool {
			return n.Code == "several_comparisons" || n.Code == "case_mix_differs"
		})
		if diff := cmp.Diff(was, is); diff != "" {
			b.Error(diff)
		}
	}
}

// noFigureRemains looks for anything of round 9023 beside the keys of what was removed.
func (b bench) noFigureRemains() {
	b.Helper()
	for n := 1; n <= 10; n++ {
		for key, body := range b.rows(n) {
			if strings.Contains(key, " 9023.") {
				b.withheldOnly(n, key, body)
			}
			if strings.HasPrefix(key, "change 9026.") && strings.Contains(body, `"percentage_points":-`) {
				b.Errorf("release %d: %s: %s", n, key, body)
			}
		}
	}
	rows, err := b.store.PublicationRows(b.ctx, barometer.ReleaseRound{Round: 9023, Revision: 1}, barometer.RowRound, barometer.RowArea, barometer.RowResult)
	if err != nil || len(rows) > 0 {
		b.Errorf("%d rows, %v", len(rows), err)
	}
}

// withheldOnly looks at a change of which one side was withdrawn, and the other was never there.
func (b bench) withheldOnly(release int, key, body string) {
	b.Helper()
	var c barometer.ReleaseChange
	b.must(json.Unmarshal([]byte(body), &c))
	withheld := &barometer.ReleasedValue{Status: barometer.Withheld}
	want := barometer.ReleaseChange{Key: strings.TrimPrefix(key, "change "), Change: "added", Fields: []string{}, New: withheld}
	if release == 10 {
		want.Change, want.Old, want.New, want.Reason = "removed", withheld, nil, ptr(childFound)
	}
	if diff := cmp.Diff(want, c); diff != "" {
		b.Errorf("release %d: %s", release, diff)
	}
}

// TestAnOlderPublicationIsWithdrawn from the releases that hold it; what is current stays, and its round with it.
func TestAnOlderPublicationIsWithdrawn(t *testing.T) {
	run(t, func(b bench) {
		current, err := report.NewCurrent(b.ctx, b.store, b.cat)
		b.must(err)
		b.small(9026, "M", "N", "N", "N")
		b.publish(9026)
		b.revise("9026-0707-1", professional[0], 'M')
		b.publish(9026)
		b.must(current.Refresh(b.ctx))
		version, first, second := current.Snapshot().Version(), b.rows(7), b.rows(8)
		release, err := b.withdraw(9026, 1, childFound)
		if err != nil || release.Number != 8 || b.statusOf(9026) != barometer.Published {
			b.Errorf("%+v, %v, %s", release, err, b.statusOf(9026))
		}
		gone := append(figuresOf("change", "9026"), figuresOf("result", "9026")...)
		if diff := cmp.Diff(gone, differingKeys(first, b.rows(7))); diff != "" {
			b.Error(diff)
		}
		if diff := cmp.Diff(figuresOf("change", "9026"), differingKeys(second, b.rows(8))); diff != "" {
			b.Error(diff)
		}
		b.onlyTheOldSideIsWithheld(second, b.rows(8))
		b.must(current.Refresh(b.ctx))
		s := current.Snapshot()
		if s.Version() == version {
			b.Error("what is served has changed, and is not looked at anew")
		}
		held, err := s.ReleaseNumbered(7)
		b.must(err)
		if last := held.Rounds[len(held.Rounds)-1]; last.Round != 9026 || last.WithdrawnAt == nil {
			b.Errorf("%+v", held.Rounds)
		}
		if _, err := s.Round(9026); err != nil {
			b.Error(err)
		}
		_, err = b.withdraw(9026, 1, "Igen")
		b.kind(err, barometer.Gone, childFound)
		_, err = b.withdraw(9026, 3, "Igen")
		b.kind(err, barometer.NotFound)
		b.sound()
	})
}

// onlyTheOldSideIsWithheld: what a correction changed is still told, but not what it changed from.
func (b bench) onlyTheOldSideIsWithheld(before, after map[string]string) {
	b.Helper()
	for _, key := range figuresOf("change", "9026") {
		var was, is barometer.ReleaseChange
		b.must(json.Unmarshal([]byte(before[key]), &was))
		b.must(json.Unmarshal([]byte(after[key]), &is))
		if len(was.Fields) == 0 || *was.New.Percent != 50 {
			b.Errorf("%+v", was)
		}
		was.Old = &barometer.ReleasedValue{Status: barometer.Withheld}
		if diff := cmp.Diff(was, is); diff != "" {
			b.Error(diff)
		}
	}
}

// TestBothSidesOfAChangeAreWithdrawn, one after the other: then nothing is told of it any more.
func TestBothSidesOfAChangeAreWithdrawn(t *testing.T) {
	run(t, func(b bench) {
		b.small(9026, "M", "N", "N", "N")
		b.publish(9026)
		b.revise("9026-0707-1", professional[0], 'M')
		b.publish(9026)
		for revision := 1; revision <= 2; revision++ {
			_, err := b.withdraw(9026, revision, childFound)
			b.must(err)
		}
		if changes := b.changes(8); len(changes) > 0 {
			b.Errorf("%+v", changes)
		}
		b.sound()
	})
}

// TestAWithdrawnRoundIsPublishedAgain as its next revision, and is no longer gone.
func TestAWithdrawnRoundIsPublishedAgain(t *testing.T) {
	run(t, func(b bench) {
		b.small(9026, "M", "N")
		b.publish(9026)
		_, err := b.withdraw(9026, 1, childFound)
		b.must(err)
		b.restate(2024, 48)
		s := b.publish(9026)
		if !slices.Contains(s.Release().Rounds, barometer.ReleaseRound{Round: 9026, Revision: 2}) {
			b.Errorf("%+v", s.Release().Rounds)
		}
		if _, err := s.Round(9026); err != nil {
			b.Error(err)
		}
		b.sound()
	})
}
