package barometer

import "time"

// Role says what a caller may do; the policy of the API says what that is, operation by operation.
type Role string

// The roles. Operator is whoever runs the program's commands; no key has it.
const (
	RolePublic       Role = "public"
	RoleMunicipality Role = "municipality"
	RoleMinistry     Role = "ministry"
	RoleAuditor      Role = "auditor"
	RoleLead         Role = "lead"
	RoleAdmin        Role = "admin"
	RoleOperator     Role = "operator"
)

// KeyRoles lists the roles that a key can have.
func KeyRoles() []Role {
	return []Role{RoleMunicipality, RoleMinistry, RoleAuditor, RoleLead, RoleAdmin}
}

// Caller is who asks: the one identity that every part of the service knows, whatever it was proved by. The zero value
// is nobody; see [Public].
type Caller struct {
	// ID names the caller in the trail: the id of an API key, never a person.
	ID   string
	Role Role
	// Municipality is the code of the one that a caller of role municipality belongs to, "" for the others.
	Municipality string
}

// Public is a caller without a key.
func Public() Caller { return Caller{ID: "public", Role: RolePublic} }

// Operator is whoever runs the program's commands.
func Operator() Caller { return Caller{ID: "command-line", Role: RoleOperator} }

// Me tells a caller who it is to the service.
type Me struct {
	Role Role `json:"role" example:"municipality"`
	// Key is the id of the API key; null without one.
	Key *string `json:"key" example:"k7q2mzd4"`
	// Municipality that the key is for; null for other roles.
	Municipality *string `json:"municipality" example:"0707"`
	// ExpiresAt is when the key stops working; null where it has no end.
	ExpiresAt *time.Time `json:"expires_at" format:"date-time" example:"2027-01-01T00:00:00Z"`
	// Operations lists what the caller may do, by the ids of openapi.yaml.
	Operations []string `json:"operations" example:"getMe,listResults"`
}

// APIKey is what is kept of a key: never the key itself.
type APIKey struct {
	ID           string     `json:"key" gorm:"primaryKey" example:"k7q2mzd4"`
	Hash         string     `json:"-"` // SHA-256 of the whole key, in hexadecimal
	Role         Role       `json:"role" example:"auditor"`
	Municipality *string    `json:"municipality" example:"0707"`
	CreatedAt    time.Time  `json:"created_at" format:"date-time"`
	ExpiresAt    *time.Time `json:"expires_at" format:"date-time"`
	RevokedAt    *time.Time `json:"revoked_at" format:"date-time"`
	LastUsedAt   *time.Time `json:"last_used_at" format:"date-time"`
}

// Caller gives the identity that the key proves.
func (k APIKey) Caller() Caller {
	c := Caller{ID: k.ID, Role: k.Role}
	if k.Municipality != nil {
		c.Municipality = *k.Municipality
	}
	return c
}

// ValidAt tells whether the key proves anything at a moment.
func (k APIKey) ValidAt(at time.Time) bool {
	return k.RevokedAt == nil && (k.ExpiresAt == nil || at.Before(*k.ExpiresAt))
}

// EventKind is the sort of an audit event.
type EventKind string

// The sorts of audit events.
const (
	EventChange  EventKind = "change"
	EventRead    EventKind = "read"
	EventRefused EventKind = "refused"
)

// AuditEvent is one line of the trail: who did what to which thing, and when. It has ids and codes only, no content.
type AuditEvent struct {
	// Number counts the events from 1, without a gap.
	Number int       `json:"number" gorm:"primaryKey;autoIncrement:false" example:"4711"`
	At     time.Time `json:"at" format:"date-time" example:"2026-11-22T06:51:56.840777Z"`
	// Caller is the id of an API key, `public`, or `command-line`.
	Caller string `json:"caller" example:"k7q2mzd4"`
	Role   Role   `json:"role" example:"auditor"`
	// Municipality that the caller belongs to; null for other roles.
	Municipality *string   `json:"municipality" example:"0707"`
	Kind         EventKind `json:"kind" example:"change"`
	// Action is the id of the operation, or the name of the command.
	Action string `json:"action" example:"putOutcome"`
	// Resource is the path of what was changed, read or refused; the path's pattern where the path is none of ours.
	Resource string `json:"resource" example:"/v1/cases/0190f1c2-8a5e-7b3c-9d4e-5f6071829304/outcomes/child_heard"`
	// Request is the id of the request, as in the `instance` of a problem.
	Request string `json:"request" example:"0190f1c2-8a5e-7b3c-9d4e-5f6071829304"`
	// Hash is SHA-256 over the hash before it and this event, in hexadecimal.
	Hash string `json:"hash" example:"5f2c"`
}
