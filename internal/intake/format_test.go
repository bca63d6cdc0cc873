package intake_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/intake"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func TestFormatsAreToldByNameAndMediaType(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]intake.Format{
		"round.csv": intake.CSV, "a/b.NDJSON": intake.NDJSON, "x.y.xlsx": intake.XLSX, "-": "", "round": "", "round.xls": "", "csv": "",
	} {
		if got, ok := intake.FormatOf(name); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %s, %v", name, got, ok)
		}
	}
	for _, f := range intake.Formats() {
		if got, ok := intake.FormatOfMediaType(strings.ToUpper(f.MediaType())); !ok || got != f {
			t.Errorf("%s: %s, %v", f, got, ok)
		}
	}
	if _, ok := intake.FormatOfMediaType("application/json"); ok {
		t.Error("application/json is no format of files")
	}
}

func TestEveryMistakeOfNDJSONIsReportedWithItsLine(t *testing.T) {
	ok := `"municipality": "0707", "case": "S1", "case_type": "placement", "requirement": "action_plan_made"`
	lines := []string{
		`{` + ok + `, "outcome": "maybe"}`,
		``,
		`not JSON`,
		`[1, 2]`,
		`{` + ok + `, "outcome": "met", "name": "x"}`,
		`{` + ok + `, "outcome": "met", "resultat": "met"}`, // 6: the same twice
		`{` + ok + `, "outcome": true, "reason": []}`,
		`{` + ok + `, "outcome": "met"} {}`,
		`{` + ok + `, "outcome": "met"`,
		`{` + ok + `, "outcome": "m` + "\xe5" + `t"}`,
		`{` + ok + `, "outcome": "met\u0000"}`,
		`{` + strings.Replace(ok, "S1", "S2", 1) + `}`, // 12: no outcome
		`{` + ok + `, "outcome": "` + strings.Repeat("x", 70_000) + `"}`,
		`{` + ok + `, "outcome": "` + strings.Repeat("x", 5_000) + `"}`,
		`null`,
	}
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		_, err := b.brings(intake.OutcomesKind, intake.NDJSON, []byte(strings.Join(lines, "\n")))
		b.refused(err,
			place(1, "outcome", "unknown_value"), place(3, "", "not_json"), place(4, "", "not_json"), place(5, "name", "unknown_column"),
			place(6, "outcome", "repeated_column"), place(7, "outcome", "wrong_type"), place(7, "reason", "wrong_type"),
			place(8, "", "not_json"), place(9, "", "not_json"), place(10, "", "not_utf8"), place(11, "outcome", "control_character"),
			place(12, "outcome", "unknown_value"), place(13, "", "too_long"), place(14, "outcome", "too_long"), place(15, "", "not_json"))
		for _, nothing := range []string{"", "\n\n", "\xef\xbb\xbf"} {
			_, err := b.brings(intake.OutcomesKind, intake.NDJSON, []byte(nothing))
			b.refused(err, place(1, "", "empty_file"))
		}
	})
}

