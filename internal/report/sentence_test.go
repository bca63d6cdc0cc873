package report

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// told is a dataset that knows one judgement, in both languages.
func told(t *testing.T) dataset {
	t.Helper()
	cat, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	return newDataset(cat, nil, []barometer.Judgement{{NoteDa: "Fristen tælles anderledes.", NoteEn: "The deadline is counted in another way."}})
}

// changed is a result as the interface gives it: the members that its change has in the test.
func changed(t *testing.T, text string) barometer.Result {
	t.Helper()
	var r barometer.Result
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return r
}

const (
	plain     = `"comparability": {"judgement": "not_judged", "reasons": []}`
	caveat    = `"comparability": {"judgement": "with_caveat", "reasons": ["practice_changed"], "note": "Fristen tælles anderledes."}`
	overBreak = `"break_allowed": true, "comparability": {"judgement": "not_comparable", "reasons": ["practice_changed"], "note": "Fristen tælles anderledes."}`
)

// spoken is a change with its sentence in both languages, where the rounds compare without more ado.
type spoken struct {
	change string // its members, as JSON
	da, en string
}

// The figures are those of the method note: 4 of 14 in 2020, 11 of 16 in 2023, +40 points, +4 to +65.
const risen = `"difference": 0.4017857142857143, "percentage_points": 40, "basis": "counts", "interval": {"lower_percent": 4, "upper_percent": 65}`

const printed = `"difference": 0.4, "percentage_points": 40, "basis": "printed_percent"`

var spokenVerdicts = map[string]spoken{
	"demonstrated": {
		risen + `, "verdict": "demonstrated"`,
		"Stigningen er påvist: andelen var 29 % i 2020 og 69 % i 2023 (+40 procentpoint; 95 %-interval +4 til +65).",
		"The rise is demonstrated: the percentage was 29 % in 2020 and 69 % in 2023 (+40 percentage points; 95 % interval +4 to +65).",
	},
	"indicated": {
		risen + `, "verdict": "indicated"`,
		"Tegn på en stigning, som kan skyldes tilfældigheder: andelen var 29 % i 2020 og 69 % i 2023 (+40 procentpoint; 95 %-interval +4 til +65).",
		"Signs of a rise, which may be chance: the percentage was 29 % in 2020 and 69 % in 2023 (+40 percentage points; 95 % interval +4 to +65).",
	},
	"not demonstrated": {
		`"difference": 0.4, "percentage_points": 40, "basis": "counts", "interval": {"lower_percent": -3, "upper_percent": 65}, "verdict": "not_demonstrated"`,
		"Ingen ændring er påvist; det betyder ikke uændret: andelen var 29 % i 2020 og 69 % i 2023 (+40 procentpoint; 95 %-interval -3 til +65).",
		"No change is demonstrated; that does not mean unchanged: the percentage was 29 % in 2020 and 69 % in 2023 (+40 percentage points; 95 % interval -3 to +65).",
	},
	"too few cases": {
		`"difference": 0.4, "percentage_points": 40, "basis": "counts", "interval": {"lower_percent": 0, "upper_percent": 100}, "verdict": "too_few_cases"`,
		"For få sager til at vise nogen ændring: andelen var 29 % i 2020 og 69 % i 2023 (+40 procentpoint; 95 %-interval 0 til +100).",
		"Too few cases to show any change: the percentage was 29 % in 2020 and 69 % in 2023 (+40 percentage points; 95 % interval 0 to +100).",
	},
	"counts unknown": {
		printed + `, "verdict": "counts_unknown"`,
		"Antallene kendes ikke, så hvor sikker forskellen er, kan ikke siges: andelen var 29 % i 2020 og 69 % i 2023 (+40 procentpoint).",
		"The counts are not known, so how certain the difference is cannot be said: the percentage was 29 % in 2020 and 69 % in 2023 (+40 percentage points).",
	},
	"at most demonstrated": {
		printed + `, "verdict": "counts_unknown", "strongest_verdict": "demonstrated"`,
		"Antallene kendes ikke; højst er en stigning påvist: andelen var 29 % i 2020 og 69 % i 2023 (+40 procentpoint).",
		"The counts are not known; at most a rise is demonstrated: the percentage was 29 % in 2020 and 69 % in 2023 (+40 percentage points).",
	},
	"at most indicated": {
		printed + `, "verdict": "counts_unknown", "strongest_verdict": "indicated"`,
		"Antallene kendes ikke; højst er der tegn på en stigning, som kan skyldes tilfældigheder: andelen var 29 % i 2020 og 69 % i 2023 (+40 procentpoint).",
		"The counts are not known; at most there are signs of a rise, which may be chance: the percentage was 29 % in 2020 and 69 % in 2023 (+40 percentage points).",
	},
	"at most not demonstrated": {
		printed + `, "verdict": "counts_unknown", "strongest_verdict": "not_demonstrated"`,
		"Antallene kendes ikke; intet muligt antal giver tegn på en ændring, hvilket ikke betyder uændret: andelen var 29 % i 2020 og 69 % i 2023 (+40 procentpoint).",
		"The counts are not known; no possible counts show signs of a change, which does not mean unchanged: the percentage was 29 % in 2020 and 69 % in 2023 (+40 percentage points).",
	},
	"at most too few cases": {
		printed + `, "verdict": "counts_unknown", "strongest_verdict": "too_few_cases"`,
		"Antallene kendes ikke, men sagerne er under alle omstændigheder for få til at vise nogen ændring: andelen var 29 % i 2020 og 69 % i 2023 (+40 procentpoint).",
		"The counts are not known, but the cases are in any event too few to show any change: the percentage was 29 % in 2020 and 69 % in 2023 (+40 percentage points).",
	},
	"spread unknown": {
		`"difference": 0.4, "percentage_points": 40, "basis": "counts", "verdict": "counts_unknown"`,
		"Hvordan udfaldene fordeler sig på sager, vides ikke, så hvor sikker forskellen er, kan ikke siges: andelen var 29 % i 2020 og 69 % i 2023 (+40 procentpoint).",
		"How the outcomes are spread over cases is not known, so how certain the difference is cannot be said: the percentage was 29 % in 2020 and 69 % in 2023 (+40 percentage points).",
	},
}

