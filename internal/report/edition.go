package report

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// edition is a release in the making: what the one before it holds, and what becomes of it.
type edition struct {
	tx   *store.Store
	cat  *catalogue.Catalogue
	all  []barometer.Release
	base barometer.Release // the newest that was not cancelled; the zero release before the first
	next barometer.Release
	// withdrawn are the keys of results that were withdrawn from the base.
	withdrawn []string
	// embargoed are the rounds that an announced release is to bring, which this one must not bring before.
	embargoed map[barometer.Year]bool
}

func newEdition(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, reason *string) (*edition, error) {
	all, err := tx.Releases(ctx)
	if err != nil {
		return nil, err
	}
	e := &edition{tx: tx, cat: cat, all: all, base: newest(all, barometer.ReleaseAnnounced, barometer.ReleasePublished)}
	e.next = barometer.Release{
		Number: 1, Disclosure: "none", Rounds: slices.Clone(e.base.Rounds), Reason: reason, Method: MethodVersion,
	}
	if n := len(all); n > 0 {
		e.next.Number = all[n-1].Number + 1
	}
	return e, nil
}

// newest gives the newest release of these statuses, the zero release where there is none.
func newest(all []barometer.Release, statuses ...string) barometer.Release {
	for _, r := range slices.Backward(all) {
		if slices.Contains(statuses, r.Status) {
			return r
		}
	}
	return barometer.Release{}
}

func (e *edition) refuseAnnounced() error {
	if e.base.Status != barometer.ReleaseAnnounced {
		return nil
	}
	return barometer.Errorf(barometer.State,
		"Release %d is announced for %s; another can be made from then on, or once it is cancelled by reopening its round.",
		e.base.Number, e.base.PublishedAt.Format(time.RFC3339))
}

// renew takes into the release what is known now of a round, and of every published one whose reported figures have
// changed. A round of which nothing has changed keeps its publication. The year is 0 where no round is published.
func (e *edition) renew(ctx context.Context, year barometer.Year) error {
	years, err := pending(ctx, e.tx, e.base, year)
	if err != nil {
		return err
	}
	for _, y := range years {
		if e.embargoed[y] {
			continue
		}
		// Taken back before the figures are read, so that a change that comes later is not forgotten.
		if err := e.tx.SetRecordsChanged(ctx, y, false); err != nil {
			return missingRound(ctx, e.tx, y, err)
		}
		rows, err := frozenRows(ctx, e.tx, e.cat, y)
		if err != nil {
			return err
		}
		same, err := publishedAlready(ctx, e.tx, e.base, y, rows)
		if err != nil {
			return err
		}
		if same {
			continue
		}
		var reason *string // that of another round says nothing of what is taken along
		if y == year {
			reason = e.next.Reason
		}
		revision, err := e.tx.AddPublication(ctx, y, reason, rows)
		if err != nil {
			return err
		}
		e.tx.Record(barometer.EventChange, "publish", publicationPath(y, revision))
		e.hold(barometer.ReleaseRound{Round: y, Revision: revision})
	}
	return nil
}

// publicationPath names a publication in the trail.
func publicationPath(year barometer.Year, revision int) string {
	return fmt.Sprintf("/v1/rounds/%d/publications/%d", year, revision)
}

// pending lists a round that is to be published, unless it is 0, and the others that the release has to take along: those
// whose reported figures have changed, or that an earlier method computed.
func pending(ctx context.Context, s *store.Store, base barometer.Release, year barometer.Year) ([]barometer.Year, error) {
	rounds, err := s.Rounds(ctx)
	if err != nil {
		return nil, err
	}
	var years []barometer.Year
	if year != 0 {
		years = append(years, year)
	}
	for _, r := range rounds {
		held, isHeld := holds(base, r.Year)
		if !isHeld || r.Status != barometer.Published || r.Year == year {
			continue
		}
		current, err := byTodaysMethod(ctx, s, held)
		if err != nil {
			return nil, err
		}
		if r.RecordsChanged || !current {
			years = append(years, r.Year)
		}
	}
	return years, nil
}

// byTodaysMethod tells whether a publication was computed by the method that its release will name.
func byTodaysMethod(ctx context.Context, s *store.Store, held barometer.ReleaseRound) (bool, error) {
	rows, err := s.PublicationRows(ctx, barometer.ReleaseRound{Round: held.Round, Revision: held.Revision}, barometer.RowRound)
	if err != nil {
		return false, err
	}
	method, err := methodOf(rows)
	return method == MethodVersion, err
}

// holds gives the publication of a round that a release holds.
func holds(r barometer.Release, year barometer.Year) (barometer.ReleaseRound, bool) {
	for _, held := range r.Rounds {
		if held.Round == year {
			return held, true
		}
	}
	return barometer.ReleaseRound{}, false
}

// frozenRows computes a round and gives the rows that its publication would have.
func frozenRows(ctx context.Context, s *store.Store, cat *catalogue.Catalogue, year barometer.Year) ([]barometer.FrozenRow, error) {
	facts, err := readRound(ctx, s, cat, year)
	if err != nil {
		return nil, err
	}
	return freeze(facts, facts.figures(cat))
}

