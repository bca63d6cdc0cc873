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
		Short: "Recompute what is released from what is stored",
		Long: `Recompute the checksum of every release, and the figures of the newest one from the
outcomes and reported figures behind it. It changes no figure, and ends with 1 where
something does not agree.`,
		Args: cobra.NoArgs,
		RunE: withStored(func(ctx context.Context, b base, _ []string) error {
			v, err := report.Verify(ctx, b.store, b.cat)
			if err != nil {
				return err
			}
			for _, fault := range v.Faults {
				b.say("WRONG: %s", fault)
			}
			for _, pending := range v.Pending {
				b.say("Note: %s; publish it to release the new figures.", pending)
			}
			if v.Releases == 0 {
				b.say("Nothing is released yet.")
				return nil
			}
			if len(v.Faults) > 0 {
				return fmt.Errorf("%s", plural(len(v.Faults), "fault", "faults"))
			}
			b.say("Verified %s; the newest holds %d rows, all of which follow from what is stored.", plural(v.Releases, "release", "releases"), v.Results)
			return nil
		}),
	}
	config.AddFlags(cmd.Flags(), config.Database...)
	return cmd
}
