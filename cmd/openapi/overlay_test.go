package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMerge(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ to, from, want string }{
		"objects key by key":       {`{a: {b: 1, c: 2}}`, `{a: {c: 3, d: 4}}`, `{a: {b: 1, c: 3, d: 4}}`},
		"lists whole":              {`{a: [1, 2]}`, `{a: [3]}`, `{a: [3]}`},
		"null is a value":          {`{a: 1}`, `{a: null}`, `{a: null}`},
		"an object over a value":   {`{a: 1}`, `{a: {b: 2}}`, `{a: {b: 2}}`},
		"replace":                  {`{a: {b: 1, c: {d: 2}}}`, `{a: {$replace: true, c: {e: 3}}}`, `{a: {c: {e: 3}}}`},
		"replace where none was":   {`{}`, `{a: {$replace: true, b: 1}}`, `{a: {b: 1}}`},
		"replace deeper down only": {`{a: {b: 1, c: {d: 2}}}`, `{a: {c: {$replace: true}}}`, `{a: {b: 1, c: {}}}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := decodeYAML(t, test.to).(object)
			merge(to, decodeYAML(t, test.from).(object))
			checkYAML(t, to, test.want)
		})
	}
}

func TestApplyOverlay(t *testing.T) {
	t.Parallel()
	document := decodeYAML(t, `{paths: {/a: {get: {responses: {"200": {$ref: "#/components/schemas/Used"}}}}},
		components: {schemas: {Used: {items: {$ref: "#/components/schemas/Inner"}}, Inner: {type: string},
			Unused: {type: string}}}}`).(object)
	// A status code without quotes is a number in YAML.
	err := applyOverlay(document, overlayFile(t, `{info: {title: T},
		paths: {/a: {get: {summary: S, responses: {200: {description: D}}}}},
		components: {schemas: {Extra: {type: object}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	checkYAML(t, document, `{info: {title: T},
		paths: {/a: {get: {summary: S, responses: {"200": {description: D, $ref: "#/components/schemas/Used"}}}}},
		components: {schemas: {Used: {items: {$ref: "#/components/schemas/Inner"}}, Inner: {type: string},
			Extra: {type: object}}}}`)
}

func TestApplyOverlayInCommon(t *testing.T) {
	t.Parallel()
	document := decodeYAML(t, `{paths: {/a: {get: {tags: [rounds], parameters: [{name: q}]}, put: {tags: [rounds]}}, /b: {get: {tags: [service]}}}}`).(object)
	if err := applyOverlay(document, overlayFile(t, `{x-in-common: [
		{methods: [get], except: [service], merge: {responses: {304: {description: Unchanged}}, parameters: [{name: h}]}},
		{methods: [get, put], tags: [service, rounds], merge: {security: [{bearer: []}]}},
		{methods: [get], tags: [other], merge: {deprecated: true}}]}`)); err != nil {
		t.Fatal(err)
	}
	checkYAML(t, document, `{paths: {
		/a: {get: {tags: [rounds], parameters: [{name: q}, {name: h}], responses: {"304": {description: Unchanged}}, security: [{bearer: []}]},
			put: {tags: [rounds], security: [{bearer: []}]}},
		/b: {get: {tags: [service], security: [{bearer: []}]}}}}`)
}

// What is said of a response in common holds where an operation has it; one with a description is added to all.
func TestApplyOverlayInCommonResponses(t *testing.T) {
	t.Parallel()
	document := decodeYAML(t, `{paths: {
		/a: {put: {responses: {"200": {description: OK}, "201": {description: Made}}}},
		/b: {put: {responses: {"200": {description: OK, headers: {Age: {}}}}}}, /c: {put: {}}}}`).(object)
	if err := applyOverlay(document, overlayFile(t, `{x-in-common: [{methods: [put], merge: {responses: {
		200: {headers: {ETag: {}}}, 201: {headers: {Location: {}}}, 304: {description: Unchanged}}}}]}`)); err != nil {
		t.Fatal(err)
	}
	checkYAML(t, document, `{paths: {
		/a: {put: {responses: {"200": {description: OK, headers: {ETag: {}}}, "201": {description: Made, headers: {Location: {}}}, "304": {description: Unchanged}}}},
		/b: {put: {responses: {"200": {description: OK, headers: {Age: {}, ETag: {}}}, "304": {description: Unchanged}}}},
		/c: {put: {responses: {"304": {description: Unchanged}}}}}}`)
}

func TestApplyOverlayRefusesUnknownOperation(t *testing.T) {
	t.Parallel()
	document := decodeYAML(t, `{paths: {/a: {get: {}}}}`).(object)
	err := applyOverlay(document, overlayFile(t, `{paths: {/a: {get: {}, put: {}}, /b: {get: {}}}}`))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"PUT /a", "GET /b"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %s", err, want)
		}
	}
	if strings.Contains(err.Error(), "GET /a") {
		t.Errorf("%q names an operation that exists", err)
	}
}

func overlayFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "overlay.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
