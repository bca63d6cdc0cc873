package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// isKind checks that an error is of a kind.
func isKind(t *testing.T, want barometer.Kind, err error) {
	t.Helper()
	if err == nil || barometer.KindOf(err) != want {
		t.Errorf("kind %d, want %d: %v", barometer.KindOf(err), want, err)
	}
}

// Changes write what is empty too, and leave alone what is not theirs.
func TestRoundsAreChangedAsAWhole(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		round := newRound(9027)
		round.CouldBeDrawn, round.CouldBeDrawnSource, round.Note, round.RequirementsKnown = ptr(98), ptr(trying), ptr(trying), true
		must(t, s.AddRound(ctx, round, nil))
		changed := barometer.Round{Year: 9027, Origin: round.Origin, Kind: "pilot", Law: "barnets_lov", Status: round.Status, RequirementsKnown: true}
		must(t, s.UpdateRound(ctx, barometer.Round{Year: 9027, Kind: "pilot", Law: "barnets_lov", Status: barometer.Published}))
		same(t, changed)(s.Round(ctx, 9027))
		must(t, s.SetRecordsChanged(ctx, 9027, true))
		changed.RecordsChanged = true
		same(t, changed)(s.Round(ctx, 9027))
		must(t, s.SetRecordsChanged(ctx, 9027, false))
		isKind(t, barometer.NotFound, s.UpdateRound(ctx, newRound(9028)))
		isKind(t, barometer.NotFound, s.SetRecordsChanged(ctx, 9028, true))

		asked := []barometer.RoundRequirement{
			{Round: 9027, Requirement: onCase, Unit: barometer.UnitCase, Practice: "standard", QuestionDa: ptr(trying)},
			{Round: 9027, Requirement: onNotification, Unit: barometer.UnitNotification, Practice: trying, QuestionEn: ptr("Why?")},
		}
		must(t, s.ReplaceRoundRequirements(ctx, 9027, asked))
		same(t, asked)(s.RoundRequirements(ctx, 9027))
		must(t, s.ReplaceRoundRequirements(ctx, 9027, asked[:1]))
		same(t, asked[:1])(s.RoundRequirements(ctx, 9027))

		due := barometer.Year(9030)
		full := barometer.Participation{Round: 9027, Municipality: "0707", Cases: ptr(16), EligibleCases: ptr(212), Source: ptr(trying), DueRound: &due}
		must(t, s.PutParticipation(ctx, full))
		same(t, full)(s.Participation(ctx, 9027, "0707"))
		bare := barometer.Participation{Round: 9027, Municipality: "0707", Cases: ptr(0)}
		must(t, s.PutParticipation(ctx, bare))
		same(t, bare)(s.Participation(ctx, 9027, "0707"))
		_, err := s.Participation(ctx, 9027, "0183")
		isKind(t, barometer.NotFound, err)

		must(t, s.PutReportedResults(ctx, []barometer.ReportedResult{{Round: 9027, Area: "dk", Requirement: onCase, Percent: 50, Source: "service"}}))
		moved, err := s.AddTransition(ctx, barometer.Transition{Round: 9027, From: barometer.Draft, To: barometer.Collecting})
		must(t, err)
		if moved.Number != 1 || moved.Role != barometer.RoleOperator {
			t.Errorf("%+v", moved)
		}
		must(t, s.DeleteRound(ctx, 9027))
		_, err = s.Round(ctx, 9027)
		isKind(t, barometer.NotFound, err)
		isKind(t, barometer.NotFound, s.DeleteRound(ctx, 9027))
		same(t, []barometer.Participation{})(s.Participations(ctx, 9027))
	})
}

func TestWhatCasesRestOnStays(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		must(t, s.AddCases(ctx, nil, nil, []barometer.CaseOutcome{judged(onCase, barometer.UnitCase, 0)}))
		for name, test := range map[string]struct {
			want barometer.Kind
			do   func(tx *store.Store) error
		}{
			"its round":         {barometer.Invalid, func(tx *store.Store) error { return tx.DeleteRound(ctx, 9026) }},
			"its participation": {barometer.State, func(tx *store.Store) error { return tx.DeleteParticipation(ctx, 9026, "0707") }},
			"its requirement":   {barometer.Invalid, func(tx *store.Store) error { return tx.ReplaceRoundRequirements(ctx, 9026, nil) }},
			"nothing":           {allowed, func(tx *store.Store) error { return tx.DeleteParticipation(ctx, 9026, "0183") }},
			"what is not there": {barometer.NotFound, func(tx *store.Store) error { return tx.DeleteParticipation(ctx, 9026, "0101") }},
		} {
			if e := refusal(ctx, s, test.do); (e == nil) != (test.want == allowed) || e != nil && e.Kind != test.want {
				t.Errorf("%s: %v", name, e)
			}
		}
	})
}

