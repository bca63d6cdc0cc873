package report

import (
	"math/big"
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// comparison of an area's figures with those of an earlier round.
type comparison struct {
	dataset
	now        *areaFigures
	before     *areaFigures
	round      barometer.Year
	baseline   frozenRound
	panelShare *float64
	caseMix    *barometer.CaseMix
	family     map[string]tested // by requirement
	allowBreak bool              // give the difference across a break too, marked
}

// fill gives a result its baseline and its change since.
func (c comparison) fill(r *barometer.Result) {
	old := c.before.like(r)
	if old == nil {
		old = &barometer.Result{Status: barometer.NoFigure}
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
		r.Change = c.requirementChange(r, old)
	} else {
		r.Change = c.themeChange(r)
	}
	r.Change.PanelShare, r.Change.CaseMix = c.panelShare, c.caseMix
	c.warn(r)
}

// warn adds what must be shown with a change.
func (c comparison) warn(r *barometer.Result) {
	var more []barometer.Notice
	if r.Change.Difference != nil && c.caseMix != nil && c.caseMix.Differs {
		more = append(more, barometer.Notice{Code: caseMixDiffers})
	}
	if mayBeChance(*r.Change) {
		more = append(more, barometer.Notice{Code: severalComparisons})
	}
	r.Notices = append(slices.Clip(r.Notices), more...) // shared with the area's figures
}

// mayBeChance tells whether a change is one of those of which some turn up by chance, or could be if its counts were
// known.
func mayBeChance(c barometer.Change) bool {
	is := func(v *barometer.Verdict, of ...barometer.Verdict) bool { return v != nil && slices.Contains(of, *v) }
	return is(c.Verdict, barometer.Indicated) || is(c.StrongestVerdict, barometer.Indicated, barometer.Demonstrated)
}

func (c comparison) requirementChange(now, before *barometer.Result) *barometer.Change {
	change := &barometer.Change{LeftOut: []barometer.LeftOut{}, Comparability: c.comparability(*now.Requirement)}
	if !now.HasFigure() || !before.HasFigure() {
		change.Verdict = verdict(barometer.NoBasis)
		return change
	}
	if !c.fillDifference(change, c.now.requirementSide(now), c.before.requirementSide(before)) {
		return change
	}
	t := c.family[*now.Requirement]
	if change.Test = t.test; *change.Verdict == barometer.CountsUnknown {
		change.StrongestVerdict = t.strongest
		return change
	}
	var smallest, adjusted *float64
	if t.test != nil {
		smallest, adjusted = t.test.SmallestAttainableP, &t.test.AdjustedP
	}
	change.Verdict = verdict(score.Verdict(smallest, adjusted, change.Interval))
	return change
}

// fillDifference gives a change its difference, with the verdict that its interval alone allows. It is false where the
// rounds are not comparable and no break is allowed.
func (c comparison) fillDifference(change *barometer.Change, now, before side) bool {
	if change.Comparability.Judgement == barometer.NotComparable {
		if !c.allowBreak {
			return false
		}
		change.BreakAllowed = true
	}
	basis := joint(now.basis, before.basis)
	exact := new(big.Rat).Sub(now.fraction, before.fraction)
	difference, points := score.Float(exact), score.Points(exact)
	percentNow, percentBefore := score.Percent(now.fraction), score.Percent(before.fraction)
	differs := points != percentNow-percentBefore
	change.Difference, change.PercentagePoints, change.Basis, change.DisplayedDiffers = &difference, &points, &basis, &differs
	change.PercentNow, change.PercentBefore = &percentNow, &percentBefore
	if basis != barometer.BasisCounts || !now.spreadKnown || !before.spreadKnown {
		change.Verdict = verdict(barometer.CountsUnknown)
		return true
	}
	change.Interval = score.Newcombe(difference, score.Float(now.fraction), score.Float(before.fraction), now.interval, before.interval)
	if now.areas != nil {
		d := between(now, before)
		change.Interval, change.Correlation = d.Interval, d.Correlation
	}
	change.Verdict = verdict(score.Verdict(nil, nil, change.Interval))
	return true
}

// themeChange is computed on the requirements that have a figure in both rounds and are comparable, or may be compared
// all the same. There is no test of it: the family is that of the requirements.
func (c comparison) themeChange(r *barometer.Result) *barometer.Change {
	common, leftOut := c.common(r.Theme)
	change := &barometer.Change{LeftOut: leftOut, Comparability: c.worst(common, leftOut)}
	if len(common) == 0 {
		if change.Comparability.Judgement != barometer.NotComparable {
			change.Verdict = verdict(barometer.NoBasis)
		}
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
	for _, q := range c.requirements {
		if q.Theme != theme {
			continue
		}
		now, before := c.now.requirement(q.Code), c.before.requirement(q.Code)
		if now == nil && before == nil {
			continue
		}
		hasNow, hadBefore := now != nil && now.HasFigure(), before != nil && before.HasFigure()
		reason := ""
		switch {
		case !hasNow && !hadBefore:
			reason = "no_figure_in_both"
		case !hasNow:
			reason = "no_figure_now"
		case !hadBefore:
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
		switch one := c.comparability(code); {
		case i == 0 || one.Judgement.WorseThan(worst.Judgement):
			worst = one
		case one.Judgement == worst.Judgement:
			worst = worst.And(one)
		}
	}
	return worst
}

func (c comparison) comparability(requirement string) barometer.Comparability {
	return barometer.Compare(c.judgements, requirement, c.baseline.Round.Year, c.round, barometer.Danish)
}

func verdict(v barometer.Verdict) *barometer.Verdict { return &v }
