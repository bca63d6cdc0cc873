package intake

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// vocabulary knows the codes that cells hold by what people call them, in Danish and English.
type vocabulary struct {
	outcomes, reasons, caseTypes, origins wordList
}

// wordList of one list of codes.
type wordList struct {
	codes map[string]string // by code or label, folded
	names map[string]string // Danish label by code
}

func newVocabulary(cat *catalogue.Catalogue) vocabulary {
	return vocabulary{wordsOf(cat, "outcomes"), wordsOf(cat, "reasons"), wordsOf(cat, "case_types"), wordsOf(cat, "origins")}
}

func wordsOf(cat *catalogue.Catalogue, list string) wordList {
	words := wordList{map[string]string{}, map[string]string{}}
	for _, lang := range []barometer.Lang{barometer.English, barometer.Danish} {
		for _, c := range cat.CodeList(list, lang) {
			words.codes[c.Code], words.codes[fold(c.Name)], words.names[c.Code] = c.Code, c.Code, c.Name
		}
	}
	return words
}

// code gives the code of what a cell says, and what it says where there is none.
func (w wordList) code(text string) string {
	if code, ok := w.codes[text]; ok {
		return code
	}
	if code, ok := w.codes[fold(text)]; ok {
		return code
	}
	return text
}

// fold makes alike what differs in case, spaces and composition alone.
func fold(text string) string {
	return strings.ToLower(norm.NFC.String(strings.Join(strings.Fields(text), " ")))
}

// dashes that stand between an outcome and its reason.
var dashes = strings.NewReplacer(" – ", "/", " — ", "/", " - ", "/")

// cutOutcome takes a cell of a workbook apart: an outcome, and its reason where it takes one.
func cutOutcome(cell string) (outcome, reason string) {
	outcome, reason, _ = strings.Cut(dashes.Replace(cell), "/")
	return strings.TrimSpace(outcome), strings.TrimSpace(reason)
}

// label says an assessment as the workbook does: "Opfyldt", "Ikke relevant – Endnu ikke forfaldent".
func (v vocabulary) label(a barometer.Assessment) string {
	label := v.outcomes.names[string(a.Outcome)]
	if a.Reason != "" {
		label += " – " + v.reasons.names[string(a.Reason)]
	}
	return label
}

// assessments lists all that can be entered, in the order of the code lists: without a reason first.
func assessments() []barometer.Assessment {
	var plain, reasoned []barometer.Assessment
	for _, o := range barometer.Outcomes() {
		if len(o.Reasons()) == 0 {
			plain = append(plain, barometer.Assessment{Outcome: o})
		}
		for _, r := range o.Reasons() {
			reasoned = append(reasoned, barometer.Assessment{Outcome: o, Reason: r})
		}
	}
	return append(plain, reasoned...)
}
