package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// moves lists what each status can be followed by: the next one, and the one before it. A published round can be
// published again, with what has changed in the records since.
var moves = map[barometer.RoundStatus][]barometer.RoundStatus{
	barometer.Draft:      {barometer.Collecting},
	barometer.Collecting: {barometer.Hearing, barometer.Draft},
	barometer.Hearing:    {barometer.Published, barometer.Collecting},
	barometer.Published:  {barometer.Published, barometer.Hearing},
}

// longestEmbargo bounds how far ahead a release can be announced.
const longestEmbargo = 366 * 24 * time.Hour

// Transition moves a round to another status, and records it. To published it freezes the round's figures and makes the
// next release, which purges the assessors' notes once it is public; back from published it takes an announced release of the round back.
//
// Invalid lists every problem of what was asked, a missing reason among them. State says which moves there are, or what
// blocks this one, check by check. NotFound where there is no such round.
func Transition(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year, in barometer.TransitionInput) (barometer.Transition, error) {
	none := barometer.Transition{}
	if err := checkTransition(in, tx.Now()); err != nil {
		return none, err
	}
	round, err := lockToMove(ctx, tx, year)
	if err != nil {
		return none, err
	}
	if err := allowed(round, in.To); err != nil {
		return none, err
	}
	if err := reasoned(ctx, tx, round, in); err != nil {
		return none, err
	}
	done, changed, err := move(ctx, tx, cat, round, in)
	if err == nil && !changed {
		return none, barometer.Errorf(barometer.State, "Nothing has changed: release %d holds these figures of round %d already.", *done.Release, year)
	}
	return done, err
}

func checkTransition(in barometer.TransitionInput, now time.Time) error {
	var p problems
	p.oneOf("/to", string(in.To), strings.Split(barometer.List(inOrder), ", ")...)
	p.text("/reason", in.Reason, barometer.MostNote)
	if at := in.PublishAt; at != nil {
		switch {
		case in.To != barometer.Published:
			p.add("/publish_at", "not_allowed", "it goes with to published alone")
		case !at.After(now) || at.After(now.Add(longestEmbargo)):
			p.add("/publish_at", "out_of_range", "want an instant in the future, at most 366 days ahead")
		}
	}
	return p.err("The round cannot be moved so.")
}

// lockToMove makes everyone else who publishes, imports or enters outcomes of the round wait.
func lockToMove(ctx context.Context, tx *store.Store, year barometer.Year) (barometer.Round, error) {
	if _, err := tx.LockDataset(ctx); err != nil {
		return barometer.Round{}, err
	}
	return tx.LockRound(ctx, year, true)
}

func allowed(round barometer.Round, to barometer.RoundStatus) error {
	if slices.Contains(moves[round.Status], to) {
		return nil
	}
	return barometer.Errorf(barometer.State, "Round %d is %s, so it cannot go to %s; allowed: %s.",
		round.Year, round.Status, to, barometer.List(moves[round.Status]))
}

// isBack tells whether a move goes to an earlier status.
func isBack(from, to barometer.RoundStatus) bool {
	return slices.Index(inOrder, to) < slices.Index(inOrder, from)
}

// reasoned refuses a move back, and a correction of what was published, without a reason.
func reasoned(ctx context.Context, tx *store.Store, round barometer.Round, in barometer.TransitionInput) error {
	if in.Reason != nil && strings.TrimSpace(*in.Reason) != "" {
		return nil
	}
	var p problems
	if isBack(round.Status, in.To) {
		p.add("/reason", "required", "going back from %s to %s needs a reason", round.Status, in.To)
		return p.err("The round cannot be moved so.")
	}
	if in.To != barometer.Published {
		return nil
	}
	before, err := wasPublished(ctx, tx, round.Year)
	if err == nil && before {
		p.add("/reason", "required", "round %d was published before: a correction needs a reason", round.Year)
		return p.err("The round cannot be moved so.")
	}
	return err
}

// wasPublished tells whether a release held the round, but for one that was taken back before anyone saw it.
func wasPublished(ctx context.Context, tx *store.Store, year barometer.Year) (bool, error) {
	releases, err := tx.Releases(ctx)
	return slices.ContainsFunc(releases, func(r barometer.Release) bool {
		return r.Status != barometer.ReleaseCancelled &&
			slices.ContainsFunc(r.Rounds, func(held barometer.ReleaseRound) bool { return held.Round == year })
	}), err
}

// move does what the rules have allowed. Unchanged is a round that was published as it stands already.
func move(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, round barometer.Round, in barometer.TransitionInput) (done barometer.Transition, changed bool, err error) {
	done = barometer.Transition{Round: round.Year, From: round.Status, To: in.To, Reason: in.Reason}
	switch {
	case !isBack(round.Status, in.To):
		err = unblocked(ctx, tx, cat, round, in.To)
	case in.To == barometer.Draft:
		err = withoutCases(ctx, tx, round.Year, "be a draft again")
	case round.Status == barometer.Published:
		err = cancelAnnounced(ctx, tx, round.Year, *in.Reason)
	}
	if err != nil {
		return done, false, err
	}
	if err := tx.SetRoundStatus(ctx, round.Year, in.To); err != nil { // first, since the status is frozen too
		return done, false, err
	}
	if in.To == barometer.Published {
		done.Release, changed, err = publish(ctx, tx, cat, round.Year, in)
		if err != nil || !changed && round.Status == barometer.Published {
			return done, false, err
		}
	}
	done, err = tx.AddTransition(ctx, done)
	return done, true, err
}

// unblocked is State, with each check that blocks, where a round cannot go to a status.
func unblocked(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, round barometer.Round, to barometer.RoundStatus) error {
	checks, err := check(ctx, tx, cat, round, barometer.English)
	if err != nil {
		return err
	}
	blocked := barometer.Errorf(barometer.State, "Round %d cannot go to %s yet; its checks lead to what is to be mended.", round.Year, to)
	for _, c := range checks.Checks {
		if c.Count > 0 && slices.Contains(c.Blocks, to) {
			blocked.Fields = append(blocked.Fields, barometer.FieldError{
				Pointer: "/to", Code: c.Code, Detail: fmt.Sprintf("%s: %d", c.Text, c.Count),
			})
		}
	}
	if len(blocked.Fields) > 0 {
		return blocked
	}
	return nil
}
