package intake

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// reportedColumns of a file of reported figures, in the order of the cells of a line.
var reportedColumns = []column{
	{name: "round"},
	{name: "area"},
	{name: "requirement"},
	{name: "met", optional: true},
	{name: "assessed", optional: true},
	{name: "percent"},
	{name: "cases", optional: true},
	{name: "source"},
	{name: "printed_as", optional: true},
	{name: "note", optional: true},
}

// reported takes in a file of reported figures.
func (in *importing) reported(ctx context.Context) (done taken, err error) {
	file := &reportedFile{importing: in, lines: map[string]int{}}
	if file.stored, err = storedFigures(ctx, in.tx, in.rounds); err != nil {
		return done, err
	}
	err = in.table(reportedColumns).each(in.Format, func(l line) {
		in.counted()
		file.check(l)
	})
	if err != nil {
		return done, err
	}
	file.checkCases()
	if err := in.err(); err != nil {
		return done, err
	}
	done.Rows = in.rows
	if err := file.warn(ctx, &done.Receipt); err != nil {
		return done, err
	}
	return done, file.store(ctx, &done.Receipt)
}

// reportedFile is a file of reported figures as it was read.
type reportedFile struct {
	*importing
	stored  map[string]barometer.ReportedResult // by key
	figures []barometer.ReportedResult
	lines   map[string]int // line of each figure, by its key
}

// check reads one line, and keeps its figure where nothing is wrong with it.
func (in *reportedFile) check(l line) {
	before := in.count
	f := barometer.ReportedResult{PrintedAs: checkText(l, 8), Note: checkText(l, 9)}
	r := in.checkRound(l, l.cells[0])
	f.Area = in.checkArea(l, l.cells[1], r)
	q, known := in.checkRequirement(l, l.cells[2], r)
	f.Requirement = q.Code
	f.Met, f.Assessed, f.Cases = checkCount(l, 3, 0, mostCases), checkCount(l, 4, 1, mostCases), checkCount(l, 6, 1, mostCases)
	f.Source = in.checkSource(l, l.cells[7])
	percent := checkPercent(l, 5)
	if percent != nil {
		f.Percent = *percent
	}
	if in.count > before || !known || r == nil {
		return
	}
	f.Round = r.Year
	checkCounts(l, f, q, r)
	key := keyOf(f)
	if first, twice := in.lines[key]; twice {
		l.refuse("requirement", "repeated", "line %d has a figure of the same round, area and requirement already", first)
	}
	in.lines[key] = l.line
	in.figures = append(in.figures, f)
}

func (in *reportedFile) checkRound(l line, text string) *round {
	year := yearOf(text)
	if year == 0 {
		l.unknown("round", text, "%s is not a year of four digits", shown(text))
		return nil
	}
	r := in.rounds[year]
	if r == nil {
		l.refuse("round", "unknown_value", "unknown round %d; allowed: %s", year, in.rounds.years())
	}
	return r
}

func (in *reportedFile) checkArea(l line, text string, r *round) string {
	if text == barometer.Country {
		return text
	}
	code, ok := in.municipality(l, "area", text)
	if ok {
		participates(l, "area", code, r)
	}
	return code
}

func (in *reportedFile) checkRequirement(l line, code string, r *round) (barometer.Requirement, bool) {
	q, known := in.cat.Requirement(code, barometer.Danish)
	if !known {
		l.unknown("requirement", code, "unknown requirement %s; see /v1/requirements for the codes", shown(code))
		return q, false
	}
	if r == nil || !r.RequirementsKnown {
		return q, true
	}
	if _, asked := r.requirement(code); !asked {
		l.refuse("requirement", "not_asked", "%s is not asked in round %d; allowed: %s", code, r.Year, r.askedCodes())
	}
	return q, true
}

// checkSource finds a source.
func (in *importing) checkSource(l line, id string) string {
	source, ok := in.cat.Source(id)
	if !ok {
		l.unknown("source", id, "unknown source %s; see /v1/sources for the ids", shown(id))
	}
	return source.ID
}

