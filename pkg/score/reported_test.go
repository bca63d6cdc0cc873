package score_test

import (
	"testing"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// The figures of the two memos, and what they would be with a slip of the pen.
func TestPrintedFiguresAreHeldAgainstTheirCounts(t *testing.T) {
	t.Parallel()
	n := func(v int) *int { return &v }
	for name, test := range map[string]struct {
		met, assessed *int
		percent       int
		cases         *int
		unit          barometer.Unit
		want          string // member and code
	}{
		"Ishøj, four months: 1 of 6":                     {n(1), n(6), 17, n(15), barometer.UnitCase, " "},
		"rounded down":                                   {n(1), n(6), 16, n(15), barometer.UnitCase, "percent impossible_percent"},
		"half goes up: 1 of 8 is 12.5":                   {n(1), n(8), 13, nil, barometer.UnitCase, " "},
		"and not down":                                   {n(1), n(8), 12, nil, barometer.UnitCase, "percent impossible_percent"},
		"the country 2020: 111 to 113 of 330":            {nil, n(330), 34, nil, barometer.UnitCase, " "},
		"of six there is no 18":                          {nil, n(6), 18, nil, barometer.UnitCase, "percent impossible_percent"},
		"Norddjurs, 69 of at most 16":                    {nil, nil, 69, n(16), barometer.UnitCase, " "}, // 9 of 13, 11 of 16
		"99 of at most 16":                               {nil, nil, 99, n(16), barometer.UnitCase, "percent impossible_percent"},
		"99 of at most 100":                              {nil, nil, 99, n(100), barometer.UnitCase, " "},
		"notifications are not bounded by cases":         {nil, nil, 99, n(16), barometer.UnitNotification, " "},
		"nor is what was assessed of them":               {n(19), n(20), 95, n(16), barometer.UnitNotification, " "},
		"cases are":                                      {n(19), n(20), 95, n(16), barometer.UnitCase, "assessed out_of_range"},
		"met alone":                                      {n(1), nil, 17, nil, barometer.UnitCase, "assessed missing"},
		"more met than assessed":                         {n(7), n(6), 100, nil, barometer.UnitCase, "met out_of_range"},
		"more than a hundred":                            {nil, nil, 101, nil, barometer.UnitCase, "percent out_of_range"},
		"less than nothing":                              {nil, nil, -1, nil, barometer.UnitCase, "percent out_of_range"},
		"less met than none":                             {n(-1), n(6), 0, nil, barometer.UnitCase, "met out_of_range"},
		"nobody assessed":                                {n(0), n(0), 0, nil, barometer.UnitCase, "assessed out_of_range"},
		"nobody assessed, met unknown":                   {nil, n(0), 0, nil, barometer.UnitCase, "assessed out_of_range"},
		"a percent alone is all that some sources print": {nil, nil, 43, nil, barometer.UnitCase, " "},
	} {
		f := barometer.ReportedResult{Met: test.met, Assessed: test.assessed, Percent: test.percent, Cases: test.cases}
		member, code, detail := score.CheckReported(f, test.unit)
		if got := member + " " + code; got != test.want || (code == "") != (detail == "") {
			t.Errorf("%s: %s, %q; want %s", name, got, detail, test.want)
		}
	}
}
