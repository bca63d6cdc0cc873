package intake

import (
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// styles of the workbook's cells. All are text, so that a spreadsheet takes nothing that is entered for a number, a
// date or a formula.
type styles struct{ text, bold, head, code, entry int }

const textFormat = 49 // "@"

func (t *template) makeStyles() styles {
	style := func(s excelize.Style) int {
		s.NumFmt = textFormat
		id, err := t.NewStyle(&s)
		t.do(err)
		return id
	}
	wrapped := &excelize.Alignment{WrapText: true, Vertical: "top"}
	shaded := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DCE6F1"}}
	return styles{
		text:  style(excelize.Style{Alignment: wrapped}),
		bold:  style(excelize.Style{Font: &excelize.Font{Bold: true}}),
		head:  style(excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: wrapped, Fill: shaded}),
		code:  style(excelize.Style{Font: &excelize.Font{Italic: true, Size: 9}, Alignment: wrapped, Fill: shaded}),
		entry: style(excelize.Style{}),
	}
}

// dress gives a sheet of cases or notifications its looks and its drop-down lists.
func (t *template) dress(sheet string, of barometer.Unit, lastColumn, lastRow int) {
	corner := letters(lastColumn)
	span := func(column string, from int, to string, last int, style int) {
		t.do(t.SetCellStyle(sheet, column+strconv.Itoa(from), to+strconv.Itoa(last), style))
	}
	span("A", roundRow, "C", originRow, t.styles.bold)
	span("A", questionRow, corner, questionRow, t.styles.head)
	span("A", headingRow, corner, headingRow, t.styles.code)
	span("A", firstRow, corner, lastRow, t.styles.entry)
	t.do(t.SetColWidth(sheet, "A", "B", 24))
	t.do(t.SetColWidth(sheet, "C", corner, 34))
	t.do(t.SetRowHeight(sheet, questionRow, 80))
	t.do(t.SetPanes(sheet, &excelize.Panes{
		Freeze: true, XSplit: 2, YSplit: headingRow, TopLeftCell: "C" + strconv.Itoa(firstRow), ActivePane: "bottomRight",
	}))
	t.choose(sheet, fmt.Sprintf("C%d:%s%d", firstRow, corner, lastRow), "A", len(assessments()))
	if of == barometer.UnitCase {
		t.choose(sheet, fmt.Sprintf("B%d:B%d", firstRow, lastRow), "B", len(caseTypes()))
	}
}

// choose makes cells take what a column of the lists offers, and nothing else.
func (t *template) choose(sheet, cells, column string, entries int) {
	list := excelize.NewDataValidation(true)
	list.Sqref = cells
	list.SetSqrefDropList(fmt.Sprintf("%s!$%s$1:$%s$%d", listsSheet, column, column, entries))
	list.SetError(excelize.DataValidationErrorStyleStop, "Ukendt værdi", "Vælg en værdi fra listen.")
	t.do(t.AddDataValidation(sheet, list))
}

// guide writes how to work with the workbook, and what its values and questions are.
func (t *template) guide() {
	row := 1
	write := func(style int, texts ...string) {
		for i, text := range texts {
			t.set(guideSheet, i+1, row, text)
		}
		t.do(t.SetCellStyle(guideSheet, "A"+strconv.Itoa(row), "C"+strconv.Itoa(row), style))
		row++
	}
	write(t.styles.bold, fmt.Sprintf("Børnesagsbarometer %d: %s %s", t.round.Year, t.municipality, t.name))
	if t.synthetic("ja") != "" {
		write(t.styles.bold, "Syntetisk årgang: sagerne er opdigtede.")
	}
	for _, line := range guideLines {
		write(t.styles.text, line)
	}
	write(t.styles.head, "Værdi", "Kode", "Betydning")
	outcomes, reasons := t.descriptions("outcomes"), t.descriptions("reasons")
	for _, a := range assessments() {
		code, meaning := string(a.Outcome), outcomes[string(a.Outcome)]
		if a.Reason != "" {
			code, meaning = code+"/"+string(a.Reason), reasons[string(a.Reason)]
		}
		write(t.styles.text, t.words.label(a), code, meaning)
	}
	write(t.styles.head, "Lovkrav", "Kode", "Hjemmel og forudsætning")
	for _, q := range t.round.asked {
		basis := q.LegalBasis
		if q.Precondition != nil {
			basis += "; vurderes kun, hvor " + *q.Precondition + " er opfyldt"
		}
		write(t.styles.text, q.Question, q.Code, basis)
	}
	t.do(t.SetColWidth(guideSheet, "A", "C", 60))
}

// descriptions gives what the codes of a list mean.
func (t *template) descriptions(list string) map[string]string {
	texts := map[string]string{}
	for _, c := range t.cat.CodeList(list, barometer.Danish) {
		texts[c.Code] = c.Description
	}
	return texts
}

var guideLines = []string{
	"Arket Sager har én række for hver sag og én kolonne for hvert lovkrav. Vælg resultatet fra listen i cellen.",
	"Nye sager skrives på de næste tomme rækker med en reference, der intet siger om personen, og en sagstype.",
	"Arket Underretninger (hvis det er med) har én række for hver underretning: sagens reference og underretningens nummer fra 1.",
	"En tom celle ændrer intet: det, der allerede er indtastet, bliver stående. En celle kan ikke tømmes ved at slette den her.",
	"Skriv aldrig navne eller CPR-numre, og brug ikke formler: filen afvises, og intet af den indlæses.",
	"Er et resultat ændret af en anden, siden regnearket blev hentet, overskrives det ikke; hent da et nyt regneark.",
	"Koderne i rækken over sagerne og rækkerne med årgang og kommune skal blive stående.",
}
