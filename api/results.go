package api

import (
	"errors"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type resultsQuery struct {
	listQuery
	// Round keeps the figures of these rounds.
	Round []barometer.Year `query:"round" codes:"round" example:"2023"`
	// Rounds asks for figures of several rounds together: of rounds run here the sum of their counts, of the history what was
	// printed for that period (`2020,2021,2022`).
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
	// CaseType keeps the rows of the breakdown with any of these case types.
	CaseType []barometer.CaseType `query:"case_type" enums:"family_treatment,placement,placement_without_consent"`
	// PercentBelow keeps the figures whose whole percent, as it is published, is below it. A figure without a percent is not
	// below anything: those are counted in `without_figure`.
	PercentBelow int `query:"percent_below" minimum:"1" maximum:"100"`
	// Verdict keeps the figures whose change has any of these verdicts.
	Verdict []barometer.Verdict `query:"verdict" enums:"no_basis,counts_unknown,too_few_cases,not_demonstrated,indicated,demonstrated"`
	stateQuery
	breakQuery
	weightingQuery
	breakdownQuery
}

// weightingQuery is what the reads of the country's figures take.
type weightingQuery struct {
	// Weighting of the municipalities in figures of the country: every case alike, as published figures have it and as it
	// is without this, or every municipality alike.
	Weighting barometer.Weighting `query:"weighting" enums:"cases,equal"`
}

// breakdownQuery is what the reads of all figures of an area take.
type breakdownQuery struct {
	// Breakdown adds, after the figure of each requirement, those of its case types. `placement` includes
	// `placement_without_consent`.
	Breakdown string `query:"breakdown" enums:"case_type"`
}

func (q breakdownQuery) asked() bool { return q.Breakdown != "" }

// checkWeighting refuses to weigh municipalities alike in what is broken down: so few cases of each would be told apart.
func (b *binder) checkWeighting(w weightingQuery, q breakdownQuery) {
	b.conflict(w.Weighting == barometer.WeightEqual && q.asked(), "weighting", "the rows of a breakdown count every case alike; leave out weighting=equal or breakdown")
}

// listResults serves figures as flat rows: one for each recorded participation and the country, and each requirement
// and theme method of its scorecard, whatever the status; by round, area (the country last) and catalogue order, a
// theme before its requirements. With `rounds` it serves the figures of several rounds together.
//
//	@Summary	List results
//	@ID			listResults
//	@Tags		results
//	@Param		q		query		resultsQuery	false	"Filter and page"
//	@Success	200		{object}	barometer.ResultPage
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
		found, err := q.results(r)
		if err != nil {
			return nil, err
		}
		return q.page(found, r)
	})
}

func (q resultsQuery) results(r reader) ([]barometer.Result, error) {
	if q.Rounds != nil {
		return r.Pooled(sorted(q.Rounds), q.filter(r), q.options(), r.lang)
	}
	return r.Results(q.filter(r), q.options(), r.lang), nil
}

func (q resultsQuery) options() report.Options {
	return report.Options{AllowBreak: q.AllowBreak, Weighting: q.Weighting, Breakdown: q.asked()}
}

// page keeps what the finished figures must be looked at for, as weighting and breaks make them, and cuts one page out of
// it.
func (q resultsQuery) page(found []barometer.Result, r reader) (p barometer.ResultPage, err error) {
	found = slices.DeleteFunc(found, func(x barometer.Result) bool { return !q.keepsFigure(x) })
	if q.PercentBelow != 0 {
		p.WithoutFigure, p.Notices = r.withoutFigure(found), r.unlisted(found)
		found = slices.DeleteFunc(found, func(x barometer.Result) bool { return x.Percent == nil || *x.Percent >= q.PercentBelow })
	}
	p.Page, err = page(found, q.listQuery, r.SortKey)
	return p, err
}

func (q resultsQuery) keepsFigure(x barometer.Result) bool {
	return (q.Status == nil || slices.Contains(q.Status, x.Status)) &&
		(q.Verdict == nil || x.Change != nil && x.Change.Verdict != nil && slices.Contains(q.Verdict, *x.Change.Verdict))
}

// unlisted says where results are of a round that took in more than are known.
func (r reader) unlisted(found []barometer.Result) []barometer.Notice {
	notices := []barometer.Notice{}
	for _, x := range found {
		if x.Round == nil {
			continue
		}
		if round, err := r.Round(*x.Round); err == nil && !round.AllParticipantsKnown() {
			return append(notices, r.cat.Notice("participants_unknown", r.lang))
		}
	}
	return notices
}

// withoutFigure counts the results without a percent, by status in the order of the code list.
func (r reader) withoutFigure(results []barometer.Result) []barometer.StatusCount {
	missing, counts := map[barometer.Status]int{}, []barometer.StatusCount{}
	for _, x := range results {
		if x.Percent == nil {
			missing[x.Status]++
		}
	}
	for _, code := range r.cat.CodeList("statuses", r.lang) {
		if n := missing[barometer.Status(code.Code)]; n > 0 {
			counts = append(counts, barometer.StatusCount{Status: barometer.Status(code.Code), Count: n})
		}
	}
	return counts
}

