// Package score is the arithmetic of the barometer: from counts to percentages, intervals, reliability and
// differences. Counts come first: a percentage is made from integers and rounded once, and what is not defined is
// absent, never 0, NaN or infinity.
//
// Sources: Wilson (1927) JASA 22:209; Newcombe (1998) Stat Med 17:857 and 17:873; Rao, Scott (1992) Biometrics 48:577;
// Korn, Graubard (1998) Survey Methodology 24:193; Parker et al. (2017) NCHS Vital Health Stat 2(175).
//
// It imports pkg/barometer and gonum only.
package score
