package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// auditHead is the end of the chain of events.
type auditHead struct {
	ID     int `gorm:"primaryKey;autoIncrement:false"`
	Number int
	Hash   string
}

func (auditHead) TableName() string { return "audit_head" }

// Record notes what the store's caller does in this transaction, and only there: an action, such as the id of an
// operation, on a resource, named by its path. Neither may hold any content: a resource that could is not named. It is
// kept when the transaction is.
func (s *Store) Record(kind barometer.EventKind, action, resource string) {
	const longest = 500
	if code, _ := barometer.CheckText(resource, longest); code != "" {
		resource = "(not named)"
	}
	e := barometer.AuditEvent{
		Caller: s.caller.ID, Role: s.caller.Role, Kind: kind, Action: action, Resource: resource, Request: s.request,
	}
	if s.caller.Municipality != "" {
		e.Municipality = &s.caller.Municipality
	}
	*s.events = append(*s.events, e)
}

// keepEvents adds what was recorded to the trail. Without its events a change is not kept: Unavailable.
func (s *Store) keepEvents(ctx context.Context) error {
	if len(*s.events) == 0 {
		return nil
	}
	if err := s.chain(ctx, *s.events); err != nil {
		if barometer.KindOf(err) == barometer.Unavailable {
			return err
		}
		return &barometer.Error{Kind: barometer.Unavailable, Message: "The trail cannot be written, so nothing was changed; try again.", Err: err}
	}
	return nil
}

func (s *Store) chain(ctx context.Context, events []barometer.AuditEvent) (err error) {
	defer translate("audit events", &err)
	// Updated before it is read, so that whoever else adds events waits from here on.
	if err := s.db.WithContext(ctx).Exec("UPDATE audit_head SET number = number + ?", len(events)).Error; err != nil {
		return err
	}
	head, err := gorm.G[auditHead](s.db).First(ctx)
	if err != nil {
		return err
	}
	first, last := head.Number-len(events)+1, head.Hash
	for i := range events {
		e := &events[i]
		e.Number, e.At = first+i, s.now()
		e.Hash = HashOf(last, *e)
		last = e.Hash
	}
	if err := insert(ctx, s, events); err != nil {
		return err
	}
	_, err = gorm.G[auditHead](s.db).Where("id = 1").Update(ctx, "hash", last)
	return err
}

// HashOf gives the hash of an event that follows one with another hash: SHA-256, in hexadecimal, over that hash and the
// members of the event in their order but for its own hash, each as its length in bytes, a colon, itself and a comma. A
// municipality has an equals sign before it, so that none is not the same as an empty one; the instant is in UTC.
func HashOf(before string, e barometer.AuditEvent) string {
	municipality := ""
	if e.Municipality != nil {
		municipality = "=" + *e.Municipality
	}
	var all []byte
	for _, member := range []string{
		before, strconv.Itoa(e.Number), e.At.UTC().Format(time.RFC3339Nano), e.Caller, string(e.Role), municipality, string(e.Kind),
		e.Action, e.Resource, e.Request,
	} {
		all = fmt.Appendf(all, "%d:%s,", len(member), member)
	}
	sum := sha256.Sum256(all)
	return hex.EncodeToString(sum[:])
}

// CheckTrail reads the whole trail and says what is the first thing that does not hold, "" where all does, with the
// number of events up to there. What it compares with is in the same database, so that whoever may write all of it can
// forge a trail: in Postgres the service's own role may not.
func (s *Store) CheckTrail(ctx context.Context) (events int, fault string, err error) {
	defer translate("check trail", &err)
	if s.events == nil {
		err = s.View(ctx, func(tx *Store) error {
			events, fault, err = tx.CheckTrail(ctx)
			return err
		})
		return events, fault, err
	}
	head, err := gorm.G[auditHead](s.db).First(ctx)
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return 0, "the end of the trail is not written down any more", nil
	}
	if err != nil {
		return 0, "", err
	}
	events, last, fault, err := s.followTrail(ctx)
	switch {
	case err != nil || fault != "":
	case head.Number > events:
		fault = fmt.Sprintf("the trail ends with event %d; it was %d long", events, head.Number)
	case head.Number < events:
		fault = fmt.Sprintf("event %d of the trail was not recorded; it was %d long", head.Number+1, head.Number)
	case head.Hash != last:
		fault = fmt.Sprintf("event %d, the end of the trail, is not what was recorded", events)
	}
	return events, fault, err
}

