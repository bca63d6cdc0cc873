package intake_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/boernesagsbarometer/barometer/internal/intake"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// The workbook as an auditor sees it: the names of its sheets, and where the rows begin.
const (
	cases         = "Sager"
	notifications = "Underretninger"
	headings      = 5
	firstRow      = 6
)

// workbook takes the workbook of a municipality.
func (b bench) workbook(municipality string) *excelize.File {
	b.Helper()
	var file bytes.Buffer
	if err := intake.Template(b.ctx, b.store, b.cat, given, municipality, &file); err != nil {
		b.Fatal(err)
	}
	f, err := excelize.OpenReader(&file)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	return f
}

// written gives the bytes of a workbook.
func (b bench) written(f *excelize.File) []byte {
	b.Helper()
	file, err := f.WriteToBuffer()
	if err != nil {
		b.Fatal(err)
	}
	return file.Bytes()
}

// set fills cells of a sheet: an address, its value, and so on.
func (b bench) set(f *excelize.File, sheet string, cells ...string) {
	b.Helper()
	for i := 0; i < len(cells); i += 2 {
		if err := f.SetCellStr(sheet, cells[i], cells[i+1]); err != nil {
			b.Fatal(err)
		}
	}
}

// columnOf finds the column of a requirement.
func (b bench) columnOf(f *excelize.File, sheet, requirement string) string {
	b.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		b.Fatal(err)
	}
	for i, code := range rows[headings-1] {
		if code == requirement {
			name, err := excelize.ColumnNumberToName(i + 1)
			if err != nil {
				b.Fatal(err)
			}
			return name
		}
	}
	b.Fatalf("%s has no column %s", sheet, requirement)
	return ""
}

// filled takes the workbook of a municipality and enters rows of a CSV file, in codes and in labels of both languages.
func (b bench) filled(municipality string, rows [][]string) []byte {
	b.Helper()
	f := b.workbook(municipality)
	names := map[string]map[barometer.Lang]string{}
	for _, list := range []string{"outcomes", "reasons"} {
		for _, lang := range []barometer.Lang{barometer.Danish, barometer.English} {
			for _, c := range b.cat.CodeList(list, lang) {
				if names[c.Code] == nil {
					names[c.Code] = map[barometer.Lang]string{}
				}
				names[c.Code][lang] = c.Name
			}
		}
	}
	columns := map[string]string{}
	for _, sheet := range []string{cases, notifications} {
		for _, q := range b.cat.SyntheticRequirements() {
			if (q.Unit == barometer.UnitCase) == (sheet == cases) {
				columns[q.Code] = b.columnOf(f, sheet, q.Code)
			}
		}
	}
	places := map[string]int{} // row of each case and notification
	rowOf := func(sheet, key string, first ...string) int {
		if places[sheet+key] == 0 {
			places[sheet]++
			places[sheet+key] = firstRow - 1 + places[sheet]
			b.set(f, sheet, "A"+strconv.Itoa(places[sheet+key]), first[0], "B"+strconv.Itoa(places[sheet+key]), first[1])
		}
		return places[sheet+key]
	}
	for i, row := range rows {
		reference, caseType, requirement, number, outcome, reason := row[2], row[3], row[4], row[5], row[6], row[7]
		sheet, at := cases, rowOf(cases, reference, reference, caseType)
		if number != "" {
			sheet, at = notifications, rowOf(notifications, reference+" "+number, reference, number)
		}
		said := outcome
		switch {
		case i%3 == 0 && reason != "":
			said += "/" + reason
		case i%3 == 1:
			said = names[outcome][barometer.Danish]
			if reason != "" {
				said += " – " + names[reason][barometer.Danish]
			}
		case reason != "":
			said = strings.ToUpper(names[outcome][barometer.English] + " - " + names[reason][barometer.English])
		}
		b.set(f, sheet, columns[requirement]+strconv.Itoa(at), said)
	}
	return b.written(f)
}

