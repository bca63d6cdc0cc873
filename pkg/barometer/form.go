package barometer

import (
	"cmp"
	"maps"
	"slices"
)

// MostNote is the longest note, reason or explanation that is stored, in characters.
const MostNote = 280

// MostNotifications is the greatest number that a notification of a case can have.
const MostNotifications = 9999

// FormOutcome is one cell of a case's form: the outcome of a requirement for the case or for one of its notifications.
type FormOutcome struct {
	Requirement string `json:"requirement" example:"child_heard"`
	// Notification is the number of the notification; null for a requirement counted over cases.
	Notification *int `json:"notification" example:"1"`
	// Outcome is null where none is entered yet.
	Outcome *Outcome `json:"outcome" example:"not_applicable"`
	// Reason that the outcome takes; null where it takes none.
	Reason *Reason `json:"reason" example:"precondition_not_met"`
	// Note of the assessor, at most 280 characters. It is seen by auditors only, never leaves the assessment, and is
	// purged when the round is published.
	Note *string `json:"note" maxLength:"280" example:"Se journalark 4"`
}

// Form is all outcomes of a case: what the round asks of it and of its notifications, in catalogue order.
type Form struct {
	Outcomes []FormOutcome `json:"outcomes"`
}

// FormInput replaces all outcomes of a case. What is left out, or has outcome null, is not entered afterwards.
type FormInput struct {
	Outcomes []FormOutcomeInput `json:"outcomes"`
	// Why outcomes that were entered before are changed or removed; required where one is.
	Why *string `json:"why,omitempty" maxLength:"280" example:"Tastefejl"`
}

// FormOutcomeInput is one cell of a form as it is entered.
type FormOutcomeInput struct {
	Requirement  string   `json:"requirement" example:"child_heard"`
	Notification *int     `json:"notification,omitempty" minimum:"1" maximum:"9999" example:"1"`
	Outcome      *Outcome `json:"outcome,omitempty" example:"met"`
	Reason       *Reason  `json:"reason,omitempty" example:"urgency"`
	Note         *string  `json:"note,omitempty" maxLength:"280" example:"Se journalark 4"`
}

// OutcomeRecord is one entered outcome with its latest revision.
type OutcomeRecord struct {
	FormOutcome
	// Revision counts the changes of this outcome, from 1.
	Revision int `json:"revision" example:"2"`
	Entry
}

// OutcomeInput is an outcome as it is entered.
type OutcomeInput struct {
	Outcome Outcome `json:"outcome" example:"met"`
	Reason  *Reason `json:"reason,omitempty" example:"urgency"`
	// Note of the assessor; left out, the note that is there stays. An empty one removes it.
	Note *string `json:"note,omitempty" maxLength:"280" example:"Se journalark 4"`
	// Why an outcome that was entered before is changed; required then.
	Why *string `json:"why,omitempty" maxLength:"280" example:"Tastefejl"`
}

// Revision of an outcome.
type Revision struct {
	Revision int `json:"revision" example:"1"`
	// Outcome is null where the outcome was removed.
	Outcome *Outcome `json:"outcome" example:"not_met"`
	Reason  *Reason  `json:"reason" example:"urgency"`
	Entry
}

// Cell is the place of an outcome within the form of a case.
type Cell struct {
	Requirement string
	Number      int // 0: the case itself; from 1: a notification
}

// PreconditionOf gives the cell whose outcome decides whether another one is judged: of the same case, or of the same
// notification where the precondition is counted over notifications too. There is none where the requirement has no
// precondition, and where the round does not ask it.
func PreconditionOf(asked []Requirement, child Cell) (parent Cell, ok bool) {
	q, ok := FindRequirement(asked, child.Requirement)
	if !ok || q.Precondition == nil {
		return Cell{}, false
	}
	p, ok := FindRequirement(asked, *q.Precondition)
	if !ok {
		return Cell{}, false
	}
	if p.Unit == UnitNotification {
		return Cell{p.Code, child.Number}, true
	}
	return Cell{p.Code, 0}, true
}

// FindRequirement finds a requirement by its code.
func FindRequirement(among []Requirement, code string) (Requirement, bool) {
	for _, q := range among {
		if q.Code == code {
			return q, true
		}
	}
	return Requirement{}, false
}

// PreconditionConflict is an outcome that does not go with the outcome of its precondition.
type PreconditionConflict struct {
	Child, Parent Cell
	// Detail says what the child is, and what it must be.
	Detail string
	// Wrong is what Detail says of the precondition: what it is, and what the child must be with it.
	Wrong string
}

// CheckPreconditions holds all outcomes of a case against each other, and gives those that do not go with the outcome
// of their precondition, in the order of the requirements and then of the notifications. A precondition that is not
// entered yet is in conflict with nothing.
func CheckPreconditions(asked []Requirement, judged map[Cell]Assessment) []PreconditionConflict {
	var found []PreconditionConflict
	for _, child := range cellsInOrder(asked, judged) {
		parent, ok := PreconditionOf(asked, child)
		if !ok {
			continue
		}
		above, entered := judged[parent]
		if !entered {
			continue
		}
		if wrong := judged[child].checkUnder("its precondition "+parent.Requirement, above.Outcome); wrong != "" {
			detail := child.Requirement + " is " + string(judged[child].Outcome) + ", but " + wrong
			found = append(found, PreconditionConflict{child, parent, detail, wrong})
		}
	}
	return found
}

// cellsInOrder gives the cells of outcomes in the order of the requirements, then by number.
func cellsInOrder(asked []Requirement, judged map[Cell]Assessment) []Cell {
	place := make(map[string]int, len(asked))
	for i, q := range asked {
		place[q.Code] = i
	}
	cells := slices.Collect(maps.Keys(judged))
	slices.SortFunc(cells, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(place[a.Requirement], place[b.Requirement]), cmp.Compare(a.Number, b.Number))
	})
	return cells
}
