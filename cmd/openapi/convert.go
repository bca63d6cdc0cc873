package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
)

// convert turns Swagger 2.0 into OpenAPI 3.1. kin-openapi does the mechanical half, to 3.0; the rules in this package
// do the rest.
func convert(swagger []byte, comments docs) (object, error) {
	before, err := parseYAML(swagger)
	if err != nil {
		return nil, err
	}
	keepParameterExamples(before)
	document, err := toV3(before)
	if err != nil {
		return nil, err
	}
	document["openapi"] = "3.1.1"
	for op := range operations(document) {
		convertOperation(op, mediaTypesOf(before, op), comments.operations[op.id()])
		if _, global := document["security"]; !global {
			setDefault(op.fields, "security", []any{object{}}) // open to everyone, unless the overlay says more
		}
	}
	describeSchemas(document, comments.types)
	eachSchema(document, convertSchema)
	return document, renameSchemas(document)
}

func toV3(swagger object) (object, error) {
	data, err := json.Marshal(swagger)
	if err != nil {
		return nil, err
	}
	var v2 openapi2.T
	if err := json.Unmarshal(data, &v2); err != nil {
		return nil, fmt.Errorf("read Swagger 2.0: %w", err)
	}
	v3, err := openapi2conv.ToV3(&v2)
	if err != nil {
		return nil, fmt.Errorf("convert to OpenAPI 3.0: %w", err)
	}
	if data, err = json.Marshal(v3); err != nil {
		return nil, err
	}
	return parseYAML(data)
}

// keepParameterExamples saves a parameter's example from kin-openapi, whose Swagger 2.0 model does not have it.
func keepParameterExamples(swagger object) {
	for op := range operations(swagger) {
		for _, parameter := range objects(op.fields["parameters"]) {
			rename(parameter, "example", "x-example")
		}
	}
}

// mediaTypesOf says what the operation's answers may be, as Swagger 2.0 does: its own list, else the document's.
func mediaTypesOf(swagger object, op operation) []string {
	produces, _ := swagger["produces"].([]any)
	methods, _ := at(swagger, "paths", op.path).(object)
	if own, ok := at(methods, op.method, "produces").([]any); ok {
		produces = own
	}
	var types []string
	for _, name := range produces {
		types = append(types, strings.TrimSpace(fmt.Sprint(name)))
	}
	return types
}

// schemaPrefix begins every reference to a named schema.
const schemaPrefix = "#/components/schemas/"

// renameSchemas drops Go's package names from the names of schemas. Two types that end up with one name are an error:
// a silent choice between them would describe the wrong one.
func renameSchemas(document object) error {
	schemas, _ := at(document, "components", "schemas").(object)
	renamed, origin := object{}, map[string]string{}
	for _, old := range sortedKeys(schemas) {
		name := schemaName(old)
		if first, clash := origin[name]; clash {
			return fmt.Errorf("schema name %s is taken by both %s and %s", name, first, old)
		}
		origin[name] = old
		renamed[name] = schemas[old]
	}
	if len(renamed) > 0 {
		document["components"].(object)["schemas"] = renamed
	}
	eachReference(document, func(ref string) string {
		if old, ok := strings.CutPrefix(ref, schemaPrefix); ok {
			return schemaPrefix + schemaName(old)
		}
		return ref
	})
	return nil
}

// schemaName makes barometer.Result Result, api.problem Problem and the generic barometer.Page-barometer_Round
// RoundPage.
func schemaName(swagName string) string {
	generic, arguments, _ := strings.Cut(swagName, "-")
	name := ""
	for _, argument := range strings.Split(arguments, "-") {
		argument, list := strings.CutPrefix(argument, "array_")
		name += capitalise(argument[strings.LastIndex(argument, "_")+1:])
		if list {
			name += "List"
		}
	}
	return name + capitalise(generic[strings.LastIndex(generic, ".")+1:])
}
