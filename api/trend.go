package api

import (
	"cmp"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type trendQuery struct {
	readQuery
	// Origin of the rounds.
	Origin barometer.Origin `query:"origin" enums:"real,synthetic" default:"real"`
	breakQuery
}

type countryTrendQuery struct {
	trendQuery
	weightingQuery
}

// getTrend serves the figures of a municipality over the rounds that it took part in, each against the one before.
//
//	@Summary	Read a municipality's trend
//	@ID			getTrend
//	@Tags		results
//	@Param		municipality	path		string		true	"Four-digit code"	example(0707)
//	@Param		q				query		trendQuery	false	"Origin, breaks and language"
//	@Success	200				{object}	barometer.Trend
//	@Failure	default			{object}	barometer.Problem	"Any failure"
//	@Router		/v1/municipalities/{municipality}/trend [get]
func (h *handler) getTrend(c echo.Context) error {
	var q trendQuery
	return h.read(c, &q, func(r reader) (any, error) {
		code, err := r.municipality(c)
		if err != nil {
			return nil, err
		}
		return q.trend(r, code, ""), nil
	})
}

// getCountryTrend serves the figures of the country over all rounds, each against the one before.
//
//	@Summary	Read the country's trend
//	@ID			getCountryTrend
//	@Tags		results
//	@Param		q		query		countryTrendQuery	false	"Origin, breaks, weighting and language"
//	@Success	200		{object}	barometer.Trend
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/trend [get]
func (h *handler) getCountryTrend(c echo.Context) error {
	var q countryTrendQuery
	return h.read(c, &q, func(r reader) (any, error) { return q.trend(r, barometer.Country, q.Weighting), nil })
}

func (q trendQuery) trend(r reader, area string, w barometer.Weighting) barometer.Trend {
	return r.Trend(area, cmp.Or(q.Origin, barometer.OriginReal), report.Options{AllowBreak: q.AllowBreak, Weighting: w}, r.lang)
}
