package barometer

// JudgementInput is a judgement of comparability as a lead records it. Its id follows from what is judged.
type JudgementInput struct {
	Kind        JudgementKind `json:"kind" enums:"break,pair" example:"break"`
	Requirement string        `json:"requirement" example:"child_heard"`
	// SinceRound is the first round after a break; left out for a pair.
	SinceRound *Year `json:"since_round,omitempty" minimum:"2000" maximum:"9999" example:"2023"`
	// FromRound is the earlier round of a pair; left out for a break.
	FromRound *Year `json:"from_round,omitempty" minimum:"2000" maximum:"9999"`
	// ToRound is the later round of a pair; left out for a break.
	ToRound *Year `json:"to_round,omitempty" minimum:"2000" maximum:"9999"`
	JudgementPatch
}

// JudgementPatch is what of a judgement can be changed.
type JudgementPatch struct {
	Judgement Judged `json:"judgement" enums:"comparable,with_caveat,not_comparable,not_judged" example:"with_caveat"`
	// Reason is a code of the list `comparability_reasons`.
	Reason string  `json:"reason" example:"practice_changed"`
	Effect *string `json:"effect,omitempty" enums:"stricter,looser,unknown" example:"stricter"`
	// JudgedBy is the author.
	JudgedBy string  `json:"judged_by" enums:"municipality,publisher,service" example:"publisher"`
	Date     *string `json:"date,omitempty" format:"date" example:"2026-11-22"`
	NoteDa   string  `json:"note_da" minLength:"1" maxLength:"500" example:"Praksis er ændret."`
	NoteEn   string  `json:"note_en" minLength:"1" maxLength:"500" example:"The practice has changed."`
	// Source is an id of `/v1/sources`.
	Source string `json:"source" example:"ishoej-memo"`
}

// ReportedInput is a figure as a source printed it. Counts that were not printed are left out.
type ReportedInput struct {
	// Met is the printed numerator, in units.
	Met *int `json:"met,omitempty" minimum:"0" maximum:"10000000" example:"9"`
	// Assessed is the printed denominator, in units.
	Assessed *int `json:"assessed,omitempty" minimum:"1" maximum:"10000000" example:"13"`
	// Percent is the whole percent as printed; counts must give it, half up.
	Percent int `json:"percent" minimum:"0" maximum:"100" example:"69"`
	// Cases is the number of cases of the area, where known.
	Cases *int `json:"cases,omitempty" minimum:"1" maximum:"10000000" example:"16"`
	// Source is an id of `/v1/sources`.
	Source    string  `json:"source" example:"norddjurs-memo"`
	PrintedAs *string `json:"printed_as,omitempty" maxLength:"280"`
	Note      *string `json:"note,omitempty" maxLength:"280"`
}
