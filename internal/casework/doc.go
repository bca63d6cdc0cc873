// Package casework enters cases, their notifications and their outcomes: it finds what a change is made to and locks it,
// checks the change by the rules of the round, and stores it with its revisions. Everything wrong is reported at once.
//
// Its functions run in a transaction of the store that whoever calls them begins; what the scope of that store leaves
// out is answered as if it were not there. It imports the store and the catalogue; nothing of HTTP or files.
package casework
