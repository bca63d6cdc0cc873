package intake_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/intake"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/synth"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Round 9027 of these tests is there before any file: it is collecting, and asks what a synthetic round asks.
const given = barometer.Year(9027)

func ptr[T any](v T) *T { return &v }

// auditor gives the same bench in the hands of an auditor.
func (b bench) auditor(id string) bench {
	b.store = b.store.By(barometer.Caller{ID: id, Role: barometer.RoleAuditor}, "request")
	return b
}

// opens makes round 9027 with participants.
func (b bench) opens(status barometer.RoundStatus, municipalities ...string) {
	b.Helper()
	var asked []barometer.RoundRequirement
	for _, q := range b.cat.SyntheticRequirements() {
		asked = append(asked, barometer.RoundRequirement{Round: given, Requirement: q.Code, Unit: q.Unit, Practice: "standard"})
	}
	var participations []barometer.Participation
	for _, code := range municipalities {
		participations = append(participations, barometer.Participation{Round: given, Municipality: code, Cases: ptr(3)})
	}
	err := b.store.Tx(b.ctx, func(tx *store.Store) error {
		return errors.Join(
			tx.AddRound(b.ctx, barometer.Round{
				Year: given, Origin: "synthetic", Kind: "annual", Law: "serviceloven", Status: status, RequirementsKnown: true,
			}, asked),
			tx.AddParticipations(b.ctx, participations))
	})
	if err != nil {
		b.Fatal(err)
	}
}

// brings imports a file for round 9027 as the interface does.
func (b bench) brings(kind intake.Kind, format intake.Format, file []byte, change ...func(*intake.Source)) (receipt barometer.Import, err error) {
	source := intake.Source{Kind: kind, Format: format, Round: ptr(given)}
	for _, c := range change {
		c(&source)
	}
	err = b.store.Tx(b.ctx, func(tx *store.Store) (err error) {
		receipt, err = intake.Import(b.ctx, tx, b.cat, source, bytes.NewReader(file))
		return err
	})
	return receipt, err
}

// saying gives why outcomes are changed.
func saying(why string) func(*intake.Source) { return func(s *intake.Source) { s.Why = &why } }

const mended = "tastefejl"

// takes imports a file of outcomes that nothing is wrong with.
func (b bench) takes(format intake.Format, file []byte) barometer.Import {
	b.Helper()
	receipt, err := b.brings(intake.OutcomesKind, format, file, saying(mended))
	if err != nil {
		b.Fatal(err)
	}
	return receipt
}

// shortHeader is that of a file whose round is given.
const shortHeader = "municipality,case,case_type,requirement,notification,outcome,reason\n"

// counts are the figures of a receipt.
func counts(r barometer.Import) [5]int {
	return [5]int{r.Rows, r.Added, r.Changed, r.Unchanged, r.Cases}
}

// entries is all that is stored of the cases of a municipality, without ids and times.
func (b bench) entries(municipality string) string {
	b.Helper()
	cases, err := b.store.Cases(b.ctx, given, municipality)
	units, err2 := b.store.CaseUnits(b.ctx, given, municipality)
	outcomes, err3 := b.store.CaseOutcomes(b.ctx, given, municipality)
	if err := errors.Join(err, err2, err3); err != nil {
		b.Fatal(err)
	}
	text := ""
	for _, c := range cases {
		text += fmt.Sprintf("%s %s\n", c.Reference, c.CaseType)
		for _, u := range units {
			if u.CaseID != c.ID {
				continue
			}
			text += fmt.Sprintf("  %d %s\n", u.Number, u.Unit)
			for _, o := range outcomes {
				if o.CaseID == c.ID && o.Number == u.Number {
					text += fmt.Sprintf("    %s: %s %s, %d\n", o.Requirement, o.Outcome, o.Reason, o.Revision)
				}
			}
		}
	}
	return text
}

