package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/intake"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/internal/synth"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// bench is a database with the published history, and what a test does to it.
type bench struct {
	*testing.T
	ctx   context.Context
	store *store.Store
	cat   *catalogue.Catalogue
}

// run calls a test on both databases.
func run(t *testing.T, test func(b bench)) {
	t.Helper()
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) { test(newBench(t, s)) })
}

// newBenchSQLite is for what no database has a part in.
func newBenchSQLite(t *testing.T) bench {
	t.Helper()
	return newBench(t, storetest.Open(t, store.Options{DataDir: t.TempDir()}))
}

func newBench(t *testing.T, s *store.Store) bench {
	t.Helper()
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	b := bench{t, storetest.Context(t), s, cat}
	if _, err := report.LoadHistory(b.ctx, s, cat); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b bench) outcomes(file string) (intake.Receipt, error) {
	return intake.Outcomes(b.ctx, b.store, b.cat, strings.NewReader(file), nil)
}

// imports imports a file that nothing is wrong with.
func (b bench) imports(file string) intake.Receipt {
	b.Helper()
	receipt, err := b.outcomes(file)
	if err != nil {
		b.Fatal(err)
	}
	return receipt
}

func (b bench) reported(file string) (intake.Receipt, error) {
	return intake.Reported(b.ctx, b.store, b.cat, strings.NewReader(file), nil)
}

// place is where a problem stands, and which it is.
func place(line int, column, code string) string { return fmt.Sprintf("%d %s %s", line, column, code) }

// refused expects a file to be refused with exactly these problems.
func (b bench) refused(err error, want ...string) []barometer.FieldError {
	b.Helper()
	var e *barometer.Error
	if !errors.As(err, &e) || e.Kind != barometer.Invalid {
		b.Fatalf("want the file refused, got %v", err)
	}
	var got []string
	for _, f := range e.Fields {
		got = append(got, place(f.Line, f.Column, f.Code))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		b.Fatalf("%s\n%v", diff, err)
	}
	return e.Fields
}

// state is all that an import could have changed.
func (b bench) state() string {
	b.Helper()
	rounds, err := b.store.Rounds(b.ctx)
	if err != nil {
		b.Fatal(err)
	}
	text := ""
	for _, r := range rounds {
		participations, err := b.store.Participations(b.ctx, r.Year)
		reported, err2 := b.store.ReportedResults(b.ctx, r.Year)
		if err := errors.Join(err, err2); err != nil {
			b.Fatal(err)
		}
		text += fmt.Sprintf("%d: %d participations, %d figures\n", r.Year, len(participations), len(reported))
		for _, p := range participations {
			outcomes, err := b.store.CaseOutcomes(b.ctx, r.Year, p.Municipality)
			if err != nil {
				b.Fatal(err)
			}
			for _, o := range outcomes {
				text += fmt.Sprintln(p.Municipality, o.Requirement, o.Number, o.Outcome, o.Reason)
			}
		}
	}
	return text
}

const header = "round,municipality,case,case_type,requirement,notification,outcome,reason,origin\n"

// row of a synthetic placement of Norddjurs in round 9026.
func row(reference, requirement, notification, outcome, reason string) string {
	return fmt.Sprintf("9026,0707,%s,placement,%s,%s,%s,%s,synthetic\n", reference, requirement, notification, outcome, reason)
}

