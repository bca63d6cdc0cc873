package report

import (
	"context"
	"fmt"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Act says why and when something is published.
type Act struct {
	Reason    *string    // of a correction
	PublishAt *time.Time // where it lies ahead, the release is announced and becomes current then
}

// Publish moves a round to published, freezes what is known of it as its next publication, and makes the next release
// with it at once, in a transaction of its own. Where nothing has changed since the current release there is nothing to
// make: changed is false and the current release is returned. NotFound where there is no such round, State while
// another release is announced.
func Publish(ctx context.Context, s *store.Store, cat *catalogue.Catalogue, year barometer.Year) (release barometer.Release, changed bool, err error) {
	err = s.Tx(ctx, func(tx *store.Store) error {
		if _, err := tx.LockDataset(ctx); err != nil {
			return err
		}
		round, err := tx.Round(ctx, year)
		if err != nil {
			return missingRound(ctx, tx, year, err)
		}
		if err := tx.SetRoundStatus(ctx, year, barometer.Published); err != nil {
			return err
		}
		tx.Record(barometer.EventChange, "publish", fmt.Sprintf("/v1/rounds/%d", year))
		release, changed, err = PublishIn(ctx, tx, cat, year, Act{})
		if err != nil || !changed {
			return err
		}
		_, err = tx.AddTransition(ctx, barometer.Transition{Round: year, From: round.Status, To: barometer.Published, Release: &release.Number})
		return err
	})
	return release, changed, err
}

// PublishIn does the same within a transaction that has locked the data set and the round, and has moved the round.
// Every other published round whose reported figures have changed is taken along.
func PublishIn(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year, act Act) (release barometer.Release, changed bool, err error) {
	e, err := newEdition(ctx, tx, cat, act.Reason)
	if err != nil {
		return barometer.Release{}, false, err
	}
	if err := e.refuseAnnounced(); err != nil {
		return barometer.Release{}, false, err
	}
	e.next.For = year
	if act.PublishAt != nil {
		e.next.PublishedAt = *act.PublishAt
	}
	if err := e.renew(ctx, year); err != nil {
		return barometer.Release{}, false, err
	}
	return e.release(ctx)
}

// missingRound says which rounds there are, where the one asked for is not among them.
func missingRound(ctx context.Context, tx *store.Store, year barometer.Year, err error) error {
	if barometer.KindOf(err) != barometer.NotFound {
		return err
	}
	rounds, listErr := tx.Rounds(ctx)
	if listErr != nil {
		return listErr
	}
	var years []string
	for _, r := range rounds {
		years = append(years, yearText(r.Year))
	}
	return barometer.Errorf(barometer.NotFound, "there is no round %d; there are %s", year, barometer.List(years))
}
