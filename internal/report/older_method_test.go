package report_test

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// asBefore leaves out of rows what the first method did not say.
func asBefore(rows []barometer.FrozenRow) {
	for i := range rows {
		for said, instead := range map[string]string{
			`,"method":2`: "", `"figure_of":"[a-z]+",`: "", `,"lower_percent":-?[0-9]+,"upper_percent":-?[0-9]+`: "",
			`"sentence":"[^"]*"`: `"sentence":""`, `"effective_n":[0-9.]+`: `"effective_n":null`,
		} {
			rows[i].Body = regexp.MustCompile(said).ReplaceAllString(rows[i].Body, instead)
		}
	}
}

// TestWhatAnEarlierMethodComputedIsNotRecomputed: release 7 and its publication of 2023 are said to be of the first
// method. They are held against their seals, and neither is called wrong for what this method would give.
func TestWhatAnEarlierMethodComputedIsNotRecomputed(t *testing.T) {
	run(t, func(b bench) {
		held := slices.Clone(b.load().Release().Rounds)
		i := slices.IndexFunc(held, func(r barometer.ReleaseRound) bool { return r.Round == 2023 })
		rows, err := b.store.PublicationRows(b.ctx, held[i], barometer.RowRound, barometer.RowArea, barometer.RowResult)
		b.must(err)
		asBefore(rows)
		held[i].Revision, err = b.store.AddPublication(b.ctx, 2023, nil, rows)
		b.must(err)
		released, err := b.store.ReleaseRows(b.ctx, 6, barometer.RowResult)
		b.must(err)
		judgements, err := b.store.ReleaseRows(b.ctx, 6, barometer.RowJudgement)
		b.must(err)
		asBefore(released)
		lines := sha256.New()
		for _, row := range released {
			_, _ = fmt.Fprintln(lines, row.Body)
		}
		_, err = b.store.AddRelease(b.ctx, barometer.Release{
			Number: 7, Rounds: held, Results: 55, Disclosure: "none", Checksum: fmt.Sprintf("sha256:%x", lines.Sum(nil)),
		}, append(slices.Clone(released), judgements...))
		b.must(err)

		s := b.load()
		if r := s.Release(); r.Method != 1 || s.Releases()[5].Method != 2 {
			b.Errorf("release 7 is of method %d, release 6 of %d", r.Method, s.Releases()[5].Method)
		}
		ishoej := b.result(s, "2023.0183.investigation_within_four_months") // 1 of 6
		if ishoej.FigureOf != "sample" || ishoej.Interval.LowerPercent != 3 || ishoej.Interval.UpperPercent != 57 || *ishoej.EffectiveN != 6 {
			b.Errorf("%+v, %+v", ishoej, ishoej.Interval)
		}
		if r := b.result(s, "2023.0707.investigation_conducted"); !strings.Contains(r.Change.Sentence, "+40 procentpoint") {
			b.Errorf("%+v", r.Change)
		}
		v := b.sound()
		if len(v.Partial) != 2 || !strings.Contains(v.Partial[0], "release 7 was computed by method 1") ||
			!strings.Contains(v.Partial[1], "publication 2 of round 2023 was computed by method 1") {
			b.Errorf("%q", v.Partial)
		}
		b.round(9023, "0707")
		b.cases(9023, "0707", professional, "MMMM")
		if r := b.publish(9023).Release(); r.Method != 2 || r.Rounds[4] != (barometer.ReleaseRound{Round: 2023, Revision: 3}) {
			b.Errorf("the next release takes along what the first method computed: %+v", r)
		}
		for _, c := range b.changes(8) {
			if strings.HasPrefix(c.Key, "2023.") && !slices.Equal(c.Fields, []string{"verdict"}) {
				b.Errorf("a figure that stays the same is listed: %+v", c)
			}
		}
		if v := b.sound(); len(v.Partial) != 0 {
			b.Errorf("%q", v.Partial)
		}
		b.tamper("UPDATE releases SET method = 1 WHERE number = 6")
		b.wrong("release 6 is not as it was made")
	})
}