func TestEveryMistakeOfAFileIsReportedAtOnceAndNothingIsChanged(t *testing.T) {
	const secret = "0102031234"
	file := header +
		row("S1", "investigation_conducted", "", "not_met", "") +
		row("S1", "investigation_within_four_months", "", "met", "") + // 3: under a precondition that is not met
		"9026,0999,S2,placement,action_plan_made,,met,,synthetic\n" + // 4: no such municipality
		row(secret, "action_plan_made", "", "met", "") + // 5: a personal number
		"9026,0707,S3,foster,action_plan_made,,met,,synthetic\n" + // 6: no such case type
		row("S4", "no_such_requirement", "", "met", "") + // 7
		row("S5", "personal_supervision", "", "met", "") + // 8: not asked in this round
		row("S6", "notification_reassessed", "", "met", "") + // 9: needs a notification
		row("S7", "action_plan_made", "2", "met", "") + // 10: takes no notification
		row("S8", "action_plan_made", "", "fulfilled", "") + // 11: no such outcome
		row("S9", "action_plan_made", "", "not_applicable", "urgency") + // 12: a reason of another outcome
		"9026,0707,S10,placement,action_plan_made,,met,,\n" + // 13: not marked synthetic
		row("S11", "action_plan_made", "", "met", "") +
		row("S11", "action_plan_made", "", "not_met", "") + // 15: the cell of line 14
		row("S12", "child_heard_before_decision", "", "met", "") +
		"9026,0707,S12,family_treatment,action_plan_made,,met,,synthetic\n" + // 17: another type than in line 16
		"2023,0707,S13,placement,action_plan_made,,met,,\n" + // 18: the round's list is not known
		"2031,0707,S14,placement,action_plan_made,,met,,\n" + // 19: no such round
		"9026,0707,S15,placement\n" // 20: too few fields
	run(t, func(b bench) {
		before := b.state()
		_, err := b.outcomes(file)
		fields := b.refused(err,
			place(3, "outcome", "precondition"), place(4, "municipality", "unknown_value"), place(5, "case", "personal_number"),
			place(6, "case_type", "unknown_value"), place(7, "requirement", "unknown_value"), place(8, "requirement", "not_asked"),
			place(9, "notification", "wrong_unit"), place(10, "notification", "wrong_unit"), place(11, "outcome", "unknown_value"),
			place(12, "reason", "wrong_reason"), place(13, "origin", "wrong_origin"), place(15, "requirement", "repeated"),
			place(17, "case_type", "two_case_types"), place(18, "round", "requirements_unknown"), place(19, "round", "unknown_value"),
			place(20, "", "wrong_number_of_fields"))
		if diff := cmp.Diff(before, b.state()); diff != "" {
			b.Errorf("a refused file changed something:\n%s", diff)
		}
		for _, f := range fields {
			if strings.Contains(f.String(), secret) {
				b.Errorf("a personal number is repeated: %s", f)
			}
		}
	})
}

func TestSeveralMistakesOfOneRowAreAllReported(t *testing.T) {
	run(t, func(b bench) {
		_, err := b.outcomes(header + "20,Atlantis,,x,y,z,w,v,u\n")
		b.refused(err, place(2, "origin", "unknown_value"), place(2, "round", "unknown_value"), place(2, "municipality", "unknown_value"),
			place(2, "case", "empty"), place(2, "case_type", "unknown_value"), place(2, "requirement", "unknown_value"), place(2, "outcome", "unknown_value"))
	})
}

func TestWhatIsNoTableIsRefused(t *testing.T) {
	run(t, func(b bench) {
		for name, c := range map[string]struct {
			file string
			want []string
		}{
			"empty":          {"", []string{place(1, "", "empty_file")}},
			"no rows":        {header, []string{place(1, "", "empty_file")}},
			"empty rows":     {header + ",,,,,,,,\n,,,,,,,,\n", []string{place(1, "", "empty_file")}},
			"latin-1 header": {"\xe5rgang;kommune\n", []string{place(1, "", "not_utf8")}},
			"no name":        {strings.Replace(header, "\n", ",\n", 1), []string{place(1, "", "unknown_column")}},
			"leading zero":   {header + "9026,707,S1,placement,action_plan_made,,met,,synthetic\n", []string{place(2, "municipality", "unknown_value")}},
			"synthetic 2023": {header + "2023,Århus,S1,placement,action_plan_made,,met,,synthetic\n", []string{place(2, "origin", "wrong_origin")}},
			"unknown column": {strings.Replace(header, "reason", "name", 1) + "x\n", []string{place(1, "name", "unknown_column")}},
			"number column":  {strings.Replace(header, "reason", "010203-1234", 1) + "x\n", []string{place(1, "(a value in the shape of a personal number)", "unknown_column")}},
			"missing column": {strings.Replace(header, "outcome,", "", 1), []string{place(1, "outcome", "missing_column")}},
			"twice":          {strings.Replace(header, "reason", "outcome", 1), []string{place(1, "outcome", "repeated_column")}},
			"open quote":     {header + "9026,\"0707\n", []string{place(2, "", "not_csv")}},
			"latin-1":        {header + "9026,Ish\xf8j,S1,placement,action_plan_made,,met,,synthetic\n", []string{place(2, "municipality", "not_utf8")}},
			"NUL":            {header + "9026,0707,S\x001,placement,action_plan_made,,met,,synthetic\n", []string{place(2, "case", "control_character")}},
		} {
			_, err := b.outcomes(c.file)
			b.Log(name)
			b.refused(err, c.want...)
		}
	})
}