// TestTheWorkbookHoldsWhatIsEntered: with the questions and drop-down lists, and nothing in it is a formula. Brought
// back as it is it changes nothing.
func TestTheWorkbookHoldsWhatIsEntered(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		b.takes(intake.CSV, []byte(shortHeader+"0707,1E5,placement,action_plan_made,,not_applicable,not_yet_due\n"+
			"0707,0017,family_treatment,child_heard_before_decision,,met_by_exception,maturity_of_child\n"+
			"0707,12,placement_without_consent,action_plan_made,,not_met,\n"+
			"0707,1-2,placement,notification_reassessed,1,met,\n0707,1-2,placement,notification_reassessed,12,met,\n0707,S.1,placement,action_plan_made,,met,\n"))
		before := b.entries("0707")
		f := b.workbook("0707")
		for _, sheet := range f.GetSheetList() {
			rows, err := f.GetRows(sheet)
			if err != nil {
				b.Fatal(err)
			}
			for i, row := range rows {
				for j := range row {
					name, _ := excelize.CoordinatesToCellName(j+1, i+1)
					kind, err := f.GetCellType(sheet, name)
					if formula, err2 := f.GetCellFormula(sheet, name); formula != "" || err != nil || err2 != nil ||
						kind != excelize.CellTypeSharedString && kind != excelize.CellTypeUnset {
						b.Errorf("%s!%s: formula %q, type %v, %v", sheet, name, formula, kind, err)
					}
				}
			}
		}
		rows, err := f.GetRows(cases)
		if err != nil {
			b.Fatal(err)
		}
		if rows[0][1] != "9027" || rows[1][1] != "0707" || rows[1][2] != "Norddjurs" || !strings.HasPrefix(rows[2][2], "Syntetisk") {
			b.Errorf("above the cases: %v", rows[:3])
		}
		if rows[3][2] != "I hvor mange sager er der udarbejdet en børnefaglig undersøgelse der vedrører de aktuelle forhold" {
			b.Errorf("the question: %s", rows[3][2])
		}
		column := strings.Compare(b.columnOf(f, cases, "action_plan_made"), "A")
		var references []string
		for _, row := range rows[firstRow-1:] {
			references = append(references, row[0])
		}
		if diff := cmp.Diff([]string{"0017", "1-2", "12", "1E5", "S.1"}, references); diff != "" || column <= 0 {
			b.Error(diff)
		}
		if got, _ := f.GetCellValue(cases, b.columnOf(f, cases, "action_plan_made")+"9"); got != "Ikke relevant – Endnu ikke forfaldent" {
			b.Errorf("an outcome reads %q", got)
		}
		for _, sheet := range []string{cases, notifications} {
			lists, err := f.GetDataValidations(sheet)
			if err != nil || len(lists) == 0 || lists[0].Type != "list" || !strings.Contains(lists[0].Formula1, "Lister!") {
				b.Errorf("%s has no drop-down lists: %v, %v", sheet, lists, err)
			}
		}
		for sheet, want := range map[string]bool{cases: true, notifications: true, "Vejledning": true, "Lister": false, "Grundlag": false} {
			if visible, err := f.GetSheetVisible(sheet); visible != want || err != nil {
				b.Errorf("sheet %s is shown: %v, %v", sheet, visible, err)
			}
		}
		receipt := b.takes(intake.XLSX, b.written(f))
		if after := b.entries("0707"); counts(receipt) != [5]int{6, 0, 0, 6, 0} || after != before {
			b.Errorf("%+v\n%s", receipt, cmp.Diff(before, after))
		}
	})
}

func TestWhatIsEnteredInTheWorkbookIsStored(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		b.takes(intake.CSV, []byte(shortHeader+"0707,S1,placement,action_plan_made,,met,\n0707,S1,placement,notification_reassessed,1,met,\n"))
		f := b.workbook("0707")
		plan, heard := b.columnOf(f, cases, "action_plan_made"), b.columnOf(f, cases, "child_heard_before_decision")
		again := b.columnOf(f, notifications, "notification_reassessed")
		b.set(f, cases, plan+"6", "ikke opfyldt", heard+"6", "met_by_exception/urgency", "A7", "S2", "B7", "Anbringelse uden samtykke", "A9", "S3",
			"B9", "family_treatment", plan+"9", "  OPFYLDT ")
		b.set(f, notifications, again+"6", "", "A7", "S1", "B7", "4", "A8", "S2", "B8", "1", again+"8", "Not met")
		receipt := b.takes(intake.XLSX, b.written(f))
		want := `S1 placement
  0 case
    action_plan_made: not_met , 2
    child_heard_before_decision: met_by_exception urgency, 1
  1 notification
    notification_reassessed: met , 1
  4 notification
S2 placement_without_consent
  0 case
  1 notification
    notification_reassessed: not_met , 1
S3 family_treatment
  0 case
    action_plan_made: met , 1
`
		if diff := cmp.Diff(want, b.entries("0707")); diff != "" || counts(receipt) != [5]int{4, 3, 1, 0, 2} {
			b.Errorf("%+v\n%s", receipt, diff)
		}
	})
}

