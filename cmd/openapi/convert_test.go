package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

// TestConvert holds each rule to what OpenAPI 3.1 says, on the smallest Swagger 2.0 that shows it.
func TestConvert(t *testing.T) {
	t.Parallel()
	comments := docs{operations: map[string]operationDoc{
		"read": {prose: "Returns one.", params: map[string]bool{"code": true, "lang": false}},
	}}
	tests := map[string]struct {
		swagger string   // completed by a version and an info
		at      []string // where in the result
		want    string
	}{
		"version": {
			swagger: `{}`, at: []string{"openapi"}, want: `3.1.1`,
		},
		"description from the comment": {
			swagger: `{paths: {/a: {get: {operationId: read, responses: {}}}}}`,
			at:      []string{"paths", "/a", "get", "description"}, want: `Returns one.`,
		},
		"description of its own": {
			swagger: `{paths: {/a: {get: {operationId: read, description: Mine., responses: {}}}}}`,
			at:      []string{"paths", "/a", "get", "description"}, want: `Mine.`,
		},
		"open to everyone": {
			swagger: `{paths: {/a: {get: {responses: {}}}}}`,
			at:      []string{"paths", "/a", "get", "security"}, want: `[{}]`,
		},
		"security of its own": {
			swagger: `{paths: {/a: {get: {security: [{token: []}], responses: {}}}}}`,
			at:      []string{"paths", "/a", "get", "security"}, want: `[{token: []}]`,
		},
		"security of the document": {
			swagger: `{security: [{token: []}], paths: {/a: {get: {responses: {}}}}}`,
			at:      []string{"paths", "/a", "get", "security"}, want: `null`,
		},
		"request body": {
			swagger: `{consumes: [application/json], paths: {/a: {post: {responses: {}, parameters: [
				{name: body, in: body, required: true, description: B, schema: {$ref: "#/definitions/api.newRound"}}]}}},
				definitions: {api.newRound: {type: object}}}`,
			at: []string{"paths", "/a", "post", "requestBody"},
			want: `{required: true, description: B,
				content: {application/json: {schema: {$ref: "#/components/schemas/NewRound"}}}}`,
		},
		"names": {
			swagger: `{definitions: {barometer.Result: {type: object}, api.problem: {type: object},
				barometer.Page-barometer_Result: {type: array, items: {$ref: "#/definitions/barometer.Result"}},
				barometer.Pair-barometer_Result-int: {type: object}, barometer.Page-array_string: {type: object}}}`,
			at: []string{"components", "schemas"},
			want: `{Result: {type: object}, Problem: {type: object},
				ResultPage: {type: array, items: {$ref: "#/components/schemas/Result"}},
				ResultIntPair: {type: object}, StringListPage: {type: object}}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkYAML(t, at(converted(t, test.swagger, comments), test.at...), test.want)
		})
	}
}

func TestConvertParameters(t *testing.T) {
	t.Parallel()
	comments := docs{operations: map[string]operationDoc{
		"read": {params: map[string]bool{"code": true, "lang": false}},
	}}
	tests := map[string]struct{ swagger, want string }{
		"path parameters are required, with their example": {
			`{name: year, in: path, type: integer, minimum: 2019, maximum: 9999, example: 2023}`,
			`{name: year, in: path, required: true, example: 2023, schema: {type: integer, minimum: 2019, maximum: 9999}}`,
		},
		"an annotated query parameter may be required": {
			`{name: code, in: query, required: true, type: string, x-pattern: "^[0-9]{4}$"}`,
			`{name: code, in: query, required: true, schema: {type: string, pattern: "^[0-9]{4}$"}}`,
		},
		"a field of a query struct is not required, and never null": {
			`{name: sort, in: query, required: true, type: string, enum: [a, b], default: a, x-nullable: true,
				x-enum-varnames: [A, B]}`,
			`{name: sort, in: query, schema: {type: string, enum: [a, b], default: a}}`,
		},
		"lists are separated by commas": {
			`{name: area, in: query, type: array, items: {type: string}, example: ["0707"],
				x-schema: {maxItems: 9, items: {pattern: "^[0-9]{4}$"}}}`,
			`{name: area, in: query, style: form, explode: false, example: ["0707"],
				schema: {type: array, maxItems: 9, items: {type: string, pattern: "^[0-9]{4}$"}}}`,
		},
		"a pattern of a list is one of its items": {
			`{name: area, in: query, type: array, items: {type: string}, x-pattern: "^[0-9]{4}$"}`,
			`{name: area, in: query, style: form, explode: false,
				schema: {type: array, items: {type: string, pattern: "^[0-9]{4}$"}}}`,
		},
		"unless they say otherwise": {
			`{name: area, in: query, type: array, collectionFormat: multi, items: {type: string}}`,
			`{name: area, in: query, style: form, explode: true, schema: {type: array, items: {type: string}}}`,
		},
		"headers": {
			`{name: If-Match, in: header, type: string, description: D}`,
			`{name: If-Match, in: header, description: D, schema: {type: string}}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			swagger := `{paths: {"/a": {get: {operationId: read, responses: {}, parameters: [` + test.swagger + `]}}}}`
			got := converted(t, swagger, comments)
			checkYAML(t, at(got, "paths", "/a", "get", "parameters"), "["+test.want+"]")
		})
	}
}