func TestAFileIsReadHoweverItIsWritten(t *testing.T) {
	plain := header + row("S1", "action_plan_made", "", "met", "") + row("S1", "notification_reassessed", "2", "not_met", "")
	danish := "\xef\xbb\xbfsep=;\r\nresultat;sag;kommune;ÅRGANG;sagstype;lovkrav;underretning;begrundelse;oprindelse\r\n" +
		"met;S1;norddjurs;9026;placement;action_plan_made;;;synthetic\r\n" +
		`"not_met";S1;0707;9026;placement;notification_reassessed;2;;synthetic` // and no line end
	run(t, func(b bench) {
		first := b.imports(plain)
		if diff := cmp.Diff(intake.Receipt{Rows: 2, Added: 2, Cases: 1, Rounds: []barometer.Year{9026}}, first); diff != "" {
			b.Error(diff)
		}
		second := b.imports(danish)
		if diff := cmp.Diff(intake.Receipt{Rows: 2, Unchanged: 2}, second); diff != "" {
			b.Errorf("the same rows, written otherwise, are not the same:\n%s", diff)
		}
	})
}

// TestAFileThatCannotBeReadIsNoFaultOfTheDatabase: the two are told apart, though one is read within the other's
// transaction.
func TestAFileThatCannotBeReadIsNoFaultOfTheDatabase(t *testing.T) {
	run(t, func(b bench) {
		folder, err := os.Open(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = folder.Close() }()
		if _, err := intake.Outcomes(b.ctx, b.store, b.cat, folder, nil); barometer.KindOf(err) != barometer.Malformed {
			b.Errorf("a folder: %v", err)
		}
		if _, err := b.outcomes("\xff\xfer\x00o\x00"); barometer.KindOf(err) != barometer.Invalid || !strings.Contains(err.Error(), "UTF-16") {
			b.Errorf("UTF-16: %v", err)
		}
	})
}

func TestARowForAKnownCellReplacesItAndTheOthersStay(t *testing.T) {
	run(t, func(b bench) {
		b.imports(header + row("S1", "action_plan_made", "", "met", "") + row("S2", "action_plan_made", "", "met", ""))
		got := b.imports(header + row("S2", "action_plan_made", "", "not_met", "") + row("S3", "action_plan_made", "", "met_by_exception", "urgency"))
		if diff := cmp.Diff(intake.Receipt{Rows: 2, Added: 1, Changed: 1, Cases: 1}, got); diff != "" {
			b.Error(diff)
		}
		outcomes, err := b.store.CaseOutcomes(b.ctx, 9026, "0707")
		if err != nil {
			b.Fatal(err)
		}
		counts := map[barometer.Outcome]int{}
		for _, o := range outcomes {
			counts[o.Outcome]++
		}
		if diff := cmp.Diff(map[barometer.Outcome]int{"met": 1, "not_met": 1, "met_by_exception": 1}, counts); diff != "" {
			b.Error(diff)
		}
		participations, err := b.store.Participations(b.ctx, 9026)
		if err != nil || len(participations) != 1 || participations[0].Cases != nil {
			b.Errorf("how many cases were drawn is not for the file of outcomes to say: %+v, %v", participations, err)
		}
	})
}

