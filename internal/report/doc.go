// Package report turns outcomes into figures and figures into releases. The way of the data:
//
//	outcomes ── sampleOf ──> sample ──┐
//	                                  ├─ figures ──> results of each area ── freeze ──> publication of the round
//	reported figures ─────────────────┘                                                       │
//	             publications of all rounds + judgements ── compare ──> release N ── Load ──> Snapshot
//
// A publication holds what can be said of a round by itself; a release adds what compares rounds. Public reads are
// answered from a Snapshot: the current release, held in memory and never changed. Live figures are those of a Snapshot
// that publishing would make, so that both come from the same code. Withdraw is all that takes anything back.
//
// It imports the store, the catalogue and pkg/score; nothing of HTTP or files.
package report
