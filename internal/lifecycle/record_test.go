package lifecycle_test

import (
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/lifecycle"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func opinion() barometer.JudgementPatch {
	return barometer.JudgementPatch{
		Judgement: barometer.WithCaveat, Reason: "practice_changed", Effect: ptr("stricter"), JudgedBy: "publisher", Date: ptr("2026-11-22"),
		NoteDa: "Praksis er ændret.", NoteEn: "The practice has changed.", Source: "ishoej-memo",
	}
}

func breakOf(requirement string, since barometer.Year) barometer.JudgementInput {
	return barometer.JudgementInput{Kind: barometer.Break, Requirement: requirement, SinceRound: &since, JudgementPatch: opinion()}
}

func TestJudgementsAreRecorded(t *testing.T) {
	runWithHistory(t, func(b bench) {
		create := func(in barometer.JudgementInput) (j barometer.Judgement, err error) {
			err = b.tx(func(tx *store.Store) error {
				j, err = lifecycle.CreateJudgement(b.ctx, tx, b.cat, in)
				return err
			})
			return j, err
		}
		j, err := create(breakOf(child, 2022))
		b.must(err)
		want := barometer.Judgement{
			ID: "break.investigation_within_four_months.2022", Kind: barometer.Break, Requirement: child, SinceRound: ptr(barometer.Year(2022)),
			Judgement: barometer.WithCaveat, Reason: "practice_changed", Effect: ptr("stricter"), JudgedBy: "publisher", Date: ptr("2026-11-22"),
			NoteDa: "Praksis er ændret.", NoteEn: "The practice has changed.", Source: "ishoej-memo",
		}
		same(b, want, j)
		pair, err := create(barometer.JudgementInput{
			Kind: barometer.Pair, Requirement: notice, FromRound: ptr(barometer.Year(2020)), ToRound: ptr(barometer.Year(2023)), JudgementPatch: opinion(),
		})
		b.must(err)
		same(b, "pair.notification_assessed_within_24_hours.2020.2023", pair.ID)
		for _, twice := range []barometer.JudgementInput{breakOf(child, 2022), breakOf(child, 2023)} { // the latter is in the history
			_, err = create(twice)
			b.refused(err, barometer.Conflict)
		}

		change := func(id string, patch barometer.JudgementPatch) error {
			return b.tx(func(tx *store.Store) error {
				_, err := lifecycle.ChangeJudgement(b.ctx, tx, b.cat, id, patch)
				return err
			})
		}
		patch := opinion()
		patch.Judgement, patch.Effect, patch.Date = barometer.Comparable, nil, nil
		b.must(change(j.ID, patch))
		want.Judgement, want.Effect, want.Date = barometer.Comparable, nil, nil
		stored, err := b.store.Judgement(b.ctx, j.ID)
		b.must(err)
		same(b, want, stored)
		b.refused(change("break.x.2022", patch), barometer.NotFound)
		patch.Source = ""
		b.refused(change(j.ID, patch), barometer.Invalid, "/source unknown_value")

		remove := func(tx *store.Store) error { return lifecycle.DeleteJudgement(b.ctx, tx, j.ID) }
		b.must(b.tx(remove))
		b.refused(b.tx(remove), barometer.NotFound)
	})
}

