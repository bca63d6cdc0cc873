package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// matrix says what each caller may do with each operation, as the design has it, on a round that is collecting and then
// in hearing: + is allowed; - is refused, with 401 to the public and 403 to the others; 0 is answered as if there were
// no such thing; h is that until the hearing, and allowed from then on.
//
// The columns are: the public, a municipality on its own, another municipality on that, ministry, auditor, lead, admin.
var matrix = map[string]string{
	"listRegions": "+++++++", "listMunicipalities": "+++++++", "getMunicipality": "+++++++", "listThemes": "+++++++",
	"listRequirements": "+++++++", "getRequirement": "+++++++", "listCodes": "+++++++", "listSources": "+++++++", "getSource": "+++++++",

	"listJudgements": "+++++++", "getJudgement": "+++++++",
	"createJudgement": "-----+-", "updateJudgement": "-----+-", "deleteJudgement": "-----+-",

	"listRounds": "+++++++", "getRound": "0hhh++0", "createRound": "-----+-", "updateRound": "-----+-", "deleteRound": "-----+-",
	"listRoundRequirements": "0hhh++0", "putRoundRequirements": "-----+-",
	"listParticipations": "0000++0", "getParticipation": "0h00++0",
	"importParticipations": "-----+-", "putParticipation": "-----+-", "deleteParticipation": "-----+-",
	"listTransitions": "----++-", "createTransition": "----++-", "getChecks": "----++-", "getProgress": "----++-",

	"listCases": "-hh-++-", "createCase": "----++-", "getCase": "-h0-++-", "updateCase": "----++-", "deleteCase": "----++-",
	"getForm": "-h0-++-", "putForm": "----++-",
	"getOutcome": "-h0-++-", "putOutcome": "----++-", "deleteOutcome": "----++-", "listRevisions": "-h0-++-",
	"listNotifications": "-h0-++-", "createNotification": "----++-",
	"getNotification": "-h0-++-", "putNotification": "----++-", "deleteNotification": "----++-",
	"getNotificationOutcome": "-h0-++-", "putNotificationOutcome": "----++-", "deleteNotificationOutcome": "----++-",
	"listNotificationRevisions": "-h0-++-",

	"listImports": "----++-", "createImport": "----++-", "getImport": "----++-", "getTemplate": "----++-",
	"listReportedResults": "-----+-", "getReportedResult": "-----+-", "putReportedResult": "-----+-", "deleteReportedResult": "-----+-",

	"getCountryScorecard": "000hhh0", "getScorecard": "0h00hh0", "getDenominator": "0h00hh0", "listResults": "+++++++", "getDistribution": "0000000", "getMethod": "+++++++", "getTrend": "+++++++", "getCountryTrend": "+++++++",
	"listPublications": "+++++++", "getPublication": "+++++++", "withdrawPublication": "-----+-",
	"listReleases": "+++++++", "getRelease": "+++++++", "listReleaseChanges": "+++++++", "getReleaseData": "+++++++",

	"getMe": "+++++++", "listAuditEvents": "-----++",
	"getProblemType": "+++++++", "getHealth": "+++++++", "getReadiness": "+++++++", "getOpenAPIYAML": "+++++++", "getOpenAPIJSON": "+++++++",
}

// published are the operations that the matrix asks for what is public; all others it asks for the round in work.
var publishedAddresses = map[string]string{
	"getReportedResult":   "/v1/rounds/2023/reported-results/0707/" + fourMonths,
	"listPublications":    "/v1/rounds/2023/publications",
	"getPublication":      "/v1/rounds/2023/publications/1",
	"listReportedResults": "/v1/rounds/2023/reported-results",
	"withdrawPublication": "/v1/rounds/2023/publications/1/withdrawal",
	"getRelease":          "/v1/releases/latest", "listReleaseChanges": "/v1/releases/latest/changes", "getReleaseData": "/v1/releases/latest/data",
	"getProblemType": "/problems/not_found", "listCodes": "/v1/codelists/outcomes", "getSource": "/v1/sources/ishoej-memo",
}

