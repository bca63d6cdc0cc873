package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

func run() error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	root, err := moduleRoot(dir)
	if err != nil {
		return err
	}
	if err := ensureExists(embeddedPath(root)); err != nil {
		return err
	}
	document, err := generate(projectSource(root))
	if err != nil {
		return err
	}
	for _, path := range []string{filepath.Join(root, "openapi.yaml"), embeddedPath(root)} {
		if err := writeFile(path, document); err != nil {
			return err
		}
	}
	return nil
}

// embeddedPath is the copy that package api embeds: go:embed cannot reach above its own folder.
func embeddedPath(root string) string { return filepath.Join(root, "api", "openapi.yaml") }

// ensureExists makes the first run possible: swag asks go list for the import path of api, and go list refuses a
// package whose embedded file is missing.
func ensureExists(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return writeFile(path, nil)
}

func writeFile(path string, data []byte) error {
	return os.WriteFile(path, data, 0o644) //nolint:gosec // part of the repository, for everyone to read
}

// moduleRoot finds the folder with go.mod at or above dir, so that the command works under go generate too.
func moduleRoot(dir string) (string, error) {
	for {
		_, err := os.Stat(filepath.Join(dir, "go.mod"))
		if err == nil {
			return dir, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod in this folder or above it")
		}
		dir = parent
	}
}

// projectSource is what the project's own description is made from.
func projectSource(root string) source {
	src := source{
		dirs:    []string{filepath.Join(root, "api")},
		overlay: filepath.Join(root, "api", "overlay.yaml"),
	}
	for _, name := range []string{"barometer", "score"} {
		dir := filepath.Join(root, "pkg", name)
		if matches, _ := filepath.Glob(filepath.Join(dir, "*.go")); len(matches) > 0 {
			src.dirs = append(src.dirs, dir)
		}
	}
	return src
}
