package report

import (
	"math/big"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// requirementResult gives the result of one requirement in an area: computed where the area has outcomes, as reported
// where a source has it, otherwise without a figure.
func (a areaFacts) requirementResult(cat *catalogue.Catalogue, q barometer.Requirement, clusters []score.Cluster) barometer.Result {
	r := a.blank(q.Theme, q.Code)
	r.Level, r.Requirement, r.Unit = barometer.LevelRequirement, &q.Code, &q.Unit
	if practice := a.asked.practice(cat, q.Code, a.round.Year); practice != "" {
		r.Practice = &practice
	}
	reported, isReported := a.reported[a.code+"."+q.Code]
	switch {
	case a.absent != "":
		r.Status = a.absent
	case a.sample != nil:
		a.fillComputed(&r, clusters)
	case isReported:
		fillReported(&r, reported)
	}
	return r
}

// fillComputed gives a result the figure of the area's outcomes.
func (a areaFacts) fillComputed(r *barometer.Result, clusters []score.Cluster) {
	t := a.sample.tallies[*r.Requirement]
	share, byException := t.share()
	inSample := a.sample.units[*r.Unit]
	r.InSample, r.NotAssessed, r.MetByException = &inSample, t.notAssessed(inSample), &byException
	fillCounts(r, share)
	switch {
	case share.Assessed == 0:
	case independent(*r):
		fillWilson(r, share)
	default: // notifications of one case, and cases of one municipality, are not independent
		estimate, _ := score.Pooled(clusters, score.Confidence)
		fillEstimate(r, estimate)
	}
}

// independent tells whether the outcomes of a result are: one a case, of one municipality.
func independent(r barometer.Result) bool {
	return r.AreaType == barometer.AreaMunicipality && r.Requirement != nil && *r.Unit == barometer.UnitCase
}

// fillWilson gives a result the interval of independent outcomes.
func fillWilson(r *barometer.Result, s barometer.Share) {
	n := float64(s.Assessed)
	r.Interval = score.Wilson(s, score.Confidence)
	if r.Interval != nil {
		r.EffectiveN = &n
	}
	setReliability(r, score.Reliability(n, r.Interval))
}

// fillReported gives a result a printed figure: its counts where they were printed, else its percent alone.
func fillReported(r *barometer.Result, f barometer.ReportedResult) {
	r.Source = &f.Source
	if *r.Unit == barometer.UnitCase { // the number of notifications is not known
		r.InSample = f.Cases
	}
	if r.InSample != nil && f.Assessed != nil {
		r.NotAssessed = notRecorded(*r.InSample - *f.Assessed)
	}
	if f.Met != nil {
		share := barometer.Share{Met: *f.Met, Assessed: *f.Assessed}
		fillCounts(r, share)
		if independent(*r) {
			fillWilson(r, share)
			return
		}
		setReliability(r, score.Reliability(float64(share.Assessed), nil)) // how they are spread is not known
		return
	}
	basis := barometer.BasisPrintedPercent
	r.Status, r.Percent, r.Basis, r.Assessed = barometer.PercentOnly, &f.Percent, &basis, f.Assessed
	r.Candidates = candidatesOf(*r, f)
	setReliability(r, barometer.ReliabilityVeryLow)
}

// candidatesOf lists the counts behind a printed percent, where they are few enough to be listed.
func candidatesOf(r barometer.Result, f barometer.ReportedResult) []barometer.Share {
	switch {
	case f.Assessed != nil:
		return score.CandidatesOf(f.Percent, *f.Assessed)
	case r.AreaType == barometer.AreaMunicipality && *r.Unit == barometer.UnitCase && f.Cases != nil:
		return score.Candidates(f.Percent, *f.Cases)
	}
	return nil
}

// fillCounts gives a result counts and what follows from them alone.
func fillCounts(r *barometer.Result, s barometer.Share) {
	r.Assessed = &s.Assessed
	notMet := s.Assessed - s.Met
	r.Met, r.NotMet = &s.Met, &notMet
	if s.Assessed == 0 {
		r.Status = barometer.NoneAssessed
		setReliability(r, barometer.ReliabilityNone)
		return
	}
	r.Status = barometer.Measured
	fillFraction(r, score.Exact(s), barometer.BasisCounts)
}

// fillFraction gives a result its proportion and percent.
func fillFraction(r *barometer.Result, fraction *big.Rat, basis barometer.Basis) {
	proportion, percent := score.Float(fraction), score.Percent(fraction)
	r.Proportion, r.Percent, r.Basis = &proportion, &percent, &basis
}

// fillEstimate gives a result the interval of clustered outcomes.
func fillEstimate(r *barometer.Result, e score.Estimate) {
	r.Interval, r.DesignEffect, r.EffectiveN = e.Interval, e.DesignEffect, e.EffectiveN
	outcomes := float64(e.Assessed)
	if e.EffectiveN != nil {
		outcomes = *e.EffectiveN
	}
	setReliability(r, score.Reliability(outcomes, e.Interval))
}

// describe says whose outcomes a result counts, and what its interval is about.
func describe(r *barometer.Result) {
	r.FigureOf = "sample"
	about := "practice"
	if r.AreaType == barometer.AreaCountry {
		r.FigureOf, about = "participants", "country"
		if r.Weighting == nil {
			byCases := barometer.WeightCases
			r.Weighting = &byCases
		}
	}
	r.IntervalFor = nil
	if r.Interval != nil {
		r.IntervalFor = &about
	}
}

func setReliability(r *barometer.Result, class barometer.Reliability) { r.Reliability = &class }
