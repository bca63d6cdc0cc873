package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// locked runs fn as whoever publishes does: with the data set and a round locked.
func (b bench) locked(year barometer.Year, fn func(tx *store.Store) error) error {
	return b.store.Tx(b.ctx, func(tx *store.Store) error {
		if _, err := tx.LockDataset(b.ctx); err != nil {
			return err
		}
		if _, err := tx.LockRound(b.ctx, year, true); err != nil {
			return err
		}
		return fn(tx)
	})
}

// act publishes a round in a given way.
func (b bench) act(year barometer.Year, act report.Act) (release barometer.Release, changed bool, err error) {
	err = b.locked(year, func(tx *store.Store) error {
		round, err := tx.Round(b.ctx, year)
		if err != nil {
			return err
		}
		if err := tx.SetRoundStatus(b.ctx, year, barometer.Published); err != nil {
			return err
		}
		release, changed, err = report.PublishIn(b.ctx, tx, b.cat, year, act)
		if err != nil || !changed {
			return err
		}
		return b.moved(tx, round, barometer.Published, act.Reason)
	})
	return release, changed, err
}

// moved records a transition of a round, as whoever moves one does.
func (b bench) moved(tx *store.Store, from barometer.Round, to barometer.RoundStatus, reason *string) error {
	_, err := tx.AddTransition(b.ctx, barometer.Transition{Round: from.Year, From: from.Status, To: to, Reason: reason})
	return err
}

// reopen takes a published round back to hearing.
func (b bench) reopen(year barometer.Year) {
	b.Helper()
	b.must(b.locked(year, func(tx *store.Store) error {
		round, err := tx.Round(b.ctx, year)
		if err != nil {
			return err
		}
		if err := tx.SetRoundStatus(b.ctx, year, barometer.Hearing); err != nil {
			return err
		}
		return b.moved(tx, round, barometer.Hearing, ptr("Igen"))
	}))
}

// announce publishes a round with an embargo.
func (b bench) announce(year barometer.Year, in time.Duration) barometer.Release {
	b.Helper()
	at := b.store.Now().Add(in)
	release, changed, err := b.act(year, report.Act{PublishAt: &at})
	b.must(err)
	if !changed || release.Status != barometer.ReleaseAnnounced || !release.PublishedAt.Equal(at) {
		b.Errorf("%v %+v", changed, release)
	}
	return release
}

func (b bench) kind(err error, want barometer.Kind, says ...string) {
	b.Helper()
	if barometer.KindOf(err) != want {
		b.Errorf("%v; want kind %d", err, want)
		return
	}
	for _, text := range says {
		if !strings.Contains(err.Error(), text) {
			b.Errorf("%v; want it to say %q", err, text)
		}
	}
}

func (b bench) statusOf(year barometer.Year) barometer.RoundStatus {
	b.Helper()
	round, err := b.store.Round(b.ctx, year)
	b.must(err)
	return round.Status
}

func ptr[T any](v T) *T { return &v }

// TestAnEmbargoPasses: an announced release is listed at once and has no figures; at its instant it is served, without
// anybody doing anything.
func TestAnEmbargoPasses(t *testing.T) {
	run(t, func(b bench) {
		current, err := report.NewCurrent(b.ctx, b.store, b.cat)
		b.must(err)
		b.round(9023, "0707")
		b.cases(9023, "0707", professional, "MMMM", "NXXX")
		announced := b.announce(9023, 1500*time.Millisecond)
		b.must(current.Refresh(b.ctx))
		s := current.Snapshot()
		if listed := s.Releases(); len(listed) != 7 || listed[6].Status != barometer.ReleaseAnnounced || s.Release().Number != 6 {
			b.Errorf("current %d, listed %+v", s.Release().Number, listed)
		}
		if listed, err := s.ReleaseNumbered(7); err != nil || listed.Status != barometer.ReleaseAnnounced {
			b.Errorf("%+v, %v", listed, err)
		}
		_, absent := s.Round(9022)
		_, hidden := s.Round(9023)
		b.kind(hidden, barometer.NotFound)
		if strings.ReplaceAll(hidden.Error(), "9023", "9022") != absent.Error() {
			b.Errorf("a round that is only announced: %v; an absent one: %v", hidden, absent)
		}
		_, err = s.Changes(b.ctx, b.store, 7, "", 10)
		b.kind(err, barometer.NotFound, "announced")
		b.kind(s.Data(b.ctx, b.store, 7, func(string) error { return nil }), barometer.NotFound)
		b.round(9024, "0707")
		_, _, err = b.act(9024, report.Act{})
		b.kind(err, barometer.State, "Release 7")

		time.Sleep(time.Until(announced.PublishedAt))
		b.must(current.Refresh(b.ctx))
		s = current.Snapshot()
		if s.Release().Number != 7 || s.Release().Status != barometer.ReleasePublished {
			b.Errorf("%+v", s.Release())
		}
		if r := b.result(s, "9023.0707.investigation_conducted"); *r.Percent != 50 {
			b.Errorf("%d %%", *r.Percent)
		}
		if _, changed, err := b.act(9024, report.Act{PublishAt: ptr(time.Now().Add(-time.Hour))}); err != nil || !changed || b.load().Release().Number != 8 {
			b.Errorf("an instant that has passed is now: %v, %v", changed, err)
		}
		b.sound()
	})
}

