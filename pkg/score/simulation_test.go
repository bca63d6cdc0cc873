package score_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

var update = flag.Bool("update", false, "write the table of coverage in docs/method.md anew")

// experiment draws rounds with a known truth, and tells whether the interval of the service holds it, and whether one does
// that takes all outcomes as independent. The shares that may hold it are given for both; a naive one of no interest has
// none.
type experiment struct {
	figure, rounds, truth string
	own, naive            span
	draw                  func(r *rand.Rand) (own, naive bool)
}

type span struct{ lowest, highest float64 }

// The bounds. Rounds of 14 to 16 cases have few possible percentages, so that the coverage of a single true percentage
// lies on either side of 95 % (Brown, Cai, DasGupta 2001), and for differences near 100 % above it. The country's figure
// has no such excuse; and there, taking cases as independent is to be seen to fail.
var (
	municipal        = span{0.92, 0.98}
	municipalChange  = span{0.93, 0.99}
	national         = span{0.93, 0.97}
	naiveNotAlike    = span{0.70, 0.85}
	naiveIndependent = span{0.93, 0.97}
	naiveTheme       = span{0.80, 0.97}
)

// covers tells whether an interval holds a value.
func covers(in *barometer.Interval, value float64) bool {
	return in != nil && in.Lower <= value && value <= in.Upper
}

// drawn is a count of independent cases.
func drawn(r *rand.Rand, n int, p float64) barometer.Share {
	s := barometer.Share{Assessed: n}
	for range n {
		if r.Float64() < p {
			s.Met++
		}
	}
	return s
}

// between draws a whole number, both ends among them.
func between(r *rand.Rand, least, most int) int { return least + r.IntN(most-least+1) }

// urn gives outcomes of one municipality: met with probability p, any two of them correlated by rho (Pólya's urn, which
// is the beta-binomial distribution).
type urn struct{ p, rho, met, all float64 }

func (u *urn) share(r *rand.Rand, n int) barometer.Share {
	s := barometer.Share{Assessed: n}
	for range n {
		if r.Float64()*(1-u.rho+u.rho*u.all) < (1-u.rho)*u.p+u.rho*u.met {
			u.met++
			s.Met++
		}
		u.all++
	}
	return s
}

func cluster(s barometer.Share) score.Cluster {
	return score.Cluster{Met: []int{s.Met}, Assessed: []int{s.Assessed}, Count: 1}
}

func experiments() []experiment {
	var all []experiment
	for _, p := range []float64{0.1, 0.3, 0.5, 0.7, 0.9} {
		all = append(all, municipality(p))
	}
	for _, p := range [][2]float64{{0.5, 0.5}, {0.7, 0.3}, {0.9, 0.6}, {0.9, 0.9}} {
		all = append(all, change(p[0], p[1]))
	}
	for _, alike := range []float64{0, 0.3, 0.6} {
		all = append(all, themePooled(alike), themeMean(alike))
	}
	for _, rho := range []float64{0, 0.05, 0.10} {
		for _, p := range []float64{0.34, 0.69, 0.92} {
			all = append(all, country(p, rho))
		}
		all = append(all, countryEqual(0.69, rho))
	}
	for _, shared := range []float64{0, 0.5, 1} {
		all = append(all, countryChange(0.69, 0.10, shared))
	}
	return all
}

func municipality(p float64) experiment {
	return experiment{
		"municipality, a requirement", "14 to 16 cases", percent(p), municipal,
		span{},
		func(r *rand.Rand) (own, naive bool) {
			return covers(score.Wilson(drawn(r, between(r, 14, 16), p), score.Confidence), p), false
		},
	}
}

func change(now, before float64) experiment {
	return experiment{
		"municipality, change of a requirement", "14 to 16 cases each", percent(now) + " after " + percent(before), municipalChange,
		span{},
		func(r *rand.Rand) (own, naive bool) {
			_, in := newcombe(drawn(r, between(r, 14, 16), now), drawn(r, between(r, 14, 16), before), score.Confidence)
			return covers(in, now-before), false
		},
	}
}

