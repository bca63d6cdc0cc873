package synth_test

import (
	"math"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/synth"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// large is a round in which chance has little to say.
var large = synth.Options{Round: 9000, Municipalities: 98, Cases: 10_000, Seed: 7}

func TestALargeRoundHasTheShapeOfARealOne(t *testing.T) {
	t.Parallel()
	all := rows(t, file(t, large))
	cases := caseFiles(t, large, all)
	t.Run("levels", func(t *testing.T) { checkLevels(t, all) })
	t.Run("case mix", func(t *testing.T) { checkCaseMix(t, cases) })
	t.Run("municipalities differ", func(t *testing.T) { checkDispersion(t, all) })
	t.Run("outcomes of one case go together", func(t *testing.T) { checkCorrelation(t, cases) })
}

// tally counts the outcomes of a requirement.
type tally struct {
	units, met, exceptions, assessed int
	reasons                          map[barometer.Reason]int
}

func (n *tally) add(a barometer.Assessment) {
	if n.reasons == nil {
		n.reasons = map[barometer.Reason]int{}
	}
	n.units++
	n.reasons[a.Reason]++
	if a.Outcome.Assessed() {
		n.assessed++
	}
	if a.Outcome.CountsAsMet() {
		n.met++
	}
	if a.Outcome == barometer.MetByException {
		n.exceptions++
	}
}

func within(t *testing.T, what string, part, whole int, low, high float64) {
	t.Helper()
	if p := float64(part) / float64(whole); whole == 0 || p < low || p > high {
		t.Errorf("%s: %d of %d = %.3f; want %.2f to %.2f", what, part, whole, p, low, high)
	}
}

// checkLevels compares with the published levels and with sensible denominators.
func checkLevels(t *testing.T, all []row) {
	t.Helper()
	found := map[string]*tally{}
	for _, r := range all {
		if found[r.requirement] == nil {
			found[r.requirement] = &tally{}
		}
		found[r.requirement].add(r.Assessment)
	}
	// The share of the assessed that are met, within 0.06, and of the units that are assessed.
	for code, want := range map[string]struct{ level, least, most float64 }{
		"investigation_conducted":               {0.70, 0.75, 0.95},
		"investigation_within_four_months":      {0.34, 0.25, 0.50},
		"investigation_reasoned_position":       {0.92, 0.45, 0.65},
		"investigation_before_decision":         {0.83, 0.45, 0.65},
		"child_heard_in_investigation":          {0.95, 0.45, 0.65},
		"parents_information_in_investigation":  {0.97, 0.45, 0.65},
		"child_heard_before_decision":           {0.61, 0.85, 0.97},
		"child_contact_within_three_months":     {0.55, 0.25, 0.40},
		"action_plan_made":                      {0.80, 0.80, 0.95},
		"action_plan_states_measure":            {0.98, 0.55, 0.80},
		"follow_up_within_three_months":         {0.50, 0.55, 0.75},
		"notification_assessed_within_24_hours": {0.92, 0.90, 0.98},
		"notification_reassessed":               {0.40, 0.40, 0.60},
	} {
		n := found[code]
		if n == nil {
			t.Errorf("no outcome of %s", code)
			continue
		}
		within(t, code+" met", n.met, n.assessed, want.level-0.06, want.level+0.06)
		within(t, code+" assessed", n.assessed, n.units, want.least, want.most)
		within(t, code+" by exception", n.exceptions, n.met, 0, 0.30)
		// Without documentation of its precondition a requirement is not reached.
		if n.reasons[barometer.PreconditionNotMet] == 0 {
			within(t, code+" without documentation", n.reasons[barometer.DocumentationMissing], n.units, 0.001, 0.02)
		}
	}
	if len(found) != 13 {
		t.Errorf("%d requirements", len(found))
	}
	heard := found["child_heard_before_decision"].reasons
	within(t, "maturity of the child", heard[barometer.MaturityOfChild], large.Cases, 0.03, 0.12)
	within(t, "nature of the case", heard[barometer.NatureOfCase], large.Cases, 0.01, 0.06)
	within(t, "heard immediately before", heard[barometer.HeardImmediatelyBefore], large.Cases, 0.02, 0.08)
}

func TestEveryReasonOccurs(t *testing.T) {
	t.Parallel()
	found := map[barometer.Reason]bool{}
	for _, r := range rows(t, file(t, synth.Options{Round: 9001, Municipalities: 37, Cases: 750, Seed: 1})) {
		found[r.Reason] = true
	}
	for _, o := range barometer.Outcomes() {
		for _, r := range o.Reasons() {
			if !found[r] {
				t.Errorf("a round of the usual size has no %s", r)
			}
		}
	}
}

func checkCaseMix(t *testing.T, cases map[[2]string]caseFile) {
	t.Helper()
	types, notifications := map[string]int{}, 0
	byMunicipality := map[string][2]int{}
	for key, c := range cases {
		types[c.caseType]++
		notifications += len(c.units) - 1
		n := byMunicipality[key[0]]
		n[1]++
		if c.caseType == string(barometer.FamilyTreatment) {
			n[0]++
		}
		byMunicipality[key[0]] = n
	}
	within(t, "family treatment", types[string(barometer.FamilyTreatment)], large.Cases, 0.50, 0.60)
	within(t, "placement", types[string(barometer.Placement)], large.Cases, 0.28, 0.38)
	within(t, "placement without consent", types[string(barometer.PlacementWithoutConsent)], large.Cases, 0.09, 0.15)
	within(t, "notifications a case", notifications, large.Cases, 1.2, 1.4)
	if d := dispersion(byMunicipality); d < 1.5 {
		t.Errorf("the case mix varies %.2f times as much as by chance", d)
	}
}

// checkDispersion wants municipalities to differ by more than chance.
func checkDispersion(t *testing.T, all []row) {
	t.Helper()
	found := map[string]map[string][2]int{}
	for _, r := range all {
		if found[r.requirement] == nil {
			found[r.requirement] = map[string][2]int{}
		}
		n := found[r.requirement][r.municipality]
		if r.Outcome.Assessed() {
			n[1]++
		}
		if r.Outcome.CountsAsMet() {
			n[0]++
		}
		found[r.requirement][r.municipality] = n
	}
	for code, shares := range found {
		assessed := 0
		for _, n := range shares {
			assessed += n[1]
		}
		// With m units each, a correlation of c within municipalities makes the dispersion 1 + (m-1)c. 98
		// municipalities tell c to about 0.03 either way.
		d := dispersion(shares)
		if c := (d - 1) / (float64(assessed)/float64(len(shares)) - 1); c < 0.02 || c > 0.15 {
			t.Errorf("%s: dispersion %.2f, so a correlation of %.3f within municipalities", code, d, c)
		}
	}
}

// dispersion is Pearson's chi-square of the shares over its degrees of freedom: 1 where only chance is at work.
func dispersion(shares map[string][2]int) float64 {
	met, assessed := 0, 0
	for _, n := range shares {
		met, assessed = met+n[0], assessed+n[1]
	}
	p, sum := float64(met)/float64(assessed), 0.0
	for _, n := range shares {
		if n[1] > 0 {
			sum += math.Pow(float64(n[0])-float64(n[1])*p, 2) / (float64(n[1]) * p * (1 - p))
		}
	}
	return sum / float64(len(shares)-1)
}

// checkCorrelation wants outcomes of one case to go together: in a well-handled case more is met.
func checkCorrelation(t *testing.T, cases map[[2]string]caseFile) {
	t.Helper()
	var both, heard, planned, n float64
	for _, c := range cases {
		x, y := c.units[""]["child_heard_before_decision"].Outcome, c.units[""]["follow_up_within_three_months"].Outcome
		if !x.Assessed() || !y.Assessed() {
			continue
		}
		n++
		if x.CountsAsMet() {
			heard++
		}
		if y.CountsAsMet() {
			planned++
		}
		if x.CountsAsMet() && y.CountsAsMet() {
			both++
		}
	}
	p, q := heard/n, planned/n
	if phi := (both/n - p*q) / math.Sqrt(p*(1-p)*q*(1-q)); phi < 0.03 || phi > 0.2 {
		t.Errorf("correlation %.3f; want a little above 0", phi)
	}
}
