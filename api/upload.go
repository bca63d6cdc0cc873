package api

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/boernesagsbarometer/barometer/internal/intake"
	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// maxImport is the largest file that is taken in, in bytes.
const maxImport = 25 << 20

// upload is a file as it was sent. It lies in a temporary file, so that no transaction waits for a slow sender and many
// large ones do not fill the memory.
type upload struct {
	*os.File
	format   intake.Format
	checksum string
	named    bool // still: elsewhere than on Unix an open file cannot lose its name, which a killed process would leave behind
}

// patience is how long a sender of a file has.
const patience = 2 * time.Minute

// fileBody takes the body as a file.
func fileBody(w *work) error {
	c := w.Context
	kind, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	format, known := intake.FormatOfMediaType(kind)
	if err != nil || !known {
		var taken []string
		for _, f := range intake.Formats() {
			taken = append(taken, f.MediaType())
		}
		return barometer.Errorf(barometer.Unsupported, "The body must be a file; say in Content-Type which: %s.", strings.Join(taken, ", "))
	}
	if c.Request().Header.Get(echo.HeaderContentEncoding) != "" {
		return barometer.Errorf(barometer.Unsupported, "The file must not be compressed on the way; leave Content-Encoding out.")
	}
	control := http.NewResponseController(c.Response())
	if err := errors.Join(control.SetReadDeadline(time.Now().Add(patience)), control.SetWriteDeadline(time.Now().Add(2*patience))); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	w.file, err = spool(http.MaxBytesReader(c.Response(), c.Request().Body, maxImport), format)
	if err == nil {
		w.sum = w.file.checksum
	}
	return err
}

func spool(from io.Reader, format intake.Format) (*upload, error) {
	file, err := os.CreateTemp("", "barometer-import-*")
	if err != nil {
		return nil, err
	}
	u := &upload{File: file, format: format, named: os.Remove(file.Name()) != nil}
	hash := sha256.New()
	_, err = io.Copy(io.MultiWriter(file, hash), from)
	u.checksum = hex.EncodeToString(hash.Sum(nil))
	if err == nil {
		return u, nil
	}
	u.discard()
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, barometer.Errorf(barometer.TooLarge, "The file is larger than %d MiB; bring it in parts, such as one municipality at a time.", maxImport>>20)
	}
	return nil, &barometer.Error{Kind: barometer.Malformed, Message: "The file ended before it was complete.", Err: err}
}

// discard removes the temporary file; nothing depends on its being gone.
func (u *upload) discard() {
	if u == nil {
		return
	}
	_ = u.Close()
	if u.named {
		_ = os.Remove(u.Name())
	}
}
