package api

import (
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/maypok86/otter/v2"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
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
	keys    *otter.Cache[string, barometer.APIKey]
	bodies  *bodies
	routes  []route
	log     *slog.Logger
	openapi openapiDocument
}

// route is one line of the table: a method and a path as OpenAPI writes it, the operation it is, and what answers it.
type route struct {
	method    string
	path      string
	operation string
	serve     func(*handler, echo.Context) error
}

// The methods, short enough for a table.
const get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete

// routes is the whole interface. HEAD is answered wherever GET is.
var routes = []route{
	{get, "/v1/regions", "listRegions", (*handler).listRegions},
	{get, "/v1/municipalities", "listMunicipalities", (*handler).listMunicipalities},
	{get, "/v1/municipalities/{municipality}", "getMunicipality", (*handler).getMunicipality},
	{get, "/v1/themes", "listThemes", (*handler).listThemes},
	{get, "/v1/requirements", "listRequirements", (*handler).listRequirements},
	{get, "/v1/requirements/{requirement}", "getRequirement", (*handler).getRequirement},
	{get, "/v1/codelists/{name}", "listCodes", (*handler).listCodes},
	{get, "/v1/sources", "listSources", (*handler).listSources},
	{get, "/v1/sources/{source}", "getSource", (*handler).getSource},
	{get, "/v1/comparability", "listJudgements", (*handler).listJudgements},
	{get, "/v1/comparability/{id}", "getJudgement", (*handler).getJudgement},
	{post, "/v1/comparability", "createJudgement", (*handler).createJudgement},
	{patch, "/v1/comparability/{id}", "updateJudgement", (*handler).updateJudgement},
	{del, "/v1/comparability/{id}", "deleteJudgement", (*handler).deleteJudgement},
	{get, "/v1/rounds", "listRounds", (*handler).listRounds},
	{post, "/v1/rounds", "createRound", (*handler).createRound},
	{patch, "/v1/rounds/{round}", "updateRound", (*handler).updateRound},
	{del, "/v1/rounds/{round}", "deleteRound", (*handler).deleteRound},
	{get, "/v1/rounds/{round}", "getRound", (*handler).getRound},
	{get, "/v1/rounds/{round}/requirements", "listRoundRequirements", (*handler).listRoundRequirements},
	{put, "/v1/rounds/{round}/requirements", "putRoundRequirements", (*handler).putRoundRequirements},
	{get, "/v1/rounds/{round}/participations", "listParticipations", (*handler).listParticipations},
	{get, "/v1/rounds/{round}/participations/{municipality}", "getParticipation", (*handler).getParticipation},
	{put, "/v1/rounds/{round}/participations/{municipality}", "putParticipation", (*handler).putParticipation},
	{del, "/v1/rounds/{round}/participations/{municipality}", "deleteParticipation", (*handler).deleteParticipation},
	{get, "/v1/rounds/{round}/transitions", "listTransitions", (*handler).listTransitions},
	{post, "/v1/rounds/{round}/transitions", "createTransition", (*handler).createTransition},
	{get, "/v1/rounds/{round}/checks", "getChecks", (*handler).getChecks},
	{get, "/v1/rounds/{round}/progress", "getProgress", (*handler).getProgress},
	{get, "/v1/rounds/{round}/cases", "listCases", (*handler).listCases},
	{post, "/v1/rounds/{round}/cases", "createCase", (*handler).createCase},
	{get, "/v1/cases/{case}", "getCase", (*handler).getCase},
	{patch, "/v1/cases/{case}", "updateCase", (*handler).updateCase},
	{del, "/v1/cases/{case}", "deleteCase", (*handler).deleteCase},
	{get, "/v1/cases/{case}/outcomes", "getForm", (*handler).getForm},
	{put, "/v1/cases/{case}/outcomes", "putForm", (*handler).putForm},
	{get, "/v1/cases/{case}/outcomes/{requirement}", "getOutcome", (*handler).getOutcome},
	{put, "/v1/cases/{case}/outcomes/{requirement}", "putOutcome", (*handler).putOutcome},
	{del, "/v1/cases/{case}/outcomes/{requirement}", "deleteOutcome", (*handler).deleteOutcome},
	{get, "/v1/cases/{case}/outcomes/{requirement}/revisions", "listRevisions", (*handler).listRevisions},
	{get, "/v1/cases/{case}/notifications", "listNotifications", (*handler).listNotifications},
	{post, "/v1/cases/{case}/notifications", "createNotification", (*handler).createNotification},
	{get, "/v1/cases/{case}/notifications/{number}", "getNotification", (*handler).getNotification},
	{put, "/v1/cases/{case}/notifications/{number}", "putNotification", (*handler).putNotification},
	{del, "/v1/cases/{case}/notifications/{number}", "deleteNotification", (*handler).deleteNotification},
	{get, "/v1/cases/{case}/notifications/{number}/outcomes/{requirement}", "getNotificationOutcome", (*handler).getNotificationOutcome},
	{put, "/v1/cases/{case}/notifications/{number}/outcomes/{requirement}", "putNotificationOutcome", (*handler).putNotificationOutcome},
	{del, "/v1/cases/{case}/notifications/{number}/outcomes/{requirement}", "deleteNotificationOutcome", (*handler).deleteNotificationOutcome},
	{get, "/v1/cases/{case}/notifications/{number}/outcomes/{requirement}/revisions", "listNotificationRevisions", (*handler).listNotificationRevisions},
	{post, "/v1/rounds/{round}/participations", "importParticipations", (*handler).importParticipations},
	{get, "/v1/rounds/{round}/imports", "listImports", (*handler).listImports},
	{post, "/v1/rounds/{round}/imports", "createImport", (*handler).createImport},
	{get, "/v1/imports/{id}", "getImport", (*handler).getImport},
	{get, "/v1/rounds/{round}/municipalities/{municipality}/template", "getTemplate", (*handler).getTemplate},
	{get, "/v1/rounds/{round}/reported-results", "listReportedResults", (*handler).listReportedResults},
	{get, "/v1/rounds/{round}/reported-results/{area}/{requirement}", "getReportedResult", (*handler).getReportedResult},
	{put, "/v1/rounds/{round}/reported-results/{area}/{requirement}", "putReportedResult", (*handler).putReportedResult},
	{del, "/v1/rounds/{round}/reported-results/{area}/{requirement}", "deleteReportedResult", (*handler).deleteReportedResult},
	{get, "/v1/rounds/{round}/publications", "listPublications", (*handler).listPublications},
	{get, "/v1/rounds/{round}/publications/{revision}", "getPublication", (*handler).getPublication},
	{post, "/v1/rounds/{round}/publications/{revision}/withdrawal", "withdrawPublication", (*handler).withdrawPublication},
	{get, "/v1/rounds/{round}/scorecard", "getCountryScorecard", (*handler).getCountryScorecard},
	{get, "/v1/rounds/{round}/municipalities/{municipality}/scorecard", "getScorecard", (*handler).getScorecard},
	{get, "/v1/rounds/{round}/municipalities/{municipality}/requirements/{requirement}/denominator", "getDenominator", (*handler).getDenominator},
	{get, "/v1/rounds/{round}/requirements/{requirement}/distribution", "getDistribution", (*handler).getDistribution},
	{get, "/v1/method", "getMethod", (*handler).getMethod},
	{get, "/v1/municipalities/{municipality}/trend", "getTrend", (*handler).getTrend},
	{get, "/v1/trend", "getCountryTrend", (*handler).getCountryTrend},
	{get, "/v1/results", "listResults", (*handler).listResults},
	{get, "/v1/releases", "listReleases", (*handler).listReleases},
	{get, "/v1/releases/{release}", "getRelease", (*handler).getRelease},
	{get, "/v1/releases/{release}/changes", "listReleaseChanges", (*handler).listReleaseChanges},
	{get, "/v1/releases/{release}/data", "getReleaseData", (*handler).getReleaseData},
	{get, "/v1/me", "getMe", (*handler).getMe},
	{get, "/v1/audit-events", "listAuditEvents", (*handler).listAuditEvents},
	{get, "/problems/{code}", "getProblemType", (*handler).getProblemType},
	{get, "/healthz", "getHealth", (*handler).getHealth},
	{get, "/readyz", "getReadiness", (*handler).getReadiness},
	{get, "/openapi.yaml", "getOpenAPIYAML", (*handler).getOpenAPIYAML},
	{get, "/openapi.json", "getOpenAPIJSON", (*handler).getOpenAPIJSON},
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
	keys, err := newKeys()
	if err != nil {
		return nil, err
	}
	h := &handler{store: s, current: current, keys: keys, bodies: cache, routes: routes, log: o.Log, openapi: document}
	e := echo.New()
	e.HTTPErrorHandler = h.fail
	e.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{DisablePrintStack: true, LogErrorFunc: h.logPanic}))
	if len(o.CORSOrigins) > 0 { // Echo takes none for all
		e.Use(middleware.CORSWithConfig(middleware.CORSConfig{
			AllowOrigins:  o.CORSOrigins,
			AllowMethods:  []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete},
			AllowHeaders:  []string{"Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match"},
			ExposeHeaders: []string{"Allow", "ETag", "Content-Language", "Idempotent-Replayed", "Location", "Retry-After", "WWW-Authenticate"},
		}))
	}
	e.Use(deadline(o.RequestTimeout), refuseBody)
	for _, r := range routes {
		guarded := h.guard(r.operation, func(c echo.Context) error { return r.serve(h, c) })
		e.Add(r.method, echoPath(r.path), guarded)
		if r.method == http.MethodGet {
			e.Add(http.MethodHead, echoPath(r.path), guarded)
		}
	}
	h.addDocs(e)
	return e, nil
}

// longWork is the longest time spent on what takes in a file or makes a release.
const longWork = time.Minute

// longOperations have that time.
var longOperations = []string{"createImport", "importParticipations", "createTransition", "withdrawPublication"}

// deadline bounds the time of an answer.
func deadline(standard time.Duration) echo.MiddlewareFunc {
	long := map[string]bool{}
	for _, r := range routes {
		if slices.Contains(longOperations, r.operation) {
			long[r.method+" "+echoPath(r.path)] = true
		}
	}
	isLong := func(c echo.Context) bool { return long[c.Request().Method+" "+c.Path()] }
	ofShort := middleware.ContextTimeoutWithConfig(middleware.ContextTimeoutConfig{Timeout: standard, Skipper: isLong})
	ofLong := middleware.ContextTimeoutWithConfig(middleware.ContextTimeoutConfig{
		Timeout: longWork, Skipper: func(c echo.Context) bool { return !isLong(c) },
	})
	return func(next echo.HandlerFunc) echo.HandlerFunc { return ofShort(ofLong(next)) }
}
