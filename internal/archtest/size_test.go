package archtest

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sources gives the Go files below a folder of the project, tests left out.
func sources(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && (name == "node_modules" || name == "testdata" || strings.HasPrefix(name, ".git")) {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		files[path], err = os.ReadFile(path)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files in %s, %v", len(files), folder, err)
	}
	return files
}

// TestFileLength: a file can be read in one sitting.
func TestFileLength(t *testing.T) {
	t.Parallel()
	const longest = 500
	for path, data := range sources(t, ".") {
		if lines := bytes.Count(data, []byte("\n")); lines > longest {
			t.Errorf("%s has %d lines, more than %d", path, lines, longest)
		}
	}
}

// TestCommentShare: annotations do not crowd out the code of the interface.
func TestCommentShare(t *testing.T) {
	t.Parallel()
	const most = 25 // percent of the lines that are not blank
	comments, lines := 0, 0
	for path, data := range sources(t, "api") {
		for line := range bytes.Lines(data) {
			if len(bytes.TrimSpace(line)) > 0 {
				lines++
			}
		}
		comments += commentLines(t, path, data)
	}
	if 100*comments > most*lines {
		t.Errorf("%d of %d lines of api are comments: %d %%, more than %d %%", comments, lines, 100*comments/lines, most)
	}
	t.Logf("%d of %d lines of api are comments: %d %%", comments, lines, 100*comments/lines)
}

// commentLines counts the lines of a file that are comment and nothing else.
func commentLines(t *testing.T, path string, data []byte) int {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, data, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(data, []byte("\n"))
	n := 0
	for _, group := range file.Comments {
		for _, comment := range group.List {
			from, to := set.Position(comment.Pos()), set.Position(comment.End())
			if len(bytes.TrimSpace(lines[from.Line-1][:from.Column-1])) == 0 {
				n += to.Line - from.Line + 1
			}
		}
	}
	return n
}

// TestMakeTargets: the Makefile stays short enough to be known by heart.
func TestMakeTargets(t *testing.T) {
	t.Parallel()
	const most = 8
	data, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	targets := regexp.MustCompile(`(?m)^[A-Za-z0-9][A-Za-z0-9_./-]*[ \t]*:(?:[^=]|$)`).FindAllString(string(data), -1)
	if len(targets) == 0 || len(targets) > most {
		t.Errorf("%d targets, want at most %d: %q", len(targets), most, targets)
	}
}
