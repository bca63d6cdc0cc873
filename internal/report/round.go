package report

import (
	"context"
	"fmt"
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// themeOf is a theme with the requirements a round lists in it, in catalogue order.
type themeOf struct {
	code         string
	requirements []string
}

// roundFacts is all that is known of a round.
type roundFacts struct {
	round          barometer.Round
	listed         []barometer.Requirement // the round's own, or its law's where these are not known
	asked          askedList
	participations []barometer.Participation
	samples        map[string]*sample
	reported       map[string]barometer.ReportedResult // by area and requirement
}

// areaFigures is what a publication freezes of one area: its results without comparisons, and what comparisons need.
type areaFigures struct {
	area    frozenArea
	results []barometer.Result // by theme: pooled, mean, then the requirements
	equal   bool               // of the country: every municipality counts alike
}

// readRound reads what is known of a round.
func readRound(ctx context.Context, s *store.Store, cat *catalogue.Catalogue, year barometer.Year) (roundFacts, error) {
	var f roundFacts
	var err error
	if f.round, err = s.Round(ctx, year); err != nil {
		return f, err
	}
	asked, err := s.RoundRequirements(ctx, year)
	if err != nil {
		return f, err
	}
	f.listed, f.asked = listed(cat, f.round, asked), otherwise(cat, asked)
	if f.participations, err = s.Participations(ctx, year); err != nil {
		return f, err
	}
	if f.samples, err = samplesOf(ctx, s, year, f.themes()); err != nil {
		return f, err
	}
	f.fillSizes()
	reported, err := s.ReportedResults(ctx, year)
	f.reported = map[string]barometer.ReportedResult{}
	for _, r := range reported {
		f.reported[r.Area+"."+r.Requirement] = r
	}
	return f, err
}

// fillSizes gives a round that is run here the sizes that follow from what is entered: its participants are all known,
// its cases are those of the sample, and where nobody has said how many a participant was to send, it is as many as it
// has, the withdrawn ones included.
func (f *roundFacts) fillSizes() {
	if !f.round.RequirementsKnown {
		return
	}
	participants, cases := len(f.participations), 0
	f.round.Participants = &participants
	for i, p := range f.participations {
		s := f.samples[p.Municipality]
		if s == nil {
			continue
		}
		inSample := s.units[barometer.UnitCase]
		if drawn := inSample + s.withdrawn[barometer.UnitCase]; p.Cases == nil {
			f.participations[i].Cases = &drawn
		}
		cases += inSample
	}
	if len(f.samples) > 0 {
		f.round.Cases = &cases
	}
}

// listed gives the requirements that a round's scorecards list, in catalogue order.
func listed(cat *catalogue.Catalogue, round barometer.Round, asked []barometer.RoundRequirement) []barometer.Requirement {
	var out []barometer.Requirement
	for _, r := range cat.Requirements(barometer.Danish) {
		isAsked := slices.ContainsFunc(asked, func(a barometer.RoundRequirement) bool { return a.Requirement == r.Code })
		if isAsked || !round.RequirementsKnown && r.Law == round.Law {
			out = append(out, r)
		}
	}
	return out
}

// themes groups the listed requirements.
func (f roundFacts) themes() []themeOf {
	var themes []themeOf
	for _, r := range f.listed {
		if n := len(themes); n > 0 && themes[n-1].code == r.Theme {
			themes[n-1].requirements = append(themes[n-1].requirements, r.Code)
			continue
		}
		themes = append(themes, themeOf{r.Theme, []string{r.Code}})
	}
	return themes
}

// figures computes every result of the round: of each recorded participant, by code, then of the country.
func (f roundFacts) figures(cat *catalogue.Catalogue) []areaFigures {
	var areas []areaFigures
	for _, p := range f.participations {
		known := areaFacts{roundFacts: f, code: p.Municipality, cases: p.Cases}
		if s := f.samples[p.Municipality]; s.entered() {
			known.sample = s
		}
		areas = append(areas, known.figures(cat))
	}
	country := areaFacts{roundFacts: f, code: barometer.Country, cases: f.round.Cases, sample: f.countrySample()}
	return append(areas, country.figures(cat))
}

// countrySample adds up the outcomes of all participants; nil unless all of them are known and have outcomes, since
// the country is never patched together.
func (f roundFacts) countrySample() *sample {
	if !f.round.AllParticipantsKnown() || len(f.participations) == 0 {
		return nil
	}
	country := &sample{units: unitCounts{}, withdrawn: unitCounts{}, tallies: map[string]tally{}}
	for _, p := range f.participations {
		s := f.samples[p.Municipality]
		if !s.entered() {
			return nil
		}
		country.merge(s)
	}
	return country
}

// entered tells whether the sample's figures are computed: it has outcomes, or all of its cases are withdrawn.
func (s *sample) entered() bool {
	return s != nil && (s.outcomes > 0 || s.units[barometer.UnitCase] == 0 && s.withdrawn[barometer.UnitCase] > 0)
}

func (s *sample) merge(other *sample) {
	s.outcomes += other.outcomes
	for unit, n := range other.units {
		s.units[unit] += n
	}
	for unit, n := range other.withdrawn {
		s.withdrawn[unit] += n
	}
	for requirement, t := range other.tallies {
		if s.tallies[requirement] == nil {
			s.tallies[requirement] = tally{}
		}
		for a, n := range t {
			s.tallies[requirement][a] += n
		}
	}
	s.mergeParts(other)
}

// countryClusters gives the outcomes of a theme by municipality: each is a cluster, since its cases resemble each other.
// Of says which of a participant's outcomes count.
func (f roundFacts) countryClusters(t themeOf, of func(*sample) *sample) []score.Cluster {
	clusters := make([]score.Cluster, len(f.participations))
	for i, p := range f.participations {
		clusters[i] = score.Cluster{Met: make([]int, len(t.requirements)), Assessed: make([]int, len(t.requirements)), Count: 1}
		s := of(f.samples[p.Municipality])
		for place, code := range t.requirements {
			share, _ := s.tallies[code].share()
			clusters[i].Met[place], clusters[i].Assessed[place] = share.Met, share.Assessed
		}
	}
	return clusters
}

// whole is all outcomes of a sample.
func whole(s *sample) *sample { return s }

// areaFacts is what is known of one area of a round: a sample of outcomes, or reported figures, or nothing.
type areaFacts struct {
	roundFacts
	code   string
	cases  *int
	sample *sample
	absent barometer.Status // where set, the status of an area that has no figures at all
}

// figures computes the results of one area, theme by theme.
func (a areaFacts) figures(cat *catalogue.Catalogue) areaFigures {
	out := areaFigures{area: frozenArea{Area: a.code, Cases: a.cases}}
	if a.sample != nil {
		n := a.sample.units[barometer.UnitCase]
		out.area.Cases, out.area.Withdrawn = &n, a.sample.withdrawn
		placements, _ := a.sample.placements()
		out.area.Placements = &placements
		out.area.Breakdown = a.breakdown(cat)
	}
	themes := a.themes()
	out.results = make([]barometer.Result, 0, 2*len(themes)+len(a.listed))
	for _, t := range themes {
		clusters := a.clusters(t)
		requirements := make([]barometer.Result, 0, len(t.requirements))
		for place, code := range t.requirements {
			i := slices.IndexFunc(a.listed, func(r barometer.Requirement) bool { return r.Code == code })
			var own []score.Cluster
			if clusters != nil {
				own = score.Select(clusters, []int{place})
			}
			requirements = append(requirements, a.requirementResult(cat, a.listed[i], own))
		}
		pooled, mean := a.themeResults(t, pointers(requirements), clusters)
		out.results = append(append(out.results, pooled, mean), requirements...)
		out.area.Themes = append(out.area.Themes, frozenTheme{
			Theme: t.code, Requirements: t.requirements, Clusters: clusters, Areas: a.clusterAreas(clusters),
		})
	}
	for i := range out.results {
		describe(&out.results[i])
		out.results[i].Notices = a.notices(out.results[i])
	}
	return out
}

func pointers(results []barometer.Result) []*barometer.Result {
	out := make([]*barometer.Result, len(results))
	for i := range results {
		out[i] = &results[i]
	}
	return out
}

// clusters gives the outcomes of a theme by case, of the country by municipality; nil where these are not known.
func (a areaFacts) clusters(t themeOf) []score.Cluster {
	switch {
	case a.sample == nil:
		return nil
	case a.code == barometer.Country:
		return a.countryClusters(t, whole)
	}
	return a.sample.clusters[t.code].of(a.sample.units[barometer.UnitCase])
}

// clusterAreas names the municipality of each cluster of the country; nil elsewhere.
func (a areaFacts) clusterAreas(clusters []score.Cluster) []string {
	if a.code != barometer.Country || clusters == nil {
		return nil
	}
	var codes []string
	for _, p := range a.participations {
		codes = append(codes, p.Municipality)
	}
	return codes
}

// blank is a result of the area without a figure.
func (a areaFacts) blank(theme, rest string) barometer.Result {
	year := a.round.Year
	return barometer.Result{
		Key: fmt.Sprintf("%d.%s.%s", year, a.code, rest), Origin: a.round.Origin, Round: &year,
		AreaType: barometer.AreaTypeOf(a.code), Area: a.code, Theme: theme,
		Status: barometer.NoFigure, Notices: []barometer.Notice{},
	}
}