func TestJudgementsHoldTogether(t *testing.T) {
	run(t, func(b bench) {
		y := func(year barometer.Year) *barometer.Year { return &year }
		for name, test := range map[string]struct {
			in       barometer.JudgementInput
			problems []string
		}{
			"a break of two rounds": {
				barometer.JudgementInput{Kind: barometer.Break, FromRound: y(2020), ToRound: y(2023)},
				[]string{"/since_round required", "/from_round not_allowed", "/to_round not_allowed"},
			},
			"a pair of one":         {barometer.JudgementInput{Kind: barometer.Pair, SinceRound: y(2020), ToRound: y(2023)}, []string{"/since_round not_allowed", "/from_round required"}},
			"a pair the wrong way":  {barometer.JudgementInput{Kind: barometer.Pair, FromRound: y(2023), ToRound: y(2020)}, []string{"/to_round out_of_range"}},
			"a round with itself":   {barometer.JudgementInput{Kind: barometer.Pair, FromRound: y(2023), ToRound: y(2023)}, []string{"/to_round out_of_range"}},
			"of different origin":   {barometer.JudgementInput{Kind: barometer.Pair, FromRound: y(2023), ToRound: y(9023)}, []string{"/to_round out_of_range"}},
			"years that are none":   {barometer.JudgementInput{Kind: barometer.Break, SinceRound: y(1999)}, []string{"/since_round out_of_range"}},
			"a kind that is none":   {barometer.JudgementInput{Kind: "gap", SinceRound: y(2023)}, []string{"/kind unknown_value"}},
			"synthetic ones can be": {barometer.JudgementInput{Kind: barometer.Pair, FromRound: y(9023), ToRound: y(9026)}, nil},
		} {
			test.in.Requirement, test.in.JudgementPatch = parent, opinion()
			err := b.try(func(tx *store.Store) error {
				_, err := lifecycle.CreateJudgement(b.ctx, tx, b.cat, test.in)
				return err
			})
			if test.problems == nil {
				b.must(err)
				continue
			}
			b.Log(name)
			b.refused(err, barometer.Invalid, test.problems...)
		}
		err := b.tx(func(tx *store.Store) error {
			_, err := lifecycle.CreateJudgement(b.ctx, tx, b.cat, barometer.JudgementInput{
				Kind: barometer.Break, Requirement: "child_happy", SinceRound: y(2023), JudgementPatch: barometer.JudgementPatch{
					Judgement: "perhaps", Reason: "weather", Effect: ptr("odd"), JudgedBy: "me", Date: ptr("2026-02-30"), NoteDa: "010190 1234", NoteEn: " ", Source: "hearsay",
				},
			})
			return err
		})
		b.refused(err, barometer.Invalid, "/requirement unknown_value", "/judgement unknown_value", "/reason unknown_value", "/effect unknown_value",
			"/judged_by unknown_value", "/date wrong_form", "/note_da personal_number", "/note_en too_short", "/source unknown_value")
	})
}

func (b bench) report(at barometer.ReportedResult, in barometer.ReportedInput) error {
	return b.tx(func(tx *store.Store) error {
		_, err := lifecycle.PutReported(b.ctx, tx, b.cat, at, in)
		return err
	})
}

func (b bench) pending(y barometer.Year) bool {
	b.Helper()
	round, err := b.store.Round(b.ctx, y)
	b.must(err)
	return round.RecordsChanged
}

// The figures of Ishøj 2023: 15 cases, on the four months 1 of 6, 17 percent.
func TestReportedFiguresTakeEffectLater(t *testing.T) {
	runWithHistory(t, func(b bench) {
		at := barometer.ReportedResult{Round: 2023, Area: "0183", Requirement: child}
		printed := barometer.ReportedInput{Met: ptr(1), Assessed: ptr(6), Percent: 17, Cases: ptr(15), Source: "ishoej-memo"}
		before, err := b.store.ReportedResult(b.ctx, at.Round, at.Area, at.Requirement)
		b.must(err)
		printed.PrintedAs, printed.Note = before.PrintedAs, before.Note
		b.must(b.report(at, printed)) // as it is
		if b.pending(2023) {
			b.Error("nothing has changed, but it is pending")
		}
		printed.Note = ptr("Rettet")
		b.must(b.report(at, printed))
		after, err := b.store.ReportedResult(b.ctx, at.Round, at.Area, at.Requirement)
		b.must(err)
		before.Note = ptr("Rettet")
		same(b, before, after)
		if !b.pending(2023) || b.pending(2020) {
			b.Error("a changed figure is pending in its round alone")
		}
		b.must(b.store.SetRecordsChanged(b.ctx, 2023, false))
		remove := func(tx *store.Store) error { return lifecycle.DeleteReported(b.ctx, tx, at) }
		b.must(b.tx(remove))
		if !b.pending(2023) {
			b.Error("a deleted figure is pending")
		}
		b.refused(b.tx(remove), barometer.NotFound)
	})
}

