package report

import (
	"math/big"
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// comparison of an area's figures with those of an earlier round.
type comparison struct {
	cat        *catalogue.Catalogue
	judgements []barometer.Judgement
	now        *areaFigures
	before     *areaFigures
	round      barometer.Year
	baseline   frozenRound
	panelShare *float64
	allowBreak bool // give the difference across a break too, marked
}

// fill gives a result its baseline and its change since.
func (c comparison) fill(r *barometer.Result) {
	old, listed := c.before.result(restOf(*r))
	if !listed {
		old = barometer.Result{Status: barometer.NoFigure}
		if c.baseline.Round.RequirementsKnown {
			old.Status = barometer.NotAsked
		}
		if r.Requirement != nil {
			if practice := c.cat.Practice(*r.Requirement, c.baseline.Round.Year); practice != "" {
				old.Practice = &practice
			}
		}
	}
	r.Baseline = &barometer.BaselineFigure{
		Round: c.baseline.Round.Year, Status: old.Status, Met: old.Met, Assessed: old.Assessed, Percent: old.Percent,
		Interval: old.Interval, Practice: old.Practice, Source: old.Source,
	}
	if r.Requirement != nil {
		r.Change = c.requirementChange(*r, old)
	} else {
		r.Change = c.themeChange(*r)
	}
	r.Change.PanelShare = c.panelShare
}

// side is one side of a difference: an exact proportion, what it rests on, and its interval.
type side struct {
	fraction *big.Rat
	basis    barometer.Basis
	interval *barometer.Interval
}

func (c comparison) requirementChange(now, before barometer.Result) *barometer.Change {
	change := &barometer.Change{LeftOut: []barometer.LeftOut{}, Comparability: c.comparability(*now.Requirement)}
	if !now.HasFigure() || !before.HasFigure() {
		change.Verdict = verdict(barometer.NoBasis)
		return change
	}
	c.fillDifference(change, sideOf(now), sideOf(before))
	return change
}

func sideOf(r barometer.Result) side { return side{exactOf(r), *r.Basis, r.Interval} }

// fillDifference gives a change its difference, unless the rounds are not comparable and no break is allowed.
func (c comparison) fillDifference(change *barometer.Change, now, before side) {
	basis := joint(now.basis, before.basis)
	if basis != barometer.BasisCounts {
		change.Verdict = verdict(barometer.CountsUnknown)
	}
	if change.Comparability.Judgement == barometer.NotComparable {
		if !c.allowBreak {
			return
		}
		change.BreakAllowed = true
	}
	exact := new(big.Rat).Sub(now.fraction, before.fraction)
	difference, points := score.Float(exact), score.Points(exact)
	change.Difference, change.PercentagePoints, change.Basis = &difference, &points, &basis
	change.Interval = score.Newcombe(difference, score.Float(now.fraction), score.Float(before.fraction), now.interval, before.interval)
}

// themeChange is computed on the requirements that have a figure in both rounds and are comparable, or may be compared
// all the same.
func (c comparison) themeChange(r barometer.Result) *barometer.Change {
	common, leftOut := c.common(r.Theme)
	change := &barometer.Change{LeftOut: leftOut, Comparability: c.worst(common, leftOut)}
	if len(common) == 0 {
		change.Verdict = verdict(barometer.NoBasis)
		return change
	}
	now, ok1 := c.now.themeSide(r.Theme, r.Method, common)
	before, ok2 := c.before.themeSide(r.Theme, r.Method, common)
	if !ok1 || !ok2 { // pooled, and counts are missing
		change.Verdict = verdict(barometer.CountsUnknown)
		return change
	}
	c.fillDifference(change, now, before)
	return change
}

// common lists the requirements of a theme that a change can rest on, and those it cannot, in catalogue order.
func (c comparison) common(theme string) (common []string, leftOut []barometer.LeftOut) {
	leftOut = []barometer.LeftOut{}
	for _, q := range c.cat.Requirements(barometer.Danish) {
		now, listedNow := c.now.result(q.Code)
		before, listedBefore := c.before.result(q.Code)
		if q.Theme != theme || !listedNow && !listedBefore {
			continue
		}
		reason := ""
		switch {
		case !now.HasFigure() && !before.HasFigure():
			reason = "no_figure_in_both"
		case !now.HasFigure():
			reason = "no_figure_now"
		case !before.HasFigure():
			reason = "no_figure_before"
		case !c.allowBreak && c.comparability(q.Code).Judgement == barometer.NotComparable:
			reason = "not_comparable"
		default:
			common = append(common, q.Code)
			continue
		}
		leftOut = append(leftOut, barometer.LeftOut{Requirement: q.Code, Reason: reason})
	}
	return common, leftOut
}

// worst gives the worst judgement of the requirements a theme's change rests on. Where it rests on none because none
// are comparable, that is the judgement.
func (c comparison) worst(common []string, leftOut []barometer.LeftOut) barometer.Comparability {
	codes := common
	if len(common) == 0 {
		for _, l := range leftOut {
			if l.Reason == "not_comparable" {
				codes = append(codes, l.Requirement)
			}
		}
	}
	worst := barometer.Comparability{Judgement: barometer.NotJudged, Reasons: []string{}}
	for i, code := range codes {
		if one := c.comparability(code); i == 0 || one.Judgement.WorseThan(worst.Judgement) {
			worst = one
		}
	}
	return worst
}

func (c comparison) comparability(requirement string) barometer.Comparability {
	return barometer.Compare(c.judgements, requirement, c.baseline.Round.Year, c.round, barometer.Danish)
}

// themeSide scores a theme anew on some of its requirements, all of which have a figure; false for a pooled share
// without counts.
func (a *areaFigures) themeSide(theme string, method barometer.Method, requirements []string) (side, bool) {
	var used []barometer.Result
	for _, r := range a.requirementsOf(theme) {
		if slices.Contains(requirements, *r.Requirement) {
			used = append(used, r)
		}
	}
	clusters := a.clustersOf(theme, requirements)
	if method == barometer.Pooled {
		share, ok := pooledShare(used)
		estimate, _ := score.Pooled(clusters, score.Confidence)
		return side{score.Exact(share), barometer.BasisCounts, estimate.Interval}, ok
	}
	fractions, basis := fractionsOf(used)
	estimate, _ := score.MeanOfRequirements(clusters, score.Confidence)
	return side{score.Mean(fractions), basis, estimate.Interval}, true
}

func verdict(v barometer.Verdict) *barometer.Verdict { return &v }
