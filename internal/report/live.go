package report

import (
	"context"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// LiveRound has the figures of a round that is not public yet, or is reopened or corrected: as publishing it at that
// moment would freeze and release them, or as they are announced.
type LiveRound struct {
	snapshot *Snapshot // that would be made, without released rows
	year     barometer.Year
	area     string // the one area to be seen; "" for all
}

// HasLiveFigures tells whether there are figures of a round for those allowed before everybody sees them: while it is in
// hearing, or the one that is announced; announced is 0 where none is.
func HasLiveFigures(r barometer.Round, announced barometer.Year) bool {
	return r.Status == barometer.Hearing || r.Status == barometer.Published && r.Year == announced
}

// Live gives the figures of a round that nobody else sees yet. Of one in hearing they are computed from its outcomes,
// compared with the other rounds by the judgements in force; of the announced one they are those announced. NotFound
// where there is no such round, State where it is neither.
func Live(ctx context.Context, s *store.Store, cat *catalogue.Catalogue, year barometer.Year) (*LiveRound, error) {
	return liveBeside(ctx, s, &Snapshot{cat: cat}, year)
}

// Live does the same for the data set that is served, and spares itself the reading of what the snapshot holds. Of cases
// it reads those of a scope alone: what is computed for others, and for the country, is then not theirs to be shown.
func (c *Current) Live(ctx context.Context, year barometer.Year, scope store.Scope) (*LiveRound, error) {
	return liveBeside(ctx, c.store.Within(scope), c.Snapshot(), year)
}

func liveBeside(ctx context.Context, s *store.Store, at *Snapshot, year barometer.Year) (live *LiveRound, err error) {
	err = s.View(ctx, func(tx *store.Store) error {
		round, err := tx.Round(ctx, year)
		if barometer.KindOf(err) == barometer.NotFound && err != nil {
			return barometer.Errorf(barometer.NotFound, "There is no round %d.", year)
		}
		if err != nil {
			return err
		}
		snapshot, err := unseen(ctx, tx, at, round)
		live = &LiveRound{snapshot: snapshot, year: year}
		return err
	})
	return live, err
}

// unseen is the snapshot that has what nobody else sees yet of a round; State where there is no such thing.
func unseen(ctx context.Context, s *store.Store, at *Snapshot, round barometer.Round) (*Snapshot, error) {
	all, err := s.Releases(ctx)
	if err != nil {
		return nil, err
	}
	announced, current := newest(all, barometer.ReleaseAnnounced), newest(all, barometer.ReleasePublished)
	switch {
	case round.Status == barometer.Hearing:
		return prospect(ctx, s, at, current, round.Year)
	case HasLiveFigures(round, announced.For):
		return ahead(ctx, s, at, current, announced)
	default:
		return nil, barometer.Errorf(barometer.State,
			"Round %d is %s; there are live figures while a round is in hearing, or announced.", round.Year, round.Status)
	}
}

// prospect is the snapshot that publishing a round would make, with nothing written.
func prospect(ctx context.Context, s *store.Store, at *Snapshot, base barometer.Release, year barometer.Year) (*Snapshot, error) {
	years, err := pending(ctx, s, base, year)
	if err != nil {
		return nil, err
	}
	rounds := map[barometer.Year]frozen{}
	for _, y := range years {
		facts, err := readRound(ctx, s, at.cat, y)
		if err != nil {
			return nil, err
		}
		rounds[y] = unfrozen(facts, facts.figures(at.cat))
	}
	for _, held := range base.Rounds {
		if _, renewed := rounds[held.Round]; renewed {
			continue
		}
		if rounds[held.Round], err = at.publication(ctx, s, held); err != nil {
			return nil, err
		}
	}
	judgements, err := s.Judgements(ctx)
	return liveSnapshot(at, rounds, judgements, base), err
}

// ahead is the snapshot that an announced release will make, beside the current one.
func ahead(ctx context.Context, s *store.Store, at *Snapshot, current, announced barometer.Release) (*Snapshot, error) {
	rounds := map[barometer.Year]frozen{}
	for _, held := range announced.Rounds {
		var err error
		if rounds[held.Round], err = at.publication(ctx, s, held); err != nil {
			return nil, err
		}
	}
	judgements, err := readJudgements(ctx, s, announced.Number)
	return liveSnapshot(at, rounds, judgements, current), err
}

func liveSnapshot(at *Snapshot, rounds map[barometer.Year]frozen, judgements []barometer.Judgement, base barometer.Release) *Snapshot {
	s := &Snapshot{cat: at.cat, data: newDataset(at.cat, rounds, judgements), state: "live", release: base}
	s.breakDown(false)
	return s
}

// publication gives a publication from the snapshot where it has it, else from the store. None is ever changed.
func (s *Snapshot) publication(ctx context.Context, from *store.Store, held barometer.ReleaseRound) (frozen, error) {
	if p, ok := s.data.rounds[held.Round]; ok && p.at == held {
		return p, nil
	}
	return readPublication(ctx, from, held)
}

// OnlyMunicipality gives what a municipality may see: its own figures, and of the country's none.
func (l *LiveRound) OnlyMunicipality(code string) *LiveRound {
	return &LiveRound{snapshot: l.snapshot, year: l.year, area: code}
}

// OnlyCountry gives the figures of the country alone, by case type as everybody will see them.
func (l *LiveRound) OnlyCountry() *LiveRound {
	guarded := *l.snapshot
	guarded.breakDown(true)
	return &LiveRound{snapshot: &guarded, year: l.year, area: barometer.Country}
}

// Scorecard gives all results of an area, as [Snapshot.Scorecard] does; NotFound for an area that is not to be seen.
func (l *LiveRound) Scorecard(area string, b Baseline, lang barometer.Lang) (barometer.Scorecard, error) {
	if err := l.check(area); err != nil {
		return barometer.Scorecard{}, err
	}
	card, err := l.snapshot.Scorecard(l.year, area, b, lang)
	for i := range card.Themes {
		theme := &card.Themes[i]
		l.hide(&theme.Pooled)
		l.hide(&theme.MeanOfRequirements)
		for j := range theme.Requirements {
			l.hide(&theme.Requirements[j])
		}
	}
	return card, err
}

// Results gives the results that a filter keeps against their default baselines, in the order of [Snapshot.Results].
func (l *LiveRound) Results(keep func(barometer.Result) bool, o Options, lang barometer.Lang) []barometer.Result {
	var out []barometer.Result
	round := l.snapshot.data.rounds[l.year]
	for _, area := range round.inTurn {
		if l.area != "" && area != l.area {
			continue
		}
		var baseline *barometer.Year
		if y, ok := l.snapshot.data.baseline(area, l.year); ok {
			baseline = &y
		}
		results := l.snapshot.comparedTo(l.year, round.areas[area], baseline, o, lang)
		if o.Breakdown {
			results = l.snapshot.withBreakdown(results, lang)
		}
		for _, r := range results {
			if keep(r) {
				l.hide(&r)
				out = append(out, r)
			}
		}
	}
	return out
}

// Denominator explains the denominator of a requirement in an area, as [Snapshot.Denominator] does; NotFound for an area
// that is not to be seen.
func (l *LiveRound) Denominator(area, requirement string, lang barometer.Lang) (barometer.Denominator, error) {
	if err := l.check(area); err != nil {
		return barometer.Denominator{}, err
	}
	return l.snapshot.Denominator(l.year, area, requirement, lang)
}

// Release gives the number of the release that the figures are compared with.
func (l *LiveRound) Release() int { return l.snapshot.release.Number }

func (l *LiveRound) check(area string) error {
	if l.area == "" || area == l.area {
		return nil
	}
	return barometer.Errorf(barometer.NotFound, "There are no figures of %s in round %d.", area, l.year)
}

// hide withholds the country's figure from a municipality.
func (l *LiveRound) hide(r *barometer.Result) {
	if l.area != "" && r.Country != nil {
		r.Country = &barometer.CountryFigure{Status: barometer.Withheld}
	}
}