// checkCount reads an optional count.
func checkCount(l line, place, least, most int) *int {
	text := l.cells[place]
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if name := l.columns[place].name; err != nil || n < least || n > most {
		if !l.personal(name, text) {
			l.refuse(name, "out_of_range", "%s is no count; allowed: %d to %d, or empty where it is not known", shown(text), least, most)
		}
		return nil
	}
	return &n
}

// mostCases bounds the counts of a figure.
const mostCases = 1_000_000

func checkPercent(l line, place int) *int {
	n, err := strconv.Atoi(l.cells[place])
	if err != nil || n < 0 || n > 100 {
		if !l.personal("percent", l.cells[place]) {
			l.refuse("percent", "out_of_range", "%s is no whole percent; allowed: 0 to 100", shown(l.cells[place]))
		}
		return nil
	}
	return &n
}

// mostText bounds the texts that go with a figure.
const mostText = 500

func checkText(l line, place int) *string {
	text, name := l.cells[place], l.columns[place].name
	if text == "" {
		return nil
	}
	if code, wrong := barometer.CheckText(text, mostText); code != "" {
		l.refuse(name, code, "%s", wrong)
	}
	text = strings.Clone(text)
	return &text
}

// checkCounts holds the counts of a figure against each other, against the participation, and against the percent.
func checkCounts(l line, f barometer.ReportedResult, q barometer.Requirement, r *round) {
	ofCases := q.Unit == barometer.UnitCase
	switch {
	case f.Met != nil && f.Assessed == nil:
		l.refuse("assessed", "missing", "met is given without assessed; give both or neither")
		return
	case f.Met != nil && *f.Met > *f.Assessed:
		l.refuse("met", "out_of_range", "%d met of %d assessed; allowed: 0 to %d", *f.Met, *f.Assessed, *f.Assessed)
		return
	case ofCases && f.Assessed != nil && f.Cases != nil && *f.Assessed > *f.Cases:
		l.refuse("assessed", "out_of_range", "%d assessed of %d cases; allowed: 1 to %d", *f.Assessed, *f.Cases, *f.Cases)
		return
	}
	if recorded := r.casesOf(f.Area); recorded != nil && f.Cases != nil && *recorded != *f.Cases {
		l.refuse("cases", "not_as_recorded", "%d cases; %s has %d in round %d", *f.Cases, f.Area, *recorded, r.Year)
		return
	}
	if wrong := percentProblem(f, ofCases); wrong != "" {
		l.refuse("percent", "impossible_percent", "%s", wrong)
	}
}

// percentProblem says why no counts can give a printed percent, "" where some can. Percents are rounded half up.
func percentProblem(f barometer.ReportedResult, ofCases bool) string {
	switch {
	case f.Met != nil:
		got := score.Percent(score.Exact(barometer.Share{Met: *f.Met, Assessed: *f.Assessed}))
		if got != f.Percent {
			return strconv.Itoa(*f.Met) + " of " + strconv.Itoa(*f.Assessed) + " is " + strconv.Itoa(got) + " %, not " + strconv.Itoa(f.Percent) + " %"
		}
	case f.Assessed != nil:
		if len(score.CandidatesOf(f.Percent, *f.Assessed)) == 0 {
			return "no number met of " + strconv.Itoa(*f.Assessed) + " assessed gives " + strconv.Itoa(f.Percent) + " %"
		}
	case ofCases && f.Cases != nil && *f.Cases < 100: // with 100 or more every percent is possible
		if len(score.Candidates(f.Percent, *f.Cases)) == 0 {
			return "no counts of at most " + strconv.Itoa(*f.Cases) + " cases give " + strconv.Itoa(f.Percent) + " %"
		}
	}
	return ""
}

// storedFigures reads the figures there are, by key.
func storedFigures(ctx context.Context, tx *store.Store, known rounds) (map[string]barometer.ReportedResult, error) {
	stored := map[string]barometer.ReportedResult{}
	for year := range known {
		figures, err := tx.ReportedResults(ctx, year)
		if err != nil {
			return nil, err
		}
		for _, f := range figures {
			stored[keyOf(f)] = f
		}
	}
	return stored, nil
}

