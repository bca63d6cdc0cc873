package api

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type auditQuery struct {
	listQuery
	// Kind keeps changes, reads or refusals.
	Kind string `query:"kind" enums:"change,read,refused"`
	// Caller keeps the events of a key, of `public` or of `command-line`.
	Caller string `query:"caller" pattern:"^[a-z0-9-]{1,64}$" example:"k7q2mzd4"`
	// Action keeps the events of an operation.
	Action string `query:"action" pattern:"^[A-Za-z]{1,64}$" example:"putOutcome"`
	// Resource keeps the events of a path and of all below it.
	Resource string `query:"resource" pattern:"^/[A-Za-z0-9_./:-]{0,200}$" example:"/v1/rounds/9027"`
}

// listAuditEvents serves the trail, the oldest event first: who did what to which thing, and when.
//
//	@Summary	List the audit events
//	@ID			listAuditEvents
//	@Tags		trail
//	@Param		q		query		auditQuery	false	"Filter and page"
//	@Success	200		{object}	barometer.Page[barometer.AuditEvent]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/audit-events [get]
func (h *handler) listAuditEvents(c echo.Context) error {
	var q auditQuery
	return h.view(c, &q, func(w *work) (reply, error) {
		after, err := cursorOf[barometer.AuditEvent](q.listQuery)
		if err != nil {
			return reply{}, err
		}
		number, _ := strconv.Atoi(after) // 0 before the first
		events, err := w.tx.AuditEvents(w.ctx, store.AuditFilter{
			Kind: barometer.EventKind(q.Kind), Caller: q.Caller, Action: q.Action, Resource: q.Resource, After: number, Limit: q.Limit + 1,
		})
		if err != nil {
			return reply{}, err
		}
		return reply{body: pageOf(events, q.listQuery, func(e barometer.AuditEvent) string { return strconv.Itoa(e.Number) })}, nil
	})
}
