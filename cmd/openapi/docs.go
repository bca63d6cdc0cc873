package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// docs is what the comments say and swag does not report.
type docs struct {
	operations map[string]operationDoc // by operation id
	types      map[string]string       // doc comment by "package.Type"
}

type operationDoc struct {
	prose  string
	params map[string]bool // parameters with an @Param line of their own: is it marked as required?
}

// paramLine is an @Param annotation: name, place, type, required, description.
var paramLine = regexp.MustCompile(`^@Param\s+(\S+)\s+\w+\s+.+?\s+(\w+)\s+"`)

func readDocs(dirs []string) (docs, error) {
	found := docs{operations: map[string]operationDoc{}, types: map[string]string{}}
	for _, dir := range dirs {
		paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			return docs{}, err
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
			if err != nil {
				return docs{}, fmt.Errorf("read comments: %w", err)
			}
			found.addFile(file)
		}
	}
	return found, nil
}

func (d docs) addFile(file *ast.File) {
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			d.addHandler(decl)
		case *ast.GenDecl:
			for _, s := range decl.Specs {
				if t, ok := s.(*ast.TypeSpec); ok {
					text := prose(t.Doc)
					if text == "" && len(decl.Specs) == 1 {
						text = prose(decl.Doc)
					}
					d.types[file.Name.Name+"."+t.Name.Name] = capitalise(text)
				}
			}
		}
	}
}

func (d docs) addHandler(function *ast.FuncDecl) {
	doc := operationDoc{params: map[string]bool{}}
	id := ""
	for line := range strings.Lines(function.Doc.Text()) {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "@ID"); ok {
			id = strings.TrimSpace(rest)
		}
		if match := paramLine.FindStringSubmatch(line); match != nil {
			doc.params[match[1]] = match[2] == "true" || match[2] == "required"
		}
	}
	if id == "" {
		return
	}
	// "listRounds returns the rounds." reads "Returns the rounds." where nobody sees the function's name.
	doc.prose = capitalise(strings.TrimPrefix(prose(function.Doc), function.Name.Name+" "))
	d.operations[id] = doc
}

// prose is a comment's text before its first annotation. Lines are joined into paragraphs, because Markdown renderers
// disagree on single line breaks; indented lines and list items stay as they are.
func prose(comment *ast.CommentGroup) string {
	var paragraphs []string
	open := false
	for line := range strings.Lines(comment.Text()) {
		line = strings.TrimRight(line, "\n")
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "@") {
			break
		}
		verbatim := line != trimmed || strings.HasPrefix(line, "- ")
		switch {
		case trimmed == "":
			open = false
		case !open:
			paragraphs = append(paragraphs, line)
			open = true
		case verbatim:
			paragraphs[len(paragraphs)-1] += "\n" + line
		default:
			paragraphs[len(paragraphs)-1] += " " + line
		}
	}
	return strings.TrimSpace(strings.Join(paragraphs, "\n\n"))
}

func capitalise(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[size:]
}
