package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// writers is how many write at once.
const writers = 4

// killedWrites counts what became of the single writes that the kills interrupted.
type killedWrites struct{ kills, acknowledged, undone, unanswered int }

func (k killedWrites) String() string {
	return fmt.Sprintf("killed %d times during single writes of %d at once: %d acknowledged and kept; of the %d under way %d had not been committed, %d had without an answer",
		k.kills, writers, k.acknowledged, k.undone+k.unanswered, k.undone, k.unanswered)
}

// killWrites kills while several writers enter cases, each for a municipality of its own.
func (v *victim) killWrites(cat *catalogue.Catalogue, of sample, when []float64) *killedWrites {
	v.Helper()
	const (
		year = barometer.Year(9026)
		most = 500 * time.Millisecond // they could go on for ever
	)
	v.collecting(year, cat, of)
	k := &killedWrites{}
	var all []*writer
	for _, code := range of.municipalities[:writers] {
		all = append(all, &writer{year: year, municipality: code})
	}
	for _, part := range when {
		v.killWriters(k, all, time.Duration(part*float64(most)))
	}
	sent := 0
	for _, w := range all {
		sent += w.done
	}
	if got := v.changed("/v1/cases"); got != sent {
		v.Errorf("the trail has %d changes of cases, %d were made", got, sent)
	}
	return k
}

// killWriters kills at a moment, and looks at what each writer finds afterwards.
func (v *victim) killWriters(k *killedWrites, all []*writer, moment time.Duration) {
	v.Helper()
	k.kills++
	var group sync.WaitGroup
	for _, w := range all {
		w.seen = len(w.cases)
		group.Go(func() { w.write(v.Context(), v.Client) })
	}
	time.Sleep(moment)
	v.kill()
	group.Wait()
	v.start()
	acknowledged, unanswered := 0, 0
	for _, w := range all {
		if statusOf(w.failed) != 0 {
			v.Fatalf("%s: %v", w, w.failed)
		}
		acknowledged += w.acknowledged
		there := w.there(v)
		if there {
			unanswered++
		}
		w.again(v, there)
	}
	v.Logf("single writes: killed after %s, %d acknowledged, of those under way %d there", moment.Round(time.Millisecond), acknowledged, unanswered)
	k.acknowledged += acknowledged
	k.unanswered += unanswered
	k.undone += len(all) - unanswered
}

// The steps in which a writer enters a case. Each is one request, and none is sent before the one before is
// acknowledged, so what is there of a case says how many were done.
const (
	create = iota
	enter  // an outcome
	change // it
	notify // that is, add a notification
	judge  // the notification
	steps
)

// judged is the requirement that a writer judges its notifications by.
const judged = "notification_assessed_within_24_hours"

// writer enters cases of a municipality, one after the other.
type writer struct {
	year         barometer.Year
	municipality string
	cases        []string // ids, in order; all but the last are finished
	step         int      // that comes next
	version      string   // of the outcome that is to be changed
	done         int      // steps, of all cases
	seen         int      // cases that were looked at already
	acknowledged int      // steps, since the last kill
	failed       error    // what ended the writing
}

func (w *writer) String() string {
	return fmt.Sprintf("the writer of municipality %s at step %d of case %d", w.municipality, w.step, len(w.cases))
}

// write goes on until it cannot.
func (w *writer) write(ctx context.Context, c *client.Client) {
	for w.acknowledged = 0; ; w.acknowledged++ {
		if _, w.failed = w.next(ctx, c); w.failed != nil {
			return
		}
	}
}

// next sends the next step, and is a step further where that is acknowledged.
func (w *writer) next(ctx context.Context, c *client.Client) (replayed bool, err error) {
	key := client.IdempotencyKey(fmt.Sprintf("%s-%d", w.municipality, w.done))
	own := barometer.Cell{Requirement: corrected}
	switch w.step {
	case create:
		var made client.Versioned[barometer.Case]
		made, err = c.CreateCase(ctx, w.year, barometer.CaseInput{Municipality: w.municipality, CaseType: barometer.Placement}, key)
		if err == nil {
			w.cases, replayed = append(w.cases, made.Value.ID), made.Replayed
		}
	case enter:
		var put client.Versioned[barometer.OutcomeRecord]
		put, err = c.PutOutcome(ctx, w.last(), own, barometer.OutcomeInput{Outcome: barometer.Met}, client.CreateOnly())
		w.version = put.ETag
	case change:
		why := "Tastefejl"
		_, err = c.PutOutcome(ctx, w.last(), own, barometer.OutcomeInput{Outcome: barometer.NotMet, Why: &why}, client.IfMatch(w.version))
	case notify:
		var made client.Versioned[barometer.Notification]
		made, err = c.CreateNotification(ctx, w.last(), key)
		replayed = made.Replayed
	case judge:
		_, err = c.PutOutcome(ctx, w.last(), barometer.Cell{Requirement: judged, Number: 1}, barometer.OutcomeInput{Outcome: barometer.Met}, client.CreateOnly())
	}
	if err == nil {
		w.advance()
	}
	return replayed, err
}

