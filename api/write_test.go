package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// atOnce runs something 16 times at the same time, and counts the statuses it was answered with.
func atOnce(run func(i int) int) map[int]int {
	const callers = 16
	statuses := make([]int, callers)
	var start, all sync.WaitGroup
	start.Add(1)
	for i := range callers {
		all.Go(func() {
			start.Wait()
			statuses[i] = run(i)
		})
	}
	start.Done()
	all.Wait()
	counts := map[int]int{}
	for _, status := range statuses {
		counts[status]++
	}
	return counts
}

// statusOf gives the status of a call that succeeds with one status alone.
func statusOf(t *testing.T, success int, err error) int {
	if err == nil {
		return success
	}
	return problemOf(t, 0, err).Status
}

// Of 16 clients that change one outcome at once one wins, and fifteen are told that it has changed.
func TestOneOf16Wins(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		id, _ := o.collecting(t, 9027, norddjurs)
		auditor, at := o.as(t, barometer.RoleAuditor), barometer.Cell{Requirement: "investigation_conducted"}
		for round := range 4 {
			read := must(auditor.Outcome(t.Context(), id, at))(t)
			counts := atOnce(func(i int) int {
				why := fmt.Sprintf("rettet %d.%d", round, i)
				in := barometer.OutcomeInput{Outcome: barometer.NotMet, Why: &why}
				if read.Value.Outcome != nil && *read.Value.Outcome == barometer.NotMet {
					in.Outcome = barometer.Met
				}
				_, err := auditor.PutOutcome(t.Context(), id, at, in, client.IfMatch(read.ETag))
				return statusOf(t, http.StatusOK, err)
			})
			if counts[http.StatusOK] != 1 || counts[http.StatusPreconditionFailed] != 15 {
				t.Errorf("%v", counts)
			}
		}
		if got := must(auditor.Outcome(t.Context(), id, at))(t); got.Value.Revision != 5 {
			t.Errorf("revision %d after four changes", got.Value.Revision)
		}
		first := atOnce(func(int) int {
			_, err := auditor.PutOutcome(t.Context(), id, barometer.Cell{Requirement: fourMonths}, barometer.OutcomeInput{Outcome: barometer.Met}, client.CreateOnly())
			return statusOf(t, http.StatusCreated, err)
		})
		if first[http.StatusCreated] != 1 || first[http.StatusPreconditionFailed] != 15 {
			t.Errorf("made at once: %v", first)
		}
	})
}

// 16 threads with one Idempotency-Key make one case, and all are told of the same one.
func TestOneKeyMakesOneCase(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		o.collecting(t, 9027, norddjurs)
		auditor, other := o.as(t, barometer.RoleAuditor), o.as(t, barometer.RoleAuditor)
		in := barometer.CaseInput{Municipality: norddjurs, CaseType: barometer.Placement}
		before := o.cases(t, auditor)
		for round := range 5 {
			key := client.IdempotencyKey(fmt.Sprintf("case-%d", round))
			var lock sync.Mutex
			ids := map[string]bool{}
			counts := atOnce(func(int) int {
				made, err := auditor.CreateCase(t.Context(), 9027, in, key)
				lock.Lock()
				defer lock.Unlock()
				ids[made.Value.ID+made.Location] = true
				return statusOf(t, http.StatusCreated, err)
			})
			if counts[http.StatusCreated] != 16 || len(ids) != 1 {
				t.Errorf("%v, %v", counts, ids)
			}
		}
		if got := o.cases(t, auditor); got != before+5 {
			t.Errorf("%d cases after five keys, %d before", got, before)
		}
		another := in
		another.CaseType = barometer.FamilyTreatment
		if _, err := auditor.CreateCase(t.Context(), 9027, another, client.IdempotencyKey("case-0")); statusOf(t, 201, err) != http.StatusUnprocessableEntity {
			t.Errorf("another body with the same key: %v", err)
		}
		if made := must(other.CreateCase(t.Context(), 9027, another, client.IdempotencyKey("case-0")))(t); made.Replayed {
			t.Error("another caller got the answer of this one")
		}
		wrong := barometer.CaseInput{Municipality: "0101", CaseType: barometer.Placement}
		if _, err := auditor.CreateCase(t.Context(), 9027, wrong, client.IdempotencyKey("mended")); statusOf(t, 201, err) != http.StatusUnprocessableEntity {
			t.Errorf("no participant: %v", err)
		}
		if made := must(auditor.CreateCase(t.Context(), 9027, in, client.IdempotencyKey("mended")))(t); made.Replayed {
			t.Error("a key of a refused request cannot be used again")
		}
	})
}

