package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

type municipalitiesQuery struct {
	listQuery
	// Region keeps the municipalities that are or will be members of any of these regions, by slug or code.
	Region []string `query:"region" codes:"region" example:"midtjylland"`
}

type requirementsQuery struct {
	listQuery
	// Theme keeps the requirements of any of these themes.
	Theme []string `query:"theme" codes:"theme" example:"involvement"`
}

// listRegions serves the regions. Region Østdanmark follows Hovedstaden and Sjælland on 1 January 2027 and has no
// published code yet.
//
//	@Summary	List the regions
//	@ID			listRegions
//	@Tags		reference
//	@Param		q		query		listQuery	false	"Page"
//	@Success	200		{object}	barometer.Page[barometer.Region]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/regions [get]
func (h *handler) listRegions(c echo.Context) error {
	var q listQuery
	return h.read(c, &q, func(r reader) (any, error) {
		return page(r.cat.Regions(), q, func(region barometer.Region) string { return region.Slug })
	})
}

// listMunicipalities serves the 98 municipalities with their dated region memberships, by code.
//
//	@Summary	List the municipalities
//	@ID			listMunicipalities
//	@Tags		reference
//	@Param		q		query		municipalitiesQuery	false	"Filter and page"
//	@Success	200		{object}	barometer.Page[barometer.Municipality]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/municipalities [get]
func (h *handler) listMunicipalities(c echo.Context) error {
	var q municipalitiesQuery
	return h.read(c, &q, func(r reader) (any, error) {
		found := r.cat.Municipalities(barometer.MunicipalityFilter{Region: q.Region})
		return page(found, q.listQuery, func(m barometer.Municipality) string { return m.Code })
	})
}

// getMunicipality serves a municipality with the rounds it is recorded to have taken part in.
//
//	@Summary	Read a municipality
//	@ID			getMunicipality
//	@Tags		reference
//	@Param		municipality	path		string		true	"Four-digit code"	example(0707)
//	@Param		q				query		readQuery	false	"Language"
//	@Success	200				{object}	barometer.MunicipalityDetail
//	@Failure	default			{object}	barometer.Problem	"Any failure"
//	@Router		/v1/municipalities/{municipality} [get]
func (h *handler) getMunicipality(c echo.Context) error {
	var q readQuery
	return h.read(c, &q, func(r reader) (any, error) {
		code, err := r.municipality(c)
		if err != nil {
			return nil, err
		}
		return r.MunicipalityDetail(code)
	})
}

// listThemes serves the themes, by code; `position` gives their order in the catalogue.
//
//	@Summary	List the themes
//	@ID			listThemes
//	@Tags		reference
//	@Param		q		query		listQuery	false	"Page"
//	@Success	200		{object}	barometer.Page[barometer.Theme]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/themes [get]
func (h *handler) listThemes(c echo.Context) error {
	var q listQuery
	return h.read(c, &q, func(r reader) (any, error) {
		return page(r.cat.Themes(r.lang), q, func(t barometer.Theme) string { return t.Code })
	})
}

// listRequirements serves the requirements by code, with their legal basis and what of them was verified in a source.
//
//	@Summary	List the requirements
//	@ID			listRequirements
//	@Tags		reference
//	@Param		q		query		requirementsQuery	false	"Filter and page"
//	@Success	200		{object}	barometer.Page[barometer.Requirement]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/requirements [get]
func (h *handler) listRequirements(c echo.Context) error {
	var q requirementsQuery
	return h.read(c, &q, func(r reader) (any, error) {
		found := slices.DeleteFunc(r.cat.Requirements(r.lang), func(x barometer.Requirement) bool {
			return q.Theme != nil && !slices.Contains(q.Theme, x.Theme)
		})
		return page(found, q.listQuery, func(x barometer.Requirement) string { return x.Code })
	})
}

// getRequirement serves one requirement.
//
//	@Summary	Read a requirement
//	@ID			getRequirement
//	@Tags		reference
//	@Param		requirement	path		string		true	"Code"	example(investigation_within_four_months)
//	@Param		q			query		readQuery	false	"Language"
//	@Success	200			{object}	barometer.Requirement
//	@Failure	default		{object}	barometer.Problem	"Any failure"
//	@Router		/v1/requirements/{requirement} [get]
func (h *handler) getRequirement(c echo.Context) error {
	var q readQuery
	return h.read(c, &q, func(r reader) (any, error) {
		code, err := r.requirement(c)
		if err != nil {
			return nil, err
		}
		found, _ := r.cat.Requirement(code, r.lang)
		return found, nil
	})
}

// listCodes serves the codes of one field with their names and meanings, in the order of the list. Lists are open: new
// codes may come.
//
//	@Summary	Read a code list
//	@ID			listCodes
//	@Tags		reference
//	@Param		name	path		string		true	"Name of the list"	example(statuses)
//	@Param		q		query		listQuery	false	"Page"
//	@Success	200		{object}	barometer.Page[barometer.Code]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/codelists/{name} [get]
func (h *handler) listCodes(c echo.Context) error {
	var q listQuery
	return h.read(c, &q, func(r reader) (any, error) {
		codes := r.cat.CodeList(c.Param("name"), r.lang)
		if codes == nil {
			return nil, barometer.Errorf(barometer.NotFound, "There is no such code list. There are: %s.", strings.Join(r.cat.CodeLists(), ", "))
		}
		place := func(code barometer.Code) string {
			return fmt.Sprintf("%03d", slices.IndexFunc(codes, func(other barometer.Code) bool { return other.Code == code.Code }))
		}
		return page(codes, q, place)
	})
}

// listSources serves the sources of figures and judgements, by id.
//
//	@Summary	List the sources
//	@ID			listSources
//	@Tags		reference
//	@Param		q		query		listQuery	false	"Page"
//	@Success	200		{object}	barometer.Page[barometer.Source]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/sources [get]
func (h *handler) listSources(c echo.Context) error {
	var q listQuery
	return h.read(c, &q, func(r reader) (any, error) {
		return page(r.cat.Sources(), q, func(s barometer.Source) string { return s.ID })
	})
}

// getSource serves one source.
//
//	@Summary	Read a source
//	@ID			getSource
//	@Tags		reference
//	@Param		source	path		string		true	"Id"	example(norddjurs-memo)
//	@Param		q		query		readQuery	false	"Language"
//	@Success	200		{object}	barometer.Source
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/sources/{source} [get]
func (h *handler) getSource(c echo.Context) error {
	var q readQuery
	return h.read(c, &q, func(r reader) (any, error) {
		source, ok := r.cat.Source(c.Param("source"))
		if !ok {
			return nil, barometer.Errorf(barometer.NotFound, "There is no such source; see /v1/sources.")
		}
		return source, nil
	})
}
