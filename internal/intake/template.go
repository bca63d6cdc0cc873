package intake

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Template writes the workbook in which an auditor enters the outcomes of a municipality in a round, with those that
// are entered already. NotFound where there is no such round or the municipality does not take part, State where the
// round takes no outcomes because its list of requirements is not known.
func Template(ctx context.Context, s *store.Store, cat *catalogue.Catalogue, year barometer.Year, municipality string, w io.Writer) error {
	of, err := s.Round(ctx, year)
	if barometer.KindOf(err) == barometer.NotFound {
		return barometer.Errorf(barometer.NotFound, "There is no round %d.", year)
	}
	if err != nil {
		return err
	}
	r, err := readRound(ctx, s, cat, of)
	if err != nil {
		return err
	}
	if _, takesPart := r.participants[municipality]; !takesPart {
		return barometer.Errorf(barometer.NotFound, "Municipality %s has no participation in round %d.", shown(municipality), year)
	}
	if !r.RequirementsKnown {
		return r.takesOutcomes()
	}
	cases, err := s.Cases(ctx, year, municipality)
	if err != nil {
		return err
	}
	var references []string
	for _, c := range cases {
		references = append(references, c.Reference)
	}
	have, err := readStored(ctx, s, group{year, municipality}, references, false)
	if err != nil {
		return err
	}
	t := &template{
		File: excelize.NewFile(), round: r, municipality: municipality, name: cat.AreaName(municipality, barometer.Danish),
		words: newVocabulary(cat), cat: cat, have: have,
	}
	err = t.fill()
	if err == nil {
		err = t.Write(w)
	}
	if closed := t.Close(); err == nil {
		err = closed
	}
	return err
}

// template is a workbook as it is made, with the first error that was met.
type template struct {
	*excelize.File
	round        *round
	municipality string
	name         string // of the municipality
	words        vocabulary
	cat          *catalogue.Catalogue
	have         stored
	styles       styles
	err          error
}

// do keeps the first error.
func (t *template) do(err error) {
	if t.err == nil {
		t.err = err
	}
}

// set writes a text into a cell as what it is: a text, whatever it begins with.
func (t *template) set(sheet string, column, row int, text string) {
	t.do(t.SetCellStr(sheet, letters(column)+strconv.Itoa(row), text))
}

func (t *template) fill() error {
	t.styles = t.makeStyles()
	t.do(t.SetSheetName("Sheet1", casesSheet))
	t.sheet(casesSheet, barometer.UnitCase)
	if len(t.asked(barometer.UnitNotification)) > 0 {
		t.newSheet(notificationsSheet)
		t.sheet(notificationsSheet, barometer.UnitNotification)
	}
	t.newSheet(guideSheet)
	t.guide()
	t.newSheet(listsSheet)
	t.lists()
	t.newSheet(basisSheet)
	t.basis()
	t.do(t.SetDocProps(&excelize.DocProperties{
		Title: fmt.Sprintf("Børnesagsbarometer %d, %s%s", t.round.Year, t.name, t.synthetic(", syntetisk")), Creator: "barometer",
	}))
	return t.err
}

func (t *template) newSheet(name string) {
	_, err := t.NewSheet(name)
	t.do(err)
}

// synthetic gives a text where the round is.
func (t *template) synthetic(text string) string {
	if t.round.Origin == barometer.OriginSynthetic {
		return text
	}
	return ""
}

// asked lists the requirements that are counted over a unit.
func (t *template) asked(unit barometer.Unit) []barometer.Requirement {
	return slices.DeleteFunc(slices.Clone(t.round.asked), func(q barometer.Requirement) bool { return q.Unit != unit })
}

// Rows above the cases.
const (
	roundRow = 1 + iota
	municipalityRow
	originRow
	questionRow
	headingRow
	firstRow
)

// spareRows are made ready for entry below what is entered.
const spareRows = 200

// sheet writes the rows of cases, or of notifications.
func (t *template) sheet(sheet string, unit barometer.Unit) {
	asked := t.asked(unit)
	t.set(sheet, 1, roundRow, "Årgang")
	t.set(sheet, 2, roundRow, strconv.Itoa(int(t.round.Year)))
	t.set(sheet, 1, municipalityRow, "Kommune")
	t.set(sheet, 2, municipalityRow, t.municipality)
	t.set(sheet, 3, municipalityRow, t.name)
	t.set(sheet, 1, originRow, "Oprindelse")
	t.set(sheet, 2, originRow, t.words.origins.names[string(t.round.Origin)])
	t.set(sheet, 3, originRow, t.synthetic("Syntetisk: sagerne er opdigtede og siger intet om virkelige sager."))
	t.set(sheet, 1, headingRow, "Sag")
	if unit == barometer.UnitCase {
		t.set(sheet, 2, headingRow, "Sagstype")
	} else {
		t.set(sheet, 2, headingRow, "Underretning")
	}
	for i, q := range asked {
		t.set(sheet, i+3, questionRow, q.Question)
		t.set(sheet, i+3, headingRow, q.Code)
	}
	last := firstRow
	for _, u := range t.units(unit) {
		t.set(sheet, 1, last, u.reference)
		if unit == barometer.UnitCase {
			t.set(sheet, 2, last, t.words.caseTypes.names[string(t.have.cases[u.reference].CaseType)])
		} else {
			t.set(sheet, 2, last, strconv.Itoa(u.number))
		}
		for i, q := range asked {
			if o, entered := t.have.outcomes[cell{u.reference, q.Code, u.number}]; entered {
				t.set(sheet, i+3, last, t.words.label(o.Assessment()))
			}
		}
		last++
	}
	t.dress(sheet, unit, len(asked)+2, last+spareRows)
}

// units lists the cases, or their notifications, that take outcomes.
func (t *template) units(of barometer.Unit) []unit {
	var all []unit
	for u, removed := range t.have.units {
		if !removed && !t.have.cases[u.reference].Withdrawn && (u.number == 0) == (of == barometer.UnitCase) {
			all = append(all, u)
		}
	}
	slices.SortFunc(all, func(a, b unit) int {
		return cmp.Or(strings.Compare(a.reference, b.reference), a.number-b.number)
	})
	return all
}

// basis keeps what stands in the cells, so that what others change meanwhile is told from what the auditor enters.
func (t *template) basis() {
	row := 1
	for _, of := range []barometer.Unit{barometer.UnitCase, barometer.UnitNotification} {
		asked := t.asked(of)
		for _, u := range t.units(of) {
			t.set(basisSheet, 1, row, u.reference)
			t.set(basisSheet, 2, row, strconv.Itoa(u.number))
			for i, q := range asked {
				if o, entered := t.have.outcomes[cell{u.reference, q.Code, u.number}]; entered {
					t.set(basisSheet, i+3, row, q.Code+"="+string(o.Outcome)+"/"+string(o.Reason))
				}
			}
			row++
		}
	}
	t.do(t.SetSheetVisible(basisSheet, false, true))
}

// lists writes what the drop-down lists offer.
func (t *template) lists() {
	for i, a := range assessments() {
		t.set(listsSheet, 1, i+1, t.words.label(a))
	}
	for i, c := range caseTypes() {
		t.set(listsSheet, 2, i+1, t.words.caseTypes.names[string(c)])
	}
	t.do(t.SetSheetVisible(listsSheet, false, true))
}