func (o office) cases(t *testing.T, c *client.Client) int {
	t.Helper()
	n := 0
	for _, err := range c.AllCases(t.Context(), 9027, client.CasesOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

// Every resource that can be changed asks which version is meant, refuses another, and says so before anything else of
// the request is looked at.
func TestPreconditions(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		id, _ := o.collecting(t, 9027, norddjurs)
		text, _ := o.key(t, barometer.RoleLead)
		bearer := "Authorization: Bearer " + text
		for _, r := range []struct{ method, address, kind string }{
			{http.MethodPatch, "/v1/rounds/9027", "merge-patch+json"},
			{http.MethodDelete, "/v1/rounds/9027", ""},
			{http.MethodPut, "/v1/rounds/9027/requirements", "json"},
			{http.MethodPut, "/v1/rounds/9027/participations/" + norddjurs, "json"},
			{http.MethodDelete, "/v1/rounds/9027/participations/" + norddjurs, ""},
			{http.MethodPatch, "/v1/cases/" + id, "merge-patch+json"},
			{http.MethodDelete, "/v1/cases/" + id, ""},
			{http.MethodPut, "/v1/cases/" + id + "/outcomes", "json"},
			{http.MethodPut, "/v1/cases/" + id + "/outcomes/investigation_conducted", "json"},
			{http.MethodDelete, "/v1/cases/" + id + "/outcomes/investigation_conducted", ""},
			{http.MethodPut, "/v1/cases/" + id + "/notifications/1", ""},
			{http.MethodDelete, "/v1/cases/" + id + "/notifications/1", ""},
			{http.MethodPut, "/v1/cases/" + id + "/notifications/1/outcomes/notification_assessed_within_24_hours", "json"},
			{http.MethodPatch, "/v1/comparability/break.investigation_within_four_months.2023", "merge-patch+json"},
			{http.MethodDelete, "/v1/comparability/break.investigation_within_four_months.2023", ""},
			{http.MethodPut, "/v1/rounds/2023/reported-results/0707/" + fourMonths, "json"},
			{http.MethodDelete, "/v1/rounds/2023/reported-results/0707/" + fourMonths, ""},
		} {
			headers, body := []string{bearer}, ""
			if r.kind != "" {
				headers, body = append(headers, "Content-Type: application/"+r.kind), "{}"
			}
			for precondition, want := range map[string]int{
				"": http.StatusPreconditionRequired, `If-Match: "another"`: http.StatusPreconditionFailed, "If-None-Match: *": http.StatusPreconditionFailed,
				`If-None-Match: "x"`: http.StatusBadRequest,
			} {
				with := headers
				if precondition != "" {
					with = append(slices.Clone(headers), precondition)
				}
				if a := o.send(t, r.method, r.address, body, with...); a.status != want {
					t.Errorf("%s %s with %q: %d %s, want %d", r.method, r.address, precondition, a.status, a.body, want)
				}
			}
		}
	})
}

// What a caller may not set is refused, and changes nothing.
func TestNothingElseCanBeSet(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		id, _ := o.collecting(t, 9027, norddjurs, ishoej)
		lead := o.as(t, barometer.RoleLead)
		before := must(lead.Case(t.Context(), id))(t)
		for _, member := range []string{"municipality", "id", "round", "version", "author", "role", "entered_by"} {
			_, err := lead.UpdateCase(t.Context(), id, client.Patch{member: ishoej}, client.IfMatch(before.ETag))
			f := problemOf(t, 0, err)
			if f.Status != http.StatusUnprocessableEntity || len(f.Problem.Errors) != 1 || f.Problem.Errors[0].Pointer != "/"+member {
				t.Errorf("%s: %v", member, f)
			}
		}
		if after := must(lead.Case(t.Context(), id))(t); after != before {
			t.Errorf("%+v, was %+v", after, before)
		}
	})
}

// The members of a body that cannot be used are all named at once, without what was sent.
func TestEveryProblemOfABodyAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		o.collecting(t, 9027, norddjurs)
		text, _ := o.key(t, barometer.RoleLead)
		post := func(body string) answer {
			return o.send(t, http.MethodPost, "/v1/rounds/9027/cases", body, "Authorization: Bearer "+text, "Content-Type: application/json")
		}
		const number = "010190-1234"
		a := post(`{"municipality": 707, "reference": "` + number + `", "case_type": "adoption", "notifications": 1.5, "name": "x"}`)
		var got []string
		for _, e := range a.problem(t).Errors {
			got = append(got, e.Pointer+" "+e.Code)
		}
		want := []string{"/municipality wrong_type", "/reference personal_number", "/case_type unknown_value", "/notifications out_of_range", "/name unknown_member"}
		if a.status != http.StatusUnprocessableEntity || !slices.Equal(got, want) {
			t.Errorf("%d %v, want %v", a.status, got, want)
		}
		if strings.Contains(a.body, "1234") || strings.Contains(a.body, "adoption") {
			t.Errorf("repeats what was sent: %s", a.body)
		}
		for _, body := range []string{"", "{", `{"a":1,"a":2}`, `{} {}`, "[]", `"x"`, "null", strings.Repeat("[", 100) + strings.Repeat("]", 100), "{\"a\":\"\xff\"}", `{"a":` + strings.Repeat(`{"b":`, 70) + "1" + strings.Repeat("}", 71)} {
			if a := post(body); a.status != http.StatusBadRequest {
				t.Errorf("%.30s: %d %s", body, a.status, a.body)
			}
		}
		if a := post(`{"case_type": "` + strings.Repeat("x", 1<<20) + `"}`); a.status != http.StatusRequestEntityTooLarge {
			t.Errorf("1 MiB and more: %d", a.status)
		}
	})
}

