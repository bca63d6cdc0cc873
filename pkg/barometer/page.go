package barometer

// Page is one page of a list, in the order that the list's description names.
type Page[T any] struct {
	Items []T `json:"items"`
	// NextCursor asks for the next page; null on the last.
	NextCursor *string `json:"next_cursor"`
}

// ResultPage is one page of results.
type ResultPage struct {
	Page[Result]
	// WithoutFigure counts, with `percent_below`, the results of all pages that every other filter keeps and that have no
	// percent, by status: they are missing, and not below anything. Absent without `percent_below`.
	WithoutFigure []StatusCount `json:"without_figure,omitzero"`
	// Notices, with `percent_below`, are what must be shown with the whole list: `participants_unknown` where a round had
	// more participants than are known, of whom nothing is listed. Absent without `percent_below`.
	Notices []Notice `json:"notices,omitzero"`
}

// Problem is the answer to a request that failed: RFC 9457, application/problem+json.
type Problem struct {
	// Type resolves to a page that explains the code at its end.
	Type   string `json:"type" format:"uri-reference" example:"/problems/not_found"`
	Title  string `json:"title" example:"Not found"`
	Status int    `json:"status" example:"404"`
	Detail string `json:"detail" example:"There is no municipality 0708."`
	// Instance names this very answer, for the log: urn:uuid: and the request id.
	Instance string `json:"instance" format:"uri" example:"urn:uuid:0190f1c2-8a5e-7b3c-9d4e-5f6071829304"`
	// Errors lists every problem of the request at once.
	Errors []FieldError `json:"errors"`
}

// ProblemType explains a sort of problem.
type ProblemType struct {
	Type        string `json:"type" format:"uri-reference" example:"/problems/not_found"`
	Title       string `json:"title" example:"Not found"`
	Status      int    `json:"status" example:"404"`
	Description string `json:"description" example:"There is nothing at this address, or nothing that may be shown."`
}

// Health says that the service is alive, or that it is ready.
type Health struct {
	Status string `json:"status" example:"ok"`
	// Release being served.
	Release int `json:"release" example:"6"`
}
