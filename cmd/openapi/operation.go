package main

import (
	"iter"
	"slices"
	"strings"
)

const problemJSON = "application/problem+json"

// operation is one method of one path.
type operation struct {
	path, method string
	fields       object
}

func (op operation) id() string {
	id, _ := op.fields["operationId"].(string)
	return id
}

func (op operation) String() string { return strings.ToUpper(op.method) + " " + op.path }

var methods = []string{"delete", "get", "head", "options", "patch", "post", "put", "trace"}

// operations goes through a document of either version in a fixed order.
func operations(document object) iter.Seq[operation] {
	return func(yield func(operation) bool) {
		paths, _ := document["paths"].(object)
		for _, path := range sortedKeys(paths) {
			for _, method := range methods {
				fields, ok := at(document, "paths", path, method).(object)
				if ok && !yield(operation{path, method, fields}) {
					return
				}
			}
		}
	}
}

func convertOperation(op operation, produces []string, doc operationDoc) {
	if op.fields["description"] == nil && doc.prose != "" {
		op.fields["description"] = doc.prose
	}
	for _, parameter := range objects(op.fields["parameters"]) {
		convertParameter(parameter, doc.params)
	}
	if body, ok := op.fields["requestBody"].(object); ok {
		delete(body, "x-originalParamName") // OpenAPI 3 has no name for a body
	}
	responses, _ := op.fields["responses"].(object)
	for _, status := range sortedKeys(responses) {
		if response, ok := responses[status].(object); ok {
			convertResponse(response, status, produces)
		}
	}
	// Linters and generated clients look for 4XX; default alone says the same to a reader only.
	if failure, ok := responses["default"]; ok {
		setDefault(responses, "4XX", deepCopy(failure))
	}
}

// convertParameter takes explicit, the parameters with an annotation of their own: of the others, which are fields of
// a query struct, none is required, because swag would derive that from tags meant for bodies.
func convertParameter(parameter object, explicit map[string]bool) {
	name, _ := parameter["name"].(string)
	if parameter["in"] != "path" && !explicit[name] {
		delete(parameter, "required")
	}
	rename(parameter, "x-example", "example")
	schema, ok := parameter["schema"].(object)
	if !ok {
		return
	}
	for _, key := range []string{extSchema, extPattern} {
		move(parameter, schema, key)
	}
	for key := range parameter {
		if strings.HasPrefix(key, "x-enum-") || key == extNullable { // a parameter is absent, never null
			delete(parameter, key)
		}
	}
	if parameter["in"] == "query" && schema["type"] == "array" && parameter["style"] == nil {
		parameter["style"], parameter["explode"] = "form", false // Swagger 2.0's default: values separated by commas
	}
}

// convertResponse gives a response the media types that its status can have. Swagger 2.0 has one list for all of them.
func convertResponse(response object, status string, produces []string) {
	failure := status == "default" || strings.HasPrefix(status, "4") || strings.HasPrefix(status, "5")
	if response["description"] == "" || response["description"] == nil {
		response["description"] = "Any other answer"
		if failure {
			response["description"] = "Any failure"
		}
	}
	schema, ok := declaredSchema(response)
	if !ok {
		return
	}
	content := object{}
	if failure {
		content[problemJSON] = object{"schema": schema}
	} else {
		produces = slices.DeleteFunc(slices.Clone(produces), func(name string) bool { return name == problemJSON })
		if len(produces) == 0 {
			produces = []string{"application/json"}
		}
		for _, name := range produces {
			content[name] = mediaType(name, schema)
		}
	}
	response["content"] = content
}

func declaredSchema(response object) (object, bool) {
	content, _ := response["content"].(object)
	for _, name := range sortedKeys(content) {
		schema, ok := at(content, name, "schema").(object)
		return schema, ok
	}
	return nil, false
}

// mediaType describes a body of the declared schema: JSON and YAML have it, other text is a string, and of bytes
// OpenAPI 3.1 says no schema at all.
func mediaType(name string, schema object) object {
	isText := strings.HasPrefix(name, "text/") || strings.HasSuffix(name, "ndjson")
	switch {
	case strings.HasSuffix(name, "json") && !isText, strings.HasSuffix(name, "yaml"):
		return object{"schema": deepCopy(schema)}
	case isText && schema["format"] != "binary":
		return object{"schema": object{"type": "string"}}
	}
	return object{}
}
