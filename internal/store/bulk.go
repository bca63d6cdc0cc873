package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// AddCases adds cases with their units and outcomes, many at once. Their municipality must take part (Invalid), their
// references be new (Conflict). An outcome without a revision is its first.
func (s *Store) AddCases(ctx context.Context, cases []barometer.Case, units []barometer.CaseUnit, outcomes []barometer.CaseOutcome) (err error) {
	defer translate("add cases", &err)
	if _, err := runBulk(ctx, s, caseColumns, cases, insertInto("cases", caseColumns)); err != nil {
		return err
	}
	if _, err := runBulk(ctx, s, unitColumns, units, insertInto("case_units", unitColumns)); err != nil {
		return err
	}
	_, err = runBulk(ctx, s, outcomeColumns, outcomes, insertInto("case_outcomes", outcomeColumns))
	return err
}

// ReviseOutcomes gives outcomes that were entered before other values, many at once: what each was becomes a revision
// of its past, and it takes the next number, whatever it has itself. NotFound where one was not entered.
func (s *Store) ReviseOutcomes(ctx context.Context, outcomes []barometer.CaseOutcome) (err error) {
	defer translate("revise outcomes", &err)
	if _, err := runBulk(ctx, s, outcomeColumns, outcomes, keepRevisionsSQL); err != nil {
		return err
	}
	revised, err := runBulk(ctx, s, outcomeColumns, outcomes, reviseOutcomesSQL)
	if err == nil && revised < int64(len(outcomes)) {
		return gorm.ErrRecordNotFound
	}
	return err
}

const (
	keepRevisionsSQL = `
INSERT INTO outcome_revisions (case_id, requirement, number, revision, outcome, reason, entered_at, entered_by, entered_role, why, import)
SELECT o.case_id, o.requirement, o.number, o.revision, o.outcome, o.reason, o.entered_at, o.entered_by, o.entered_role, o.why, o.import
FROM %s JOIN case_outcomes o ON o.case_id = k.case_id AND o.requirement = k.requirement AND o.number = k.number`

	reviseOutcomesSQL = `
UPDATE case_outcomes SET outcome = k.outcome, reason = k.reason, revision = case_outcomes.revision + 1, entered_at = k.entered_at,
    entered_by = k.entered_by, entered_role = k.entered_role, why = k.why, import = k.import
FROM %s
WHERE case_outcomes.case_id = k.case_id AND case_outcomes.requirement = k.requirement AND case_outcomes.number = k.number`
)

// bulkColumn is a column of rows that are written many at once: its type on Postgres, and how its values are read from
// the rows.
type bulkColumn[T any] struct {
	name, kind string
	array      func(rows []T) any
	value      func(row *T) any
}

func column[T, V any](name, kind string, of func(row *T) V) bulkColumn[T] {
	return bulkColumn[T]{
		name, kind,
		func(rows []T) any {
			values := make([]V, len(rows))
			for i := range rows {
				values[i] = of(&rows[i])
			}
			return values
		},
		func(row *T) any { return of(row) },
	}
}

var caseColumns = []bulkColumn[barometer.Case]{
	column("id", "text", func(c *barometer.Case) string { return c.ID }),
	column("round", "int", func(c *barometer.Case) int { return int(c.Round) }),
	column("municipality", "text", func(c *barometer.Case) string { return c.Municipality }),
	column("reference", "text", func(c *barometer.Case) string { return c.Reference }),
	column("case_type", "text", func(c *barometer.Case) string { return string(c.CaseType) }),
	column("assigned_to", "text", func(c *barometer.Case) *string { return c.AssignedTo }),
	column("withdrawn", "bool", func(c *barometer.Case) bool { return c.Withdrawn }),
	column("withdrawn_reason", "text", func(c *barometer.Case) *string { return c.WithdrawnReason }),
}

var unitColumns = []bulkColumn[barometer.CaseUnit]{
	column("case_id", "text", func(u *barometer.CaseUnit) string { return u.CaseID }),
	column("number", "int", func(u *barometer.CaseUnit) int { return u.Number }),
	column("unit", "text", func(u *barometer.CaseUnit) string { return string(u.Unit) }),
	column("removed", "bool", func(u *barometer.CaseUnit) bool { return u.Removed }),
}

