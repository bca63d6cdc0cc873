package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"maps"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-openapi/spec"
	"github.com/swaggo/swag"
)

// Extensions that carry to the converter what Swagger 2.0 has no place for, or what swag loses on the way.
const (
	extNullable = "x-nullable"
	extSchema   = "x-schema" // schema keywords to merge into the schema that has it
	extPattern  = "x-pattern"
)

// fieldParser reads one struct field for swag, in place of swag's own reader: it names fields as encoding/json and
// Echo do, marks the pointers that are written as null, and keeps the tags that swag drops.
type fieldParser struct {
	swag  *swag.Parser
	field *ast.Field
	tag   reflect.StructTag
}

func newFieldParser(parser *swag.Parser, field *ast.Field) swag.FieldParser {
	f := &fieldParser{swag: parser, field: field}
	if field.Tag != nil {
		if text, err := strconv.Unquote(field.Tag.Value); err == nil {
			f.tag = reflect.StructTag(text)
		}
	}
	return f
}

func (f *fieldParser) ShouldSkip() bool {
	unexported := len(f.field.Names) > 0 && !f.field.Names[0].IsExported()
	return unexported || f.tag.Get("json") == "-" || f.tag.Get("swaggerignore") == "true"
}

// FieldNames is empty for an embedded struct, whose fields swag then lifts into the outer one.
func (f *fieldParser) FieldNames() ([]string, error) {
	for _, key := range []string{"json", "query", "form", "header", "param"} {
		if name := f.FirstTagValue(key); name != "" {
			return []string{name}, nil
		}
	}
	var names []string
	for _, name := range f.field.Names {
		names = append(names, name.Name)
	}
	return names, nil
}

func (f *fieldParser) FirstTagValue(key string) string {
	name, _, _ := strings.Cut(f.tag.Get(key), ",")
	return strings.TrimSpace(name)
}

func (f *fieldParser) FormName() string {
	if name := f.FirstTagValue("query"); name != "" {
		return name
	}
	return f.FirstTagValue("form")
}

func (f *fieldParser) HeaderName() string { return f.FirstTagValue("header") }

func (f *fieldParser) PathName() string { return f.FirstTagValue("param") }

func (f *fieldParser) CustomSchema() (*spec.Schema, error) {
	if types := f.tag.Get("swaggertype"); types != "" {
		return swag.BuildCustomSchema(strings.Split(types, ","))
	}
	return nil, nil //nolint:nilnil // how swag is told that there is no such tag
}

// IsRequired holds for every field that is always written. Whether a parameter is required is not decided here.
func (f *fieldParser) IsRequired() (bool, error) {
	options := strings.Split(f.tag.Get("validate"), ",")
	switch {
	case slices.Contains(options, "required"):
		return true, nil
	case slices.Contains(options, "optional"):
		return false, nil
	}
	return !f.omittable(), nil
}

func (f *fieldParser) omittable() bool {
	options := strings.Split(f.tag.Get("json"), ",")[1:]
	return slices.Contains(options, "omitempty") || slices.Contains(options, "omitzero")
}

// ComplementSchema adds what the field says to the schema of its type. A reference cannot be added to in Swagger 2.0,
// so it is wrapped in allOf; the converter unwraps it.
func (f *fieldParser) ComplementSchema(schema *spec.Schema) error {
	types := f.swag.GetSchemaTypePath(schema, 2)
	if len(types) == 0 {
		return fmt.Errorf("no type found for field %v", f.field.Names)
	}
	inlineNumbers(schema, types)
	if err := f.narrowEnum(schema, types); err != nil {
		return err
	}
	if !swag.IsRefSchema(schema) {
		schema.Extensions = maps.Clone(schema.Extensions)
		return f.complement(schema, types)
	}
	var added spec.Schema
	if err := f.complement(&added, types); err != nil {
		return err
	}
	if !reflect.ValueOf(added).IsZero() {
		*schema = *added.WithAllOf(*schema)
	}
	return nil
}

// inlineNumbers writes a named numeric type as what it is. swag takes every typed constant for a value of an enum, but
// constants of a number type are landmarks: a first year is not the only year.
func inlineNumbers(schema *spec.Schema, types []string) {
	switch {
	case swag.IsRefSchema(schema) && swag.IsNumericType(types[0]):
		*schema = *swag.PrimitiveSchema(types[0])
	case types[0] == swag.ARRAY && len(types) > 1 && swag.IsNumericType(types[1]) && swag.IsRefSchema(schema.Items.Schema):
		schema.Items = &spec.SchemaOrArray{Schema: swag.PrimitiveSchema(types[1])}
	}
}

func (f *fieldParser) complement(schema *spec.Schema, types []string) (err error) {
	if text := f.description(); text != "" {
		schema.Description = text
	}
	if text, ok := f.tag.Lookup("example"); ok {
		if schema.Example, err = parseValue(types, text); err != nil {
			return fmt.Errorf("example: %w", err)
		}
	}
	if text, ok := f.tag.Lookup("default"); ok {
		if schema.Default, err = parseValue(types, text); err != nil {
			return fmt.Errorf("default: %w", err)
		}
	}
	keywords, err := f.keywords(types)
	if err != nil {
		return err
	}
	if len(keywords) > 0 {
		schema.AddExtension(extSchema, keywords)
	}
	return f.addExtensions(schema)
}

