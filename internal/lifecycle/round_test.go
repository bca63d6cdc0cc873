package lifecycle_test

import (
	"strings"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/lifecycle"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func TestRoundsAreCreatedAsDrafts(t *testing.T) {
	runWithHistory(t, func(b bench) {
		create := func(in barometer.RoundInput) (round barometer.Round, err error) {
			err = b.tx(func(tx *store.Store) error {
				round, err = lifecycle.CreateRound(b.ctx, tx, in)
				return err
			})
			return round, err
		}
		good := barometer.RoundPatch{Kind: "annual", Law: "serviceloven"}
		next := barometer.Year(b.store.Now().Year() + 1)
		for y, origin := range map[barometer.Year]barometer.Origin{9027: barometer.OriginSynthetic, next: barometer.OriginReal} {
			round, err := create(barometer.RoundInput{Year: y, RoundPatch: good})
			b.must(err)
			want := barometer.Round{
				Year: y, Origin: origin, Kind: "annual", Law: "serviceloven", Status: barometer.Draft, RequirementsKnown: true,
			}
			same(b, want, round)
			stored, err := b.store.Round(b.ctx, y)
			b.must(err)
			same(b, want, stored)
		}
		_, err := create(barometer.RoundInput{Year: 2023, RoundPatch: good})
		b.refused(err, barometer.Conflict)

		_, err = create(barometer.RoundInput{Year: 1999, RoundPatch: barometer.RoundPatch{
			Kind: "yearly", Law: "grundloven", CouldBeDrawn: ptr(99), CouldBeDrawnSource: ptr(strings.Repeat("x", 281)), Note: ptr("a\nb"),
		}})
		b.refused(err, barometer.Invalid, "/round out_of_range", "/kind unknown_value", "/law unknown_value",
			"/could_be_drawn out_of_range", "/could_be_drawn_source too_long", "/note bad_character")

		// Of a real round the number needs its source; a source alone says nothing.
		drawn := good
		drawn.CouldBeDrawn = ptr(95)
		_, err = create(barometer.RoundInput{Year: next - 1, RoundPatch: drawn})
		b.refused(err, barometer.Invalid, "/could_be_drawn_source required")
		for _, y := range []barometer.Year{next + 1, 8999, 10000} {
			_, err = create(barometer.RoundInput{Year: y, RoundPatch: good})
			b.refused(err, barometer.Invalid, "/round out_of_range")
		}
		_, err = create(barometer.RoundInput{Year: 9028, RoundPatch: drawn})
		b.must(err)
		drawn.CouldBeDrawn, drawn.CouldBeDrawnSource = nil, ptr("Ankestyrelsen")
		_, err = create(barometer.RoundInput{Year: 9029, RoundPatch: drawn})
		b.refused(err, barometer.Invalid, "/could_be_drawn_source not_allowed")
	})
}

func TestOnlyADraftIsChanged(t *testing.T) {
	runWithHistory(t, func(b bench) {
		b.round("0707")
		patch := barometer.RoundPatch{Kind: "pilot", Law: "serviceloven", Note: ptr("Prøve")}
		change := func(y barometer.Year) error {
			return b.tx(func(tx *store.Store) error {
				round, err := lifecycle.ChangeRound(b.ctx, tx, b.cat, y, patch)
				if err == nil && (round.Kind != "pilot" || *round.Note != "Prøve") {
					b.Errorf("%+v", round)
				}
				return err
			})
		}
		remove := func(tx *store.Store) error { return lifecycle.DeleteRound(b.ctx, tx, year) }
		b.must(change(year))
		b.refused(change(9028), barometer.NotFound)
		b.refused(change(2023), barometer.State)
		patch.Kind = ""
		b.refused(change(year), barometer.Invalid, "/kind unknown_value")
		b.must(b.try(remove))

		b.move(barometer.Collecting)
		patch.Kind = "annual"
		b.refused(change(year), barometer.State)
		b.refused(b.try(remove), barometer.State)
		b.move(barometer.Draft)
		b.must(b.tx(remove))
		_, err := b.store.Round(b.ctx, year)
		b.refused(err, barometer.NotFound)
		b.refused(b.tx(remove), barometer.NotFound)
	})
}

