package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

// specification holds every answer against openapi.yaml: the status and the media type must be documented there, and
// the body must be what the schema says, with no member that the schema does not name.
type specification struct {
	paths     map[string]map[string]operation
	compiling sync.Mutex // a compiler serves one at a time
	compiler  *jsonschema.Compiler
}

type operation struct {
	Responses map[string]struct {
		Content map[string]any `yaml:"content"`
	} `yaml:"responses"`
}

const specificationURL = "https://barometer.test/openapi"

func readSpecification(t testing.TB) *specification {
	t.Helper()
	data, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]operation `yaml:"paths"`
	}
	var tree map[string]any
	for _, into := range []any{&document, &tree} {
		if err := yaml.Unmarshal(data, into); err != nil {
			t.Fatal(err)
		}
	}
	for _, schema := range tree["components"].(map[string]any)["schemas"].(map[string]any) {
		if object := schema.(map[string]any); object["properties"] != nil {
			object["additionalProperties"] = false
		}
	}
	s := &specification{paths: document.Paths, compiler: jsonschema.NewCompiler()}
	s.compiler.DefaultDraft(jsonschema.Draft2020)
	s.compiler.AssertFormat()
	if err := s.compiler.AddResource(specificationURL, plainJSON(t, tree)); err != nil {
		t.Fatal(err)
	}
	return s
}

// plainJSON turns what the YAML reader makes into what the JSON reader makes.
func plainJSON(t testing.TB, tree any) any {
	t.Helper()
	data, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// check says what is wrong with an answer, nil where nothing is.
func (s *specification) check(r *http.Request, response *http.Response, body []byte) error {
	template, methods := s.find(r.URL.EscapedPath())
	switch {
	case response.StatusCode >= http.StatusBadRequest && template == "":
		return s.checkProblem(r, response, body) // an address that is nobody's still answers with a problem
	case template == "" && (r.URL.Path == "/" || strings.HasPrefix(r.URL.Path, "/docs")):
		return nil // files of Swagger UI
	case template == "":
		return fmt.Errorf("answered %d, but openapi.yaml has no such path", response.StatusCode)
	case r.Method == http.MethodOptions && response.StatusCode == http.StatusNoContent,
		response.StatusCode == http.StatusNotModified:
		return expectEmpty(body)
	}
	documented, ok := methods[strings.ToLower(strings.Replace(r.Method, http.MethodHead, http.MethodGet, 1))]
	if !ok {
		return s.checkProblem(r, response, body)
	}
	status := firstOf(documented.Responses, strconv.Itoa(response.StatusCode), fmt.Sprintf("%dXX", response.StatusCode/100), "default")
	if response.StatusCode == http.StatusNoContent && status == "204" {
		return expectEmpty(body)
	}
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("media type %q: %w", response.Header.Get("Content-Type"), err)
	}
	if _, ok := documented.Responses[status].Content[kind]; !ok {
		return fmt.Errorf("status %d with media type %s is not documented", response.StatusCode, kind)
	}
	if !strings.HasPrefix(status, "2") && response.StatusCode < http.StatusBadRequest {
		return fmt.Errorf("status %d is not documented", response.StatusCode)
	}
	if r.Method == http.MethodHead {
		return expectEmpty(body)
	}
	return s.validate(kind, body, "paths", template, strings.ToLower(r.Method), "responses", status, "content", kind, "schema")
}

// takes tells whether an address is documented to take a method.
func (s server) takes(t testing.TB, method, address string) bool {
	t.Helper()
	checks, ok := s.http.Transport.(checked)
	if !ok {
		t.Fatal("this client is not held against openapi.yaml")
	}
	address, _, _ = strings.Cut(address, "?")
	_, methods := checks.spec.find(address)
	_, ok = methods[strings.ToLower(method)]
	return ok
}

func (s *specification) checkProblem(r *http.Request, response *http.Response, body []byte) error {
	if kind := response.Header.Get("Content-Type"); kind != "application/problem+json" {
		return fmt.Errorf("status %d with media type %q, not application/problem+json", response.StatusCode, kind)
	}
	if r.Method == http.MethodHead {
		return expectEmpty(body)
	}
	return s.validate("application/problem+json", body, "components", "schemas", "Problem")
}

