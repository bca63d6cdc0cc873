package barometer

// Region groups municipalities. Regions are a filter; no figure is estimated for them.
type Region struct {
	// Slug names the region in a filter.
	Slug string `json:"region" example:"midtjylland"`
	// Code is the official code; null where none is published (Region Østdanmark).
	Code *string `json:"code" example:"1082"`
	Name string  `json:"name" example:"Region Midtjylland"`
	// From is the first day of the region.
	From string `json:"from" format:"date" example:"2007-01-01"`
	// To is the last day of the region; null where it has no known end.
	To *string `json:"to" format:"date" example:"2026-12-31"`
}

// Membership is a municipality's membership of a region between two days.
type Membership struct {
	Region     string  `json:"region" example:"midtjylland"`
	RegionCode *string `json:"region_code" example:"1082"`
	RegionName string  `json:"region_name" example:"Region Midtjylland"`
	From       string  `json:"from" format:"date" example:"2007-01-01"`
	To         *string `json:"to" format:"date" example:"2026-12-31"`
}

// Municipality (kommune), known by its four-digit code.
type Municipality struct {
	Code string `json:"code" example:"0707"`
	Name string `json:"name" example:"Norddjurs"`
	// Aliases are other spellings that imports accept.
	Aliases []string     `json:"aliases"`
	Regions []Membership `json:"regions"`
}

// MunicipalityDetail is a municipality with what the current release knows of its participation.
type MunicipalityDetail struct {
	Municipality
	// Rounds are the years of its recorded participations in real rounds.
	Rounds []Year `json:"rounds"`
	// SyntheticRounds are the years of its recorded participations in made-up rounds.
	SyntheticRounds []Year `json:"synthetic_rounds"`
	// DueRound is the next round by the three-year cycle; null where no two recorded participations show the cycle.
	DueRound *Year `json:"due_round" example:"2026"`
}

// MunicipalityFilter selects municipalities.
type MunicipalityFilter struct {
	// Region keeps those that are or will be members of any of these regions, by slug or code.
	Region []string
}
