package barometer

// Position of a municipality in a funnel: where its count lies in what would be usual if it met the requirement as often
// as the country.
type Position string

// The positions, from low to high. They are no ranks: most municipalities are `within`, in no order.
const (
	Below998 Position = "below_998"
	Below95  Position = "below_95"
	Within   Position = "within"
	Above95  Position = "above_95"
	Above998 Position = "above_998"
)

// Distribution sets the municipalities of a round beside the country on one requirement. They stand in the order of
// their codes; there is no rank.
type Distribution struct {
	Round       Year   `json:"round" example:"2023"`
	Origin      Origin `json:"origin" enums:"real,synthetic" example:"real"`
	Theme       string `json:"theme" example:"professional_assessment"`
	ThemeName   string `json:"theme_name" example:"Faglig udredning"`
	Requirement string `json:"requirement" example:"investigation_within_four_months"`
	Question    string `json:"question" example:"Er 4 måneders fristen overholdt"`
	Unit        Unit   `json:"unit" enums:"case,notification" example:"case"`
	// Release the figures are from.
	Release int      `json:"release" example:"6"`
	Notices []Notice `json:"notices"`
	// Country is the country's figure.
	Country Result `json:"country"`
	// Target is what the municipalities are held against: the country's proportion; null where it has none.
	Target *Target `json:"target"`
	// Overdispersion says how much the municipalities differ beyond chance; null where that cannot be said.
	Overdispersion *Overdispersion `json:"overdispersion"`
	Shrinkage      Shrinkage       `json:"shrinkage"`
	// Limits of the funnel to be drawn, by number of assessed cases, ascending.
	Limits []FunnelLimits `json:"limits"`
	// WithoutFigure counts the municipalities that have no percent, by status: they are missing, not 0 %.
	WithoutFigure []StatusCount `json:"without_figure"`
	// Municipalities in the order of their codes.
	Municipalities []MunicipalityPosition `json:"municipalities"`
}

// Target of a funnel.
type Target struct {
	// Proportion of the country, from 0 to 1: met / assessed over all participants, unrounded; or a printed percent / 100.
	Proportion float64 `json:"proportion" example:"0.34"`
	// Percent is 100·proportion as a whole percent, half up.
	Percent int   `json:"percent" example:"34"`
	Basis   Basis `json:"basis" enums:"counts,printed_percent" example:"printed_percent"`
}

// FunnelLimits are limits within which 95 or 99.8 % of the municipalities with so many assessed cases would lie if all
// met the requirement as often as the country: exact binomial limits with interpolation (Spiegelhalter 2005), as
// proportions. They are for drawing; the position is decided by the tails.
type FunnelLimits struct {
	// Assessed is the number of units n that the limits are for.
	Assessed int `json:"assessed" example:"16"`
	// Lower95 is a proportion from 0 to 1: (r-a)/n for q = 0.025, where r is the smallest number with P(R ≤ r) > q and
	// a = (P(R≤r)-q) / P(R=r), R binomial with n and the target. Of additive limits it is target + z·√(target(1-target)/n +
	// tau2), kept within 0 and 1, with z the quantile of the normal distribution for q.
	Lower95 float64 `json:"lower_95" example:"0.418862017517278"`
	// Upper95 is a proportion from 0 to 1: the same for q = 0.975.
	Upper95 float64 `json:"upper_95" example:"0.871692819297146"`
	// Lower998 is a proportion from 0 to 1: the same for q = 0.001.
	Lower998 float64 `json:"lower_998" example:"0.272523316108547"`
	// Upper998 is a proportion from 0 to 1: the same for q = 0.999.
	Upper998 float64 `json:"upper_998" example:"0.976324750441897"`
}

// Overdispersion is how much municipalities differ beyond what drawing so few cases explains.
type Overdispersion struct {
	// Municipalities is the number of those that have counts.
	Municipalities int `json:"municipalities" example:"37"`
	// Phi is a ratio of variances: the mean of the squared standardised distances from the target,
	// z = (met/assessed - target) / √(target(1-target)/assessed), winsorised at 10 %; 1 where chance explains them all.
	Phi float64 `json:"phi" example:"1.83673706000874"`
	// Tau2 is the variance between municipalities beyond chance, of proportions: (k·phi - (k-1)) / (Σw - Σw²/Σw) with
	// w = assessed/(target(1-target)) and k municipalities; at least 0.
	Tau2 float64 `json:"tau2" example:"0.0200544149097451"`
	// Overdispersed tells that phi is well above 1: more than 1 + 2·√(2/municipalities). Lying outside the limits is then
	// usual, and the additive limits are the fairer ones.
	Overdispersed bool `json:"overdispersed" example:"true"`
}

