package intake

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// column of a table: its name, its Danish name where it has one, and whether the table can do without it.
type column struct {
	name, danish string
	optional     bool
}

// table is a file of rows with the columns it can have.
type table struct {
	file    upload
	columns []column
	*problems
}

// place is where a row stands, with what its columns are called there: by their names where there are no others.
type place struct {
	line  int
	names map[string]string
}

// in names a column of the place.
func (p place) in(column, code string) barometer.FieldError {
	if name, ok := p.names[column]; ok {
		column = name
	}
	return barometer.FieldError{Line: p.line, Column: column, Code: code}
}

// line is one record of a table, with its cells by the place of their column. The cells are gone with the next line.
type line struct {
	place
	cells []string
	*problems
	columns []column
}

// refuse reports a problem in a column of the line.
func (l line) refuse(column, code, format string, args ...any) {
	l.add(l.in(column, code), format, args...)
}

// unknown reports a value that a column does not have.
func (l line) unknown(column, value, format string, args ...any) {
	if l.personal(column, value) {
		return
	}
	l.refuse(column, "unknown_value", format, args...)
}

// personal reports a value in the shape of a personal number.
func (l line) personal(column, value string) bool {
	if !barometer.LooksLikePersonalNumber(value) {
		return false
	}
	l.refuse(column, "personal_number", "it has the shape of a personal number (CPR), which is never stored; leave it out")
	return true
}

// each reads a file of a format and hands over its records. The columns may stand in any order and under their Danish
// names; one that is not known is an error.
func (t table) each(format Format, take func(line)) error {
	switch format {
	case NDJSON:
		return t.eachObject(take)
	case XLSX:
		return t.eachSheetRow(take)
	}
	return t.eachRecord(take)
}

// newLine gives a line with empty cells.
func (t table) newLine() line {
	return line{cells: make([]string, len(t.columns)), problems: t.problems, columns: t.columns}
}

// columnOf finds the place of a column by a name as it is written, -1 where there is none.
func columnOf(columns []column, name string) int {
	name = strings.ToLower(norm.NFC.String(strings.TrimSpace(name)))
	return slices.IndexFunc(columns, func(c column) bool { return name == c.name || c.danish != "" && name == c.danish })
}

// places finds for each field of the records the place of its column.
func (t table) places(header []string, at func(i int) barometer.FieldError) ([]int, bool) {
	before := t.count
	report := func(i int, column, code, format string, args ...any) {
		f := at(i)
		f.Column, f.Code = strings.TrimSpace(f.Column+column), code
		t.add(f, format, args...)
	}
	places := make([]int, len(header))
	for i, name := range header {
		places[i] = -1
		if strings.TrimSpace(name) != "" {
			places[i] = columnOf(t.columns, name)
		}
		switch {
		case strings.TrimSpace(name) == "":
			report(i, "", "unknown_column", "the %d. column has no name; allowed: %s", i+1, names(t.columns))
		case places[i] < 0:
			report(i, nameOf(name), "unknown_column", "unknown column; allowed: %s (UTF-8)", names(t.columns))
		case slices.Contains(places[:i], places[i]):
			report(i, t.columns[places[i]].name, "repeated_column", "the column stands there twice")
		}
	}
	for i, c := range t.columns {
		if !c.optional && !slices.Contains(places, i) {
			f := at(-1)
			f.Column, f.Code = c.name, "missing_column"
			t.add(f, "the column is missing; the columns are %s", names(t.columns))
		}
	}
	return places, t.count == before
}

// take takes over the text of a cell, trimmed and composed; false where it cannot be read as text.
func (l line) take(place int, text string) bool {
	name := l.columns[place].name
	text, ok := l.text(name, text)
	l.cells[place] = text
	return ok
}

func (l line) text(column, text string) (string, bool) {
	if plain(text) {
		return strings.TrimSpace(text), true
	}
	switch {
	case len(text) > mostCell:
		l.refuse(column, "too_long", "it has %d bytes; no cell has more than %d", len(text), mostCell)
	case !utf8.ValidString(text):
		l.refuse(column, "not_utf8", "this is not UTF-8; save the file as UTF-8")
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		l.refuse(column, "control_character", "it holds a control character")
	default:
		return norm.NFC.String(strings.TrimSpace(text)), true
	}
	return "", false
}

// plain tells whether a short text has nothing but visible ASCII: most have, and need no further look.
func plain(text string) bool {
	if len(text) > mostCell {
		return false
	}
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

func names(columns []column) string {
	var list []string
	for _, c := range columns {
		list = append(list, c.name)
	}
	return strings.Join(list, ", ")
}

// unreadable is a file that cannot be read at all: no fault of the database, in whose transaction it is read.
func unreadable(err error) error {
	return &barometer.Error{Kind: barometer.Malformed, Message: "the file cannot be read", Err: err}
}