func TestWhatIsStoredCountsInTheChecks(t *testing.T) {
	run(t, func(b bench) {
		got := b.imports(header + row("S1", "action_plan_states_measure", "", "met", ""))
		if len(got.Warnings) != 1 || got.Warnings[0].Code != "precondition_not_entered" || got.Warnings[0].Line != 2 {
			b.Errorf("a precondition that is not entered yet is a warning: %v", got.Warnings)
		}
		_, err := b.outcomes(header + row("S1", "action_plan_made", "", "not_met", ""))
		fields := b.refused(err, place(2, "outcome", "precondition")) // the child is stored, the parent comes now
		if want := "action_plan_states_measure is stored for this case as met, but with this row its precondition action_plan_made is not_met, " +
			"so it must be not_applicable with reason precondition_not_met; bring both in one file"; fields[0].Detail != want {
			b.Error(fields[0].Detail)
		}
		_, err = b.outcomes(header + "9026,0707,S1,family_treatment,action_plan_made,,met,,synthetic\n")
		b.refused(err, place(2, "case_type", "two_case_types"))
		_, err = b.outcomes(header + "9026,0183,S1,placement,action_plan_made,,met,,synthetic\n")
		b.refused(err, place(2, "municipality", "not_participating"))
		b.imports(header + row("S1", "action_plan_made", "", "met", ""))
	})
}

func TestPreconditionsOfFact10(t *testing.T) {
	run(t, func(b bench) {
		for _, c := range []struct {
			parent, child string // outcome,reason
			allowed       bool
		}{
			{"met,", "met,", true},
			{"met,", "not_applicable,not_required_by_law", true},
			{"met,", "not_applicable,precondition_not_met", false},
			{"met_by_exception,urgency", "not_applicable,not_required_by_law", true},
			{"met_by_exception,urgency", "not_applicable,precondition_not_met", false},
			{"met_by_exception,urgency", "met,", false},
			{"not_met,", "not_applicable,precondition_not_met", true},
			{"not_met,", "not_applicable,not_required_by_law", false},
			{"not_met,", "not_met,", false},
			{"not_applicable,not_yet_due", "not_applicable,precondition_not_met", true},
			{"not_assessable,documentation_missing", "not_applicable,precondition_not_met", true},
			{"not_assessable,documentation_missing", "not_assessable,documentation_missing", false},
		} {
			line := func(requirement, outcome string) string {
				return "9026,0707,S1,placement," + requirement + ",," + outcome + ",synthetic\n"
			}
			_, err := b.outcomes(header + line("action_plan_states_measure", c.child) + line("action_plan_made", c.parent))
			if c.allowed && err != nil {
				b.Errorf("%s under %s: %v", c.child, c.parent, err)
			}
			if !c.allowed {
				b.Log(c)
				b.refused(err, place(2, "outcome", "precondition"))
			}
		}
	})
}

// TestASyntheticRoundIsTheSameOnBothDatabases goes from the seed to the published figures, and holds the counts
// against those of the file.
func TestASyntheticRoundIsTheSameOnBothDatabases(t *testing.T) {
	t.Parallel()
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := synth.Write(&file, cat, synth.Options{Round: 9026, Municipalities: 12, Cases: 180, Seed: 7}, nil); err != nil {
		t.Fatal(err)
	}
	checksums := map[string]string{}
	t.Run("databases", func(t *testing.T) {
		done := make(chan [2]string, 2)
		storetest.Run(t, func(t *testing.T, s *store.Store) {
			b := newBench(t, s)
			b.imports(shuffled(file.String(), s.Dialect()))
			release, changed, err := report.Publish(b.ctx, b.store, b.cat, 9026)
			if err != nil || !changed || release.Number != 7 {
				t.Fatalf("%+v, %v, %v", release, changed, err)
			}
			b.countsAgree(file.String())
			if again, changed, err := report.Publish(b.ctx, b.store, b.cat, 9026); err != nil || changed || again.Number != 7 {
				t.Errorf("publishing the same again: %+v, %v, %v", again, changed, err)
			}
			done <- [2]string{s.Dialect(), release.Checksum}
		})
		t.Cleanup(func() {
			close(done)
			for d := range done {
				checksums[d[0]] = d[1]
			}
		})
	})
	for dialect, sum := range checksums {
		if sum != checksums["sqlite"] {
			t.Errorf("%s has checksum %s, sqlite %s", dialect, sum, checksums["sqlite"])
		}
	}
}

