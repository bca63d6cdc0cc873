package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
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

// parseObject reads a JSON text that must be one object. What encoding/json lets pass is refused: a name given twice,
// bytes that are no UTF-8, a NUL, something after the end, and nesting that nothing here has.
func parseObject(data []byte) (object, error) {
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, barometer.Errorf(barometer.Malformed, "The body must be UTF-8 without NUL.")
	}
	var value any
	err := json.Unmarshal(data, new(json.RawMessage)) // the whole of it, which tokens one by one do not tell
	if err == nil {
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		value, err = parseValue(decoder, "", 0)
	}
	if err != nil {
		return nil, barometer.Errorf(barometer.Malformed, "The body is not JSON as it should be: %s.", strings.TrimSuffix(parseMessage(err), "."))
	}
	o, ok := value.(object)
	if !ok {
		return nil, barometer.Errorf(barometer.Malformed, "The body must be a JSON object.")
	}
	return o, nil
}

// parseMessage says what is wrong without repeating anything that was sent.
func parseMessage(err error) string {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Sprintf("it stops being JSON at byte %d", syntax.Offset)
	}
	return err.Error()
}

// deepest is how far arrays and objects may nest.
const deepest = 64

func parseValue(d *json.Decoder, pointer string, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	delim, nested := token.(json.Delim)
	if !nested {
		return token, nil
	}
	if depth >= deepest {
		return nil, fmt.Errorf("it is nested deeper than %d", deepest)
	}
	if delim == '[' {
		list := []any{}
		for d.More() {
			value, err := parseValue(d, fmt.Sprintf("%s/%d", pointer, len(list)), depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err = d.Token()
		return list, err
	}
	members := object{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string) // the decoder takes no other for a name
		if _, twice := members[name]; twice {
			return nil, fmt.Errorf("a name is given twice in %q", shortPointer(pointer))
		}
		if members[name], err = parseValue(d, pointer+"/"+escapePointer(name), depth+1); err != nil {
			return nil, err
		}
	}
	_, err = d.Token()
	return members, err
}

// shortPointer keeps a message readable, and a value that was used as a name out of it.
func shortPointer(pointer string) string {
	if len(pointer) > 100 || barometer.LooksLikePersonalNumber(pointer) {
		return "…"
	}
	return pointer
}

// escapePointer writes a name as part of a JSON pointer (RFC 6901).
func escapePointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
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
