package intake

import (
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// problems gathers what is wrong with a file.
type problems struct{ found []barometer.FieldError }

func (p *problems) add(at barometer.FieldError, format string, args ...any) {
	at.Detail = fmt.Sprintf(format, args...)
	p.found = append(p.found, at)
}

// syntax reports that the file stops being CSV somewhere; what follows cannot be told into fields.
func (p *problems) syntax(err error) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return unreadable(err)
	}
	p.add(barometer.FieldError{Line: parse.Line, Code: "not_csv"}, "this is not CSV from character %d on: %v", parse.Column, parse.Err)
	return nil
}

// err gives all problems as one error, in the order of the file; nil where there are none.
func (p *problems) err() error {
	if len(p.found) == 0 {
		return nil
	}
	slices.SortStableFunc(p.found, func(a, b barometer.FieldError) int { return a.Line - b.Line })
	message := fmt.Sprintf("%d problems; nothing was imported:", len(p.found))
	if len(p.found) == 1 {
		message = "1 problem; nothing was imported:"
	}
	return &barometer.Error{Kind: barometer.Invalid, Message: message, Fields: p.found}
}

// shown repeats a value in a message, unless it looks like a personal number; a long one is cut.
func shown(value string) string {
	const most = 60
	if barometer.LooksLikePersonalNumber(value) {
		return "(a value in the shape of a personal number)"
	}
	if runes := []rune(value); len(runes) > most {
		value = string(runes[:most]) + "…"
	}
	return strconv.Quote(value)
}
