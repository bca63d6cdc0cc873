package main

import (
	"strings"
	"testing"
)

// TestConvertBodies holds what a caller may send to how it is read: null is as good as leaving out.
func TestConvertBodies(t *testing.T) {
	t.Parallel()
	const kind = `Kind: {type: string, enum: [a, b]}`
	tests := map[string]struct{ method, schemas, want string }{
		"a member that is not required may be null": {
			"post",
			`Body: {required: [a], properties: {a: {type: string}, b: {type: integer, minimum: 1}}}`,
			`Body: {required: [a], properties: {a: {type: string}, b: {type: [integer, "null"], minimum: 1}}}`,
		},
		"nothing is required": {
			"put",
			`Body: {properties: {a: {type: boolean}}}`,
			`Body: {properties: {a: {type: [boolean, "null"]}}}`,
		},
		"a reference becomes a choice": {
			"post",
			`Body: {properties: {a: {$ref: "#/components/schemas/Kind", description: D}}}, ` + kind,
			`Body: {properties: {a: {anyOf: [{$ref: "#/components/schemas/Kind"}, {type: "null"}], description: D}}}, ` + kind,
		},
		"null is among the values of an enum": {
			"post",
			`Body: {properties: {a: {type: string, enum: [x, y]}}}`,
			`Body: {properties: {a: {type: [string, "null"], enum: [x, y, null]}}}`,
		},
		"what may be null already stays": {
			"post",
			`Body: {properties: {a: {type: [string, "null"]}, b: {anyOf: [{$ref: "#/components/schemas/Kind"}, {type: "null"}]}}}, ` + kind,
			`Body: {properties: {a: {type: [string, "null"]}, b: {anyOf: [{$ref: "#/components/schemas/Kind"}, {type: "null"}]}}}, ` + kind,
		},
		"schemas that a body leads to": {
			"put",
			`Body: {required: [a], properties: {a: {type: array, items: {$ref: "#/components/schemas/Item"}}}},
				Item: {properties: {c: {type: string}}}`,
			`Body: {required: [a], properties: {a: {type: array, items: {$ref: "#/components/schemas/Item"}}}},
				Item: {properties: {c: {type: [string, "null"]}}}`,
		},
		"a merge patch requires nothing, and takes out only what is optional": {
			"patch",
			`Body: {required: [a], properties: {a: {type: string}, b: {type: string}}}`,
			`Body: {properties: {a: {type: string}, b: {type: [string, "null"]}}}`,
		},
		"what is nested in a merge patch is sent whole": {
			"patch",
			`Body: {required: [a], properties: {a: {$ref: "#/components/schemas/Item"}}}, Item: {required: [c], properties: {c: {type: string}}}`,
			`Body: {properties: {a: {$ref: "#/components/schemas/Item"}}}, Item: {required: [c], properties: {c: {type: string}}}`,
		},
		"other schemas stay": {
			"post",
			`Body: {type: object}, Other: {required: [a], properties: {a: {type: string}, b: {type: string}}}`,
			`Body: {type: object}, Other: {required: [a], properties: {a: {type: string}, b: {type: string}}}`,
		},
		"a schema of an answer that says the same stays": {
			"post",
			`Body: {required: [k], properties: {k: {$ref: "#/components/schemas/Kind"}}}, Answer: {$ref: "#/components/schemas/Kind"}, ` + kind,
			`Body: {required: [k], properties: {k: {$ref: "#/components/schemas/Kind"}}}, Answer: {$ref: "#/components/schemas/Kind"}, ` + kind,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := bodyDocument(t, test.method, test.schemas)
			if err := convertBodies(document); err != nil {
				t.Fatal(err)
			}
			checkYAML(t, at(document, "components", "schemas"), "{"+test.want+"}")
		})
	}
}

func TestConvertBodiesInPlace(t *testing.T) {
	t.Parallel()
	document := decodeYAML(t, `{paths: {/a: {patch: {requestBody: {content: {application/json: {schema:
		{required: [a], properties: {a: {type: string}, b: {type: string}}}}}}}}}}`).(object)
	if err := convertBodies(document); err != nil {
		t.Fatal(err)
	}
	checkYAML(t, at(document, "paths", "/a", "patch", "requestBody", "content", "application/json", "schema"),
		`{properties: {a: {type: string}, b: {type: [string, "null"]}}}`)
}

// A schema cannot say one thing in a body and another thing elsewhere.
func TestConvertBodiesRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ method, schemas, want string }{
		"a schema that is answered too": {
			"post",
			`Body: {properties: {a: {$ref: "#/components/schemas/Both"}}}, Both: {properties: {b: {type: string}}},
				Answer: {$ref: "#/components/schemas/Both"}`,
			"Both",
		},
		"a patch that is answered too": {
			"patch",
			`Body: {required: [a], properties: {a: {type: string}}}, Answer: {items: {$ref: "#/components/schemas/Body"}}`,
			"PATCH /a: schema Body",
		},
		"a patch that is a whole body too": {
			"patch",
			`Body: {required: [a], properties: {a: {type: string}}}, Whole: {$ref: "#/components/schemas/Body"}, Answer: {}`,
			"PATCH /a: schema Body",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := convertBodies(bodyDocument(t, test.method, test.schemas))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error that names %s", err, test.want)
			}
		})
	}
}

// bodyDocument has an operation that is sent Body and answers Answer, and another that is sent Whole.
func bodyDocument(t *testing.T, method, schemas string) object {
	t.Helper()
	return decodeYAML(t, `{paths: {
		/a: {`+method+`: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Body"}}}},
			responses: {"200": {content: {application/json: {schema: {$ref: "#/components/schemas/Answer"}}}}}}},
		/b: {put: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Whole"}}}}}}},
		components: {schemas: {`+schemas+`}}}`).(object)
}
