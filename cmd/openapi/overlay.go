package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// applyOverlay merges the hand-written file into the document: what no annotation can say, such as the licence,
// servers and examples. Then it drops the schemas that nobody refers to, so that filter enums do not litter the
// document.
func applyOverlay(document object, path string) error {
	data, err := os.ReadFile(path) //nolint:gosec // the project's own file
	if err != nil {
		return err
	}
	overlay, err := parseYAML(data)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := checkOverlayOperations(document, overlay); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	mergeCommon(document, overlay)
	own, _ := at(overlay, "components", "schemas").(object)
	keep := sortedKeys(own)
	merge(document, overlay)
	dropUnusedSchemas(document, keep)
	return nil
}

// inCommon is the member of the overlay that lists what operations have in common, so that no handler has to say it:
// each rule names methods and tags (or the tags left out), and what is merged into every such operation. Parameters are
// added to those it has. A response without a description of its own adds to the one it has, if it has that status.
const inCommon = "x-in-common"

func mergeCommon(document, overlay object) {
	rules := objects(overlay[inCommon])
	delete(overlay, inCommon)
	for op := range operations(document) {
		for _, rule := range rules {
			if holds(rule, op) {
				mergeOperation(op.fields, rule["merge"])
			}
		}
	}
}

func holds(rule object, op operation) bool {
	tags, _ := op.fields["tags"].([]any)
	tagged := func(name string) (listed, among bool) {
		list, listed := rule[name].([]any)
		return listed, slices.ContainsFunc(list, func(tag any) bool { return slices.Contains(tags, tag) })
	}
	methods, _ := rule["methods"].([]any)
	listed, among := tagged("tags")
	_, left := tagged("except")
	return slices.Contains(methods, any(op.method)) && (!listed || among) && !left
}

func mergeOperation(to object, from any) {
	common, _ := deepCopy(from).(object)
	if added, ok := common["parameters"].([]any); ok {
		own, _ := to["parameters"].([]any)
		common["parameters"] = append(slices.Clone(own), added...)
	}
	responses, _ := common["responses"].(object)
	for status, response := range responses {
		if at(to, "responses", status) == nil && at(response, "description") == nil {
			delete(responses, status)
		}
	}
	merge(to, common)
}

// merge puts from into to: objects key by key, everything else whole. "$replace: true" in an object makes it replace
// the other.
func merge(to, from object) {
	for key, value := range from {
		fields, isObject := value.(object)
		if !isObject {
			to[key] = value
			continue
		}
		target, ok := to[key].(object)
		if !ok || fields["$replace"] == true {
			target = object{}
			to[key] = target
		}
		merge(target, fields)
	}
	delete(to, "$replace")
}

// checkOverlayOperations refuses an overlay for an operation that no handler has: after a path changed, its overlay
// would otherwise live on as an operation that does not exist.
func checkOverlayOperations(document, overlay object) error {
	var problems []error
	for op := range operations(overlay) {
		if at(document, "paths", op.path, op.method) == nil {
			problems = append(problems, fmt.Errorf("no handler is annotated as %s", op))
		}
	}
	return errors.Join(problems...)
}

func dropUnusedSchemas(document object, keep []string) {
	schemas, _ := at(document, "components", "schemas").(object)
	used := map[string]bool{}
	var use func(value any)
	use = func(value any) {
		eachReference(value, func(ref string) string {
			if name, ok := strings.CutPrefix(ref, schemaPrefix); ok && !used[name] {
				used[name] = true
				use(schemas[name])
			}
			return ref
		})
	}
	for _, name := range keep {
		used[name] = true
		use(schemas[name])
	}
	for key, value := range document {
		if key == "components" {
			components, _ := value.(object)
			for section, content := range components {
				if section != "schemas" {
					use(content)
				}
			}
			continue
		}
		use(value)
	}
	for name := range schemas {
		if !used[name] {
			delete(schemas, name)
		}
	}
}
