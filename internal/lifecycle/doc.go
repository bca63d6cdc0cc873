// Package lifecycle takes a round from its creation to its publication, and keeps the records that figures rest on
// beside outcomes: it says what may be changed when, what stands in the way of the next status, and how far entry is.
// Its functions work within a transaction of their caller, and lock what they change.
//
// It must not know HTTP or files, and leaves arithmetic to pkg/score and what is frozen to internal/report.
package lifecycle
