package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Tx runs fn in a transaction, with a Store bound to it: all of it is kept, or nothing where fn returns an error. What
// was recorded meanwhile goes into the trail in the same transaction, or nothing is kept. Transactions do not nest.
//
// Whoever takes several locks takes them in this order, so that nobody waits in a circle: the data set, the round, the
// case; the trail's comes last, by itself.
func (s *Store) Tx(ctx context.Context, fn func(tx *Store) error) error {
	return s.transaction(ctx, nil, func(tx *Store) error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.keepEvents(ctx)
	})
}

// View runs fn on the database as it stands at one moment, whatever others commit meanwhile, and changes nothing:
// nothing can be recorded in it.
func (s *Store) View(ctx context.Context, fn func(tx *Store) error) error {
	options := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	if s.Dialect() == "sqlite" {
		options.Isolation = sql.LevelDefault // which is one moment from the first read on, and locks nobody out
	}
	return s.transaction(ctx, options, func(tx *Store) error {
		if err := fn(tx); err != nil {
			return err
		}
		if len(*tx.events) > 0 {
			return errors.New("an event was recorded where nothing is kept")
		}
		return nil
	})
}

func (s *Store) transaction(ctx context.Context, options *sql.TxOptions, fn func(tx *Store) error) (err error) {
	defer translate("transaction", &err)
	if s.events != nil {
		return errors.New("a transaction within a transaction")
	}
	moment := s.now()
	return s.db.WithContext(ctx).Transaction(func(db *gorm.DB) error {
		tx := *s
		tx.db, tx.now, tx.events = db, func() time.Time { return moment }, &[]barometer.AuditEvent{}
		return fn(&tx)
	}, options)
}

// Now gives the time of the transaction, or of the moment outside one: in UTC and whole microseconds.
func (s *Store) Now() time.Time { return s.now() }

// By gives the same store in the hands of a caller, whose name stands on what is entered and recorded with it, with the
// id of the request it does so in.
func (s *Store) By(caller barometer.Caller, request string) *Store {
	by := *s
	by.caller, by.request = caller, request
	return &by
}

// Caller gives whose hands the store is in.
func (s *Store) Caller() barometer.Caller { return s.caller }

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
