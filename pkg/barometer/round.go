package barometer

// RoundStatus is the working status of a round.
type RoundStatus string

// The working statuses, in order.
const (
	Draft      RoundStatus = "draft"
	Collecting RoundStatus = "collecting"
	Hearing    RoundStatus = "hearing"
	Published  RoundStatus = "published"
)

// Round (undersøgelse) is one audit year.
type Round struct {
	Year   Year        `json:"round" gorm:"primaryKey;column:year;autoIncrement:false" example:"2023"`
	Origin Origin      `json:"origin" enums:"real,synthetic" example:"real"`
	Kind   string      `json:"kind" enums:"pilot,annual" example:"annual"`
	Law    string      `json:"law" example:"serviceloven"`
	Status RoundStatus `json:"status" enums:"draft,collecting,hearing,published" example:"published"`
	// Participants is the number of municipalities that took part, as a source has it; null where none does.
	Participants *int `json:"participants" example:"37"`
	// ParticipantsRecorded is the number of them that are known by name.
	ParticipantsRecorded int `json:"participants_recorded" gorm:"-" example:"2"`
	// Cases is the number of cases of the round.
	Cases *int `json:"cases" example:"717"`
	// CouldBeDrawn is the number of municipalities the sample was drawn from.
	CouldBeDrawn       *int    `json:"could_be_drawn" example:"98"`
	CouldBeDrawnSource *string `json:"could_be_drawn_source"`
	// RequirementsKnown tells whether the round's own list of requirements is known. Without it a requirement that
	// has no figure is `no_figure`, never `not_asked`.
	RequirementsKnown bool `json:"requirements_known"`
	// Revision of its publication in this release.
	Revision int     `json:"revision" gorm:"-" example:"1"`
	Note     *string `json:"note"`
}

// AllParticipantsKnown tells whether every participant is recorded, so that the others did not take part.
func (r Round) AllParticipantsKnown() bool {
	return r.Participants != nil && *r.Participants == r.ParticipantsRecorded
}

// RoundRequirement is a requirement as asked in a round.
type RoundRequirement struct {
	Round       Year   `json:"round" gorm:"primaryKey" example:"2023"`
	Requirement string `json:"requirement" gorm:"primaryKey" example:"investigation_within_four_months"`
	Theme       string `json:"theme" gorm:"-" example:"professional_assessment"`
	Question    string `json:"question" gorm:"-" example:"Er 4 måneders fristen overholdt"`
	Unit        Unit   `json:"unit" enums:"case,notification" example:"case"`
	Practice    string `json:"practice" example:"party_hearing_inside"`
	// Asked is true where the round's own list has it, null where that list is not known: then every requirement of
	// the round's law is shown.
	Asked *bool `json:"asked" gorm:"-"`
}

// Participation (deltagelse) of a municipality in a round.
type Participation struct {
	Round        Year   `json:"round" gorm:"primaryKey" example:"2023"`
	Municipality string `json:"municipality" gorm:"primaryKey" example:"0707"`
	Name         string `json:"name" gorm:"-" example:"Norddjurs"`
	// Cases is the number of cases drawn; null where unknown.
	Cases *int `json:"cases" example:"16"`
	// EligibleCases is the number the cases were drawn from; null where unknown.
	EligibleCases *int    `json:"eligible_cases"`
	Source        *string `json:"source" example:"norddjurs-memo"`
}
