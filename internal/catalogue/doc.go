// Package catalogue holds what the barometer knows before any case is judged: municipalities and regions, themes,
// requirements and practices, sources, code lists, and the published history. It is data, embedded as CSV; what was
// not verified in a source says so.
//
// It imports pkg/barometer and the standard library only; in particular no storage.
package catalogue
