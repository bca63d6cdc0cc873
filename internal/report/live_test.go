package report_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// chance makes rounds up at random, the same for the same seed.
type chance struct {
	*rand.Rand
	bench
}

var somewhere = []string{"0101", "0183", "0461", "0707", "0751", "0851"}

// draw takes some of a list, at least one, in its order.
func draw[T any](c chance, from []T) []T {
	places := c.Perm(len(from))[:1+c.IntN(len(from))]
	slices.Sort(places)
	var out []T
	for _, p := range places {
		out = append(out, from[p])
	}
	return out
}

// anyRound makes a round in hearing, with whatever can occur in one: requirements and wordings of its own, participants
// without cases, withdrawn cases, notifications, units without an outcome, printed figures.
func (c chance) anyRound(year barometer.Year) {
	c.Helper()
	var asked []barometer.RoundRequirement
	for _, q := range draw(c, c.cat.SyntheticRequirements()) {
		a := barometer.RoundRequirement{Round: year, Requirement: q.Code, Unit: q.Unit, Practice: c.cat.Practice(q.Code, year)}
		if c.IntN(4) == 0 {
			a.Practice, a.QuestionDa = "own", ptr("Spurgt anderledes?")
		}
		asked = append(asked, a)
	}
	c.must(c.store.AddRound(c.ctx, barometer.Round{
		Year: year, Origin: barometer.OriginSynthetic, Kind: "annual", Law: "serviceloven", Status: barometer.Hearing, RequirementsKnown: true,
	}, asked))
	for _, municipality := range draw(c, somewhere) {
		c.must(c.store.AddParticipations(c.ctx, []barometer.Participation{{Round: year, Municipality: municipality}}))
		if c.IntN(8) > 0 {
			c.anyCases(year, municipality, asked)
		} else {
			c.must(c.store.PutReportedResults(c.ctx, []barometer.ReportedResult{{
				Round: year, Area: municipality, Requirement: asked[0].Requirement, Percent: c.IntN(101), Source: "service",
			}}))
		}
	}
}

func (c chance) anyCases(year barometer.Year, municipality string, asked []barometer.RoundRequirement) {
	c.Helper()
	var cases []barometer.Case
	var units []barometer.CaseUnit
	var outcomes []barometer.CaseOutcome
	for n := range 1 + c.IntN(12) {
		id := fmt.Sprintf("%d-%s-%d", year, municipality, n)
		cases = append(cases, barometer.Case{
			ID: id, Round: year, Municipality: municipality, Reference: fmt.Sprintf("S%04d", n), CaseType: barometer.Placement, Withdrawn: c.IntN(10) == 0,
		})
		for number := range 1 + c.IntN(4) {
			unit := barometer.UnitNotification
			if number == 0 {
				unit = barometer.UnitCase
			}
			units = append(units, barometer.CaseUnit{CaseID: id, Number: number, Unit: unit})
			for _, a := range asked {
				if a.Unit == unit && c.IntN(10) > 0 {
					got := c.anyAssessment()
					outcomes = append(outcomes, barometer.CaseOutcome{
						CaseID: id, Requirement: a.Requirement, Number: number, Round: year, Unit: unit, Outcome: got.Outcome, Reason: got.Reason,
					})
				}
			}
		}
	}
	c.must(c.store.AddCases(c.ctx, cases, units, outcomes))
}

func (c chance) anyAssessment() barometer.Assessment {
	a := barometer.Assessment{Outcome: barometer.Outcomes()[c.IntN(5)]}
	if reasons := a.Outcome.Reasons(); len(reasons) > 0 {
		a.Reason = reasons[c.IntN(len(reasons))]
	}
	return a
}

// anyRecords changes what a lead can: a judgement of the round and the one before, a printed figures of earlier rounds.
func (c chance) anyRecords(year barometer.Year) {
	c.Helper()
	q := draw(c, c.cat.SyntheticRequirements())[0]
	judged := []barometer.Judged{barometer.NotComparable, barometer.WithCaveat, barometer.Comparable}[c.IntN(3)]
	c.must(c.store.AddJudgements(c.ctx, []barometer.Judgement{{
		ID: fmt.Sprintf("break.%s.%d", q.Code, year), Kind: barometer.Break, Requirement: q.Code, SinceRound: &year,
		Judgement: judged, Reason: "practice_changed", JudgedBy: "service", NoteDa: "Ændret.", NoteEn: "Changed.", Source: "service",
	}}))
	for earlier := max(9001, year-3); earlier < year; earlier++ { // the country's baseline is among them
		for _, area := range []string{barometer.Country, "0707"} {
			c.must(c.store.PutReportedResults(c.ctx, []barometer.ReportedResult{{
				Round: earlier, Area: area, Requirement: c.asked(earlier)[0].Requirement, Percent: c.IntN(101), Source: "service",
			}}))
		}
		c.must(c.store.SetRecordsChanged(c.ctx, earlier, true))
	}
}

func of(year barometer.Year) func(barometer.Result) bool {
	return func(r barometer.Result) bool { return r.Round != nil && *r.Round == year }
}

// TestPublishingFreezesWhatIsLive: whatever a round holds, its live figures are those that publishing it releases, to the
// byte, and every scorecard and denominator with them.
func TestPublishingFreezesWhatIsLive(t *testing.T) {
	run(t, func(b bench) {
		current, err := report.NewCurrent(b.ctx, b.store, b.cat)
		b.must(err)
		seed := rand.Uint64()
		b.Logf("seed %d", seed)
		c := chance{rand.New(rand.NewPCG(seed, 0)), b}
		for year := barometer.Year(9001); year <= 9006; year++ {
			c.anyRound(year)
			c.anyRecords(year)
			b.liveIsPublished(current, year)
			if year%3 == 0 { // reopened and corrected
				b.reopen(year)
				c.anyCases(year, c.newcomer(year), c.asked(year))
				b.liveIsPublished(current, year)
			}
		}
		b.sound()
	})
}

func (c chance) asked(year barometer.Year) []barometer.RoundRequirement {
	c.Helper()
	asked, err := c.store.RoundRequirements(c.ctx, year)
	c.must(err)
	return asked
}

// newcomer adds a participant.
func (c chance) newcomer(year barometer.Year) string {
	c.Helper()
	c.must(c.store.AddParticipations(c.ctx, []barometer.Participation{{Round: year, Municipality: "0860"}}))
	return "0860"
}

func (b bench) liveIsPublished(current *report.Current, year barometer.Year) {
	b.Helper()
	live, err := report.Live(b.ctx, b.store, b.cat, year)
	b.must(err)
	beside, err := current.Live(b.ctx, year, store.Scope{})
	b.must(err)
	if diff := cmp.Diff(live.Results(of(year), report.Options{}, barometer.English), beside.Results(of(year), report.Options{}, barometer.English)); diff != "" {
		b.Errorf("beside a snapshot: %s", diff)
	}
	s := b.publish(year)
	b.must(current.Refresh(b.ctx))
	released := b.rows(s.Release().Number)
	results := live.Results(of(year), report.Options{}, barometer.Danish)
	for _, r := range results {
		body, err := json.Marshal(r)
		b.must(err)
		if diff := cmp.Diff(released["result "+r.Key], string(body)); diff != "" {
			b.Error(diff)
		}
	}
	if diff := cmp.Diff(s.Results(of(year), report.Options{}, barometer.Danish), results); diff != "" || len(results) == 0 {
		b.Error(len(results), diff)
	}
	for _, o := range []report.Options{{AllowBreak: true}, {Weighting: barometer.WeightEqual}} {
		if diff := cmp.Diff(s.Results(of(year), o, barometer.English), live.Results(of(year), o, barometer.English)); diff != "" {
			b.Error(o, diff)
		}
	}
	for _, area := range append(slices.Clone(somewhere), barometer.Country) {
		b.sameCards(s, live, year, area)
	}
}

func (b bench) sameCards(s *report.Snapshot, live *report.LiveRound, year barometer.Year, area string) {
	b.Helper()
	for _, baseline := range []report.Baseline{{}, {None: true}, {Options: report.Options{AllowBreak: true}}, {Options: report.Options{Weighting: barometer.WeightEqual}}, {Year: ptr(year - 1)}} {
		want, wantErr := s.Scorecard(year, area, baseline, barometer.English)
		got, gotErr := live.Scorecard(area, baseline, barometer.English)
		if fmt.Sprint(wantErr) != fmt.Sprint(gotErr) {
			b.Errorf("%s: %v; %v", area, gotErr, wantErr)
			continue
		}
		if wantErr == nil && (got.State != "live" || got.Release != s.Release().Number-1 || want.State != "published") {
			b.Errorf("%s of release %d, then %s of %d", got.State, got.Release, want.State, want.Release)
		}
		got.State, got.Release = want.State, want.Release
		if diff := cmp.Diff(want, got); diff != "" {
			b.Error(diff)
		}
	}
	asked, err := s.RoundRequirements(year, barometer.Danish)
	b.must(err)
	for _, q := range asked {
		want, err := s.Denominator(year, area, q.Requirement, barometer.Danish)
		b.must(err)
		got, err := live.Denominator(area, q.Requirement, barometer.Danish)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			b.Error(err, diff)
		}
	}
}