func (w *writer) last() string { return w.cases[len(w.cases)-1] }

func (w *writer) advance() { w.step, w.done = (w.step+1)%steps, w.done+1 }

// there tells whether the step that was not acknowledged is done. A step that was acknowledged and is not there is a
// fault.
func (w *writer) there(v *victim) (there bool) {
	v.Helper()
	listed := w.listed(v)
	more := len(listed) - len(w.cases)
	if more < 0 || more > 1 || more == 1 && w.step != create {
		v.Fatalf("%s: %d cases are there, %d were acknowledged", w, len(listed), len(w.cases))
	}
	there = more == 1
	for i, id := range w.cases {
		entered, known := listed[id]
		if !known {
			v.Fatalf("%s: case %d was acknowledged and is lost", w, i+1)
		}
		last := i == len(w.cases)-1
		if (!last || w.step == create) && entered != 2 {
			v.Fatalf("%s: case %d has %d outcomes of 2", w, i+1, entered)
		}
		if i < w.seen-1 { // that one was not finished when it was looked at
			continue
		}
		want, got := steps, stepsOf(v, id)
		if last && w.step != create {
			want, there = w.step, got == w.step+1
		}
		if got != want && !there {
			v.Fatalf("%s: of case %d %d steps are there, %d were acknowledged", w, i+1, got, want)
		}
	}
	return there
}

// listed counts the outcomes of the municipality's cases, by id.
func (w *writer) listed(v *victim) cases {
	v.Helper()
	found := cases{}
	o := client.CasesOptions{Municipality: []string{w.municipality}, ListOptions: client.ListOptions{Limit: 1000}}
	for c, err := range v.AllCases(v.Context(), w.year, o) {
		if err != nil {
			v.Fatal(err)
		}
		found[c.ID] = c.Entered
	}
	return found
}

// stepsOf reads how many steps are done of a case; a case that no number of steps leads to is a fault.
func stepsOf(v *victim, id string) int {
	v.Helper()
	var own, notification barometer.Outcome
	notifications := 0
	for _, cell := range sure(v.Form(v.Context(), id))(v).Value.Outcomes {
		switch {
		case cell.Requirement == judged:
			notifications++
			notification = entered(cell)
		case cell.Requirement == corrected:
			own = entered(cell)
		}
	}
	type state struct {
		own           barometer.Outcome
		notifications int
		notification  barometer.Outcome
	}
	done, known := map[state]int{
		{}:                                   enter,
		{own: barometer.Met}:                 change,
		{own: barometer.NotMet}:              notify,
		{barometer.NotMet, 1, ""}:            judge,
		{barometer.NotMet, 1, barometer.Met}: steps,
	}[state{own, notifications, notification}]
	if !known {
		v.Fatalf("case %s has %q, and %q for %d notifications", id, own, notification, notifications)
	}
	return done
}

func entered(cell barometer.FormOutcome) barometer.Outcome {
	if cell.Outcome == nil {
		return ""
	}
	return *cell.Outcome
}

// again sends the step again that was not acknowledged: what has a key is answered as it was, what has a condition is
// refused where it is done already, and it is done once.
func (w *writer) again(v *victim, there bool) {
	v.Helper()
	step := w.step
	replayed, err := w.next(v.Context(), v.Client)
	switch keyed := step == create || step == notify; {
	case keyed && (err != nil || replayed != there):
		v.Fatalf("%s: there: %v; sent again: replayed %v, %v", w, there, replayed, err)
	case !keyed && there && statusOf(err) != http.StatusPreconditionFailed, !keyed && !there && err != nil:
		v.Fatalf("%s: there: %v; sent again: %v", w, there, err)
	case err != nil:
		w.version = sure(v.Outcome(v.Context(), w.last(), barometer.Cell{Requirement: corrected}))(v).ETag
		w.advance()
	}
	if w.there(v) {
		v.Fatalf("%s: sent again, and done twice", w)
	}
	if step == change {
		at := barometer.Cell{Requirement: corrected}
		if all := sure(v.Revisions(v.Context(), w.last(), at, client.ListOptions{}))(v).Items; len(all) != 2 {
			v.Fatalf("%s: %d revisions", w, len(all))
		}
	}
}
