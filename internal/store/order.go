package store

import (
	"cmp"
	"slices"
)

// byText sorts rows by up to two texts as bytes, and leaves those that are equal in them as they are. It is done here
// because the databases, and the locales that a Postgres can have, disagree on the order of text.
func byText[T any](rows []T, texts func(T) [2]string) {
	slices.SortStableFunc(rows, func(a, b T) int {
		x, y := texts(a), texts(b)
		return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1]))
	})
}
