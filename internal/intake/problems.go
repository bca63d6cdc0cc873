package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// mostProblems bounds how many problems of a file are listed.
const mostProblems = 1000

// problems gathers what is wrong with a file.
type problems struct {
	found []barometer.FieldError // the first of them
	count int
}

func (p *problems) add(at barometer.FieldError, format string, args ...any) {
	p.count++
	if len(p.found) >= mostProblems {
		return
	}
	at.Detail = fmt.Sprintf(format, args...)
	p.found = append(p.found, at)
}

// err gives all problems as one error, in the order of the file; nil where there are none.
func (p *problems) err() error {
	if p.count == 0 {
		return nil
	}
	slices.SortStableFunc(p.found, inFileOrder)
	message := fmt.Sprintf("%d problems; nothing was imported:", p.count)
	if p.count == 1 {
		message = "1 problem; nothing was imported:"
	}
	fields := p.found
	if more := p.count - len(fields); more > 0 {
		fields = append(fields, barometer.FieldError{
			Line: fields[len(fields)-1].Line, Code: "more_problems", Detail: strconv.Itoa(more) + " more problems are not listed",
		})
	}
	return &barometer.Error{Kind: barometer.Invalid, Message: message, Fields: fields}
}

// inFileOrder puts what is on the second sheet of a workbook, whose columns name it, behind what is on the first.
func inFileOrder(a, b barometer.FieldError) int {
	return cmp.Or(cmp.Compare(sheetOf(a), sheetOf(b)), cmp.Compare(a.Line, b.Line))
}

func sheetOf(f barometer.FieldError) string {
	sheet, _, named := strings.Cut(f.Column, "!")
	if !named {
		return ""
	}
	return sheet
}

// mostWarnings bounds how many warnings of a file are kept.
const mostWarnings = 100

// bounded gives the first warnings, and after them how many more there are.
func bounded(warnings []barometer.FieldError) []barometer.FieldError {
	if len(warnings) <= mostWarnings {
		return warnings
	}
	more := strconv.Itoa(len(warnings) - mostWarnings)
	return append(slices.Clip(warnings[:mostWarnings]), barometer.FieldError{
		Line: warnings[mostWarnings].Line, Code: "more_warnings", Detail: more + " more warnings are not listed",
	})
}

// mostCell bounds a cell in bytes; whatever is longer is not even looked at.
const mostCell = 4096

// shown repeats a value in a message, unless it looks like a personal number; a long one is cut.
func shown(value string) string {
	const most = 60
	if len(value) > mostCell {
		return "(a value of " + strconv.Itoa(len(value)) + " bytes)"
	}
	if barometer.LooksLikePersonalNumber(value) {
		return "(a value in the shape of a personal number)"
	}
	if runes := []rune(value); len(runes) > most {
		value = string(runes[:most]) + "…"
	}
	return strconv.Quote(value)
}
