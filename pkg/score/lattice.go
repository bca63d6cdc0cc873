package score

// lattice is a distribution on the whole numbers from lo to hi that rises to one peak and falls again. It is known by the
// ratio of each probability to the one before, so that no factorial is needed, nothing overflows, and what is too small
// for a double is 0. Weights are relative to that at start, which lies near the peak.
type lattice struct {
	lo, hi, start int
	ratio         func(x int) float64 // P(x+1) / P(x)
}

// weight of one number.
func (l lattice) weight(x int) float64 {
	w := 1.0
	for at := l.start; at < x && w > 0; at++ {
		w *= l.ratio(at)
	}
	for at := l.start; at > x && w > 0; at-- {
		w /= l.ratio(at - 1)
	}
	return w
}

// each visits the numbers outwards from start, as far as their weight is not 0.
func (l lattice) each(visit func(x int, w float64)) {
	w := 1.0
	for x := l.start; w > 0; x++ {
		visit(x, w)
		if x == l.hi {
			break
		}
		w *= l.ratio(x)
	}
	w = 1.0
	for x := l.start; x > l.lo && w > 0; x-- {
		w /= l.ratio(x - 1)
		if w > 0 {
			visit(x-1, w)
		}
	}
}

// bottom gives the lowest number that adds anything to a sum of probabilities, with its weight.
func (l lattice) bottom() (x int, w float64) {
	const nothing = 1e-200
	w = 1.0
	for x = l.start; x > l.lo && w > nothing; x-- {
		w /= l.ratio(x - 1)
	}
	return x, w
}

// tails gives the probabilities of at most x, of at least x, and of x itself.
func (l lattice) tails(x int) (low, high, at float64) {
	sum := 0.0
	l.each(func(k int, w float64) {
		sum += w
		if k <= x {
			low += w
		}
		if k >= x {
			high += w
		}
	})
	return min(1, low/sum), min(1, high/sum), l.weight(x) / sum
}

// binomial is the number met of n when each is met with probability p, between 0 and 1.
func binomial(n int, p float64) lattice {
	odds := p / (1 - p)
	return lattice{
		lo: 0, hi: n, start: min(n, int(float64(n+1)*p)),
		ratio: func(x int) float64 { return float64(n-x) / float64(x+1) * odds },
	}
}
