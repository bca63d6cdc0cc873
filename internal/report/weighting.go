package report

import (
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// equally gives the country's figures with every municipality alike: the mean of the municipalities' proportions. Met and
// assessed stay the counts they are. A figure that was only reported has none, since its municipalities are not known.
func (a *areaFigures) equally() *areaFigures {
	out := &areaFigures{area: a.area, results: slices.Clone(a.results), equal: true}
	alike := barometer.WeightEqual
	for i := range out.results {
		r := &out.results[i]
		if r.Weighting = &alike; r.HasFigure() {
			out.weigh(r)
		}
		describe(r)
		ofThePeriod := slices.DeleteFunc(slices.Clone(r.Notices), func(n barometer.Notice) bool {
			return n.Code != incompletePeriod && n.Code != breakInPeriod || !r.HasFigure()
		})
		r.Notices = append(areaFacts{}.notices(*r), ofThePeriod...)
	}
	return out
}

// weigh gives a result of the country its figure anew.
func (a *areaFigures) weigh(r *barometer.Result) {
	requirements := []*barometer.Result{r}
	if r.Requirement == nil {
		requirements = slices.DeleteFunc(a.requirementsOf(r.Theme), func(q *barometer.Result) bool { return !q.HasFigure() })
	}
	var codes []string
	for _, q := range requirements {
		codes = append(codes, *q.Requirement)
	}
	clusters := a.clustersOf(r.Theme, codes)
	if clusters == nil {
		*r = withoutNumbers(*r, barometer.NoCounts)
		return
	}
	fraction := equalFraction(clusters)
	method := barometer.Pooled
	if r.Requirement == nil && r.Method == barometer.MeanOfRequirements {
		fractions, _ := fractionsOf(requirements, a.exact)
		fraction, method = score.Mean(fractions), r.Method
	}
	fillFraction(r, fraction, barometer.BasisCounts)
	estimate, _ := a.estimator(method)(clusters, score.Confidence)
	fillEstimate(r, estimate)
}

// withoutNumbers leaves of a result what it is about, and a status that says why it has no figure.
func withoutNumbers(r barometer.Result, status barometer.Status) barometer.Result {
	theme := r.ThemeBasis
	if theme != nil {
		theme = &barometer.ThemeBasis{Method: theme.Method, RequirementsAsked: theme.RequirementsAsked}
	}
	return barometer.Result{
		Key: r.Key, Origin: r.Origin, Round: r.Round, Rounds: r.Rounds, AreaType: r.AreaType, Area: r.Area, AreaName: r.AreaName,
		Level: r.Level, Theme: r.Theme, ThemeName: r.ThemeName, Requirement: r.Requirement, Question: r.Question,
		ThemeBasis: theme, Unit: r.Unit, CaseType: r.CaseType, Status: status, FigureOf: r.FigureOf,
		Weighting: r.Weighting, Practice: r.Practice, Notices: slices.DeleteFunc(slices.Clone(r.Notices), ofAFigure),
	}
}

// ofAFigure tells whether a notice says something of a figure, and nothing where there is none.
func ofAFigure(n barometer.Notice) bool {
	return slices.Contains([]string{
		smallDenominator, fromPrintedPercents, incompleteTheme, mixedUnits, roundedToLimit, randomMunicipalities,
		incompletePeriod, caseMixDiffers, severalComparisons,
	}, n.Code)
}
