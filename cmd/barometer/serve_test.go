package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// TestAServiceDoesNotWaitLongerThanARequestMayTake: while another process writes to the embedded database a change is
// answered with 503 in time, what is published is read as ever, and afterwards the change is made.
func TestAServiceDoesNotWaitLongerThanARequestMayTake(t *testing.T) {
	t.Parallel()
	p := newProgram(t, store.Options{})
	p.environment = append(p.environment, "BAROMETER_REQUEST_TIMEOUT=3s")
	address := p.serve()
	key, _ := p.key("--role", "lead")
	p.as(address, key) // its use is noted
	create := func() int {
		body := strings.NewReader(`{"round": 9027, "kind": "annual", "law": "barnets_lov"}`)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/v1/rounds", body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+key)
		request.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := answer.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		return answer.StatusCode
	}
	another := storetest.Open(t, store.Options{DataDir: p.dir + "/data"})
	err := another.Tx(storetest.Context(t), func(*store.Store) error { // begins with the write lock
		start := time.Now()
		status := create()
		if took := time.Since(start); status != http.StatusServiceUnavailable || took > 3*time.Second {
			t.Errorf("%d after %s", status, took)
		}
		start = time.Now()
		p.get(address + "/v1/rounds/2023/scorecard")
		if took := time.Since(start); took > time.Second {
			t.Errorf("what is published took %s", took)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if status := create(); status != http.StatusCreated {
		t.Errorf("afterwards: %d", status)
	}
}

// TestServingPurgesNotesThatOutlivedTheirEmbargo: a round has become public while nothing was running.
func TestServingPurgesNotesThatOutlivedTheirEmbargo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		p := newProgram(t, o)
		p.must("synth", "--round", "9026", "--municipalities", "1", "--cases", "2", "--seed", "7", "--out", "round.csv")
		p.must("import", "outcomes", "round.csv")
		p.must("publish", "--round", "9026")
		if o.URL == "" {
			o.DataDir = p.dir + "/data"
		}
		s, ctx := storetest.Open(t, o), storetest.Context(t)
		cases, err := s.CaseItems(ctx, store.CaseFilter{Round: 9026, Limit: 1})
		if err != nil || len(cases) != 1 {
			t.Fatal(cases, err)
		}
		at := barometer.Cell{Requirement: "investigation_conducted"}
		if err := s.PutNotes(ctx, cases[0].ID, map[barometer.Cell]string{at: "Se journalark 4"}); err != nil {
			t.Fatal(err)
		}
		p.serve()
		for end := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
			sheet, err := s.Sheet(ctx, cases[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			if len(sheet.Notes) == 0 {
				return
			}
			if time.Now().After(end) {
				t.Fatal("the note is still there")
			}
		}
	})
}
