package barometer

// ReportedResult is a figure as a source printed it. Counts that were not printed stay unknown.
type ReportedResult struct {
	Round       Year   `json:"round" gorm:"primaryKey"`
	Area        string `json:"area" gorm:"primaryKey"`
	Requirement string `json:"requirement" gorm:"primaryKey"`
	// Met is the printed numerator, in units; null where it was not printed.
	Met *int `json:"met"`
	// Assessed is the printed denominator, in units; null where it was not printed.
	Assessed *int `json:"assessed"`
	// Percent is the whole percent as printed; with counts it is ⌊(200·met + assessed) / (2·assessed)⌋.
	Percent int `json:"percent"`
	// Cases is the number of cases of the area; null where unknown.
	Cases     *int    `json:"cases"`
	Source    string  `json:"source"`
	PrintedAs *string `json:"printed_as"`
	Note      *string `json:"note"`
}

// Apply gives the figure of the same round, area and requirement as it is printed.
func (in ReportedInput) Apply(to ReportedResult) ReportedResult {
	to.Met, to.Assessed, to.Percent, to.Cases = in.Met, in.Assessed, in.Percent, in.Cases
	to.Source, to.PrintedAs, to.Note = in.Source, in.PrintedAs, in.Note
	return to
}

// ReportedPeriod is a figure that a source printed for several rounds together.
type ReportedPeriod struct {
	// Rounds are the years, ascending, joined by spaces.
	Rounds      string `json:"rounds" gorm:"primaryKey"`
	Area        string `json:"area" gorm:"primaryKey"`
	Requirement string `json:"requirement" gorm:"primaryKey"`
	Percent     int    `json:"percent"`
	Cases       *int   `json:"cases"`
	Source      string `json:"source"`
}
