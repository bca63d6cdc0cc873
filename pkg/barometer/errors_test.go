package barometer_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

func TestErrorTextsAreForLogsAndMessagesForCallers(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]*barometer.Error{
		"no round 2018": barometer.Errorf(barometer.NotFound, "no round %d", 2018),
		"two problems\n  line 3, column outcome: unknown; allowed: met\n  /cases: too many: EOF": {
			Message: "two problems",
			Fields: []barometer.FieldError{
				{Line: 3, Column: "outcome", Code: "unknown_code", Detail: "unknown; allowed: met"}, {Pointer: "/cases", Detail: "too many"},
			},
			Err: io.EOF,
		},
		"Something went wrong here.: EOF": {Message: "Something went wrong here.", Err: io.EOF},
	} {
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Error(diff)
		}
	}
}

func TestFieldErrorsSayWhere(t *testing.T) {
	t.Parallel()
	for want, field := range map[string]barometer.FieldError{
		"bad":                  {Detail: "bad"},
		"line 2: bad":          {Line: 2, Detail: "bad"},
		"column sag: bad":      {Column: "sag", Detail: "bad"},
		"parameter limit: bad": {Parameter: "limit", Detail: "bad"},
		"/outcome: bad":        {Pointer: "/outcome", Detail: "bad"},
		"line 2, column sag, parameter p, /x: bad": {Line: 2, Column: "sag", Parameter: "p", Pointer: "/x", Detail: "bad"},
	} {
		if diff := cmp.Diff(want, field.String()); diff != "" {
			t.Error(diff)
		}
	}
	body, err := json.Marshal(barometer.FieldError{Parameter: "limit", Code: "out_of_range", Detail: "1 to 1000"})
	if want := `{"parameter":"limit","code":"out_of_range","detail":"1 to 1000"}`; err != nil || string(body) != want {
		t.Errorf("%s, %v", body, err)
	}
}

func TestKindIsFoundInAnyChain(t *testing.T) {
	t.Parallel()
	stale := barometer.Errorf(barometer.Stale, "stale")
	outer := &barometer.Error{Kind: barometer.Conflict, Err: stale}
	for name, test := range map[string]struct {
		err  error
		want barometer.Kind
	}{
		"nothing":              {nil, barometer.Internal},
		"some error":           {io.EOF, barometer.Internal},
		"itself":               {stale, barometer.Stale},
		"wrapped":              {fmt.Errorf("a: %w", fmt.Errorf("b: %w", stale)), barometer.Stale},
		"joined":               {errors.Join(io.EOF, stale), barometer.Stale},
		"the first decides":    {outer, barometer.Conflict},
		"nobody classified it": {&barometer.Error{}, barometer.Internal},
	} {
		if got := barometer.KindOf(test.err); got != test.want {
			t.Errorf("%s: kind %d, want %d", name, got, test.want)
		}
	}
	if !errors.Is(outer, stale) || !errors.Is(&barometer.Error{Err: io.EOF}, io.EOF) {
		t.Error("the inner error is not reached")
	}
}
