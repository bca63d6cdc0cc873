package report

import (
	"fmt"
	"strings"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// sentence says in words what may be said of a result's change, and nothing more; "" where there is none. What must be
// known first comes first: the verdict before the figures, so that a text cut short claims no more than a whole one.
func (d dataset) sentence(r barometer.Result, lang barometer.Lang) string {
	if r.Change == nil || r.Baseline == nil || r.Round == nil {
		return ""
	}
	w := wording{cat: d.cat, lang: lang, r: r, change: *r.Change, before: *r.Baseline}
	if note := w.change.Comparability.Note; note != nil {
		w.note = strings.TrimSpace(*noteIn(d.judgements, *note, lang))
	}
	if w.change.Difference == nil {
		return w.withoutDifference()
	}
	parts := []string{w.verdict() + ": " + w.figures() + "."}
	if w.change.BreakAllowed {
		parts = []string{w.in(
			"Sammenlignet efter ønske, selv om tallene er vurderet som ikke sammenlignelige.",
			"Compared on request, although the figures were judged not comparable.",
		), w.why(), parts[0]}
	} else if w.change.Comparability.Judgement == barometer.WithCaveat {
		parts = []string{w.in("Med forbehold: ", "With a caveat: ") + w.why(), parts[0]}
	}
	if differs := w.change.DisplayedDiffers; differs != nil && *differs {
		parts = append(parts, w.in("Forskelle beregnes før afrunding.", "Differences are computed before rounding."))
	}
	if mix := w.change.CaseMix; mix != nil && mix.Differs {
		parts = append(parts, w.caseMix(*mix))
	}
	return strings.Join(parts, " ")
}

// wording puts one change into words.
type wording struct {
	cat    *catalogue.Catalogue
	lang   barometer.Lang
	r      barometer.Result
	change barometer.Change
	before barometer.BaselineFigure
	note   string // of the comparability, in the language; "" where there is none
}

func (w wording) in(da, en string) string { return barometer.Text{Da: da, En: en}.In(w.lang) }

func (w wording) isCountry() bool { return w.r.AreaType == barometer.AreaCountry }

// withoutDifference says that two figures cannot be compared, and why.
func (w wording) withoutDifference() string {
	years := fmt.Sprintf(w.in("%d og %d kan ikke sammenlignes", "%d and %d cannot be compared"), w.before.Round, *w.r.Round)
	if v := w.change.Verdict; v != nil && *v == barometer.CountsUnknown {
		return years + w.in(": antallene kendes ikke for alle temaets lovkrav.", ": the counts of the theme's requirements are not all known.")
	}
	notComparable := w.change.Comparability.Judgement == barometer.NotComparable
	if missing := w.missing(); missing != "" && !(notComparable && w.r.Requirement == nil) {
		return years + missing
	}
	if notComparable {
		return years + ". " + w.why()
	}
	return years + w.in(": temaet har intet lovkrav med tal i begge.", ": the theme has no requirement with a figure in both.")
}

// missing names the sides that have no figure, each with its status; "" where both have one.
func (w wording) missing() string {
	var sides []string
	add := func(round barometer.Year, status barometer.Status) {
		if status != barometer.Measured && status != barometer.PercentOnly {
			sides = append(sides, fmt.Sprintf("%d: %s", round, strings.ToLower(w.name("statuses", string(status)))))
		}
	}
	add(w.before.Round, w.before.Status)
	add(*w.r.Round, w.r.Status)
	if sides == nil {
		return ""
	}
	return " (" + strings.Join(sides, "; ") + ")."
}

// why gives the note of the comparability, or the names of its reasons where it has none.
func (w wording) why() string {
	if w.note != "" {
		return stopped(w.note)
	}
	var names []string
	for _, reason := range w.change.Comparability.Reasons {
		names = append(names, w.name("comparability_reasons", reason))
	}
	if names == nil {
		names = []string{w.name("judgements", string(w.change.Comparability.Judgement))}
	}
	return stopped(strings.Join(names, ", "))
}

// stopped ends a text with a full stop, unless it ends a sentence already.
func stopped(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}

func (w wording) name(list, code string) string {
	for _, c := range w.cat.CodeList(list, w.lang) {
		if c.Code == code {
			return c.Name
		}
	}
	return code
}

// verdict says how much the difference bears.
func (w wording) verdict() string {
	if w.change.Verdict == nil {
		return w.in("Forskellen er ikke vurderet", "The difference has not been judged")
	}
	switch *w.change.Verdict {
	case barometer.Demonstrated:
		return w.movement(
			barometer.Text{Da: "Faldet er påvist", En: "The fall is demonstrated"},
			barometer.Text{Da: "Ændringen er påvist", En: "The change is demonstrated"},
			barometer.Text{Da: "Stigningen er påvist", En: "The rise is demonstrated"},
		)
	case barometer.Indicated:
		return fmt.Sprintf(w.in("Tegn på %s, som kan skyldes tilfældigheder", "Signs of %s, which may be chance"), w.direction())
	case barometer.TooFewCases:
		return fmt.Sprintf(w.in("For få %s til at vise nogen ændring", "Too few %s to show any change"), w.units())
	case barometer.NotDemonstrated:
		return w.in("Ingen ændring er påvist; det betyder ikke uændret", "No change is demonstrated; that does not mean unchanged")
	}
	return w.unknown()
}

// unknown says what the difference bears where the counts, or how they are spread, are not known: at most what any
// possible counts would.
func (w wording) unknown() string {
	counts, certainty := w.in("Antallene kendes ikke", "The counts are not known"),
		w.in(", så hvor sikker forskellen er, kan ikke siges", ", so how certain the difference is cannot be said")
	if basis := w.change.Basis; basis != nil && *basis == barometer.BasisCounts {
		return fmt.Sprintf(w.in("Hvordan udfaldene fordeler sig på %s, vides ikke", "How the outcomes are spread over %s is not known"), w.units()) + certainty
	}
	if w.change.StrongestVerdict == nil {
		return counts + certainty
	}
	switch *w.change.StrongestVerdict {
	case barometer.Demonstrated:
		return counts + fmt.Sprintf(w.in("; højst er %s påvist", "; at most %s is demonstrated"), w.direction())
	case barometer.Indicated:
		return counts + fmt.Sprintf(w.in("; højst er der tegn på %s, som kan skyldes tilfældigheder", "; at most there are signs of %s, which may be chance"), w.direction())
	case barometer.TooFewCases:
		return counts + w.in(", men sagerne er under alle omstændigheder for få til at vise nogen ændring", ", but the cases are in any event too few to show any change")
	}
	return counts + w.in("; intet muligt antal giver tegn på en ændring, hvilket ikke betyder uændret", "; no possible counts show signs of a change, which does not mean unchanged")
}

// units are what is drawn: the cases of a municipality, the municipalities of the country.
func (w wording) units() string {
	if w.isCountry() {
		return w.in("kommuner", "municipalities")
	}
	return w.in("sager", "cases")
}

// movement gives the text of the direction that the difference has.
func (w wording) movement(down, level, up barometer.Text) string {
	switch d := *w.change.Difference; {
	case d < 0:
		return down.In(w.lang)
	case d > 0:
		return up.In(w.lang)
	}
	return level.In(w.lang)
}

func (w wording) direction() string {
	return w.movement(
		barometer.Text{Da: "et fald", En: "a fall"}, barometer.Text{Da: "en ændring", En: "a change"}, barometer.Text{Da: "en stigning", En: "a rise"},
	)
}

// figures gives the two percents that are compared, the difference and its interval. Where the difference leaves out what
// only one of the two rounds has, it says so.
func (w wording) figures() string {
	points, interval := w.points(), ""
	if w.change.Interval != nil {
		interval = w.interval(*w.change.Interval)
	}
	subject, years := w.subject(subjects), []any{w.before.Round, *w.r.Round}
	before, now := w.before.Percent, w.r.Percent
	if w.partial() {
		subject, before, now = w.subject(commonSubjects), w.change.PercentBefore, w.change.PercentNow
	}
	if now == nil || before == nil { // as the first method released it
		text := w.in("forskellen i %s er %s fra %d til %d", "the difference in %s is %s from %d to %d")
		text = fmt.Sprintf(text, append([]any{subject, points}, years...)...)
		if interval != "" {
			text += " (" + interval + ")"
		}
		return text
	}
	if interval != "" {
		interval = "; " + interval
	}
	text := w.in("%s var %d %% i %d og %d %% i %d (%s%s)", "%s was %d %% in %d and %d %% in %d (%s%s)")
	return fmt.Sprintf(text, subject, *before, years[0], *now, years[1], points, interval)
}

// partial tells whether the difference leaves out a requirement that one of the two figures counts.
func (w wording) partial() bool {
	for _, l := range w.change.LeftOut {
		if l.Reason != "no_figure_in_both" {
			return true
		}
	}
	return false
}

// subjects are what percents are of, by whether it is the country and how a theme's is made. The country's are those of
// the participants.
var subjects = map[bool]map[barometer.Method]barometer.Text{
	false: {
		"":                           {Da: "andelen", En: "the percentage"},
		barometer.Pooled:             {Da: "temaets samlede andel", En: "the theme's pooled percentage"},
		barometer.MeanOfRequirements: {Da: "gennemsnittet af temaets lovkrav", En: "the mean of the theme's requirements"},
	},
	true: {
		"":                           {Da: "deltagernes andel", En: "the participants' percentage"},
		barometer.Pooled:             {Da: "deltagernes samlede andel i temaet", En: "the participants' pooled percentage of the theme"},
		barometer.MeanOfRequirements: {Da: "deltagernes gennemsnit af temaets lovkrav", En: "the participants' mean of the theme's requirements"},
	},
}

// commonSubjects are the same on the requirements that both rounds have.
var commonSubjects = map[bool]map[barometer.Method]barometer.Text{
	false: {
		"":                           subjects[false][""],
		barometer.Pooled:             {Da: "den samlede andel af temaets fælles lovkrav", En: "the pooled percentage of the theme's requirements in common"},
		barometer.MeanOfRequirements: {Da: "gennemsnittet af temaets fælles lovkrav", En: "the mean of the theme's requirements in common"},
	},
	true: {
		"":                           subjects[true][""],
		barometer.Pooled:             {Da: "deltagernes samlede andel af temaets fælles lovkrav", En: "the participants' pooled percentage of the theme's requirements in common"},
		barometer.MeanOfRequirements: {Da: "deltagernes gennemsnit af temaets fælles lovkrav", En: "the participants' mean of the theme's requirements in common"},
	},
}

func (w wording) subject(of map[bool]map[barometer.Method]barometer.Text) string {
	method := barometer.Method("")
	if w.r.ThemeBasis != nil {
		method = w.r.Method
	}
	subject := of[w.isCountry()][method].In(w.lang)
	if w.r.Weighting != nil && *w.r.Weighting == barometer.WeightEqual {
		subject += w.in(" (hver kommune tæller lige meget)", " (each municipality counting alike)")
	}
	return subject
}

func (w wording) points() string {
	points := *w.change.PercentagePoints
	if points == 1 || points == -1 {
		return fmt.Sprintf(w.in("%s procentpoint", "%s percentage point"), signed(points))
	}
	return fmt.Sprintf(w.in("%s procentpoint", "%s percentage points"), signed(points))
}

// signed writes a number of percentage points with its sign; 0 has none.
func signed(points int) string {
	if points > 0 {
		return fmt.Sprintf("+%d", points)
	}
	return fmt.Sprint(points)
}

func (w wording) interval(in barometer.Interval) string {
	text := w.in("95 %%-interval %s til %s", "95 %% interval %s to %s")
	if w.isCountry() {
		text = w.in("95 %%-interval for landet %s til %s", "95 %% interval for the country %s to %s")
	}
	return fmt.Sprintf(text, w.limit(in.LowerPercent, in.Lower), w.limit(in.UpperPercent, in.Upper))
}

// limit writes a limit of an interval as it is shown. One that rounding has brought to 0 says on which side it is: that
// the interval leaves 0 out is what its verdict rests on.
func (w wording) limit(shown int, exact float64) string {
	switch {
	case shown == 0 && exact > 0:
		return w.in("lige over 0", "just above 0")
	case shown == 0 && exact < 0:
		return w.in("lige under 0", "just below 0")
	}
	return signed(shown)
}

func (w wording) caseMix(mix barometer.CaseMix) string {
	text := w.in(
		"Sagerne er forskelligt sammensat: %d %% anbringelser (%d af %d) i %d og %d %% (%d af %d) i %d.",
		"The mix of cases differs: %d %% placements (%d of %d) in %d and %d %% (%d of %d) in %d.",
	)
	before, now := mix.Before, mix.Now
	return fmt.Sprintf(text, before.Percent, before.Placements, before.Cases, w.before.Round, now.Percent, now.Placements, now.Cases, *w.r.Round)
}