// undo takes the announced release back.
func (b bench) undo(year barometer.Year) {
	b.Helper()
	b.must(b.locked(year, func(tx *store.Store) error {
		if _, err := report.CancelAnnounced(b.ctx, tx, "En fejl"); err != nil {
			return err
		}
		return b.moved(tx, barometer.Round{Year: year, Status: barometer.Published}, barometer.Hearing, ptr("En fejl"))
	}))
}

// TestAnAnnouncedReleaseIsCancelled: its round goes back to hearing, what was taken along is pending again, its number is
// not used again, and what was public stays.
func TestAnAnnouncedReleaseIsCancelled(t *testing.T) {
	run(t, func(b bench) {
		b.round(9023, "0707")
		b.cases(9023, "0707", professional, "MMMM", "NXXX")
		b.publish(9023)
		before := b.load().Results(func(barometer.Result) bool { return true }, report.Options{}, barometer.Danish)
		b.revise("9023-0707-1", professional[0], 'M')
		b.restate(2024, 48)
		b.announce(9023, time.Hour)
		if announces, err := report.Announces(b.ctx, b.store, 9023); err != nil || !announces {
			b.Errorf("%v, %v", announces, err)
		}
		if announces, err := report.Announces(b.ctx, b.store, 2024); err != nil || announces {
			b.Errorf("what is taken along is not what is announced: %v, %v", announces, err)
		}
		b.sound()

		var done report.Cancelled
		b.must(b.locked(9023, func(tx *store.Store) (err error) {
			if done, err = report.CancelAnnounced(b.ctx, tx, "En fejl"); err != nil {
				return err
			}
			return b.moved(tx, barometer.Round{Year: 9023, Status: barometer.Published}, barometer.Hearing, ptr("En fejl"))
		}))
		if done != (report.Cancelled{Release: 8, Round: 9023}) || b.statusOf(9023) != barometer.Hearing {
			b.Errorf("%+v, the round is %s", done, b.statusOf(9023))
		}
		if round, err := b.store.Round(b.ctx, 2024); err != nil || round.Status != barometer.Published || !round.RecordsChanged {
			b.Errorf("%+v, %v", round, err)
		}
		s := b.load()
		if s.Release().Number != 7 {
			b.Errorf("release %d", s.Release().Number)
		}
		if diff := cmp.Diff(before, s.Results(func(barometer.Result) bool { return true }, report.Options{}, barometer.Danish)); diff != "" {
			b.Error(diff)
		}
		_, err := s.ReleaseNumbered(8)
		b.kind(err, barometer.Gone, "En fejl", "cancelled on "+time.Now().UTC().Format(time.DateOnly))
		_, err = s.ReleaseNumbered(9)
		b.kind(err, barometer.NotFound, "from 1 to 8")
		for _, kind := range []barometer.RowKind{barometer.RowResult, barometer.RowJudgement, barometer.RowChange} {
			if rows, err := b.store.ReleaseRows(b.ctx, 8, kind); err != nil || len(rows) > 0 {
				b.Errorf("%d rows of kind %s, %v", len(rows), kind, err)
			}
		}
		if gone, err := b.store.WithdrawnPublications(b.ctx); err != nil || len(gone) > 0 {
			b.Errorf("never public, so nothing was withdrawn: %+v, %v", gone, err)
		}
		b.must(b.locked(9023, func(tx *store.Store) (err error) {
			done, err = report.CancelAnnounced(b.ctx, tx, "Igen")
			return err
		}))
		if done != (report.Cancelled{}) {
			b.Errorf("there is none to cancel: %+v", done)
		}
		release, changed, err := b.act(9023, report.Act{Reason: ptr("Rettet")})
		if err != nil || !changed || release.Number != 9 || *release.Reason != "Rettet" {
			b.Errorf("%+v, %v, %v", release, changed, err)
		}
		for _, want := range []barometer.ReleaseRound{{Round: 9023, Revision: 3}, {Round: 2024, Revision: 3}} {
			if !slices.Contains(release.Rounds, want) {
				b.Errorf("want %+v in %+v", want, release.Rounds)
			}
		}
		b.sound()
	})
}

