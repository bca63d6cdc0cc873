package client

import (
	"context"
	"iter"
	"net/url"
	"strconv"

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
	// Weighting of the municipalities in the country's scorecard; empty for [barometer.WeightCases].
	Weighting barometer.Weighting
	// Breakdown is `case_type` to add the results of each requirement by case type.
	Breakdown string
	// Lang of labels, where it is not the client's.
	Lang barometer.Lang
}

func (o ScorecardOptions) query() url.Values {
	q := url.Values{}
	set(q, "baseline", o.Baseline)
	set(q, "lang", o.Lang)
	set(q, "weighting", o.Weighting)
	set(q, "breakdown", o.Breakdown)
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
	// Weighting of the municipalities in the country's trend; empty for [barometer.WeightCases].
	Weighting barometer.Weighting
	// Lang of labels, where it is not the client's.
	Lang barometer.Lang
}

func (o TrendOptions) query() url.Values {
	q := url.Values{}
	set(q, "origin", o.Origin)
	set(q, "lang", o.Lang)
	set(q, "weighting", o.Weighting)
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

// Distribution reads the municipalities of a round beside the country on one requirement, by code. Empty lang: the
// client's.
func (c *Client) Distribution(ctx context.Context, round barometer.Year, requirement string, lang barometer.Lang) (barometer.Distribution, error) {
	return get[barometer.Distribution](ctx, c, ListOptions{Lang: lang}.query(),
		"v1", "rounds", yearPart(round), "requirements", requirement, "distribution")
}

// ResultsOptions choose figures. What is empty keeps everything; several values keep any of them.
type ResultsOptions struct {
	ListOptions
	// Round keeps the figures of these rounds.
	Round []barometer.Year
	// Rounds asks for figures of these rounds together, instead of those of rounds: of rounds run here from their counts,
	// of the history as printed.
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
	// Weighting of the municipalities in figures of the country; empty for [barometer.WeightCases].
	Weighting barometer.Weighting
	// Breakdown is `case_type` to add the results of each requirement by case type.
	Breakdown string
	// CaseType keeps the rows of a breakdown with these case types.
	CaseType []barometer.CaseType
	// PercentBelow keeps the figures whose whole percent is below it, from 1 to 100; 0 keeps all.
	PercentBelow int
	// Verdict keeps the figures whose change has any of these verdicts.
	Verdict []barometer.Verdict
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
	set(q, "weighting", o.Weighting)
	set(q, "breakdown", o.Breakdown)
	set(q, "case_type", o.CaseType...)
	if o.PercentBelow != 0 {
		q.Set("percent_below", strconv.Itoa(o.PercentBelow))
	}
	set(q, "verdict", o.Verdict...)
	setState(q, o.State, o.AllowBreak)
	return q
}

// Results reads one page of figures as flat rows, by round, area (the country last) and catalogue order.
func (c *Client) Results(ctx context.Context, o ResultsOptions) (barometer.ResultPage, error) {
	return get[barometer.ResultPage](ctx, c, o.query(), "v1", "results")
}

// AllResults goes through the figures of every page.
func (c *Client) AllResults(ctx context.Context, o ResultsOptions) iter.Seq2[barometer.Result, error] {
	return all(o.Cursor, func(cursor string) (barometer.Page[barometer.Result], error) {
		o.Cursor = cursor
		read, err := c.Results(ctx, o)
		return read.Page, err
	})
}
