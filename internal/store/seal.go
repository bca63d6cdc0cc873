package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gorm.io/gorm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// sealOf hashes members, each as its length in bytes, a colon, itself and a comma.
func sealOf(members ...string) *string {
	h := sha256.New()
	for _, m := range members {
		_, _ = fmt.Fprintf(h, "%d:%s,", len(m), m) // a hash never fails
	}
	sum := hex.EncodeToString(h.Sum(nil))
	return &sum
}

// sealed writes a member that may be null: an equals sign before it tells an empty one from none.
func sealed[T any](v *T, write func(T) string) string {
	if v == nil {
		return ""
	}
	return "=" + write(*v)
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func text(s string) string { return s }

// sealWith gives the seal of a publication with its rows.
func (p publication) sealWith(rows []barometer.FrozenRow) *string {
	members := []string{
		strconv.Itoa(int(p.Round)), strconv.Itoa(p.Revision), instant(p.PublishedAt), sealed(p.Reason, text),
		sealed(p.WithdrawnAt, instant), sealed(p.WithdrawnReason, text),
	}
	rows = slices.Clone(rows)
	byText(rows, kindAndKey)
	for _, r := range rows {
		members = append(members, string(r.Kind), r.Key, r.Body)
	}
	return sealOf(members...)
}

// seal gives the seal of a release as it stands: what it says of itself, the publications it holds, and the judgements
// it rests on. Its results have a checksum of their own.
func (s *Store) seal(ctx context.Context, r release) (*string, error) {
	members := []string{
		strconv.Itoa(r.Number), sealed(r.Round, func(y barometer.Year) string { return strconv.Itoa(int(y)) }), instant(r.PublishedAt),
		strconv.Itoa(r.Results), r.Disclosure, r.Checksum, sealed(r.MadeAt, instant), sealed(r.CancelledAt, instant), sealed(r.Reason, text),
	}
	if r.Method != firstMethod { // the seals of those are older than this
		members = append(members, strconv.Itoa(r.Method))
	}
	held, err := gorm.G[releaseRound](s.db).Where("release = ?", r.Number).Order("round").Find(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range held {
		members = append(members, fmt.Sprintf("%d.%d", p.Round, p.Revision))
	}
	judgements, err := s.ReleaseRows(ctx, r.Number, barometer.RowJudgement)
	for _, j := range judgements {
		members = append(members, j.Key, j.Body)
	}
	return sealOf(members...), err
}

// sealRelease keeps the seal of a release as it stands.
func (s *Store) sealRelease(ctx context.Context, number int) error {
	r, err := gorm.G[release](s.db).Where("number = ?", number).First(ctx)
	if err != nil {
		return err
	}
	if r.Seal, err = s.seal(ctx, r); err != nil {
		return err
	}
	_, err = gorm.G[release](s.db).Where("number = ?", number).Update(ctx, "seal", r.Seal)
	return err
}

// CheckRelease tells whether a release is as it was made, or cancelled: its number, instant, reason, publications and
// judgements. Sealed is false for one that was made before this was kept, of which nothing can be told. NotFound where
// there is none of that number.
func (s *Store) CheckRelease(ctx context.Context, number int) (intact, isSealed bool, err error) {
	defer translate("check release", &err)
	r, err := gorm.G[release](s.db).Where("number = ?", number).First(ctx)
	if err != nil || r.Seal == nil {
		return false, r.MadeAt != nil, err
	}
	seal, err := s.seal(ctx, r)
	return err == nil && *seal == *r.Seal, true, err
}

// CheckPublication tells the same of a publication and all of its rows, or of its tombstone.
func (s *Store) CheckPublication(ctx context.Context, of barometer.ReleaseRound) (intact, isSealed bool, err error) {
	defer translate("check publication", &err)
	p, err := gorm.G[publication](s.db).Where("round = ? AND revision = ?", of.Round, of.Revision).First(ctx)
	if err != nil || p.Seal == nil {
		return false, false, err
	}
	found, err := gorm.G[publicationRow](s.db).Where("round = ? AND revision = ?", of.Round, of.Revision).Find(ctx)
	rows := make([]barometer.FrozenRow, len(found))
	for i, r := range found {
		rows[i] = r.FrozenRow
	}
	return err == nil && *p.sealWith(rows) == *p.Seal, true, err
}

// NewestRelease gives the number of the newest release that was ever made, 0 before the first.
func (s *Store) NewestRelease(ctx context.Context) (number int, err error) {
	defer translate("newest release", &err)
	d, err := gorm.G[dataset](s.db).First(ctx)
	return d.Release, err
}