// TestAnOldWorkbookTakesNothingBack: what somebody else has changed since it was made stays where the auditor left it
// alone, and is refused where she did not.
func TestAnOldWorkbookTakesNothingBack(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		one, other := b.auditor("one"), b.auditor("other")
		enter := func(b bench, plan, heard string) {
			b.takes(intake.CSV, []byte(shortHeader+"0707,S1,placement,action_plan_made,,"+plan+",\n0707,S1,placement,child_heard_before_decision,,"+heard+",\n"))
		}
		enter(one, "met", "met")
		f := one.workbook("0707")
		enter(other, "not_met", "met")
		heard := b.columnOf(f, cases, "child_heard_before_decision")
		b.set(f, cases, heard+"6", "Ikke opfyldt")
		receipt := one.takes(intake.XLSX, b.written(f))
		if counts(receipt) != [5]int{2, 0, 1, 1, 0} || len(receipt.Warnings) != 1 || receipt.Warnings[0].Code != "changed_meanwhile" {
			b.Errorf("%+v", receipt)
		}
		want := "S1 placement\n  0 case\n    action_plan_made: not_met , 2\n    child_heard_before_decision: not_met , 2\n"
		if diff := cmp.Diff(want, b.entries("0707")); diff != "" {
			b.Error(diff)
		}
		// Her own entries since are hers to change, with the same workbook.
		b.set(f, cases, heard+"6", "Opfyldt")
		if receipt := one.takes(intake.XLSX, b.written(f)); receipt.Changed != 1 {
			b.Errorf("%+v", receipt)
		}
		plan := b.columnOf(f, cases, "action_plan_made")
		b.set(f, cases, plan+"6", "met_by_exception/urgency")
		_, err := one.brings(intake.OutcomesKind, intake.XLSX, b.written(f))
		b.refused(err, place(6, plan+" action_plan_made", "changed_meanwhile"))
	})
}

// TestEveryMistakeOfAWorkbookIsReportedWithItsCell, all at once, and nothing is changed.
func TestEveryMistakeOfAWorkbookIsReportedWithItsCell(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		f := b.workbook("0707")
		conducted, within := b.columnOf(f, cases, "investigation_conducted"), b.columnOf(f, cases, "investigation_within_four_months")
		plan := b.columnOf(f, cases, "action_plan_made")
		hours := b.columnOf(f, notifications, "notification_assessed_within_24_hours")
		b.set(f, cases,
			"A6", "S1", "B6", "placement", conducted+"6", "Ikke opfyldt", within+"6", "Opfyldt",
			"A7", "010203-1234", "B7", "placement", plan+"7", "met",
			"A8", "S3", "B8", "foster", plan+"8", "fulfilled", conducted+"8", "Ikke relevant",
			"A9", "S1", "B9", "placement",
			"B10", "placement", plan+"10", "met",
			"A11", "S4", "B11", "placement", "Z11", "met",
			"A12", "S5", "B12", "placement", plan+"12", "010203 1234")
		if err := f.SetCellFormula(cases, plan+"11", `="met"`); err != nil {
			b.Fatal(err)
		}
		b.set(f, notifications, "A6", "S9", "B6", "1", hours+"6", "met", "A7", "S1", "B7", "0", hours+"7", "met")
		_, err := b.brings(intake.OutcomesKind, intake.XLSX, b.written(f))
		fields := b.refused(err,
			place(6, within+" investigation_within_four_months", "precondition"),
			place(7, "A case", "personal_number"),
			place(8, "B case_type", "unknown_value"), place(8, conducted+" investigation_conducted", "wrong_reason"),
			place(8, plan+" action_plan_made", "unknown_value"),
			place(9, "A case", "repeated"),
			place(10, "A case", "empty"),
			place(11, plan+" action_plan_made", "no_value"), place(11, "Z", "unknown_column"),
			place(12, plan+" action_plan_made", "personal_number"),
			place(6, "Underretninger!A case", "unknown_case"), place(7, "Underretninger!B notification", "out_of_range"))
		for _, field := range fields {
			if strings.Contains(field.Detail, "010203") {
				b.Errorf("a personal number is repeated: %s", field)
			}
		}
		if got := b.entries("0707"); got != "" {
			b.Errorf("a refused file changed something: %s", got)
		}
	})
}

