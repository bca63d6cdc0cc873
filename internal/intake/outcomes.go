package intake

import (
	"context"
	"io"
	"maps"
	"slices"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Receipt says what an import did.
type Receipt struct {
	Rows      int
	Added     int
	Changed   int
	Unchanged int
	Cases     int              // cases added
	Rounds    []barometer.Year // rounds created
	Warnings  []barometer.FieldError
}

// Outcomes imports a file of outcomes; see the README for its columns. Invalid lists every problem of the file, and
// nothing is changed then. progress is told the number of rows read so far; it may be nil.
func Outcomes(ctx context.Context, s *store.Store, cat *catalogue.Catalogue, file io.Reader, progress func(rows int)) (Receipt, error) {
	var receipt Receipt
	err := s.Tx(ctx, func(tx *store.Store) error {
		if _, err := tx.LockDataset(ctx); err != nil { // wait for publications and other imports
			return err
		}
		in, err := readOutcomes(ctx, tx, cat, file, progress)
		if err != nil {
			return err
		}
		receipt = Receipt{Rows: in.rows}
		return in.store(ctx, tx, &receipt)
	})
	if err != nil {
		return Receipt{}, err
	}
	return receipt, nil
}

// outcomesFile is a file of outcomes as it was read.
type outcomesFile struct {
	cat    *catalogue.Catalogue
	rounds rounds
	rows   int
	groups map[group][]outcomeRow
	*problems
}

// group of rows that are checked and stored together.
type group struct {
	round        barometer.Year
	municipality string
}

func compareGroups(a, b group) int {
	if a.round != b.round {
		return int(a.round - b.round)
	}
	return slices.Compare([]byte(a.municipality), []byte(b.municipality))
}

func readOutcomes(ctx context.Context, tx *store.Store, cat *catalogue.Catalogue, file io.Reader, progress func(int)) (*outcomesFile, error) {
	known, err := readRounds(ctx, tx, cat)
	if err != nil {
		return nil, err
	}
	in := &outcomesFile{cat: cat, rounds: known, groups: map[group][]outcomeRow{}, problems: &problems{}}
	err = eachLine(file, outcomeColumns, in.problems, func(l line) {
		in.rows++
		if progress != nil {
			progress(in.rows)
		}
		if row, ok := in.check(l); ok {
			at := group{row.round, row.municipality}
			in.groups[at] = append(in.groups[at], row)
		}
	})
	return in, err
}

// store checks each group as a whole and, where nothing in the file is wrong, stores them all.
func (in *outcomesFile) store(ctx context.Context, tx *store.Store, receipt *Receipt) error {
	groups := slices.SortedFunc(maps.Keys(in.groups), compareGroups)
	var plans []*plan
	for _, at := range groups {
		p, err := in.plan(ctx, tx, at)
		if err != nil {
			return err
		}
		plans = append(plans, p)
	}
	if err := in.err(); err != nil {
		return err
	}
	if err := in.createRounds(ctx, tx, groups, receipt); err != nil {
		return err
	}
	for _, p := range plans {
		if err := p.apply(ctx, tx, receipt); err != nil {
			return err
		}
	}
	return in.recordSizes(ctx, tx, groups)
}

func (in *outcomesFile) createRounds(ctx context.Context, tx *store.Store, groups []group, receipt *Receipt) error {
	municipalities := map[barometer.Year][]string{}
	for _, at := range groups {
		municipalities[at.round] = append(municipalities[at.round], at.municipality)
	}
	for _, year := range slices.Sorted(maps.Keys(municipalities)) {
		if r := in.rounds[year]; r.isNew {
			if err := r.create(ctx, tx, in.cat, municipalities[year]); err != nil {
				return err
			}
			receipt.Rounds = append(receipt.Rounds, year)
		}
	}
	return nil
}

// recordSizes keeps the sizes of synthetic rounds, which nobody has drawn, at what their files hold.
func (in *outcomesFile) recordSizes(ctx context.Context, tx *store.Store, groups []group) error {
	var done barometer.Year
	for _, at := range groups { // sorted by round
		if at.round == done || at.round.Origin() != barometer.OriginSynthetic {
			continue
		}
		if err := tx.SetSampleSizes(ctx, at.round); err != nil {
			return err
		}
		done = at.round
	}
	return nil
}
