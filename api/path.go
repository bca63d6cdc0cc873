package api

import (
	"regexp"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

var fourDigits = regexp.MustCompile(`^[0-9]{4}$`)

// round reads the round of a path; NotFound where none of that year is published.
func (r reader) round(c echo.Context) (barometer.Year, error) {
	text := c.Param("round")
	if !fourDigits.MatchString(text) {
		return 0, barometer.Errorf(barometer.NotFound, "A round is named by its year in four digits, such as 2023; see /v1/rounds.")
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, err
	}
	_, err = r.Round(barometer.Year(n))
	return barometer.Year(n), err
}

// round reads the round of a path as it stands in the database; NotFound where there is none of that year, and for who
// sees a part of it alone before it is in hearing.
func (w *work) round() (barometer.Round, error) {
	year := yearOf(w.Param("round"))
	absent := barometer.Errorf(barometer.NotFound, "There is no round of that year; a round is named by its year in four digits, see /v1/rounds.")
	if year == 0 {
		return barometer.Round{}, absent
	}
	r, err := w.tx.Round(w.ctx, year)
	if err != nil && barometer.KindOf(err) != barometer.NotFound {
		return r, err
	}
	if err != nil || w.guarded.access != all && r.Status != barometer.Hearing && r.Status != barometer.Published {
		return barometer.Round{}, absent
	}
	return r, nil
}

// yearOf reads a year in four digits, 0 for anything else.
func yearOf(text string) barometer.Year {
	n, err := strconv.Atoi(text)
	if err != nil || !fourDigits.MatchString(text) {
		return 0
	}
	return barometer.Year(n)
}

// number reads a number of a path that counts from 1, 0 for anything else.
func (w *work) number(name string) int {
	n, err := strconv.Atoi(w.Param(name))
	if err != nil || n < 1 || strconv.Itoa(n) != w.Param(name) {
		return 0
	}
	return n
}

// municipality reads the municipality of a path; NotFound where there is none of that code.
func (w *work) municipality() (string, error) {
	return reader{cat: w.cat}.municipality(w.Context)
}

// municipality reads the municipality of a path; NotFound where there is none of that code.
func (r reader) municipality(c echo.Context) (string, error) {
	code := c.Param("municipality")
	if !fourDigits.MatchString(code) {
		return "", barometer.Errorf(barometer.NotFound, "A municipality is named by its four-digit code, such as 0707; see /v1/municipalities.")
	}
	if _, ok := r.cat.Municipality(code); !ok {
		return "", barometer.Errorf(barometer.NotFound, "There is no municipality %s; see /v1/municipalities.", code)
	}
	return code, nil
}

// requirement reads the requirement of a path; NotFound where there is none of that code.
func (r reader) requirement(c echo.Context) (string, error) {
	code := c.Param("requirement")
	if _, ok := r.cat.Requirement(code, barometer.Danish); !ok {
		return "", barometer.Errorf(barometer.NotFound, "There is no such requirement; see /v1/requirements.")
	}
	return code, nil
}
