package main

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/config"
	"github.com/boernesagsbarometer/barometer/internal/intake"
	"github.com/boernesagsbarometer/barometer/internal/store"
)

func importCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import",
		Short: "Import a CSV file of outcomes or of reported figures",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return errors.New("import what? barometer import outcomes FILE, or barometer import reported FILE")
		},
		Long: `Import a CSV file: UTF-8, comma or semicolon, a first line of column names in any
order. All of it is imported or nothing: every problem is reported at once, with
line and column. The same file twice changes nothing.`,
	}
	cmd.AddCommand(
		importKind("outcomes", "Import outcomes of cases", intake.Outcomes,
			`Columns: round, municipality, case, case_type, requirement, notification, outcome,
reason, origin (Danish: årgang, kommune, sag, sagstype, lovkrav, underretning,
resultat, begrundelse, oprindelse). A year from 9000 on in rows of origin
synthetic creates its round.`),
		importKind("reported", "Import figures as a source printed them", intake.Reported,
			`Columns: round, area, requirement, met, assessed, percent, cases, source,
printed_as, note. Counts that were not printed stay empty.`),
	)
	return cmd
}

type importer func(context.Context, *store.Store, *catalogue.Catalogue, io.Reader, func(int)) (intake.Receipt, error)

func importKind(kind, short string, run importer, columns string) *cobra.Command {
	cmd := &cobra.Command{
		Use:     kind + " FILE",
		Short:   short,
		Long:    short + ". FILE is a CSV file, or - for the standard input.\n\n" + columns,
		Example: "  barometer import " + kind + " figures.csv",
		Args:    cobra.ExactArgs(1),
		RunE: withBase(func(ctx context.Context, b base, args []string) (err error) {
			file := os.Stdin
			if args[0] != "-" {
				if file, err = os.Open(args[0]); err != nil {
					return err
				}
				defer func() { err = errors.Join(err, file.Close()) }()
			}
			p := newProgress(os.Stderr, "Reading", "rows", 0)
			receipt, err := run(ctx, b.store, b.cat, file, p.at)
			p.done()
			if err != nil {
				return err
			}
			b.sum(receipt)
			return nil
		}),
	}
	config.AddFlags(cmd.Flags(), config.Database...)
	return cmd
}

// sum says what an import did.
func (b base) sum(r intake.Receipt) {
	for _, w := range r.Warnings {
		b.say("Warning: %s", w)
	}
	if r.Added+r.Changed == 0 {
		b.say("Nothing has changed: all %d rows were there already.", r.Rows)
		return
	}
	b.say("Imported %s: %d added, %d changed, %d unchanged; %s new.", plural(r.Rows, "row", "rows"), r.Added, r.Changed, r.Unchanged,
		plural(r.Cases, "case is", "cases are"))
	for _, year := range r.Rounds {
		b.say("Made round %d. It is seen once it is published: barometer publish --round %d", year, year)
	}
}
