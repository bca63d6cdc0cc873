package score

import (
	"fmt"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// CheckReported says what is wrong with a figure that a source printed: the member that it is about, a code, and what
// is allowed instead; all empty where nothing is. No counts can be met without assessed, more than assessed, or more
// than the cases they were counted over; and a percent, rounded half up, must be one that some counts give.
func CheckReported(f barometer.ReportedResult, unit barometer.Unit) (member, code, detail string) {
	const wrong = "out_of_range"
	ofCases := unit == barometer.UnitCase
	switch {
	case f.Percent < 0 || f.Percent > 100:
		return "percent", wrong, "want a whole percent from 0 to 100"
	case f.Met != nil && f.Assessed == nil:
		return "assessed", "missing", "met is given without assessed; give both or neither"
	case f.Assessed != nil && *f.Assessed < 1:
		return "assessed", wrong, fmt.Sprintf("%d assessed give no percent; want at least 1", *f.Assessed)
	case f.Met != nil && (*f.Met < 0 || *f.Met > *f.Assessed):
		return "met", wrong, fmt.Sprintf("%d met of %d assessed; allowed: 0 to %d", *f.Met, *f.Assessed, *f.Assessed)
	case ofCases && f.Assessed != nil && f.Cases != nil && *f.Assessed > *f.Cases:
		return "assessed", wrong, fmt.Sprintf("%d assessed of %d cases; allowed: 1 to %d", *f.Assessed, *f.Cases, *f.Cases)
	}
	if detail := impossiblePercent(f, ofCases); detail != "" {
		return "percent", "impossible_percent", detail
	}
	return "", "", ""
}

// impossiblePercent says why no counts can give a printed percent, "" where some can.
func impossiblePercent(f barometer.ReportedResult, ofCases bool) string {
	switch {
	case f.Met != nil:
		if got := Percent(Exact(barometer.Share{Met: *f.Met, Assessed: *f.Assessed})); got != f.Percent {
			return fmt.Sprintf("%d of %d is %d %%, not %d %%", *f.Met, *f.Assessed, got, f.Percent)
		}
	case f.Assessed != nil:
		if len(CandidatesOf(f.Percent, *f.Assessed)) == 0 {
			return fmt.Sprintf("no number met of %d assessed gives %d %%", *f.Assessed, f.Percent)
		}
	case ofCases && f.Cases != nil && *f.Cases < 100: // with 100 or more every percent is possible
		if len(Candidates(f.Percent, *f.Cases)) == 0 {
			return fmt.Sprintf("no counts of at most %d cases give %d %%", *f.Cases, f.Percent)
		}
	}
	return ""
}
