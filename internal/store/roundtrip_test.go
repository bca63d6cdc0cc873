package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// trying holds what a database or a driver might change.
const trying = "Ærø, Åse & Rødovre: æøå ÆØÅ A\u030a ß 👶 \"citat\" 'enkelt' \\ % _ ; --\n\tslut "

func same[T any](t *testing.T, want T) func(got T, err error) {
	return func(got T, err error) {
		t.Helper()
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-written +read\n%s", diff)
		}
	}
}

// What is written is what is read, on both databases, with every optional member set and with none.
func TestRoundsComeBackAsWritten(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		bare := barometer.Round{Year: 2019, Origin: barometer.OriginReal, Kind: "pilot", Law: "serviceloven", Status: barometer.Draft}
		full := barometer.Round{
			Year: 9026, Origin: barometer.OriginSynthetic, Kind: "annual", Law: trying, Status: barometer.Published,
			Participants: ptr(37), Cases: ptr(0), CouldBeDrawn: ptr(98), CouldBeDrawnSource: ptr(trying), RequirementsKnown: true, Note: ptr(""),
		}
		asked := []barometer.RoundRequirement{
			{Round: 9026, Requirement: onCase, Unit: barometer.UnitCase, Practice: trying},
			{Round: 9026, Requirement: onNotification, Unit: barometer.UnitNotification, Practice: "standard"},
		}
		must(t, s.AddRound(ctx, bare, nil))
		must(t, s.AddRound(ctx, full, asked))
		same(t, []barometer.Round{bare, full})(s.Rounds(ctx))
		same(t, bare)(s.Round(ctx, 2019))
		same(t, asked)(s.RoundRequirements(ctx, 9026))
		same(t, []barometer.RoundRequirement{})(s.RoundRequirements(ctx, 2019))

		participations := []barometer.Participation{
			{Round: 9026, Municipality: "0183"},
			{Round: 9026, Municipality: "0707", Cases: ptr(0), EligibleCases: ptr(120), Source: ptr(trying)},
		}
		must(t, s.AddParticipations(ctx, participations))
		same(t, participations)(s.Participations(ctx, 9026))
		full.ParticipantsRecorded = 2
		same(t, full)(s.Round(ctx, 9026))

		must(t, s.SetRoundStatus(ctx, 9026, barometer.Hearing))
		full.Status = barometer.Hearing
		same(t, full)(s.Round(ctx, 9026))

		if err := s.SetRoundStatus(ctx, 2020, barometer.Hearing); barometer.KindOf(err) != barometer.NotFound {
			t.Errorf("the status of a round that is not there: %v", err)
		}
		if _, err := s.Round(ctx, 2020); barometer.KindOf(err) != barometer.NotFound {
			t.Errorf("a round that is not there: %v", err)
		}
	})
}

func TestCasesComeBackAsWritten(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		withdrawn := newCase("c2", trying)
		withdrawn.Withdrawn = true
		cases := []barometer.Case{newCase("c1", "S0001"), withdrawn}
		units := []barometer.CaseUnit{
			{CaseID: "c1", Number: 0, Unit: barometer.UnitCase},
			{CaseID: "c1", Number: 1, Unit: barometer.UnitNotification},
			{CaseID: "c2", Number: 0, Unit: barometer.UnitCase},
			{CaseID: "c2", Number: 17, Unit: barometer.UnitNotification},
		}
		outcomes := []barometer.CaseOutcome{
			judged(onCase, barometer.UnitCase, 0),
			judged(onNotification, barometer.UnitNotification, 1, func(o *barometer.CaseOutcome) {
				o.Outcome, o.Reason = barometer.NotAssessable, barometer.DocumentationMissing
			}),
			judged(onCase, barometer.UnitCase, 0, func(o *barometer.CaseOutcome) { o.CaseID, o.Outcome = "c2", barometer.NotMet }),
		}
		must(t, s.AddCases(ctx, cases[1:], units[2:], outcomes))
		same(t, cases)(s.Cases(ctx, 9026, "0707"))
		same(t, units)(s.CaseUnits(ctx, 9026, "0707"))
		same(t, outcomes)(s.CaseOutcomes(ctx, 9026, "0707"))
		same(t, []barometer.Case{})(s.Cases(ctx, 9026, "0183"))

		// Replacing writes the empty reason too.
		outcomes[1].Outcome, outcomes[1].Reason = barometer.Met, ""
		must(t, s.ReviseOutcomes(ctx, outcomes[1:2]))
		outcomes[1].Revision = 2
		same(t, outcomes)(s.CaseOutcomes(ctx, 9026, "0707"))
		absent := outcomes[1]
		absent.Number = 2
		if err := s.ReviseOutcomes(ctx, []barometer.CaseOutcome{absent}); barometer.KindOf(err) != barometer.NotFound {
			t.Errorf("an outcome that was not entered: %v", err)
		}

		var tallies []store.CaseTally
		must(t, s.EachCaseTally(ctx, 9026, func(c store.CaseTally) { tallies = append(tallies, c) }))
		if len(tallies) != 2 || tallies[0].CaseID != "c1" || tallies[0].Units != 1 || tallies[0].Outcome != barometer.Met {
			t.Errorf("the withdrawn case is left out: %+v", tallies)
		}
		sizes, err := s.SampleSizes(ctx, 9026)
		must(t, err)
		if len(sizes) != 4 {
			t.Errorf("by unit and withdrawn or not: %+v", sizes)
		}
	})
}

func TestReportedFiguresComeBackAsWritten(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		results := []barometer.ReportedResult{
			{Round: 2023, Area: "0183", Requirement: "a", Percent: 0, Source: "memo"},
			{
				Round: 2023, Area: "0183", Requirement: "b", Met: ptr(1), Assessed: ptr(6), Percent: 17, Cases: ptr(15),
				Source: "ishoej-memo", PrintedAs: ptr(trying), Note: ptr(""),
			},
			{Round: 2023, Area: "dk", Requirement: "a", Assessed: ptr(330), Percent: 34, Source: "sm-2023"},
		}
		must(t, s.PutReportedResults(ctx, results))
		same(t, results)(s.ReportedResults(ctx, 2023))
		results[1] = barometer.ReportedResult{Round: 2023, Area: "0183", Requirement: "b", Percent: 20, Source: trying}
		must(t, s.PutReportedResults(ctx, results[1:2]))
		same(t, results)(s.ReportedResults(ctx, 2023))
		must(t, s.PutReportedResults(ctx, nil))

		periods := []barometer.ReportedPeriod{
			{Rounds: "2020 2021 2022", Area: "dk", Requirement: "a", Percent: 100, Source: trying},
			{Rounds: "2020 2021 2022", Area: "dk", Requirement: "b", Percent: 0, Cases: ptr(2153), Source: "ast"},
		}
		must(t, s.AddReportedPeriods(ctx, periods))
		same(t, periods)(s.ReportedPeriods(ctx))

		judgements := []barometer.Judgement{
			{
				ID: "break.a.2023", Kind: barometer.Break, Requirement: "a", SinceRound: ptr(real2023), Judgement: barometer.WithCaveat,
				Reason: "practice_changed", Effect: ptr("stricter"), JudgedBy: "municipality", Date: ptr("2023-08-02"),
				NoteDa: trying, NoteEn: "", Source: "ishoej-memo",
			},
			{
				ID: "pair.a.2021.2024", Kind: barometer.Pair, Requirement: "a", FromRound: ptr(barometer.Year(2021)),
				ToRound: ptr(barometer.Year(2024)), Judgement: barometer.Comparable, Reason: "declared_by_publisher", JudgedBy: "publisher",
			},
		}
		must(t, s.AddJudgements(ctx, judgements))
		same(t, judgements)(s.Judgements(ctx))
	})
}

func TestReleasesComeBackAsWritten(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		same(t, 0)(s.CurrentRelease(ctx))
		rows := []barometer.FrozenRow{
			{Kind: barometer.RowArea, Key: "0183", Body: trying},
			{Kind: barometer.RowResult, Key: "2023.0183.a", Body: ""},
			{Kind: barometer.RowResult, Key: "2023.0183.b", Body: `{"percent":17}`},
		}
		before := time.Now().Add(-time.Millisecond)
		for revision := 1; revision <= 2; revision++ {
			same(t, revision)(s.AddPublication(ctx, 2023, nil, rows))
		}
		same(t, rows)(s.PublicationRows(ctx, barometer.ReleaseRound{Round: 2023, Revision: 2}, barometer.RowResult, barometer.RowArea))
		same(t, rows[1:])(s.PublicationRows(ctx, barometer.ReleaseRound{Round: 2023, Revision: 1}, barometer.RowResult))

		first, err := s.AddRelease(ctx, barometer.Release{Number: 1, Disclosure: "none", Checksum: "sha256:0f"}, nil)
		must(t, err)
		second, err := s.AddRelease(ctx, barometer.Release{
			Number: 2, Rounds: []barometer.ReleaseRound{{Round: 2023, Revision: 2}}, Results: 2, Disclosure: trying, Checksum: "sha256:1f",
		}, rows)
		must(t, err)
		same(t, []barometer.Release{first, second})(s.Releases(ctx))
		same(t, rows[1:])(s.ReleaseRows(ctx, 2, barometer.RowResult))
		same(t, 2)(s.CurrentRelease(ctx))

		all, err := s.Releases(ctx)
		must(t, err)
		at := all[1].PublishedAt
		if at.Location() != time.UTC || at.Nanosecond()%1000 != 0 || at.Before(before) || at.After(time.Now()) {
			t.Errorf("published at %v", at)
		}
	})
}

// 2,500 rows are more than one statement takes.
func TestManyRowsAreWritten(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		rows := make([]barometer.FrozenRow, 2500)
		for i := range rows {
			rows[i] = barometer.FrozenRow{Kind: barometer.RowResult, Key: fmt.Sprintf("%05d", i), Body: trying}
		}
		must(t, s.Tx(ctx, func(tx *store.Store) error { _, err := tx.AddPublication(ctx, 2023, nil, rows); return err }))
		same(t, rows)(s.PublicationRows(ctx, barometer.ReleaseRound{Round: 2023, Revision: 1}, barometer.RowResult))
	})
}

// A Danish Postgres puts aa last, and digits and signs elsewhere than their bytes say; what the store gives is the same
// on every database.
func TestRowsComeInTheOrderOfTheirBytes(t *testing.T) {
	t.Parallel()
	ordered := []string{"0101", "0707", "A", "Z", "a", "a.b", "a_b", "aa", "ab", "b", "dk", "z", "å"}
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		must(t, s.AddRound(ctx, newRound(9027), nil))
		shuffled := []int{12, 3, 7, 0, 9, 5, 1, 11, 4, 8, 2, 10, 6}
		must(t, s.Tx(ctx, func(tx *store.Store) error {
			for _, i := range shuffled {
				text := ordered[i]
				c := barometer.Case{ID: text, Round: 9026, Municipality: "0183", Reference: text, CaseType: barometer.Placement}
				must(t, tx.AddCases(ctx, []barometer.Case{c}, []barometer.CaseUnit{{CaseID: text, Unit: barometer.UnitCase}}, []barometer.CaseOutcome{
					{CaseID: text, Requirement: onCase, Round: 9026, Unit: barometer.UnitCase, Outcome: barometer.Met},
				}))
				must(t, tx.AddParticipations(ctx, []barometer.Participation{{Round: 9027, Municipality: text}}))
				must(t, tx.PutReportedResults(ctx, []barometer.ReportedResult{{Round: 2023, Area: "dk", Requirement: text}}))
				must(t, tx.AddReportedPeriods(ctx, []barometer.ReportedPeriod{{Rounds: "2020 2021", Area: text}}))
				must(t, tx.AddJudgements(ctx, []barometer.Judgement{
					{ID: text, Kind: barometer.Break, SinceRound: ptr(real2023), Judgement: barometer.Comparable},
				}))
			}
			return nil
		}))
		cases, err := s.Cases(ctx, 9026, "0183")
		inOrder(t, ordered, cases, err, func(c barometer.Case) string { return c.Reference })
		units, err := s.CaseUnits(ctx, 9026, "0183")
		inOrder(t, ordered, units, err, func(u barometer.CaseUnit) string { return u.CaseID })
		outcomes, err := s.CaseOutcomes(ctx, 9026, "0183")
		inOrder(t, ordered, outcomes, err, func(o barometer.CaseOutcome) string { return o.CaseID })
		participations, err := s.Participations(ctx, 9027)
		inOrder(t, ordered, participations, err, func(p barometer.Participation) string { return p.Municipality })
		results, err := s.ReportedResults(ctx, 2023)
		inOrder(t, ordered, results, err, func(r barometer.ReportedResult) string { return r.Requirement })
		periods, err := s.ReportedPeriods(ctx)
		inOrder(t, ordered, periods, err, func(p barometer.ReportedPeriod) string { return p.Area })
		judgements, err := s.Judgements(ctx)
		inOrder(t, ordered, judgements, err, func(j barometer.Judgement) string { return j.ID })
	})
}

func inOrder[T any](t *testing.T, want []string, rows []T, err error, text func(T) string) {
	t.Helper()
	must(t, err)
	got := make([]string, len(rows))
	for i, r := range rows {
		got[i] = text(r)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%T: -want +got\n%s", rows, diff)
	}
}

// What is written may be shared, such as the catalogue: one slice goes into many stores at once, as it is.
func TestWritingLeavesTheCallersRowsAlone(t *testing.T) {
	t.Parallel()
	figures := []barometer.ReportedResult{{Round: 2023, Area: "dk", Requirement: "a", Percent: 34}, {Round: 2023, Area: "dk", Requirement: "b"}}
	judgements := []barometer.Judgement{{ID: "x", Kind: barometer.Break, SinceRound: ptr(real2023), Judgement: barometer.Comparable}}
	storetest.Run(t, func(t *testing.T, s *store.Store) { // both databases at the same time: -race watches
		ctx := storetest.Context(t)
		world(t, ctx, s)
		must(t, s.PutReportedResults(ctx, figures))
		must(t, s.AddJudgements(ctx, judgements))
	})
}
