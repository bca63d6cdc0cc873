package api

import (
	"fmt"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// listReleases serves the releases, the oldest first. Each is the whole published data set after one act of publishing.
//
//	@Summary	List the releases
//	@ID			listReleases
//	@Tags		releases
//	@Param		q		query		listQuery	false	"Page"
//	@Success	200		{object}	barometer.Page[barometer.Release]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/releases [get]
func (h *handler) listReleases(c echo.Context) error {
	var q listQuery
	return h.read(c, &q, func(r reader) (any, error) {
		return page(r.Releases(), q, func(x barometer.Release) string { return fmt.Sprintf("%09d", x.Number) })
	})
}

// getRelease serves one release: the rounds in it, the number of its figures, and their checksum.
//
//	@Summary	Read a release
//	@ID			getRelease
//	@Tags		releases
//	@Param		release	path		string		true	"Number, or latest"	example(latest)
//	@Param		q		query		readQuery	false	"Language"
//	@Success	200		{object}	barometer.Release
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/releases/{release} [get]
func (h *handler) getRelease(c echo.Context) error {
	var q readQuery
	return h.read(c, &q, func(r reader) (any, error) {
		if c.Param("release") == "latest" {
			return r.Release(), nil
		}
		for _, release := range r.Releases() {
			if strconv.Itoa(release.Number) == c.Param("release") {
				return release, nil
			}
		}
		return nil, barometer.Errorf(barometer.NotFound, "There is no such release. Releases have numbers from 1 to %d; latest is the newest.", r.Release().Number)
	})
}
