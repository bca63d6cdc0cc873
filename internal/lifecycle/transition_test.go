package lifecycle_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/lifecycle"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

const (
	draft      = barometer.Draft
	collecting = barometer.Collecting
	hearing    = barometer.Hearing
	published  = barometer.Published
)

// Every status to every status, of a round in which nothing is missing: which moves there are, and what the others are
// told.
func TestEveryMove(t *testing.T) {
	run(t, func(b bench) {
		b.round("0707")
		try := func(to barometer.RoundStatus) error {
			return b.try(func(tx *store.Store) error {
				_, err := lifecycle.Transition(b.ctx, tx, b.cat, year, barometer.TransitionInput{To: to, Reason: ptr("Because.")})
				return err
			})
		}
		for _, step := range []struct {
			status  barometer.RoundStatus
			allowed []barometer.RoundStatus
			named   string // to those that try another one
			then    func()
		}{
			{draft, []barometer.RoundStatus{collecting}, "allowed: collecting.", func() { b.move(collecting) }},
			{collecting, []barometer.RoundStatus{draft}, "allowed: hearing, draft.", func() { b.oneCase("0707") }},
			{collecting, []barometer.RoundStatus{hearing}, "allowed: hearing, draft.", func() { b.move(hearing) }},
			{hearing, []barometer.RoundStatus{collecting, published}, "allowed: published, collecting.", func() { b.move(published) }},
			{published, []barometer.RoundStatus{hearing}, "allowed: published, hearing.", func() { b.judge() }},
			{published, []barometer.RoundStatus{hearing, published}, "allowed: published, hearing.", func() {}},
		} {
			same(b, step.status, b.status())
			for _, to := range []barometer.RoundStatus{draft, collecting, hearing, published} {
				err := try(to)
				isAllowed := false
				for _, a := range step.allowed {
					isAllowed = isAllowed || a == to
				}
				switch {
				case isAllowed && err != nil:
					b.Errorf("%s to %s: %v", step.status, to, err)
				case !isAllowed && barometer.KindOf(err) != barometer.State:
					b.Errorf("%s to %s: %v", step.status, to, err)
				case !isAllowed && strings.Contains(err.Error(), "allowed") && !strings.HasSuffix(err.Error(), step.named):
					b.Errorf("%s to %s: %v", step.status, to, err)
				}
			}
			step.then()
		}
	})
}

// oneCase adds a case with nothing missing.
func (b bench) oneCase(municipality string) {
	b.Helper()
	b.cases(func(add func(barometer.Case, int, form)) {
		add(barometer.Case{Municipality: municipality, Reference: "S0001"}, 1, complete(1))
	})
}

// judge records a judgement, which takes effect with the next release.
func (b bench) judge() {
	b.Helper()
	b.must(b.tx(func(tx *store.Store) error {
		_, err := lifecycle.CreateJudgement(b.ctx, tx, b.cat, breakOf(parent, 2024))
		return err
	}))
}

func TestTransitionsAreRecorded(t *testing.T) {
	run(t, func(b bench) {
		b.entered("0707", "0183")
		at := b.store.Now()
		lead := b
		lead.store = b.store.By(barometer.Caller{ID: "k7q2mzd4", Role: barometer.RoleLead}, "")
		_, err := lead.transition(barometer.TransitionInput{To: hearing})
		b.must(err)
		done, err := lead.transition(barometer.TransitionInput{To: published})
		b.must(err)
		_, err = lead.transition(barometer.TransitionInput{To: hearing, Reason: ptr("Høringssvar fra Norddjurs")})
		b.must(err)
		current, err := b.store.CurrentRelease(b.ctx)
		b.must(err)
		if done.Release == nil || *done.Release != current {
			b.Errorf("%+v; the current release is %d", done, current)
		}
		all, err := b.store.Transitions(b.ctx, year)
		b.must(err)
		for i := range all {
			if all[i].At.Before(at.Add(-time.Minute)) || all[i].At.After(time.Now()) {
				b.Error(all[i].At)
			}
			all[i].At = time.Time{}
		}
		same(b, []barometer.Transition{
			{Round: year, Number: 1, From: draft, To: collecting, Reason: ptr("Because."), Caller: "command-line", Role: barometer.RoleOperator},
			{Round: year, Number: 2, From: collecting, To: hearing, Caller: "k7q2mzd4", Role: barometer.RoleLead},
			{Round: year, Number: 3, From: hearing, To: published, Caller: "k7q2mzd4", Role: barometer.RoleLead, Release: &current},
			{Round: year, Number: 4, From: published, To: hearing, Reason: ptr("Høringssvar fra Norddjurs"), Caller: "k7q2mzd4", Role: barometer.RoleLead},
		}, all)
	})
}