// TestSentenceOfEveryVerdict: what may be said by each verdict, alone, with a caveat, and across a break.
func TestSentenceOfEveryVerdict(t *testing.T) {
	t.Parallel()
	d := told(t)
	for name, test := range spokenVerdicts {
		for comparability, around := range map[string]struct{ beforeDa, beforeEn string }{
			plain:  {},
			caveat: {beforeDa: "Med forbehold: Fristen tælles anderledes. ", beforeEn: "With a caveat: The deadline is counted in another way. "},
			overBreak: {
				beforeDa: "Sammenlignet efter ønske, selv om tallene er vurderet som ikke sammenlignelige. Fristen tælles anderledes. ",
				beforeEn: "Compared on request, although the figures were judged not comparable. The deadline is counted in another way. ",
			},
		} {
			r := changed(t, `{"round": 2023, "area_type": "municipality", "status": "measured", "percent": 69, "baseline": {"round": 2020, "status": "measured", "percent": 29}, "change": {`+
				test.change+", "+comparability+"}}")
			if got := d.sentence(r, barometer.Danish); got != around.beforeDa+test.da {
				t.Errorf("%s: %s", name, got)
			}
			if got := d.sentence(r, barometer.English); got != around.beforeEn+test.en {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}

// spokenElse are whole results whose sentence differs in something else than the verdict.
var spokenElse = map[string]spoken{
	"no earlier round": {`{"round": 2023, "percent": 69}`, "", ""},
	"no figure before": {
		`{"round": 2023, "status": "measured", "percent": 17, "baseline": {"round": 2020, "status": "no_figure"}, "change": {"verdict": "no_basis", ` + caveat + `}}`,
		"2020 og 2023 kan ikke sammenlignes (2020: intet tal).",
		"2020 and 2023 cannot be compared (2020: no figure).",
	},
	"no figure on either side": {
		`{"round": 9029, "status": "none_assessed", "baseline": {"round": 9026, "status": "not_asked"}, "change": {"verdict": "no_basis", ` + plain + `}}`,
		"9026 og 9029 kan ikke sammenlignes (9026: ikke spurgt; 9029: ingen vurderet).",
		"9026 and 9029 cannot be compared (9026: not asked; 9029: none assessed).",
	},
	"not comparable": {
		`{"round": 2024, "status": "percent_only", "percent": 75, "baseline": {"round": 2021, "status": "percent_only", "percent": 60}, "change": {"comparability":
		 {"judgement": "not_comparable", "reasons": ["declared_by_publisher"], "note": "Fristen tælles anderledes."}}}`,
		"2021 og 2024 kan ikke sammenlignes. Fristen tælles anderledes.",
		"2021 and 2024 cannot be compared. The deadline is counted in another way.",
	},
	"not comparable, without a note": {
		`{"round": 2024, "status": "measured", "percent": 75, "baseline": {"round": 2021, "status": "measured", "percent": 60}, "change": {"comparability":
		 {"judgement": "not_comparable", "reasons": ["practice_changed", "question_reworded"], "note": ""}}}`,
		"2021 og 2024 kan ikke sammenlignes. Målepraksis ændret, Spørgsmålet er ændret.",
		"2021 and 2024 cannot be compared. Practice changed, Question reworded.",
	},
	"caveat without a note or a reason": {
		`{"round": 2023, "status": "measured", "percent": 29, "baseline": {"round": 2020, "status": "measured", "percent": 69}, "change": {"difference": -0.4,
		 "percentage_points": -40, "basis": "counts", "interval": {"lower_percent": -65, "upper_percent": -4}, "verdict": "indicated", "comparability": {"judgement": "with_caveat", "reasons": []}}}`,
		"Med forbehold: Sammenlignelig med forbehold. Tegn på et fald, som kan skyldes tilfældigheder: andelen var 69 % i 2020 og 29 % i 2023 (-40 procentpoint; 95 %-interval -65 til -4).",
		"With a caveat: Comparable with a caveat. Signs of a fall, which may be chance: the percentage was 69 % in 2020 and 29 % in 2023 (-40 percentage points; 95 % interval -65 to -4).",
	},
	"rounded apart, and other cases": {
		`{"round": 2023, "status": "measured", "percent": 38, "baseline": {"round": 2020, "status": "measured", "percent": 21}, "change": {"difference": 0.1607142857142857,
		 "percentage_points": 16, "basis": "counts", "displayed_differs": true, "verdict": "not_demonstrated", "interval": {"lower_percent": -18, "upper_percent": 50},
		 "case_mix": {"now": {"placements": 7, "cases": 8, "percent": 88}, "before": {"placements": 2, "cases": 14, "percent": 14}, "differs": true}, ` + plain + `}}`,
		"Ingen ændring er påvist; det betyder ikke uændret: andelen var 21 % i 2020 og 38 % i 2023 (+16 procentpoint; 95 %-interval -18 til +50). Forskelle beregnes før afrunding. " +
			"Sagerne er forskelligt sammensat: 14 % anbringelser (2 af 14) i 2020 og 88 % (7 af 8) i 2023.",
		"No change is demonstrated; that does not mean unchanged: the percentage was 21 % in 2020 and 38 % in 2023 (+16 percentage points; 95 % interval -18 to +50). Differences are computed before rounding. " +
			"The mix of cases differs: 14 % placements (2 of 14) in 2020 and 88 % (7 of 8) in 2023.",
	},
	"mean of a theme, all of it": {
		`{"round": 2023, "status": "percent_only", "percent": 67, "method": "mean_of_requirements", "baseline": {"round": 2020, "status": "percent_only", "percent": 0},
		 "change": {"difference": 0.67, "percentage_points": 67, "basis": "printed_percent", "verdict": "counts_unknown", "left_out": [{"reason": "no_figure_in_both"}], ` + plain + `}}`,
		"Antallene kendes ikke, så hvor sikker forskellen er, kan ikke siges: gennemsnittet af temaets lovkrav var 0 % i 2020 og 67 % i 2023 (+67 procentpoint).",
		"The counts are not known, so how certain the difference is cannot be said: the mean of the theme's requirements was 0 % in 2020 and 67 % in 2023 (+67 percentage points).",
	},
	"pooled theme, a part of it": {
		`{"round": 9029, "status": "measured", "percent": 67, "method": "pooled", "baseline": {"round": 9026, "status": "measured", "percent": 70},
		 "change": {"difference": 0.01, "percentage_points": 1, "basis": "counts", "verdict": "not_demonstrated", "interval": {"lower_percent": -9, "upper_percent": 11}, "left_out": [{"reason": "no_figure_before"}], ` + plain + `}}`,
		"Ingen ændring er påvist; det betyder ikke uændret: forskellen i den samlede andel af temaets fælles lovkrav er +1 procentpoint fra 9026 til 9029 (95 %-interval -9 til +11).",
		"No change is demonstrated; that does not mean unchanged: the difference in the pooled percentage of the theme's requirements in common is +1 percentage point from 9026 to 9029 (95 % interval -9 to +11).",
	},
	"pooled theme, the percents of a part of it": {
		`{"round": 9029, "status": "measured", "percent": 67, "method": "pooled", "baseline": {"round": 9026, "status": "measured", "percent": 70},
		 "change": {"difference": 0.01, "percentage_points": 1, "percent_now": 61, "percent_before": 60, "basis": "counts", "verdict": "not_demonstrated", "interval": {"lower_percent": -9, "upper_percent": 11}, "left_out": [{"reason": "no_figure_before"}], ` + plain + `}}`,
		"Ingen ændring er påvist; det betyder ikke uændret: den samlede andel af temaets fælles lovkrav var 60 % i 9026 og 61 % i 9029 (+1 procentpoint; 95 %-interval -9 til +11).",
		"No change is demonstrated; that does not mean unchanged: the pooled percentage of the theme's requirements in common was 60 % in 9026 and 61 % in 9029 (+1 percentage point; 95 % interval -9 to +11).",
	},
	"an interval that hardly leaves 0 out": {
		`{"round": 9029, "status": "measured", "percent": 80, "baseline": {"round": 9026, "status": "measured", "percent": 50}, "change": {"difference": 0.3,
		 "percentage_points": 30, "basis": "counts", "interval": {"lower": 0.004, "lower_percent": 0, "upper": 0.56, "upper_percent": 56}, "verdict": "indicated", ` + plain + `}}`,
		"Tegn på en stigning, som kan skyldes tilfældigheder: andelen var 50 % i 9026 og 80 % i 9029 (+30 procentpoint; 95 %-interval lige over 0 til +56).",
		"Signs of a rise, which may be chance: the percentage was 50 % in 9026 and 80 % in 9029 (+30 percentage points; 95 % interval just above 0 to +56).",
	},
	"theme whose only requirement is not comparable": {
		`{"round": 2020, "status": "no_counts", "method": "pooled", "baseline": {"round": 2019, "status": "no_counts"}, "change": {"verdict": "no_basis", "left_out": [{"reason": "not_comparable"}],
		 "comparability": {"judgement": "not_comparable", "reasons": ["question_reworded"], "note": "Fristen tælles anderledes."}}}`,
		"2019 og 2020 kan ikke sammenlignes. Fristen tælles anderledes.",
		"2019 and 2020 cannot be compared. The deadline is counted in another way.",
	},
	"theme with nothing in common": {
		`{"round": 9029, "status": "measured", "percent": 67, "method": "pooled", "baseline": {"round": 9026, "status": "measured", "percent": 70}, "change": {"verdict": "no_basis", ` + plain + `}}`,
		"9026 og 9029 kan ikke sammenlignes: temaet har intet lovkrav med tal i begge.",
		"9026 and 9029 cannot be compared: the theme has no requirement with a figure in both.",
	},
	"pooled theme without counts": {
		`{"round": 2023, "status": "no_counts", "method": "pooled", "baseline": {"round": 2020, "status": "no_counts"}, "change": {"verdict": "counts_unknown", ` + plain + `}}`,
		"2020 og 2023 kan ikke sammenlignes: antallene kendes ikke for alle temaets lovkrav.",
		"2020 and 2023 cannot be compared: the counts of the theme's requirements are not all known.",
	},
	"the country": {
		`{"round": 9029, "area_type": "country", "status": "measured", "percent": 60, "baseline": {"round": 9026, "status": "measured", "percent": 64},
		 "change": {"difference": -0.04, "percentage_points": -4, "basis": "counts", "verdict": "demonstrated", "interval": {"lower_percent": -8, "upper_percent": -1}, ` + plain + `}}`,
		"Faldet er påvist: deltagernes andel var 64 % i 9026 og 60 % i 9029 (-4 procentpoint; 95 %-interval for landet -8 til -1).",
		"The fall is demonstrated: the participants' percentage was 64 % in 9026 and 60 % in 9029 (-4 percentage points; 95 % interval for the country -8 to -1).",
	},
	"the country, municipalities alike, too few": {
		`{"round": 9029, "area_type": "country", "status": "measured", "percent": 60, "weighting": "equal", "method": "pooled", "baseline": {"round": 9026, "status": "measured", "percent": 60},
		 "change": {"difference": 0, "percentage_points": 0, "basis": "counts", "verdict": "too_few_cases", ` + plain + `}}`,
		"For få kommuner til at vise nogen ændring: deltagernes samlede andel i temaet (hver kommune tæller lige meget) var 60 % i 9026 og 60 % i 9029 (0 procentpoint).",
		"Too few municipalities to show any change: the participants' pooled percentage of the theme (each municipality counting alike) was 60 % in 9026 and 60 % in 9029 (0 percentage points).",
	},
}

func TestSentenceOfEverythingElse(t *testing.T) {
	t.Parallel()
	d := told(t)
	for name, test := range spokenElse {
		r := changed(t, test.change)
		if got := d.sentence(r, barometer.Danish); got != test.da {
			t.Errorf("%s: %s", name, got)
		}
		if got := d.sentence(r, barometer.English); got != test.en {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// pick draws one of some values, or none.
func pick[T any](t *rapid.T, label string, values ...T) *T {
	if i := rapid.IntRange(-1, len(values)-1).Draw(t, label); i >= 0 {
		return &values[i]
	}
	return nil
}

var everyStatus = []barometer.Status{
	barometer.Measured, barometer.PercentOnly, barometer.NoCounts, barometer.NoneAssessed, barometer.NotAsked, barometer.NoFigure, barometer.Withheld,
}

var everyVerdict = []barometer.Verdict{
	barometer.NoBasis, barometer.CountsUnknown, barometer.TooFewCases, barometer.NotDemonstrated, barometer.Indicated, barometer.Demonstrated,
}

// anyResult draws a result with whatever change, sensible or not.
func anyResult(t *rapid.T) barometer.Result {
	year := barometer.Year(2023)
	from := func(label string, least, most int) *int {
		n := rapid.IntRange(least, most).Draw(t, label)
		return &n
	}
	comparability := barometer.Comparability{
		Judgement: rapid.SampledFrom([]barometer.Judged{barometer.NotComparable, barometer.WithCaveat, barometer.NotJudged, barometer.Comparable}).Draw(t, "judged"),
		Note:      pick(t, "note", "Fristen tælles anderledes.", "Ukendt for systemet", "100 % %d af 50 %"),
	}
	change := &barometer.Change{
		Verdict: pick(t, "verdict", everyVerdict...), StrongestVerdict: pick(t, "strongest", everyVerdict...),
		Basis:            pick(t, "basis", barometer.BasisCounts, barometer.BasisMixed, barometer.BasisPrintedPercent),
		DisplayedDiffers: pick(t, "differs", true, false), Comparability: comparability,
	}
	if difference := pick(t, "difference", -1, -0.4, -0.001, 0, 0.001, 0.07, 1); difference != nil {
		points := int(*difference * 100)
		change.Difference, change.PercentagePoints = difference, &points
		change.BreakAllowed = comparability.Judgement == barometer.NotComparable
		change.Interval = pick(t, "interval", barometer.Interval{LowerPercent: *from("lower", -100, 0), UpperPercent: *from("upper", 0, 100)})
		change.CaseMix = pick(t, "mix", barometer.CaseMix{Differs: true})
		change.LeftOut = rapid.SampledFrom([][]barometer.LeftOut{nil, {{Reason: "no_figure_now"}}, {{Reason: "no_figure_in_both"}}}).Draw(t, "left out")
	}
	status := rapid.SampledFrom(everyStatus)
	return barometer.Result{
		Round: &year, AreaType: rapid.SampledFrom([]barometer.AreaType{barometer.AreaMunicipality, barometer.AreaCountry}).Draw(t, "area"),
		Status: status.Draw(t, "now"), Percent: from("percent", 0, 100), Weighting: pick(t, "weighting", barometer.WeightEqual, barometer.WeightCases),
		ThemeBasis: pick(t, "theme", barometer.ThemeBasis{Method: barometer.Pooled}, barometer.ThemeBasis{Method: barometer.MeanOfRequirements}),
		Baseline:   &barometer.BaselineFigure{Round: 2020, Status: status.Draw(t, "before"), Percent: from("old percent", 0, 100)}, Change: change,
	}
}

var (
	points  = regexp.MustCompile(`[0-9] (procentpoint|percentage point)`)
	blunder = regexp.MustCompile(`NaN|Inf|%!|  |[-+]0\b|\.\.|<nil>`)
)

// Whatever the change: a difference never stands without its caveat or its break, no number of points stands where there
// is no difference, and the figure of the country is never given as more than that of the participants.
func TestSentenceHidesNothing(t *testing.T) {
	t.Parallel()
	d := told(t)
	thousands(t, 10_000, func(t *rapid.T) {
		r := anyResult(t)
		lang := rapid.SampledFrom([]barometer.Lang{barometer.Danish, barometer.English}).Draw(t, "lang")
		got := d.sentence(r, lang)
		hasDifference := r.Change.Difference != nil
		if bad := blunder.FindString(got); bad != "" || !strings.HasSuffix(got, ".") {
			t.Fatalf("%q in %q", bad, got)
		}
		if points.MatchString(got) != hasDifference {
			t.Fatalf("difference %v, %q", r.Change.Difference, got)
		}
		if !hasDifference {
			return
		}
		if hasCountry := strings.Contains(got, "deltagernes") || strings.Contains(got, "participants"); hasCountry != (r.AreaType == barometer.AreaCountry) {
			t.Fatalf("%s: %q", r.AreaType, got)
		}
		marks := map[barometer.Judged]barometer.Text{
			barometer.WithCaveat:    {Da: "Med forbehold: ", En: "With a caveat: "},
			barometer.NotComparable: {Da: "ikke sammenlignelige. ", En: "not comparable. "},
		}
		mark, marked := marks[r.Change.Comparability.Judgement]
		if !marked {
			return
		}
		note := ""
		if r.Change.Comparability.Note != nil {
			note = strings.Replace(*r.Change.Comparability.Note, "Fristen tælles anderledes.", barometer.Text{
				Da: "Fristen tælles anderledes.", En: "The deadline is counted in another way.",
			}.In(lang), 1)
		}
		if !strings.Contains(got, mark.In(lang)+note) {
			t.Fatalf("%s without %q: %q", r.Change.Comparability.Judgement, note, got)
		}
	})
}
