package api

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/maypok86/otter/v2"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// guarded is a request that passed the guard: who asks, and how much of the operation it may do.
type guarded struct {
	operation string
	caller    barometer.Caller
	expires   *time.Time // what proves the caller; nil where it does not end
	access    access
}

const guardedKey, requestKey = "guarded", "request"

// guardOf gives what the guard found out of a request.
func guardOf(c echo.Context) guarded {
	g, _ := c.Get(guardedKey).(guarded) // every route has a guard; without one nothing is allowed
	return g
}

// requestOf gives the id of a request: on the problem it is answered with, in the log and in the trail.
func requestOf(c echo.Context) string {
	if id, ok := c.Get(requestKey).(string); ok {
		return id
	}
	id := requestID()
	c.Set(requestKey, id)
	return id
}

// guard lets a request through to the handler of an operation where the policy allows it, and records what it refuses.
func (h *handler) guard(operation string, next echo.HandlerFunc) echo.HandlerFunc {
	nobody := guarded{operation: operation, caller: barometer.Public(), access: accessOf(operation, barometer.RolePublic)}
	return func(c echo.Context) error {
		g := nobody
		key, err := h.authenticate(c)
		if key != nil {
			g.caller, g.expires, g.access = key.Caller(), key.ExpiresAt, accessOf(operation, key.Role)
		}
		if err == nil && g.access == none {
			err = barometer.Errorf(barometer.Forbidden, "A key of role %s may not do this; /v1/me lists what it may.", g.caller.Role)
			if key == nil {
				err = barometer.Errorf(barometer.Unauthorized, "This needs an API key: send it as Authorization: Bearer KEY.")
			}
		}
		c.Set(guardedKey, g)
		if err != nil {
			return h.refuse(c, err)
		}
		return next(c)
	}
}

// refuse records a refused access, and answers with what refused it. Where the trail cannot be written it is refused
// all the same.
func (h *handler) refuse(c echo.Context, err error) error {
	if kind := barometer.KindOf(err); kind == barometer.Unavailable || kind == barometer.Internal {
		return err
	}
	g := guardOf(c)
	failed := h.store.By(g.caller, requestOf(c)).Tx(c.Request().Context(), func(tx *store.Store) error {
		tx.Record(barometer.EventRefused, g.operation, h.resource(c))
		return nil
	})
	if failed != nil {
		h.log.Error("refused access not recorded", "id", requestOf(c), "route", c.Path(), "error", failed)
	}
	return err
}

