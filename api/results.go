package api

import (
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type resultsQuery struct {
	listQuery
	// Round keeps the figures of these rounds.
	Round []barometer.Year `query:"round" codes:"round" example:"2023"`
	// Rounds asks for the figures of a period of several rounds together, as printed: `2020,2021,2022`.
	Rounds []barometer.Year `query:"rounds" codes:"round"`
	// AreaType keeps the figures of municipalities, or of the country.
	AreaType string `query:"area_type" enums:"municipality,country"`
	// Area keeps the figures of these municipalities, or of the country (`dk`).
	Area []string `query:"area" codes:"area" example:"0707"`
	// Region keeps the municipalities that are or will be members of any of these regions, by slug or code.
	Region []string `query:"region" codes:"region"`
	// Theme keeps these themes and their requirements.
	Theme []string `query:"theme" codes:"theme"`
	// Requirement keeps these requirements.
	Requirement []string `query:"requirement" codes:"requirement"`
	// Level keeps the figures of requirements, or of themes.
	Level string `query:"level" enums:"requirement,theme"`
	// Method keeps the figures of themes made by this method.
	Method string `query:"method" enums:"pooled,mean_of_requirements"`
	// Status keeps the figures with any of these statuses.
	Status []barometer.Status `query:"status" enums:"measured,percent_only,no_counts,none_assessed,not_asked,no_figure,not_participating,withheld"`
	// Origin keeps real or synthetic figures.
	Origin string `query:"origin" enums:"real,synthetic"`
	stateQuery
	breakQuery
}

// listResults serves figures as flat rows: one for each recorded participation and the country, and each requirement
// and theme method of its scorecard, whatever the status; by round, area (the country last) and catalogue order, a
// theme before its requirements. With `rounds` it serves the figures printed for a period.
//
//	@Summary	List results
//	@ID			listResults
//	@Tags		results
//	@Param		q		query		resultsQuery	false	"Filter and page"
//	@Success	200		{object}	barometer.Page[barometer.Result]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/results [get]
func (h *handler) listResults(c echo.Context) error {
	var q resultsQuery
	if guardOf(c).access != published {
		return h.listLiveResults(c)
	}
	return h.read(c, &q, func(r reader) (any, error) {
		if q.State == stateLive {
			return nil, r.noLiveResults()
		}
		return page(q.results(r), q.listQuery, r.SortKey)
	})
}

func (q resultsQuery) results(r reader) []barometer.Result {
	found := r.Results
	switch {
	case q.Rounds != nil:
		found = r.Periods
	case q.AllowBreak:
		found = r.ResultsAllowingBreaks
	}
	return found(q.filter(r), r.lang)
}

// check refuses filters that can never be met together, and periods that no source has a figure for.
func (q resultsQuery) check(b *binder) {
	q.listQuery.check(b)
	conflict := func(when bool, parameter, detail string) {
		if when {
			b.refuse(parameter, "conflicting", "%s", detail)
		}
	}
	ofCountry := slices.Contains(q.Area, barometer.Country)
	conflict(q.State == stateLive && len(q.Round) != 1, "state", "live figures are of one round; name it with round")
	conflict(q.Rounds != nil && q.Round != nil, "rounds", "round filters by round, rounds asks for a period; give one of them")
	conflict(q.Level == string(barometer.LevelRequirement) && q.Method != "", "method", "only figures of themes have a method; leave out level=requirement")
	conflict(q.Level == string(barometer.LevelTheme) && q.Requirement != nil, "requirement", "figures of themes have no requirement; leave out level=theme")
	conflict(q.Method != "" && q.Requirement != nil, "requirement", "only figures of themes have a method; give method or requirement")
	conflict(q.Region != nil && (q.AreaType == string(barometer.AreaCountry) || ofCountry && len(q.Area) == 1), "region", "regions are of municipalities; the country is in none")
	conflict(q.AreaType == string(barometer.AreaMunicipality) && ofCountry && len(q.Area) == 1, "area", "dk is the country; leave out area_type=municipality")
	conflict(q.AreaType == string(barometer.AreaCountry) && q.Area != nil && !ofCountry, "area", "these are municipalities; leave out area_type=country")
	if q.Rounds != nil && q.Round == nil && !b.refused("rounds") {
		q.checkPeriod(b)
	}
}

func (q resultsQuery) checkPeriod(b *binder) {
	known := ""
	for _, p := range b.Periods(func(barometer.Result) bool { return true }, barometer.Danish) {
		if slices.Equal(p.Rounds, sorted(q.Rounds)) {
			return
		}
		known = yearsText(p.Rounds)
	}
	b.refuse("rounds", "unknown_value", "no source has figures for this period; allowed: %s", known)
}

func (q resultsQuery) filter(r reader) func(barometer.Result) bool {
	var members []string
	for _, m := range r.cat.Municipalities(barometer.MunicipalityFilter{Region: q.Region}) {
		members = append(members, m.Code)
	}
	return func(x barometer.Result) bool {
		return q.keepsPlace(x) && q.keepsKind(x) && (q.Region == nil || slices.Contains(members, x.Area))
	}
}

func (q resultsQuery) keepsPlace(x barometer.Result) bool {
	return (q.Round == nil || x.Round != nil && slices.Contains(q.Round, *x.Round)) &&
		(q.Rounds == nil || slices.Equal(x.Rounds, sorted(q.Rounds))) &&
		(q.AreaType == "" || string(x.AreaType) == q.AreaType) &&
		(q.Area == nil || slices.Contains(q.Area, x.Area)) &&
		(q.Origin == "" || string(x.Origin) == q.Origin)
}

func (q resultsQuery) keepsKind(x barometer.Result) bool {
	return (q.Theme == nil || slices.Contains(q.Theme, x.Theme)) &&
		(q.Requirement == nil || x.Requirement != nil && slices.Contains(q.Requirement, *x.Requirement)) &&
		(q.Level == "" || string(x.Level) == q.Level) &&
		(q.Method == "" || x.ThemeBasis != nil && string(x.Method) == q.Method) &&
		(q.Status == nil || slices.Contains(q.Status, x.Status))
}

func sorted(years []barometer.Year) []barometer.Year {
	return slices.Compact(slices.Sorted(slices.Values(years)))
}

func yearsText(years []barometer.Year) string {
	text := ""
	for i, y := range years {
		if i > 0 {
			text += ","
		}
		text += strconv.Itoa(int(y))
	}
	return text
}

type scorecardQuery struct {
	readQuery
	// Baseline to compare with: `none`, the year of an earlier round, or `previous`, the default: a municipality's latest
	// earlier participation; for the country the annual round three years earlier, which had the same municipalities,
	// and where that is not published the latest earlier round.
	Baseline string `query:"baseline" pattern:"^(previous|none|[0-9]{4})$" want:"previous, none, or the year of an earlier round in four digits" default:"previous" example:"previous"`
	stateQuery
	breakQuery
}

func (q scorecardQuery) baseline() report.Baseline {
	b := report.Baseline{None: q.Baseline == "none", AllowBreak: q.AllowBreak}
	if n, err := strconv.Atoi(q.Baseline); err == nil {
		year := barometer.Year(n)
		b.Year = &year
	}
	return b
}

// getScorecard serves all figures of a municipality in a round, theme by theme, with the country's beside them and the
// change since a baseline. A municipality that is not recorded in the round has one too, which says so.
//
//	@Summary	Read a municipality's scorecard
//	@ID			getScorecard
//	@Tags		results
//	@Param		round			path		int				true	"Year of the round"	example(2023)
//	@Param		municipality	path		string			true	"Four-digit code"	example(0707)
//	@Param		q				query		scorecardQuery	false	"Baseline and language"
//	@Success	200				{object}	barometer.Scorecard
//	@Failure	default			{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/municipalities/{municipality}/scorecard [get]
func (h *handler) getScorecard(c echo.Context) error {
	return h.scorecard(c, func(r reader) (string, error) { return r.municipality(c) })
}

// getCountryScorecard serves all figures of the country in a round, theme by theme, with the change since a baseline.
//
//	@Summary	Read the country's scorecard
//	@ID			getCountryScorecard
//	@Tags		results
//	@Param		round	path		int				true	"Year of the round"	example(2023)
//	@Param		q		query		scorecardQuery	false	"Baseline and language"
//	@Success	200		{object}	barometer.Scorecard
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/scorecard [get]
func (h *handler) getCountryScorecard(c echo.Context) error {
	return h.scorecard(c, func(reader) (string, error) { return barometer.Country, nil })
}

func (h *handler) scorecard(c echo.Context, area func(reader) (string, error)) error {
	var q scorecardQuery
	return h.figures(c, &q, &q.State, func(r reader) (any, error) {
		year, err := r.round(c)
		if err != nil {
			return nil, err
		}
		code, err := area(r)
		if err != nil {
			return nil, err
		}
		return r.Scorecard(year, code, q.baseline(), r.lang)
	}, func(r reader, live *report.LiveRound) (any, error) {
		code, err := area(r)
		if err != nil {
			return nil, err
		}
		return live.Scorecard(code, q.baseline(), r.lang)
	})
}

type denominatorQuery struct {
	readQuery
	stateQuery
}

// getDenominator explains why the denominator of a requirement is what it is: how many units were in the sample, how
// many were assessed, and why the others were not.
//
//	@Summary	Explain a denominator
//	@ID			getDenominator
//	@Tags		results
//	@Param		round			path		int			true	"Year of the round"	example(2023)
//	@Param		municipality	path		string		true	"Four-digit code"	example(0183)
//	@Param		requirement		path		string		true	"Code"				example(investigation_within_four_months)
//	@Param		q				query		denominatorQuery	false	"State and language"
//	@Success	200				{object}	barometer.Denominator
//	@Failure	default			{object}	barometer.Problem	"Any failure"
//	@Router		/v1/rounds/{round}/municipalities/{municipality}/requirements/{requirement}/denominator [get]
func (h *handler) getDenominator(c echo.Context) error {
	var q denominatorQuery
	requirement := func(r reader) (municipality, requirement string, err error) {
		if municipality, err = r.municipality(c); err == nil {
			requirement, err = r.requirement(c)
		}
		return municipality, requirement, err
	}
	return h.figures(c, &q, &q.State, func(r reader) (any, error) {
		year, err := r.round(c)
		if err != nil {
			return nil, err
		}
		municipality, code, err := requirement(r)
		if err != nil {
			return nil, err
		}
		return r.Denominator(year, municipality, code, r.lang)
	}, func(r reader, live *report.LiveRound) (any, error) {
		municipality, code, err := requirement(r)
		if err != nil {
			return nil, err
		}
		return live.Denominator(municipality, code, r.lang)
	})
}
