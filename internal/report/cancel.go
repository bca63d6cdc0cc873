package report

import (
	"context"
	"fmt"
	"slices"

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
	return done, cancelRelease(ctx, tx, r.Number, reason)
}

// cancelRelease takes a release back. It is an event of its own: what cancels it is an act on something else.
func cancelRelease(ctx context.Context, tx *store.Store, number int, reason string) error {
	tx.Record(barometer.EventChange, "cancelRelease", fmt.Sprintf("/v1/releases/%d", number))
	return tx.CancelRelease(ctx, number, reason)
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

// setAside takes an announced release out of what the edition looks at: the edition rests on what is public, and leaves
// to the announced release the rounds that this one was to bring.
func (e *edition) setAside(announced barometer.Release) {
	for i := range e.all {
		if e.all[i].Number == announced.Number {
			e.all[i].Status = barometer.ReleaseCancelled
		}
	}
	e.base = newest(e.all, barometer.ReleasePublished)
	e.next.Rounds = slices.Clone(e.base.Rounds)
	e.embargoed = map[barometer.Year]bool{announced.For: true}
	for _, held := range announced.Rounds {
		if !slices.Contains(e.base.Rounds, held) {
			e.embargoed[held.Round] = true
		}
	}
}

// announceAgain puts another release in the place of the announced one, for the same instant: with the publications that
// this one was to bring, but for that of a round, beside what is public now. Without any of them there is none.
func (e *edition) announceAgain(ctx context.Context, announced barometer.Release, without barometer.Year) error {
	if e.base.Number == e.next.Number { // a release was made meanwhile
		e.next.Number++
	}
	e.next = barometer.Release{
		Number: e.next.Number, Disclosure: e.next.Disclosure, Rounds: slices.Clone(e.base.Rounds),
		For: announced.For, PublishedAt: announced.PublishedAt, Reason: announced.Reason,
	}
	e.withdrawn = nil
	for _, held := range announced.Rounds {
		if e.embargoed[held.Round] && held.Round != without {
			e.hold(held)
		}
	}
	again, made, err := e.release(ctx)
	if err != nil {
		return err
	}
	// Never the reason of the withdrawal, which may say what the announced release has nothing to do with.
	why := "Aflyst, fordi en offentliggørelse blev trukket tilbage"
	if made {
		e.tx.Record(barometer.EventChange, "publish", fmt.Sprintf("/v1/releases/%d", again.Number))
		why = fmt.Sprintf("Afløst af udgivelse %d, fordi en offentliggørelse blev trukket tilbage", again.Number)
	}
	return cancelRelease(ctx, e.tx, announced.Number, why)
}
