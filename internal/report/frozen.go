package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// frozenRound is what a publication keeps of its round.
type frozenRound struct {
	Round          barometer.Round           `json:"round"`
	Listed         []string                  `json:"listed"` // requirements, in catalogue order
	Participations []barometer.Participation `json:"participations"`
	Asked          askedList                 `json:"asked,omitempty"` // what the catalogue has otherwise
	// Method is the version of the statistical method that the results were computed by; 0 where it is the first.
	Method int `json:"method,omitempty"`
}

// frozenArea is what a publication keeps of an area beside its results: what later comparisons and explanations need.
// It is not public.
type frozenArea struct {
	Area      string        `json:"area"`
	Cases     *int          `json:"cases"`
	Withdrawn unitCounts    `json:"withdrawn"` // null where the area has no outcomes here
	Themes    []frozenTheme `json:"themes"`
	// Placements among the cases; nil where the area has no outcomes here.
	Placements *int `json:"placements,omitempty"`
	// Breakdown has the results by case type, of every requirement and whole: what of them is shown is decided then.
	Breakdown []barometer.Result `json:"breakdown,omitempty"`
}

// frozenTheme keeps the outcomes of a theme by case, without saying which case, and of the country by municipality: any
// set of its requirements can then be scored anew, as a change on the common requirements is.
type frozenTheme struct {
	Theme        string          `json:"theme"`
	Requirements []string        `json:"requirements"`
	Clusters     []score.Cluster `json:"clusters"`
	Areas        []string        `json:"areas,omitempty"` // the municipality of each cluster of the country
}

// frozen is a publication as it is kept: one round with its areas.
type frozen struct {
	at     barometer.ReleaseRound
	round  frozenRound
	areas  map[string]*areaFigures
	inTurn []string // areas by code, the country last
}

// kept is what a publication keeps of a round.
func (f roundFacts) kept() frozenRound {
	kept := frozenRound{Round: f.round, Participations: f.participations, Asked: f.asked, Method: MethodVersion}
	kept.Round.Status = barometer.Published // wherever the round stands while its figures are live or checked
	for _, r := range f.listed {
		kept.Listed = append(kept.Listed, r.Code)
	}
	return kept
}

// unfrozen is the publication that would be made of a round, without writing it down and reading it back.
func unfrozen(f roundFacts, areas []areaFigures) frozen {
	out := frozen{at: barometer.ReleaseRound{Round: f.round.Year}, round: f.kept(), areas: map[string]*areaFigures{}}
	out.round.Round.Revision = 0
	for i := range areas {
		code := areas[i].area.Area
		out.areas[code], out.inTurn = &areas[i], append(out.inTurn, code)
	}
	return out
}