func TestAPublishedRoundIsNotDeleted(t *testing.T) {
	runWithHistory(t, func(b bench) {
		for _, to := range []barometer.RoundStatus{barometer.Hearing, barometer.Collecting, barometer.Draft} {
			b.must(b.tx(func(tx *store.Store) error {
				_, err := lifecycle.Transition(b.ctx, tx, b.cat, 2023, barometer.TransitionInput{To: to, Reason: ptr("Because.")})
				return err
			}))
		}
		b.refused(b.tx(func(tx *store.Store) error { return lifecycle.DeleteRound(b.ctx, tx, 2023) }), barometer.State)
		b.refused(b.tx(func(tx *store.Store) error {
			_, err := lifecycle.PutRequirements(b.ctx, tx, b.cat, 2023, barometer.RoundRequirementsInput{
				Requirements: []barometer.RoundRequirementInput{{Requirement: parent}},
			})
			return err
		}), barometer.State) // nobody knows what it asked
	})
}

// Every requirement there is so far is of serviceloven.
func TestARequirementIsOfTheRoundsLaw(t *testing.T) {
	run(t, func(b bench) {
		b.round("0707")
		change := func(law string) error {
			return b.tx(func(tx *store.Store) error {
				_, err := lifecycle.ChangeRound(b.ctx, tx, b.cat, year, barometer.RoundPatch{Kind: "annual", Law: law})
				return err
			})
		}
		b.refused(change("barnets_lov"), barometer.Invalid, "/law wrong_law")
		b.must(change("serviceloven"))
		b.must(b.tx(func(tx *store.Store) error {
			in := barometer.RoundInput{Year: 9028, RoundPatch: barometer.RoundPatch{Kind: "annual", Law: "serviceloven"}}
			if _, err := lifecycle.CreateRound(b.ctx, tx, in); err != nil {
				return err
			}
			_, err := lifecycle.ChangeRound(b.ctx, tx, b.cat, 9028, barometer.RoundPatch{Kind: "annual", Law: "barnets_lov"})
			return err
		}))
		b.refused(b.tx(func(tx *store.Store) error {
			_, err := lifecycle.PutRequirements(b.ctx, tx, b.cat, 9028, barometer.RoundRequirementsInput{
				Requirements: []barometer.RoundRequirementInput{{Requirement: "child_happy"}, {Requirement: parent}},
			})
			return err
		}), barometer.Invalid, "/requirements/0/requirement unknown_value", "/requirements/1/requirement wrong_law")
	})
}

// TestARoundAsItStands has the participants recorded and the cases of its sample, for everybody.
func TestARoundAsItStands(t *testing.T) {
	runWithHistory(t, func(b bench) {
		b.round("0707", "0183")
		b.move(collecting)
		b.cases(func(add func(barometer.Case, int, form)) {
			add(barometer.Case{Municipality: "0707", Reference: "S0001", Withdrawn: true}, 0, nil)
			add(barometer.Case{Municipality: "0707", Reference: "S0002"}, 2, complete(2))
			add(barometer.Case{Municipality: "0183", Reference: "S0001"}, 0, nil)
		})
		for _, s := range []*store.Store{b.store, b.store.Within(store.Scope{Municipality: "0707"})} {
			round, err := s.RoundAsItStands(b.ctx, year)
			b.must(err)
			if *round.Participants != 2 || *round.Cases != 2 {
				b.Errorf("%d participants, %d cases", *round.Participants, *round.Cases)
			}
		}
		history, err := b.store.RoundAsItStands(b.ctx, 2023) // keeps what its source says
		b.must(err)
		same(b, 37, *history.Participants)
		_, err = b.store.RoundAsItStands(b.ctx, 9099)
		b.refused(err, barometer.NotFound)
	})
}

