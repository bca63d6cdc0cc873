package main

import (
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/synth"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func synthCommand() *cobra.Command {
	var o synth.Options
	var year int
	var out string
	cmd := &cobra.Command{
		Use:   "synth --round YEAR",
		Short: "Write an outcomes file of a synthetic round",
		Long: `Write an outcomes file of a synthetic round: realistic in shape, made up in every
figure, the same for the same seed. It can be imported as it is.`,
		Example: "  barometer synth --round 9026 --municipalities 37 --cases 750 --seed 7 --out round-9026.csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			o.Round = barometer.Year(year)
			if err := o.Validate(); err != nil {
				return err
			}
			cat, err := catalogue.Load()
			if err != nil {
				return err
			}
			var w io.Writer = cmd.OutOrStdout()
			if out != "" {
				file, failed := os.Create(out) //nolint:gosec // the file that the caller names
				if failed != nil {
					return failed
				}
				defer func() { err = errors.Join(err, file.Close()) }()
				w = file
			}
			p := newProgress(cmd.ErrOrStderr(), "Writing", "cases", o.Cases)
			if err := synth.Write(w, cat, o, p.at); err != nil {
				return err
			}
			p.done()
			cmd.PrintErrf("Wrote a synthetic round %d: %s of %s, seed %d.\n", year,
				plural(o.Cases, "case", "cases"), plural(o.Municipalities, "municipality", "municipalities"), o.Seed)
			return nil
		},
	}
	cmd.Flags().IntVar(&year, "round", 0, "year of the round, from 9000 to 9999")
	cmd.Flags().IntVar(&o.Municipalities, "municipalities", 37, "number of municipalities, from 1 to 98")
	cmd.Flags().IntVar(&o.Cases, "cases", 750, "number of cases in all")
	cmd.Flags().IntVar(&o.Missing, "missing", 0, "of 1000 outcomes, those left out, from 0 to 1000: a round that is not complete yet")
	cmd.Flags().Uint64Var(&o.Seed, "seed", 1, "the same seed gives the same file")
	cmd.Flags().StringVar(&out, "out", "", "file to write; without it the standard output")
	must(cmd.MarkFlagRequired("round"))
	return cmd
}
