package report

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// changeRows gives the rows that list what differs between the results of two releases, and what was withdrawn from the
// earlier one. The reason is the later one's.
func changeRows(before, after []barometer.FrozenRow, withdrawn []string, reason *string) ([]barometer.FrozenRow, error) {
	old := map[string]string{}
	for _, row := range before {
		old[row.Key] = row.Body
	}
	var rows []barometer.FrozenRow
	for _, key := range withdrawn {
		row, err := changeRow(barometer.ReleaseChange{
			Key: key, Change: "removed", Fields: []string{}, Old: &barometer.ReleasedValue{Status: barometer.Withheld}, Reason: reason,
		})
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	add := func(key, oldBody, newBody string) error {
		if oldBody == newBody {
			return nil
		}
		c, err := changeOf(key, oldBody, newBody)
		if err != nil {
			return err
		}
		c.Reason = reason
		row, err := changeRow(c)
		rows = append(rows, row)
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
	return rows, nil
}

func changeRow(c barometer.ReleaseChange) (barometer.FrozenRow, error) {
	body, err := json.Marshal(c)
	return barometer.FrozenRow{Kind: barometer.RowChange, Key: c.Key, Body: string(body)}, err
}

// changeOf says how two results of a key differ; a body is "" where a release has none.
func changeOf(key, oldBody, newBody string) (c barometer.ReleaseChange, err error) {
	c = barometer.ReleaseChange{Key: key, Change: "altered", Fields: []string{}}
	if c.Old, err = releasedValue(oldBody); err != nil {
		return c, err
	}
	if c.New, err = releasedValue(newBody); err != nil {
		return c, err
	}
	switch {
	case c.Old == nil:
		c.Change = "added"
	case c.New == nil:
		c.Change = "removed"
	default:
		c.Fields, err = differing(oldBody, newBody)
	}
	return c, err
}

func releasedValue(body string) (*barometer.ReleasedValue, error) {
	if body == "" {
		return nil, nil //nolint:nilnil // what a release does not have has no value
	}
	var r barometer.Result
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		return nil, err
	}
	v := barometer.ReleasedValue{Status: r.Status, Met: r.Met, Assessed: r.Assessed, Percent: r.Percent}
	if r.Change != nil {
		v.PercentagePoints = r.Change.PercentagePoints
	}
	return &v, nil
}

// differing names the members that two JSON objects do not share, by name.
func differing(a, b string) ([]string, error) {
	var x, y map[string]json.RawMessage
	if err := json.Unmarshal([]byte(a), &x); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for name := range x {
		names[name] = string(x[name]) != string(y[name])
	}
	for name := range y {
		names[name] = string(x[name]) != string(y[name])
	}
	maps.DeleteFunc(names, func(_ string, differs bool) bool { return !differs })
	return slices.Sorted(maps.Keys(names)), nil
}
