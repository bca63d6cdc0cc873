package barometer

import "time"

// Import is the receipt of a file that was taken in: what it held and what it changed.
type Import struct {
	// ID is null for a dry run, which keeps nothing.
	ID    *string `json:"id" example:"0190f1c2-8a5e-7b3c-9d4e-5f6071829304"`
	Round Year    `json:"round" example:"9027"`
	// Kind is `outcomes` or `participations`.
	Kind string `json:"kind" enums:"outcomes,participations" example:"outcomes"`
	// Format of the file.
	Format string `json:"format" enums:"csv,ndjson,xlsx" example:"xlsx"`
	DryRun bool   `json:"dry_run"`
	// Bytes is the size of the file.
	Bytes int `json:"bytes" example:"18211"`
	// Checksum is the SHA-256 of the file.
	Checksum string `json:"checksum" example:"sha256:0f4c"`
	// Rows of the file: outcomes of a case or notification, or participations.
	Rows int `json:"rows" example:"208"`
	// Added is the number of rows that brought something new.
	Added int `json:"added" example:"208"`
	// Changed is the number of rows that changed what was there.
	Changed int `json:"changed" example:"0"`
	// Unchanged is the number of rows that say what was there already.
	Unchanged int `json:"unchanged" example:"0"`
	// Cases that the file added.
	Cases int `json:"cases" example:"16"`
	// Warnings name what must be mended before publication, and what the file does not change because somebody else has
	// changed it meanwhile: the first 100 of them, and then how many more there are.
	Warnings []FieldError `json:"warnings"`
	At       time.Time    `json:"at" format:"date-time" example:"2026-11-22T06:51:56.840777Z"`
	// Caller who brought the file.
	Caller string `json:"caller" example:"k7q2mzd4"`
	Role   Role   `json:"role" example:"auditor"`
}
