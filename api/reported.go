package api

import (
	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/lifecycle"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// listReportedResults serves the figures of a round as sources printed them, as they will be in the next release.
//
//	@Summary	List the reported results of a round
//	@ID			listReportedResults
//	@Tags		records
//	@Param		round	path		int			true	"Year of the round"	example(2023)
//	@Param		q		query		listQuery	false	"Page"
//	@Success	200		{object}	barometer.Page[barometer.ReportedResult]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/reported-results [get]
func (h *handler) listReportedResults(c echo.Context) error {
	var q listQuery
	return h.view(c, &q, func(w *work) (reply, error) {
		r, err := w.round()
		if err != nil {
			return reply{}, err
		}
		all, err := w.tx.ReportedResults(w.ctx, r.Year)
		if err != nil {
			return reply{}, err
		}
		p, err := page(all, q, func(f barometer.ReportedResult) string { return f.Area + "." + f.Requirement })
		return reply{body: p}, err
	})
}

// reported finds which figure a path is about, and the figure where there is one.
func (w *work) reported() (f barometer.ReportedResult, err error) {
	r, err := w.round()
	if err != nil {
		return f, err
	}
	at := barometer.ReportedResult{Round: r.Year, Area: w.Param("area")}
	if _, known := w.cat.Municipality(at.Area); !known && at.Area != barometer.Country {
		return f, barometer.Errorf(barometer.NotFound, "There is no such area; it is a municipality's four-digit code, or dk.")
	}
	if at.Requirement, err = (reader{cat: w.cat}).requirement(w.Context); err != nil {
		return f, err
	}
	f, err = w.tx.ReportedResult(w.ctx, at.Round, at.Area, at.Requirement)
	if barometer.KindOf(err) == barometer.NotFound && err != nil {
		return at, barometer.Errorf(barometer.NotFound, "No reported figure of %s is recorded for %s in round %d.", at.Requirement, at.Area, at.Round)
	}
	return f, err
}

// reportedUnchanged finds the figure of a path for a change; added where there is none yet.
func (w *work) reportedUnchanged() (f barometer.ReportedResult, added bool, err error) {
	if _, err := w.tx.LockDataset(w.ctx); err != nil {
		return f, false, err
	}
	f, err = w.reported()
	switch {
	case err == nil:
		err = w.unchanged(f)
	case barometer.KindOf(err) == barometer.NotFound && f.Requirement != "":
		added, err = true, w.unchanged()
	}
	return f, added, err
}

// getReportedResult serves a figure as a source printed it.
//
//	@Summary	Read a reported result
//	@ID			getReportedResult
//	@Tags		records
//	@Param		round		path		int		true	"Year of the round"			example(2023)
//	@Param		area		path		string	true	"Four-digit code, or dk"	example(0707)
//	@Param		requirement	path		string	true	"Code"						example(child_heard)
//	@Success	200			{object}	barometer.ReportedResult
//	@Failure	default		{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/reported-results/{area}/{requirement} [get]
func (h *handler) getReportedResult(c echo.Context) error {
	return h.view(c, &struct{}{}, func(w *work) (reply, error) {
		f, err := w.reported()
		return reply{body: f}, err
	})
}

// putReportedResult records a figure as a source printed it, or changes it; it takes effect with the next release.
//
//	@Summary	Put a reported result
//	@ID			putReportedResult
//	@Tags		records
//	@Param		round		path		int						true	"Year of the round"			example(2023)
//	@Param		area		path		string					true	"Four-digit code, or dk"	example(0707)
//	@Param		requirement	path		string					true	"Code"						example(child_heard)
//	@Param		body		body		barometer.ReportedInput	true	"The figure"
//	@Success	200			{object}	barometer.ReportedResult
//	@Success	201			{object}	barometer.ReportedResult
//	@Failure	default		{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/reported-results/{area}/{requirement} [put]
func (h *handler) putReportedResult(c echo.Context) error {
	return h.change(c, typeJSON, func(w *work) (reply, error) {
		var in barometer.ReportedInput
		f, added, err := w.reportedUnchanged()
		if err == nil {
			err = w.bind(&in)
		}
		if err != nil {
			return reply{}, err
		}
		at := barometer.ReportedResult{Round: f.Round, Area: f.Area, Requirement: f.Requirement}
		f, err = lifecycle.PutReported(w.ctx, w.tx, w.cat, at, in)
		return w.put(added, f), err
	})
}

// deleteReportedResult deletes a reported figure; it takes effect with the next release.
//
//	@Summary	Delete a reported result
//	@ID			deleteReportedResult
//	@Tags		records
//	@Param		round		path	int		true	"Year of the round"			example(2023)
//	@Param		area		path	string	true	"Four-digit code, or dk"	example(0707)
//	@Param		requirement	path	string	true	"Code"						example(child_heard)
//	@Success	204
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/reported-results/{area}/{requirement} [delete]
func (h *handler) deleteReportedResult(c echo.Context) error {
	return h.remove(c, &struct{}{}, func(w *work) error {
		f, _, err := w.reportedUnchanged()
		if err != nil {
			return err
		}
		return lifecycle.DeleteReported(w.ctx, w.tx, f)
	})
}
