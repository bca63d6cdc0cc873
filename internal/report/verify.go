package report

import (
	"context"
	"fmt"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Verification is what came out of recomputing what is stored.
type Verification struct {
	Releases int
	Results  int      // of the newest release
	Faults   []string // released figures that are not what was released, or do not follow from what is stored
	Pending  []string // rounds whose stored figures have changed since they were published
}

// Verify recomputes the checksum of every release from its rows, the figures of the newest release from its
// publications, and those of each publication from the outcomes and reported figures behind it. Nothing is imported or
// published meanwhile.
func Verify(ctx context.Context, s *store.Store, cat *catalogue.Catalogue) (v Verification, err error) {
	err = s.Tx(ctx, func(tx *store.Store) error {
		if _, err := tx.LockDataset(ctx); err != nil {
			return err
		}
		v, err = verify(ctx, tx, cat)
		return err
	})
	return v, err
}

func verify(ctx context.Context, s *store.Store, cat *catalogue.Catalogue) (Verification, error) {
	var v Verification
	releases, err := s.Releases(ctx)
	if err != nil {
		return v, err
	}
	for _, r := range releases {
		rows, err := s.ReleaseRows(ctx, r.Number, barometer.RowResult)
		if err != nil {
			return v, err
		}
		v.Releases, v.Results = v.Releases+1, len(rows)
		if got := checksum(rows); got != r.Checksum {
			v.fault("release %d: its results have checksum %s, it was released with %s", r.Number, got, r.Checksum)
		}
	}
	if len(releases) == 0 {
		return v, nil
	}
	newest := releases[len(releases)-1]
	if err := v.recomputeRelease(ctx, s, cat, newest); err != nil {
		return v, err
	}
	return v, v.recomputeRounds(ctx, s, cat, newest)
}

func (v *Verification) fault(format string, args ...any) {
	v.Faults = append(v.Faults, fmt.Sprintf(format, args...))
}

// recomputeRelease compares the newest release anew from its publications.
func (v *Verification) recomputeRelease(ctx context.Context, s *store.Store, cat *catalogue.Catalogue, r barometer.Release) error {
	judgements, err := readJudgements(ctx, s, r.Number)
	if err != nil {
		return err
	}
	rows, results, err := resultsOf(ctx, s, cat, r.Rounds, judgements)
	if err != nil {
		return err
	}
	if got := checksum(rows); got != r.Checksum {
		v.fault("release %d: recomputed from its publications it has checksum %s, it was released with %s", r.Number, got, r.Checksum)
	}
	if got := countFigures(results); got != r.Results {
		v.fault("release %d: %d figures, it says %d", r.Number, got, r.Results)
	}
	return nil
}

// recomputeRounds scores every published round anew.
func (v *Verification) recomputeRounds(ctx context.Context, s *store.Store, cat *catalogue.Catalogue, r barometer.Release) error {
	for _, held := range r.Rounds {
		facts, err := readRound(ctx, s, cat, held.Round)
		if err != nil {
			return err
		}
		rows, err := freeze(facts, facts.figures(cat))
		if err != nil {
			return err
		}
		same, err := publishedAlready(ctx, s, r, held.Round, rows)
		if err != nil {
			return err
		}
		if !same {
			v.Pending = append(v.Pending, fmt.Sprintf("round %d has changed since revision %d was published", held.Round, held.Revision))
		}
	}
	return nil
}