// trailQueries read the trail as it is kept. SQLite keeps any type in any column and more than one text for an instant:
// what is not as the service writes it is altered, though it may read the same.
var trailQueries = map[string]string{
	"postgres": `SELECT number, at, caller, role, municipality, kind, action, resource, request, hash, TRUE
		FROM audit_events ORDER BY number`,
	"sqlite": `SELECT number, CAST(at AS TEXT), caller, role, municipality, kind, action, resource, request, hash,
		typeof(at) || typeof(caller) || typeof(role) || replace(typeof(municipality), 'null', 'text') || typeof(kind) || typeof(action)
			|| typeof(resource) || typeof(request) || typeof(hash) = 'texttexttexttexttexttexttexttexttext'
		FROM audit_events ORDER BY number`,
}

// followTrail goes along the chain, and gives the number of events and the hash of the last one.
func (s *Store) followTrail(ctx context.Context) (events int, last, fault string, err error) {
	rows, err := s.db.WithContext(ctx).Raw(trailQueries[s.Dialect()]).Rows()
	if err != nil {
		return 0, "", "", err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var e barometer.AuditEvent
		var at keptTime
		var genuine bool
		err := rows.Scan(&e.Number, &at, &e.Caller, &e.Role, &e.Municipality, &e.Kind, &e.Action, &e.Resource, &e.Request, &e.Hash, &genuine)
		if err != nil {
			return events, "", "", err
		}
		events++
		e.At = at.Time
		if e.Number != events {
			return events, "", fmt.Sprintf("the trail has no event %d; event %d stands in its place", events, e.Number), nil
		}
		if !genuine || at.foreign || HashOf(last, e) != e.Hash {
			return events, "", fmt.Sprintf("event %d of the trail is not what was recorded", e.Number), nil
		}
		last = e.Hash
	}
	return events, last, "", rows.Err()
}

// keptTime is a time as a database keeps it.
type keptTime struct {
	time.Time
	foreign bool // not written as SQLite's driver writes it
}

// Scan takes a time from Postgres, and the text of one from SQLite.
func (i *keptTime) Scan(value any) (err error) {
	switch v := value.(type) {
	case time.Time:
		i.Time = v
	case string:
		const layout = "2006-01-02 15:04:05.999999999-07:00"
		i.Time, err = time.Parse(layout, v)
		i.foreign = err != nil || i.UTC().Format(layout) != v
	default:
		i.foreign = true
	}
	return nil
}

// AuditFilter chooses events; what is empty keeps all.
type AuditFilter struct {
	Kind   barometer.EventKind
	Caller string
	Action string
	// Resource keeps the events of a path and of all below it.
	Resource string
	After    int // number that the page begins behind
	Limit    int
}

// AuditEvents gives a page of the trail, the oldest event first.
func (s *Store) AuditEvents(ctx context.Context, f AuditFilter) (events []barometer.AuditEvent, err error) {
	defer translate("audit events", &err)
	q := gorm.G[barometer.AuditEvent](s.db).Where("number > ?", f.After)
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.Caller != "" {
		q = q.Where("caller = ?", f.Caller)
	}
	if f.Action != "" {
		q = q.Where("action = ?", f.Action)
	}
	if f.Resource != "" {
		q = q.Where("(resource = ? OR substr(resource, 1, ?) = ?)", f.Resource, utf8.RuneCountInString(f.Resource)+1, f.Resource+"/")
	}
	events, err = q.Order("number").Limit(f.Limit).Find(ctx)
	for i := range events {
		events[i].At = events[i].At.UTC()
	}
	return events, err
}
