package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// Pooled gives the results of several rounds together that a filter keeps. Rounds that were run here are pooled by their
// counts, as if they were one round; a period of the history has the figures that were printed for it, and no others.
// Malformed, of the parameter rounds, where neither is possible.
func (s *Snapshot) Pooled(rounds []barometer.Year, keep func(barometer.Result) bool, o Options, lang barometer.Lang) ([]barometer.Result, error) {
	if s.isPrinted(rounds) {
		printed := s.kept(s.periods, func(r barometer.Result) bool { return slices.Equal(r.Rounds, rounds) && keep(r) }, lang)
		if o.Weighting != barometer.WeightEqual {
			return printed, nil
		}
		for i, r := range printed {
			printed[i] = (&areaFigures{results: []barometer.Result{r}}).equally().results[0]
		}
		return printed, nil
	}
	if err := s.checkPoolable(rounds); err != nil {
		return nil, err
	}
	var out []barometer.Result
	for _, r := range s.pool(rounds, o) {
		if keep(r) {
			out = append(out, s.data.localise(r, lang))
		}
	}
	return out, nil
}

// isPrinted tells whether figures were printed for a period.
func (s *Snapshot) isPrinted(rounds []barometer.Year) bool {
	return slices.ContainsFunc(s.periods, func(r barometer.Result) bool { return slices.Equal(r.Rounds, rounds) })
}

// checkPoolable refuses rounds that cannot be pooled: their counts are not known, or some are made up and others not.
func (s *Snapshot) checkPoolable(rounds []barometer.Year) error {
	refuse := func(code, format string, args ...any) error {
		return &barometer.Error{Kind: barometer.Malformed, Message: "The rounds cannot be pooled.", Fields: []barometer.FieldError{
			{Parameter: "rounds", Code: code, Detail: fmt.Sprintf(format, args...)},
		}}
	}
	if len(rounds) < 2 {
		return refuse("out_of_range", "a period has at least two rounds; use round for a single one")
	}
	for _, year := range rounds {
		round, published := s.data.rounds[year]
		switch {
		case !published:
			return refuse("unknown_value", "round %d is not published; allowed: %s", year, s.periodsAllowed())
		case !round.round.Round.RequirementsKnown:
			return refuse("unknown_value", "round %d was not run here, so its counts are not known, and no source has figures for this period; allowed: %s", year, s.periodsAllowed())
		case year.Origin() != rounds[0].Origin():
			return refuse("conflicting", "%d is a %s round, %d a %s one; they are never pooled", rounds[0], rounds[0].Origin(), year, year.Origin())
		}
	}
	return nil
}

// periodsAllowed lists the periods that were printed, and the rounds that can be pooled.
func (s *Snapshot) periodsAllowed() string {
	var printed, here []string
	for _, r := range s.periods {
		if text := strings.ReplaceAll(yearList(r.Rounds), " ", ""); !slices.Contains(printed, text) {
			printed = append(printed, text)
		}
	}
	for _, year := range s.data.years {
		if s.data.rounds[year].round.Round.RequirementsKnown {
			here = append(here, yearText(year))
		}
	}
	allowed := "the period " + strings.Join(printed, " or ")
	if len(here) > 1 {
		allowed += ", or any of " + strings.Join(here, ", ") + " together"
	}
	return allowed
}

