package lifecycle

import (
	"context"
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// CreateRound makes a round, as a draft that asks nothing yet: a real one of next year at the latest. Invalid lists every problem; Conflict where there is a
// round of that year.
func CreateRound(ctx context.Context, tx *store.Store, in barometer.RoundInput) (barometer.Round, error) {
	var p problems
	next := barometer.Year(tx.Now().Year() + 1)
	if !in.Year.Valid() || in.Year.Origin() == barometer.OriginReal && in.Year > next {
		p.add("/round", "out_of_range", "want a year from 2000 to %d, which is next year, or from %d to 9999 for a synthetic round",
			next, barometer.FirstSyntheticYear)
	}
	p.patch(in.Year, in.RoundPatch)
	if err := p.err("No round can be made of this."); err != nil {
		return barometer.Round{}, err
	}
	_, err := tx.Round(ctx, in.Year)
	if err == nil {
		return barometer.Round{}, barometer.Errorf(barometer.Conflict, "There is a round %d already.", in.Year)
	}
	if barometer.KindOf(err) != barometer.NotFound {
		return barometer.Round{}, err
	}
	round := barometer.Round{Year: in.Year, Origin: in.Year.Origin(), Status: barometer.Draft, RequirementsKnown: true}
	round = in.Apply(round)
	return round, tx.AddRound(ctx, round, nil)
}

// patch checks what of a round can be changed.
func (p *problems) patch(year barometer.Year, in barometer.RoundPatch) {
	p.oneOf("/kind", in.Kind, "pilot", "annual")
	p.oneOf("/law", in.Law, "serviceloven", "barnets_lov")
	switch drawn, source := in.CouldBeDrawn, in.CouldBeDrawnSource; {
	case drawn == nil && source != nil:
		p.add("/could_be_drawn_source", "not_allowed", "a source of no number; give could_be_drawn too, or neither")
	case drawn != nil && (*drawn < 1 || *drawn > municipalities):
		p.add("/could_be_drawn", "out_of_range", "want a number from 1 to %d", municipalities)
	case drawn != nil && source == nil && year.Origin() == barometer.OriginReal:
		p.add("/could_be_drawn_source", "required", "of a real round the number that could be drawn needs its source")
	}
	p.text("/could_be_drawn_source", in.CouldBeDrawnSource, barometer.MostNote)
	p.text("/note", in.Note, barometer.MostNote)
}

// municipalities is how many there are.
const municipalities = 98

// ChangeRound changes a draft; its law only to that of the requirements it asks. State where the round is none, Invalid
// with every problem, NotFound where there is none.
func ChangeRound(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year, patch barometer.RoundPatch) (barometer.Round, error) {
	round, err := lock(ctx, tx, year, "be changed", barometer.Draft)
	if err != nil {
		return round, err
	}
	var p problems
	p.patch(year, patch)
	asked, err := tx.RoundRequirements(ctx, year)
	if err != nil {
		return round, err
	}
	for _, r := range asked {
		if q, ok := cat.Requirement(r.Requirement, barometer.Danish); ok && patch.Law != round.Law && q.Law != patch.Law {
			p.add("/law", "wrong_law", "the round asks %s, which is a requirement of %s; ask others first", q.Code, q.Law)
			break
		}
	}
	if err := p.err("The round cannot be changed to this."); err != nil {
		return round, err
	}
	round = patch.Apply(round)
	return round, tx.UpdateRound(ctx, round)
}

// DeleteRound deletes a draft that has no cases and was never published: State where it is not so, NotFound where
// there is none.
func DeleteRound(ctx context.Context, tx *store.Store, year barometer.Year) error {
	if _, err := lock(ctx, tx, year, "be deleted", barometer.Draft); err != nil {
		return err
	}
	if err := withoutCases(ctx, tx, year, "be deleted"); err != nil {
		return err
	}
	err := tx.DeleteRound(ctx, year)
	if barometer.KindOf(err) == barometer.Invalid {
		return barometer.Errorf(barometer.State, "Round %d has been published, so it cannot be deleted.", year)
	}
	return err
}

// lock gives a round that nobody else changes until the transaction ends: State where it has none of the statuses in
// which something can be done with it.
func lock(ctx context.Context, tx *store.Store, year barometer.Year, what string, in ...barometer.RoundStatus) (barometer.Round, error) {
	round, err := tx.LockRound(ctx, year, true)
	if err == nil && !slices.Contains(in, round.Status) {
		return round, barometer.Errorf(barometer.State, "Round %d is %s; it can %s while it is %s.", year, round.Status, what, barometer.List(in))
	}
	return round, err
}

// withoutCases is State where a round has cases.
func withoutCases(ctx context.Context, tx *store.Store, year barometer.Year, what string) error {
	sizes, err := tx.SampleSizes(ctx, year)
	if err == nil && len(sizes) > 0 {
		return barometer.Errorf(barometer.State, "Round %d has cases; it can %s once it has none.", year, what)
	}
	return err
}

// PutRequirements makes these the requirements that a draft asks, and gives them by code. A precondition need not be
// asked itself; all are of the round's law. Invalid lists every problem; State where the round is no draft, or one of the published history, whose
// own list is not known.
func PutRequirements(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year, in barometer.RoundRequirementsInput) ([]barometer.RoundRequirement, error) {
	round, err := lock(ctx, tx, year, "be given requirements", barometer.Draft)
	if err != nil {
		return nil, err
	}
	if !round.RequirementsKnown {
		return nil, barometer.Errorf(barometer.State, "Round %d is of the published history: what it asked is not known.", year)
	}
	asked, err := requirementsOf(cat, round, in)
	if err != nil {
		return nil, err
	}
	if err := tx.ReplaceRoundRequirements(ctx, year, asked); err != nil {
		return nil, err
	}
	return tx.RoundRequirements(ctx, year)
}

func requirementsOf(cat *catalogue.Catalogue, round barometer.Round, in barometer.RoundRequirementsInput) ([]barometer.RoundRequirement, error) {
	var p problems
	var asked []barometer.RoundRequirement
	if len(in.Requirements) == 0 {
		p.add("/requirements", "too_few", "want at least one requirement")
	}
	first := map[string]int{}
	for i, r := range in.Requirements {
		at := pointer("/requirements/%d/", i)
		q, known := p.requirement(at+"requirement", r.Requirement, cat)
		if place, twice := first[r.Requirement]; twice && known {
			p.add(at+"requirement", "repeated", "the same requirement is in place %d of the list already", place)
		}
		first[r.Requirement] = i
		if known && q.Law != round.Law {
			p.add(at+"requirement", "wrong_law", "a requirement of %s, and the round is judged by %s", q.Law, round.Law)
		}
		p.label(at+"question_da", r.QuestionDa)
		p.label(at+"question_en", r.QuestionEn)
		asked = append(asked, barometer.RoundRequirement{
			Round: round.Year, Requirement: q.Code, Unit: q.Unit,
			Practice:   p.practice(at+"practice", r.Practice, q, cat.Practice(q.Code, round.Year)),
			QuestionDa: r.QuestionDa, QuestionEn: r.QuestionEn,
		})
	}
	return asked, p.err("The list of requirements has problems.")
}

// practice gives the practice that a requirement is judged by: the one asked for, or the catalogue's.
func (p *problems) practice(pointer string, given *string, q barometer.Requirement, ofCatalogue string) string {
	if given == nil {
		return ofCatalogue
	}
	codes := make([]string, len(q.Practices))
	for i, practice := range q.Practices {
		codes[i] = practice.Code
	}
	if q.Code != "" {
		p.oneOf(pointer, *given, codes...)
	}
	return *given
}
