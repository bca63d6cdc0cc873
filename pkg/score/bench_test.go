package score_test

import (
	"fmt"
	"testing"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

func BenchmarkWilson(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		score.Wilson(barometer.Share{Met: 11, Assessed: 16}, score.Confidence)
	}
}

func BenchmarkFisher(b *testing.B) {
	for _, n := range []int{15, 1500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				score.Fisher(barometer.Share{Met: 2 * n / 3, Assessed: n}, barometer.Share{Met: n / 2, Assessed: n})
			}
		})
	}
}

func BenchmarkSmallestAttainableP(b *testing.B) {
	for b.Loop() {
		score.SmallestAttainableP(15, 15)
	}
}

// A family of the country's round: 13 requirements.
func BenchmarkBenjaminiHochberg(b *testing.B) {
	b.ReportAllocs()
	family := make([]*float64, 13)
	for i := range family {
		p := float64(i*7%13) / 13
		family[i] = &p
	}
	for b.Loop() {
		score.BenjaminiHochberg(family)
	}
}

// municipalities gives as many clusters of one requirement, or of several.
func municipalities(count, requirements int) []score.Cluster {
	clusters := make([]score.Cluster, count)
	for i := range clusters {
		clusters[i].Count = 1
		for r := range requirements {
			n := 14 + (5*i+r)%21
			clusters[i].Assessed = append(clusters[i].Assessed, n)
			clusters[i].Met = append(clusters[i].Met, (i*r+3*i+7)%(n+1))
		}
	}
	return clusters
}

// The country: 37 municipalities.
func BenchmarkEstimates(b *testing.B) {
	for name, estimate := range estimators {
		clusters := municipalities(37, 4)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				estimate(clusters, score.Confidence)
			}
		})
	}
}

func BenchmarkDifference(b *testing.B) {
	now, _ := score.Pooled(municipalities(37, 1), score.Confidence)
	before, _ := score.Pooled(municipalities(33, 1), score.Confidence)
	ids := make([]string, 60)
	for i := range ids {
		ids[i] = fmt.Sprintf("%04d", i)
	}
	b.ReportAllocs()
	for b.Loop() {
		score.Difference(now, before, ids[:37], ids[20:53], score.Confidence)
	}
}

// A municipality whose 13 requirements are all known as printed percents of 16 cases, in both rounds: the most counts
// there can be, all of 0 % or 100 %.
func BenchmarkStrongest(b *testing.B) {
	family := make([]score.Sides, 13)
	for i := range family {
		family[i] = score.Sides{Now: score.Candidates(100, 16), Before: score.Candidates(100*(i%2), 16)}
	}
	b.ReportAllocs()
	for b.Loop() {
		score.Strongest(family)
	}
}

func BenchmarkFunnel(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		score.Funnel(barometer.Share{Met: 11, Assessed: 16}, 0.69)
		score.FunnelLimits(16, 0.69)
	}
}

func BenchmarkShrink(b *testing.B) {
	units := make([]barometer.Share, 37)
	for i, c := range municipalities(37, 1) {
		units[i] = barometer.Share{Met: c.Met[0], Assessed: c.Assessed[0]}
	}
	b.ReportAllocs()
	for b.Loop() {
		score.Shrink(units, score.Confidence)
	}
}
