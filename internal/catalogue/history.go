package catalogue

import (
	"errors"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// History is what was published of the rounds before this service: nothing of it is invented, and a percent that was
// printed without counts stays without.
type History struct {
	Rounds         []barometer.Round
	Participations []barometer.Participation
	Reported       []barometer.ReportedResult
	Periods        []barometer.ReportedPeriod
	Judgements     []barometer.Judgement
}

func (h *History) load() error {
	return errors.Join(h.loadRounds(), h.loadParticipations(), h.loadReported(), h.loadPeriods(), h.loadJudgements())
}

func (h *History) loadRounds() error {
	return read("rounds", func(r row) {
		year := barometer.Year(r.required("round"))
		h.Rounds = append(h.Rounds, barometer.Round{
			Year: year, Origin: year.Origin(), Kind: r.text("kind"), Law: r.text("law"), Status: barometer.Published,
			Participants: r.number("participants"), Cases: r.number("cases"), CouldBeDrawn: r.number("could_be_drawn"),
			Note: r.optional("note"),
		})
	})
}

func (h *History) loadParticipations() error {
	return read("participations", func(r row) {
		h.Participations = append(h.Participations, barometer.Participation{
			Round: barometer.Year(r.required("round")), Municipality: r.text("municipality"),
			Cases: r.number("cases"), Source: r.optional("source"),
		})
	})
}

func (h *History) loadReported() error {
	return read("published-results", func(r row) {
		h.Reported = append(h.Reported, barometer.ReportedResult{
			Round: barometer.Year(r.required("round")), Area: r.text("area"), Requirement: r.text("requirement"),
			Met: r.number("met"), Assessed: r.number("assessed"), Percent: r.required("percent"), Cases: r.number("cases"),
			Source: r.text("source"), PrintedAs: r.optional("printed_as"), Note: r.optional("note"),
		})
	})
}

func (h *History) loadPeriods() error {
	return read("published-periods", func(r row) {
		h.Periods = append(h.Periods, barometer.ReportedPeriod{
			Rounds: r.text("rounds"), Area: r.text("area"), Requirement: r.text("requirement"),
			Percent: r.required("percent"), Cases: r.number("cases"), Source: r.text("source"),
		})
	})
}

func (h *History) loadJudgements() error {
	return read("comparability", func(r row) {
		j := barometer.Judgement{
			Kind: barometer.JudgementKind(r.text("kind")), Requirement: r.text("requirement"),
			FromRound: r.year("from_round"), ToRound: r.year("to_round"), SinceRound: r.year("since_round"),
			Judgement: barometer.Judged(r.text("judgement")), Reason: r.text("reason"), Effect: r.optional("effect"),
			JudgedBy: r.text("judged_by"), NoteDa: r.text("note_da"), NoteEn: r.text("note_en"), Source: r.text("source"),
		}
		j.ID = j.NaturalID()
		h.Judgements = append(h.Judgements, j)
	})
}
