package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"sync"

	"github.com/maypok86/otter/v2"
)

// body is an answer as it is sent: its bytes, and its tag, which changes exactly when the bytes do.
type body struct {
	contentType string
	plain       []byte
	language    string // of the labels; "" where there are none
	tag         string
	zipped      func() []byte // made when first asked for; nil where it would not be smaller
}

// encode turns a value into the JSON of an answer.
func encode(value any) (*body, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return newBody("application/json", data), nil
}

func newBody(contentType string, data []byte) *body {
	sum := sha256.Sum256(data)
	b := &body{contentType: contentType, plain: data, tag: base64.RawURLEncoding.EncodeToString(sum[:18])}
	b.zipped = sync.OnceValue(func() []byte { return compress(data) })
	return b
}

// worthZipping is the size below which compression gains nothing.
const worthZipping = 1024

func compress(data []byte) []byte {
	if len(data) < worthZipping {
		return nil
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(data); err != nil {
		return nil
	}
	if err := w.Close(); err != nil || out.Len() >= len(data) {
		return nil
	}
	return out.Bytes()
}

// bodies keeps encoded answers, within a bound of memory; an answer that several ask for at once is made once. The key
// holds the number of the release, so that a new release leaves the old answers to be forgotten.
type bodies struct {
	cache *otter.Cache[string, *body]
}

func newBodies(limit uint64) (*bodies, error) {
	cache, err := otter.New(&otter.Options[string, *body]{
		MaximumWeight: limit,
		Weigher: func(key string, b *body) uint32 {
			const overhead = 512
			return uint32(min(len(key)+len(b.plain)*5/4+overhead, 1<<31)) //nolint:gosec // bounded
		},
	})
	return &bodies{cache}, err
}

func (b *bodies) get(ctx context.Context, key string, build func() (*body, error)) (*body, error) {
	if found, ok := b.cache.GetIfPresent(key); ok {
		return found, nil
	}
	return b.cache.Get(ctx, key, otter.LoaderFunc[string, *body](func(context.Context, string) (*body, error) {
		return build()
	}))
}
