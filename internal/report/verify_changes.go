package report

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// checkChanges holds the list of changes of a release against its results and those of the release before it. One that
// was made before such lists were kept has none.
func (v *verifier) checkChanges(ctx context.Context, before, now released, listed bool) error {
	rows, err := v.store.ReleaseRows(ctx, now.Number, barometer.RowChange)
	if err != nil {
		return err
	}
	if !listed {
		if len(rows) > 0 {
			v.fault("release %d was made before changes were listed, and has some", now.Number)
		}
		return nil
	}
	c := changeChecker{verifier: v, before: sideOfChange(before), now: sideOfChange(now), by: actOf(before.Release, now.Release)}
	wanted, err := changesOf(before.rows, now.rows, c.by)
	if err != nil {
		return err
	}
	kept := map[string]barometer.ReleaseChange{}
	for _, row := range rows {
		var change barometer.ReleaseChange
		if err := read(row, &change); err != nil {
			return err
		}
		kept[row.Key] = change
	}
	for _, want := range wanted {
		c.checkWanted(want, kept)
	}
	for _, row := range rows {
		if err := c.checkKept(row.Key, kept[row.Key]); err != nil {
			return err
		}
	}
	return nil
}

// changeChecker holds changes against the results on either side.
type changeChecker struct {
	*verifier
	before, now changeSide
	by          act
	seen        map[string]bool
}

// changeSide is one of the two releases of a change.
type changeSide struct {
	number  int
	results map[string]string       // bodies by key
	gone    map[barometer.Year]bool // rounds withdrawn from it
}

func sideOfChange(r released) changeSide {
	s := changeSide{r.Number, map[string]string{}, map[barometer.Year]bool{}}
	for _, row := range r.rows {
		s.results[row.Key] = row.Body
	}
	for _, held := range r.Rounds {
		if withdrawn(held) {
			s.gone[held.Round] = true
		}
	}
	return s
}

// lost tells whether the figures of a key are withdrawn on either side: what its change says cannot be recomputed whole.
func (c *changeChecker) lost(key string) bool {
	return c.before.gone[yearOf(key)] || c.now.gone[yearOf(key)]
}

// uncompared tells whether a change had a comparison with a round that was withdrawn since.
func (c *changeChecker) uncompared(change barometer.ReleaseChange) bool {
	of := func(s changeSide, v *barometer.ReleasedValue) bool {
		return v != nil && v.BaselineRound != nil && s.gone[*v.BaselineRound]
	}
	return of(c.before, change.Old) || of(c.now, change.New)
}

// checkWanted finds a change that should be listed, and is not or says something else.
func (c *changeChecker) checkWanted(want barometer.ReleaseChange, kept map[string]barometer.ReleaseChange) {
	if c.lost(want.Key) {
		return
	}
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	c.seen[want.Key] = true
	is, listed := kept[want.Key]
	if c.uncompared(want) {
		want.Fields, is.Fields = apart(want.Fields), apart(is.Fields)
		if want.Change == "altered" && len(want.Fields) == 0 && !listed {
			return
		}
	}
	want.Old, want.New, is.Old, is.New = nil, nil, nil, nil // each is held against its own side
	if !listed || !sameJSON(want, is) {
		c.fault("release %d: its list of changes does not tell of %s as its results do", c.now.number, want.Key)
	}
}

// apart leaves out the members that say something of the baseline.
func apart(fields []string) []string {
	return slices.DeleteFunc(slices.Clone(fields), func(name string) bool { return slices.Contains(comparisons, name) })
}

// checkKept finds a change that is listed and does not hold.
func (c *changeChecker) checkKept(key string, is barometer.ReleaseChange) error {
	old, err := c.before.tells(key, is.Old)
	if err != nil {
		return err
	}
	now, err := c.now.tells(key, is.New)
	if err != nil {
		return err
	}
	holds := old && now && is.Key == key
	switch {
	case c.lost(key):
		holds = holds && (is.Reason == nil || sameJSON(is.Reason, c.by.reason))
	case !c.seen[key]: // nothing but a comparison differed that is withdrawn since
		holds = holds && c.uncompared(is) && is.Change == "altered" && len(apart(is.Fields)) == 0 && sameJSON(is.Reason, c.by.reasonFor(is))
	}
	if !holds {
		c.fault("release %d: its list of changes says of %s what its results do not", c.now.number, key)
	}
	return nil
}

// tells tells whether a side has this value for a key; where it was withdrawn, nothing more than that may be left.
func (s changeSide) tells(key string, v *barometer.ReleasedValue) (bool, error) {
	if s.gone[yearOf(key)] {
		return v == nil || sameJSON(v, barometer.ReleasedValue{Status: barometer.Withheld}), nil
	}
	want, err := releasedValue(s.results[key])
	return sameJSON(want, v), err
}

func sameJSON(a, b any) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && string(x) == string(y)
}

// yearOf gives the round of a result's key; 0 for the figure of a period.
func yearOf(key string) barometer.Year {
	text, _, _ := strings.Cut(key, ".")
	year, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return barometer.Year(year)
}
