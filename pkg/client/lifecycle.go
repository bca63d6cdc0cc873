package client

import (
	"context"
	"net/url"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// RoundVersion reads a round with its version, to change it.
func (c *Client) RoundVersion(ctx context.Context, round barometer.Year) (Versioned[barometer.Round], error) {
	return read[barometer.Round](ctx, c, nil, "v1", "rounds", yearPart(round))
}

// CreateRound makes a round, as a draft.
func (c *Client) CreateRound(ctx context.Context, in barometer.RoundInput, options ...CallOption) (Versioned[barometer.Round], error) {
	return create[barometer.Round](ctx, c, nil, in, options, "v1", "rounds")
}

// UpdateRound changes a round while it is a draft.
func (c *Client) UpdateRound(ctx context.Context, round barometer.Year, p Patch, options ...CallOption) (Versioned[barometer.Round], error) {
	return patch[barometer.Round](ctx, c, p, options, "v1", "rounds", yearPart(round))
}

// DeleteRound deletes a draft without cases.
func (c *Client) DeleteRound(ctx context.Context, round barometer.Year, options ...CallOption) error {
	return remove(ctx, c, nil, options, "v1", "rounds", yearPart(round))
}

// RoundRequirementsVersion reads what a round asks with its version, to replace it.
func (c *Client) RoundRequirementsVersion(ctx context.Context, round barometer.Year) (Versioned[barometer.Page[barometer.RoundRequirement]], error) {
	return read[barometer.Page[barometer.RoundRequirement]](ctx, c, nil, "v1", "rounds", yearPart(round), "requirements")
}

// PutRoundRequirements replaces the requirements that a round asks, while it is a draft.
func (c *Client) PutRoundRequirements(ctx context.Context, round barometer.Year, in barometer.RoundRequirementsInput, options ...CallOption) (Versioned[barometer.Page[barometer.RoundRequirement]], error) {
	return put[barometer.Page[barometer.RoundRequirement]](ctx, c, in, options, "v1", "rounds", yearPart(round), "requirements")
}

// ParticipationVersion reads a participation with its version, to change it.
func (c *Client) ParticipationVersion(ctx context.Context, round barometer.Year, municipality string) (Versioned[barometer.Participation], error) {
	return read[barometer.Participation](ctx, c, nil, "v1", "rounds", yearPart(round), "participations", municipality)
}

// PutParticipation records that a municipality takes part in a round, or changes what is recorded.
func (c *Client) PutParticipation(ctx context.Context, round barometer.Year, municipality string, in barometer.ParticipationInput, options ...CallOption) (Versioned[barometer.Participation], error) {
	return put[barometer.Participation](ctx, c, in, options, "v1", "rounds", yearPart(round), "participations", municipality)
}

// DeleteParticipation takes a municipality without cases out of a round.
func (c *Client) DeleteParticipation(ctx context.Context, round barometer.Year, municipality string, options ...CallOption) error {
	return remove(ctx, c, nil, options, "v1", "rounds", yearPart(round), "participations", municipality)
}

// Transitions reads how a round came to its status.
func (c *Client) Transitions(ctx context.Context, round barometer.Year, o ListOptions) (barometer.Page[barometer.Transition], error) {
	return get[barometer.Page[barometer.Transition]](ctx, c, o.query(), "v1", "rounds", yearPart(round), "transitions")
}

// CreateTransition moves a round to another status; to published it publishes.
func (c *Client) CreateTransition(ctx context.Context, round barometer.Year, in barometer.TransitionInput, options ...CallOption) (Versioned[barometer.Transition], error) {
	return create[barometer.Transition](ctx, c, nil, in, options, "v1", "rounds", yearPart(round), "transitions")
}

// Checks reads what stands between a round and its publication.
func (c *Client) Checks(ctx context.Context, round barometer.Year, lang barometer.Lang) (barometer.Checks, error) {
	q := url.Values{}
	set(q, "lang", lang)
	return get[barometer.Checks](ctx, c, q, "v1", "rounds", yearPart(round), "checks")
}

// Progress reads how far the entry of a round is.
func (c *Client) Progress(ctx context.Context, round barometer.Year) (barometer.Progress, error) {
	return get[barometer.Progress](ctx, c, nil, "v1", "rounds", yearPart(round), "progress")
}

// JudgementVersion reads a judgement of comparability with its version, to change it.
func (c *Client) JudgementVersion(ctx context.Context, id string) (Versioned[barometer.Judgement], error) {
	return read[barometer.Judgement](ctx, c, nil, "v1", "comparability", id)
}

// CreateJudgement records a judgement of comparability.
func (c *Client) CreateJudgement(ctx context.Context, in barometer.JudgementInput, options ...CallOption) (Versioned[barometer.Judgement], error) {
	return create[barometer.Judgement](ctx, c, nil, in, options, "v1", "comparability")
}

// UpdateJudgement changes a judgement of comparability.
func (c *Client) UpdateJudgement(ctx context.Context, id string, p Patch, options ...CallOption) (Versioned[barometer.Judgement], error) {
	return patch[barometer.Judgement](ctx, c, p, options, "v1", "comparability", id)
}

// DeleteJudgement deletes a judgement of comparability.
func (c *Client) DeleteJudgement(ctx context.Context, id string, options ...CallOption) error {
	return remove(ctx, c, nil, options, "v1", "comparability", id)
}

// ReportedResults reads the figures of a round as sources printed them.
func (c *Client) ReportedResults(ctx context.Context, round barometer.Year, o ListOptions) (barometer.Page[barometer.ReportedResult], error) {
	return get[barometer.Page[barometer.ReportedResult]](ctx, c, o.query(), "v1", "rounds", yearPart(round), "reported-results")
}

// ReportedResult reads a figure as a source printed it.
func (c *Client) ReportedResult(ctx context.Context, round barometer.Year, area, requirement string) (Versioned[barometer.ReportedResult], error) {
	return read[barometer.ReportedResult](ctx, c, nil, "v1", "rounds", yearPart(round), "reported-results", area, requirement)
}

// PutReportedResult records a figure as a source printed it, or changes it.
func (c *Client) PutReportedResult(ctx context.Context, round barometer.Year, area, requirement string, in barometer.ReportedInput, options ...CallOption) (Versioned[barometer.ReportedResult], error) {
	return put[barometer.ReportedResult](ctx, c, in, options, "v1", "rounds", yearPart(round), "reported-results", area, requirement)
}

// DeleteReportedResult deletes a reported figure.
func (c *Client) DeleteReportedResult(ctx context.Context, round barometer.Year, area, requirement string, options ...CallOption) error {
	return remove(ctx, c, nil, options, "v1", "rounds", yearPart(round), "reported-results", area, requirement)
}
