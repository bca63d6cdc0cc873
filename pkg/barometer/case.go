package barometer

import "time"

// Case (sag) of a municipality in a round: a reference, never a name or a personal number.
type Case struct {
	ID           string   `json:"id" gorm:"primaryKey" example:"0190f1c2-8a5e-7b3c-9d4e-5f6071829304"`
	Round        Year     `json:"round" example:"9027"`
	Municipality string   `json:"municipality" example:"0707"`
	Reference    string   `json:"reference" example:"S0001"`
	CaseType     CaseType `json:"case_type" example:"placement"`
	// AssignedTo is the id of the API key of the auditor who enters it; null where nobody does.
	AssignedTo *string `json:"assigned_to" example:"k7q2mzd4"`
	// Withdrawn tells that the case was wrongly drawn: it leaves the sample and is counted as withdrawn.
	Withdrawn bool `json:"withdrawn"`
	// WithdrawnReason says why the case was withdrawn; null where it was not.
	WithdrawnReason *string `json:"withdrawn_reason"`
}

// CaseItem is a case in a list, with how far its entry is.
type CaseItem struct {
	Case
	// Entered is the number of outcomes entered, of the case and its notifications.
	Entered int `json:"entered" example:"11"`
	// Missing is the number of outcomes still to be entered.
	Missing int `json:"missing" example:"2"`
}

// Completeness says how far the entry of a case is.
type Completeness string

// The degrees of completeness.
const (
	CaseComplete   Completeness = "complete"
	CaseIncomplete Completeness = "incomplete"
	CaseWithdrawn  Completeness = "withdrawn"
)

// CaseUnit is what requirements are judged on within a case: number 0 is the case itself, 1 and up its notifications.
type CaseUnit struct {
	CaseID string `json:"case" gorm:"primaryKey"`
	Number int    `json:"number" gorm:"primaryKey;autoIncrement:false"`
	Unit   Unit   `json:"unit"`
	// Removed tells that it is no unit of the case any more; its number is not used again.
	Removed bool `json:"removed"`
}

// Notification (underretning) of a case.
type Notification struct {
	Case   string `json:"case" example:"0190f1c2-8a5e-7b3c-9d4e-5f6071829304"`
	Number int    `json:"notification" example:"1"`
	// Outcomes that the round asks of it, entered or not, in catalogue order.
	Outcomes []FormOutcome `json:"outcomes"`
}

// Entry says who entered an outcome, when and why. What was entered before this was kept has no time and no caller.
type Entry struct {
	EnteredAt   *time.Time `json:"entered_at" format:"date-time" example:"2026-11-22T06:51:56.840777Z"`
	EnteredBy   string     `json:"entered_by" example:"k7q2mzd4"`
	EnteredRole Role       `json:"entered_role" example:"auditor"`
	// Why it was changed; null for a first entry.
	Why *string `json:"why" example:"Tastefejl"`
	// Import that brought it; null for a single entry.
	Import *string `json:"import"`
}

// CaseOutcome is the outcome of one requirement for one unit of a case.
type CaseOutcome struct {
	CaseID      string  `json:"case" gorm:"primaryKey"`
	Requirement string  `json:"requirement" gorm:"primaryKey"`
	Number      int     `json:"number" gorm:"primaryKey;autoIncrement:false"`
	Round       Year    `json:"round"`
	Unit        Unit    `json:"unit"`
	Outcome     Outcome `json:"outcome"`
	Reason      Reason  `json:"reason"`
	// Revision counts the changes of this outcome, from 1.
	Revision int `json:"revision"`
	Entry
}

// Assessment gives the outcome and its reason.
func (o CaseOutcome) Assessment() Assessment {
	return Assessment{Outcome: o.Outcome, Reason: o.Reason}
}

// OutcomeRevision is what an outcome was at one time; an empty outcome says that it was removed.
type OutcomeRevision struct {
	CaseID      string  `json:"case" gorm:"primaryKey"`
	Requirement string  `json:"requirement" gorm:"primaryKey"`
	Number      int     `json:"number" gorm:"primaryKey;autoIncrement:false"`
	Revision    int     `json:"revision" gorm:"primaryKey;autoIncrement:false"`
	Outcome     Outcome `json:"outcome"`
	Reason      Reason  `json:"reason"`
	Entry
}

// CaseInput is a case as it is created.
type CaseInput struct {
	Municipality string `json:"municipality" pattern:"^[0-9]{4}$" example:"0707"`
	// Reference that is unique within the municipality and round, and says nothing of the person; made where left out.
	Reference  *string  `json:"reference,omitempty" minLength:"1" maxLength:"64" example:"S0001"`
	CaseType   CaseType `json:"case_type" example:"placement"`
	AssignedTo *string  `json:"assigned_to,omitempty" example:"k7q2mzd4"`
	// Notifications is the number of notifications that the case begins with.
	Notifications int `json:"notifications,omitempty" minimum:"0" maximum:"9999" example:"2"`
}

// CasePatch is what of a case can be changed.
type CasePatch struct {
	Reference       string   `json:"reference" minLength:"1" maxLength:"64" example:"S0001"`
	CaseType        CaseType `json:"case_type" example:"placement"`
	AssignedTo      *string  `json:"assigned_to,omitempty" example:"k7q2mzd4"`
	Withdrawn       bool     `json:"withdrawn"`
	WithdrawnReason *string  `json:"withdrawn_reason,omitempty" minLength:"1" maxLength:"280" example:"Sagen hører til en anden kommune"`
}
