package intake

import (
	"context"
	"reflect"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// participationColumns of a list of participations, in the order of the cells of a line.
var participationColumns = []column{
	{"municipality", "kommune", false},
	{"cases", "sager", true},
	{"eligible_cases", "egnede_sager", true},
	{"source", "kilde", true},
	{"due_round", "næste_årgang", true},
}

// The most that a participation counts.
const (
	mostDrawn    = 100_000
	mostEligible = 1_000_000
)

// participations takes in a list of participations of a given round: those it names are created or replaced.
func (in *importing) participations(ctx context.Context) (done taken, err error) {
	r := in.rounds[*in.Round]
	if err := r.takesParticipations(); err != nil {
		return done, err
	}
	receipt, err := in.receipt(r.Year)
	if err != nil {
		return done, err
	}
	var listed []barometer.Participation
	lines := map[string]int{}
	err = in.table(participationColumns).each(in.Format, func(l line) {
		in.counted()
		p, ok := in.checkParticipation(l, r.Year)
		if !ok {
			return
		}
		if first, twice := lines[p.Municipality]; twice {
			l.refuse("municipality", "repeated", "line %d has %s already", first, p.Municipality)
		}
		lines[p.Municipality] = l.line
		listed = append(listed, p)
	})
	if err != nil {
		return done, err
	}
	if err := in.err(); err != nil {
		return done, err
	}
	receipt.Rows = len(listed)
	for _, p := range listed {
		switch before, there := r.participants[p.Municipality]; {
		case !there:
			receipt.Added++
		case reflect.DeepEqual(before, p):
			receipt.Unchanged++
			continue
		default:
			receipt.Changed++
		}
		if err := in.tx.PutParticipation(ctx, p); err != nil {
			return done, err
		}
	}
	return done, in.keep(ctx, &done, *receipt)
}

// checkParticipation reads one line; false, with its problems reported, where it cannot be used.
func (in *importing) checkParticipation(l line, year barometer.Year) (barometer.Participation, bool) {
	before := in.count
	p := barometer.Participation{Round: year}
	p.Municipality, _ = in.municipality(l, "municipality", l.cells[0])
	p.Cases = checkCount(l, 1, 0, mostDrawn)
	p.EligibleCases = checkCount(l, 2, 0, mostEligible)
	if p.Cases != nil && p.EligibleCases != nil && *p.Cases > *p.EligibleCases {
		l.refuse("cases", "out_of_range", "%d cases of %d eligible ones; allowed: 0 to %d", *p.Cases, *p.EligibleCases, *p.EligibleCases)
	}
	if id := l.cells[3]; id != "" {
		source := in.checkSource(l, id)
		p.Source = &source
	}
	if text := l.cells[4]; text != "" {
		p.DueRound = checkDue(l, text, year)
	}
	return p, in.count == before
}

// checkDue reads the next round that a municipality is due in: a later one of the same origin.
func checkDue(l line, text string, year barometer.Year) *barometer.Year {
	due := yearOf(text)
	switch {
	case due == 0:
		l.unknown("due_round", text, "%s is not a year of four digits", shown(text))
	case due <= year || due.Origin() != year.Origin():
		l.refuse("due_round", "out_of_range", "%d is no later round of the same origin as %d", due, year)
	}
	return &due
}