// restate changes the printed figure of the country on the four months, as a lead does.
func (b bench) restate(year barometer.Year, percent int) {
	b.Helper()
	b.must(b.store.Tx(b.ctx, func(tx *store.Store) error {
		rows, err := tx.ReportedResults(b.ctx, year)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Area == barometer.Country && r.Requirement == "investigation_within_four_months" {
				r.Percent = percent
				if err := tx.PutReportedResults(b.ctx, []barometer.ReportedResult{r}); err != nil {
					return err
				}
			}
		}
		tx.Record(barometer.EventChange, "putReportedResult", fmt.Sprintf("/v1/rounds/%d/reported-results/dk/investigation_within_four_months", year))
		return tx.SetRecordsChanged(b.ctx, year, true)
	}))
}

// TestWhatALeadChangedTakesEffectWithTheNextRelease, whichever round makes it.
func TestWhatALeadChangedTakesEffectWithTheNextRelease(t *testing.T) {
	run(t, func(b bench) {
		b.restate(2024, 48)
		b.must(b.store.Tx(b.ctx, func(tx *store.Store) error {
			j, err := tx.Judgement(b.ctx, "break.action_plan_made.2020")
			if err != nil {
				return err
			}
			j.Judgement = barometer.WithCaveat
			return tx.UpdateJudgement(b.ctx, j)
		}))
		if r := b.result(b.load(), "2024.dk.investigation_within_four_months"); *r.Percent != 50 { // as printed
			b.Errorf("%d %% before a release", *r.Percent)
		}
		if v := b.verify(); len(v.Pending) != 1 || len(v.Faults) != 0 {
			b.Errorf("%+v", v)
		}
		b.round(9023, "0707")
		b.cases(9023, "0707", professional, "MMMM", "NXXX")
		s := b.publish(9023)
		if r := b.result(s, "2024.dk.investigation_within_four_months"); *r.Percent != 48 {
			b.Errorf("%d %%", *r.Percent)
		}
		if r := b.result(s, "2020.dk.action_plan_made"); r.Change.Comparability.Judgement != barometer.WithCaveat || r.Change.Difference == nil {
			b.Errorf("%+v", r.Change)
		}
		b.sound()
		if _, changed, err := b.act(2024, report.Act{Reason: ptr("Igen")}); err != nil || changed {
			b.Errorf("nothing is pending any more: %v, %v", changed, err)
		}
	})
}

// TestAJudgementAloneMakesARelease: publishing a round again of which nothing has changed releases a changed judgement,
// and the round keeps its publication.
func TestAJudgementAloneMakesARelease(t *testing.T) {
	run(t, func(b bench) {
		b.must(b.store.Tx(b.ctx, func(tx *store.Store) error {
			return tx.DeleteJudgement(b.ctx, "break.action_plan_made.2020")
		}))
		release, changed, err := b.act(2024, report.Act{Reason: ptr("Ny vurdering")})
		if err != nil || !changed || release.Number != 7 || !slices.Contains(release.Rounds, barometer.ReleaseRound{Round: 2024, Revision: 1}) {
			b.Errorf("%+v, %v, %v", release, changed, err)
		}
		changes, err := b.load().Changes(b.ctx, b.store, 7, "", 1000)
		b.must(err)
		var keys []string
		for _, c := range changes {
			keys = append(keys, c.Key)
		}
		want := []string{"2020.dk.action_plan_made", "2020.dk.choice_of_measure.mean_of_requirements", "2020.dk.choice_of_measure.pooled"}
		if diff := cmp.Diff(want, keys); diff != "" {
			b.Error(diff)
		}
	})
}

