package synth

import (
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// profile is how a requirement usually turns out over the country.
type profile struct {
	// met is the permille of the assessed that are met, exceptions included.
	met int
	// outOfScope lists the case types that the requirement does not cover.
	outOfScope []barometer.CaseType
	// notApplicable has, of the units whose precondition is met, those outside for another reason.
	notApplicable []odds[barometer.Reason]
	// exceptions has, of the met, those met by exception.
	exceptions []odds[barometer.Reason]
}

// reasons are odds of reasons.
type reasons = []odds[barometer.Reason]

// profiles by requirement. Where Ankestyrelsen printed a level for the country, ours is near it (the latest rounds, or
// 2020 to 2022 together); the others, and every share of reasons, are assumptions: no source has them.
var profiles = map[string]profile{
	"investigation_conducted": {
		met:           700,
		notApplicable: reasons{{100, barometer.NotRequiredByLaw}, {30, barometer.OutsideLegalPeriod}},
		exceptions:    reasons{{20, barometer.Urgency}, {20, barometer.OtherLawfulReason}},
	},
	"investigation_within_four_months": {
		met:           340,
		notApplicable: reasons{{220, barometer.NotRequiredByLaw}, {80, barometer.OutsideLegalPeriod}},
		exceptions:    reasons{{20, barometer.NatureOfCase}, {20, barometer.OtherLawfulReason}},
	},
	"investigation_reasoned_position": {
		met:           920,
		notApplicable: reasons{{30, barometer.NotRequiredByLaw}},
	},
	"investigation_before_decision": {
		met:           830,
		notApplicable: reasons{{40, barometer.NotRequiredByLaw}},
		exceptions:    reasons{{40, barometer.Urgency}, {10, barometer.OtherLawfulReason}},
	},
	"child_heard_in_investigation": {
		met:           950,
		notApplicable: reasons{{30, barometer.NotRequiredByLaw}},
		exceptions:    reasons{{110, barometer.MaturityOfChild}, {40, barometer.NatureOfCase}},
	},
	"parents_information_in_investigation": {
		met:           970,
		notApplicable: reasons{{20, barometer.NotRequiredByLaw}},
		exceptions:    reasons{{10, barometer.OtherLawfulReason}},
	},
	"child_heard_before_decision": {
		met:           610,
		notApplicable: reasons{{60, barometer.NotRequiredByLaw}},
		exceptions: reasons{
			{120, barometer.MaturityOfChild}, {50, barometer.NatureOfCase}, {70, barometer.HeardImmediatelyBefore},
		},
	},
	"child_contact_within_three_months": { // serviceloven § 148 is about placements
		met:           550,
		outOfScope:    []barometer.CaseType{barometer.FamilyTreatment},
		notApplicable: reasons{{40, barometer.NotRequiredByLaw}},
		exceptions:    reasons{{30, barometer.NatureOfCase}},
	},
	"action_plan_made": {
		met:           800,
		notApplicable: reasons{{60, barometer.NotRequiredByLaw}, {30, barometer.NotYetDue}},
		exceptions:    reasons{{20, barometer.Urgency}},
	},
	"action_plan_states_measure": {
		met:           980,
		notApplicable: reasons{{10, barometer.NotRequiredByLaw}},
	},
	"follow_up_within_three_months": {
		met:           500,
		notApplicable: reasons{{80, barometer.NotRequiredByLaw}},
		exceptions:    reasons{{20, barometer.OtherLawfulReason}},
	},
	"notification_assessed_within_24_hours": {
		met:           920,
		notApplicable: reasons{{30, barometer.NotRequiredByLaw}},
		exceptions:    reasons{{10, barometer.OtherLawfulReason}},
	},
	"notification_reassessed": { // only for a child that already has a case
		met:           400,
		notApplicable: reasons{{450, barometer.NotRequiredByLaw}, {30, barometer.NotYetDue}},
		exceptions:    reasons{{20, barometer.NatureOfCase}},
	},
}

// question is a requirement as the round asks it.
type question struct {
	profile
	code string
	// level is how often it is met where it is assessed: over the country, or in one municipality.
	level probability
	// parent is the place of the precondition among the questions of the unit, -1 where there is none.
	parent int
	// awaits tells that it is judged once the measure has lasted for three months.
	awaits bool
	// mayBeMissing tells that no other question rests on it.
	mayBeMissing bool
}

// questionsOf makes the questions of a round, those of the case itself first; Internal where a requirement has no
// profile, or does not stand after its precondition.
func questionsOf(requirements []barometer.Requirement) (map[barometer.Unit][]question, error) {
	questions := map[barometer.Unit][]question{}
	for _, r := range requirements {
		p, ok := profiles[r.Code]
		if !ok {
			return nil, barometer.Errorf(barometer.Internal, "requirement %s has no profile for synthetic rounds", r.Code)
		}
		before := questions[r.Unit]
		q := question{
			profile: p, code: r.Code, level: certain * probability(p.met) / 1000,
			parent: -1, awaits: r.Deadline != nil && *r.Deadline == "P3M", mayBeMissing: r.Unit == barometer.UnitCase,
		}
		if r.Precondition != nil {
			q.parent = slices.IndexFunc(before, func(q question) bool { return q.code == *r.Precondition })
			if q.parent < 0 {
				return nil, barometer.Errorf(barometer.Internal, "requirement %s does not stand after its precondition", r.Code)
			}
			before[q.parent].mayBeMissing = false
		}
		questions[r.Unit] = append(before, q)
	}
	return questions, nil
}
