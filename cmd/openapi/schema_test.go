package main

import "testing"

// TestConvertSchema holds the rewriting of schemas to JSON Schema 2020-12, the dialect of OpenAPI 3.1.
func TestConvertSchema(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ swagger, want string }{
		"nullable scalar": {
			`{type: string, x-nullable: true}`,
			`{type: [string, "null"]}`,
		},
		"marked as text, as a struct tag does": {
			`{type: string, x-nullable: "true"}`,
			`{type: [string, "null"]}`,
		},
		"not nullable": {
			`{type: string, x-nullable: false}`,
			`{type: string}`,
		},
		"nullable array": {
			`{type: array, items: {type: integer, x-nullable: true}, x-nullable: true}`,
			`{type: [array, "null"], items: {type: [integer, "null"]}}`,
		},
		"nullable enum has null among its values": {
			`{type: string, enum: [a, b], x-nullable: true}`,
			`{type: [string, "null"], enum: [a, b, null]}`,
		},
		"nullable reference": {
			`{allOf: [{$ref: "#/definitions/p.Other"}], description: D, x-nullable: true}`,
			`{anyOf: [{$ref: "#/components/schemas/Other"}, {type: "null"}], description: D}`,
		},
		"nullable composition": {
			`{allOf: [{$ref: "#/definitions/p.Other"}, {type: object}], x-nullable: true}`,
			`{anyOf: [{allOf: [{$ref: "#/components/schemas/Other"}, {type: object}]}, {type: "null"}]}`,
		},
		"anything is nullable already": {
			`{x-nullable: true}`,
			`{}`,
		},
		"reference with siblings": {
			`{allOf: [{$ref: "#/definitions/p.Other"}], description: D, example: e}`,
			`{$ref: "#/components/schemas/Other", description: D, examples: [e]}`,
		},
		"two schemas that must both hold stay apart": {
			`{allOf: [{type: string}], type: string}`,
			`{allOf: [{type: string}], type: string}`,
		},
		"examples": {
			`{type: integer, example: 2023}`,
			`{type: integer, examples: [2023]}`,
		},
		"a code with a leading zero stays a string": {
			`{type: string, example: "0707"}`,
			`{type: string, examples: ["0707"]}`,
		},
		"pattern": {
			`{type: string, x-pattern: "^[a-z]+$"}`,
			`{type: string, pattern: "^[a-z]+$"}`,
		},
		"keywords that Swagger 2.0 has no place for": {
			`{type: array, items: {type: string}, x-schema: {maxItems: 3, items: {pattern: "^a$"}}}`,
			`{type: array, items: {type: string, pattern: "^a$"}, maxItems: 3}`,
		},
		"number formats of the registry": {
			`{type: object, properties: {a: {type: number, format: float64}, b: {type: number, format: float32}}}`,
			`{type: object, properties: {a: {type: number, format: double}, b: {type: number, format: float}}}`,
		},
		"names of constants are dropped": {
			`{type: string, enum: [a, b], x-enum-varnames: [A, B]}`,
			`{type: string, enum: [a, b]}`,
		},
		"comments of constants are shown": {
			`{type: string, enum: [a, b], description: D., x-enum-varnames: [A, B],
				x-enum-comments: {A: first}, x-enum-descriptions: [first, ""]}`,
			`{type: string, enum: [a, b], description: "D.\n\n- ` + "`a`: first\\n- `b`" + `"}`,
		},
		"values of a map": {
			`{type: object, additionalProperties: {type: string, x-nullable: true}}`,
			`{type: object, additionalProperties: {type: [string, "null"]}}`,
		},
		"properties named like keywords": {
			`{type: object, properties: {example: {type: string}, nullable: {type: boolean}, enum: {type: string}}}`,
			`{type: object, properties: {example: {type: string}, nullable: {type: boolean}, enum: {type: string}}}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := `{definitions: {p.Other: {type: object}, p.T: ` + test.swagger + `}}`
			checkYAML(t, at(converted(t, text, docs{}), "components", "schemas", "T"), test.want)
		})
	}
}

func TestSchemasInEveryPlace(t *testing.T) {
	t.Parallel()
	got := converted(t, `{consumes: [application/json], paths: {/a: {post: {
		parameters: [{name: body, in: body, schema: {type: string, x-nullable: true}}],
		responses: {200: {description: OK, schema: {type: string, x-nullable: true},
			headers: {Age: {type: number, format: float64}}}}}}}}`, docs{})
	post := at(got, "paths", "/a", "post")
	const nullable = `{application/json: {schema: {type: [string, "null"]}}}`
	checkYAML(t, at(post, "requestBody", "content"), nullable)
	checkYAML(t, at(post, "responses", "200", "content"), nullable)
	checkYAML(t, at(post, "responses", "200", "headers", "Age", "schema", "format"), `double`)
}

func TestDescribeSchemas(t *testing.T) {
	t.Parallel()
	comments := docs{types: map[string]string{"p.Page": "One page.", "p.Own": "Not this.", "p.Silent": ""}}
	got := converted(t, `{definitions: {p.Page-p_Round: {type: object}, p.Own: {type: object, description: This.},
		p.Silent: {type: object}}}`, comments)
	checkYAML(t, at(got, "components", "schemas"), `{RoundPage: {type: object, description: One page.},
		Own: {type: object, description: This.}, Silent: {type: object}}`)
}