// TestARoundsOwnQuestionAndPractice stand on its results, in the language they were given in, and stay there.
func TestARoundsOwnQuestionAndPractice(t *testing.T) {
	run(t, func(b bench) {
		n, own := 1, "Er fristen på fire måneder holdt?"
		b.must(b.store.AddRound(b.ctx, barometer.Round{
			Year: 9023, Origin: barometer.OriginSynthetic, Kind: "annual", Law: "serviceloven", Status: barometer.Collecting,
			Participants: &n, RequirementsKnown: true,
		}, []barometer.RoundRequirement{
			{Round: 9023, Requirement: professional[0], Unit: barometer.UnitCase},
			{Round: 9023, Requirement: professional[1], Unit: barometer.UnitCase, Practice: "our_own", QuestionDa: &own},
		}))
		b.must(b.store.AddParticipations(b.ctx, []barometer.Participation{{Round: 9023, Municipality: "0707"}}))
		b.cases(9023, "0707", professional[:2], "MM", "NM")
		s := b.publish(9023)
		b.tamper("UPDATE round_requirements SET question_da = 'x', practice = 'y'") // what was published stays
		catalogued, _ := b.cat.Requirement(professional[1], barometer.English)
		for lang, want := range map[barometer.Lang]string{barometer.Danish: own, barometer.English: catalogued.Question} {
			r := s.Results(func(r barometer.Result) bool { return r.Key == "9023.0707."+professional[1] }, report.Options{}, lang)[0]
			if *r.Question != want || *r.Practice != "our_own" {
				b.Errorf("%s: %s, %s", lang, *r.Question, *r.Practice)
			}
			card, err := s.Scorecard(9023, "0101", report.Baseline{}, lang) // it did not take part
			b.must(err)
			if r := card.Themes[0].Requirements[1]; *r.Question != want || *r.Practice != "our_own" {
				b.Errorf("%s: %s, %s", lang, *r.Question, *r.Practice)
			}
			asked, err := s.RoundRequirements(9023, lang)
			b.must(err)
			if asked[1].Question != want || asked[1].Practice != "our_own" || asked[0].Practice == "" {
				b.Errorf("%+v", asked)
			}
		}
	})
}

// TestSizesFollowFromWhatIsEntered: all participants of a round run here are known, its cases are those in the sample,
// and a participation says what the lead said, or else how many cases it has.
func TestSizesFollowFromWhatIsEntered(t *testing.T) {
	run(t, func(b bench) {
		b.must(b.store.AddRound(b.ctx, barometer.Round{
			Year: 9023, Origin: barometer.OriginSynthetic, Kind: "annual", Law: "serviceloven", Status: barometer.Collecting, RequirementsKnown: true,
		}, []barometer.RoundRequirement{{Round: 9023, Requirement: professional[0], Unit: barometer.UnitCase}}))
		b.must(b.store.AddParticipations(b.ctx, []barometer.Participation{
			{Round: 9023, Municipality: "0183", Cases: ptr(3)}, {Round: 9023, Municipality: "0707"},
		}))
		b.cases(9023, "0183", professional[:1], "M", "N")
		b.cases(9023, "0707", professional[:1], "M", "N", "N")
		b.tamper("UPDATE cases SET withdrawn = TRUE WHERE id = '9023-0707-2'")
		s := b.publish(9023)
		round, err := s.Round(9023)
		b.must(err)
		if *round.Participants != 2 || *round.Cases != 4 || round.Status != barometer.Published {
			b.Errorf("%+v", round)
		}
		participations, err := s.Participations(9023)
		b.must(err)
		if *participations[0].Cases != 3 || *participations[1].Cases != 3 {
			b.Errorf("%d and %d; want what was said, and what there is", *participations[0].Cases, *participations[1].Cases)
		}
		if r := b.result(s, "9023.dk.investigation_conducted"); *r.Met != 2 || *r.Assessed != 4 {
			b.Errorf("%d of %d", *r.Met, *r.Assessed)
		}
	})
}
