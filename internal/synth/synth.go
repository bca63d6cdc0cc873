// Package synth makes a synthetic round from a seed: a file of outcomes with the shape of a real round and none of
// its children. What it makes depends on the options alone, so the same options give the same bytes everywhere.
//
// It imports internal/catalogue, pkg/barometer and the standard library only; in particular no storage. It computes
// in whole numbers, since processors differ in how they round.
package synth

import (
	"fmt"
	"io"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Options of a synthetic round.
type Options struct {
	Round          barometer.Year
	Municipalities int
	Cases          int
	Missing        int    // of 1000 outcomes that no other rests on, those left out, as in entry that is not complete
	Seed           uint64 // every seed is valid; the round's year is mixed into all but who takes part
}

const (
	lastYear          = 9999
	allMunicipalities = 98
	mostCases         = 10_000_000
)

// Validate gives Invalid with every problem of the options, by the name of the parameter.
func (o Options) Validate() error {
	var problems []barometer.FieldError
	add := func(parameter, detail string, allowed ...any) {
		problems = append(problems, barometer.FieldError{
			Parameter: parameter, Code: "out_of_range", Detail: fmt.Sprintf(detail, allowed...),
		})
	}
	if o.Round < barometer.FirstSyntheticYear || o.Round > lastYear {
		add("round", "a synthetic round has a year from %d to %d", barometer.FirstSyntheticYear, lastYear)
	}
	if o.Municipalities < 1 || o.Municipalities > allMunicipalities {
		add("municipalities", "allowed: 1 to %d", allMunicipalities)
	}
	if o.Missing < 0 || o.Missing > 1000 {
		add("missing", "allowed: 0 to 1000, of a thousand")
	}
	switch {
	case o.Cases < 1 || o.Cases > mostCases:
		add("cases", "allowed: 1 to %d, and at least one a municipality", mostCases)
	case o.Cases < min(o.Municipalities, allMunicipalities):
		add("cases", "%d municipalities need at least as many cases", min(o.Municipalities, allMunicipalities))
	}
	if problems == nil {
		return nil
	}
	err := barometer.Errorf(barometer.Invalid, "no synthetic round can be made with these options")
	err.Fields = problems
	return err
}

// progressEvery is how many cases lie between two calls of progress.
const progressEvery = 1000

// Write makes the round and writes it as CSV, case by case, in the order of the municipalities' codes. Progress, which
// may be nil, is called now and then and once all cases are written. The kind of an error is Invalid for options that
// are not, and Internal otherwise.
func Write(w io.Writer, cat *catalogue.Catalogue, o Options, progress func(casesDone int)) error {
	if err := o.Validate(); err != nil {
		return err
	}
	asked, err := questionsOf(cat.SyntheticRequirements())
	if err != nil {
		return err
	}
	if progress == nil {
		progress = func(int) {}
	}
	d := newDice(o.Seed, o.Round)
	r := round{d, drawSample(d, cat.Municipalities(barometer.MunicipalityFilter{}), o), asked}
	if err := r.write(w, o, progress); err != nil {
		return fmt.Errorf("write synthetic round: %w", err)
	}
	return nil
}

// round is what is settled before its first case.
type round struct {
	dice   *dice
	sample []share
	asked  map[barometer.Unit][]question
}

func (r round) write(w io.Writer, o Options, progress func(casesDone int)) error {
	out, err := newTable(w, o.Round)
	if err != nil {
		return err
	}
	done := 0
	for _, s := range r.sample {
		m := newMunicipality(r.dice, r.asked, o.Missing)
		for number := 1; number <= s.cases; number++ {
			if err := out.add(s.code, number, m.drawCase()); err != nil {
				return err
			}
			if done++; done%progressEvery == 0 && done < o.Cases {
				progress(done)
			}
		}
	}
	if err := out.flush(); err != nil {
		return err
	}
	progress(done)
	return nil
}

// share of a municipality in the sample of the round.
type share struct {
	code  string
	cases int
}

// drawSample draws which municipalities take part, without replacement and the same again every third year, as the
// audit does, and divides the cases among them: from about 0.7 to 1.7 times the mean each, and never none.
func drawSample(d *dice, all []barometer.Municipality, o Options) []share {
	const cycle = 3
	places := newDice(o.Seed, o.Round%cycle).choose(o.Municipalities, len(all))
	upTo, total := make([]int64, len(places)), int64(0)
	for i := range places {
		total += int64(70 + min(d.below(101), d.below(101)))
		upTo[i] = total
	}
	sample := make([]share, len(places))
	spare, given := int64(o.Cases-o.Municipalities), int64(0)
	for i, place := range places {
		extra := spare*upTo[i]/total - given
		given += extra
		sample[i] = share{all[place].Code, 1 + int(extra)}
	}
	return sample
}