// The four requirements of a theme: how often each is met, and how often it applies.
var meets, applies = []float64{0.9, 0.7, 0.6, 0.5}, []float64{1, 0.8, 0.6, 0.6}

func themePooled(alike float64) experiment {
	met, assessed := 0.0, 0.0
	for q, p := range meets {
		met, assessed = met+p*applies[q], assessed+applies[q]
	}
	truth := met / assessed
	return experiment{
		"municipality, theme, pooled", themeRounds(alike), percent(truth), municipal, naiveTheme,
		func(r *rand.Rand) (own, naive bool) {
			sample := themeCases(r, alike)
			e, _ := score.Pooled(sample, score.Confidence)
			return covers(e.Interval, truth), covers(score.Wilson(shareOf(sample), score.Confidence), truth)
		},
	}
}

func themeMean(alike float64) experiment {
	truth := 0.0
	for _, p := range meets {
		truth += p / float64(len(meets))
	}
	return experiment{
		"municipality, theme, mean of requirements", themeRounds(alike), percent(truth), municipal,
		span{},
		func(r *rand.Rand) (own, naive bool) {
			e, _ := score.MeanOfRequirements(themeCases(r, alike), score.Confidence)
			return covers(e.Interval, truth), false
		},
	}
}

func themeRounds(alike float64) string {
	return "14 to 16 cases of up to 4 outcomes, which go together in " + percent(alike) + " of the cases"
}

// themeCases draws the cases of a theme. In a share of them one draw of luck decides all outcomes; in the others each has
// its own.
func themeCases(r *rand.Rand, alike float64) []score.Cluster {
	sample := make([]score.Cluster, between(r, 14, 16))
	for i := range sample {
		sample[i] = themeCase(r, alike)
	}
	return sample
}

func themeCase(r *rand.Rand, alike float64) score.Cluster {
	c := score.Cluster{Met: make([]int, len(meets)), Assessed: make([]int, len(meets)), Count: 1}
	luck, same := r.Float64(), r.Float64() < alike
	for q := range meets {
		if !same {
			luck = r.Float64()
		}
		if r.Float64() >= applies[q] {
			continue
		}
		c.Assessed[q] = 1
		if luck < meets[q] {
			c.Met[q] = 1
		}
	}
	return c
}

func shareOf(clusters []score.Cluster) barometer.Share {
	var s barometer.Share
	for _, c := range clusters {
		for q := range c.Met {
			s.Met += c.Met[q]
			s.Assessed += c.Assessed[q]
		}
	}
	return s
}

// cases draws how many cases a municipality has: 14 to 34, of which the low numbers are the more usual, so that a round has
// about 720 of them, as the real ones have 700 to 750.
func cases(r *rand.Rand) int { return min(between(r, 14, 34), between(r, 14, 34)) }

// countryRound draws the participants of a round.
func countryRound(r *rand.Rand, p, rho float64) []score.Cluster {
	round := make([]score.Cluster, between(r, 33, 37))
	for h := range round {
		municipality := urn{p: p, rho: rho}
		round[h] = cluster(municipality.share(r, cases(r)))
	}
	return round
}

func countryRounds(rho float64) string {
	return fmt.Sprintf("33 to 37 municipalities of 14 to 34 cases, correlation within a municipality %.2f", rho)
}

func country(p, rho float64) experiment {
	naive := naiveNotAlike
	if rho == 0 {
		naive = naiveIndependent
	}
	return experiment{
		"country, a requirement", countryRounds(rho), percent(p), national, naive,
		func(r *rand.Rand) (own, naive bool) {
			round := countryRound(r, p, rho)
			e, _ := score.Pooled(round, score.Confidence)
			return covers(e.Interval, p), covers(score.Wilson(shareOf(round), score.Confidence), p)
		},
	}
}

func countryEqual(p, rho float64) experiment {
	return experiment{
		"country, a requirement, municipalities alike", countryRounds(rho), percent(p), national,
		span{},
		func(r *rand.Rand) (own, naive bool) {
			e, _ := score.PooledEqual(countryRound(r, p, rho), score.Confidence)
			return covers(e.Interval, p), false
		},
	}
}

