package barometer

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CheckText tells what is wrong with a free text that is to be stored: a code and what to do about it, which never
// repeats the text. Both are empty where nothing is. A text is one line of at most so many characters, without anything
// in the shape of a personal number and without characters that cannot be seen for what they are.
func CheckText(text string, most int) (code, detail string) {
	const spare = 1000 // characters over the most that are still looked at
	switch {
	case len(text) > utf8.UTFMax*(most+spare):
		return tooLong(most)
	case LooksLikePersonalNumber(text):
		return "personal_number", "this has the shape of a personal number (CPR), which is never stored; leave it out"
	case !utf8.ValidString(text):
		return "bad_character", "this is no valid UTF-8"
	case utf8.RuneCountInString(text) > most:
		return tooLong(most)
	}
	for _, r := range text {
		if unprintable(r) {
			return "bad_character", fmt.Sprintf("the character U+%04X is not allowed; want one line of text without control characters", r)
		}
	}
	return "", ""
}

// MostReference is the longest reference of a case, in characters.
const MostReference = 64

// CheckReference tells what is wrong with the reference of a case, as [CheckText] does: it has no spaces, so that it is
// no name, and is no personal number that a spreadsheet took the leading 0 from either.
func CheckReference(text string) (code, detail string) {
	code, detail = CheckText(text, MostReference)
	switch {
	case code == "personal_number", code == "" && shortenedNumber.MatchString(text) && LooksLikePersonalNumber(padded(text)):
		return "personal_number", "this has the shape of a personal number; use a reference that says nothing of the person, such as S0001"
	case code != "":
		return code, detail
	case text == "":
		return "too_short", "want at least 1 character"
	case !referenceForm.MatchString(text):
		return "wrong_form", "want letters, digits and . _ / - without spaces, beginning with a letter or digit, such as S0001"
	}
	return "", ""
}

var (
	referenceForm = regexp.MustCompile(`^[0-9A-Za-zÆØÅæøå][0-9A-Za-zÆØÅæøå._/-]*$`)
	// shortenedNumber is a day and a month without their leading zeros, a year, and four digits.
	shortenedNumber = regexp.MustCompile(`^[1-9][0-9]?[-./ ]?[0-9]{1,2}[-./ ]?[0-9]{2}[-./ ]?[0-9]{4}$`)
)

// padded gives the parts of a shortened number their leading zeros back.
func padded(text string) string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("-./ ", r) })
	for i, part := range parts {
		if len(part)%2 == 1 {
			parts[i] = "0" + part
		}
	}
	return strings.Join(parts, "")
}

func tooLong(most int) (code, detail string) {
	return "too_long", fmt.Sprintf("want at most %d characters", most)
}

// unprintable tells from text: control characters and ends of lines, what turns the direction of text, the sign of a
// character lost on the way, and what Unicode gives no meaning.
func unprintable(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Zs, unicode.Cf) ||
		unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError
}
