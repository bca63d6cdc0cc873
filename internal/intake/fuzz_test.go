package intake_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/boernesagsbarometer/barometer/internal/store/storetest"

	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// FuzzOutcomes: whatever a file holds, it is imported or refused with places, and never repeats a personal number.
func FuzzOutcomes(f *testing.F) {
	f.Add(header + row("S1", "action_plan_made", "", "met", ""))
	f.Add("\xef\xbb\xbfårgang;kommune;sag;sagstype;lovkrav;resultat\n9026;Ishøj;1;placement;action_plan_made;met")
	f.Add(header + "9026,0707,\"010203-1234\n\",placement,x,1,met,urgency,synthetic\n")
	fuzz(f, func(b bench, file string) error {
		_, err := b.outcomes(file)
		return err
	})
}

// FuzzReported: the same for reported figures.
func FuzzReported(f *testing.F) {
	f.Add(reportedHeader + "2024,dk,action_plan_made,1,3,33,7,ast-2024,x,y\n")
	f.Add("round;area\n2024;dk")
	fuzz(f, func(b bench, file string) error {
		_, err := b.reported(file)
		return err
	})
}

func fuzz(f *testing.F, imports func(bench, string) error) {
	f.Helper()
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, file string) {
		b := newBench(t, storetest.Open(t, store.Options{DataDir: dir}))
		err := imports(b, file)
		var e *barometer.Error
		if err == nil {
			return
		}
		if !errors.As(err, &e) || e.Kind != barometer.Invalid || len(e.Fields) == 0 && !strings.Contains(e.Message, "UTF-16") {
			t.Fatalf("not a refusal: %v", err)
		}
		for _, field := range e.Fields {
			if field.Line < 1 || field.Code == "" || field.Detail == "" {
				t.Errorf("a problem without a place: %+v", field)
			}
			if barometer.LooksLikePersonalNumber(field.Detail) {
				t.Errorf("a personal number is repeated: %s", field.Detail)
			}
		}
	})
}
