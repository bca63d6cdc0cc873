package barometer

import "time"

// Release (udgivelse) is the whole published data set after the N-th act of publishing: numbered, immutable, citable.
type Release struct {
	Number      int            `json:"release" example:"6"`
	PublishedAt time.Time      `json:"published_at" format:"date-time" example:"2026-11-22T06:51:56.840777Z"`
	Rounds      []ReleaseRound `json:"rounds"`
	// Results counts the requirement results of a round that have a percent of their own.
	Results int `json:"results" example:"55"`
	// Disclosure is the policy against disclosing a person that was applied.
	Disclosure string `json:"disclosure" example:"none"`
	// Checksum is SHA-256 over the release's results and periods' figures: one JSON object a line as `/v1/results`
	// gives it in Danish, sorted by key, each line ended by a line feed.
	Checksum string `json:"checksum" example:"sha256:0f4c"`
}

// ReleaseRound names the publication of a round that a release holds.
type ReleaseRound struct {
	Round    Year `json:"round" example:"2023"`
	Revision int  `json:"revision" example:"1"`
}

// RowKind names what a frozen row holds.
type RowKind string

// The kinds of frozen rows. A publication freezes its round, areas and results without comparisons; a release the
// results of all its publications with their comparisons, and the judgements these rest on.
const (
	RowRound     RowKind = "round"
	RowArea      RowKind = "area"
	RowResult    RowKind = "result"
	RowJudgement RowKind = "judgement"
)

// FrozenRow is one row of a publication or release as it was published, never changed afterwards.
type FrozenRow struct {
	Kind RowKind `gorm:"primaryKey"`
	Key  string  `gorm:"primaryKey"`
	Body string
}
