package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Snapshot is one release held in memory, with all that public reads need. It never changes; a newer release is
// another Snapshot.
type Snapshot struct {
	cat      *catalogue.Catalogue
	data     dataset
	state    string // of its figures: published or live
	acts     int    // how often what is served had changed
	release  barometer.Release
	releases []barometer.Release
	gone     map[barometer.Year]barometer.Publication // rounds that were public and no longer are, by what was withdrawn last
	results  []barometer.Result                       // of rounds, in the order of the API, in Danish
	periods  []barometer.Result
	areas    map[areaOfRound][]barometer.Result // the results of one area and round, in the same order
	// parts are the results by case type of each round, by the key of what they are parts of.
	parts map[barometer.Year]func() map[string][]barometer.Result
}

type areaOfRound struct {
	round barometer.Year
	area  string
}

// Load reads the current release as it stands at one moment; NotFound before the first.
func Load(ctx context.Context, s *store.Store, cat *catalogue.Catalogue) (snapshot *Snapshot, err error) {
	err = s.View(ctx, func(tx *store.Store) error {
		snapshot, err = load(ctx, tx, cat)
		return err
	})
	return snapshot, err
}

func load(ctx context.Context, s *store.Store, cat *catalogue.Catalogue) (*Snapshot, error) {
	served, err := s.Served(ctx)
	if err != nil {
		return nil, err
	}
	releases, err := s.Releases(ctx)
	if err != nil {
		return nil, err
	}
	current := newest(releases, barometer.ReleasePublished)
	if current.Number == 0 {
		return nil, barometer.Errorf(barometer.NotFound, "nothing is published yet")
	}
	publications, err := readPublications(ctx, s, current.Rounds)
	if err != nil {
		return nil, err
	}
	judgements, err := readJudgements(ctx, s, current.Number)
	if err != nil {
		return nil, err
	}
	withdrawn, err := s.WithdrawnPublications(ctx)
	if err != nil {
		return nil, err
	}
	snapshot := &Snapshot{
		cat: cat, data: newDataset(cat, publications, judgements), state: "published", acts: served.Acts,
		release: current, releases: releases, gone: lastWithdrawn(withdrawn), areas: map[areaOfRound][]barometer.Result{},
	}
	snapshot.breakDown(true)
	return snapshot, snapshot.readResults(ctx, s, current.Number)
}

// lastWithdrawn gives what was withdrawn last of each round.
func lastWithdrawn(all []barometer.Publication) map[barometer.Year]barometer.Publication {
	last := map[barometer.Year]barometer.Publication{}
	for _, p := range all {
		if other, ok := last[p.Round]; !ok || p.WithdrawnAt.After(*other.WithdrawnAt) {
			last[p.Round] = p
		}
	}
	return last
}

func readJudgements(ctx context.Context, s *store.Store, release int) ([]barometer.Judgement, error) {
	rows, err := s.ReleaseRows(ctx, release, barometer.RowJudgement)
	if err != nil {
		return nil, err
	}
	judgements := make([]barometer.Judgement, len(rows))
	for i, row := range rows {
		if err := read(row, &judgements[i]); err != nil {
			return nil, err
		}
	}
	return judgements, nil
}

// readResults reads the release's results and puts them in the order of the API.
func (s *Snapshot) readResults(ctx context.Context, from *store.Store, release int) error {
	rows, err := from.ReleaseRows(ctx, release, barometer.RowResult)
	if err != nil {
		return err
	}
	for _, row := range rows {
		var r barometer.Result
		if err := read(row, &r); err != nil {
			return err
		}
		if r.Change != nil && r.Change.Sentence == "" { // the first method made none
			r.Change.Sentence = s.data.sentence(r, barometer.Danish)
		}
		if r.Round == nil {
			s.periods = append(s.periods, r)
		} else {
			s.results = append(s.results, r)
		}
	}
	byPlace := func(a, b barometer.Result) int { return strings.Compare(s.SortKey(a), s.SortKey(b)) }
	slices.SortFunc(s.results, byPlace)
	slices.SortFunc(s.periods, byPlace)
	for _, r := range s.results {
		at := areaOfRound{*r.Round, r.Area}
		s.areas[at] = append(s.areas[at], r)
	}
	return nil
}

// SortKey gives a result's place in a list: by round or period, area (the country last, as letters come after digits),
// and the catalogue's order, themes before their requirements.
func (s *Snapshot) SortKey(r barometer.Result) string {
	rounds := r.Rounds
	if r.Round != nil {
		rounds = []barometer.Year{*r.Round}
	}
	requirement, method := "", 0
	if r.Requirement != nil {
		requirement = *r.Requirement
	} else if r.Method == barometer.MeanOfRequirements {
		method = 1
	}
	caseType := ""
	if r.CaseType != nil {
		caseType = string(*r.CaseType) // family treatment, placement, placement without consent
	}
	return fmt.Sprintf("%s.%s.%04d.%d.%s", yearList(rounds), r.Area, s.cat.Order(r.Theme, requirement), method, caseType)
}

