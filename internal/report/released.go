package report

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Release gives the release this snapshot holds.
func (s *Snapshot) Release() barometer.Release { return s.release }

// Releases gives all releases, the announced one and cancelled ones too, the oldest first.
func (s *Snapshot) Releases() []barometer.Release { return s.releases }

// Version names what is served: it is another one as soon as anything of it changes, even where the release is the same.
func (s *Snapshot) Version() string { return fmt.Sprintf("%d.%d", s.release.Number, s.acts) }

// served is what the store says of itself where it serves this snapshot.
func (s *Snapshot) served() store.Served {
	return store.Served{Acts: s.acts, Current: s.release.Number}
}

// ReleaseNumbered gives a release, an announced one too: NotFound where there is none of that number, Gone where it was
// cancelled.
func (s *Snapshot) ReleaseNumbered(number int) (barometer.Release, error) {
	for _, r := range s.releases {
		switch {
		case r.Number != number:
		case r.Status != barometer.ReleaseCancelled:
			return r, nil
		case r.Reason != nil:
			return r, barometer.Errorf(barometer.Gone, "Release %d was announced, and cancelled on %s: %s", number, dayOf(r.CancelledAt), *r.Reason)
		default:
			return r, barometer.Errorf(barometer.Gone, "Release %d was announced, and cancelled on %s.", number, dayOf(r.CancelledAt))
		}
	}
	greatest := s.releases[len(s.releases)-1].Number
	return barometer.Release{}, barometer.Errorf(barometer.NotFound,
		"There is no such release. Releases have numbers from 1 to %d; latest is the current one.", greatest)
}

// dayOf writes the day of an instant.
func dayOf(at *time.Time) string { return at.Format(time.DateOnly) }

// Announced gives the round whose publication is announced; 0 where none is.
func (s *Snapshot) Announced() barometer.Year {
	return newest(s.releases, barometer.ReleaseAnnounced).For
}

// opened gives a release whose figures can be read: NotFound also where it is only announced.
func (s *Snapshot) opened(number int) (barometer.Release, error) {
	r, err := s.ReleaseNumbered(number)
	if err == nil && r.Status == barometer.ReleaseAnnounced {
		return r, barometer.Errorf(barometer.NotFound, "Release %d is announced; its figures can be read from %s on.",
			number, r.PublishedAt.Format(time.RFC3339))
	}
	return r, err
}

// Changes gives a page of what differs between a release and the one before it, by key, from a store: those whose keys
// come after one. Kinds as [Snapshot.ReleaseNumbered]; NotFound also where the release is only announced.
func (s *Snapshot) Changes(ctx context.Context, from *store.Store, number int, after string, limit int) ([]barometer.ReleaseChange, error) {
	if _, err := s.opened(number); err != nil {
		return nil, err
	}
	rows, err := from.ReleaseRowsAfter(ctx, number, barometer.RowChange, after, limit)
	if err != nil {
		return nil, err
	}
	changes := make([]barometer.ReleaseChange, len(rows))
	for i, row := range rows {
		if err := read(row, &changes[i]); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

// ChangeNotices says what must be shown with a change of a release.
func (s *Snapshot) ChangeNotices(c barometer.ReleaseChange, lang barometer.Lang) []barometer.Notice {
	list := []barometer.Notice{}
	add := func(when bool, code string) {
		if when {
			list = append(list, barometer.Notice{Code: code})
		}
	}
	indicated := func(v *barometer.ReleasedValue) bool {
		return v != nil && v.Verdict != nil && *v.Verdict == barometer.Indicated
	}
	_, rest, _ := strings.Cut(c.Key, ".")
	add(!strings.HasPrefix(rest, barometer.Country+"."), notGeneralisable)
	add(indicated(c.Old) || indicated(c.New), severalComparisons)
	add(yearOf(c.Key).Origin() == barometer.OriginSynthetic, syntheticFigures)
	return localiseNotices(s.cat, list, lang)
}

// Data hands over the results of a release from a store, each as the line of JSON it was released as, without the line
// feed, by key. With a line feed after each they have the release's checksum, unless something was withdrawn from it.
// Kinds as [Snapshot.Changes].
func (s *Snapshot) Data(ctx context.Context, from *store.Store, number int, each func(line string) error) error {
	if _, err := s.opened(number); err != nil {
		return err
	}
	return from.EachReleaseRow(ctx, number, barometer.RowResult, func(row barometer.FrozenRow) error { return each(row.Body) })
}
