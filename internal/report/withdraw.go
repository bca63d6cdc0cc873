package report

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Cancelled says what was taken back with an announced release.
type Cancelled struct {
	Release int            // its number; 0 where none was announced
	Round   barometer.Year // the round that went back to hearing; 0 where none did
}

// Announces tells whether a release is announced that publishing a round made, so that reopening it cancels the release.
func Announces(ctx context.Context, s *store.Store, year barometer.Year) (bool, error) {
	all, err := s.Releases(ctx)
	r := newest(all, barometer.ReleaseAnnounced)
	return r.Number != 0 && r.For == year, err
}

// CancelAnnounced takes the announced release back, where there is one: its figures are deleted, and so are the
// publications that it alone holds. Its round goes back to hearing; the others have their changes still before them. The
// data set must be locked.
func CancelAnnounced(ctx context.Context, tx *store.Store, reason string) (Cancelled, error) {
	all, err := tx.Releases(ctx)
	if err != nil {
		return Cancelled{}, err
	}
	r := newest(all, barometer.ReleaseAnnounced)
	if r.Number == 0 {
		return Cancelled{}, nil
	}
	done := Cancelled{Release: r.Number}
	before := newest(all, barometer.ReleasePublished)
	for _, held := range r.Rounds {
		if slices.Contains(before.Rounds, held) {
			continue
		}
		if err := tx.WithdrawPublication(ctx, held, reason); err != nil {
			return Cancelled{}, err
		}
		if held.Round == r.For {
			done.Round = held.Round
			err = tx.SetRoundStatus(ctx, held.Round, barometer.Hearing)
		} else {
			err = tx.SetRecordsChanged(ctx, held.Round, true)
		}
		if err != nil {
			return Cancelled{}, err
		}
	}
	return done, tx.CancelRelease(ctx, r.Number, reason)
}

// Withdraw takes a publication back: its figures are deleted, wherever a release holds them and whatever was compared
// with them, and a tombstone stays. Where the current release holds it, the round goes back to hearing and a release
// without it is made and returned; otherwise the current one is. An announced release is cancelled. The data set and the
// round must be locked. NotFound where there is no such publication, Gone where it was withdrawn before.
func Withdraw(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year, revision int, reason string) (barometer.Release, error) {
	if err := stands(ctx, tx, year, revision); err != nil {
		return barometer.Release{}, err
	}
	cancelled, err := CancelAnnounced(ctx, tx, reason)
	if err != nil {
		return barometer.Release{}, err
	}
	if err := cancelled.record(ctx, tx, reason); err != nil {
		return barometer.Release{}, err
	}
	e, err := newEdition(ctx, tx, cat, &reason)
	if err != nil {
		return barometer.Release{}, err
	}
	withdrawn := barometer.ReleaseRound{Round: year, Revision: revision}
	switch err := stands(ctx, tx, year, revision); {
	case barometer.KindOf(err) == barometer.Gone: // it was announced alone, and went with its release
		return e.base, nil
	case err != nil:
		return barometer.Release{}, err
	}
	if err := e.cleanse(ctx, withdrawn); err != nil {
		return barometer.Release{}, err
	}
	if err := tx.WithdrawPublication(ctx, withdrawn, reason); err != nil {
		return barometer.Release{}, err
	}
	if !slices.Contains(e.base.Rounds, withdrawn) {
		return e.base, nil
	}
	return e.without(ctx, year)
}

// without makes the release that no longer holds a round, and moves the round back to hearing.
func (e *edition) without(ctx context.Context, year barometer.Year) (barometer.Release, error) {
	from, err := e.tx.Round(ctx, year)
	if err != nil {
		return barometer.Release{}, err
	}
	if from.Status == barometer.Published {
		if err := e.tx.SetRoundStatus(ctx, year, barometer.Hearing); err != nil {
			return barometer.Release{}, err
		}
	}
	e.leave(year)
	if err := e.renew(ctx, 0); err != nil {
		return barometer.Release{}, err
	}
	made, _, err := e.release(ctx)
	if err != nil || from.Status != barometer.Published {
		return made, err
	}
	_, err = e.tx.AddTransition(ctx, barometer.Transition{
		Round: year, From: from.Status, To: barometer.Hearing, Reason: e.next.Reason, Release: &made.Number,
	})
	return made, err
}

// record notes that a round went back because its release was cancelled.
func (c Cancelled) record(ctx context.Context, tx *store.Store, reason string) error {
	if c.Round == 0 {
		return nil
	}
	_, err := tx.AddTransition(ctx, barometer.Transition{
		Round: c.Round, From: barometer.Published, To: barometer.Hearing, Reason: &reason,
	})
	return err
}

// stands gives NotFound where there is no such publication, and Gone where it was withdrawn.
func stands(ctx context.Context, s *store.Store, year barometer.Year, revision int) error {
	publications, err := s.Publications(ctx, year)
	if err != nil {
		return err
	}
	for _, p := range publications {
		if p.Revision == revision {
			return tombstone(p)
		}
	}
	return barometer.Errorf(barometer.NotFound, "There is no publication %d of round %d.", revision, year)
}

