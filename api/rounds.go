package api

import (
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type roundsQuery struct {
	listQuery
	// Origin keeps the rounds of this origin.
	Origin string `query:"origin" enums:"real,synthetic"`
}

// listRounds serves the published rounds, by year.
//
//	@Summary	List the rounds
//	@ID			listRounds
//	@Tags		rounds
//	@Param		q		query		roundsQuery	false	"Filter and page"
//	@Success	200		{object}	barometer.Page[barometer.Round]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds [get]
func (h *handler) listRounds(c echo.Context) error {
	var q roundsQuery
	return h.read(c, &q, func(r reader) (any, error) {
		found := slices.DeleteFunc(r.Rounds(), func(x barometer.Round) bool {
			return q.Origin != "" && string(x.Origin) != q.Origin
		})
		return page(found, q.listQuery, func(x barometer.Round) string { return strconv.Itoa(int(x.Year)) })
	})
}

// getRound serves a published round.
//
//	@Summary	Read a round
//	@ID			getRound
//	@Tags		rounds
//	@Param		round	path		int			true	"Year of the round"	example(2023)
//	@Param		q		query		readQuery	false	"Language"
//	@Success	200		{object}	barometer.Round
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round} [get]
func (h *handler) getRound(c echo.Context) error {
	var q readQuery
	return h.read(c, &q, func(r reader) (any, error) {
		year, err := r.round(c)
		if err != nil {
			return nil, err
		}
		return r.Round(year)
	})
}

// listRoundRequirements serves the requirements as asked in a round, with the practice they were judged by, by code.
//
//	@Summary	List the requirements of a round
//	@ID			listRoundRequirements
//	@Tags		rounds
//	@Param		round	path		int			true	"Year of the round"	example(2023)
//	@Param		q		query		listQuery	false	"Page"
//	@Success	200		{object}	barometer.Page[barometer.RoundRequirement]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/requirements [get]
func (h *handler) listRoundRequirements(c echo.Context) error {
	var q listQuery
	return h.read(c, &q, func(r reader) (any, error) {
		year, err := r.round(c)
		if err != nil {
			return nil, err
		}
		items, err := r.RoundRequirements(year, r.lang)
		if err != nil {
			return nil, err
		}
		return page(items, q, func(x barometer.RoundRequirement) string { return x.Requirement })
	})
}

// listParticipations serves the recorded participations of a round, by municipality. Others may have taken part where
// the round's `participants` is larger or null.
//
//	@Summary	List the participations of a round
//	@ID			listParticipations
//	@Tags		rounds
//	@Param		round	path		int			true	"Year of the round"	example(2023)
//	@Param		q		query		listQuery	false	"Page"
//	@Success	200		{object}	barometer.Page[barometer.Participation]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/participations [get]
func (h *handler) listParticipations(c echo.Context) error {
	var q listQuery
	return h.read(c, &q, func(r reader) (any, error) {
		year, err := r.round(c)
		if err != nil {
			return nil, err
		}
		items, err := r.Participations(year)
		if err != nil {
			return nil, err
		}
		return page(items, q, func(p barometer.Participation) string { return p.Municipality })
	})
}

// getParticipation serves the participation of a municipality in a round.
//
//	@Summary	Read a participation
//	@ID			getParticipation
//	@Tags		rounds
//	@Param		round			path		int			true	"Year of the round"	example(2023)
//	@Param		municipality	path		string		true	"Four-digit code"	example(0707)
//	@Param		q				query		readQuery	false	"Language"
//	@Success	200				{object}	barometer.Participation
//	@Failure	default			{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/participations/{municipality} [get]
func (h *handler) getParticipation(c echo.Context) error {
	var q readQuery
	return h.read(c, &q, func(r reader) (any, error) {
		year, err := r.round(c)
		if err != nil {
			return nil, err
		}
		code, err := r.municipality(c)
		if err != nil {
			return nil, err
		}
		items, err := r.Participations(year)
		if err != nil {
			return nil, err
		}
		for _, p := range items {
			if p.Municipality == code {
				return p, nil
			}
		}
		return nil, barometer.Errorf(barometer.NotFound, "No participation of %s in round %d is recorded.", code, year)
	})
}
