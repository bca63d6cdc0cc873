package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// The most problems and warnings of a file that are listed.
const (
	mostProblems = 1000
	mostWarnings = 100
)

// noted are places in a file, of which those that come first in it are kept.
type noted struct {
	most  int
	what  string // in the plural
	found []barometer.FieldError
	count int
}

func (n *noted) note(at barometer.FieldError) {
	n.count++
	n.found = append(n.found, at)
	if len(n.found) == 2*n.most {
		n.cut()
	}
}

func (n *noted) cut() {
	slices.SortStableFunc(n.found, inFileOrder)
	n.found = n.found[:min(len(n.found), n.most)]
}

// list gives what is kept in the order of the file, and after it how many more there are.
func (n *noted) list() []barometer.FieldError {
	n.cut()
	list := slices.Clone(n.found)
	if more := n.count - len(list); more > 0 {
		list = append(list, barometer.FieldError{
			Line: list[len(list)-1].Line, Code: "more_" + n.what, Detail: fmt.Sprintf("%d more %s are not listed", more, n.what),
		})
	}
	return list
}

func newWarnings() *noted { return &noted{most: mostWarnings, what: "warnings"} }

// problems gathers what is wrong with a file.
type problems struct{ noted }

func newProblems() *problems { return &problems{noted{most: mostProblems, what: "problems"}} }

func (p *problems) add(at barometer.FieldError, format string, args ...any) {
	at.Detail = fmt.Sprintf(format, args...)
	p.note(at)
}

// err gives all problems as one error, in the order of the file; nil where there are none.
func (p *problems) err() error {
	if p.count == 0 {
		return nil
	}
	message := fmt.Sprintf("%d problems; nothing was imported:", p.count)
	if p.count == 1 {
		message = "1 problem; nothing was imported:"
	}
	return &barometer.Error{Kind: barometer.Invalid, Message: message, Fields: p.list()}
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

// nameOf repeats the name of a column that is not known, as [shown] does but without quotes around it.
func nameOf(column string) string {
	return strings.TrimSuffix(strings.TrimPrefix(shown(strings.TrimSpace(column)), `"`), `"`)
}