// tombstone says that a publication was withdrawn, when and why; nil where it stands.
func tombstone(p barometer.Publication) error {
	if p.WithdrawnAt == nil {
		return nil
	}
	return barometer.Errorf(barometer.Gone, "Publication %d of round %d was withdrawn on %s: %s",
		p.Revision, p.Round, p.WithdrawnAt.Format("2006-01-02"), *p.WithdrawnReason)
}

// cleanse deletes the figures of a publication from the releases that hold it, and from what was compared with them.
func (e *edition) cleanse(ctx context.Context, p barometer.ReleaseRound) error {
	var before map[string]bool // results of the release before that rest on the publication; nil where it did not hold it
	for _, r := range e.all {
		if r.Status == barometer.ReleaseCancelled {
			continue
		}
		var now map[string]bool
		if slices.Contains(r.Rounds, p) {
			var err error
			if now, err = e.cleanseResults(ctx, r.Number, p.Round); err != nil {
				return err
			}
		}
		if err := e.cleanseChanges(ctx, r.Number, p.Round, before, now); err != nil {
			return err
		}
		before = now
	}
	return nil
}

// cleanseResults deletes a round's results from a release, and what others were compared with in it. It gives the keys
// of these others, and keeps the checksum of what remains.
func (e *edition) cleanseResults(ctx context.Context, release int, year barometer.Year) (map[string]bool, error) {
	rows, err := e.tx.ReleaseRows(ctx, release, barometer.RowResult)
	if err != nil {
		return nil, err
	}
	var remaining []barometer.FrozenRow
	compared := map[string]bool{}
	for _, row := range rows {
		if strings.HasPrefix(row.Key, keysOf(year)) {
			if release == e.base.Number {
				e.withdrawn = append(e.withdrawn, row.Key)
			}
			continue
		}
		cleansed, err := withoutBaseline(row, year)
		if err != nil {
			return nil, err
		}
		if cleansed != row {
			compared[row.Key] = true
			if err := e.tx.PutReleaseRow(ctx, release, cleansed); err != nil {
				return nil, err
			}
		}
		remaining = append(remaining, cleansed)
	}
	if err := e.tx.DeleteReleaseRows(ctx, release, barometer.RowResult, keysOf(year)); err != nil {
		return nil, err
	}
	return compared, e.tx.PutReleaseRow(ctx, release, barometer.FrozenRow{
		Kind: barometer.RowRemaining, Key: "checksum", Body: checksum(remaining),
	})
}

// withoutBaseline leaves of a result's comparison with a round that there was one, and how far the rounds can be
// compared. A result that was compared with another round, or with none, stays as it is.
func withoutBaseline(row barometer.FrozenRow, year barometer.Year) (barometer.FrozenRow, error) {
	if !strings.Contains(row.Body, fmt.Sprintf(`"round":%d`, year)) { // spares most rows the reading
		return row, nil
	}
	var r barometer.Result
	if err := read(row, &r); err != nil {
		return row, err
	}
	if r.Baseline == nil || r.Change == nil || r.Baseline.Round != year {
		return row, nil
	}
	verdict := barometer.NoBasis
	r.Baseline = &barometer.BaselineFigure{Round: r.Baseline.Round, Status: barometer.Withheld}
	r.Change = &barometer.Change{Verdict: &verdict, LeftOut: []barometer.LeftOut{}, Comparability: r.Change.Comparability}
	body, err := json.Marshal(r)
	row.Body = string(body)
	return row, err
}

// cleanseChanges deletes what a release's list of changes tells of a publication: the changes of its round where this
// release or the one before held it, and the differences of others from it. Before and now have the keys of these
// others; nil where that release did not hold it.
func (e *edition) cleanseChanges(ctx context.Context, release int, year barometer.Year, before, now map[string]bool) error {
	if before == nil && now == nil {
		return nil
	}
	if err := e.tx.DeleteReleaseRows(ctx, release, barometer.RowChange, keysOf(year)); err != nil {
		return err
	}
	rows, err := e.tx.ReleaseRows(ctx, release, barometer.RowChange)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if !before[row.Key] && !now[row.Key] {
			continue
		}
		var c barometer.ReleaseChange
		if err := read(row, &c); err != nil {
			return err
		}
		if before[row.Key] && c.Old != nil {
			c.Old.PercentagePoints = nil
		}
		if now[row.Key] && c.New != nil {
			c.New.PercentagePoints = nil
		}
		cleansed, err := changeRow(c)
		if err != nil {
			return err
		}
		if err := e.tx.PutReleaseRow(ctx, release, cleansed); err != nil {
			return err
		}
	}
	return nil
}

// keysOf begins the keys of a round's results.
func keysOf(year barometer.Year) string { return yearText(year) + "." }
