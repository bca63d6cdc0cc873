package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ comment, want string }{
		"one sentence":          {"// A rule.", "A rule."},
		"lines become one":      {"// A rule\n// of two lines.", "A rule of two lines."},
		"paragraphs stay apart": {"// One.\n//\n// Two\n// lines.", "One.\n\nTwo lines."},
		"lists stay lists":      {"// Of:\n//\n// - a\n// - b", "Of:\n\n- a\n- b"},
		"annotations end it":    {"// Serves.\n//\n//\t@Summary\tS\n//\t@ID\tx", "Serves."},
		"directives are no doc": {"// Serves.\n//\n//go:generate x", "Serves."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := prose(parseFile(t, "package p\n\n"+test.comment+"\nvar x int\n").Decls[0].(*ast.GenDecl).Doc)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestDocsOfFile(t *testing.T) {
	t.Parallel()
	found := docs{operations: map[string]operationDoc{}, types: map[string]string{}}
	found.addFile(parseFile(t, `package api

// listRounds returns the rounds.
//
//	@ID		listThem
//	@Param	year	path	int	true	"Round"	example(2023)
//	@Param	q		query	roundsQuery	false	"Filter"
//	@Param	If-Match	header	string	required	"Validator"
func (h handler) listRounds() {}

// helper has no annotations.
func helper() {}

// problem is an error.
type problem struct{}

type (
	// Status of a round.
	Status string
	silent string
)
`))
	want := docs{
		operations: map[string]operationDoc{"listThem": {
			prose:  "Returns the rounds.",
			params: map[string]bool{"year": true, "q": false, "If-Match": true},
		}},
		types: map[string]string{"api.problem": "Problem is an error.", "api.Status": "Status of a round.", "api.silent": ""},
	}
	if diff := cmp.Diff(want, found, cmp.AllowUnexported(docs{}, operationDoc{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func parseFile(t *testing.T, source string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
