package lifecycle

import (
	"context"
	"fmt"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// PublishNow takes a round that is collecting, in hearing or published already to a release, by the same steps and
// checks as [Transition], for the command line: a reason is welcome but not asked for. Where nothing has changed since
// the round was published there is nothing to do: changed is false, and the release that holds it is given.
func PublishNow(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year, act report.Act) (release int, changed bool, err error) {
	in := barometer.TransitionInput{To: barometer.Published, Reason: act.Reason, PublishAt: act.PublishAt}
	if err := checkTransition(in, tx.Now()); err != nil {
		return 0, false, err
	}
	round, err := lockToMove(ctx, tx, year)
	if err != nil {
		return 0, false, err
	}
	if round.Status == barometer.Collecting {
		if _, _, err := move(ctx, tx, cat, round, barometer.TransitionInput{To: barometer.Hearing}); err != nil {
			return 0, false, err
		}
		round.Status = barometer.Hearing
	}
	if err := allowed(round, barometer.Published); err != nil {
		return 0, false, err
	}
	done, changed, err := move(ctx, tx, cat, round, in)
	if err != nil {
		return 0, false, err
	}
	return *done.Release, changed, nil
}

// publish freezes a round, makes the next release with it, and purges the assessors' notes of what is public then. Those
// of a round that is announced are kept until its instant, since it can still go back.
func publish(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year, in barometer.TransitionInput) (*int, bool, error) {
	release, changed, err := report.PublishIn(ctx, tx, cat, year, report.Act{Reason: in.Reason, PublishAt: in.PublishAt})
	if err != nil {
		return nil, false, err
	}
	_, err = purgePublic(ctx, tx)
	return &release.Number, changed, err
}

// PurgePublishedNotes removes the assessors' notes of the rounds that have become public without anybody doing anything,
// as an announced release does at its instant, and gives their number. Several processes may do so at once.
func PurgePublishedNotes(ctx context.Context, s *store.Store) (notes int, err error) {
	years, err := s.RoundsWithPublicNotes(ctx) // mostly none, so that nobody need wait for the transaction
	if err != nil || len(years) == 0 {
		return 0, err
	}
	err = s.Tx(ctx, func(tx *store.Store) error {
		if _, err := tx.LockDataset(ctx); err != nil {
			return err
		}
		notes, err = purgePublic(ctx, tx)
		return err
	})
	return notes, err
}

// purgePublic removes the notes of every public round; the data set must be locked, so that none is reopened meanwhile.
func purgePublic(ctx context.Context, tx *store.Store) (notes int, err error) {
	years, err := tx.RoundsWithPublicNotes(ctx)
	if err != nil {
		return 0, err
	}
	for _, year := range years {
		purged, err := tx.PurgeNotes(ctx, year)
		if err != nil {
			return notes, err
		}
		if notes += purged; purged > 0 {
			tx.Record(barometer.EventChange, "purgeNotes", fmt.Sprintf("/v1/rounds/%d", year))
		}
	}
	return notes, nil
}

// cancelAnnounced takes an announced release back where it was made of this round.
func cancelAnnounced(ctx context.Context, tx *store.Store, year barometer.Year, reason string) error {
	announced, err := report.Announces(ctx, tx, year)
	if err != nil || !announced {
		return err
	}
	_, err = report.CancelAnnounced(ctx, tx, reason)
	return err
}
