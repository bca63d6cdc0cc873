package barometer

import (
	"fmt"
	"slices"
	"strings"
)

// Judged is how far the figures of two rounds can be compared.
type Judged string

// The judgements, worst first.
const (
	NotComparable Judged = "not_comparable"
	WithCaveat    Judged = "with_caveat"
	NotJudged     Judged = "not_judged"
	Comparable    Judged = "comparable"
)

var worstFirst = []Judged{NotComparable, WithCaveat, NotJudged, Comparable}

// WorseThan tells whether a judgement is worse than another.
func (j Judged) WorseThan(other Judged) bool {
	return slices.Index(worstFirst, j) < slices.Index(worstFirst, other)
}

// JudgementKind tells a break in a series from a judgement of two rounds.
type JudgementKind string

// The kinds.
const (
	Break JudgementKind = "break"
	Pair  JudgementKind = "pair"
)

// Judgement is a recorded judgement of comparability: an opinion with an author, which may be disputed. A break says
// "from this round on"; a pair is about two rounds.
type Judgement struct {
	// ID is `break.REQUIREMENT.SINCE` or `pair.REQUIREMENT.FROM.TO`.
	ID          string        `json:"id" gorm:"primaryKey" example:"break.investigation_within_four_months.2023"`
	Kind        JudgementKind `json:"kind" enums:"break,pair" example:"break"`
	Requirement string        `json:"requirement" example:"investigation_within_four_months"`
	// SinceRound is the first round after a break; null for a pair.
	SinceRound *Year `json:"since_round" example:"2023"`
	// FromRound is the earlier round of a pair; null for a break.
	FromRound *Year `json:"from_round"`
	// ToRound is the later round of a pair; null for a break.
	ToRound   *Year   `json:"to_round"`
	Judgement Judged  `json:"judgement" enums:"comparable,with_caveat,not_comparable,not_judged" example:"with_caveat"`
	Reason    string  `json:"reason" example:"practice_changed"`
	Effect    *string `json:"effect" enums:"stricter,looser,unknown" example:"stricter"`
	// JudgedBy is the author: `municipality`, `publisher` (Ankestyrelsen) or `service` (the editors of this service).
	JudgedBy string `json:"judged_by" example:"municipality"`
	// Date of the judgement; null until found.
	Date   *string `json:"date" format:"date"`
	NoteDa string  `json:"note_da" example:"Partshøringsmødet medregnes i fristen på 4 måneder."`
	NoteEn string  `json:"note_en" example:"The party-hearing meeting now counts inside the four months."`
	Source string  `json:"source" example:"ishoej-memo"`
}

// Comparability of one requirement between two rounds, as it stands on a change.
type Comparability struct {
	Judgement Judged   `json:"judgement" enums:"comparable,with_caveat,not_comparable,not_judged" example:"with_caveat"`
	Reasons   []string `json:"reasons" example:"practice_changed"`
	Effect    *string  `json:"effect" enums:"stricter,looser,unknown" example:"stricter"`
	Note      *string  `json:"note" example:"Partshøringsmødet medregnes i fristen på 4 måneder."`
	JudgedBy  *string  `json:"judged_by" example:"municipality"`
	Source    *string  `json:"source" example:"ishoej-memo"`
}

// Compare finds the comparability of a requirement from an earlier round to a later one: an exact pair decides;
// otherwise the worst break between the two; otherwise it is not judged.
func Compare(judgements []Judgement, requirement string, from, to Year, lang Lang) Comparability {
	var deciding []Judgement
	for _, j := range judgements {
		switch {
		case j.Requirement != requirement:
		case j.isPairOf(from, to):
			return comparabilityOf([]Judgement{j}, lang)
		case !j.breaksBetween(from, to):
		case len(deciding) == 0 || j.Judgement.WorseThan(deciding[0].Judgement):
			deciding = []Judgement{j}
		case j.Judgement == deciding[0].Judgement:
			deciding = append(deciding, j)
		}
	}
	return comparabilityOf(deciding, lang)
}

func (j Judgement) isPairOf(from, to Year) bool {
	return j.Kind == Pair && j.FromRound != nil && j.ToRound != nil && *j.FromRound == from && *j.ToRound == to
}

func (j Judgement) breaksBetween(from, to Year) bool {
	return j.Kind == Break && j.SinceRound != nil && from < *j.SinceRound && *j.SinceRound <= to
}

// comparabilityOf tells judgements of one and the same worth as one: all their reasons and notes, the first one's details.
func comparabilityOf(deciding []Judgement, lang Lang) Comparability {
	c := Comparability{Judgement: NotJudged, Reasons: []string{}}
	for _, j := range deciding {
		note := Text{Da: j.NoteDa, En: j.NoteEn}.In(lang)
		c = c.And(Comparability{
			Judgement: j.Judgement, Reasons: []string{j.Reason}, Effect: j.Effect, Note: &note, JudgedBy: &j.JudgedBy, Source: &j.Source,
		})
	}
	return c
}

// And tells two judgements of the same worth as one: all their reasons and notes, the first one's details. One without
// reasons adds nothing.
func (c Comparability) And(other Comparability) Comparability {
	switch {
	case len(other.Reasons) == 0:
		return c
	case len(c.Reasons) == 0:
		return other
	}
	reasons := slices.Clone(c.Reasons)
	for _, reason := range other.Reasons {
		if !slices.Contains(reasons, reason) {
			reasons = append(reasons, reason)
		}
	}
	c.Reasons = reasons
	switch {
	case c.Note == nil:
		c.Note = other.Note
	case other.Note != nil && !strings.Contains(*c.Note, *other.Note):
		both := *c.Note + " " + *other.Note
		c.Note = &both
	}
	return c
}

// NaturalID gives the id that follows from what is judged.
func (j Judgement) NaturalID() string {
	if j.Kind == Break {
		return fmt.Sprintf("break.%s.%d", j.Requirement, *j.SinceRound)
	}
	return fmt.Sprintf("pair.%s.%d.%d", j.Requirement, *j.FromRound, *j.ToRound)
}

// Apply gives a judgement of the same rounds with this opinion.
func (p JudgementPatch) Apply(to Judgement) Judgement {
	to.Judgement, to.Reason, to.Effect, to.JudgedBy, to.Date = p.Judgement, p.Reason, p.Effect, p.JudgedBy, p.Date
	to.NoteDa, to.NoteEn, to.Source = p.NoteDa, p.NoteEn, p.Source
	return to
}

// Patch gives what of the judgement can be changed, as it is.
func (j Judgement) Patch() JudgementPatch {
	return JudgementPatch{
		Judgement: j.Judgement, Reason: j.Reason, Effect: j.Effect, JudgedBy: j.JudgedBy, Date: j.Date,
		NoteDa: j.NoteDa, NoteEn: j.NoteEn, Source: j.Source,
	}
}
