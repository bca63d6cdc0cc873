package report

import (
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// localise gives a result its texts in a language. Figures never depend on the language.
func localise(cat *catalogue.Catalogue, judgements []barometer.Judgement, r barometer.Result, lang barometer.Lang) barometer.Result {
	r.AreaName = cat.AreaName(r.Area, lang)
	r.ThemeName = cat.ThemeName(r.Theme, lang)
	if r.Requirement != nil {
		if q, ok := cat.Requirement(*r.Requirement, lang); ok {
			r.Question = &q.Question
		}
	}
	r.Notices = localiseNotices(cat, r.Notices, lang)
	if r.Change != nil && r.Change.Comparability.Note != nil {
		change := *r.Change
		change.Comparability.Note = noteIn(judgements, *r.Change.Comparability.Note, lang)
		r.Change = &change
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

// noteIn finds the judgement that a note was taken from, and gives its note in a language.
func noteIn(judgements []barometer.Judgement, note string, lang barometer.Lang) *string {
	for _, j := range judgements {
		if j.NoteDa == note || j.NoteEn == note {
			text := barometer.Text{Da: j.NoteDa, En: j.NoteEn}.In(lang)
			return &text
		}
	}
	return &note
}
