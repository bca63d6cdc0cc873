package api

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/lifecycle"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type roundsQuery struct {
	listQuery
	// Origin keeps the rounds of this origin.
	Origin string `query:"origin" enums:"real,synthetic"`
}

// listRounds serves the rounds, by year: those that are published, and those in work that the caller may see.
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
	pageOf := func(rounds []barometer.Round) (any, error) {
		kept := slices.DeleteFunc(rounds, func(x barometer.Round) bool { return q.Origin != "" && string(x.Origin) != q.Origin })
		return page(kept, q.listQuery, func(x barometer.Round) string { return strconv.Itoa(int(x.Year)) })
	}
	if guardOf(c).access == published {
		return h.read(c, &q, func(r reader) (any, error) { return pageOf(r.Rounds()) })
	}
	return h.view(c, &q, func(w *work) (reply, error) {
		rounds, err := w.rounds()
		if err != nil {
			return reply{}, err
		}
		p, err := pageOf(rounds)
		return reply{body: p}, err
	})
}

// rounds gives the rounds as they stand in the database for who works on them; for who sees a part of that alone the
// published ones, and as they stand those that are in hearing or announced.
func (w *work) rounds() ([]barometer.Round, error) {
	working, err := w.tx.Rounds(w.ctx)
	if err != nil {
		return nil, err
	}
	seen := map[barometer.Year]barometer.Round{}
	if w.guarded.access != all {
		for _, r := range w.snapshot.Rounds() {
			seen[r.Year] = r
		}
	}
	for _, r := range working {
		if w.guarded.access == all || report.HasLiveFigures(r, w.snapshot.Announced()) {
			if seen[r.Year], err = w.asItStands(r.Year); err != nil {
				return nil, err
			}
		}
	}
	return slices.Collect(maps.Values(seen)), nil
}

// asItStands gives a round as it stands in the database, with the revision of its publication.
func (w *work) asItStands(year barometer.Year) (barometer.Round, error) {
	r, err := w.tx.RoundAsItStands(w.ctx, year)
	if p, notPublished := w.snapshot.Round(year); notPublished == nil {
		r.Revision = p.Revision
	}
	return r, err
}

// works tells whether a round is shown to the caller as it stands in the database, and not as it is published.
func (w *work) works(year barometer.Year) (bool, error) {
	r, err := w.tx.Round(w.ctx, year)
	if barometer.KindOf(err) == barometer.NotFound && err != nil {
		return false, nil
	}
	return w.guarded.access == all || report.HasLiveFigures(r, w.snapshot.Announced()), err
}

// getRound serves a round: as it is published, or as it stands to who works on it.
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
	return h.roundOr(c, &q, func(r reader) (any, error) {
		year, err := r.round(c)
		if err != nil {
			return nil, err
		}
		return r.Round(year)
	}, func(w *work, year barometer.Year) (any, error) { return w.asItStands(year) })
}

// roundOr serves something of a round as it is published, or as it stands where the caller sees it so.
func (h *handler) roundOr(c echo.Context, q any, asPublished func(reader) (any, error), asItStands func(*work, barometer.Year) (any, error)) error {
	if guardOf(c).access == published {
		return h.orRefused(c, h.read(c, q, asPublished))
	}
	return h.view(c, q, func(w *work) (reply, error) {
		year := yearOf(w.Param("round"))
		works, err := w.works(year)
		if err != nil {
			return reply{}, err
		}
		var body any
		if works {
			body, err = asItStands(w, year)
		} else {
			body, err = asPublished(reader{Snapshot: w.snapshot, cat: w.cat, lang: w.lang})
		}
		return reply{body: body}, err
	})
}

// createRound makes a round, as a draft. Its year says its origin: synthetic from 9000 on.
//
//	@Summary	Create a round
//	@ID			createRound
//	@Tags		rounds
//	@Param		body	body		barometer.RoundInput	true	"The round"
//	@Success	201		{object}	barometer.Round
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds [post]
func (h *handler) createRound(c echo.Context) error {
	return h.change(c, typeJSON, func(w *work) (reply, error) {
		var in barometer.RoundInput
		if err := w.bind(&in); err != nil {
			return reply{}, err
		}
		made, err := lifecycle.CreateRound(w.ctx, w.tx, in)
		if err == nil {
			made, err = w.asItStands(made.Year)
		}
		return reply{status: http.StatusCreated, location: fmt.Sprintf("/v1/rounds/%d", made.Year), body: made}, err
	})
}

// lockRound finds the round of a path for a change: nobody else changes it until the answer.
func (w *work) lockRound() (barometer.Year, error) {
	r, err := w.round()
	if err == nil {
		_, err = w.tx.LockRound(w.ctx, r.Year, true)
	}
	return r.Year, err
}

