package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/synth"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// corrected is the requirement whose outcomes are looked at one by one; no other rests on it.
const corrected = "investigation_reasoned_position"

// sample is the cases of a round, the same for every round.
type sample struct {
	participants   []byte   // the list of municipalities
	municipalities []string // by code
	first, second  file     // the second changes outcomes that the first entered
}

// file of outcomes, with what the service must say that it changes.
type file struct {
	data   []byte
	brings changes
	after  state
}

// state is what is looked at of a round, beside what an import says.
type state struct {
	entered cases // outcomes of each case
	notMet  cases // the same, where the requirement corrected is not met
}

// cases counts outcomes by case, named by municipality and reference.
type cases map[string]int

// changes are what an import says it changes.
type changes struct{ added, changed, unchanged, cases int }

// newSample draws some 10,000 outcomes.
func newSample(t *testing.T, cat *catalogue.Catalogue) sample {
	t.Helper()
	const drawn = 770 // cases
	var made bytes.Buffer
	if err := synth.Write(&made, cat, synth.Options{Round: 9027, Municipalities: 8, Cases: drawn, Seed: 7}, nil); err != nil {
		t.Fatal(err)
	}
	rows := sure(csv.NewReader(&made).ReadAll())(t)[1:]
	perMunicipality := map[string]map[string]bool{}
	for _, row := range rows {
		if perMunicipality[row[1]] == nil {
			perMunicipality[row[1]] = map[string]bool{}
		}
		perMunicipality[row[1]][row[2]] = true
	}
	s := sample{municipalities: slices.Sorted(maps.Keys(perMunicipality))}
	list := "municipality,cases\n"
	for _, code := range s.municipalities {
		list += fmt.Sprintf("%s,%d\n", code, len(perMunicipality[code]))
	}
	s.participants = []byte(list)
	s.first = newFile(rows, changes{added: len(rows), cases: drawn})
	altered := alter(rows, cat)
	s.second = newFile(rows, changes{changed: altered, unchanged: len(rows) - altered})
	if len(rows) < 10_000 || altered < 1000 {
		t.Fatalf("%d rows, of which %d change", len(rows), altered)
	}
	return s
}

// newFile writes rows of a synthetic round as the file of a given round.
func newFile(rows [][]string, brings changes) file {
	f := file{brings: brings, after: state{cases{}, cases{}}}
	text := "municipality,case,case_type,requirement,notification,outcome,reason\n"
	for _, row := range rows {
		text += strings.Join(row[1:8], ",") + "\n"
		f.after.entered[row[1]+"/"+row[2]]++
	}
	for _, row := range rows {
		if row[4] == corrected && row[6] == string(barometer.NotMet) {
			f.after.notMet[row[1]+"/"+row[2]] = f.after.entered[row[1]+"/"+row[2]]
		}
	}
	f.data = []byte(text)
	return f
}

// alter turns met into not met and back, of the requirements that no other rests on.
func alter(rows [][]string, cat *catalogue.Catalogue) (altered int) {
	parents := map[string]bool{}
	for _, q := range cat.Requirements(barometer.Danish) {
		if q.Precondition != nil {
			parents[*q.Precondition] = true
		}
	}
	opposite := map[string]string{string(barometer.Met): string(barometer.NotMet), string(barometer.NotMet): string(barometer.Met)}
	for _, row := range rows {
		if other := opposite[row[6]]; other != "" && !parents[row[4]] {
			row[6] = other
			altered++
		}
	}
	return altered
}

// killedImports counts what became of the imports that the kills interrupted.
type killedImports struct {
	rows                         int
	undone, unanswered, answered int
	took                         map[bool][]time.Duration // of first files, and of second ones
}

func (k killedImports) String() string {
	return fmt.Sprintf("killed %d times around an import of %d rows: %d had not been committed, %d had without an answer, %d were answered",
		k.undone+k.unanswered+k.answered, k.rows, k.undone, k.unanswered, k.answered)
}

// killImports kills at moments of imports: of outcomes that are new, and of others for the same cases, in turns.
func (v *victim) killImports(cat *catalogue.Catalogue, of sample, when []float64) *killedImports {
	v.Helper()
	k := &killedImports{rows: of.first.brings.added, took: map[bool][]time.Duration{}}
	year := barometer.Year(9027)
	v.collecting(year, cat, of)
	for _, second := range []bool{false, true} { // how long they take when nobody kills them
		began := time.Now()
		d := v.deliver(year, of, second)
		d.answered(sure(d.send())(v))
		k.took[second] = append(k.took[second], time.Since(began))
	}
	for i, part := range when {
		second := i%2 == 1
		if !second {
			year++
			v.collecting(year, cat, of)
		}
		moment := time.Duration(part * float64(median(k.took[second])))
		v.killImport(k, v.deliver(year, of, second), moment)
	}
	return k
}

