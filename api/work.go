package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"reflect"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/report"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// work is one request of the audit work: everything it reads and changes is in one transaction, in the hands of its
// caller and within its scope.
type work struct {
	echo.Context
	handler  *handler
	ctx      context.Context
	tx       *store.Store
	cat      *catalogue.Catalogue
	snapshot *report.Snapshot // what is published
	guarded  guarded
	lang     barometer.Lang
	sent     object  // the body as JSON; nil without one
	file     *upload // the body as a file; nil without one
	sum      string  // of the body: the same for the same
}

// reply is what a request of the audit work is answered.
type reply struct {
	status   int    // 200 where it is 0
	location string // of what was made
	about    string // what the trail names, where that is not the location or the path
	body     any    // nil for none
	file     *body  // instead of body, what is no JSON
	undo     bool   // nothing of the transaction is kept
	released bool   // what is served has changed
}

// act is what a handler of the audit work does within the transaction.
type act func(w *work) (reply, error)

// view answers a read of the audit work that shows no case.
func (h *handler) view(c echo.Context, q any, do act) error { return h.work(c, "", q, noBody, do) }

// look answers a read of case data, which the trail keeps.
func (h *handler) look(c echo.Context, q any, do act) error {
	return h.work(c, barometer.EventRead, q, noBody, do)
}

// change makes a change, which the trail keeps. The media type is that of its JSON body, "" where it takes none.
func (h *handler) change(c echo.Context, mediaType string, do act) error {
	body := noBody
	if mediaType != "" {
		body = jsonBody(mediaType)
	}
	return h.work(c, barometer.EventChange, &struct{}{}, body, do)
}

// remove takes something away, which the trail keeps.
func (h *handler) remove(c echo.Context, q any, do func(w *work) error) error {
	return h.work(c, barometer.EventChange, q, noBody, func(w *work) (reply, error) {
		return reply{status: http.StatusNoContent}, do(w)
	})
}

func (h *handler) work(c echo.Context, kind barometer.EventKind, q any, body func(*work) error, do act) error {
	snapshot := h.current.Snapshot()
	w := &work{Context: c, handler: h, ctx: c.Request().Context(), cat: snapshot.Catalogue(), snapshot: snapshot, guarded: guardOf(c)}
	asked, err := (reader{Snapshot: snapshot, cat: w.cat}).bind(c.Request().URL.RawQuery, q)
	if err != nil {
		return err
	}
	w.lang = cmp.Or(barometer.Lang(asked), acceptedLanguage(c.Request().Header.Get("Accept-Language")))
	if err := body(w); err != nil {
		return err
	}
	defer w.file.discard()
	retry, err := w.retry()
	if err != nil {
		return err
	}
	var answer prepared
	err = h.store.By(w.guarded.caller, requestOf(c)).Within(scopeOf(w.guarded)).Tx(w.ctx, func(tx *store.Store) (err error) {
		w.tx = tx
		answer, err = w.once(retry, func() (prepared, error) {
			r, err := do(w)
			if err != nil {
				return prepared{}, err
			}
			if kind != "" {
				tx.Record(kind, w.guarded.operation, cmp.Or(r.about, r.location, h.resource(c)))
			}
			return r.prepare()
		})
		if err == nil && answer.undo {
			return errUndo
		}
		return err
	})
	if errors.Is(err, errUndo) || w.file != nil && barometer.KindOf(err) == barometer.Invalid {
		// Nothing was changed, but the caller is told how the file goes with the cases there are.
		if failed := h.record(w, barometer.EventRead); failed != nil {
			return failed
		}
	}
	if err != nil && !errors.Is(err, errUndo) {
		return w.failed(h, err)
	}
	if answer.released {
		h.refresh(w.ctx)
	}
	return answer.send(c)
}

// record keeps an event beside a transaction that was taken back.
func (h *handler) record(w *work, kind barometer.EventKind) error {
	return h.store.By(w.guarded.caller, requestOf(w.Context)).Tx(w.ctx, func(tx *store.Store) error {
		tx.Record(kind, w.guarded.operation, h.resource(w.Context))
		return nil
	})
}

// refresh lets this process serve what was just released; the others find out by themselves, as this one would.
func (h *handler) refresh(ctx context.Context) {
	if err := h.current.Refresh(ctx); err != nil {
		h.log.Warn("cannot load the newest release at once", "error", err)
	}
}

