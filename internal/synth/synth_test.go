package synth_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/synth"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// catalogueOnce is read by all tests and changed by none.
var catalogueOnce = sync.OnceValues(catalogue.Load)

// fatal is what tests, benchmarks and properties have in common.
type fatal interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func cat(t fatal) *catalogue.Catalogue {
	t.Helper()
	c, err := catalogueOnce()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var askedOnce = sync.OnceValue(func() []barometer.Requirement {
	c, _ := catalogueOnce()
	return c.SyntheticRequirements()
})

// asked lists the requirements of a synthetic round.
func asked(t fatal) []barometer.Requirement {
	t.Helper()
	cat(t)
	return askedOnce()
}

func file(t fatal, o synth.Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := synth.Write(&out, cat(t), o, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// row is a line of the file.
type row struct {
	round, municipality, reference, caseType, requirement, notification, origin string
	barometer.Assessment
}

const header = "round,municipality,case,case_type,requirement,notification,outcome,reason,origin\n"

func rows(t fatal, content []byte) []row {
	t.Helper()
	body, ok := bytes.CutPrefix(content, []byte(header))
	if !ok || bytes.Contains(body, []byte("\r")) {
		t.Fatalf("not the header, or not the line ends: %.200q", content)
	}
	in := csv.NewReader(bytes.NewReader(body))
	in.ReuseRecord = true
	var all []row
	for {
		r, err := in.Read()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		a := barometer.Assessment{Outcome: barometer.Outcome(r[6]), Reason: barometer.Reason(r[7])}
		all = append(all, row{r[0], r[1], r[2], r[3], r[4], r[5], r[8], a})
	}
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	o := synth.Options{Round: 9001, Municipalities: 37, Cases: 750, Seed: 1}
	first := file(t, o)
	if !bytes.Equal(first, file(t, o)) {
		t.Error("two runs differ")
	}
	for name, other := range map[string]synth.Options{
		"seed":  {Round: 9001, Municipalities: 37, Cases: 750, Seed: 2},
		"round": {Round: 9002, Municipalities: 37, Cases: 750, Seed: 1},
	} {
		changed := bytes.ReplaceAll(file(t, other), []byte("\n9002,"), []byte("\n9001,"))
		if bytes.Equal(first, changed) {
			t.Errorf("another %s gives the same round", name)
		}
	}
}

// The file of a seed is the same on every machine and in every version; a change of this sum is a new generator.
func TestAKnownSeedGivesAKnownFile(t *testing.T) {
	t.Parallel()
	const want = "5a2b75a995f203ec887c602565d0ad4719936fcfe42b4120f201d0240da764b0"
	sum := sha256.Sum256(file(t, synth.Options{Round: 9000, Municipalities: 98, Cases: 2000, Missing: 5, Seed: 20260101}))
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("SHA-256 is %s, was %s", got, want)
	}
}

func TestMunicipalitiesHaveAboutTheMeanOfCases(t *testing.T) {
	t.Parallel()
	cases := map[string]map[string]bool{}
	for _, r := range rows(t, file(t, synth.Options{Round: 9001, Municipalities: 37, Cases: 750, Seed: 1})) {
		if cases[r.municipality] == nil {
			cases[r.municipality] = map[string]bool{}
		}
		cases[r.municipality][r.reference] = true
	}
	sizes := map[int]bool{}
	for code, of := range cases {
		sizes[len(of)] = true
		if len(of) < 13 || len(of) > 35 {
			t.Errorf("%s has %d cases", code, len(of))
		}
	}
	if len(sizes) < 5 {
		t.Errorf("only %d different numbers of cases", len(sizes))
	}
}

func TestValidateListsEveryProblem(t *testing.T) {
	t.Parallel()
	all := []string{"round", "municipalities", "cases"}
	for _, test := range []struct {
		name    string
		options synth.Options
		want    []string
	}{
		{"least", synth.Options{Round: 9000, Municipalities: 1, Cases: 1}, nil},
		{"most", synth.Options{Round: 9999, Municipalities: 98, Cases: 10_000_000, Seed: 1<<64 - 1}, nil},
		{"nothing given", synth.Options{}, all},
		{"too low", synth.Options{Round: 8999, Municipalities: -1, Cases: -1}, all},
		{"too high", synth.Options{Round: 10_000, Municipalities: 99, Cases: 10_000_001}, all},
		{"a real round", synth.Options{Round: 2023, Municipalities: 37, Cases: 750}, []string{"round"}},
		{"fewer cases than municipalities", synth.Options{Round: 9000, Municipalities: 37, Cases: 36}, []string{"cases"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			err := test.options.Validate()
			if e := new(barometer.Error); errors.As(err, &e) {
				for _, f := range e.Fields {
					if f.Code == "" || f.Detail == "" {
						t.Errorf("%+v says too little", f)
					}
					got = append(got, f.Parameter)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if (err == nil) != (test.want == nil) || err != nil && barometer.KindOf(err) != barometer.Invalid {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestWriteRefusesWrongOptionsBeforeItWrites(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := synth.Write(&out, cat(t), synth.Options{Round: 2023, Municipalities: 1, Cases: 1}, nil)
	if barometer.KindOf(err) != barometer.Invalid || out.Len() > 0 {
		t.Errorf("%v after %d bytes", err, out.Len())
	}
}

func TestWriteSaysHowFarItIs(t *testing.T) {
	t.Parallel()
	var got []int
	err := synth.Write(io.Discard, cat(t), synth.Options{Round: 9000, Municipalities: 3, Cases: 2500},
		func(done int) { got = append(got, done) })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{1000, 2000, 2500}, got); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

func TestWriteGivesTheWritersError(t *testing.T) {
	t.Parallel()
	for _, room := range []int{0, 100_000} {
		done := 0
		err := synth.Write(&fullDisk{room}, cat(t), synth.Options{Round: 9000, Municipalities: 37, Cases: 20_000},
			func(n int) { done = n })
		if !errors.Is(err, errFull) || done > 2000 {
			t.Errorf("room for %d bytes: %v after %d cases", room, err, done)
		}
	}
}

var errFull = errors.New("disk full")

type fullDisk struct{ room int }

func (f *fullDisk) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// 75,000 cases are a hundred times a real round.
func BenchmarkWrite(b *testing.B) {
	o := synth.Options{Round: 9000, Municipalities: 98, Cases: 75_000, Seed: 1}
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := synth.Write(&out, cat(b), o, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(bytes.Count(out.Bytes(), []byte("\n"))), "rows")
}

// A municipality takes part every third year.
func TestTheSameMunicipalitiesTakePartEveryThirdYear(t *testing.T) {
	t.Parallel()
	panel := func(year barometer.Year) map[string]bool {
		found := map[string]bool{}
		for _, r := range rows(t, file(t, synth.Options{Round: year, Municipalities: 37, Cases: 750, Seed: 7})) {
			found[r.municipality] = true
		}
		return found
	}
	first := panel(9023)
	if diff := cmp.Diff(first, panel(9026)); diff != "" {
		t.Errorf("three years later others take part:\n%s", diff)
	}
	if cmp.Equal(first, panel(9024)) {
		t.Error("the year after the same take part")
	}
}
