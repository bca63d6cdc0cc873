package api

import (
	"cmp"
	"context"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// stateQuery is what the reads of figures take that can be shown before they are published.
type stateQuery struct {
	// State asks for the figures as published, or live: as computed just now from a round in hearing, or as announced, for
	// those who may see them. Without it they are the published ones where there are any.
	State string `query:"state" enums:"published,live"`
}

const stateLive = "live"

// breakQuery is what the reads of changes take.
type breakQuery struct {
	// AllowBreak gives the difference of rounds that are not comparable too, marked `break_allowed`.
	AllowBreak bool `query:"allow_break"`
}

// figures answers with the figures of a round: as published, or live to who may see them so.
func (h *handler) figures(c echo.Context, q any, state *string, asPublished func(reader) (any, error), asLive func(reader, *report.LiveRound) (any, error)) error {
	g := guardOf(c)
	if g.access == published {
		return h.orRefused(c, h.read(c, q, func(r reader) (any, error) {
			if *state == stateLive {
				return nil, r.absent(c)
			}
			return asPublished(r)
		}))
	}
	r, err := h.readerOf(c, q)
	if err != nil {
		return err
	}
	build := func() (any, error) { return asPublished(r) }
	if _, notPublished := r.Round(yearOf(c.Param("round"))); *state == stateLive || *state == "" && notPublished != nil {
		build = func() (any, error) {
			live, err := h.liveRound(c, r, yearOf(c.Param("round")))
			if err != nil {
				return nil, err
			}
			return asLive(r, live)
		}
	}
	body, err := build()
	if barometer.KindOf(err) == barometer.NotFound && err != nil && g.access != all {
		return h.refuse(c, r.absent(c))
	}
	if err != nil {
		return err
	}
	return h.withCases(c, body)
}

// orRefused records that a caller with a key asked for what it does not see: it may be there, and not be the caller's.
func (h *handler) orRefused(c echo.Context, err error) error {
	if err != nil && barometer.KindOf(err) == barometer.NotFound && guardOf(c).caller.Role != barometer.RolePublic {
		return h.refuse(c, err)
	}
	return err
}

// readerOf gives what a read is answered from, with its query bound.
func (h *handler) readerOf(c echo.Context, q any) (reader, error) {
	snapshot := h.current.Snapshot()
	r := reader{Snapshot: snapshot, cat: snapshot.Catalogue()}
	var err error
	if r.live, err = h.liveYears(c.Request().Context(), snapshot.Announced()); err != nil {
		return r, err
	}
	asked, err := r.bind(c.Request().URL.RawQuery, q)
	r.lang = cmp.Or(barometer.Lang(asked), acceptedLanguage(c.Request().Header.Get("Accept-Language")))
	return r, err
}

// liveYears lists the rounds that have figures for those who may see them before everybody.
func (h *handler) liveYears(ctx context.Context, announced barometer.Year) ([]barometer.Year, error) {
	rounds, err := h.store.Rounds(ctx)
	var years []barometer.Year
	for _, r := range rounds {
		if report.HasLiveFigures(r, announced) {
			years = append(years, r.Year)
		}
	}
	return years, err
}

// absent is how a round answers that is not published, whatever else there is of it.
func (r reader) absent(c echo.Context) error {
	if _, err := r.round(c); err != nil {
		return err
	}
	return barometer.Errorf(barometer.NotFound, "There are no such figures.")
}

// liveRound computes the figures of a round, and gives those of them that the caller may see.
func (h *handler) liveRound(c echo.Context, r reader, year barometer.Year) (*report.LiveRound, error) {
	if !slices.Contains(r.live, year) {
		if _, err := r.Round(year); err != nil {
			return nil, err
		}
		return nil, barometer.Errorf(barometer.NotFound, "Round %d is neither in hearing nor announced, so it has no live figures.", year)
	}
	g := guardOf(c)
	scope := store.Scope{}
	if g.access == own {
		scope = scopeOf(g)
	}
	live, err := h.current.Live(c.Request().Context(), year, scope)
	if barometer.KindOf(err) == barometer.State { // it has moved on just now
		return nil, r.absent(c)
	}
	if err != nil {
		return nil, err
	}
	switch g.access {
	case all:
		return live, nil
	case country:
		return live.OnlyCountry(), nil
	default:
		return live.OnlyMunicipality(cmp.Or(g.caller.Municipality, nowhere)), nil
	}
}

// withCases answers with figures; a denominator gets the references of the cases behind it that the caller may see, and
// that is a read of case data.
func (h *handler) withCases(c echo.Context, body any) error {
	d, ok := body.(barometer.Denominator)
	if g := guardOf(c); !ok || g.access != all && g.caller.Municipality != d.Area {
		p, err := reply{body: body}.prepare()
		if err != nil {
			return err
		}
		return p.send(c)
	}
	return h.look(c, &denominatorQuery{}, func(w *work) (reply, error) {
		err := report.FillCases(w.ctx, w.tx, &d)
		return reply{body: d}, err
	})
}

// listLiveResults serves the results to who may see live ones.
func (h *handler) listLiveResults(c echo.Context) error {
	var q resultsQuery
	r, err := h.readerOf(c, &q)
	if err != nil {
		return err
	}
	rows := func() ([]barometer.Result, error) { return q.results(r) }
	g := guardOf(c)
	if q.State == stateLive || q.State == "" && len(q.Round) == 1 && r.notPublished(q.Round[0]) {
		if g.access == own && q.Area != nil && !slices.Contains(q.Area, g.caller.Municipality) {
			return h.refuse(c, barometer.Errorf(barometer.NotFound, "There are no such figures."))
		}
		rows = func() ([]barometer.Result, error) {
			live, err := h.liveRound(c, r, q.Round[0])
			if err != nil {
				return nil, err
			}
			return live.Results(q.filter(r), q.options(), r.lang), nil
		}
	}
	found, err := rows()
	if err != nil {
		return err
	}
	body, err := q.page(found, r)
	if err != nil {
		return err
	}
	p, err := reply{body: body}.prepare()
	if err != nil {
		return err
	}
	return p.send(c)
}

func (r reader) notPublished(year barometer.Year) bool {
	_, err := r.Round(year)
	return err != nil
}

func (r reader) noLiveResults() error {
	return malformed(barometer.FieldError{Parameter: "state", Code: "unknown_value", Detail: "without a key that may see more, only published figures are shown; allowed: published"})
}
