package barometer

// Trend has the figures of an area over its rounds: a municipality's own participations, or all rounds of the country.
type Trend struct {
	AreaType AreaType `json:"area_type" enums:"municipality,country" example:"municipality"`
	Area     string   `json:"area" example:"0707"`
	AreaName string   `json:"area_name" example:"Norddjurs"`
	Origin   Origin   `json:"origin" enums:"real,synthetic" example:"real"`
	// Release the figures are from.
	Release int      `json:"release" example:"6"`
	Rounds  []Year   `json:"rounds" example:"2020,2023"`
	Notices []Notice `json:"notices"`
	// Series are in the order of a scorecard: a theme's two percentages, then its requirements.
	Series []TrendSeries `json:"series"`
}

// TrendSeries is one figure over the rounds that list it.
type TrendSeries struct {
	Theme     string  `json:"theme" example:"professional_assessment"`
	ThemeName string  `json:"theme_name" example:"Faglig udredning"`
	Level     Level   `json:"level" enums:"requirement,theme" example:"requirement"`
	Method    *Method `json:"method" enums:"pooled,mean_of_requirements"`
	// Requirement is null for a theme.
	Requirement *string `json:"requirement" example:"investigation_within_four_months"`
	// Points are results, the oldest first. The baseline of each is the point before it, and the comparability on its
	// change is that between the two.
	Points []Result `json:"points"`
	// Breaks are the pairs of neighbouring points that are not comparable, or with a caveat: a line drawn through both must
	// show it. Empty where there are none.
	Breaks []TrendBreak `json:"breaks"`
}

// TrendBreak stands between two neighbouring points of a series.
type TrendBreak struct {
	// From is the round of the earlier point.
	From Year `json:"from" example:"2020"`
	// To is the round of the later point.
	To            Year          `json:"to" example:"2023"`
	Comparability Comparability `json:"comparability"`
}