func TestAWorkbookForSomethingElseIsRefused(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707", "0183")
		for name, c := range map[string]struct {
			change func(f *excelize.File)
			want   []string
		}{
			"another round":          {func(f *excelize.File) { b.set(f, cases, "B1", "9030") }, []string{place(1, "B", "wrong_round")}},
			"another origin":         {func(f *excelize.File) { b.set(f, cases, "B3", "Virkelig") }, []string{place(3, "B", "wrong_origin")}},
			"not participating":      {func(f *excelize.File) { b.set(f, cases, "B2", "0101") }, []string{place(2, "B", "not_participating")}},
			"no such municipality":   {func(f *excelize.File) { b.set(f, cases, "B2", "707") }, []string{place(2, "B", "unknown_value")}},
			"two municipalities":     {func(f *excelize.File) { b.set(f, notifications, "B2", "0183") }, []string{place(2, "Underretninger!B", "two_rounds")}},
			"the first one changed":  {func(f *excelize.File) { b.set(f, cases, "B2", "0183") }, []string{place(2, "Underretninger!B", "two_rounds")}},
			"no round":               {func(f *excelize.File) { b.set(f, cases, "A1", "") }, []string{place(1, "B", "missing")}},
			"no headings":            {func(f *excelize.File) { b.set(f, cases, "A5", "") }, []string{place(1, "A case", "missing_column")}},
			"another second heading": {func(f *excelize.File) { b.set(f, cases, "B5", "Type") }, []string{place(5, "B case_type", "missing_column")}},
			"unknown requirement":    {func(f *excelize.File) { b.set(f, cases, "C5", "x") }, []string{place(5, "C", "unknown_value")}},
			"not asked":              {func(f *excelize.File) { b.set(f, cases, "C5", "personal_supervision") }, []string{place(5, "C", "not_asked")}},
			"twice":                  {func(f *excelize.File) { b.set(f, cases, "C5", "action_plan_made") }, []string{place(5, b.columnOf(b.workbook("0707"), cases, "action_plan_made"), "repeated_column")}},
			"wrong sheet":            {func(f *excelize.File) { b.set(f, cases, "C5", "notification_reassessed") }, []string{place(5, "C", "wrong_unit")}},
			"no sheet":               {func(f *excelize.File) { b.set(f, cases, "A6", "S1"); _ = f.SetSheetName(cases, "Ark1") }, []string{place(1, "", "missing_sheet")}},
			"no cases":               {func(*excelize.File) {}, []string{place(1, "", "empty_file")}},
		} {
			f := b.workbook("0707")
			c.change(f)
			if name != "no cases" && name != "no sheet" {
				b.set(f, cases, "A6", "S1", "B6", "placement")
			}
			_, err := b.brings(intake.OutcomesKind, intake.XLSX, b.written(f))
			b.Log(name)
			fields := b.refused(err, c.want...)
			for code, cells := range map[string][]string{"two_rounds": {"Sager!B2", "Underretninger!B2", "0183", "0707"}} {
				for _, cell := range cells {
					if fields[0].Code == code && !strings.Contains(fields[0].Detail, cell) {
						b.Errorf("%s is not named: %s", cell, fields[0])
					}
				}
			}
		}
	})
}

func TestWhoGetsAWorkbook(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		for at, want := range map[struct {
			year         barometer.Year
			municipality string
		}]barometer.Kind{
			{given, "0183"}: barometer.NotFound, {9031, "0707"}: barometer.NotFound, {2023, "0707"}: barometer.State,
		} {
			err := b.store.View(b.ctx, func(tx *store.Store) error {
				return intake.Template(b.ctx, tx, b.cat, at.year, at.municipality, &bytes.Buffer{})
			})
			if barometer.KindOf(err) != want {
				b.Errorf("%v: %v", at, err)
			}
		}
	})
}
