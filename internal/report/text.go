package report

import (
	"slices"

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
