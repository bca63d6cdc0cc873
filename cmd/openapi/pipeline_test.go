package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func fixture() source {
	return source{
		dirs:    []string{"testdata/fixture/api", "testdata/fixture/nouns"},
		overlay: "testdata/fixture/api/overlay.yaml",
	}
}

// TestGenerate runs the whole way on the fixture. generate itself validates what it made.
func TestGenerate(t *testing.T) {
	t.Parallel()
	first, err := generate(fixture())
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := generate(fixture())
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Fatal("two runs gave different bytes")
		}
	}
	document := decodeYAML(t, string(first))
	for pointer, want := range fixtureWants {
		t.Run(pointer, func(t *testing.T) {
			checkYAML(t, at(document, strings.Split(pointer, " ")...), want)
		})
	}
}

// fixtureWants says what OpenAPI 3.1 calls what stands in the fixture's Go.
var fixtureWants = map[string]string{
	"info": `{title: Fixture, version: 1.0.0, description: A small API with one of everything.,
		contact: {name: Fixture, url: "https://example.org/"},
		license: {name: Mozilla Public License 2.0, identifier: MPL-2.0}}`,

	"components schemas Round required": `[Untagged, any, begun, closed, codes, counts, in_sample, known, level,
		limits, narrow, never, odd, origin, plain, previous, same, shares, source, status, year]`,
	"components schemas Round properties plain":  `{type: [string, "null"]}`,
	"components schemas Round properties source": `{type: [string, "null"]}`, // embedded
	"components schemas Round properties closed": `{type: [string, "null"], format: date-time}`,
	"components schemas Round properties begun":  `{type: string, format: date-time}`,
	"components schemas Round properties status": `{description: Status of its figures; null before the first.,
		anyOf: [{$ref: "#/components/schemas/Status"}, {type: "null"}]}`,
	"components schemas Round properties previous":  `{anyOf: [{$ref: "#/components/schemas/Round"}, {type: "null"}]}`,
	"components schemas Round properties level":     `{type: [string, "null"], x-extensible-enum: [low, high]}`,
	"components schemas Round properties known":     `{$ref: "#/components/schemas/Status"}`,
	"components schemas Round properties same":      `{$ref: "#/components/schemas/Status"}`,
	"components schemas Round properties narrow":    `{type: [string, "null"], x-extensible-enum: [measured]}`,
	"components schemas Round properties optional":  `{type: integer}`,
	"components schemas Round properties never":     `{type: integer}`,
	"components schemas Round properties maybe":     `{type: [integer, "null"]}`,
	"components schemas Round properties in_sample": "{type: integer, description: '`in_sample` is the number drawn.'}",
	"components schemas Round properties shares": `{type: [array, "null"], items: {type: number, format: double},
		examples: [[0.5, 0.25]]}`,
	"components schemas Round properties codes": `{type: array, items: {type: string, pattern: "^[0-9]{4}$"}}`,
	"components schemas Round properties counts": `{type: object, additionalProperties: {type: integer},
		examples: [{met: 3}]}`,
	"components schemas Round properties raw":     `{}`,
	"components schemas Round properties year":    `{type: integer, description: Year of the audit., examples: [2023]}`,
	"components schemas Round properties limits":  `{type: array, items: {type: integer}, maxItems: 2}`,
	"components schemas Round properties Hidden":  `null`,
	"components schemas Round properties private": `null`,
	"components schemas Status": `{type: string, x-extensible-enum: [measured, no_figure],
		description: "Status says which numbers a figure has.\n\n- ` +
		"`measured`: counts and percent\\n- `no_figure`: no source has one" + `"}`,
	"components schemas RoundPage": `{type: object, description: Page is one page of a list.,
		required: [items, next_cursor], properties: {next_cursor: {type: [string, "null"]},
			items: {type: array, items: {$ref: "#/components/schemas/Round"}}}}`,
	"components schemas CreateRoundRequest": `{type: object, required: [title, year], properties: {
		note: {type: [string, "null"]}, title: {type: string, minLength: 1, maxLength: 200},
		year: {type: integer, minimum: 2019, examples: [2025]}}}`,
	"components schemas ListRoundsQuery": `null`,

	"paths /v1/rounds get description": `"Returns the rounds that have a publication.\n\nThey are sorted by year."`,
	"paths /v1/rounds get parameters": `[
		{name: area, in: query, description: Municipalities by code., style: form, explode: false, example: ["0707", "0183"],
			schema: {type: array, items: {type: string, pattern: "^[0-9]{4}$"}}},
		{name: from, in: query, description: First year., schema: {type: integer, minimum: 2019, maximum: 9999}},
		{name: limit, in: query, description: Most items to return.,
			schema: {type: integer, minimum: 1, maximum: 1000, default: 100}},
		{name: only, in: query, description: Round of the status., schema: {type: string, enum: [measured, no_figure]}},
		{name: sort, in: query, description: Order of the list., schema: {type: string, enum: [year, -year], default: -year}},
		{name: status, in: query, description: Status of the round., style: form, explode: false,
			schema: {type: array, items: {type: string, enum: [measured, no_figure]}}}]`,
	"paths /v1/rounds/{year} get parameters": `[
		{name: year, in: path, required: true, description: Round, example: 2023, schema: {type: integer, minimum: 2019}},
		{name: code, in: query, required: true, description: Municipality, example: "0707",
			schema: {type: string, pattern: "^[0-9]{4}$"}}]`,
	"paths /v1/rounds get responses 200 headers": `{ETag: {description: Validator of the content, schema: {type: string}}}`,
	"paths /v1/rounds/{year} get responses 200 content": `{application/json: {schema: {$ref: "#/components/schemas/Round"}},
		text/csv: {schema: {type: string}}, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet: {}}`,
	"paths /v1/rounds/{year} get responses 304": `{description: Not modified}`,
	"paths /v1/rounds/{year} get responses 4XX": `{description: Any failure,
		content: {application/problem+json: {schema: {$ref: "#/components/schemas/Problem"}}}}`,
	"paths /openapi.yaml get responses 200 content": `{application/yaml: {schema: {type: string}}}`,
	"paths /docs get responses 200 content":         `{text/html: {schema: {type: string}}}`,
	"paths /docs get security":                      `[{}]`,
}

func TestGenerateRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		dirs []string
		want string
	}{
		"a folder without operations": {[]string{"testdata/empty"}, "no operation"},
		"operations without text":     {[]string{"testdata/bare"}, "GET /bare has no description"},
		"an example that is wrong":    {[]string{"testdata/wrong"}, "example"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := generate(source{dirs: test.dirs, overlay: overlayFile(t, `{}`)})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestCheckOperations(t *testing.T) {
	t.Parallel()
	document := decodeYAML(t, `{tags: [{name: known}], paths: {/a: {
		get: {operationId: a, summary: S, description: D, tags: [known], responses: {default: {}}}, put: {tags: [other]}, post: {tags: []}}}}`).(object)
	err := checkOperations(document)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"PUT /a has no operationId", "PUT /a has no summary", "PUT /a has no description", "PUT /a has the tag other",
		"PUT /a has no default response", "POST /a has no tag",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "GET") {
		t.Errorf("%q finds fault with a complete operation", err)
	}
}

// TestProjectIsCurrent fails where openapi.yaml is not what go generate ./api would write.
func TestProjectIsCurrent(t *testing.T) {
	t.Parallel()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	root, err := moduleRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	want, err := generate(projectSource(root))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(root, "openapi.yaml"), embeddedPath(root)} {
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is out of date: go generate ./api", path)
		}
	}
}
