package report

import (
	"cmp"
	"context"
	"encoding/binary"
	"iter"
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// unitCounts counts units by kind.
type unitCounts map[barometer.Unit]int

// sample is what the outcomes of one municipality in a round add up to.
type sample struct {
	units      unitCounts
	withdrawn  unitCounts
	tallies    map[string]tally // by requirement
	clusters   map[string]*clusterCounter
	outcomes   int
	byCaseType map[barometer.CaseType]*sample // the same of the cases of each type; nil in these themselves
}

// brokenDown are the case types in the order of the code list. Placements include those without consent.
var brokenDown = []barometer.CaseType{barometer.FamilyTreatment, barometer.Placement, barometer.PlacementWithoutConsent}

// counting lists the case types that a case of a type counts in.
func counting(t barometer.CaseType) []barometer.CaseType {
	if t == barometer.PlacementWithoutConsent {
		return []barometer.CaseType{barometer.Placement, t}
	}
	return []barometer.CaseType{t}
}

// tally counts units by outcome and reason.
type tally map[barometer.Assessment]int

func newSample(themes []themeOf) *sample {
	s := newPart(themes)
	s.byCaseType = map[barometer.CaseType]*sample{}
	for _, t := range brokenDown {
		s.byCaseType[t] = newPart(themes)
	}
	return s
}

// newPart makes an empty sample that is not broken down.
func newPart(themes []themeOf) *sample {
	s := &sample{units: unitCounts{}, withdrawn: unitCounts{}, tallies: map[string]tally{}, clusters: map[string]*clusterCounter{}}
	for _, t := range themes {
		s.clusters[t.code] = &clusterCounter{requirements: t.requirements, patterns: map[string]*score.Cluster{}}
	}
	return s
}

// each does something with the sample and with the parts of it that a case of a type belongs to.
func (s *sample) each(t barometer.CaseType, do func(*sample)) {
	do(s)
	for _, part := range counting(t) {
		do(s.byCaseType[part])
	}
}

// placements gives the number of placements, those without consent included, among the cases of the sample.
func (s *sample) placements() (placements, cases int) {
	if part := s.byCaseType[barometer.Placement]; part != nil {
		placements = part.units[barometer.UnitCase]
	}
	return placements, s.units[barometer.UnitCase]
}

// mergeParts adds the parts of another sample to those of this one.
func (s *sample) mergeParts(other *sample) {
	if s.byCaseType == nil && other.byCaseType != nil {
		s.byCaseType = map[barometer.CaseType]*sample{}
	}
	for t, part := range other.byCaseType {
		if s.byCaseType[t] == nil {
			s.byCaseType[t] = newPart(nil)
		}
		s.byCaseType[t].merge(part)
	}
}

// samplesOf reads the outcomes of a round into a sample for each municipality that has cases.
func samplesOf(ctx context.Context, s *store.Store, year barometer.Year, themes []themeOf) (map[string]*sample, error) {
	sizes, err := s.SampleSizes(ctx, year)
	if err != nil {
		return nil, err
	}
	samples := gather(themes, sizes, func(yield func(store.CaseTally) bool) {
		err = s.EachCaseTally(ctx, year, func(t store.CaseTally) { yield(t) })
	})
	return samples, err
}

// gather adds up outcomes in one pass, those of one case in a row.
func gather(themes []themeOf, sizes []store.SampleSize, tallies iter.Seq[store.CaseTally]) map[string]*sample {
	samples := map[string]*sample{}
	for _, size := range sizes {
		if samples[size.Municipality] == nil {
			samples[size.Municipality] = newSample(themes)
		}
		samples[size.Municipality].each(size.CaseType, func(s *sample) { s.addUnits(size) })
	}
	themeOfRequirement := map[string]string{}
	for _, t := range themes {
		for _, r := range t.requirements {
			themeOfRequirement[r] = t.code
		}
	}
	for t := range tallies {
		samples[t.Municipality].each(t.CaseType, func(s *sample) { s.add(t, themeOfRequirement[t.Requirement]) })
	}
	for _, s := range samples {
		s.end()
	}
	return samples
}

func (s *sample) addUnits(size store.SampleSize) {
	counts := s.units
	if size.Withdrawn {
		counts = s.withdrawn
	}
	counts[size.Unit] += size.Units
}

// end tells that there are no more cases.
func (s *sample) end() {
	for _, c := range s.clusters {
		c.endCase()
	}
	for _, part := range s.byCaseType {
		part.end()
	}
}

func (s *sample) add(t store.CaseTally, theme string) {
	s.outcomes += t.Units
	if s.tallies[t.Requirement] == nil {
		s.tallies[t.Requirement] = tally{}
	}
	s.tallies[t.Requirement][barometer.Assessment{Outcome: t.Outcome, Reason: t.Reason}] += t.Units
	s.clusters[theme].add(t)
}

// share gives the counts of a tally, and how many were met by exception.
func (t tally) share() (s barometer.Share, byException int) {
	for a, n := range t {
		if a.Outcome.Assessed() {
			s.Assessed += n
		}
		if a.Outcome.CountsAsMet() {
			s.Met += n
		}
		if a.Outcome == barometer.MetByException {
			byException += n
		}
	}
	return s, byException
}

// notAssessed lists the units outside the denominator, in the order of the code lists, those without an outcome last.
func (t tally) notAssessed(inSample int) []barometer.NotAssessedCount {
	list := []barometer.NotAssessedCount{}
	entered := 0
	for _, n := range t {
		entered += n
	}
	for _, o := range barometer.Outcomes() {
		for _, reason := range o.Reasons() {
			if n := t[barometer.Assessment{Outcome: o, Reason: reason}]; n > 0 && !o.Assessed() {
				list = append(list, barometer.NotAssessedCount{Outcome: &o, Reason: reason, Count: n})
			}
		}
	}
	return append(list, notRecorded(inSample-entered)...)
}

// notRecorded tells of units that were left out without a recorded reason.
func notRecorded(count int) []barometer.NotAssessedCount {
	if count == 0 {
		return []barometer.NotAssessedCount{}
	}
	return []barometer.NotAssessedCount{{Reason: barometer.NotRecorded, Count: count}}
}

// clusterCounter gathers what each case contributes to a theme, and counts cases that contribute the same.
type clusterCounter struct {
	requirements []string
	caseID       string
	current      *score.Cluster
	patterns     map[string]*score.Cluster
}

func (c *clusterCounter) add(t store.CaseTally) {
	if t.CaseID != c.caseID {
		c.endCase()
		c.caseID, c.current = t.CaseID, &score.Cluster{
			Met: make([]int, len(c.requirements)), Assessed: make([]int, len(c.requirements)),
		}
	}
	place := slices.Index(c.requirements, t.Requirement)
	if t.Outcome.Assessed() {
		c.current.Assessed[place] += t.Units
	}
	if t.Outcome.CountsAsMet() {
		c.current.Met[place] += t.Units
	}
}

func (c *clusterCounter) endCase() {
	if c.current == nil {
		return
	}
	key := patternKey(*c.current)
	if c.patterns[key] == nil {
		c.patterns[key] = c.current
	}
	c.patterns[key].Count++
	c.current = nil
}

func patternKey(c score.Cluster) string {
	key := make([]byte, 0, 4*len(c.Met))
	for i := range c.Met {
		key = binary.AppendUvarint(key, uint64(c.Met[i]))      //nolint:gosec // a count is never negative
		key = binary.AppendUvarint(key, uint64(c.Assessed[i])) //nolint:gosec // as above
	}
	return string(key)
}

// of gives the clusters of a sample of that many cases, in an order of their own. Cases without any outcome of the
// theme contribute nothing, but are cases of the round all the same.
func (c *clusterCounter) of(cases int) []score.Cluster {
	nothing := score.Cluster{Met: make([]int, len(c.requirements)), Assessed: make([]int, len(c.requirements))}
	clusters := []score.Cluster{}
	for key, p := range c.patterns {
		cases -= p.Count
		if key == patternKey(nothing) {
			nothing.Count = p.Count
			continue
		}
		clusters = append(clusters, *p)
	}
	nothing.Count += cases
	if nothing.Count > 0 {
		clusters = append(clusters, nothing)
	}
	slices.SortFunc(clusters, func(a, b score.Cluster) int {
		return cmp.Or(slices.Compare(a.Assessed, b.Assessed), slices.Compare(a.Met, b.Met))
	})
	return clusters
}
