package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Options of figures.
type Options struct {
	// AllowBreak asks for differences that are not comparable too; they are marked.
	AllowBreak bool
	// Weighting of the municipalities in the country's figures; "" is that by cases.
	Weighting barometer.Weighting
	// Breakdown adds the results of requirements by case type.
	Breakdown bool
}

// standard tells whether figures with their changes are wanted as they are released.
func (o Options) standard(area string) bool { return !o.AllowBreak && !o.equally(area) }

func (o Options) equally(area string) bool {
	return o.Weighting == barometer.WeightEqual && area == barometer.Country
}

// Baseline says which earlier round to compare with: by default the one the domain's rule gives.
type Baseline struct {
	None bool
	Year *barometer.Year
	Options
}

// Scorecard gives all results of an area in a published round. A municipality that is not recorded in the round has a
// scorecard too, which says so. NotFound where the round is not published, or the baseline asked for has no recorded
// participation; Malformed where the baseline is not an earlier round of the same origin.
func (s *Snapshot) Scorecard(year barometer.Year, area string, b Baseline, lang barometer.Lang) (barometer.Scorecard, error) {
	round, err := s.Round(year)
	if err != nil {
		return barometer.Scorecard{}, err
	}
	baseline, err := s.baselineOf(year, area, b)
	if err != nil {
		return barometer.Scorecard{}, err
	}
	now := s.figuresOf(year, area)
	card := barometer.Scorecard{
		Round: year, AreaType: barometer.AreaTypeOf(area), Area: area, AreaName: s.cat.AreaName(area, lang),
		BaselineRound: baseline, Release: s.Release().Number, State: s.state, Origin: round.Origin,
		Cases: now.area.Cases, Notices: s.cardNotices(year, area, lang),
	}
	results := s.comparedTo(year, now, baseline, b.Options, lang)
	card.Notices = append(card.Notices, cautions(results)...)
	if b.Breakdown {
		results = s.withBreakdown(results, lang)
	}
	for _, r := range results {
		if n := len(card.Themes); n == 0 || card.Themes[n-1].Theme != r.Theme {
			card.Themes = append(card.Themes, barometer.ScorecardTheme{Theme: r.Theme, Name: r.ThemeName})
		}
		theme := &card.Themes[len(card.Themes)-1]
		switch {
		case r.Requirement != nil:
			theme.Requirements = append(theme.Requirements, r)
		case r.Method == barometer.Pooled:
			theme.Pooled = r
		default:
			theme.MeanOfRequirements = r
		}
	}
	return card, nil
}

// comparedTo gives an area's results against a baseline: as released where it is the default one, else from the
// release in memory by the same rules.
func (s *Snapshot) comparedTo(year barometer.Year, now *areaFigures, baseline *barometer.Year, o Options, lang barometer.Lang) []barometer.Result {
	area := now.area.Area
	standard, ok := s.data.baseline(area, year)
	isStandard := o.standard(area) && (baseline == nil && !ok || baseline != nil && ok && *baseline == standard)
	if released := s.areas[areaOfRound{year, area}]; released != nil && isStandard {
		return s.kept(released, func(barometer.Result) bool { return true }, lang)
	}
	if o.equally(area) {
		now = now.equally()
	}
	results := s.data.compared(year, now, baseline, o.AllowBreak)
	for i, r := range results {
		results[i] = s.data.localise(r, lang)
	}
	return results
}

// Results gives the results that a filter keeps against the default baselines, in a language. The filter must not look at
// the change.
func (s *Snapshot) Results(keep func(barometer.Result) bool, o Options, lang barometer.Lang) []barometer.Result {
	all := s.results
	if o.Breakdown {
		all = s.withBreakdown(all, barometer.Danish)
	}
	out := s.kept(all, keep, lang)
	areas := map[areaOfRound]map[string]barometer.Result{}
	for i, r := range out {
		if r.CaseType != nil || o.standard(r.Area) || !o.equally(r.Area) && !stopsAtBreak(r) {
			continue
		}
		at := areaOfRound{*r.Round, r.Area}
		if areas[at] == nil {
			areas[at] = s.recompared(at, r.Baseline, o, lang)
		}
		out[i] = areas[at][r.Key]
	}
	return out
}

// recompared gives an area's results by key, other than they are released.
func (s *Snapshot) recompared(at areaOfRound, against *barometer.BaselineFigure, o Options, lang barometer.Lang) map[string]barometer.Result {
	var baseline *barometer.Year
	if against != nil {
		baseline = &against.Round
	}
	byKey := map[string]barometer.Result{}
	for _, r := range s.comparedTo(at.round, s.figuresOf(at.round, at.area), baseline, o, lang) {
		byKey[r.Key] = r
	}
	return byKey
}

// withBreakdown puts behind each requirement's result those by case type.
func (s *Snapshot) withBreakdown(results []barometer.Result, lang barometer.Lang) []barometer.Result {
	var out []barometer.Result
	for _, r := range results {
		if out = append(out, r); r.Requirement == nil {
			continue
		}
		for _, part := range s.breakdown(r) {
			out = append(out, s.data.localise(part, lang))
		}
	}
	return out
}

// breakdown gives a requirement's results by case type.
func (s *Snapshot) breakdown(total barometer.Result) []barometer.Result {
	parts := s.parts[*total.Round]()
	if rows, ok := parts[total.Key]; ok {
		return rows
	}
	rows := missingBreakdown(total)
	country := &areaFigures{results: parts[keysOf(*total.Round)+barometer.Country+"."+*total.Requirement]}
	for i := range rows {
		if rows[i].Country != nil {
			rows[i].Country = countryFigure(country, &rows[i])
		}
	}
	return rows
}

