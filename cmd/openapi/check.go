package main

import (
	"errors"
	"fmt"
	"slices"
)

// checkOperations holds every operation to what a reader and a client generator need; the specification leaves all of
// it optional.
func checkOperations(document object) error {
	var tags []any
	for _, tag := range objects(document["tags"]) {
		tags = append(tags, tag["name"])
	}
	var problems []error
	for op := range operations(document) {
		for _, key := range []string{"operationId", "summary", "description"} {
			if text, _ := op.fields[key].(string); text == "" {
				problems = append(problems, fmt.Errorf("%s has no %s", op, key))
			}
		}
		used, _ := op.fields["tags"].([]any)
		if len(used) == 0 {
			problems = append(problems, fmt.Errorf("%s has no tag", op))
		}
		for _, tag := range used {
			if !slices.Contains(tags, tag) {
				problems = append(problems, fmt.Errorf("%s has the tag %v, which the overlay does not describe", op, tag))
			}
		}
		if at(op.fields, "responses", "default") == nil {
			problems = append(problems, fmt.Errorf("%s has no default response", op))
		}
	}
	return errors.Join(problems...)
}
