package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// AddKey adds an API key; Conflict where its id is taken.
func (s *Store) AddKey(ctx context.Context, k barometer.APIKey) (err error) {
	defer translate("add key", &err)
	return gorm.G[barometer.APIKey](s.db).Create(ctx, &k)
}

// Keys gives all keys, revoked and expired ones too, the oldest first.
func (s *Store) Keys(ctx context.Context) (keys []barometer.APIKey, err error) {
	defer translate("keys", &err)
	return gorm.G[barometer.APIKey](s.db).Order("created_at, id").Find(ctx)
}

// KeyByHash finds a key by the hash of its text, whether it is still valid or not; NotFound where there is none.
func (s *Store) KeyByHash(ctx context.Context, hash string) (k barometer.APIKey, err error) {
	defer translate("key by hash", &err)
	return gorm.G[barometer.APIKey](s.db).Where("hash = ?", hash).First(ctx)
}

// Key finds a key by its id, whether it is still valid or not; NotFound where there is none.
func (s *Store) Key(ctx context.Context, id string) (k barometer.APIKey, err error) {
	defer translate("key", &err)
	return gorm.G[barometer.APIKey](s.db).Where("id = ?", id).First(ctx)
}

// RevokeKey ends a key; NotFound where there is none of that id, State where it is revoked already.
func (s *Store) RevokeKey(ctx context.Context, id string) (err error) {
	defer translate("revoke key", &err)
	rows, err := gorm.G[barometer.APIKey](s.db).Where("id = ? AND revoked_at IS NULL", id).Update(ctx, "revoked_at", s.now())
	if err != nil || rows > 0 {
		return err
	}
	if _, err := s.Key(ctx, id); err != nil {
		return err
	}
	return barometer.Errorf(barometer.State, "key %s is revoked already", id)
}

// lastUse is how exactly the last use of a key is known; more often it is not written.
const lastUse = time.Minute

// TouchKey notes that a key is used. It looks first, so that it waits for no other writer where there is nothing to
// write.
func (s *Store) TouchKey(ctx context.Context, id string) (err error) {
	defer translate("touch key", &err)
	stale := gorm.G[barometer.APIKey](s.db).Where("id = ? AND (last_used_at IS NULL OR last_used_at < ?)", id, s.now().Add(-lastUse))
	if n, err := stale.Count(ctx, "*"); err != nil || n == 0 {
		return err
	}
	_, err = stale.Update(ctx, "last_used_at", s.now())
	return err
}
