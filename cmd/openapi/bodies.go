package main

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// convertBodies describes request bodies as they are read: null for a member that may be left out means the same as
// leaving it out, and in a merge patch (RFC 7396) nothing is required. A schema that says something else elsewhere, in
// an answer or, of a patch, in a whole body, is an error: one text cannot say both.
func convertBodies(document object) error {
	answered, whole, patched := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for op := range operations(document) {
		collectReferences(document, op.fields["responses"], answered)
		if op.method == "patch" {
			collectReferences(document, op.fields["requestBody"], patched)
		} else {
			collectReferences(document, op.fields["requestBody"], whole)
		}
		walkContent(op.fields["requestBody"], allowNull)
	}
	schemas, _ := at(document, "components", "schemas").(object)
	var problems []error
	for _, name := range sortedKeys(schemas) {
		if !whole[name] && !patched[name] {
			continue
		}
		before := deepCopy(schemas[name])
		walkSchema(schemas[name], allowNull)
		if answered[name] && !reflect.DeepEqual(before, schemas[name]) {
			problems = append(problems, fmt.Errorf("schema %s is both sent and answered, but may be null in what is sent alone", name))
		}
	}
	return errors.Join(append(problems, convertPatches(document, whole, answered))...)
}

// allowNull lets the members that are not required be null.
func allowNull(schema object) {
	required := map[any]bool{}
	names, _ := schema["required"].([]any)
	for _, name := range names {
		required[name] = true
	}
	properties, _ := schema["properties"].(object)
	for name, value := range properties {
		if member, ok := value.(object); ok && !required[name] {
			member[extNullable] = true
			convertNullable(member)
		}
	}
}

// convertPatches takes `required` out of the bodies of PATCH. What is nested in one is sent whole, and keeps it.
func convertPatches(document object, whole, answered map[string]bool) error {
	var problems []error
	for op := range operations(document) {
		if op.method != "patch" {
			continue
		}
		content, _ := at(op.fields, "requestBody", "content").(object)
		for _, mediaType := range sortedKeys(content) {
			schema, _ := at(content, mediaType, "schema").(object)
			ref, _ := schema["$ref"].(string)
			name, named := strings.CutPrefix(ref, schemaPrefix)
			if named {
				schema, _ = at(document, "components", "schemas", name).(object)
			}
			if named && schema["required"] != nil && (whole[name] || answered[name]) {
				problems = append(problems, fmt.Errorf("%s: schema %s stands elsewhere too, with members that a patch does not require", op, name))
				continue
			}
			delete(schema, "required")
		}
	}
	return errors.Join(problems...)
}
