package report

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// cleanse deletes the figures of a publication from the releases that hold it, and from what was compared with them.
func (e *edition) cleanse(ctx context.Context, p barometer.ReleaseRound) error {
	var before map[string]bool // results of the release before that rest on the publication; nil where it did not hold it
	for _, r := range e.all {
		if r.Status == barometer.ReleaseCancelled {
			continue
		}
		var now map[string]bool
		if slices.Contains(r.Rounds, p) {
			var err error
			if now, err = e.cleanseResults(ctx, r.Number, p.Round); err != nil {
				return err
			}
		}
		if err := e.cleanseChanges(ctx, r.Number, p.Round, before, now); err != nil {
			return err
		}
		before = now
	}
	return nil
}

// cleanseResults deletes a round's results from a release, and what others were compared with in it. It gives the keys
// of these others, and keeps the checksum of what remains.
func (e *edition) cleanseResults(ctx context.Context, release int, year barometer.Year) (map[string]bool, error) {
	rows, err := e.tx.ReleaseRows(ctx, release, barometer.RowResult)
	if err != nil {
		return nil, err
	}
	var remaining []barometer.FrozenRow
	compared := map[string]bool{}
	for _, row := range rows {
		if strings.HasPrefix(row.Key, keysOf(year)) {
			if release == e.base.Number {
				e.withdrawn = append(e.withdrawn, row.Key)
			}
			continue
		}
		cleansed, err := dataset{cat: e.cat}.withoutBaseline(row, year)
		if err != nil {
			return nil, err
		}
		if cleansed != row {
			compared[row.Key] = true
			if err := e.tx.PutReleaseRow(ctx, release, cleansed); err != nil {
				return nil, err
			}
		}
		remaining = append(remaining, cleansed)
	}
	if err := e.tx.DeleteReleaseRows(ctx, release, barometer.RowResult, keysOf(year)); err != nil {
		return nil, err
	}
	return compared, e.tx.PutReleaseRow(ctx, release, barometer.FrozenRow{
		Kind: barometer.RowRemaining, Key: "checksum", Body: checksum(remaining),
	})
}

// withoutBaseline leaves of a result's comparison with a round that there was one, and how far the rounds can be
// compared. A result that was compared with another round, or with none, stays as it is.
func (d dataset) withoutBaseline(row barometer.FrozenRow, year barometer.Year) (barometer.FrozenRow, error) {
	if !strings.Contains(row.Body, fmt.Sprintf(`"round":%d`, year)) { // spares most rows the reading
		return row, nil
	}
	var r barometer.Result
	if err := read(row, &r); err != nil {
		return row, err
	}
	if r.Baseline == nil || r.Change == nil || r.Baseline.Round != year {
		return row, nil
	}
	verdict := barometer.NoBasis
	r.Baseline = &barometer.BaselineFigure{Round: r.Baseline.Round, Status: barometer.Withheld}
	r.Change = &barometer.Change{Verdict: &verdict, LeftOut: []barometer.LeftOut{}, Comparability: r.Change.Comparability}
	r.Notices = slices.DeleteFunc(r.Notices, ofAChange)
	r.Change.Sentence = d.sentence(r, barometer.Danish)
	body, err := json.Marshal(r)
	row.Body = string(body)
	return row, err
}

// cleanseChanges withholds what a release's list of changes tells of a publication: the figures of its round, old where
// the release before held it and new where this one does, and the differences of others from it. Before and now have the
// keys of these others; nil where that release did not hold it. A change of which nothing is left goes.
func (e *edition) cleanseChanges(ctx context.Context, release int, year barometer.Year, before, now map[string]bool) error {
	if before == nil && now == nil {
		return nil
	}
	rows, err := e.tx.ReleaseRows(ctx, release, barometer.RowChange)
	if err != nil {
		return err
	}
	if err := e.tx.DeleteReleaseRows(ctx, release, barometer.RowChange, keysOf(year)); err != nil {
		return err
	}
	for _, row := range rows {
		own := strings.HasPrefix(row.Key, keysOf(year))
		if !own && !before[row.Key] && !now[row.Key] {
			continue
		}
		var c barometer.ReleaseChange
		if err := read(row, &c); err != nil {
			return err
		}
		if own {
			c.Old, c.New = withheldIf(before != nil, c.Old), withheldIf(now != nil, c.New)
		} else {
			c.Old, c.New = withoutDifferenceIf(before[row.Key], c.Old), withoutDifferenceIf(now[row.Key], c.New)
		}
		if isWithheld(c.Old) && isWithheld(c.New) {
			continue
		}
		cleansed, err := changeRow(c)
		if err != nil {
			return err
		}
		if err := e.tx.PutReleaseRow(ctx, release, cleansed); err != nil {
			return err
		}
	}
	return nil
}

func withheldIf(withdrawn bool, v *barometer.ReleasedValue) *barometer.ReleasedValue {
	if withdrawn && v != nil {
		return &barometer.ReleasedValue{Status: barometer.Withheld}
	}
	return v
}

func withoutDifferenceIf(withdrawn bool, v *barometer.ReleasedValue) *barometer.ReleasedValue {
	if withdrawn && v != nil {
		withholdComparison(v)
	}
	return v
}

func isWithheld(v *barometer.ReleasedValue) bool { return v != nil && v.Status == barometer.Withheld }

// keysOf begins the keys of a round's results.
func keysOf(year barometer.Year) string { return yearText(year) + "." }
