package barometer

import "encoding/json"

// Share is a count of met among a count of assessed.
type Share struct {
	Met      int `json:"met" example:"9"`
	Assessed int `json:"assessed" example:"13"`
}

// Interval is a confidence interval, as proportions (of a difference: as a difference of proportions).
type Interval struct {
	Confidence float64 `json:"confidence" example:"0.95"`
	// Method is `wilson` for a proportion (with the effective number of outcomes where a case gives several) and
	// `newcombe` for a difference.
	Method string  `json:"method" enums:"wilson,newcombe" example:"wilson"`
	Lower  float64 `json:"lower" example:"0.03005336974830658"`
	Upper  float64 `json:"upper" example:"0.5635028221864702"`
}

// NotAssessedCount is a number of units outside the denominator, by outcome and reason.
type NotAssessedCount struct {
	// Outcome is null where none was entered or none is known.
	Outcome *Outcome `json:"outcome" enums:"not_applicable,not_assessable"`
	Reason  Reason   `json:"reason" example:"not_recorded"`
	Count   int      `json:"count" example:"9"`
}

// Notice is a caution that must be shown with a figure.
type Notice struct {
	Code string `json:"code" example:"not_generalisable"`
	Text string `json:"text" example:"Kommunens sager er for få til at generalisere ud fra."`
}

// ThemeBasis says how a theme's result was made; a requirement's result has none of its members.
type ThemeBasis struct {
	Method Method `json:"method" enums:"pooled,mean_of_requirements" validate:"optional"`
	// RequirementsUsed is the number of the theme's requirements that have a figure.
	RequirementsUsed int `json:"requirements_used" validate:"optional"`
	// RequirementsAsked is null where the round's list is not known.
	RequirementsAsked *int `json:"requirements_asked" validate:"optional"`
}

// Result (måltal) is the figure of an area, round and requirement or theme.
type Result struct {
	// Key names the figure: round, area, then the requirement, or the theme and the method.
	Key    string `json:"key" example:"2023.0183.investigation_within_four_months"`
	Origin Origin `json:"origin" enums:"real,synthetic" example:"real"`
	// Round is null in a figure of a period.
	Round *Year `json:"round" example:"2023"`
	// Rounds are the rounds of a period; absent elsewhere.
	Rounds   []Year   `json:"rounds,omitempty"`
	AreaType AreaType `json:"area_type" enums:"municipality,country" example:"municipality"`
	Area     string   `json:"area" example:"0183"`
	AreaName string   `json:"area_name" example:"Ishøj"`
	Level    Level    `json:"level" enums:"requirement,theme" example:"requirement"`
	Theme    string   `json:"theme" example:"professional_assessment"`
	// ThemeName is in the language of the answer.
	ThemeName string `json:"theme_name" example:"Faglig udredning"`
	// Requirement is null for a theme.
	Requirement *string `json:"requirement" example:"investigation_within_four_months"`
	// Question of the requirement, in the language of the answer; null for a theme.
	Question *string `json:"question" example:"Er 4 måneders fristen overholdt"`
	*ThemeBasis
	// Unit is null for a theme whose requirements differ in it.
	Unit     *Unit     `json:"unit" enums:"case,notification" example:"case"`
	CaseType *CaseType `json:"case_type"`
	Status   Status    `json:"status" enums:"measured,percent_only,no_counts,none_assessed,not_asked,no_figure,not_participating,withheld" example:"measured"`
	// Met is the numerator: outcomes met or met by exception.
	Met *int `json:"met" example:"1"`
	// MetByException is the number of outcomes met by exception, which are among the met; null where unknown.
	MetByException *int `json:"met_by_exception"`
	NotMet         *int `json:"not_met" example:"5"`
	// Assessed is the denominator: `met` + `not_met`.
	Assessed *int `json:"assessed" example:"6"`
	// InSample is the number of units of the sample; null where unknown. A figure of a period has `cases` instead.
	InSample *int `json:"in_sample" validate:"optional" example:"15"`
	// Cases of a period; absent elsewhere.
	Cases *int `json:"cases,omitempty"`
	// NotAssessed lists the units outside the denominator by reason: `assessed` + the counts = `in_sample`. Empty where
	// every unit was assessed, null where unknown.
	NotAssessed []NotAssessedCount `json:"not_assessed" extensions:"x-nullable"`
	// Proportion is met / assessed, unrounded; for a mean the exact mean. Null for a printed percent.
	Proportion *float64 `json:"proportion" example:"0.16666666666666666"`
	// Percent is the proportion as a whole percent, half up, in integers; or the printed percent.
	Percent *int `json:"percent" example:"17"`
	// Basis says what the percent rests on.
	Basis       *Basis       `json:"basis" enums:"counts,printed_percent,mixed" example:"counts"`
	Interval    *Interval    `json:"interval"`
	Reliability *Reliability `json:"reliability" enums:"none,very_low,low,moderate,high" example:"very_low"`
	Notices     []Notice     `json:"notices"`
	Practice    *string      `json:"practice" example:"party_hearing_inside"`
	// Source of a reported figure; null for a computed one.
	Source *string `json:"source" example:"ishoej-memo"`
	// Candidates are all counts that give the printed percent, where they can be listed; otherwise null.
	Candidates []Share `json:"candidates" extensions:"x-nullable"`
	// Country is the country's figure of the same round; null in a result of the country.
	Country *CountryFigure `json:"country"`
	// Baseline is the figure of the earlier round; null where there is none.
	Baseline *BaselineFigure `json:"baseline"`
	// Change since the baseline; null where there is none.
	Change *Change `json:"change"`
}

