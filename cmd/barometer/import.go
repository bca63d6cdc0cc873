package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/boernesagsbarometer/barometer/internal/config"
	"github.com/boernesagsbarometer/barometer/internal/intake"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func importCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import",
		Short: "Import a file of outcomes or of reported figures",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return errors.New("import what? barometer import outcomes FILE, or barometer import reported FILE")
		},
		Long: `Import a file: CSV (UTF-8, comma or semicolon, a first line of column names in
any order), NDJSON (one JSON object a line, with the same names as members) or
XLSX. All of it is imported or nothing: every problem is reported at once, with
line and column. The same file twice changes nothing.`,
	}
	cmd.AddCommand(
		importKind(intake.OutcomesKind, "Import outcomes of cases",
			`Columns: round, municipality, case, case_type, requirement, notification, outcome,
reason, origin (Danish: årgang, kommune, sag, sagstype, lovkrav, underretning,
resultat, begrundelse, oprindelse). A year from 9000 on in rows of origin
synthetic creates its round. XLSX is the workbook that the service makes for a
round and municipality. A round must be collecting or in hearing.`),
		importKind(intake.ReportedKind, "Import figures as a source printed them",
			`Columns: round, area, requirement, met, assessed, percent, cases, source,
printed_as, note. Counts that were not printed stay empty. XLSX is a first sheet
with these columns.`),
	)
	return cmd
}

func importKind(kind intake.Kind, short, columns string) *cobra.Command {
	var format, why string
	var dryRun bool
	cmd := &cobra.Command{
		Use:     string(kind) + " FILE",
		Short:   short,
		Long:    short + ". FILE ends in .csv, .ndjson or .xlsx, or is - for the standard input.\n\n" + columns,
		Example: "  barometer import " + string(kind) + " figures.csv",
		Args:    cobra.ExactArgs(1),
		RunE: withBase(func(ctx context.Context, b base, args []string) (err error) {
			source := intake.Source{Kind: kind, DryRun: dryRun}
			if why != "" {
				source.Why = &why
			}
			if source.Format, err = formatOf(args[0], format); err != nil {
				return err
			}
			file, err := openFile(args[0])
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, file.Close()) }()
			p := newProgress(os.Stderr, "Reading", "rows", 0)
			source.Progress = p.at
			receipt, err := intake.Run(ctx, b.store, b.cat, source, file)
			p.done()
			if err != nil {
				return err
			}
			b.sum(receipt, dryRun)
			return nil
		}),
	}
	config.AddFlags(cmd.Flags(), config.Database...)
	cmd.Flags().StringVar(&format, "format", "", "csv, ndjson or xlsx; without it as the name of FILE ends, else csv")
	if kind == intake.OutcomesKind {
		cmd.Flags().StringVar(&why, "why", "", "why outcomes that were entered before are changed; kept with each that is")
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "check the file and say what it would do, and keep nothing of it")
	return cmd
}

// formatOf gives the format of a file: the one that is asked for, else by its name.
func formatOf(name, asked string) (intake.Format, error) {
	if asked == "" {
		if format, ok := intake.FormatOf(name); ok {
			return format, nil
		}
		return intake.CSV, nil
	}
	if format := intake.Format(asked); format.Known() {
		return format, nil
	}
	return "", fmt.Errorf("--format %s: want one of %s", asked, barometer.List(intake.Formats()))
}

// openFile opens a file that can be read from any place: what comes through a pipe is put into a temporary one first.
func openFile(name string) (*os.File, error) {
	file := os.Stdin
	if name != "-" {
		var err error
		if file, err = os.Open(name); err != nil { //nolint:gosec // the file that the caller names
			return nil, err
		}
	}
	info, err := file.Stat()
	if err != nil || info.Mode().IsRegular() || info.IsDir() {
		return file, err
	}
	defer func() { _ = file.Close() }()
	spool, err := os.CreateTemp("", "barometer-*")
	if err != nil {
		return nil, err
	}
	// It is gone with the program, however that ends.
	if err := os.Remove(spool.Name()); err != nil {
		return nil, errors.Join(err, spool.Close())
	}
	if _, err := io.Copy(spool, file); err != nil {
		return nil, errors.Join(err, spool.Close())
	}
	return spool, nil
}

// sum says what an import did.
func (b base) sum(r intake.Receipt, dryRun bool) {
	for _, w := range r.Warnings {
		b.say("Warning: %s", w)
	}
	if r.Added+r.Changed == 0 && r.Cases == 0 {
		b.say("Nothing has changed: all %d rows were there already.", r.Rows)
		return
	}
	did := "Imported"
	if dryRun {
		did = "A dry run, nothing is kept. It would import"
	}
	b.say("%s %s: %d added, %d changed, %d unchanged; %s new.", did, plural(r.Rows, "row", "rows"), r.Added, r.Changed, r.Unchanged,
		plural(r.Cases, "case is", "cases are"))
	if dryRun {
		return
	}
	for _, year := range r.Rounds {
		b.say("Made round %d. It is seen once it is published: barometer publish --round %d", year, year)
	}
}
