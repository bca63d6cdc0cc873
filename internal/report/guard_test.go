package report

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// anyCounts draws the outcomes of municipalities by part.
func anyCounts(t *rapid.T, municipalities, most int) []counted {
	all := make([]counted, rapid.IntRange(1, municipalities).Draw(t, "municipalities"))
	for i := range all {
		all[i].code = fmt.Sprintf("%04d", 101+i)
		for part := range parts {
			n := rapid.IntRange(0, most).Draw(t, "assessed")
			all[i].of[part] = barometer.Share{Assessed: n, Met: rapid.IntRange(0, n).Draw(t, "met")}
		}
	}
	return all
}

// rowsByType writes outcomes as rows by case type.
func rowsByType(all []counted) map[string][]barometer.Result {
	country := counted{code: barometer.Country}
	for _, m := range all {
		for part, s := range m.of {
			country.of[part].Met += s.Met
			country.of[part].Assessed += s.Assessed
		}
	}
	rows := map[string][]barometer.Result{}
	for _, m := range append(slices.Clone(all), country) {
		requirement := overCases
		for i, s := range []barometer.Share{
			m.of[inFamily],
			{Met: m.of[withConsent].Met + m.of[withoutConsent].Met, Assessed: m.of[withConsent].Assessed + m.of[withoutConsent].Assessed},
			m.of[withoutConsent],
		} {
			r := barometer.Result{Area: m.code, AreaType: barometer.AreaTypeOf(m.code), Requirement: &requirement, CaseType: &brokenDown[i]}
			fillCounts(&r, s)
			rows[m.code] = append(rows[m.code], r)
		}
	}
	return rows
}

// unguarded shows whatever is not small in itself, as if nobody could subtract.
func unguarded(rows map[string][]barometer.Result) map[string][]barometer.Result {
	out := map[string][]barometer.Result{}
	for area, of := range rows {
		alone := guard(map[string][]barometer.Result{area: of})
		out[area] = alone[area]
	}
	return out
}

// equation is a public number: a sum of some of the unknown ones.
type equation []*big.Rat

// equationsOf lists what rows say of the unknown numbers, which are the parts of each municipality in turn. What is said of the
// numbers assessed is said of those met as well, so that one system serves for both.
func equationsOf(all []counted, rows map[string][]barometer.Result) []equation {
	ofRow := [3][]int{{inFamily}, {withConsent, withoutConsent}, {withoutConsent}}
	var public []equation
	add := func(of []int, municipalities ...int) {
		e := make(equation, parts*len(all))
		for i := range e {
			e[i] = new(big.Rat)
		}
		for _, m := range municipalities {
			for _, part := range of {
				e[parts*m+part].SetInt64(1)
			}
		}
		public = append(public, e)
	}
	var everywhere []int
	for m, c := range all {
		everywhere = append(everywhere, m)
		add([]int{inFamily, withConsent, withoutConsent}, m)
		for i, r := range rows[c.code] {
			if r.Assessed != nil {
				add(ofRow[i], m)
			}
		}
	}
	for i, r := range rows[barometer.Country] {
		if r.Assessed != nil {
			add(ofRow[i], everywhere...)
		}
	}
	return public
}

// eliminate brings equations into echelon form, exactly.
func eliminate(rows []equation) []equation {
	done := 0
	for column := 0; len(rows) > 0 && column < len(rows[0]); column++ {
		pivot := slices.IndexFunc(rows[done:], func(e equation) bool { return e[column].Sign() != 0 })
		if pivot < 0 {
			continue
		}
		rows[done], rows[done+pivot] = rows[done+pivot], rows[done]
		for _, other := range rows[done+1:] {
			other.subtract(rows[done], column)
		}
		if done++; done == len(rows) {
			break
		}
	}
	return rows[:done]
}

func (e equation) subtract(pivot equation, column int) {
	if e[column].Sign() == 0 {
		return
	}
	times := new(big.Rat).Quo(e[column], pivot[column])
	for i := range e {
		e[i].Sub(e[i], new(big.Rat).Mul(times, pivot[i]))
	}
}

// follows tells whether a sum of unknown numbers is determined by equations in echelon form.
func follows(public []equation, unknowns int, of ...int) bool {
	e := make(equation, unknowns)
	for i := range e {
		e[i] = new(big.Rat)
	}
	for _, i := range of {
		e[i].SetInt64(1)
	}
	for _, pivot := range public {
		column := slices.IndexFunc(pivot, func(v *big.Rat) bool { return v.Sign() != 0 })
		e.subtract(pivot, column)
	}
	return !slices.ContainsFunc(e, func(v *big.Rat) bool { return v.Sign() != 0 })
}

