package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/boernesagsbarometer/barometer/internal/catalogue"
	"github.com/boernesagsbarometer/barometer/internal/store"
	"github.com/boernesagsbarometer/barometer/internal/store/storetest"
	"github.com/boernesagsbarometer/barometer/internal/synth"
)

// BenchmarkImport imports 100,000 outcomes with the program itself, and says how many it takes in a second, how
// much memory it has at most, and on Postgres how that compares with a plain COPY of the same rows into the same table:
//
//	internal/tools/with-postgres go test ./cmd/barometer -run '^$' -bench Import -benchtime 1x
func BenchmarkImport(b *testing.B) {
	file := filepath.Join(b.TempDir(), "round.csv")
	rows := writeOutcomes(b, file)
	for name, database := range map[string]func(b *testing.B) store.Options{
		"sqlite":   func(*testing.B) store.Options { return store.Options{} },
		"postgres": func(b *testing.B) store.Options { return storetest.Postgres(b) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				o := database(b)
				environment := append(os.Environ(), "BAROMETER_DATABASE_URL="+o.URL, "BAROMETER_DATA_DIR="+b.TempDir())
				importFile(b, environment, history(b))
				b.StartTimer()
				took, memory := importFile(b, environment, file)
				b.StopTimer()
				perSecond := float64(rows) / took.Seconds()
				b.ReportMetric(perSecond, "rows/s")
				b.ReportMetric(float64(memory)/1024, "MiB-peak")
				if o.URL != "" {
					copied, plain, err := storetest.CopyAgain(b.Context(), o, "case_outcomes")
					if err != nil || copied < rows {
						b.Fatalf("%d of %d rows copied: %v", copied, rows, err)
					}
					b.ReportMetric(float64(copied)/plain.Seconds(), "COPY-rows/s")
					b.ReportMetric(perSecond/(float64(copied)/plain.Seconds()), "of-COPY")
				}
				b.StartTimer()
			}
		})
	}
}

// writeOutcomes writes a file of outcomes and gives its number of rows.
func writeOutcomes(b *testing.B, name string) int64 {
	b.Helper()
	cat, err := catalogue.Load()
	if err != nil {
		b.Fatal(err)
	}
	var file strings.Builder
	if err := synth.Write(&file, cat, synth.Options{Round: 9026, Municipalities: 98, Cases: 7400, Seed: 1}, nil); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(file.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	return int64(strings.Count(file.String(), "\n") - 1)
}

// history is a file so small that importing it makes the schema and loads the published history, and no more.
func history(b *testing.B) string {
	b.Helper()
	name := filepath.Join(b.TempDir(), "one.csv")
	one := "round,municipality,case,case_type,requirement,outcome,origin\n9025,0101,S1,placement,action_plan_made,met,synthetic\n"
	if err := os.WriteFile(name, []byte(one), 0o600); err != nil {
		b.Fatal(err)
	}
	return name
}

// importFile runs the program, from its start to its end.
func importFile(b *testing.B, environment []string, file string) (took time.Duration, kib int64) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), built, "import", "outcomes", file)
	cmd.Env = environment
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	took = time.Since(began)
	return took, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
}
