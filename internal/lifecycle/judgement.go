package lifecycle

import (
	"context"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// CreateJudgement records a judgement of comparability, which takes effect with the next release. Invalid lists every
// problem; Conflict where the same is judged already.
func CreateJudgement(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, in barometer.JudgementInput) (barometer.Judgement, error) {
	j := in.Apply(barometer.Judgement{
		Kind: in.Kind, Requirement: in.Requirement, SinceRound: in.SinceRound, FromRound: in.FromRound, ToRound: in.ToRound,
	})
	var p problems
	p.requirement("/requirement", in.Requirement, cat)
	p.judgedRounds(in)
	p.judgement(in.JudgementPatch, cat)
	if err := p.err("The judgement has problems."); err != nil {
		return j, err
	}
	if _, err := tx.LockDataset(ctx); err != nil {
		return j, err
	}
	j.ID = j.NaturalID()
	_, err := tx.Judgement(ctx, j.ID)
	if err == nil {
		return j, barometer.Errorf(barometer.Conflict, "The judgement %s is there already; change that one.", j.ID)
	}
	if barometer.KindOf(err) != barometer.NotFound {
		return j, err
	}
	return j, tx.AddJudgements(ctx, []barometer.Judgement{j})
}

// judgedRounds checks that a judgement is a break since a round, or of a pair of rounds.
func (p *problems) judgedRounds(in barometer.JudgementInput) {
	years := map[string]*barometer.Year{"/since_round": in.SinceRound, "/from_round": in.FromRound, "/to_round": in.ToRound}
	takes := map[barometer.JudgementKind][]string{barometer.Break: {"/since_round"}, barometer.Pair: {"/from_round", "/to_round"}}
	p.oneOf("/kind", string(in.Kind), string(barometer.Break), string(barometer.Pair))
	if takes[in.Kind] == nil {
		return
	}
	for _, at := range []string{"/since_round", "/from_round", "/to_round"} {
		isTaken := at == takes[in.Kind][0] || at == takes[in.Kind][len(takes[in.Kind])-1]
		switch year := years[at]; {
		case isTaken && year == nil:
			p.add(at, "required", "a %s needs it", in.Kind)
		case !isTaken && year != nil:
			p.add(at, "not_allowed", "a %s does not take it", in.Kind)
		case year != nil && !year.Valid():
			p.add(at, "out_of_range", "want a year from 2000 to 9999")
		}
	}
	if from, to := in.FromRound, in.ToRound; in.Kind == barometer.Pair && from != nil && to != nil &&
		(*from >= *to || from.Origin() != to.Origin()) {
		p.add("/to_round", "out_of_range", "want a later round than %d, of the same origin", *from)
	}
}

// judgement checks what of a judgement can be changed.
func (p *problems) judgement(in barometer.JudgementPatch, cat *catalogue.Catalogue) {
	p.oneOf("/judgement", string(in.Judgement), codes(cat, "judgements")...)
	p.oneOf("/reason", in.Reason, codes(cat, "comparability_reasons")...)
	if in.Effect != nil {
		p.oneOf("/effect", *in.Effect, "stricter", "looser", "unknown")
	}
	p.oneOf("/judged_by", in.JudgedBy, "municipality", "publisher", "service")
	if in.Date != nil {
		if _, err := time.Parse(time.DateOnly, *in.Date); err != nil {
			p.add("/date", "wrong_form", "want a date, such as 2026-11-22")
		}
	}
	p.label("/note_da", &in.NoteDa)
	p.label("/note_en", &in.NoteEn)
	p.source("/source", in.Source, cat)
}

// codes lists a code list's codes.
func codes(cat *catalogue.Catalogue, list string) []string {
	var out []string
	for _, c := range cat.CodeList(list, barometer.Danish) {
		out = append(out, c.Code)
	}
	return out
}

// ChangeJudgement changes the opinion, not what it is about; it takes effect with the next release. Invalid lists every
// problem; NotFound where there is no judgement of that id.
func ChangeJudgement(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, id string, patch barometer.JudgementPatch) (barometer.Judgement, error) {
	var p problems
	p.judgement(patch, cat)
	if err := p.err("The judgement has problems."); err != nil {
		return barometer.Judgement{}, err
	}
	if _, err := tx.LockDataset(ctx); err != nil {
		return barometer.Judgement{}, err
	}
	j, err := tx.Judgement(ctx, id)
	if err != nil {
		return j, err
	}
	j = patch.Apply(j)
	return j, tx.UpdateJudgement(ctx, j)
}

// DeleteJudgement deletes a judgement; it takes effect with the next release. NotFound where there is none of that id.
func DeleteJudgement(ctx context.Context, tx *store.Store, id string) error {
	if _, err := tx.LockDataset(ctx); err != nil {
		return err
	}
	return tx.DeleteJudgement(ctx, id)
}
