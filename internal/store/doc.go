// Package store keeps rounds, cases, outcomes, reported figures, judgements, publications and releases, on SQLite or
// Postgres: one struct, one set of migrations, one file a noun. Its methods work alike inside and outside a
// transaction and return [barometer.Error]s; the comment of a method names the kinds a caller should expect.
//
// It is the only importer of gorm and of the database drivers. It knows nothing of HTTP, files or scoring.
package store
