package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/client"
)

// announced is an office with a round of two municipalities, one case each, all requirements met, and a lead.
type announced struct {
	office
	lead *client.Client
	year barometer.Year
}

func announce(t *testing.T, s *store.Store) announced {
	t.Helper()
	o := announced{openOffice(t, s), nil, 9027}
	o.lead = o.as(t, barometer.RoleLead)
	o.collecting(t, o.year, norddjurs, ishoej)
	file := "municipality,case,case_type,requirement,notification,outcome,reason\n"
	for _, code := range []string{norddjurs, ishoej} {
		file += code + ",S0001,placement," + fourMonths + ",,met,\n"
	}
	must(o.lead.CreateImport(t.Context(), o.year, []byte(file), client.ImportOptions{MediaType: client.CSV}))(t)
	must(o.lead.CreateTransition(t.Context(), o.year, barometer.TransitionInput{To: barometer.Hearing}))(t)
	o.publish(t, "")
	return o
}

// publish announces the round for an hour from now.
func (o announced) publish(t *testing.T, reason string) {
	t.Helper()
	at := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
	in := barometer.TransitionInput{To: barometer.Published, PublishAt: &at}
	if reason != "" {
		in.Reason = &reason
	}
	must(o.lead.CreateTransition(t.Context(), o.year, in))(t)
}

func hiddenFrom(t *testing.T, failed ...error) {
	t.Helper()
	for _, err := range failed {
		if problemOf(t, 0, err).Status != http.StatusNotFound {
			t.Errorf("not hidden: %v", err)
		}
	}
}

// TestAnAnnouncedRoundIsSeenByThoseConcerned, and by nobody else before its instant.
func TestAnAnnouncedRoundIsSeenByThoseConcerned(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := announce(t, s)
		ctx := t.Context()
		own, ministry, auditor := o.as(t, barometer.RoleMunicipality), o.as(t, barometer.RoleMinistry), o.as(t, barometer.RoleAuditor)

		card := must(own.Scorecard(ctx, o.year, norddjurs, client.ScorecardOptions{}))(t)
		if card.State != "live" || *card.Cases != 1 || card.Themes[0].Pooled.Country.Status != barometer.Withheld {
			t.Errorf("a municipality sees %s, %+v", card.State, card.Themes[0].Pooled)
		}
		country := must(ministry.CountryScorecard(ctx, o.year, client.ScorecardOptions{State: "live"}))(t)
		if country.State != "live" || *country.Themes[0].Pooled.Met != 4 {
			t.Errorf("the ministry sees %s, %+v", country.State, country.Themes[0].Pooled)
		}
		for _, c := range []*client.Client{auditor, o.lead} {
			if card := must(c.Scorecard(ctx, o.year, ishoej, client.ScorecardOptions{}))(t); card.State != "live" {
				t.Errorf("those who work on it see %s", card.State)
			}
		}
		results := must(own.Results(ctx, client.ResultsOptions{Round: []barometer.Year{o.year}}))(t)
		if len(results.Items) == 0 || results.Items[0].Area != norddjurs {
			t.Errorf("%+v", results.Items)
		}
		for _, c := range []*client.Client{own, ministry, auditor, o.lead} {
			page := must(c.Rounds(ctx, client.RoundsOptions{Origin: barometer.OriginSynthetic}))(t)
			if len(page.Items) != 1 || page.Items[0].Status != barometer.Published || *page.Items[0].Cases != 2 {
				t.Errorf("%+v", page.Items)
			}
		}
		hiddenFrom(
			t,
			second(own.Scorecard(ctx, o.year, ishoej, client.ScorecardOptions{})),
			second(own.CountryScorecard(ctx, o.year, client.ScorecardOptions{})),
			second(ministry.Scorecard(ctx, o.year, norddjurs, client.ScorecardOptions{})),
			second(o.Scorecard(ctx, o.year, norddjurs, client.ScorecardOptions{})),
			second(o.Scorecard(ctx, o.year, norddjurs, client.ScorecardOptions{State: "live"})),
			second(o.Round(ctx, o.year)),
		)
		if page := must(o.Rounds(ctx, client.RoundsOptions{Origin: barometer.OriginSynthetic}))(t); len(page.Items) > 0 {
			t.Errorf("the public sees %+v", page.Items)
		}
	})
}

// TestAnAnnouncedCorrection is shown where it is asked for; otherwise what is published stays.
func TestAnAnnouncedCorrection(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := announce(t, s)
		ctx := t.Context()
		own := o.as(t, barometer.RoleMunicipality)
		reason := "Tastefejl"
		back := barometer.TransitionInput{To: barometer.Hearing, Reason: &reason}
		must(o.lead.CreateTransition(ctx, o.year, back))(t)
		must(o.lead.CreateTransition(ctx, o.year, barometer.TransitionInput{To: barometer.Published}))(t)
		must(o.lead.CreateTransition(ctx, o.year, back))(t)
		file := "municipality,case,case_type,requirement,notification,outcome,reason\n" + norddjurs + ",S0001,placement," + fourMonths + ",,not_met,\n"
		must(o.lead.CreateImport(ctx, o.year, []byte(file), client.ImportOptions{MediaType: client.CSV, Why: reason}))(t)
		o.publish(t, reason)
		seen := map[string]string{}
		for _, state := range []string{"", "live", "published"} {
			card := must(own.Scorecard(ctx, o.year, norddjurs, client.ScorecardOptions{State: state}))(t)
			for _, r := range card.Themes[0].Requirements {
				if *r.Requirement == fourMonths {
					seen[state] = card.State + " " + map[int]string{0: "not met", 1: "met"}[*r.Met]
				}
			}
		}
		want := map[string]string{"": "published met", "live": "live not met", "published": "published met"}
		if diff := cmp.Diff(want, seen); diff != "" {
			t.Error(diff)
		}
	})
}

// TestARoundInWorkHasItsSizes, and the version that was given on creation is the one that is read.
func TestARoundInWorkHasItsSizes(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		o := openOffice(t, s)
		lead := o.as(t, barometer.RoleLead)
		made := must(lead.CreateRound(t.Context(), barometer.RoundInput{
			Year: 9028, RoundPatch: barometer.RoundPatch{Kind: "annual", Law: "serviceloven"},
		}))(t)
		read := must(lead.RoundVersion(t.Context(), 9028))(t)
		if made.ETag != read.ETag || *read.Value.Participants != 0 || *read.Value.Cases != 0 {
			t.Errorf("made as %s, read as %s: %+v", made.ETag, read.ETag, read.Value)
		}
		o.collecting(t, 9027, norddjurs, ishoej)
		before := must(lead.RoundVersion(t.Context(), 9027))(t)
		if *before.Value.Participants != 2 || *before.Value.Cases != 2 {
			t.Errorf("%+v", before.Value)
		}
		must(lead.CreateImport(t.Context(), 9027, []byte("municipality,case,case_type,requirement,notification,outcome,reason\n"+
			ishoej+",S0002,placement,investigation_conducted,,met,\n"), client.ImportOptions{MediaType: client.CSV}))(t)
		after := must(lead.RoundVersion(t.Context(), 9027))(t)
		if *after.Value.Cases != 3 || after.ETag == before.ETag {
			t.Errorf("%+v", after.Value)
		}
	})
}