func TestRequirementsAsAsked(t *testing.T) {
	run(t, func(b bench) {
		b.round("0707")
		put := func(in ...barometer.RoundRequirementInput) (asked []barometer.RoundRequirement, err error) {
			err = b.tx(func(tx *store.Store) error {
				asked, err = lifecycle.PutRequirements(b.ctx, tx, b.cat, year, barometer.RoundRequirementsInput{Requirements: in})
				return err
			})
			return asked, err
		}
		// The precondition of the first is not asked; its practice is the catalogue's for the year where none is given.
		asked, err := put(barometer.RoundRequirementInput{Requirement: notice, QuestionDa: ptr("Er underretningen vurderet?")},
			barometer.RoundRequirementInput{Requirement: child})
		b.must(err)
		want := []barometer.RoundRequirement{
			{Round: year, Requirement: child, Unit: barometer.UnitCase, Practice: "party_hearing_inside"},
			{Round: year, Requirement: notice, Unit: barometer.UnitNotification, Practice: "standard", QuestionDa: ptr("Er underretningen vurderet?")},
		}
		same(b, want, asked)
		_, err = put(
			barometer.RoundRequirementInput{Requirement: "child_happy", Practice: ptr("any")},
			barometer.RoundRequirementInput{Requirement: child, Practice: ptr("standard")},
			barometer.RoundRequirementInput{Requirement: parent, QuestionDa: ptr(" "), QuestionEn: ptr(strings.Repeat("?", 501))},
			barometer.RoundRequirementInput{Requirement: child, Practice: ptr("party_hearing_outside")},
		)
		b.refused(err, barometer.Invalid, "/requirements/0/requirement unknown_value", "/requirements/1/practice unknown_value",
			"/requirements/2/question_da too_short", "/requirements/2/question_en too_long", "/requirements/3/requirement repeated")
		_, err = put()
		b.refused(err, barometer.Invalid, "/requirements too_few")
		b.move(barometer.Collecting)
		_, err = put(barometer.RoundRequirementInput{Requirement: child})
		b.refused(err, barometer.State)
		stored, err := b.store.RoundRequirements(b.ctx, year)
		b.must(err)
		same(b, want, stored)
	})
}

func TestParticipations(t *testing.T) {
	run(t, func(b bench) {
		b.round("0707")
		put := func(municipality string, in barometer.ParticipationInput) (p barometer.Participation, err error) {
			err = b.tx(func(tx *store.Store) error {
				p, err = lifecycle.PutParticipation(b.ctx, tx, b.cat, year, municipality, in)
				return err
			})
			return p, err
		}
		remove := func(municipality string) error {
			return b.tx(func(tx *store.Store) error { return lifecycle.DeleteParticipation(b.ctx, tx, year, municipality) })
		}
		in := barometer.ParticipationInput{Cases: ptr(16), EligibleCases: ptr(16), Source: ptr("norddjurs-memo"), DueRound: ptr(barometer.Year(9030))}
		p, err := put("0707", in)
		b.must(err)
		want := barometer.Participation{
			Round: year, Municipality: "0707", Name: "Norddjurs", Cases: ptr(16), EligibleCases: ptr(16), Source: ptr("norddjurs-memo"), DueRound: ptr(barometer.Year(9030)),
		}
		same(b, want, p)
		stored, err := b.store.Participation(b.ctx, year, "0707")
		b.must(err)
		want.Name = ""
		same(b, want, stored)

		_, err = put("0707", barometer.ParticipationInput{Cases: ptr(-1), EligibleCases: ptr(1_000_001), Source: ptr("hearsay"), DueRound: ptr(year)})
		b.refused(err, barometer.Invalid, "/cases out_of_range", "/eligible_cases out_of_range", "/due_round out_of_range", "/source unknown_value")
		_, err = put("0707", barometer.ParticipationInput{Cases: ptr(16), EligibleCases: ptr(15), DueRound: ptr(barometer.Year(2030))})
		b.refused(err, barometer.Invalid, "/eligible_cases out_of_range", "/due_round out_of_range")
		for _, unknown := range []string{"0411", "707", "dk", ""} { // Christiansø is not a municipality
			_, err = put(unknown, barometer.ParticipationInput{})
			b.refused(err, barometer.NotFound)
		}
		b.refused(remove("0183"), barometer.NotFound)

		b.move(barometer.Collecting)
		_, err = put("0183", barometer.ParticipationInput{})
		b.must(err)
		b.must(remove("0183"))
		b.cases(func(add func(barometer.Case, int, form)) {
			add(barometer.Case{Municipality: "0707", Reference: "S0001", Withdrawn: true}, 0, nil)
			add(barometer.Case{Municipality: "0707", Reference: "S0002"}, 0, complete(0))
		})
		b.refused(remove("0707"), barometer.State)
		b.move(barometer.Hearing)
		_, err = put("0183", barometer.ParticipationInput{})
		b.refused(err, barometer.State)
		b.refused(remove("0707"), barometer.State)
	})
}
