package api

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
)

// Options of the HTTP interface.
type Options struct {
	CORSOrigins    []string      // that browsers may read from
	RequestTimeout time.Duration // of one answer
	CacheBytes     uint64        // for encoded answers
	Log            *slog.Logger  // of failures; nothing of a request but its route and id
}

type handler struct {
	store   *store.Store
	current *report.Current
	bodies  *bodies
	log     *slog.Logger
	openapi openapiDocument
}

// route is one line of the table: a path as OpenAPI writes it, and what answers a GET of it.
type route struct {
	path  string
	serve echo.HandlerFunc
}

// routes is the whole interface. HEAD is answered wherever GET is.
func (h *handler) routes() []route {
	return []route{
		{"/v1/regions", h.listRegions},
		{"/v1/municipalities", h.listMunicipalities},
		{"/v1/municipalities/{municipality}", h.getMunicipality},
		{"/v1/themes", h.listThemes},
		{"/v1/requirements", h.listRequirements},
		{"/v1/requirements/{requirement}", h.getRequirement},
		{"/v1/codelists/{name}", h.listCodes},
		{"/v1/sources", h.listSources},
		{"/v1/sources/{source}", h.getSource},
		{"/v1/comparability", h.listJudgements},
		{"/v1/comparability/{id}", h.getJudgement},
		{"/v1/rounds", h.listRounds},
		{"/v1/rounds/{round}", h.getRound},
		{"/v1/rounds/{round}/requirements", h.listRoundRequirements},
		{"/v1/rounds/{round}/participations", h.listParticipations},
		{"/v1/rounds/{round}/participations/{municipality}", h.getParticipation},
		{"/v1/rounds/{round}/scorecard", h.getCountryScorecard},
		{"/v1/rounds/{round}/municipalities/{municipality}/scorecard", h.getScorecard},
		{"/v1/rounds/{round}/municipalities/{municipality}/requirements/{requirement}/denominator", h.getDenominator},
		{"/v1/results", h.listResults},
		{"/v1/releases", h.listReleases},
		{"/v1/releases/{release}", h.getRelease},
		{"/problems/{code}", h.getProblemType},
		{"/healthz", h.getHealth},
		{"/readyz", h.getReadiness},
		{"/openapi.yaml", h.getOpenAPIYAML},
		{"/openapi.json", h.getOpenAPIJSON},
	}
}

// New makes the HTTP interface over a store and the release being served.
func New(s *store.Store, current *report.Current, o Options) (http.Handler, error) {
	document, err := readOpenAPI()
	if err != nil {
		return nil, err
	}
	cache, err := newBodies(o.CacheBytes)
	if err != nil {
		return nil, err
	}
	h := &handler{store: s, current: current, bodies: cache, log: o.Log, openapi: document}
	e := echo.New()
	e.HTTPErrorHandler = h.fail
	e.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{DisablePrintStack: true, LogErrorFunc: h.logPanic}))
	if len(o.CORSOrigins) > 0 { // Echo takes none for all
		e.Use(middleware.CORSWithConfig(middleware.CORSConfig{
			AllowOrigins:  o.CORSOrigins,
			AllowMethods:  []string{http.MethodGet, http.MethodHead},
			ExposeHeaders: []string{"ETag", "Content-Language", "Retry-After"},
		}))
	}
	e.Use(middleware.ContextTimeout(o.RequestTimeout), refuseBody)
	for _, r := range h.routes() {
		e.Match([]string{http.MethodGet, http.MethodHead}, echoPath(r.path), r.serve)
	}
	h.addDocs(e)
	return e, nil
}
