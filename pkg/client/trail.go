package client

import (
	"context"
	"iter"
	"net/url"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// AuditEventsOptions choose events of the trail.
type AuditEventsOptions struct {
	ListOptions
	// Kind keeps changes, reads or refusals.
	Kind barometer.EventKind
	// Caller keeps the events of one key.
	Caller string
	// Action keeps the events of one operation.
	Action string
	// Resource keeps the events of a path and of all below it.
	Resource string
}

func (o AuditEventsOptions) query() url.Values {
	q := o.ListOptions.query()
	set(q, "kind", o.Kind)
	set(q, "caller", o.Caller)
	set(q, "action", o.Action)
	set(q, "resource", o.Resource)
	return q
}

// AuditEvents reads a page of the trail, the oldest event first.
func (c *Client) AuditEvents(ctx context.Context, o AuditEventsOptions) (barometer.Page[barometer.AuditEvent], error) {
	return get[barometer.Page[barometer.AuditEvent]](ctx, c, o.query(), "v1", "audit-events")
}

// AllAuditEvents goes through the events of every page.
func (c *Client) AllAuditEvents(ctx context.Context, o AuditEventsOptions) iter.Seq2[barometer.AuditEvent, error] {
	return all(o.Cursor, func(cursor string) (barometer.Page[barometer.AuditEvent], error) {
		o.Cursor = cursor
		return c.AuditEvents(ctx, o)
	})
}