// asNDJSON writes the rows of a CSV file as NDJSON, with the Danish names in every second line.
func asNDJSON(t *testing.T, file string) []byte {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	danish := map[string]string{
		"round": "årgang", "municipality": "kommune", "case": "sag", "case_type": "sagstype", "requirement": "lovkrav",
		"notification": "underretning", "outcome": "resultat", "reason": "begrundelse", "origin": "oprindelse",
	}
	var out bytes.Buffer
	for i, record := range records[1:] {
		object := map[string]any{}
		for j, value := range record {
			name := records[0][j]
			if i%2 == 1 {
				name = danish[name]
			}
			switch {
			case value == "" && i%3 == 0:
				object[name] = nil
			case value == "": // left out
			case len(value) < 5 && strings.Trim(value, "0123456789") == "" && value[0] != '0':
				object[name] = json.Number(value)
			default:
				object[name] = value
			}
		}
		line, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
	return out.Bytes()
}

// TestTheFormatsHoldTheSame: the rows of a synthetic round, brought as CSV, as NDJSON and in the workbooks of its
// municipalities, are stored alike, whatever the seed.
func TestTheFormatsHoldTheSame(t *testing.T) {
	run(t, func(b bench) {
		var all []string
		for _, m := range b.cat.Municipalities(barometer.MunicipalityFilter{}) {
			all = append(all, m.Code)
		}
		b.opens(barometer.Collecting, all...)
		for seed := range uint64(3) {
			var file bytes.Buffer
			o := synth.Options{Round: given, Municipalities: 3, Cases: 12 + 9*int(seed), Seed: seed}
			if err := synth.Write(&file, b.cat, o, nil); err != nil {
				b.Fatal(err)
			}
			var codes []string
			rows := map[string][][]string{} // by municipality
			for i, line := range strings.Split(strings.TrimSpace(file.String()), "\n") {
				cells := strings.Split(line, ",")
				if i > 0 && rows[cells[1]] == nil {
					codes = append(codes, cells[1])
				}
				if i > 0 {
					rows[cells[1]] = append(rows[cells[1]], cells)
				}
			}
			want := ""
			for _, format := range intake.Formats() {
				files := [][]byte{file.Bytes()}
				switch format {
				case intake.NDJSON:
					files = [][]byte{asNDJSON(b.T, file.String())}
				case intake.XLSX:
					files = nil
					for _, code := range codes {
						files = append(files, b.filled(code, rows[code]))
					}
				}
				got := b.tried(format, files, codes)
				if want == "" {
					want = got
				}
				if got != want || len(got) < 1000 {
					b.Errorf("seed %d, %s:\n%s", seed, format, cmp.Diff(want, got))
				}
			}
		}
	})
}

var errUndone = errors.New("only tried")

// tried imports files, gives what is stored then, and takes it back.
func (b bench) tried(format intake.Format, files [][]byte, codes []string) (got string) {
	b.Helper()
	err := b.store.Tx(b.ctx, func(tx *store.Store) error {
		for _, file := range files {
			source := intake.Source{Kind: intake.OutcomesKind, Format: format, Round: ptr(given)}
			if _, err := intake.Import(b.ctx, tx, b.cat, source, bytes.NewReader(file)); err != nil {
				return err
			}
		}
		within := b
		within.store = tx
		for _, code := range codes {
			got += within.entries(code)
		}
		return errUndone
	})
	if !errors.Is(err, errUndone) {
		b.Fatalf("%s: %v", format, err)
	}
	return got
}

func TestADryRunSaysAllAndKeepsNothing(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		b = b.auditor("k7q2mzd4")
		file := []byte(shortHeader + "0707,S1,placement,action_plan_made,,met,\n0707,S2,placement,notification_reassessed,4,not_met,\n")
		dry := func(s *intake.Source) { s.DryRun = true }
		receipt, err := b.brings(intake.OutcomesKind, intake.CSV, file, dry)
		if !errors.Is(err, intake.ErrDryRun) || receipt.ID != nil || !receipt.DryRun || counts(receipt) != [5]int{2, 2, 0, 0, 2} {
			b.Errorf("%+v, %v", receipt, err)
		}
		imports, err := b.store.Imports(b.ctx, given)
		events, err2 := b.store.AuditEvents(b.ctx, store.AuditFilter{Action: "createImport", Limit: 9})
		if got := b.entries("0707"); got != "" || len(imports) != 0 || len(events) != 0 || err != nil || err2 != nil {
			b.Errorf("a dry run kept something: %q, %v, %v, %v, %v", got, imports, events, err, err2)
		}
		_, err = b.brings(intake.OutcomesKind, intake.CSV, bytes.Replace(file, []byte(",met"), []byte(",maybe"), 1), dry)
		b.refused(err, place(2, "outcome", "unknown_value"))
		if done, err := intake.Run(b.ctx, b.store, b.cat, intake.Source{Kind: intake.OutcomesKind, DryRun: true},
			strings.NewReader(many(2))); err != nil || done.Added != 2 || len(done.Rounds) != 1 {
			b.Errorf("of the command line: %+v, %v", done, err)
		}
		if _, err := b.store.Round(b.ctx, 9026); barometer.KindOf(err) != barometer.NotFound {
			b.Errorf("a dry run made a round: %v", err)
		}
	})
}

