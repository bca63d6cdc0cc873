package catalogue

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

//go:embed data/*.csv
var files embed.FS

// row is one line of a table, by column name. The first problem of a table is kept in its reader.
type row struct {
	cells map[string]string
	fail  func(error)
}

// read calls each for every line of a table.
func read(name string, each func(row)) error {
	file, err := files.Open("data/" + name + ".csv")
	if err != nil {
		return err
	}
	records, err := csv.NewReader(file).ReadAll()
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var first error
	for i, record := range records[1:] {
		cells := make(map[string]string, len(record))
		for c, column := range records[0] {
			cells[column] = record[c]
		}
		each(row{cells, func(err error) {
			if first == nil {
				first = fmt.Errorf("%s, line %d: %w", name, i+2, err)
			}
		}})
	}
	return first
}

func (r row) text(column string) string {
	value, ok := r.cells[column]
	if !ok {
		r.fail(fmt.Errorf("no column %s", column))
	}
	return value
}

// optional gives nil for an empty cell.
func (r row) optional(column string) *string {
	if v := r.text(column); v != "" {
		return &v
	}
	return nil
}

func (r row) number(column string) *int {
	v := r.text(column)
	if v == "" {
		return nil
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		r.fail(fmt.Errorf("column %s: %q is not a number", column, v))
	}
	return &n
}

func (r row) required(column string) int {
	n := r.number(column)
	if n == nil {
		r.fail(fmt.Errorf("column %s is empty", column))
		return 0
	}
	return *n
}

func (r row) year(column string) *barometer.Year {
	n := r.number(column)
	if n == nil {
		return nil
	}
	y := barometer.Year(*n)
	return &y
}

func (r row) years(column string) []barometer.Year {
	years := []barometer.Year{}
	for _, field := range strings.Fields(r.text(column)) {
		n, err := strconv.Atoi(field)
		if err != nil {
			r.fail(fmt.Errorf("column %s: %q is not a year", column, field))
		}
		years = append(years, barometer.Year(n))
	}
	return years
}

func (r row) labels(stem string) barometer.Text {
	return barometer.Text{Da: r.text(stem + "_da"), En: r.text(stem + "_en")}
}
