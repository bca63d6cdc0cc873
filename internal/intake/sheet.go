package intake

import (
	"encoding/xml"
	"errors"
	"strconv"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Bounds of a sheet: a row or a column beyond them must be empty.
const (
	mostSheetRows    = 20_000
	mostSheetColumns = 256
)

// sheetRow is a row of a sheet with its cells that are not empty, from left to right.
type sheetRow struct {
	number int // from 1
	cells  []sheetCell
}

// sheetCell is a cell as text.
type sheetCell struct {
	column int // from 1
	text   string
	fault  string // what it holds instead of a value, "" where it holds one
}

// in gives the cell of a column, an empty one where there is none.
func (r sheetRow) in(column int) sheetCell {
	for _, c := range r.cells {
		if c.column == column {
			return c
		}
	}
	return sheetCell{column: column}
}

// letters names a column as spreadsheets do: A to Z, AA and so on.
func letters(column int) string {
	name := ""
	for ; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}

// eachRow hands over the rows of a sheet that are not empty. The cells are gone with the next row.
func (w *workbook) eachRow(sheet sheetPart, each func(sheetRow) error) error {
	s := sheetReader{book: w, each: each}
	return w.part(sheet.part, func(d *partReader, token xml.Token) (bool, error) {
		switch t := token.(type) {
		case xml.StartElement:
			return false, s.start(d, t)
		case xml.EndElement:
			return t.Name.Local == "sheetData", s.end(t.Name.Local)
		}
		return false, nil
	})
}

type sheetReader struct {
	book   *workbook
	row    sheetRow
	column int
	each   func(sheetRow) error
}

func (s *sheetReader) start(d *partReader, start xml.StartElement) error {
	switch start.Name.Local {
	case "row":
		s.row.number++
		if text := attribute(start, "r"); text != "" {
			number, err := strconv.ParseUint(text, 10, 31)
			if err != nil {
				return errNoWorkbook
			}
			s.row.number = int(number)
		}
		s.row.cells, s.column = s.row.cells[:0], 0
	case "c":
		s.column++
		if at := attribute(start, "r"); at != "" {
			if s.column = columnNumber(at); s.column == 0 {
				return errNoWorkbook
			}
		}
		cell, err := s.book.cell(d, attribute(start, "t"))
		if err != nil || cell.text == "" && cell.fault == "" {
			return err
		}
		if s.row.number > mostSheetRows || s.column > mostSheetColumns {
			return barometer.Errorf(barometer.TooLarge, "The sheet is larger than %d rows or %d columns.", mostSheetRows, mostSheetColumns)
		}
		cell.column = s.column
		s.row.cells = append(s.row.cells, cell)
	}
	return nil
}

func (s *sheetReader) end(name string) error {
	if name != "row" || len(s.row.cells) == 0 {
		return nil
	}
	return s.each(s.row)
}

// columnNumber reads the column of a cell's address such as AB12, 0 where it is none.
func columnNumber(address string) int {
	n := 0
	for _, r := range strings.TrimRight(address, "0123456789") {
		if r < 'A' || r > 'Z' || n > mostSheetColumns*26 {
			return 0
		}
		n = 26*n + int(r-'A') + 1
	}
	return n
}

// cell reads a cell to its end: its value as text, or what it holds instead.
func (w *workbook) cell(d *partReader, kind string) (cell sheetCell, err error) {
	var value strings.Builder
	inValue := false
	for {
		token, err := d.Token()
		if err != nil {
			return cell, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "f":
				cell.fault = "a formula"
			case "is":
				text, err := richText(d)
				if err != nil {
					return cell, err
				}
				value.WriteString(text)
			case "v":
				inValue = true
			}
		case xml.EndElement:
			inValue = false
			if t.Name.Local == "c" {
				return w.finished(cell, kind, value.String())
			}
		case xml.CharData:
			if inValue {
				value.Write(t)
			}
		}
	}
}

// finished says what a value of a kind means.
func (w *workbook) finished(cell sheetCell, kind, value string) (sheetCell, error) {
	if cell.fault != "" {
		return cell, nil
	}
	switch kind {
	case "s":
		i, err := strconv.ParseUint(strings.TrimSpace(value), 10, 31)
		if err != nil || int(i) >= len(w.shared) {
			return cell, errNoWorkbook
		}
		cell.text = w.shared[i]
	case "e":
		cell.fault = "an error"
	case "", "n":
		cell.text = number(value)
	default:
		cell.text = value
	}
	if len(cell.text) > mostCell {
		cell.text, cell.fault = "", "a text of more than "+strconv.Itoa(mostCell)+" bytes"
	}
	cell.text = strings.TrimSpace(cell.text)
	return cell, nil
}

// number writes a whole number without the fraction or exponent that a spreadsheet may keep it with.
func number(value string) string {
	const exact = 1e15 // whole numbers up to here are exact
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || n != float64(int64(n)) || n > exact || n < -exact {
		return value
	}
	return strconv.FormatInt(int64(n), 10)
}

// eachSheetRow reads a workbook whose first sheet is a table: column names in its first row.
func (t table) eachSheetRow(take func(line)) error {
	book, err := openWorkbook(t.file, t.file.size)
	if err != nil {
		return err
	}
	var places []int
	l, rows := t.newLine(), 0
	err = book.eachRow(book.sheets[0], func(r sheetRow) error {
		if l.names == nil {
			var ok bool
			if places, l.names, ok = t.heading(r); !ok {
				return errStop
			}
			return nil
		}
		rows++
		if l.line = r.number; l.row(r, places) {
			take(l)
		}
		return nil
	})
	if err == nil && rows == 0 {
		t.add(barometer.FieldError{Line: 1, Code: "empty_file"}, "the workbook's first sheet has no rows below the column names: %s", names(t.columns))
	}
	return unlessStopped(err)
}

// errStop ends the reading of a sheet whose problems are told.
var errStop = barometer.Errorf(barometer.Invalid, "the sheet is read no further")

func unlessStopped(err error) error {
	if errors.Is(err, errStop) {
		return nil
	}
	return err
}

// heading finds the columns of a table by its first row: the place of each, and how the columns are called in problems.
func (t table) heading(r sheetRow) (places []int, called map[string]string, ok bool) {
	header := make([]string, r.cells[len(r.cells)-1].column)
	for _, c := range r.cells {
		header[c.column-1] = c.text
	}
	places, ok = t.places(header, func(i int) barometer.FieldError {
		f := barometer.FieldError{Line: r.number}
		if i >= 0 {
			f.Column = letters(i+1) + " "
		}
		return f
	})
	called = map[string]string{}
	for i, place := range places {
		if place >= 0 {
			called[t.columns[place].name] = letters(i+1) + " " + t.columns[place].name
		}
	}
	return places, called, ok
}

// row takes over the cells of a row; false where one cannot be used.
func (l line) row(r sheetRow, places []int) bool {
	clear(l.cells)
	before := l.count
	for _, c := range r.cells {
		switch {
		case c.column > len(places):
			l.add(barometer.FieldError{Line: l.line, Column: letters(c.column), Code: "unknown_column"}, "the column has no name")
		case c.fault != "":
			l.refuse(l.columns[places[c.column-1]].name, "no_value", "the cell holds %s; enter the value itself", c.fault)
		default:
			l.take(places[c.column-1], c.text)
		}
	}
	return l.count == before
}