func TestRecordsAreChangedOneByOne(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		figure := barometer.ReportedResult{Round: 2023, Area: "0183", Requirement: onCase, Percent: 17, Met: ptr(1), Assessed: ptr(6), Source: "ishoej-memo"}
		must(t, s.PutReportedResults(ctx, []barometer.ReportedResult{figure}))
		same(t, figure)(s.ReportedResult(ctx, 2023, "0183", onCase))
		must(t, s.DeleteReportedResult(ctx, 2023, "0183", onCase))
		isKind(t, barometer.NotFound, s.DeleteReportedResult(ctx, 2023, "0183", onCase))
		_, err := s.ReportedResult(ctx, 2023, "0183", onCase)
		isKind(t, barometer.NotFound, err)

		j := barometer.Judgement{
			ID: "break.a.2023", Kind: barometer.Break, Requirement: "a", SinceRound: ptr(real2023), Judgement: barometer.WithCaveat,
			Reason: "practice_changed", Effect: ptr("stricter"), JudgedBy: "municipality", Date: ptr("2023-08-02"), NoteDa: "da", NoteEn: "en", Source: "service",
		}
		must(t, s.AddJudgements(ctx, []barometer.Judgement{j}))
		isKind(t, barometer.Conflict, s.AddJudgements(ctx, []barometer.Judgement{j}))
		j.Judgement, j.Effect, j.Date, j.NoteEn = barometer.Comparable, nil, nil, ""
		must(t, s.UpdateJudgement(ctx, j))
		same(t, j)(s.Judgement(ctx, j.ID))
		must(t, s.DeleteJudgement(ctx, j.ID))
		isKind(t, barometer.NotFound, s.DeleteJudgement(ctx, j.ID))
		isKind(t, barometer.NotFound, s.UpdateJudgement(ctx, j))
		_, err = s.Judgement(ctx, j.ID)
		isKind(t, barometer.NotFound, err)
	})
}

func TestTransitionsAreNumbered(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		lead := s.By(barometer.Caller{ID: "k7q2mzd4", Role: barometer.RoleLead}, "")
		var want []barometer.Transition
		for i, to := range []barometer.RoundStatus{barometer.Hearing, barometer.Collecting} {
			var moved barometer.Transition
			must(t, lead.Tx(ctx, func(tx *store.Store) (err error) {
				moved, err = tx.AddTransition(ctx, barometer.Transition{Round: 9026, From: "x", To: to, Reason: ptr(trying)})
				return err
			}))
			if moved.Number != i+1 || moved.Caller != "k7q2mzd4" || moved.Role != barometer.RoleLead || time.Since(moved.At) > time.Minute {
				t.Errorf("%+v", moved)
			}
			want = append(want, moved)
		}
		same(t, want)(s.Transitions(ctx, 9026))
		same(t, []barometer.Transition{})(s.Transitions(ctx, 2023))
	})
}

// Whoever changes what is in a round shares it; whoever changes the round itself waits for them, and they for him.
func TestLockRoundSharesAndExcludes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, o store.Options) {
		ctx := storetest.Context(t)
		first, second := storetest.Open(t, o), storetest.Open(t, o)
		world(t, ctx, first)
		_, err := first.LockRound(ctx, 9027, false)
		isKind(t, barometer.NotFound, err)
		if err == nil || err.Error() != "There is no round 9027." {
			t.Error(err)
		}
		for _, test := range []struct{ first, second, waits bool }{
			{false, false, false}, {false, true, true}, {true, false, true}, {true, true, true},
		} {
			if !test.waits && first.Dialect() == "sqlite" {
				continue // one writer at a time
			}
			name := fmt.Sprintf("exclusive: %v, then %v", test.first, test.second)
			locked := make(chan struct{})
			var waiting sync.WaitGroup
			must(t, first.Tx(ctx, func(tx *store.Store) error {
				round, err := tx.LockRound(ctx, 9026, test.first)
				must(t, err)
				if round.Status != barometer.Collecting || round.ParticipantsRecorded != 2 {
					t.Errorf("%s: %+v", name, round)
				}
				waiting.Go(func() {
					err := second.Tx(ctx, func(tx *store.Store) error {
						round, err := tx.LockRound(ctx, 9026, test.second)
						if test.first && round.Kind != "pilot" {
							err = errors.Join(err, errors.New("an old round was read"))
						}
						close(locked)
						return err
					})
					if err != nil {
						t.Errorf("%s: %v", name, err)
					}
				})
				waited := true
				select {
				case <-locked:
					waited = false
				case <-time.After(200 * time.Millisecond):
					if !test.waits {
						<-locked // on a busy machine
						waited = false
					}
				}
				if waited != test.waits {
					t.Errorf("%s: waited: %v", name, waited)
				}
				if !test.first {
					return nil
				}
				round.Kind = "pilot"
				return tx.UpdateRound(ctx, round)
			}))
			waiting.Wait()
		}
	})
}

