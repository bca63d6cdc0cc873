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