// solved gives the first small number that public rows determine, as a text; "" where there is none. Where nobody was
// assessed, the total says so.
func solved(all []counted, rows map[string][]barometer.Result) string {
	public := eliminate(equationsOf(all, rows))
	for m, c := range all {
		p := pieces{of: c.of}
		if p.empty() {
			continue
		}
		for _, of := range [][]int{{inFamily}, {withConsent, withoutConsent}, {withoutConsent}, {withConsent}} {
			var unknowns []int
			for _, part := range of {
				unknowns = append(unknowns, parts*m+part)
			}
			if n := p.assessed(of...); n < 5 && follows(public, parts*len(all), unknowns...) {
				return fmt.Sprintf("parts %v of %s are %d", of, c.code, n)
			}
		}
	}
	return ""
}

// TestNoSmallNumberCanBeSolvedFor writes every public number of a round as an equation and solves them exactly: no number
// below 5 that was withheld comes out.
func TestNoSmallNumberCanBeSolvedFor(t *testing.T) {
	t.Parallel()
	broken := 0
	thousands(t, 10_000, func(t *rapid.T) {
		all := anyCounts(t, 6, 9)
		rows := rowsByType(all)
		if found := solved(all, guard(rows)); found != "" {
			t.Fatalf("%s; shown %s", found, how(guard(rows)))
		}
		if solved(all, unguarded(rows)) != "" {
			broken++
		}
	})
	if broken == 0 {
		t.Error("nothing comes out without the complement either, so this shows nothing")
	}
}

// TestTheEquationsFindWhatHasNoComplement: of one municipality with 4 in family treatment, the 4 come out where only they
// and what shows them within the municipality are withheld.
func TestTheEquationsFindWhatHasNoComplement(t *testing.T) {
	t.Parallel()
	all := []counted{counts("0101", 3, 9, 3, 9, 3, 9), counts("0183", 2, 4, 2, 5, 2, 5), counts("0707", 3, 8, 3, 9, 3, 9)}
	rows := unguarded(rowsByType(all))
	if got := how(rows); got != "FPW --- FPW FPW" {
		t.Fatal(got)
	}
	if found := solved(all, rows); found != "parts [0] of 0183 are 4" {
		t.Errorf("found %q", found)
	}
}

// division of a number among the parts.
type division [parts]int

// divisions lists the ways to divide a number that agree with what the rows of an area show: whole numbers, none below 0.
func divisions(total int, rows []barometer.Result, kind func(barometer.Share) int) (ways []division) {
	for a := range total + 1 {
		for b := range total - a + 1 {
			way := division{a, b, total - a - b}
			sums, agrees := [3]int{a, total - a, total - a - b}, true
			for i, r := range rows {
				s, known := r.Share()
				agrees = agrees && (!known || kind(s) == sums[i])
			}
			if agrees {
				ways = append(ways, way)
			}
		}
	}
	return ways
}

// possible tells, for each municipality and part, which numbers of a kind it can have, from all ways to divide the totals
// that agree with the rows.
func possible(all []counted, rows map[string][]barometer.Result, kind func(barometer.Share) int) [][parts]map[int]bool {
	ways, total := make([][]division, len(all)), 0
	for m, c := range all {
		own := kind(c.of[0]) + kind(c.of[1]) + kind(c.of[2])
		ways[m] = divisions(own, rows[c.code], kind)
		total += own
	}
	inCountry := divisions(total, rows[barometer.Country], kind)
	at := func(d division) int { return d[0]*(total+1) + d[1] }
	can := make([][parts]map[int]bool, len(all))
	for m := range all {
		others := []division{{}} // what the others can have together
		for other := range all {
			if other != m {
				others = sums(others, ways[other], at, (total+1)*(total+1))
			}
		}
		reached := make([]bool, (total+1)*(total+1))
		for _, d := range others {
			reached[at(d)] = true
		}
		can[m] = [parts]map[int]bool{{}, {}, {}}
		for _, way := range ways[m] {
			if slices.ContainsFunc(inCountry, func(d division) bool {
				rest := division{d[0] - way[0], d[1] - way[1], d[2] - way[2]}
				return min(rest[0], rest[1], rest[2]) >= 0 && reached[at(rest)]
			}) {
				for part, n := range way {
					can[m][part][n] = true
				}
			}
		}
	}
	return can
}

// sums adds each of some divisions to each of others, every sum once.
func sums(to, add []division, at func(division) int, size int) (all []division) {
	seen := make([]bool, size)
	for _, a := range to {
		for _, b := range add {
			d := division{a[0] + b[0], a[1] + b[1], a[2] + b[2]}
			if !seen[at(d)] {
				seen[at(d)] = true
				all = append(all, d)
			}
		}
	}
	return all
}

