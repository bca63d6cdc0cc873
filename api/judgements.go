package api

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/lifecycle"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type judgementsQuery struct {
	listQuery
	// Requirement keeps the judgements of any of these requirements.
	Requirement []string `query:"requirement" codes:"requirement" example:"investigation_within_four_months"`
}

// listJudgements serves the judgements of comparability of the current release, by id; to a lead those of the next one. They are opinions with an author, and may be
// disputed: an exact pair of rounds decides, otherwise the worst break between the two.
//
//	@Summary	List the judgements of comparability
//	@ID			listJudgements
//	@Tags		reference
//	@Param		q		query		judgementsQuery	false	"Filter and page"
//	@Success	200		{object}	barometer.Page[barometer.Judgement]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/comparability [get]
func (h *handler) listJudgements(c echo.Context) error {
	var q judgementsQuery
	pageOf := func(all []barometer.Judgement) (any, error) {
		found := slices.DeleteFunc(slices.Clone(all), func(j barometer.Judgement) bool {
			return q.Requirement != nil && !slices.Contains(q.Requirement, j.Requirement)
		})
		return page(found, q.listQuery, func(j barometer.Judgement) string { return j.ID })
	}
	if guardOf(c).access == published {
		return h.read(c, &q, func(r reader) (any, error) { return pageOf(r.Judgements()) })
	}
	return h.view(c, &q, func(w *work) (reply, error) {
		all, err := w.tx.Judgements(w.ctx)
		if err != nil {
			return reply{}, err
		}
		p, err := pageOf(all)
		return reply{body: p}, err
	})
}

// getJudgement serves one judgement of comparability.
//
//	@Summary	Read a judgement of comparability
//	@ID			getJudgement
//	@Tags		reference
//	@Param		id		path		string		true	"Id: break.REQUIREMENT.SINCE or pair.REQUIREMENT.FROM.TO"	example(break.investigation_within_four_months.2023)
//	@Param		q		query		readQuery	false	"Language"
//	@Success	200		{object}	barometer.Judgement
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/comparability/{id} [get]
func (h *handler) getJudgement(c echo.Context) error {
	var q readQuery
	if guardOf(c).access != published {
		return h.view(c, &q, func(w *work) (reply, error) {
			j, err := w.judgement()
			return reply{body: j}, err
		})
	}
	return h.read(c, &q, func(r reader) (any, error) {
		for _, j := range r.Judgements() {
			if j.ID == c.Param("id") {
				return j, nil
			}
		}
		return nil, errNoJudgement
	})
}

var errNoJudgement = barometer.Errorf(barometer.NotFound, "There is no such judgement; see /v1/comparability.")

// judgement finds the one of a path as it stands in the database.
func (w *work) judgement() (barometer.Judgement, error) {
	id := w.Param("id")
	if !ours.MatchString(id) {
		return barometer.Judgement{}, errNoJudgement
	}
	j, err := w.tx.Judgement(w.ctx, id)
	if barometer.KindOf(err) == barometer.NotFound && err != nil {
		err = errNoJudgement
	}
	return j, err
}

// judgementUnchanged finds the judgement of a path for a change.
func (w *work) judgementUnchanged() (barometer.Judgement, error) {
	if _, err := w.tx.LockDataset(w.ctx); err != nil {
		return barometer.Judgement{}, err
	}
	j, err := w.judgement()
	if err == nil {
		err = w.unchanged(j)
	}
	return j, err
}

// createJudgement records a judgement of comparability, which takes effect with the next release.
//
//	@Summary	Record a judgement of comparability
//	@ID			createJudgement
//	@Tags		reference
//	@Param		body	body		barometer.JudgementInput	true	"The judgement"
//	@Success	201		{object}	barometer.Judgement
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/comparability [post]
func (h *handler) createJudgement(c echo.Context) error {
	return h.change(c, typeJSON, func(w *work) (reply, error) {
		var in barometer.JudgementInput
		if err := w.bind(&in); err != nil {
			return reply{}, err
		}
		made, err := lifecycle.CreateJudgement(w.ctx, w.tx, w.cat, in)
		return reply{status: http.StatusCreated, location: "/v1/comparability/" + made.ID, body: made}, err
	})
}

// updateJudgement changes a judgement of comparability, which takes effect with the next release.
//
//	@Summary	Change a judgement of comparability
//	@ID			updateJudgement
//	@Tags		reference
//	@Accept		application/merge-patch+json
//	@Param		id		path		string						true	"Id"	example(break.investigation_within_four_months.2023)
//	@Param		body	body		barometer.JudgementPatch	true	"What changes; null takes a member out"
//	@Success	200		{object}	barometer.Judgement
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/comparability/{id} [patch]
func (h *handler) updateJudgement(c echo.Context) error {
	return h.change(c, typeMerge, func(w *work) (reply, error) {
		j, err := w.judgementUnchanged()
		if err != nil {
			return reply{}, err
		}
		to := j.Patch()
		if err := w.bindPatch(&to); err != nil {
			return reply{}, err
		}
		j, err = lifecycle.ChangeJudgement(w.ctx, w.tx, w.cat, j.ID, to)
		return reply{body: j}, err
	})
}

// deleteJudgement deletes a judgement of comparability, which takes effect with the next release.
//
//	@Summary	Delete a judgement of comparability
//	@ID			deleteJudgement
//	@Tags		reference
//	@Param		id	path	string	true	"Id"	example(break.investigation_within_four_months.2023)
//	@Success	204
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/comparability/{id} [delete]
func (h *handler) deleteJudgement(c echo.Context) error {
	return h.remove(c, &struct{}{}, func(w *work) error {
		j, err := w.judgementUnchanged()
		if err != nil {
			return err
		}
		return lifecycle.DeleteJudgement(w.ctx, w.tx, j.ID)
	})
}
