package barometer

import (
	"fmt"
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

func tooLong(most int) (code, detail string) {
	return "too_long", fmt.Sprintf("want at most %d characters", most)
}

// unprintable tells from text: control characters and ends of lines, what turns the direction of text, the sign of a
// character lost on the way, and what Unicode gives no meaning.
func unprintable(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Zs, unicode.Cf) ||
		unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError
}