// A merge patch takes out what it gives as null (RFC 7396), and leaves what it does not name.
func TestMergePatch(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		id, _ := o.collecting(t, 9027, norddjurs)
		auditor, ctx := o.as(t, barometer.RoleAuditor), t.Context()
		_, key := o.key(t, barometer.RoleAuditor)
		before := must(auditor.Case(ctx, id))(t)
		assigned := must(auditor.UpdateCase(ctx, id, client.Patch{"assigned_to": key}, client.IfMatch(before.ETag)))(t)
		if assigned.Value.AssignedTo == nil || *assigned.Value.AssignedTo != key || assigned.Value.Reference != before.Value.Reference {
			t.Errorf("%+v", assigned.Value)
		}
		freed := must(auditor.UpdateCase(ctx, id, client.Patch{"assigned_to": nil}, client.IfMatch(assigned.ETag)))(t)
		if freed.Value != before.Value || freed.ETag != before.ETag {
			t.Errorf("%+v, was %+v", freed, before)
		}
		if _, err := auditor.UpdateCase(ctx, id, client.Patch{"case_type": nil}, client.IfMatch(freed.ETag)); statusOf(t, 200, err) != http.StatusUnprocessableEntity {
			t.Errorf("a case without a type: %v", err)
		}
	})
}

// What is entered for a notification is part of its version, so that nobody removes what another has just entered.
func TestANotificationsVersionCoversItsOutcomes(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		id, _ := o.collecting(t, 9027, norddjurs)
		auditor, other, ctx := o.as(t, barometer.RoleAuditor), o.as(t, barometer.RoleAuditor), t.Context()
		made := must(auditor.CreateNotification(ctx, id))(t)
		read := must(auditor.Notification(ctx, id, made.Value.Number))(t)
		if made.ETag != read.ETag {
			t.Errorf("made as %s, read as %s", made.ETag, read.ETag)
		}
		at := barometer.Cell{Requirement: "notification_assessed_within_24_hours", Number: made.Value.Number}
		must(other.PutOutcome(ctx, id, at, barometer.OutcomeInput{Outcome: barometer.NotMet}, client.CreateOnly()))(t)
		if err := auditor.DeleteNotification(ctx, id, at.Number, "tom", client.IfMatch(read.ETag)); statusOf(t, 204, err) != http.StatusPreconditionFailed {
			t.Errorf("removed with what another had entered: %v", err)
		}
	})
}

// The trail names what was made, and nothing that a caller wrote into an address.
func TestTheTrailNamesThings(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		o.collecting(t, 9027, norddjurs)
		auditor := o.as(t, barometer.RoleAuditor)
		made := must(auditor.CreateCase(t.Context(), 9027, barometer.CaseInput{Municipality: norddjurs, CaseType: barometer.Placement}))(t)
		o.get(t, "/v1/cases/Peter-Hansen")
		expired, id := o.key(t, barometer.RoleLead, func(k *barometer.APIKey) { now := s.Now(); k.ExpiresAt = &now })
		o.get(t, "/v1/cases/"+made.Value.ID, "Authorization: Bearer "+expired)
		found := map[string]bool{}
		for e, err := range o.as(t, barometer.RoleAdmin).AllAuditEvents(t.Context(), client.AuditEventsOptions{}) {
			if err != nil {
				t.Fatal(err)
			}
			found[fmt.Sprintf("%s %s", e.Action, e.Resource)] = true
			found[fmt.Sprintf("%s by %s", e.Kind, e.Caller)] = true
			if strings.Contains(e.Resource, "Hansen") {
				t.Errorf("%+v", e)
			}
		}
		for _, want := range []string{"createCase /v1/cases/" + made.Value.ID, "createRound /v1/rounds/9027", "getCase /v1/cases/:case", "createTransition /v1/rounds/9027/transitions/1/collecting", "refused by " + id} {
			if !found[want] {
				t.Errorf("no event %q", want)
			}
		}
	})
}
