package report_test

import (
	"fmt"
	"slices"
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
		if v := b.sound(); v.Releases != 7 || v.Publications != 7 || v.Events != 9 { // the history's six rounds and this
			b.Errorf("%+v", v)
		}
		b.reopen(9023)
		b.revise("9023-0707-1", professional[0], 'M')
		if v := b.verify(); len(v.Pending) != 1 || len(v.Faults) != 0 {
			b.Errorf("an outcome changed in a reopened round: %+v", v)
		}
		_, _, err := b.act(9023, report.Act{Reason: ptr("Igen")})
		b.must(err)
		b.sound()
		b.revise("9023-0707-1", professional[0], 'N')
		b.wrong("publication 2 of round 9023") // it was not reopened
		_, err = b.store.AddRelease(b.ctx, barometer.Release{Number: 9, Checksum: "sha256:0", Rounds: []barometer.ReleaseRound{{Round: 2019, Revision: 1}}}, nil)
		b.must(err)
		b.wrong("release 9: its results have checksum")
	})
}

// TestVerifyFindsEveryTampering that can be made out: each is done to a sound copy of the rows, and taken back by what
// was there. Round 9023 is corrected once, 9026 is in hearing again, 2024 has a restated figure to come.
func TestVerifyFindsEveryTampering(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0707")
		b.cases(9023, "0707", professional, "MMMM", "NXXX")
		b.publish(9023) // release 7
		b.round(9026, "0707")
		b.cases(9026, "0707", professional, "MMMM", "MXXX")
		b.publish(9026) // 8
		b.reopen(9023)
		b.revise("9023-0707-1", professional[0], 'M')
		_, _, err := b.act(9023, report.Act{Reason: ptr("Tastefejl")}) // 9
		b.must(err)
		b.reopen(9026)
		b.revise("9026-0707-1", professional[0], 'N')
		b.restate(2024, 48)
		if v := b.verify(); len(v.Faults) != 0 || len(v.Pending) != 2 {
			b.Fatalf("%+v", v)
		}
		b.keep()
		const change = "kind = 'change' AND release = 9 AND key = '9023.0707.investigation_conducted'"
		const outcome = "UPDATE case_outcomes SET outcome = 'met', reason = '' WHERE case_id = '9023-0707-1' AND requirement = 'investigation_conducted'; " +
			"UPDATE case_outcomes SET outcome = 'not_met' WHERE case_id = '9023-0707-0' AND requirement = 'investigation_conducted'; "
		for do, about := range map[string]string{
			"DELETE FROM release_rows WHERE " + change:                                                                                           "release 9: its list of changes",
			"UPDATE release_rows SET body = replace(body, '\"percent\":50', '\"percent\":51') WHERE " + change:                                   "release 9: its list of changes",
			"UPDATE release_rows SET body = replace(body, 'Tastefejl', 'Andet') WHERE " + change:                                                 "release 9: its list of changes",
			"UPDATE release_rows SET key = '9023.0707.x' WHERE " + change:                                                                        "release 9: its list of changes",
			"DELETE FROM release_rows WHERE kind = 'change' AND release = 8":                                                                     "release 8: its list of changes",
			"DELETE FROM release_rows WHERE release = 8; DELETE FROM release_rounds WHERE release = 8; DELETE FROM releases WHERE number = 8":    "release 8 is missing",
			"UPDATE dataset SET release = 10":                                                                                                    "release 10 is missing",
			"UPDATE releases SET reason = 'Andet' WHERE number = 9":                                                                              "release 9 is not as it was made",
			"UPDATE releases SET reason = 'Andet' WHERE number = 7":                                                                              "release 7 is not as it was made",
			"UPDATE releases SET published_at = made_at, made_at = NULL WHERE number = 8":                                                        "release 8 is not as it was made",
			"UPDATE releases SET published_at = '2020-01-01 00:00:00+00:00' WHERE number = 7":                                                    "release 7 is not as it was made",
			"UPDATE releases SET results = results + 1 WHERE number = 7":                                                                         "release 7 is not as it was made",
			"UPDATE releases SET seal = NULL WHERE number = 7":                                                                                   "release 7 is not as it was made",
			"UPDATE releases SET seal = NULL, made_at = NULL WHERE number = 7":                                                                   "release 7 has lost its seal",
			"UPDATE release_rows SET body = replace(body, 'not_comparable', 'comparable') WHERE kind = 'judgement' AND release = 3":              "release 3 is not as it was made",
			"DELETE FROM release_rows WHERE kind = 'judgement' AND release = 8":                                                                  "release 8 is not as it was made",
			"DELETE FROM release_rounds WHERE release = 7 AND round = 2021":                                                                      "release 7 is not as it was made",
			"UPDATE release_rounds SET revision = 2 WHERE release = 8 AND round = 9023":                                                          "release 8 is not as it was made",
			"UPDATE publication_rows SET body = replace(body, '\"cases\":2', '\"cases\":3') WHERE round = 9026 AND kind = 'area'":                "publication 1 of round 9026",
			"UPDATE publication_rows SET body = replace(body, 'serviceloven', 'barnets_lov') WHERE round = 9026 AND kind = 'round'":              "publication 1 of round 9026",
			"UPDATE publication_rows SET body = replace(body, '\"met\":1', '\"met\":2') WHERE round = 9023 AND revision = 1 AND kind = 'result'": "publication 1 of round 9023",
			"UPDATE publications SET reason = 'Andet' WHERE round = 9023 AND revision = 2":                                                       "publication 2 of round 9023",
			"UPDATE publications SET seal = NULL WHERE round = 9026":                                                                             "publication 1 of round 9026",
			"UPDATE rounds SET status = 'published' WHERE year = 9026":                                                                           "round 9026 is published, and its last transition",
			outcome + "UPDATE rounds SET status = 'hearing' WHERE year = 9023":                                                                   "round 9023 is hearing",
			"UPDATE rounds SET status = 'hearing' WHERE year = 2023":                                                                             "round 2023 is hearing",
			outcome + "UPDATE rounds SET records_changed = TRUE WHERE year = 9023":                                                               "the reported figures of round 9023 are said",
			outcome: "publication 2 of round 9023",
			"UPDATE reported_results SET percent = percent + 1 WHERE round = 2023 AND area = 'dk'; UPDATE rounds SET records_changed = TRUE WHERE year = 2023": "the reported figures of round 2023 are said",
			"UPDATE participations SET cases = 1 WHERE round = 2024; UPDATE rounds SET participants = 1 WHERE year = 2024":                                     "publication 1 of round 2024",
			"DELETE FROM round_transitions WHERE round = 9026":                                                                                                 "round 9026 is hearing, and no transition",
			"UPDATE round_transitions SET number = 9 WHERE round = 9026 AND number = 1":                                                                        "round 9026: transition",
		} {
			b.found(do, about)
		}
		if v := b.verify(); len(v.Faults) != 0 { // all of it was put back
			b.Error(v.Faults)
		}
	})
}