// shuffled puts the rows in another order for each database: the order must not matter.
func shuffled(file, dialect string) string {
	lines := strings.Split(strings.TrimSuffix(file, "\n"), "\n")
	rows := lines[1:]
	rand.New(rand.NewPCG(1, uint64(len(dialect)))).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return strings.Join(lines, "\n")
}

// countsAgree counts the rows of the file by itself and compares with the published results.
func (b bench) countsAgree(file string) {
	b.Helper()
	type key struct{ area, requirement string }
	met, assessed := map[key]int{}, map[key]int{}
	for i, line := range strings.Split(strings.TrimSuffix(file, "\n"), "\n") {
		cells := strings.Split(line, ",")
		for _, area := range []string{cells[1], barometer.Country} {
			at := key{area, cells[4]}
			switch {
			case i == 0:
			case cells[6] == "met" || cells[6] == "met_by_exception":
				met[at]++
				assessed[at]++
			case cells[6] == "not_met":
				assessed[at]++
			}
		}
	}
	snapshot, err := report.Load(b.ctx, b.store, b.cat)
	if err != nil {
		b.Fatal(err)
	}
	checked := 0
	for _, r := range snapshot.Results(func(r barometer.Result) bool { return *r.Round == 9026 && r.Requirement != nil }, report.Options{}, barometer.Danish) {
		at := key{r.Area, *r.Requirement}
		if *r.Met != met[at] || *r.Assessed != assessed[at] {
			b.Errorf("%s: %d of %d, the file has %d of %d", r.Key, *r.Met, *r.Assessed, met[at], assessed[at])
		}
		sum := *r.Assessed
		for _, n := range r.NotAssessed {
			sum += n.Count
		}
		if sum != *r.InSample {
			b.Errorf("%s: the denominator does not add up: %d of %d", r.Key, sum, *r.InSample)
		}
		checked++
	}
	if checked != 13*13 {
		b.Errorf("%d results; want 13 requirements in 12 municipalities and the country", checked)
	}
}

const reportedHeader = "round,area,requirement,met,assessed,percent,cases,source,printed_as,note\n"

func TestReportedFiguresAreChecked(t *testing.T) {
	file := reportedHeader +
		"2031,dk,action_plan_made,,,50,,ast-2024,,\n" +
		"2023,0101,action_plan_made,,,50,,ast-2024,,\n" + // 3: no participation
		"2023,0183,no_such,,,50,,ast-2024,,\n" +
		"2023,0183,investigation_conducted,2,,50,,ast-2024,,\n" + // 5: met alone
		"2023,0183,investigation_before_decision,5,4,50,15,ast-2024,,\n" + // 6: more than assessed
		"2023,0183,child_heard_in_investigation,8,16,50,15,ast-2024,,\n" + // 7: more than cases
		"2023,0183,action_plan_made,1,6,16,15,ast-2024,,\n" + // 8: 17 %
		"2023,0183,action_plan_states_measure,,,87,16,ast-2024,,\n" + // 9: the participation has 15
		"2023,0183,child_heard_before_decision,,,97,15,ast-2024,,\n" + // 10: no counts up to 15 give it
		"2024,dk,investigation_conducted,,7,50,,ast-2024,,\n" + // 11: nothing of 7 gives it
		"2024,dk,action_plan_made,,,101,,ast-2024,,\n" +
		"2024,dk,action_plan_made,,,50,,nowhere,,\n" +
		"2024,dk,action_plan_made,,,50,,ast-2024,,about 010203-1234\n" +
		"2024,dk,action_plan_made,,,50,,ast-2024,,\n" +
		"2024,dk,action_plan_made,,,51,,ast-2024,,\n" // 16: the figure of line 15
	run(t, func(b bench) {
		before := b.state()
		_, err := b.reported(file)
		b.refused(err,
			place(2, "round", "unknown_value"), place(3, "area", "not_participating"), place(4, "requirement", "unknown_value"),
			place(5, "assessed", "missing"), place(6, "met", "out_of_range"), place(7, "assessed", "out_of_range"),
			place(8, "percent", "impossible_percent"), place(9, "cases", "not_as_recorded"),
			place(10, "percent", "impossible_percent"), place(11, "percent", "impossible_percent"),
			place(12, "percent", "out_of_range"), place(13, "source", "unknown_value"), place(14, "note", "personal_number"),
			place(16, "requirement", "repeated"))
		if diff := cmp.Diff(before, b.state()); diff != "" {
			b.Error(diff)
		}
	})
}

