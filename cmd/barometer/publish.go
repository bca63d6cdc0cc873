package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/boernesagsbarometer/barometer/internal/config"
	"github.com/boernesagsbarometer/barometer/internal/lifecycle"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func publishCommand() *cobra.Command {
	var year int
	var reason, at string
	cmd := &cobra.Command{
		Use:   "publish --round YEAR",
		Short: "Freeze the figures of a round and make the next release with them",
		Long: `Freeze the figures of a round and make the next release with them: at once, or
announced for an instant. What blocks it is listed, check by check. A round that is
published already is released again where a judgement or a reported figure has changed.`,
		Example: "  barometer publish --round 9026\n  barometer publish --round 9026 --at 2027-03-01T06:00:00Z",
		Args:    cobra.NoArgs,
		RunE: withBase(func(ctx context.Context, b base, _ []string) error {
			act := report.Act{Reason: given(reason)}
			if at != "" {
				instant, err := time.Parse(time.RFC3339, at)
				if err != nil {
					return fmt.Errorf("--at: want an instant with its offset, such as 2027-03-01T06:00:00Z")
				}
				instant = instant.UTC()
				act.PublishAt = &instant
			}
			return b.publish(ctx, year, act)
		}),
	}
	config.AddFlags(cmd.Flags(), config.Database...)
	cmd.Flags().IntVar(&year, "round", 0, "year of the round")
	cmd.Flags().StringVar(&reason, "reason", "", "why, where it corrects something; everybody can read it")
	cmd.Flags().StringVar(&at, "at", "", "instant from which the release is current; without it at once")
	must(cmd.MarkFlagRequired("round"))
	return cmd
}

func (b base) publish(ctx context.Context, year int, act report.Act) error {
	if !barometer.Year(year).Valid() {
		return fmt.Errorf("--round %d: want a year of four digits, such as 2023", year)
	}
	var release barometer.Release
	var changed bool
	err := b.store.Tx(ctx, func(tx *store.Store) error {
		number, isChanged, err := lifecycle.PublishNow(ctx, tx, b.cat, barometer.Year(year), act)
		if err != nil {
			return err
		}
		if changed = isChanged; changed {
			tx.Record(barometer.EventChange, "publish", fmt.Sprintf("/v1/rounds/%d", year))
		}
		all, err := tx.Releases(ctx)
		for _, r := range all {
			if r.Number == number {
				release = r
			}
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case !changed:
		b.say("Nothing has changed: release %d holds these figures of round %d already.", release.Number, year)
		return nil
	case act.PublishAt != nil:
		b.say("Announced round %d for %s, in release %d with %d figures.", year, act.PublishAt.Format(time.RFC3339), release.Number, release.Results)
	default:
		b.say("Published round %d. Release %d has %d figures from %d rounds.", year, release.Number, release.Results, len(release.Rounds))
	}
	b.say("Checksum %s", release.Checksum)
	return nil
}

func reopenCommand() *cobra.Command {
	var year int
	var reason string
	cmd := &cobra.Command{
		Use:   "reopen --round YEAR --reason TEXT",
		Short: "Take a published round back into hearing, to correct it",
		Long: `Take a published round back into hearing, so that its outcomes can be corrected. What is
published stays as it is until the round is published again; a release that is only
announced is cancelled.`,
		Example: `  barometer reopen --round 9026 --reason "The municipality objected"`,
		Args:    cobra.NoArgs,
		RunE: withBase(func(ctx context.Context, b base, _ []string) error {
			err := b.store.Tx(ctx, func(tx *store.Store) error {
				tx.Record(barometer.EventChange, "reopen", fmt.Sprintf("/v1/rounds/%d", year))
				_, err := lifecycle.Transition(ctx, tx, b.cat, barometer.Year(year), barometer.TransitionInput{To: barometer.Hearing, Reason: given(reason)})
				return err
			})
			if err == nil {
				b.say("Round %d is in hearing. Publish it again: barometer publish --round %d --reason …", year, year)
			}
			return err
		}),
	}
	config.AddFlags(cmd.Flags(), config.Database...)
	cmd.Flags().IntVar(&year, "round", 0, "year of the round")
	cmd.Flags().StringVar(&reason, "reason", "", "why; it is kept with the round")
	must(cmd.MarkFlagRequired("round"))
	must(cmd.MarkFlagRequired("reason"))
	return cmd
}

// given gives a text that a flag was given, nil without one.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// must is for what can fail only by a mistake in this program.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
