package api

import (
	"cmp"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type trendQuery struct {
	readQuery
	// Origin of the rounds.
	Origin barometer.Origin `query:"origin" enums:"real,synthetic" default:"real"`
	breakQuery
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
	return h.trend(c, func(r reader) (string, error) { return r.municipality(c) })
}

// getCountryTrend serves the figures of the country over all rounds, each against the one before.
//
//	@Summary	Read the country's trend
//	@ID			getCountryTrend
//	@Tags		results
//	@Param		q		query		trendQuery	false	"Origin, breaks and language"
//	@Success	200		{object}	barometer.Trend
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/trend [get]
func (h *handler) getCountryTrend(c echo.Context) error {
	return h.trend(c, func(reader) (string, error) { return barometer.Country, nil })
}

func (h *handler) trend(c echo.Context, area func(reader) (string, error)) error {
	var q trendQuery
	return h.read(c, &q, func(r reader) (any, error) {
		code, err := area(r)
		if err != nil {
			return nil, err
		}
		return r.Trend(code, cmp.Or(q.Origin, barometer.OriginReal), q.AllowBreak, r.lang), nil
	})
}
