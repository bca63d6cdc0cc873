package casework

import (
	"fmt"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// problems are all that is wrong with a request.
type problems []barometer.FieldError

// add notes what is wrong at a place, named by its JSON pointer. It never repeats what was sent.
func (p *problems) add(pointer, code, format string, args ...any) {
	*p = append(*p, barometer.FieldError{Pointer: pointer, Code: code, Detail: fmt.Sprintf(format, args...)})
}

// err gives Invalid with all problems, nil where there are none.
func (p problems) err(message string) error {
	if len(p) == 0 {
		return nil
	}
	return &barometer.Error{Kind: barometer.Invalid, Message: message, Fields: p}
}

func (p *problems) checkText(pointer, text string) {
	if code, detail := barometer.CheckText(text, barometer.MostNote); code != "" {
		p.add(pointer, code, "%s", detail)
	}
}

// checkWhy looks at why something is changed, which must be said where it was entered before.
func (p *problems) checkWhy(why *string, changesEntered bool) {
	switch {
	case !blank(why):
		p.checkText("/why", *why)
	case changesEntered:
		p.add("/why", "required", "an outcome that was entered before is changed or removed; say why")
	}
}

// forParameters names the parameters of a request without a body in the place of the members of one.
func (p problems) forParameters() problems {
	for i := range p {
		p[i].Parameter, p[i].Pointer = strings.TrimPrefix(p[i].Pointer, "/"), ""
	}
	return p
}

func blank(text *string) bool { return text == nil || strings.TrimSpace(*text) == "" }

func same(a, b *string) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }
