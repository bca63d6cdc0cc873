package lifecycle_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/lifecycle"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

var everyCode = []string{
	"no_requirements", "no_participations", "no_cases", "participants_without_cases", "cases_against_participation", "missing_outcomes",
	"precondition_conflicts", "missing_reasons",
}

// counts gives the counts of all checks.
func (b bench) counts() map[string]int {
	b.Helper()
	all, _ := b.checks(barometer.Danish)
	found := map[string]int{}
	for i, c := range all.Checks {
		same(b, everyCode[i], c.Code)
		found[c.Code] = c.Count
	}
	return found
}

func TestAnEmptyDraftIsNotReady(t *testing.T) {
	runWithHistory(t, func(b bench) {
		b.must(b.tx(func(tx *store.Store) error {
			_, err := lifecycle.CreateRound(b.ctx, tx, barometer.RoundInput{Year: year, RoundPatch: barometer.RoundPatch{Kind: "annual", Law: "serviceloven"}})
			return err
		}))
		all, byCode := b.checks(barometer.Danish)
		same(b, map[string]int{
			"no_requirements": 1, "no_participations": 1, "no_cases": 1, "participants_without_cases": 0, "cases_against_participation": 0,
			"missing_outcomes": 0, "precondition_conflicts": 0, "missing_reasons": 0,
		}, b.counts())
		same(b, barometer.Check{
			Code: "no_requirements", Blocks: []barometer.RoundStatus{collecting, hearing, published}, Count: 1,
			Text: "Undersøgelsen har ingen lovkrav", Links: []barometer.CheckLink{},
		}, byCode["no_requirements"])
		same(b, []barometer.RoundStatus{hearing, published}, byCode["no_cases"].Blocks)
		same(b, []barometer.RoundStatus{published}, byCode["missing_outcomes"].Blocks)
		if all.Ready {
			b.Error("ready")
		}
		_, err := b.transition(barometer.TransitionInput{To: collecting})
		b.refused(err, barometer.State, "/to no_requirements", "/to no_participations")

		// Nothing is asked of the history; there is no round 2018.
		history, err := lifecycle.Checks(b.ctx, b.store, b.cat, 2023, barometer.English)
		b.must(err)
		same(b, barometer.Checks{Round: 2023, Ready: true, Checks: []barometer.Check{}}, history)
		_, err = lifecycle.Checks(b.ctx, b.store, b.cat, 2018, barometer.English)
		b.refused(err, barometer.NotFound)
		_, err = lifecycle.Progress(b.ctx, b.store, b.cat, 2018)
		b.refused(err, barometer.NotFound)
	})
}

// faulty makes a round whose faults are counted by hand in the tests below: København has no case; Ishøj has one of
// two, judged although its precondition is not met; Norddjurs has two with gaps, and a withdrawn one.
func (b bench) faulty() {
	b.Helper()
	b.round("0101", "0183", "0707")
	b.participation("0183", 2)
	b.participation("0707", 3)
	b.move(collecting)
	met := barometer.Assessment{Outcome: barometer.Met}
	b.cases(func(add func(barometer.Case, int, form)) {
		add(barometer.Case{Municipality: "0183", Reference: "S0001"}, 0, form{{Requirement: parent}: {Outcome: barometer.NotMet}, {Requirement: child}: met})
		add(barometer.Case{Municipality: "0707", Reference: "S0002"}, 1, form{})
		add(barometer.Case{Municipality: "0707", Reference: "S0001"}, 2, form{{Requirement: parent}: met, {Requirement: notice, Number: 1}: met})
		add(barometer.Case{Municipality: "0707", Reference: "S0003", Withdrawn: true, WithdrawnReason: ptr("En anden kommunes sag")}, 1,
			form{{Requirement: parent}: {Outcome: barometer.NotMet}, {Requirement: child}: met})
	})
}

