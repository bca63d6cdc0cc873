package barometer

// Year names a round by the year of the audit. It is neither the year of the decisions nor that of the submission.
type Year int

// FirstSyntheticYear is the first year a synthetic round can have; real rounds lie before it.
const FirstSyntheticYear Year = 9000

// Valid tells whether a round can have this year: from 2000 on, in four digits.
func (y Year) Valid() bool { return 2000 <= y && y <= 9999 }

// Origin of a round with this year.
func (y Year) Origin() Origin {
	if y >= FirstSyntheticYear {
		return OriginSynthetic
	}
	return OriginReal
}

// Origin tells real figures from made ones. It stands on every row, so that a synthetic figure cannot be mistaken.
type Origin string

// The origins.
const (
	OriginReal      Origin = "real"
	OriginSynthetic Origin = "synthetic"
)

// Lang is a language that labels and notices are given in.
type Lang string

// The languages; Danish is the default and the language of record.
const (
	Danish  Lang = "da"
	English Lang = "en"
)

// Text is a label in both languages.
type Text struct {
	Da string `json:"da"`
	En string `json:"en"`
}

// In gives the label in a language, Danish where there is no English.
func (t Text) In(lang Lang) string {
	if lang == English && t.En != "" {
		return t.En
	}
	return t.Da
}

// Unit is what a requirement is counted over (enhed).
type Unit string

// The units.
const (
	UnitCase         Unit = "case"
	UnitNotification Unit = "notification"
)

// CaseType of a case (sagstype).
type CaseType string

// The case types. Totals of placements include those without consent.
const (
	FamilyTreatment         CaseType = "family_treatment"
	Placement               CaseType = "placement"
	PlacementWithoutConsent CaseType = "placement_without_consent"
)

// AreaType of an area (område).
type AreaType string

// The area types. Regions are a filter only: the sample is not drawn for them.
const (
	AreaMunicipality AreaType = "municipality"
	AreaCountry      AreaType = "country"
)

// Country is the code of the country as an area.
const Country = "dk"

// AreaTypeOf gives the type of an area's code.
func AreaTypeOf(area string) AreaType {
	if area == Country {
		return AreaCountry
	}
	return AreaMunicipality
}

// Level of a result: one requirement, or a theme.
type Level string

// The levels.
const (
	LevelRequirement Level = "requirement"
	LevelTheme       Level = "theme"
)

// Method is how a theme's percentage is made from those of its requirements. No source publishes such a percentage;
// it is a construct of this service and always says which one it is.
type Method string

// The methods.
const (
	// Pooled is the share of all assessed requirements of the theme that were met.
	Pooled Method = "pooled"
	// MeanOfRequirements is the unweighted mean of the requirements' percentages.
	MeanOfRequirements Method = "mean_of_requirements"
)

// Status says whether a result has a figure and, where it has none, why.
type Status string

// The statuses. Only Measured and PercentOnly have a percent.
const (
	Measured         Status = "measured"
	PercentOnly      Status = "percent_only"
	NoCounts         Status = "no_counts"
	NoneAssessed     Status = "none_assessed"
	NotAsked         Status = "not_asked"
	NoFigure         Status = "no_figure"
	NotParticipating Status = "not_participating"
	Withheld         Status = "withheld"
)

// Basis says what a percentage or difference was computed from.
type Basis string

// The bases.
const (
	BasisCounts         Basis = "counts"
	BasisPrintedPercent Basis = "printed_percent"
	BasisMixed          Basis = "mixed"
)

// Reliability is the class of a figure by its number of outcomes and the width of its interval.
type Reliability string

// The classes. 30 outcomes and a width of 0.30 are the thresholds of the NCHS (Parker et al. 2017).
const (
	ReliabilityNone     Reliability = "none"
	ReliabilityVeryLow  Reliability = "very_low"
	ReliabilityLow      Reliability = "low"
	ReliabilityModerate Reliability = "moderate"
	ReliabilityHigh     Reliability = "high"
)

// Verdict is what may be said of a difference.
type Verdict string

// The verdicts, weakest first.
const (
	// NoBasis: a side has no figure, or a theme has no requirement in common.
	NoBasis Verdict = "no_basis"
	// CountsUnknown: a side is a printed percent, or how its outcomes are spread over cases or municipalities is not known.
	CountsUnknown Verdict = "counts_unknown"
	// TooFewCases: no outcome of so few cases could show a change.
	TooFewCases Verdict = "too_few_cases"
	// NotDemonstrated: no change is shown. It does not say that nothing changed.
	NotDemonstrated Verdict = "not_demonstrated"
	// Indicated: signs of a change, which may be chance.
	Indicated Verdict = "indicated"
	// Demonstrated: it has changed, by a test that allows for the other requirements compared.
	Demonstrated Verdict = "demonstrated"
)

// Weighting of the municipalities in a figure of the country.
type Weighting string

// The weightings.
const (
	// WeightCases lets every case count alike, as published figures do.
	WeightCases Weighting = "cases"
	// WeightEqual lets every municipality count alike.
	WeightEqual Weighting = "equal"
)
