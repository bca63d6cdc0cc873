package barometer

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// LooksLikePersonalNumber tells whether a text holds something in the shape of a Danish personal number (CPR: a date
// and four digits), however it is disguised: other scripts' digits, zero-width characters, spaces, dashes and
// punctuation between the digits, a four-digit year, percent or HTML encoding. Numbers without a valid modulus 11 are
// issued since 2007, so the shape of a date alone decides. A UUID is no such number.
func LooksLikePersonalNumber(text string) bool {
	if uuidShape.MatchString(text) {
		return false
	}
	plain := decode(text)
	for _, run := range digitRuns(plain) {
		if runHoldsPersonalNumber(run) {
			return true
		}
	}
	return false
}

var uuidShape = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$`)

// decode undoes HTML and percent encoding, twice, since texts are sometimes encoded twice.
func decode(text string) string {
	for range 2 {
		text = html.UnescapeString(text)
		if plain, err := url.PathUnescape(text); err == nil {
			text = plain
		}
	}
	return text
}

// digitRuns gives the groups of digits of each stretch of a text that has nothing but digits and separators in it.
// Format characters (zero-width and the like) are dropped; a letter or symbol ends the stretch.
func digitRuns(text string) [][]string {
	var runs [][]string
	var run []string
	var group strings.Builder
	endGroup := func() {
		if group.Len() > 0 {
			run = append(run, group.String())
			group.Reset()
		}
	}
	endRun := func() {
		endGroup()
		if run != nil {
			runs = append(runs, run)
			run = nil
		}
	}
	for _, r := range text {
		switch d := digitOf(r); {
		case d >= 0:
			group.WriteByte(byte('0' + d))
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r):
		case unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.Is(unicode.Zs, r) || strings.ContainsRune("+−=|~", r):
			endGroup()
		default:
			endRun()
		}
	}
	endRun()
	return runs
}

// digitOf gives the value of a digit in any script, -1 for anything else.
func digitOf(r rune) int {
	if r >= '0' && r <= '9' {
		return int(r - '0')
	}
	if r < 0x80 {
		return -1
	}
	if i := strings.IndexRune("⁰¹²³⁴⁵⁶⁷⁸⁹", r); i >= 0 {
		return len([]rune("⁰¹²³⁴⁵⁶⁷⁸⁹"[:i]))
	}
	switch {
	case r >= '₀' && r <= '₉':
		return int(r - '₀')
	case r >= '①' && r <= '⑨':
		return int(r-'①') + 1
	case r == '⓪':
		return 0
	}
	return decimalDigit(r)
}

// decimalDigit uses that Unicode gives the decimal digits of each script as ten code points in a row.
func decimalDigit(r rune) int {
	for _, table := range unicode.Nd.R16 {
		if rune(table.Lo) <= r && r <= rune(table.Hi) {
			return int(r-rune(table.Lo)) % 10
		}
	}
	for _, table := range unicode.Nd.R32 {
		if rune(table.Lo) <= r && r <= rune(table.Hi) {
			return int(r-rune(table.Lo)) % 10
		}
	}
	return -1
}

// runHoldsPersonalNumber looks at each row of neighbouring groups that make ten or twelve digits together.
func runHoldsPersonalNumber(groups []string) bool {
	for i := range groups {
		digits := ""
		for _, g := range groups[i:] {
			digits += g
			if len(digits) > 12 {
				break
			}
			if len(digits) == 10 && dayAndMonth(digits) || len(digits) == 12 && dayAndMonth(digits) && century(digits[4:6]) {
				return true
			}
		}
	}
	return false
}

// dayAndMonth tells whether digits begin with DDMM; 60 is added to the day in replacement numbers.
func dayAndMonth(digits string) bool {
	day, month := two(digits[0:2]), two(digits[2:4])
	if day > 60 {
		day -= 60
	}
	return day >= 1 && day <= 31 && month >= 1 && month <= 12
}

func century(digits string) bool { return digits == "18" || digits == "19" || digits == "20" }

func two(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }
