package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// allowed stands for "nothing refuses it".
const allowed = barometer.Kind(-1)

// attempt is one write and the kind of error that it meets.
type attempt struct {
	name string
	want barometer.Kind
	do   func(ctx context.Context, tx *store.Store) error
}

// check tries each write in a world of its own, and that a refusal tells the caller nothing of the database.
func check(t *testing.T, attempts []attempt) {
	t.Helper()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		for _, a := range attempts {
			e := refusal(ctx, s, func(tx *store.Store) error { return a.do(ctx, tx) })
			switch {
			case a.want == allowed && e != nil:
				t.Errorf("%s: refused with kind %d: %v", a.name, e.Kind, e)
			case a.want != allowed && e == nil:
				t.Errorf("%s: allowed", a.name)
			case e != nil && e.Kind != a.want:
				t.Errorf("%s: kind %d, want %d: %v", a.name, e.Kind, a.want, e)
			case e != nil && (e.Err == nil || !plainWords[e.Message]):
				t.Errorf("%s: the caller is told %q", a.name, e.Message)
			}
		}
	})
}

// plainWords are all that a caller is told.
var plainWords = map[string]bool{
	"Something went wrong here.":                        true,
	"It exists already.":                                true,
	"It refers to something that is not there.":         true,
	"The database does not answer just now; try again.": true,
}

func TestRoundsAreConstrained(t *testing.T) {
	t.Parallel()
	round := func(name string, want barometer.Kind, year barometer.Year, change func(*barometer.Round)) attempt {
		return attempt{"round: " + name, want, func(ctx context.Context, tx *store.Store) error {
			r := newRound(year)
			if change != nil {
				change(&r)
			}
			return tx.AddRound(ctx, r, nil)
		}}
	}
	asked := func(name string, want barometer.Kind, rows ...barometer.RoundRequirement) attempt {
		return attempt{"requirement: " + name, want, func(ctx context.Context, tx *store.Store) error {
			return tx.AddRound(ctx, newRound(9030), rows)
		}}
	}
	attempts := []attempt{
		round("another real one", allowed, 2024, nil),
		round("the last real year", allowed, 8999, nil),
		round("the first synthetic year", allowed, 9000, nil),
		round("the year is taken", barometer.Conflict, 2023, nil),
		round("a year too early", barometer.Internal, 1999, nil),
		round("no year", barometer.Internal, 0, nil),
		round("a year too late", barometer.Internal, 10000, nil),
		round("real, but synthetic by its year", barometer.Internal, 9000, func(r *barometer.Round) { r.Origin = barometer.OriginReal }),
		round("synthetic, but real by its year", barometer.Internal, 8999, func(r *barometer.Round) { r.Origin = barometer.OriginSynthetic }),
		round("an unknown origin", barometer.Internal, 2024, func(r *barometer.Round) { r.Origin = "guessed" }),
		round("a pilot", allowed, 2018, func(r *barometer.Round) { r.Kind = "pilot" }),
		round("an unknown kind", barometer.Internal, 2024, func(r *barometer.Round) { r.Kind = "monthly" }),
		round("an unknown status", barometer.Internal, 2024, func(r *barometer.Round) { r.Status = "lost" }),
		round("no participants", barometer.Internal, 2024, func(r *barometer.Round) { r.Participants = ptr(0) }),
		round("fewer than no cases", barometer.Internal, 2024, func(r *barometer.Round) { r.Cases = ptr(-1) }),
		round("no cases", allowed, 2024, func(r *barometer.Round) { r.Cases = ptr(0) }),
		round("drawn from none", barometer.Internal, 2024, func(r *barometer.Round) { r.CouldBeDrawn = ptr(0) }),

		asked("over cases", allowed, barometer.RoundRequirement{Round: 9030, Requirement: "a", Unit: barometer.UnitCase}),
		asked("over an unknown unit", barometer.Internal, barometer.RoundRequirement{Round: 9030, Requirement: "a", Unit: "child"}),
		asked("of an unknown round", barometer.Invalid, barometer.RoundRequirement{Round: 9031, Requirement: "a", Unit: barometer.UnitCase}),
		asked("asked twice", barometer.Conflict, barometer.RoundRequirement{Round: 9030, Requirement: "a", Unit: barometer.UnitCase},
			barometer.RoundRequirement{Round: 9030, Requirement: "a", Unit: barometer.UnitNotification}),
	}
	for _, status := range []barometer.RoundStatus{barometer.Draft, barometer.Collecting, barometer.Hearing, barometer.Published} {
		attempts = append(attempts, round("status "+string(status), allowed, 2024, func(r *barometer.Round) { r.Status = status }))
	}
	for name, p := range map[string]struct {
		want barometer.Kind
		row  barometer.Participation
	}{
		"another municipality":      {allowed, barometer.Participation{Round: 2023, Municipality: "0707", Cases: ptr(0), EligibleCases: ptr(0)}},
		"recorded already":          {barometer.Conflict, barometer.Participation{Round: 2023, Municipality: "0183"}},
		"in an unknown round":       {barometer.Invalid, barometer.Participation{Round: 2022, Municipality: "0183"}},
		"fewer than no cases":       {barometer.Internal, barometer.Participation{Round: 2023, Municipality: "0707", Cases: ptr(-1)}},
		"fewer than none to choose": {barometer.Internal, barometer.Participation{Round: 2023, Municipality: "0707", EligibleCases: ptr(-1)}},
	} {
		attempts = append(attempts, attempt{"participation: " + name, p.want, func(ctx context.Context, tx *store.Store) error {
			return tx.AddParticipations(ctx, []barometer.Participation{p.row})
		}})
	}
	for _, status := range []string{"lost", ""} {
		attempts = append(attempts, attempt{"set status " + status, barometer.Internal, func(ctx context.Context, tx *store.Store) error {
			return tx.SetRoundStatus(ctx, 2023, barometer.RoundStatus(status))
		}})
	}
	check(t, attempts)
}

func TestCasesAreConstrained(t *testing.T) {
	t.Parallel()
	one := func(name string, want barometer.Kind, change func(*barometer.Case)) attempt {
		return attempt{"case: " + name, want, func(ctx context.Context, tx *store.Store) error {
			c := newCase("c2", "S0002")
			change(&c)
			return tx.AddCases(ctx, []barometer.Case{c}, nil, nil)
		}}
	}
	unit := func(name string, want barometer.Kind, u barometer.CaseUnit) attempt {
		return attempt{"unit: " + name, want, func(ctx context.Context, tx *store.Store) error {
			return tx.AddCases(ctx, nil, []barometer.CaseUnit{u}, nil)
		}}
	}
	attempts := []attempt{
		one("another", allowed, func(*barometer.Case) {}),
		one("same reference, other municipality", allowed, func(c *barometer.Case) { c.Reference, c.Municipality = "S0001", "0183" }),
		one("municipality without a participation", barometer.Invalid, func(c *barometer.Case) { c.Municipality = "0751" }),
		one("municipality that took part in another round", barometer.Invalid, func(c *barometer.Case) { c.Round = 2023 }),
		one("unknown round", barometer.Invalid, func(c *barometer.Case) { c.Round = 9027 }),
		one("reference taken", barometer.Conflict, func(c *barometer.Case) { c.Reference = "S0001" }),
		one("id taken", barometer.Conflict, func(c *barometer.Case) { c.ID = "c1" }),
		one("no reference", barometer.Internal, func(c *barometer.Case) { c.Reference = "" }),
		one("unknown type", barometer.Internal, func(c *barometer.Case) { c.CaseType = "adoption" }),
		one("no type", barometer.Internal, func(c *barometer.Case) { c.CaseType = "" }),

		unit("another notification", allowed, barometer.CaseUnit{CaseID: "c1", Number: 2, Unit: barometer.UnitNotification}),
		unit("the case again", barometer.Conflict, barometer.CaseUnit{CaseID: "c1", Number: 0, Unit: barometer.UnitCase}),
		unit("the notification again", barometer.Conflict, barometer.CaseUnit{CaseID: "c1", Number: 1, Unit: barometer.UnitNotification}),
		unit("of an unknown case", barometer.Invalid, barometer.CaseUnit{CaseID: "c9", Number: 0, Unit: barometer.UnitCase}),
		unit("number 0 as a notification", barometer.Internal, barometer.CaseUnit{CaseID: "c1", Number: 0, Unit: barometer.UnitNotification}),
		unit("number 2 as the case", barometer.Internal, barometer.CaseUnit{CaseID: "c1", Number: 2, Unit: barometer.UnitCase}),
		unit("number below 0", barometer.Internal, barometer.CaseUnit{CaseID: "c1", Number: -1, Unit: barometer.UnitNotification}),
		unit("unknown unit", barometer.Internal, barometer.CaseUnit{CaseID: "c1", Number: 2, Unit: "child"}),
	}
	for _, caseType := range []barometer.CaseType{barometer.FamilyTreatment, barometer.Placement, barometer.PlacementWithoutConsent} {
		attempts = append(attempts, one(string(caseType), allowed, func(c *barometer.Case) { c.CaseType = caseType }))
	}
	check(t, attempts)
}

func TestOutcomesAreHeldToTheirUnit(t *testing.T) {
	t.Parallel()
	outcome := func(name string, want barometer.Kind, o barometer.CaseOutcome) attempt {
		return attempt{name, want, func(ctx context.Context, tx *store.Store) error {
			return tx.AddCases(ctx, nil, nil, []barometer.CaseOutcome{o})
		}}
	}
	after := func(name string, want barometer.Kind, statement string) attempt {
		return attempt{name, want, func(ctx context.Context, tx *store.Store) error {
			if err := tx.AddCases(ctx, nil, nil, []barometer.CaseOutcome{judged(onNotification, barometer.UnitNotification, 1)}); err != nil {
				return err
			}
			return tx.Exec(ctx, statement)
		}}
	}
	check(t, []attempt{
		outcome("a case requirement on the case", allowed, judged(onCase, barometer.UnitCase, 0)),
		outcome("a notification requirement on a notification", allowed, judged(onNotification, barometer.UnitNotification, 1)),
		outcome("a notification requirement on the case", barometer.Invalid, judged(onNotification, barometer.UnitCase, 0)),
		outcome("a notification requirement on the case, called a notification", barometer.Invalid, judged(onNotification, barometer.UnitNotification, 0)),
		outcome("a case requirement on a notification", barometer.Invalid, judged(onCase, barometer.UnitNotification, 1)),
		outcome("a case requirement on a notification, called the case", barometer.Invalid, judged(onCase, barometer.UnitCase, 1)),
		outcome("a notification that is not there", barometer.Invalid, judged(onNotification, barometer.UnitNotification, 2)),
		outcome("a requirement not asked", barometer.Invalid, judged("action_plan_made", barometer.UnitCase, 0)),
		outcome("an unknown case", barometer.Invalid, judged(onCase, barometer.UnitCase, 0, func(o *barometer.CaseOutcome) { o.CaseID = "c9" })),
		outcome("another round than the case's", barometer.Invalid, judged(onCase, barometer.UnitCase, 0, func(o *barometer.CaseOutcome) { o.Round = 2023 })),
		after("entered twice", barometer.Conflict, `INSERT INTO case_outcomes SELECT * FROM case_outcomes`),
		after("the notification goes, the outcome stays", barometer.Invalid, `DELETE FROM case_units WHERE number = 1`),
		after("the case goes", barometer.Invalid, `DELETE FROM cases`),
		after("the case moves to another round", barometer.Invalid, `UPDATE cases SET round = 2023, municipality = '0183'`),
		after("the case moves to another municipality", allowed, `UPDATE cases SET municipality = '0183'`),
		after("the requirement changes its unit", barometer.Invalid, `UPDATE round_requirements SET unit = 'case'`),
		after("the requirement is no longer asked", barometer.Invalid, `DELETE FROM round_requirements`),
		after("the participation goes", barometer.Invalid, `DELETE FROM participations WHERE round = 9026`),
		after("the round goes", barometer.Invalid, `DELETE FROM rounds WHERE year = 9026`),
		after("the outcome goes", allowed, `DELETE FROM case_outcomes`),
	})
}

// Every outcome with every reason: the table of the domain and the constraint say the same.
func TestOutcomesTakeTheirReasonsOnly(t *testing.T) {
	t.Parallel()
	reasons := []barometer.Reason{"", barometer.NotRecorded, "because"}
	for _, o := range barometer.Outcomes() {
		reasons = append(reasons, o.Reasons()...)
	}
	if len(reasons) != 3+11 {
		t.Fatalf("%d reasons; the domain has 11", len(reasons))
	}
	var attempts []attempt
	for _, outcome := range append(barometer.Outcomes(), "", "maybe", "not_recorded") {
		for _, reason := range reasons {
			want := barometer.Internal
			if outcome.Known() && outcome.CheckReason(reason) == "" {
				want = allowed
			}
			o := judged(onCase, barometer.UnitCase, 0)
			entered := o
			entered.Outcome, entered.Reason = outcome, reason
			attempts = append(attempts,
				attempt{fmt.Sprintf("%q because %q", outcome, reason), want, func(ctx context.Context, tx *store.Store) error {
					return tx.AddCases(ctx, nil, nil, []barometer.CaseOutcome{entered})
				}},
				attempt{fmt.Sprintf("replaced by %q because %q", outcome, reason), want, func(ctx context.Context, tx *store.Store) error {
					if err := tx.AddCases(ctx, nil, nil, []barometer.CaseOutcome{o}); err != nil {
						return err
					}
					return tx.ReviseOutcomes(ctx, []barometer.CaseOutcome{entered})
				}})
		}
	}
	check(t, attempts)
}

func TestReportedFiguresAreConstrained(t *testing.T) {
	t.Parallel()
	result := func(name string, want barometer.Kind, r barometer.ReportedResult) attempt {
		r.Round, r.Area, r.Requirement = 2023, "0183", "a"
		return attempt{name, want, func(ctx context.Context, tx *store.Store) error {
			return tx.PutReportedResults(ctx, []barometer.ReportedResult{r})
		}}
	}
	attempts := []attempt{
		result("0 percent", allowed, barometer.ReportedResult{Percent: 0}),
		result("100 percent", allowed, barometer.ReportedResult{Percent: 100}),
		result("below 0 percent", barometer.Internal, barometer.ReportedResult{Percent: -1}),
		result("above 100 percent", barometer.Internal, barometer.ReportedResult{Percent: 101}),
		result("assessed alone", allowed, barometer.ReportedResult{Percent: 34, Assessed: ptr(330)}),
		result("met alone", barometer.Internal, barometer.ReportedResult{Percent: 34, Met: ptr(112)}),
		result("none assessed", barometer.Internal, barometer.ReportedResult{Percent: 0, Assessed: ptr(0)}),
		result("none of none", barometer.Internal, barometer.ReportedResult{Percent: 0, Met: ptr(0), Assessed: ptr(0)}),
		result("fewer than none met", barometer.Internal, barometer.ReportedResult{Percent: 0, Met: ptr(-1), Assessed: ptr(6)}),
		result("more met than assessed", barometer.Internal, barometer.ReportedResult{Percent: 100, Met: ptr(7), Assessed: ptr(6)}),
		result("no cases", barometer.Internal, barometer.ReportedResult{Percent: 17, Cases: ptr(0)}),
		{"of an unknown round", barometer.Invalid, func(ctx context.Context, tx *store.Store) error {
			return tx.PutReportedResults(ctx, []barometer.ReportedResult{{Round: 2022, Area: "0183", Requirement: "a"}})
		}},
	}
	for _, p := range []struct {
		want   barometer.Kind
		period barometer.ReportedPeriod
	}{
		{allowed, barometer.ReportedPeriod{Percent: 100, Cases: ptr(1)}},
		{barometer.Internal, barometer.ReportedPeriod{Percent: 101}},
		{barometer.Internal, barometer.ReportedPeriod{Percent: -1}},
		{barometer.Internal, barometer.ReportedPeriod{Cases: ptr(0)}},
	} {
		attempts = append(attempts, attempt{fmt.Sprintf("period %+v", p.period), p.want, func(ctx context.Context, tx *store.Store) error {
			return tx.AddReportedPeriods(ctx, []barometer.ReportedPeriod{p.period})
		}})
	}
	attempts = append(attempts, attempt{"a period twice", barometer.Conflict, func(ctx context.Context, tx *store.Store) error {
		return tx.AddReportedPeriods(ctx, make([]barometer.ReportedPeriod, 2))
	}})
	check(t, attempts)
}

// Counts must give the printed percent: half up, for every pair up to 16 and its neighbours.
func TestReportedCountsGiveThePercent(t *testing.T) {
	t.Parallel()
	var attempts []attempt
	for assessed := 1; assessed <= 16; assessed++ {
		for met := 0; met <= assessed; met++ {
			halfUp := 0 // the whole percent p with p - 0.5 <= 100 met / assessed < p + 0.5
			for (2*halfUp+1)*assessed <= 200*met {
				halfUp++
			}
			for percent := max(0, halfUp-1); percent <= min(100, halfUp+1); percent++ {
				want := barometer.Internal
				if percent == halfUp {
					want = allowed
				}
				r := barometer.ReportedResult{Round: 2023, Area: "dk", Requirement: "a", Met: &met, Assessed: &assessed, Percent: percent}
				attempts = append(attempts, attempt{
					fmt.Sprintf("%d of %d is %d %%", met, assessed, percent), want,
					func(ctx context.Context, tx *store.Store) error {
						return tx.PutReportedResults(ctx, []barometer.ReportedResult{r})
					},
				})
			}
		}
	}
	check(t, attempts)
}

// A break has the round it begins with and nothing else, a pair an earlier round and a later one.
func TestJudgementsHaveOneShape(t *testing.T) {
	t.Parallel()
	years := []*barometer.Year{nil, ptr(barometer.Year(2021)), ptr(barometer.Year(2024))}
	var attempts []attempt
	add := func(name string, want barometer.Kind, rows ...barometer.Judgement) {
		attempts = append(attempts, attempt{name, want, func(ctx context.Context, tx *store.Store) error {
			return tx.AddJudgements(ctx, rows)
		}})
	}
	for _, kind := range []barometer.JudgementKind{barometer.Break, barometer.Pair, "", "trend"} {
		for _, since := range years {
			for _, from := range years {
				for _, to := range years {
					want := barometer.Internal
					isBreak := kind == barometer.Break && since != nil && from == nil && to == nil
					isPair := kind == barometer.Pair && since == nil && from != nil && to != nil && *from < *to
					if isBreak || isPair {
						want = allowed
					}
					var name strings.Builder
					fmt.Fprintf(&name, "kind %q", kind)
					for label, year := range map[string]*barometer.Year{"since": since, "from": from, "to": to} {
						if year != nil {
							fmt.Fprintf(&name, ", %s %d", label, *year)
						}
					}
					add(name.String(), want, barometer.Judgement{
						ID: "x", Kind: kind, SinceRound: since, FromRound: from, ToRound: to, Judgement: barometer.Comparable,
					})
				}
			}
		}
	}
	since := func(judged barometer.Judged, effect *string) barometer.Judgement {
		return barometer.Judgement{ID: "x", Kind: barometer.Break, SinceRound: ptr(real2023), Judgement: judged, Effect: effect}
	}
	for _, judged := range []barometer.Judged{barometer.NotComparable, barometer.WithCaveat, barometer.NotJudged, barometer.Comparable} {
		add(string(judged), allowed, since(judged, nil))
	}
	for _, effect := range []string{"stricter", "looser", "unknown"} {
		add(effect, allowed, since(barometer.WithCaveat, &effect))
	}
	add("unknown judgement", barometer.Internal, since("fine", nil))
	add("no judgement", barometer.Internal, since("", nil))
	add("unknown effect", barometer.Internal, since(barometer.WithCaveat, ptr("worse")))
	add("same id", barometer.Conflict, since(barometer.WithCaveat, nil), since(barometer.Comparable, nil))
	check(t, attempts)
}

func TestPublicationsAndReleasesAreConstrained(t *testing.T) {
	t.Parallel()
	row := barometer.FrozenRow{Kind: barometer.RowResult, Key: "k", Body: "{}"}
	release := func(name string, want barometer.Kind, r barometer.Release, rows ...barometer.FrozenRow) attempt {
		return attempt{"release: " + name, want, func(ctx context.Context, tx *store.Store) error {
			if _, err := tx.AddPublication(ctx, 2023, nil, nil); err != nil {
				return err
			}
			_, err := tx.AddRelease(ctx, r, rows)
			return err
		}}
	}
	published := []barometer.ReleaseRound{{Round: 2023, Revision: 1}}
	check(t, []attempt{
		{"publication of an unknown round", barometer.Invalid, func(ctx context.Context, tx *store.Store) error {
			_, err := tx.AddPublication(ctx, 2022, nil, nil)
			return err
		}},
		{"publication with the same row twice", barometer.Conflict, func(ctx context.Context, tx *store.Store) error {
			_, err := tx.AddPublication(ctx, 2023, nil, []barometer.FrozenRow{row, row})
			return err
		}},
		{"publication numbered 0", barometer.Internal, func(ctx context.Context, tx *store.Store) error {
			return tx.Exec(ctx, "INSERT INTO publications (round, revision, published_at) VALUES (2023, 0, '2026-01-01 00:00:00')")
		}},
		{"rows of a publication that is not there", barometer.Invalid, func(ctx context.Context, tx *store.Store) error {
			return tx.Exec(ctx, "INSERT INTO publication_rows VALUES (2023, 1, 'result', 'k', '{}')")
		}},
		{"rows of a release that is not there", barometer.Invalid, func(ctx context.Context, tx *store.Store) error {
			return tx.Exec(ctx, "INSERT INTO release_rows VALUES (1, 'result', 'k', '{}')")
		}},
		release("the first", allowed, barometer.Release{Number: 1, Rounds: published}, row),
		release("numbered 0", barometer.Internal, barometer.Release{Number: 0}),
		release("fewer than no results", barometer.Internal, barometer.Release{Number: 1, Results: -1}),
		release("of a publication that is not there", barometer.Invalid,
			barometer.Release{Number: 1, Rounds: []barometer.ReleaseRound{{Round: 2023, Revision: 2}}}),
		release("a round twice", barometer.Conflict, barometer.Release{Number: 1, Rounds: append(published, published...)}),
		release("a row twice", barometer.Conflict, barometer.Release{Number: 1, Rounds: published}, row, row),
		{"release: the number is taken", barometer.Conflict, func(ctx context.Context, tx *store.Store) error {
			if _, err := tx.AddRelease(ctx, barometer.Release{Number: 1}, nil); err != nil {
				return err
			}
			_, err := tx.AddRelease(ctx, barometer.Release{Number: 1}, nil)
			return err
		}},
		{"a second data set", barometer.Internal, func(ctx context.Context, tx *store.Store) error { return tx.AddDataset(ctx, 2, 0) }},
		{"a data set without an id", barometer.Internal, func(ctx context.Context, tx *store.Store) error { return tx.AddDataset(ctx, 0, 0) }},
		{"the same data set", barometer.Conflict, func(ctx context.Context, tx *store.Store) error { return tx.AddDataset(ctx, 1, 0) }},
		{"a data set before its first release", barometer.Internal, func(ctx context.Context, tx *store.Store) error {
			return tx.Exec(ctx, "UPDATE dataset SET release = -1")
		}},
	})
}
