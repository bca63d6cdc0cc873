package api

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/casework"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// listNotifications serves the notifications of a case, by number.
//
//	@Summary	List the notifications of a case
//	@ID			listNotifications
//	@Tags		cases
//	@Param		case	path		string		true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Param		q		query		listQuery	false	"Page"
//	@Success	200		{object}	barometer.Page[barometer.Notification]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/notifications [get]
func (h *handler) listNotifications(c echo.Context) error {
	var q listQuery
	return h.look(c, &q, func(w *work) (reply, error) {
		found, err := w.tx.Case(w.ctx, w.Param("case"))
		if err != nil {
			return reply{}, err
		}
		all, err := casework.Notifications(w.ctx, w.tx, w.cat, found)
		if err != nil {
			return reply{}, err
		}
		p, err := page(all, q, func(n barometer.Notification) string { return serial(n.Number) })
		return reply{body: p}, err
	})
}

// createNotification adds a notification to a case, with the number after the greatest ever used in it.
//
//	@Summary	Add a notification
//	@ID			createNotification
//	@Tags		cases
//	@Param		case	path		string	true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Success	201		{object}	barometer.Notification
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/notifications [post]
func (h *handler) createNotification(c echo.Context) error {
	return h.change(c, "", func(w *work) (reply, error) {
		found, err := casework.Open(w.ctx, w.tx, w.Param("case"))
		if err != nil {
			return reply{}, err
		}
		made, err := casework.AddNotification(w.ctx, w.tx, w.cat, found)
		return reply{status: http.StatusCreated, location: "/v1/cases/" + found.ID + "/notifications/" + strconv.Itoa(made.Number), body: made}, err
	})
}

// getNotification serves a notification of a case.
//
//	@Summary	Read a notification
//	@ID			getNotification
//	@Tags		cases
//	@Param		case	path		string	true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Param		number	path		int		true	"Its number"		example(1)
//	@Success	200		{object}	barometer.Notification
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/notifications/{number} [get]
func (h *handler) getNotification(c echo.Context) error {
	return h.look(c, &struct{}{}, func(w *work) (reply, error) {
		found, err := w.tx.Case(w.ctx, w.Param("case"))
		if err != nil {
			return reply{}, err
		}
		n, err := casework.Notification(w.ctx, w.tx, w.cat, found, w.number("number"))
		return reply{body: n}, err
	})
}

// putNotification sees to it that a case has a notification of a number, such as the one it has in the municipality's
// file. A number that was removed is not used again.
//
//	@Summary	Put a notification
//	@ID			putNotification
//	@Tags		cases
//	@Param		case	path		string	true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Param		number	path		int		true	"Its number"		example(1)
//	@Success	200		{object}	barometer.Notification
//	@Success	201		{object}	barometer.Notification
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/notifications/{number} [put]
func (h *handler) putNotification(c echo.Context) error {
	return h.change(c, "", func(w *work) (reply, error) {
		found, err := casework.Open(w.ctx, w.tx, w.Param("case"))
		if err != nil {
			return reply{}, err
		}
		n, err := casework.Notification(w.ctx, w.tx, w.cat, found, w.number("number"))
		switch {
		case err == nil:
			err = w.unchanged(n)
		case barometer.KindOf(err) == barometer.NotFound:
			err = w.unchanged()
		}
		if err != nil {
			return reply{}, err
		}
		n, added, err := casework.PutNotification(w.ctx, w.tx, w.cat, found, w.number("number"))
		return w.put(added, n), err
	})
}

// deleteNotification takes a notification out of a case with its outcomes, which needs a reason where there are any.
//
//	@Summary	Remove a notification
//	@ID			deleteNotification
//	@Tags		cases
//	@Param		case	path	string			true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Param		number	path	int				true	"Its number"		example(1)
//	@Param		q		query	removalQuery	false	"Reason"
//	@Success	204
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/notifications/{number} [delete]
func (h *handler) deleteNotification(c echo.Context) error {
	var q removalQuery
	return h.remove(c, &q, func(w *work) error {
		found, err := casework.Open(w.ctx, w.tx, w.Param("case"))
		if err != nil {
			return err
		}
		n, err := casework.Notification(w.ctx, w.tx, w.cat, found, w.number("number"))
		if err == nil {
			err = w.unchanged(n)
		}
		if err != nil {
			return err
		}
		return casework.RemoveNotification(w.ctx, w.tx, w.cat, found, n.Number, given(q.Why))
	})
}

// getNotificationOutcome serves one entered outcome of a notification.
//
//	@Summary	Read an outcome of a notification
//	@ID			getNotificationOutcome
//	@Tags		cases
//	@Param		case		path		string	true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Param		number		path		int		true	"Its number"		example(1)
//	@Param		requirement	path		string	true	"Code"				example(notification_assessed_within_24_hours)
//	@Success	200			{object}	barometer.OutcomeRecord
//	@Failure	default		{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/notifications/{number}/outcomes/{requirement} [get]
func (h *handler) getNotificationOutcome(c echo.Context) error { return h.getOutcome(c) }

// putNotificationOutcome enters an outcome of a notification, or changes it, which needs a reason.
//
//	@Summary	Enter or change an outcome of a notification
//	@ID			putNotificationOutcome
//	@Tags		cases
//	@Param		case		path		string					true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Param		number		path		int						true	"Its number"		example(1)
//	@Param		requirement	path		string					true	"Code"				example(notification_assessed_within_24_hours)
//	@Param		body		body		barometer.OutcomeInput	true	"The outcome"
//	@Success	200			{object}	barometer.OutcomeRecord
//	@Success	201			{object}	barometer.OutcomeRecord
//	@Failure	default		{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/notifications/{number}/outcomes/{requirement} [put]
func (h *handler) putNotificationOutcome(c echo.Context) error { return h.putOutcome(c) }

// deleteNotificationOutcome removes an entered outcome of a notification, which needs a reason; its revisions stay.
//
//	@Summary	Remove an outcome of a notification
//	@ID			deleteNotificationOutcome
//	@Tags		cases
//	@Param		case		path	string			true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Param		number		path	int				true	"Its number"		example(1)
//	@Param		requirement	path	string			true	"Code"				example(notification_assessed_within_24_hours)
//	@Param		q			query	removalQuery	false	"Reason"
//	@Success	204
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/notifications/{number}/outcomes/{requirement} [delete]
func (h *handler) deleteNotificationOutcome(c echo.Context) error { return h.deleteOutcome(c) }

// listNotificationRevisions serves what an outcome of a notification was over time.
//
//	@Summary	List the revisions of an outcome of a notification
//	@ID			listNotificationRevisions
//	@Tags		cases
//	@Param		case		path		string		true	"Id of the case"	example(0190f1c2-8a5e-7b3c-9d4e-5f6071829304)
//	@Param		number		path		int			true	"Its number"		example(1)
//	@Param		requirement	path		string		true	"Code"				example(notification_assessed_within_24_hours)
//	@Param		q			query		listQuery	false	"Page"
//	@Success	200			{object}	barometer.Page[barometer.Revision]
//	@Failure	default		{object}	barometer.Problem	"Any failure"
//	@Router		/v1/cases/{case}/notifications/{number}/outcomes/{requirement}/revisions [get]
func (h *handler) listNotificationRevisions(c echo.Context) error { return h.listRevisions(c) }
