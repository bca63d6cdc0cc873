package report

import (
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// tested is what the tests of a family say of one of its requirements.
type tested struct {
	test      *barometer.Test
	strongest *barometer.Verdict
}

// member is a requirement that has a figure on both sides.
type member struct {
	requirement string
	now, before *barometer.Result
}

// newFamily tests the requirements of an area that have a figure in both rounds. The family is fixed by what is known of
// the two rounds: neither comparability nor anything that a caller asks for changes it.
func newFamily(now, before *areaFigures) map[string]tested {
	var members []member
	for i := range now.results {
		r := &now.results[i]
		if r.Requirement == nil || !r.HasFigure() {
			continue
		}
		if old := before.requirement(*r.Requirement); old != nil && old.HasFigure() {
			members = append(members, member{*r.Requirement, r, old})
		}
	}
	tests, untold := make([]*barometer.Test, len(members)), 0
	for i, m := range members {
		if now.area.Area == barometer.Country {
			tests[i] = countryTest(now.requirementSide(m.now), before.requirementSide(m.before))
		} else {
			tests[i] = m.fisher()
		}
		if tests[i] == nil && (independent(*m.now) || now.area.Area == barometer.Country) {
			untold++
		}
	}
	adjust(tests, untold)
	family := map[string]tested{}
	strongest := strongestOf(members)
	for i, m := range members {
		family[m.requirement] = tested{tests[i], strongest[i]}
	}
	return family
}

// adjust gives each test the p adjusted for the others. Of those whose counts are not known, and that could be tested if
// they were, the p is taken to be 1: what can be said of the others is then what can be said whatever it is.
func adjust(tests []*barometer.Test, untold int) {
	p := make([]*float64, len(tests), len(tests)+untold)
	size, nothing := untold, 1.0
	for i, t := range tests {
		if t != nil {
			p[i] = &t.PValue
			size++
		}
	}
	for range untold {
		p = append(p, &nothing)
	}
	for i, adjusted := range score.BenjaminiHochberg(p)[:len(tests)] {
		if adjusted != nil {
			tests[i].AdjustedP, tests[i].FamilySize = *adjusted, size
		}
	}
}

// fisher tests the counts of a municipality; nil where they are not known, or not independent.
func (m member) fisher() *barometer.Test {
	now, ok1 := m.now.Share()
	before, ok2 := m.before.Share()
	if !ok1 || !ok2 || !independent(*m.now) {
		return nil
	}
	f, _ := score.Fisher(now, before)
	return &barometer.Test{Method: "fisher", PValue: f.P, MidP: &f.MidP, SmallestAttainableP: &f.SmallestAttainable}
}

// countryTest tests the difference of two figures of the country; nil where it has no standard error.
func countryTest(now, before side) *barometer.Test {
	if now.areas == nil || before.areas == nil {
		return nil
	}
	d := between(now, before)
	if d.P == nil {
		return nil
	}
	return &barometer.Test{Method: "t", PValue: *d.P}
}

// strongestOf gives, for each requirement with a printed percent, the strongest verdict that any counts behind the
// percents of the family would give; nil where these cannot be listed.
func strongestOf(members []member) []*barometer.Verdict {
	out := make([]*barometer.Verdict, len(members))
	var sides []score.Sides
	var places []int
	unknown := false
	for i, m := range members {
		if !independent(*m.now) { // tested by no p
			continue
		}
		sides = append(sides, score.Sides{Now: countsOf(m.now), Before: countsOf(m.before)})
		places = append(places, i)
		unknown = unknown || *m.now.Basis != barometer.BasisCounts || *m.before.Basis != barometer.BasisCounts
	}
	if !unknown {
		return out
	}
	for i, v := range score.Strongest(sides) {
		if m := members[places[i]]; v != "" && (*m.now.Basis != barometer.BasisCounts || *m.before.Basis != barometer.BasisCounts) {
			out[places[i]] = verdict(v)
		}
	}
	return out
}

// countsOf lists the counts that a result can stand for.
func countsOf(r *barometer.Result) []barometer.Share {
	if s, ok := r.Share(); ok {
		return []barometer.Share{s}
	}
	return r.Candidates
}
