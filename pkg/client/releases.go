package client

import (
	"context"
	"iter"
	"net/http"
	"strconv"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// ReleaseChanges reads a page of what differs between a release and the one before it, by key.
func (c *Client) ReleaseChanges(ctx context.Context, release int, o ListOptions) (barometer.Page[barometer.ReleaseChange], error) {
	return get[barometer.Page[barometer.ReleaseChange]](ctx, c, o.query(), "v1", "releases", strconv.Itoa(release), "changes")
}

// AllReleaseChanges goes through the changes of every page.
func (c *Client) AllReleaseChanges(ctx context.Context, release int, o ListOptions) iter.Seq2[barometer.ReleaseChange, error] {
	return all(o.Cursor, func(cursor string) (barometer.Page[barometer.ReleaseChange], error) {
		o.Cursor = cursor
		return c.ReleaseChanges(ctx, release, o)
	})
}

// ReleaseData reads every result of a release as it was released, one JSON object a line, by key. SHA-256 of it is the
// release's checksum, unless something was withdrawn from it since.
func (c *Client) ReleaseData(ctx context.Context, release int) ([]byte, error) {
	request, err := c.request(ctx, nil, []string{"v1", "releases", strconv.Itoa(release), "data"})
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/x-ndjson, application/problem+json")
	response, err := c.do(request)
	return response.body, err
}

// Publications reads the publications of a round, the oldest first.
func (c *Client) Publications(ctx context.Context, round barometer.Year, o ListOptions) (barometer.Page[barometer.Publication], error) {
	return get[barometer.Page[barometer.Publication]](ctx, c, o.query(), "v1", "rounds", yearPart(round), "publications")
}

// Publication reads a publication of a round; 410 where it was withdrawn.
func (c *Client) Publication(ctx context.Context, round barometer.Year, revision int) (barometer.Publication, error) {
	return get[barometer.Publication](ctx, c, nil, "v1", "rounds", yearPart(round), "publications", strconv.Itoa(revision))
}

// WithdrawPublication takes a publication back, for a reason that everybody can read, and gives the release without it.
func (c *Client) WithdrawPublication(ctx context.Context, round barometer.Year, revision int, reason string, options ...CallOption) (Versioned[barometer.Release], error) {
	return create[barometer.Release](ctx, c, nil, barometer.WithdrawalInput{Reason: reason}, options,
		"v1", "rounds", yearPart(round), "publications", strconv.Itoa(revision), "withdrawal")
}

// Import formats, by their media types.
const (
	CSV    = "text/csv"
	NDJSON = "application/x-ndjson"
	XLSX   = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// ImportOptions say how a file is taken in.
type ImportOptions struct {
	// MediaType of the file: [CSV], [NDJSON] or [XLSX].
	MediaType string
	// DryRun checks the file and changes nothing.
	DryRun bool
	// Why outcomes that were entered before are changed; needed where the file changes any.
	Why string
}

func (o ImportOptions) send(ctx context.Context, c *Client, file []byte, options []CallOption, path ...string) (Versioned[barometer.Import], error) {
	q := ListOptions{}.query()
	set(q, "why", o.Why)
	if o.DryRun {
		q.Set("dry_run", "true")
	}
	return call[barometer.Import](ctx, c, http.MethodPost, q, payload{o.MediaType, file}, options, path...)
}

// CreateImport takes in a file of outcomes of a round, all of it or nothing.
func (c *Client) CreateImport(ctx context.Context, round barometer.Year, file []byte, o ImportOptions, options ...CallOption) (Versioned[barometer.Import], error) {
	return o.send(ctx, c, file, options, "v1", "rounds", yearPart(round), "imports")
}

// ImportParticipations takes in a list of participations of a round, all of it or nothing.
func (c *Client) ImportParticipations(ctx context.Context, round barometer.Year, file []byte, o ImportOptions, options ...CallOption) (Versioned[barometer.Import], error) {
	return o.send(ctx, c, file, options, "v1", "rounds", yearPart(round), "participations")
}

// Imports reads the receipts of a round, the oldest first.
func (c *Client) Imports(ctx context.Context, round barometer.Year, o ListOptions) (barometer.Page[barometer.Import], error) {
	return get[barometer.Page[barometer.Import]](ctx, c, o.query(), "v1", "rounds", yearPart(round), "imports")
}

// Import reads a receipt.
func (c *Client) Import(ctx context.Context, id string) (barometer.Import, error) {
	return get[barometer.Import](ctx, c, nil, "v1", "imports", id)
}

// Template reads the sheet that the cases of a municipality in a round are entered in.
func (c *Client) Template(ctx context.Context, round barometer.Year, municipality string) ([]byte, error) {
	request, err := c.request(ctx, nil, []string{"v1", "rounds", yearPart(round), "municipalities", municipality, "template"})
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", XLSX+", application/problem+json")
	response, err := c.do(request)
	return response.body, err
}