var errUndo = errors.New("nothing of this is kept")

func noBody(w *work) error {
	if w.Request().ContentLength != 0 {
		return barometer.Errorf(barometer.Unsupported, "This takes no body of any type; send the request without one.")
	}
	return nil
}

func jsonBody(mediaType string) func(*work) error {
	return func(w *work) error {
		data, err := readBody(w.Context, mediaType)
		if err != nil {
			return err
		}
		if w.sent, err = parseObject(data); err != nil {
			return err
		}
		b, err := encode(w.sent) // members sorted: the same request, however it was written
		if err == nil {
			w.sum = b.tag
		}
		return err
	}
}

// nowhere is no municipality's code: who belongs to none sees the cases of none.
const nowhere = "-"

// scopeOf gives the part of the cases that a caller sees.
func scopeOf(g guarded) store.Scope {
	if g.access == all {
		return store.Scope{}
	}
	return store.Scope{Municipality: cmp.Or(g.caller.Municipality, nowhere)}
}

// failed answers with an error. Where a caller sees a part of the cases alone, what it does not find may be another's,
// so the trail keeps that it asked.
func (w *work) failed(h *handler, err error) error {
	if barometer.KindOf(err) == barometer.Forbidden || barometer.KindOf(err) == barometer.NotFound && w.guarded.access != all {
		return h.refuse(w.Context, err)
	}
	return err
}

// allow refuses what needs more than the operation, by a line of its own in the policy.
func (w *work) allow(what string) error {
	if accessOf(what, w.guarded.caller.Role) == none {
		return barometer.Errorf(barometer.Forbidden, "A key of role %s may not do this; it is for a lead.", w.guarded.caller.Role)
	}
	return nil
}

// put answers with what was put at the request's own address: 201 where it is new.
func (w *work) put(added bool, body any) reply {
	if added {
		return reply{status: http.StatusCreated, location: w.Request().URL.Path, body: body}
	}
	return reply{body: body}
}

// bind reads the body into the struct that into points at.
func (w *work) bind(into any) error { return input(w.sent, into) }

// bindPatch reads a merge patch of what current points at, and changes it.
func (w *work) bindPatch(current any) error {
	merged, err := mergePatch(current, w.sent)
	if err != nil {
		return err
	}
	reflect.ValueOf(current).Elem().SetZero() // what was taken out is not there any more
	return input(merged, current)
}

// unchanged holds what is there now, in any of the forms it is read in, against what the caller says it is changing: a
// change must name the version it changes. It is nil, without any forms, where nothing is there yet.
func (w *work) unchanged(forms ...any) error {
	header := w.Request().Header
	match, none := header.Values("If-Match"), header.Values("If-None-Match")
	switch {
	case len(none) > 0 && strings.TrimSpace(strings.Join(none, ",")) != "*":
		return barometer.Errorf(barometer.Malformed, "If-None-Match takes * alone in a change: to make what is not there yet.")
	case len(none) > 0 && len(match) > 0:
		return barometer.Errorf(barometer.Malformed, "Send If-Match to change what is there, or If-None-Match: * to make it; not both.")
	case len(none) > 0 && len(forms) > 0:
		return barometer.Errorf(barometer.Stale, "It is there already; read it, and send its ETag in If-Match to change it.")
	case len(none) > 0:
		return nil
	case len(match) == 0 && w.Request().Method == http.MethodPut:
		return barometer.Errorf(barometer.Unconditional, "Send the ETag of what you read in If-Match, or If-None-Match: * to make what is not there yet.")
	case len(match) == 0:
		return barometer.Errorf(barometer.Unconditional, "Send the ETag of what you read in If-Match.")
	case !entityTags.MatchString(strings.Join(match, ",")):
		return barometer.Errorf(barometer.Malformed, "If-Match takes the ETag as it was read, with its quotation marks.")
	}
	for _, form := range forms {
		b, err := encode(form)
		if err != nil {
			return err
		}
		if namesVersion(match, `"`+b.tag+`"`) {
			return nil
		}
	}
	return barometer.Errorf(barometer.Stale, "It has changed since you read it, or is not there any more; read it again.")
}