func TestReportedFiguresHoldTogether(t *testing.T) {
	runWithHistory(t, func(b bench) {
		memo := func(met, assessed *int, percent int, cases *int) barometer.ReportedInput {
			return barometer.ReportedInput{Met: met, Assessed: assessed, Percent: percent, Cases: cases, Source: "ishoej-memo"}
		}
		ishoej := barometer.ReportedResult{Round: 2023, Area: "0183", Requirement: child}
		for name, test := range map[string]struct {
			in       barometer.ReportedInput
			problems []string
		}{
			"met of nothing":        {memo(ptr(1), nil, 17, nil), []string{"/assessed missing"}},
			"more met than assed":   {memo(ptr(7), ptr(6), 100, nil), []string{"/met out_of_range"}},
			"assessed beyond cases": {memo(ptr(8), ptr(16), 50, ptr(15)), []string{"/assessed out_of_range"}},
			"rounded down":          {memo(ptr(1), ptr(6), 16, nil), []string{"/percent impossible_percent"}}, // 16.67
			"half down":             {memo(ptr(1), ptr(8), 12, nil), []string{"/percent impossible_percent"}}, // 12.5
			"no count of six":       {memo(nil, ptr(6), 18, nil), []string{"/percent impossible_percent"}},
			"no counts of 15":       {memo(nil, nil, 99, ptr(15)), []string{"/percent impossible_percent"}},
			"another sample":        {memo(ptr(1), ptr(6), 17, ptr(14)), []string{"/cases not_as_recorded"}}, // the memo's others have 15
			"a hundred and one":     {memo(nil, nil, 101, nil), []string{"/percent out_of_range"}},
		} {
			b.Log(name)
			b.refused(b.report(ishoej, test.in), barometer.Invalid, test.problems...)
		}
		bad := memo(nil, nil, 17, nil)
		bad.Source, bad.PrintedAs, bad.Note = "hearsay", ptr("010190-1234"), ptr("\x00")
		b.refused(b.report(ishoej, bad), barometer.Invalid, "/source unknown_value", "/printed_as personal_number", "/note bad_character")

		good := memo(nil, nil, 50, nil)
		for _, test := range []struct {
			at   barometer.ReportedResult
			kind barometer.Kind
		}{
			{barometer.ReportedResult{Round: 2018, Area: "0183", Requirement: child}, barometer.NotFound},
			{barometer.ReportedResult{Round: 2023, Area: "0411", Requirement: child}, barometer.NotFound},
			{barometer.ReportedResult{Round: 2023, Area: "0183", Requirement: "child_happy"}, barometer.NotFound},
			{barometer.ReportedResult{Round: 2023, Area: "0101", Requirement: child}, barometer.Invalid}, // not known to have taken part
		} {
			b.refused(b.report(test.at, good), test.kind)
		}
		b.must(b.report(barometer.ReportedResult{Round: 2023, Area: "dk", Requirement: "personal_supervision"}, good))
	})
}

// Where outcomes are, figures are computed from them; where there are none yet, a printed one can stand.
func TestReportedFiguresOfARoundRunHere(t *testing.T) {
	run(t, func(b bench) {
		b.round("0183", "0707")
		b.move(collecting)
		b.oneCase("0707")
		in := barometer.ReportedInput{Percent: 50, Source: "service"}
		at := func(area, requirement string) barometer.ReportedResult {
			return barometer.ReportedResult{Round: year, Area: area, Requirement: requirement}
		}
		b.must(b.report(at("0183", child), in))
		b.must(b.report(at("dk", child), in))
		b.refused(b.report(at("0707", child), in), barometer.State)
		b.refused(b.report(at("0183", "action_plan_made"), in), barometer.Invalid) // not asked
		if b.pending(year) {
			b.Error("a round that is not published has nothing pending")
		}
		b.oneCase("0183")
		b.refused(b.report(at("dk", child), in), barometer.State)
	})
}
