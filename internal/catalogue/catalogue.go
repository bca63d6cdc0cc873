package catalogue

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Catalogue is the embedded data, indexed. It never changes after Load.
type Catalogue struct {
	regions        []barometer.Region
	municipalities []barometer.Municipality
	byCode         map[string]*barometer.Municipality
	byName         map[string]string // folded name or alias -> code
	themes         []themeEntry
	requirements   []requirement // in catalogue order: theme, then position
	practices      []practice
	sources        []barometer.Source
	codes          []code
	notices        map[string]barometer.Text
	History        History
}

type themeEntry struct {
	barometer.Theme
	name barometer.Text
}

type requirement struct {
	barometer.Requirement
	question barometer.Text
	place    int // of the theme
}

type practice struct {
	barometer.Practice
	requirement string
	name        barometer.Text
}

type code struct {
	list, code        string
	name, description barometer.Text
	of                []string
}

// Load reads the embedded data. An error means that the data itself is wrong.
func Load() (*Catalogue, error) {
	c := &Catalogue{
		byCode:  map[string]*barometer.Municipality{},
		byName:  map[string]string{},
		notices: map[string]barometer.Text{},
	}
	err := errors.Join(c.loadRegions(), c.loadMunicipalities(), c.loadThemes(), c.loadRequirements(), c.loadPractices(),
		c.loadSources(), c.loadCodes(), c.History.load())
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Catalogue) loadRegions() error {
	return read("regions", func(r row) {
		c.regions = append(c.regions, barometer.Region{
			Slug: r.text("region"), Code: r.optional("code"), Name: r.text("name"), From: r.text("from"), To: r.optional("to"),
		})
	})
}

// loadMunicipalities gives each its region, and Region Østdanmark after it where its region ends.
func (c *Catalogue) loadMunicipalities() error {
	aliases := map[string][]string{}
	err := read("aliases", func(r row) {
		aliases[r.text("municipality")] = append(aliases[r.text("municipality")], r.text("alias"))
	})
	err = errors.Join(err, read("municipalities", func(r row) {
		m := barometer.Municipality{Code: r.text("code"), Name: r.text("name"), Aliases: aliases[r.text("code")]}
		if m.Aliases == nil {
			m.Aliases = []string{}
		}
		for _, region := range c.regions {
			if region.Code == nil || *region.Code != r.text("region_code") {
				continue
			}
			m.Regions = append(m.Regions, membership(region))
			if region.To != nil {
				m.Regions = append(m.Regions, membership(c.regions[slices.IndexFunc(c.regions, isOestdanmark)]))
			}
		}
		c.municipalities = append(c.municipalities, m)
	}))
	slices.SortFunc(c.municipalities, func(a, b barometer.Municipality) int { return cmp.Compare(a.Code, b.Code) })
	for i := range c.municipalities {
		m := &c.municipalities[i]
		c.byCode[m.Code] = m
		for _, name := range append([]string{m.Name}, m.Aliases...) {
			c.byName[fold(name)] = m.Code
		}
	}
	return err
}

func isOestdanmark(r barometer.Region) bool { return r.Slug == "oestdanmark" }

func membership(r barometer.Region) barometer.Membership {
	return barometer.Membership{Region: r.Slug, RegionCode: r.Code, RegionName: r.Name, From: r.From, To: r.To}
}

func (c *Catalogue) loadThemes() error {
	err := read("themes", func(r row) {
		c.themes = append(c.themes, themeEntry{
			barometer.Theme{Code: r.text("code"), Position: r.required("position"), Origin: r.text("origin")}, r.labels("name"),
		})
	})
	slices.SortFunc(c.themes, func(a, b themeEntry) int { return cmp.Compare(a.Position, b.Position) })
	return err
}

func (c *Catalogue) loadRequirements() error {
	err := read("requirements", func(r row) {
		c.requirements = append(c.requirements, requirement{
			barometer.Requirement{
				Code: r.text("code"), Theme: r.text("theme"), Position: r.required("position"),
				WordingVerified: r.text("wording_verified") == "yes", Unit: barometer.Unit(r.text("unit")),
				Precondition: r.optional("precondition"), Deadline: r.optional("deadline"),
				LegalBasis: r.text("legal_basis"), LegalBasisVerified: r.text("legal_basis_verified") == "yes",
				Law: r.text("law"), DecisionsFrom: r.optional("decisions_from"), DecisionsTo: r.optional("decisions_to"),
				Successors: []string{}, RoundsSeen: r.years("rounds_seen"), Note: r.optional("note"),
			},
			r.labels("question"),
			slices.IndexFunc(c.themes, func(t themeEntry) bool { return t.Code == r.text("theme") }),
		})
	})
	slices.SortStableFunc(c.requirements, func(a, b requirement) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.Position, b.Position))
	})
	return err
}

func (c *Catalogue) loadPractices() error {
	return read("practices", func(r row) {
		c.practices = append(c.practices, practice{
			barometer.Practice{
				Code: r.text("code"), RoundsFrom: r.year("rounds_from"), RoundsTo: r.year("rounds_to"), Source: r.text("source"),
			},
			r.text("requirement"), r.labels("name"),
		})
	})
}

func (c *Catalogue) loadSources() error {
	err := read("sources", func(r row) {
		c.sources = append(c.sources, barometer.Source{
			ID: r.text("id"), Title: r.text("title"), Publisher: r.text("publisher"), Date: r.text("date"), URL: r.optional("url"),
		})
	})
	slices.SortFunc(c.sources, func(a, b barometer.Source) int { return cmp.Compare(a.ID, b.ID) })
	return err
}

func (c *Catalogue) loadCodes() error {
	return read("codelists", func(r row) {
		entry := code{
			r.text("list"), r.text("code"), r.labels("name"), r.labels("description"), strings.Fields(r.text("for")),
		}
		c.codes = append(c.codes, entry)
		if entry.list == "notices" {
			c.notices[entry.code] = entry.description
		}
	})
}
