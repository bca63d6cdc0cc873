package store_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func TestUnreachablePostgresIsUnavailableAndKeepsItsPassword(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	silent := listener.Addr().String() // takes connections and says nothing
	t.Cleanup(func() { must(t, listener.Close()) })
	free, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	closed := free.Addr().String()
	must(t, free.Close())

	for name, test := range map[string]struct{ url, says string }{
		"nobody there":          {"postgres://barometer:hemmelig@" + closed + "/barometer?sslmode=disable", "postgres://" + closed + "/barometer"},
		"password in the query": {"postgres://" + closed + "/barometer?user=barometer&password=hemmelig", "postgres://" + closed + "/barometer"},
		"no answer":             {"postgres://barometer:hemmelig@" + silent + "/barometer?sslmode=disable", "postgres://" + silent + "/barometer"},
		"unknown host":          {"postgres://barometer:hemmelig@barometer.invalid/barometer", "postgres://barometer.invalid/barometer"},
		"port that is none":     {"postgres://barometer:hemmelig@127.0.0.1:port/barometer", "cannot be read"},
		"encoding that is none": {"postgres://barometer:hemmelig%zz@127.0.0.1/barometer", "cannot be read"},
		"unknown option":        {"postgres://barometer:hemmelig@" + closed + "/barometer?sslmode=maybe", "postgres://" + closed},
		"words instead":         {"host=127.0.0.1 port=1 password=hemmelig user=barometer", "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			s, err := store.Open(ctx, store.Options{URL: test.url})
			if s != nil || barometer.KindOf(err) != barometer.Unavailable {
				t.Fatalf("kind %d: %v", barometer.KindOf(err), err)
			}
			if !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "hemmelig") {
				t.Errorf("it says: %v", err)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("after %s", took)
			}
		})
	}
}

func TestUnusableFolderIsNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	must(t, os.WriteFile(file, []byte("no folder"), 0o600))
	taken := filepath.Join(dir, "taken")
	must(t, os.MkdirAll(filepath.Join(taken, "barometer.db"), 0o700))
	garbage := filepath.Join(dir, "garbage")
	must(t, os.MkdirAll(garbage, 0o700))
	must(t, os.WriteFile(filepath.Join(garbage, "barometer.db"), []byte(strings.Repeat("this is no database ", 100)), 0o600))
	locked := filepath.Join(dir, "locked")
	must(t, os.MkdirAll(locked, 0o500))
	folders := map[string]string{
		"a file": file, "under a file": filepath.Join(file, "data"), "the database is a folder": taken, "the database is none": garbage,
	}
	if os.Geteuid() != 0 { // root may write anywhere
		folders["a folder without permission"] = locked
	}
	for name, folder := range folders {
		s, err := store.Open(t.Context(), store.Options{DataDir: folder})
		if s != nil || err == nil || !strings.Contains(err.Error(), folder) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever the folder is called, the database lies in it and nowhere else.
func TestFolderMayHaveAnyName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ny/mappe", "Børnesag æøå", "100%25", "what?mode=memory", "a#b", "a&b=c", "%2e%2e", "a;b", "a'b"} {
		folder := filepath.Join(t.TempDir(), name)
		s := storetest.Open(t, store.Options{DataDir: folder})
		must(t, s.AddRound(storetest.Context(t), newRound(2023), nil))
		if info, err := os.Stat(filepath.Join(folder, "barometer.db")); err != nil || info.IsDir() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestClosedStoreSaysSo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		ctx := storetest.Context(t)
		s, err := store.Open(ctx, o)
		must(t, err)
		must(t, s.Ping(ctx))
		must(t, s.Close())
		must(t, s.Close())
		if err := s.Ping(ctx); err == nil {
			t.Error("a closed store answers")
		}
		if _, err := s.Rounds(ctx); err == nil {
			t.Error("a closed store reads")
		}
	})
}
