package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// TestKilledAtAnyMoment kills the service in the middle of imports and of single writes, and holds what is there
// afterwards against what was acknowledged: no half import, nothing acknowledged lost, and what is sent again with the
// same key is done once.
//
// BAROMETER_TEST_KILLS says how often each is killed on each database, BAROMETER_TEST_SEED repeats the moments;
// internal/tools/kill-9 sets them.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	kills, limit := 3, 30*time.Second // a busy machine may take longer than the promise
	if set := number(t, "BAROMETER_TEST_KILLS"); set > 0 {
		kills, limit = int(set), 5*time.Second
	}
	seed := number(t, "BAROMETER_TEST_SEED")
	if seed == 0 {
		seed = uint64(time.Now().UnixNano()) % 1_000_000
	}
	cat := sure(catalogue.Load())(t)
	of := newSample(t, cat)
	storetest.Each(t, func(t *testing.T, o store.Options) {
		t.Logf("BAROMETER_TEST_SEED=%d", seed)
		dice := rand.New(rand.NewPCG(seed, 0))
		v := newVictim(t, o)
		imports := v.killImports(cat, of, moments(dice, kills))
		writes := v.killWrites(cat, of, moments(dice, kills))
		v.stop()
		if said := v.must("verify"); !strings.Contains(said, "is whole") {
			t.Errorf("verify: %s", said)
		}
		slowest := slices.Max(v.ready)
		if slowest > limit {
			t.Errorf("ready after %s; promised are %s", slowest, limit)
		}
		name := filepath.Base(t.Name())
		t.Logf("FIGURE %s: %s", name, imports)
		t.Logf("FIGURE %s: %s", name, writes)
		t.Logf("FIGURE %s: ready again %d times after at most %d ms (median %d ms)",
			name, len(v.ready), slowest.Milliseconds(), median(v.ready).Milliseconds())
	})
}

// number reads a whole number from the environment; 0 where it is not set.
func number(t *testing.T, variable string) uint64 {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		t.Fatalf("%s: want a whole number, not %q", variable, text)
	}
	return n
}

// collecting makes a round that takes outcomes, with the participants of the sample.
func (v *victim) collecting(year barometer.Year, cat *catalogue.Catalogue, of sample) {
	v.Helper()
	ctx := v.Context()
	in := barometer.RoundInput{Year: year, RoundPatch: barometer.RoundPatch{Kind: "annual", Law: "serviceloven"}}
	sure(v.CreateRound(ctx, in))(v)
	var asked barometer.RoundRequirementsInput
	for _, q := range cat.SyntheticRequirements() {
		asked.Requirements = append(asked.Requirements, barometer.RoundRequirementInput{Requirement: q.Code})
	}
	now := sure(v.RoundRequirementsVersion(ctx, year))(v)
	sure(v.PutRoundRequirements(ctx, year, asked, client.IfMatch(now.ETag)))(v)
	sure(v.ImportParticipations(ctx, year, of.participants, client.ImportOptions{MediaType: client.CSV}))(v)
	sure(v.CreateTransition(ctx, year, barometer.TransitionInput{To: barometer.Collecting}))(v)
}

// changed counts the changes below a path that the trail has.
func (v *victim) changed(path string) (events int) {
	v.Helper()
	o := client.AuditEventsOptions{Kind: barometer.EventChange, Resource: path, ListOptions: client.ListOptions{Limit: 1000}}
	for _, err := range v.AllAuditEvents(v.Context(), o) {
		if err != nil {
			v.Fatal(err)
		}
		events++
	}
	return events
}