var outcomeColumns = []bulkColumn[barometer.CaseOutcome]{
	column("case_id", "text", func(o *barometer.CaseOutcome) string { return o.CaseID }),
	column("requirement", "text", func(o *barometer.CaseOutcome) string { return o.Requirement }),
	column("number", "int", func(o *barometer.CaseOutcome) int { return o.Number }),
	column("round", "int", func(o *barometer.CaseOutcome) int { return int(o.Round) }),
	column("unit", "text", func(o *barometer.CaseOutcome) string { return string(o.Unit) }),
	column("outcome", "text", func(o *barometer.CaseOutcome) string { return string(o.Outcome) }),
	column("reason", "text", func(o *barometer.CaseOutcome) string { return string(o.Reason) }),
	column("revision", "int", func(o *barometer.CaseOutcome) int { return max(o.Revision, 1) }),
	column("entered_at", "timestamp", func(o *barometer.CaseOutcome) *time.Time { return o.EnteredAt }),
	column("entered_by", "text", func(o *barometer.CaseOutcome) string { return o.EnteredBy }),
	column("entered_role", "text", func(o *barometer.CaseOutcome) string { return string(o.EnteredRole) }),
	column("why", "text", func(o *barometer.CaseOutcome) *string { return o.Why }),
	column("import", "text", func(o *barometer.CaseOutcome) *string { return o.Import }),
}

func namesOf[T any](columns []bulkColumn[T]) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}

func insertInto[T any](table string, columns []bulkColumn[T]) string {
	names := namesOf(columns)
	return "INSERT INTO " + table + " (" + names + ") SELECT " + names + " FROM %s"
}

// How many rows go into one statement: more gain nothing, and on Postgres each is held twice.
const (
	batchOnPostgres = 5000
	batchOnSQLite   = 50
)

// runBulk runs a statement on many rows, which it names k, and gives how many rows it touched.
func runBulk[T any](ctx context.Context, s *Store, columns []bulkColumn[T], rows []T, statement string) (touched int64, err error) {
	if s.Dialect() == "sqlite" {
		touched, err = bulkOnSQLite(ctx, s, columns, rows, statement)
	} else {
		touched, err = bulkOnPostgres(ctx, s, columns, rows, statement)
	}
	if named, ok := s.db.Dialector.(gorm.ErrorTranslator); ok && err != nil {
		err = named.Translate(err)
	}
	return touched, err
}

// bulkOnPostgres sends an array for each column.
func bulkOnPostgres[T any](ctx context.Context, s *Store, columns []bulkColumn[T], rows []T, statement string) (touched int64, err error) {
	arrays := make([]string, len(columns))
	for i, c := range columns {
		arrays[i] = fmt.Sprintf("$%d::%s[]", i+1, c.kind)
	}
	statement = fmt.Sprintf(statement, "unnest("+strings.Join(arrays, ", ")+") AS k("+namesOf(columns)+")")
	for chunk := range slices.Chunk(rows, batchOnPostgres) {
		values := make([]any, len(columns))
		for i, c := range columns {
			values[i] = c.array(chunk)
		}
		n, err := affected(s.db.Statement.ConnPool.ExecContext(ctx, statement, values...))
		if touched += n; err != nil {
			return touched, err
		}
	}
	return touched, nil
}

func affected(done sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// bulkOnSQLite sends the values of some rows at once, and then of the rest.
func bulkOnSQLite[T any](ctx context.Context, s *Store, columns []bulkColumn[T], rows []T, statement string) (touched int64, err error) {
	whole := len(rows) - len(rows)%batchOnSQLite
	for _, part := range []struct {
		rows  []T
		batch int
	}{{rows[:whole], batchOnSQLite}, {rows[whole:], len(rows) - whole}} {
		if len(part.rows) == 0 {
			continue
		}
		n, err := batchesOnSQLite(ctx, s, columns, part.rows, part.batch, statement)
		if touched += n; err != nil {
			return touched, err
		}
	}
	return touched, nil
}

// batchesOnSQLite runs a statement, prepared once, on batches that are all of the same size.
func batchesOnSQLite[T any](ctx context.Context, s *Store, columns []bulkColumn[T], rows []T, batch int, statement string) (touched int64, err error) {
	prepared, err := s.db.Statement.ConnPool.PrepareContext(ctx, fmt.Sprintf(statement, rowsOnSQLite(columns, batch)))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, prepared.Close()) }()
	values := make([]any, 0, batch*len(columns))
	for chunk := range slices.Chunk(rows, batch) {
		values = values[:0]
		for i := range chunk {
			for _, c := range columns {
				values = append(values, c.value(&chunk[i]))
			}
		}
		n, err := affected(prepared.ExecContext(ctx, values...))
		if touched += n; err != nil {
			return touched, err
		}
	}
	return touched, nil
}

// rowsOnSQLite writes places for the values of so many rows.
func rowsOnSQLite[T any](columns []bulkColumn[T], size int) string {
	first, others := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		first[i], others[i] = "? AS "+c.name, "?"
	}
	return "(SELECT " + strings.Join(first, ", ") + strings.Repeat(" UNION ALL SELECT "+strings.Join(others, ", "), size-1) + ") AS k"
}
