package report

import (
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// themeResults gives the two percentages of a theme from the results of its requirements, and from the outcomes by
// case where these are known.
func (a areaFacts) themeResults(t themeOf, requirements []*barometer.Result, clusters []score.Cluster) (pooled, mean barometer.Result) {
	var used []*barometer.Result
	for _, r := range requirements {
		if r.HasFigure() {
			used = append(used, r)
		}
	}
	begin := func(method barometer.Method) barometer.Result {
		r := a.blank(t.code, t.code+"."+string(method))
		r.Level, r.Unit = barometer.LevelTheme, commonUnit(requirements)
		r.ThemeBasis = &barometer.ThemeBasis{Method: method, RequirementsUsed: len(used)}
		if a.round.RequirementsKnown {
			asked := len(t.requirements)
			r.RequirementsAsked = &asked
		}
		return r
	}
	pooled, mean = begin(barometer.Pooled), begin(barometer.MeanOfRequirements)
	if len(used) == 0 {
		fillShared(&pooled, requirements)
		fillShared(&mean, requirements)
		mean.Assessed, mean.Met, mean.NotMet, mean.InSample, mean.NotAssessed = nil, nil, nil, nil, nil
		return pooled, mean
	}
	fillPooled(&pooled, requirements, clusters)
	fillMean(&mean, used, clusters)
	return pooled, mean
}

// fillPooled gives the share of the assessed requirements that were met; without the counts of each there is none.
func fillPooled(r *barometer.Result, requirements []*barometer.Result, clusters []score.Cluster) {
	share, ok := pooledShare(requirements)
	if !ok {
		r.Status = barometer.NoCounts
		return
	}
	fillCounts(r, share)
	fillUnits(r, requirements)
	setReliability(r, barometer.ReliabilityVeryLow)
	if estimate, ok := score.Pooled(clusters, score.Confidence); ok {
		fillEstimate(r, estimate)
	}
}

// pooledShare adds up the counts of requirements; false where one has a percent without counts.
func pooledShare(requirements []*barometer.Result) (sum barometer.Share, ok bool) {
	for _, r := range requirements {
		s, counted := r.Share()
		if r.HasFigure() && !counted {
			return barometer.Share{}, false
		}
		sum.Met += s.Met
		sum.Assessed += s.Assessed
	}
	return sum, true
}

// fillUnits adds up the units of the counted requirements, in the denominator and outside it. A sum with an unknown
// part is unknown.
func fillUnits(r *barometer.Result, requirements []*barometer.Result) {
	inSample, byException := 0, 0
	sizesKnown, exceptionsKnown := true, true
	merged := tally{}
	notRecordedCount := 0
	for _, q := range requirements {
		if q.Assessed == nil {
			continue
		}
		if q.InSample == nil || q.NotAssessed == nil {
			sizesKnown = false
		} else {
			inSample += *q.InSample
		}
		if q.MetByException == nil {
			exceptionsKnown = false
		} else {
			byException += *q.MetByException
		}
		for _, n := range q.NotAssessed {
			if n.Outcome == nil {
				notRecordedCount += n.Count
				continue
			}
			merged[barometer.Assessment{Outcome: *n.Outcome, Reason: n.Reason}] += n.Count
		}
	}
	if exceptionsKnown {
		r.MetByException = &byException
	}
	if sizesKnown {
		r.InSample = &inSample
		r.NotAssessed = append(merged.notAssessed(merged.total()), notRecorded(notRecordedCount)...)
	}
}

func (t tally) total() int {
	n := 0
	for _, units := range t {
		n += units
	}
	return n
}

// fillMean gives the unweighted mean of the requirements that have a figure.
func fillMean(r *barometer.Result, used []*barometer.Result, clusters []score.Cluster) {
	fractions, basis := fractionsOf(used, exactOf)
	fillFraction(r, score.Mean(fractions), basis)
	r.Status = barometer.PercentOnly
	if basis == barometer.BasisCounts {
		r.Status = barometer.Measured
	}
	setReliability(r, barometer.ReliabilityVeryLow)
	if estimate, ok := score.MeanOfRequirements(clusters, score.Confidence); ok {
		fillEstimate(r, estimate)
	}
}

// joint gives what two figures rest on together; "" stands for none yet.
func joint(a, b barometer.Basis) barometer.Basis {
	if a == "" || a == b {
		return b
	}
	return barometer.BasisMixed
}

// fillShared gives a theme without any figure the status its requirements share.
func fillShared(r *barometer.Result, requirements []*barometer.Result) {
	for _, q := range requirements {
		if q.Status != requirements[0].Status {
			return
		}
	}
	if len(requirements) == 0 {
		return
	}
	r.Status = requirements[0].Status
	if r.Status == barometer.NoneAssessed {
		fillCounts(r, barometer.Share{})
		fillUnits(r, requirements)
	}
}

// commonUnit gives the unit of requirements that are all counted over the same, else nil.
func commonUnit(requirements []*barometer.Result) *barometer.Unit {
	for _, r := range requirements {
		if *r.Unit != *requirements[0].Unit {
			return nil
		}
	}
	return requirements[0].Unit
}
