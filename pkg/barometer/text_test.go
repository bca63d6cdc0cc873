package barometer_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func TestTextsAreChecked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                          "",
		"Tastefejl":                 "",
		"Se journalark 4, jf. § 50": "",
		"Ærø, Åse og Rødovre":       "",
		"A\u030arhus":               "", // decomposed
		"50\u00a0% af sagerne":      "",
		"under\u00adretning":        "", // soft hyphen, as Word leaves it
		"👩\u200d👧 ☎ – “citat” … €":          "",
		"العربية 中文":                        "",
		strings.Repeat("ø", 280):            "",
		strings.Repeat("ø", 281):            "too_long",
		strings.Repeat("x", 1<<20):          "too_long",
		"to\nlinjer":                        "bad_character",
		"to\r\nlinjer":                      "bad_character",
		"fane\there":                        "bad_character",
		"nul\x00":                           "bad_character",
		"escape\x1b[31m":                    "bad_character",
		"slet\x7f":                          "bad_character",
		"C1\u0085":                          "bad_character",
		"linje\u2028skift":                  "bad_character",
		"afsnit\u2029skift":                 "bad_character",
		"vendt \u202eom":                    "bad_character",
		"indlejret \u202b\u202c":            "bad_character",
		"isoleret \u2066\u2069":             "bad_character",
		"mærke\u200e":                       "bad_character",
		"ukendt \u0378":                     "bad_character",
		"intet tegn \ufffe":                 "bad_character",
		"intet tegn \U0001ffff":             "bad_character",
		"privat \ue000":                     "bad_character",
		"tabt \ufffd":                       "bad_character",
		"UTF-8 \xff\xfe":                    "bad_character",
		"halv \xc3":                         "bad_character",
		"overlang \xc0\xaf":                 "bad_character",
		"surrogat \xed\xa0\x80":             "bad_character",
		"uden for Unicode \xf4\x90\x80\x80": "bad_character",
	} {
		code, detail := barometer.CheckText(text, barometer.MostNote)
		if code != want || (code == "") != (detail == "") {
			t.Errorf("%.40q: %q, %q; want %q", text, code, detail, want)
		}
	}
}

// A personal number is named for what it is in every disguise, also where the text is wrong in other ways too, and no
// answer repeats any of it.
func TestTextsWithPersonalNumbersAreNotRepeated(t *testing.T) {
	t.Parallel()
	for name, text := range disguises {
		for _, most := range []int{5, 280} {
			code, detail := barometer.CheckText(text, most)
			if code != "personal_number" {
				t.Errorf("%s: %q", name, code)
			}
			if strings.ContainsAny(detail, "0123456789") {
				t.Errorf("%s: %s", name, detail)
			}
		}
	}
}

func FuzzCheckText(f *testing.F) {
	for _, text := range disguises {
		f.Add(text, 280)
	}
	f.Add("to\nlinjer", 3)
	f.Add("\xff\u202e\x00", 280)
	f.Fuzz(func(t *testing.T, text string, most int) {
		most = min(max(most, 1), 1000)
		code, _ := barometer.CheckText(text, most)
		control := strings.ContainsFunc(text, unicode.IsControl)
		if code == "" && (!utf8.ValidString(text) || utf8.RuneCountInString(text) > most || control || barometer.LooksLikePersonalNumber(text)) {
			t.Errorf("%q passed", text)
		}
	})
}
