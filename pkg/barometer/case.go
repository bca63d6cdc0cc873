package barometer

// Case (sag) of a municipality in a round: a reference, never a name or a personal number.
type Case struct {
	ID           string   `json:"id" gorm:"primaryKey"`
	Round        Year     `json:"round"`
	Municipality string   `json:"municipality"`
	Reference    string   `json:"reference"`
	CaseType     CaseType `json:"case_type"`
	// Withdrawn tells that the case was wrongly drawn: it leaves the sample and is counted as withdrawn.
	Withdrawn bool `json:"withdrawn"`
}

// CaseUnit is what requirements are judged on within a case: number 0 is the case itself, 1 and up its notifications.
type CaseUnit struct {
	CaseID string `json:"case" gorm:"primaryKey"`
	Number int    `json:"number" gorm:"primaryKey;autoIncrement:false"`
	Unit   Unit   `json:"unit"`
}

// CaseOutcome is the outcome of one requirement for one unit of a case.
type CaseOutcome struct {
	CaseID      string  `json:"case" gorm:"primaryKey"`
	Requirement string  `json:"requirement" gorm:"primaryKey"`
	Number      int     `json:"number" gorm:"primaryKey;autoIncrement:false"`
	Round       Year    `json:"round"`
	Unit        Unit    `json:"unit"`
	Outcome     Outcome `json:"outcome"`
	Reason      Reason  `json:"reason"`
}

// Assessment gives the outcome and its reason.
func (o CaseOutcome) Assessment() Assessment {
	return Assessment{Outcome: o.Outcome, Reason: o.Reason}
}