// freeze turns what was computed of a round into the rows of its publication.
func freeze(f roundFacts, areas []areaFigures) ([]barometer.FrozenRow, error) {
	kept := f.kept()
	var rows []barometer.FrozenRow
	add := func(kind barometer.RowKind, key string, v any) error {
		body, err := json.Marshal(v)
		rows = append(rows, barometer.FrozenRow{Kind: kind, Key: key, Body: string(body)})
		return err
	}
	if err := add(barometer.RowRound, fmt.Sprint(f.round.Year), kept); err != nil {
		return nil, err
	}
	for _, a := range areas {
		if err := add(barometer.RowArea, a.area.Area, a.area); err != nil {
			return nil, err
		}
		for i, r := range a.results {
			// The place keeps the order of the scorecard, which no key has.
			if err := add(barometer.RowResult, fmt.Sprintf("%s.%03d", a.area.Area, i), r); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

// errUnreadable tells that a stored row does not hold what its kind says.
var errUnreadable = errors.New("cannot be read")

// read reads a row of any kind into what it holds.
func read(row barometer.FrozenRow, v any) error {
	if err := json.Unmarshal([]byte(row.Body), v); err != nil {
		return fmt.Errorf("%s %s %w: %w", row.Kind, row.Key, errUnreadable, err)
	}
	if r, is := v.(*barometer.Result); is {
		complete(r)
	}
	return nil
}

// complete says of a result that the first method froze what follows from what it has.
func complete(r *barometer.Result) {
	if r.FigureOf != "" {
		return
	}
	describe(r)
	intervals := []*barometer.Interval{r.Interval}
	if r.Country != nil {
		intervals = append(intervals, r.Country.Interval)
	}
	if r.Baseline != nil {
		intervals = append(intervals, r.Baseline.Interval)
	}
	if r.Change != nil {
		intervals = append(intervals, r.Change.Interval)
	}
	for _, in := range intervals {
		if in != nil {
			in.LowerPercent, in.UpperPercent = score.Displayed(*in)
		}
	}
	if r.Interval != nil && independent(*r) {
		n := float64(*r.Assessed)
		r.EffectiveN = &n
	}
}

// canonical gives rows as today's types write them, so that a member that came since is no difference.
func canonical(rows []barometer.FrozenRow) ([]barometer.FrozenRow, error) {
	out := make([]barometer.FrozenRow, len(rows))
	for i, row := range rows {
		var v any
		switch row.Kind {
		case barometer.RowRound:
			v = &frozenRound{}
		case barometer.RowArea:
			v = &frozenArea{}
		case barometer.RowResult:
			v = &barometer.Result{}
		case barometer.RowJudgement:
			v = &barometer.Judgement{}
		}
		if err := read(row, v); err != nil {
			return nil, err
		}
		body, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		out[i] = barometer.FrozenRow{Kind: row.Kind, Key: row.Key, Body: string(body)}
	}
	return out, nil
}

// thaw reads the rows of a publication back.
func thaw(at barometer.ReleaseRound, rows []barometer.FrozenRow) (frozen, error) {
	f := frozen{at: at, areas: map[string]*areaFigures{}}
	for _, kind := range publicationKinds { // the results last, since they belong to areas
		for _, row := range rows {
			if row.Kind != kind {
				continue
			}
			if err := f.add(row); err != nil {
				return f, err
			}
		}
	}
	f.round.Round.Revision = at.Revision
	for _, p := range f.round.Participations {
		f.inTurn = append(f.inTurn, p.Municipality)
	}
	f.inTurn = append(f.inTurn, barometer.Country)
	for _, area := range f.inTurn {
		if f.areas[area] == nil {
			return f, fmt.Errorf("publication %d of round %d %w: area %s is missing", at.Revision, at.Round, errUnreadable, area)
		}
	}
	return f, nil
}

func (f *frozen) add(row barometer.FrozenRow) error {
	switch row.Kind {
	case barometer.RowRound:
		return read(row, &f.round)
	case barometer.RowArea:
		a := &areaFigures{}
		if err := read(row, &a.area); err != nil {
			return err
		}
		f.areas[a.area.Area] = a
	case barometer.RowResult:
		var r barometer.Result
		if err := read(row, &r); err != nil {
			return err
		}
		if f.areas[r.Area] == nil {
			return fmt.Errorf("%s %s %w: its area is missing", row.Kind, row.Key, errUnreadable)
		}
		f.areas[r.Area].results = append(f.areas[r.Area].results, r)
	}
	return nil
}

// requirement finds an area's result of a requirement; nil where the area lists none.
func (a *areaFigures) requirement(code string) *barometer.Result {
	for i := range a.results {
		if r := &a.results[i]; r.Requirement != nil && *r.Requirement == code && r.CaseType == nil {
			return r
		}
	}
	return nil
}

// like finds an area's result of what another result is of; nil where the area lists none.
func (a *areaFigures) like(other *barometer.Result) *barometer.Result {
	for i := range a.results {
		if r := &a.results[i]; sameFigure(r, other) {
			return r
		}
	}
	return nil
}

// sameFigure tells whether two results are of the same requirement and case type, or of the same theme and method.
func sameFigure(a, b *barometer.Result) bool {
	switch {
	case a.Theme != b.Theme || (a.Requirement == nil) != (b.Requirement == nil) || (a.CaseType == nil) != (b.CaseType == nil):
		return false
	case a.Requirement == nil:
		return a.Method == b.Method
	}
	return *a.Requirement == *b.Requirement && (a.CaseType == nil || *a.CaseType == *b.CaseType)
}

// restOf gives a result's key without round and area.
func restOf(r barometer.Result) string {
	switch {
	case r.CaseType != nil:
		return *r.Requirement + "." + string(*r.CaseType)
	case r.Requirement != nil:
		return *r.Requirement
	}
	return r.Theme + "." + string(r.Method)
}

// requirementsOf gives the results of a theme's requirements, in catalogue order.
func (a *areaFigures) requirementsOf(theme string) []*barometer.Result {
	var out []*barometer.Result
	for i := range a.results {
		if r := &a.results[i]; r.Theme == theme && r.Requirement != nil {
			out = append(out, r)
		}
	}
	return out
}

// theme gives what is kept of a theme; nothing where the area has none of it.
func (a *areaFigures) theme(code string) frozenTheme {
	for _, t := range a.area.Themes {
		if t.Theme == code {
			return t
		}
	}
	return frozenTheme{}
}

// clustersOf gives the outcomes by case of some requirements of a theme, of the country by municipality; nil where they
// are not known.
func (a *areaFigures) clustersOf(theme string, requirements []string) []score.Cluster {
	t := a.theme(theme)
	if t.Clusters == nil {
		return nil
	}
	var places []int
	for place, code := range t.Requirements {
		if slices.Contains(requirements, code) {
			places = append(places, place)
		}
	}
	return score.Select(t.Clusters, places)
}
