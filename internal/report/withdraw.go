package report

import (
	"context"
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Withdraw takes a publication back: its figures are deleted, wherever a release holds them and whatever was compared
// with them, and a tombstone stays. Where the current release holds it, the round goes back to hearing and a release
// without it is made and returned; otherwise the current one is. An announced release that holds it too, or the round's
// next publication, is cancelled: where it is the round that was announced, this goes back to hearing; another one is
// announced again without it. The data set and the round must be locked. NotFound where there is no such publication,
// Gone where it was withdrawn before.
func Withdraw(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, year barometer.Year, revision int, reason string) (barometer.Release, error) {
	if err := stands(ctx, tx, year, revision); err != nil {
		return barometer.Release{}, err
	}
	e, err := newEdition(ctx, tx, cat, &reason)
	if err != nil {
		return barometer.Release{}, err
	}
	announced, current := newest(e.all, barometer.ReleaseAnnounced), newest(e.all, barometer.ReleasePublished)
	p := barometer.ReleaseRound{Round: year, Revision: revision}
	switch {
	case !slices.Contains(announced.Rounds, p) && !slices.Contains(current.Rounds, p): // an older one
		return current, e.takeBack(ctx, p)
	case announced.Number == 0:
		return e.withdraw(ctx, p)
	case announced.For == year:
		return e.withdrawWith(ctx, announced, p)
	default:
		return e.withdrawBeside(ctx, announced, p)
	}
}

// takeBack deletes a publication and what was made of it.
func (e *edition) takeBack(ctx context.Context, p barometer.ReleaseRound) error {
	if err := e.cleanse(ctx, p); err != nil {
		return err
	}
	return e.tx.WithdrawPublication(ctx, p, *e.next.Reason)
}

// withdraw takes a publication back, and makes the release without it where the current one holds it.
func (e *edition) withdraw(ctx context.Context, p barometer.ReleaseRound) (barometer.Release, error) {
	held := slices.Contains(e.base.Rounds, p)
	if err := e.takeBack(ctx, p); err != nil || !held {
		return e.base, err
	}
	return e.without(ctx, p.Round)
}

// withdrawWith withdraws a publication together with the announcement of its round.
func (e *edition) withdrawWith(ctx context.Context, announced barometer.Release, p barometer.ReleaseRound) (barometer.Release, error) {
	cancelled, err := CancelAnnounced(ctx, e.tx, *e.next.Reason)
	if err != nil {
		return barometer.Release{}, err
	}
	if err := cancelled.record(ctx, e.tx, *e.next.Reason); err != nil {
		return barometer.Release{}, err
	}
	e.setAside(announced)
	e.embargoed = nil
	if !slices.Contains(e.base.Rounds, p) { // it was announced alone, and went with its release
		return e.base, nil
	}
	return e.withdraw(ctx, p)
}

// withdrawBeside withdraws a publication while that of another round is announced, which stays so. The announced release
// may be about to bring the withdrawn round's next publication too, whose changes are pending again.
func (e *edition) withdrawBeside(ctx context.Context, announced barometer.Release, p barometer.ReleaseRound) (barometer.Release, error) {
	e.setAside(announced)
	next, _ := holds(announced, p.Round)
	made, err := e.withdraw(ctx, p)
	if err == nil && e.embargoed[p.Round] && next != p {
		err = e.tx.WithdrawPublication(ctx, next, *e.next.Reason)
	}
	if err == nil && e.embargoed[p.Round] {
		err = e.tx.SetRecordsChanged(ctx, p.Round, true)
	}
	if err != nil {
		return barometer.Release{}, err
	}
	e.base = made
	return made, e.announceAgain(ctx, announced, p.Round)
}

// without makes the release that no longer holds a round, and moves the round back to hearing.
func (e *edition) without(ctx context.Context, year barometer.Year) (barometer.Release, error) {
	from, err := e.tx.Round(ctx, year)
	if err != nil {
		return barometer.Release{}, err
	}
	if from.Status == barometer.Published {
		if err := e.tx.SetRoundStatus(ctx, year, barometer.Hearing); err != nil {
			return barometer.Release{}, err
		}
	}
	e.leave(year)
	if err := e.renew(ctx, 0); err != nil {
		return barometer.Release{}, err
	}
	made, _, err := e.release(ctx)
	if err != nil || from.Status != barometer.Published {
		return made, err
	}
	_, err = e.tx.AddTransition(ctx, barometer.Transition{
		Round: year, From: from.Status, To: barometer.Hearing, Reason: e.next.Reason, Release: &made.Number,
	})
	return made, err
}

// stands gives NotFound where there is no such publication, and Gone where it was withdrawn.
func stands(ctx context.Context, s *store.Store, year barometer.Year, revision int) error {
	publications, err := s.Publications(ctx, year)
	if err != nil {
		return err
	}
	for _, p := range publications {
		if p.Revision == revision {
			return tombstone(p)
		}
	}
	return barometer.Errorf(barometer.NotFound, "There is no publication %d of round %d.", revision, year)
}

// tombstone says that a publication was withdrawn, when and why; nil where it stands.
func tombstone(p barometer.Publication) error {
	if p.WithdrawnAt == nil {
		return nil
	}
	return barometer.Errorf(barometer.Gone, "Publication %d of round %d was withdrawn on %s: %s",
		p.Revision, p.Round, p.WithdrawnAt.Format("2006-01-02"), *p.WithdrawnReason)
}