func TestFiguresOfOneAreaRestOnTheSameCases(t *testing.T) {
	run(t, func(b bench) {
		_, err := b.reported(reportedHeader +
			"2022,dk,action_plan_made,,,85,100,ast-2023-follow-up,,\n" +
			"2022,dk,action_plan_states_measure,,,85,101,ast-2023-follow-up,,\n" +
			"2020,dk,personal_supervision,,,85,700,ast-2020,,\n") // the round has 717
		b.refused(err, place(3, "cases", "not_as_recorded"), place(4, "cases", "not_as_recorded"))
	})
}

func TestReportedFiguresAreAddedAndRestated(t *testing.T) {
	run(t, func(b bench) {
		got, err := b.reported("source;percent;requirement;area;round\nast-2024;49;investigation_within_four_months;dk;2024\nast-2024;80;action_plan_made;dk;2024\n")
		if diff := cmp.Diff(intake.Receipt{Rows: 2, Added: 1, Changed: 1}, got); diff != "" || err != nil {
			b.Error(diff, err)
		}
		release, changed, err := report.Publish(b.ctx, b.store, b.cat, 2024)
		if err != nil || !changed || release.Number != 7 || release.Results != 56 {
			b.Errorf("%+v, %v, %v", release, changed, err)
		}
		if i := len(release.Rounds) - 1; release.Rounds[i] != (barometer.ReleaseRound{Round: 2024, Revision: 2}) {
			b.Errorf("want revision 2 of 2024: %+v", release.Rounds)
		}
	})
}

// TestOutcomesStandOverReportedFigures: where a municipality has outcomes its reported figures are not used.
func TestOutcomesStandOverReportedFigures(t *testing.T) {
	run(t, func(b bench) {
		b.imports(header + row("S1", "action_plan_made", "", "met", "") + row("S2", "action_plan_made", "", "not_met", ""))
		got, err := b.reported(reportedHeader + "9026,0707,action_plan_made,,,100,2,service,,\n9026,dk,follow_up_within_three_months,,,100,2,service,,\n")
		if err != nil || len(got.Warnings) != 2 || got.Warnings[0].Code != "not_used" {
			b.Fatalf("it should be said that the figures are not used: %+v, %v", got, err)
		}
		if _, _, err := report.Publish(b.ctx, b.store, b.cat, 9026); err != nil {
			b.Fatal(err)
		}
		snapshot, err := report.Load(b.ctx, b.store, b.cat)
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range snapshot.Results(func(r barometer.Result) bool { return *r.Round == 9026 && r.Requirement != nil }, report.Options{}, barometer.Danish) {
			switch *r.Requirement {
			case "action_plan_made":
				if *r.Percent != 50 || r.Source != nil {
					b.Errorf("%s: %d %%, source %v", r.Key, *r.Percent, r.Source)
				}
			default:
				if r.Status != barometer.NoneAssessed || r.Percent != nil {
					b.Errorf("%s: %s", r.Key, r.Status)
				}
			}
		}
	})
}
