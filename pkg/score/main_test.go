package score_test

import (
	"flag"
	"os"
	"testing"
)

// Properties are tried on 10,000 cases each, unless told otherwise: with 100 most of what can go wrong is never drawn.
func TestMain(m *testing.M) {
	flag.Parse()
	told := os.Getenv("RAPID_CHECKS") != ""
	flag.Visit(func(f *flag.Flag) { told = told || f.Name == "rapid.checks" })
	if !told {
		if err := flag.Set("rapid.checks", "10000"); err != nil {
			panic(err)
		}
	}
	m.Run()
}
