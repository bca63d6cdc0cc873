package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// publications gives those of a round that have been public, withdrawn ones too; an announced one is none yet.
func (h *handler) publications(ctx context.Context, r reader, c echo.Context) ([]barometer.Publication, error) {
	year := yearOf(c.Param("round"))
	released := map[int]bool{}
	for _, release := range r.Releases() {
		for _, held := range release.Rounds {
			if release.Status == barometer.ReleasePublished && held.Round == year {
				released[held.Revision] = true
			}
		}
	}
	if len(released) == 0 {
		_, err := r.round(c)
		return nil, err
	}
	all, err := h.store.Publications(ctx, year)
	public := []barometer.Publication{}
	for _, p := range all {
		if released[p.Revision] {
			public = append(public, p)
		}
	}
	return public, err
}

// listPublications serves the publications of a round, the oldest first: withdrawn ones too, with when and why.
//
//	@Summary	List the publications of a round
//	@ID			listPublications
//	@Tags		releases
//	@Param		round	path		int			true	"Year of the round"	example(2023)
//	@Param		q		query		listQuery	false	"Page"
//	@Success	200		{object}	barometer.Page[barometer.Publication]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/publications [get]
func (h *handler) listPublications(c echo.Context) error {
	var q listQuery
	return h.read(c, &q, func(r reader) (any, error) {
		all, err := h.publications(c.Request().Context(), r, c)
		if err != nil {
			return nil, err
		}
		return page(all, q, func(p barometer.Publication) string { return serial(p.Revision) })
	})
}

// getPublication serves a publication of a round. Of a withdrawn one there is nothing left but when and why.
//
//	@Summary	Read a publication
//	@ID			getPublication
//	@Tags		releases
//	@Param		round		path		int			true	"Year of the round"	example(2023)
//	@Param		revision	path		int			true	"Its number"		example(1)
//	@Param		q			query		readQuery	false	"Language"
//	@Success	200			{object}	barometer.Publication
//	@Failure	default		{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/publications/{revision} [get]
func (h *handler) getPublication(c echo.Context) error {
	var q readQuery
	return h.read(c, &q, func(r reader) (any, error) {
		all, err := h.publications(c.Request().Context(), r, c)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			switch {
			case fmt.Sprint(p.Revision) != c.Param("revision"):
			case p.WithdrawnAt != nil:
				return nil, barometer.Errorf(barometer.Gone, "It was withdrawn on %s: %s", p.WithdrawnAt.Format("2006-01-02"), *p.WithdrawnReason)
			default:
				return p, nil
			}
		}
		return nil, barometer.Errorf(barometer.NotFound, "The round has no such publication; see /v1/rounds/%s/publications.", c.Param("round"))
	})
}

// withdrawPublication takes a publication back, such as where a child could be recognised: its figures go, from every
// release that held them, a tombstone stays, and a release without it is made.
//
//	@Summary	Withdraw a publication
//	@ID			withdrawPublication
//	@Tags		releases
//	@Param		round		path		int							true	"Year of the round"	example(9027)
//	@Param		revision	path		int							true	"Its number"		example(1)
//	@Param		body		body		barometer.WithdrawalInput	true	"Why"
//	@Success	201			{object}	barometer.Release
//	@Failure	default		{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/publications/{revision}/withdrawal [post]
func (h *handler) withdrawPublication(c echo.Context) error {
	return h.change(c, typeJSON, func(w *work) (reply, error) {
		var in barometer.WithdrawalInput
		if err := w.bind(&in); err != nil {
			return reply{}, err
		}
		if _, err := w.tx.LockDataset(w.ctx); err != nil {
			return reply{}, err
		}
		year, err := w.lockRound()
		if err != nil {
			return reply{}, err
		}
		release, err := report.Withdraw(w.ctx, w.tx, w.cat, year, w.number("revision"), in.Reason)
		return reply{status: http.StatusCreated, location: fmt.Sprintf("/v1/releases/%d", release.Number), body: release, released: err == nil}, err
	})
}
