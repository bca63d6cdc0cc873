package api

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// readQuery is what every read takes.
type readQuery struct {
	// Lang of labels and notices; without it Accept-Language decides, and Danish is the default.
	Lang string `query:"lang" enums:"da,en" example:"da"`
}

// listQuery is what every list takes.
type listQuery struct {
	readQuery
	// Limit is the largest number of items in the answer.
	Limit int `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	// Cursor is the `next_cursor` of the page before.
	Cursor string `query:"cursor"`
}

// bind reads a query into the fields of the struct that q points at, by their tags: `query` names the parameter,
// `enums`, `codes` or `pattern` (in words: `want`) say which values it takes, `minimum` and `maximum` bound a number; a slice takes several values
// with commas between. Everything wrong with the query is reported at once. It returns the language asked for.
func (r reader) bind(raw string, q any) (lang string, err error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return "", barometer.Errorf(barometer.Malformed, "The query cannot be read: a %% must be followed by two hexadecimal digits, and parameters are separated by &.")
	}
	b := binder{reader: r, values: values, known: map[string]bool{}}
	b.fields(reflect.ValueOf(q).Elem())
	b.unknown()
	if q, ok := q.(checked); ok {
		q.check(&b)
	}
	if len(b.problems) > 0 {
		slices.SortFunc(b.problems, func(x, y barometer.FieldError) int { return cmp.Compare(x.Parameter, y.Parameter) })
		return "", malformed(b.problems...)
	}
	return values.Get("lang"), nil
}

func malformed(problems ...barometer.FieldError) *barometer.Error {
	return &barometer.Error{Kind: barometer.Malformed, Message: "The query has parameters that cannot be used.", Fields: problems}
}

// checked is a query with rules beyond its fields' tags; only fields that are in order are set.
type checked interface{ check(b *binder) }

type binder struct {
	reader
	values   url.Values
	known    map[string]bool
	problems []barometer.FieldError
}

func (b *binder) refuse(parameter, code, format string, args ...any) {
	b.problems = append(b.problems, barometer.FieldError{Parameter: parameter, Code: code, Detail: fmt.Sprintf(format, args...)})
}

// conflict refuses a parameter beside others, when that is so.
func (b *binder) conflict(when bool, parameter, detail string) {
	if when {
		b.refuse(parameter, "conflicting", "%s", detail)
	}
}

// refused tells whether something is wrong with a parameter already.
func (b *binder) refused(parameter string) bool {
	return slices.ContainsFunc(b.problems, func(p barometer.FieldError) bool { return p.Parameter == parameter })
}

func (b *binder) fields(v reflect.Value) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			b.fields(v.Field(i))
			continue
		}
		b.field(v.Field(i), field)
	}
}

func (b *binder) field(v reflect.Value, field reflect.StructField) {
	name := field.Tag.Get("query")
	b.known[name] = true
	given := b.values[name]
	switch {
	case len(given) == 0:
		if standard := field.Tag.Get("default"); standard != "" && v.Kind() == reflect.Int {
			n, _ := strconv.Atoi(standard) // our own tag
			v.SetInt(int64(n))
		}
		return
	case len(given) > 1:
		b.refuse(name, "repeated", "give it once; several values are separated by commas where they are allowed")
		return
	case given[0] == "":
		b.refuse(name, "empty", "it has no value; leave it out or give it one")
		return
	}
	switch v.Kind() {
	case reflect.Int:
		b.number(v, name, given[0], field)
	case reflect.Slice:
		for part := range strings.SplitSeq(given[0], ",") {
			element := reflect.New(v.Type().Elem()).Elem()
			if b.one(element, name, part, field) {
				v.Set(reflect.Append(v, element))
			}
		}
	default:
		b.one(v, name, given[0], field)
	}
}

func (b *binder) number(v reflect.Value, name, text string, field reflect.StructField) {
	low, high := field.Tag.Get("minimum"), field.Tag.Get("maximum")
	least, _ := strconv.Atoi(low) // our own tags
	most, _ := strconv.Atoi(high)
	n, err := strconv.Atoi(text)
	if err != nil || strconv.Itoa(n) != text || n < least || n > most {
		b.refuse(name, "out_of_range", "want a whole number from %s to %s", low, high)
		return
	}
	v.SetInt(int64(n))
}

// one sets a single value, where it is allowed.
func (b *binder) one(v reflect.Value, name, text string, field reflect.StructField) bool {
	allowed := b.codes(field.Tag.Get("codes"))
	if v.Kind() == reflect.Bool {
		allowed = []string{"true", "false"}
	}
	if enums := field.Tag.Get("enums"); enums != "" {
		allowed = strings.Split(enums, ",")
	}
	if allowed != nil && !slices.Contains(allowed, text) {
		b.refuse(name, "unknown_value", "unknown value; allowed: %s", strings.Join(allowed, ", "))
		return false
	}
	if pattern := field.Tag.Get("pattern"); pattern != "" && !regexp.MustCompile(pattern).MatchString(text) {
		b.refuse(name, "unknown_value", "unknown value; allowed: %s", cmp.Or(field.Tag.Get("want"), "a text of the form "+pattern))
		return false
	}
	if allowed == nil && barometer.LooksLikePersonalNumber(text) {
		b.refuse(name, "personal_number", "this has the shape of a personal number (CPR), which nothing is found by")
		return false
	}
	if v.Kind() == reflect.Int {
		n, _ := strconv.Atoi(text) // one of the allowed values, which are numbers
		v.SetInt(int64(n))
		return true
	}
	if v.Kind() == reflect.Bool {
		v.SetBool(text == "true")
		return true
	}
	v.SetString(text)
	return true
}

// codes lists what a parameter takes, where that depends on the data.
func (b *binder) codes(of string) []string {
	var codes []string
	switch of {
	case "region":
		for _, r := range b.cat.Regions() {
			codes = append(codes, r.Slug)
			if r.Code != nil {
				codes = append(codes, *r.Code)
			}
		}
	case "area", "municipality":
		for _, m := range b.cat.Municipalities(barometer.MunicipalityFilter{}) {
			codes = append(codes, m.Code)
		}
		if of == "area" {
			codes = append(codes, barometer.Country)
		}
	case "theme":
		for _, t := range b.cat.Themes(barometer.Danish) {
			codes = append(codes, t.Code)
		}
	case "requirement":
		for _, r := range b.cat.Requirements(barometer.Danish) {
			codes = append(codes, r.Code)
		}
	case "reason":
		codes = texts(allReasons()...)
	case "round":
		for _, r := range b.Rounds() {
			codes = append(codes, strconv.Itoa(int(r.Year)))
		}
		for _, year := range b.live {
			codes = append(codes, strconv.Itoa(int(year)))
		}
	}
	return codes
}

// unknown refuses parameters that no field is named for.
func (b *binder) unknown() {
	var names []string
	for name := range b.values {
		if !b.known[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	known := slices.Sorted(func(yield func(string) bool) {
		for name := range b.known {
			if !yield(name) {
				return
			}
		}
	})
	for _, name := range names {
		if barometer.LooksLikePersonalNumber(name) {
			name = "…"
		}
		b.refuse(name, "unknown_parameter", "unknown parameter; allowed: %s", cmp.Or(strings.Join(known, ", "), "none"))
	}
}

// cursorPrefix marks a cursor as ours.
const cursorPrefix = "after:"

var wrongCursor = barometer.FieldError{
	Parameter: "cursor", Code: "unknown_value", Detail: "this is no cursor of this list; use the next_cursor of the page before as it is",
}

// after gives the key that the query's cursor stands behind, "" without a cursor; false where it is none of ours.
func (q listQuery) after() (key string, ours bool) {
	if q.Cursor == "" {
		return "", true
	}
	text, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	key, ours = strings.CutPrefix(string(text), cursorPrefix)
	return key, ours && err == nil
}

func (q listQuery) check(b *binder) {
	if _, ours := q.after(); !ours {
		b.problems = append(b.problems, wrongCursor)
	}
}

// page sorts items by key and cuts one page out of them. A cursor names the kind of its items, so that one of another
// list is refused and not taken for a place in this one.
func page[T any](items []T, q listQuery, key func(T) string) (barometer.Page[T], error) {
	type keyed struct {
		key  string
		item T
	}
	after, err := cursorOf[T](q)
	if err != nil {
		return barometer.Page[T]{}, err
	}
	var rest []keyed
	for _, item := range items {
		if k := key(item); k > after {
			rest = append(rest, keyed{k, item})
		}
	}
	slices.SortFunc(rest, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
	end := min(q.Limit, len(rest))
	out := barometer.Page[T]{Items: make([]T, end)}
	for i, k := range rest[:end] {
		out.Items[i] = k.item
	}
	if end < len(rest) {
		out.NextCursor = nextCursor[T](rest[end-1].key)
	}
	return out, nil
}

// cursorOf gives the key that a page of these items begins behind, "" for the first.
func cursorOf[T any](q listQuery) (string, error) {
	after, _ := q.after()
	after, ours := strings.CutPrefix(after, kindOf[T]())
	if q.Cursor != "" && !ours {
		return "", malformed(wrongCursor)
	}
	return after, nil
}

// nextCursor names the place behind an item.
func nextCursor[T any](key string) *string {
	next := base64.RawURLEncoding.EncodeToString([]byte(cursorPrefix + kindOf[T]() + key))
	return &next
}

func kindOf[T any]() string { return reflect.TypeFor[T]().Name() + ":" }

// pageOf makes a page of what a store gave, which was asked for one item more than the page may have.
func pageOf[T any](items []T, q listQuery, key func(T) string) barometer.Page[T] {
	if len(items) > q.Limit {
		items = items[:q.Limit]
		return barometer.Page[T]{Items: items, NextCursor: nextCursor[T](key(items[q.Limit-1]))}
	}
	return barometer.Page[T]{Items: append([]T{}, items...)}
}
