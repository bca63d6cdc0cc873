package report

import (
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// askedOtherwise is a requirement that a round asked, or judged, otherwise than the catalogue has it.
type askedOtherwise struct {
	Requirement string  `json:"requirement"`
	Practice    string  `json:"practice,omitempty"`
	QuestionDa  *string `json:"question_da,omitempty"`
	QuestionEn  *string `json:"question_en,omitempty"`
}

// askedList holds what a round asked otherwise, by requirement.
type askedList []askedOtherwise

// otherwise keeps what of a round's requirements is not as the catalogue has it.
func otherwise(cat *catalogue.Catalogue, asked []barometer.RoundRequirement) askedList {
	var list askedList
	for _, a := range asked {
		o := askedOtherwise{Requirement: a.Requirement, QuestionDa: a.QuestionDa, QuestionEn: a.QuestionEn}
		if a.Practice != cat.Practice(a.Requirement, a.Round) {
			o.Practice = a.Practice
		}
		if o != (askedOtherwise{Requirement: a.Requirement}) {
			list = append(list, o)
		}
	}
	return list
}

func (l askedList) find(requirement string) askedOtherwise {
	i := slices.IndexFunc(l, func(o askedOtherwise) bool { return o.Requirement == requirement })
	if i < 0 {
		return askedOtherwise{}
	}
	return l[i]
}

// practice gives the practice that a round judged a requirement by, "" where there is none.
func (l askedList) practice(cat *catalogue.Catalogue, requirement string, year barometer.Year) string {
	if own := l.find(requirement).Practice; own != "" {
		return own
	}
	return cat.Practice(requirement, year)
}

// question gives the question of a requirement as a round put it, in a language; without the round's own wording in that
// language it is the catalogue's. Nil for a requirement that is in no catalogue.
func (l askedList) question(cat *catalogue.Catalogue, requirement string, lang barometer.Lang) *string {
	own := l.find(requirement)
	switch {
	case lang == barometer.English && own.QuestionEn != nil:
		return own.QuestionEn
	case lang != barometer.English && own.QuestionDa != nil:
		return own.QuestionDa
	}
	if q, known := cat.Requirement(requirement, lang); known {
		return &q.Question
	}
	return nil
}
