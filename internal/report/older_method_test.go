package report_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// TestWhatAnEarlierMethodComputedIsNotRecomputed: release 7 and its publication of 2023 are said to be of the first
// method. They are held against their seals, and neither is called wrong for what this method would give.
func TestWhatAnEarlierMethodComputedIsNotRecomputed(t *testing.T) {
	run(t, func(b bench) {
		held := slices.Clone(b.load().Release().Rounds)
		i := slices.IndexFunc(held, func(r barometer.ReleaseRound) bool { return r.Round == 2023 })
		rows, err := b.store.PublicationRows(b.ctx, held[i], barometer.RowRound, barometer.RowArea, barometer.RowResult)
		b.must(err)
		for j, row := range rows {
			rows[j].Body = strings.ReplaceAll(row.Body, `,"method":2`, "")
			rows[j].Body = strings.ReplaceAll(rows[j].Body, `"figure_of":"sample",`, "") // nor did that method say this
		}
		held[i].Revision, err = b.store.AddPublication(b.ctx, 2023, nil, rows)
		b.must(err)
		released, err := b.store.ReleaseRows(b.ctx, 6, barometer.RowResult)
		b.must(err)
		judgements, err := b.store.ReleaseRows(b.ctx, 6, barometer.RowJudgement)
		b.must(err)
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
		if r := b.result(s, "2023.0707.investigation_conducted"); r.FigureOf != "sample" {
			b.Errorf("%+v", r)
		}
		v := b.sound()
		if len(v.Partial) != 2 || !strings.Contains(v.Partial[0], "release 7 was computed by method 1") ||
			!strings.Contains(v.Partial[1], "publication 2 of round 2023 was computed by method 1") {
			b.Errorf("%q", v.Partial)
		}
		b.tamper("UPDATE releases SET method = 1 WHERE number = 6")
		b.wrong("release 6 is not as it was made")
	})
}
