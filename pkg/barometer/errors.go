package barometer

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of failure an [Error] is, from the caller's point of view. The zero value is Internal, so that
// an error nobody classified never tells the caller its inner text.
type Kind int

// The kinds of failure. The comment names the HTTP status each becomes.
const (
	Internal      Kind = iota // 500: a bug
	Malformed                 // 400: the request cannot be read as what it should be
	Unauthorized              // 401: no key, or one that proves nothing
	Forbidden                 // 403: the caller's role does not allow it
	NotFound                  // 404
	Conflict                  // 409: another writer was there first
	State                     // 409: the lifecycle does not allow it now
	Gone                      // 410: published once, withdrawn since
	Stale                     // 412
	TooLarge                  // 413
	Unsupported               // 415
	Invalid                   // 422: breaks a rule of the domain
	Unconditional             // 428: a change must name the version it changes
	Unavailable               // 503: try again
)

// FieldError is one problem in one place of a request or file. Detail says what is wrong and what is allowed; it
// never repeats a value that looks like a personal number.
type FieldError struct {
	// Pointer is a JSON pointer (RFC 6901) into the request body.
	Pointer string `json:"pointer,omitempty"`
	// Parameter is the name of a query parameter.
	Parameter string `json:"parameter,omitempty"`
	// Line is the line of an imported file, from 1.
	Line int `json:"line,omitempty"`
	// Column is the name of a column of an imported file.
	Column string `json:"column,omitempty"`
	// Code names the kind of problem, for programs.
	Code string `json:"code"`
	// Detail is for people.
	Detail string `json:"detail"`
}

// String gives the problem as one line of text.
func (f FieldError) String() string {
	var where []string
	if f.Line > 0 {
		where = append(where, fmt.Sprintf("line %d", f.Line))
	}
	if f.Column != "" {
		where = append(where, "column "+f.Column)
	}
	if f.Parameter != "" {
		where = append(where, "parameter "+f.Parameter)
	}
	if f.Pointer != "" {
		where = append(where, f.Pointer)
	}
	if len(where) == 0 {
		return f.Detail
	}
	return strings.Join(where, ", ") + ": " + f.Detail
}

// Error is the one error type of the project. Message and Fields are for the caller; Err is for the log alone.
type Error struct {
	Kind    Kind
	Message string
	Fields  []FieldError
	Err     error
}

// Error gives the message, the fields and the inner error: for logs and the command line, never for an HTTP answer.
func (e *Error) Error() string {
	text := e.Message
	for _, f := range e.Fields {
		text += "\n  " + f.String()
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the inner error.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an error of a kind with a message for the caller.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// KindOf gives the kind of the first [Error] in the chain, Internal where there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}
