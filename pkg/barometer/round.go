package barometer

import (
	"fmt"
	"time"
)

// RoundStatus is the working status of a round.
type RoundStatus string

// The working statuses, in order.
const (
	Draft      RoundStatus = "draft"
	Collecting RoundStatus = "collecting"
	Hearing    RoundStatus = "hearing"
	Published  RoundStatus = "published"
)

// Round (undersøgelse) is one audit year.
type Round struct {
	Year   Year        `json:"round" gorm:"primaryKey;column:year;autoIncrement:false" example:"2023"`
	Origin Origin      `json:"origin" enums:"real,synthetic" example:"real"`
	Kind   string      `json:"kind" enums:"pilot,annual" example:"annual"`
	Law    string      `json:"law" example:"serviceloven"`
	Status RoundStatus `json:"status" enums:"draft,collecting,hearing,published" example:"published"`
	// Participants is the number of municipalities that took part, as a source has it; null where none does.
	Participants *int `json:"participants" example:"37"`
	// ParticipantsRecorded is the number of participants that are known by name.
	ParticipantsRecorded int `json:"participants_recorded" gorm:"-" example:"2"`
	// Cases is the number of cases of the round.
	Cases *int `json:"cases" example:"717"`
	// CouldBeDrawn is the number of municipalities the sample was drawn from.
	CouldBeDrawn *int `json:"could_be_drawn" example:"98"`
	// CouldBeDrawnSource says where that number is from; null where no source is given.
	CouldBeDrawnSource *string `json:"could_be_drawn_source"`
	// RequirementsKnown tells whether the round's own list of requirements is known. Without it a requirement that
	// has no figure is `no_figure`, never `not_asked`.
	RequirementsKnown bool `json:"requirements_known"`
	// Revision of its publication in this release.
	Revision int     `json:"revision" gorm:"-" example:"1"`
	Note     *string `json:"note"`
	// RecordsChanged tells that a reported figure has changed since the round was published.
	RecordsChanged bool `json:"-"`
}

// AllParticipantsKnown tells whether every participant is recorded, so that the others did not take part.
func (r Round) AllParticipantsKnown() bool {
	return r.Participants != nil && *r.Participants == r.ParticipantsRecorded
}

// RoundRequirement is a requirement as asked in a round.
type RoundRequirement struct {
	Round       Year   `json:"round" gorm:"primaryKey" example:"2023"`
	Requirement string `json:"requirement" gorm:"primaryKey" example:"investigation_within_four_months"`
	Theme       string `json:"theme" gorm:"-" example:"professional_assessment"`
	Question    string `json:"question" gorm:"-" example:"Er 4 måneders fristen overholdt"`
	Unit        Unit   `json:"unit" enums:"case,notification" example:"case"`
	Practice    string `json:"practice" example:"party_hearing_inside"`
	// QuestionDa and QuestionEn are the question as asked that year, where it was not the catalogue's.
	QuestionDa *string `json:"-"`
	QuestionEn *string `json:"-"`
	// Asked is true where the round's own list has it, null where that list is not known: then every requirement of
	// the round's law is shown.
	Asked *bool `json:"asked" gorm:"-"`
}

// Participation (deltagelse) of a municipality in a round.
type Participation struct {
	Round        Year   `json:"round" gorm:"primaryKey" example:"2023"`
	Municipality string `json:"municipality" gorm:"primaryKey" example:"0707"`
	Name         string `json:"name" gorm:"-" example:"Norddjurs"`
	// Cases is the number of cases drawn; null where unknown.
	Cases *int `json:"cases" example:"16"`
	// EligibleCases is the number the cases were drawn from; null where unknown.
	EligibleCases *int    `json:"eligible_cases"`
	Source        *string `json:"source" example:"norddjurs-memo"`
	// DueRound is the next round that the municipality is due in; null where its cycle is not known.
	DueRound *Year `json:"due_round" example:"2026"`
}

// RoundInput is a round as it is created. The year says its origin: synthetic from 9000 on.
type RoundInput struct {
	Year Year `json:"round" minimum:"2000" maximum:"9999" example:"9027"`
	RoundPatch
}

