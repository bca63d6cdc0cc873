package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// sampled is a synthetic round as a test writes it: of each municipality its cases, each as the letter of its type and,
// after a space, a letter for each of the requirements.
type sampled struct {
	year         barometer.Year
	requirements []string
	cases        map[string][]string
	more         string // further lines of the file
}

// The letters of case types, and of outcomes; X is not applicable.
var (
	caseTypes     = map[byte]string{'F': "family_treatment", 'P': "placement", 'W': "placement_without_consent"}
	outcomesOf    = map[rune]string{'M': "met", 'E': "met_by_exception", 'N': "not_met", 'X': "not_applicable"}
	preconditions = map[string]string{
		fourMonths: "investigation_conducted", "investigation_reasoned_position": "investigation_conducted",
		"investigation_before_decision": "investigation_conducted", "child_heard_in_investigation": "investigation_conducted",
		"parents_information_in_investigation": "investigation_conducted", "action_plan_states_measure": "action_plan_made",
	}
)

// file writes the round as an import takes it.
func (s sampled) file() []byte {
	text := "municipality,case,case_type,requirement,notification,outcome,reason\n"
	for _, code := range slices.Sorted(maps.Keys(s.cases)) {
		for i, c := range s.cases[code] {
			for place, letter := range c[2:] {
				text += fmt.Sprintf("%s,S%04d,%s,%s,,%s,%s\n", code, i, caseTypes[c[0]], s.requirements[place], outcomesOf[letter], s.reason(c[2:], place))
			}
		}
	}
	return []byte(text + s.more)
}

// reason gives why a requirement of a case is met by exception, or not applicable.
func (s sampled) reason(outcomes string, place int) string {
	switch outcomes[place] {
	case 'E':
		return "other_lawful_reason"
	case 'X':
		parent := slices.Index(s.requirements, preconditions[s.requirements[place]])
		if parent >= 0 && outcomes[parent] == 'E' {
			return "not_required_by_law"
		}
		if parent >= 0 && outcomes[parent] != 'M' {
			return "precondition_not_met"
		}
		return "not_yet_due"
	}
	return ""
}

// hearing takes a round to its hearing, over HTTP.
func (o office) hearing(t *testing.T, lead *client.Client, s sampled) {
	t.Helper()
	ctx := t.Context()
	must(lead.CreateRound(ctx, barometer.RoundInput{Year: s.year, RoundPatch: barometer.RoundPatch{Kind: "annual", Law: "serviceloven"}}))(t)
	var asked barometer.RoundRequirementsInput
	for _, code := range s.requirements {
		asked.Requirements = append(asked.Requirements, barometer.RoundRequirementInput{Requirement: code})
	}
	for code := range notificationsOf(s.more) {
		asked.Requirements = append(asked.Requirements, barometer.RoundRequirementInput{Requirement: code})
	}
	before := must(lead.RoundRequirementsVersion(ctx, s.year))(t)
	must(lead.PutRoundRequirements(ctx, s.year, asked, client.IfMatch(before.ETag)))(t)
	for code := range s.cases {
		must(lead.PutParticipation(ctx, s.year, code, barometer.ParticipationInput{}, client.CreateOnly()))(t)
	}
	must(lead.CreateTransition(ctx, s.year, barometer.TransitionInput{To: barometer.Collecting}))(t)
	must(lead.CreateImport(ctx, s.year, s.file(), client.ImportOptions{MediaType: client.CSV}))(t)
	must(lead.CreateTransition(ctx, s.year, barometer.TransitionInput{To: barometer.Hearing}))(t)
}

// notificationsOf names the requirements of further lines.
func notificationsOf(lines string) map[string]bool {
	codes := map[string]bool{}
	for line := range strings.Lines(lines) {
		codes[strings.Split(line, ",")[3]] = true
	}
	return codes
}

// publish publishes rounds one after another, over HTTP.
func (o office) publish(t *testing.T, rounds ...sampled) {
	t.Helper()
	lead := o.as(t, barometer.RoleLead)
	for _, s := range rounds {
		o.hearing(t, lead, s)
		must(lead.CreateTransition(t.Context(), s.year, barometer.TransitionInput{To: barometer.Published}))(t)
		must(o.Round(t.Context(), s.year))(t)
	}
}

// counted makes cases in which each requirement has its counts: the first met are met, the rest of the assessed are not,
// and the others are not applicable.
func counted(caseType byte, cases int, shares []barometer.Share) []string {
	out := make([]string, cases)
	for i := range out {
		letters := make([]byte, len(shares))
		for r, s := range shares {
			switch {
			case i < s.Met:
				letters[r] = 'M'
			case i < s.Assessed:
				letters[r] = 'N'
			default:
				letters[r] = 'X'
			}
		}
		out[i] = string(caseType) + " " + string(letters)
	}
	return out
}

// keyed gives results by their keys.
func keyed(t *testing.T, results []barometer.Result) map[string]barometer.Result {
	t.Helper()
	found := map[string]barometer.Result{}
	for _, r := range results {
		if _, twice := found[r.Key]; twice {
			t.Errorf("%s occurs twice", r.Key)
		}
		found[r.Key] = r
	}
	return found
}