func TestGoingBackAndCorrectingNeedAReason(t *testing.T) {
	run(t, func(b bench) {
		b.round("0707")
		without := func(to barometer.RoundStatus) {
			b.Helper()
			for _, reason := range []*string{nil, ptr(""), ptr("  ")} {
				_, err := b.transition(barometer.TransitionInput{To: to, Reason: reason})
				b.refused(err, barometer.Invalid, "/reason required")
			}
		}
		with := func(to barometer.RoundStatus) {
			b.Helper()
			_, err := b.transition(barometer.TransitionInput{To: to, Reason: ptr("Fejl i sag 3")})
			b.must(err)
		}
		forward := func(to barometer.RoundStatus) {
			b.Helper()
			_, err := b.transition(barometer.TransitionInput{To: to})
			b.must(err)
		}
		forward(collecting)
		without(draft)
		with(draft)
		forward(collecting)
		b.oneCase("0707")
		forward(hearing)
		without(collecting)
		with(collecting)
		forward(hearing)
		forward(published) // the first time
		without(published)
		without(hearing)
		with(hearing)
		without(published) // a correction
		with(published)

		_, err := b.transition(barometer.TransitionInput{To: "closed", Reason: ptr("Ring 010190-1234"), PublishAt: ptr(time.Now().Add(time.Hour))})
		b.refused(err, barometer.Invalid, "/to unknown_value", "/reason personal_number", "/publish_at not_allowed")
		if strings.Contains(err.Error(), "0101") {
			b.Error(err)
		}
		err = b.tx(func(tx *store.Store) error {
			_, err := lifecycle.Transition(b.ctx, tx, b.cat, 9099, barometer.TransitionInput{To: collecting})
			return err
		})
		b.refused(err, barometer.NotFound)
	})
}

// A round of the published history is reopened and published again without any check.
func TestHistoryIsReopened(t *testing.T) {
	runWithHistory(t, func(b bench) {
		move := func(to barometer.RoundStatus) (done barometer.Transition) {
			b.must(b.tx(func(tx *store.Store) (err error) {
				done, err = lifecycle.Transition(b.ctx, tx, b.cat, 2023, barometer.TransitionInput{To: to, Reason: ptr("Because.")})
				return err
			}))
			return done
		}
		before, err := b.store.CurrentRelease(b.ctx)
		b.must(err)
		move(hearing)
		again := move(published) // nothing was changed meanwhile, so the release stays
		same(b, &before, again.Release)
		after, err := b.store.CurrentRelease(b.ctx)
		b.must(err)
		same(b, before, after)
	})
}

func (b bench) releases() []barometer.Release {
	b.Helper()
	all, err := b.store.Releases(b.ctx)
	b.must(err)
	return all
}

func TestACorrectionIsTheNextRevision(t *testing.T) {
	run(t, func(b bench) {
		b.entered("0707")
		b.move(hearing, published, hearing)
		c := barometer.Case{Municipality: "0707", Reference: "S0001"}
		c.ID, c.Round = b.id(c), year
		b.must(b.tx(func(tx *store.Store) error {
			return tx.ChangeOutcomes(b.ctx, c, []store.OutcomeChange{
				{Cell: barometer.Cell{Requirement: child}, Assessment: barometer.Assessment{Outcome: barometer.Met}},
			}, ptr("Tastefejl"))
		}))
		first := b.releases()
		done, err := b.transition(barometer.TransitionInput{To: published, Reason: ptr("Tastefejl")})
		b.must(err)
		all := b.releases()
		last := all[len(all)-1]
		same(b, len(first)+1, len(all))
		same(b, &last.Number, done.Release)
		same(b, barometer.ReleaseRound{Round: year, Revision: 2}, last.Rounds[len(last.Rounds)-1])
		same(b, ptr("Tastefejl"), last.Reason)
	})
}

func TestAnAnnouncedReleaseIsTakenBack(t *testing.T) {
	run(t, func(b bench) {
		b.entered("0707")
		b.move(hearing)
		publish := func(at time.Time) error {
			_, err := b.transition(barometer.TransitionInput{To: published, PublishAt: &at})
			return err
		}
		now := b.store.Now()
		for _, at := range []time.Time{now.Add(-time.Hour), now, now.Add(367 * 24 * time.Hour)} {
			b.refused(publish(at), barometer.Invalid, "/publish_at out_of_range")
		}
		ahead := now.Add(time.Hour)
		b.must(publish(ahead))
		all := b.releases()
		last := all[len(all)-1]
		if last.Status != barometer.ReleaseAnnounced || !last.PublishedAt.Equal(ahead) {
			b.Errorf("%+v", last)
		}
		b.judge()
		_, err := b.transition(barometer.TransitionInput{To: published, Reason: ptr("Because.")})
		b.refused(err, barometer.State) // one announcement at a time

		b.move(hearing)
		all = b.releases()
		same(b, barometer.ReleaseCancelled, all[len(all)-1].Status)
		same(b, hearing, b.status())
		// Nobody has seen it, so that publishing it is no correction.
		_, err = b.transition(barometer.TransitionInput{To: published})
		b.must(err)
		all = b.releases()
		same(b, barometer.ReleasePublished, all[len(all)-1].Status)
	})
}