// publishedAlready tells whether a release holds exactly these rows of a round.
func publishedAlready(ctx context.Context, s *store.Store, r barometer.Release, year barometer.Year, rows []barometer.FrozenRow) (bool, error) {
	held, ok := holds(r, year)
	if !ok {
		return false, nil
	}
	kept, err := s.PublicationRows(ctx, held, publicationKinds...)
	if err != nil {
		return false, err
	}
	if kept, err = canonical(kept); err != nil {
		return false, err
	}
	return slices.Equal(kept, inOrder(rows)), nil
}

// hold puts a publication in the place of the one of its round.
func (e *edition) hold(p barometer.ReleaseRound) {
	e.leave(p.Round)
	e.next.Rounds = append(e.next.Rounds, p)
	slices.SortFunc(e.next.Rounds, func(a, b barometer.ReleaseRound) int { return int(a.Round - b.Round) })
}

// leave takes a round out of the release.
func (e *edition) leave(year barometer.Year) {
	e.next.Rounds = slices.DeleteFunc(e.next.Rounds, func(r barometer.ReleaseRound) bool { return r.Round == year })
}

// release makes the release, unless it would be the one before it once more.
func (e *edition) release(ctx context.Context) (barometer.Release, bool, error) {
	judgements, err := e.tx.Judgements(ctx)
	if err != nil {
		return barometer.Release{}, false, err
	}
	rows, results, err := resultsOf(ctx, e.tx, e.cat, e.next.Rounds, judgements)
	if err != nil {
		return barometer.Release{}, false, err
	}
	judged, err := judgementRows(judgements)
	if err != nil {
		return barometer.Release{}, false, err
	}
	before, err := releasedRows(ctx, e.tx, e.base.Number, barometer.RowResult)
	if err != nil {
		return barometer.Release{}, false, err
	}
	judgedBefore, err := releasedRows(ctx, e.tx, e.base.Number, barometer.RowJudgement)
	if err != nil {
		return barometer.Release{}, false, err
	}
	if slices.Equal(e.next.Rounds, e.base.Rounds) && slices.Equal(rows, before) && slices.Equal(judged, judgedBefore) {
		return e.base, false, nil
	}
	changes, err := changeRows(before, rows, e.withdrawn, actOf(e.base, e.next))
	if err != nil {
		return barometer.Release{}, false, err
	}
	e.next.Results, e.next.Checksum = countFigures(results), checksum(rows)
	made, err := e.tx.AddRelease(ctx, e.next, slices.Concat(rows, judged, changes))
	return made, true, err
}

// releasedRows gives the rows of a kind of a release as today's types write them; none of release 0.
func releasedRows(ctx context.Context, s *store.Store, number int, kind barometer.RowKind) ([]barometer.FrozenRow, error) {
	rows, err := s.ReleaseRows(ctx, number, kind)
	if err != nil {
		return nil, err
	}
	return canonical(rows)
}

func judgementRows(judgements []barometer.Judgement) ([]barometer.FrozenRow, error) {
	rows := make([]barometer.FrozenRow, len(judgements))
	for i, j := range judgements {
		body, err := json.Marshal(j)
		if err != nil {
			return nil, err
		}
		rows[i] = barometer.FrozenRow{Kind: barometer.RowJudgement, Key: j.ID, Body: string(body)}
	}
	return rows, nil
}

// inOrder gives rows by kind and key, as they come back from the store.
func inOrder(rows []barometer.FrozenRow) []barometer.FrozenRow {
	return slices.SortedFunc(slices.Values(rows), func(a, b barometer.FrozenRow) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
	})
}

// resultsOf computes all results of a release, with their comparisons, and the rows they are kept as.
func resultsOf(ctx context.Context, s *store.Store, cat *catalogue.Catalogue, rounds []barometer.ReleaseRound, judgements []barometer.Judgement) ([]barometer.FrozenRow, []barometer.Result, error) {
	publications, err := readPublications(ctx, s, rounds)
	if err != nil {
		return nil, nil, err
	}
	reported, err := s.ReportedPeriods(ctx)
	if err != nil {
		return nil, nil, err
	}
	data := newDataset(cat, publications, judgements)
	results := append(data.released(), data.periods(reported)...)
	rows, err := rowsOf(results)
	return rows, results, err
}

// publicationKinds are the rows that make up a publication, in the order they are read.
var publicationKinds = []barometer.RowKind{barometer.RowRound, barometer.RowArea, barometer.RowResult}

func readPublications(ctx context.Context, s *store.Store, of []barometer.ReleaseRound) (map[barometer.Year]frozen, error) {
	publications := map[barometer.Year]frozen{}
	for _, r := range of {
		var err error
		if publications[r.Round], err = readPublication(ctx, s, r); err != nil {
			return nil, err
		}
	}
	return publications, nil
}

func readPublication(ctx context.Context, s *store.Store, r barometer.ReleaseRound) (frozen, error) {
	rows, err := s.PublicationRows(ctx, r, publicationKinds...)
	if err != nil {
		return frozen{}, err
	}
	return thaw(r, rows)
}