// RoundPatch is what of a round can be changed while it is a draft.
type RoundPatch struct {
	Kind string `json:"kind" enums:"pilot,annual" example:"annual"`
	// Law that the decisions were judged by.
	Law string `json:"law" enums:"serviceloven,barnets_lov" example:"serviceloven"`
	// CouldBeDrawn is the number of municipalities the sample is drawn from.
	CouldBeDrawn *int `json:"could_be_drawn,omitempty" minimum:"1" maximum:"98" example:"98"`
	// CouldBeDrawnSource says where that number is from.
	CouldBeDrawnSource *string `json:"could_be_drawn_source,omitempty" maxLength:"280" example:"Ankestyrelsen"`
	Note               *string `json:"note,omitempty" maxLength:"280"`
}

// Apply gives a round with these attributes.
func (p RoundPatch) Apply(to Round) Round {
	to.Kind, to.Law, to.CouldBeDrawn, to.CouldBeDrawnSource, to.Note = p.Kind, p.Law, p.CouldBeDrawn, p.CouldBeDrawnSource, p.Note
	return to
}

// Patch gives what of the round can be changed, as it is.
func (r Round) Patch() RoundPatch {
	return RoundPatch{Kind: r.Kind, Law: r.Law, CouldBeDrawn: r.CouldBeDrawn, CouldBeDrawnSource: r.CouldBeDrawnSource, Note: r.Note}
}

// RoundRequirementInput is a requirement as a round asks it.
type RoundRequirementInput struct {
	Requirement string `json:"requirement" example:"investigation_within_four_months"`
	// Practice that it is judged by; left out, the catalogue's for that year.
	Practice *string `json:"practice,omitempty" example:"party_hearing_inside"`
	// QuestionDa is the question as asked, in Danish; left out, the catalogue's.
	QuestionDa *string `json:"question_da,omitempty" minLength:"1" maxLength:"500"`
	// QuestionEn is the question as asked, in English; left out, the catalogue's.
	QuestionEn *string `json:"question_en,omitempty" minLength:"1" maxLength:"500"`
}

// RoundRequirementsInput replaces the requirements that a round asks.
type RoundRequirementsInput struct {
	Requirements []RoundRequirementInput `json:"requirements" minItems:"1" maxItems:"100"`
}

// ParticipationInput is a participation as it is put.
type ParticipationInput struct {
	// Cases is the number of cases drawn.
	Cases *int `json:"cases,omitempty" minimum:"0" maximum:"100000" example:"16"`
	// EligibleCases is the number the cases were drawn from.
	EligibleCases *int    `json:"eligible_cases,omitempty" minimum:"0" maximum:"1000000" example:"212"`
	Source        *string `json:"source,omitempty" maxLength:"64" example:"norddjurs-memo"`
	DueRound      *Year   `json:"due_round,omitempty" minimum:"2000" maximum:"9999" example:"9030"`
}

// CheckFor says what is wrong with a participation in a round, but for its source, which is for the catalogue to tell.
func (p ParticipationInput) CheckFor(round Year) []FieldError {
	var found []FieldError
	add := func(member, code, format string, args ...any) {
		found = append(found, FieldError{Pointer: "/" + member, Code: code, Detail: fmt.Sprintf(format, args...)})
	}
	if p.Cases != nil && (*p.Cases < 0 || *p.Cases > mostDrawn) {
		add("cases", "out_of_range", "want a number from 0 to %d", mostDrawn)
	}
	switch eligible := p.EligibleCases; {
	case eligible == nil:
	case *eligible < 0 || *eligible > mostEligible:
		add("eligible_cases", "out_of_range", "want a number from 0 to %d", mostEligible)
	case p.Cases != nil && *eligible < *p.Cases:
		add("eligible_cases", "out_of_range", "%d cases cannot be drawn from %d; want at least as many", *p.Cases, *eligible)
	}
	if due := p.DueRound; due != nil && (!due.Valid() || *due <= round || due.Origin() != round.Origin()) {
		add("due_round", "out_of_range", "want a %s round after %d", round.Origin(), round)
	}
	return found
}