// countedOut gives the first small number that is the only possible one; "" where there is none.
func countedOut(all []counted, rows map[string][]barometer.Result) string {
	canMeet, canFail := possible(all, rows, met), possible(all, rows, notMet)
	for m, c := range all {
		p := pieces{of: c.of}
		if p.empty() {
			continue
		}
		for part, s := range c.of {
			tells := part == inFamily && p.assessed(withConsent, withoutConsent) < 5 // it tells the placements, which are small
			if s.Assessed >= 5 && !tells {
				continue
			}
			onlyMet, onlyNotMet := len(canMeet[m][part]) == 1, len(canFail[m][part]) == 1
			whole := barometer.Share{Met: c.of[0].Met + c.of[1].Met + c.of[2].Met, Assessed: p.assessed(inFamily, withConsent, withoutConsent)}
			if part != inFamily {
				if shown, is := rows[c.code][1].Share(); is {
					whole = shown
				}
			}
			// That it is none is said by the whole where that has none, and by the country's row where that has none.
			tellsMet := onlyMet && met(whole) > 0 && !saysNone(rows, part, met)
			tellsNotMet := onlyNotMet && notMet(whole) > 0 && !saysNone(rows, part, notMet)
			if onlyMet && onlyNotMet || s.Assessed < 5 && (tellsMet || tellsNotMet) {
				return fmt.Sprintf("part %d of %s is %v", part, c.code, s)
			}
		}
	}
	return ""
}

// saysNone tells whether a row of the country that a part belongs to is shown and has no outcome of a kind.
func saysNone(rows map[string][]barometer.Result, part int, kind func(barometer.Share) int) bool {
	country := rows[barometer.Country]
	for _, i := range [][]int{{0}, {1}, {1, 2}}[part] {
		if s, is := country[i].Share(); is && kind(s) == 0 {
			return true
		}
	}
	all, known1 := country[1].Share()
	without, known2 := country[2].Share()
	return part == withConsent && known1 && known2 && kind(all) == kind(without) // with consent is what is left of the two
}

// TestNoSmallNumberIsTheOnlyPossibleOne tries all ways to divide the public totals of small rounds: of no small number
// that was withheld only one is left, though numbers are whole and not below 0, which equations do not know.
func TestNoSmallNumberIsTheOnlyPossibleOne(t *testing.T) {
	t.Parallel()
	broken := 0
	thousands(t, 10_000, func(t *rapid.T) {
		all := anyCounts(t, 3, 7)
		rows := rowsByType(all)
		if found := countedOut(all, guard(rows)); found != "" {
			t.Fatalf("%s; shown %s", found, how(guard(rows)))
		}
		if countedOut(all, unguarded(rows)) != "" {
			broken++
		}
	})
	if broken == 0 {
		t.Error("nothing comes out without the complement either, so this shows nothing")
	}
}

// TestWithheldNumbersAreNotFewTogether: what the withheld municipalities have together can be computed where the country
// is shown, and is not below 5 either.
func TestWithheldNumbersAreNotFewTogether(t *testing.T) {
	t.Parallel()
	thousands(t, 10_000, func(t *rapid.T) {
		all := anyCounts(t, 8, 9)
		rows := guard(rowsByType(all))
		for i := range brokenDown {
			if rows[barometer.Country][i].Assessed == nil {
				continue
			}
			left, withheld := *rows[barometer.Country][i].Assessed, false
			for _, c := range all {
				if r := rows[c.code][i]; r.Assessed != nil {
					left -= *r.Assessed
				} else {
					withheld = true
				}
			}
			if withheld && left < 5 {
				t.Fatalf("%s: %d together; shown %s", brokenDown[i], left, how(rows))
			}
		}
	})
}

// TestTheOrderOfInputChangesNothing: neither that of the areas nor that of the rows.
func TestTheOrderOfInputChangesNothing(t *testing.T) {
	t.Parallel()
	thousands(t, 10_000, func(t *rapid.T) {
		all := anyCounts(t, 6, 9)
		rows := rowsByType(all)
		turned := map[string][]barometer.Result{}
		for area, of := range rows {
			turned[area] = slices.Clone(of)
			slices.Reverse(turned[area])
		}
		forth, back := guard(rows), guard(turned)
		for area := range back {
			slices.Reverse(back[area])
		}
		if !reflect.DeepEqual(forth, back) {
			t.Fatal(gocmp.Diff(forth, back))
		}
	})
}
