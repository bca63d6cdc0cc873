package barometer_test

import (
	"regexp"
	"testing"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func TestReferencesLookLikeNothingElse(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[B-DF-HJ-NP-TV]{4}-[B-DF-HJ-NP-TV]{4}$`) // no digit, no vowel
	count := many()
	seen, places := make(map[string]bool, count), [9][256]int{}
	for range count {
		reference, err := barometer.NewReference()
		if err != nil {
			t.Fatal(err)
		}
		if barometer.LooksLikePersonalNumber(reference) || !shape.MatchString(reference) {
			t.Fatal(reference)
		}
		seen[reference] = true
		for i := range reference {
			places[i][reference[i]]++
		}
	}
	// Of a million drawn from 16^8, 116 are expected to be drawn twice.
	if repeated := count - len(seen); repeated > 250 {
		t.Errorf("%d of %d references were made twice", repeated, count)
	}
	for _, letter := range "BCDFGHJKLMNPRSTV" {
		for _, i := range []int{0, 1, 2, 3, 5, 6, 7, 8} {
			if share := float64(places[i][letter]) / float64(count) * 16; share < 0.8 || share > 1.2 {
				t.Errorf("%c stands at %d %.2f times as often as expected", letter, i, share)
			}
		}
	}
	if code, detail := barometer.CheckText("KVBT-MRPD", 64); code != "" {
		t.Error(code, detail)
	}
}
