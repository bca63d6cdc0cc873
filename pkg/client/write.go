package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// WithKey sends an API key with every call.
func WithKey(key string) Option { return func(c *Client) { c.key = key } }

// Versioned is what a call of the audit work answers with: a value and which version of it this is.
type Versioned[T any] struct {
	Value T
	// ETag names the version; [IfMatch] takes it.
	ETag string
	// Location is the address of what was made.
	Location string
	// Replayed tells that the call had been made before with the same [IdempotencyKey], and did nothing now.
	Replayed bool
}

// CallOption says under which condition a change is made.
type CallOption func(http.Header)

// IfMatch changes what is there only if it is this version still.
func IfMatch(etag string) CallOption { return func(h http.Header) { h.Set("If-Match", etag) } }

// CreateOnly makes what is not there yet, and fails where it is.
func CreateOnly() CallOption { return func(h http.Header) { h.Set("If-None-Match", "*") } }

// IdempotencyKey lets a call that makes something be made again without making it twice.
func IdempotencyKey(key string) CallOption {
	return func(h http.Header) { h.Set("Idempotency-Key", key) }
}

// payload is the body of a call.
type payload struct {
	mediaType string
	data      []byte
}

// asJSON writes a value as a body; asPatch as a merge patch (RFC 7396).
func asJSON(value any) (payload, error) { return encoded("application/json", value) }

func asPatch(value any) (payload, error) { return encoded("application/merge-patch+json", value) }

func encoded(mediaType string, value any) (payload, error) {
	data, err := json.Marshal(value)
	return payload{mediaType, data}, err
}

// Patch names the members to change; nil takes one out.
type Patch map[string]any

// read reads a resource with its version.
func read[T any](ctx context.Context, c *Client, query url.Values, path ...string) (Versioned[T], error) {
	return call[T](ctx, c, http.MethodGet, query, payload{}, nil, path...)
}

// create posts a new resource.
func create[T any](ctx context.Context, c *Client, query url.Values, value any, options []CallOption, path ...string) (Versioned[T], error) {
	body, err := asJSON(value)
	if err != nil {
		return Versioned[T]{}, err
	}
	return call[T](ctx, c, http.MethodPost, query, body, options, path...)
}

// put replaces a resource, or makes it.
func put[T any](ctx context.Context, c *Client, value any, options []CallOption, path ...string) (Versioned[T], error) {
	body, err := asJSON(value)
	if err != nil {
		return Versioned[T]{}, err
	}
	return call[T](ctx, c, http.MethodPut, nil, body, options, path...)
}

// patch changes some members of a resource.
func patch[T any](ctx context.Context, c *Client, value Patch, options []CallOption, path ...string) (Versioned[T], error) {
	body, err := asPatch(value)
	if err != nil {
		return Versioned[T]{}, err
	}
	return call[T](ctx, c, http.MethodPatch, nil, body, options, path...)
}

// remove takes a resource away.
func remove(ctx context.Context, c *Client, query url.Values, options []CallOption, path ...string) error {
	_, err := call[struct{}](ctx, c, http.MethodDelete, query, payload{}, options, path...)
	return err
}

// call sends a request and reads its answer, which may be empty.
func call[T any](ctx context.Context, c *Client, method string, query url.Values, body payload, options []CallOption, path ...string) (v Versioned[T], err error) {
	request, err := c.request(ctx, query, path)
	if err != nil {
		return v, err
	}
	request.Method = method
	if body.mediaType != "" {
		request.Header.Set("Content-Type", body.mediaType)
		request.ContentLength = int64(len(body.data))
		request.Body = io.NopCloser(bytes.NewReader(body.data))
		request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body.data)), nil }
	}
	for _, option := range options {
		option(request.Header)
	}
	response, err := c.do(request)
	if err != nil {
		return v, err
	}
	v.ETag, v.Location = response.header.Get("ETag"), response.header.Get("Location")
	v.Replayed = response.header.Get("Idempotent-Replayed") == "true"
	if len(response.body) == 0 {
		return v, nil
	}
	if err := json.Unmarshal(response.body, &v.Value); err != nil {
		return v, fmt.Errorf("%s: %w", request.URL.Path, err)
	}
	return v, nil
}

// Me reads who the caller is to the service.
func (c *Client) Me(ctx context.Context) (barometer.Me, error) {
	return get[barometer.Me](ctx, c, nil, "v1", "me")
}
