package intake_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/boernesagsbarometer/barometer/internal/intake"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// asSheet writes rows of cells as the first sheet of a workbook.
func (b bench) asSheet(rows ...[]string) []byte {
	b.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	for i, row := range rows {
		for j, text := range row {
			name, _ := excelize.CoordinatesToCellName(j+1, i+1)
			b.set(f, "Sheet1", name, text)
		}
	}
	return b.written(f)
}

func (b bench) participations() string {
	b.Helper()
	found, err := b.store.Participations(b.ctx, given)
	if err != nil {
		b.Fatal(err)
	}
	said := ""
	show := func(v *int) string {
		if v == nil {
			return "-"
		}
		return fmt.Sprint(*v)
	}
	for _, p := range found {
		source, due := "-", "-"
		if p.Source != nil {
			source = *p.Source
		}
		if p.DueRound != nil {
			due = fmt.Sprint(*p.DueRound)
		}
		said += fmt.Sprintln(p.Municipality, show(p.Cases), show(p.EligibleCases), source, due)
	}
	return said
}

// TestAListOfParticipationsCreatesAndReplaces, in each format, and leaves the others alone.
func TestAListOfParticipationsCreatesAndReplaces(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Draft, "0101", "0183")
		for format, file := range map[intake.Format][]byte{
			intake.CSV: []byte("kommune;sager;egnede_sager;kilde;næste_årgang\nNorddjurs;16;212;norddjurs-memo;9030\n0183;15;;;\n"),
			intake.NDJSON: []byte(`{"municipality": "0707", "cases": 16, "eligible_cases": "212", "kilde": "norddjurs-memo", "due_round": 9030}` + "\n" +
				`{"kommune": "Ishøj", "cases": 15, "source": null}`),
			intake.XLSX: b.asSheet([]string{"Municipality", "source", "Sager", "eligible_cases", "due_round"},
				[]string{"norddjurs", "norddjurs-memo", "16", "212", "9030"}, nil, []string{"0183", "", "15"}),
		} {
			before := b.participations()
			receipt, err := b.brings(intake.ParticipationsKind, format, file)
			if err != nil {
				b.Fatalf("%s: %v", format, err)
			}
			want := "0101 3 - - -\n0183 15 - - -\n0707 16 212 norddjurs-memo 9030\n"
			if diff := cmp.Diff(want, b.participations()); diff != "" {
				b.Errorf("%s:\n%s", format, diff)
			}
			done := [5]int{2, 1, 1, 0, 0}
			if before == want {
				done = [5]int{2, 0, 0, 2, 0}
			}
			if counts(receipt) != done || receipt.Kind != "participations" || receipt.Format != string(format) {
				b.Errorf("%s: %+v", format, receipt)
			}
			events, err := b.store.AuditEvents(b.ctx, store.AuditFilter{Resource: "/v1/rounds/9027/imports/" + *receipt.ID, Limit: 9})
			if err != nil || len(events) != 1 || events[0].Action != "importParticipations" {
				b.Errorf("%s: %+v, %v", format, events, err)
			}
		}
	})
}

func TestAListOfParticipationsIsChecked(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0101")
		rows := [][]string{
			{"municipality", "cases", "eligible_cases", "source", "due_round"},
			{"0999", "16"},
			{"0707", "-1", "many"},
			{"0183", "17", "16"},
			{"0183", "", "", "nowhere", "9027"},
			{"0173", "1", "1", "ast-2024", "2030"},
			{"0173", "", "", "", "soon"},
			{"0175", "1"},
			{"0175", "1"},
			{"0101", "100001"},
			{"0102031234", "0102031234", "0102031234", "0102031234", "0102031234"},
		}
		var csv strings.Builder
		for _, row := range rows {
			csv.WriteString(strings.Join(append(row, make([]string, 5-len(row))...), ",") + "\n")
		}
		before := b.participations()
		for format, file := range map[intake.Format][]byte{intake.CSV: []byte(csv.String()), intake.XLSX: b.asSheet(rows...)} {
			_, err := b.brings(intake.ParticipationsKind, format, file)
			at := func(line int, letter, column, code string) string {
				if format == intake.XLSX {
					column = letter + " " + column
				}
				return place(line, column, code)
			}
			b.refused(err,
				at(2, "A", "municipality", "unknown_value"),
				at(3, "B", "cases", "out_of_range"), at(3, "C", "eligible_cases", "out_of_range"),
				at(4, "B", "cases", "out_of_range"),
				at(5, "D", "source", "unknown_value"), at(5, "E", "due_round", "out_of_range"),
				at(6, "E", "due_round", "out_of_range"),
				at(7, "E", "due_round", "unknown_value"),
				at(9, "A", "municipality", "repeated"),
				at(10, "B", "cases", "out_of_range"),
				at(11, "A", "municipality", "personal_number"), at(11, "B", "cases", "personal_number"),
				at(11, "C", "eligible_cases", "personal_number"), at(11, "D", "source", "personal_number"), at(11, "E", "due_round", "personal_number"))
		}
		if after := b.participations(); after != before {
			b.Errorf("a refused list changed something:\n%s", cmp.Diff(before, after))
		}
		for status, allowed := range map[barometer.RoundStatus]bool{"draft": true, "collecting": true, "hearing": false, "published": false} {
			if err := b.store.SetRoundStatus(b.ctx, given, status); err != nil {
				b.Fatal(err)
			}
			_, err := b.brings(intake.ParticipationsKind, intake.CSV, []byte("municipality\n0101\n"), func(s *intake.Source) { s.DryRun = true })
			if allowed != errors.Is(err, intake.ErrDryRun) || !allowed && barometer.KindOf(err) != barometer.State {
				b.Errorf("%s: %v", status, err)
			}
		}
	})
}
