package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// TestLiveFigures: what can be asked of published figures can be asked of live ones, and everybody is answered with what
// is theirs: a municipality with its own, small cells too, the ministry with the country's, an auditor with all.
func TestLiveFigures(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		rounds := extremes()
		o.publish(t, rounds[0])
		lead := o.as(t, barometer.RoleLead)
		o.hearing(t, lead, rounds[1])
		live := client.ResultsOptions{Round: []barometer.Year{9026}, State: "live", Level: barometer.LevelRequirement, Breakdown: "case_type"}
		for role, areas := range map[barometer.Role]string{
			barometer.RoleMunicipality: norddjurs, barometer.RoleMinistry: barometer.Country, barometer.RoleAuditor: "0101 0183 0707 dk", barometer.RoleLead: "0101 0183 0707 dk",
		} {
			c := o.as(t, role)
			page := must(c.Results(t.Context(), live))(t)
			seen, parts := map[string]bool{}, 0
			for _, r := range page.Items {
				seen[r.Area] = true
				if r.CaseType != nil {
					parts++
				}
				if wrong := honest(r); wrong != "" {
					t.Errorf("%s: %s: %s", role, r.Key, wrong)
				}
				isWithheld := r.Status == barometer.Withheld
				if isWithheld && role != barometer.RoleMinistry || role == barometer.RoleMunicipality && r.Country.Status != barometer.Withheld {
					t.Errorf("%s: %s is %s beside %+v", role, r.Key, r.Status, r.Country)
				}
			}
			if len(seen) != len(strings.Fields(areas)) || parts != 3*len(page.Items)/4 || parts == 0 {
				t.Errorf("%s sees %v, %d of %d rows by case type", role, seen, parts, len(page.Items))
			}
			for area := range seen {
				if !strings.Contains(areas, area) {
					t.Errorf("%s sees %s", role, area)
				}
			}
		}
		o.checkOwn(t)
		o.checkLiveRefused(t)
		o.checkAsPublished(t, lead)
	})
}

// checkAsPublished: what is live is what is then published, however it is asked for.
func (o office) checkAsPublished(t *testing.T, lead *client.Client) {
	t.Helper()
	asked := map[string]client.ResultsOptions{
		"plain": {}, "weighed": {Weighting: barometer.WeightEqual}, "below": {PercentBelow: 60}, "judged": {Verdict: []barometer.Verdict{barometer.NoBasis}},
	}
	live := map[string]barometer.ResultPage{}
	for name, a := range asked {
		a.Round, a.State, a.Limit = []barometer.Year{9026}, "live", 1000
		live[name] = must(lead.Results(t.Context(), a))(t)
	}
	must(lead.CreateTransition(t.Context(), 9026, barometer.TransitionInput{To: barometer.Published}))(t)
	for name, a := range asked {
		a.Round, a.Limit = []barometer.Year{9026}, 1000
		if diff := cmp.Diff(live[name], must(o.Results(t.Context(), a))(t)); diff != "" || len(live[name].Items) < 5 {
			t.Errorf("%s: live (-) and published (+):\n%.3000s", name, diff)
		}
	}
	if *live["weighed"].Items[len(live["weighed"].Items)-1].Weighting != barometer.WeightEqual {
		t.Error("the country's live figures are not weighed")
	}
}

// checkOwn: of Norddjurs' three cases one is a placement, and it met what was asked: 1 of 1.
func (o office) checkOwn(t *testing.T) {
	t.Helper()
	own, ctx := o.as(t, barometer.RoleMunicipality), t.Context()
	card := must(own.Scorecard(ctx, 9026, norddjurs, client.ScorecardOptions{Breakdown: "case_type"}))(t)
	found := keyed(t, card.Themes[0].Requirements)
	part := found["9026.0707.investigation_conducted.placement"]
	if card.State != "live" || *part.Met != 1 || *part.Assessed != 1 || *part.CaseType != barometer.Placement {
		t.Errorf("%s %+v", card.State, part)
	}
	asked := client.ResultsOptions{Round: []barometer.Year{9026}, State: "live", Level: barometer.LevelRequirement}
	asked.PercentBelow = 50
	page := must(own.Results(ctx, asked))(t)
	if len(page.Items) != 1 || page.Items[0].Key != "9026.0707.follow_up_within_three_months" || len(page.WithoutFigure) != 1 || page.WithoutFigure[0].Count != 1 {
		t.Errorf("below 50 %%: %+v, without a figure %+v", page.Items, page.WithoutFigure)
	}
	// 0 of 2 before, 3 of 3 now: no outcome of 2 and 3 cases has a p below 1/C(5, 2) = 0.1.
	asked.PercentBelow, asked.Verdict = 0, []barometer.Verdict{barometer.TooFewCases}
	page = must(own.Results(ctx, asked))(t)
	if len(page.Items) != 1 || page.Items[0].Key != "9026.0707.investigation_conducted" || *page.Items[0].Change.Test.SmallestAttainableP != 0.1 {
		t.Errorf("too few cases: %+v", page.Items)
	}
}

// checkLiveRefused: what has no meaning is refused with a key as without one.
func (o office) checkLiveRefused(t *testing.T) {
	t.Helper()
	text, _ := o.key(t, barometer.RoleLead)
	for query, want := range map[string]string{
		"state=live": "state", "state=live&rounds=9023,9026": "rounds state", "rounds=9023,9026": "rounds", "rounds=9026,9027": "rounds",
		"round=9026&state=live&breakdown=case_type&level=theme": "breakdown", "round=9026&case_type=placement": "case_type",
		"round=9026&breakdown=case_type&verdict=indicated": "breakdown", "round=9026&weighting=equal&breakdown=case_type": "weighting",
	} {
		a := o.get(t, "/v1/results?"+query, "Authorization: Bearer "+text)
		var got []string
		for _, problem := range a.problem(t).Errors {
			got = append(got, problem.Parameter)
		}
		if a.status != http.StatusBadRequest || strings.Join(got, " ") != want {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
}
