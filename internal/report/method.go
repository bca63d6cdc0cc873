package report

import (
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
	"github.com/boernesagsbarometer/barometer/pkg/score"
)

// MethodVersion is the version of the statistical method by which figures are computed now. It goes up with every
// change that can give another figure, interval or verdict for the same outcomes.
const MethodVersion = 2

// Method describes the method, in a language.
func Method(lang barometer.Lang) barometer.MethodDescription {
	d := barometer.MethodDescription{Version: MethodVersion, Parameters: methodParameters(lang), References: references}
	for _, m := range formulas {
		d.Methods = append(d.Methods, barometer.MethodEntry{
			Code: m.code, Name: m.name.In(lang), UsedFor: m.usedFor.In(lang), Formula: m.formula.In(lang), Unit: m.unit.In(lang),
			References: m.references,
		})
	}
	for _, v := range verdictRules {
		d.Verdicts = append(d.Verdicts, barometer.VerdictRule{Verdict: v.verdict, Condition: v.condition.In(lang), MaySay: v.maySay.In(lang)})
	}
	for i, changes := range methodVersions {
		d.Versions = append(d.Versions, barometer.MethodVersion{Version: i + 1, Changes: changes.In(lang)})
	}
	return d
}

func methodParameters(lang barometer.Lang) barometer.MethodParameters {
	return barometer.MethodParameters{
		Confidence: score.Confidence, Z: 1.959963984540054, FalseDiscoveryRate: score.FalseDiscoveryRate,
		Reliability:     barometer.ReliabilityThresholds{VeryLowBelow: 10, LowBelow: 30, LowFromWidth: 0.30, HighToWidth: 0.10},
		Funnel:          barometer.FunnelTails{Outside95: 0.025, Outside998: 0.001},
		WinsorisedShare: 0.10, SmallCell: withheldBelow, SmallDenominator: few,
		CaseMix: barometer.Text{
			Da: "Når 95 %-intervallet for forskellen i andelen af anbringelser mellem de to sider ikke rummer 0.",
			En: "Where the 95 % interval of the difference in the share of placements between the two sides leaves out 0.",
		}.In(lang),
	}
}

// rule is a verdict with its condition, in both languages.
type rule struct {
	verdict           barometer.Verdict
	condition, maySay barometer.Text
}

// verdictRules stand in the order they are tried.
var verdictRules = []rule{
	{
		barometer.NoBasis,
		barometer.Text{
			Da: "En side har intet tal (ingen vurderet, ikke spurgt, tilbageholdt), eller temaet har intet fælles lovkrav.",
			En: "A side has no figure (nobody assessed, not asked, withheld), or the theme has no requirement in common.",
		},
		barometer.Text{Da: "Kan ikke sammenlignes.", En: "Cannot be compared."},
	},
	{
		barometer.CountsUnknown,
		barometer.Text{
			Da: "En side er en trykt procent uden antal, eller det vides ikke, hvordan udfaldene fordeler sig på sager eller kommuner.",
			En: "A side is a printed percent without counts, or how its outcomes are spread over cases or municipalities is not known.",
		},
		barometer.Text{
			Da: "Antallene kendes ikke. Den stærkeste konklusion, som nogen mulige antal ville give, står ved siden af, hvor de kan opregnes.",
			En: "The counts are not known. The strongest verdict that any possible counts would give stands beside it, where these can be listed.",
		},
	},
	{
		barometer.TooFewCases,
		barometer.Text{
			Da: "Den mindste p-værdi, som nogen udfald af så få sager kunne give, er over 0,05; eller for få sager eller kommuner bidrager til et interval.",
			En: "The smallest p that any outcomes of so few cases could give is above 0.05; or too few cases or municipalities contribute for an interval.",
		},
		barometer.Text{Da: "For få sager til at vise nogen ændring.", En: "Too few cases to show any change."},
	},
	{
		barometer.Demonstrated,
		barometer.Text{
			Da: "Den justerede p-værdi er højst 0,05, og intervallet rummer ikke 0.",
			En: "The adjusted p is at most 0.05 and the interval leaves out 0.",
		},
		barometer.Text{Da: "Har ændret sig.", En: "Has changed."},
	},
	{
		barometer.Indicated,
		barometer.Text{Da: "Intervallet rummer ikke 0.", En: "The interval leaves out 0."},
		barometer.Text{Da: "Tegn på en ændring; det kan være tilfældigt.", En: "Signs of a change; it may be chance."},
	},
	{
		barometer.NotDemonstrated,
		barometer.Text{Da: "Ellers.", En: "Otherwise."},
		barometer.Text{Da: "Ingen ændring er påvist. Det betyder ikke uændret.", En: "No change is shown. That does not mean unchanged."},
	},
}

