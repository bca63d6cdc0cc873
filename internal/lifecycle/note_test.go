package lifecycle_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/lifecycle"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// annotated makes a round in hearing whose one case has a note, and gives the case's id.
func (b bench) annotated() string {
	b.Helper()
	b.entered("0707")
	b.move(hearing)
	id := b.id(barometer.Case{Municipality: "0707", Reference: "S0001"})
	b.note(id)
	return id
}

func (b bench) note(id string) {
	b.Helper()
	b.must(b.store.PutNotes(b.ctx, id, map[barometer.Cell]string{{Requirement: parent}: "Se journalark 4"}))
}

func (b bench) hasNote(id string, want bool) {
	b.Helper()
	sheet, err := b.store.Sheet(b.ctx, id)
	b.must(err)
	if got := len(sheet.Notes) == 1; got != want {
		b.Errorf("round %d has the note: %v", b.year, got)
	}
}

func (b bench) purge(want int) {
	b.Helper()
	notes, err := lifecycle.PurgePublishedNotes(b.ctx, b.store)
	b.must(err)
	same(b, want, notes)
}

// purgesRecorded lists what the trail says of purged notes.
func (b bench) purgesRecorded() []string {
	b.Helper()
	events, err := b.store.AuditEvents(b.ctx, store.AuditFilter{Limit: 1000})
	b.must(err)
	var resources []string
	for _, e := range events {
		if e.Action == "purgeNotes" && e.Kind == barometer.EventChange {
			resources = append(resources, e.Resource)
		}
	}
	slices.Sort(resources)
	return resources
}

func (b bench) announceIn(d time.Duration) time.Time {
	b.Helper()
	at := b.store.Now().Add(d)
	_, err := b.transition(barometer.TransitionInput{To: published, Reason: ptr("Because."), PublishAt: &at})
	b.must(err)
	return at
}

func TestNotesArePurgedAtPublication(t *testing.T) {
	run(t, func(b bench) {
		id := b.annotated()
		b.purge(0)
		b.move(collecting, hearing)
		b.hasNote(id, true)
		b.move(published)
		b.hasNote(id, false)
		same(b, []string{"/v1/rounds/9027"}, b.purgesRecorded())
		b.purge(0)
		same(b, []string{"/v1/rounds/9027"}, b.purgesRecorded())
	})
}

// TestNotesOutliveAnAnnouncement that is cancelled, also that of a correction; nothing purges them before the instant.
func TestNotesOutliveAnAnnouncement(t *testing.T) {
	run(t, func(b bench) {
		id := b.annotated()
		for i := range 2 {
			b.announceIn(time.Hour)
			b.purge(0)
			b.hasNote(id, true)
			b.move(hearing) // cancels it
			b.purge(0)
			b.hasNote(id, true)
			b.move(published)
			b.hasNote(id, false)
			b.move(hearing)
			b.note(id)
			if i == 0 {
				b.judge() // so that there is something to announce
			}
		}
		same(b, []string{"/v1/rounds/9027", "/v1/rounds/9027"}, b.purgesRecorded())
	})
}

// TestNotesGoWhenAnAnnouncedRoundIsPublic, whoever comes first, and once.
func TestNotesGoWhenAnAnnouncedRoundIsPublic(t *testing.T) {
	run(t, func(b bench) {
		id := b.annotated()
		at := b.announceIn(3 * time.Second)
		b.purge(0)
		time.Sleep(time.Until(at))
		others := []*store.Store{storetest.Open(b.T, b.options), storetest.Open(b.T, b.options), b.store}
		purged := make([]int, len(others))
		var all sync.WaitGroup
		for i, s := range others {
			all.Go(func() {
				notes, err := lifecycle.PurgePublishedNotes(b.ctx, s)
				if err != nil {
					b.Error(err)
				}
				purged[i] = notes
			})
		}
		all.Wait()
		slices.Sort(purged)
		same(b, []int{0, 0, 1}, purged)
		b.hasNote(id, false)
		same(b, []string{"/v1/rounds/9027"}, b.purgesRecorded())
	})
}

// TestTheNextPublicationPurgesTheNotesOfOthers that have become public meanwhile.
func TestTheNextPublicationPurgesTheNotesOfOthers(t *testing.T) {
	run(t, func(b bench) {
		id := b.annotated()
		at := b.announceIn(3 * time.Second)
		other := b
		other.year = 9028
		otherID := other.annotated()
		time.Sleep(time.Until(at))
		other.announceIn(time.Hour)
		b.hasNote(id, false)
		other.hasNote(otherID, true)
		same(b, []string{"/v1/rounds/9027"}, b.purgesRecorded())
	})
}
