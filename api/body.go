package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// maxBody is the largest body any request but an import may have, in bytes.
const maxBody = 1 << 20

const (
	typeJSON  = "application/json"
	typeMerge = "application/merge-patch+json"
)

// readBody reads a body of one media type, whole.
func readBody(c echo.Context, want string) ([]byte, error) {
	got, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	if err != nil || got != want {
		return nil, barometer.Errorf(barometer.Unsupported, "The body must be %s; say so in Content-Type.", want)
	}
	if encoding := c.Request().Header.Get(echo.HeaderContentEncoding); encoding != "" {
		return nil, barometer.Errorf(barometer.Unsupported, "The body must not be compressed; leave Content-Encoding out.")
	}
	data, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, barometer.Errorf(barometer.TooLarge, "The body is larger than %d bytes.", maxBody)
	case err != nil:
		return nil, &barometer.Error{Kind: barometer.Malformed, Message: "The body ended before it was complete.", Err: err}
	}
	return data, nil
}

// object is a JSON object as it was sent, with numbers as they are written.
type object = map[string]any

// parseObject reads a JSON text that must be one object. What encoding/json lets pass is refused: names given twice, all
// of them at once, bytes that are no UTF-8, a NUL, something after the end, and nesting that nothing here has.
func parseObject(data []byte) (object, error) {
	if len(bytes.Trim(data, " \t\r\n")) == 0 {
		return nil, barometer.Errorf(barometer.Malformed, "The body is empty; want a JSON object.")
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, barometer.Errorf(barometer.Malformed, "The body must be UTF-8 without NUL.")
	}
	p := &parser{decoder: json.NewDecoder(bytes.NewReader(data))}
	p.decoder.UseNumber()
	var value any
	err := json.Unmarshal(data, new(json.RawMessage)) // the whole of it, which tokens one by one do not tell
	if err == nil {
		value, err = p.value("", 0)
	}
	if err != nil {
		return nil, barometer.Errorf(barometer.Malformed, "The body is not JSON as it should be: %s.", parseMessage(err))
	}
	if len(p.repeated) > 0 {
		return nil, &barometer.Error{Kind: barometer.Malformed, Message: summary(len(p.repeated)), Fields: p.repeated}
	}
	o, ok := value.(object)
	if !ok {
		return nil, barometer.Errorf(barometer.Malformed, "The body must be a JSON object.")
	}
	return o, nil
}

// summary says how many problems a body has.
func summary(problems int) string {
	if problems == 1 {
		return "The body has 1 problem; `errors` names it."
	}
	return fmt.Sprintf("The body has %d problems; `errors` names each.", problems)
}

// parseMessage says what is wrong without repeating anything that was sent.
func parseMessage(err error) string {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, errTooDeep):
		return errTooDeep.Error()
	case errors.As(err, &syntax):
		return fmt.Sprintf("it stops being JSON at byte %d", syntax.Offset)
	}
	return "it cannot be read"
}

// deepest is how far arrays and objects may nest.
const deepest = 64

var errTooDeep = fmt.Errorf("it is nested deeper than %d", deepest)

// parser reads a JSON text token by token, and notes the names that an object has twice.
type parser struct {
	decoder  *json.Decoder
	repeated []barometer.FieldError
}

func (p *parser) value(pointer string, depth int) (any, error) {
	token, err := p.decoder.Token()
	if err != nil {
		return nil, err
	}
	delim, nested := token.(json.Delim)
	switch {
	case !nested:
		return token, nil
	case depth >= deepest:
		return nil, errTooDeep
	case delim == '[':
		return p.list(pointer, depth+1)
	}
	return p.members(pointer, depth+1)
}

func (p *parser) list(pointer string, depth int) ([]any, error) {
	list := []any{}
	for p.decoder.More() {
		value, err := p.value(within(pointer, strconv.Itoa(len(list))), depth)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := p.decoder.Token()
	return list, err
}

func (p *parser) members(pointer string, depth int) (object, error) {
	members, reported := object{}, map[string]bool{}
	for p.decoder.More() {
		token, err := p.decoder.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string) // the decoder takes no other for a name
		at := within(pointer, name)
		if _, twice := members[name]; twice && !reported[name] {
			reported[name] = true
			shown, detail := showPointer(at, "it is given twice; send it once")
			p.repeated = append(p.repeated, barometer.FieldError{Pointer: shown, Code: "repeated_member", Detail: detail})
		}
		if members[name], err = p.value(at, depth); err != nil {
			return nil, err
		}
	}
	_, err := p.decoder.Token()
	return members, err
}

// longestPointer is how much of a pointer that a caller made up is repeated, in bytes.
const longestPointer = 100

// within gives the pointer of a member or item. What is longer than any that is shown grows no further: in a body made
// for it there would be no end of copying.
func within(pointer, name string) string {
	if len(pointer) > longestPointer {
		return pointer
	}
	return pointer + "/" + escapePointer(name[:min(len(name), longestPointer+1)])
}

// showPointer keeps a problem readable, and a value that was used as a name out of it: it gives the pointer with what is
// to be said of it, or where it cannot be repeated that of the nearest object around it.
func showPointer(pointer, detail string) (shown, said string) {
	shown = pointer
	for len(shown) > longestPointer || barometer.LooksLikePersonalNumber(shown) || barometer.LooksLikePersonalNumber(unescapePointer(shown)) {
		shown = shown[:strings.LastIndexByte(shown, '/')]
	}
	if shown != pointer {
		detail = "of a member within, whose name is not repeated here: " + detail
	}
	return shown, detail
}

// escapePointer writes a name as part of a JSON pointer (RFC 6901).
func escapePointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

func unescapePointer(pointer string) string {
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(pointer)
}

// mergePatch changes a value as RFC 7396 has it, for a flat object: null takes a member out.
func mergePatch(current any, patch object) (object, error) {
	data, err := json.Marshal(current)
	if err != nil {
		return nil, err
	}
	merged, err := parseObject(data)
	if err != nil {
		return nil, err
	}
	for name, value := range patch {
		if value == nil {
			delete(merged, name)
		} else {
			merged[name] = value
		}
	}
	return merged, nil
}
