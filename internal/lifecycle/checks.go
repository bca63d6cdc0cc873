package lifecycle

import (
	"context"
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Checks says what stands between a round and its next status: every check, whether it holds or not. Nothing is asked
// of a round of the published history. NotFound where there is no such round.
func Checks(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year, lang barometer.Lang) (barometer.Checks, error) {
	round, err := roundOf(ctx, tx, year)
	if err != nil {
		return barometer.Checks{}, err
	}
	return check(ctx, tx, cat, round, lang)
}

// roundOf gives a round; NotFound says which there is none of.
func roundOf(ctx context.Context, tx *store.Store, year barometer.Year) (barometer.Round, error) {
	round, err := tx.Round(ctx, year)
	if err != nil && barometer.KindOf(err) == barometer.NotFound {
		return round, barometer.Errorf(barometer.NotFound, "There is no round %d.", year)
	}
	return round, err
}

// inOrder lists the statuses from first to last.
var inOrder = []barometer.RoundStatus{barometer.Draft, barometer.Collecting, barometer.Hearing, barometer.Published}

func check(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, round barometer.Round, lang barometer.Lang) (barometer.Checks, error) {
	out := barometer.Checks{Round: round.Year, Ready: true, Checks: []barometer.Check{}}
	if !round.RequirementsKnown {
		return out, nil
	}
	in, err := inspect(ctx, tx, cat, round, lang)
	if err != nil {
		return out, err
	}
	next := inOrder[min(slices.Index(inOrder, round.Status)+1, len(inOrder)-1)]
	for _, r := range rules {
		f, err := r.find(ctx, in)
		if err != nil {
			return out, err
		}
		blocks := inOrder[slices.Index(inOrder, r.before):]
		out.Checks = append(out.Checks, barometer.Check{
			Code: r.code, Blocks: blocks, Count: f.count, Text: r.text.In(lang), Links: append([]barometer.CheckLink{}, f.links...),
		})
		if f.count > 0 && slices.Contains(blocks, next) {
			out.Ready = false
		}
	}
	return out, nil
}

// rule is one check: what must hold before a round goes to a status or any after it.
type rule struct {
	code   string
	before barometer.RoundStatus
	text   barometer.Text
	find   func(ctx context.Context, in inspection) (finding, error)
}

var rules = []rule{
	{"no_requirements", barometer.Collecting, barometer.Text{Da: "Undersøgelsen har ingen lovkrav", En: "The round asks no requirement"}, noRequirements},
	{"no_participations", barometer.Collecting, barometer.Text{Da: "Ingen kommune deltager", En: "No municipality takes part"}, noParticipations},
	{"no_cases", barometer.Hearing, barometer.Text{Da: "Stikprøven har ingen sager", En: "The sample has no case"}, noCases},
	{"participants_without_cases", barometer.Published, barometer.Text{Da: "Deltagende kommuner uden sager", En: "Participants without cases"}, participantsWithoutCases},
	{"cases_against_participation", barometer.Published, barometer.Text{
		Da: "Kommuner, hvis antal sager ikke er det antal, der blev udtrukket", En: "Participants whose number of cases is not the number drawn",
	}, casesAgainstParticipation},
	{"missing_outcomes", barometer.Published, barometer.Text{Da: "Resultater, der ikke er indtastet", En: "Outcomes that are not entered"}, missingOutcomes},
	{"precondition_conflicts", barometer.Published, barometer.Text{
		Da: "Resultater, der strider mod deres forudsætning", En: "Outcomes that conflict with their precondition",
	}, preconditionConflicts},
	{"missing_reasons", barometer.Published, barometer.Text{
		Da: "Resultater, hvis begrundelse mangler eller ikke passer", En: "Outcomes whose reason is missing or does not go with them",
	}, missingReasons},
}

// finding is what a check found.
type finding struct {
	count int
	links []barometer.CheckLink
}

// mostLinks is how many places a check leads to.
const mostLinks = 20

// link keeps the first links.
func (f *finding) link(l barometer.CheckLink) {
	if len(f.links) < mostLinks {
		f.links = append(f.links, l)
	}
}

// inspection is a round with what most checks need.
type inspection struct {
	tx             *store.Store
	round          barometer.Round
	lang           barometer.Lang
	asked          []barometer.Requirement // in catalogue order
	participations []barometer.Participation
	entry          map[string]entry // by municipality
}

// entry is how far the entry of a municipality's cases is.
type entry struct{ sample, withdrawn store.EntryTally }

func (e entry) cases() int { return e.sample.Cases + e.withdrawn.Cases }

func inspect(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, round barometer.Round, lang barometer.Lang) (in inspection, err error) {
	in = inspection{tx: tx, round: round, lang: lang}
	asked, err := tx.RoundRequirements(ctx, round.Year)
	if err != nil {
		return in, err
	}
	for _, q := range cat.Requirements(lang) {
		if slices.ContainsFunc(asked, func(r barometer.RoundRequirement) bool { return r.Requirement == q.Code }) {
			in.asked = append(in.asked, q)
		}
	}
	if in.participations, err = tx.Participations(ctx, round.Year); err != nil {
		return in, err
	}
	in.entry, err = entriesOf(ctx, tx, round.Year)
	return in, err
}

func entriesOf(ctx context.Context, tx *store.Store, year barometer.Year) (map[string]entry, error) {
	tallies, err := tx.EntryTallies(ctx, year)
	entries := map[string]entry{}
	for _, t := range tallies {
		e := entries[t.Municipality]
		if t.Withdrawn {
			e.withdrawn = t
		} else {
			e.sample = t
		}
		entries[t.Municipality] = e
	}
	return entries, err
}

// say gives a text in the language of the checks.
func (in inspection) say(da, en string) string { return barometer.Text{Da: da, En: en}.In(in.lang) }
