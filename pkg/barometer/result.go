package barometer

import "encoding/json"

// Share is a count of met among a count of assessed.
type Share struct {
	// Met is the numerator, in units.
	Met int `json:"met" example:"9"`
	// Assessed is the denominator, in units.
	Assessed int `json:"assessed" example:"13"`
}

// Interval is a confidence interval, as proportions (of a difference: as a difference of proportions).
type Interval struct {
	// Confidence is the probability that such an interval holds the true value, from 0 to 1: 0.95 everywhere.
	Confidence float64 `json:"confidence" example:"0.95"`
	// Method is `wilson` for a proportion (Wilson's score interval, with `effective_n` for the number of outcomes),
	// `newcombe` for a difference (of two Wilson intervals), `mover` for a difference of the country (the same, with the
	// correlation of rounds that share municipalities), and `beta` for a shrunken percentage.
	Method string `json:"method" enums:"wilson,newcombe,mover,beta" example:"wilson"`
	// Lower limit as a proportion from 0 to 1, unrounded; of a difference from -1 to 1. With n = `effective_n`, z = 1.959963984540054,
	// now 1 and before 2: `wilson` (p + z²/2n - z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n); `newcombe`
	// d - √((p1-lower1)² + (upper2-p2)²); `mover` the same with -2r(p1-lower1)(upper2-p2) under the root, r = `correlation`;
	// `beta` the 2.5 % quantile.
	Lower float64 `json:"lower" example:"0.03005336974830658"`
	// Upper limit as a proportion from 0 to 1, unrounded; of a difference from -1 to 1. `wilson`
	// (p + z²/2n + z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n); `newcombe` d + √((upper1-p1)² + (p2-lower2)²); `mover` the same with
	// -2r(upper1-p1)(p2-lower2) under the root; `beta` the 97.5 % quantile.
	Upper float64 `json:"upper" example:"0.5635028221864702"`
	// LowerPercent is the lower limit to be shown: 100·`lower` in whole percents, of a difference in percentage points,
	// rounded down.
	LowerPercent int `json:"lower_percent" example:"3"`
	// UpperPercent is the upper limit to be shown: 100·`upper` in whole percents, of a difference in percentage points,
	// rounded up.
	UpperPercent int `json:"upper_percent" example:"57"`
}

// NotAssessedCount is a number of units outside the denominator, by outcome and reason.
type NotAssessedCount struct {
	// Outcome is null where none was entered or none is known.
	Outcome *Outcome `json:"outcome" enums:"not_applicable,not_assessable"`
	Reason  Reason   `json:"reason" example:"not_recorded"`
	// Count of units.
	Count int `json:"count" example:"9"`
}

// Notice is a caution that must be shown with a figure.
type Notice struct {
	Code string `json:"code" example:"not_generalisable"`
	Text string `json:"text" example:"Kommunens sager er for få til at generalisere ud fra."`
}

