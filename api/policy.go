package api

import (
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// access is how much of an operation a role may do.
type access int

const (
	none      access = iota // it is refused
	published               // what is released, and nothing else
	own                     // and, from hearing on, what is its municipality's own
	country                 // and, from hearing on, the aggregates of the country
	all                     // everything
)

// roles are the columns of the policy.
var roles = []barometer.Role{
	barometer.RolePublic, barometer.RoleMunicipality, barometer.RoleMinistry, barometer.RoleAuditor, barometer.RoleLead, barometer.RoleAdmin,
}

// policy says who may do what: a line for each operation of openapi.yaml, and for what needs more than its operation. It is applied by one middleware, and by the
// scope of the store that a handler is given; no handler asks for a role.
var policy = map[string][6]access{
	//                          public     municipality ministry   auditor    lead       admin
	"listRegions":               {published, published, published, published, published, published},
	"listMunicipalities":        {published, published, published, published, published, published},
	"getMunicipality":           {published, published, published, published, published, published},
	"listThemes":                {published, published, published, published, published, published},
	"listRequirements":          {published, published, published, published, published, published},
	"getRequirement":            {published, published, published, published, published, published},
	"listCodes":                 {published, published, published, published, published, published},
	"listSources":               {published, published, published, published, published, published},
	"getSource":                 {published, published, published, published, published, published},
	"listJudgements":            {published, published, published, published, all, published},
	"getJudgement":              {published, published, published, published, all, published},
	"createJudgement":           {none, none, none, none, all, none},
	"updateJudgement":           {none, none, none, none, all, none},
	"deleteJudgement":           {none, none, none, none, all, none},
	"listRounds":                {published, own, country, all, all, published},
	"getRound":                  {published, own, country, all, all, published},
	"createRound":               {none, none, none, none, all, none},
	"updateRound":               {none, none, none, none, all, none},
	"deleteRound":               {none, none, none, none, all, none},
	"listRoundRequirements":     {published, own, country, all, all, published},
	"putRoundRequirements":      {none, none, none, none, all, none},
	"listParticipations":        {published, published, published, all, all, published},
	"importParticipations":      {none, none, none, none, all, none},
	"getParticipation":          {published, own, published, all, all, published},
	"putParticipation":          {none, none, none, none, all, none},
	"deleteParticipation":       {none, none, none, none, all, none},
	"listTransitions":           {none, none, none, all, all, none},
	"createTransition":          {none, none, none, all, all, none},
	"publish":                   {none, none, none, none, all, none}, // a transition to published, or back from it
	"getChecks":                 {none, none, none, all, all, none},
	"getProgress":               {none, none, none, all, all, none},
	"listCases":                 {none, own, none, all, all, none},
	"createCase":                {none, none, none, all, all, none},
	"getCase":                   {none, own, none, all, all, none},
	"updateCase":                {none, none, none, all, all, none},
	"deleteCase":                {none, none, none, all, all, none},
	"getForm":                   {none, own, none, all, all, none},
	"putForm":                   {none, none, none, all, all, none},
	"getOutcome":                {none, own, none, all, all, none},
	"putOutcome":                {none, none, none, all, all, none},
	"deleteOutcome":             {none, none, none, all, all, none},
	"listRevisions":             {none, own, none, all, all, none},
	"listNotifications":         {none, own, none, all, all, none},
	"createNotification":        {none, none, none, all, all, none},
	"getNotification":           {none, own, none, all, all, none},
	"putNotification":           {none, none, none, all, all, none},
	"deleteNotification":        {none, none, none, all, all, none},
	"getNotificationOutcome":    {none, own, none, all, all, none},
	"putNotificationOutcome":    {none, none, none, all, all, none},
	"deleteNotificationOutcome": {none, none, none, all, all, none},
	"listNotificationRevisions": {none, own, none, all, all, none},
	"listImports":               {none, none, none, all, all, none},
	"createImport":              {none, none, none, all, all, none},
	"getImport":                 {none, none, none, all, all, none},
	"getTemplate":               {none, none, none, all, all, none},
	"getReportedResult":         {none, none, none, none, all, none},
	"listReportedResults":       {none, none, none, none, all, none},
	"putReportedResult":         {none, none, none, none, all, none},
	"deleteReportedResult":      {none, none, none, none, all, none},
	"getCountryScorecard":       {published, published, country, all, all, published},
	"getScorecard":              {published, own, published, all, all, published},
	"getDenominator":            {published, own, published, all, all, published},
	"getDistribution":           {published, published, published, published, published, published},
	"getMethod":                 {published, published, published, published, published, published},
	"getTrend":                  {published, published, published, published, published, published},
	"getCountryTrend":           {published, published, published, published, published, published},
	"listResults":               {published, own, country, all, all, published},
	"listPublications":          {published, published, published, published, published, published},
	"getPublication":            {published, published, published, published, published, published},
	"withdrawPublication":       {none, none, none, none, all, none},
	"listReleases":              {published, published, published, published, published, published},
	"getRelease":                {published, published, published, published, published, published},
	"listReleaseChanges":        {published, published, published, published, published, published},
	"getReleaseData":            {published, published, published, published, published, published},
	"getMe":                     {published, published, published, published, published, published},
	"listAuditEvents":           {none, none, none, none, all, all},
	"getProblemType":            {published, published, published, published, published, published},
	"getHealth":                 {published, published, published, published, published, published},
	"getReadiness":              {published, published, published, published, published, published},
	"getOpenAPIYAML":            {published, published, published, published, published, published},
	"getOpenAPIJSON":            {published, published, published, published, published, published},
}

// accessOf gives how much of an operation a role may do; nothing where the policy has no line for it.
func accessOf(operation string, role barometer.Role) access {
	column := slices.Index(roles, role)
	if column < 0 {
		return none
	}
	return policy[operation][column]
}

// operationsOf lists what a role may do.
func (h *handler) operationsOf(role barometer.Role) []string {
	operations := []string{}
	for _, r := range h.routes {
		if accessOf(r.operation, role) != none {
			operations = append(operations, r.operation)
		}
	}
	slices.Sort(operations)
	return operations
}
