package report

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Publish freezes what is known of a round as its next publication, and makes the next release with it, in one
// transaction. Where nothing has changed since the round's publication in the current release there is nothing to
// make: changed is false and the current release is returned. NotFound where there is no such round.
func Publish(ctx context.Context, s *store.Store, cat *catalogue.Catalogue, year barometer.Year) (release barometer.Release, changed bool, err error) {
	err = s.Tx(ctx, func(tx *store.Store) error {
		release, changed, err = publish(ctx, tx, cat, year)
		return err
	})
	return release, changed, err
}

func publish(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year) (barometer.Release, bool, error) {
	if _, err := tx.LockDataset(ctx); err != nil {
		return barometer.Release{}, false, err
	}
	facts, err := roundToPublish(ctx, tx, cat, year)
	if err != nil {
		return barometer.Release{}, false, missingRound(ctx, tx, year, err)
	}
	rows, err := freeze(facts, facts.figures(cat))
	if err != nil {
		return barometer.Release{}, false, err
	}
	current, err := currentRelease(ctx, tx)
	if err != nil {
		return barometer.Release{}, false, err
	}
	same, err := publishedAlready(ctx, tx, current, year, rows)
	if err != nil || same {
		return current, false, err
	}
	revision, err := tx.AddPublication(ctx, year, rows)
	if err != nil {
		return barometer.Release{}, false, err
	}
	release, err := nextRelease(ctx, tx, cat, current, barometer.ReleaseRound{Round: year, Revision: revision})
	return release, true, err
}

// roundToPublish moves a round to published, and reads it as it will be frozen.
func roundToPublish(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year) (roundFacts, error) {
	if err := tx.SetRoundStatus(ctx, year, barometer.Published); err != nil {
		return roundFacts{}, err
	}
	return readRound(ctx, tx, cat, year)
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

// currentRelease gives the newest release, the zero release before the first.
func currentRelease(ctx context.Context, s *store.Store) (barometer.Release, error) {
	all, err := s.Releases(ctx)
	if err != nil || len(all) == 0 {
		return barometer.Release{}, err
	}
	return all[len(all)-1], nil
}

// publishedAlready tells whether a release holds exactly these rows of a round.
func publishedAlready(ctx context.Context, s *store.Store, r barometer.Release, year barometer.Year, rows []barometer.FrozenRow) (bool, error) {
	i := slices.IndexFunc(r.Rounds, func(held barometer.ReleaseRound) bool { return held.Round == year })
	if i < 0 {
		return false, nil
	}
	held, err := s.PublicationRows(ctx, r.Rounds[i], publicationKinds...)
	if err != nil || len(held) != len(rows) {
		return false, err
	}
	bodies := map[barometer.FrozenRow]bool{}
	for _, row := range held {
		bodies[row] = true
	}
	return !slices.ContainsFunc(rows, func(row barometer.FrozenRow) bool { return !bodies[row] }), nil
}

// nextRelease makes the release after current, with one more or another publication of a round.
func nextRelease(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, current barometer.Release, added barometer.ReleaseRound) (barometer.Release, error) {
	next := barometer.Release{Number: current.Number + 1, Disclosure: "none"}
	next.Rounds = slices.DeleteFunc(slices.Clone(current.Rounds), func(r barometer.ReleaseRound) bool { return r.Round == added.Round })
	next.Rounds = append(next.Rounds, added)
	slices.SortFunc(next.Rounds, func(a, b barometer.ReleaseRound) int { return int(a.Round - b.Round) })

	judgements, err := tx.Judgements(ctx)
	if err != nil {
		return next, err
	}
	rows, results, err := resultsOf(ctx, tx, cat, next.Rounds, judgements)
	if err != nil {
		return next, err
	}
	next.Results, next.Checksum = countFigures(results), checksum(rows)
	for _, j := range judgements {
		body, err := json.Marshal(j)
		if err != nil {
			return next, err
		}
		rows = append(rows, barometer.FrozenRow{Kind: barometer.RowJudgement, Key: j.ID, Body: string(body)})
	}
	return tx.AddRelease(ctx, next, rows)
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

// publicationKinds are the rows that make up a publication.
var publicationKinds = []barometer.RowKind{barometer.RowRound, barometer.RowArea, barometer.RowResult}

func readPublications(ctx context.Context, s *store.Store, of []barometer.ReleaseRound) ([]frozen, error) {
	publications := make([]frozen, len(of))
	for i, r := range of {
		rows, err := s.PublicationRows(ctx, r, publicationKinds...)
		if err != nil {
			return nil, err
		}
		if publications[i], err = thaw(r, rows); err != nil {
			return nil, err
		}
	}
	return publications, nil
}

// LoadHistory fills an empty database with what was published before this service, oldest round first, each round
// making a release. It does nothing, and says so by loaded, where there is a release already.
func LoadHistory(ctx context.Context, s *store.Store, cat *catalogue.Catalogue) (loaded bool, err error) {
	err = s.Tx(ctx, func(tx *store.Store) error {
		number, err := tx.LockDataset(ctx)
		if err != nil || number > 0 {
			return err
		}
		loaded = true
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
		if _, _, err := publish(ctx, tx, cat, round.Year); err != nil {
			return err
		}
	}
	return nil
}
