package barometer

// Scorecard (måltalsoversigt) holds all results of one area and round, by theme, with the change since a baseline.
type Scorecard struct {
	Round    Year     `json:"round" example:"2023"`
	AreaType AreaType `json:"area_type" enums:"municipality,country" example:"municipality"`
	Area     string   `json:"area" example:"0707"`
	AreaName string   `json:"area_name" example:"Norddjurs"`
	// BaselineRound is null with `baseline=none` and where there is no earlier participation.
	BaselineRound *Year `json:"baseline_round" example:"2020"`
	// Release the figures are from.
	Release int    `json:"release" example:"6"`
	State   string `json:"state" enums:"published,live" example:"published"`
	Origin  Origin `json:"origin" enums:"real,synthetic" example:"real"`
	// Cases of the area in the round; null where unknown.
	Cases   *int             `json:"cases" example:"16"`
	Notices []Notice         `json:"notices"`
	Themes  []ScorecardTheme `json:"themes"`
}

// ScorecardTheme is one theme of a scorecard: its two percentages, and its requirements in catalogue order.
type ScorecardTheme struct {
	Theme              string   `json:"theme" example:"professional_assessment"`
	Name               string   `json:"name" example:"Faglig udredning"`
	Pooled             Result   `json:"pooled"`
	MeanOfRequirements Result   `json:"mean_of_requirements"`
	Requirements       []Result `json:"requirements"`
}

// Denominator explains why the denominator of a requirement is what it is.
type Denominator struct {
	Key         string `json:"key" example:"2023.0183.investigation_within_four_months"`
	Round       Year   `json:"round" example:"2023"`
	Area        string `json:"area" example:"0183"`
	Requirement string `json:"requirement" example:"investigation_within_four_months"`
	Unit        Unit   `json:"unit" enums:"case,notification" example:"case"`
	// InSample is the number of units in the sample; null where unknown.
	InSample *int `json:"in_sample" example:"15"`
	// Assessed is the denominator, in units: `met` + `not_met`.
	Assessed *int `json:"assessed" example:"6"`
	// Met is the numerator: the number of units met or met by exception.
	Met *int `json:"met" example:"1"`
	// MetByException is the number of units met by exception, which are among the met; null where unknown.
	MetByException *int `json:"met_by_exception"`
	// NotMet is the number of units not met.
	NotMet *int `json:"not_met" example:"5"`
	// NotAssessed lists the units outside the denominator by reason; null where unknown.
	NotAssessed []DenominatorPart `json:"not_assessed" extensions:"x-nullable"`
	// Withdrawn is the number of units that left the sample as wrongly drawn; null where unknown.
	Withdrawn *int `json:"withdrawn"`
	// AddsUp tells whether assessed and not assessed add up to the sample; null where that cannot be known.
	AddsUp *bool `json:"adds_up"`
	// Text says the same in a sentence, in the language of the answer.
	Text string `json:"text" example:"15 sager = 6 vurderede + 9 ikke oplyst."`
}

// DenominatorPart is a number of units outside the denominator.
type DenominatorPart struct {
	NotAssessedCount
	// Cases lists the references of the cases, for those allowed to see them; otherwise null.
	Cases []string `json:"cases" extensions:"x-nullable"`
}
