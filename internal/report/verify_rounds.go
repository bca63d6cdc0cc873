package report

import (
	"context"
	"fmt"
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// checkRounds holds the status and the publications of every round against what is stored of it.
func (v *verifier) checkRounds(ctx context.Context) error {
	rounds, err := v.store.Rounds(ctx)
	if err != nil {
		return err
	}
	known := map[barometer.Year]bool{}
	for _, round := range rounds {
		known[round.Year] = true
		if err := v.checkStatus(ctx, round); err != nil {
			return err
		}
		if err := v.checkPublications(ctx, round); err != nil {
			return err
		}
	}
	for _, held := range v.newest.Rounds {
		if !known[held.Round] {
			v.fault("round %d is missing, which release %d holds", held.Round, v.newest.Number)
		}
	}
	return nil
}

// checkStatus follows a round's transitions. One without any, as history and the rounds of an import begin, stands where
// it began.
func (v *verifier) checkStatus(ctx context.Context, round barometer.Round) error {
	transitions, err := v.store.Transitions(ctx, round.Year)
	if err != nil {
		return err
	}
	_, held := holds(v.newest, round.Year)
	status := round.Status
	for i, t := range transitions {
		if t.Number != i+1 || i > 0 && t.From != status {
			v.fault("round %d: transition %d does not follow the one before it", round.Year, t.Number)
		}
		if t.Release != nil && *t.Release > v.releases {
			v.fault("release %d is missing, which transition %d of round %d made", *t.Release, t.Number, round.Year)
		}
		status = t.To
	}
	switch {
	case round.Status != status:
		v.fault("round %d is %s, and its last transition brought it to %s", round.Year, round.Status, status)
	case round.Status == barometer.Published && !held:
		v.fault("round %d is published, and the newest release does not hold it", round.Year)
	case len(transitions) == 0 && (held && round.Status != barometer.Published || round.Status == barometer.Hearing):
		v.fault("round %d is %s, and no transition brought it there", round.Year, round.Status)
	}
	return nil
}

// checkPublications holds the publications of a round against their seals, and recomputes the one that is released.
func (v *verifier) checkPublications(ctx context.Context, round barometer.Round) error {
	publications, err := v.store.Publications(ctx, round.Year)
	if err != nil {
		return err
	}
	current, held := holds(v.newest, round.Year)
	found := false
	for i, p := range publications {
		if p.Revision != i+1 {
			v.fault("a publication of round %d is missing before %d", p.Round, p.Revision)
		}
		kept, err := v.checkPublication(ctx, p)
		if err != nil {
			return err
		}
		if !held || p.Revision != current.Revision {
			continue
		}
		found = true
		if err := v.recomputePublication(ctx, round, p, kept); err != nil {
			return err
		}
	}
	if held && !found {
		v.fault("publication %d of round %d is missing, which release %d holds", current.Revision, round.Year, v.newest.Number)
	}
	return nil
}

// checkPublication holds a publication against its seal, and gives its rows.
func (v *verifier) checkPublication(ctx context.Context, p barometer.Publication) ([]barometer.FrozenRow, error) {
	at := barometer.ReleaseRound{Round: p.Round, Revision: p.Revision}
	intact, sealed, err := v.store.CheckPublication(ctx, at)
	if err != nil {
		return nil, err
	}
	kept, err := v.store.PublicationRows(ctx, at, publicationKinds...)
	switch {
	case err != nil:
	case p.WithdrawnAt != nil && len(kept) > 0:
		v.fault("publication %d of round %d was withdrawn, and still has rows", p.Revision, p.Round)
	case sealed && !intact:
		v.fault("publication %d of round %d is not as it was frozen or withdrawn", p.Revision, p.Round)
	case !sealed && !v.unsealed[at]:
		v.fault("publication %d of round %d has lost its seal", p.Revision, p.Round)
	}
	return kept, err
}

// recomputePublication scores a round anew. Where the round is published and nothing of it has changed since, the
// publication that is released must come out again. Where it is reopened it may have changed, as its transitions have
// shown; where its reported figures have changed, these and what follows from them may.
func (v *verifier) recomputePublication(ctx context.Context, round barometer.Round, p barometer.Publication, kept []barometer.FrozenRow) error {
	rows, err := frozenRows(ctx, v.store, v.cat, round.Year)
	if err != nil {
		return err
	}
	if kept, err = canonical(kept); err != nil {
		return v.spoilt(err, "publication %d of round %d", p.Revision, p.Round)
	}
	method, err := methodOf(kept)
	if err != nil {
		return v.spoilt(err, "publication %d of round %d", p.Revision, p.Round)
	}
	if method != MethodVersion {
		v.Partial = append(v.Partial, fmt.Sprintf(
			"publication %d of round %d was computed by method %d, and this is method %d: it was held against its seal alone",
			p.Revision, p.Round, method, MethodVersion))
		return nil
	}
	rows = inOrder(rows)
	key := firstDifference(kept, rows)
	pending := round.Status != barometer.Published
	if !pending && round.RecordsChanged {
		if pending, err = v.restated(ctx, p); err != nil {
			return err
		}
		if !pending {
			v.fault("the reported figures of round %d are said to have changed, and the trail does not say so", p.Round)
		} else if kept, rows, err = withoutReported(kept, rows); err != nil {
			return v.spoilt(err, "publication %d of round %d", p.Revision, p.Round)
		} else if other := firstDifference(kept, rows); other != "" {
			key, pending = other, false
		}
	}
	switch {
	case key == "":
		v.Publications++
	case pending:
		v.Pending = append(v.Pending, fmt.Sprintf("round %d has changed since revision %d was published", p.Round, p.Revision))
	default:
		v.fault("publication %d of round %d: %s does not follow from what is stored, and the round was not reopened",
			p.Revision, p.Round, key)
	}
	return nil
}

// methodOf gives the version of the method that a publication was computed by.
func methodOf(rows []barometer.FrozenRow) (int, error) {
	for _, row := range rows {
		if row.Kind == barometer.RowRound {
			var f frozenRound
			err := read(row, &f)
			return max(f.Method, 1), err
		}
	}
	return 1, nil
}

// restated tells whether the trail says that a reported figure was changed after a publication.
func (v *verifier) restated(ctx context.Context, p barometer.Publication) (bool, error) {
	made, err := v.store.AuditEvents(ctx, store.AuditFilter{
		Kind: barometer.EventChange, Action: "publish", Resource: publicationPath(p.Round, p.Revision), Limit: 1,
	})
	if err != nil {
		return false, err
	}
	after := 0
	for _, e := range made {
		after = e.Number
	}
	changed, err := v.store.AuditEvents(ctx, store.AuditFilter{
		Kind: barometer.EventChange, Resource: fmt.Sprintf("/v1/rounds/%d/reported-results", p.Round), After: after, Limit: 1,
	})
	return len(changed) > 0, err
}

// withoutReported leaves of two freezings of a round what reported figures have no part in: neither the results that
// rest on one in either, nor the themes of these in the same area.
func withoutReported(a, b []barometer.FrozenRow) (x, y []barometer.FrozenRow, err error) {
	reported := map[string]bool{} // keys of rows, and themes of areas
	for _, row := range slices.Concat(a, b) {
		r, err := resultIn(row)
		if err != nil {
			return nil, nil, err
		}
		if r.Source != nil {
			reported[row.Key], reported[r.Area+"."+r.Theme] = true, true
		}
	}
	rests := func(row barometer.FrozenRow) bool {
		r, err := resultIn(row)
		return err == nil && (reported[row.Key] || r.Level == barometer.LevelTheme && reported[r.Area+"."+r.Theme])
	}
	return slices.DeleteFunc(slices.Clone(a), rests), slices.DeleteFunc(slices.Clone(b), rests), nil
}

// resultIn reads a row's result; the zero result where it holds something else.
func resultIn(row barometer.FrozenRow) (r barometer.Result, err error) {
	if row.Kind == barometer.RowResult {
		err = read(row, &r)
	}
	return r, err
}
