package client

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Error is an answer that is a failure.
type Error struct {
	// Status is the HTTP status.
	Status int
	// Problem is what the service says of it. Where something else than the service answered, such as a proxy, it has
	// the status and its name alone.
	Problem barometer.Problem
	// RetryAfter says how long to wait before trying again; 0 where the answer does not say.
	RetryAfter time.Duration
}

// Error gives the problem in one line, and each part of it in a line of its own.
func (e *Error) Error() string {
	text := fmt.Sprintf("%d %s", e.Status, e.Problem.Title)
	if e.Problem.Detail != "" {
		text += ": " + e.Problem.Detail
	}
	for _, f := range e.Problem.Errors {
		text += "\n  " + f.String()
	}
	return text
}

func errorOf(r received) *Error {
	e := &Error{Status: r.status, RetryAfter: retryAfter(r.header.Get("Retry-After"), time.Now())}
	kind, _, _ := mime.ParseMediaType(r.header.Get("Content-Type"))
	if kind != "application/problem+json" || json.Unmarshal(r.body, &e.Problem) != nil {
		e.Problem = barometer.Problem{Type: "about:blank", Title: http.StatusText(r.status), Status: r.status}
	}
	return e
}

// retryAfter reads the header of that name: seconds, or a date (RFC 9110 10.2.3).
func retryAfter(header string, now time.Time) time.Duration {
	const longest = 1 << 30 // seconds; more cannot be held
	if seconds, err := strconv.Atoi(header); err == nil {
		return time.Duration(min(max(seconds, 0), longest)) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}
