package intake

import (
	"strconv"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// The sheets of the workbook that auditors work in. One row is a case, or a notification of one; one column is a
// requirement. The sheet of what stood in the cells when the workbook was made is hidden.
const (
	casesSheet         = "Sager"
	notificationsSheet = "Underretninger"
	listsSheet         = "Lister"
	basisSheet         = "Grundlag"
	guideSheet         = "Vejledning"
)

// The first words of the rows above the cases, with their English ones.
var (
	roundWords        = []string{"årgang", "round"}
	municipalityWords = []string{"kommune", "municipality"}
	originWords       = []string{"oprindelse", "origin"}
	caseWords         = []string{"sag", "case"}
	caseTypeWords     = []string{"sagstype", "case_type"}
	notificationWords = []string{"underretning", "notification"}
)

// entryFile is the workbook of an auditor as it is read.
type entryFile struct {
	*outcomesFile
	book         *workbook
	round        *round
	municipality string
	stated       map[string]statement          // what the first sheet says that it is for
	cases        map[string]int                // row of each case on the first sheet, by reference
	caseTypes    map[string]barometer.CaseType // by reference
	basis        map[cell]barometer.Assessment // what stood there when the workbook was made; nil where it does not say
}

// readWorkbook reads the rows of a workbook: each cell that says something is one.
func (in *outcomesFile) readWorkbook() error {
	book, err := openWorkbook(in.file, in.file.size)
	if err != nil {
		return err
	}
	file := &entryFile{outcomesFile: in, book: book, cases: map[string]int{}, caseTypes: map[string]barometer.CaseType{}}
	if err := file.readBasis(); err != nil {
		return err
	}
	first, ok := book.sheet(casesSheet)
	if !ok {
		in.add(barometer.FieldError{Line: 1, Code: "missing_sheet"}, "the workbook has no sheet %s; take a new one, and enter the outcomes there", casesSheet)
		return nil
	}
	if err := file.readSheet(first, unitOfCases); err != nil {
		return unlessStopped(err)
	}
	if second, ok := book.sheet(notificationsSheet); ok {
		if err := file.readSheet(second, unitOfNotifications); err != nil {
			return unlessStopped(err)
		}
	}
	if len(file.cases) == 0 && in.count == 0 {
		in.add(barometer.FieldError{Line: 1, Code: "empty_file"}, "the sheet %s has no cases", casesSheet)
	}
	return nil
}

// sheetUnit is what the rows of a sheet are, and how its columns are called in problems.
type sheetUnit struct {
	unit   barometer.Unit
	second []string // words above the second column
	prefix string
}

var (
	unitOfCases         = sheetUnit{barometer.UnitCase, caseTypeWords, ""}
	unitOfNotifications = sheetUnit{barometer.UnitNotification, notificationWords, notificationsSheet + "!"}
)

// name gives how a column is called in problems: its letter with its word or code.
func (u sheetUnit) name(column int, word string) string {
	return u.prefix + letters(column) + " " + word
}

// heading is what stands above the rows of a sheet.
type heading struct {
	sheetUnit
	names  map[string]string // of the first two columns
	called int
	stated map[string]statement
	asked  map[int]askedColumn // requirement of each column; nil until it is read
}

// statement of what a sheet is for.
type statement struct {
	text string
	line int
}

// askedColumn is a column with the requirement that it is for; none where its heading is refused.
type askedColumn struct {
	requirement string
	names       map[string]string
	called      int
}

func (f *entryFile) readSheet(sheet sheetPart, of sheetUnit) error {
	h := &heading{sheetUnit: of, stated: map[string]statement{}}
	h.names = map[string]string{
		"case": of.name(1, caseWords[1]), "case_type": of.name(2, caseTypeWords[1]), "notification": of.name(2, notificationWords[1]),
		"round": of.prefix + "B", "municipality": of.prefix + "B", "origin": of.prefix + "B",
	}
	h.called = f.rows.call(h.names)
	err := f.book.eachRow(sheet, func(r sheetRow) error {
		switch first := fold(r.in(1).text); {
		case h.asked != nil:
			f.row(h, r)
		case isWord(first, caseWords):
			return f.readHeading(h, r)
		case isWord(first, roundWords):
			h.stated["round"] = statement{r.in(2).text, r.number}
		case isWord(first, municipalityWords):
			h.stated["municipality"] = statement{r.in(2).text, r.number}
		case isWord(first, originWords):
			h.stated["origin"] = statement{r.in(2).text, r.number}
		}
		return nil
	})
	if err == nil && h.asked == nil {
		f.add(barometer.FieldError{Line: 1, Column: of.name(1, caseWords[1]), Code: "missing_column"},
			"no row has the heading %q in its first column; take a new workbook, and enter the outcomes there", caseWords[0])
	}
	return err
}

func isWord(text string, words []string) bool { return text == words[0] || text == words[1] }

// readHeading reads what the sheet is for, and its columns.
func (f *entryFile) readHeading(h *heading, r sheetRow) error {
	before := f.count
	if r, municipality := f.purpose(h); f.round == nil {
		f.round, f.municipality, f.stated = r, municipality, h.stated
	} else if f.count == before && (r != f.round || municipality != f.municipality) {
		f.twoRounds(h, r)
	}
	if f.count > before {
		return errStop
	}
	h.asked = map[int]askedColumn{}
	if second := r.in(2); !isWord(fold(second.text), h.second) {
		f.add(barometer.FieldError{Line: r.number, Column: h.name(2, h.second[1]), Code: "missing_column"},
			"the second column is %s; want the heading %q", shown(second.text), h.second[0])
	}
	for _, c := range r.cells {
		if c.column > 2 {
			h.asked[c.column] = f.askedColumn(h, r, c)
		}
	}
	return nil
}

// twoRounds reports that the second sheet says something else than the first, whichever of them was changed.
func (f *entryFile) twoRounds(h *heading, r *round) {
	word := "municipality"
	if r != f.round {
		word = "round"
	}
	first, second := f.stated[word], h.stated[word]
	f.add(barometer.FieldError{Line: second.line, Column: h.names[word], Code: "two_rounds"},
		"%s!B%d says %s and %s!B%d says %s; both sheets must be for the same %s",
		casesSheet, first.line, shown(first.text), notificationsSheet, second.line, shown(second.text), word)
}

// purpose reads which round and municipality the sheet is for.
func (f *entryFile) purpose(h *heading) (*round, string) {
	for _, word := range []string{"round", "municipality"} {
		if _, ok := h.stated[word]; !ok {
			f.add(barometer.FieldError{Line: 1, Column: h.names[word], Code: "missing"},
				"the sheet does not say above the cases which %s it is for; take a new workbook, and enter the outcomes there", word)
			return nil, ""
		}
	}
	at := func(word string) line {
		return line{place: place{h.stated[word].line, h.names}, problems: f.problems}
	}
	origin := f.words.origins.code(h.stated["origin"].text)
	if f.Round != nil {
		f.checkGiven(at("origin"), "", origin)
		origin = ""
	} else if origin == string(barometer.OriginReal) {
		origin = "" // real rows say nothing
	}
	r := f.checkRound(at("round"), h.stated["round"].text, origin)
	return r, f.checkMunicipality(at("municipality"), h.stated["municipality"].text, r)
}

// askedColumn finds the requirement of a column by its heading.
func (f *entryFile) askedColumn(h *heading, r sheetRow, c sheetCell) askedColumn {
	l := line{place: place{r.number, map[string]string{"requirement": h.prefix + letters(c.column)}}, problems: f.problems}
	if c.fault != "" {
		l.refuse("requirement", "no_value", "the cell holds %s; want the code of a requirement", c.fault)
		return askedColumn{}
	}
	before := f.count
	q, _ := f.findRequirement(l, fold(c.text), f.round)
	if f.count == before && q.Unit != h.unit {
		sheet := map[barometer.Unit]string{barometer.UnitCase: casesSheet, barometer.UnitNotification: notificationsSheet}[q.Unit]
		l.refuse("requirement", "wrong_unit", "%s is counted over %ss; its column belongs on the sheet %s", q.Code, q.Unit, sheet)
	}
	for other, column := range h.asked {
		if column.requirement == q.Code && f.count == before {
			l.refuse("requirement", "repeated_column", "column %s is for %s already", letters(other), q.Code)
		}
	}
	if f.count > before {
		return askedColumn{}
	}
	called := h.name(c.column, q.Code)
	names := map[string]string{
		"requirement": called, "outcome": called, "reason": called,
		"case": h.names["case"], "case_type": h.names["case_type"], "notification": h.names["notification"],
	}
	return askedColumn{q.Code, names, f.rows.call(names)}
}

// row reads one case or notification.
func (f *entryFile) row(h *heading, r sheetRow) {
	l := line{place: place{r.number, h.names}, problems: f.problems}
	before := f.count
	unit := outcomeRow{place: l.place, called: h.called, round: f.round.Year, municipality: f.municipality}
	unit.reference = f.checkReference(l, f.textOf(l, "case", r.in(1)))
	if h.unit == barometer.UnitCase {
		unit.caseType = f.checkCaseType(l, f.textOf(l, "case_type", r.in(2)))
		f.addCase(l, unit)
	} else {
		unit.number = checkNumber(l, f.textOf(l, "notification", r.in(2)))
		unit.caseType = f.typeOf(l, unit.reference)
	}
	usable, judged := f.count == before, false
	for _, c := range r.cells {
		if c.column <= 2 {
			continue
		}
		judged = true
		if row, ok := f.judged(h, unit, c); ok && usable {
			f.counted()
			f.rows.add(row)
		}
	}
	if usable && !judged {
		unit.base = f.stood(unit.cell())
		f.rows.add(unit)
	}
}

// textOf gives the text of a cell, "" where it is refused.
func (f *entryFile) textOf(l line, column string, c sheetCell) string {
	if c.fault != "" {
		l.refuse(column, "no_value", "the cell holds %s; enter the value itself", c.fault)
		return ""
	}
	text, _ := l.text(column, c.text)
	return text
}

// addCase notes a case of the first sheet, which has each once.
func (f *entryFile) addCase(l line, unit outcomeRow) {
	if first, twice := f.cases[unit.reference]; twice && unit.reference != "" {
		l.refuse("case", "repeated", "line %d has this case already", first)
		return
	}
	f.cases[unit.reference], f.caseTypes[unit.reference] = l.line, unit.caseType
}

// typeOf gives the type of a case, which the first sheet says.
func (f *entryFile) typeOf(l line, reference string) barometer.CaseType {
	caseType, ok := f.caseTypes[reference]
	if !ok && reference != "" {
		l.refuse("case", "unknown_case", "the sheet %s has no case %s", casesSheet, shown(reference))
	}
	return caseType
}

// judged reads the cell of a requirement.
func (f *entryFile) judged(h *heading, unit outcomeRow, c sheetCell) (outcomeRow, bool) {
	asked, ok := h.asked[c.column]
	if !ok {
		f.add(barometer.FieldError{Line: unit.line, Column: h.prefix + letters(c.column), Code: "unknown_column"},
			"the column has no heading; want the code of a requirement above the cases")
		return unit, false
	}
	if asked.requirement == "" {
		return unit, false // told once, at the heading
	}
	unit.names, unit.called, unit.requirement = asked.names, asked.called, asked.requirement
	before := f.count
	l := line{place: unit.place, problems: f.problems}
	if text := f.textOf(l, "outcome", c); f.count == before {
		outcome, reason := cutOutcome(text)
		unit.Assessment = f.checkOutcome(l, outcome, reason)
	}
	unit.base = f.stood(unit.cell())
	return unit, f.count == before
}

// stood gives what stood in a cell when the workbook was made, nil where it does not say.
func (f *entryFile) stood(at cell) *barometer.Assessment {
	if f.basis == nil {
		return nil
	}
	was := f.basis[at]
	return &was
}

// readBasis reads what stood in the cells when the workbook was made: a row for each case or notification, with its
// reference, its number, and in each further cell a requirement with its outcome. What it does not say clearly was
// empty: then nothing is taken back by mistake.
func (f *entryFile) readBasis() error {
	sheet, ok := f.book.sheet(basisSheet)
	if !ok {
		return nil
	}
	f.basis = map[cell]barometer.Assessment{}
	return f.book.eachRow(sheet, func(r sheetRow) error {
		number, err := strconv.Atoi(r.in(2).text)
		for _, c := range r.cells {
			requirement, said, _ := strings.Cut(c.text, "=")
			outcome, reason := cutOutcome(said)
			if a := (barometer.Assessment{Outcome: barometer.Outcome(outcome), Reason: barometer.Reason(reason)}); err == nil && a.Outcome.Known() && a.Outcome.CheckReason(a.Reason) == "" {
				f.basis[cell{r.in(1).text, requirement, number}] = a
			}
		}
		return nil
	})
}
