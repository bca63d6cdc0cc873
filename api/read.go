package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// reader is what a public read is answered from: one release, and the language asked for.
type reader struct {
	*report.Snapshot
	cat  *catalogue.Catalogue
	lang barometer.Lang
	live []barometer.Year // rounds in work whose figures the caller may see
}

// read answers a public read: with the encoded answer at hand for the same address, language and release, or with what
// build makes. The query is bound to q first; what is wrong with it is all refused at once.
func (h *handler) read(c echo.Context, q any, build func(reader) (any, error)) error {
	snapshot := h.current.Snapshot()
	accepted := acceptedLanguage(c.Request().Header.Get("Accept-Language"))
	key := snapshot.Version() + string(accepted) + c.Request().URL.RequestURI()
	b, err := h.bodies.get(c.Request().Context(), key, func() (*body, error) {
		r := reader{Snapshot: snapshot, cat: snapshot.Catalogue()}
		asked, err := r.bind(c.Request().URL.RawQuery, q)
		if err != nil {
			return nil, err
		}
		r.lang = accepted
		if asked != "" {
			r.lang = barometer.Lang(asked)
		}
		value, err := build(r)
		if err != nil {
			return nil, err
		}
		b, err := encode(value)
		if err == nil {
			b.language = string(r.lang)
		}
		return b, err
	})
	if err != nil {
		return err
	}
	return send(c, b)
}

// send writes an answer, or 304 where the caller has it.
func send(c echo.Context, b *body) error {
	header := c.Response().Header()
	header["Vary"] = append(header["Vary"], "Accept-Encoding", "Accept-Language", "Authorization")
	header.Set("Cache-Control", "public, no-cache") // to be kept, and asked about each time: a figure can be withdrawn
	header.Set("X-Content-Type-Options", "nosniff")
	if b.language != "" {
		header.Set("Content-Language", b.language)
	}
	data, tag := b.plain, `"`+b.tag+`"`
	if acceptsGzip(c.Request().Header.Get("Accept-Encoding")) {
		if zipped := b.zipped(); zipped != nil {
			data, tag = zipped, `"`+b.tag+`-gzip"`
			header.Set("Content-Encoding", "gzip")
		}
	}
	header.Set("ETag", tag)
	if matches(c.Request().Header.Values("If-None-Match"), tag) {
		header.Del("Content-Encoding")
		return c.NoContent(http.StatusNotModified)
	}
	header.Set("Content-Length", strconv.Itoa(len(data)))
	return c.Blob(http.StatusOK, b.contentType, data)
}

// matches compares tags weakly, as RFC 9110 13.1.2 has it for If-None-Match.
func matches(headers []string, tag string) bool {
	for _, header := range headers {
		for candidate := range strings.SplitSeq(header, ",") {
			candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
			if candidate == tag || candidate == "*" {
				return true
			}
		}
	}
	return false
}

// acceptsGzip reads Accept-Encoding (RFC 9110 12.5.3): gzip is refused with q=0, and accepted by name or by *.
func acceptsGzip(header string) bool {
	wildcard := false
	for part := range strings.SplitSeq(header, ",") {
		coding, parameter, _ := strings.Cut(part, ";")
		name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		weight, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		wanted := !strings.EqualFold(strings.TrimSpace(name), "q") || err != nil || weight > 0
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			return wanted
		case "*":
			wildcard = wanted
		}
	}
	return wildcard
}

var languages = language.NewMatcher([]language.Tag{language.Danish, language.English})

// acceptedLanguage gives the better of our languages for Accept-Language: Danish without one, or where it names none
// of ours or cannot be read.
func acceptedLanguage(header string) barometer.Lang {
	if header == "" {
		return barometer.Danish
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return barometer.Danish
	}
	if _, index, confidence := languages.Match(tags...); confidence > language.No && index == 1 {
		return barometer.English
	}
	return barometer.Danish
}

// refuseBody refuses a request with a body where none is taken, so that it is not silently ignored.
func refuseBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.ContentLength == 0 || r.Method != http.MethodGet && r.Method != http.MethodHead {
			return next(c)
		}
		if r.ContentLength > maxBody {
			return barometer.Errorf(barometer.TooLarge, "The body is larger than %d bytes; a read takes none at all.", maxBody)
		}
		return barometer.Errorf(barometer.Unsupported, "A read takes no body of any type; send the request without one.")
	}
}

// echoPath writes a path of OpenAPI the way Echo does: {round} as :round.
func echoPath(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}
