package client

import (
	"context"
	"net/url"
	"strconv"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// RoundsOptions choose rounds.
type RoundsOptions struct {
	ListOptions
	// Origin keeps real or synthetic rounds.
	Origin barometer.Origin
}

func (o RoundsOptions) query() url.Values {
	q := o.ListOptions.query()
	set(q, "origin", o.Origin)
	return q
}

// Rounds reads the published rounds, by year.
func (c *Client) Rounds(ctx context.Context, o RoundsOptions) (barometer.Page[barometer.Round], error) {
	return get[barometer.Page[barometer.Round]](ctx, c, o.query(), "v1", "rounds")
}

// Round reads a published round.
func (c *Client) Round(ctx context.Context, round barometer.Year) (barometer.Round, error) {
	return get[barometer.Round](ctx, c, nil, "v1", "rounds", yearPart(round))
}

// RoundRequirements reads the requirements as asked in a round, by code.
func (c *Client) RoundRequirements(ctx context.Context, round barometer.Year, o ListOptions) (barometer.Page[barometer.RoundRequirement], error) {
	return get[barometer.Page[barometer.RoundRequirement]](ctx, c, o.query(), "v1", "rounds", yearPart(round), "requirements")
}

// Participations reads the recorded participations of a round, by municipality.
func (c *Client) Participations(ctx context.Context, round barometer.Year, o ListOptions) (barometer.Page[barometer.Participation], error) {
	return get[barometer.Page[barometer.Participation]](ctx, c, o.query(), "v1", "rounds", yearPart(round), "participations")
}

// Participation reads the participation of a municipality in a round.
func (c *Client) Participation(ctx context.Context, round barometer.Year, municipality string) (barometer.Participation, error) {
	return get[barometer.Participation](ctx, c, nil, "v1", "rounds", yearPart(round), "participations", municipality)
}

// Releases reads the releases, the oldest first.
func (c *Client) Releases(ctx context.Context, o ListOptions) (barometer.Page[barometer.Release], error) {
	return get[barometer.Page[barometer.Release]](ctx, c, o.query(), "v1", "releases")
}

// Release reads the release of a number.
func (c *Client) Release(ctx context.Context, number int) (barometer.Release, error) {
	return get[barometer.Release](ctx, c, nil, "v1", "releases", strconv.Itoa(number))
}

// LatestRelease reads the newest release.
func (c *Client) LatestRelease(ctx context.Context) (barometer.Release, error) {
	return get[barometer.Release](ctx, c, nil, "v1", "releases", "latest")
}