// countryChange of a figure that has not changed, where a share of the municipalities is in both rounds.
func countryChange(p, rho, shared float64) experiment {
	const k = 35
	return experiment{
		"country, change of a requirement",
		fmt.Sprintf("35 municipalities of 14 to 34 cases each, %s of them the same, correlation %.2f", percent(shared), rho),
		percent(p) + " after " + percent(p), national,
		span{},
		func(r *rand.Rand) (own, naive bool) {
			now, before := make([]score.Cluster, k), make([]score.Cluster, k)
			nowIDs, beforeIDs := make([]string, k), make([]string, k)
			for h := range k {
				municipality := urn{p: p, rho: rho}
				now[h] = cluster(municipality.share(r, cases(r)))
				nowIDs[h], beforeIDs[h] = fmt.Sprint(h), fmt.Sprint(h)
				if float64(h) >= shared*k {
					municipality, beforeIDs[h] = urn{p: p, rho: rho}, fmt.Sprint(k+h)
				}
				before[h] = cluster(municipality.share(r, cases(r)))
			}
			eNow, _ := score.Pooled(now, score.Confidence)
			eBefore, _ := score.Pooled(before, score.Confidence)
			return covers(score.Difference(eNow, eBefore, nowIDs, beforeIDs, score.Confidence).Interval, 0), false
		},
	}
}

func percent(p float64) string { return fmt.Sprintf("%.0f %%", 100*p) }

// TestSimulation draws rounds whose truth is known and counts how many of the 95 % intervals hold it. Each experiment has
// random numbers of its own, so the result is the same on any machine.
func TestSimulation(t *testing.T) {
	rounds, slack := 4_000, 0.0
	if testing.Short() {
		rounds, slack = 400, 0.06 // chance decides more
	}
	all := experiments()
	rows := make([]string, len(all))
	t.Run("experiments", func(t *testing.T) {
		for i, e := range all {
			t.Run(strings.ReplaceAll(e.figure+"/"+e.rounds+"/"+e.truth, " ", "_"), func(t *testing.T) {
				t.Parallel()
				rows[i] = e.run(t, rounds, uint64(i), slack)
			})
		}
	})
	if testing.Short() || t.Failed() {
		return
	}
	head := fmt.Sprintf("| figure | drawn %d times | truth | 95 %% intervals that hold it | had all outcomes been taken as independent |\n"+
		"|---|---|---|---|---|\n", rounds)
	holdTable(t, head+strings.Join(rows, ""))
}

// run gives the row of the table.
func (e experiment) run(t *testing.T, rounds int, seed uint64, slack float64) string {
	r := rand.New(rand.NewPCG(2026, seed))
	own, naive := 0, 0
	for range rounds {
		first, second := e.draw(r)
		if first {
			own++
		}
		if second {
			naive++
		}
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n", e.figure, e.rounds, e.truth,
		e.own.hold(t, own, rounds, slack), e.naive.hold(t, naive, rounds, slack))
}

// hold shows a share of intervals, and fails where it is not as expected.
func (s span) hold(t *testing.T, held, rounds int, slack float64) string {
	t.Helper()
	if s == (span{}) {
		return "–"
	}
	share := float64(held) / float64(rounds)
	if share < s.lowest-slack || share > s.highest+slack {
		t.Errorf("%.1f %% of the intervals hold the truth; want %.0f to %.0f %%", 100*share, 100*s.lowest, 100*s.highest)
	}
	return fmt.Sprintf("%.1f %%", 100*share)
}

// holdTable compares the table of the document with what was computed, or writes it.
func holdTable(t *testing.T, table string) {
	t.Helper()
	const file, begin, end = "../../docs/method.md", "<!-- coverage: begin -->\n", "<!-- coverage: end -->"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(data), begin)
	written, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no %sor no %s", file, begin, end)
	}
	if written == table {
		return
	}
	if !*update {
		t.Fatalf("the table of coverage in %s is not what is computed (go test ./pkg/score -run Simulation -update):\n%s", file, table)
	}
	if err := os.WriteFile(file, []byte(before+begin+table+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
