package store_test

import (
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Another process that writes to the embedded database is waited for as long as was asked for, and no longer: then a
// change is Unavailable, and can be tried again. Reads wait for nobody.
func TestAnotherWriterIsWaitedForSoLong(t *testing.T) {
	t.Parallel()
	const patience = 300 * time.Millisecond
	o := store.Options{DataDir: t.TempDir()}
	ctx := storetest.Context(t)
	writer := storetest.Open(t, o)
	o.BusyWait = patience
	impatient := storetest.Open(t, o)
	o.BusyWait = 30 * time.Second
	patient := storetest.Open(t, o)

	change := func(s *store.Store, year barometer.Year) error {
		return s.Tx(ctx, func(tx *store.Store) error { return tx.AddRound(ctx, newRound(year), nil) })
	}
	var waited chan error
	must(t, writer.Tx(ctx, func(*store.Store) error { // begins with the write lock
		start := time.Now()
		if err := change(impatient, 2021); barometer.KindOf(err) != barometer.Unavailable {
			t.Errorf("it is told %v", err)
		}
		if took := time.Since(start); took < patience || took > patience+2*time.Second {
			t.Errorf("after %s; want %s", took, patience)
		}
		start = time.Now()
		if _, err := impatient.Rounds(ctx); err != nil {
			t.Error(err)
		}
		must(t, impatient.View(ctx, func(tx *store.Store) error { _, err := tx.Rounds(ctx); return err }))
		if took := time.Since(start); took > patience {
			t.Errorf("reads waited for %s", took)
		}
		waited = make(chan error, 1)
		go func() { waited <- change(patient, 2022) }()
		time.Sleep(patience)
		return nil
	}))
	must(t, <-waited)
	must(t, change(impatient, 2023))
	if got := years(t, ctx, writer); len(got) != 2 {
		t.Error(got)
	}
}