// TestWhoSeesWhatOfALiveRound: a municipality its own figures and none of the country's, the ministry the country's.
func TestWhoSeesWhatOfALiveRound(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0183", "0707")
		b.cases(9023, "0183", professional, "MMMM")
		b.cases(9023, "0707", professional, "NXXX")
		_, err := report.Live(b.ctx, b.store, b.cat, 9023)
		b.kind(err, barometer.State, "collecting")
		_, err = report.Live(b.ctx, b.store, b.cat, 9024)
		b.kind(err, barometer.NotFound)
		b.must(b.store.SetRoundStatus(b.ctx, 9023, barometer.Hearing))
		live, err := report.Live(b.ctx, b.store, b.cat, 9023)
		b.must(err)

		own := live.OnlyMunicipality("0707")
		for _, r := range own.Results(of(9023), report.Options{}, barometer.Danish) {
			if r.Area != "0707" || *r.Country != (barometer.CountryFigure{Status: barometer.Withheld}) {
				b.Errorf("%s: %+v", r.Key, r.Country)
			}
		}
		card, err := own.Scorecard("0707", report.Baseline{}, barometer.Danish)
		b.must(err)
		for _, r := range resultsOf(card) {
			if *r.Country != (barometer.CountryFigure{Status: barometer.Withheld}) {
				b.Errorf("%s: %+v", r.Key, r.Country)
			}
		}
		for _, area := range []string{"0183", "0101", barometer.Country} {
			_, err := own.Scorecard(area, report.Baseline{}, barometer.Danish)
			b.kind(err, barometer.NotFound)
			_, err = own.Denominator(area, professional[0], barometer.Danish)
			b.kind(err, barometer.NotFound)
		}
		for _, r := range live.OnlyCountry().Results(of(9023), report.Options{}, barometer.Danish) {
			if r.Area != barometer.Country {
				b.Error(r.Key)
			}
		}
		_, err = live.OnlyCountry().Scorecard("0707", report.Baseline{}, barometer.Danish)
		b.kind(err, barometer.NotFound)
		if r := live.Results(func(r barometer.Result) bool { return r.Key == "9023.0707.investigation_conducted" }, report.Options{}, barometer.Danish)[0]; *r.Country.Met != 1 || *r.Country.Assessed != 2 {
			b.Errorf("the others see the country beside: %+v", r.Country)
		}
		if s := b.load(); s.Release().Number != 6 {
			b.Error("looking changes nothing")
		}
	})
}

// TestTheCasesBehindADenominator: 0707 has two cases without an outcome, one not due, one withdrawn; the reference of a
// case with two such notifications stands once.
func TestTheCasesBehindADenominator(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0707")
		b.cases(9023, "0707", professional[:2], "MM", "NX", "M", "", "XX")
		b.tamper("UPDATE cases SET withdrawn = TRUE WHERE id = '9023-0707-4'")
		b.must(b.store.Tx(b.ctx, func(tx *store.Store) error {
			for n := 1; n <= 2; n++ {
				if err := tx.AddUnit(b.ctx, barometer.CaseUnit{CaseID: "9023-0707-0", Number: n, Unit: barometer.UnitNotification}); err != nil {
					return err
				}
			}
			return nil
		}))
		s := b.publish(9023)
		filled := func(requirement string) map[barometer.Reason][]string {
			d, err := s.Denominator(9023, "0707", requirement, barometer.Danish)
			b.must(err)
			b.must(report.FillCases(b.ctx, b.store, &d))
			cases := map[barometer.Reason][]string{}
			for _, part := range d.NotAssessed {
				cases[part.Reason] = part.Cases
			}
			return cases
		}
		want := map[barometer.Reason][]string{barometer.NotYetDue: {"S0001"}, barometer.NotRecorded: {"S0002", "S0003"}}
		if diff := cmp.Diff(want, filled(professional[1])); diff != "" {
			b.Error(diff)
		}
		want = map[barometer.Reason][]string{barometer.NotRecorded: {"S0000"}}
		if diff := cmp.Diff(want, filled("notification_assessed_within_24_hours")); diff != "" {
			b.Error(diff)
		}
		b.revise("9023-0707-1", professional[1], 'M') // the count published and the cases there are now differ
		want = map[barometer.Reason][]string{barometer.NotYetDue: nil, barometer.NotRecorded: {"S0002", "S0003"}}
		if diff := cmp.Diff(want, filled(professional[1])); diff != "" {
			b.Error(diff)
		}
		references, err := report.CaseReferences(b.ctx, b.store.Within(store.Scope{Municipality: "0183"}), 9023, "0707", professional[1])
		if err != nil || len(references) > 0 {
			b.Errorf("outside the scope there are no cases: %v, %v", references, err)
		}
		references, err = report.CaseReferences(b.ctx, b.store.Within(store.Scope{Municipality: "0707"}), 9023, "0707", professional[1])
		if diff := cmp.Diff([]string{"S0000", "S0001"}, references[barometer.Assessment{Outcome: barometer.Met}]); diff != "" || err != nil {
			b.Error(diff, err)
		}
		history, err := s.Denominator(2023, "0183", professional[1], barometer.Danish)
		b.must(err)
		if b.must(report.FillCases(b.ctx, b.store, &history)); history.NotAssessed[0].Cases != nil {
			b.Errorf("%+v", history)
		}
	})
}
