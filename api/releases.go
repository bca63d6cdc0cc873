package api

import (
	"bytes"
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
		return r.ReleaseNumbered(r.releaseNumber(c))
	})
}

// releaseNumber reads the release of a path; 0, which is none, for what is no number.
func (r reader) releaseNumber(c echo.Context) int {
	text := c.Param("release")
	if text == "latest" {
		return r.Release().Number
	}
	n, err := strconv.Atoi(text)
	if err != nil || strconv.Itoa(n) != text {
		return 0
	}
	return n
}

// listReleaseChanges serves what differs between a release and the one before it, by key: each figure that was added,
// altered or removed, with what it was, what it is, and the reason given.
//
//	@Summary	List the changes of a release
//	@ID			listReleaseChanges
//	@Tags		releases
//	@Param		release	path		string		true	"Number, or latest"	example(latest)
//	@Param		q		query		listQuery	false	"Page"
//	@Success	200		{object}	barometer.Page[barometer.ReleaseChange]
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/releases/{release}/changes [get]
func (h *handler) listReleaseChanges(c echo.Context) error {
	var q listQuery
	return h.read(c, &q, func(r reader) (any, error) {
		after, err := cursorOf[barometer.ReleaseChange](q)
		if err != nil {
			return nil, err
		}
		changes, err := r.Changes(c.Request().Context(), h.store, r.releaseNumber(c), after, q.Limit+1)
		for i := range changes {
			changes[i].Notices = r.ChangeNotices(changes[i], r.lang)
		}
		return pageOf(changes, q, func(x barometer.ReleaseChange) string { return x.Key }), err
	})
}

// getReleaseData serves every result of a release as it was released, one JSON object a line, by key. SHA-256 of it is
// the release's checksum, unless something was withdrawn from it since.
//
//	@Summary	Read the data of a release
//	@ID			getReleaseData
//	@Tags		releases
//	@Produce	application/x-ndjson
//	@Param		release	path		string	true	"Number, or latest"	example(latest)
//	@Success	200		{string}	string	"One result a line"
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/releases/{release}/data [get]
func (h *handler) getReleaseData(c echo.Context) error {
	snapshot := h.current.Snapshot()
	r := reader{Snapshot: snapshot, cat: snapshot.Catalogue()}
	if _, err := r.bind(c.Request().URL.RawQuery, &struct{}{}); err != nil {
		return err
	}
	var lines bytes.Buffer
	err := r.Data(c.Request().Context(), h.store, r.releaseNumber(c), func(line string) error {
		lines.WriteString(line)
		return lines.WriteByte('\n')
	})
	if err != nil {
		return err
	}
	return send(c, newBody("application/x-ndjson", lines.Bytes()))
}