// The most cases that a municipality's are drawn to and from.
const (
	mostDrawn    = 100_000
	mostEligible = 1_000_000
)

// TransitionInput asks for another working status of a round.
type TransitionInput struct {
	To RoundStatus `json:"to" enums:"draft,collecting,hearing,published" example:"collecting"`
	// Reason for going back, or for publishing a correction; required then.
	Reason *string `json:"reason,omitempty" minLength:"1" maxLength:"280" example:"Kommunens høringssvar"`
	// PublishAt makes the release current at that instant instead of at once; for `published` alone.
	PublishAt *time.Time `json:"publish_at,omitempty" format:"date-time" example:"2027-03-01T06:00:00Z"`
}

// Transition of a round from one working status to another.
type Transition struct {
	Round Year `json:"round" gorm:"primaryKey;autoIncrement:false" example:"9027"`
	// Number counts the transitions of the round, from 1.
	Number int         `json:"number" gorm:"primaryKey;autoIncrement:false" example:"3"`
	From   RoundStatus `json:"from" gorm:"column:from_status" example:"hearing"`
	To     RoundStatus `json:"to" gorm:"column:to_status" example:"published"`
	Reason *string     `json:"reason"`
	At     time.Time   `json:"at" format:"date-time" example:"2026-11-22T06:51:56.840777Z"`
	Caller string      `json:"caller" example:"k7q2mzd4"`
	Role   Role        `json:"role" example:"lead"`
	// Release that publishing made; null for other transitions.
	Release *int `json:"release" example:"7"`
}

// Checks says what stands between a round and its next status.
type Checks struct {
	Round Year `json:"round" example:"9027"`
	// Ready tells whether nothing blocks.
	Ready  bool    `json:"ready"`
	Checks []Check `json:"checks"`
}

// TableName of what is called by its own name everywhere else.
func (Transition) TableName() string { return "round_transitions" }

// Check is one thing that must hold before a round is published.
type Check struct {
	Code string `json:"code" example:"missing_outcomes"`
	// Blocks names the statuses that the round cannot go to while count is above 0.
	Blocks []RoundStatus `json:"blocks" example:"published"`
	// Count of what does not hold; 0 where all is well.
	Count int    `json:"count" example:"12"`
	Text  string `json:"text"`
	// Links lead to the rows, at most 20 of them.
	Links []CheckLink `json:"links"`
}

// CheckLink leads to one place where a check does not hold.
type CheckLink struct {
	Href         string  `json:"href" format:"uri-reference" example:"/v1/cases/0190f1c2-8a5e-7b3c-9d4e-5f6071829304/outcomes"`
	Municipality string  `json:"municipality" example:"0707"`
	Reference    *string `json:"reference" example:"S0001"`
	Requirement  *string `json:"requirement" example:"child_heard"`
	Detail       string  `json:"detail"`
}

// Progress says how far the entry of a round is, municipality by municipality.
type Progress struct {
	Round          Year                   `json:"round" example:"9027"`
	Status         RoundStatus            `json:"status" example:"collecting"`
	Entered        int                    `json:"entered" example:"9102"`
	Missing        int                    `json:"missing" example:"648"`
	Municipalities []MunicipalityProgress `json:"municipalities"`
}

// MunicipalityProgress says how far the entry of a municipality's cases is.
type MunicipalityProgress struct {
	Municipality string `json:"municipality" example:"0707"`
	Name         string `json:"name" example:"Norddjurs"`
	// CasesDrawn is the participation's number of cases; null where it is not given.
	CasesDrawn *int `json:"cases_drawn" example:"16"`
	// Cases is the number of cases entered, withdrawn ones included.
	Cases int `json:"cases" example:"16"`
	// CasesComplete is the number of cases that need no more entry: complete ones and withdrawn ones.
	CasesComplete int `json:"cases_complete" example:"14"`
	// Withdrawn is the number of cases that left the sample as wrongly drawn.
	Withdrawn int `json:"withdrawn" example:"1"`
	// Entered is the number of outcomes entered.
	Entered int `json:"entered" example:"180"`
	// Missing is the number of outcomes still to be entered.
	Missing int `json:"missing" example:"4"`
}
