package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// released tells what a release says of itself: its status, and which publications of some rounds it holds.
type released struct {
	Status, Reason string
	Rounds         []barometer.ReleaseRound
}

// releasedFrom lists the releases from a number on, with the rounds from 2024 on that they hold.
func (b bench) releasedFrom(number int) []released {
	b.Helper()
	var out []released
	for _, r := range b.load().Releases()[number-1:] {
		one := released{Status: r.Status, Rounds: r.Rounds}
		if r.Reason != nil {
			one.Reason = *r.Reason
		}
		one.Rounds = slices.DeleteFunc(slices.Clone(r.Rounds), func(held barometer.ReleaseRound) bool { return held.Round < 2024 })
		for i := range one.Rounds {
			one.Rounds[i].WithdrawnAt = nil
		}
		out = append(out, one)
	}
	return out
}

func (b bench) expect(number int, want ...released) {
	b.Helper()
	if diff := cmp.Diff(want, b.releasedFrom(number)); diff != "" {
		b.Error(diff)
	}
}

func held(roundsAndRevisions ...int) []barometer.ReleaseRound {
	out := []barometer.ReleaseRound{}
	for i := 0; i < len(roundsAndRevisions); i += 2 {
		out = append(out, barometer.ReleaseRound{Round: barometer.Year(roundsAndRevisions[i]), Revision: roundsAndRevisions[i+1]})
	}
	return out
}

// TestWithdrawingWhatIsAnnounced takes the round back to hearing: the publication that was to come out, or the one that
// it was to correct.
func TestWithdrawingWhatIsAnnounced(t *testing.T) {
	run(t, func(b bench) {
		b.small(9026, "M", "N")
		b.announce(9026, time.Hour)
		release, err := b.withdraw(9026, 1, childFound)
		if err != nil || release.Number != 6 || b.statusOf(9026) != barometer.Hearing {
			b.Errorf("%+v, %v, %s", release, err, b.statusOf(9026))
		}
		_, err = b.load().Round(9026)
		b.kind(err, barometer.NotFound) // it never was public
		b.publish(9026)
		b.revise("9026-0707-1", professional[0], 'M')
		b.announce(9026, time.Hour)
		release, err = b.withdraw(9026, 2, childFound)
		if err != nil || release.Number != 10 || b.statusOf(9026) != barometer.Hearing {
			b.Errorf("%+v, %v, %s", release, err, b.statusOf(9026))
		}
		b.expect(7,
			released{barometer.ReleaseCancelled, childFound, held(2024, 1, 9026, 1)},
			released{barometer.ReleasePublished, "", held(2024, 1, 9026, 2)},
			released{barometer.ReleaseCancelled, childFound, held(2024, 1, 9026, 3)},
			released{barometer.ReleasePublished, childFound, held(2024, 1)},
		)
		transitions, err := b.store.Transitions(b.ctx, 9026)
		back := slices.DeleteFunc(transitions, func(x barometer.Transition) bool { return x.To != barometer.Hearing })
		if err != nil || len(back) != 2 || *back[0].Reason != childFound || *back[1].Reason != childFound {
			b.Errorf("%+v, %v", back, err)
		}
		b.sound()
	})
}

// TestAnotherRoundStaysAnnounced where a publication is withdrawn: for the same instant, as the same publication and for
// its own reason, without anything that was compared with what is gone. What is public meanwhile has none of it.
func TestAnotherRoundStaysAnnounced(t *testing.T) {
	run(t, func(b bench) {
		b.small(9023, "M", "N")
		b.publish(9023)
		b.small(9026, "M", "N")
		b.publish(9026)
		b.revise("9026-0707-1", professional[0], 'M')
		at := b.store.Now().Add(time.Hour)
		_, _, err := b.act(9026, report.Act{Reason: ptr("Tastefejl"), PublishAt: &at})
		b.must(err)
		b.must(b.store.Tx(b.ctx, func(tx *store.Store) error { // pending for the release after that
			tx.Record(barometer.EventChange, "putReportedResult", "/v1/rounds/9026/reported-results/dk/"+professional[0])
			return tx.SetRecordsChanged(b.ctx, 9026, true)
		}))
		before, err := b.store.Transitions(b.ctx, 9026)
		b.must(err)
		release, err := b.withdraw(9023, 1, childFound)
		if err != nil || release.Number != 10 || b.statusOf(9023) != barometer.Hearing || b.statusOf(9026) != barometer.Published {
			b.Errorf("%+v, %v, %s, %s", release, err, b.statusOf(9023), b.statusOf(9026))
		}
		b.expect(9,
			released{barometer.ReleaseCancelled, "Afløst af udgivelse 11, fordi en offentliggørelse blev trukket tilbage", held(2024, 1, 9023, 1, 9026, 2)},
			released{barometer.ReleasePublished, childFound, held(2024, 1, 9026, 1)},
			released{barometer.ReleaseAnnounced, "Tastefejl", held(2024, 1, 9026, 2)},
		)
		s := b.load()
		if again, err := s.ReleaseNumbered(11); err != nil || !again.PublishedAt.Equal(at) || s.Announced() != 9026 {
			b.Errorf("%+v, %v; announced is %d", again, err, s.Announced())
		}
		if r := b.result(s, "9026.0707."+professional[0]); *r.Percent != 50 || r.Baseline != nil {
			b.Errorf("%+v", r)
		}
		for key, body := range b.rows(11) {
			if strings.Contains(body, "9023") {
				b.Errorf("%s: %s", key, body)
			}
		}
		if rows := b.rows(9); len(rows) > 0 {
			b.Errorf("%d rows of the cancelled release", len(rows))
		}
		if transitions, err := b.store.Transitions(b.ctx, 9026); err != nil || len(transitions) != len(before) {
			b.Errorf("%+v, %v", transitions, err)
		}
		b.sound()

		_, err = s.ReleaseNumbered(9)
		b.kind(err, barometer.Gone, "cancelled on "+time.Now().UTC().Format(time.DateOnly), "udgivelse 11")
		_, err = s.ReleaseNumbered(12)
		b.kind(err, barometer.NotFound, "from 1 to 11")
	})
}