// TestTheReceiptSaysWhatWasDone, and the trail that it was, and each outcome with which import it came.
func TestTheReceiptSaysWhatWasDone(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Hearing, "0707", "0183")
		b = b.auditor("k7q2mzd4")
		file := []byte(shortHeader + "Norddjurs,S1,Anbringelse,action_plan_states_measure,,Opfyldt,\n" +
			"0183,S1,placement,action_plan_made,,Not applicable,Endnu ikke forfaldent\n")
		got := b.takes(intake.CSV, file)
		if len(got.Warnings) != 1 || got.Warnings[0].Code != "precondition_not_entered" || got.Warnings[0].Line != 2 {
			b.Errorf("warnings: %v", got.Warnings)
		}
		want := barometer.Import{
			ID: got.ID, Round: given, Kind: "outcomes", Format: "csv", Bytes: len(file), Checksum: got.Checksum, Rows: 2, Added: 2, Cases: 2,
			Warnings: got.Warnings, At: got.At, Caller: "k7q2mzd4", Role: barometer.RoleAuditor,
		}
		if diff := cmp.Diff(want, got); diff != "" || !strings.HasPrefix(got.Checksum, "sha256:") || len(got.Checksum) != len("sha256:")+64 {
			b.Errorf("%s\n%s", got.Checksum, diff)
		}
		stored, err := b.store.Import(b.ctx, *got.ID)
		if diff := cmp.Diff(got, stored); diff != "" || err != nil {
			b.Errorf("%v\n%s", err, diff)
		}
		events, err := b.store.AuditEvents(b.ctx, store.AuditFilter{Action: "createImport", Limit: 9})
		if err != nil || len(events) != 1 {
			b.Fatalf("%v, %v", events, err)
		}
		if e := events[0]; e.Kind != barometer.EventChange || e.Action != "createImport" || e.Resource != "/v1/rounds/9027/imports/"+*got.ID ||
			e.Caller != "k7q2mzd4" || e.Request != "request" {
			b.Errorf("%+v", e)
		}
		outcomes, err := b.store.CaseOutcomes(b.ctx, given, "0707")
		if err != nil || len(outcomes) != 1 {
			b.Fatal(outcomes, err)
		}
		entry := barometer.Entry{EnteredAt: &got.At, EnteredBy: "k7q2mzd4", EnteredRole: barometer.RoleAuditor, Import: got.ID}
		if diff := cmp.Diff(entry, outcomes[0].Entry); diff != "" || outcomes[0].Revision != 1 {
			b.Error(diff)
		}
		participations, err := b.store.Participations(b.ctx, given)
		if err != nil || *participations[1].Cases != 3 {
			b.Errorf("the number of cases drawn is not touched: %+v, %v", participations, err)
		}
	})
}

// TestWhatWasChangedKeepsItsPast: each change is a revision, with the import it came with; nothing else is.
func TestWhatWasChangedKeepsItsPast(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		file := func(plan, child string) []byte {
			return []byte(shortHeader + "0707,S1,placement,action_plan_made,," + plan + ",\n0707,S1,placement,child_heard_before_decision,," + child + ",\n")
		}
		first := b.auditor("first").takes(intake.CSV, file("met", "met"))
		again := b.auditor("other").takes(intake.CSV, file("met", "met"))
		if counts(again) != [5]int{2, 0, 0, 2, 0} {
			b.Errorf("the same again: %+v", again)
		}
		second := b.auditor("second").takes(intake.CSV, file("not_met", "met"))
		if counts(second) != [5]int{2, 0, 1, 1, 0} {
			b.Errorf("one changed: %+v", second)
		}
		cases, err := b.store.Cases(b.ctx, given, "0707")
		if err != nil {
			b.Fatal(err)
		}
		at := barometer.Cell{Requirement: "action_plan_made"}
		revisions := func() (said []string) {
			found, err := b.store.Revisions(b.ctx, cases[0].ID, at)
			if err != nil {
				b.Fatal(err)
			}
			for _, r := range found {
				id := "-"
				if r.Import != nil {
					id = *r.Import
				}
				why := "-"
				if r.Why != nil {
					why = *r.Why
				}
				said = append(said, fmt.Sprintln(r.Revision, r.Outcome, r.EnteredBy, id, why))
			}
			return said
		}
		want := []string{fmt.Sprintln(1, "met", "first", *first.ID, "-"), fmt.Sprintln(2, "not_met", "second", *second.ID, mended)}
		if diff := cmp.Diff(want, revisions()); diff != "" {
			b.Error(diff)
		}
		// What was removed and comes again goes on counting.
		err = b.store.Tx(b.ctx, func(tx *store.Store) error {
			return tx.ChangeOutcomes(b.ctx, cases[0], []store.OutcomeChange{{Cell: at}}, ptr("removed"))
		})
		if err != nil {
			b.Fatal(err)
		}
		third := b.auditor("third").takes(intake.CSV, file("met", "met"))
		want = append(want, fmt.Sprintln(3, "", "command-line", "-", "removed"), fmt.Sprintln(4, "met", "third", *third.ID, "-"))
		if diff := cmp.Diff(want, revisions()); diff != "" {
			b.Error(diff)
		}
	})
}

