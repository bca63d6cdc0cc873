package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func (b bench) verify() report.Verification {
	b.Helper()
	v, err := report.Verify(b.ctx, b.store, b.cat)
	b.must(err)
	return v
}

// sound fails the test where verification finds anything.
func (b bench) sound() report.Verification {
	b.Helper()
	v := b.verify()
	if len(v.Faults)+len(v.Pending) != 0 {
		b.Errorf("a sound database: %+v", v)
	}
	return v
}

// wrong wants the first thing that is found to be about something.
func (b bench) wrong(about string) {
	b.Helper()
	v := b.verify()
	if len(v.Faults) == 0 || !strings.Contains(v.Faults[0], about) {
		b.Errorf("want a fault about %q first: %q", about, v.Faults)
	}
}

// tamper changes what is stored behind the service's back.
func (b bench) tamper(statement string) {
	b.Helper()
	storetest.Exec(b.T, b.options, statement)
}

func TestVerifyFindsWhatDoesNotFollow(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0707")
		b.cases(9023, "0707", professional, "MMMM", "NXXX")
		b.publish(9023)
		if v := b.sound(); v.Releases != 7 || v.Publications != 7 || v.Events != 2 { // the history's six rounds and this
			b.Errorf("%+v", v)
		}
		b.must(b.store.SetRoundStatus(b.ctx, 9023, barometer.Hearing))
		b.revise("9023-0707-1", professional[0], 'M')
		if v := b.verify(); len(v.Pending) != 1 || len(v.Faults) != 0 {
			b.Errorf("an outcome changed in a reopened round: %+v", v)
		}
		b.must(b.store.SetRoundStatus(b.ctx, 9023, barometer.Published))
		b.wrong("publication 1 of round 9023") // it was not reopened
		_, err := b.store.AddRelease(b.ctx, barometer.Release{Number: 8, Checksum: "sha256:0", Rounds: []barometer.ReleaseRound{{Round: 2019, Revision: 1}}}, nil)
		b.must(err)
		if v := b.verify(); len(v.Faults) != 4 { // its checksum, its rows, its number of figures, and the round
			b.Errorf("a release that is not what it says: %+v", v)
		}
	})
}

// TestVerifyNamesWhatWasTamperedWith takes each tampering back before the next, but for the last two.
func TestVerifyNamesWhatWasTamperedWith(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0707")
		b.cases(9023, "0707", professional, "MMMM", "NXXX")
		b.publish(9023)
		b.round(9026, "0707")
		b.cases(9026, "0707", professional, "MMMM", "MXXX")
		b.publish(9026)
		set := func(table, where, from, to string) string {
			return fmt.Sprintf("UPDATE %s SET body = replace(body, '%s', '%s') WHERE %s", table, from, to, where)
		}
		judge := func(outcome string) string {
			return "UPDATE case_outcomes SET outcome = '" + outcome + "' WHERE case_id = '9026-0707-0' AND requirement = 'investigation_conducted'"
		}
		figure, sample := "release = 7 AND key = '9023.0707.investigation_conducted'", "round = 9023 AND kind = 'area'"
		counted := "round = 9026 AND key = '0707.002'"
		for _, one := range []struct{ do, undo, about string }{
			{
				set("release_rows", figure, `"met":1,`, `"met":2,`), set("release_rows", figure, `"met":2,`, `"met":1,`),
				"release 7: its results have checksum",
			},
			{
				set("publication_rows", sample, `"0707","cases":2`, `"0707","cases":3`), set("publication_rows", sample, `"0707","cases":3`, `"0707","cases":2`),
				"publication 1 of round 9023: 0707 does not follow",
			},
			{
				set("publication_rows", counted, `"met":2,`, `"met":1,`), set("publication_rows", counted, `"met":1,`, `"met":2,`),
				"release 8: 9026.0707.investigation_conducted",
			},
			{judge("not_met"), judge("met"), "publication 1 of round 9026: 0707"},
		} {
			b.tamper(one.do)
			b.wrong(one.about)
			b.tamper(one.undo)
			b.sound()
		}
		b.tamper("UPDATE publication_rows SET body = 'x' WHERE round = 9023 AND kind = 'area' AND key = 'dk'")
		b.wrong("release 8 cannot be recomputed")
		b.tamper("UPDATE audit_events SET action = 'other' WHERE number = 2")
		b.wrong("event 2 of the trail")
	})
}
