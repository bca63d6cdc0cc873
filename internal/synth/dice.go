package synth

import (
	"math/rand/v2"
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// probability in units of 2^-32, from 0 to certain.
type probability uint64

const certain probability = 1 << 32

// dice is where all chance comes from. It takes whole numbers straight from the generator, whose sequence is part of
// its definition.
type dice struct{ source *rand.PCG }

func newDice(seed uint64, stream barometer.Year) *dice {
	return &dice{rand.NewPCG(seed, uint64(stream))} //nolint:gosec // meant to be reproducible, not unguessable
}

// uniform gives a number from 0 to below certain.
func (d *dice) uniform() probability { return probability(d.source.Uint64() >> 32) }

// chance tells whether something with this probability happens.
func (d *dice) chance(p probability) bool { return d.uniform() < p }

// below gives a number from 0 to n-1. Its bias is below n/2^32.
func (d *dice) below(n int) int { return int(uint64(d.uniform()) * uint64(n) >> 32) }

// choose gives k different numbers from 0 to n-1, ascending.
func (d *dice) choose(k, n int) []int {
	chosen := make([]int, 0, k)
	for number := range n {
		if d.below(n-number) < k-len(chosen) {
			chosen = append(chosen, number)
		}
	}
	return chosen
}

// ladder gives n-1 uniform numbers in order, between 0 and certain. The k-th of them is distributed as Beta(k, n-k),
// and the distances between some of them as Dirichlet.
func (d *dice) ladder(n int) []probability {
	steps := make([]probability, n+1)
	for i := 1; i < n; i++ {
		steps[i] = d.uniform()
	}
	steps[n] = certain
	slices.Sort(steps)
	return steps
}

// concentration is how closely municipalities gather around a national level. 17 makes the correlation between two
// units of one municipality 0.06 to 0.09, depending on the level.
const concentration = 17

// around draws a probability with this mean. Between two steps of the ladder it takes either, in proportion.
func (d *dice) around(mean probability) probability {
	scaled := mean * concentration
	step := int(scaled / certain)
	if d.chance(scaled % certain) {
		step++
	}
	return d.ladder(concentration)[step]
}

// leaning shifts a probability by a lean from -certain to certain, the more the farther it is from 0 and certain; the
// mean over all leans is the probability itself.
func (p probability) leaning(lean int64) probability {
	spread := int64(p * (certain - p) / certain)
	return probability(int64(p) + spread*lean/int64(certain))
}

// odds are permilles of something, with what happens.
type odds[T any] struct {
	permille int
	what     T
}

// pick draws one of the list, or nothing for what is left of 1000.
func pick[T any](d *dice, list []odds[T]) (what T, ok bool) {
	if len(list) == 0 {
		return what, false
	}
	roll := d.below(1000)
	for _, o := range list {
		if roll < o.permille {
			return o.what, true
		}
		roll -= o.permille
	}
	return what, false
}
