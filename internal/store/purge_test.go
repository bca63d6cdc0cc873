package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// What is purged is gone from the embedded database's file too, not only from its tables.
func TestWhatIsPurgedIsNotLeftInTheFile(t *testing.T) {
	t.Parallel()
	dir, ctx := t.TempDir(), storetest.Context(t)
	secret := []byte("kun for vurderingen")
	holds := func() bool {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		must(t, err)
		for _, name := range files {
			data, err := os.ReadFile(name) //nolint:gosec // of the test's own folder
			must(t, err)
			if bytes.Contains(data, secret) {
				return true
			}
		}
		return false
	}
	open := func() *store.Store {
		s, err := store.Open(ctx, store.Options{DataDir: dir})
		must(t, err)
		return s
	}
	s := open()
	_, err := s.Migrate(ctx)
	must(t, err)
	world(t, ctx, s)
	c := addCase(t, s, 1, 0)
	change(t, s, c, nil, store.OutcomeChange{Cell: ofCase, Assessment: met})
	must(t, s.PutNotes(ctx, c.ID, map[barometer.Cell]string{ofCase: string(secret)}))
	must(t, s.Close())
	if !holds() {
		t.Fatal("the note is not in the file to begin with")
	}
	s = open()
	if notes, err := s.PurgeNotes(ctx, c.Round); notes != 1 || err != nil {
		t.Errorf("%d notes purged, %v", notes, err)
	}
	must(t, s.Close())
	if holds() {
		t.Error("a purged note is still in the file")
	}
}
