package api

import (
	"context"
	_ "embed"
	"encoding/json"
	"io/fs"
	"net/http"
	"path"
	"time"

	"github.com/labstack/echo/v4"
	swaggerui "github.com/swaggo/files/v2"
	"gopkg.in/yaml.v3"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

//go:embed openapi.yaml
var openapiYAML []byte

// initializer starts Swagger UI on our own description instead of the package's example.
//
//go:embed swagger-initializer.js
var initializer []byte

// openapiDocument is the description of the interface in both notations.
type openapiDocument struct{ yaml, json *body }

func readOpenAPI() (openapiDocument, error) {
	var tree map[string]any
	if err := yaml.Unmarshal(openapiYAML, &tree); err != nil {
		return openapiDocument{}, err
	}
	data, err := json.Marshal(tree)
	return openapiDocument{yaml: newBody("application/yaml", openapiYAML), json: newBody("application/json", data)}, err
}

// getHealth says that the process is alive; it asks nobody else.
//
//	@Summary	Is the service alive
//	@ID			getHealth
//	@Tags		service
//	@Success	200		{object}	barometer.Health
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/healthz [get]
func (h *handler) getHealth(c echo.Context) error {
	return h.health(c)
}

// getReadiness says whether the service can do all it is for: it has a release to serve and its database answers. While
// it does not, published figures go on being served.
//
//	@Summary	Is the service ready
//	@ID			getReadiness
//	@Tags		service
//	@Success	200		{object}	barometer.Health
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/readyz [get]
func (h *handler) getReadiness(c echo.Context) error {
	const patience = 2 * time.Second
	ctx, cancel := context.WithTimeout(c.Request().Context(), patience)
	defer cancel()
	if err := h.store.Ping(ctx); err != nil {
		return &barometer.Error{Kind: barometer.Unavailable, Message: "The database does not answer just now; published figures go on being served.", Err: err}
	}
	return h.health(c)
}

func (h *handler) health(c echo.Context) error {
	if err := noQuery(c); err != nil {
		return err
	}
	b, err := encode(barometer.Health{Status: "ok", Release: h.current.Snapshot().Release().Number})
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Blob(http.StatusOK, b.contentType, b.plain)
}

// noQuery refuses parameters where none is taken.
func noQuery(c echo.Context) error {
	_, err := reader{}.bind(c.Request().URL.RawQuery, &struct{}{})
	return err
}

// getOpenAPIYAML serves the description of this interface.
//
//	@Summary	Read the OpenAPI description as YAML
//	@ID			getOpenAPIYAML
//	@Tags		service
//	@Produce	application/yaml
//	@Success	200		{string}	string	"OpenAPI 3.1"
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/openapi.yaml [get]
func (h *handler) getOpenAPIYAML(c echo.Context) error {
	if err := noQuery(c); err != nil {
		return err
	}
	return send(c, h.openapi.yaml)
}

// getOpenAPIJSON serves the description of this interface.
//
//	@Summary	Read the OpenAPI description as JSON
//	@ID			getOpenAPIJSON
//	@Tags		service
//	@Success	200		{object}	map[string]any	"OpenAPI 3.1"
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/openapi.json [get]
func (h *handler) getOpenAPIJSON(c echo.Context) error {
	if err := noQuery(c); err != nil {
		return err
	}
	return send(c, h.openapi.json)
}

// addDocs serves Swagger UI from the program itself, so that it works without a network.
func (h *handler) addDocs(e *echo.Echo) {
	methods := []string{http.MethodGet, http.MethodHead}
	toDocs := func(c echo.Context) error { return c.Redirect(http.StatusFound, "/docs/") }
	e.Match(methods, "/", toDocs)
	e.Match(methods, "/docs", toDocs)
	e.Match(methods, "/docs/*", h.getDocs)
}

// contentSecurityPolicy lets Swagger UI load from this host alone; its styles are partly inline.
const contentSecurityPolicy = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (h *handler) getDocs(c echo.Context) error {
	name := c.Param("*")
	if name == "" {
		name = "index.html"
	}
	data := initializer
	if name != "swagger-initializer.js" {
		var err error
		if data, err = fs.ReadFile(swaggerui.FS, name); err != nil {
			return echo.ErrNotFound
		}
	}
	c.Response().Header().Set("Content-Security-Policy", contentSecurityPolicy)
	return send(c, newBody(contentTypes[path.Ext(name)], data))
}

// contentTypes of the files of Swagger UI; the machine's own table of types is not relied on.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".png": "image/png", ".map": "application/json",
}
