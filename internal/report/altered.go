package report

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// act is what the changes of a release are told by: the round that was published or withdrawn, and the reason given.
type act struct {
	round  barometer.Year
	reason *string
}

// actOf finds out what a release that follows another was made by.
func actOf(base, r barometer.Release) act {
	if r.For != 0 {
		return act{r.For, r.Reason}
	}
	for _, held := range base.Rounds {
		if _, still := holds(r, held.Round); !still {
			return act{held.Round, r.Reason}
		}
	}
	return act{}
}

// reasonFor gives the reason of a change: the one given, where the figure is of the act's round or compared with it.
// The others had their changes before them already, whoever made the release.
func (a act) reasonFor(c barometer.ReleaseChange) *string {
	compared := func(v *barometer.ReleasedValue) bool {
		return v != nil && v.BaselineRound != nil && *v.BaselineRound == a.round
	}
	if a.round != 0 && strings.HasPrefix(c.Key, keysOf(a.round)) || compared(c.Old) || compared(c.New) {
		return a.reason
	}
	return nil
}

// changeRows gives the rows that list what differs between the results of two releases, and what was withdrawn from the
// earlier one.
func changeRows(before, after []barometer.FrozenRow, withdrawn []string, by act) ([]barometer.FrozenRow, error) {
	changes, err := changesOf(before, after, by)
	if err != nil {
		return nil, err
	}
	for _, key := range withdrawn {
		c := barometer.ReleaseChange{
			Key: key, Change: "removed", Fields: []string{}, Old: &barometer.ReleasedValue{Status: barometer.Withheld},
		}
		c.Reason = by.reasonFor(c)
		changes = append(changes, c)
	}
	rows := make([]barometer.FrozenRow, len(changes))
	for i, c := range changes {
		if rows[i], err = changeRow(c); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// changesOf lists what differs between the results of two releases.
func changesOf(before, after []barometer.FrozenRow, by act) (changes []barometer.ReleaseChange, err error) {
	old := map[string]string{}
	for _, row := range before {
		old[row.Key] = row.Body
	}
	add := func(key, oldBody, newBody string) error {
		c, differs, err := changeOf(key, oldBody, newBody)
		if differs {
			c.Reason = by.reasonFor(c)
			changes = append(changes, c)
		}
		return err
	}
	for _, row := range after {
		if err := add(row.Key, old[row.Key], row.Body); err != nil {
			return nil, err
		}
		delete(old, row.Key)
	}
	for _, key := range slices.Sorted(maps.Keys(old)) {
		if err := add(key, old[key], ""); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

func changeRow(c barometer.ReleaseChange) (barometer.FrozenRow, error) {
	body, err := json.Marshal(c)
	return barometer.FrozenRow{Kind: barometer.RowChange, Key: c.Key, Body: string(body)}, err
}

// changeOf says how two results of a key differ, where they do; a body is "" where a release has none.
func changeOf(key, oldBody, newBody string) (c barometer.ReleaseChange, differs bool, err error) {
	if oldBody == newBody { // spares most of them the reading
		return c, false, nil
	}
	c = barometer.ReleaseChange{Key: key, Change: "altered", Fields: []string{}}
	if c.Old, err = releasedValue(oldBody); err != nil {
		return c, false, err
	}
	if c.New, err = releasedValue(newBody); err != nil {
		return c, false, err
	}
	switch {
	case c.Old == nil:
		c.Change = "added"
	case c.New == nil:
		c.Change = "removed"
	default:
		c.Fields, err = differing(*c.Old, *c.New)
		return c, len(c.Fields) > 0, err
	}
	return c, true, nil
}

func releasedValue(body string) (*barometer.ReleasedValue, error) {
	if body == "" {
		return nil, nil //nolint:nilnil // what a release does not have has no value
	}
	var r barometer.Result
	if err := read(barometer.FrozenRow{Kind: barometer.RowResult, Body: body}, &r); err != nil {
		return nil, err
	}
	v := barometer.ReleasedValue{
		Status: r.Status, Met: r.Met, MetByException: r.MetByException, NotMet: r.NotMet, Assessed: r.Assessed, InSample: r.InSample,
		NotAssessed: r.NotAssessed, Proportion: r.Proportion, Percent: r.Percent, Interval: r.Interval, Practice: r.Practice,
		Source: r.Source,
	}
	if r.Baseline != nil {
		v.BaselineRound, v.BaselinePercent = &r.Baseline.Round, r.Baseline.Percent
	}
	if r.Change != nil {
		v.Difference, v.PercentagePoints = r.Change.Difference, r.Change.PercentagePoints
		v.Verdict, v.Comparability = r.Change.Verdict, &r.Change.Comparability
	}
	return &v, nil
}

// comparisons are the members of a released value that say something of its baseline.
var comparisons = []string{"baseline_percent", "baseline_round", "comparability", "difference", "percentage_points", "verdict"}

// withholdComparison leaves of a released value's comparison what a result keeps of one with a withdrawn round.
func withholdComparison(v *barometer.ReleasedValue) {
	noBasis := barometer.NoBasis
	v.BaselinePercent, v.Difference, v.PercentagePoints, v.Verdict = nil, nil, nil, &noBasis
}

// differing names the members that two values do not share, by name.
func differing(a, b barometer.ReleasedValue) ([]string, error) {
	old, err := membersOf(a)
	if err != nil {
		return nil, err
	}
	now, err := membersOf(b)
	names := []string{}
	for name := range old {
		if string(old[name]) != string(now[name]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, err
}

func membersOf(v barometer.ReleasedValue) (members map[string]json.RawMessage, err error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return members, json.Unmarshal(body, &members)
}
