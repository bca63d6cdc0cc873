package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// The numbers of the method note.
func TestMethodParameters(t *testing.T) {
	t.Parallel()
	got := report.Method(barometer.Danish).Parameters
	if got.CaseMix == "" {
		t.Error("the rule of case mix has no text")
	}
	got.CaseMix = ""
	want := barometer.MethodParameters{
		Confidence: 0.95, Z: 1.959963984540054, FalseDiscoveryRate: 0.05,
		Reliability:     barometer.ReliabilityThresholds{VeryLowBelow: 10, LowBelow: 30, LowFromWidth: 0.30, HighToWidth: 0.10},
		Funnel:          barometer.FunnelTails{Outside95: 0.025, Outside998: 0.001},
		WinsorisedShare: 0.10, SmallCell: 5, SmallDenominator: 10,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The thresholds that are told are those that figures are classified by.
func TestMethodTellsTheThresholdsInUse(t *testing.T) {
	t.Parallel()
	told := report.Method(barometer.Danish).Parameters.Reliability
	wide := func(width float64) *barometer.Interval { return &barometer.Interval{Lower: 0, Upper: width} }
	for _, test := range []struct {
		outcomes float64
		width    float64
		want     barometer.Reliability
	}{
		{float64(told.VeryLowBelow) - 0.5, told.HighToWidth, barometer.ReliabilityVeryLow},
		{float64(told.VeryLowBelow), told.HighToWidth, barometer.ReliabilityLow},
		{float64(told.LowBelow) - 0.5, told.HighToWidth, barometer.ReliabilityLow},
		{float64(told.LowBelow), told.LowFromWidth, barometer.ReliabilityLow},
		{float64(told.LowBelow), told.LowFromWidth - 0.001, barometer.ReliabilityModerate},
		{float64(told.LowBelow), told.HighToWidth + 0.001, barometer.ReliabilityModerate},
		{float64(told.LowBelow), told.HighToWidth, barometer.ReliabilityHigh},
	} {
		if got := score.Reliability(test.outcomes, wide(test.width)); got != test.want {
			t.Errorf("%v outcomes, width %v: %s, want %s", test.outcomes, test.width, got, test.want)
		}
	}
	// One met of one assessed: the upper tail is the target itself.
	one, tails := barometer.Share{Met: 1, Assessed: 1}, report.Method(barometer.Danish).Parameters.Funnel
	for target, want := range map[float64]barometer.Position{
		tails.Outside998: barometer.Above998, tails.Outside998 * 1.01: barometer.Above95, tails.Outside95: barometer.Above95, tails.Outside95 * 1.01: barometer.Within,
	} {
		if place, _ := score.Funnel(one, target); place.Position != want {
			t.Errorf("tail %v: %s, want %s", target, place.Position, want)
		}
	}
}

// Verdicts stand in the order of the method note, and are those of the code list.
func TestMethodVerdicts(t *testing.T) {
	t.Parallel()
	var got []barometer.Verdict
	for _, v := range report.Method(barometer.English).Verdicts {
		got = append(got, v.Verdict)
	}
	want := []barometer.Verdict{
		barometer.NoBasis, barometer.CountsUnknown, barometer.TooFewCases, barometer.Demonstrated, barometer.Indicated, barometer.NotDemonstrated,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Every text is there in both languages, every reference named is listed, and every listed one is named.
func TestMethodIsComplete(t *testing.T) {
	t.Parallel()
	da, en := report.Method(barometer.Danish), report.Method(barometer.English)
	if da.Version != report.MethodVersion || len(da.Versions) != da.Version {
		t.Errorf("version %d, %d described", da.Version, len(da.Versions))
	}
	var danish, english []string
	for _, d := range []struct {
		method barometer.MethodDescription
		texts  *[]string
	}{{da, &danish}, {en, &english}} {
		for _, m := range d.method.Methods {
			*d.texts = append(*d.texts, m.Name, m.UsedFor, m.Unit, m.Formula)
		}
		for _, v := range d.method.Verdicts {
			*d.texts = append(*d.texts, v.Condition, v.MaySay)
		}
		for _, v := range d.method.Versions {
			*d.texts = append(*d.texts, v.Changes)
		}
	}
	for i := range danish {
		isFormula := strings.ContainsAny(danish[i], "=²√") || danish[i] == "Benjamini-Hochberg"
		if danish[i] == "" || english[i] == "" || danish[i] == english[i] && !isFormula {
			t.Errorf("%q and %q", danish[i], english[i])
		}
	}
	var codes, named, listed []string
	for _, m := range da.Methods {
		codes, named = append(codes, m.Code), append(named, m.References...)
	}
	for _, r := range da.References {
		listed = append(listed, r.ID)
		if name, year, _ := strings.Cut(r.ID, "-"); !strings.HasPrefix(strings.ToLower(r.Citation), name) || !strings.Contains(r.Citation, "("+year[:4]+")") {
			t.Errorf("%s: %s", r.ID, r.Citation)
		}
	}
	slices.Sort(named)
	if diff := cmp.Diff(listed, slices.Compact(named)); diff != "" {
		t.Errorf("listed (-) and named (+) references:\n%s", diff)
	}
	slices.Sort(codes)
	if len(slices.Compact(slices.Clone(codes))) != len(codes) {
		t.Errorf("codes stand twice: %v", codes)
	}
}
