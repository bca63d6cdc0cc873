package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Answered is what a request with an Idempotency-Key was answered. Fingerprint covers method, path and body.
type Answered struct {
	Caller      string `gorm:"primaryKey"`
	Key         string `gorm:"primaryKey"`
	Fingerprint string
	Status      int
	Location    string
	Etag        string
	Body        string
	At          time.Time
}

// TableName of what a struct named for its meaning is kept in.
func (Answered) TableName() string { return "idempotency_keys" }

// KeepAnswers is how long an answer is kept for a retry.
const KeepAnswers = 24 * time.Hour

// Claim takes an Idempotency-Key of the store's caller for this transaction. Where another request has it, Claim waits
// for that one to end; where that one was answered, claimed is false and its answer is given.
func (s *Store) Claim(ctx context.Context, key, fingerprint string) (before Answered, claimed bool, err error) {
	defer translate("claim idempotency key", &err)
	mine := gorm.G[Answered](s.db).Where("caller = ? AND key = ?", s.caller.ID, key)
	// This one alone: who cleared others' away would wait for whoever does the same.
	if _, err := mine.Where("at < ?", s.now().Add(-KeepAnswers)).Delete(ctx); err != nil {
		return before, false, err
	}
	claim := Answered{Caller: s.caller.ID, Key: key, Fingerprint: fingerprint, At: s.now()}
	result := s.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&claim)
	if result.Error != nil || result.RowsAffected > 0 {
		return before, result.Error == nil, result.Error
	}
	before, err = mine.First(ctx)
	before.At = before.At.UTC()
	return before, false, err
}

// KeepAnswer keeps what the request that claimed a key is answered; State where the key was not claimed.
func (s *Store) KeepAnswer(ctx context.Context, a Answered) (err error) {
	defer translate("keep answer", &err)
	kept, err := gorm.G[Answered](s.db).Where("caller = ? AND key = ?", s.caller.ID, a.Key).
		Select("status", "location", "etag", "body").Updates(ctx, a)
	if err == nil && kept == 0 {
		return barometer.Errorf(barometer.State, "no request has claimed this Idempotency-Key")
	}
	return err
}

// PurgeAnswers removes the answers that no retry gets any more, whosever they are, and says how many.
func (s *Store) PurgeAnswers(ctx context.Context) (purged int, err error) {
	defer translate("purge answers", &err)
	return gorm.G[Answered](s.db).Where("at < ?", s.now().Add(-KeepAnswers)).Delete(ctx)
}
