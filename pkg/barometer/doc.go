// Package barometer is the vocabulary of the Børnesagsbarometer: the nouns that the service stores, computes and
// serves, their rules, and the errors every other package speaks. Whatever enters or leaves over HTTP is a type of
// this package, so that a client can use it as it is.
//
// It imports the standard library only: no I/O, no SQL, no HTTP. Arithmetic on figures lives in pkg/score.
package barometer
