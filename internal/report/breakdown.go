package report

import (
	"cmp"
	"maps"
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// breakdown gives the results of every listed requirement by case type, whole, in catalogue order; none without a sample.
func (a areaFacts) breakdown(cat *catalogue.Catalogue) []barometer.Result {
	if a.sample == nil {
		return nil
	}
	rows := make([]barometer.Result, 0, len(brokenDown)*len(a.listed))
	for _, t := range a.themes() {
		clusters := map[barometer.CaseType][]score.Cluster{}
		for _, of := range brokenDown {
			clusters[of] = a.clustersOfType(t, of)
		}
		for place, code := range t.requirements {
			i := slices.IndexFunc(a.listed, func(r barometer.Requirement) bool { return r.Code == code })
			for _, of := range brokenDown {
				part := a
				part.sample = a.sample.byCaseType[of]
				r := part.requirementResult(cat, a.listed[i], score.Select(clusters[of], []int{place}))
				nameAfter(&r, of)
				describe(&r)
				r.Notices = part.notices(r)
				rows = append(rows, r)
			}
		}
	}
	return rows
}

// nameAfter makes a result one of a case type.
func nameAfter(r *barometer.Result, of barometer.CaseType) {
	r.Key, r.CaseType = r.Key+"."+string(of), &of
}

// clustersOfType gives the outcomes of a theme in cases of a type by case, of the country by municipality.
func (a areaFacts) clustersOfType(t themeOf, of barometer.CaseType) []score.Cluster {
	if a.code == barometer.Country {
		return a.countryClusters(t, func(s *sample) *sample { return s.byCaseType[of] })
	}
	part := a.sample.byCaseType[of]
	return part.clusters[t.code].of(part.units[barometer.UnitCase])
}

// missingBreakdown gives the results by case type of a requirement where no outcomes are known: those of a reported
// figure have none, whatever it has; what has no figure itself is broken down into as little.
func missingBreakdown(total barometer.Result) []barometer.Result {
	status := total.Status
	if total.HasFigure() {
		status = barometer.NoFigure
	}
	var rows []barometer.Result
	for _, of := range brokenDown {
		r := withoutNumbers(total, status)
		nameAfter(&r, of)
		if status == barometer.NoneAssessed {
			fillCounts(&r, barometer.Share{})
		}
		if total.Country != nil {
			r.Country = &barometer.CountryFigure{Status: barometer.NoFigure}
		}
		rows = append(rows, r)
	}
	return rows
}

// withheldBelow is the number assessed below which a figure by case type is withheld, so that no child is recognised.
const withheldBelow = 5

// guard withholds of all results of a round by case type those with too few assessed, and as many others as it takes that
// nobody can compute from what is shown, the totals included, how they were judged. Nothing is withheld of a requirement that nobody was
// assessed for: there is nothing to tell.
//
// The units outside the denominator and the exceptions are left out everywhere. The totals have them, and a sample has the
// same size for every requirement, so that they would tell how many were assessed where that is withheld. The country has
// no interval where a municipality is withheld: its width is made of how far each municipality is from the mean, and
// tells the counts of those withheld.
func guard(areas map[string][]barometer.Result) map[string][]barometer.Result {
	questions := map[string]*question{}
	for _, area := range slices.Sorted(maps.Keys(areas)) {
		for _, r := range areas[area] {
			if questions[*r.Requirement] == nil {
				questions[*r.Requirement] = &question{areas: map[string]*pieces{}}
			}
			questions[*r.Requirement].read(r)
		}
	}
	for _, q := range questions {
		q.protect()
	}
	guarded := map[string][]barometer.Result{}
	for area, rows := range areas {
		guarded[area] = nil
		for _, r := range rows {
			guarded[area] = append(guarded[area], questions[*r.Requirement].shown(r))
		}
	}
	return guarded
}

// The parts of the outcomes on a requirement, none of which is in another. Placements with consent are not shown by
// themselves, but are what is left of the placements.
const (
	inFamily = iota
	withConsent
	withoutConsent
	parts
)

// How far apart the parts are shown.
const (
	notAtAll  = iota
	byMeasure // family treatment and placements
	byConsent // also placements without consent
)

// pieces are the outcomes on a requirement in an area.
type pieces struct {
	of    [parts]barometer.Share
	apart int // how far they are shown apart
}

func (p *pieces) assessed(of ...int) int {
	n := 0
	for _, part := range of {
		n += p.of[part].Assessed
	}
	return n
}

// smallest gives the lesser number assessed of the two that are told apart at a level.
func (p *pieces) smallest(level int) int {
	if level == byMeasure {
		return min(p.assessed(inFamily), p.assessed(withConsent, withoutConsent))
	}
	return min(p.assessed(withConsent), p.assessed(withoutConsent))
}

// whole gives what a level tells apart and everybody sees: the placements where they are shown, else all.
func (p *pieces) whole(level int) (s barometer.Share) {
	for part := range parts {
		if part != inFamily || level == byMeasure || p.apart == notAtAll {
			s.Met += p.of[part].Met
			s.Assessed += p.of[part].Assessed
		}
	}
	return s
}

// empty tells whether nobody was assessed, which the total says already.
func (p *pieces) empty() bool { return p.assessed(inFamily, withConsent, withoutConsent) == 0 }

// separate shows the pieces as far apart as none of them is small. Tells says whether a level tells anything apart.
func (p *pieces) separate(tells func(level int) bool) {
	switch {
	case p.empty():
		p.apart = byConsent
	case tells(byMeasure) && p.smallest(byMeasure) < withheldBelow:
		p.apart = notAtAll
	case tells(byConsent) && p.smallest(byConsent) < withheldBelow:
		p.apart = byMeasure
	default:
		p.apart = byConsent
	}
}

// seen tells whether a part is known from what is shown of the area by itself.
func (p *pieces) seen(part int) bool {
	return p.apart == byConsent || p.apart == byMeasure && part == inFamily
}

// moves of outcomes from one part to another.
type moves [parts][parts]int

// unseen gives the moves within the area that would change nothing of what is shown of it: whoever reads only that cannot
// tell whether an outcome of one kind is in the one part or in the other.
func (p *pieces) unseen(kind func(barometer.Share) int) (m moves) {
	for from := range parts {
		for to := range parts {
			if from != to && !p.seen(from) && !p.seen(to) && kind(p.of[from]) > 0 {
				m[from][to] = 1
			}
		}
	}
	return m
}

// question has the pieces of all areas of a round on one requirement.
type question struct {
	municipalities []*pieces // by code
	country        *pieces   // nil where the round has none
	outOfScope     bool      // family treatment, or all placements, may be out of its scope
	areas          map[string]*pieces
}

// read takes in a row. Rows come in the order of the areas.
func (q *question) read(r barometer.Result) {
	p := q.areas[r.Area]
	if p == nil {
		p = &pieces{}
		q.areas[r.Area] = p
		if r.AreaType == barometer.AreaCountry {
			q.country = p
		} else {
			q.municipalities = append(q.municipalities, p)
		}
	}
	q.outOfScope = q.outOfScope || slices.ContainsFunc(r.NotAssessed, func(n barometer.NotAssessedCount) bool {
		return n.Reason == barometer.CaseTypeOutOfScope
	})
	s, _ := r.Share()
	switch *r.CaseType {
	case barometer.FamilyTreatment:
		p.of[inFamily] = s
	case barometer.Placement:
		p.of[withConsent].Met += s.Met
		p.of[withConsent].Assessed += s.Assessed
	case barometer.PlacementWithoutConsent:
		p.of[withoutConsent] = s
		p.of[withConsent].Met -= s.Met
		p.of[withConsent].Assessed -= s.Assessed
	}
}

// protect settles how far apart the pieces of each area are shown: first as far as each by itself can be, then less
// wherever all areas together give something away.
func (q *question) protect() {
	for _, p := range q.areas {
		p.separate(q.tells)
	}
	for q.mend(q.gap()) {
	}
}

// mend withholds more for a gap at a level: at that level or, where it is shown nowhere, at the one before. It is false
// where there is no gap, or nothing left to withhold.
func (q *question) mend(level int) bool {
	for ; level > notAtAll; level-- {
		if q.close(level) {
			return true
		}
	}
	return false
}

// tells tells whether a level tells anything apart: not where the requirement does not concern one of the two case types,
// so that nobody is assessed in it anywhere.
func (q *question) tells(level int) bool {
	if level != byMeasure || !q.outOfScope {
		return true
	}
	var sum pieces
	for _, p := range q.areas {
		for part := range parts {
			sum.of[part].Assessed += p.of[part].Assessed
		}
	}
	return sum.smallest(level) > 0
}

// gap finds a level at which something can be computed that is withheld; notAtAll where there is none.
func (q *question) gap() int {
	for _, level := range []int{byMeasure, byConsent} {
		if q.country == nil || q.country.apart < level {
			continue // what the withheld ones add up to is not known
		}
		var sum pieces
		for _, p := range q.withheld(level) {
			for part := range parts {
				sum.of[part].Assessed += p.of[part].Assessed
			}
		}
		if !sum.empty() && sum.smallest(level) < withheldBelow {
			return level
		}
	}
	for _, level := range []int{byMeasure, byConsent} {
		if slices.ContainsFunc(q.withheld(level), func(p *pieces) bool { return q.exposed(p, level) }) {
			return level
		}
	}
	return notAtAll
}

// withheld gives the municipalities in which somebody was assessed and a level is not told apart.
func (q *question) withheld(level int) []*pieces {
	return slices.DeleteFunc(slices.Clone(q.municipalities), func(p *pieces) bool { return p.apart >= level })
}

// exposed tells whether something can be computed of a small number that a level would tell apart in a municipality: how
// many of those assessed met the requirement or did not, even that none did, unless what they are a part of says so, in the
// municipality or in the country.
func (q *question) exposed(p *pieces, level int) bool {
	openMet, openNotMet := q.unsettled(p, met), q.unsettled(p, notMet)
	whole := p.whole(level)
	small := func(tells int, of ...int) bool { // the part whose number tells that of those together
		var s barometer.Share
		for _, part := range of {
			s.Met += p.of[part].Met
			s.Assessed += p.of[part].Assessed
		}
		knownMet, knownNotMet := !openMet[tells], !openNotMet[tells]
		tellsMet := knownMet && met(whole) > 0 && !q.country.hasNone(met, of)
		tellsNotMet := knownNotMet && notMet(whole) > 0 && !q.country.hasNone(notMet, of)
		return s.Assessed < withheldBelow && (knownMet && knownNotMet || tellsMet || tellsNotMet)
	}
	if level == byMeasure {
		return small(inFamily, inFamily) || small(inFamily, withConsent, withoutConsent)
	}
	return small(withConsent, withConsent) || small(withoutConsent, withoutConsent)
}

// hasNone tells whether something that is shown, and that some parts belong to, has no outcome of a kind.
func (p *pieces) hasNone(kind func(barometer.Share) int, of []int) bool {
	if p == nil {
		return false
	}
	shown := map[int][][]int{byMeasure: {{inFamily}, {withConsent, withoutConsent}}, byConsent: {{withConsent}, {withoutConsent}}}
	for level, groups := range shown {
		for _, group := range groups {
			n := 0
			for _, part := range group {
				n += kind(p.of[part])
			}
			outside := slices.ContainsFunc(of, func(part int) bool { return !slices.Contains(group, part) })
			if p.apart >= level && n == 0 && !outside {
				return true
			}
		}
	}
	return false
}

// unsettled tells which parts of a municipality could have another number of outcomes of a kind with everything that is
// shown being the same: an outcome moves from one part to another, and others in other municipalities move back, so that
// the sums of the country stay.
func (q *question) unsettled(p *pieces, kind func(barometer.Share) int) (open [parts]bool) {
	others := q.anywhere()
	for _, other := range q.municipalities {
		if other != p {
			others.add(other.unseen(kind))
		}
	}
	back, own := others.reach(), p.unseen(kind)
	for from := range parts {
		for to := range parts {
			if own[from][to] > 0 && back[to][from] {
				open[from], open[to] = true, true
			}
		}
	}
	return open
}

func met(s barometer.Share) int    { return s.Met }
func notMet(s barometer.Share) int { return s.Assessed - s.Met }

// anywhere gives the moves that need no other to make up for them, since the sums of the country are not shown.
func (q *question) anywhere() moves {
	free := pieces{of: [parts]barometer.Share{{Met: 1}, {Met: 1}, {Met: 1}}}
	if q.country != nil {
		free.apart = q.country.apart
	}
	return free.unseen(met)
}

func (m *moves) add(other moves) {
	for from := range parts {
		for to := range parts {
			m[from][to] += other[from][to]
		}
	}
}

// reach tells from which part an outcome can get to which in any number of moves.
func (m *moves) reach() (r [parts][parts]bool) {
	for from := range parts {
		for to := range parts {
			r[from][to] = m[from][to] > 0
		}
	}
	for by := range parts {
		for from := range parts {
			for to := range parts {
				r[from][to] = r[from][to] || r[from][by] && r[by][to]
			}
		}
	}
	return r
}

// close withholds a level in one more area: in the municipality that loses least by it, by code where several do, and
// where none shows it, in the country. It is false where nothing is left to be withheld.
func (q *question) close(level int) bool {
	showing := slices.DeleteFunc(slices.Clone(q.municipalities), func(p *pieces) bool { return p.apart < level || p.empty() })
	if len(showing) == 0 {
		if q.country == nil || q.country.apart < level {
			return false
		}
		showing = []*pieces{q.country}
	}
	slices.SortStableFunc(showing, func(a, b *pieces) int { return cmp.Compare(a.smallest(level), b.smallest(level)) })
	showing[0].apart = level - 1
	return true
}

// shown gives a row as everybody may see it.
func (q *question) shown(r barometer.Result) barometer.Result {
	level := byMeasure
	if *r.CaseType == barometer.PlacementWithoutConsent {
		level = byConsent
	}
	if q.areas[r.Area].apart < level {
		return withoutNumbers(r, barometer.Withheld)
	}
	r.InSample, r.NotAssessed, r.MetByException = nil, nil, nil
	if r.AreaType == barometer.AreaCountry && r.HasFigure() && len(q.withheld(level)) > 0 {
		leaveOutInterval(&r)
	}
	return r
}

// leaveOutInterval takes a country's figure its interval and what was made with it.
func leaveOutInterval(r *barometer.Result) {
	r.Interval, r.IntervalFor, r.DesignEffect, r.EffectiveN = nil, nil, nil, nil
	setReliability(r, score.Reliability(float64(*r.Assessed), nil))
	r.Notices = slices.DeleteFunc(slices.Clone(r.Notices), func(n barometer.Notice) bool { return n.Code == randomMunicipalities })
}
