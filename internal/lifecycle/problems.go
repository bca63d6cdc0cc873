package lifecycle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// problems gathers what is wrong with a request.
type problems struct{ found []barometer.FieldError }

func (p *problems) add(pointer, code, format string, args ...any) {
	p.found = append(p.found, barometer.FieldError{Pointer: pointer, Code: code, Detail: fmt.Sprintf(format, args...)})
}

// err gives all problems as one error; nil where there are none.
func (p *problems) err(message string) error {
	if len(p.found) == 0 {
		return nil
	}
	return &barometer.Error{Kind: barometer.Invalid, Message: message, Fields: p.found}
}

// oneOf refuses a value that is none of those allowed, without repeating it.
func (p *problems) oneOf(pointer, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		p.add(pointer, "unknown_value", "unknown value; allowed: %s", strings.Join(allowed, ", "))
	}
}

// text refuses a text that cannot be stored; nil is one that was left out.
func (p *problems) text(pointer string, text *string, most int) {
	if text == nil {
		return
	}
	if code, detail := barometer.CheckText(*text, most); code != "" {
		p.add(pointer, code, "%s", detail)
	}
}

// label refuses a text that says nothing, or cannot be stored; nil is one that was left out.
func (p *problems) label(pointer string, text *string) {
	p.text(pointer, text, mostLabel)
	if text != nil && strings.TrimSpace(*text) == "" {
		p.add(pointer, "too_short", "want a text of at least one character that is no space, or none at all")
	}
}

// mostLabel is the longest question or note that is shown to everyone, in characters.
const mostLabel = 500

func (p *problems) source(pointer, id string, cat *catalogue.Catalogue) {
	if _, ok := cat.Source(id); !ok {
		p.add(pointer, "unknown_value", "unknown source; /v1/sources lists the ids")
	}
}

// requirement gives a requirement of the catalogue.
func (p *problems) requirement(pointer, code string, cat *catalogue.Catalogue) (barometer.Requirement, bool) {
	q, ok := cat.Requirement(code, barometer.Danish)
	if !ok {
		p.add(pointer, "unknown_value", "unknown requirement; /v1/requirements lists the codes")
	}
	return q, ok
}

// pointer writes a JSON pointer.
func pointer(format string, args ...any) string { return fmt.Sprintf(format, args...) }
