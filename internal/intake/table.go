package intake

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
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

// line is one record of a table, with its cells by the place of their column.
type line struct {
	number int
	cells  []string
	*problems
	columns []column
}

// refuse reports a problem in a column of the line.
func (l line) refuse(column, code, format string, args ...any) {
	l.add(barometer.FieldError{Line: l.number, Column: column, Code: code}, format, args...)
}

// eachLine reads a CSV file (RFC 4180; UTF-8 with or without BOM; comma or semicolon) and hands over its records. The
// columns may stand in any order and under their Danish names; one that is not known is an error.
func eachLine(file io.Reader, columns []column, p *problems, each func(line)) error {
	in := bufio.NewReaderSize(file, 1<<16)
	reader, err := newReader(in)
	if err != nil {
		return err
	}
	header, err := reader.Read()
	if err == nil && strings.HasPrefix(header[0], separatorLine) {
		header, err = reader.Read()
	}
	if errors.Is(err, io.EOF) {
		p.add(barometer.FieldError{Line: 1, Code: "empty_file"}, "the file is empty; want a first line of column names: %s", names(columns))
		return nil
	}
	if err != nil {
		return p.syntax(err)
	}
	places, ok := placesOf(slices.Clone(header), columns, p)
	if !ok {
		return nil
	}
	width, rows := len(header), 0
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return p.syntax(err)
		}
		number, _ := reader.FieldPos(0)
		if !slices.ContainsFunc(record, func(field string) bool { return strings.TrimSpace(field) != "" }) {
			continue // a row of separators alone, as spreadsheets leave behind
		}
		rows++
		l := line{number: number, cells: make([]string, len(columns)), problems: p, columns: columns}
		if len(record) != width {
			l.refuse("", "wrong_number_of_fields", "it has %d fields, the first line has %d", len(record), width)
			continue
		}
		if l.fill(record, places) {
			each(l)
		}
	}
	if rows == 0 {
		p.add(barometer.FieldError{Line: 1, Code: "empty_file"}, "the file has column names but no rows")
	}
	return nil
}

// separatorLine is how a spreadsheet may say in a line of its own which separator follows.
const separatorLine = "sep="

// unreadable is a file that cannot be read at all: no fault of the database, in whose transaction it is read.
func unreadable(err error) error {
	return &barometer.Error{Kind: barometer.Malformed, Message: "the file cannot be read", Err: err}
}

// newReader skips a byte order mark and finds the separator by the first line.
func newReader(in *bufio.Reader) (*csv.Reader, error) {
	start, err := in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, unreadable(err)
	}
	if bytes.HasPrefix(start, []byte("\xff\xfe")) || bytes.HasPrefix(start, []byte("\xfe\xff")) {
		return nil, barometer.Errorf(barometer.Invalid, "the file is UTF-16; save it as CSV UTF-8. Nothing was imported")
	}
	if bytes.Equal(start, []byte("\xef\xbb\xbf")) {
		if _, err := in.Discard(len(start)); err != nil {
			return nil, err
		}
	}
	first, err := in.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, unreadable(err)
	}
	first, _, _ = bytes.Cut(first, []byte("\n"))
	reader := csv.NewReader(in)
	reader.FieldsPerRecord, reader.ReuseRecord = -1, true
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		reader.Comma = ';'
	}
	return reader, nil
}

// placesOf finds for each field of a record the place of its column.
func placesOf(header []string, columns []column, p *problems) ([]int, bool) {
	before := len(p.found)
	if slices.ContainsFunc(header, func(name string) bool { return !utf8.ValidString(name) }) {
		p.add(barometer.FieldError{Line: 1, Code: "not_utf8"}, "the column names are not UTF-8; save the file as CSV UTF-8")
		return nil, false
	}
	places := make([]int, len(header))
	for i, name := range header {
		name = strings.ToLower(norm.NFC.String(strings.TrimSpace(name)))
		places[i] = slices.IndexFunc(columns, func(c column) bool { return name == c.name || c.danish != "" && name == c.danish })
		switch {
		case name == "":
			p.add(barometer.FieldError{Line: 1, Code: "unknown_column"}, "the %d. column has no name; allowed: %s", i+1, names(columns))
		case places[i] < 0:
			p.add(barometer.FieldError{Line: 1, Column: shown(name), Code: "unknown_column"}, "unknown column; allowed: %s (UTF-8)", names(columns))
		case slices.Contains(places[:i], places[i]):
			p.add(barometer.FieldError{Line: 1, Column: columns[places[i]].name, Code: "repeated_column"}, "the column stands there twice")
		}
	}
	for i, c := range columns {
		if !c.optional && !slices.Contains(places, i) {
			p.add(barometer.FieldError{Line: 1, Column: c.name, Code: "missing_column"}, "the column is missing; the columns are %s", names(columns))
		}
	}
	return places, len(p.found) == before
}

// fill takes over the fields of a record, trimmed and composed; false where one cannot be read as text.
func (l line) fill(record []string, places []int) bool {
	readable := true
	for i, field := range record {
		name := l.columns[places[i]].name
		switch {
		case !utf8.ValidString(field):
			l.refuse(name, "not_utf8", "this is not UTF-8; save the file as UTF-8")
			readable = false
		case strings.ContainsFunc(field, func(r rune) bool { return r < ' ' || r == 0x7f }):
			l.refuse(name, "control_character", "it holds a control character")
			readable = false
		default:
			l.cells[places[i]] = strings.Clone(norm.NFC.String(strings.TrimSpace(field)))
		}
	}
	return readable
}

func names(columns []column) string {
	var list []string
	for _, c := range columns {
		list = append(list, c.name)
	}
	return strings.Join(list, ", ")
}
