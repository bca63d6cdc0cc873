package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Tx runs fn in a transaction, with a Store bound to it: all of it is kept, or nothing where fn returns an error.
// Transactions do not nest.
func (s *Store) Tx(ctx context.Context, fn func(tx *Store) error) (err error) {
	defer translate("transaction", &err)
	if s.tx {
		return errors.New("a transaction within a transaction")
	}
	moment := s.now()
	return s.db.WithContext(ctx).Transaction(func(db *gorm.DB) error {
		return fn(&Store{db: db, now: func() time.Time { return moment }, tx: true})
	})
}

// batch is how many rows go into one INSERT; more than this no longer gains, and both databases bound the parameters.
const batch = 500

// insert adds rows in batches. They are copied first, because gorm writes to what it is given and the caller's may be
// shared.
func insert[T any](ctx context.Context, s *Store, rows []T, options ...clause.Expression) error {
	if len(rows) == 0 {
		return nil
	}
	rows = slices.Clone(rows)
	return gorm.G[T](s.db, options...).CreateInBatches(ctx, &rows, batch)
}
