package intake

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"math"
	"path"
	"strings"

	"github.com/boernesagsbarometer/barometer/pkg/barometer"
)

// Bounds of a workbook, whose file can be a thousand times smaller than what it unpacks to.
const (
	mostDirectory = 1 << 19 // bytes read to find its parts
	mostUnpacked  = 12 << 20
	mostDepth     = 64      // elements within each other
	mostShared    = 500_000 // texts that cells share
)

// workbook reads an XLSX file part by part. It believes nothing that the file says of its own size.
type workbook struct {
	parts  map[string]*zip.File // by name in lower case
	sheets []sheetPart
	shared []string
	left   int64 // bytes that may still be unpacked
}

// sheetPart is a sheet with the part that it is in.
type sheetPart struct{ name, part string }

var (
	errNoWorkbook = &barometer.Error{Kind: barometer.Invalid, Message: "1 problem; nothing was imported:", Fields: []barometer.FieldError{{
		Line: 1, Code: "not_xlsx", Detail: "the file is no XLSX workbook, or one with a password; save it as XLSX without one",
	}}}
	errUnpacked = barometer.Errorf(barometer.TooLarge, "The workbook unpacks to more than %d MiB.", mostUnpacked>>20)
)

// openWorkbook finds the sheets of a workbook, and reads the texts that its cells share. What is no workbook is Invalid,
// what is too large TooLarge.
func openWorkbook(file io.ReaderAt, size int64) (*workbook, error) {
	budget := &budgetReader{file, mostDirectory}
	archive, err := zip.NewReader(budget, size)
	if err != nil {
		return nil, brokenWorkbook(err)
	}
	budget.left = math.MaxInt64
	w := &workbook{parts: map[string]*zip.File{}, left: mostUnpacked}
	for _, f := range archive.File {
		w.parts[strings.ToLower(strings.TrimPrefix(f.Name, "/"))] = f
	}
	root, err := w.relations("")
	if err != nil {
		return nil, err
	}
	book := root.first("/officeDocument")
	related, err := w.relations(book)
	if err != nil {
		return nil, err
	}
	if err := w.readSheets(book, related); err != nil {
		return nil, err
	}
	if len(w.sheets) == 0 {
		return nil, errNoWorkbook
	}
	if shared := related.first("/sharedStrings"); shared != "" {
		return w, w.readShared(shared)
	}
	return w, nil
}

// budgetReader gives up after so many bytes.
type budgetReader struct {
	io.ReaderAt
	left int64
}

func (b *budgetReader) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errNoWorkbook
	}
	return b.ReaderAt.ReadAt(p, at)
}

// brokenWorkbook tells a file that is no workbook from one that cannot be read.
func brokenWorkbook(err error) error {
	var known *barometer.Error
	var file *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return known
	case errors.As(err, &file):
		return unreadable(err)
	}
	return errNoWorkbook
}

// part unpacks a part within what may still be unpacked, and hands over its XML until the end, or until each is done.
func (w *workbook) part(name string, each func(d *partReader, token xml.Token) (done bool, err error)) (err error) {
	f := w.parts[strings.ToLower(name)]
	if f == nil {
		return errNoWorkbook
	}
	unpacked, err := f.Open()
	if err != nil {
		return brokenWorkbook(err)
	}
	defer unpacked.Close()
	d := &partReader{Decoder: xml.NewDecoder(&unpackReader{unpacked, &w.left})}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return brokenWorkbook(err)
		}
		if done, err := each(d, token); done || err != nil {
			return brokenWorkbook(err)
		}
	}
}

// partReader reads XML that is not nested without end.
type partReader struct {
	*xml.Decoder
	depth int
}

// Token gives the next token, which is gone with the one after.
func (p *partReader) Token() (xml.Token, error) {
	token, err := p.Decoder.Token()
	switch token.(type) {
	case xml.StartElement:
		if p.depth++; p.depth > mostDepth {
			return nil, errNoWorkbook
		}
	case xml.EndElement:
		p.depth--
	}
	return token, err
}

// skip reads to the end of an element that has begun.
func (p *partReader) skip() error {
	for outside := p.depth - 1; p.depth > outside; {
		if _, err := p.Token(); err != nil {
			return err
		}
	}
	return nil
}

type unpackReader struct {
	io.Reader
	left *int64
}

func (u *unpackReader) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	if *u.left -= int64(n); *u.left < 0 {
		return 0, errUnpacked
	}
	return n, err
}

// relations of a part to others: by id, and the first of each type.
type relations struct {
	byID  map[string]string
	types []sheetPart // the end of each type's name with its part
}

func (r relations) first(kind string) string {
	for _, t := range r.types {
		if strings.HasSuffix(t.name, kind) {
			return t.part
		}
	}
	return ""
}

func (w *workbook) relations(of string) (relations, error) {
	folder, name := path.Split(of)
	r := relations{byID: map[string]string{}}
	err := w.part(folder+"_rels/"+name+".rels", func(_ *partReader, token xml.Token) (bool, error) {
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "Relationship" {
			return false, nil
		}
		target := attribute(start, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(folder, target)
		}
		target = strings.TrimPrefix(target, "/")
		r.byID[attribute(start, "Id")] = target
		r.types = append(r.types, sheetPart{attribute(start, "Type"), target})
		return false, nil
	})
	return r, err
}

func attribute(of xml.StartElement, name string) string {
	for _, a := range of.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (w *workbook) readSheets(book string, related relations) error {
	return w.part(book, func(_ *partReader, token xml.Token) (bool, error) {
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "sheet" {
			w.sheets = append(w.sheets, sheetPart{attribute(start, "name"), related.byID[attribute(start, "id")]})
		}
		return false, nil
	})
}

// sheet finds a sheet by its name.
func (w *workbook) sheet(name string) (sheetPart, bool) {
	for _, s := range w.sheets {
		if strings.EqualFold(strings.TrimSpace(s.name), name) {
			return s, true
		}
	}
	return sheetPart{}, false
}

// readShared reads the texts that cells share.
func (w *workbook) readShared(part string) error {
	return w.part(part, func(d *partReader, token xml.Token) (bool, error) {
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "si" {
			return false, nil
		}
		if len(w.shared) == mostShared {
			return true, errUnpacked
		}
		text, err := richText(d)
		w.shared = append(w.shared, text)
		return false, err
	})
}

// richText reads a text to the end of its element: what stands in it in runs of several fonts, without readings.
func richText(d *partReader) (string, error) {
	var text strings.Builder
	inText := false
	for outside := d.depth - 1; d.depth > outside; {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			inText = t.Name.Local == "t"
			if t.Name.Local == "rPh" {
				if err := d.skip(); err != nil {
					return "", err
				}
			}
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				text.Write(t)
			}
		}
	}
	return text.String(), nil
}
