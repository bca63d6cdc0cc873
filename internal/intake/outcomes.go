package intake

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// outcomesFile is a file of outcomes as it was read.
type outcomesFile struct {
	*importing
	words     vocabulary
	reference string // of the row before
	rows      rows
	receipts  map[barometer.Year]*barometer.Import
	warned    map[barometer.Year]*noted
	all       *noted // warnings, of all rounds
	entered   int    // outcomes that were entered before, and that the file changes
	changes
}

// outcomes takes in a file of outcomes.
func (in *importing) outcomes(ctx context.Context) (done taken, err error) {
	if in.Round != nil {
		if err := in.rounds[*in.Round].takesOutcomes(); err != nil {
			return done, err
		}
	}
	file := &outcomesFile{
		importing: in, words: newVocabulary(in.cat), rows: newRows(), receipts: map[barometer.Year]*barometer.Import{},
		warned: map[barometer.Year]*noted{}, all: newWarnings(),
	}
	if err := file.read(); err != nil {
		return done, err
	}
	file.rows.places = nil // all rows have found their case
	groups := slices.SortedFunc(maps.Keys(file.rows.groups), compareGroups)
	if err := file.lock(ctx, groups); err != nil {
		return done, err
	}
	if in.count == 0 {
		if done.Rounds, err = file.createRounds(ctx, groups); err != nil {
			return done, err
		}
	}
	if err := file.take(ctx, groups); err != nil {
		return done, err
	}
	return done, file.finish(ctx, &done)
}

// take checks the rows of the groups one after the other, and stores what they change as long as nothing is wrong: the
// transaction is taken back when something is.
func (in *outcomesFile) take(ctx context.Context, groups []group) error {
	for _, at := range groups {
		err := in.rows.each(at, func(rows []outcomeRow) error {
			if err := in.plan(ctx, at, rows); err != nil {
				return err
			}
			return in.apply(ctx, rowsAtOnce)
		})
		if err != nil {
			return err
		}
	}
	if in.entered > 0 && in.needsWhy() {
		outcomes := "1 outcome that was"
		if in.entered > 1 {
			outcomes = strconv.Itoa(in.entered) + " outcomes that were"
		}
		in.add(barometer.FieldError{Parameter: "why", Code: "required"},
			"the file changes %s entered before; say why, in at most %d characters", outcomes, barometer.MostNote)
	}
	if err := in.err(); err != nil {
		return err
	}
	return in.apply(ctx, 0)
}

// needsWhy tells whether nothing that was entered before can be changed, since nobody says why.
func (in *outcomesFile) needsWhy() bool { return in.Round != nil && in.Why == nil }

// apply stores the changes there are so far where they are more than so many, and where the file is not refused anyway.
func (in *outcomesFile) apply(ctx context.Context, most int) error {
	refused := in.count > 0 || in.entered > 0 && in.needsWhy()
	if !refused && len(in.added)+len(in.revised)+len(in.units) <= most {
		return nil
	}
	c := in.changes
	in.changes = changes{c.cases[:0], c.units[:0], c.added[:0], c.revised[:0]}
	if refused {
		return nil
	}
	return c.apply(ctx, in.tx)
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
		in.receipts[at.round], in.warned[at.round] = receipt, newWarnings()
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
		r.Warnings = append(r.Warnings, in.warned[year].list()...)
		if err := in.keep(ctx, done, *r); err != nil {
			return err
		}
	}
	done.Warnings = in.all.list()
	return nil
}

// warn notes what a row leaves to be mended.
func (in *outcomesFile) warn(row outcomeRow, column, code, detail string) {
	at := row.in(column, code)
	at.Detail = detail
	in.warned[row.round].note(at)
	in.all.note(at)
}