// Catalogue gives the catalogue.
func (s *Snapshot) Catalogue() *catalogue.Catalogue { return s.cat }

// Judgements gives the judgements in force, by id.
func (s *Snapshot) Judgements() []barometer.Judgement { return s.data.judgements }

// Rounds gives the published rounds, by year.
func (s *Snapshot) Rounds() []barometer.Round {
	var rounds []barometer.Round
	for _, y := range s.data.years {
		rounds = append(rounds, s.data.rounds[y].round.Round)
	}
	return rounds
}

// Round gives a published round; NotFound where none of that year is published, Gone where it was and is withdrawn.
func (s *Snapshot) Round(year barometer.Year) (barometer.Round, error) {
	if p, ok := s.data.rounds[year]; ok {
		return p.round.Round, nil
	}
	if p, ok := s.gone[year]; ok {
		return barometer.Round{}, tombstone(p)
	}
	return barometer.Round{}, barometer.Errorf(barometer.NotFound,
		"No round %d is published. Published rounds: %s.", year, yearList(s.data.years))
}

// RoundRequirements gives the requirements of a published round as asked, in catalogue order; where the round's own
// list is not known, all of its law.
func (s *Snapshot) RoundRequirements(year barometer.Year, lang barometer.Lang) ([]barometer.RoundRequirement, error) {
	round, err := s.Round(year)
	if err != nil {
		return nil, err
	}
	var out []barometer.RoundRequirement
	frozen := s.data.rounds[year].round
	for _, code := range frozen.Listed {
		q, _ := s.cat.Requirement(code, lang)
		r := barometer.RoundRequirement{
			Round: year, Requirement: code, Theme: q.Theme, Unit: q.Unit, Practice: frozen.Asked.practice(s.cat, code, year),
		}
		if question := frozen.Asked.question(s.cat, code, lang); question != nil {
			r.Question = *question
		}
		if round.RequirementsKnown {
			asked := true
			r.Asked = &asked
		}
		out = append(out, r)
	}
	return out, nil
}

// Participations gives the recorded participations of a published round, by municipality.
func (s *Snapshot) Participations(year barometer.Year) ([]barometer.Participation, error) {
	if _, err := s.Round(year); err != nil {
		return nil, err
	}
	out := slices.Clone(s.data.rounds[year].round.Participations)
	for i := range out {
		out[i].Name = s.cat.AreaName(out[i].Municipality, barometer.Danish)
	}
	return out, nil
}

// MunicipalityDetail gives a municipality with its recorded participations. When it is due again its latest one says; where
// that says nothing, it is three years later if two participations three years apart show that it follows the cycle.
func (s *Snapshot) MunicipalityDetail(code string) (barometer.MunicipalityDetail, error) {
	m, ok := s.cat.Municipality(code)
	if !ok {
		return barometer.MunicipalityDetail{}, barometer.Errorf(barometer.NotFound,
			"There is no municipality %s. Codes have four digits, such as 0707; see /v1/municipalities.", code)
	}
	detail := barometer.MunicipalityDetail{Municipality: m}
	audited := s.data.participated(code, barometer.OriginReal)
	detail.DueRound = s.due(code, audited)
	detail.Rounds = append([]barometer.Year{}, audited...)
	detail.SyntheticRounds = append([]barometer.Year{}, s.data.participated(code, barometer.OriginSynthetic)...)
	return detail, nil
}

func (s *Snapshot) due(code string, audited []barometer.Year) *barometer.Year {
	if len(audited) == 0 {
		return nil
	}
	const cycle = 3
	latest := audited[len(audited)-1]
	for _, p := range s.data.rounds[latest].round.Participations {
		if p.Municipality == code && p.DueRound != nil {
			return p.DueRound
		}
	}
	if len(audited) == 1 || latest-audited[len(audited)-2] != cycle {
		return nil
	}
	due := latest + cycle
	return &due
}

func (s *Snapshot) kept(all []barometer.Result, keep func(barometer.Result) bool, lang barometer.Lang) []barometer.Result {
	var out []barometer.Result
	for _, r := range all {
		if keep(r) {
			out = append(out, s.in(r, lang))
		}
	}
	return out
}

// in gives a result in a language: the Danish of a release is kept as it was published.
func (s *Snapshot) in(r barometer.Result, lang barometer.Lang) barometer.Result {
	if lang == barometer.Danish {
		return r
	}
	return s.data.localise(r, lang)
}