// Shrinkage says how far percentages were drawn towards the country's (beta-binomial, by moments).
type Shrinkage struct {
	// Status is `ok`; `complete_pooling` where the municipalities differ no more than chance, so that each is the mean;
	// `no_pooling` where each stands for itself; `no_variation` where all or none are met; `not_identified` where one case
	// each cannot tell; `too_few_units` with fewer than two municipalities; `not_offered` for notifications.
	Status string `json:"status" enums:"ok,complete_pooling,no_pooling,no_variation,not_identified,too_few_units,not_offered" example:"ok"`
	// Mean is what they are drawn towards, from 0 to 1: met / assessed over the municipalities with counts.
	Mean *float64 `json:"mean" example:"0.301948051948052"`
	// Correlation of two cases of one municipality, at most 1, by moments: how much their percentages differ beyond chance.
	Correlation *float64 `json:"correlation" example:"0.217176390615158"`
	// PriorCases is how many cases the mean weighs as much as: (1-correlation) / correlation.
	PriorCases *float64 `json:"prior_cases" example:"3.60455207477882"`
}

// StatusCount counts results of a status.
type StatusCount struct {
	Status Status `json:"status" example:"no_figure"`
	// Count of results.
	Count int `json:"count" example:"2"`
}

// MunicipalityPosition is one municipality beside the country.
type MunicipalityPosition struct {
	Municipality string `json:"municipality" example:"0183"`
	Name         string `json:"name" example:"Ishøj"`
	// Key of its result.
	Key    string `json:"key" example:"2023.0183.investigation_within_four_months"`
	Status Status `json:"status" enums:"measured,percent_only,none_assessed,not_asked,no_figure,not_participating,withheld" example:"measured"`
	// Met is the numerator, in units.
	Met *int `json:"met" example:"1"`
	// Assessed is the denominator, in units.
	Assessed *int `json:"assessed" example:"6"`
	// Proportion is met / assessed, from 0 to 1, unrounded; null for a printed percent.
	Proportion *float64 `json:"proportion" example:"0.16666666666666666"`
	// Percent is 100·proportion as a whole percent, half up; or the printed percent.
	Percent *int `json:"percent" example:"17"`
	// Interval of the proportion at 95 %, as its result has it.
	Interval    *Interval    `json:"interval"`
	Reliability *Reliability `json:"reliability" enums:"none,very_low,low,moderate,high" example:"very_low"`
	// Position is decided by the tails: `below_998` or `above_998` where one is at most 0.001, `below_95` or `above_95`
	// where one is at most 0.025. Null without counts, without a target between 0 and 1, and for notifications, whose
	// outcomes are not independent.
	Position *Position `json:"position" enums:"below_998,below_95,within,above_95,above_998" example:"within"`
	// TailLow is P(R ≤ met), R binomial with `assessed` and the target: the probability, from 0 to 1, of so few met or fewer
	// if it met the requirement as often as the country.
	TailLow *float64 `json:"tail_low" example:"0.33841"`
	// TailHigh is P(R ≥ met): the probability, from 0 to 1, of so many met or more.
	TailHigh *float64 `json:"tail_high" example:"0.9174"`
	// Limits of the funnel at its number of cases.
	Limits *FunnelLimits `json:"limits"`
	// AdditiveLimits allow for the variance between municipalities too: target ± z·√(target(1-target)/assessed + tau2).
	AdditiveLimits *FunnelLimits `json:"additive_limits"`
	// Shrunken is the best guess of its level when the others are taken into account. It is not what the audit found.
	Shrunken *Shrunken `json:"shrunken"`
	Notices  []Notice  `json:"notices"`
}

// Shrunken is a percentage drawn towards that of the other municipalities.
type Shrunken struct {
	// Proportion from 0 to 1: (mean·prior_cases + met) / (prior_cases + assessed), unrounded.
	Proportion float64 `json:"proportion" example:"0.553826466961142"`
	// Percent is 100·proportion as a whole percent, half up.
	Percent int `json:"percent" example:"55"`
	// Weight of its own cases, from 0 to 1: assessed / (prior_cases + assessed).
	Weight float64 `json:"weight" example:"0.753189823534289"`
	// Interval from the beta distribution; null where all are drawn to the mean or none at all.
	Interval *Interval `json:"interval"`
}