// Four cases: one entered as a whole, one in part and with a removed notification, one withdrawn, and one of another
// municipality without anything.
func TestEntryIsCounted(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s) // c1: the case and one notification, so two outcomes
		withdrawn := newCase("c3", "S0003")
		withdrawn.Withdrawn = true
		other := newCase("c4", "S0001")
		other.Municipality = "0183"
		of := func(caseID string) func(*barometer.CaseOutcome) {
			return func(o *barometer.CaseOutcome) { o.CaseID = caseID }
		}
		must(t, s.AddCases(ctx, []barometer.Case{newCase("c2", "S0002"), withdrawn, other}, []barometer.CaseUnit{
			{CaseID: "c2", Unit: barometer.UnitCase},
			{CaseID: "c2", Number: 1, Unit: barometer.UnitNotification, Removed: true},
			{CaseID: "c2", Number: 2, Unit: barometer.UnitNotification},
			{CaseID: "c3", Unit: barometer.UnitCase},
			{CaseID: "c4", Unit: barometer.UnitCase},
		}, []barometer.CaseOutcome{
			judged(onCase, barometer.UnitCase, 0),
			judged(onNotification, barometer.UnitNotification, 1, func(o *barometer.CaseOutcome) {
				o.Outcome, o.Reason = barometer.NotApplicable, barometer.NotYetDue
			}),
			judged(onCase, barometer.UnitCase, 0, of("c2")),
			judged(onCase, barometer.UnitCase, 0, of("c3")),
		}))
		same(t, []store.EntryTally{
			{Municipality: "0183", Cases: 1, Cells: 1},
			{Municipality: "0707", Cases: 2, Complete: 1, Cells: 4, Entered: 3},
			{Municipality: "0707", Withdrawn: true, Cases: 1, Complete: 1, Cells: 1, Entered: 1},
		})(s.EntryTallies(ctx, 9026))
		same(t, []store.EntryTally(nil))(s.EntryTallies(ctx, 2023))
		notYetDue := barometer.Assessment{Outcome: barometer.NotApplicable, Reason: barometer.NotYetDue}
		same(t, []store.AssessmentTally{{Assessment: barometer.Assessment{Outcome: barometer.Met}, Units: 2}, {Assessment: notYetDue, Units: 1}})(
			s.AssessmentTallies(ctx, 9026))
		first := store.OutcomePlace{CaseID: "c1", Municipality: "0707", Reference: "S0001", Requirement: onCase}
		notice := store.OutcomePlace{CaseID: "c1", Municipality: "0707", Reference: "S0001", Requirement: onNotification, Number: 1}
		same(t, []store.OutcomePlace{first})(s.PlacesAssessed(ctx, 9026, barometer.Assessment{Outcome: barometer.Met}, 1))
		same(t, []store.OutcomePlace{notice})(s.PlacesAssessed(ctx, 9026, notYetDue, 20))

		// As if the notifications' requirement rested on the case's, then on one of the same notification.
		under := store.Under{Parent: barometer.Met, Requirement: onNotification, Outcome: notYetDue.Outcome, Reason: notYetDue.Reason}
		p := store.Precondition{Parent: onCase, Children: []string{onNotification, "another"}}
		same(t, []store.UnderTally{{Under: under, Units: 1}})(s.UnderTallies(ctx, 9026, p))
		same(t, []store.OutcomePlace{notice})(s.PlacesUnder(ctx, 9026, p, under, 20))
		p.SameUnit = true
		same(t, []store.UnderTally(nil))(s.UnderTallies(ctx, 9026, p))

		within := s.Within(store.Scope{Municipality: "0183"}) // of rounds in hearing, which this is not
		same(t, []store.EntryTally(nil))(within.EntryTallies(ctx, 9026))
		must(t, s.SetRoundStatus(ctx, 9026, barometer.Hearing))
		same(t, []store.EntryTally{{Municipality: "0183", Cases: 1, Cells: 1}})(within.EntryTallies(ctx, 9026))
		same(t, []store.AssessmentTally(nil))(within.AssessmentTallies(ctx, 9026))
	})
}