// killImport kills at a moment of an import, and looks at what is there before it is sent again and after.
func (v *victim) killImport(k *killedImports, d delivery, moment time.Duration) {
	v.Helper()
	if d.there() {
		v.Fatalf("%s is there before it was sent", d)
	}
	result := make(chan error, 1)
	var receipt client.Versioned[barometer.Import]
	began := time.Now()
	var took time.Duration
	go func() {
		var err error
		receipt, err = d.send()
		took = time.Since(began)
		result <- err
	}()
	time.Sleep(moment)
	v.kill()
	err := <-result
	if statusOf(err) != 0 {
		v.Fatalf("%s: %v", d, err)
	}
	v.start()
	there := d.there()
	v.Logf("%s: killed after %s, answered: %v, there: %v", d, moment.Round(time.Millisecond), err == nil, there)
	switch {
	case err == nil && !there:
		v.Fatalf("%s was acknowledged and is lost", d)
	case err == nil:
		k.answered++
		k.took[d.second] = append(k.took[d.second], took)
		d.answered(receipt)
	case there:
		k.unanswered++
	default:
		k.undone++
	}
	d.again(there)
	if left := v.left(); len(left) > 0 {
		v.Errorf("%s: a killed service leaves what was sent to it in %v", d, left)
	}
}

// delivery is a file that is sent to a round.
type delivery struct {
	*victim
	file
	year   barometer.Year
	second bool
	before state
}

func (v *victim) deliver(year barometer.Year, of sample, second bool) delivery {
	if second {
		return delivery{v, of.second, year, true, of.first.after}
	}
	return delivery{v, of.first, year, false, state{}}
}

func (d delivery) String() string {
	return fmt.Sprintf("the %s import of round %d", map[bool]string{false: "first", true: "second"}[d.second], d.year)
}

func (d delivery) send() (client.Versioned[barometer.Import], error) {
	key := client.IdempotencyKey(fmt.Sprintf("%d-%v", d.year, d.second))
	return d.CreateImport(d.Context(), d.year, d.data, client.ImportOptions{MediaType: client.CSV, Why: "rettet"}, key)
}

// answered holds what an import says it has done against the file.
func (d delivery) answered(receipt client.Versioned[barometer.Import]) {
	d.Helper()
	if got := changesOf(receipt.Value); got != d.brings || receipt.Value.ID == nil {
		d.Fatalf("%s: it says %+v; the file has %+v", d, got, d.brings)
	}
}

func changesOf(i barometer.Import) changes { return changes{i.Added, i.Changed, i.Unchanged, i.Cases} }

// there tells whether the file is imported. A part of it is a fault, and so is a trail that tells otherwise.
func (d delivery) there() bool {
	d.Helper()
	// First of all a dry run: it waits for what a process that was killed has still under way in the database.
	dry := sure(d.CreateImport(d.Context(), d.year, d.data, client.ImportOptions{MediaType: client.CSV, Why: "rettet", DryRun: true}))(d)
	want, receipts, there := d.before, 0, false
	switch changesOf(dry.Value) {
	case d.brings:
	case changes{unchanged: d.brings.added + d.brings.changed + d.brings.unchanged}:
		want, receipts, there = d.after, 1, true
	default:
		d.Fatalf("%s: half of it is there: of %+v it still brings %+v", d, d.brings, changesOf(dry.Value))
	}
	if got := d.listed(client.CasesOptions{}); !maps.Equal(got, want.entered) {
		d.Fatalf("%s: %d cases are there, or other outcomes of them; want %d", d, len(got), len(want.entered))
	}
	o := client.CasesOptions{Requirement: []string{corrected}, Outcome: []barometer.Outcome{barometer.NotMet}}
	if got := d.listed(o); !maps.Equal(got, want.notMet) {
		d.Fatalf("%s: %d cases have %s not met, or others; want %d", d, len(got), corrected, len(want.notMet))
	}
	got, all := d.receipts()
	if recorded := d.changed(fmt.Sprintf("/v1/rounds/%d/imports", d.year)); got != receipts || recorded != all {
		d.Fatalf("%s: %d receipts, want %d; the trail has %d imports of the round, and it has %d receipts", d, got, receipts, recorded, all)
	}
	return there
}

// listed counts the outcomes of the cases of the round.
func (d delivery) listed(o client.CasesOptions) cases {
	d.Helper()
	found := cases{}
	o.Limit = 1000
	for c, err := range d.AllCases(d.Context(), d.year, o) {
		if err != nil {
			d.Fatal(err)
		}
		found[c.Municipality+"/"+c.Reference] = c.Entered
	}
	return found
}

// receipts counts the imports of the file, and of all files of the round.
func (d delivery) receipts() (ofFile, all int) {
	d.Helper()
	sum := fmt.Sprintf("sha256:%x", sha256.Sum256(d.data))
	for _, i := range sure(d.Imports(d.Context(), d.year, client.ListOptions{}))(d).Items {
		all++
		if i.Checksum == sum {
			ofFile++
		}
	}
	return ofFile, all
}

// again sends the file again with its key: it is imported where it was not, and once.
func (d delivery) again(there bool) {
	d.Helper()
	again := sure(d.send())(d)
	d.answered(again)
	third := sure(d.send())(d)
	if again.Replayed != there || !third.Replayed || *third.Value.ID != *again.Value.ID {
		d.Fatalf("%s: there: %v, sent again: replayed %v, and again: replayed %v", d, there, again.Replayed, third.Replayed)
	}
	if !d.there() {
		d.Fatalf("%s: sent again, and not there", d)
	}
}
