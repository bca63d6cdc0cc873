package client

import (
	"context"
	"net/url"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// MunicipalitiesOptions choose municipalities.
type MunicipalitiesOptions struct {
	ListOptions
	// Region keeps the municipalities that are or will be members of any of these regions.
	Region []string
}

func (o MunicipalitiesOptions) query() url.Values {
	q := o.ListOptions.query()
	set(q, "region", o.Region...)
	return q
}

// RequirementsOptions choose requirements.
type RequirementsOptions struct {
	ListOptions
	// Theme keeps the requirements of these themes.
	Theme []string
}

func (o RequirementsOptions) query() url.Values {
	q := o.ListOptions.query()
	set(q, "theme", o.Theme...)
	return q
}

// JudgementsOptions choose judgements of comparability.
type JudgementsOptions struct {
	ListOptions
	// Requirement keeps the judgements of these requirements.
	Requirement []string
}

func (o JudgementsOptions) query() url.Values {
	q := o.ListOptions.query()
	set(q, "requirement", o.Requirement...)
	return q
}

// Regions reads the regions, by slug.
func (c *Client) Regions(ctx context.Context, o ListOptions) (barometer.Page[barometer.Region], error) {
	return get[barometer.Page[barometer.Region]](ctx, c, o.query(), "v1", "regions")
}

// Municipalities reads municipalities, by code.
func (c *Client) Municipalities(ctx context.Context, o MunicipalitiesOptions) (barometer.Page[barometer.Municipality], error) {
	return get[barometer.Page[barometer.Municipality]](ctx, c, o.query(), "v1", "municipalities")
}

// Municipality reads a municipality with the rounds it is recorded in.
func (c *Client) Municipality(ctx context.Context, code string) (barometer.MunicipalityDetail, error) {
	return get[barometer.MunicipalityDetail](ctx, c, nil, "v1", "municipalities", code)
}

// Themes reads the themes, by code; their Position gives the order of the catalogue.
func (c *Client) Themes(ctx context.Context, o ListOptions) (barometer.Page[barometer.Theme], error) {
	return get[barometer.Page[barometer.Theme]](ctx, c, o.query(), "v1", "themes")
}

// Requirements reads requirements, by code.
func (c *Client) Requirements(ctx context.Context, o RequirementsOptions) (barometer.Page[barometer.Requirement], error) {
	return get[barometer.Page[barometer.Requirement]](ctx, c, o.query(), "v1", "requirements")
}

// Requirement reads a requirement.
func (c *Client) Requirement(ctx context.Context, code string) (barometer.Requirement, error) {
	return get[barometer.Requirement](ctx, c, nil, "v1", "requirements", code)
}

// CodeList reads the codes of one field with their meanings, in the order of the list.
func (c *Client) CodeList(ctx context.Context, name string, o ListOptions) (barometer.Page[barometer.Code], error) {
	return get[barometer.Page[barometer.Code]](ctx, c, o.query(), "v1", "codelists", name)
}

// Sources reads the sources of figures and judgements, by id.
func (c *Client) Sources(ctx context.Context, o ListOptions) (barometer.Page[barometer.Source], error) {
	return get[barometer.Page[barometer.Source]](ctx, c, o.query(), "v1", "sources")
}

// Source reads a source.
func (c *Client) Source(ctx context.Context, id string) (barometer.Source, error) {
	return get[barometer.Source](ctx, c, nil, "v1", "sources", id)
}

// Judgements reads the judgements of comparability in force, by id.
func (c *Client) Judgements(ctx context.Context, o JudgementsOptions) (barometer.Page[barometer.Judgement], error) {
	return get[barometer.Page[barometer.Judgement]](ctx, c, o.query(), "v1", "comparability")
}

// Judgement reads a judgement of comparability.
func (c *Client) Judgement(ctx context.Context, id string) (barometer.Judgement, error) {
	return get[barometer.Judgement](ctx, c, nil, "v1", "comparability", id)
}

// Method reads the statistical method: what is computed how, with its parameters, versions and references. Empty lang:
// the client's.
func (c *Client) Method(ctx context.Context, lang barometer.Lang) (barometer.MethodDescription, error) {
	return get[barometer.MethodDescription](ctx, c, ListOptions{Lang: lang}.query(), "v1", "method")
}
