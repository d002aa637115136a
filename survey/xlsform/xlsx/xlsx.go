// Package xlsx reads the cells of .xlsx workbooks as text: the sheets, their rows, what a cell holds. It reads no more of the file than the sheets asked for, and
// holds every part to its limits before memory is spent. A part that is damaged or cut off is an error, never a shorter sheet.
package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// MaxUnzipped is how many bytes the parts that are read may have together.
const MaxUnzipped = 64 << 20

// Errors of files that are no workbooks.
var (
	ErrOther    = errors.New("the archive holds no workbook")
	ErrOpenDoc  = errors.New("it is an OpenDocument spreadsheet")
	ErrTooLarge = fmt.Errorf("its parts are larger than %d MiB", MaxUnzipped>>20)
)

// Book is an open workbook.
type Book struct {
	parts    map[string]*zip.File // by name in lower case
	left     int64                // bytes that may still be read
	sheets   []sheetRef
	texts    []string // shared by the cells
	dates    []bool   // whether the numbers of a style are shown as dates or times, by style
	from1904 bool     // days are counted from 1904
}

type sheetRef struct{ name, part string }

// Open reads the list of sheets, the shared texts and the styles of a workbook.
func Open(file []byte) (*Book, error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	b := &Book{parts: map[string]*zip.File{}, left: MaxUnzipped}
	for _, f := range archive.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		if b.parts[name] == nil {
			b.parts[name] = f
		}
	}
	top := "xl/workbook.xml"
	for _, r := range b.relations("") {
		if strings.HasSuffix(r.kind, "/officeDocument") {
			top = r.target
		}
	}
	switch {
	case b.parts[strings.ToLower(top)] != nil:
	case b.parts["content.xml"] != nil && b.parts["mimetype"] != nil:
		return nil, ErrOpenDoc
	default:
		return nil, ErrOther
	}
	return b, b.readTop(top)
}

// part returns the text of a part; "" when there is none.
func (b *Book) part(name string) (string, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return "", nil
	}
	if f.UncompressedSize64 > uint64(b.left) {
		return "", ErrTooLarge
	}
	r, err := f.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	var text strings.Builder
	text.Grow(int(min(f.UncompressedSize64, 1<<20))) // what it says of itself may be wrong
	n, err := io.Copy(&text, io.LimitReader(r, b.left+1))
	if err != nil {
		return "", fmt.Errorf("part %s: %w", name, err)
	}
	if b.left -= n; b.left < 0 {
		return "", ErrTooLarge
	}
	return text.String(), nil
}

// relation says that a part belongs to another.
type relation struct{ id, kind, target string }

// relations returns what belongs to a part; those of "" belong to the archive.
func (b *Book) relations(part string) []relation {
	dir, base := path.Split(part)
	text, err := b.part(dir + "_rels/" + base + ".rels")
	if err != nil {
		return nil
	}
	var list []relation
	s := newScanner(text)
	for {
		t, err := s.next()
		if err != nil || t == end {
			return list
		}
		if t == startTag && s.name == "Relationship" {
			target := s.attr("Target")
			if strings.HasPrefix(target, "/") {
				target = target[1:]
			} else {
				target = path.Join(dir, target)
			}
			list = append(list, relation{s.attr("Id"), s.attr("Type"), target})
		}
	}
}

// readTop reads the part that lists the sheets, and what belongs to it.
func (b *Book) readTop(top string) error {
	byID := map[string]relation{}
	for _, r := range b.relations(top) {
		byID[r.id] = r
		var err error
		switch {
		case strings.HasSuffix(r.kind, "/sharedStrings"):
			err = b.readTexts(r.target)
		case strings.HasSuffix(r.kind, "/styles"):
			err = b.readStyles(r.target)
		}
		if err != nil {
			return err
		}
	}
	return b.scan(top, func(s *scanner) error {
		switch s.name {
		case "workbookPr":
			b.from1904 = s.attr("date1904") == "1" || s.attr("date1904") == "true"
		case "sheet":
			r := byID[s.attr("id")]
			if r.kind == "" || strings.HasSuffix(r.kind, "/worksheet") { // no charts
				b.sheets = append(b.sheets, sheetRef{s.attr("name"), r.target})
			}
		}
		return nil
	})
}

// scan calls a function at each start tag of a part.
func (b *Book) scan(part string, at func(*scanner) error) error {
	text, err := b.part(part)
	if err != nil {
		return err
	}
	s := newScanner(text)
	for {
		t, err := s.next()
		if err == nil && t == startTag {
			err = at(s)
		}
		if err != nil {
			return fmt.Errorf("part %s: %w", part, err)
		}
		if t == end {
			return nil
		}
	}
}

// maxTexts is how many shared texts there may be.
const maxTexts = 4_000_000

// readTexts reads the texts that cells share.
func (b *Book) readTexts(part string) error {
	return b.scan(part, func(s *scanner) error {
		if s.name != "si" {
			return nil
		}
		if len(b.texts) == maxTexts {
			return ErrTooLarge
		}
		text, err := richText(s)
		b.texts = append(b.texts, text)
		return err
	})
}

// richText reads the words of an element up to its end: those of all its pieces, without the reading aids of Japanese.
func richText(s *scanner) (string, error) {
	depth, aids, inText := len(s.open), 0, 0
	pieces := s.pieces[:0]
	for {
		t, err := s.next()
		if err != nil {
			return "", err
		}
		switch {
		case t == startTag && s.name == "rPh":
			aids++
		case t == endTag && s.name == "rPh":
			aids--
		case t == startTag && s.name == "t":
			inText++
		case t == endTag && s.name == "t":
			inText--
		case t == words && aids == 0 && inText > 0:
			pieces = append(pieces, s.text)
		}
		if t == endTag && len(s.open) < depth {
			s.pieces = pieces
			return plain(joined(pieces)), nil
		}
	}
}

// joined returns pieces of a part as a text of its own, which does not keep the part in memory.
func joined(pieces []string) string {
	if len(pieces) == 1 {
		return strings.Clone(pieces[0])
	}
	return strings.Join(pieces, "")
}

// Sheets returns the names of the sheets, in order.
func (b *Book) Sheets() []string {
	names := make([]string, len(b.sheets))
	for n, s := range b.sheets {
		names[n] = s.name
	}
	return names
}