// pool gives the results of rounds together: of each municipality that took part in any, by code, and of the country,
// each beside the country's.
func (s *Snapshot) pool(rounds []barometer.Year, o Options) []barometer.Result {
	codes := []string{}
	for _, year := range rounds {
		for _, code := range s.data.rounds[year].inTurn {
			if code != barometer.Country && !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
	}
	slices.Sort(codes)
	p := pool{dataset: s.data, rounds: rounds, allowBreak: o.AllowBreak, listed: s.data.listedIn(rounds)}
	country := p.area(barometer.Country)
	var out []barometer.Result
	for _, code := range codes {
		for _, r := range p.area(code).results {
			r.Country = countryFigure(country, &r)
			out = append(out, r)
		}
	}
	if o.equally(barometer.Country) {
		country = country.equally()
	}
	return append(out, country.results...)
}

// listedIn gives the requirements that any of some rounds lists, in catalogue order.
func (d dataset) listedIn(rounds []barometer.Year) []barometer.Requirement {
	return slices.DeleteFunc(d.cat.Requirements(barometer.Danish), func(q barometer.Requirement) bool {
		return !slices.ContainsFunc(rounds, func(year barometer.Year) bool {
			return slices.Contains(d.rounds[year].round.Listed, q.Code)
		})
	})
}

// pool is several rounds taken as one.
type pool struct {
	dataset
	rounds     []barometer.Year
	listed     []barometer.Requirement
	allowBreak bool
}

// area pools an area's figures.
func (p pool) area(code string) *areaFigures {
	parts := p.parts(code)
	facts := areaFacts{code: code, roundFacts: roundFacts{listed: p.listed, round: barometer.Round{
		Year: p.rounds[0], Origin: p.rounds[0].Origin(), RequirementsKnown: true,
	}}}
	out := &areaFigures{area: frozenArea{Area: code}}
	for _, t := range facts.themes() {
		var requirements []barometer.Result
		var pooled []string
		for _, q := range t.requirements {
			r := p.requirement(facts, q, parts)
			if requirements = append(requirements, r); r.HasFigure() {
				pooled = append(pooled, q)
			}
		}
		clusters, areas := p.clusters(t, pooled, parts)
		share, mean := facts.themeResults(t, pointers(requirements), clusters)
		out.results = append(append(out.results, share, mean), requirements...)
		out.area.Themes = append(out.area.Themes, frozenTheme{Theme: t.code, Requirements: t.requirements, Clusters: clusters, Areas: areas})
	}
	cases := casesOf(parts)
	for i := range out.results {
		p.name(&out.results[i], cases)
		out.results[i].Notices = slices.Concat(facts.notices(out.results[i]), p.notices(out.results[i], out.results, parts))
	}
	return out
}

// parts gives an area's figures in those of the rounds that it took part in.
func (p pool) parts(code string) (parts []part) {
	for _, year := range p.rounds {
		if a, ok := p.dataset.rounds[year].areas[code]; ok {
			parts = append(parts, part{year, a})
		}
	}
	return parts
}

// part is what one round brings to a pool.
type part struct {
	year barometer.Year
	*areaFigures
}

func casesOf(parts []part) *int {
	cases := 0
	for _, a := range parts {
		if a.area.Cases == nil {
			return nil
		}
		cases += *a.area.Cases
	}
	return &cases
}

// requirement pools the counts of a requirement. It has no figure where a round that asked has counts that are not known,
// nor where rounds are not comparable and no break is allowed; the country's also where a round that asked has none.
func (p pool) requirement(facts areaFacts, code string, parts []part) barometer.Result {
	q, _ := p.cat.Requirement(code, barometer.Danish)
	r := facts.blank(q.Theme, code)
	r.Level, r.Requirement, r.Unit = barometer.LevelRequirement, &code, &q.Unit
	var asked []*barometer.Result
	for _, a := range parts {
		if one := a.requirement(code); one != nil {
			asked = append(asked, one)
		}
	}
	counted := slices.DeleteFunc(slices.Clone(asked), func(one *barometer.Result) bool { return one.Assessed == nil })
	switch {
	case len(asked) == 0:
		r.Status = barometer.NotAsked
	case slices.ContainsFunc(asked, func(one *barometer.Result) bool { return one.HasFigure() && one.Met == nil }):
		r.Status = barometer.NoCounts
	case len(counted) == 0:
		fillShared(&r, asked)
	case facts.code == barometer.Country && len(counted) < len(asked):
		r.Status = barometer.NoFigure // the country is never patched together
	case !p.allowBreak && p.worst(code, counted) == barometer.NotComparable:
		r.Status = barometer.NoFigure
	default:
		p.count(&r, counted, parts)
	}
	return r
}

// count gives a requirement the sum of its counts, and the interval of all outcomes together.
func (p pool) count(r *barometer.Result, counted []*barometer.Result, parts []part) {
	share, _ := pooledShare(counted)
	fillCounts(r, share)
	fillUnits(r, counted)
	switch {
	case share.Assessed == 0:
	case independent(*r):
		fillWilson(r, share)
	default:
		clusters, _ := p.clusters(themeOf{r.Theme, []string{*r.Requirement}}, []string{*r.Requirement}, parts)
		estimate, _ := score.Pooled(clusters, score.Confidence)
		estimate.Assessed = share.Assessed
		fillEstimate(r, estimate)
	}
}

// worst gives the worst judgement between any two of the rounds that results are of.
func (p pool) worst(requirement string, of []*barometer.Result) barometer.Judged {
	worst := barometer.Comparable
	for i, now := range of {
		for _, before := range of[:i] {
			c := barometer.Compare(p.judgements, requirement, *before.Round, *now.Round, barometer.Danish)
			if c.Judgement.WorseThan(worst) {
				worst = c.Judgement
			}
		}
	}
	return worst
}

// clusters gives the outcomes of all rounds together on some requirements of a theme, by case, or of the country by
// municipality: one that took part twice is one cluster. Nil where a round's are not known.
func (p pool) clusters(t themeOf, requirements []string, parts []part) (clusters []score.Cluster, areas []string) {
	clusters = []score.Cluster{}
	for _, a := range parts {
		theme := a.theme(t.code)
		if theme.Clusters == nil && a.countsAny(requirements) {
			return nil, nil
		}
		for i, c := range theme.Clusters {
			c = arranged(c, theme.Requirements, t.requirements, requirements)
			at := -1
			if theme.Areas != nil {
				if at = slices.Index(areas, theme.Areas[i]); at < 0 {
					areas = append(areas, theme.Areas[i])
				}
			}
			if at < 0 {
				clusters = append(clusters, c)
			} else {
				addTo(clusters[at], c)
			}
		}
	}
	return clusters, areas
}

// countsAny tells whether an area has counts of any of some requirements.
func (a *areaFigures) countsAny(requirements []string) bool {
	return slices.ContainsFunc(a.results, func(r barometer.Result) bool {
		return r.Requirement != nil && r.Assessed != nil && slices.Contains(requirements, *r.Requirement)
	})
}

// arranged puts a cluster's requirements in the places of others; those that do not count are left empty.
func arranged(c score.Cluster, from, to, counting []string) score.Cluster {
	out := score.Cluster{Met: make([]int, len(to)), Assessed: make([]int, len(to)), Count: c.Count}
	for i, code := range from {
		if place := slices.Index(to, code); place >= 0 && slices.Contains(counting, code) {
			out.Met[place], out.Assessed[place] = c.Met[i], c.Assessed[i]
		}
	}
	return out
}

func addTo(sum, c score.Cluster) {
	for i := range c.Met {
		sum.Met[i] += c.Met[i]
		sum.Assessed[i] += c.Assessed[i]
	}
}

// name makes a result one of the whole period.
func (p pool) name(r *barometer.Result, cases *int) {
	r.Key = fmt.Sprintf("%s.%s.%s", periodOf(p.rounds), r.Area, restOf(*r))
	r.Round, r.Rounds, r.Cases, r.InSample = nil, p.rounds, cases, nil
	describe(r)
}

// periodOf names a period in keys: by its first and last round where it has every year between, else by each.
func periodOf(rounds []barometer.Year) string {
	first, last := rounds[0], rounds[len(rounds)-1]
	if int(last-first) == len(rounds)-1 {
		return fmt.Sprintf("%d-%d", first, last)
	}
	return strings.ReplaceAll(yearList(rounds), ", ", "+")
}

// notices says what must be shown with a figure of a period beside what any figure has; with a theme's, what must be
// with any of its requirements.
func (p pool) notices(r barometer.Result, of []barometer.Result, parts []part) []barometer.Notice {
	var isBreak, isIncomplete bool
	for _, q := range of {
		if q.Requirement == nil || q.Theme != r.Theme || r.Requirement != nil && *r.Requirement != *q.Requirement {
			continue
		}
		var with []*barometer.Result
		for _, a := range parts {
			if one := a.requirement(*q.Requirement); one != nil && one.HasFigure() {
				with = append(with, one)
			}
		}
		worst := p.worst(*q.Requirement, with)
		isBreak = isBreak || worst == barometer.NotComparable || worst == barometer.WithCaveat
		isIncomplete = isIncomplete || r.HasFigure() && len(with) > 0 && len(with) < len(p.rounds)
	}
	var list []barometer.Notice
	if isBreak {
		list = append(list, barometer.Notice{Code: breakInPeriod})
	}
	if isIncomplete {
		list = append(list, barometer.Notice{Code: incompletePeriod})
	}
	return list
}
