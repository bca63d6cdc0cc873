package intake_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/intake"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// TestAFileThatChangesOutcomesSaysWhy: as a single change does. It is told beside all else that is wrong, by a dry run too.
func TestAFileThatChangesOutcomesSaysWhy(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		line := func(reference, outcome string) string {
			return "0707," + reference + ",placement,action_plan_made,," + outcome + ",\n"
		}
		file := func(lines ...string) []byte { return []byte(shortHeader + strings.Join(lines, "")) }
		bring := func(data []byte, change ...func(*intake.Source)) (barometer.Import, error) {
			return b.brings(intake.OutcomesKind, intake.CSV, data, change...)
		}
		dry := func(s *intake.Source) { s.DryRun = true }
		if _, err := bring(file(line("S1", "met"), line("S2", "met"))); err != nil {
			b.Fatalf("nothing is changed by first entries: %v", err)
		}
		if _, err := bring(file(line("S1", "met"), line("S2", "met"))); err != nil {
			b.Errorf("nothing is changed: %v", err)
		}
		changed := file(line("S1", "not_met"), line("S2", "not_met"), line("S3", "met"))
		before := b.entries("0707")
		for _, change := range [][]func(*intake.Source){nil, {dry}} {
			_, err := bring(changed, change...)
			fields := b.refused(err, place(0, "", "required"))
			want := "the file changes 2 outcomes that were entered before; say why, in at most 280 characters"
			if fields[0].Parameter != "why" || fields[0].Detail != want {
				b.Errorf("%+v", fields[0])
			}
		}
		_, err := bring(file(line("S1", "not_met"), line("S9", "maybe")))
		b.refused(err, place(0, "", "required"), place(3, "outcome", "unknown_value"))
		for why, code := range map[string]string{
			strings.Repeat("x", 281): "too_long", "cpr 010203-1234": "personal_number", "a\nb": "bad_character", " ": "too_short",
		} {
			_, err := bring(changed, saying(why))
			b.refused(err, place(0, "", code))
		}
		if diff := cmp.Diff(before, b.entries("0707")); diff != "" {
			b.Errorf("a refused file changed something:\n%s", diff)
		}
		if _, err := bring(changed, saying(mended), dry); !errors.Is(err, intake.ErrDryRun) {
			b.Error(err)
		}
		b.takes(intake.CSV, changed)
		outcomes, err := b.store.CaseOutcomes(b.ctx, given, "0707")
		if err != nil {
			b.Fatal(err)
		}
		var why []string
		for _, o := range outcomes {
			why = append(why, fmt.Sprint(o.Revision, " ", o.Why != nil && *o.Why == mended))
		}
		if diff := cmp.Diff([]string{"2 true", "2 true", "1 false"}, why); diff != "" {
			b.Error(diff)
		}
		// The command line need not say it, and can.
		for _, source := range []intake.Source{{Kind: intake.OutcomesKind}, {Kind: intake.OutcomesKind, Why: ptr(mended)}} {
			outcome := "met"
			if source.Why != nil {
				outcome = "not_met"
			}
			file := header + "9027,0707,S1,placement,action_plan_made,," + outcome + ",,synthetic\n"
			if done, err := intake.Run(b.ctx, b.store, b.cat, source, strings.NewReader(file)); err != nil || done.Changed != 1 {
				b.Errorf("%+v, %v", done, err)
			}
		}
	})
}

// TestALargeFileIsStoredInPartsOrNotAtAll: what of it was stored already is gone with what is wrong at its end, and what
// is wrong anywhere is told in the order of the file.
func TestALargeFileIsStoredInPartsOrNotAtAll(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707", "0183")
		const cases = 4000
		var file strings.Builder
		file.WriteString(shortHeader)
		for i := range cases { // the rows of a case are far from each other, and the municipalities alternate
			fmt.Fprintf(&file, "%s,S%d,placement,action_plan_made,,met,\n", []string{"0707", "0183"}[i%2], i)
		}
		for i := range cases {
			fmt.Fprintf(&file, "%s,S%d,placement,action_plan_states_measure,,met,\n", []string{"0707", "0183"}[i%2], i)
		}
		whole := file.String()
		wrong := whole + "0183,S1,placement,action_plan_made,,met,\n" + // the cell of line 3
			"0707,S3998,placement,investigation_conducted,,not_met,\n" +
			"0707,S3998,placement,investigation_within_four_months,,met,\n" + // not judged where there is no investigation
			"0183,S3999,family_treatment,child_heard_before_decision,,met,\n"
		_, err := b.brings(intake.OutcomesKind, intake.CSV, []byte(wrong))
		fields := b.refused(err, place(2*cases+2, "requirement", "repeated"), place(2*cases+4, "outcome", "precondition"),
			place(2*cases+5, "case_type", "two_case_types"))
		want := "investigation_within_four_months is met, but its precondition investigation_conducted is not_met, " +
			"so it must be not_applicable with reason precondition_not_met"
		if fields[1].Detail != want {
			b.Error(fields[1].Detail)
		}
		if got := b.entries("0707") + b.entries("0183"); got != "" {
			b.Errorf("a refused file changed something: %.200s", got)
		}
		if receipt := b.takes(intake.CSV, []byte(whole)); counts(receipt) != [5]int{2 * cases, 2 * cases, 0, 0, cases} {
			b.Errorf("%+v", receipt)
		}
		changed := strings.Replace(whole, "states_measure,,met", "states_measure,,not_met", cases)
		if receipt := b.takes(intake.CSV, []byte(changed)); counts(receipt) != [5]int{2 * cases, 0, cases, cases, 0} {
			b.Errorf("%+v", receipt)
		}
	})
}
