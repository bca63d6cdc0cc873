package api

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type scorecardQuery struct {
	readQuery
	// Baseline to compare with: `none`, the year of an earlier round, or `previous`, the default: a municipality's latest
	// earlier participation; for the country the annual round three years earlier, which had the same municipalities,
	// and where that is not published the latest earlier round.
	Baseline string `query:"baseline" pattern:"^(previous|none|[0-9]{4})$" want:"previous, none, or the year of an earlier round in four digits" default:"previous" example:"previous"`
	stateQuery
	breakQuery
	breakdownQuery
}

type countryScorecardQuery struct {
	scorecardQuery
	weightingQuery
}

// check refuses what would have no effect.
func (q scorecardQuery) check(b *binder) {
	b.conflict(q.Baseline == noBaseline && q.AllowBreak, "allow_break", "there is no change to give; leave out baseline=none")
}

// noBaseline asks for no comparison.
const noBaseline = "none"

func (q scorecardQuery) baseline() report.Baseline {
	b := report.Baseline{None: q.Baseline == noBaseline, Options: report.Options{AllowBreak: q.AllowBreak, Breakdown: q.asked()}}
	if n, err := strconv.Atoi(q.Baseline); err == nil {
		year := barometer.Year(n)
		b.Year = &year
	}
	return b
}

func (q countryScorecardQuery) check(b *binder) {
	q.scorecardQuery.check(b)
	b.checkWeighting(q.weightingQuery, q.breakdownQuery)
}

func (q countryScorecardQuery) baseline() report.Baseline {
	b := q.scorecardQuery.baseline()
	b.Weighting = q.Weighting
	return b
}

// getScorecard serves all figures of a municipality in a round, theme by theme, with the country's beside them and the
// change since a baseline. A municipality that is not recorded in the round has one too, which says so.
//
//	@Summary	Read a municipality's scorecard
//	@ID			getScorecard
//	@Tags		results
//	@Param		round			path		int				true	"Year of the round"	example(2023)
//	@Param		municipality	path		string			true	"Four-digit code"	example(0707)
//	@Param		q				query		scorecardQuery	false	"Baseline and language"
//	@Success	200				{object}	barometer.Scorecard
//	@Failure	default			{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/municipalities/{municipality}/scorecard [get]
func (h *handler) getScorecard(c echo.Context) error {
	var q scorecardQuery
	return h.scorecard(c, &q, &q.State, func(r reader) (string, error) { return r.municipality(c) })
}

// getCountryScorecard serves all figures of the country in a round, theme by theme, with the change since a baseline.
//
//	@Summary	Read the country's scorecard
//	@ID			getCountryScorecard
//	@Tags		results
//	@Param		round	path		int				true	"Year of the round"	example(2023)
//	@Param		q		query		countryScorecardQuery	false	"Baseline, weighting and language"
//	@Success	200		{object}	barometer.Scorecard
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/scorecard [get]
func (h *handler) getCountryScorecard(c echo.Context) error {
	var q countryScorecardQuery
	return h.scorecard(c, &q, &q.State, func(reader) (string, error) { return barometer.Country, nil })
}

func (h *handler) scorecard(c echo.Context, q interface{ baseline() report.Baseline }, state *string, area func(reader) (string, error)) error {
	return h.figures(c, q, state, func(r reader) (any, error) {
		year, err := r.round(c)
		if err != nil {
			return nil, err
		}
		code, err := area(r)
		if err != nil {
			return nil, err
		}
		return r.Scorecard(year, code, q.baseline(), r.lang)
	}, func(r reader, live *report.LiveRound) (any, error) {
		code, err := area(r)
		if err != nil {
			return nil, err
		}
		return live.Scorecard(code, q.baseline(), r.lang)
	})
}
