// Package intake brings files of outcomes and of reported figures into the store: every row is read and checked, every
// problem of the file is reported at once, and the whole is stored in one transaction or not at all. The same file
// twice changes nothing.
//
//	file ── table ──> rows ── check (codes, units, reasons) ──> plan (cells, case types, preconditions) ──> store
//
// It imports the store, the catalogue and pkg/score; nothing of HTTP.
package intake
