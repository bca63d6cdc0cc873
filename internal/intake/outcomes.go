package intake

import (
	"context"
	"maps"
	"slices"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// outcomesFile is a file of outcomes as it was read.
type outcomesFile struct {
	*importing
	words     vocabulary
	reference string // of the row before
	groups    map[group][]outcomeRow
	receipts  map[barometer.Year]*barometer.Import
	changes
}

// group of rows that are checked together.
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

// outcomes takes in a file of outcomes.
func (in *importing) outcomes(ctx context.Context) (done taken, err error) {
	if in.Round != nil {
		if err := in.rounds[*in.Round].takesOutcomes(); err != nil {
			return done, err
		}
	}
	file := &outcomesFile{
		importing: in, words: newVocabulary(in.cat), groups: map[group][]outcomeRow{}, receipts: map[barometer.Year]*barometer.Import{},
	}
	if err := file.read(); err != nil {
		return done, err
	}
	groups := slices.SortedFunc(maps.Keys(file.groups), compareGroups)
	if err := file.lock(ctx, groups); err != nil {
		return done, err
	}
	for _, at := range groups {
		if err := file.plan(ctx, at); err != nil {
			return done, err
		}
		delete(file.groups, at)
	}
	if err := in.err(); err != nil {
		return done, err
	}
	if done.Rounds, err = file.createRounds(ctx, groups); err != nil {
		return done, err
	}
	if err := file.apply(ctx, in.tx); err != nil {
		return done, err
	}
	return done, file.finish(ctx, &done)
}

// read reads the rows of the file in whichever format.
func (in *outcomesFile) read() error {
	if in.Format == XLSX {
		return in.readWorkbook()
	}
	return in.table(outcomeColumns(in.Round != nil)).each(in.Format, func(l line) {
		in.counted()
		in.check(l)
	})
}

// collect keeps a row that can be used.
func (in *outcomesFile) collect(row outcomeRow) {
	at := group{row.round, row.municipality}
	in.groups[at] = append(in.groups[at], row)
}

// lock makes those who enter outcomes of the file's rounds one by one wait, and looks whether the rounds take any. What
// their status is does not change any more: who changes it waits for the data set.
func (in *outcomesFile) lock(ctx context.Context, groups []group) error {
	for _, at := range groups { // sorted by round
		r := in.rounds[at.round]
		if in.receipts[at.round] != nil {
			continue
		}
		receipt, err := in.receipt(at.round)
		if err != nil {
			return err
		}
		in.receipts[at.round] = receipt
		if r.isNew || in.Round != nil {
			continue
		}
		if err := r.takesOutcomes(); err != nil {
			return err
		}
		if _, err := in.tx.LockRound(ctx, at.round, true); err != nil {
			return err
		}
	}
	return nil
}

func (in *outcomesFile) createRounds(ctx context.Context, groups []group) (created []barometer.Year, err error) {
	municipalities := map[barometer.Year][]string{}
	for _, at := range groups {
		municipalities[at.round] = append(municipalities[at.round], at.municipality)
	}
	for _, year := range slices.Sorted(maps.Keys(municipalities)) {
		if r := in.rounds[year]; r.isNew {
			if err := r.create(ctx, in.tx, in.cat, municipalities[year]); err != nil {
				return nil, err
			}
			created = append(created, year)
		}
	}
	return created, nil
}

// finish keeps the receipts, by round.
func (in *outcomesFile) finish(ctx context.Context, done *taken) error {
	for _, year := range slices.Sorted(maps.Keys(in.receipts)) {
		r := in.receipts[year]
		r.Rows = r.Added + r.Changed + r.Unchanged
		if err := in.keep(ctx, done, *r); err != nil {
			return err
		}
	}
	return nil
}
