package report

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Verification is what came out of recomputing what is stored.
type Verification struct {
	Events       int      // of the trail
	Releases     int      // cancelled ones left out
	Results      int      // of the newest release
	Publications int      // that agree with what is stored of their rounds
	Faults       []string // what does not hold, in the order it was found
	Partial      []string // releases that something was withdrawn from: only what remains of them could be checked
	Pending      []string // rounds whose stored figures have changed since they were published
}

// Verify checks the trail, recomputes the checksum of every release from its rows, the figures of the newest release
// from its publications, and those of each round's newest publication from the outcomes and reported figures behind it.
// It looks at the database as it stands at one moment, and changes nothing.
func Verify(ctx context.Context, s *store.Store, cat *catalogue.Catalogue) (v Verification, err error) {
	err = s.View(ctx, func(tx *store.Store) error {
		return (&verifier{Verification: &v, store: tx, cat: cat}).verify(ctx)
	})
	return v, err
}

type verifier struct {
	*Verification
	store *store.Store
	cat   *catalogue.Catalogue
}

func (v *verifier) verify(ctx context.Context) error {
	events, fault, err := v.store.CheckTrail(ctx)
	if err != nil {
		return err
	}
	if v.Events = events; fault != "" {
		v.fault("%s", fault)
	}
	releases, err := v.store.Releases(ctx)
	if err != nil {
		return err
	}
	for _, r := range releases {
		if err := v.checkRelease(ctx, r); err != nil {
			return err
		}
	}
	if r := newest(releases, barometer.ReleasePublished, barometer.ReleaseAnnounced); r.Number != 0 {
		err := v.recomputeRelease(ctx, r)
		if errors.Is(err, errUnreadable) {
			v.fault("release %d cannot be recomputed: %v", r.Number, err)
		} else if err != nil {
			return err
		}
	}
	return v.checkRounds(ctx)
}

func (v *verifier) fault(format string, args ...any) {
	v.Faults = append(v.Faults, fmt.Sprintf(format, args...))
}

// checkRelease holds the rows of a release against its checksum, or against that of what a withdrawal left of it.
func (v *verifier) checkRelease(ctx context.Context, r barometer.Release) error {
	rows, err := v.store.ReleaseRows(ctx, r.Number, barometer.RowResult)
	if err != nil {
		return err
	}
	if r.Status == barometer.ReleaseCancelled {
		if len(rows) > 0 {
			v.fault("release %d was cancelled, and still has results", r.Number)
		}
		return nil
	}
	v.Releases, v.Results = v.Releases+1, len(rows)
	if !slices.ContainsFunc(r.Rounds, withdrawn) {
		if got := checksum(rows); got != r.Checksum {
			v.fault("release %d: its results have checksum %s, it was released with %s", r.Number, got, r.Checksum)
		}
		return nil
	}
	v.Partial = append(v.Partial, fmt.Sprintf("release %d has had results withdrawn, so its checksum says nothing of the rest", r.Number))
	kept, err := v.store.ReleaseRows(ctx, r.Number, barometer.RowRemaining)
	if err != nil {
		return err
	}
	if got := checksum(rows); len(kept) != 1 || kept[0].Body != got {
		v.fault("release %d: what a withdrawal left of its results has checksum %s, which is not the one kept then", r.Number, got)
	}
	for _, row := range rows {
		v.checkRemaining(r, row)
	}
	return nil
}

func withdrawn(r barometer.ReleaseRound) bool { return r.WithdrawnAt != nil }

// checkRemaining finds what should have gone with a withdrawn publication.
func (v *verifier) checkRemaining(r barometer.Release, row barometer.FrozenRow) {
	var result barometer.Result
	if err := read(row, &result); err != nil {
		v.fault("release %d: %v", r.Number, err)
		return
	}
	for _, gone := range r.Rounds {
		switch {
		case gone.WithdrawnAt == nil:
		case result.Round != nil && *result.Round == gone.Round:
			v.fault("release %d: %s is a result of what was withdrawn", r.Number, row.Key)
		case result.Baseline != nil && result.Baseline.Round == gone.Round && result.Baseline.Status != barometer.Withheld:
			v.fault("release %d: %s is compared with what was withdrawn", r.Number, row.Key)
		}
	}
}

// recomputeRelease compares the newest release anew from its publications.
func (v *verifier) recomputeRelease(ctx context.Context, r barometer.Release) error {
	judgements, err := readJudgements(ctx, v.store, r.Number)
	if err != nil {
		return err
	}
	rows, results, err := resultsOf(ctx, v.store, v.cat, r.Rounds, judgements)
	if err != nil {
		return err
	}
	kept, err := releasedRows(ctx, v.store, r.Number, barometer.RowResult)
	if err != nil {
		return err
	}
	if key := firstDifference(kept, rows); key != "" {
		v.fault("release %d: %s does not follow from the publications it was made of", r.Number, key)
	}
	if got := countFigures(results); got != r.Results {
		v.fault("release %d: %d figures, it says %d", r.Number, got, r.Results)
	}
	return nil
}

// firstDifference gives the first key, in order, whose row two sorted lists do not share; "" where they are equal.
func firstDifference(a, b []barometer.FrozenRow) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return min(a[i].Key, b[i].Key)
		}
	}
	switch {
	case len(a) > len(b):
		return a[len(b)].Key
	case len(b) > len(a):
		return b[len(a)].Key
	}
	return ""
}

// checkRounds holds the publications of every round against what is stored of it.
func (v *verifier) checkRounds(ctx context.Context) error {
	rounds, err := v.store.Rounds(ctx)
	if err != nil {
		return err
	}
	for _, round := range rounds {
		publications, err := v.store.Publications(ctx, round.Year)
		if err != nil {
			return err
		}
		for i, p := range publications {
			kept, err := v.store.PublicationRows(ctx, barometer.ReleaseRound{Round: p.Round, Revision: p.Revision}, publicationKinds...)
			if err != nil {
				return err
			}
			switch {
			case p.WithdrawnAt != nil && len(kept) > 0:
				v.fault("publication %d of round %d was withdrawn, and still has rows", p.Revision, p.Round)
			case p.WithdrawnAt == nil && i == len(publications)-1:
				if err := v.recomputePublication(ctx, round, p, kept); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// recomputePublication scores a round anew. Where the round is published and nothing of it has changed since, its newest
// publication must come out again.
func (v *verifier) recomputePublication(ctx context.Context, round barometer.Round, p barometer.Publication, kept []barometer.FrozenRow) error {
	rows, err := frozenRows(ctx, v.store, v.cat, round.Year)
	if err != nil {
		return err
	}
	if kept, err = canonical(kept); err != nil {
		v.fault("publication %d of round %d cannot be read: %v", p.Revision, p.Round, err)
		return nil //nolint:nilerr // what is stored is at fault, not the reading
	}
	key := firstDifference(kept, inOrder(rows))
	switch {
	case key == "":
		v.Publications++
	case round.Status != barometer.Published || round.RecordsChanged:
		v.Pending = append(v.Pending, fmt.Sprintf("round %d has changed since revision %d was published", p.Round, p.Revision))
	default:
		v.fault("publication %d of round %d: %s does not follow from what is stored, and the round was not reopened",
			p.Revision, p.Round, key)
	}
	return nil
}
