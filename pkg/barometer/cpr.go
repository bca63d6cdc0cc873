package barometer

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// LooksLikePersonalNumber tells whether a text holds something in the shape of a Danish personal number (CPR: a date
// and four digits), however it is disguised: other scripts' digits, letters that look like digits, invisible characters,
// spaces, dashes and other signs between the digits, a day or month of one digit, a four-digit year, markup, percent, HTML and other encodings, also
// twice. Numbers without a valid modulus 11 are issued since 2007, so the shape of a date alone decides. UUIDs,
// checksums, instants, spans of dates, decimals and a code with years after it are no such numbers; nor are digits with
// words between them, since a date and a time of day are written so.
func LooksLikePersonalNumber(text string) bool {
	if len(text) < 10 {
		return false
	}
	// Each stage is looked at: what one decoder takes for an encoded character may have been the number itself.
	for range 4 {
		text = strings.Map(visible, text)
		if holdsPersonalNumber(text) || holdsPersonalNumber(withDigits(text)) {
			return true
		}
		before := text
		if text = decoded(text); text == before {
			return false
		}
	}
	return false
}

// visible drops what cannot be seen by itself: format characters, accents, fillers.
func visible(r rune) rune {
	if r > unicode.MaxASCII && digitOf(r) < 0 && unicode.In(r, unicode.Cf, unicode.M, unicode.Other_Default_Ignorable_Code_Point) {
		return -1
	}
	return r
}

// withDigits gives a text with digits for the letters that are taken for them, "" where there are none.
func withDigits(text string) string {
	text = strings.Map(inLatin, text)
	if !strings.ContainsAny(text, "OoIl") {
		return ""
	}
	return lettersForDigits.ReplaceAllStringFunc(text, digitsForLetters.Replace)
}

// inLatin gives the Latin letter for what looks like one that is taken for a digit: Cyrillic, Greek, Armenian and
// full-width letters, Roman numerals, and strokes.
func inLatin(r rune) rune {
	switch {
	case r == '|':
		return 'l'
	case r <= unicode.MaxASCII:
		return r
	case strings.ContainsRune("ОоΟοՕօＯｏᴏⲞⲟ", r):
		return 'O'
	case strings.ContainsRune("ІіӀӏΙιＩｌⅠⅼıǀ∣￨Ⲓ", r):
		return 'l'
	}
	return r
}

// lettersForDigits finds words of digits and of letters that people, and programs that read scanned pages, take for them.
var lettersForDigits = regexp.MustCompile(`\b(?:[0-9]+[OoIl]|[OoIl]+[0-9])[0-9OoIl]*\b`)

var digitsForLetters = strings.NewReplacer("O", "0", "o", "0", "I", "1", "l", "1")

// holdsPersonalNumber looks again without the look-alikes where there is something to find.
func holdsPersonalNumber(text string) bool {
	text = plain(text)
	return anyStretchHoldsOne(text) && anyStretchHoldsOne(lookAlikes.ReplaceAllString(text, "x"))
}

// anyStretchHoldsOne looks at each stretch of a text that has nothing but digits and signs in it.
func anyStretchHoldsOne(text string) bool {
	for stretch := range strings.FieldsFuncSeq(text, unicode.IsLetter) {
		if len(stretch) >= 10 && (groupsHoldPersonalNumber(strings.FieldsFunc(stretch, notDigit)) || shortDate.MatchString(stretch)) {
			return true
		}
	}
	return false
}

// shortDate is a personal number whose day or month is written with one digit, in the characters that plain gives: a date
// with a sign between its day and its month, and four digits.
var shortDate = regexp.MustCompile(`(?:^|[^0-9])(?:0?[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01]) ?[-./_\\#] ?(?:0?[1-9]|1[0-2])[-./_\\# ]{1,3}` +
	`(?:18|19|20)?[0-9]{2}[^0-9]{0,3}[0-9]{4}(?:[^0-9]|$)`)

func notDigit(r rune) bool { return r < '0' || r > '9' }

// lookAlikes are what may hold ten digits and is no personal number, in the characters that plain gives.
var lookAlikes = func() *regexp.Regexp {
	const (
		month    = `(?:0?[1-9]|1[0-2])`
		day      = `(?:0?[1-9]|[12][0-9]|3[01])`
		danish   = day + `[-./]` + month + `[-./](?:(?:18|19|20)[0-9]{2}|[0-9]{2})`
		iso      = `(?:18|19|20)[0-9]{2}-` + month + `-` + day
		clock    = `[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?(?:Z|[-+][0-9]{2}:?[0-9]{2})?`
		afterDay = ` *[-/,;]? *` // between the two dates of a span
	)
	return regexp.MustCompile(strings.Join([]string{
		`\b[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b`, // UUID
		`\b[0-9a-f]{32}(?:[0-9a-f]{32})?\b`,                                           // checksum, UUID without dashes
		`\b` + iso + clock + `\b`,
		`\b` + iso + afterDay + iso + `\b`,
		`\b` + danish + afterDay + danish + `\b`,
		`\b(?:19|20)(?:1[3-9]|[2-9][0-9])-` + month + `-` + day + `\b`, // a year that is no day and month
		`\b[0-9]{1,3}(?:[.,][0-9]+)? ?%[ ,;.)]`,                        // a percentage
		`\b0[.,][0-9]{5,}\b`,                                           // a proportion
	}, "|"))
}()

