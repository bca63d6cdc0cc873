package api

import (
	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/report"
)

// getDistribution serves the municipalities of a round beside the country on one requirement, by code: the country's
// percentage with the funnel limits (in which 95 and 99.8 % would lie by chance alone), each municipality's place by
// exact binomial tails, how much more they differ than chance explains, and each percentage drawn towards the mean. There
// are no ranks: most differences between municipalities with so few cases are chance.
//
//	@Summary	Read the municipalities beside the country on a requirement
//	@ID			getDistribution
//	@Tags		results
//	@Param		round		path		int			true	"Year of the round"	example(2023)
//	@Param		requirement	path		string		true	"Code"				example(investigation_within_four_months)
//	@Param		q			query		readQuery	false	"Language"
//	@Success	200			{object}	barometer.Distribution
//	@Failure	default		{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/requirements/{requirement}/distribution [get]
func (h *handler) getDistribution(c echo.Context) error {
	var q readQuery
	return h.orRefused(c, h.read(c, &q, func(r reader) (any, error) {
		year, err := r.round(c)
		if err != nil {
			return nil, err
		}
		code, err := r.requirement(c)
		if err != nil {
			return nil, err
		}
		return r.Distribution(year, code, r.lang)
	}))
}

// getMethod serves the statistical method that every figure is computed by: its formulas with their units, its
// parameters, when each verdict is given and what may be said then, its versions, and the sources of it all.
//
//	@Summary	Read the statistical method
//	@ID			getMethod
//	@Tags		results
//	@Param		q		query		readQuery	false	"Language"
//	@Success	200		{object}	barometer.MethodDescription
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/method [get]
func (h *handler) getMethod(c echo.Context) error {
	var q readQuery
	return h.read(c, &q, func(r reader) (any, error) { return report.Method(r.lang), nil })
}
