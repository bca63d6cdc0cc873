package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// The current release is the newest that is out: neither one that is to come nor one that was taken back.
func TestTheCurrentRelease(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		same(t, store.Served{})(s.Served(ctx))
		add := func(number int, in time.Duration) barometer.Release {
			r, err := s.AddRelease(ctx, barometer.Release{Number: number, PublishedAt: s.Now().Add(in), Reason: ptr("why")}, nil)
			must(t, err)
			return r
		}
		if r := add(1, -time.Hour); r.Status != barometer.ReleasePublished || time.Since(r.PublishedAt) > time.Minute {
			t.Errorf("what lies behind is now: %+v", r)
		}
		same(t, store.Served{Acts: 1, Current: 1})(s.Served(ctx))
		if r := add(2, time.Hour); r.Status != barometer.ReleaseAnnounced {
			t.Errorf("%+v", r)
		}
		same(t, store.Served{Acts: 2, Current: 1})(s.Served(ctx))
		must(t, s.CancelRelease(ctx, 2, "not yet"))
		if err := s.CancelRelease(ctx, 2, "again"); barometer.KindOf(err) != barometer.NotFound {
			t.Errorf("cancelled twice: %v", err)
		}
		same(t, store.Served{Acts: 3, Current: 1})(s.Served(ctx))
		soon := add(3, 300*time.Millisecond)
		time.Sleep(time.Until(soon.PublishedAt))
		same(t, store.Served{Acts: 4, Current: 3})(s.Served(ctx))

		all, err := s.Releases(ctx)
		must(t, err)
		var told []string
		for _, r := range all {
			told = append(told, fmt.Sprintf("%d %s %s", r.Number, r.Status, *r.Reason))
		}
		same(t, []string{"1 published why", "2 cancelled not yet", "3 published why"})(told, nil)
		must(t, s.Tx(ctx, func(tx *store.Store) error {
			same(t, 3)(tx.LockDataset(ctx))
			// As a process sees it whose clock is an hour behind: what was made without an embargo is out all the same.
			if err := tx.Exec(ctx, "UPDATE releases SET published_at = ?, made_at = ? WHERE number = 1", s.Now().Add(time.Hour), s.Now().Add(time.Hour)); err != nil {
				return err
			}
			return tx.Exec(ctx, "UPDATE releases SET published_at = ?, made_at = ? WHERE number = 3", s.Now().Add(time.Hour), s.Now())
		}))
		same(t, store.Served{Acts: 4, Current: 1})(s.Served(ctx))
	})
}

// Pages follow the bytes of the keys, also on a Postgres whose own order is Danish.
func TestReleaseRowsComeInPages(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		keys := []string{"2023.0183.a", "2023.0183.aa", "2023.0183.b_c", "2023.0183.ba", "2023.dk.å", "2023.dk.z", "A", "a"}
		for i := range 1200 {
			keys = append(keys, fmt.Sprintf("2024.%04d", i))
		}
		var rows []barometer.FrozenRow
		for _, key := range keys {
			rows = append(rows, barometer.FrozenRow{Kind: barometer.RowResult, Key: key, Body: key})
		}
		rows = append(rows, barometer.FrozenRow{Kind: barometer.RowChange, Key: "2023.0183.a"})
		_, err := s.AddRelease(ctx, barometer.Release{Number: 1}, rows)
		must(t, err)
		slices.Sort(keys)
		var got []string
		must(t, s.EachReleaseRow(ctx, 1, barometer.RowResult, func(row barometer.FrozenRow) error {
			got = append(got, row.Body)
			return nil
		}))
		same(t, keys)(got, nil)
		page, err := s.ReleaseRowsAfter(ctx, 1, barometer.RowResult, keys[2], 3)
		must(t, err)
		same(t, []string{keys[3], keys[4], keys[5]})([]string{page[0].Key, page[1].Key, page[2].Key}, nil)

		must(t, s.PutReleaseRow(ctx, 1, barometer.FrozenRow{Kind: barometer.RowResult, Key: "A", Body: "other"}))
		must(t, s.DeleteReleaseRows(ctx, 1, barometer.RowResult, "2024."))
		left, err := s.ReleaseRows(ctx, 1, barometer.RowResult)
		must(t, err)
		if len(left) != 8 || left[6].Body != "other" {
			t.Errorf("%d rows: %+v", len(left), left)
		}
	})
}

// A withdrawn publication leaves a tombstone, and nothing else; only what was public counts as withdrawn.
func TestAPublicationIsWithdrawn(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		row := []barometer.FrozenRow{{Kind: barometer.RowRound, Key: "2023", Body: "{}"}}
		at := func(revision int) barometer.ReleaseRound {
			return barometer.ReleaseRound{Round: 2023, Revision: revision}
		}
		must(t, s.Tx(ctx, func(tx *store.Store) error {
			for n := 1; n <= 2; n++ {
				if _, err := tx.AddPublication(ctx, 2023, ptr("why"), row); err != nil {
					return err
				}
				r := barometer.Release{Number: n, Rounds: []barometer.ReleaseRound{at(n)}, For: 2023}
				if n == 2 {
					r.PublishedAt = tx.Now().Add(time.Hour)
				}
				if _, err := tx.AddRelease(ctx, r, nil); err != nil {
					return err
				}
			}
			return tx.CancelRelease(ctx, 2, "not yet")
		}))
		must(t, s.WithdrawPublication(ctx, at(1), "a child"))
		must(t, s.WithdrawPublication(ctx, at(2), "not yet"))
		for _, p := range []barometer.ReleaseRound{at(1), at(3)} {
			if err := s.WithdrawPublication(ctx, p, "again"); barometer.KindOf(err) != barometer.NotFound {
				t.Errorf("%+v: %v", p, err)
			}
		}
		same(t, []barometer.FrozenRow(nil))(s.PublicationRows(ctx, at(1), barometer.RowRound))
		publications, err := s.Publications(ctx, 2023)
		must(t, err)
		if p := publications[0]; len(publications) != 2 || *p.Reason != "why" || *p.WithdrawnReason != "a child" || p.WithdrawnAt.Location() != time.UTC {
			t.Errorf("%+v", publications)
		}
		same(t, publications[:1])(s.WithdrawnPublications(ctx))
		releases, err := s.Releases(ctx)
		must(t, err)
		if r := releases[0]; !r.Rounds[0].WithdrawnAt.Equal(*publications[0].WithdrawnAt) || r.For != 2023 {
			t.Errorf("%+v", r)
		}
		revision := 0
		must(t, s.Tx(ctx, func(tx *store.Store) (err error) {
			revision, err = tx.AddPublication(context.WithoutCancel(ctx), 2023, nil, nil)
			return err
		}))
		if revision != 3 {
			t.Errorf("revision %d: a number is not used again", revision)
		}
	})
}