// breakDown makes the results by case type of every round, when they are first asked for: guarded ones for everybody,
// whole ones for those who may see everything there is.
func (s *Snapshot) breakDown(guarded bool) {
	s.parts = map[barometer.Year]func() map[string][]barometer.Result{}
	for year, round := range s.data.rounds {
		s.parts[year] = sync.OnceValue(func() map[string][]barometer.Result { return round.breakdowns(guarded) })
	}
}

// breakdowns gives a round's results by case type, by the key of what they are parts of.
func (f frozen) breakdowns(guarded bool) map[string][]barometer.Result {
	areas := map[string][]barometer.Result{}
	for code, area := range f.areas {
		areas[code] = area.area.Breakdown
	}
	if guarded {
		areas = guard(areas)
	}
	country := &areaFigures{results: areas[barometer.Country]}
	parts := map[string][]barometer.Result{}
	for code, rows := range areas {
		for _, r := range rows {
			if code != barometer.Country {
				r.Country = countryFigure(country, &r)
			}
			of := strings.TrimSuffix(r.Key, "."+string(*r.CaseType))
			parts[of] = append(parts[of], r)
		}
	}
	return parts
}

// cautions gives what must be shown with a whole list of changes, each once.
func cautions(results []barometer.Result) []barometer.Notice {
	var list []barometer.Notice
	for _, r := range results {
		for _, n := range r.Notices {
			if ofAChange(n) && !slices.Contains(list, n) {
				list = append(list, n)
			}
		}
	}
	return list
}

// stopsAtBreak tells whether a result's change leaves something out for a break.
func stopsAtBreak(r barometer.Result) bool {
	return r.Change != nil && (r.Change.Comparability.Judgement == barometer.NotComparable ||
		slices.ContainsFunc(r.Change.LeftOut, func(l barometer.LeftOut) bool { return l.Reason == "not_comparable" }))
}

// baselineOf resolves which round to compare with; nil where there is none.
func (s *Snapshot) baselineOf(year barometer.Year, area string, b Baseline) (*barometer.Year, error) {
	if b.None {
		return nil, nil //nolint:nilnil // no baseline is an answer
	}
	if b.Year == nil {
		if y, ok := s.data.baseline(area, year); ok {
			return &y, nil
		}
		return nil, nil //nolint:nilnil // as above
	}
	refuse := func(detail string) error {
		return &barometer.Error{Kind: barometer.Malformed, Message: "The baseline does not fit the round.", Fields: []barometer.FieldError{
			{Parameter: "baseline", Code: "out_of_range", Detail: detail},
		}}
	}
	recorded := s.data.participated(area, year.Origin())
	switch {
	case b.Year.Origin() != year.Origin():
		return nil, refuse(fmt.Sprintf("%d is a %s round, %d a %s one; allowed: none, previous, an earlier %s round",
			*b.Year, b.Year.Origin(), year, year.Origin(), year.Origin()))
	case *b.Year >= year:
		return nil, refuse(fmt.Sprintf("%d is not before %d; allowed: none, previous, an earlier round", *b.Year, year))
	case !slices.Contains(recorded, *b.Year):
		earlier := slices.DeleteFunc(recorded, func(y barometer.Year) bool { return y >= year })
		return nil, barometer.Errorf(barometer.NotFound, "%s has no recorded participation in a published round %d. Recorded before %d: %s.",
			s.cat.AreaName(area, barometer.English), *b.Year, year, cmp.Or(yearList(earlier), "none"))
	}
	return b.Year, nil
}

// figuresOf gives an area's figures as published, or those of a municipality that is not recorded: it did not take
// part where all participants are known; otherwise nobody knows.
func (s *Snapshot) figuresOf(year barometer.Year, area string) *areaFigures {
	if figures, ok := s.data.rounds[year].areas[area]; ok {
		return figures
	}
	p := s.data.rounds[year].round
	facts := areaFacts{roundFacts: roundFacts{round: p.Round, asked: p.Asked}, code: area, absent: barometer.NoFigure}
	if p.Round.AllParticipantsKnown() {
		facts.absent = barometer.NotParticipating
	}
	for _, code := range p.Listed {
		q, _ := s.cat.Requirement(code, barometer.Danish)
		facts.listed = append(facts.listed, q)
	}
	figures := facts.figures(s.cat)
	return &figures
}

func (s *Snapshot) cardNotices(year barometer.Year, area string, lang barometer.Lang) []barometer.Notice {
	p := s.data.rounds[year]
	notices := []barometer.Notice{}
	if _, recorded := p.areas[area]; !recorded && !p.round.Round.AllParticipantsKnown() {
		notices = append(notices, barometer.Notice{Code: participationUnknown})
	}
	if area != barometer.Country {
		notices = append(notices, barometer.Notice{Code: notGeneralisable})
	}
	if year.Origin() == barometer.OriginSynthetic {
		notices = append(notices, barometer.Notice{Code: syntheticFigures})
	}
	return localiseNotices(s.cat, notices, lang)
}

func yearText(y barometer.Year) string { return strconv.Itoa(int(y)) }

func yearList(years []barometer.Year) string {
	texts := make([]string, len(years))
	for i, y := range years {
		texts[i] = yearText(y)
	}
	return strings.Join(texts, ", ")
}
