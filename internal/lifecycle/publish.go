package lifecycle

import (
	"context"

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

// publish freezes a round, makes the next release with it, and purges the assessors' notes.
func publish(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year, in barometer.TransitionInput) (*int, bool, error) {
	release, changed, err := report.PublishIn(ctx, tx, cat, year, report.Act{Reason: in.Reason, PublishAt: in.PublishAt})
	if err != nil {
		return nil, false, err
	}
	_, err = tx.PurgeNotes(ctx, year)
	return &release.Number, changed, err
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