// ThemeBasis says how a theme's result was made; a requirement's result has none of its members.
type ThemeBasis struct {
	Method Method `json:"method" enums:"pooled,mean_of_requirements" validate:"optional"`
	// RequirementsUsed is the number of the theme's requirements that have a figure: what its percent rests on.
	RequirementsUsed int `json:"requirements_used" validate:"optional"`
	// RequirementsAsked is the number of the theme's requirements that the round asks; null where its list is not known.
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
	// Met is the numerator: the number of units (`unit`) met or met by exception. Of a pooled theme it is the sum over its
	// requirements, of a mean null.
	Met *int `json:"met" example:"1"`
	// MetByException is the number of units met by exception, which are among the met; null where unknown.
	MetByException *int `json:"met_by_exception"`
	// NotMet is the number of units not met: `assessed` - `met`.
	NotMet *int `json:"not_met" example:"5"`
	// Assessed is the denominator, in units: `met` + `not_met`.
	Assessed *int `json:"assessed" example:"6"`
	// InSample is the number of units of the sample; null where unknown. A figure of a period has `cases` instead.
	InSample *int `json:"in_sample" validate:"optional" example:"15"`
	// Cases is the number of cases of a period; absent elsewhere.
	Cases *int `json:"cases,omitempty"`
	// NotAssessed lists the units outside the denominator by reason: `assessed` + the counts = `in_sample`. Empty where
	// every unit was assessed, null where unknown.
	NotAssessed []NotAssessedCount `json:"not_assessed" extensions:"x-nullable"`
	// Proportion from 0 to 1, unrounded: `met` / `assessed`. A mean of requirements is (1/R)·Σ met_r/assessed_r over the R
	// requirements that have a figure. With `weighting=equal` it is the mean of the municipalities' met/assessed. Null for a
	// printed percent.
	Proportion *float64 `json:"proportion" example:"0.16666666666666666"`
	// Percent is 100·`proportion` as a whole percent, rounded half up in whole numbers:
	// ⌊(200·met + assessed) / (2·assessed)⌋; or the printed percent.
	Percent *int `json:"percent" example:"17"`
	// Basis says what the percent rests on.
	Basis *Basis `json:"basis" enums:"counts,printed_percent,mixed" example:"counts"`
	// Interval of the proportion at 95 % (Wilson); null where there is none to be given.
	Interval *Interval `json:"interval"`
	// FigureOf says whose outcomes the percent counts: those of the municipality's `sample`, or of all `participants`.
	FigureOf string `json:"figure_of" enums:"sample,participants" example:"sample"`
	// IntervalFor says what the interval is about: the municipality's `practice`, or the whole `country`, as if the
	// participants were drawn from it at random. Null without an interval.
	IntervalFor *string `json:"interval_for" enums:"practice,country" example:"practice"`
	// Weighting of the country's figure: every case alike, or every municipality alike; null for a municipality.
	Weighting *Weighting `json:"weighting" enums:"cases,equal"`
	// DesignEffect is the variance of the figure over that of as many independent outcomes, a ratio: se² / (p(1-p)/M) with
	// M = `assessed` and se² = k/(k-1)·Σ u², where each of the k cases (of the country: municipalities) contributes
	// u = (met - p·assessed) / M; of a mean of R requirements M is all that was assessed and u = (1/R)·Σ (met - p·assessed)
	// / assessed of the requirement; with `weighting=equal` u = (met/assessed - p) / k. Below 1 it counts as 1 in
	// `effective_n`. Null where outcomes are independent, where all or none are met, and without an interval.
	DesignEffect *float64 `json:"design_effect"`
	// EffectiveN is the number of independent outcomes that the interval rests on: `assessed` for a requirement counted
	// over the cases of a municipality, else fewer, as outcomes of one case or municipality resemble each other:
	// M/`design_effect`·(t[M-1]/t[df])², at most M, with the 97.5 % quantiles of t and df the cases (of the country:
	// municipalities) that contribute, less 1. Null without an interval.
	EffectiveN *float64 `json:"effective_n" example:"6"`
	// Reliability by `effective_n` and the width of the interval; `/v1/method` has the thresholds.
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
	Status Status `json:"status" example:"percent_only"`
	// Met is the numerator, in units of all participants.
	Met *int `json:"met"`
	// Assessed is the denominator, in units of all participants.
	Assessed *int `json:"assessed"`
	// Percent is 100·met/assessed as a whole percent, half up, or 100 times the mean of its requirements' proportions; or the
	// printed percent.
	Percent *int `json:"percent" example:"34"`
	// Interval for the country at 95 %, with municipalities as clusters.
	Interval *Interval `json:"interval"`
	Source   *string   `json:"source" example:"sm-2023"`
}

// BaselineFigure is the same figure in the earlier round.
type BaselineFigure struct {
	Round  Year   `json:"round" example:"2020"`
	Status Status `json:"status" example:"no_figure"`
	// Met is the numerator, in units.
	Met *int `json:"met"`
	// Assessed is the denominator, in units.
	Assessed *int `json:"assessed"`
	// Percent is the whole percent of that round, as its own result has it.
	Percent *int `json:"percent"`
	// Interval of the proportion at 95 %, as the result of that round has it.
	Interval *Interval `json:"interval"`
	Practice *string   `json:"practice" example:"party_hearing_outside"`
	Source   *string   `json:"source"`
}

