package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// input fills the struct that into points at with an object, by the tags that openapi.yaml is made from: `json` names
// the member, which is required without omitempty; `enums`, `pattern`, `format`, `minimum`, `maximum`, `minLength`,
// `maxLength`, `minItems` and `maxItems` say what it takes. Everything wrong is Invalid, reported at once, and no text in
// the shape of a personal number is taken anywhere.
func input(from object, into any) error {
	in := &inputReader{}
	in.object(reflect.ValueOf(into).Elem(), from, "")
	return in.err()
}

type inputReader struct{ problems []barometer.FieldError }

func (in *inputReader) err() error {
	if len(in.problems) == 0 {
		return nil
	}
	return &barometer.Error{Kind: barometer.Invalid, Message: summary(len(in.problems)), Fields: in.problems}
}

func (in *inputReader) refuse(pointer, code, format string, args ...any) {
	in.problems = append(in.problems, barometer.FieldError{Pointer: pointer, Code: code, Detail: fmt.Sprintf(format, args...)})
}

func (in *inputReader) object(v reflect.Value, from object, pointer string) {
	known := map[string]bool{}
	in.members(v, from, pointer, known)
	for _, name := range slices.Sorted(maps.Keys(from)) {
		if !known[name] {
			allowed := strings.Join(slices.Sorted(maps.Keys(known)), ", ")
			at, detail := showPointer(within(pointer, name), "there is no such member here, or it cannot be set; allowed: "+allowed)
			in.refuse(at, "unknown_member", "%s", detail)
		}
	}
}

func (in *inputReader) members(v reflect.Value, from object, pointer string, known map[string]bool) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			in.members(v.Field(i), from, pointer, known)
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		known[name] = true
		value, given := from[name]
		at := pointer + "/" + name
		switch optional := options == "omitempty"; {
		case !given && !optional:
			in.refuse(at, "required", "it is required")
		case value == nil && (optional || !given):
		default:
			in.value(v.Field(i), value, at, field.Tag)
		}
	}
}

func (in *inputReader) value(v reflect.Value, value any, at string, tag reflect.StructTag) {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if v.Type() == reflect.TypeFor[time.Time]() {
		in.instant(v, value, at)
		return
	}
	switch v.Kind() {
	case reflect.String:
		in.text(v, value, at, tag)
	case reflect.Int:
		in.number(v, value, at, tag)
	case reflect.Bool:
		if b, ok := value.(bool); ok {
			v.SetBool(b)
		} else {
			in.refuse(at, "wrong_type", "want true or false")
		}
	case reflect.Slice:
		in.list(v, value, at, tag)
	default:
		if o, ok := value.(object); ok {
			in.object(v, o, at)
		} else {
			in.refuse(at, "wrong_type", "want an object")
		}
	}
}

func (in *inputReader) instant(v reflect.Value, value any, at string) {
	text, _ := value.(string)
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		in.refuse(at, "wrong_type", "want an instant with its offset, such as 2027-03-01T06:00:00Z")
		return
	}
	v.Set(reflect.ValueOf(t.UTC().Truncate(time.Microsecond)))
}

func (in *inputReader) number(v reflect.Value, value any, at string, tag reflect.StructTag) {
	low, high := tag.Get("minimum"), tag.Get("maximum")
	least, _ := strconv.Atoi(low) // our own tags
	most, _ := strconv.Atoi(high)
	written, ok := value.(json.Number)
	n, err := strconv.Atoi(written.String())
	if !ok || err != nil || n < least || n > most {
		in.refuse(at, "out_of_range", "want a whole number from %s to %s", low, high)
		return
	}
	v.SetInt(int64(n))
}

func (in *inputReader) list(v reflect.Value, value any, at string, tag reflect.StructTag) {
	items, ok := value.([]any)
	if !ok {
		in.refuse(at, "wrong_type", "want a list")
		return
	}
	if least, _ := strconv.Atoi(tag.Get("minItems")); len(items) < least {
		in.refuse(at, "too_few", "want at least %s", count(least, "item"))
	}
	if most, err := strconv.Atoi(tag.Get("maxItems")); err == nil && len(items) > most {
		in.refuse(at, "too_many", "want at most %s", count(most, "item"))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		in.value(v.Index(i), item, fmt.Sprintf("%s/%d", at, i), "")
	}
}

// codes are the values of the types that have a closed list where they are entered.
var codes = map[reflect.Type][]string{
	reflect.TypeFor[barometer.CaseType]():      texts(barometer.FamilyTreatment, barometer.Placement, barometer.PlacementWithoutConsent),
	reflect.TypeFor[barometer.Outcome]():       texts(barometer.Outcomes()...),
	reflect.TypeFor[barometer.Reason]():        texts(allReasons()...),
	reflect.TypeFor[barometer.RoundStatus]():   texts(barometer.Draft, barometer.Collecting, barometer.Hearing, barometer.Published),
	reflect.TypeFor[barometer.Judged]():        texts(barometer.Comparable, barometer.WithCaveat, barometer.NotComparable, barometer.NotJudged),
	reflect.TypeFor[barometer.JudgementKind](): texts(barometer.Break, barometer.Pair),
}

func allReasons() []barometer.Reason {
	var reasons []barometer.Reason
	for _, o := range barometer.Outcomes() {
		reasons = append(reasons, o.Reasons()...)
	}
	return reasons
}

func texts[T ~string](values ...T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func (in *inputReader) text(v reflect.Value, value any, at string, tag reflect.StructTag) {
	text, ok := value.(string)
	if !ok {
		in.refuse(at, "wrong_type", "want a text")
		return
	}
	allowed := codes[v.Type()]
	if enums := tag.Get("enums"); enums != "" {
		allowed = strings.Split(enums, ",")
	}
	if allowed != nil {
		if !slices.Contains(allowed, text) {
			in.refuse(at, "unknown_value", "unknown value; allowed: %s", strings.Join(allowed, ", "))
		}
		v.SetString(text)
		return
	}
	v.SetString(text)
	in.freeText(text, at, tag)
}

func (in *inputReader) freeText(text, at string, tag reflect.StructTag) {
	most := barometer.MostNote
	if n, err := strconv.Atoi(tag.Get("maxLength")); err == nil {
		most = n
	}
	least, _ := strconv.Atoi(tag.Get("minLength"))
	pattern := tag.Get("pattern")
	code, detail := barometer.CheckText(text, most)
	switch {
	case code != "":
		in.refuse(at, code, "%s", detail)
	case utf8.RuneCountInString(strings.TrimSpace(text)) < least:
		in.refuse(at, "too_short", "want at least %s, not counting spaces at its ends", count(least, "character"))
	case pattern != "" && !regexp.MustCompile(pattern).MatchString(text):
		in.refuse(at, "wrong_form", "want a text of the form %s", pattern)
	case tag.Get("format") == "date" && !isDate(text):
		in.refuse(at, "wrong_form", "want a date, such as 2026-11-22")
	}
}

// count writes a number of things: "1 item", "2 items".
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

func isDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}
