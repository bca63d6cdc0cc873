package synth

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// columns of the file, in order.
var columns = [...]string{
	"round", "municipality", "case", "case_type", "requirement", "notification", "outcome", "reason", "origin",
}

// table writes the file: RFC 4180, with lines that end in LF.
type table struct {
	out    *csv.Writer
	record [len(columns)]string
}

func newTable(w io.Writer, round barometer.Year) (*table, error) {
	t := &table{out: csv.NewWriter(bufio.NewWriterSize(w, 1<<16))}
	t.record[0] = strconv.Itoa(int(round))
	t.record[8] = string(barometer.OriginSynthetic)
	return t, t.out.Write(columns[:])
}

// add writes the outcomes of a case, by its number within the municipality.
func (t *table) add(municipality string, number int, c file) error {
	t.record[1] = municipality
	// A letter and no more than eight digits: no reference looks like a personal number.
	t.record[2] = fmt.Sprintf("S%04d", number)
	t.record[3] = string(c.caseType)
	for _, r := range c.rows {
		if r.missing {
			continue
		}
		t.record[4], t.record[5] = r.requirement, ""
		if r.notification > 0 {
			t.record[5] = strconv.Itoa(r.notification)
		}
		t.record[6], t.record[7] = string(r.Outcome), string(r.Reason)
		if err := t.out.Write(t.record[:]); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) flush() error {
	t.out.Flush()
	return t.out.Error()
}
