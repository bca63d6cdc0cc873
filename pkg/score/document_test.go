package score_test

import (
	"fmt"
	"math/big"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// TestTheDocumentsPossibleCountsAreRight computes the table of docs/method.md that tries the counts behind two printed
// percents: difference, interval and verdict of each pair.
func TestTheDocumentsPossibleCountsAreRight(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/method.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^\| (\d+) of (\d+) \| (\d+) of (\d+) \| (.*) \|$`).FindAllStringSubmatch(string(text), -1)
	now, before := score.Candidates(69, 16), score.Candidates(29, 14)
	if len(lines) != len(now)*len(before) || len(lines) != 4 {
		t.Fatalf("%d lines for %v and %v", len(lines), now, before)
	}
	for _, line := range lines {
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(line[i+1])
		}
		a, b := barometer.Share{Met: n[0], Assessed: n[1]}, barometer.Share{Met: n[2], Assessed: n[3]}
		d := new(big.Rat).Sub(score.Exact(a), score.Exact(b))
		in := score.Newcombe(score.Float(d), score.Float(score.Exact(a)), score.Float(score.Exact(b)), score.Wilson(a, score.Confidence), score.Wilson(b, score.Confidence))
		f, _ := score.Fisher(a, b)
		want := fmt.Sprintf("%+d | %+d to %+d | `%s`", score.Points(d), in.LowerPercent, in.UpperPercent, score.Verdict(&f.SmallestAttainable, &f.P, in))
		if line[5] != want {
			t.Errorf("%s: printed %q, computed %q", line[0], line[5], want)
		}
	}
}