// tampered are the tables that a tampering touches.
var tampered = []string{
	"dataset", "releases", "release_rounds", "release_rows", "publications", "publication_rows", "rounds", "round_transitions",
	"case_outcomes", "reported_results", "participations",
}

// keep copies these tables.
func (b bench) keep() {
	b.Helper()
	for _, table := range tampered {
		b.tamper(fmt.Sprintf("CREATE TABLE kept_%[1]s AS SELECT * FROM %[1]s", table))
	}
}

// found does something behind the service's back, wants it found among the faults, and puts back what there was. No
// constraint stands in the way of who does such a thing.
func (b bench) found(do, about string) {
	b.Helper()
	free := ""
	if b.store.Dialect() == "postgres" {
		free = "SET session_replication_role = replica; "
	}
	b.tamper(free + do)
	v := b.verify()
	if !slices.ContainsFunc(v.Faults, func(fault string) bool { return strings.HasPrefix(fault, about) }) {
		b.Errorf("%s: want a fault about %q: %q", do, about, v.Faults)
	}
	for _, table := range tampered {
		b.tamper(fmt.Sprintf("%s DELETE FROM %[2]s; INSERT INTO %[2]s SELECT * FROM kept_%[2]s", free, table))
	}
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
				set("publication_rows", sample, `"withdrawn":{}`, `"withdrawn":{"case":1}`), set("publication_rows", sample, `"withdrawn":{"case":1}`, `"withdrawn":{}`),
				"publication 1 of round 9023 is not as it was frozen",
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
