package api

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/casework"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// getForm serves all outcomes of a case: every requirement that the round asks of it and of its notifications, entered
// or not. It can be put back as it is.
//
//	@Summary	Read the form of a case
//	@ID			getForm
//	@Tags		cases
//	@Param		case	path		string	true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Success	200		{object}	barometer.Form
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/outcomes [get]
func (h *handler) getForm(c echo.Context) error {
	return h.look(c, &struct{}{}, func(w *work) (reply, error) {
		found, err := w.tx.Case(w.ctx, w.Param("case"))
		if err != nil {
			return reply{}, err
		}
		form, err := casework.Form(w.ctx, w.tx, w.cat, found)
		return reply{body: form}, err
	})
}

// putForm replaces all outcomes of a case at once. What is left out is not entered afterwards.
//
//	@Summary	Replace the form of a case
//	@ID			putForm
//	@Tags		cases
//	@Param		case	path		string				true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Param		body	body		barometer.FormInput	true	"The outcomes"
//	@Success	200		{object}	barometer.Form
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/outcomes [put]
func (h *handler) putForm(c echo.Context) error {
	return h.change(c, typeJSON, func(w *work) (reply, error) {
		var in barometer.FormInput
		found, err := casework.Open(w.ctx, w.tx, w.Param("case"))
		if err != nil {
			return reply{}, err
		}
		form, err := casework.Form(w.ctx, w.tx, w.cat, found)
		if err == nil {
			err = w.unchanged(form)
		}
		if err == nil {
			err = w.bind(&in)
		}
		if err != nil {
			return reply{}, err
		}
		form, err = casework.PutForm(w.ctx, w.tx, w.cat, found, in)
		return reply{body: form}, err
	})
}

// cell reads which outcome a path is about: of a notification where it names one, else of the case.
func (w *work) cell() barometer.Cell {
	at := barometer.Cell{Requirement: w.Param("requirement")}
	if w.Param("number") != "" {
		at.Number = w.number("number")
		if at.Number == 0 {
			at.Requirement = "" // no notification has such a number, so it has no outcome either
		}
	}
	return at
}

// getOutcome serves one entered outcome of a case.
//
//	@Summary	Read an outcome
//	@ID			getOutcome
//	@Tags		cases
//	@Param		case		path		string	true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Param		requirement	path		string	true	"Code"				example(child_heard)
//	@Success	200			{object}	barometer.OutcomeRecord
//	@Failure	default		{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/outcomes/{requirement} [get]
func (h *handler) getOutcome(c echo.Context) error {
	return h.look(c, &struct{}{}, func(w *work) (reply, error) {
		found, err := w.tx.Case(w.ctx, w.Param("case"))
		if err != nil {
			return reply{}, err
		}
		record, err := casework.Outcome(w.ctx, w.tx, w.cat, found, w.cell())
		return reply{body: record}, err
	})
}

// putOutcome enters an outcome of a case, or changes it, which needs a reason.
//
//	@Summary	Enter or change an outcome
//	@ID			putOutcome
//	@Tags		cases
//	@Param		case		path		string					true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Param		requirement	path		string					true	"Code"				example(child_heard)
//	@Param		body		body		barometer.OutcomeInput	true	"The outcome"
//	@Success	200			{object}	barometer.OutcomeRecord
//	@Success	201			{object}	barometer.OutcomeRecord
//	@Failure	default		{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/outcomes/{requirement} [put]
func (h *handler) putOutcome(c echo.Context) error {
	return h.change(c, typeJSON, func(w *work) (reply, error) {
		var in barometer.OutcomeInput
		found, err := casework.Open(w.ctx, w.tx, w.Param("case"))
		if err != nil {
			return reply{}, err
		}
		status, err := w.outcomeUnchanged(found)
		if err == nil {
			err = w.bind(&in)
		}
		if err != nil {
			return reply{}, err
		}
		record, err := casework.PutOutcome(w.ctx, w.tx, w.cat, found, w.cell(), in)
		return w.put(status == http.StatusCreated, record), err
	})
}

// outcomeUnchanged holds the outcome that is there against what the caller says it is changing, and gives the status of
// an answer where it may be put.
func (w *work) outcomeUnchanged(found barometer.Case) (status int, err error) {
	record, err := casework.Outcome(w.ctx, w.tx, w.cat, found, w.cell())
	switch {
	case err == nil:
		return http.StatusOK, w.unchanged(record)
	case barometer.KindOf(err) == barometer.NotFound:
		return http.StatusCreated, w.unchanged()
	}
	return 0, err
}

type removalQuery struct {
	// Why the outcomes are removed, in at most 280 characters.
	Why string `query:"why" maxLength:"280" example:"Tastefejl"`
}

func (q removalQuery) check(b *binder) { b.checkWhy(q.Why) }

func (b *binder) checkWhy(text string) {
	if code, detail := barometer.CheckText(text, barometer.MostNote); code != "" && !b.refused("why") {
		b.refuse("why", code, "%s", detail)
	}
}

func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// deleteOutcome removes an entered outcome of a case, which needs a reason; its revisions stay.
//
//	@Summary	Remove an outcome
//	@ID			deleteOutcome
//	@Tags		cases
//	@Param		case		path	string			true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Param		requirement	path	string			true	"Code"				example(child_heard)
//	@Param		q			query	removalQuery	false	"Reason"
//	@Success	204
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/outcomes/{requirement} [delete]
func (h *handler) deleteOutcome(c echo.Context) error {
	var q removalQuery
	return h.remove(c, &q, func(w *work) error {
		found, err := casework.Open(w.ctx, w.tx, w.Param("case"))
		if err != nil {
			return err
		}
		record, err := casework.Outcome(w.ctx, w.tx, w.cat, found, w.cell())
		if err == nil {
			err = w.unchanged(record)
		}
		if err != nil {
			return err
		}
		return casework.DeleteOutcome(w.ctx, w.tx, w.cat, found, w.cell(), given(q.Why))
	})
}

// listRevisions serves what an outcome was over time, with who entered it, when and why: the oldest first, the present
// one last.
//
//	@Summary	List the revisions of an outcome
//	@ID			listRevisions
//	@Tags		cases
//	@Param		case		path		string		true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Param		requirement	path		string		true	"Code"				example(child_heard)
//	@Param		q			query		listQuery	false	"Page"
//	@Success	200			{object}	barometer.Page[barometer.Revision]
//	@Failure	default		{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/outcomes/{requirement}/revisions [get]
func (h *handler) listRevisions(c echo.Context) error {
	var q listQuery
	return h.look(c, &q, func(w *work) (reply, error) {
		found, err := w.tx.Case(w.ctx, w.Param("case"))
		if err != nil {
			return reply{}, err
		}
		revisions, err := casework.Revisions(w.ctx, w.tx, w.cat, found, w.cell())
		if err != nil {
			return reply{}, err
		}
		p, err := page(revisions, q, func(r barometer.Revision) string { return serial(r.Revision) })
		return reply{body: p}, err
	})
}

// serial writes a number so that texts sort as the numbers do.
func serial(n int) string {
	const digits = 12
	text := strconv.Itoa(n)
	return "000000000000"[:max(digits-len(text), 0)] + text
}
