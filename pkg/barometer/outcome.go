package barometer

import (
	"slices"
	"strings"
)

// Outcome is one requirement judged for one unit (resultat).
type Outcome string

// The outcomes.
const (
	Met            Outcome = "met"
	MetByException Outcome = "met_by_exception"
	NotMet         Outcome = "not_met"
	NotApplicable  Outcome = "not_applicable"
	NotAssessable  Outcome = "not_assessable"
)

// Reason (begrundelse) says why an exception counted as met, or why a unit was not assessed.
type Reason string

// The reasons.
const (
	MaturityOfChild        Reason = "maturity_of_child"
	NatureOfCase           Reason = "nature_of_case"
	HeardImmediatelyBefore Reason = "heard_immediately_before"
	Urgency                Reason = "urgency"
	OtherLawfulReason      Reason = "other_lawful_reason"
	PreconditionNotMet     Reason = "precondition_not_met"
	NotRequiredByLaw       Reason = "not_required_by_law"
	NotYetDue              Reason = "not_yet_due"
	OutsideLegalPeriod     Reason = "outside_legal_period"
	CaseTypeOutOfScope     Reason = "case_type_out_of_scope"
	DocumentationMissing   Reason = "documentation_missing"
	NotRecorded            Reason = "not_recorded" // a unit without an entered outcome; never entered itself
)

// reasonsOf lists the reasons each outcome takes; an outcome with none takes no reason, one with some requires one.
var reasonsOf = map[Outcome][]Reason{
	Met:            {},
	MetByException: {MaturityOfChild, NatureOfCase, HeardImmediatelyBefore, Urgency, OtherLawfulReason},
	NotMet:         {},
	NotApplicable:  {PreconditionNotMet, NotRequiredByLaw, NotYetDue, OutsideLegalPeriod, CaseTypeOutOfScope},
	NotAssessable:  {DocumentationMissing},
}

// Outcomes lists the outcomes that can be entered, in the order of the code list.
func Outcomes() []Outcome {
	return []Outcome{Met, MetByException, NotMet, NotApplicable, NotAssessable}
}

// Reasons lists the reasons an outcome takes, in the order of the code list; none for `met` and `not_met`.
func (o Outcome) Reasons() []Reason { return slices.Clone(reasonsOf[o]) }

// Known tells whether the outcome is one that can be entered.
func (o Outcome) Known() bool { _, ok := reasonsOf[o]; return ok }

// CountsAsMet tells whether the outcome is in the numerator.
func (o Outcome) CountsAsMet() bool { return o == Met || o == MetByException }

// Assessed tells whether the outcome is in the denominator: met or not met.
func (o Outcome) Assessed() bool { return o.CountsAsMet() || o == NotMet }

// CheckReason says what is wrong with a reason given for the outcome, "" where nothing is.
func (o Outcome) CheckReason(r Reason) string {
	allowed := reasonsOf[o]
	switch {
	case len(allowed) == 0 && r != "":
		return string(o) + " takes no reason; leave it empty"
	case len(allowed) > 0 && r == "":
		return string(o) + " requires a reason; allowed: " + List(allowed)
	case len(allowed) > 0 && !slices.Contains(allowed, r):
		return "this reason does not go with " + string(o) + "; allowed: " + List(allowed)
	}
	return ""
}

// Assessment is an outcome with its reason, "" where it takes none.
type Assessment struct {
	Outcome Outcome
	Reason  Reason
}

// CheckUnder says what is wrong with the assessment of a requirement whose precondition got the outcome parent, ""
// where nothing is. A requirement is judged only where its precondition is met; under a precondition met by exception
// the law does not require it.
func (a Assessment) CheckUnder(parent Outcome) string {
	return a.checkUnder("its precondition", parent)
}

// checkUnder is CheckUnder in the words of the one that names the precondition.
func (a Assessment) checkUnder(precondition string, parent Outcome) string {
	want := PreconditionNotMet
	switch parent {
	case Met:
		if a.Reason == PreconditionNotMet {
			return precondition + " is met, so the reason cannot be precondition_not_met"
		}
		return ""
	case MetByException:
		want = NotRequiredByLaw
	}
	if a.Outcome == NotApplicable && a.Reason == want {
		return ""
	}
	return precondition + " is " + string(parent) + ", so it must be not_applicable with reason " + string(want)
}

// List joins codes for a message: "a, b, c".
func List[T ~string](codes []T) string {
	texts := make([]string, len(codes))
	for i, c := range codes {
		texts[i] = string(c)
	}
	return strings.Join(texts, ", ")
}
