package synth_test

import (
	"cmp"
	"regexp"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/boernesagsbarometer/barometer/internal/synth"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// caseFile is what the rows of one case say.
type caseFile struct {
	caseType string
	units    map[string]map[string]barometer.Assessment // notification ("" for the case itself) -> requirement
}

// caseFiles collects the rows by case, and refuses what one row alone shows to be wrong.
func caseFiles(t fatal, o synth.Options, all []row) map[[2]string]caseFile {
	t.Helper()
	units := map[string]barometer.Unit{}
	for _, q := range asked(t) {
		units[q.Code] = q.Unit
	}
	found := map[[2]string]caseFile{}
	for _, r := range all {
		checkRow(t, o, units[r.requirement], r)
		key := [2]string{r.municipality, r.reference}
		c, ok := found[key]
		if !ok {
			checkReference(t, r.reference)
			c = caseFile{r.caseType, map[string]map[string]barometer.Assessment{}}
			found[key] = c
		}
		if c.units[r.notification] == nil {
			c.units[r.notification] = map[string]barometer.Assessment{}
		}
		if _, twice := c.units[r.notification][r.requirement]; twice || c.caseType != r.caseType {
			t.Fatalf("twice, or of two case types: %+v", r)
		}
		c.units[r.notification][r.requirement] = r.Assessment
	}
	return found
}

var reference = regexp.MustCompile(`^S[0-9]{4,}$`)

func checkReference(t fatal, text string) {
	if !reference.MatchString(text) || barometer.LooksLikePersonalNumber(text) {
		t.Fatalf("reference %q", text)
	}
}

func checkRow(t fatal, o synth.Options, unit barometer.Unit, r row) {
	_, known := cat(t).Municipality(r.municipality)
	if !known || r.round != strconv.Itoa(int(o.Round)) || r.origin != "synthetic" {
		t.Fatalf("%+v", r)
	}
	switch barometer.CaseType(r.caseType) {
	case barometer.FamilyTreatment, barometer.Placement, barometer.PlacementWithoutConsent:
	default:
		t.Fatalf("case type %q", r.caseType)
	}
	want := barometer.UnitNotification
	if r.notification == "" {
		want = barometer.UnitCase
	}
	if unit != want {
		t.Fatalf("%s has unit %q, and notification %q", r.requirement, unit, r.notification)
	}
	if problem := r.Outcome.CheckReason(r.Reason); problem != "" || !r.Outcome.Known() {
		t.Fatalf("%+v: %s", r, problem)
	}
}

// checkCase refuses what breaks a rule between rows, and gives how many outcomes were not recorded.
func checkCase(t fatal, c caseFile) (notRecorded int) {
	t.Helper()
	numbers := len(c.units) - 1
	if c.units[""] == nil || numbers > 4 {
		t.Fatalf("no row of the case itself, or %d notifications", numbers)
	}
	questions := asked(t)
	for number := range numbers + 1 {
		unit, of := barometer.UnitCase, c.units[""]
		if number > 0 {
			unit, of = barometer.UnitNotification, c.units[strconv.Itoa(number)]
		}
		for _, q := range questions {
			a, ok := of[q.Code]
			switch {
			case q.Unit != unit:
			case ok:
				checkPrecondition(t, q, a, of)
			case unit == barometer.UnitNotification || isPrecondition(questions, q.Code):
				t.Fatalf("no outcome of %s for unit %d of %+v", q.Code, number, c)
			default:
				notRecorded++
			}
		}
	}
	return notRecorded
}

func checkPrecondition(t fatal, q barometer.Requirement, a barometer.Assessment, of map[string]barometer.Assessment) {
	if q.Precondition == nil {
		if a.Reason == barometer.PreconditionNotMet {
			t.Fatalf("%s has no precondition, yet %+v", q.Code, a)
		}
		return
	}
	if problem := a.CheckUnder(of[*q.Precondition].Outcome); problem != "" {
		t.Fatalf("%s is %+v: %s", q.Code, a, problem)
	}
}

func isPrecondition(questions []barometer.Requirement, code string) bool {
	for _, q := range questions {
		if q.Precondition != nil && *q.Precondition == code {
			return true
		}
	}
	return false
}

// obey refuses a round that breaks a rule or lacks a case, and gives how many outcomes were not recorded.
func obey(t fatal, o synth.Options) (notRecorded int) {
	t.Helper()
	places := map[string]bool{}
	found := caseFiles(t, o, rows(t, file(t, o)))
	for key, c := range found {
		places[key[0]] = true
		notRecorded += checkCase(t, c)
	}
	if len(found) != o.Cases || len(places) != o.Municipalities {
		t.Fatalf("%+v: %d cases of %d municipalities", o, len(found), len(places))
	}
	return notRecorded
}

func TestRoundsObeyTheRulesWithExactTotals(t *testing.T) {
	t.Parallel()
	for _, o := range []synth.Options{
		{Round: 9000, Municipalities: 1, Cases: 1},
		{Round: 9001, Municipalities: 37, Cases: 750, Seed: 1},
		{Round: 9002, Municipalities: 98, Cases: 98, Seed: 2},
		{Round: 9003, Municipalities: 98, Cases: 99, Seed: 3},
		{Round: 9004, Municipalities: 98, Cases: 5000, Seed: 1<<64 - 1},
		{Round: 9999, Municipalities: 1, Cases: 10_001, Seed: 4},
	} {
		if got := obey(t, o); got != 0 {
			t.Errorf("%+v: %d outcomes not recorded", o, got)
		}
		o.Missing = 5
		notRecorded := obey(t, o)
		// Nine requirements of each case may be left out, each in 1 of 200 cases.
		if mean := o.Cases * 9 / 200; o.Cases >= 500 && (notRecorded < mean/2 || notRecorded > 2*mean) {
			t.Errorf("%+v: %d outcomes not recorded; about %d expected", o, notRecorded, mean)
		}
	}
}

func TestAnyOptionsGiveARoundThatObeysTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		municipalities := rapid.IntRange(1, 98).Draw(t, "municipalities")
		obey(t, synth.Options{
			Round:          barometer.Year(rapid.IntRange(9000, 9999).Draw(t, "round")),
			Municipalities: municipalities,
			Cases:          rapid.IntRange(municipalities, 200).Draw(t, "cases"),
			Seed:           rapid.Uint64().Draw(t, "seed"),
		})
	})
}

func TestRowsStandInOrder(t *testing.T) {
	t.Parallel()
	place := map[string]int{}
	for i, q := range asked(t) {
		place[q.Code] = i
	}
	var last row
	for _, r := range rows(t, file(t, synth.Options{Round: 9001, Municipalities: 3, Cases: 900, Seed: 4})) {
		if cmp.Or(
			cmp.Compare(last.municipality, r.municipality), cmp.Compare(last.reference, r.reference),
			cmp.Compare(last.notification, r.notification), cmp.Compare(place[last.requirement], place[r.requirement]),
		) >= 0 {
			t.Fatalf("%+v stands before %+v", last, r)
		}
		last = r
	}
}
