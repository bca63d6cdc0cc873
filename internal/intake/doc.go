// Package intake brings files of outcomes, of participations and of reported figures into the store: every row is read
// and checked, every problem of the file is reported at once, and the whole is stored in one transaction or not at all.
// The same file twice changes nothing. It also makes the workbook that auditors enter outcomes in.
//
//	CSV, NDJSON, XLSX ──> rows ── check (codes, units, reasons) ──> plan (cells, case types, preconditions) ──> store
//
// It imports the store, the catalogue and pkg/score; nothing of HTTP. Of others it imports excelize, for writing
// workbooks: what others have written is read by itself, since it need not be what it says.
package intake