// CountryFigure is the country's figure beside a municipality's.
type CountryFigure struct {
	Status   Status    `json:"status" example:"percent_only"`
	Met      *int      `json:"met"`
	Assessed *int      `json:"assessed"`
	Percent  *int      `json:"percent" example:"34"`
	Interval *Interval `json:"interval"`
	Source   *string   `json:"source" example:"sm-2023"`
}

// BaselineFigure is the same figure in the earlier round.
type BaselineFigure struct {
	Round    Year      `json:"round" example:"2020"`
	Status   Status    `json:"status" example:"no_figure"`
	Met      *int      `json:"met"`
	Assessed *int      `json:"assessed"`
	Percent  *int      `json:"percent"`
	Interval *Interval `json:"interval"`
	Practice *string   `json:"practice" example:"party_hearing_outside"`
	Source   *string   `json:"source"`
}

// Change is the difference from the baseline: new minus old.
type Change struct {
	// Difference of the proportions, unrounded: from exact counts where a side has them, from printed percent / 100
	// where not. Null where a side is missing or the rounds are not comparable.
	Difference *float64 `json:"difference" example:"0.4"`
	// PercentagePoints is the difference times 100, rounded once, half away from zero.
	PercentagePoints *int   `json:"percentage_points" example:"40"`
	Basis            *Basis `json:"basis" enums:"counts,printed_percent,mixed" example:"printed_percent"`
	// Interval of the difference; null unless both sides have one.
	Interval *Interval `json:"interval"`
	// Verdict says what stands in the way of judging the difference; null where nothing does.
	Verdict *Verdict `json:"verdict" enums:"no_basis,counts_unknown" example:"counts_unknown"`
	// PanelShare of a change of the country: the share of the round's participants that the baseline had too; null
	// where participants are not all known, and for a municipality.
	PanelShare *float64 `json:"panel_share"`
	// LeftOut lists the requirements that a theme's change could not use, in catalogue order.
	LeftOut       []LeftOut     `json:"left_out"`
	Comparability Comparability `json:"comparability"`
	// BreakAllowed is true where the difference was asked for across a break (`allow_break=true`); absent elsewhere.
	BreakAllowed bool `json:"break_allowed,omitempty" example:"true"`
}

// LeftOut is a requirement that a theme's change does not rest on.
type LeftOut struct {
	Requirement string `json:"requirement" example:"child_contact_within_three_months"`
	Reason      string `json:"reason" enums:"no_figure_now,no_figure_before,no_figure_in_both,not_comparable" example:"no_figure_before"`
}

// MarshalJSON leaves `in_sample` out of a period's figure, which has `cases` instead.
func (r Result) MarshalJSON() ([]byte, error) {
	type plain Result
	if r.Rounds == nil {
		return json.Marshal(plain(r))
	}
	return json.Marshal(struct {
		plain
		InSample *int `json:"in_sample,omitempty"`
	}{plain: plain(r)})
}

// HasFigure tells whether the result has a percent.
func (r Result) HasFigure() bool { return r.Percent != nil }

// Share gives the counts, where they are known.
func (r Result) Share() (Share, bool) {
	if r.Met == nil || r.Assessed == nil {
		return Share{}, false
	}
	return Share{Met: *r.Met, Assessed: *r.Assessed}, true
}
