package score

import "github.com/boernesagsbarometer/barometer/pkg/barometer"

// Drawn is one municipality of a round whose number of eligible cases is known.
type Drawn struct {
	barometer.Share
	Sampled  int // cases drawn, assessed or not
	Eligible int // cases they were drawn from
}

// TwoStageEstimate of the country's proportion, over all eligible cases.
type TwoStageEstimate struct {
	Proportion   float64
	SE           *float64 // nil where a stage was drawn once only, so that how it varies is not known
	SumOfWeights float64  // the cases that the sample stands for
}

// TwoStage estimates the country's proportion from municipalities drawn from inCountry and cases drawn from the eligible
// ones of each, with the finite population correction of both stages (Cochran 1977, ch. 10-11). With all municipalities
// drawn only the draw of cases is left. It is false where nothing was assessed and where the numbers cannot be: more
// sampled than eligible, more assessed than sampled, or more municipalities than the country has.
func TwoStage(drawn []Drawn, inCountry int) (TwoStageEstimate, bool) {
	if len(drawn) > inCountry {
		return TwoStageEstimate{}, false
	}
	k := float64(len(drawn))
	share := k / float64(inCountry)
	var e TwoStageEstimate
	met, assessed, cases := make([]float64, len(drawn)), make([]float64, len(drawn)), make([]float64, len(drawn))
	for h, d := range drawn {
		if d.Met < 0 || d.Met > d.Assessed || d.Assessed > d.Sampled || d.Sampled > d.Eligible {
			return TwoStageEstimate{}, false
		}
		cases[h] = d.weight(share) * float64(d.Sampled)
		met[h], assessed[h] = d.weight(share)*float64(d.Met), d.weight(share)*float64(d.Assessed)
	}
	all := total(assessed)
	if all == 0 {
		return TwoStageEstimate{}, false
	}
	e.Proportion, e.SumOfWeights = min(1, total(met)/all), total(cases)
	between, known1 := betweenMunicipalities(drawn, e.Proportion, share, all)
	within, known2 := withinMunicipalities(drawn, e.Proportion, share, all)
	if known1 && known2 {
		se := standardError((1-share)*between + share*within)
		e.SE = &se
	}
	return e, true
}

// weight is the number of cases of the country that one sampled case stands for; share is that of the municipalities
// drawn.
func (d Drawn) weight(share float64) float64 {
	if d.Sampled == 0 {
		return 0
	}
	return float64(d.Eligible) / float64(d.Sampled) / share
}

// betweenMunicipalities gives the variance of the linearised totals; false where one municipality out of several was
// drawn.
func betweenMunicipalities(drawn []Drawn, p, share, all float64) (variance float64, known bool) {
	if share == 1 {
		return 0, true
	}
	k := float64(len(drawn))
	if k < 2 {
		return 0, false
	}
	squares := make([]float64, len(drawn))
	for h, d := range drawn { // the totals add up to 0
		e := d.weight(share) * (float64(d.Met) - p*float64(d.Assessed)) / all
		squares[h] = e * e
	}
	return k / (k - 1) * total(squares), true
}

// withinMunicipalities gives the variance of drawing cases; false where one case out of several was drawn.
func withinMunicipalities(drawn []Drawn, p, share, all float64) (variance float64, known bool) {
	terms := make([]float64, len(drawn))
	for h, d := range drawn {
		if d.Sampled == d.Eligible {
			continue
		}
		if d.Sampled < 2 {
			return 0, false
		}
		n, w := float64(d.Sampled), d.weight(share)/all
		met, notMet := float64(d.Met), float64(d.Assessed-d.Met)
		mean := (met*(1-p) - notMet*p) / n // cases not assessed add 0
		squares := met*(1-p-mean)*(1-p-mean) + notMet*(p+mean)*(p+mean) + (n-met-notMet)*mean*mean
		terms[h] = (1 - n/float64(d.Eligible)) * n / (n - 1) * w * w * squares
	}
	return total(terms), true
}
