package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

var docsTests = map[string]func(*testing.T, server){
	"swagger ui":                testSwaggerUI,
	"swagger ui in place":       testSwaggerUIInPlace,
	"openapi in two notations":  testOpenAPINotations,
	"examples of openapi.yaml":  testDocumentedExamples,
	"figures say their unit":    testFiguresSayTheirUnit,
	"root leads to the reading": testRoot,
}

func testRoot(t *testing.T, s server) {
	for _, address := range []string{"/", "/docs"} {
		if a := s.get(t, address); a.status != http.StatusFound || a.header.Get("Location") != "/docs/" {
			t.Errorf("%s: %d to %s", address, a.status, a.header.Get("Location"))
		}
	}
}

// testSwaggerUI: the page and everything it loads comes from the service itself, under a policy that allows no more.
func testSwaggerUI(t *testing.T, s server) {
	page := s.get(t, "/docs/")
	if page.status != http.StatusOK || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") {
		t.Fatalf("%d %v", page.status, page.header)
	}
	loaded := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page.body, -1)
	if len(loaded) < 4 {
		t.Errorf("the page loads only %v", loaded)
	}
	types := map[string]string{".js": "text/javascript", ".css": "text/css", ".png": "image/png"}
	for _, match := range loaded {
		name := strings.TrimPrefix(match[1], "./")
		a := s.get(t, "/docs/"+name)
		extension := name[strings.LastIndex(name, "."):]
		if a.status != http.StatusOK || types[extension] == "" || !strings.HasPrefix(a.header.Get("Content-Type"), types[extension]) || len(a.body) == 0 {
			t.Errorf("%s: %d %s", name, a.status, a.header.Get("Content-Type"))
		}
		checkPolicy(t, a)
	}
	checkPolicy(t, page)
	if regexp.MustCompile(`<script[^>]*>\s*[^<\s]|onload=`).MatchString(page.body) {
		t.Error("the page has a script in it, which the policy refuses")
	}
}

func checkPolicy(t *testing.T, a answer) {
	t.Helper()
	policy := a.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'self'") || strings.Contains(policy, "script-src") || strings.Contains(policy, "http") ||
		strings.Contains(policy, "unsafe-eval") || a.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("policy %q", policy)
	}
}

func testSwaggerUIInPlace(t *testing.T, s server) {
	initializer := s.get(t, "/docs/swagger-initializer.js").body
	if !strings.Contains(initializer, "/openapi.yaml") || strings.Contains(initializer, "petstore") {
		t.Error(initializer)
	}
}

func testOpenAPINotations(t *testing.T, s server) {
	onDisk, err := os.ReadFile("../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	asYAML, asJSON := s.get(t, "/openapi.yaml").body, s.get(t, "/openapi.json").body
	if asYAML != string(onDisk) {
		t.Error("/openapi.yaml is not the file openapi.yaml")
	}
	var tree any
	if err := yaml.Unmarshal(onDisk, &tree); err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(asJSON)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), compact.String()); diff != "" {
		t.Error(diff)
	}
}

// testDocumentedExamples calls every read that is open to everyone with the examples of its parameters, as Swagger UI's "Try it out" has
// them filled in: each answers 200 with something in it.
func testDocumentedExamples(t *testing.T, s server) {
	var document struct {
		Paths map[string]struct {
			Get struct {
				Parameters []struct {
					Name, In string
					Required bool
					Example  any
				}
				Security []map[string][]string
			}
		}
	}
	if err := json.Unmarshal([]byte(s.get(t, "/openapi.json").body), &document); err != nil {
		t.Fatal(err)
	}
	for template, item := range document.Paths {
		if len(item.Get.Security) == 1 || item.Get.Security == nil {
			continue // needs a key, or is no read
		}
		address, query := template, ""
		for _, p := range item.Get.Parameters {
			example := exampleText(p.Example)
			switch {
			case p.In == "path" && example == "":
				t.Errorf("%s: parameter %s has no example", template, p.Name)
			case p.In == "path":
				address = strings.ReplaceAll(address, "{"+p.Name+"}", example)
			case example != "":
				query += "&" + p.Name + "=" + example
			}
		}
		a := s.get(t, address+"?"+strings.TrimPrefix(query, "&"))
		if a.status != http.StatusOK || strings.Contains(a.body, `"items":[]`) {
			t.Errorf("%s?%s: %d %.300s", address, query, a.status, a.body)
		}
	}
}

// testFiguresSayTheirUnit: every number of a figure is described, with its unit. A round is a year.
func testFiguresSayTheirUnit(t *testing.T, s server) {
	var document struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct {
					Description string
					Type        any
				}
			}
		}
	}
	if err := yaml.Unmarshal([]byte(s.get(t, "/openapi.yaml").body), &document); err != nil {
		t.Fatal(err)
	}
	unit := regexp.MustCompile(`from (-1|0) to 1|whole percent|percentage points|[Nn]umber of|in units|ratio of|a ratio|in the sample|[Cc]ases|Count of|variance`)
	for _, name := range []string{
		"Result", "Interval", "Share", "NotAssessedCount", "CountryFigure", "BaselineFigure", "Change", "Test", "PlacementShare", "Target", "FunnelLimits",
		"Overdispersion", "Shrinkage", "StatusCount", "MunicipalityPosition", "Shrunken",
	} {
		numbers := 0
		for member, p := range document.Components.Schemas[name].Properties {
			kind := fmt.Sprint(p.Type)
			if member == "round" || !strings.Contains(kind, "number") && !strings.Contains(kind, "integer") {
				continue
			}
			numbers++
			if !unit.MatchString(p.Description) {
				t.Errorf("%s.%s: %q names no unit", name, member, p.Description)
			}
		}
		if numbers == 0 {
			t.Errorf("%s has no numbers", name)
		}
	}
}

// exampleText writes an example as it goes into an address.
func exampleText(example any) string {
	switch v := example.(type) {
	case nil:
		return ""
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = exampleText(part)
		}
		return strings.Join(parts, ",")
	case float64:
		data, _ := json.Marshal(v) // a number can be written
		return string(data)
	default:
		text, _ := v.(string)
		return text
	}
}