// ours is the form of every id and code that the service makes.
var ours = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,100}$`)

// known are the forms of the parts of an address that can say nothing but which of our things is meant.
var known = map[string]*regexp.Regexp{
	"round": fourDigits, "municipality": fourDigits,
	"area":     regexp.MustCompile(`^([0-9]{4}|dk)$`),
	"case":     uuidForm,
	"number":   countForm,
	"revision": countForm,
	"release":  regexp.MustCompile(`^([1-9][0-9]{0,8}|latest)$`),
}

var (
	uuidForm  = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	countForm = regexp.MustCompile(`^[1-9][0-9]{0,8}$`)
)

// resource names what a request is about, for the trail: its path, or its route where a part of the path is none of our
// things and could say anything.
func (h *handler) resource(c echo.Context) string {
	path := c.Path()
	for i, name := range c.ParamNames() {
		value := c.ParamValues()[i]
		if !h.isOurs(name, value) {
			return c.Path()
		}
		path = strings.Replace(path, ":"+name, value, 1)
	}
	return path
}

func (h *handler) isOurs(name, value string) bool {
	if form := known[name]; form != nil {
		return form.MatchString(value)
	}
	cat := h.current.Snapshot().Catalogue()
	switch name {
	case "requirement":
		_, ok := cat.Requirement(value, barometer.Danish)
		return ok
	case "id": // of an import, or of a judgement: its kind, its requirement and its rounds
		kind, rest, _ := strings.Cut(value, ".")
		requirement, _, _ := strings.Cut(rest, ".")
		_, ok := cat.Requirement(requirement, barometer.Danish)
		return uuidForm.MatchString(value) || ok && ours.MatchString(value) && (kind == string(barometer.Break) || kind == string(barometer.Pair))
	}
	return false
}

// keyMemory is how long a key is taken for what it was: a revocation is in force after it.
const keyMemory = 2 * time.Second

func newKeys() (*otter.Cache[string, barometer.APIKey], error) {
	return otter.New(&otter.Options[string, barometer.APIKey]{
		MaximumSize:      10_000,
		ExpiryCalculator: otter.ExpiryCreating[string, barometer.APIKey](keyMemory),
	})
}

// authenticate finds the key that a request is sent with: nil without one. Unauthorized where it proves nothing, in
// the same words whatever is wrong with it; where it did so once, the key is given too.
func (h *handler) authenticate(c echo.Context) (*barometer.APIKey, error) {
	headers := c.Request().Header.Values(echo.HeaderAuthorization)
	if len(headers) == 0 {
		return nil, nil //nolint:nilnil // nobody is an answer
	}
	scheme, text, _ := strings.Cut(headers[0], " ")
	if len(headers) > 1 || !strings.EqualFold(scheme, "Bearer") {
		return nil, barometer.Errorf(barometer.Unauthorized, "Send the API key in one header: Authorization: Bearer KEY.")
	}
	refused := barometer.Errorf(barometer.Unauthorized, "This API key is not valid: it is mistyped, revoked or past its end.")
	text = strings.TrimSpace(text)
	if _, ok := barometer.ParseKey(text); !ok {
		return nil, refused
	}
	key, err := h.keys.Get(c.Request().Context(), barometer.HashKey(text), otter.LoaderFunc[string, barometer.APIKey](h.loadKey))
	if barometer.KindOf(err) == barometer.NotFound && err != nil {
		return nil, refused
	}
	if err != nil {
		return nil, err
	}
	if !key.ValidAt(time.Now()) {
		return &key, refused // the trail says whose it was
	}
	return &key, nil
}

// loadKey reads a key, and notes that it is used; where that cannot be written just now, nobody waits for it.
func (h *handler) loadKey(ctx context.Context, hash string) (barometer.APIKey, error) {
	key, err := h.store.KeyByHash(ctx, hash)
	if err != nil || !key.ValidAt(time.Now()) {
		return key, err
	}
	if err := h.store.TouchKey(ctx, key.ID); err != nil {
		h.log.Warn("last use of a key not noted", "key", key.ID, "error", err)
	}
	return key, nil
}

// challenge says on a 401 what would be accepted (RFC 6750).
func challenge(c echo.Context) {
	text := `Bearer realm="barometer"`
	if slices.ContainsFunc(c.Request().Header.Values(echo.HeaderAuthorization), func(v string) bool { return v != "" }) {
		text += `, error="invalid_token"`
	}
	c.Response().Header().Set(echo.HeaderWWWAuthenticate, text)
}

// getMe tells the caller its role, its municipality and what it may do.
//
//	@Summary	Who am I
//	@ID			getMe
//	@Tags		access
//	@Success	200		{object}	barometer.Me
//	@Failure	default	{object}	barometer.Problem	"Any failure"
//	@Router		/v1/me [get]
func (h *handler) getMe(c echo.Context) error {
	if err := noQuery(c); err != nil {
		return err
	}
	g := guardOf(c)
	me := barometer.Me{Role: g.caller.Role, Operations: h.operationsOf(g.caller.Role)}
	if g.caller.Role != barometer.RolePublic {
		me.Key, me.ExpiresAt = &g.caller.ID, g.expires
	}
	if g.caller.Municipality != "" {
		me.Municipality = &g.caller.Municipality
	}
	b, err := encode(me)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Blob(http.StatusOK, b.contentType, b.plain)
}
