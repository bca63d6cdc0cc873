package catalogue

import (
	"cmp"
	"slices"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Regions gives the regions, by their slug.
func (c *Catalogue) Regions() []barometer.Region { return c.regions }

// Municipalities gives those that are or will be members of any of the regions; all of them without a filter.
func (c *Catalogue) Municipalities(filter barometer.MunicipalityFilter) []barometer.Municipality {
	if len(filter.Region) == 0 {
		return c.municipalities
	}
	var found []barometer.Municipality
	for _, m := range c.municipalities {
		if slices.ContainsFunc(m.Regions, func(r barometer.Membership) bool {
			return slices.Contains(filter.Region, r.Region) || r.RegionCode != nil && slices.Contains(filter.Region, *r.RegionCode)
		}) {
			found = append(found, m)
		}
	}
	return found
}

// Municipality finds a municipality by its code.
func (c *Catalogue) Municipality(code string) (barometer.Municipality, bool) {
	m, ok := c.byCode[code]
	if !ok {
		return barometer.Municipality{}, false
	}
	return *m, true
}

// FindMunicipality gives the code of a municipality by its code, its name or an alias, however the letters are cased
// and composed.
func (c *Catalogue) FindMunicipality(text string) (string, bool) {
	if _, ok := c.byCode[text]; ok {
		return text, true
	}
	code, ok := c.byName[fold(text)]
	return code, ok
}

// fold makes spellings that differ only in case or in how Danish letters are composed alike. The decomposed forms that
// occur are å and Å; é and the like do not stand in a municipality's name.
func fold(name string) string {
	return strings.ToLower(composed.Replace(strings.TrimSpace(name)))
}

var composed = strings.NewReplacer("a\u030a", "å", "A\u030a", "Å")

// AreaName gives the name of an area: of a municipality, or of the country in the language.
func (c *Catalogue) AreaName(area string, lang barometer.Lang) string {
	if area == barometer.Country {
		return barometer.Text{Da: "Hele landet", En: "Denmark"}.In(lang)
	}
	return c.byCode[area].Name
}

// Themes gives the themes in catalogue order.
func (c *Catalogue) Themes(lang barometer.Lang) []barometer.Theme {
	out := make([]barometer.Theme, len(c.themes))
	for i, t := range c.themes {
		out[i] = t.Theme
		out[i].Name = t.name.In(lang)
	}
	return out
}

// ThemeName gives the name of a theme.
func (c *Catalogue) ThemeName(code string, lang barometer.Lang) string {
	for _, t := range c.themes {
		if t.Code == code {
			return t.name.In(lang)
		}
	}
	return ""
}

// Requirements gives the requirements in catalogue order.
func (c *Catalogue) Requirements(lang barometer.Lang) []barometer.Requirement {
	out := make([]barometer.Requirement, len(c.requirements))
	for i, r := range c.requirements {
		out[i] = r.Requirement
		out[i].Question = r.question.In(lang)
		out[i].Practices = c.practicesOf(r.Code, lang)
	}
	return out
}

// Requirement finds a requirement by its code.
func (c *Catalogue) Requirement(code string, lang barometer.Lang) (barometer.Requirement, bool) {
	i := slices.IndexFunc(c.requirements, func(r requirement) bool { return r.Code == code })
	if i < 0 {
		return barometer.Requirement{}, false
	}
	r := c.requirements[i]
	r.Requirement.Question = r.question.In(lang)
	r.Requirement.Practices = c.practicesOf(code, lang)
	return r.Requirement, true
}

// Order gives the place of a requirement or a theme in the catalogue: themes come before their requirements.
func (c *Catalogue) Order(theme, requirement string) int {
	place := slices.IndexFunc(c.themes, func(t themeEntry) bool { return t.Code == theme })
	within := 0
	for _, r := range c.requirements {
		if r.Code == requirement {
			within = r.Position
		}
	}
	return 100*place + within
}

func (c *Catalogue) practicesOf(requirement string, lang barometer.Lang) []barometer.Practice {
	out := []barometer.Practice{}
	for _, p := range c.practices {
		if p.requirement == requirement {
			p.Practice.Name = p.name.In(lang)
			out = append(out, p.Practice)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, p := range c.practices {
		if p.requirement == everyRequirement {
			p.Practice.Name = p.name.In(lang)
			out = append(out, p.Practice)
		}
	}
	return out
}

// everyRequirement marks the practice of requirements that have none of their own.
const everyRequirement = "*"

// Practice gives the code of the practice by which a requirement was judged in a round.
func (c *Catalogue) Practice(requirement string, round barometer.Year) string {
	for _, p := range c.practicesOf(requirement, barometer.Danish) {
		if (p.RoundsFrom == nil || *p.RoundsFrom <= round) && (p.RoundsTo == nil || round <= *p.RoundsTo) {
			return p.Code
		}
	}
	return ""
}

// Sources gives the sources, by their id.
func (c *Catalogue) Sources() []barometer.Source { return c.sources }

// Source finds a source by its id.
func (c *Catalogue) Source(id string) (barometer.Source, bool) {
	i, ok := slices.BinarySearchFunc(c.sources, id, func(s barometer.Source, id string) int { return cmp.Compare(s.ID, id) })
	if !ok {
		return barometer.Source{}, false
	}
	return c.sources[i], true
}

// CodeLists gives the names of the code lists.
func (c *Catalogue) CodeLists() []string {
	var names []string
	for _, entry := range c.codes {
		if !slices.Contains(names, entry.list) {
			names = append(names, entry.list)
		}
	}
	return names
}

// CodeList gives the codes of a list with their texts, in an order that carries meaning; none where there is no list of
// that name.
func (c *Catalogue) CodeList(name string, lang barometer.Lang) []barometer.Code {
	var codes []barometer.Code
	for _, entry := range c.codes {
		if entry.list == name {
			codes = append(codes, barometer.Code{
				Code: entry.code, Name: entry.name.In(lang), Description: entry.description.In(lang), For: entry.of,
			})
		}
	}
	return codes
}

// Notice gives a notice with its text.
func (c *Catalogue) Notice(code string, lang barometer.Lang) barometer.Notice {
	return barometer.Notice{Code: code, Text: c.notices[code].In(lang)}
}

// SyntheticRequirements lists the requirements a synthetic round asks, in catalogue order: the 13 that Norddjurs'
// memo has for 2023, the fullest published list.
func (c *Catalogue) SyntheticRequirements() []barometer.Requirement {
	var asked []barometer.Requirement
	for _, r := range c.Requirements(barometer.Danish) {
		if slices.ContainsFunc(c.History.Reported, func(f barometer.ReportedResult) bool {
			return f.Round == 2023 && f.Area == "0707" && f.Requirement == r.Code
		}) {
			asked = append(asked, r)
		}
	}
	return asked
}