// entityTags is what If-Match takes (RFC 9110 13.1.1).
var entityTags = regexp.MustCompile(`^\s*(\*|(W/)?"[\x21\x23-\x7e]*"(\s*,\s*(W/)?"[\x21\x23-\x7e]*")*)\s*$`)

// namesVersion compares tags strongly, as RFC 9110 13.1.1 has it for If-Match; the tag of a compressed answer names the
// same version.
func namesVersion(headers []string, tag string) bool {
	for _, header := range headers {
		for candidate := range strings.SplitSeq(header, ",") {
			candidate = strings.Replace(strings.TrimSpace(candidate), `-gzip"`, `"`, 1)
			if candidate == tag || candidate == "*" {
				return true
			}
		}
	}
	return false
}

// retry is what tells a request sent again from another one.
type retry struct{ key, fingerprint string }

var retryKey = regexp.MustCompile(`^[\x21-\x7e]{1,128}$`)

// retry reads the Idempotency-Key of a POST, which is bound to what the request asks for.
func (w *work) retry() (retry, error) {
	r := w.Request()
	keys := r.Header.Values("Idempotency-Key")
	switch {
	case len(keys) == 0:
		return retry{}, nil
	case r.Method != http.MethodPost:
		return retry{}, barometer.Errorf(barometer.Malformed, "Idempotency-Key goes with POST; %s can be repeated as it is.", knownMethod(r.Method))
	case barometer.LooksLikePersonalNumber(keys[0]):
		return retry{}, barometer.Errorf(barometer.Malformed, "This Idempotency-Key has the shape of a personal number (CPR), which is never stored; take a UUID.")
	case len(keys) > 1 || !retryKey.MatchString(keys[0]):
		return retry{}, barometer.Errorf(barometer.Malformed, "Idempotency-Key must be one text of 1 to 128 visible ASCII characters, such as a UUID.")
	}
	sum := sha256.Sum256([]byte(r.Method + " " + r.URL.RequestURI() + "\n" + w.sum))
	return retry{key: keys[0], fingerprint: hex.EncodeToString(sum[:])}, nil
}

// once does what a request asks for, unless the same request was answered before: then it is answered alike.
func (w *work) once(r retry, do func() (prepared, error)) (prepared, error) {
	if r.key == "" {
		return do()
	}
	before, claimed, err := w.tx.Claim(w.ctx, r.key, r.fingerprint)
	if err != nil {
		return prepared{}, err
	}
	if !claimed {
		w.tx.Record(barometer.EventRead, w.guarded.operation, cmp.Or(before.Location, w.handler.resource(w.Context)))
		if before.Fingerprint != r.fingerprint {
			return prepared{}, barometer.Errorf(barometer.Invalid, "This Idempotency-Key was used for another request; take a new key.")
		}
		return prepared{status: before.Status, location: before.Location, body: newBody(typeJSON, []byte(before.Body)), replayed: true}, nil
	}
	p, err := do()
	if err != nil {
		return prepared{}, err
	}
	return p, w.tx.KeepAnswer(w.ctx, store.Answered{
		Key: r.key, Status: p.status, Location: p.location, Etag: p.body.tag, Body: string(p.body.plain),
	})
}

// prepared is an answer in its bytes.
type prepared struct {
	status   int
	location string
	body     *body
	undo     bool
	released bool
	replayed bool
}

func (r reply) prepare() (prepared, error) {
	p := prepared{status: cmp.Or(r.status, http.StatusOK), location: r.location, body: r.file, undo: r.undo, released: r.released}
	var err error
	switch {
	case r.file != nil:
	case r.body == nil:
		p.body = newBody(typeJSON, nil)
	default:
		p.body, err = encode(r.body)
	}
	return p, err
}

// send writes an answer that nobody but its caller may keep.
func (p prepared) send(c echo.Context) error {
	header := c.Response().Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	if p.location != "" {
		header.Set(echo.HeaderLocation, p.location)
	}
	if p.replayed {
		header.Set("Idempotent-Replayed", "true")
	}
	if len(p.body.plain) == 0 {
		return c.NoContent(p.status)
	}
	tag := `"` + p.body.tag + `"`
	header.Set("ETag", tag)
	if p.status == http.StatusOK && c.Request().Method == http.MethodGet && matches(c.Request().Header.Values("If-None-Match"), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(p.status, p.body.contentType, p.body.plain)
}
