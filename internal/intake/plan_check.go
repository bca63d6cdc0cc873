package intake

import (
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// distinct refuses a second row for a cell, and leaves it out.
func (in *outcomesFile) distinct(rows []outcomeRow) []outcomeRow {
	first := make(map[cell]int, len(rows))
	return slices.DeleteFunc(rows, func(row outcomeRow) bool {
		line, twice := first[row.cell()]
		if !twice {
			first[row.cell()] = row.line
			return false
		}
		in.add(row.in("requirement", "repeated"), "line %d has an outcome of the same requirement for the same case or notification already", line)
		return true
	})
}

// checkUnits refuses rows of cases that are withdrawn, once for each case, and of notifications that were removed, once
// for each.
func (in *outcomesFile) checkUnits(rows []outcomeRow, have stored) {
	refused := map[unit]bool{}
	for _, row := range rows {
		whole, one := unit{row.reference, 0}, unit{row.reference, row.number}
		switch {
		case have.cases[row.reference].Withdrawn && !refused[whole]:
			refused[whole] = true
			in.add(row.in("case", "withdrawn"), "the case is withdrawn and takes no outcomes; leave it out of the file")
		case row.number > 0 && have.units[one] && !refused[one]:
			refused[one] = true
			in.add(row.in("notification", "removed"), "notification %d of the case was removed, and its number is not used again", row.number)
		}
	}
}

// checkCaseTypes refuses a case with two types, once for each case.
func (in *outcomesFile) checkCaseTypes(rows []outcomeRow, have stored) {
	type seen struct {
		caseType barometer.CaseType
		line     int
	}
	first, refused := map[string]seen{}, map[string]bool{}
	for _, row := range rows {
		before, ok := first[row.reference]
		if !ok {
			before = seen{row.caseType, row.line}
			if c, isStored := have.cases[row.reference]; isStored {
				before = seen{c.CaseType, 0}
			}
			first[row.reference] = before
		}
		if row.caseType == before.caseType || refused[row.reference] {
			continue
		}
		refused[row.reference] = true
		at := row.in("case_type", "two_case_types")
		if before.line == 0 {
			in.add(at, "the case is stored as %s, here it is %s", before.caseType, row.caseType)
		} else {
			in.add(at, "the case is %s in line %d, here it is %s", before.caseType, before.line, row.caseType)
		}
	}
}

// withoutOutdated leaves out what a workbook still says of cells that somebody else has changed since it was made, so
// that what was left as it stood takes nothing back; and refuses what was entered in such a cell.
func (in *outcomesFile) withoutOutdated(rows []outcomeRow, have stored) []outcomeRow {
	return slices.DeleteFunc(rows, func(row outcomeRow) bool {
		if row.base == nil || row.requirement == "" {
			return false
		}
		now, entered := have.outcomes[row.cell()]
		switch {
		case now.Assessment() == row.Assessment, now.Assessment() == *row.base:
			return false
		case entered && now.EnteredBy == in.tx.Caller().ID:
			return false
		case row.Assessment == *row.base:
			in.receipts[row.round].Unchanged++
			in.warn(row, "outcome", "changed_meanwhile", "somebody else has changed it since the workbook was made; what is stored stays")
			return true
		}
		in.add(row.in("outcome", "changed_meanwhile"),
			"somebody else has changed it since the workbook was made; take a new one, and enter it there")
		return true
	})
}

// checkPreconditions holds every outcome of the cases in the rows against that of its precondition, whichever of the
// two the file brings. A precondition that is not entered yet is a warning.
func (in *outcomesFile) checkPreconditions(r *round, rows []outcomeRow, have stored) {
	type sheet map[barometer.Cell]barometer.Assessment
	now := map[string]sheet{}   // all outcomes of each case
	brought := map[cell]place{} // where the file brings one
	for _, row := range rows {
		if row.requirement != "" {
			brought[row.cell()] = row.place
			now[row.reference] = sheet{}
		}
	}
	for at, o := range have.outcomes {
		if judged := now[at.reference]; judged != nil {
			judged[barometer.Cell{Requirement: at.requirement, Number: at.number}] = o.Assessment()
		}
	}
	for _, row := range rows {
		if row.requirement != "" {
			now[row.reference][barometer.Cell{Requirement: row.requirement, Number: row.number}] = row.Assessment
		}
	}
	checked := map[string]bool{}
	for _, row := range rows {
		judged := now[row.reference]
		in.warnOfParent(r, row, judged)
		if checked[row.reference] {
			continue
		}
		checked[row.reference] = true
		for _, conflict := range barometer.CheckPreconditions(r.asked, judged) {
			in.conflict(row.reference, conflict, judged, brought)
		}
	}
}

// conflict reports that an outcome does not go with that of its precondition, where the file brings one of them.
func (in *outcomesFile) conflict(
	reference string, c barometer.PreconditionConflict, judged map[barometer.Cell]barometer.Assessment, brought map[cell]place,
) {
	if at, inFile := brought[cell{reference, c.Child.Requirement, c.Child.Number}]; inFile {
		in.add(at.in("outcome", "precondition"), "%s", c.Detail)
		return
	}
	if at, inFile := brought[cell{reference, c.Parent.Requirement, c.Parent.Number}]; inFile {
		in.add(at.in("outcome", "precondition"), "%s is stored for this case as %s, but with this row %s; bring both in one file",
			c.Child.Requirement, judged[c.Child].Outcome, c.Wrong)
	}
}

// warnOfParent warns of a row whose precondition is not entered yet.
func (in *outcomesFile) warnOfParent(r *round, row outcomeRow, judged map[barometer.Cell]barometer.Assessment) {
	parent, ok := barometer.PreconditionOf(r.asked, barometer.Cell{Requirement: row.requirement, Number: row.number})
	if _, entered := judged[parent]; !ok || entered {
		return
	}
	in.warn(row, "requirement", "precondition_not_entered", "the precondition of "+row.requirement+", "+parent.Requirement+", is not entered yet")
}
