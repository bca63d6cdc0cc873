package barometer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func ptr[T any](v T) *T { return &v }

func breakAt(since barometer.Year, judged barometer.Judged) barometer.Judgement {
	j := barometer.Judgement{
		Kind: barometer.Break, Requirement: "r", SinceRound: &since, Judgement: judged, Reason: "practice_changed",
		Effect: ptr("stricter"), JudgedBy: "municipality", NoteDa: "på dansk", NoteEn: "in English", Source: "memo",
	}
	j.ID = j.NaturalID()
	return j
}

func pairOf(from, to barometer.Year, judged barometer.Judged) barometer.Judgement {
	j := barometer.Judgement{
		Kind: barometer.Pair, Requirement: "r", FromRound: &from, ToRound: &to, Judgement: judged,
		Reason: "declared_by_publisher", JudgedBy: "publisher", NoteDa: "parret", Source: "ast",
	}
	j.ID = j.NaturalID()
	return j
}

// An exact pair decides; otherwise the worst break between the two; otherwise it is not judged.
func TestCompareFindsTheJudgement(t *testing.T) {
	t.Parallel()
	elsewhere := breakAt(2023, barometer.NotComparable)
	elsewhere.Requirement = "other"
	for name, test := range map[string]struct {
		judgements []barometer.Judgement
		from, to   barometer.Year
		want       barometer.Judged
		reasons    []string
	}{
		"nothing recorded":             {nil, 2020, 2023, barometer.NotJudged, []string{}},
		"of another requirement":       {[]barometer.Judgement{elsewhere}, 2020, 2023, barometer.NotJudged, []string{}},
		"break in the later round":     {[]barometer.Judgement{breakAt(2023, barometer.WithCaveat)}, 2020, 2023, barometer.WithCaveat, []string{"practice_changed"}},
		"break between":                {[]barometer.Judgement{breakAt(2022, barometer.NotComparable)}, 2020, 2023, barometer.NotComparable, []string{"practice_changed"}},
		"break in the earlier round":   {[]barometer.Judgement{breakAt(2020, barometer.NotComparable)}, 2020, 2023, barometer.NotJudged, []string{}},
		"break before both":            {[]barometer.Judgement{breakAt(2019, barometer.NotComparable)}, 2020, 2023, barometer.NotJudged, []string{}},
		"break after both":             {[]barometer.Judgement{breakAt(2024, barometer.NotComparable)}, 2020, 2023, barometer.NotJudged, []string{}},
		"the worst of breaks":          {[]barometer.Judgement{breakAt(2021, barometer.WithCaveat), breakAt(2022, barometer.NotComparable), breakAt(2023, barometer.Comparable)}, 2020, 2023, barometer.NotComparable, []string{"practice_changed"}},
		"caveat worse than not judged": {[]barometer.Judgement{breakAt(2021, barometer.NotJudged), breakAt(2022, barometer.WithCaveat)}, 2020, 2023, barometer.WithCaveat, []string{"practice_changed"}},
		"not judged worse than fine":   {[]barometer.Judgement{breakAt(2021, barometer.Comparable), breakAt(2022, barometer.NotJudged)}, 2020, 2023, barometer.NotJudged, []string{"practice_changed"}},
		"pair beats a worse break":     {[]barometer.Judgement{breakAt(2023, barometer.NotComparable), pairOf(2021, 2024, barometer.Comparable)}, 2021, 2024, barometer.Comparable, []string{"declared_by_publisher"}},
		"pair beats a better break":    {[]barometer.Judgement{pairOf(2021, 2024, barometer.NotComparable), breakAt(2023, barometer.Comparable)}, 2021, 2024, barometer.NotComparable, []string{"declared_by_publisher"}},
		"pair of other rounds":         {[]barometer.Judgement{pairOf(2021, 2024, barometer.Comparable)}, 2020, 2024, barometer.NotJudged, []string{}},
		"pair the other way round":     {[]barometer.Judgement{pairOf(2021, 2024, barometer.Comparable)}, 2024, 2021, barometer.NotJudged, []string{}},
	} {
		got := barometer.Compare(test.judgements, "r", test.from, test.to, barometer.Danish)
		if got.Judgement != test.want {
			t.Errorf("%s: %s, want %s", name, got.Judgement, test.want)
		}
		if diff := cmp.Diff(test.reasons, got.Reasons); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestCompareGivesTheDetailsOfTheJudgement(t *testing.T) {
	t.Parallel()
	second := breakAt(2022, barometer.WithCaveat)
	second.Reason, second.Effect, second.NoteEn = "question_reworded", nil, ""
	got := barometer.Compare([]barometer.Judgement{breakAt(2021, barometer.WithCaveat), second}, "r", 2020, 2023, barometer.English)
	want := barometer.Comparability{
		Judgement: barometer.WithCaveat, Reasons: []string{"practice_changed", "question_reworded"}, Effect: ptr("stricter"),
		Note: ptr("in English på dansk"), JudgedBy: ptr("municipality"), Source: ptr("memo"), // of both; the second has no English
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got = barometer.Compare([]barometer.Judgement{second}, "r", 2020, 2023, barometer.English)
	if got.Effect != nil || *got.Note != "på dansk" {
		t.Errorf("without an effect and an English note: %+v", got)
	}
	got = barometer.Compare(nil, "r", 2020, 2023, barometer.Danish)
	if diff := cmp.Diff(barometer.Comparability{Judgement: barometer.NotJudged, Reasons: []string{}}, got); diff != "" {
		t.Error(diff)
	}
}

// The order in which judgements are recorded never decides.
func TestCompareDoesNotDependOnTheOrder(t *testing.T) {
	t.Parallel()
	judged := rapid.SampledFrom([]barometer.Judged{barometer.NotComparable, barometer.WithCaveat, barometer.NotJudged, barometer.Comparable})
	rapid.Check(t, func(t *rapid.T) {
		byID := map[string]barometer.Judgement{}
		for range rapid.IntRange(0, 5).Draw(t, "breaks") {
			j := breakAt(barometer.Year(rapid.IntRange(2019, 2025).Draw(t, "since")), judged.Draw(t, "judged"))
			byID[j.ID] = j
		}
		if rapid.Bool().Draw(t, "pair") {
			j := pairOf(2020, 2023, judged.Draw(t, "judged"))
			byID[j.ID] = j
		}
		var all []barometer.Judgement
		for _, j := range byID {
			all = append(all, j)
		}
		want := barometer.NotJudged
		first := true
		for _, j := range all {
			if j.Kind == barometer.Break && *j.SinceRound > 2020 && *j.SinceRound <= 2023 && (first || j.Judgement.WorseThan(want)) {
				want, first = j.Judgement, false
			}
		}
		for _, j := range all {
			if j.Kind == barometer.Pair {
				want = j.Judgement
			}
		}
		if got := barometer.Compare(rapid.Permutation(all).Draw(t, "order"), "r", 2020, 2023, barometer.Danish); got.Judgement != want {
			t.Fatalf("%s, want %s, of %+v", got.Judgement, want, all)
		}
	})
}

func TestJudgementsAreNamedByWhatTheyJudge(t *testing.T) {
	t.Parallel()
	if got := breakAt(2023, barometer.Comparable).ID; got != "break.r.2023" {
		t.Error(got)
	}
	if got := pairOf(2021, 2024, barometer.Comparable).ID; got != "pair.r.2021.2024" {
		t.Error(got)
	}
}