func TestARoundTakesOutcomesWhileItIsCollectingOrInHearing(t *testing.T) {
	run(t, func(b bench) {
		file := []byte(shortHeader + "0707,S1,placement,action_plan_made,,met,\n")
		b.opens(barometer.Draft, "0707")
		for status, allowed := range map[barometer.RoundStatus]bool{"draft": false, "collecting": true, "hearing": true, "published": false} {
			if err := b.store.SetRoundStatus(b.ctx, given, status); err != nil {
				b.Fatal(err)
			}
			_, err := b.brings(intake.OutcomesKind, intake.CSV, file, func(s *intake.Source) { s.DryRun = true })
			if kind := barometer.KindOf(err); allowed && !errors.Is(err, intake.ErrDryRun) || !allowed && kind != barometer.State {
				b.Errorf("%s: %v", status, err)
			}
			_, err = intake.Run(b.ctx, b.store, b.cat, intake.Source{Kind: intake.OutcomesKind, DryRun: true},
				strings.NewReader(strings.Replace(row("S1", "action_plan_made", "", "met", ""), "9026", header+"9027", 1)))
			if kind := barometer.KindOf(err); allowed != (err == nil) || !allowed && kind != barometer.State {
				b.Errorf("%s, by the command line: %v", status, err)
			}
		}
		for year, want := range map[barometer.Year]barometer.Kind{2023: barometer.State, 9031: barometer.NotFound} {
			if _, err := b.brings(intake.OutcomesKind, intake.CSV, file, func(s *intake.Source) { s.Round = &year }); barometer.KindOf(err) != want {
				b.Errorf("%d: %v", year, err)
			}
		}
	})
}

// TestAGivenRoundMustBeTheFiles: what a file says of its round is held against the one it is brought for.
func TestAGivenRoundMustBeTheFiles(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		_, err := b.brings(intake.OutcomesKind, intake.CSV, []byte(header+
			row("S1", "action_plan_made", "", "met", "")+ // 9026
			"9027,0707,S1,placement,action_plan_made,,met,,synthetic\n"+
			"9027,0707,S2,placement,action_plan_made,,met,,\n"+
			"9027,0707,S3,placement,action_plan_made,,met,,real\n"+
			",0707,S4,placement,action_plan_made,,met,,\n"+
			"9027,0183,S5,placement,action_plan_made,,met,,\n"))
		b.refused(err, place(2, "round", "wrong_round"), place(5, "origin", "wrong_origin"), place(7, "municipality", "not_participating"))
	})
}

func TestWithdrawnCasesAndRemovedNotificationsTakeNoOutcomes(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		file := shortHeader + "0707,S1,placement,action_plan_made,,met,\n0707,S1,placement,child_heard_before_decision,,met,\n" +
			"0707,S2,placement,notification_reassessed,1,met,\n0707,S2,placement,notification_reassessed,2,met,\n"
		b.takes(intake.CSV, []byte(file))
		cases, err := b.store.Cases(b.ctx, given, "0707")
		if err != nil {
			b.Fatal(err)
		}
		cases[0].Withdrawn, cases[0].WithdrawnReason = true, ptr("drawn by mistake")
		err = b.store.Tx(b.ctx, func(tx *store.Store) error {
			cell := barometer.Cell{Requirement: "notification_reassessed", Number: 2}
			return errors.Join(tx.ChangeCase(b.ctx, cases[0]),
				tx.ChangeOutcomes(b.ctx, cases[1], []store.OutcomeChange{{Cell: cell}}, ptr("no notification")), tx.RemoveUnit(b.ctx, cases[1].ID, 2))
		})
		if err != nil {
			b.Fatal(err)
		}
		_, err = b.brings(intake.OutcomesKind, intake.CSV, []byte(file))
		b.refused(err, place(2, "case", "withdrawn"), place(5, "notification", "removed"))
	})
}

