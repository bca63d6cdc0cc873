// Package score is the arithmetic of the barometer: from counts to percentages, intervals, reliability, differences and
// what may be said of them. Counts come first: a percentage is made from integers and rounded once, and what is not
// defined is absent, never 0, NaN or infinity. Some of it the service does not show and other programs may want: one-sided
// tests, arbitrary weights, and the two-stage correction for a known number of eligible cases.
//
// Sources: Wilson (1927) JASA 22:209; Newcombe (1998) Stat Med 17:857 and 17:873; Irwin (1935) Metron 12:83 and
// Lancaster (1961) JASA 56:223 (Fisher's exact test, mid-p); Tarone (1990) Biometrics 46:515 (smallest attainable p);
// Benjamini, Hochberg (1995) JRSS B 57:289; Rao, Scott (1992) Biometrics 48:577; Korn, Graubard (1998) Survey Methodology
// 24:193; Franco et al. (2019) J Surv Stat Methodol 7:334; Cochran (1977) Sampling Techniques, ch. 6 and 9 to 11; Zou,
// Donner (2008) Stat Med 27:1693; Spiegelhalter (2005) Stat Med 24:1185 and Qual Saf Health Care 14:347; Kleinman (1973)
// JASA 68:46; Parker et al. (2017) NCHS Vital Health Stat 2(175).
//
// All functions are safe for concurrent use. The package imports pkg/barometer and gonum only.
package score
