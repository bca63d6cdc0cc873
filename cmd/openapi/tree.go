package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"gopkg.in/yaml.v3"
)

// object is a JSON object. The rules work on plain maps, because no Go model of OpenAPI keeps all that 3.1 allows.
type object = map[string]any

// parseYAML reads YAML or JSON. Unlike encoding/json it keeps whole numbers whole.
func parseYAML(data []byte) (object, error) {
	var content any
	if err := yaml.Unmarshal(data, &content); err != nil {
		return nil, err
	}
	switch content := stringKeys(content).(type) {
	case nil:
		return object{}, nil
	case object:
		return content, nil
	}
	return nil, errors.New("not an object")
}

// stringKeys makes every key a string: a status code without quotes is a number in YAML.
func stringKeys(value any) any {
	switch value := value.(type) {
	case object:
		for key, inner := range value {
			value[key] = stringKeys(inner)
		}
	case map[any]any:
		fields := make(object, len(value))
		for key, inner := range value {
			fields[fmt.Sprint(key)] = stringKeys(inner)
		}
		return fields
	case []any:
		for i, inner := range value {
			value[i] = stringKeys(inner)
		}
	}
	return value
}

// at follows keys down from a value; nil where there is nothing.
func at(value any, keys ...string) any {
	for _, key := range keys {
		fields, ok := value.(object)
		if !ok {
			return nil
		}
		value = fields[key]
	}
	return value
}

// objects returns the objects of a list.
func objects(value any) []object {
	list, _ := value.([]any)
	var found []object
	for _, item := range list {
		if fields, ok := item.(object); ok {
			found = append(found, fields)
		}
	}
	return found
}

func sortedKeys(fields object) []string { return slices.Sorted(maps.Keys(fields)) }

func setDefault(fields object, key string, value any) {
	if _, ok := fields[key]; !ok {
		fields[key] = value
	}
}

// rename renames a key of an object.
func rename(fields object, from, to string) {
	if value, ok := fields[from]; ok {
		delete(fields, from)
		fields[to] = value
	}
}

// move hands a key over from one object to another.
func move(from, to object, key string) {
	if value, ok := from[key]; ok {
		delete(from, key)
		to[key] = value
	}
}

func deepCopy(value any) any {
	switch value := value.(type) {
	case object:
		copied := make(object, len(value))
		for key, inner := range value {
			copied[key] = deepCopy(inner)
		}
		return copied
	case []any:
		copied := make([]any, len(value))
		for i, inner := range value {
			copied[i] = deepCopy(inner)
		}
		return copied
	}
	return value
}

// eachReference passes every $ref in value through change.
func eachReference(value any, change func(ref string) string) {
	switch value := value.(type) {
	case object:
		for key, inner := range value {
			if ref, ok := inner.(string); ok && key == "$ref" {
				value[key] = change(ref)
				continue
			}
			eachReference(inner, change)
		}
	case []any:
		for _, inner := range value {
			eachReference(inner, change)
		}
	}
}