// check refuses filters that can never be met together, and what would have no effect.
func (q resultsQuery) check(b *binder) {
	q.listQuery.check(b)
	ofCountry := slices.Contains(q.Area, barometer.Country)
	ofMunicipalities := q.AreaType == string(barometer.AreaMunicipality) || q.Area != nil && !ofCountry || q.Region != nil
	b.conflict(q.State == stateLive && len(q.Round) != 1, "state", "live figures are of one round; name it with round")
	b.conflict(q.Level == string(barometer.LevelRequirement) && q.Method != "", "method", "only figures of themes have a method; leave out level=requirement")
	b.conflict(q.Level == string(barometer.LevelTheme) && q.Requirement != nil, "requirement", "figures of themes have no requirement; leave out level=theme")
	b.conflict(q.Method != "" && q.Requirement != nil, "requirement", "only figures of themes have a method; give method or requirement")
	b.conflict(q.Region != nil && (q.AreaType == string(barometer.AreaCountry) || ofCountry && len(q.Area) == 1), "region", "regions are of municipalities; the country is in none")
	b.conflict(q.AreaType == string(barometer.AreaMunicipality) && ofCountry && len(q.Area) == 1, "area", "dk is the country; leave out area_type=municipality")
	b.conflict(q.AreaType == string(barometer.AreaCountry) && q.Area != nil && !ofCountry, "area", "these are municipalities; leave out area_type=country")
	b.conflict(q.Weighting != "" && ofMunicipalities, "weighting", "municipalities are weighted in the country's figures alone; ask for them too, or leave it out")
	b.conflict(q.Theme != nil && q.Requirement != nil && !b.anyIn(q.Theme, q.Requirement), "requirement", "none of these requirements is in these themes; leave out theme")
	b.checkWeighting(q.weightingQuery, q.breakdownQuery)
	q.checkBreakdown(b)
	q.checkRounds(b)
}

// anyIn tells whether any of some requirements is in any of some themes.
func (b *binder) anyIn(themes, requirements []string) bool {
	return slices.ContainsFunc(requirements, func(code string) bool {
		q, _ := b.cat.Requirement(code, barometer.Danish)
		return slices.Contains(themes, q.Theme)
	})
}

func (q resultsQuery) checkBreakdown(b *binder) {
	if b.refused("breakdown") {
		return
	}
	b.conflict(q.CaseType != nil && !q.asked(), "case_type", "only the rows of a breakdown have a case type; give breakdown=case_type too")
	b.conflict(q.asked() && (q.Level == string(barometer.LevelTheme) || q.Method != ""), "breakdown", "only requirements are broken down; leave out level=theme and method")
	b.conflict(q.asked() && q.Verdict != nil, "breakdown", "the rows of a breakdown are not compared, so none has a verdict; give breakdown or verdict")
}

// checkRounds refuses rounds that have no figures together. They are looked at only where something else is wrong, to be
// told with it: what is not looked at here is refused when the figures are made.
func (q resultsQuery) checkRounds(b *binder) {
	if q.Rounds == nil {
		return
	}
	b.conflict(q.Round != nil, "rounds", "round filters by round, rounds asks for several together; give one of them")
	b.conflict(q.asked(), "breakdown", "figures of several rounds together are not broken down; leave it out with rounds")
	b.conflict(q.Verdict != nil, "verdict", "figures of several rounds together are not compared, so none has a verdict; leave it out with rounds")
	first, err := b.Round(q.Rounds[0])
	b.conflict(q.AllowBreak && err == nil && !first.RequirementsKnown, "allow_break", "what was printed for a period is given as it is; leave it out")
	if len(b.problems) == 0 || b.refused("rounds") {
		return
	}
	var refused *barometer.Error
	if _, err := b.Pooled(sorted(q.Rounds), func(barometer.Result) bool { return false }, q.options(), barometer.Danish); errors.As(err, &refused) {
		b.problems = append(b.problems, refused.Fields...)
	}
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
		(q.AreaType == "" || string(x.AreaType) == q.AreaType) &&
		(q.Area == nil || slices.Contains(q.Area, x.Area)) &&
		(q.Origin == "" || string(x.Origin) == q.Origin)
}

func (q resultsQuery) keepsKind(x barometer.Result) bool {
	return (q.Theme == nil || slices.Contains(q.Theme, x.Theme)) &&
		(q.Requirement == nil || x.Requirement != nil && slices.Contains(q.Requirement, *x.Requirement)) &&
		(q.Level == "" || string(x.Level) == q.Level) &&
		(q.Method == "" || x.ThemeBasis != nil && string(x.Method) == q.Method) &&
		(q.CaseType == nil || x.CaseType != nil && slices.Contains(q.CaseType, *x.CaseType))
}

func sorted(years []barometer.Year) []barometer.Year {
	return slices.Compact(slices.Sorted(slices.Values(years)))
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
