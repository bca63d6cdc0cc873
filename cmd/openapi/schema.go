package main

import (
	"fmt"
	"slices"
	"strings"
)

// eachSchema calls rule for every schema of the document, inner ones first, so that a rule sees its parts already
// converted.
func eachSchema(document object, rule func(schema object)) {
	schemas, _ := at(document, "components", "schemas").(object)
	for _, name := range sortedKeys(schemas) {
		walkSchema(schemas[name], rule)
	}
	for op := range operations(document) {
		for _, parameter := range objects(op.fields["parameters"]) {
			walkSchema(parameter["schema"], rule)
		}
		walkContent(op.fields["requestBody"], rule)
		responses, _ := op.fields["responses"].(object)
		for _, status := range sortedKeys(responses) {
			walkContent(responses[status], rule)
			headers, _ := at(responses, status, "headers").(object)
			for _, name := range sortedKeys(headers) {
				walkSchema(at(headers, name, "schema"), rule)
			}
		}
	}
}

func walkContent(holder any, rule func(object)) {
	holderFields, _ := holder.(object)
	content, _ := holderFields["content"].(object)
	for _, name := range sortedKeys(content) {
		walkSchema(at(content, name, "schema"), rule)
	}
}

func walkSchema(value any, rule func(object)) {
	schema, ok := value.(object)
	if !ok {
		return
	}
	properties, _ := schema["properties"].(object)
	for _, name := range sortedKeys(properties) {
		walkSchema(properties[name], rule)
	}
	for _, key := range []string{"items", "additionalProperties", "not"} {
		walkSchema(schema[key], rule)
	}
	for _, key := range []string{"allOf", "anyOf", "oneOf"} {
		for _, part := range objects(schema[key]) {
			walkSchema(part, rule)
		}
	}
	rule(schema)
}

// convertSchema rewrites one schema from the words of OpenAPI 3.0 to those of JSON Schema 2020-12. The order matters:
// nullability needs to know whether the schema is a reference, and whether it has an enum.
func convertSchema(schema object) {
	if added, ok := schema[extSchema].(object); ok {
		delete(schema, extSchema)
		merge(schema, added)
	}
	convertPattern(schema)
	convertFormat(schema)
	if example, ok := schema["example"]; ok {
		delete(schema, "example")
		schema["examples"] = []any{example}
	}
	convertEnumNames(schema)
	unwrapAllOf(schema)
	convertNullable(schema)
}

// convertPattern also takes the pattern of a list of strings, which is meant for each of them.
func convertPattern(schema object) {
	pattern, ok := schema[extPattern]
	if !ok {
		return
	}
	delete(schema, extPattern)
	if items, ok := schema["items"].(object); ok {
		items["pattern"] = pattern
		return
	}
	schema["pattern"] = pattern
}

// convertFormat replaces Go's names of floating-point types by those in the OpenAPI format registry.
func convertFormat(schema object) {
	switch schema["format"] {
	case "float64":
		schema["format"] = "double"
	case "float32":
		schema["format"] = "float"
	}
}

// convertEnumNames moves the comments of Go constants into the description, where every tool shows them, and drops
// Go's names.
func convertEnumNames(schema object) {
	comments, _ := schema["x-enum-descriptions"].([]any)
	values, _ := schema["enum"].([]any)
	for key := range schema {
		if strings.HasPrefix(key, "x-enum-") {
			delete(schema, key)
		}
	}
	if len(comments) == 0 || len(comments) != len(values) {
		return
	}
	var lines []string
	for i, value := range values {
		line := fmt.Sprintf("- `%v`", value)
		if comments[i] != "" {
			line += fmt.Sprintf(": %v", comments[i])
		}
		lines = append(lines, line)
	}
	text, _ := schema["description"].(string)
	schema["description"] = strings.TrimSpace(text + "\n\n" + strings.Join(lines, "\n"))
}

// unwrapAllOf undoes the wrapping that Swagger 2.0 needs: in 3.1 a reference may have keywords beside it.
func unwrapAllOf(schema object) {
	parts := objects(schema["allOf"])
	if len(parts) != 1 {
		return
	}
	for key := range parts[0] {
		if _, taken := schema[key]; taken {
			return
		}
	}
	delete(schema, "allOf")
	for key, value := range parts[0] {
		schema[key] = value
	}
}

// convertNullable says null as JSON Schema does. Each keyword must let null through, so an enum needs it too, and what
// is only known by reference or composition becomes a choice.
func convertNullable(schema object) {
	nullable, _ := schema["nullable"].(bool)
	if marked, ok := schema[extNullable]; ok {
		nullable = marked == true || marked == "true"
	}
	delete(schema, "nullable")
	delete(schema, extNullable)
	if !nullable {
		return
	}
	if values, ok := schema["enum"].([]any); ok && !slices.Contains(values, nil) {
		schema["enum"] = append(slices.Clone(values), nil)
	}
	if name, ok := schema["type"].(string); ok {
		schema["type"] = []any{name, "null"}
		return
	}
	if schema["$ref"] == nil && schema["allOf"] == nil {
		return // no type: null is allowed already
	}
	choice := object{}
	for _, key := range []string{"$ref", "allOf"} {
		move(schema, choice, key)
	}
	schema["anyOf"] = []any{choice, object{"type": "null"}}
}

// describeSchemas gives a named schema the doc comment of its Go type; swag reports only @Description lines.
func describeSchemas(document object, types map[string]string) {
	schemas, _ := at(document, "components", "schemas").(object)
	for name, value := range schemas {
		goType, _, _ := strings.Cut(name, "-")
		schema, ok := value.(object)
		if text := types[goType]; ok && text != "" {
			setDefault(schema, "description", text)
		}
	}
}