func TestPublishNowGoesTheWholeWay(t *testing.T) {
	runWithHistory(t, func(b bench) {
		publish := func(y barometer.Year, act report.Act) (release int, changed bool, err error) {
			err = b.tx(func(tx *store.Store) error {
				release, changed, err = lifecycle.PublishNow(b.ctx, tx, b.cat, y, act)
				return err
			})
			return release, changed, err
		}
		_, _, err := publish(year, report.Act{})
		b.refused(err, barometer.NotFound)
		b.round("0707")
		_, _, err = publish(year, report.Act{})
		b.refused(err, barometer.State)
		b.move(collecting)
		_, _, err = publish(year, report.Act{})
		b.refused(err, barometer.State, "/to no_cases")
		b.cases(func(add func(barometer.Case, int, form)) {
			add(barometer.Case{Municipality: "0707", Reference: "S0002"}, 0, form{{Requirement: parent}: {Outcome: barometer.Met}})
		})
		_, _, err = publish(year, report.Act{})
		b.refused(err, barometer.State, "/to missing_outcomes")
		same(b, collecting, b.status())

		id := b.id(barometer.Case{Municipality: "0707", Reference: "S0002"})
		b.must(b.store.AddCases(b.ctx, nil, nil, []barometer.CaseOutcome{
			{CaseID: id, Requirement: child, Round: year, Unit: barometer.UnitCase, Outcome: barometer.Met, Revision: 1},
		}))
		first, changed, err := publish(year, report.Act{})
		b.must(err)
		current, err := b.store.CurrentRelease(b.ctx)
		b.must(err)
		if !changed || first != current || b.status() != published {
			b.Errorf("release %d, changed %v, current %d, %s", first, changed, current, b.status())
		}
		for _, y := range []barometer.Year{year, 2023} {
			again, changed, err := publish(y, report.Act{})
			b.must(err)
			if changed || again != first {
				b.Errorf("release %d, changed %v", again, changed)
			}
		}
		all, err := b.store.Transitions(b.ctx, year)
		b.must(err)
		same(b, 3, len(all)) // collecting, hearing, published
		b.judge()
		again, changed, err := publish(2023, report.Act{Reason: ptr("Because.")})
		b.must(err)
		if !changed || again != first+1 {
			b.Errorf("release %d, changed %v", again, changed)
		}
	})
}

// Whoever enters a case holds the round until it is entered as a whole; publishing waits, and then finds what is missing.
func TestNoHalfEnteredCaseIsPublished(t *testing.T) {
	run(t, func(b bench) {
		b.entered("0707")
		b.move(hearing)
		other := b
		other.store = storetest.Open(b.T, b.options)
		inside, answer := make(chan struct{}), make(chan error, 1)
		go func() {
			<-inside
			_, err := other.transition(barometer.TransitionInput{To: published})
			answer <- err
		}()
		b.must(b.tx(func(tx *store.Store) error {
			_, err := tx.LockRound(b.ctx, year, false)
			b.must(err)
			close(inside)
			select {
			case err := <-answer:
				return errors.Join(errors.New("publishing did not wait"), err)
			case <-time.After(300 * time.Millisecond):
			}
			return b.add(tx, barometer.Case{Municipality: "0707", Reference: "S0002"}, 0, form{{Requirement: parent}: {Outcome: barometer.Met}})
		}))
		b.refused(<-answer, barometer.State, "/to missing_outcomes")
		same(b, hearing, b.status())
	})
}

// And the other way round: whoever would enter a case while the round is published finds it published.
func TestNothingIsEnteredWhilePublishing(t *testing.T) {
	run(t, func(b bench) {
		b.entered("0707")
		b.move(hearing)
		other := storetest.Open(b.T, b.options)
		inside, found := make(chan struct{}), make(chan barometer.RoundStatus, 1)
		var writer sync.WaitGroup
		writer.Go(func() {
			<-inside
			err := other.Tx(b.ctx, func(tx *store.Store) error {
				round, err := tx.LockRound(b.ctx, year, false)
				found <- round.Status
				return err
			})
			if err != nil {
				b.Error(err)
			}
		})
		b.must(b.tx(func(tx *store.Store) error {
			_, err := lifecycle.Transition(b.ctx, tx, b.cat, year, barometer.TransitionInput{To: published})
			close(inside)
			select {
			case status := <-found:
				b.Errorf("the writer did not wait, and found it %s", status)
			case <-time.After(300 * time.Millisecond):
			}
			return err
		}))
		writer.Wait()
		same(b, published, <-found)
	})
}
