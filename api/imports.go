package api

import (
	"bytes"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/intake"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type importQuery struct {
	// DryRun checks the file as an import does, and changes nothing.
	DryRun bool `query:"dry_run"`
	// Why outcomes that were entered before are changed, in at most 280 characters; required where the file changes any.
	Why string `query:"why" maxLength:"280" example:"Tastefejl"`
}

func (q importQuery) check(b *binder) { b.checkWhy(q.Why) }

// takeIn imports the file that was sent: all of it, or nothing where anything is wrong with it. The import records
// itself in the trail.
func (h *handler) takeIn(c echo.Context, kind intake.Kind) error {
	var q importQuery
	return h.work(c, "", &q, fileBody, func(w *work) (reply, error) {
		r, err := w.round()
		if err != nil {
			return reply{}, err
		}
		source := intake.Source{Kind: kind, Format: w.file.format, Round: &r.Year, DryRun: q.DryRun, Why: given(q.Why)}
		receipt, err := intake.Import(w.ctx, w.tx, w.cat, source, w.file)
		switch {
		case errors.Is(err, intake.ErrDryRun):
			return reply{body: receipt, undo: true}, nil
		case err != nil:
			return reply{}, err
		}
		return reply{status: http.StatusCreated, location: "/v1/imports/" + *receipt.ID, body: receipt}, nil
	})
}

// createImport takes in a file of outcomes: CSV or NDJSON with a row for each outcome, or the workbook that is a
// template filled in. All of it is taken in, or nothing: what is wrong is listed at once, with line and column.
//
//	@Summary	Import outcomes
//	@ID			createImport
//	@Tags		imports
//	@Param		round	path		int			true	"Year of the round"	example(9027)
//	@Param		q		query		importQuery	false	"Dry run"
//	@Success	200		{object}	barometer.Import
//	@Success	201		{object}	barometer.Import
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/imports [post]
func (h *handler) createImport(c echo.Context) error { return h.takeIn(c, intake.OutcomesKind) }

// importParticipations takes in a list of participations: those it names are recorded or changed, the others stay.
//
//	@Summary	Import participations
//	@ID			importParticipations
//	@Tags		imports
//	@Param		round	path		int			true	"Year of the round"	example(9027)
//	@Param		q		query		importQuery	false	"Dry run"
//	@Success	200		{object}	barometer.Import
//	@Success	201		{object}	barometer.Import
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/participations [post]
func (h *handler) importParticipations(c echo.Context) error {
	return h.takeIn(c, intake.ParticipationsKind)
}

// listImports serves the receipts of the files that were taken in, the oldest first.
//
//	@Summary	List the imports of a round
//	@ID			listImports
//	@Tags		imports
//	@Param		round	path		int			true	"Year of the round"	example(9027)
//	@Param		q		query		listQuery	false	"Page"
//	@Success	200		{object}	barometer.Page[barometer.Import]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/imports [get]
func (h *handler) listImports(c echo.Context) error {
	var q listQuery
	return h.view(c, &q, func(w *work) (reply, error) {
		r, err := w.round()
		if err != nil {
			return reply{}, err
		}
		receipts, err := w.tx.Imports(w.ctx, r.Year)
		if err != nil {
			return reply{}, err
		}
		p, err := page(receipts, q, func(i barometer.Import) string { return *i.ID })
		return reply{body: p}, err
	})
}

// getImport serves the receipt of a file that was taken in.
//
//	@Summary	Read an import
//	@ID			getImport
//	@Tags		imports
//	@Param		id		path		string	true	"Id of the import"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Success	200		{object}	barometer.Import
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/imports/{id} [get]
func (h *handler) getImport(c echo.Context) error {
	return h.view(c, &struct{}{}, func(w *work) (reply, error) {
		absent := barometer.Errorf(barometer.NotFound, "There is no such import; see /v1/rounds/{round}/imports.")
		if !ours.MatchString(w.Param("id")) {
			return reply{}, absent
		}
		receipt, err := w.tx.Import(w.ctx, w.Param("id"))
		if barometer.KindOf(err) == barometer.NotFound && err != nil {
			err = absent
		}
		return reply{body: receipt}, err
	})
}

// getTemplate serves the workbook in which the cases of a municipality in a round are entered: one row a case, one
// column a requirement, with lists to choose from, and what is entered already.
//
//	@Summary	Read the template of a municipality
//	@ID			getTemplate
//	@Tags		imports
//	@Produce	application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
//	@Param		round			path		int		true	"Year of the round"	example(9027)
//	@Param		municipality	path		string	true	"Four-digit code"	example(0707)
//	@Success	200				{file}		file	"A workbook (XLSX)"
//	@Failure	default			{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/municipalities/{municipality}/template [get]
func (h *handler) getTemplate(c echo.Context) error {
	return h.look(c, &struct{}{}, func(w *work) (reply, error) {
		r, err := w.round()
		if err != nil {
			return reply{}, err
		}
		code, err := w.municipality()
		if err != nil {
			return reply{}, err
		}
		var file bytes.Buffer
		err = intake.Template(w.ctx, w.tx, w.cat, r.Year, code, &file)
		w.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+w.Param("round")+"-"+code+`.xlsx"`)
		return reply{file: newBody(intake.XLSX.MediaType(), file.Bytes())}, err
	})
}