func TestChecksLeadToTheRows(t *testing.T) {
	run(t, func(b bench) {
		b.faulty()
		all, byCode := b.checks(barometer.English)
		same(b, map[string]int{
			"no_requirements": 0, "no_participations": 0, "no_cases": 0, "participants_without_cases": 1, "cases_against_participation": 1,
			"missing_outcomes": 5, "precondition_conflicts": 1, "missing_reasons": 0,
		}, b.counts())
		if !all.Ready {
			b.Error("a round with cases is ready for hearing")
		}
		same(b, []barometer.CheckLink{{Href: "/v1/rounds/9027/participations/0101", Municipality: "0101", Detail: "no cases"}},
			byCode["participants_without_cases"].Links)
		same(b, []barometer.CheckLink{{Href: "/v1/rounds/9027/participations/0183", Municipality: "0183", Detail: "2 cases drawn, 1 entered"}},
			byCode["cases_against_participation"].Links)
		same(b, []barometer.CheckLink{
			{Href: "/v1/cases/9027-0707-S0001/outcomes", Municipality: "0707", Reference: ptr("S0001"), Detail: "2 of 4 missing"},
			{Href: "/v1/cases/9027-0707-S0002/outcomes", Municipality: "0707", Reference: ptr("S0002"), Detail: "3 of 3 missing"},
		}, byCode["missing_outcomes"].Links)
		same(b, []barometer.CheckLink{{
			Href: "/v1/cases/9027-0183-S0001/outcomes", Municipality: "0183", Reference: ptr("S0001"), Requirement: ptr(child),
			Detail: "met, but its precondition investigation_conducted is not_met",
		}}, byCode["precondition_conflicts"].Links)

		b.move(hearing)
		all, _ = b.checks(barometer.English)
		if all.Ready {
			b.Error("ready to be published")
		}
		_, err := b.transition(barometer.TransitionInput{To: published})
		b.refused(err, barometer.State, "/to participants_without_cases", "/to cases_against_participation", "/to missing_outcomes", "/to precondition_conflicts")
		var blocked *barometer.Error
		if !errors.As(err, &blocked) {
			b.Fatal(err)
		}
		same(b, "/to: Outcomes that are not entered: 5", blocked.Fields[2].String())
	})
}

// The tables do not take an outcome without the reason that it needs; somebody who changes them by hand could.
func TestReasonsChangedFromOutsideAreFound(t *testing.T) {
	run(t, func(b bench) {
		b.entered("0183", "0707")
		unchecked := map[string]string{
			"sqlite": "PRAGMA ignore_check_constraints = 1", "postgres": "ALTER TABLE case_outcomes DROP CONSTRAINT case_outcomes_check",
		}[b.store.Dialect()]
		storetest.Exec(b.T, b.options, unchecked+`;
			UPDATE case_outcomes SET outcome = 'not_applicable' WHERE case_id LIKE '%0707%' AND requirement = '`+notice+`';
			UPDATE case_outcomes SET outcome = 'maybe' WHERE case_id LIKE '%0183%' AND requirement = '`+notice+`'`)
		_, byCode := b.checks(barometer.English)
		found := byCode["missing_reasons"]
		same(b, 2, found.Count)
		same(b, 2, len(found.Links))
		same(b, barometer.CheckLink{
			Href: "/v1/cases/9027-0183-S0001/outcomes", Municipality: "0183", Reference: ptr("S0001"), Requirement: ptr(notice),
			Detail: "the reason is missing or does not go with the outcome",
		}, found.Links[0])
	})
}

func TestAtMostTwentyLinks(t *testing.T) {
	run(t, func(b bench) {
		b.round("0707")
		b.move(collecting)
		b.cases(func(add func(barometer.Case, int, form)) {
			for n := 25; n > 0; n-- {
				add(barometer.Case{Municipality: "0707", Reference: reference(n)}, 0, form{
					{Requirement: parent}: {Outcome: barometer.NotMet}, {Requirement: child}: {Outcome: barometer.Met},
				})
				add(barometer.Case{Municipality: "0707", Reference: "T" + reference(n)}, 0, form{})
			}
		})
		_, byCode := b.checks(barometer.Danish)
		for code, prefix := range map[string]string{"precondition_conflicts": "", "missing_outcomes": "T"} {
			found := byCode[code]
			same(b, map[string]int{"precondition_conflicts": 25, "missing_outcomes": 50}[code], found.Count)
			same(b, 20, len(found.Links))
			for i, l := range found.Links {
				same(b, prefix+reference(i+1), *l.Reference)
			}
		}
	})
}

func TestProgressByMunicipality(t *testing.T) {
	run(t, func(b bench) {
		b.faulty()
		p, err := lifecycle.Progress(b.ctx, b.store, b.cat, year)
		b.must(err)
		same(b, barometer.Progress{
			Round: year, Status: collecting, Entered: 4, Missing: 5, Municipalities: []barometer.MunicipalityProgress{
				{Municipality: "0101", Name: "København"},
				{Municipality: "0183", Name: "Ishøj", CasesDrawn: ptr(2), Cases: 1, CasesComplete: 1, Entered: 2},
				{Municipality: "0707", Name: "Norddjurs", CasesDrawn: ptr(3), Cases: 3, CasesComplete: 1, Withdrawn: 1, Entered: 2, Missing: 5},
			},
		}, p)
	})
}

