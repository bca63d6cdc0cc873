package store_test

import (
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// TestSealsShowWhatWasAltered: a release and a publication are intact as they were made and as they were taken back, and
// not once anything of them is altered; what has no seal is only believed where it says that it is older than seals.
func TestSealsShowWhatWasAltered(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, s *store.Store) {
		ctx := storetest.Context(t)
		world(t, ctx, s)
		check := func(intact, sealed bool, err error) func(wantIntact, wantSealed bool) {
			t.Helper()
			return func(wantIntact, wantSealed bool) {
				t.Helper()
				if intact != wantIntact || sealed != wantSealed || err != nil {
					t.Errorf("intact %v, sealed %v, %v; want %v, %v", intact, sealed, err, wantIntact, wantSealed)
				}
			}
		}
		rows := []barometer.FrozenRow{
			{Kind: barometer.RowResult, Key: "2023.0183.b", Body: trying}, {Kind: barometer.RowArea, Key: "0183", Body: ""},
		}
		same(t, 1)(s.AddPublication(ctx, 2023, ptr("why"), rows))
		held := barometer.ReleaseRound{Round: 2023, Revision: 1}
		judged := []barometer.FrozenRow{{Kind: barometer.RowJudgement, Key: "j", Body: trying}}
		_, err := s.AddRelease(ctx, barometer.Release{Number: 1, For: 2023, Reason: ptr(trying), Rounds: []barometer.ReleaseRound{held}}, judged)
		must(t, err)
		same(t, 1)(s.NewestRelease(ctx))
		check(s.CheckRelease(ctx, 1))(true, true)
		check(s.CheckPublication(ctx, held))(true, true)

		for do, undo := range map[string]string{
			"UPDATE releases SET results = 9":      "UPDATE releases SET results = 0",
			"UPDATE releases SET round = NULL":     "UPDATE releases SET round = 2023",
			"UPDATE release_rows SET key = 'k'":    "UPDATE release_rows SET key = 'j'",
			"UPDATE releases SET disclosure = 'x'": "UPDATE releases SET disclosure = ''",
		} {
			must(t, s.Exec(ctx, do))
			check(s.CheckRelease(ctx, 1))(false, true)
			must(t, s.Exec(ctx, undo))
			check(s.CheckRelease(ctx, 1))(true, true)
		}
		must(t, s.WithdrawPublication(ctx, held, "a child"))
		check(s.CheckPublication(ctx, held))(true, true)
		must(t, s.Exec(ctx, "UPDATE publications SET withdrawn_reason = 'another'"))
		check(s.CheckPublication(ctx, held))(false, true)
		must(t, s.CancelRelease(ctx, 1, "a mistake"))
		check(s.CheckRelease(ctx, 1))(true, true)
		must(t, s.Exec(ctx, "UPDATE releases SET seal = NULL"))
		check(s.CheckRelease(ctx, 1))(false, true)
		must(t, s.Exec(ctx, "UPDATE releases SET made_at = NULL"))
		check(s.CheckRelease(ctx, 1))(false, false)
		must(t, s.Exec(ctx, "UPDATE publications SET seal = NULL"))
		check(s.CheckPublication(ctx, held))(false, false)
		_, _, err = s.CheckRelease(ctx, 2)
		isKind(t, barometer.NotFound, err)
		_, _, err = s.CheckPublication(ctx, barometer.ReleaseRound{Round: 2023, Revision: 2})
		isKind(t, barometer.NotFound, err)
	})
}
