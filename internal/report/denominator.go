package report

import (
	"fmt"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Denominator explains the denominator of a requirement in a municipality and round. NotFound where the round is not
// published or does not list the requirement.
func (s *Snapshot) Denominator(year barometer.Year, area, requirement string, lang barometer.Lang) (barometer.Denominator, error) {
	if _, err := s.Round(year); err != nil {
		return barometer.Denominator{}, err
	}
	figures := s.figuresOf(year, area)
	r := figures.requirement(requirement)
	if r == nil {
		return barometer.Denominator{}, barometer.Errorf(barometer.NotFound,
			"Round %d has no requirement %s. It has: %s.", year, requirement, strings.Join(s.data.rounds[year].round.Listed, ", "))
	}
	d := barometer.Denominator{
		Key: r.Key, Round: year, Area: area, Requirement: requirement, Unit: *r.Unit, InSample: r.InSample, Assessed: r.Assessed,
		Met: r.Met, MetByException: r.MetByException, NotMet: r.NotMet,
	}
	if figures.area.Withdrawn != nil {
		withdrawn := figures.area.Withdrawn[*r.Unit]
		d.Withdrawn = &withdrawn
	}
	if r.NotAssessed != nil {
		d.NotAssessed = []barometer.DenominatorPart{}
		sum := *r.Assessed
		for _, n := range r.NotAssessed {
			d.NotAssessed = append(d.NotAssessed, barometer.DenominatorPart{NotAssessedCount: n})
			sum += n.Count
		}
		addsUp := sum == *r.InSample
		d.AddsUp = &addsUp
	}
	d.Text = s.denominatorText(d, r.Status, lang)
	return d, nil
}

// denominatorText says a denominator in one sentence: "15 sager = 6 vurderede + 9 ikke oplyst."
func (s *Snapshot) denominatorText(d barometer.Denominator, status barometer.Status, lang barometer.Lang) string {
	words := map[bool]map[barometer.Lang]string{
		true:  {barometer.Danish: "sager", barometer.English: "cases"},
		false: {barometer.Danish: "underretninger", barometer.English: "notifications"},
	}
	unit := words[d.Unit == barometer.UnitCase][lang]
	if d.AddsUp == nil {
		known := ""
		if d.InSample != nil {
			known = fmt.Sprintf("%d %s. ", *d.InSample, unit)
		}
		for _, code := range s.cat.CodeList("statuses", lang) {
			if code.Code == string(status) {
				return known + code.Description
			}
		}
		return ""
	}
	assessed := barometer.Text{Da: "vurderede", En: "assessed"}.In(lang)
	text := fmt.Sprintf("%d %s = %d %s", *d.InSample, unit, *d.Assessed, assessed)
	for _, n := range d.NotAssessed {
		text += fmt.Sprintf(" + %d %s", n.Count, strings.ToLower(s.codeName("reasons", string(n.Reason), lang)))
	}
	if d.Withdrawn != nil && *d.Withdrawn > 0 {
		text += fmt.Sprintf(barometer.Text{Da: " (%d udgået)", En: " (%d withdrawn)"}.In(lang), *d.Withdrawn)
	}
	return text + "."
}

func (s *Snapshot) codeName(list, code string, lang barometer.Lang) string {
	for _, c := range s.cat.CodeList(list, lang) {
		if c.Code == code {
			return c.Name
		}
	}
	return code
}
