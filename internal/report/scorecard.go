package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Baseline says which earlier round to compare with: by default the one the domain's rule gives. AllowBreak asks for
// differences that are not comparable too; they are marked.
type Baseline struct {
	None       bool
	Year       *barometer.Year
	AllowBreak bool
}

// Scorecard gives all results of an area in a published round. A municipality that is not recorded in the round has a
// scorecard too, which says so. NotFound where the round is not published, or the baseline asked for has no recorded
// participation; Malformed where the baseline is not an earlier round of the same origin.
func (s *Snapshot) Scorecard(year barometer.Year, area string, b Baseline, lang barometer.Lang) (barometer.Scorecard, error) {
	round, err := s.Round(year)
	if err != nil {
		return barometer.Scorecard{}, err
	}
	baseline, err := s.baselineOf(year, area, b)
	if err != nil {
		return barometer.Scorecard{}, err
	}
	now := s.figuresOf(year, area)
	card := barometer.Scorecard{
		Round: year, AreaType: barometer.AreaTypeOf(area), Area: area, AreaName: s.cat.AreaName(area, lang),
		BaselineRound: baseline, Release: s.Release().Number, State: s.state, Origin: round.Origin,
		Cases: now.area.Cases, Notices: s.cardNotices(year, area, lang),
	}
	for _, r := range s.comparedTo(year, now, baseline, b.AllowBreak, lang) {
		if n := len(card.Themes); n == 0 || card.Themes[n-1].Theme != r.Theme {
			card.Themes = append(card.Themes, barometer.ScorecardTheme{Theme: r.Theme, Name: r.ThemeName})
		}
		theme := &card.Themes[len(card.Themes)-1]
		switch {
		case r.Requirement != nil:
			theme.Requirements = append(theme.Requirements, r)
		case r.Method == barometer.Pooled:
			theme.Pooled = r
		default:
			theme.MeanOfRequirements = r
		}
	}
	return card, nil
}

// comparedTo gives an area's results against a baseline: as released where it is the default one, else from the
// release in memory by the same rules.
func (s *Snapshot) comparedTo(year barometer.Year, now *areaFigures, baseline *barometer.Year, allowBreak bool, lang barometer.Lang) []barometer.Result {
	standard, ok := s.data.baseline(now.area.Area, year)
	isStandard := !allowBreak && (baseline == nil && !ok || baseline != nil && ok && *baseline == standard)
	if released := s.areas[areaOfRound{year, now.area.Area}]; released != nil && isStandard {
		return s.kept(released, func(barometer.Result) bool { return true }, lang)
	}
	results := s.data.compared(year, now, baseline, allowBreak)
	for i, r := range results {
		results[i] = s.data.localise(r, lang)
	}
	return results
}

// ResultsAllowingBreaks gives the results that a filter keeps with their differences across breaks too, marked, against
// the default baselines. The filter must not look at the change.
func (s *Snapshot) ResultsAllowingBreaks(keep func(barometer.Result) bool, lang barometer.Lang) []barometer.Result {
	out := s.Results(keep, lang)
	areas := map[areaOfRound]map[string]barometer.Result{}
	for i, r := range out {
		if !stopsAtBreak(r) {
			continue
		}
		at := areaOfRound{*r.Round, r.Area}
		if areas[at] == nil {
			areas[at] = map[string]barometer.Result{}
			for _, other := range s.comparedTo(at.round, s.figuresOf(at.round, at.area), &r.Baseline.Round, true, lang) {
				areas[at][other.Key] = other
			}
		}
		out[i] = areas[at][r.Key]
	}
	return out
}

// stopsAtBreak tells whether a result's change leaves something out for a break.
func stopsAtBreak(r barometer.Result) bool {
	return r.Change != nil && (r.Change.Comparability.Judgement == barometer.NotComparable ||
		slices.ContainsFunc(r.Change.LeftOut, func(l barometer.LeftOut) bool { return l.Reason == "not_comparable" }))
}

// baselineOf resolves which round to compare with; nil where there is none.
func (s *Snapshot) baselineOf(year barometer.Year, area string, b Baseline) (*barometer.Year, error) {
	if b.None {
		return nil, nil //nolint:nilnil // no baseline is an answer
	}
	if b.Year == nil {
		if y, ok := s.data.baseline(area, year); ok {
			return &y, nil
		}
		return nil, nil //nolint:nilnil // as above
	}
	refuse := func(detail string) error {
		return &barometer.Error{Kind: barometer.Malformed, Message: "The baseline does not fit the round.", Fields: []barometer.FieldError{
			{Parameter: "baseline", Code: "out_of_range", Detail: detail},
		}}
	}
	recorded := s.data.participated(area, year.Origin())
	switch {
	case b.Year.Origin() != year.Origin():
		return nil, refuse(fmt.Sprintf("%d is a %s round, %d a %s one; allowed: none, previous, an earlier %s round",
			*b.Year, b.Year.Origin(), year, year.Origin(), year.Origin()))
	case *b.Year >= year:
		return nil, refuse(fmt.Sprintf("%d is not before %d; allowed: none, previous, an earlier round", *b.Year, year))
	case !slices.Contains(recorded, *b.Year):
		earlier := slices.DeleteFunc(recorded, func(y barometer.Year) bool { return y >= year })
		return nil, barometer.Errorf(barometer.NotFound, "%s has no recorded participation in a published round %d. Recorded before %d: %s.",
			s.cat.AreaName(area, barometer.English), *b.Year, year, cmp.Or(yearList(earlier), "none"))
	}
	return b.Year, nil
}

// figuresOf gives an area's figures as published, or those of a municipality that is not recorded: it did not take
// part where all participants are known; otherwise nobody knows.
func (s *Snapshot) figuresOf(year barometer.Year, area string) *areaFigures {
	if figures, ok := s.data.rounds[year].areas[area]; ok {
		return figures
	}
	p := s.data.rounds[year].round
	facts := areaFacts{roundFacts: roundFacts{round: p.Round, asked: p.Asked}, code: area, absent: barometer.NoFigure}
	if p.Round.AllParticipantsKnown() {
		facts.absent = barometer.NotParticipating
	}
	for _, code := range p.Listed {
		q, _ := s.cat.Requirement(code, barometer.Danish)
		facts.listed = append(facts.listed, q)
	}
	figures := facts.figures(s.cat)
	return &figures
}

func (s *Snapshot) cardNotices(year barometer.Year, area string, lang barometer.Lang) []barometer.Notice {
	p := s.data.rounds[year]
	notices := []barometer.Notice{}
	if _, recorded := p.areas[area]; !recorded && !p.round.Round.AllParticipantsKnown() {
		notices = append(notices, barometer.Notice{Code: participationUnknown})
	}
	if area != barometer.Country {
		notices = append(notices, barometer.Notice{Code: notGeneralisable})
	}
	if year.Origin() == barometer.OriginSynthetic {
		notices = append(notices, barometer.Notice{Code: syntheticFigures})
	}
	return localiseNotices(s.cat, notices, lang)
}

func yearText(y barometer.Year) string { return strconv.Itoa(int(y)) }

func yearList(years []barometer.Year) string {
	texts := make([]string, len(years))
	for i, y := range years {
		texts[i] = yearText(y)
	}
	return strings.Join(texts, ", ")
}