// plain writes a text in the characters that the shapes above are made of: the digits of all scripts as 0 to 9, dashes
// as "-", spaces as " ", other signs as themselves or "#", hexadecimal letters and T and Z as in instants, other letters
// as "x".
func plain(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		switch d := digitOf(r); {
		case d >= 0:
			b.WriteString(strconv.Itoa(d))
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.Is(unicode.Pd, r) || strings.ContainsRune("−⁻₋ーｰ", r):
			b.WriteByte('-')
		case !unicode.IsLetter(r) && r < unicode.MaxASCII && !unicode.IsControl(r):
			b.WriteRune(r)
		case !unicode.IsLetter(r):
			b.WriteByte('#')
		case r == 'T' || r == 'Z' || 'a' <= r && r <= 'f':
			b.WriteRune(r)
		case 'A' <= r && r <= 'F':
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteByte('x')
		}
	}
	return b.String()
}

// decoded undoes one layer of encoding.
func decoded(text string) string {
	if !strings.ContainsAny(text, `%=\<&`) {
		return text
	}
	return encoded.ReplaceAllStringFunc(html.UnescapeString(text), decode)
}

// encoded finds percent encoding, quoted-printable, escapes of program texts, and the tags of markup.
var encoded = regexp.MustCompile(`%[0-9A-Fa-f]{2}|=[0-9A-F]{2}|\\x[0-9A-Fa-f]{2}|[\\%]u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{1,6}\}|\\[nrt]|</?[A-Za-z][^<>]*>`)

// decode gives the character that a code stands for, and nothing for a tag.
func decode(code string) string {
	switch {
	case code[0] == '<':
		return ""
	case code[0] == '\\' && strings.ContainsAny(code[1:2], "nrt"):
		return " "
	}
	n, err := strconv.ParseUint(strings.Trim(code, `%=\xu{}`), 16, 32)
	if err != nil {
		return code
	}
	if len(code) <= len(`\x00`) {
		return string([]byte{byte(n)})
	}
	return string(rune(n))
}

// digitOf gives the value of a digit in any script, of a ringed number too, -1 for anything else.
func digitOf(r rune) int {
	if r >= '0' && r <= '9' {
		return int(r - '0')
	}
	if r < 0x80 {
		return -1
	}
	if d, ok := otherDigits[r]; ok {
		return d
	}
	return decimalDigit(r)
}

// otherDigits are those that Unicode does not count as decimal: raised, lowered, ringed, Chinese and invisible ones, and
// numbers in one character.
var otherDigits = func() map[rune]int {
	values := map[rune]int{'零': 0}
	for first, row := range map[int]string{
		0:  `⁰¹²³⁴⁵⁶⁷⁸⁹ ₀₁₂₃₄₅₆₇₈₉ ⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳ ⓿❶❷❸❹❺❻❼❽❾❿ 🄋➀➁➂➃➄➅➆➇➈➉ 🄌➊➋➌➍➎➏➐➑➒➓ 🄀⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛ 🄁🄂🄃🄄🄅🄆🄇🄈🄉🄊 〇一二三四五六七八九`,
		1:  `⓵⓶⓷⓸⓹⓺⓻⓼⓽⓾ ⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇ ㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉ ㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩`,
		11: `⓫⓬⓭⓮⓯⓰⓱⓲⓳⓴`,
		21: `㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿`,
	} {
		for numbers := range strings.FieldsSeq(row) {
			for i, r := range []rune(numbers) {
				values[r] = first + i
			}
		}
	}
	for i := range 10 {
		values[tagZero+rune(i)] = i
	}
	return values
}()

// tagZero is the first of ten digits that are not shown.
const tagZero = 0xE0030

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

// groupsHoldPersonalNumber looks at each row of neighbouring groups that make ten or twelve digits together.
func groupsHoldPersonalNumber(groups []string) bool {
	for i := range groups {
		digits := ""
		for j, g := range groups[i:] {
			digits += g
			if len(digits) > 12 {
				break
			}
			if len(digits) == 10 && dayAndMonth(digits) ||
				len(digits) == 12 && dayAndMonth(digits) && century(digits[4:6]) && !codeAndYears(groups[i:i+j+1]) {
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

// codeAndYears tells whether groups are a municipality's code, or a year, and two years. No personal number reads so:
// one of a person born since 2000 goes on with a digit from 4 up.
func codeAndYears(groups []string) bool {
	return len(groups) == 3 && len(groups[0]) == 4 && len(groups[1]) == 4 &&
		groups[1][:2] == "20" && (groups[2][:2] == "19" || groups[2][:2] == "20")
}

func two(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }
