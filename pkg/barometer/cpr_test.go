package barometer_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// disguises are ways to write the (made-up) personal number 010190-1234, or another one where that shows more.
var disguises = map[string]string{
	"plain":                              "0101901234",
	"with a dash":                        "010190-1234",
	"with a space":                       "010190 1234",
	"in pairs":                           "01 01 90 12 34",
	"with dots":                          "01.01.90.1234",
	"with slashes":                       "01/01/90/1234",
	"with backslashes":                   `01\01\90\1234`,
	"with underscores":                   "010190_1234",
	"each digit alone":                   "0 1 0 1 9 0 1 2 3 4",
	"each digit dotted":                  "0.1.0.1.9.0.1.2.3.4",
	"with commas":                        "01,01,90,1234",
	"with a plus":                        "010190+1234",
	"with a line feed":                   "010190\n1234",
	"with a tab":                         "010190\t1234",
	"with a control character":           "010190\x011234",
	"with NUL":                           "010190\x001234",
	"with broken UTF-8":                  "010190\xff1234",
	"four-digit year":                    "010119901234",
	"four-digit year, dashed":            "01-01-1990-1234",
	"four-digit year, spaced":            "0101 1990 1234",
	"four-digit year since 2000":         "01.01.2010-4321",
	"four-digit year before 1900":        "01011895 5123",
	"full-width":                         "０１０１９０１２３４",
	"full-width with full-width dash":    "０１０１９０－１２３４",
	"Arabic-Indic":                       "٠١٠١٩٠-١٢٣٤",
	"extended Arabic-Indic":              "۰۱۰۱۹۰۱۲۳۴",
	"Devanagari":                         "०१०१९०१२३४",
	"mathematical bold":                  "𝟎𝟏𝟎𝟏𝟗𝟎𝟏𝟐𝟑𝟒",
	"mathematical double-struck":         "𝟘𝟙𝟘𝟙𝟡𝟘-𝟙𝟚𝟛𝟜",
	"mathematical monospace":             "𝟶𝟷𝟶𝟷𝟿𝟶𝟷𝟸𝟹𝟺",
	"superscript":                        "⁰¹⁰¹⁹⁰⁻¹²³⁴",
	"subscript":                          "₀₁₀₁₉₀₋₁₂₃₄",
	"circled":                            "⓪①⓪①⑨⓪①②③④",
	"circled, negative":                  "⓿❶⓿❶❾⓿❶❷❸❹",
	"circled, sans-serif":                "🄋➀🄋➀➈🄋➀➁➂➃",
	"with full stops of their own":       "🄀⒈🄀⒈⒐🄀⒈⒉⒊⒋",
	"keycaps":                            "0️⃣1️⃣0️⃣1️⃣9️⃣0️⃣1️⃣2️⃣3️⃣4️⃣",
	"segmented":                          "🯰🯱🯰🯱🯹🯰🯱🯲🯳🯴",
	"Chinese":                            "〇一〇一九〇一二三四",
	"scripts mixed":                      "0１०1۹⓪¹𝟐3٤",
	"zero-width space":                   "010190\u200b1234",
	"zero-width spaces everywhere":       strings.Join(strings.Split("0101901234", ""), "\u200b"),
	"zero-width joiner":                  "0101\u200d901234",
	"zero-width non-joiner":              "0101\u200c901234",
	"word joiner":                        "0101\u2060901234",
	"byte order mark":                    "01\ufeff01901234",
	"soft hyphen":                        "010190\u00ad1234",
	"left-to-right mark":                 "010190\u200e1234",
	"combining grapheme joiner":          "010190\u034f1234",
	"combining accent":                   "010190\u03011234",
	"variation selector":                 "010190\ufe0f1234",
	"Hangul filler":                      "010190\u31641234",
	"braille blank":                      "010190\u28001234",
	"no-break space":                     "010190\u00a01234",
	"narrow no-break space":              "010190\u202f1234",
	"thin space":                         "010190\u20091234",
	"ideographic space":                  "010190\u30001234",
	"figure space between all":           strings.Join(strings.Split("0101901234", ""), "\u2007"),
	"en dash":                            "010190–1234",
	"em dash":                            "010190—1234",
	"hyphen":                             "010190‐1234",
	"non-breaking hyphen":                "010190‑1234",
	"minus":                              "010190−1234",
	"small hyphen":                       "010190﹣1234",
	"box drawing":                        "010190─1234",
	"prolonged sound mark":               "010190ー1234",
	"middle dot":                         "010190·1234",
	"bullet":                             "010190 • 1234",
	"equals sign":                        "010190=1234",
	"tilde":                              "010190~1234",
	"pipe":                               "010190|1234",
	"arrow":                              "010190 → 1234",
	"emoji":                              "010190👶1234",
	"brackets":                           "(010190)[1234]",
	"quotes":                             `"010190"'1234'`,
	"percent-encoded dash":               "010190%2D1234",
	"percent-encoded dash, lower case":   "010190%2d1234",
	"percent-encoded space":              "010190%201234",
	"percent-encoded digits":             "%30%31%30%31%39%30%31%32%33%34",
	"percent-encoded twice":              "010190%252D1234",
	"percent-encoded thrice":             "010190%25252D1234",
	"percent-encoded UTF-8":              "010190%E2%80%931234",
	"encoded beside a stray percent":     "50 % af 010190%2D1234",
	"percent sign that is none":          "010190%1234",
	"HTML decimal":                       "&#48;&#49;&#48;&#49;&#57;&#48;&#49;&#50;&#51;&#52;",
	"HTML hexadecimal":                   "&#x30;&#x31;&#x30;&#x31;&#x39;&#x30;&#x31;&#x32;&#x33;&#x34;",
	"HTML, one digit":                    "01&#48;1901234",
	"HTML without a semicolon":           "0101&#57&#48-1234",
	"&nbsp;":                             "010190&nbsp;1234",
	"&hyphen;":                           "010190&hyphen;1234",
	"&ndash;":                            "010190&ndash;1234",
	"&shy;":                              "010190&shy;1234",
	"&#8203;":                            "010190&#8203;1234",
	"HTML twice":                         "010190&amp;#45;1234",
	"HTML in percent":                    "010190%26nbsp%3B1234",
	"percent in HTML":                    "010190&#37;2D1234",
	"within a sentence":                  "Barnet (010190-1234) blev hørt den 3. marts.",
	"after a label":                      "CPR:010190-1234.",
	"between letters":                    "x0101901234y",
	"after another date":                 "Født 01.01.1990, cpr 010190-1234",
	"beside a UUID":                      "0190f1c2-8a5e-7b3c-9d4e-5f6071829304 010190-1234",
	"beside an instant":                  "2023-08-02T10:00:00Z 010190-1234",
	"replacement number":                 "610190-1234",
	"replacement number, last day":       "911290-1234",
	"replacement number, four-digit":     "61.01.1990 1234",
	"without a valid modulus 11":         "311220-4999",
	"last day":                           "311299-0001",
	"full-width, dashed, zero-width":     "０１\u200b０１\u200d９０—１２３４",
	"Arabic-Indic, percent, four-digit":  "٠١٠١١٩٩٠%2D١٢٣٤",
	"entities in a sentence, day and 60": "se sag &#54;1&nbsp;01&nbsp;90&hyphen;1&#x32;34!",
	"accents on digits, thin spaces":     "0\u03011\u20090\u03011\u20099\u03010\u2009\u20091234",
	"percentage":                         "010190% 1234",
	"percentage, spaced":                 "010190 % 1234",
	"tags":                               "\U000E0030\U000E0031\U000E0030\U000E0031\U000E0039\U000E0030\U000E0031\U000E0032\U000E0033\U000E0034",
	"ringed numbers":                     "⓪①⓪①⑨⓪⑫㉞",
	"ringed numbers, negative":           "⓿❶⓿❶❾⓿⓬❸❹",
	"bracketed numbers":                  "⑽⑾⑼⓪⑿⒀",
	"numbers with full stops":            "⒑⒒🄀⒈⒉⒊⒋⒌",
	"Chinese, other zero":                "零一零一九零一二三四",
	"Chinese, ringed and bracketed":      "〇㊀〇㊀㊈〇㈠㈡㈢㈣",
	"letters for digits":                 "O1O19O-l234",
	"Cyrillic letters for digits":        "О1о19О-І234",
	"Cyrillic letters, small":            "0ӏ0і90-123 4",
	"Greek letters for digits":           "Ο1ο190-Ι234",
	"full-width letters for digits":      "Ｏ1Ｏ19Ｏ-ｌ234",
	"strokes for ones":                   "0|0|90-|234",
	"Roman numerals for ones":            "0Ⅰ0ⅼ90-1234",
	"day and month of one digit":         "1.1.90-1234",
	"one digit, four-digit year":         "1.1.1990-1234",
	"one digit, slash and spaces":        "1/1 90 1234",
	"day of two digits, month of one":    "01.1.90-1234",
	"day of one digit, month of two":     "1.01.90 1234",
	"one digit, spaced dates":            "f. 1. 1. 90 - 1234.",
	"one digit, dashes":                  "3-12-05-4321",
	"one digit, nothing before the last": "1/1-901234",
	"one digit, replacement number":      "61.1.90-1234",
	"one digit, full-width":              "１．１．９０－１２３４",
	"one digit, percent-encoded":         "1%2F1%2F90%2D1234",
	"one digit, after a UUID":            "0190f1c2-8a5e-7b3c-9d4e-5f6071829304 1.1.90-1234",
	"a version and a number":             "1.2.10 1234", // a date and four digits all the same
	"scanned":                            "01O190-I234",
	"escaped":                            `\u0030\u0031\u0030\u0031\u0039\u0030\u0031\u0032\u0033\u0034`,
	"escaped dash":                       `010190\u20131234`,
	"escaped by a longer code":           `0\u{31}0190\u{2013}1234`,
	"escaped byte":                       `010190\x2d1234`,
	"escaped line feed":                  `010190\n1234`,
	"escaped in percent":                 "010190%u20131234",
	"quoted-printable":                   "010190=2D1234",
	"quoted-printable digits":            "=30=31=30=31=39=30=31=32=33=34",
	"within tags":                        "<b>010190</b>-<i class='x'>1234</i>",
	"broken by a tag":                    "0101<wbr>901234",
	"invisible within the encoding":      "010190%2\u200bD1234",
	"invisible within an entity":         "010190&#4\u20605;1234",
}

func TestPersonalNumbersAreRecognisedInDisguise(t *testing.T) {
	t.Parallel()
	for name, text := range disguises {
		if !barometer.LooksLikePersonalNumber(text) {
			t.Errorf("%s: %q passed", name, text)
		}
	}
}

func TestLookAlikesArePersonalNumbersToNobody(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "-", "x",
		// UUIDs, also with ten digits in a row and within something; checksums
		"0190f1c2-8a5e-7b3c-9d4e-5f6071829304", "01019012-3401-7101-9010-010190123456", "01019012-3401-7101-9010-0101901234AB",
		"urn:uuid:01019012-3401-7101-9010-010190123456", "/v1/cases/01019012-3401-7101-9010-a101901234bc/outcomes",
		"sha256:0101901234abcdef0101901234abcdef0101901234abcdef0101901234abcdef", "0101901234abcdef0101901234abcdef",
		// dates, times and spans of them
		"2023-08-02", "2012-12-12", "2023-08-02T10:00:00Z", "2023-08-02T10:05:01.123456Z", "2023-08-02T10:05:01.1234Z",
		"2010-05-11 10:00", "2010-05-11 10:00:00", "2012-01-01T01:01:01.0101+01:00", "2023-01-01/2023-12-31", "2010-01-01/2010-12-31",
		"2023-01-01 2024-01-01", "02.08.2023", "2.8.2023", "01-01-2023", "01/01/23", "01.01.2023 - 31.12.2023", "01.01.2023-31.12.2023",
		"01.01.23–31.12.23", "fra 1. januar 2023 til 31. december 2023", "kl. 10.15 den 12.03.2023", "20230802", "2023-08", "P4M",
		"1.1.1990", "1.1.90", "d. 1.1.90 kl. 1234", "1.2.2023 10:15", "1.2.2023 10.15", "1.1.90-31.12.90", "1.1.1990 - 1.2.1991", "1/1 til 2/2 2023",
		"1.6.10", "1.6.0-1234", "1.13.90-1234", "32.1.90-1234", "0.1.90-1234", "1.1.90-12345", "1.1.90-123", "1, 2, 10, 1234", "3 5 12 2023",
		"10.1.20.123", "8:10:15 2023", "1|2|10|20", "12|34|56|78", "10О", "О1", "Іl", "0707|2023",
		// phone numbers
		"12345678", "12 34 56 78", "31 12 40 50", "+45 12345678", "+45 12 34 56 78", "+4512345678", "+45 31 12 40 50",
		"0045 12 34 56 78", "004531124050", "(+45) 31124050", "tlf. 31 12 40 50", "+298 311240",
		// codes, years, keys and references
		"0101", "0183", "0707", "0707, 0183, 0751", "1084", "2023", "9026", "2019 2020 2021", "2020,2021,2022", "2010, 2011, 2012",
		"0707 2023 2020", "0101;2023;2020", "2023.0183.investigation_within_four_months", "2023.0707.professional_assessment.pooled",
		"2020-2022.dk.investigation_conducted", "2023.0101.investigation_conducted.placement", "pair.action_plan_made.2021.2024",
		"S0001", "S123456", "S0101901", "0707-0001", "2023-0707-01", "9026-0101-S000101", "1.6.0", "24/12345", "12345678 (CVR)",
		"serviceloven § 50, stk. 7", "§ 155 a, stk. 1-3", "27.24.00-G01-12-19",
		// figures
		"17", "17 %", "69 %", "100", "0.16666666666666666", "0,3010299957", "0.5635028221864702", "3.14159265", "16.7", "56,4 %",
		"1.234.567,89", "-33", "10 %, 12 %, 33 %, 45 %, 50 %", "15 sager = 6 vurderede + 9 ikke oplyst", "3,0 til 56,4 %", "9/13 og 11/16",
		// ten digits that are no date and four
		"3201901234", "0113901234", "0001901234", "0100901234", "9201901234", "1234567890", "9999999999", "0000000000",
		"010121901234", "01019012345", "010190123", "5790000000000", "⑩⑲⑨⓪①②③④", "O1O19O123", "10l mælk i 2023", "1Ol9012340",
		// letters and encodings without a number
		"Rødovre, Ærø og Åse", "50%25", "%C3%B8", "&amp;&nbsp;&lt;", "010190 og 1234 er to tal", "den 010123 kl. 1015", `C:\sager\u2023`,
		"K=20 og n=12", "10 < 12 > 8", "<b>fed</b>",
	} {
		if barometer.LooksLikePersonalNumber(text) {
			t.Errorf("%q was taken for a personal number", text)
		}
	}
}

func TestDigitsOfEveryScriptAreRead(t *testing.T) {
	t.Parallel()
	zeros := 0
	each := func(lo, hi rune) {
		for zero := lo; zero+9 <= hi; zero += 10 {
			var b strings.Builder
			for _, d := range "0101901234" {
				b.WriteRune(zero + d - '0')
			}
			if !barometer.LooksLikePersonalNumber(b.String()) {
				t.Errorf("%q (U+%04X) passed", b.String(), zero)
			}
			zeros++
		}
	}
	for _, r := range unicode.Nd.R16 {
		each(rune(r.Lo), rune(r.Hi))
	}
	for _, r := range unicode.Nd.R32 {
		each(rune(r.Lo), rune(r.Hi))
	}
	if zeros < 60 {
		t.Errorf("only %d scripts were tried", zeros)
	}
}

// Whatever the number and whatever stands between its digits that is no letter, it is found.
func TestPersonalNumbersAreRecognisedWithAnySigns(t *testing.T) {
	t.Parallel()
	signs := []string{"", "-", " ", ".", "/", "–", "\u00a0", "\u2009", "\u200b", "%2D", "&nbsp;", "&#45;", " - ", "_"}
	rapid.Check(t, func(t *rapid.T) {
		number := drawPersonalNumber(t)
		sign := func() string { return rapid.SampledFrom(signs).Draw(t, "sign") }
		text := "a" + number[:2] + sign() + number[2:4] + sign() + number[4:len(number)-4] + sign() + number[len(number)-4:] + "."
		if !barometer.LooksLikePersonalNumber(text) {
			t.Fatalf("%q passed", text)
		}
	})
}

func TestPersonalNumbersAreRecognisedWithAnythingBetweenTheDigits(t *testing.T) {
	t.Parallel()
	between := rapid.OneOf(
		rapid.RuneFrom(nil, unicode.Cf), rapid.RuneFrom(nil, unicode.M), // which are not seen
		rapid.RuneFrom(nil, unicode.Zs, unicode.Pd, unicode.Po, unicode.Sc, unicode.Sk),
		rapid.SampledFrom([]rune{'\t', '\n', '\u00ad', '\u200b', '\u2060', '\ufeff', '\u034f'}),
	).Filter(func(r rune) bool {
		// Signs that may make another thing of what is around them; and the invisible digits.
		return !strings.ContainsRune("%&;<>=\\.,/:", r) && (r < 0xE0030 || r > 0xE0039)
	})
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for i, digit := range drawPersonalNumber(t) {
			if i > 0 {
				b.WriteString(string(rapid.SliceOfN(between, 0, 3).Draw(t, "between")))
			}
			b.WriteRune(digit)
		}
		if !barometer.LooksLikePersonalNumber(b.String()) {
			t.Fatalf("%q passed", b.String())
		}
	})
}

func drawPersonalNumber(t *rapid.T) string {
	day := rapid.IntRange(1, 31).Draw(t, "day") + 60*rapid.IntRange(0, 1).Draw(t, "replacement")
	return fmt.Sprintf("%02d%02d%s%02d%04d", day, rapid.IntRange(1, 12).Draw(t, "month"), rapid.SampledFrom([]string{"", "", "19"}).Draw(t, "century"),
		rapid.IntRange(0, 99).Draw(t, "year"), rapid.IntRange(0, 9999).Draw(t, "serial"))
}