func TestConvertResponses(t *testing.T) {
	t.Parallel()
	const problem = `content: {application/problem+json: {schema: {$ref: "#/components/schemas/Problem"}}}`
	tests := map[string]struct{ produces, swagger, want string }{
		"each status has its media types, and 4XX is the default": {
			`[application/json, application/problem+json]`,
			`{200: {description: OK, schema: {type: object}},
				404: {description: None, schema: {$ref: "#/definitions/api.problem"}},
				default: {description: Other, schema: {$ref: "#/definitions/api.problem"}}}`,
			`{"200": {description: OK, content: {application/json: {schema: {type: object}}}},
				"404": {description: None, ` + problem + `},
				4XX: {description: Other, ` + problem + `}, default: {description: Other, ` + problem + `}}`,
		},
		"text is a string, other bytes have no schema": {
			`[application/json, text/csv, application/x-ndjson, application/vnd.ms-excel]`,
			`{200: {description: OK, schema: {type: object}}}`,
			`{"200": {description: OK, content: {application/json: {schema: {type: object}},
				text/csv: {schema: {type: string}}, application/x-ndjson: {schema: {type: string}},
				application/vnd.ms-excel: {}}}}`,
		},
		"JSON where nothing is said": {
			`[]`,
			`{200: {description: OK, schema: {type: string}}}`,
			`{"200": {description: OK, content: {application/json: {schema: {type: string}}}}}`,
		},
		"no body, and a description all the same": {
			`[application/json]`,
			`{304: {description: Not modified}, 503: {description: ""}}`,
			`{"304": {description: Not modified}, "503": {description: Any failure}}`,
		},
		"headers stay": {
			`[text/html]`,
			`{200: {description: OK, schema: {type: string}, headers: {ETag: {type: string, description: Validator}}}}`,
			`{"200": {description: OK, content: {text/html: {schema: {type: string}}},
				headers: {ETag: {description: Validator, schema: {type: string}}}}}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			swagger := `{paths: {/a: {get: {produces: ` + test.produces + `, responses: ` + test.swagger + `}}},
				definitions: {api.problem: {type: object}}}`
			checkYAML(t, at(converted(t, swagger, docs{}), "paths", "/a", "get", "responses"), test.want)
		})
	}
}

func TestConvertTakesMediaTypesOfTheDocument(t *testing.T) {
	t.Parallel()
	got := converted(t, `{produces: [text/plain, application/yaml],
		paths: {/a: {get: {responses: {200: {description: OK, schema: {type: object}}}}}}}`, docs{})
	checkYAML(t, at(got, "paths", "/a", "get", "responses", "200", "content"),
		`{text/plain: {schema: {type: string}}, application/yaml: {schema: {type: object}}}`)
}

func TestConvertRefusesNameClash(t *testing.T) {
	t.Parallel()
	_, err := convert(swagger(t, `{definitions: {api.problem: {type: object}, barometer.Problem: {type: object}}}`), docs{})
	if err == nil || !strings.Contains(err.Error(), "Problem is taken by both api.problem and barometer.Problem") {
		t.Errorf("got %v", err)
	}
}

func swagger(t *testing.T, text string) []byte {
	t.Helper()
	content := decodeYAML(t, text).(object)
	content["swagger"], content["info"] = "2.0", object{"title": "T", "version": "1"}
	data, err := yaml.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func converted(t *testing.T, text string, comments docs) object {
	t.Helper()
	document, err := convert(swagger(t, text), comments)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func decodeYAML(t *testing.T, text string) any {
	t.Helper()
	var content any
	if err := yaml.Unmarshal([]byte(text), &content); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return stringKeys(content)
}

func checkYAML(t *testing.T, got any, want string) {
	t.Helper()
	data, err := yaml.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(decodeYAML(t, want), decodeYAML(t, string(data))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
