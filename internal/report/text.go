package report

import (
	"slices"
	"strings"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// localise gives a result its texts in a language. Figures never depend on the language.
func (d dataset) localise(r barometer.Result, lang barometer.Lang) barometer.Result {
	r.AreaName = d.cat.AreaName(r.Area, lang)
	r.ThemeName = d.cat.ThemeName(r.Theme, lang)
	if r.Requirement != nil {
		var asked askedList
		if r.Round != nil {
			asked = d.rounds[*r.Round].round.Asked
		}
		r.Question = asked.question(d.cat, *r.Requirement, lang)
	}
	r.Notices = localiseNotices(d.cat, r.Notices, lang)
	if r.Change != nil {
		change := *r.Change
		if note := change.Comparability.Note; note != nil {
			change.Comparability.Note = noteIn(d.judgements, *note, lang)
		}
		r.Change = &change
		change.Sentence = d.sentence(r, lang)
	}
	return r
}

func localiseNotices(cat *catalogue.Catalogue, notices []barometer.Notice, lang barometer.Lang) []barometer.Notice {
	out := slices.Clone(notices)
	for i, n := range out {
		out[i] = cat.Notice(n.Code, lang)
	}
	return out
}

// noteIn gives a note in a language, or several with spaces between: each is that of a judgement.
func noteIn(judgements []barometer.Judgement, note string, lang barometer.Lang) *string {
	longest := slices.SortedFunc(slices.Values(judgements), func(a, b barometer.Judgement) int { return len(b.NoteDa) - len(a.NoteDa) })
	text := ""
	for rest := note; rest != ""; {
		i := slices.IndexFunc(longest, func(j barometer.Judgement) bool {
			return j.NoteDa != "" && strings.HasPrefix(rest, j.NoteDa) || j.NoteEn != "" && strings.HasPrefix(rest, j.NoteEn)
		})
		if i < 0 {
			text, rest = text+rest[:1], rest[1:]
			continue
		}
		text += barometer.Text{Da: longest[i].NoteDa, En: longest[i].NoteEn}.In(lang)
		if trimmed, isDanish := strings.CutPrefix(rest, longest[i].NoteDa); isDanish && longest[i].NoteDa != "" {
			rest = trimmed
		} else {
			rest = strings.TrimPrefix(rest, longest[i].NoteEn)
		}
	}
	return &text
}