// validate holds a body against the schema at a place of the document.
func (s *specification) validate(kind string, body []byte, place ...string) error {
	if !strings.HasSuffix(kind, "json") || strings.HasSuffix(kind, "ndjson") {
		return nil
	}
	pointer := ""
	for _, part := range place {
		pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(part)
	}
	s.compiling.Lock()
	schema, err := s.compiler.Compile(specificationURL + "#" + pointer)
	s.compiling.Unlock()
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("the body is not JSON: %w", err)
	}
	return schema.Validate(value)
}

// find gives the path of the document that an address belongs to, "" where there is none.
func (s *specification) find(address string) (string, map[string]operation) {
	for template, methods := range s.paths {
		pattern := strings.Split(template, "/")
		for i, part := range pattern {
			if strings.HasPrefix(part, "{") {
				pattern[i] = "*"
			}
		}
		if ok, err := path.Match(strings.Join(pattern, "/"), address); ok && err == nil {
			return template, methods
		}
	}
	return "", nil
}

func firstOf[V any](m map[string]V, keys ...string) string {
	for _, key := range keys {
		if _, ok := m[key]; ok {
			return key
		}
	}
	return ""
}

func expectEmpty(body []byte) error {
	if len(body) > 0 {
		return fmt.Errorf("has a body of %d bytes, and must have none", len(body))
	}
	return nil
}

// checked is the transport of every test client: an answer that breaks openapi.yaml never reaches the test.
type checked struct {
	spec *specification
	next http.RoundTripper
}

func (c checked) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	plain := body
	if response.Header.Get("Content-Encoding") == "gzip" && len(body) > 0 {
		if plain, err = unzip(body); err != nil {
			return nil, err
		}
	}
	if err := c.spec.check(r, response, plain); err != nil {
		return nil, fmt.Errorf("%s %s breaks openapi.yaml: %w", r.Method, r.URL.RequestURI(), err)
	}
	return response, nil
}

func unzip(data []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// TestWrongAnswersAreCaught proves that the other tests would notice an answer that breaks openapi.yaml.
func TestWrongAnswersAreCaught(t *testing.T) {
	t.Parallel()
	const health = `{"status":"ok","release":6}`
	for name, tc := range map[string]struct {
		address, kind, body string
		status              int
		want                string // part of the error; "" for none
	}{
		"right":            {"/healthz", "application/json", health, 200, ""},
		"wrong type":       {"/healthz", "application/json", `{"status":"ok","release":"six"}`, 200, "got string, want integer"},
		"missing member":   {"/healthz", "application/json", `{"status":"ok"}`, 200, "missing property 'release'"},
		"member not named": {"/healthz", "application/json", `{"status":"ok","release":6,"host":"db1"}`, 200, "'host' not allowed"},
		"null":             {"/v1/releases/1", "application/json", `null`, 200, "got null, want object"},
		"no JSON":          {"/healthz", "application/json", `ok`, 200, "not JSON"},
		"other status":     {"/healthz", "application/json", health, 201, "status 201"},
		"other media type": {"/healthz", "text/html", health, 200, "text/html is not documented"},
		"failure as JSON":  {"/healthz", "application/json", health, 503, "is not documented"},
		"no such path":     {"/v1/nothing", "application/json", health, 200, "no such path"},
		"no problem":       {"/v1/nothing", "text/plain", "404 page not found", 404, "not application/problem+json"},
		"half a problem":   {"/v1/nothing", "application/problem+json", `{"status":404}`, 404, "missing properties"},
		"no instant": {
			"/v1/releases/1", "application/json",
			`{"release":1,"published_at":"yesterday","rounds":[],"results":6,"disclosure":"none","checksum":""}`, 200, "not valid date-time",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := roundTripper(func(*http.Request) (*http.Response, error) {
				return &http.Response{
					StatusCode: tc.status, Header: http.Header{"Content-Type": {tc.kind}}, Body: io.NopCloser(strings.NewReader(tc.body)),
				}, nil
			})
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://barometer.test"+tc.address, nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := checked{readSpecification(t), answer}.RoundTrip(request)
			if err == nil {
				defer response.Body.Close()
			}
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("got error %v, want one with %q", err, tc.want)
			}
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
