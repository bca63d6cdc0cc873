package intake

import (
	"strconv"
	"unicode/utf8"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// outcomeColumns of a file of outcomes, in the order of the cells of a line.
var outcomeColumns = []column{
	{"round", "årgang", false},
	{"municipality", "kommune", false},
	{"case", "sag", false},
	{"case_type", "sagstype", false},
	{"requirement", "lovkrav", false},
	{"notification", "underretning", true},
	{"outcome", "resultat", false},
	{"reason", "begrundelse", true},
	{"origin", "oprindelse", true},
}

// outcomeRow is one row that can be read: one outcome of one unit of a case.
type outcomeRow struct {
	line         int
	round        barometer.Year
	municipality string
	reference    string
	caseType     barometer.CaseType
	requirement  string
	number       int // 0: the case itself
	barometer.Assessment
}

// check reads one line; false, with every problem of the line reported, where it cannot be used.
func (in *outcomesFile) check(l line) (outcomeRow, bool) {
	before := len(in.found)
	row := outcomeRow{line: l.number}
	r := in.checkRound(l, l.cells[0], l.cells[8])
	row.municipality = in.checkMunicipality(l, l.cells[1], r)
	row.reference = checkReference(l, l.cells[2])
	row.caseType = checkCaseType(l, l.cells[3])
	row.requirement, row.number = in.checkRequirement(l, l.cells[4], l.cells[5], r)
	row.Assessment = checkOutcome(l, l.cells[6], l.cells[7])
	if r != nil {
		row.round = r.Year
	}
	return row, len(in.found) == before
}

// checkRound finds the round of a row, or makes the synthetic one it stands for; nil where there is none.
func (in *outcomesFile) checkRound(l line, text, origin string) *round {
	year := yearOf(text)
	marked := origin == string(barometer.OriginSynthetic)
	if !marked && origin != "" {
		l.refuse("origin", "unknown_value", "unknown origin %s; allowed: synthetic, or empty for real cases", shown(origin))
		marked = year.Origin() == barometer.OriginSynthetic // told once; the round is looked up as if it fitted
	}
	r := in.rounds[year]
	switch {
	case year == 0:
		l.refuse("round", "unknown_value", "%s is not a year of four digits", shown(text))
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
	return in.participant(l, "municipality", text, in.cat.FindMunicipality, r)
}

func (p *problems) participant(l line, column, text string, find func(string) (string, bool), r *round) string {
	code, ok := find(text)
	if !ok {
		hint := "a four-digit code such as 0707, or the name"
		if _, cut := find("0" + text); cut { // spreadsheets take a code for a number
			hint = "a four-digit code with its leading zero, here 0" + text
		}
		l.refuse(column, "unknown_value", "unknown municipality %s; allowed: %s", shown(text), hint)
		return ""
	}
	if r == nil || r.isNew {
		return code
	}
	if _, takesPart := r.participants[code]; !takesPart {
		l.refuse(column, "not_participating", "%s has no participation in round %d", code, r.Year)
	}
	return code
}

// mostReference bounds the length of a case's reference.
const mostReference = 64

func checkReference(l line, text string) string {
	switch {
	case text == "":
		l.refuse("case", "empty", "the case has no reference")
	case barometer.LooksLikePersonalNumber(text):
		l.refuse("case", "personal_number", "the reference has the shape of a personal number; use a reference that says nothing of the person, such as S0001")
	case utf8.RuneCountInString(text) > mostReference:
		l.refuse("case", "too_long", "the reference is longer than %d characters", mostReference)
	}
	return text
}

func checkCaseType(l line, text string) barometer.CaseType {
	switch t := barometer.CaseType(text); t {
	case barometer.FamilyTreatment, barometer.Placement, barometer.PlacementWithoutConsent:
		return t
	}
	l.refuse("case_type", "unknown_value", "unknown case type %s; allowed: %s", shown(text),
		barometer.List([]barometer.CaseType{barometer.FamilyTreatment, barometer.Placement, barometer.PlacementWithoutConsent}))
	return ""
}

// checkRequirement finds a requirement that the round asks, and the unit it is judged on.
func (in *outcomesFile) checkRequirement(l line, code, notification string, r *round) (string, int) {
	q, known := in.cat.Requirement(code, barometer.Danish)
	switch {
	case !known && r != nil:
		l.refuse("requirement", "unknown_value", "unknown requirement %s; allowed: %s", shown(code), r.askedCodes())
		return "", 0
	case !known:
		l.refuse("requirement", "unknown_value", "unknown requirement %s; see /v1/requirements for the codes", shown(code))
		return "", 0
	}
	if r != nil {
		if _, asked := r.requirement(code); !asked {
			l.refuse("requirement", "not_asked", "%s is not asked in round %d; allowed: %s", code, r.Year, r.askedCodes())
		}
	}
	return code, checkNotification(l, q, notification)
}

// mostNotifications bounds the number of a notification within its case.
const mostNotifications = 9999

func checkNotification(l line, q barometer.Requirement, text string) int {
	if q.Unit == barometer.UnitCase {
		if text != "" {
			l.refuse("notification", "wrong_unit", "%s is counted over cases; leave the notification empty", q.Code)
		}
		return 0
	}
	n, err := strconv.Atoi(text)
	switch {
	case text == "":
		l.refuse("notification", "wrong_unit", "%s is counted over notifications; give the notification's number, from 1", q.Code)
	case err != nil || n < 1 || n > mostNotifications:
		l.refuse("notification", "out_of_range", "%s is no number of a notification; allowed: 1 to %d", shown(text), mostNotifications)
	}
	return n
}

func checkOutcome(l line, outcome, reason string) barometer.Assessment {
	a := barometer.Assessment{Outcome: barometer.Outcome(outcome), Reason: barometer.Reason(reason)}
	if !a.Outcome.Known() {
		l.refuse("outcome", "unknown_value", "unknown outcome %s; allowed: %s", shown(outcome), barometer.List(barometer.Outcomes()))
	} else if wrong := a.Outcome.CheckReason(a.Reason); wrong != "" {
		l.refuse("reason", "wrong_reason", "%s", wrong)
	}
	return a
}
