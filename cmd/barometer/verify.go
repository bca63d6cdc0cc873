package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/boernesagsbarometer/barometer/internal/config"
	"github.com/boernesagsbarometer/barometer/internal/report"
)

func verifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check the trail, and recompute what is released from what is stored",
		Long: `Check that the trail is whole and no release is missing; that every release and publication
is as it was made, with its instant, reason, rounds and judgements, and every list of
changes what its results make it; that every round stands where its last transition
brought it. Recompute the newest release from its publications, and these from the
outcomes and reported figures behind them. Of a round that is reopened, or whose reported
figures have changed since, this is not possible. It changes nothing, names first what
was found first, and ends with 1 where something does not agree.`,
		Args: cobra.NoArgs,
		RunE: withStored(func(ctx context.Context, b base, _ []string) error {
			v, err := report.Verify(ctx, b.store, b.cat)
			if err != nil {
				return err
			}
			for _, fault := range v.Faults {
				b.say("WRONG: %s", fault)
			}
			for _, partial := range v.Partial {
				b.say("Note: %s.", partial)
			}
			for _, pending := range v.Pending {
				b.say("Note: %s; publish it to release the new figures.", pending)
			}
			if len(v.Faults) > 0 {
				return fmt.Errorf("%s", plural(len(v.Faults), "fault", "faults"))
			}
			b.say("The trail of %s is whole.", plural(v.Events, "event", "events"))
			if v.Releases == 0 {
				b.say("Nothing is released yet.")
				return nil
			}
			b.say("Verified %s; the newest holds %d rows, all of which follow from what is stored, as do the newest publications of %s.",
				plural(v.Releases, "release", "releases"), v.Results, plural(v.Publications, "round", "rounds"))
			return nil
		}),
	}
	config.AddFlags(cmd.Flags(), config.Database...)
	return cmd
}
