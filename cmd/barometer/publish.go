package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/boernesagsbarometer/barometer/internal/config"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func publishCommand() *cobra.Command {
	var year int
	cmd := &cobra.Command{
		Use:   "publish --round YEAR",
		Short: "Freeze the figures of a round and make the next release with them",
		Args:  cobra.NoArgs,
		RunE: withBase(func(ctx context.Context, b base, _ []string) error {
			if !barometer.Year(year).Valid() {
				return fmt.Errorf("--round %d: want a year of four digits, such as 2023", year)
			}
			release, changed, err := report.Publish(ctx, b.store, b.cat, barometer.Year(year))
			if err != nil {
				return err
			}
			if !changed {
				b.say("Nothing has changed: release %d holds these figures of round %d already.", release.Number, year)
				return nil
			}
			b.say("Published round %d. Release %d has %d figures from %d rounds.", year, release.Number, release.Results, len(release.Rounds))
			b.say("Checksum %s", release.Checksum)
			return nil
		}),
	}
	config.AddFlags(cmd.Flags(), config.Database...)
	cmd.Flags().IntVar(&year, "round", 0, "year of the round")
	must(cmd.MarkFlagRequired("round"))
	return cmd
}

// must is for what can fail only by a mistake in this program.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
