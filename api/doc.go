// Package api is the HTTP interface: routes, handlers (one file a resource), the reading of requests and the writing
// of answers. It is the only importer of Echo. Figures and rules come from internal/report and pkg/barometer; a handler
// reads the request, asks the snapshot, and answers.
//
//	@title			Barometer
//	@version		1.0.0
//	@description	Figures of the Børnesagsbarometer: how well Danish municipalities follow the law in cases about vulnerable children. Every figure travels with its counts, its denominator, its interval and its notices. Labels are Danish unless asked for in English with `lang=en` or `Accept-Language`.
//	@accept			json
//	@produce		json
package api

//go:generate go run ../cmd/openapi
