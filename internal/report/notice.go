package report

import "github.com/boernesagsbarometer/barometer/pkg/barometer"

// The notices that can stand on a figure now; their texts are in the catalogue.
const (
	participationUnknown = "participation_unknown"
	participantsUnknown  = "participants_unknown"
	smallDenominator     = "small_denominator"
	notGeneralisable     = "not_generalisable"
	fromPrintedPercents  = "from_printed_percents"
	incompleteTheme      = "incomplete_theme"
	mixedUnits           = "mixed_units"
	syntheticFigures     = "synthetic"
	caseMixDiffers       = "case_mix_differs"
	severalComparisons   = "several_comparisons"
	incompletePeriod     = "incomplete_period"
	breakInPeriod        = "break_in_period"
	roundedToLimit       = "rounded_to_limit"
	randomMunicipalities = "random_municipalities"
)

// ofAChange tells whether a notice is about the change of a result.
func ofAChange(n barometer.Notice) bool {
	return n.Code == caseMixDiffers || n.Code == severalComparisons
}

// few is the number assessed below which a denominator is called small.
const few = 10

// notices says what must be shown with a result. The texts are filled in by localise.
func (a areaFacts) notices(r barometer.Result) []barometer.Notice {
	list := []barometer.Notice{}
	add := func(when bool, code string) {
		if when {
			list = append(list, barometer.Notice{Code: code})
		}
	}
	theme := r.ThemeBasis
	add(a.participationUnknown(), participationUnknown)
	add(r.Status == barometer.Measured && r.Assessed != nil && *r.Assessed < few, smallDenominator)
	add(r.AreaType == barometer.AreaMunicipality, notGeneralisable)
	add(r.Basis != nil && *r.Basis != barometer.BasisCounts, fromPrintedPercents)
	add(theme != nil && theme.RequirementsAsked != nil && r.HasFigure() && theme.RequirementsUsed < *theme.RequirementsAsked, incompleteTheme)
	add(theme != nil && r.Unit == nil && r.HasFigure(), mixedUnits)
	add(r.Proportion != nil && (*r.Percent == 0 && *r.Proportion > 0 || *r.Percent == 100 && *r.Proportion < 1), roundedToLimit)
	add(r.AreaType == barometer.AreaCountry && r.Interval != nil, randomMunicipalities)
	add(r.Origin == barometer.OriginSynthetic, syntheticFigures)
	return list
}

// participationUnknown tells whether the area is a municipality of which no source says that it took part, nor that
// it did not.
func (a areaFacts) participationUnknown() bool {
	return a.absent == barometer.NoFigure
}
