package intake

import (
	"slices"
	"strconv"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// The cells of a line of a file of outcomes.
const (
	cellRound = iota
	cellMunicipality
	cellCase
	cellCaseType
	cellRequirement
	cellNotification
	cellOutcome
	cellReason
	cellOrigin
)

// outcomeColumns of a file of outcomes, in the order of the cells of a line. Where the round is given, the rows need
// not name it.
func outcomeColumns(given bool) []column {
	return []column{
		{"round", "årgang", given},
		{"municipality", "kommune", false},
		{"case", "sag", false},
		{"case_type", "sagstype", false},
		{"requirement", "lovkrav", false},
		{"notification", "underretning", true},
		{"outcome", "resultat", false},
		{"reason", "begrundelse", true},
		{"origin", "oprindelse", true},
	}
}

// outcomeRow is one row that can be read: one outcome of one unit of a case. A row without a requirement names a case,
// or a notification of it, and no more.
type outcomeRow struct {
	place
	called       int // number of what the columns are called there
	round        barometer.Year
	municipality string
	reference    string
	caseType     barometer.CaseType
	requirement  string
	number       int // 0: the case itself
	barometer.Assessment
	// base is what stood in the cell when the workbook was made, the zero value where it was empty; nil where the file
	// does not say.
	base *barometer.Assessment
}

// cell gives the cell of the row within its group.
func (row outcomeRow) cell() cell { return cell{row.reference, row.requirement, row.number} }

// check reads one line, and keeps its row unless something is wrong with it.
func (in *outcomesFile) check(l line) {
	before := in.count
	row := outcomeRow{place: l.place}
	r := in.checkRound(l, l.cells[cellRound], l.cells[cellOrigin])
	row.municipality = in.checkMunicipality(l, l.cells[cellMunicipality], r)
	row.reference = in.checkReference(l, l.cells[cellCase])
	row.caseType = in.checkCaseType(l, l.cells[cellCaseType])
	row.requirement, row.number = in.checkRequirement(l, l.cells[cellRequirement], l.cells[cellNotification], r)
	row.Assessment = in.checkOutcome(l, l.cells[cellOutcome], l.cells[cellReason])
	if in.count > before {
		return
	}
	row.round = r.Year
	in.rows.add(row)
}

// checkRound finds the round of a row, or makes the synthetic one it stands for; nil where there is none.
func (in *outcomesFile) checkRound(l line, text, origin string) *round {
	year := yearOf(text)
	if in.Round != nil {
		return in.checkGiven(l, text, origin)
	}
	marked := origin == string(barometer.OriginSynthetic)
	if !marked && origin != "" {
		l.unknown("origin", origin, "unknown origin %s; allowed: synthetic, or empty for real cases", shown(origin))
		marked = year.Origin() == barometer.OriginSynthetic // told once; the round is looked up as if it fitted
	}
	r := in.rounds[year]
	switch {
	case year == 0:
		l.unknown("round", text, "%s is not a year of four digits", shown(text))
		return nil
	case year.Origin() == barometer.OriginSynthetic && !marked:
		l.refuse("origin", "wrong_origin", "rounds from %d on are synthetic; allowed here: synthetic", barometer.FirstSyntheticYear)
	case year.Origin() == barometer.OriginReal && marked:
		l.refuse("origin", "wrong_origin", "synthetic rows belong to rounds from %d on; leave it empty for real cases", barometer.FirstSyntheticYear)
		return nil // whatever else such a row says is about another round
	case r == nil && marked:
		r = synthetic(in.cat, year)
		in.rounds[year] = r
	case r == nil:
		l.refuse("round", "unknown_value", "unknown round %d; allowed: %s, or a year from %d to %d in rows marked synthetic",
			year, in.rounds.years(), barometer.FirstSyntheticYear, lastSyntheticYear)
	case !r.RequirementsKnown:
		l.refuse("round", "requirements_unknown", "the list of requirements of round %d is not known, so it takes reported figures only", year)
		return nil
	}
	return r
}

// checkGiven holds what a row says of its round, which it need not, against the given one.
func (in *outcomesFile) checkGiven(l line, text, origin string) *round {
	r := in.rounds[*in.Round]
	if text != "" && yearOf(text) != r.Year && !l.personal("round", text) {
		l.refuse("round", "wrong_round", "%s, but this import is for round %d", shown(text), r.Year)
	}
	if origin != "" && barometer.Origin(origin) != r.Year.Origin() && !l.personal("origin", origin) {
		l.refuse("origin", "wrong_origin", "%s, but round %d is %s; leave it empty, or say so", shown(origin), r.Year, r.Year.Origin())
	}
	return r
}

// yearOf reads a year of four digits, 0 for anything else.
func yearOf(text string) barometer.Year {
	n, err := strconv.ParseUint(text, 10, 16)
	year := barometer.Year(n)
	if err != nil || len(text) != len("2023") || !year.Valid() {
		return 0
	}
	return year
}

// checkMunicipality finds a municipality by code, name or alias; it must take part, unless the file creates the round.
func (in *outcomesFile) checkMunicipality(l line, text string, r *round) string {
	code, ok := in.municipality(l, "municipality", text)
	if ok {
		participates(l, "municipality", code, r)
	}
	return code
}

// municipality finds a municipality by code, name or alias.
func (in *importing) municipality(l line, column, text string) (code string, ok bool) {
	if code, ok = in.cat.FindMunicipality(text); ok {
		m, _ := in.cat.Municipality(code)
		return m.Code, true
	}
	hint := "a four-digit code such as 0707, or the name"
	if _, cut := in.cat.FindMunicipality("0" + text); cut { // spreadsheets take a code for a number
		hint = "a four-digit code with its leading zero, here 0" + text
	}
	l.unknown(column, text, "unknown municipality %s; allowed: %s", shown(text), hint)
	return "", false
}

// participates refuses a municipality that does not take part in a round.
func participates(l line, column, code string, r *round) {
	if r == nil || r.isNew {
		return
	}
	if _, takesPart := r.participants[code]; !takesPart {
		l.refuse(column, "not_participating", "%s has no participation in round %d", code, r.Year)
	}
}

func (in *outcomesFile) checkReference(l line, text string) string {
	switch text {
	case "":
		l.refuse("case", "empty", "the case has no reference")
		return ""
	case in.reference: // of the row before, as most are
		return in.reference
	}
	if code, wrong := barometer.CheckReference(text); code != "" {
		l.refuse("case", code, "%s", wrong)
		return ""
	}
	in.reference = strings.Clone(text)
	return in.reference
}

func (in *outcomesFile) checkCaseType(l line, text string) barometer.CaseType {
	if t := barometer.CaseType(in.words.caseTypes.code(text)); slices.Contains(caseTypes(), t) {
		return t
	}
	l.unknown("case_type", text, "unknown case type %s; allowed: %s", shown(text), barometer.List(caseTypes()))
	return ""
}

func caseTypes() []barometer.CaseType {
	return []barometer.CaseType{barometer.FamilyTreatment, barometer.Placement, barometer.PlacementWithoutConsent}
}

// checkRequirement finds a requirement that the round asks, and the unit it is judged on.
func (in *outcomesFile) checkRequirement(l line, code, notification string, r *round) (string, int) {
	q, ok := in.findRequirement(l, code, r)
	if !ok {
		return "", 0
	}
	return q.Code, checkNotification(l, q, notification)
}

// findRequirement finds a requirement, which the round must ask.
func (in *outcomesFile) findRequirement(l line, code string, r *round) (barometer.Requirement, bool) {
	if r != nil {
		if q, asked := r.requirement(code); asked {
			return q, true
		}
	}
	q, known := in.cat.Requirement(code, barometer.Danish)
	switch {
	case !known && r != nil:
		l.unknown("requirement", code, "unknown requirement %s; allowed: %s", shown(code), r.askedCodes())
	case !known:
		l.unknown("requirement", code, "unknown requirement %s; see /v1/requirements for the codes", shown(code))
	case r != nil:
		l.refuse("requirement", "not_asked", "%s is not asked in round %d; allowed: %s", code, r.Year, r.askedCodes())
	}
	return q, known
}

func checkNotification(l line, q barometer.Requirement, text string) int {
	switch {
	case q.Unit == barometer.UnitCase && text != "":
		l.refuse("notification", "wrong_unit", "%s is counted over cases; leave the notification empty", q.Code)
		return 0
	case q.Unit == barometer.UnitCase:
		return 0
	case text == "":
		l.refuse("notification", "wrong_unit", "%s is counted over notifications; give the notification's number, from 1", q.Code)
		return 0
	}
	return checkNumber(l, text)
}

// checkNumber reads the number of a notification.
func checkNumber(l line, text string) int {
	n, err := strconv.Atoi(text)
	if (err != nil || n < 1 || n > barometer.MostNotifications) && !l.personal("notification", text) {
		l.refuse("notification", "out_of_range", "%s is no number of a notification; allowed: 1 to %d", shown(text), barometer.MostNotifications)
	}
	return n
}

func (in *outcomesFile) checkOutcome(l line, outcome, reason string) barometer.Assessment {
	a := barometer.Assessment{
		Outcome: barometer.Outcome(in.words.outcomes.code(outcome)), Reason: barometer.Reason(in.words.reasons.code(reason)),
	}
	if !a.Outcome.Known() {
		l.unknown("outcome", outcome, "unknown outcome %s; allowed: %s", shown(outcome), barometer.List(barometer.Outcomes()))
	} else if wrong := a.Outcome.CheckReason(a.Reason); wrong != "" && !l.personal("reason", reason) {
		l.refuse("reason", "wrong_reason", "%s", wrong)
	}
	return a
}