// described lists the operations of openapi.yaml: method and path, by id.
func described(t *testing.T, s server) map[string][2]string {
	t.Helper()
	var document struct {
		Paths map[string]map[string]struct {
			OperationID string `yaml:"operationId"`
		}
	}
	if err := yaml.Unmarshal([]byte(s.get(t, "/openapi.yaml").body), &document); err != nil {
		t.Fatal(err)
	}
	found := map[string][2]string{}
	for path, methods := range document.Paths {
		for method, operation := range methods {
			found[operation.OperationID] = [2]string{strings.ToUpper(method), path}
		}
	}
	return found
}

// caseFile is two cases of two municipalities with a notification each.
func caseFile(codes ...string) []byte {
	file := "municipality,case,case_type,requirement,notification,outcome,reason\n"
	for _, code := range codes {
		file += code + ",S0001,placement,investigation_conducted,,met,\n" +
			code + ",S0001,placement,notification_assessed_within_24_hours,1,met,\n"
	}
	return []byte(file)
}

// collecting makes a round that is collecting, with a case of each of some municipalities, and gives the id of the first
// one's and of the import that brought them.
func (o office) collecting(t *testing.T, year barometer.Year, codes ...string) (id, imported string) {
	t.Helper()
	ctx, lead := t.Context(), o.as(t, barometer.RoleLead)
	in := barometer.RoundInput{Year: year, RoundPatch: barometer.RoundPatch{Kind: "annual", Law: "serviceloven"}}
	must(lead.CreateRound(ctx, in))(t)
	asked := must(lead.RoundRequirementsVersion(ctx, year))(t)
	must(lead.PutRoundRequirements(ctx, year, barometer.RoundRequirementsInput{Requirements: []barometer.RoundRequirementInput{
		{Requirement: "investigation_conducted"}, {Requirement: fourMonths}, {Requirement: "notification_assessed_within_24_hours"},
	}}, client.IfMatch(asked.ETag)))(t)
	for _, code := range codes {
		must(lead.PutParticipation(ctx, year, code, barometer.ParticipationInput{}, client.CreateOnly()))(t)
	}
	must(lead.CreateTransition(ctx, year, barometer.TransitionInput{To: barometer.Collecting}))(t)
	done := must(lead.CreateImport(ctx, year, caseFile(codes...), client.ImportOptions{MediaType: client.CSV}))(t)
	page := must(lead.Cases(ctx, year, client.CasesOptions{Municipality: codes[:1]}))(t)
	return page.Items[0].ID, *done.Value.ID
}

func TestMatrix(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		operations := described(t, o.server)
		for operation := range matrix {
			if _, known := operations[operation]; !known {
				t.Errorf("openapi.yaml has no operation %s", operation)
			}
		}
		for operation := range operations {
			if matrix[operation] == "" {
				t.Errorf("the matrix has no line for operation %s", operation)
			}
		}
		id, imported := o.collecting(t, 9027, norddjurs, ishoej)
		address := strings.NewReplacer("{round}", "9027", "{municipality}", norddjurs, "{case}", id, "{number}", "1", "{revision}", "1",
			"{requirement}", "investigation_conducted", "{area}", norddjurs, "{id}", imported)
		keys := o.everyKey(t)
		cells := 0
		for _, hearing := range []bool{false, true} {
			if hearing {
				must(o.as(t, barometer.RoleLead).CreateTransition(t.Context(), 9027, barometer.TransitionInput{To: barometer.Hearing}))(t)
			}
			for operation, line := range matrix {
				method, path := operations[operation][0], address.Replace(operations[operation][1])
				switch {
				case publishedAddresses[operation] != "":
					path = publishedAddresses[operation]
				case strings.Contains(operation, "Judgement"):
					path = strings.Replace(operations[operation][1], "{id}", "break.investigation_within_four_months.2023", 1)
				case strings.Contains(operation, "Notification") && strings.Contains(path, "/outcomes/"):
					path = strings.Replace(path, "investigation_conducted", "notification_assessed_within_24_hours", 1)
				}
				for column, want := range line + "xx" {
					cells++
					a := o.send(t, method, path, "", keys[column]...)
					if wrong := cell(want, column, hearing, method, a); wrong != "" {
						t.Errorf("%s, %s, hearing %v: %s: %d %s", operation, columns[column], hearing, wrong, a.status, a.body)
					}
				}
			}
		}
		t.Logf("%d cells", cells)
	})
}

