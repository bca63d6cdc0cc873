package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// problemType is what a caller may be told about a sort of failure; it is the page behind a problem's `type`.
type problemType struct {
	status int
	code   string
	title  string
	text   string
}

// problemTypes is every sort of failure the service answers with. Kinds without a line of their own are internal.
var problemTypes = map[barometer.Kind]problemType{
	barometer.Malformed:     {http.StatusBadRequest, "malformed", "The request cannot be read", "A parameter is unknown, given twice, empty or has a value that is not allowed, or the body is not one JSON object that names each member once. `errors` names each."},
	barometer.Unauthorized:  {http.StatusUnauthorized, "unauthorized", "No valid key", "The address needs an API key, or the one that was sent is not valid."},
	barometer.Forbidden:     {http.StatusForbidden, "forbidden", "Not allowed", "The role of this key does not allow it; `/v1/me` lists what it does."},
	barometer.NotFound:      {http.StatusNotFound, "not_found", "Not found", "There is nothing at this address, or nothing that may be shown."},
	barometer.Conflict:      {http.StatusConflict, "conflict", "Conflict", "Another writer was there first."},
	barometer.State:         {http.StatusConflict, "state", "Not possible now", "The state of the resource does not allow this now."},
	barometer.Gone:          {http.StatusGone, "gone", "Withdrawn", "It was published once and has been withdrawn."},
	barometer.Stale:         {http.StatusPreconditionFailed, "stale", "Changed meanwhile", "The resource has changed since it was read."},
	barometer.TooLarge:      {http.StatusRequestEntityTooLarge, "too_large", "Too large", "The body is larger than allowed."},
	barometer.Unsupported:   {http.StatusUnsupportedMediaType, "unsupported_media_type", "Unsupported media type", "The body is of a type that is not taken here."},
	barometer.Invalid:       {http.StatusUnprocessableEntity, "invalid", "Breaks a rule", "The request can be read but breaks a rule of the domain. `errors` names each."},
	barometer.Unconditional: {http.StatusPreconditionRequired, "precondition_required", "Names no version", "A change must name the version it changes, by `If-Match`, or say with `If-None-Match: *` that it makes something new."},
	barometer.Unavailable:   {http.StatusServiceUnavailable, "unavailable", "Not available just now", "A part the answer needs does not respond; try again after the seconds in `Retry-After`."},
	barometer.Internal:      {http.StatusInternalServerError, "internal", "Something went wrong here", "A fault of the service, recorded with the id in `instance`."},
}

// methodNotAllowed is a failure of HTTP itself, without a kind.
var methodNotAllowed = problemType{http.StatusMethodNotAllowed, "method_not_allowed", "Method not allowed", "The address is right, the method is not; `Allow` lists those it takes."}

// fail answers every failure, the only place that does: problem+json with what the caller may know. What it may not
// know is logged with the id of the answer.
func (h *handler) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	id := requestOf(c)
	kind, detail, fields := explain(err)
	t := problemTypes[kind]
	if isMethodNotAllowed(err) {
		t, detail = methodNotAllowed, "This address does not take "+knownMethod(c.Request().Method)+"."
	}
	if t.status >= http.StatusInternalServerError {
		h.log.Error("request failed", "id", id, "route", c.Path(), "error", err)
	}
	if kind == barometer.Unauthorized {
		challenge(c)
	}
	if kind == barometer.Unavailable {
		c.Response().Header().Set("Retry-After", "2")
	}
	problem := barometer.Problem{
		Type: "/problems/" + t.code, Title: t.title, Status: t.status, Detail: detail, Instance: "urn:uuid:" + id, Errors: fields,
	}
	header := c.Response().Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	b, err := encode(problem)
	if err == nil {
		err = c.Blob(t.status, "application/problem+json", b.plain)
	}
	if err != nil {
		h.log.Error("problem not sent", "id", id, "error", err)
	}
}

func requestID() string {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil.String()
	}
	return id.String()
}

// explain gives what of an error the caller may see.
func explain(err error) (barometer.Kind, string, []barometer.FieldError) {
	var known *barometer.Error
	if errors.As(err, &known) {
		fields := known.Fields
		if fields == nil {
			fields = []barometer.FieldError{}
		}
		if known.Kind == barometer.Internal {
			return barometer.Internal, problemTypes[barometer.Internal].text, fields
		}
		return known.Kind, known.Message, fields
	}
	kind := barometer.Internal
	var refused *echo.HTTPError
	if errors.As(err, &refused) {
		kind = kindOfStatus(refused.Code)
	}
	detail := problemTypes[kind].text
	if kind == barometer.NotFound {
		detail = "There is nothing at this address; /openapi.yaml lists what there is."
	}
	return kind, detail, []barometer.FieldError{}
}

// kindOfStatus gives the kind of a failure that Echo found by itself.
func kindOfStatus(status int) barometer.Kind {
	for kind, t := range problemTypes {
		if t.status == status {
			return kind
		}
	}
	return barometer.Internal
}

func isMethodNotAllowed(err error) bool {
	var refused *echo.HTTPError
	return errors.As(err, &refused) && refused.Code == http.StatusMethodNotAllowed
}

// knownMethod repeats a method only where it is one of HTTP's own.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace, http.MethodConnect, http.MethodOptions:
		return method
	}
	return "this method"
}

func (h *handler) logPanic(c echo.Context, err error, _ []byte) error {
	return &barometer.Error{Kind: barometer.Internal, Message: "panic", Err: err}
}

// getProblemType explains a sort of failure: the page that the `type` of a problem leads to.
//
//	@Summary	Explain a sort of problem
//	@ID			getProblemType
//	@Tags		service
//	@Param		code	path		string		true	"Code at the end of a problem's type"	example(not_found)
//	@Success	200		{object}	barometer.ProblemType
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/problems/{code} [get]
func (h *handler) getProblemType(c echo.Context) error {
	if err := noQuery(c); err != nil {
		return err
	}
	codes := []string{}
	for _, t := range append(allProblemTypes(), methodNotAllowed) {
		if t.code == c.Param("code") {
			b, err := encode(barometer.ProblemType{Type: "/problems/" + t.code, Title: t.title, Status: t.status, Description: t.text})
			if err != nil {
				return err
			}
			return send(c, b)
		}
		codes = append(codes, t.code)
	}
	return barometer.Errorf(barometer.NotFound, "There is no such sort of problem. There are: %s.", strings.Join(codes, ", "))
}

func allProblemTypes() []problemType {
	var all []problemType
	for kind := barometer.Internal; kind <= barometer.Unavailable; kind++ {
		all = append(all, problemTypes[kind])
	}
	return all
}