// TestNoPersonalNumberIsTakenOrRepeated: whatever cell of whatever format one stands in.
func TestNoPersonalNumberIsTakenOrRepeated(t *testing.T) {
	const secret = "0102031234"
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		names := strings.Split(strings.TrimSpace(header), ",")
		values := strings.Split("9027,0707,S1,placement,notification_reassessed,1,met,,synthetic", ",")
		for i, name := range names {
			cells := append([]string{}, values...)
			cells[i] = secret
			file := header + strings.Join(cells, ",") + "\n"
			for format, data := range map[intake.Format][]byte{
				intake.CSV: []byte(file), intake.NDJSON: asNDJSON(b.T, file),
			} {
				_, err := b.brings(intake.OutcomesKind, format, data)
				line := map[intake.Format]int{intake.CSV: 2, intake.NDJSON: 1}[format]
				b.refused(err, place(line, name, "personal_number"))
				if strings.Contains(err.Error(), "010203") {
					b.Errorf("%s, %s: it is repeated: %v", format, name, err)
				}
			}
		}
		_, err := b.brings(intake.OutcomesKind, intake.CSV, []byte(secret+","+header+"x\n"))
		if err == nil || strings.Contains(err.Error(), "010203") {
			b.Errorf("as the name of a column: %v", err)
		}
	})
}

func TestManyProblemsAreBounded(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		var file strings.Builder
		file.WriteString(shortHeader)
		for i := range 3000 {
			fmt.Fprintf(&file, "0707,S%04d,placement,action_plan_made,,maybe,\n", i)
		}
		_, err := b.brings(intake.OutcomesKind, intake.CSV, []byte(file.String()))
		var e *barometer.Error
		if !errors.As(err, &e) || len(e.Fields) != 1001 || !strings.Contains(e.Message, "3000 problems") ||
			!strings.HasPrefix(e.Fields[1000].Detail, "2000 more") {
			b.Errorf("%d fields, %s", len(e.Fields), e.Message)
		}
		file.Reset()
		file.WriteString(shortHeader)
		for i := range 300 {
			fmt.Fprintf(&file, "0707,S%04d,placement,action_plan_states_measure,,met,\n", i)
		}
		receipt := b.takes(intake.CSV, []byte(file.String()))
		if w := receipt.Warnings; len(w) != 101 || !strings.HasPrefix(w[100].Detail, "200 more") {
			b.Errorf("%d warnings", len(w))
		}
	})
}

// TestTheCommandLineLeavesATrailToo: a receipt for each round of its file, and an event for each.
func TestTheCommandLineLeavesATrailToo(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		b.imports(header + row("S1", "action_plan_made", "", "met", "") + "9027,0707,S1,placement,action_plan_made,,met,,synthetic\n")
		if _, err := b.reported(reportedHeader + "2024,dk,action_plan_made,,,80,,ast-2024,,\n"); err != nil {
			b.Fatal(err)
		}
		var said []string
		for _, action := range []string{"importOutcomes", "importReported"} {
			events, err := b.store.AuditEvents(b.ctx, store.AuditFilter{Action: action, Limit: 9})
			if err != nil {
				b.Fatal(err)
			}
			for _, e := range events {
				said = append(said, fmt.Sprintln(e.Action, e.Caller, e.Role, e.Resource))
			}
		}
		var want []string
		for _, year := range []barometer.Year{9026, given} {
			imports, err := b.store.Imports(b.ctx, year)
			if err != nil || len(imports) != 1 || counts(imports[0]) != [5]int{1, 1, 0, 0, 1} {
				b.Fatalf("%d: %+v, %v", year, imports, err)
			}
			want = append(want, fmt.Sprintf("importOutcomes command-line operator /v1/rounds/%d/imports/%s\n", year, *imports[0].ID))
		}
		want = append(want, "importReported command-line operator /v1/rounds/2024/reported-results\n")
		if diff := cmp.Diff(want, said); diff != "" {
			b.Error(diff)
		}
	})
}
