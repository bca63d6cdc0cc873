package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/casework"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type casesQuery struct {
	listQuery
	// Municipality keeps the cases of these municipalities.
	Municipality []string `query:"municipality" codes:"municipality" example:"0707"`
	// CaseType keeps the cases of these types.
	CaseType []barometer.CaseType `query:"case_type" enums:"family_treatment,placement,placement_without_consent"`
	// Requirement keeps the cases that have an outcome of one of these requirements.
	Requirement []string `query:"requirement" codes:"requirement"`
	// Outcome keeps the cases that have one of these outcomes; with requirement, of one of those.
	Outcome []barometer.Outcome `query:"outcome" enums:"met,met_by_exception,not_met,not_applicable,not_assessable"`
	// Reason keeps the cases that have an outcome for one of these reasons.
	Reason []barometer.Reason `query:"reason" codes:"reason"`
	// Assigned keeps the cases of one auditor, by the id of the key, or `none`: those that nobody enters.
	Assigned string `query:"assigned" pattern:"^([a-z2-7]{8}|none)$" want:"the id of a key, or none"`
	// Completeness keeps the cases whose entry is so far.
	Completeness barometer.Completeness `query:"completeness" enums:"complete,incomplete,withdrawn"`
}

// listCases serves the cases of a round with how far their entry is, by municipality and reference.
//
//	@Summary	List the cases of a round
//	@ID			listCases
//	@Tags		cases
//	@Param		round	path		int			true	"Year of the round"	example(9027)
//	@Param		q		query		casesQuery	false	"Filter and page"
//	@Success	200		{object}	barometer.Page[barometer.CaseItem]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/cases [get]
func (h *handler) listCases(c echo.Context) error {
	var q casesQuery
	return h.look(c, &q, func(w *work) (reply, error) {
		after, err := cursorOf[barometer.CaseItem](q.listQuery)
		if err != nil {
			return reply{}, err
		}
		r, err := w.round()
		if err != nil {
			return reply{}, err
		}
		if err := w.assignedExists(q.Assigned); err != nil {
			return reply{}, err
		}
		municipality, reference, _ := strings.Cut(after, ".")
		items, err := w.tx.CaseItems(w.ctx, store.CaseFilter{
			Round: r.Year, Municipalities: q.Municipality, CaseTypes: q.CaseType, Requirements: q.Requirement, Outcomes: q.Outcome,
			Reasons: q.Reason, Assigned: q.Assigned, Completeness: q.Completeness,
			AfterMunicipality: municipality, AfterReference: reference, Limit: q.Limit + 1,
		})
		if err != nil {
			return reply{}, err
		}
		return reply{body: pageOf(items, q.listQuery, func(i barometer.CaseItem) string { return i.Municipality + "." + i.Reference })}, nil
	})
}

// assignedExists refuses to look for the cases of a key that there is none of.
func (w *work) assignedExists(id string) error {
	if id == "" || id == store.AssignedToNobody {
		return nil
	}
	_, err := w.tx.Key(w.ctx, id)
	if barometer.KindOf(err) == barometer.NotFound && err != nil {
		return malformed(barometer.FieldError{Parameter: "assigned", Code: "unknown_value", Detail: "there is no such key; allowed: the id of a key, or none"})
	}
	return err
}

// createCase makes a case of a participant of a round. Without a reference it gets one that says nothing of anybody.
//
//	@Summary	Create a case
//	@ID			createCase
//	@Tags		cases
//	@Param		round	path		int					true	"Year of the round"	example(9027)
//	@Param		body	body		barometer.CaseInput	true	"The case"
//	@Success	201		{object}	barometer.Case
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/cases [post]
func (h *handler) createCase(c echo.Context) error {
	return h.change(c, typeJSON, func(w *work) (reply, error) {
		var in barometer.CaseInput
		r, err := w.round()
		if err == nil {
			err = w.bind(&in)
		}
		if err != nil {
			return reply{}, err
		}
		made, err := casework.Create(w.ctx, w.tx, w.cat, r.Year, in)
		return reply{status: http.StatusCreated, location: "/v1/cases/" + made.ID, body: made}, err
	})
}

// getCase serves a case.
//
//	@Summary	Read a case
//	@ID			getCase
//	@Tags		cases
//	@Param		case	path		string	true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Success	200		{object}	barometer.Case
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case} [get]
func (h *handler) getCase(c echo.Context) error {
	return h.look(c, &struct{}{}, func(w *work) (reply, error) {
		found, err := w.tx.Case(w.ctx, w.Param("case"))
		return reply{body: found}, err
	})
}

// updateCase changes a case: its reference and type, who enters it, and whether it is withdrawn, which needs a reason.
//
//	@Summary	Change a case
//	@ID			updateCase
//	@Tags		cases
//	@Accept		application/merge-patch+json
//	@Param		case	path		string				true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Param		body	body		barometer.CasePatch	true	"What changes; null takes a member out"
//	@Success	200		{object}	barometer.Case
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case} [patch]
func (h *handler) updateCase(c echo.Context) error {
	return h.change(c, typeMerge, func(w *work) (reply, error) {
		found, err := casework.Open(w.ctx, w.tx, w.Param("case"))
		if err == nil {
			err = w.unchanged(found)
		}
		if err != nil {
			return reply{}, err
		}
		to := barometer.CasePatch{
			Reference: found.Reference, CaseType: found.CaseType, AssignedTo: found.AssignedTo,
			Withdrawn: found.Withdrawn, WithdrawnReason: found.WithdrawnReason,
		}
		if err := w.bindPatch(&to); err != nil {
			return reply{}, err
		}
		found, err = casework.Change(w.ctx, w.tx, found, to)
		return reply{body: found}, err
	})
}

// deleteCase deletes a case for which no outcome was ever entered; another one is withdrawn instead.
//
//	@Summary	Delete a case
//	@ID			deleteCase
//	@Tags		cases
//	@Param		case	path	string	true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Success	204
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case} [delete]
func (h *handler) deleteCase(c echo.Context) error {
	return h.remove(c, &struct{}{}, func(w *work) error {
		found, err := casework.Open(w.ctx, w.tx, w.Param("case"))
		if err == nil {
			err = w.unchanged(found)
		}
		if err != nil {
			return err
		}
		return casework.Delete(w.ctx, w.tx, found)
	})
}