// A million ids raise no alarm, as they are made, in capitals, and within a path.
func TestGeneratedIDsAreNoPersonalNumbers(t *testing.T) {
	t.Parallel()
	const bound = 2 * time.Minute
	count := many()
	start := time.Now()
	for i := range count {
		id := uuid.Must(uuid.NewV7()).String()
		switch i % 10 {
		case 8:
			id = strings.ToUpper(id)
		case 9:
			id = "/v1/cases/" + id + "/outcomes/child_heard"
		}
		if barometer.LooksLikePersonalNumber(id) {
			t.Fatalf("%s was taken for a personal number", id)
		}
	}
	if took := time.Since(start); took > bound {
		t.Errorf("%d ids took %s; want at most %s", count, took, bound)
	}
}

// many is how many generated texts a promise about all of them is tried with.
func many() int {
	if testing.Short() {
		return 10_000
	}
	return 1_000_000
}

func FuzzLooksLikePersonalNumber(f *testing.F) {
	for _, text := range disguises {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if alone := barometer.LooksLikePersonalNumber(text); alone && !barometer.LooksLikePersonalNumber("Sag: "+text+"! og mere") {
			t.Errorf("%q is found alone and not within a sentence", text)
		}
	})
}

func BenchmarkLooksLikePersonalNumber(b *testing.B) {
	note := strings.Repeat("Barnet blev hørt den 12.03.2023 efter fristen på 4 måneder. ", 4)
	id := uuid.Must(uuid.NewV7()).String()
	for name, text := range map[string]string{"note": note, "id": id, "reference": fmt.Sprintf("S%04d", rand.IntN(10000))} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				barometer.LooksLikePersonalNumber(text)
			}
		})
	}
}
