package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// planted has the shape of a personal number; it belongs to nobody.
const planted = "010190-1234"

// TestJSONIsRefused takes texts in the manner of JSONTestSuite (its n_ cases, and those i_ cases that this service does
// not want), which other readers of JSON are known to let pass.
func TestJSONIsRefused(t *testing.T) {
	t.Parallel()
	texts := []string{
		// Structure.
		"", " ", "\n\t", "{", "}", "[", "]", "{}}", "{}{}", "{} x", "{}#", "{}//", "{}/**/", "/**/{}", "{\"a\":1]", "[{}", "<null>", "\u2060{}",
		"\xef\xbb\xbf{}", "\xff\xfe{\x00}\x00", "{\"a\":1}\x00", "\x0c{}", "\u00a0{}", strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 100_000),
		// Objects.
		`{a: 1}`, `{'a': 1}`, `{1: 1}`, `{"a"}`, `{"a":}`, `{:1}`, `{"a" 1}`, `{"a":1,}`, `{,"a":1}`, `{"a":1,,"b":2}`, `{"a":1 "b":2}`, `{"a"::1}`,
		`{"a":1;"b":2}`, `{null:1}`, `{[]:1}`, `{"a":1, "a":1}`, `{"a":{"b":1,"b":2}}`, `{"a":[{"b":1,"\u0062":2}]}`, `{"":1,"":2}`,
		// Arrays.
		`{"a":[1,]}`, `{"a":[,1]}`, `{"a":[1 2]}`, `{"a":[}`, `{"a":[1,,2]}`, `{"a":["":1]}`, `{"a":[*]}`,
		// Numbers.
		`{"a":01}`, `{"a":-01}`, `{"a":+1}`, `{"a":.5}`, `{"a":1.}`, `{"a":-}`, `{"a":1e}`, `{"a":1e+}`, `{"a":0x1}`, `{"a":NaN}`, `{"a":Infinity}`,
		`{"a":-Infinity}`, `{"a":1_000}`, `{"a":1 000}`, `{"a":--1}`, `{"a":1-}`, `{"a":１}`, `{"a":1.e1}`, `{"a":0e}`, `{"a":2.e+3}`,
		// Texts.
		`{"a":"}`, `{"a":"\x00"}`, `{"a":"\"}`, `{"a":"\u"}`, `{"a":"\u00A"}`, `{"a":"\uqqqq"}`, `{"a":"\a"}`, `{"a":"\'"}`, `{"a":'x'}`, `{"a":x}`,
		"{\"a\":\"\n\"}", "{\"a\":\"\t\"}", "{\"a\":\"\x1f\"}", "{\"a\":\"\xff\"}", "{\"a\":\"\xed\xa0\x80\"}", "{\"a\":\"\xc0\xaf\"}", "{\"\xe9\":1}",
		`{"a":"` + "\u201c" + `}`, `{"a":` + "\u201cx\u201d" + `}`,
		// Words.
		`{"a":True}`, `{"a":nul}`, `{"a":truth}`, `{"a":undefined}`, `{"a":null1}`, `{"a":tru`,
		// JSON, but no object.
		"[]", "null", "true", "1", `"x"`, "[{}]",
	}
	for _, text := range texts {
		o, err := parseObject([]byte(text))
		if err == nil || barometer.KindOf(err) != barometer.Malformed {
			t.Errorf("%.60q: %v, error %v, want Malformed", text, o, err)
		}
	}
}

// TestJSONIsTaken has what is unusual, but JSON (RFC 8259).
func TestJSONIsTaken(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{}":                                 `{}`,
		" \r\n\t{ \"a\" : 1 } ":              `{"a":1}`,
		`{"":0}`:                             `{"":0}`,
		`{"a":{"a":{"a":1}},"A":2}`:          `{"A":2,"a":{"a":{"a":1}}}`,
		`{"a":[{"b":1},{"b":1}]}`:            `{"a":[{"b":1},{"b":1}]}`,
		`{"a":-0,"b":1E+2,"c":1e9999}`:       `{"a":-0,"b":1E+2,"c":1e9999}`,
		`{"a":123456789012345678901234567}`:  `{"a":123456789012345678901234567}`,
		`{"a":"\u00e6\ud834\udd1e\/\"\\"}`:   `{"a":"æ𝄞/\"\\"}`,
		"{\"a\":\"\u007f\u2060\"}":           "{\"a\":\"\u007f\u2060\"}",
		`{"a":` + nested(deepest-1) + `}`:    `{"a":` + nested(deepest-1) + `}`,
		`{"a":null,"b":true,"c":false}`:      `{"a":null,"b":true,"c":false}`,
		`{"a/b":1,"a~1b":2,"a":{"b":3}}`:     `{"a":{"b":3},"a/b":1,"a~1b":2}`,
		`{"__proto__":1,"constructor":null}`: `{"__proto__":1,"constructor":null}`,
	} {
		o, err := parseObject([]byte(text))
		if err != nil {
			t.Errorf("%.60q: %v", text, err)
			continue
		}
		if got, err := json.Marshal(o); string(got) != want || err != nil {
			t.Errorf("%.60q: %.80s %v, want %.80s", text, got, err, want)
		}
	}
}

func nested(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }

// What is wrong with a text as a whole is said in its detail; a name that is given twice is named.
func TestWhatIsSaidOfJSON(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 200)
	for text, want := range map[string]string{
		"":                                      "The body is empty; want a JSON object.",
		" \n":                                   "The body is empty; want a JSON object.",
		"[]":                                    "The body must be a JSON object.",
		`{"a":1`:                                "The body is not JSON as it should be: it stops being JSON at byte 6.",
		`{"a":` + nested(deepest) + `}`:         "The body is not JSON as it should be: it is nested deeper than 64.",
		`{"a":1,"a":2}`:                         "The body has 1 problem; `errors` names it. /a repeated_member",
		`{"a":1,"a":2,"a":3}`:                   "The body has 1 problem; `errors` names it. /a repeated_member",
		`{"a":[0,{"b":1,"b":2}],"a":2}`:         "The body has 2 problems; `errors` names each. /a/1/b repeated_member /a repeated_member",
		`{"a/b~":1,"a/b~":2}`:                   "The body has 1 problem; `errors` names it. /a~1b~0 repeated_member",
		`{"` + planted + `":1,"010190-1234":2}`: "The body has 1 problem; `errors` names it.  repeated_member",
		`{"a":{"` + planted + `":{"b":1,"b":2}}}`:      "The body has 1 problem; `errors` names it. /a repeated_member",
		`{"a":{"010190/1234":1,"010190/1234":2}}`:      "The body has 1 problem; `errors` names it. /a repeated_member",
		`{"a":{"` + long + `":{"b":[{"c":1,"c":2}]}}}`: "The body has 1 problem; `errors` names it. /a repeated_member",
	} {
		_, err := parseObject([]byte(text))
		if got := said(err); got != want {
			t.Errorf("%.60q: %q, want %q", text, got, want)
		}
	}
}

// said gives the message of an error, and where it sees which problems.
func said(err error) string {
	var known *barometer.Error
	if !errors.As(err, &known) {
		return ""
	}
	text := known.Message
	for _, f := range known.Fields {
		text += " " + f.Pointer + " " + f.Code
	}
	return text
}

// A body with deep and long names costs no more than its size: this one would else be copied a hundred thousand times.
func TestLongNamesAreNotCopied(t *testing.T) {
	t.Parallel()
	text := `{"` + strings.Repeat("x", maxBody/2) + `":[` + strings.Repeat("1,", maxBody/4-10) + `1]}`
	if _, err := parseObject([]byte(text)); err != nil {
		t.Error(err)
	}
}