// description is the field's comment. "InSample is" becomes "`in_sample` is", for readers who never see Go's name; a
// name of one word stays a word of the sentence.
func (f *fieldParser) description() string {
	text := prose(f.field.Doc)
	if text == "" {
		text = prose(f.field.Comment)
	}
	names, _ := f.FieldNames()
	if len(names) != 1 || len(f.field.Names) != 1 || !strings.Contains(names[0], "_") {
		return text
	}
	if rest, ok := strings.CutPrefix(text, f.field.Names[0].Name+" "); ok {
		return "`" + names[0] + "` " + rest
	}
	return text
}

// narrowEnum applies the tag enums. Values that a named type has anyway stay a reference to it; others stand in the
// field, since a reference with an enum beside it is read differently by every generator.
func (f *fieldParser) narrowEnum(schema *spec.Schema, types []string) error {
	text, ok := f.tag.Lookup("enums")
	if !ok {
		return nil
	}
	target, element := schema, types
	if types[0] == swag.ARRAY && schema.Items != nil {
		items := *schema.Items.Schema // a copy: fields of one named slice type share their item schema
		schema.Items = &spec.SchemaOrArray{Schema: &items}
		target, element = &items, types[1:]
	}
	values, err := parseList(element, text)
	if err != nil {
		return fmt.Errorf("enums: %w", err)
	}
	if swag.IsRefSchema(target) {
		if sameValues(values, f.enumOf(target)) {
			return nil
		}
		*target = *swag.PrimitiveSchema(element[0])
	}
	target.Enum = values
	return nil
}

// enumOf gives the values of the named type that a schema refers to.
func (f *fieldParser) enumOf(reference *spec.Schema) []any {
	name := path.Base(reference.Ref.String())
	return f.swag.GetSwagger().Definitions[name].Enum
}

func sameValues(a, b []any) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(value any) bool { return !slices.Contains(b, value) })
}

// addExtensions applies the nullable rule and then the extensions tag, which may overrule it with "!x-nullable".
// The rule: encoding/json writes a nil pointer as null, unless it leaves the field out.
func (f *fieldParser) addExtensions(schema *spec.Schema) error {
	if _, pointer := f.field.Type.(*ast.StarExpr); pointer && !f.omittable() {
		schema.AddExtension(extNullable, true)
	}
	tag := f.tag.Get("extensions")
	if tag == "" {
		return nil
	}
	for _, part := range strings.Split(tag, ",") {
		key, value, hasValue := strings.Cut(strings.TrimSpace(part), "=")
		key, negated := strings.CutPrefix(key, "!")
		switch {
		case !strings.HasPrefix(key, "x-"):
			return fmt.Errorf("extension %q does not begin with x- (for a pattern with a comma use the tag pattern)", part)
		case negated:
			delete(schema.Extensions, key)
		case hasValue:
			schema.AddExtension(key, value)
		default:
			schema.AddExtension(key, true)
		}
	}
	return nil
}

// keywords reads the tags that are schema keywords: of the array itself where they count items, else of its items.
func (f *fieldParser) keywords(types []string) (object, error) {
	own, items := object{}, object{}
	for _, name := range []string{"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"} {
		text, ok := f.tag.Lookup(name)
		if !ok {
			continue
		}
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if strings.HasSuffix(name, "Items") || types[0] != swag.ARRAY {
			own[name] = value
		} else {
			items[name] = value
		}
	}
	scalar := own
	if types[0] == swag.ARRAY {
		scalar = items
	}
	if isTime(f.field.Type) {
		scalar["format"] = "date-time"
	}
	for _, name := range []string{"format", "pattern"} {
		if text := f.tag.Get(name); text != "" {
			scalar[name] = text
		}
	}
	if len(items) > 0 {
		own["items"] = items
	}
	return own, nil
}

func isTime(expr ast.Expr) bool {
	switch t := expr.(type) {
	case *ast.StarExpr:
		return isTime(t.X)
	case *ast.ArrayType:
		return isTime(t.Elt)
	case *ast.SelectorExpr:
		pkg, ok := t.X.(*ast.Ident)
		return ok && pkg.Name == "time" && t.Sel.Name == "Time"
	}
	return false
}

// parseValue reads a tag's text as a value of the type; objects and anything else are written as JSON.
func parseValue(types []string, text string) (any, error) {
	switch types[0] {
	case swag.STRING:
		return text, nil
	case swag.INTEGER:
		return strconv.ParseInt(text, 10, 64)
	case swag.NUMBER:
		return strconv.ParseFloat(text, 64)
	case swag.BOOLEAN:
		return strconv.ParseBool(text)
	case swag.ARRAY:
		if len(types) > 1 && !strings.HasPrefix(text, "[") {
			return parseList(types[1:], text)
		}
	}
	var value any
	err := json.Unmarshal([]byte(text), &value)
	return value, err
}

func parseList(types []string, text string) ([]any, error) {
	values := []any{}
	for _, part := range strings.Split(text, ",") {
		value, err := parseValue(types, strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}
