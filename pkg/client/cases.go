package client

import (
	"context"
	"iter"
	"net/url"
	"strconv"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// CasesOptions choose cases of a round. What is empty keeps everything; several values keep any of them.
type CasesOptions struct {
	ListOptions
	// Municipality keeps the cases of these municipalities.
	Municipality []string
	// CaseType keeps the cases of these types.
	CaseType []barometer.CaseType
	// Requirement, Outcome and Reason keep the cases that have an outcome with one of each.
	Requirement []string
	Outcome     []barometer.Outcome
	Reason      []barometer.Reason
	// Assigned keeps the cases of one auditor, by the id of the key, or `none`.
	Assigned string
	// Completeness keeps the cases whose entry is so far.
	Completeness barometer.Completeness
}

func (o CasesOptions) query() url.Values {
	q := o.ListOptions.query()
	set(q, "municipality", o.Municipality...)
	set(q, "case_type", o.CaseType...)
	set(q, "requirement", o.Requirement...)
	set(q, "outcome", o.Outcome...)
	set(q, "reason", o.Reason...)
	set(q, "assigned", o.Assigned)
	set(q, "completeness", o.Completeness)
	return q
}

// Cases reads a page of the cases of a round, by municipality and reference.
func (c *Client) Cases(ctx context.Context, round barometer.Year, o CasesOptions) (barometer.Page[barometer.CaseItem], error) {
	return get[barometer.Page[barometer.CaseItem]](ctx, c, o.query(), "v1", "rounds", yearPart(round), "cases")
}

// AllCases goes through the cases of every page.
func (c *Client) AllCases(ctx context.Context, round barometer.Year, o CasesOptions) iter.Seq2[barometer.CaseItem, error] {
	return all(o.Cursor, func(cursor string) (barometer.Page[barometer.CaseItem], error) {
		o.Cursor = cursor
		return c.Cases(ctx, round, o)
	})
}

// CreateCase makes a case of a participant of a round.
func (c *Client) CreateCase(ctx context.Context, round barometer.Year, in barometer.CaseInput, options ...CallOption) (Versioned[barometer.Case], error) {
	return create[barometer.Case](ctx, c, nil, in, options, "v1", "rounds", yearPart(round), "cases")
}

// Case reads a case.
func (c *Client) Case(ctx context.Context, id string) (Versioned[barometer.Case], error) {
	return read[barometer.Case](ctx, c, nil, "v1", "cases", id)
}

// UpdateCase changes a case.
func (c *Client) UpdateCase(ctx context.Context, id string, p Patch, options ...CallOption) (Versioned[barometer.Case], error) {
	return patch[barometer.Case](ctx, c, p, options, "v1", "cases", id)
}

// DeleteCase deletes a case for which no outcome was ever entered.
func (c *Client) DeleteCase(ctx context.Context, id string, options ...CallOption) error {
	return remove(ctx, c, nil, options, "v1", "cases", id)
}

// Form reads all outcomes of a case.
func (c *Client) Form(ctx context.Context, id string) (Versioned[barometer.Form], error) {
	return read[barometer.Form](ctx, c, nil, "v1", "cases", id, "outcomes")
}

// PutForm replaces all outcomes of a case.
func (c *Client) PutForm(ctx context.Context, id string, in barometer.FormInput, options ...CallOption) (Versioned[barometer.Form], error) {
	return put[barometer.Form](ctx, c, in, options, "v1", "cases", id, "outcomes")
}

// cell gives the path of an outcome: of a notification, or of the case itself where the number is 0.
func cell(id string, at barometer.Cell, more ...string) []string {
	path := []string{"v1", "cases", id}
	if at.Number > 0 {
		path = append(path, "notifications", strconv.Itoa(at.Number))
	}
	return append(append(path, "outcomes", at.Requirement), more...)
}

// Outcome reads one entered outcome of a case, or of a notification of it.
func (c *Client) Outcome(ctx context.Context, id string, at barometer.Cell) (Versioned[barometer.OutcomeRecord], error) {
	return read[barometer.OutcomeRecord](ctx, c, nil, cell(id, at)...)
}

// PutOutcome enters or changes one outcome.
func (c *Client) PutOutcome(ctx context.Context, id string, at barometer.Cell, in barometer.OutcomeInput, options ...CallOption) (Versioned[barometer.OutcomeRecord], error) {
	return put[barometer.OutcomeRecord](ctx, c, in, options, cell(id, at)...)
}

// DeleteOutcome removes one entered outcome, for a reason.
func (c *Client) DeleteOutcome(ctx context.Context, id string, at barometer.Cell, why string, options ...CallOption) error {
	return remove(ctx, c, because(why), options, cell(id, at)...)
}

func because(why string) url.Values {
	q := url.Values{}
	set(q, "why", why)
	return q
}

// Revisions reads what an outcome was over time, the oldest first.
func (c *Client) Revisions(ctx context.Context, id string, at barometer.Cell, o ListOptions) (barometer.Page[barometer.Revision], error) {
	return get[barometer.Page[barometer.Revision]](ctx, c, o.query(), cell(id, at, "revisions")...)
}

// Notifications reads the notifications of a case, by number.
func (c *Client) Notifications(ctx context.Context, id string, o ListOptions) (barometer.Page[barometer.Notification], error) {
	return get[barometer.Page[barometer.Notification]](ctx, c, o.query(), "v1", "cases", id, "notifications")
}

// CreateNotification adds a notification to a case.
func (c *Client) CreateNotification(ctx context.Context, id string, options ...CallOption) (Versioned[barometer.Notification], error) {
	return call[barometer.Notification](ctx, c, "POST", nil, payload{}, options, "v1", "cases", id, "notifications")
}

// Notification reads a notification of a case.
func (c *Client) Notification(ctx context.Context, id string, number int) (Versioned[barometer.Notification], error) {
	return read[barometer.Notification](ctx, c, nil, "v1", "cases", id, "notifications", strconv.Itoa(number))
}

// PutNotification sees to it that a case has a notification of a number.
func (c *Client) PutNotification(ctx context.Context, id string, number int, options ...CallOption) (Versioned[barometer.Notification], error) {
	return call[barometer.Notification](ctx, c, "PUT", nil, payload{}, options, "v1", "cases", id, "notifications", strconv.Itoa(number))
}

// DeleteNotification takes a notification out of a case, for a reason where outcomes are entered for it.
func (c *Client) DeleteNotification(ctx context.Context, id string, number int, why string, options ...CallOption) error {
	return remove(ctx, c, because(why), options, "v1", "cases", id, "notifications", strconv.Itoa(number))
}
