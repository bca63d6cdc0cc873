package api

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/lifecycle"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// listTransitions serves how a round came to its status: from where to where, when, by whom and why.
//
//	@Summary	List the transitions of a round
//	@ID			listTransitions
//	@Tags		lifecycle
//	@Param		round	path		int			true	"Year of the round"	example(9027)
//	@Param		q		query		listQuery	false	"Page"
//	@Success	200		{object}	barometer.Page[barometer.Transition]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/transitions [get]
func (h *handler) listTransitions(c echo.Context) error {
	var q listQuery
	return h.view(c, &q, func(w *work) (reply, error) {
		r, err := w.round()
		if err != nil {
			return reply{}, err
		}
		all, err := w.tx.Transitions(w.ctx, r.Year)
		if err != nil {
			return reply{}, err
		}
		p, err := page(all, q, func(t barometer.Transition) string { return serial(t.Number) })
		return reply{body: p}, err
	})
}

// createTransition moves a round one step on, or back with a reason. To `published` it publishes: the round's figures
// are frozen and the next release is made, current at once or at `publish_at`. What blocks it is listed.
//
//	@Summary	Move a round to another status
//	@ID			createTransition
//	@Tags		lifecycle
//	@Param		round	path		int							true	"Year of the round"	example(9027)
//	@Param		body	body		barometer.TransitionInput	true	"Where to, and why"
//	@Success	201		{object}	barometer.Transition
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/transitions [post]
func (h *handler) createTransition(c echo.Context) error {
	return h.change(c, typeJSON, func(w *work) (reply, error) {
		var in barometer.TransitionInput
		if _, err := w.tx.LockDataset(w.ctx); err != nil {
			return reply{}, err
		}
		if _, err := w.lockRound(); err != nil {
			return reply{}, err
		}
		r, err := w.round() // as it stands now that nobody else moves it
		if err == nil {
			err = w.bind(&in)
		}
		if err == nil && (in.To == barometer.Published || r.Status == barometer.Published) {
			err = w.allow("publish")
		}
		if err != nil {
			return reply{}, err
		}
		done, err := lifecycle.Transition(w.ctx, w.tx, w.cat, r.Year, in)
		location := fmt.Sprintf("/v1/rounds/%d/transitions", r.Year)
		if done.Release != nil {
			location = fmt.Sprintf("/v1/releases/%d", *done.Release)
		}
		return reply{status: http.StatusCreated, location: location, about: fmt.Sprintf("/v1/rounds/%d/transitions/%d/%s", r.Year, done.Number, done.To), body: done, released: err == nil}, err
	})
}

// getChecks serves what stands between a round and its publication, with links to the rows.
//
//	@Summary	Check a round
//	@ID			getChecks
//	@Tags		lifecycle
//	@Param		round	path		int			true	"Year of the round"	example(9027)
//	@Param		q		query		readQuery	false	"Language"
//	@Success	200		{object}	barometer.Checks
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/checks [get]
func (h *handler) getChecks(c echo.Context) error {
	var q readQuery
	return h.look(c, &q, func(w *work) (reply, error) {
		r, err := w.round()
		if err != nil {
			return reply{}, err
		}
		checks, err := lifecycle.Checks(w.ctx, w.tx, w.cat, r.Year, w.lang)
		return reply{body: checks}, err
	})
}

// getProgress serves how far the entry of a round is, municipality by municipality.
//
//	@Summary	Read the progress of a round
//	@ID			getProgress
//	@Tags		lifecycle
//	@Param		round	path		int			true	"Year of the round"	example(9027)
//	@Param		q		query		readQuery	false	"Language"
//	@Success	200		{object}	barometer.Progress
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/progress [get]
func (h *handler) getProgress(c echo.Context) error {
	var q readQuery
	return h.view(c, &q, func(w *work) (reply, error) {
		r, err := w.round()
		if err != nil {
			return reply{}, err
		}
		progress, err := lifecycle.Progress(w.ctx, w.tx, w.cat, r.Year)
		return reply{body: progress}, err
	})
}
