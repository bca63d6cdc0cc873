package api

import (
	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/lifecycle"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

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
	pageOf := func(items []barometer.Participation, err error) (any, error) {
		if err != nil {
			return nil, err
		}
		return page(items, q, func(p barometer.Participation) string { return p.Municipality })
	}
	return h.roundOr(c, &q, func(r reader) (any, error) {
		year, err := r.round(c)
		if err != nil {
			return nil, err
		}
		return pageOf(r.Participations(year))
	}, func(w *work, year barometer.Year) (any, error) { return pageOf(w.participations(year)) })
}

// participations gives those recorded in the database, with their names.
func (w *work) participations(year barometer.Year) ([]barometer.Participation, error) {
	items, err := w.tx.Participations(w.ctx, year)
	for i := range items {
		items[i].Name = w.cat.AreaName(items[i].Municipality, w.lang)
	}
	return items, err
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
	return h.roundOr(c, &q, func(r reader) (any, error) {
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
		return participationOf(items, year, code)
	}, func(w *work, year barometer.Year) (any, error) { return w.participation(year) })
}

func participationOf(items []barometer.Participation, year barometer.Year, code string) (barometer.Participation, error) {
	for _, p := range items {
		if p.Municipality == code {
			return p, nil
		}
	}
	return barometer.Participation{}, barometer.Errorf(barometer.NotFound, "No participation of %s in round %d is recorded.", code, year)
}

// participation gives the one of a path as it stands in the database, to a municipality its own alone.
func (w *work) participation(year barometer.Year) (barometer.Participation, error) {
	code, err := w.municipality()
	if err != nil {
		return barometer.Participation{}, err
	}
	items, err := w.participations(year)
	if err != nil {
		return barometer.Participation{}, err
	}
	if w.guarded.access != all && code != w.guarded.caller.Municipality {
		items = nil
	}
	return participationOf(items, year, code)
}

// putParticipation records that a municipality takes part in a round, or changes what is recorded of it.
//
//	@Summary	Put a participation
//	@ID			putParticipation
//	@Tags		rounds
//	@Param		round			path		int								true	"Year of the round"	example(9027)
//	@Param		municipality	path		string							true	"Four-digit code"	example(0707)
//	@Param		body			body		barometer.ParticipationInput	true	"The participation"
//	@Success	200				{object}	barometer.Participation
//	@Success	201				{object}	barometer.Participation
//	@Failure	default			{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/participations/{municipality} [put]
func (h *handler) putParticipation(c echo.Context) error {
	return h.change(c, typeJSON, func(w *work) (reply, error) {
		var in barometer.ParticipationInput
		year, code, added, err := w.participationUnchanged()
		if err == nil {
			err = w.bind(&in)
		}
		if err != nil {
			return reply{}, err
		}
		if _, err := lifecycle.PutParticipation(w.ctx, w.tx, w.cat, year, code, in); err != nil {
			return reply{}, err
		}
		p, err := w.participation(year)
		return w.put(added, p), err
	})
}

// participationUnchanged finds the participation of a path for a change, and holds what is there against what the
// caller says it is changing; added where there is none yet.
func (w *work) participationUnchanged() (year barometer.Year, code string, added bool, err error) {
	if code, err = w.municipality(); err != nil {
		return 0, "", false, err
	}
	if year, err = w.lockRound(); err != nil {
		return 0, "", false, err
	}
	now, err := w.participation(year)
	if barometer.KindOf(err) == barometer.NotFound && err != nil {
		return year, code, true, w.unchanged()
	}
	if err == nil {
		err = w.unchanged(now)
	}
	return year, code, false, err
}

// deleteParticipation takes a municipality without cases out of a round.
//
//	@Summary	Delete a participation
//	@ID			deleteParticipation
//	@Tags		rounds
//	@Param		round			path	int		true	"Year of the round"	example(9027)
//	@Param		municipality	path	string	true	"Four-digit code"	example(0707)
//	@Success	204
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/participations/{municipality} [delete]
func (h *handler) deleteParticipation(c echo.Context) error {
	return h.remove(c, &struct{}{}, func(w *work) error {
		year, code, _, err := w.participationUnchanged()
		if err != nil {
			return err
		}
		return lifecycle.DeleteParticipation(w.ctx, w.tx, year, code)
	})
}
