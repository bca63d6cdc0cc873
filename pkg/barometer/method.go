package barometer

// MethodDescription says how figures, intervals and verdicts are computed: what `/v1/method` answers.
type MethodDescription struct {
	// Version of the method. A release names the version that its figures were computed by.
	Version    int              `json:"version" example:"2"`
	Parameters MethodParameters `json:"parameters"`
	// Methods in the order in which figures are made from outcomes.
	Methods []MethodEntry `json:"methods"`
	// Verdicts in the order they are tried: the first whose condition holds is given.
	Verdicts   []VerdictRule     `json:"verdicts"`
	Versions   []MethodVersion   `json:"versions"`
	References []MethodReference `json:"references"`
}

// MethodParameters are the numbers that the method rests on. None of them can be chosen by a caller.
type MethodParameters struct {
	// Confidence of every interval.
	Confidence float64 `json:"confidence" example:"0.95"`
	// Z is the quantile of the normal distribution that goes with the confidence.
	Z float64 `json:"z" example:"1.959963984540054"`
	// FalseDiscoveryRate is the level of the adjusted p at or under which a change is `demonstrated`, and of the smallest
	// attainable p over which there are `too_few_cases`.
	FalseDiscoveryRate float64               `json:"false_discovery_rate" example:"0.05"`
	Reliability        ReliabilityThresholds `json:"reliability"`
	Funnel             FunnelTails           `json:"funnel"`
	// WinsorisedShare is the share at either end whose distances are drawn in before the over-dispersion is computed.
	WinsorisedShare float64 `json:"winsorised_share" example:"0.1"`
	// SmallCell is the number of assessed under which a row of the breakdown by case type is withheld.
	SmallCell int `json:"small_cell" example:"5"`
	// SmallDenominator is the number of assessed under which a figure carries the notice `small_denominator`.
	SmallDenominator int `json:"small_denominator" example:"10"`
	// CaseMix says when `case_mix_differs` is given; in the language of the answer.
	CaseMix string `json:"case_mix" example:"Når 95 %-intervallet for forskellen i andelen af anbringelser mellem de to sider ikke rummer 0."`
}

// ReliabilityThresholds bound the classes of reliability, by `effective_n` and by the width of the interval as a
// proportion.
type ReliabilityThresholds struct {
	// VeryLowBelow is the effective number of outcomes under which a figure is `very_low`.
	VeryLowBelow int `json:"very_low_below" example:"10"`
	// LowBelow is the effective number of outcomes under which a figure is at best `low`.
	LowBelow int `json:"low_below" example:"30"`
	// LowFromWidth is the width of the interval from which on a figure is at best `low`.
	LowFromWidth float64 `json:"low_from_width" example:"0.3"`
	// HighToWidth is the greatest width of the interval of a figure that is `high`.
	HighToWidth float64 `json:"high_to_width" example:"0.1"`
}

// FunnelTails are the probabilities at or under which a municipality lies outside the limits of a funnel.
type FunnelTails struct {
	// Outside95 is the probability of either tail outside the 95 % limits.
	Outside95 float64 `json:"outside_95" example:"0.025"`
	// Outside998 is the probability of either tail outside the 99.8 % limits.
	Outside998 float64 `json:"outside_998" example:"0.001"`
}

// MethodEntry is one formula.
type MethodEntry struct {
	Code string `json:"code" example:"wilson"`
	Name string `json:"name" example:"Wilsons interval"`
	// UsedFor says which figures it gives.
	UsedFor string `json:"used_for" example:"95 %-intervallet for en andel."`
	// Formula in plain text.
	Formula string `json:"formula" example:"(p + z²/2n) / (1 + z²/n) ± z/(1 + z²/n) · √(p(1−p)/n + z²/4n²)"`
	Unit    string `json:"unit" example:"Andel fra 0 til 1."`
	// References by id.
	References []string `json:"references" example:"wilson-1927"`
}

// VerdictRule says when a verdict is given, and what may be said then.
type VerdictRule struct {
	Verdict   Verdict `json:"verdict" enums:"no_basis,counts_unknown,too_few_cases,not_demonstrated,indicated,demonstrated" example:"indicated"`
	Condition string  `json:"condition" example:"Intervallet rummer ikke 0."`
	MaySay    string  `json:"may_say" example:"Tegn på en ændring; det kan være tilfældigt."`
}

// MethodVersion says what a version of the method changed.
type MethodVersion struct {
	Version int    `json:"version" example:"2"`
	Changes string `json:"changes"`
}

// MethodReference is a published source of a method.
type MethodReference struct {
	ID       string `json:"id" example:"wilson-1927"`
	Citation string `json:"citation" example:"Wilson EB (1927). Probable inference, the law of succession, and statistical inference. JASA 22:209–212."`
}