// TestInput holds the binder to the tags of what it fills.
func TestInput(t *testing.T) {
	t.Parallel()
	const judgement = `"judgement": "not_judged", "reason": "x", "judged_by": "service", "note_da": "x", "note_en": "x", "source": "x"`
	for name, tc := range map[string]struct {
		into       any
		body, want string // pointers and codes; "" for none
	}{
		"complete":         {&barometer.CaseInput{}, `{"municipality": "0707", "reference": "S1", "case_type": "placement", "assigned_to": "k", "notifications": 2}`, ""},
		"null is left out": {&barometer.CaseInput{}, `{"municipality": "0707", "reference": null, "case_type": "placement", "assigned_to": null, "notifications": null}`, ""},
		"required":         {&barometer.CaseInput{}, `{}`, "2: /municipality required, /case_type required"},
		"null is no value": {&barometer.CaseInput{}, `{"municipality": null, "case_type": null}`, "2: /municipality wrong_type, /case_type wrong_type"},
		"a cell of a form without anything": {
			&barometer.FormInput{},
			`{"outcomes": [{"requirement": "child_heard", "notification": null, "outcome": null, "reason": null, "note": null}], "why": null}`, "",
		},
		"an item of a list": {
			&barometer.FormInput{}, `{"outcomes": [{"requirement": "x"}, {"requirement": 1, "outcome": "x", "notification": 0}, null]}`,
			"4: /outcomes/1/requirement wrong_type, /outcomes/1/notification out_of_range, /outcomes/1/outcome unknown_value, /outcomes/2 wrong_type",
		},
		"numbers as they are written": {&barometer.RoundInput{}, `{"round": 9027.0, "kind": "annual", "law": "barnets_lov", "could_be_drawn": 1e1}`, "2: /round out_of_range, /could_be_drawn out_of_range"},
		"a number beyond all bounds":  {&barometer.RoundInput{}, `{"round": 99999999999999999999, "kind": "annual", "law": "barnets_lov"}`, "1: /round out_of_range"},
		"too few items":               {&barometer.RoundRequirementsInput{}, `{"requirements": []}`, "1: /requirements too_few"},
		"an instant":                  {&barometer.TransitionInput{}, `{"to": "published", "publish_at": "2027-03-01"}`, "1: /publish_at wrong_type"},
		"a date":                      {&barometer.JudgementPatch{}, `{` + judgement + `, "date": "2026-02-30"}`, "1: /date wrong_form"},
		"nothing but spaces":          {&barometer.WithdrawalInput{}, `{"reason": "  "}`, "1: /reason too_short"},
		"a name in other letters":     {&barometer.WithdrawalInput{}, `{"Reason": "x"}`, "2: /reason required, /Reason unknown_member"},
		"a personal number as a name": {&barometer.WithdrawalInput{}, `{"reason": "x", "` + planted + `": 1}`, "1:  unknown_member"},
		"a personal number":           {&barometer.WithdrawalInput{}, `{"reason": "om ` + planted + `"}`, "1: /reason personal_number"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, err := parseObject([]byte(tc.body))
			if err != nil {
				t.Fatal(err)
			}
			got := strings.NewReplacer("The body has ", "", " problems; `errors` names each.", ":", " problem; `errors` names it.", ":").Replace(said(input(o, tc.into)))
			got = strings.ReplaceAll(regexp.MustCompile(`(\w) (/| )`).ReplaceAllString(got, "$1, $2"), ",  ", ", ")
			if got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

// Messages are English for one as for many.
func TestProblemsInWords(t *testing.T) {
	t.Parallel()
	for want, into := range map[string]any{
		"want at least 1 character, not counting spaces at its ends": &barometer.WithdrawalInput{},
		"want at least 1 item": &barometer.RoundRequirementsInput{},
	} {
		var known *barometer.Error
		if err := input(object{"reason": "", "requirements": []any{}}, into); !errors.As(err, &known) {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(known.Fields, func(f barometer.FieldError) bool { return f.Detail == want }) {
			t.Errorf("%v, want %q among them", known.Fields, want)
		}
	}
}

// plantedWhole finds the planted number where it stands by itself: as part of a longer number it is another one.
var plantedWhole = regexp.MustCompile(`(?:^|[^0-9])` + planted + `(?:[^0-9]|$)`)

// FuzzBody reads any body into what requests are read into. In each text § stands for something in the shape of a
// personal number.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{"municipality": "0707", "reference": "§", "case_type": "placement", "notifications": 2}`,
		`{"outcomes": [{"requirement": "child_heard", "outcome": null, "note": "om §"}], "why": null}`,
		`{"§": 1, "§": 2, "a": {"§": {"§": []}, "b": "§"}}`,
		`{"to": "published", "reason": "§", "publish_at": "2027-03-01T06:00:00Z"}`,
		`{"kind": "pair", "from_round": §, "to_round": 2023, "effect": "§", "date": "§"}`,
		`{"a":1,"a":2}`, `{"a/b":{"~":1,"~":2}}`, `[[[[]]]]`, `{"a":1} {}`, `{"a":"\ud800","\ud801":1,"\udfff":2}`, "\xff", "", "{\"\x00\":1}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		data = bytes.ReplaceAll(data, []byte("§"), []byte(planted))
		o, err := parseObject(data)
		checkSaysNothing(t, err)
		if err != nil {
			if barometer.KindOf(err) != barometer.Malformed {
				t.Errorf("%v is not Malformed", err)
			}
			return
		}
		if named, kept := namesIn(t, data), members(o); named != kept {
			t.Errorf("%d names, %d members", named, kept)
		}
		for _, into := range []any{
			&barometer.CaseInput{}, &barometer.CasePatch{}, &barometer.FormInput{}, &barometer.OutcomeInput{}, &barometer.RoundInput{},
			&barometer.RoundRequirementsInput{}, &barometer.TransitionInput{}, &barometer.JudgementInput{}, &barometer.ReportedInput{},
		} {
			err := input(o, into)
			checkSaysNothing(t, err)
			if err == nil {
				checkHoldsNothing(t, into)
			} else if barometer.KindOf(err) != barometer.Invalid {
				t.Errorf("%v is not Invalid", err)
			}
		}
	})
}

// checkSaysNothing holds that an error does not repeat the planted number.
func checkSaysNothing(t *testing.T, err error) {
	t.Helper()
	var known *barometer.Error
	if errors.As(err, &known) && plantedWhole.MatchString(known.Error()) {
		t.Errorf("repeats a personal number: %s", known.Error())
	}
}

// checkHoldsNothing holds that what is accepted does not have the planted number.
func checkHoldsNothing(t *testing.T, into any) {
	t.Helper()
	data, err := json.Marshal(into)
	if err != nil {
		t.Error(err)
	}
	if plantedWhole.Match(data) {
		t.Errorf("accepts a personal number: %s", data)
	}
}

// namesIn counts the names of all objects in a JSON text, which must be one.
func namesIn(t *testing.T, data []byte) int {
	t.Helper()
	if !json.Valid(data) {
		t.Fatalf("accepts %q, which is no JSON", data)
	}
	// Outside of texts nothing but a name has a colon after it.
	return strings.Count(regexp.MustCompile(`"(?:[^"\\]|\\.)*"`).ReplaceAllString(string(data), ""), ":")
}

// members counts the members of all objects in a value.
func members(value any) int {
	n := 0
	switch v := value.(type) {
	case object:
		n = len(v)
		for _, inner := range v {
			n += members(inner)
		}
	case []any:
		for _, inner := range v {
			n += members(inner)
		}
	}
	return n
}