// Change is the difference from the baseline: new minus old.
type Change struct {
	// Difference of the proportions, from -1 to 1, unrounded: now - before, from exact counts where a side has them, from
	// printed percent / 100 where not. Null where a side is missing or the rounds are not comparable.
	Difference *float64 `json:"difference" example:"0.4"`
	// PercentagePoints is 100·`difference` in whole percentage points, rounded once, half away from zero.
	PercentagePoints *int   `json:"percentage_points" example:"40"`
	Basis            *Basis `json:"basis" enums:"counts,printed_percent,mixed" example:"printed_percent"`
	// PercentNow is what the difference goes to, as a whole percent, half up; of a theme on the requirements in common, so
	// that it can be another than `percent`. Null without a difference.
	PercentNow *int `json:"percent_now" example:"69"`
	// PercentBefore is what the difference comes from, as a whole percent like `percent_now`.
	PercentBefore *int `json:"percent_before" example:"29"`
	// DisplayedDiffers tells that `percentage_points` is not `percent_now` - `percent_before`, as it is computed before
	// rounding; null without a difference.
	DisplayedDiffers *bool `json:"displayed_differs" example:"false"`
	// Interval of the difference at 95 %; null unless both sides have one.
	Interval *Interval `json:"interval"`
	// Correlation of the two figures of the country, from -1 to 1, from the municipalities that both rounds share:
	// covariance / (se_now·se_before), 0 where they share none. Null for a municipality, where a figure is the same in all
	// municipalities, and without an interval.
	Correlation *float64 `json:"correlation"`
	// Test of no change; null where none is made: without counts, for a theme, and for a municipality's notifications,
	// whose outcomes are not independent.
	Test *Test `json:"test"`
	// Verdict says what may be said of the difference. Null where the rounds are not comparable and no break was asked for.
	Verdict *Verdict `json:"verdict" enums:"no_basis,counts_unknown,too_few_cases,not_demonstrated,indicated,demonstrated" example:"indicated"`
	// StrongestVerdict, with `counts_unknown`, is the strongest that any counts behind the printed percents would give;
	// null where these cannot be listed, and with any other verdict.
	StrongestVerdict *Verdict `json:"strongest_verdict" enums:"too_few_cases,not_demonstrated,indicated,demonstrated"`
	// Sentence says the same in words, with the caveat where there is one; in the language of the answer.
	Sentence string `json:"sentence" example:"Tegn på en stigning, som kan skyldes tilfældigheder: andelen var 29 % i 2020 og 69 % i 2023 (+40 procentpoint; 95 %-interval +4 til +65)."`
	// CaseMix compares the shares of placements of the two sides; null where they are not known.
	CaseMix *CaseMix `json:"case_mix"`
	// PanelShare of a change of the country: participants of both rounds / participants of the later one, from 0 to 1. Null
	// where participants are not all known, and for a municipality.
	PanelShare *float64 `json:"panel_share"`
	// LeftOut lists the requirements that a theme's change could not use, in catalogue order.
	LeftOut       []LeftOut     `json:"left_out"`
	Comparability Comparability `json:"comparability"`
	// BreakAllowed is true where the difference was asked for across a break (`allow_break=true`); absent elsewhere.
	BreakAllowed bool `json:"break_allowed,omitempty" example:"true"`
}

// Test is a test that nothing changed between two rounds.
type Test struct {
	// Method is `fisher` (Fisher's exact test, two-sided) for a municipality and `t` (difference over its standard error,
	// municipalities as clusters) for the country.
	Method string `json:"method" enums:"fisher,t" example:"fisher"`
	// PValue is the probability, from 0 to 1, of a difference at least as unlikely where nothing changed. `fisher`: the sum
	// of the hypergeometric probabilities that do not exceed that of the counts found; `t`: 2·P(T ≥ |difference/se|) with as
	// many degrees of freedom as municipalities in either round, less 1.
	PValue float64 `json:"p_value" example:"0.06559547883437021"`
	// MidP is a probability from 0 to 1: the sum of the smaller hypergeometric probabilities and half of the equal ones. Null
	// for `t`.
	MidP *float64 `json:"mid_p" example:"0.03740802457388438"`
	// SmallestAttainableP is the least p, from 0 to 1, that any outcomes of so many cases could give: 1/C(n1+n2, n1), doubled
	// where n1 = n2. Above 0.05 they are too few to show anything. Null for `t`.
	SmallestAttainableP *float64 `json:"smallest_attainable_p" example:"6.87650670708677e-09"`
	// AdjustedP, from 0 to 1, allows for the other requirements compared between the same two rounds (Benjamini-Hochberg):
	// the smallest of m·p/rank over this and all larger p, at most 1, with m = `family_size`.
	AdjustedP float64 `json:"adjusted_p" example:"0.27936507936508"`
	// FamilySize is the number of requirements that were compared so; no filter changes it.
	FamilySize int `json:"family_size" example:"11"`
}

// CaseMix has the share of placements among the cases of two rounds.
type CaseMix struct {
	Now    PlacementShare `json:"now"`
	Before PlacementShare `json:"before"`
	// Differs tells that the shares differ clearly: the 95 % interval of their difference leaves out 0.
	Differs bool `json:"differs" example:"false"`
}

// PlacementShare is the share of placements, with consent and without, among the cases of a sample.
type PlacementShare struct {
	// Placements is a number of cases.
	Placements int `json:"placements" example:"7"`
	// Cases of the sample.
	Cases int `json:"cases" example:"16"`
	// Percent is 100·placements/cases as a whole percent, half up.
	Percent int `json:"percent" example:"44"`
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
