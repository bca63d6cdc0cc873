package report

import (
	"context"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// LoadHistory fills an empty database with what was published before this service, oldest round first, each round
// making a release. It does nothing, and says so by loaded, where there is a release already.
func LoadHistory(ctx context.Context, s *store.Store, cat *catalogue.Catalogue) (loaded bool, err error) {
	err = s.Tx(ctx, func(tx *store.Store) error {
		number, err := tx.LockDataset(ctx)
		if err != nil || number > 0 {
			return err
		}
		loaded = true
		tx.Record(barometer.EventChange, "loadHistory", "/v1/releases")
		return loadHistory(ctx, tx, cat)
	})
	return loaded, err
}

func loadHistory(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue) error {
	h := cat.History
	for _, round := range h.Rounds {
		if err := tx.AddRound(ctx, round, nil); err != nil {
			return err
		}
	}
	if err := tx.AddParticipations(ctx, h.Participations); err != nil {
		return err
	}
	if err := tx.PutReportedResults(ctx, h.Reported); err != nil {
		return err
	}
	if err := tx.AddReportedPeriods(ctx, h.Periods); err != nil {
		return err
	}
	if err := tx.AddJudgements(ctx, h.Judgements); err != nil {
		return err
	}
	for _, round := range h.Rounds {
		if _, _, err := PublishIn(ctx, tx, cat, round.Year, Act{}); err != nil {
			return err
		}
	}
	return nil
}
