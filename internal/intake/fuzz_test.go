package intake_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/intake"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// FuzzOutcomes: whatever a file holds, it is imported or refused with places, and never repeats a personal number.
func FuzzOutcomes(f *testing.F) {
	f.Add(header + row("S1", "action_plan_made", "", "met", ""))
	f.Add("\xef\xbb\xbfårgang;kommune;sag;sagstype;lovkrav;resultat\n9026;Ishøj;1;placement;action_plan_made;met")
	f.Add(header + "9026,0707,\"010203-1234\n\",placement,x,1,met,urgency,synthetic\n")
	fuzz(f, func(b bench, file string) error {
		_, err := b.outcomes(file)
		return err
	})
}

// FuzzReported: the same for reported figures.
func FuzzReported(f *testing.F) {
	f.Add(reportedHeader + "2024,dk,action_plan_made,1,3,33,7,ast-2024,x,y\n")
	f.Add("round;area\n2024;dk")
	fuzz(f, func(b bench, file string) error {
		_, err := b.reported(file)
		return err
	})
}

// FuzzNDJSON: the same for files of JSON objects.
func FuzzNDJSON(f *testing.F) {
	f.Add(`{"round": 9026, "municipality": "0707", "case": "S1", "case_type": "placement", "requirement": "action_plan_made", "outcome": "met", "origin": "synthetic"}`)
	f.Add("\xef\xbb\xbf" + `{"årgang": "9026", "kommune": 707, "sag": null, "reason": [1, {"a": "010203-1234"}]}` + "\r\n{}\nx")
	fuzz(f, func(b bench, file string) error {
		_, err := intake.Run(b.ctx, b.store, b.cat, intake.Source{Kind: intake.OutcomesKind, Format: intake.NDJSON}, strings.NewReader(file))
		return err
	})
}

// FuzzSheet: the same for workbooks, by what the sheet of the cases holds.
func FuzzSheet(f *testing.F) {
	cell := func(text string) string { return `<c t="inlineStr"><is><t>` + text + `</t></is></c>` }
	head := `<row>` + cell("Årgang") + cell("9026") + `</row><row>` + cell("Kommune") + cell("0707") + `</row><row>` + cell("Oprindelse") +
		cell("Syntetisk") + `</row><row>` + cell("Sag") + cell("Sagstype") + cell("action_plan_made") + `</row>`
	f.Add(head + `<row>` + cell("S1") + cell("Anbringelse") + cell("Ikke relevant – Endnu ikke forfaldent") + `</row>`)
	f.Add(head + `<row r="9"><c r="B9" t="s"><v>1</v></c><c r="ZZ9"><f>1</f></c></row><row r="1"><c t="e"/>` + cell("010203-1234") + `</row>`)
	fuzz(f, func(b bench, rows string) error {
		_, err := intake.Run(b.ctx, b.store, b.cat, intake.Source{Kind: intake.OutcomesKind, Format: intake.XLSX}, bytes.NewReader(zipped(b, parts(rows))))
		return err
	})
}

func fuzz(f *testing.F, imports func(bench, string) error) {
	f.Helper()
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, file string) {
		b := newBench(t, storetest.Open(t, store.Options{DataDir: dir}))
		err := imports(b, file)
		var e *barometer.Error
		if err == nil {
			return
		}
		if errors.As(err, &e) && e.Kind == barometer.TooLarge {
			return
		}
		if !errors.As(err, &e) || e.Kind != barometer.Invalid || len(e.Fields) == 0 && !strings.Contains(e.Message, "the file is ") {
			t.Fatalf("not a refusal: %v", err)
		}
		for _, field := range e.Fields {
			if field.Line < 1 || field.Code == "" || field.Detail == "" {
				t.Errorf("a problem without a place: %+v", field)
			}
			if barometer.LooksLikePersonalNumber(field.Detail) {
				t.Errorf("a personal number is repeated: %s", field.Detail)
			}
		}
	})
}
