package client

import (
	"context"
	"iter"
	"net/url"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// ScorecardOptions choose what a scorecard compares with.
type ScorecardOptions struct {
	// Baseline is `previous` (also when empty), `none`, or the year of an earlier round.
	Baseline string
	// State is `published`, or `live` for the figures of a round in hearing or announced; empty for the published ones where there
	// are any.
	State string
	// AllowBreak gives the differences of rounds that are not comparable too, marked.
	AllowBreak bool
	// Lang of labels, where it is not the client's.
	Lang barometer.Lang
}

func (o ScorecardOptions) query() url.Values {
	q := url.Values{}
	set(q, "baseline", o.Baseline)
	set(q, "lang", o.Lang)
	setState(q, o.State, o.AllowBreak)
	return q
}

func setState(q url.Values, state string, allowBreak bool) {
	set(q, "state", state)
	if allowBreak {
		q.Set("allow_break", "true")
	}
}

// Scorecard reads all figures of a municipality in a round, theme by theme, with the change since a baseline.
func (c *Client) Scorecard(ctx context.Context, round barometer.Year, municipality string, o ScorecardOptions) (barometer.Scorecard, error) {
	return get[barometer.Scorecard](ctx, c, o.query(), "v1", "rounds", yearPart(round), "municipalities", municipality, "scorecard")
}

// CountryScorecard reads all figures of the country in a round, theme by theme, with the change since a baseline.
func (c *Client) CountryScorecard(ctx context.Context, round barometer.Year, o ScorecardOptions) (barometer.Scorecard, error) {
	return get[barometer.Scorecard](ctx, c, o.query(), "v1", "rounds", yearPart(round), "scorecard")
}

// TrendOptions choose a trend.
type TrendOptions struct {
	// Origin of the rounds; empty for real ones.
	Origin barometer.Origin
	// AllowBreak gives the differences of rounds that are not comparable too, marked.
	AllowBreak bool
	// Lang of labels, where it is not the client's.
	Lang barometer.Lang
}

func (o TrendOptions) query() url.Values {
	q := url.Values{}
	set(q, "origin", o.Origin)
	set(q, "lang", o.Lang)
	setState(q, "", o.AllowBreak)
	return q
}

// Trend reads the figures of a municipality over the rounds that it took part in.
func (c *Client) Trend(ctx context.Context, municipality string, o TrendOptions) (barometer.Trend, error) {
	return get[barometer.Trend](ctx, c, o.query(), "v1", "municipalities", municipality, "trend")
}

// CountryTrend reads the figures of the country over all rounds.
func (c *Client) CountryTrend(ctx context.Context, o TrendOptions) (barometer.Trend, error) {
	return get[barometer.Trend](ctx, c, o.query(), "v1", "trend")
}

// Denominator reads why the denominator of a requirement is what it is in a municipality and round.
func (c *Client) Denominator(ctx context.Context, round barometer.Year, municipality, requirement string) (barometer.Denominator, error) {
	return get[barometer.Denominator](ctx, c, nil,
		"v1", "rounds", yearPart(round), "municipalities", municipality, "requirements", requirement, "denominator")
}

// ResultsOptions choose figures. What is empty keeps everything; several values keep any of them.
type ResultsOptions struct {
	ListOptions
	// Round keeps the figures of these rounds.
	Round []barometer.Year
	// Rounds asks for the figures printed for a period of these rounds together, instead of those of rounds.
	Rounds []barometer.Year
	// AreaType keeps the figures of municipalities, or of the country.
	AreaType barometer.AreaType
	// Area keeps these municipalities, or the country ([barometer.Country]).
	Area []string
	// Region keeps the municipalities of these regions.
	Region []string
	// Theme keeps these themes and their requirements.
	Theme []string
	// Requirement keeps these requirements.
	Requirement []string
	// Level keeps the figures of requirements, or of themes.
	Level barometer.Level
	// Method keeps the figures of themes made in this way.
	Method barometer.Method
	// Status keeps figures with these statuses.
	Status []barometer.Status
	// Origin keeps real or synthetic figures.
	Origin barometer.Origin
	// State is `published`, or `live` for the figures of one round in hearing or announced.
	State string
	// AllowBreak gives the differences of rounds that are not comparable too, marked.
	AllowBreak bool
}

func (o ResultsOptions) query() url.Values {
	q := o.ListOptions.query()
	setYears(q, "round", o.Round)
	setYears(q, "rounds", o.Rounds)
	set(q, "area_type", o.AreaType)
	set(q, "area", o.Area...)
	set(q, "region", o.Region...)
	set(q, "theme", o.Theme...)
	set(q, "requirement", o.Requirement...)
	set(q, "level", o.Level)
	set(q, "method", o.Method)
	set(q, "status", o.Status...)
	set(q, "origin", o.Origin)
	setState(q, o.State, o.AllowBreak)
	return q
}

// Results reads one page of figures as flat rows, by round, area (the country last) and catalogue order.
func (c *Client) Results(ctx context.Context, o ResultsOptions) (barometer.Page[barometer.Result], error) {
	return get[barometer.Page[barometer.Result]](ctx, c, o.query(), "v1", "results")
}

// AllResults goes through the figures of every page.
func (c *Client) AllResults(ctx context.Context, o ResultsOptions) iter.Seq2[barometer.Result, error] {
	return all(o.Cursor, func(cursor string) (barometer.Page[barometer.Result], error) {
		o.Cursor = cursor
		return c.Results(ctx, o)
	})
}
