// Package client calls a Barometer service over HTTP. Each operation of the service is a method, which takes a context
// first and answers with the types of pkg/barometer; a failure is an [*Error] with the problem that the service told.
//
//	c, err := client.New("http://localhost:8080")
//	card, err := c.Scorecard(ctx, 2023, "0707", client.ScorecardOptions{})
//
// It imports pkg/barometer and the standard library only.
package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Client of one service. It may be used by several goroutines at once.
type Client struct {
	base      *url.URL
	http      *http.Client
	language  barometer.Lang
	userAgent string
	key       string
}

// Option changes how a client works.
type Option func(*Client)

// WithHTTPClient uses this HTTP client, with its transport and its limits of time.
func WithHTTPClient(c *http.Client) Option { return func(client *Client) { client.http = c } }

// WithLanguage asks for labels and notices in this language, unless a call asks for another. Without it the service
// answers in Danish.
func WithLanguage(lang barometer.Lang) Option { return func(c *Client) { c.language = lang } }

// WithUserAgent names the caller to the service.
func WithUserAgent(name string) Option { return func(c *Client) { c.userAgent = name } }

// timeout of a call with the standard HTTP client.
const timeout = 30 * time.Second

// New makes a client of the service at an address such as https://barometer.example.dk; a path in it is kept.
func New(baseURL string, options ...Option) (*Client, error) {
	base, err := url.Parse(baseURL)
	if err != nil {
		return nil, fmt.Errorf("address of the service: %w", err)
	}
	if base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf("address of the service: want http://HOST or https://HOST, not %q", baseURL)
	}
	c := &Client{base: base, http: &http.Client{Timeout: timeout}, userAgent: "barometer-client"}
	for _, option := range options {
		option(c)
	}
	return c, nil
}

// maxAnswer bounds what is read of an answer, in bytes; the longest page has about 3 MB.
const maxAnswer = 64 << 20

// ErrTooLong tells that an answer was longer than any that the service gives.
var ErrTooLong = errors.New("the answer is too long")

// get reads the resource at a path, whose parts are escaped here.
func get[T any](ctx context.Context, c *Client, query url.Values, path ...string) (answer T, err error) {
	request, err := c.request(ctx, query, path)
	if err != nil {
		return answer, err
	}
	response, err := c.do(request)
	if err != nil {
		return answer, err
	}
	if response.status != http.StatusOK {
		return answer, errorOf(response)
	}
	if kind, _, _ := mime.ParseMediaType(response.header.Get("Content-Type")); kind != "application/json" {
		return answer, fmt.Errorf("%s: the answer is %q, not JSON; is this the address of a Barometer service?", request.URL.Path, kind)
	}
	if err := json.Unmarshal(response.body, &answer); err != nil {
		return answer, fmt.Errorf("%s: %w", request.URL.Path, err)
	}
	return answer, nil
}

// received is an answer that was read whole.
type received struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request and reads what it is answered; a failure is an [*Error].
func (c *Client) do(request *http.Request) (received, error) {
	response, err := c.http.Do(request)
	if err != nil {
		return received{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = ErrTooLong
	}
	if err != nil {
		return received{}, fmt.Errorf("%s: %w", request.URL.Path, err)
	}
	r := received{response.StatusCode, response.Header, body}
	if r.status < 200 || r.status > 299 {
		return received{}, errorOf(r)
	}
	return r, nil
}

func (c *Client) request(ctx context.Context, query url.Values, path []string) (*http.Request, error) {
	escaped := make([]string, len(path))
	for i, part := range path {
		escaped[i] = url.PathEscape(part)
		if part == "" || part == "." || part == ".." {
			return nil, fmt.Errorf("%q cannot be part of an address", part)
		}
	}
	address := c.base.JoinPath(escaped...)
	address.RawQuery = query.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json, application/problem+json")
	request.Header.Set("User-Agent", c.userAgent)
	if c.key != "" {
		request.Header.Set("Authorization", "Bearer "+c.key)
	}
	if c.language != "" {
		request.Header.Set("Accept-Language", string(c.language))
	}
	return request, nil
}
