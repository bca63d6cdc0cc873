package barometer

// Theme (tema) groups requirements. Four are set by the ministry, the fifth chosen by Ankestyrelsen.
type Theme struct {
	Code     string `json:"code" example:"professional_assessment"`
	Position int    `json:"position" example:"1"`
	Name     string `json:"name" example:"Faglig udredning"`
	// Origin says who set the theme: `ministry` or `appeals_board`.
	Origin string `json:"origin" example:"ministry"`
}

// Requirement (lovkrav) is one question put to a case or to a notification.
type Requirement struct {
	Code  string `json:"code" example:"investigation_within_four_months"`
	Theme string `json:"theme" example:"professional_assessment"`
	// Position is the place within the theme, from 1.
	Position int    `json:"position" example:"2"`
	Question string `json:"question" example:"Er 4 måneders fristen overholdt"`
	// WordingVerified tells whether the Danish question is quoted from a source.
	WordingVerified bool `json:"wording_verified"`
	Unit            Unit `json:"unit" enums:"case,notification" example:"case"`
	// Precondition is the requirement that must be met before this one is judged.
	Precondition *string `json:"precondition" example:"investigation_conducted"`
	// Deadline is an ISO 8601 duration.
	Deadline   *string `json:"deadline" example:"P4M"`
	LegalBasis string  `json:"legal_basis" example:"serviceloven § 50 stk. 7"`
	// LegalBasisVerified tells whether a source names this paragraph.
	LegalBasisVerified bool   `json:"legal_basis_verified"`
	Law                string `json:"law" example:"serviceloven"`
	// DecisionsFrom is the first day of decision that the requirement is valid for; null where it has no known beginning.
	DecisionsFrom *string `json:"decisions_from" format:"date"`
	// DecisionsTo is the last day of decision that the requirement is valid for; null where it has no known end.
	DecisionsTo *string `json:"decisions_to" format:"date" example:"2023-12-31"`
	// Successors are the requirements that follow it under a later law; empty until found.
	Successors []string `json:"successors"`
	// RoundsSeen are the rounds a source shows it in: no proof that others did not ask it.
	RoundsSeen []Year     `json:"rounds_seen"`
	Practices  []Practice `json:"practices"`
	Note       *string    `json:"note"`
}

// Practice (målepraksis) is how a requirement was judged in a span of rounds.
type Practice struct {
	Code string `json:"code" example:"party_hearing_inside"`
	Name string `json:"name" example:"Partshøringsmødet medregnes i fristen"`
	// RoundsFrom is the first round judged so; null where open.
	RoundsFrom *Year `json:"rounds_from" example:"2023"`
	// RoundsTo is the last round judged so; null where open.
	RoundsTo *Year  `json:"rounds_to"`
	Source   string `json:"source" example:"ishoej-memo"`
}

// Source of a figure or a judgement.
type Source struct {
	ID        string `json:"id" example:"norddjurs-memo"`
	Title     string `json:"title" example:"Notat: Ankestyrelsen Børnesagsbarometer 2023; sammenligning til 2020"`
	Publisher string `json:"publisher" example:"Norddjurs Kommune"`
	// Date as precisely as it is known: YYYY, YYYY-MM or YYYY-MM-DD.
	Date string  `json:"date" example:"2023-08-02"`
	URL  *string `json:"url" format:"uri"`
}

// Code is one value of a code list. Lists are open: new values may come.
type Code struct {
	Code        string `json:"code" example:"no_figure"`
	Name        string `json:"name" example:"Intet tal"`
	Description string `json:"description" example:"Ingen kilde har et tal, og hvorfor vides ikke."`
	// For lists the outcomes a reason goes with; absent in other lists.
	For []string `json:"for,omitempty"`
}
