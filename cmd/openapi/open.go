package main

import "strings"

// openLists turns the closed enums of answers into open lists (x-extensible-enum, as Zalando's API guidelines have it):
// a code that is added later must not break a client that checks what it gets. What a caller sends, in parameters and
// request bodies, stays closed.
func openLists(document object) {
	sent := map[string]bool{}
	for op := range operations(document) {
		collectReferences(document, op.fields["requestBody"], sent)
	}
	schemas, _ := at(document, "components", "schemas").(object)
	for name, schema := range schemas {
		if !sent[name] {
			walkSchema(schema, openList)
		}
	}
}

func openList(schema object) {
	values, ok := schema["enum"].([]any)
	if !ok {
		return
	}
	delete(schema, "enum")
	var open []any
	for _, value := range values {
		if value != nil {
			open = append(open, value)
		}
	}
	schema["x-extensible-enum"] = open
}

// collectReferences gathers the names of all schemas that a value leads to.
func collectReferences(document object, value any, found map[string]bool) {
	eachReference(value, func(ref string) string {
		if name, ok := strings.CutPrefix(ref, schemaPrefix); ok && !found[name] {
			found[name] = true
			collectReferences(document, at(document, "components", "schemas", name), found)
		}
		return ref
	})
}