var columns = []string{"public", "own municipality", "other municipality", "ministry", "auditor", "lead", "admin", "revoked key", "expired key"}

// everyKey gives the headers of each column.
func (o office) everyKey(t *testing.T) [][]string {
	t.Helper()
	past := o.store.Now()
	revoked := func(k *barometer.APIKey) { k.RevokedAt = &past }
	expired := func(k *barometer.APIKey) { k.ExpiresAt = &past }
	all := [][]string{nil}
	for _, k := range []struct {
		role   barometer.Role
		change []func(*barometer.APIKey)
	}{
		{barometer.RoleMunicipality, nil},
		{barometer.RoleMunicipality, []func(*barometer.APIKey){of(ishoej)}},
		{barometer.RoleMinistry, nil},
		{barometer.RoleAuditor, nil},
		{barometer.RoleLead, nil},
		{barometer.RoleAdmin, nil},
		{barometer.RoleLead, []func(*barometer.APIKey){revoked}},
		{barometer.RoleLead, []func(*barometer.APIKey){expired}},
	} {
		text, _ := o.key(t, k.role, k.change...)
		all = append(all, []string{"Authorization: Bearer " + text})
	}
	return all
}

// cell says what is wrong with an answer, "" where nothing is. An allowed change is sent without what it needs, so that
// it gets past the guard and changes nothing.
func cell(want rune, column int, hearing bool, method string, a answer) string {
	if want == 'h' {
		want = map[bool]rune{true: '+', false: '0'}[hearing]
	}
	refused := http.StatusForbidden
	if column == 0 {
		refused = http.StatusUnauthorized
	}
	switch {
	case want == 'x' && a.status != http.StatusUnauthorized:
		return "want 401"
	case want == '-' && a.status != refused:
		return fmt.Sprintf("want %d", refused)
	case want == '0' && a.status != http.StatusNotFound:
		return "want 404"
	case want == '+' && method == http.MethodGet && a.status != http.StatusOK:
		return "want 200"
	case want == '+' && slices.Contains([]int{401, 403, 404, 405, 500, 503}, a.status):
		return "want to get past the guard"
	}
	return ""
}

// TestAForeignCaseAnswersAsAnAbsentOne: the answers differ in the ids of the requests alone.
func TestAForeignCaseAnswersAsAnAbsentOne(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		id, _ := o.collecting(t, 9027, norddjurs, ishoej)
		must(o.as(t, barometer.RoleLead).CreateTransition(t.Context(), 9027, barometer.TransitionInput{To: barometer.Hearing}))(t)
		text, _ := o.key(t, barometer.RoleMunicipality, of(ishoej))
		const absent = "01a20294-b914-785e-9d84-269020e57766"
		for _, path := range []string{
			"/v1/cases/ID", "/v1/cases/ID/outcomes", "/v1/cases/ID/outcomes/investigation_conducted", "/v1/cases/ID/outcomes/investigation_conducted/revisions",
			"/v1/cases/ID/notifications", "/v1/cases/ID/notifications/1", "/v1/cases/ID/notifications/1/outcomes/notification_assessed_within_24_hours",
			"/v1/cases/ID/notifications/1/outcomes/notification_assessed_within_24_hours/revisions",
		} {
			foreign := o.get(t, strings.Replace(path, "ID", id, 1), "Authorization: Bearer "+text)
			none := o.get(t, strings.Replace(path, "ID", absent, 1), "Authorization: Bearer "+text)
			if foreign.status != http.StatusNotFound || none.status != http.StatusNotFound || withoutIDs(strings.Replace(foreign.body, id, absent, 1)) != withoutIDs(none.body) {
				t.Errorf("%s: %d %s\n%d %s", path, foreign.status, foreign.body, none.status, none.body)
			}
		}
	})
}

// withoutIDs takes out what differs between any two answers.
func withoutIDs(body string) string {
	before, after, _ := strings.Cut(body, "urn:uuid:")
	return before + after[min(36, len(after)):]
}
