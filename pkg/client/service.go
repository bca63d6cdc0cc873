package client

import (
	"context"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// ProblemType reads what a sort of problem means, by the code at the end of its type.
func (c *Client) ProblemType(ctx context.Context, code string) (barometer.ProblemType, error) {
	return get[barometer.ProblemType](ctx, c, nil, "problems", code)
}

// Health asks whether the service is alive.
func (c *Client) Health(ctx context.Context) (barometer.Health, error) {
	return get[barometer.Health](ctx, c, nil, "healthz")
}

// Ready asks whether the service can do all it is for; the error of one that cannot has status 503.
func (c *Client) Ready(ctx context.Context) (barometer.Health, error) {
	return get[barometer.Health](ctx, c, nil, "readyz")
}