// drawnCase is a case as the recount below sees it.
type drawnCase struct {
	barometer.Case
	notifications int
	form
}

// randomCases draws cases with gaps, conflicts and withdrawn ones among them.
func randomCases(r *rand.Rand, municipalities []string) []drawnCase {
	var all []drawnCase
	for n := range r.IntN(60) {
		c := drawnCase{barometer.Case{
			Municipality: municipalities[r.IntN(len(municipalities))], Reference: reference(n), Withdrawn: r.IntN(5) == 0,
		}, r.IntN(4), form{}}
		cells := []barometer.Cell{{Requirement: parent}, {Requirement: child}}
		for n := 1; n <= c.notifications; n++ {
			cells = append(cells, barometer.Cell{Requirement: notice, Number: n})
		}
		for _, cell := range cells {
			outcomes := barometer.Outcomes()
			outcome := outcomes[r.IntN(len(outcomes))]
			reasons := append(outcome.Reasons(), "")
			if r.IntN(5) > 0 {
				c.form[cell] = barometer.Assessment{Outcome: outcome, Reason: reasons[r.IntN(max(1, len(reasons)-1))]}
			}
		}
		all = append(all, c)
	}
	return all
}

// goesUnder is DESIGN's rule on preconditions, written again.
func goesUnder(parent, child barometer.Assessment) bool {
	switch parent.Outcome {
	case "met":
		return child.Reason != "precondition_not_met"
	case "met_by_exception":
		return child == barometer.Assessment{Outcome: "not_applicable", Reason: "not_required_by_law"}
	}
	return child == barometer.Assessment{Outcome: "not_applicable", Reason: "precondition_not_met"}
}

// Progress and checks agree with a recount of the same cases, one by one.
func TestCountsAgreeWithARecount(t *testing.T) {
	run(t, func(b bench) {
		municipalities := []string{"0101", "0183", "0707", "0751"}
		for seed := range uint64(8) {
			b.year = 9100 + barometer.Year(seed)
			r := rand.New(rand.NewPCG(seed, 3)) //nolint:gosec // repeatable on purpose
			b.round(municipalities...)
			b.participation("0183", 10+r.IntN(5))
			b.move(collecting)
			all := randomCases(r, municipalities)
			b.cases(func(add func(barometer.Case, int, form)) {
				for _, c := range all {
					add(c.Case, c.notifications, c.form)
				}
			})
			b.recount(municipalities, all)
		}
	})
}

func (b bench) recount(municipalities []string, all []drawnCase) {
	b.Helper()
	participation, err := b.store.Participation(b.ctx, b.year, "0183")
	b.must(err)
	want := barometer.Progress{Round: b.year, Status: collecting}
	counts := map[string]int{}
	sample := 0
	for _, code := range municipalities {
		m := barometer.MunicipalityProgress{Municipality: code, Name: b.cat.AreaName(code, barometer.Danish)}
		if code == "0183" {
			m.CasesDrawn = participation.Cases
		}
		for _, c := range all {
			if c.Municipality != code {
				continue
			}
			m.Cases++
			missing := 2 + c.notifications - len(c.form)
			if c.Withdrawn || missing == 0 {
				m.CasesComplete++
			}
			if c.Withdrawn {
				m.Withdrawn++
				continue
			}
			sample++
			m.Entered, m.Missing = m.Entered+len(c.form), m.Missing+missing
			above, hasParent := c.form[barometer.Cell{Requirement: parent}]
			below, hasChild := c.form[barometer.Cell{Requirement: child}]
			if hasParent && hasChild && !goesUnder(above, below) {
				counts["precondition_conflicts"]++
			}
		}
		if m.Cases == 0 {
			counts["participants_without_cases"]++
		}
		if m.CasesDrawn != nil && *m.CasesDrawn != m.Cases {
			counts["cases_against_participation"]++
		}
		want.Entered, want.Missing = want.Entered+m.Entered, want.Missing+m.Missing
		want.Municipalities = append(want.Municipalities, m)
	}
	counts["missing_outcomes"] = want.Missing
	if sample == 0 {
		counts["no_cases"] = 1
	}
	got, err := lifecycle.Progress(b.ctx, b.store, b.cat, b.year)
	b.must(err)
	same(b, want, got)
	for code, n := range b.counts() {
		if counts[code] != n {
			b.Errorf("%s: %d, recounted %d", code, n, counts[code])
		}
	}
}