// updateRound changes a round while it is a draft.
//
//	@Summary	Change a round
//	@ID			updateRound
//	@Tags		rounds
//	@Accept		application/merge-patch+json
//	@Param		round	path		int						true	"Year of the round"	example(9027)
//	@Param		body	body		barometer.RoundPatch	true	"What changes; null takes a member out"
//	@Success	200		{object}	barometer.Round
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round} [patch]
func (h *handler) updateRound(c echo.Context) error {
	return h.change(c, typeMerge, func(w *work) (reply, error) {
		year, err := w.lockRound()
		if err != nil {
			return reply{}, err
		}
		now, err := w.asItStands(year)
		if err == nil {
			err = w.unchanged(now)
		}
		if err != nil {
			return reply{}, err
		}
		to := now.Patch()
		if err := w.bindPatch(&to); err != nil {
			return reply{}, err
		}
		if _, err := lifecycle.ChangeRound(w.ctx, w.tx, w.cat, year, to); err != nil {
			return reply{}, err
		}
		now, err = w.asItStands(year)
		return reply{body: now}, err
	})
}

// deleteRound deletes a draft that has no cases and was never published.
//
//	@Summary	Delete a round
//	@ID			deleteRound
//	@Tags		rounds
//	@Param		round	path	int	true	"Year of the round"	example(9027)
//	@Success	204
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round} [delete]
func (h *handler) deleteRound(c echo.Context) error {
	return h.remove(c, &struct{}{}, func(w *work) error {
		year, err := w.lockRound()
		if err != nil {
			return err
		}
		now, err := w.asItStands(year)
		if err == nil {
			err = w.unchanged(now)
		}
		if err != nil {
			return err
		}
		return lifecycle.DeleteRound(w.ctx, w.tx, year)
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
	asPublished := func(r reader) (any, error) {
		year, err := r.round(c)
		if err != nil {
			return nil, err
		}
		items, err := r.RoundRequirements(year, r.lang)
		if err != nil {
			return nil, err
		}
		return page(items, q, byRequirement)
	}
	return h.roundOr(c, &q, asPublished, func(w *work, year barometer.Year) (any, error) {
		r, err := w.tx.Round(w.ctx, year)
		if err != nil {
			return nil, err
		}
		if !r.RequirementsKnown {
			return asPublished(reader{Snapshot: w.snapshot, cat: w.cat, lang: w.lang})
		}
		items, err := w.asked(year, w.lang)
		if err != nil {
			return nil, err
		}
		return page(items, q, byRequirement)
	})
}

func byRequirement(x barometer.RoundRequirement) string { return x.Requirement }

// asked gives the requirements that a round asks as they stand in the database, with their texts.
func (w *work) asked(year barometer.Year, lang barometer.Lang) ([]barometer.RoundRequirement, error) {
	items, err := w.tx.RoundRequirements(w.ctx, year)
	for i := range items {
		asked, item := true, &items[i]
		q, _ := w.cat.Requirement(item.Requirement, lang)
		item.Theme, item.Question, item.Asked = q.Theme, q.Question, &asked
		if own := map[barometer.Lang]*string{barometer.Danish: item.QuestionDa, barometer.English: item.QuestionEn}[lang]; own != nil {
			item.Question = *own
		}
	}
	return items, err
}

// putRoundRequirements replaces the requirements that a round asks, with the practice they are judged by, while it is a
// draft.
//
//	@Summary	Replace the requirements of a round
//	@ID			putRoundRequirements
//	@Tags		rounds
//	@Param		round	path		int									true	"Year of the round"	example(9027)
//	@Param		body	body		barometer.RoundRequirementsInput	true	"What the round asks"
//	@Success	200		{object}	barometer.Page[barometer.RoundRequirement]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/requirements [put]
func (h *handler) putRoundRequirements(c echo.Context) error {
	return h.change(c, typeJSON, func(w *work) (reply, error) {
		var in barometer.RoundRequirementsInput
		year, err := w.lockRound()
		if err != nil {
			return reply{}, err
		}
		danish, err := w.askedPage(year, barometer.Danish)
		if err != nil {
			return reply{}, err
		}
		english, err := w.askedPage(year, barometer.English)
		if err == nil {
			err = w.unchanged(danish, english)
		}
		if err == nil {
			err = w.bind(&in)
		}
		if err != nil {
			return reply{}, err
		}
		if _, err := lifecycle.PutRequirements(w.ctx, w.tx, w.cat, year, in); err != nil {
			return reply{}, err
		}
		p, err := w.askedPage(year, w.lang)
		return reply{body: p}, err
	})
}

// askedPage gives what a round asks in the form in which the whole of it is read.
func (w *work) askedPage(year barometer.Year, lang barometer.Lang) (barometer.Page[barometer.RoundRequirement], error) {
	items, err := w.asked(year, lang)
	if err != nil {
		return barometer.Page[barometer.RoundRequirement]{}, err
	}
	return page(items, listQuery{Limit: 100}, byRequirement)
}
