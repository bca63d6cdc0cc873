package client

import (
	"iter"
	"net/url"
	"strconv"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// ListOptions are what every list takes. The zero value asks for the first 100 items.
type ListOptions struct {
	// Limit is the largest number of items in a page, at most 1000.
	Limit int
	// Cursor is the NextCursor of the page before.
	Cursor string
	// Lang of labels, where it is not the client's.
	Lang barometer.Lang
}

func (o ListOptions) query() url.Values {
	q := url.Values{}
	set(q, "lang", o.Lang)
	set(q, "cursor", o.Cursor)
	if o.Limit != 0 {
		q.Set("limit", strconv.Itoa(o.Limit))
	}
	return q
}

// set gives a parameter its values, joined by commas; none leave it out.
func set[T ~string](q url.Values, name string, values ...T) {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	if text := strings.Join(texts, ","); text != "" {
		q.Set(name, text)
	}
}

func setYears(q url.Values, name string, years []barometer.Year) {
	texts := make([]string, len(years))
	for i, y := range years {
		texts[i] = yearPart(y)
	}
	set(q, name, texts...)
}

func yearPart(y barometer.Year) string { return strconv.Itoa(int(y)) }

// all goes through the items of every page, beginning at a cursor. An error ends it, as its last pair.
func all[T any](cursor string, read func(cursor string) (barometer.Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for next := &cursor; next != nil; {
			page, err := read(*next)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
			next = page.NextCursor
		}
	}
}
