package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
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

// insert adds rows in batches.
func insert[T any](ctx context.Context, s *Store, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	return gorm.G[T](s.db).CreateInBatches(ctx, &rows, batch)
}
