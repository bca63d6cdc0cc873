package synth

import (
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// municipality is what its cases have in common: how often it meets each requirement, and which cases it has.
type municipality struct {
	dice           *dice
	missing        int // of 1000 outcomes of a case, those never entered
	ofCase         []question
	ofNotification []question
	// mix has the probability of the first case type, and of the first two.
	mix [2]probability
	// drawn is the latest case; its memory is used again.
	drawn file
}

// file is a case as its file shows it.
type file struct {
	caseType barometer.CaseType
	rows     []row
}

// row is one outcome of a case.
type row struct {
	requirement  string
	notification int // 0 for the case itself
	barometer.Assessment
	missing bool // was never entered
}

// The national case mix, in parts of caseMixParts: 55 % family treatment, 33 % and 12 % placements.
const (
	caseMixParts         = 33
	familyTreatmentParts = 18
	placementParts       = 11
)

func newMunicipality(d *dice, asked map[barometer.Unit][]question, missing int) *municipality {
	m := &municipality{dice: d, missing: missing}
	steps := d.ladder(caseMixParts)
	m.mix = [2]probability{steps[familyTreatmentParts], steps[familyTreatmentParts+placementParts]}
	m.ofCase = d.ownLevels(asked[barometer.UnitCase])
	m.ofNotification = d.ownLevels(asked[barometer.UnitNotification])
	return m
}

// ownLevels gives the questions with a municipality's own level of each.
func (d *dice) ownLevels(country []question) []question {
	own := slices.Clone(country)
	for i, q := range country {
		own[i].level = d.around(q.level)
	}
	return own
}

// notificationCounts has how many notifications a case has, besides none: 1.3 on average.
var notificationCounts = []odds[int]{{350, 1}, {220, 2}, {100, 3}, {50, 4}}

const recentPermille = 280 // of the cases, those whose measure is recent

// drawCase draws a case with its outcomes, which are valid until the next one is drawn.
func (m *municipality) drawCase() file {
	c := circumstances{caseType: m.drawCaseType(), lean: 2*int64(m.dice.uniform()) - int64(certain)}
	c.aside, _ = pick(m.dice, asides)
	c.recent = m.dice.below(1000) < recentPermille
	notifications, _ := pick(m.dice, notificationCounts)
	m.drawn.caseType, m.drawn.rows = c.caseType, m.drawn.rows[:0]
	m.drawUnit(m.ofCase, c, 0)
	for number := 1; number <= notifications; number++ {
		of := c
		if of.aside.Outcome == "" {
			of.aside, _ = pick(m.dice, asides)
		}
		m.drawUnit(m.ofNotification, of, number)
	}
	return m.drawn
}

func (m *municipality) drawCaseType() barometer.CaseType {
	switch u := m.dice.uniform(); {
	case u < m.mix[0]:
		return barometer.FamilyTreatment
	case u < m.mix[1]:
		return barometer.Placement
	}
	return barometer.PlacementWithoutConsent
}

// drawUnit adds the outcomes of a case or of one of its notifications.
func (m *municipality) drawUnit(asked []question, c circumstances, notification int) {
	first := len(m.drawn.rows)
	for _, q := range asked {
		parent := barometer.Met
		if q.parent >= 0 {
			parent = m.drawn.rows[first+q.parent].Outcome
		}
		m.drawn.rows = append(m.drawn.rows, row{
			requirement: q.code, notification: notification, Assessment: m.dice.assess(q, c, parent),
			missing: q.mayBeMissing && m.dice.below(1000) < m.missing,
		})
	}
}

// circumstances are what the outcomes of one unit have in common.
type circumstances struct {
	caseType barometer.CaseType
	// lean is how well the case was handled: outcomes of one case go together a little.
	lean int64
	// recent tells that the measure has not lasted for three months yet.
	recent bool
	// aside is set where the whole unit is left out of the assessment.
	aside barometer.Assessment
}

// asides has the units that are left out as a whole.
var asides = []odds[barometer.Assessment]{
	{5, barometer.Assessment{Outcome: barometer.NotAssessable, Reason: barometer.DocumentationMissing}},
	{10, barometer.Assessment{Outcome: barometer.NotApplicable, Reason: barometer.OutsideLegalPeriod}},
}

// assess draws the outcome of a question for a unit, given the outcome of its precondition; met where it has none.
func (d *dice) assess(q question, c circumstances, parent barometer.Outcome) barometer.Assessment {
	switch {
	case parent == barometer.MetByException:
		return notApplicable(barometer.NotRequiredByLaw)
	case parent != barometer.Met:
		return notApplicable(barometer.PreconditionNotMet)
	case c.aside.Outcome != "":
		return c.aside
	case slices.Contains(q.outOfScope, c.caseType):
		return notApplicable(barometer.CaseTypeOutOfScope)
	case q.awaits && c.recent:
		return notApplicable(barometer.NotYetDue)
	}
	if reason, ok := pick(d, q.notApplicable); ok {
		return notApplicable(reason)
	}
	if !d.chance(q.level.leaning(c.lean)) {
		return barometer.Assessment{Outcome: barometer.NotMet}
	}
	if reason, ok := pick(d, q.exceptions); ok {
		return barometer.Assessment{Outcome: barometer.MetByException, Reason: reason}
	}
	return barometer.Assessment{Outcome: barometer.Met}
}

func notApplicable(r barometer.Reason) barometer.Assessment {
	return barometer.Assessment{Outcome: barometer.NotApplicable, Reason: r}
}