// TestAnInstantPassesAfterAWithdrawal: what was announced again comes out by itself.
func TestAnInstantPassesAfterAWithdrawal(t *testing.T) {
	run(t, func(b bench) {
		b.small(9023, "M", "N")
		b.publish(9023)
		b.small(9026, "M", "N")
		announced := b.announce(9026, 4*time.Second)
		_, err := b.withdraw(9023, 1, childFound)
		b.must(err)
		time.Sleep(time.Until(announced.PublishedAt))
		s := b.load()
		if r := b.result(s, "9026.0707."+professional[0]); s.Release().Number != 10 || *r.Percent != 50 {
			b.Errorf("%+v", s.Release())
		}
		b.sound()
	})
}

// TestARoundThatIsTakenAlong by the announced release of another: withdrawing its next publication keeps the present one,
// and withdrawing the present one takes the next along.
func TestARoundThatIsTakenAlong(t *testing.T) {
	run(t, func(b bench) {
		b.restate(2024, 48)
		b.small(9026, "M", "N")
		b.announce(9026, time.Hour)
		release, err := b.withdraw(2024, 2, childFound)
		if err != nil || release.Number != 6 || b.statusOf(2024) != barometer.Published || b.statusOf(9026) != barometer.Published {
			b.Errorf("%+v, %v, %s", release, err, b.statusOf(2024))
		}
		if round, err := b.store.Round(b.ctx, 2024); err != nil || !round.RecordsChanged {
			b.Errorf("%+v, %v", round, err)
		}
		b.expect(7,
			released{barometer.ReleaseCancelled, "Afløst af udgivelse 8, fordi en offentliggørelse blev trukket tilbage", held(2024, 2, 9026, 1)},
			released{barometer.ReleaseAnnounced, "", held(2024, 1, 9026, 1)},
		)
		if v := b.verify(); len(v.Faults) != 0 || len(v.Pending) != 1 {
			b.Errorf("%+v", v)
		}
		b.undo(9026) // and announced once more, with what is pending
		b.announce(9026, time.Hour)
		release, err = b.withdraw(2024, 1, childFound)
		if err != nil || release.Number != 10 || b.statusOf(2024) != barometer.Hearing {
			b.Errorf("%+v, %v, %s", release, err, b.statusOf(2024))
		}
		b.expect(9,
			released{barometer.ReleaseCancelled, "Afløst af udgivelse 11, fordi en offentliggørelse blev trukket tilbage", held(2024, 3, 9026, 2)},
			released{barometer.ReleasePublished, childFound, held()},
			released{barometer.ReleaseAnnounced, "", held(9026, 2)},
		)
		rows, err := b.store.PublicationRows(b.ctx, barometer.ReleaseRound{Round: 2024, Revision: 3}, barometer.RowResult)
		if err != nil || len(rows) > 0 {
			b.Errorf("%d rows, %v", len(rows), err)
		}
		b.sound()
	})
}

// TestAnOlderPublicationLeavesWhatIsAnnounced as it is, even one of its own round.
func TestAnOlderPublicationLeavesWhatIsAnnounced(t *testing.T) {
	run(t, func(b bench) {
		b.small(9026, "M", "N", "N")
		b.publish(9026)
		b.revise("9026-0707-1", professional[0], 'M')
		b.publish(9026)
		b.revise("9026-0707-2", professional[0], 'M')
		b.announce(9026, time.Hour)
		release, err := b.withdraw(9026, 1, childFound)
		if err != nil || release.Number != 8 || b.statusOf(9026) != barometer.Published {
			b.Errorf("%+v, %v, %s", release, err, b.statusOf(9026))
		}
		b.expect(8,
			released{barometer.ReleasePublished, "", held(2024, 1, 9026, 2)},
			released{barometer.ReleaseAnnounced, "", held(2024, 1, 9026, 3)},
		)
		b.sound()
	})
}
