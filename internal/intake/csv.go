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

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// eachRecord reads CSV: RFC 4180; UTF-8 with or without BOM; comma or semicolon.
func (t table) eachRecord(take func(line)) error {
	in, err := t.text()
	if err != nil {
		return err
	}
	reader, err := newReader(in)
	if err != nil {
		return err
	}
	header, err := reader.Read()
	if err == nil && strings.HasPrefix(header[0], separatorLine) {
		header, err = reader.Read()
	}
	if errors.Is(err, io.EOF) {
		t.add(barometer.FieldError{Line: 1, Code: "empty_file"}, "the file is empty; want a first line of column names: %s", names(t.columns))
		return nil
	}
	if err != nil {
		return t.notCSV(err)
	}
	if slices.ContainsFunc(header, func(name string) bool { return !utf8.ValidString(name) }) {
		t.add(barometer.FieldError{Line: 1, Code: "not_utf8"}, "the column names are not UTF-8; save the file as CSV UTF-8")
		return nil
	}
	places, ok := t.places(slices.Clone(header), func(int) barometer.FieldError { return barometer.FieldError{Line: 1} })
	if !ok {
		return nil
	}
	return t.records(reader, places, take)
}

// records hands over what follows the column names.
func (t table) records(reader *csv.Reader, places []int, take func(line)) error {
	l, rows := t.newLine(), 0
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return t.notCSV(err)
		}
		l.line, _ = reader.FieldPos(0)
		if !slices.ContainsFunc(record, func(field string) bool { return strings.TrimSpace(field) != "" }) {
			continue // a row of separators alone, as spreadsheets leave behind
		}
		rows++
		if len(record) != len(places) {
			l.refuse("", "wrong_number_of_fields", "it has %d fields, the first line has %d", len(record), len(places))
			continue
		}
		readable := true
		for i, field := range record {
			readable = l.take(places[i], field) && readable
		}
		if readable {
			take(l)
		}
	}
	if rows == 0 {
		t.add(barometer.FieldError{Line: 1, Code: "empty_file"}, "the file has column names but no rows")
	}
	return nil
}

// notCSV reports that the file stops being CSV somewhere; what follows cannot be told into fields.
func (t table) notCSV(err error) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return unreadable(err)
	}
	t.add(barometer.FieldError{Line: parse.Line, Code: "not_csv"}, "this is not CSV from character %d on: %v", parse.Column, parse.Err)
	return nil
}

// separatorLine is how a spreadsheet may say in a line of its own which separator follows.
const separatorLine = "sep="

// text begins to read a file of text behind its byte order mark.
func (t table) text() (*bufio.Reader, error) {
	in := bufio.NewReaderSize(t.file.reader(), 1<<16)
	start, err := in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, unreadable(err)
	}
	switch {
	case bytes.HasPrefix(start, []byte("\xff\xfe")) || bytes.HasPrefix(start, []byte("\xfe\xff")):
		return nil, barometer.Errorf(barometer.Invalid, "the file is UTF-16; save it as CSV UTF-8. Nothing was imported")
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return nil, barometer.Errorf(barometer.Invalid, "the file is a workbook; bring it as XLSX. Nothing was imported")
	case bytes.HasPrefix(start, []byte(byteOrderMark)):
		_, err = in.Discard(len(byteOrderMark))
		return in, err
	}
	return in, nil
}

const byteOrderMark = "\xef\xbb\xbf"

// newReader finds the separator by the first line.
func newReader(in *bufio.Reader) (*csv.Reader, error) {
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