// methodVersions says what each version changed, from the first on.
var methodVersions = []barometer.Text{
	{
		Da: "Procenter og differencer med Wilsons interval for kommuner og Newcombes for deres differencer. Landets beregnede tal har intet interval.",
		En: "Percentages and differences, with Wilson's interval for municipalities and Newcombe's for their differences. Computed figures of the country have no interval.",
	},
	{
		Da: "Test af og konklusion om hver ændring; intervaller og test for landet med kommuner som klynger; puljede årgange; fordelingen af kommuner; opdeling efter sagstype.",
		En: "A test and a verdict of each change; intervals and tests for the country with municipalities as clusters; pooled rounds; the distribution of municipalities; breakdown by case type.",
	},
}

// references are the published sources of the methods, by id.
var references = []barometer.MethodReference{
	{ID: "agresti-1998", Citation: `Agresti A, Coull BA (1998). Approximate is better than "exact" for interval estimation of binomial proportions. Am Stat 52:119.`},
	{ID: "benjamini-1995", Citation: "Benjamini Y, Hochberg Y (1995). Controlling the false discovery rate: a practical and powerful approach to multiple testing. JRSS B 57:289."},
	{ID: "brown-2001", Citation: "Brown LD, Cai TT, DasGupta A (2001). Interval estimation for a binomial proportion. Stat Sci 16:101."},
	{ID: "clopper-1934", Citation: "Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits illustrated in the case of the binomial. Biometrika 26:404."},
	{ID: "cochran-1977", Citation: "Cochran WG (1977). Sampling Techniques, 3rd edition. Wiley."},
	{ID: "fagerland-2015", Citation: "Fagerland MW, Lydersen S, Laake P (2015). Recommended confidence intervals for two independent binomial proportions. Stat Methods Med Res 24:224."},
	{ID: "fagerland-2017", Citation: "Fagerland MW, Lydersen S, Laake P (2017). Statistical Analysis of Contingency Tables. CRC Press."},
	{ID: "franco-2019", Citation: "Franco C, Little RJA, Louis TA, Slud EV (2019). Comparative study of confidence intervals for proportions in complex sample surveys. J Surv Stat Methodol 7:334."},
	{ID: "goldstein-1996", Citation: "Goldstein H, Spiegelhalter DJ (1996). League tables and their limitations: statistical issues in comparisons of institutional performance. JRSS A 159:385."},
	{ID: "klein-2020", Citation: "Klein M, Wright T, Wieczorek J (2020). A joint confidence region for an overall ranking of populations. JRSS C 69:589."},
	{ID: "kleinman-1973", Citation: "Kleinman JC (1973). Proportions with extraneous variance: single and independent samples. JASA 68:46."},
	{ID: "korn-1998", Citation: "Korn EL, Graubard BI (1998). Confidence intervals for proportions with small expected number of positive counts estimated from survey data. Survey Methodology 24:193."},
	{ID: "kott-2017", Citation: "Kott PS (2017). A note on Wilson coverage intervals for proportions estimated from complex samples. Survey Methodology 43(2)."},
	{ID: "lumley-2010", Citation: "Lumley T (2010). Complex Surveys: A Guide to Analysis Using R. Wiley."},
	{ID: "lydersen-2009", Citation: "Lydersen S, Fagerland MW, Laake P (2009). Recommended tests for association in 2×2 tables. Stat Med 28:1159."},
	{ID: "newcombe-1998a", Citation: "Newcombe RG (1998). Two-sided confidence intervals for the single proportion: comparison of seven methods. Stat Med 17:857."},
	{ID: "newcombe-1998b", Citation: "Newcombe RG (1998). Interval estimation for the difference between independent proportions: comparison of eleven methods. Stat Med 17:873."},
	{ID: "parker-2017", Citation: "Parker JD et al. (2017). National Center for Health Statistics data presentation standards for proportions. NCHS Vital Health Stat 2(175)."},
	{ID: "ridout-1999", Citation: "Ridout MS, Demétrio CGB, Firth D (1999). Estimating intraclass correlation for binary data. Biometrics 55:137."},
	{ID: "spiegelhalter-2005a", Citation: "Spiegelhalter DJ (2005). Funnel plots for comparing institutional performance. Stat Med 24:1185."},
	{ID: "spiegelhalter-2005b", Citation: "Spiegelhalter DJ (2005). Handling over-dispersion of performance indicators. Qual Saf Health Care 14:347."},
	{ID: "tarone-1990", Citation: "Tarone RE (1990). A modified Bonferroni method for discrete data. Biometrics 46:515."},
	{ID: "wilson-1927", Citation: "Wilson EB (1927). Probable inference, the law of succession, and statistical inference. JASA 22:209."},
	{ID: "zou-2008", Citation: "Zou GY, Donner A (2008). Construction of confidence limits about effect measures: a general approach. Stat Med 27:1693."},
}

