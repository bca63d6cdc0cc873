package intake

import (
	"path/filepath"
	"strings"
)

// Format of a file.
type Format string

// The formats. All of them hold the same rows, and the same is checked.
const (
	CSV    Format = "csv"
	NDJSON Format = "ndjson" // one JSON object a line
	XLSX   Format = "xlsx"   // for outcomes the workbook that Template makes
)

// Formats lists the formats.
func Formats() []Format { return []Format{CSV, NDJSON, XLSX} }

var mediaTypes = map[Format]string{
	CSV:    "text/csv",
	NDJSON: "application/x-ndjson",
	XLSX:   "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// MediaType gives the media type of the format, without parameters.
func (f Format) MediaType() string { return mediaTypes[f] }

// Known tells whether there is such a format.
func (f Format) Known() bool { return mediaTypes[f] != "" }

// FormatOf gives the format that a file's name ends in.
func FormatOf(name string) (Format, bool) {
	f := Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(name), ".")))
	return f, f.Known()
}

// FormatOfMediaType gives the format of a media type without parameters.
func FormatOfMediaType(mediaType string) (Format, bool) {
	for f, m := range mediaTypes {
		if strings.EqualFold(m, mediaType) {
			return f, true
		}
	}
	return "", false
}
