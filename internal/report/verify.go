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
	Partial      []string // what could be checked in part only, since something was withdrawn or another method computed it
	Pending      []string // rounds whose stored figures have changed since they were published
}

// Verify holds everything that was released against what is kept of it and against what it was made of.
//   - The trail is whole, and so are the numbers of the releases.
//   - Every release has the results, publications, judgements, instant and reason that it was made with, and its changes
//     are those between its results and the ones before. Of a withdrawal only what it left is held against that.
//   - The newest release follows from its publications and judgements, where it was computed by today's method.
//   - Every publication is as it was frozen, and every round stands where its last transition brought it.
//   - A round that is published comes out again as it was published, from the outcomes and reported figures there are.
//
// It looks at the database as it stands at one moment, and changes nothing.
func Verify(ctx context.Context, s *store.Store, cat *catalogue.Catalogue) (v Verification, err error) {
	err = s.View(ctx, func(tx *store.Store) error {
		return (&verifier{Verification: &v, store: tx, cat: cat}).verify(ctx)
	})
	return v, err
}

type verifier struct {
	*Verification
	store    *store.Store
	cat      *catalogue.Catalogue
	newest   barometer.Release // that was not cancelled
	releases int               // how many were ever made
	unsealed map[barometer.ReleaseRound]bool
}

func (v *verifier) verify(ctx context.Context) error {
	events, fault, err := v.store.CheckTrail(ctx)
	if err != nil {
		return err
	}
	if v.Events = events; fault != "" {
		v.fault("%s", fault)
	}
	if err := v.checkReleases(ctx); err != nil {
		return err
	}
	return v.checkRounds(ctx)
}

func (v *verifier) fault(format string, args ...any) {
	v.Faults = append(v.Faults, fmt.Sprintf(format, args...))
}

// spoilt takes a stored row that cannot be read as a fault; any other error goes on.
func (v *verifier) spoilt(err error, what string, args ...any) error {
	if errors.Is(err, errUnreadable) {
		v.fault("%s cannot be recomputed: %v", fmt.Sprintf(what, args...), err)
		return nil
	}
	return err
}

func (v *verifier) checkReleases(ctx context.Context) error {
	releases, err := v.store.Releases(ctx)
	if err != nil {
		return err
	}
	if v.releases, err = v.store.NewestRelease(ctx); err != nil {
		return err
	}
	v.checkNumbers(releases)
	v.unsealed = map[barometer.ReleaseRound]bool{}
	var before released
	for _, r := range releases {
		if before, err = v.checkRelease(ctx, before, r); err != nil {
			return err
		}
	}
	if v.newest = before.Release; v.newest.Number == 0 {
		return nil
	}
	if v.newest.Method != MethodVersion {
		v.Partial = append(v.Partial, fmt.Sprintf(
			"release %d was computed by method %d, and this is method %d: its results were held against their checksum alone",
			v.newest.Number, v.newest.Method, MethodVersion))
		return nil
	}
	return v.spoilt(v.recomputeRelease(ctx, before), "release %d", v.newest.Number)
}

// checkNumbers finds the releases that are missing.
func (v *verifier) checkNumbers(releases []barometer.Release) {
	next := 1
	for _, r := range releases {
		for ; next < r.Number; next++ {
			v.fault("release %d is missing", next)
		}
		next = r.Number + 1
	}
	for ; next <= v.releases; next++ {
		v.fault("release %d is missing", next)
	}
	if v.releases < next-1 {
		v.fault("release %d was never made; the newest is %d", next-1, v.releases)
	}
}

// released is a release with its results as they are kept.
type released struct {
	barometer.Release
	rows []barometer.FrozenRow
}

// checkRelease holds a release against its seal and its checksum, and its changes against the release before it. It
// gives what the next one follows.
func (v *verifier) checkRelease(ctx context.Context, before released, r barometer.Release) (released, error) {
	intact, sealed, err := v.store.CheckRelease(ctx, r.Number)
	if err != nil {
		return before, err
	}
	switch {
	case sealed && !intact:
		v.fault("release %d is not as it was made: its instant, reason, rounds, number of figures or judgements", r.Number)
	case !sealed && len(v.unsealed) == 0 && before.Number > 0:
		v.fault("release %d has lost its seal, which the one before it has", r.Number)
	}
	if r.Status == barometer.ReleaseCancelled {
		return before, v.checkCancelled(ctx, r)
	}
	if !sealed {
		for _, held := range r.Rounds {
			v.unsealed[barometer.ReleaseRound{Round: held.Round, Revision: held.Revision}] = true
		}
	}
	now := released{Release: r}
	if now.rows, err = v.store.ReleaseRows(ctx, r.Number, barometer.RowResult); err != nil {
		return before, err
	}
	v.Releases, v.Results = v.Releases+1, len(now.rows)
	if err := v.checkResults(ctx, now); err != nil {
		return before, err
	}
	return now, v.spoilt(v.checkChanges(ctx, before, now, sealed), "the changes of release %d", r.Number)
}

func (v *verifier) checkCancelled(ctx context.Context, r barometer.Release) error {
	for _, kind := range []barometer.RowKind{barometer.RowResult, barometer.RowJudgement, barometer.RowChange} {
		rows, err := v.store.ReleaseRows(ctx, r.Number, kind)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			v.fault("release %d was cancelled, and still has rows of kind %s", r.Number, kind)
		}
	}
	return nil
}

// checkResults holds the results of a release against its checksum, or against that of what a withdrawal left of them.
func (v *verifier) checkResults(ctx context.Context, r released) error {
	got := checksum(r.rows)
	if !slices.ContainsFunc(r.Rounds, withdrawn) {
		if got != r.Checksum {
			v.fault("release %d: its results have checksum %s, it was released with %s", r.Number, got, r.Checksum)
		}
		v.checkCount(r)
		return nil
	}
	v.Partial = append(v.Partial, fmt.Sprintf("release %d has had results withdrawn, so its checksum says nothing of the rest", r.Number))
	kept, err := v.store.ReleaseRows(ctx, r.Number, barometer.RowRemaining)
	if err != nil {
		return err
	}
	if len(kept) != 1 || kept[0].Body != got {
		v.fault("release %d: what a withdrawal left of its results has checksum %s, which is not the one kept then", r.Number, got)
	}
	for _, row := range r.rows {
		v.checkRemaining(r.Release, row)
	}
	return nil
}

// checkCount holds what a release says of its results against them.
func (v *verifier) checkCount(r released) {
	var results []barometer.Result
	for _, row := range r.rows {
		var result barometer.Result
		if err := read(row, &result); err != nil {
			v.fault("release %d: %v", r.Number, err)
			return
		}
		if _, held := holds(r.Release, yearOf(row.Key)); result.Round != nil && !held {
			v.fault("release %d: %s is of a round that it does not hold", r.Number, row.Key)
			return
		}
		results = append(results, result)
	}
	if got := countFigures(results); got != r.Results {
		v.fault("release %d: %d figures, it says %d", r.Number, got, r.Results)
	}
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
func (v *verifier) recomputeRelease(ctx context.Context, r released) error {
	judgements, err := readJudgements(ctx, v.store, r.Number)
	if err != nil {
		return err
	}
	rows, _, err := resultsOf(ctx, v.store, v.cat, r.Rounds, judgements)
	if err != nil {
		return err
	}
	kept, err := canonical(r.rows)
	if err != nil {
		return err
	}
	if key := firstDifference(kept, rows); key != "" {
		v.fault("release %d: %s does not follow from the publications it was made of", r.Number, key)
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