// formula is a method with its formula, in both languages.
type formula struct {
	code                         string
	name, usedFor, formula, unit barometer.Text
	references                   []string
}

// The units that several methods share.
var (
	proportionUnit  = barometer.Text{Da: "Andel fra 0 til 1.", En: "Proportion from 0 to 1."}
	differenceUnit  = barometer.Text{Da: "Forskel mellem to andele, fra -1 til 1.", En: "Difference of two proportions, from -1 to 1."}
	probabilityUnit = barometer.Text{Da: "Sandsynlighed fra 0 til 1.", En: "Probability from 0 to 1."}
	percentUnit     = barometer.Text{Da: "Hele procent.", En: "Whole percent."}
	outcomesUnit    = barometer.Text{Da: "Antal udfald.", En: "Number of outcomes."}
)

// same is a formula that reads alike in both languages.
func same(text string) barometer.Text { return barometer.Text{Da: text, En: text} }

// formulas stand in the order in which figures are made from outcomes.
var formulas = []formula{
	{
		"percent",
		barometer.Text{Da: "Procent", En: "Percent"},
		barometer.Text{Da: "Alle måltal: `proportion` og `percent`.", En: "Every figure: `proportion` and `percent`."},
		barometer.Text{
			Da: "p = x/n med x = opfyldte og n = vurderede; procent = ⌊(200x + n)/(2n)⌋, en halv op, regnet i hele tal.",
			En: "p = x/n with x = met and n = assessed; percent = ⌊(200x + n)/(2n)⌋, half up, in whole numbers.",
		},
		percentUnit,
		[]string{},
	},
	{
		"wilson",
		barometer.Text{Da: "Wilsons interval", En: "Wilson score interval"},
		barometer.Text{
			Da: "95 %-intervallet for enhver andel. Hvor udfald i samme sag eller kommune ligner hinanden, er n det effektive antal.",
			En: "The 95 % interval of every proportion. Where outcomes of one case or municipality resemble each other, n is the effective number.",
		},
		same("(p + z²/2n) / (1 + z²/n) ± z/(1 + z²/n) · √(p(1−p)/n + z²/4n²)"),
		proportionUnit,
		[]string{"wilson-1927", "brown-2001", "newcombe-1998a", "agresti-1998", "clopper-1934"},
	},
	{
		"cluster_of_cases",
		barometer.Text{Da: "Sagen som klynge", En: "The case as cluster"},
		barometer.Text{
			Da: "`effective_n` og `design_effect` for temaer og for lovkrav, der tælles over underretninger.",
			En: "`effective_n` and `design_effect` of themes, and of requirements counted over notifications.",
		},
		barometer.Text{
			Da: "se² = k/(k−1) · Σuᵢ², hvor k er alle årgangens sager i kommunen, uᵢ = (xᵢ − p·aᵢ)/M og M = Σaᵢ (for gennemsnittet: uᵢ = (1/R)·Σᵣ(yᵢᵣ − pᵣ·aᵢᵣ)/nᵣ); deff = se²/(p(1−p)/M), der tæller som 1, hvor den er mindre; n_eff = min(M, M/deff · (t[M−1]/t[df])²), hvor t er 97,5 %-fraktilen og df = sager med mindst én vurdering, minus 1.",
			En: "se² = k/(k−1) · Σuᵢ², with k all cases of the round in the municipality, uᵢ = (xᵢ − p·aᵢ)/M and M = Σaᵢ (for the mean: uᵢ = (1/R)·Σᵣ(yᵢᵣ − pᵣ·aᵢᵣ)/nᵣ); deff = se²/(p(1−p)/M), which counts as 1 where it is less; n_eff = min(M, M/deff · (t[M−1]/t[df])²), with t the 0.975 quantile and df = cases with anything assessed, minus 1.",
		},
		outcomesUnit,
		[]string{"korn-1998", "kott-2017", "franco-2019"},
	},
	{
		"reliability",
		barometer.Text{Da: "Pålidelighed", En: "Reliability"},
		barometer.Text{Da: "`reliability` for hvert måltal.", En: "`reliability` of every figure."},
		barometer.Text{
			Da: "`very_low`: n_eff < 10 eller intet interval; `low`: n_eff < 30 eller bredde ≥ 0,30; `high`: bredde ≤ 0,10; ellers `moderate`. `none`: ingen vurderet.",
			En: "`very_low`: n_eff < 10 or no interval; `low`: n_eff < 30 or width ≥ 0.30; `high`: width ≤ 0.10; otherwise `moderate`. `none`: nobody assessed.",
		},
		barometer.Text{Da: "Klasse.", En: "Class."},
		[]string{"parker-2017"},
	},
	{
		"pooled",
		barometer.Text{Da: "Temaets samlede andel", En: "Pooled theme percentage"},
		barometer.Text{Da: "Temaer: andelen af vurderede lovkrav, der var opfyldt.", En: "Themes: the share of the assessed requirements that were met."},
		barometer.Text{Da: "Σ opfyldte / Σ vurderede over temaets lovkrav.", En: "Σ met / Σ assessed over the requirements of the theme."},
		proportionUnit,
		[]string{"cochran-1977"},
	},
	{
		"mean_of_requirements",
		barometer.Text{Da: "Gennemsnit af lovkrav", En: "Mean of requirements"},
		barometer.Text{Da: "Temaer: hvert lovkrav vejer lige meget.", En: "Themes: every requirement weighs alike."},
		barometer.Text{Da: "(1/R)·Σᵣ pᵣ over de R lovkrav, der har et tal.", En: "(1/R)·Σᵣ pᵣ over the R requirements that have a figure."},
		proportionUnit,
		[]string{"cochran-1977"},
	},
	{
		"country",
		barometer.Text{Da: "Landet", En: "The country"},
		barometer.Text{
			Da: "Landets andel (deltagernes) og intervallet for landet, med kommunen som klynge og uden endelighedskorrektion. Flere årgange puljes af antallene.",
			En: "The country's figure (that of the participants) and the interval for the country, with the municipality as cluster and without finite population correction. Several rounds are pooled by their counts.",
		},
		barometer.Text{
			Da: "p = Σw·x/Σw·a; uₕ = wₕ(xₕ − p·aₕ)/Σw·a; ellers som `cluster_of_cases` med kommuner for sager. w = 1 (`cases`) eller w = 1/aₕ (`equal`).",
			En: "p = Σw·x/Σw·a; uₕ = wₕ(xₕ − p·aₕ)/Σw·a; else as `cluster_of_cases` with municipalities for cases. w = 1 (`cases`) or w = 1/aₕ (`equal`).",
		},
		proportionUnit,
		[]string{"cochran-1977", "lumley-2010", "kott-2017", "franco-2019"},
	},
	{
		"difference",
		barometer.Text{Da: "Forskel", En: "Difference"},
		barometer.Text{Da: "Enhver ændring, ny minus gammel: `difference` og `percentage_points`.", En: "Every change, new minus old: `difference` and `percentage_points`."},
		barometer.Text{
			Da: "d = p₁ − p₂ af de eksakte antal; procentpoint = 100·d afrundet én gang, en halv væk fra 0.",
			En: "d = p₁ − p₂ from the exact counts; percentage points = 100·d rounded once, half away from zero.",
		},
		differenceUnit,
		[]string{},
	},
	{
		"newcombe",
		barometer.Text{Da: "Newcombes interval", En: "Newcombe's interval"},
		barometer.Text{Da: "95 %-intervallet for en kommunes forskel mellem to årgange.", En: "The 95 % interval of a municipality's difference of two rounds."},
		barometer.Text{
			Da: "d − √((p₁−l₁)² + (u₂−p₂)²) til d + √((u₁−p₁)² + (p₂−l₂)²), hvor l og u er grænserne i de to Wilson-intervaller; 1 = ny, 2 = gammel.",
			En: "d − √((p₁−l₁)² + (u₂−p₂)²) to d + √((u₁−p₁)² + (p₂−l₂)²), with l and u the limits of the two Wilson intervals; 1 = new, 2 = old.",
		},
		differenceUnit,
		[]string{"newcombe-1998b", "fagerland-2015"},
	},
	{
		"mover",
		barometer.Text{Da: "Newcombes interval med korrelation (MOVER)", En: "Newcombe's interval with correlation (MOVER)"},
		barometer.Text{
			Da: "95 %-intervallet for landets forskel mellem to årgange, som kan have kommuner fælles.",
			En: "The 95 % interval of the country's difference of two rounds, which may share municipalities.",
		},
		barometer.Text{
			Da: "d − √((p₁−l₁)² − 2r(p₁−l₁)(u₂−p₂) + (u₂−p₂)²) og tilsvarende opad; r er korrelationen gennem de fælles kommuner, 0 uden nogen.",
			En: "d − √((p₁−l₁)² − 2r(p₁−l₁)(u₂−p₂) + (u₂−p₂)²), and upper likewise; r is the correlation through the shared municipalities, 0 without any.",
		},
		differenceUnit,
		[]string{"zou-2008", "newcombe-1998b"},
	},
	{
		"fisher",
		barometer.Text{Da: "Fishers eksakte test", En: "Fisher's exact test"},
		barometer.Text{Da: "p-værdien for en kommunes ændring i et lovkrav, der tælles over sager.", En: "The p of a municipality's change in a requirement counted over cases."},
		barometer.Text{
			Da: "Summen af de hypergeometriske sandsynligheder, der ikke overstiger den observerede tabels. `mid_p`: de mindre, plus halvdelen af de lige store.",
			En: "The sum of the hypergeometric probabilities that do not exceed that of the observed table. `mid_p`: the smaller ones plus half of the equal ones.",
		},
		probabilityUnit,
		[]string{"fagerland-2017", "lydersen-2009"},
	},
	{
		"smallest_attainable_p",
		barometer.Text{Da: "Mindste mulige p-værdi", En: "Smallest attainable p"},
		barometer.Text{Da: "Om så få vurderede overhovedet kunne vise en ændring.", En: "Whether so few assessed could show any change at all."},
		barometer.Text{Da: "1/C(n₁+n₂, n₁), det dobbelte hvor n₁ = n₂.", En: "1/C(n₁+n₂, n₁), doubled where n₁ = n₂."},
		probabilityUnit,
		[]string{"tarone-1990"},
	},
	{
		"t",
		barometer.Text{Da: "t-test", En: "t test"},
		barometer.Text{Da: "p-værdien for landets ændring i et lovkrav, med kommunen som klynge over begge årgange.", En: "The p of the country's change in a requirement, with the municipality as cluster over both rounds."},
		barometer.Text{
			Da: "t = d/se med df = kommuner i nogen af årgangene, minus 1; se² = k/(k−1) · Σ(u₁ₕ − u₂ₕ)².",
			En: "t = d/se with df = municipalities of either round, minus 1; se² = k/(k−1) · Σ(u₁ₕ − u₂ₕ)².",
		},
		probabilityUnit,
		[]string{"lumley-2010"},
	},
	{
		"benjamini_hochberg",
		barometer.Text{Da: "Benjamini-Hochberg", En: "Benjamini-Hochberg"},
		barometer.Text{
			Da: "`adjusted_p`: tager højde for, at mange lovkrav sammenlignes på én gang. Familien er alle områdets lovkrav med tal på begge sider af de samme to årgange, dog ikke en kommunes, der tælles over underretninger; hvor antallene ikke kendes, regnes p som 1. Intet filter ændrer den.",
			En: "`adjusted_p`: allows for many requirements being compared at once. The family is all requirements of the area with a figure on both sides of the same two rounds, but for a municipality's that are counted over notifications; where the counts are not known, p is taken as 1. No filter changes it.",
		},
		barometer.Text{Da: "min over j ≥ i af min(1, m·p₍ⱼ₎/j), p₍₁₎ ≤ … ≤ p₍ₘ₎.", En: "min over j ≥ i of min(1, m·p₍ⱼ₎/j), p₍₁₎ ≤ … ≤ p₍ₘ₎."},
		probabilityUnit,
		[]string{"benjamini-1995"},
	},
	{
		"candidates",
		barometer.Text{Da: "Mulige antal", En: "Candidate counts"},
		barometer.Text{
			Da: "`candidates` bag en trykt procent, og `strongest_verdict`: den stærkeste konklusion over alle valg af mulige antal i hele familien.",
			En: "`candidates` behind a printed percent, and `strongest_verdict`: the strongest over all choices of possible counts of the whole family.",
		},
		barometer.Text{Da: "Alle (x, n) med n ≤ sager og ⌊(200x + n)/(2n)⌋ = den trykte procent.", En: "All (x, n) with n ≤ cases and ⌊(200x + n)/(2n)⌋ = the printed percent."},
		barometer.Text{Da: "Antal.", En: "Counts."},
		[]string{},
	},
	{
		"funnel_position",
		barometer.Text{Da: "Placering i tragten", En: "Funnel position"},
		barometer.Text{
			Da: "`position`: en kommunes antal mod landets andel. Ingen rangorden.",
			En: "`position`: a municipality's count against the country's proportion. No ranks.",
		},
		barometer.Text{
			Da: "R ~ Binomial(n, mål): P(R ≤ x) eller P(R ≥ x) højst 0,001: uden for 99,8 %-grænserne; højst 0,025: uden for 95 %-grænserne.",
			En: "R ~ Binomial(n, target): P(R ≤ x) or P(R ≥ x) at most 0.001: outside the 99.8 % limits; at most 0.025: outside the 95 % limits.",
		},
		probabilityUnit,
		[]string{"spiegelhalter-2005a", "goldstein-1996", "klein-2020"},
	},
	{
		"funnel_limits",
		barometer.Text{Da: "Tragtens grænser", En: "Funnel limits"},
		barometer.Text{Da: "De tegnede grænser; placeringen afgøres ikke af dem.", En: "The drawn limits; they do not decide the position."},
		barometer.Text{
			Da: "(r − a)/n, hvor r er det mindste hele tal med P(R ≤ r) > q og a = (P(R ≤ r) − q)/(P(R ≤ r) − P(R ≤ r−1)), for q = 0,025, 0,975, 0,001 og 0,999.",
			En: "(r − a)/n with r the smallest integer with P(R ≤ r) > q and a = (P(R ≤ r) − q)/(P(R ≤ r) − P(R ≤ r−1)), for q = 0.025, 0.975, 0.001 and 0.999.",
		},
		proportionUnit,
		[]string{"spiegelhalter-2005a"},
	},
	{
		"overdispersion",
		barometer.Text{Da: "Overspredning", En: "Over-dispersion"},
		barometer.Text{
			Da: "Hvor meget kommunerne adskiller sig ud over tilfældet, og grænser, der tager det med (`additive_limits`).",
			En: "How much municipalities differ beyond chance, and limits that allow for it (`additive_limits`).",
		},
		barometer.Text{
			Da: "phi = gennemsnittet af z², hvor z = (p − mål)/s, s² = mål(1−mål)/n, trukket ind ved 10 og 90 %-fraktilen; tau² = max(0, (k·phi − (k−1))/(Σw − Σw²/Σw)), w = 1/s²; overspredt, hvor phi > 1 + 2·√(2/k); grænser: mål ± z·√(s² + tau²).",
			En: "phi = mean of z² with z = (p − target)/s, s² = target(1−target)/n, winsorised at the 10th and 90th percentile; tau² = max(0, (k·phi − (k−1))/(Σw − Σw²/Σw)), w = 1/s²; overdispersed where phi > 1 + 2·√(2/k); limits: target ± z·√(s² + tau²).",
		},
		barometer.Text{Da: "phi: forhold, 1 hvor tilfældet forklarer alt; tau²: kvadreret spredning mellem andele.", En: "phi: a ratio, 1 where chance explains all; tau²: variance of proportions."},
		[]string{"spiegelhalter-2005b"},
	},
	{
		"shrunken",
		barometer.Text{Da: "Bedste gæt", En: "Shrunken percentage"},
		barometer.Text{
			Da: "`shrunken`: en kommunes andel trukket mod de andres. Det er et bedste gæt, ikke hvad undersøgelsen fandt.",
			En: "`shrunken`: a municipality's proportion drawn towards that of the others. It is a best guess, not what the audit found.",
		},
		barometer.Text{
			Da: "(mu·C + x)/(C + n), C = (1−rho)/rho; rho = (Σnᵢ(pᵢ−mu)²/(mu(1−mu)) − (k−1))/(N − Σnᵢ²/N − (k−1)); interval af Beta(mu·C + x, (1−mu)·C + n − x).",
			En: "(mu·C + x)/(C + n), C = (1−rho)/rho; rho = (Σnᵢ(pᵢ−mu)²/(mu(1−mu)) − (k−1))/(N − Σnᵢ²/N − (k−1)); interval from Beta(mu·C + x, (1−mu)·C + n − x).",
		},
		proportionUnit,
		[]string{"kleinman-1973", "ridout-1999"},
	},
	{
		"display",
		barometer.Text{Da: "Viste grænser", En: "Displayed limits"},
		barometer.Text{Da: "`lower_percent` og `upper_percent` i hvert interval.", En: "`lower_percent` and `upper_percent` of every interval."},
		barometer.Text{
			Da: "Nedad for den nedre, opad for den øvre; højst 1e-9 fra et helt tal regnes som det tal.",
			En: "Down for the lower limit, up for the upper; within 1e-9 of a whole number counts as that number.",
		},
		percentUnit,
		[]string{},
	},
}
