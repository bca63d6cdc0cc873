package intake

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// mostLine bounds a line of NDJSON in bytes.
const mostLine = 1 << 16

// eachObject reads NDJSON: one JSON object a line, whose members are called as the columns are. A text or a number is a
// value; null, and a member that is not there, is an empty one.
func (t table) eachObject(take func(line)) error {
	in, err := t.text()
	if err != nil {
		return err
	}
	rows := 0
	for number := 1; ; number++ {
		data, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			rows++
			t.add(barometer.FieldError{Line: number, Code: "too_long"}, "no line may be longer than %d bytes", mostLine)
			if err = skipLine(in); err == nil {
				continue
			}
			data = nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return unreadable(err)
		}
		if data = bytes.TrimSpace(data); len(data) > 0 {
			rows++
			if l, ok := t.object(number, data); ok {
				take(l)
			}
		}
		if err != nil {
			break
		}
	}
	if rows == 0 {
		t.add(barometer.FieldError{Line: 1, Code: "empty_file"}, "the file is empty; want one JSON object a line, with the members %s", names(t.columns))
	}
	return nil
}

// skipLine reads to the end of a line.
func skipLine(in *bufio.Reader) error {
	for {
		_, err := in.ReadSlice('\n')
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// object reads one line; false, with its problems reported, where it cannot be used.
func (t table) object(number int, data []byte) (line, bool) {
	l := t.newLine()
	l.line = number
	if !utf8.Valid(data) {
		l.refuse("", "not_utf8", "this is not UTF-8; save the file as UTF-8")
		return l, false
	}
	before := t.count
	if err := l.members(data); err != nil {
		l.refuse("", "not_json", "this is not one JSON object: %v", err)
	}
	return l, t.count == before
}

// members reads the members of an object into the cells.
func (l line) members(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if begin, err := d.Token(); err != nil {
		return err
	} else if begin != json.Delim('{') {
		return errors.New("it begins with something else than {")
	}
	given := make([]bool, len(l.columns))
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return err
		}
		place := columnOf(l.columns, fmt.Sprint(name))
		switch {
		case place < 0:
			l.refuse(nameOf(fmt.Sprint(name)), "unknown_column", "unknown member; allowed: %s", names(l.columns))
		case given[place]:
			l.refuse(l.columns[place].name, "repeated_column", "the member stands there twice")
		default:
			given[place] = true
			l.value(place, value)
		}
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows it")
	}
	return nil
}

// value takes over the value of a member.
func (l line) value(place int, value any) {
	switch v := value.(type) {
	case nil:
	case string:
		l.take(place, v)
	case json.Number:
		l.take(place, v.String())
	default:
		l.refuse(l.columns[place].name, "wrong_type", "want a text, a number or null")
	}
}