// checkCases refuses figures of one area and round that rest on different numbers of cases, where the number is not
// recorded with the round or the participation.
func (in *reportedFile) checkCases() {
	type place struct {
		round barometer.Year
		area  string
	}
	first := map[place]barometer.ReportedResult{}
	for _, key := range slices.Sorted(maps.Keys(in.stored)) {
		if f := in.stored[key]; f.Cases != nil && in.lines[key] == 0 {
			first[place{f.Round, f.Area}] = f
		}
	}
	for _, f := range in.figures {
		if f.Cases == nil || in.rounds[f.Round].casesOf(f.Area) != nil {
			continue
		}
		at := place{f.Round, f.Area}
		if before, ok := first[at]; !ok {
			first[at] = f
		} else if *before.Cases != *f.Cases {
			in.add(barometer.FieldError{Line: in.lines[keyOf(f)], Column: "cases", Code: "not_as_recorded"},
				"%d cases; another figure of %s in round %d, %s, has %d", *f.Cases, f.Area, f.Round, before.Requirement, *before.Cases)
		}
	}
}

// warn says which figures are not used, since the area has outcomes and its results are computed from these.
func (in *reportedFile) warn(ctx context.Context, receipt *Receipt) error {
	computed := map[string]bool{} // round and area
	for year, r := range in.rounds {
		sizes, err := in.tx.SampleSizes(ctx, year)
		if err != nil {
			return err
		}
		for _, size := range sizes {
			computed[strconv.Itoa(int(year))+size.Municipality] = true
		}
		all := len(r.participants) > 0 && r.RequirementsKnown || r.Participants != nil && len(r.participants) == *r.Participants
		for municipality := range r.participants {
			all = all && computed[strconv.Itoa(int(year))+municipality]
		}
		computed[strconv.Itoa(int(year))+barometer.Country] = all
	}
	warnings := newWarnings()
	for _, f := range in.figures {
		if computed[strconv.Itoa(int(f.Round))+f.Area] {
			warnings.note(barometer.FieldError{
				Line: in.lines[keyOf(f)], Column: "area", Code: "not_used",
				Detail: f.Area + " has outcomes in round " + strconv.Itoa(int(f.Round)) + ", so its results are computed and this figure is kept but not used",
			})
		}
	}
	receipt.Warnings = warnings.list()
	return nil
}

// store adds the figures that are new and replaces those that differ. Where a round is published already they take
// effect with the next release.
func (in *reportedFile) store(ctx context.Context, receipt *Receipt) error {
	var changed []barometer.ReportedResult
	years := map[barometer.Year]bool{}
	for _, f := range in.figures {
		before, there := in.stored[keyOf(f)]
		switch {
		case !there:
			receipt.Added++
		case reflect.DeepEqual(before, f):
			receipt.Unchanged++
			continue
		default:
			receipt.Changed++
		}
		changed = append(changed, f)
		years[f.Round] = true
	}
	for _, year := range slices.Sorted(maps.Keys(years)) {
		if err := in.touch(ctx, year); err != nil {
			return err
		}
	}
	return in.tx.PutReportedResults(ctx, changed)
}

// touch locks a round whose figures change, and marks it where it is published.
func (in *reportedFile) touch(ctx context.Context, year barometer.Year) error {
	r, err := in.tx.LockRound(ctx, year, true)
	if err != nil {
		return err
	}
	in.tx.Record(barometer.EventChange, in.action(), fmt.Sprintf("/v1/rounds/%d/reported-results", year))
	if r.Status != barometer.Published {
		return nil
	}
	return in.tx.SetRecordsChanged(ctx, year, true)
}

func keyOf(f barometer.ReportedResult) string {
	return strconv.Itoa(int(f.Round)) + "." + f.Area + "." + f.Requirement
}