// zipped packs parts into an archive.
func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range parts {
		part, err := w.Create(name)
		if err == nil {
			_, err = part.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// parts of the smallest workbook, with the rows of its one sheet.
func parts(rows string) map[string]string {
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	return map[string]string{
		"_rels/.rels":     `<Relationships><Relationship Id="a" Type="` + office + `/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook xmlns:r="` + office + `"><sheets><sheet name="Sager" sheetId="1" r:id="b"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="b" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="c" Type="` + office + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`,
		"xl/sharedStrings.xml": `<sst><si><t>municip</t></si><si><r><t>muni</t></r><r><rPr><b/></rPr><t>cipality</t></r>` +
			`<rPh><t>not this</t></rPh></si><si><t>cases</t></si></sst>`,
	}
}

// TestTheWaysToWriteACell: shared and inline texts, runs of several fonts, numbers, cells and rows without addresses.
func TestTheWaysToWriteACell(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting)
		file := zipped(b, parts(`<row><c t="s"><v>1</v></c><c t="inlineStr"><is><t>cas</t><t>es</t></is></c><c r="E1" t="str"><v>eligible_cases</v></c>`+
			`<c r="D1" s="1"/></row><row r="4"><c r="A4" t="inlineStr"><is><t>0707</t></is></c><c><v>1.6E1</v></c><c r="E4" t="n"><v>212.0</v></c></row>`))
		_, err := b.brings(intake.ParticipationsKind, intake.XLSX, file)
		b.refused(err, place(1, "C", "unknown_column"), place(1, "D", "unknown_column")) // columns in between have no name
		file = zipped(b, parts(`<row><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="str"><v>eligible_cases</v></c></row>`+
			`<row r="3" spans="1:3"/><row r="4"><c r="A4" t="inlineStr"><is><t>0707</t></is></c><c><v>1.6E1</v></c><c r="C4" t="n"><v>212.0</v></c></row>`))
		if _, err := b.brings(intake.ParticipationsKind, intake.XLSX, file); err != nil {
			b.Fatal(err)
		}
		if got, want := b.participations(), "0707 16 212 - -\n"; got != want {
			b.Errorf("%q, want %q", got, want)
		}
		_, err = b.brings(intake.ParticipationsKind, intake.XLSX, zipped(b, parts(`<row><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>`+
			`<row r="7"><c t="e"><v>#N/A</v></c><c><f>1+1</f><v>2</v></c><c r="D7"><v>1</v></c></row>`)))
		b.refused(err, place(7, "A municipality", "no_value"), place(7, "B cases", "no_value"), place(7, "D", "unknown_column"))
	})
}

func TestWhatIsNoWorkbookIsRefused(t *testing.T) {
	run(t, func(b bench) {
		b.opens(barometer.Collecting, "0707")
		whole := zipped(b, parts(`<row/>`))
		without := func(name string) []byte {
			p := parts("<row/>")
			delete(p, name)
			return zipped(b, p)
		}
		for name, file := range map[string][]byte{
			"empty": {}, "text": []byte(header), "cut off": whole[:len(whole)-30], "no parts": zipped(b, nil), "an old one": []byte("\xd0\xcf\x11\xe0"),
			"no root": without("_rels/.rels"), "no book": without("xl/workbook.xml"), "no sheet": without("xl/worksheets/sheet1.xml"),
			"no shared texts":     without("xl/sharedStrings.xml"),
			"no XML":              zipped(b, parts("<row><c>")),
			"no such shared text": zipped(b, parts(`<row><c t="s"><v>3</v></c></row>`)),
			"no such column":      zipped(b, parts(`<row><c r="5"><v>3</v></c></row>`)),
			"no such row":         zipped(b, parts(`<row r="-1"><c><v>3</v></c></row>`)),
			"an entity":           zipped(b, parts(`<row><c><v>&x;</v></c></row>`)),
		} {
			for _, kind := range []intake.Kind{intake.OutcomesKind, intake.ParticipationsKind} {
				_, err := b.brings(kind, intake.XLSX, file)
				b.Log(name)
				b.refused(err, place(1, "", "not_xlsx"))
			}
		}
		if _, err := b.brings(intake.OutcomesKind, intake.CSV, whole); barometer.KindOf(err) != barometer.Invalid || !strings.Contains(err.Error(), "XLSX") {
			b.Errorf("a workbook brought as CSV: %v", err)
		}
	})
}

// TestAWorkbookThatUnpacksToTooMuchIsRefused, without unpacking it.
func TestAWorkbookThatUnpacksToTooMuchIsRefused(t *testing.T) {
	b := newBenchSQLite(t)
	b.opens(barometer.Collecting, "0707")
	row := `<row><c t="inlineStr"><is><t>municipality</t></is></c></row>`
	var many strings.Builder
	for range 400_000 {
		many.WriteString(row)
	}
	shared := parts("<row/>")
	shared["xl/sharedStrings.xml"] = "<sst>" + strings.Repeat("<si/>", 600_000) + "</sst>"
	directory := map[string]string{}
	for i := range 20_000 {
		directory[fmt.Sprintf("xl/worksheets/a-name-that-takes-some-room-%d.xml", i)] = ""
	}
	for name, c := range map[string]struct {
		file []byte
		want barometer.Kind
	}{
		"rows":              {zipped(t, parts(many.String())), barometer.TooLarge},
		"one text":          {zipped(t, parts("<row><c><v>"+strings.Repeat("1", 14<<20)+"</v></c></row>")), barometer.TooLarge},
		"an attribute":      {zipped(t, parts(`<row r="`+strings.Repeat("1", 14<<20)+`"/>`)), barometer.TooLarge},
		"elements":          {zipped(t, parts(strings.Repeat("<a/>", 5<<20))), barometer.TooLarge},
		"nested elements":   {zipped(t, parts(strings.Repeat("<a>", 5<<20))), barometer.Invalid},
		"shared texts":      {zipped(t, shared), barometer.TooLarge},
		"far to the right":  {zipped(t, parts(`<row><c r="XFD1"><v>1</v></c></row>`)), barometer.TooLarge},
		"far below":         {zipped(t, parts(`<row r="1048576"><c><v>1</v></c></row>`)), barometer.TooLarge},
		"a large directory": {zipped(t, directory), barometer.Invalid},
	} {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := b.brings(intake.ParticipationsKind, intake.XLSX, c.file)
		runtime.ReadMemStats(&after)
		if barometer.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if grown := (int64(after.Sys) - int64(before.Sys)) >> 20; grown > 150 {
			t.Errorf("%s of %d bytes: memory grew by %d MiB", name, len(c.file), grown)
		}
	}
}

// TestReportedFiguresComeInEachFormat, and a round that is published is marked until its next release.
func TestReportedFiguresComeInEachFormat(t *testing.T) {
	run(t, func(b bench) {
		marked := func() bool {
			r, err := b.store.Round(b.ctx, 2024)
			if err != nil {
				b.Fatal(err)
			}
			return r.RecordsChanged
		}
		for i, c := range []struct {
			format intake.Format
			file   []byte
			want   [3]int // added, changed, unchanged
		}{
			{intake.NDJSON, []byte(`{"round": 2024, "area": "dk", "requirement": "investigation_within_four_months", "percent": "x", "source": "ast-2024"}`), [3]int{}},
			{intake.NDJSON, []byte(`{"round": 2024, "area": "dk", "requirement": "action_plan_made", "percent": 80, "source": "ast-2024", "note": null}`), [3]int{1, 0, 0}},
			{intake.XLSX, b.asSheet([]string{"round", "area", "requirement", "percent", "source"}, []string{"2024", "dk", "action_plan_made", "80", "ast-2024"}), [3]int{0, 0, 1}},
			{intake.CSV, []byte("round;area;requirement;percent;source\n2024;dk;action_plan_made;81;ast-2024\n"), [3]int{0, 1, 0}},
		} {
			got, err := intake.Run(b.ctx, b.store, b.cat, intake.Source{Kind: intake.ReportedKind, Format: c.format}, bytes.NewReader(c.file))
			if (err != nil) != (i == 0) || [3]int{got.Added, got.Changed, got.Unchanged} != c.want {
				b.Errorf("%d. %s: %+v, %v", i+1, c.format, got, err)
			}
			if marked() != (i > 0) {
				b.Errorf("after the %d. the round is marked: %v", i+1, marked())
			}
		}
	})
}
