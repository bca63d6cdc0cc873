// Package archtest holds the rules of the project's structure as tests; it has no other code.
package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/boernesagsbarometer/barometer/"

// root of the module, from here.
const root = "../.."

// allowed says which packages of the project a folder may import, beside pkg/barometer, which all may, and itself. What
// is below a folder follows its rules. A new package needs a line of its own.
var allowed = map[string][]string{
	"cmd/barometer":      {"api", "internal/catalogue", "internal/config", "internal/intake", "internal/lifecycle", "internal/report", "internal/store", "internal/synth", "pkg/score"},
	"cmd/openapi":        {},
	"api":                {"internal/casework", "internal/intake", "internal/lifecycle", "internal/report", "internal/store", "internal/catalogue", "pkg/score"},
	"internal/intake":    {"internal/store", "internal/catalogue", "pkg/score"},
	"internal/casework":  {"internal/store", "internal/catalogue"},
	"internal/lifecycle": {"internal/store", "internal/catalogue", "internal/report", "pkg/score"},
	"internal/report":    {"internal/store", "internal/catalogue", "pkg/score"},
	"internal/synth":     {"internal/store", "internal/catalogue", "pkg/score"},
	"internal/store":     {"internal/catalogue"},
	"internal/catalogue": {},
	"internal/config":    {},
	"internal/archtest":  {},
	"pkg/barometer":      {},
	"pkg/score":          {},
	"pkg/client":         {},
}

// only says which folders alone may import a module of others, tests included.
var only = map[string][]string{
	"github.com/labstack/":                  {"api"},
	"gorm.io/":                              {"internal/store"},
	"github.com/jackc/":                     {"internal/store"},
	"modernc.org/":                          {"internal/store"},
	"github.com/pressly/goose":              {"internal/store"},
	"github.com/swaggo/swag":                {"cmd/openapi"},
	"github.com/spf13/":                     {"cmd/barometer", "internal/config"},
	"github.com/getkin/kin-openapi":         {"cmd/openapi"},
	"gonum.org/":                            {"pkg/score"},
	"github.com/santhosh-tekuri/jsonschema": {"api"},
}

// pure lists the folders that import of other modules only what begins with these, tests left out.
var pure = map[string][]string{
	"pkg/barometer":   {},
	"pkg/client":      {},
	"pkg/score":       {"gonum.org/"},
	"internal/config": {"github.com/caarlos0/env", "github.com/spf13/pflag"},
	"internal/report": {},
	"internal/synth":  {},
}

type goPackage struct {
	ImportPath                         string
	Name                               string
	GoFiles                            []string
	Imports, TestImports, XTestImports []string
}

// folder gives the package's folder.
func (p goPackage) folder() string { return strings.TrimPrefix(p.ImportPath, module) }

// packages lists the project's packages.
func packages(t *testing.T) []goPackage {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Name,GoFiles,Imports,TestImports,XTestImports", "./...")
	command.Dir = root
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// ruleOf finds the line of a table that a folder is under.
func ruleOf(table map[string][]string, folder string) (rule string, list []string, ok bool) {
	for rule, list := range table {
		if isUnder(folder, rule) {
			return rule, list, true
		}
	}
	return "", nil, false
}

func isUnder(folder, parent string) bool {
	return folder == parent || strings.HasPrefix(folder, parent+"/")
}

func isUnderAny(folder string, parents []string) bool {
	return slices.ContainsFunc(parents, func(parent string) bool { return isUnder(folder, parent) })
}

// TestImportDirection: packages of the project import each other in one direction.
func TestImportDirection(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		rule, list, ok := ruleOf(allowed, p.folder())
		if !ok {
			t.Errorf("%s has no line in the table of this test: say what it may import", p.folder())
			continue
		}
		for _, path := range p.Imports {
			imported, ours := strings.CutPrefix(path, module)
			if ours && imported != "pkg/barometer" && !isUnder(imported, rule) && !isUnderAny(imported, list) {
				t.Errorf("%s imports %s; it may import pkg/barometer, %s", p.folder(), imported, strings.Join(list, ", "))
			}
		}
	}
}

// TestPublicPackagesStandAlone: what others can import needs nothing that they cannot, in its tests neither.
func TestPublicPackagesStandAlone(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, path := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if isUnder(p.folder(), "pkg") && strings.HasPrefix(path, module) && !strings.HasPrefix(path, module+"pkg/") {
				t.Errorf("%s imports %s", p.folder(), path)
			}
		}
	}
}

// TestForeignModules: each module that shapes the code of its importers is held to one place.
func TestForeignModules(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, p := range packages(t) {
		for _, path := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			for foreign, places := range only {
				if !strings.HasPrefix(path, foreign) {
					continue
				}
				used[foreign] = true
				if !isUnderAny(p.folder(), places) {
					t.Errorf("%s imports %s, which only %s may", p.folder(), path, strings.Join(places, ", "))
				}
			}
		}
		_, list, held := ruleOf(pure, p.folder())
		for _, path := range p.Imports {
			foreign := strings.Contains(strings.Split(path, "/")[0], ".") && !strings.HasPrefix(path, module)
			if held && foreign && !slices.ContainsFunc(list, func(prefix string) bool { return strings.HasPrefix(path, prefix) }) {
				t.Errorf("%s imports %s", p.folder(), path)
			}
		}
	}
	for foreign := range only {
		if !used[foreign] {
			t.Errorf("nothing imports %s any more: leave it out of the table", foreign)
		}
	}
}

// TestNoVaguePackages: a package is named for what it does.
func TestNoVaguePackages(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if slices.Contains([]string{"models", "model", "utils", "util", "common", "helpers", "shared", "types", "services", "repository"}, p.Name) {
			t.Errorf("%s is a package %s", p.folder(), p.Name)
		}
	}
}
