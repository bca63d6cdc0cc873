package barometer

import (
	"encoding/json"
	"time"
)

// Release (udgivelse) is the whole published data set after the N-th act of publishing: numbered, immutable, citable.
type Release struct {
	Number      int            `json:"release" example:"6"`
	PublishedAt time.Time      `json:"published_at" format:"date-time" example:"2026-11-22T06:51:56.840777Z"`
	Rounds      []ReleaseRound `json:"rounds"`
	// Status is `announced` until `published_at`, `published` from then on, `cancelled` where it was taken back before: it
	// has no figures then, and never had in public.
	Status string `json:"status" enums:"published,announced,cancelled" example:"published"`
	// Results counts the requirement results of a round that have a percent of their own; null until it is published.
	Results int `json:"results" extensions:"x-nullable" example:"55"`
	// Disclosure is the policy against disclosing a person that was applied.
	Disclosure string `json:"disclosure" example:"none"`
	// Method is the version of the statistical method (`/v1/method`) that its figures were computed by.
	Method int `json:"method" example:"2"`
	// Checksum is SHA-256 over the release's results and periods' figures: one JSON object a line as `/v1/results`
	// gives it in Danish, sorted by key, each line ended by a line feed.
	// Null until it is published.
	Checksum string `json:"checksum" extensions:"x-nullable" example:"sha256:0f4c"`
	// Reason for making it, where it corrects or withdraws something; of a cancelled one, why it was cancelled. Null
	// where none was given.
	Reason *string `json:"reason"`
	// For is the round whose publishing made it; 0 where a withdrawal did.
	For Year `json:"-"`
	// CancelledAt is when an announced release was taken back; nil where it was not.
	CancelledAt *time.Time `json:"-"`
}

// The statuses of a release.
const (
	ReleasePublished = "published"
	ReleaseAnnounced = "announced"
	ReleaseCancelled = "cancelled"
)

// MarshalJSON keeps the number and the checksum of figures that cannot be read out of a release that is announced or
// cancelled: who knows what figures are likely could find them out from the checksum.
func (r Release) MarshalJSON() ([]byte, error) {
	type plain Release
	if r.Status == ReleasePublished || r.Status == "" {
		return json.Marshal(plain(r))
	}
	return json.Marshal(struct {
		plain
		Results  *int    `json:"results"`
		Checksum *string `json:"checksum"`
	}{plain: plain(r)})
}

// ReleaseRound names the publication of a round that a release holds.
type ReleaseRound struct {
	Round    Year `json:"round" example:"2023"`
	Revision int  `json:"revision" example:"1"`
	// WithdrawnAt is when this publication was withdrawn: its rows are no longer in the release; null where it stands.
	WithdrawnAt *time.Time `json:"withdrawn_at" format:"date-time"`
}

// Publication (offentliggørelse) is the frozen results of one round.
type Publication struct {
	Round    Year `json:"round" example:"9027"`
	Revision int  `json:"revision" example:"2"`
	// PublishedAt is when it was frozen; the release it came with says when it became public.
	PublishedAt time.Time `json:"published_at" format:"date-time" example:"2026-11-22T06:51:56.840777Z"`
	// Reason for a correction; null for a first publication.
	Reason *string `json:"reason"`
	// WithdrawnAt is when it was withdrawn; null where it stands.
	WithdrawnAt *time.Time `json:"withdrawn_at" format:"date-time"`
	// WithdrawnReason says why it was withdrawn; null where it stands.
	WithdrawnReason *string `json:"withdrawn_reason"`
}

// WithdrawalInput withdraws a publication.
type WithdrawalInput struct {
	Reason string `json:"reason" minLength:"1" maxLength:"280" example:"Et barn kunne genkendes"`
}

// ReleaseChange is one figure that differs between a release and the one before it. What only follows from another
// figure, such as the country's beside a municipality's, is listed with that one alone.
type ReleaseChange struct {
	Key string `json:"key" example:"9027.0707.child_heard"`
	// Change is `added`, `altered` or `removed`.
	Change string `json:"change" enums:"added,altered,removed" example:"altered"`
	// Fields names the members of `old` and `new` that differ, by name; empty for what was added or removed.
	Fields []string `json:"fields" example:"met,percent"`
	// Old figure; null for what was added. That of what was withdrawn is `withheld`.
	Old *ReleasedValue `json:"old"`
	// New figure; null for what was removed.
	New *ReleasedValue `json:"new"`
	// Notices are what must be shown with the figures; absent where they are kept.
	Notices []Notice `json:"notices,omitzero"`
	// Reason given for the release, on the figures of the round that it was given for and on those compared with it. Null
	// on others, whose records or judgements had changed before, and where none was given.
	Reason *string `json:"reason" example:"Tastefejl"`
}

// ReleasedValue is the figure of a result as released: its members are those of the result, and of its comparison with
// the default baseline. Those that are the same on both sides of a change are there too.
type ReleasedValue struct {
	Status Status `json:"status" example:"measured"`
	// Met is the numerator, in units.
	Met *int `json:"met" example:"11"`
	// MetByException is a part of the met; null where unknown.
	MetByException *int `json:"met_by_exception" example:"0"`
	// NotMet is the number of units not met.
	NotMet *int `json:"not_met" example:"5"`
	// Assessed is the denominator, in units: `met` + `not_met`.
	Assessed *int `json:"assessed" example:"16"`
	// InSample is the number of units of the sample; null where unknown.
	InSample    *int               `json:"in_sample" example:"18"`
	NotAssessed []NotAssessedCount `json:"not_assessed" extensions:"x-nullable"`
	// Proportion from 0 to 1, unrounded: met / assessed, or the mean of those of a theme's requirements.
	Proportion *float64 `json:"proportion" example:"0.6875"`
	// Percent is 100·`proportion` as a whole percent, half up; or the printed percent.
	Percent  *int      `json:"percent" example:"69"`
	Interval *Interval `json:"interval"`
	Practice *string   `json:"practice" example:"standard"`
	Source   *string   `json:"source" example:"sm-2023"`
	// BaselineRound is the round compared with; null where there is none.
	BaselineRound *Year `json:"baseline_round" example:"9024"`
	// BaselinePercent is the whole percent of the round compared with.
	BaselinePercent *int `json:"baseline_percent" example:"29"`
	// Difference of the proportions, new minus old, unrounded; of a theme on the requirements in common.
	Difference *float64 `json:"difference" example:"0.4017857142857143"`
	// PercentagePoints is the difference times 100, rounded.
	PercentagePoints *int     `json:"percentage_points" example:"40"`
	Verdict          *Verdict `json:"verdict" enums:"no_basis,counts_unknown,too_few_cases,not_demonstrated,indicated,demonstrated"`
	// Comparability of the two rounds; null where there is no baseline.
	Comparability *Comparability `json:"comparability"`
}

// RowKind names what a frozen row holds.
type RowKind string

// The kinds of frozen rows. A publication freezes its round, areas and results without comparisons; a release the
// results of all its publications with their comparisons, the judgements these rest on, and what differs from the
// release before it. A release that a publication was withdrawn from also has the checksum of what remains of it.
const (
	RowRound     RowKind = "round"
	RowArea      RowKind = "area"
	RowResult    RowKind = "result"
	RowJudgement RowKind = "judgement"
	RowChange    RowKind = "change"
	RowRemaining RowKind = "remaining"
)

// FrozenRow is one row of a publication or release as it was published. Nothing but a withdrawal changes it afterwards.
type FrozenRow struct {
	Kind RowKind `gorm:"primaryKey"`
	Key  string  `gorm:"primaryKey"`
	Body string
}
