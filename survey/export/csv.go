package export

import (
	"archive/zip"
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"vereda/survey/record"
)

// WriteCSV writes the main table (repeat "") or a repeat's as CSV (RFC 4180: CRLF ends a line, line breaks in answers stay as they are).
// It holds one row in memory. What it wrote before an error is not whole.
func (e *Exporter) WriteCSV(ctx context.Context, w io.Writer, src Source, repeat record.Path) error {
	t, err := e.table(repeat)
	if err != nil {
		return err
	}
	return e.writeCSV(ctx, w, src, t)
}

// zipDate is the date of all files in a ZIP, its earliest: the same interviews give the same bytes.
var zipDate = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// WriteZip writes a ZIP of the CSVs of all tables: "<form>.csv" and "<form>-<repeat>.csv".
func (e *Exporter) WriteZip(ctx context.Context, w io.Writer, src Source) error {
	z := zip.NewWriter(w)
	for _, t := range e.tables {
		f, err := z.CreateHeader(&zip.FileHeader{Name: t.fileName(e.FileBase(), ".csv"), Method: zip.Deflate, Modified: zipDate})
		if err != nil {
			return err
		}
		if err := e.writeCSV(ctx, f, src, t); err != nil {
			return err
		}
	}
	return z.Close()
}

func (t *table) fileName(base, ext string) string {
	if t.name == "" {
		return base + ext
	}
	return base + "-" + fileSafe(t.name) + ext
}

// FileBase returns the form's ID as a file may be named.
func (e *Exporter) FileBase() string { return fileSafe(e.form) }

// fileSafe makes a file name of a form's ID, which may be any text.
func fileSafe(name string) string {
	safe := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
	if strings.Trim(safe, ".") == "" {
		return "form"
	}
	return safe
}

func (e *Exporter) writeCSV(ctx context.Context, w io.Writer, src Source, t *table) error {
	out := bufio.NewWriterSize(w, 64<<10)
	if e.o.BOM {
		out.WriteString("\uFEFF")
	}
	for i, name := range t.header() {
		writeField(out, i, name)
	}
	out.WriteString("\r\n")
	var cells []cell
	for row, err := range e.rows(ctx, src, t) {
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		cells = t.cells(cells[:0], row)
		for i, c := range cells {
			if e.o.Guard && c.formula() {
				c.text = "'" + c.text
			}
			writeField(out, i, c.text)
		}
		if _, err := out.WriteString("\r\n"); err != nil {
			return err
		}
	}
	return out.Flush()
}

// writeField writes a field, quoted where it must be: RFC 4180, section 2, rules 5 to 7. A buffered writer keeps its first error.
func writeField(out *bufio.Writer, i int, s string) {
	if i > 0 {
		out.WriteByte(',')
	}
	if !mustQuote(s) {
		out.WriteString(s)
		return
	}
	out.WriteByte('"')
	for {
		before, after, found := strings.Cut(s, `"`)
		out.WriteString(before)
		if !found {
			break
		}
		out.WriteString(`""`)
		s = after
	}
	out.WriteByte('"')
}

// mustQuote: also blanks at either end, which some readers cut off.
func mustQuote(s string) bool {
	if s == "" {
		return false
	}
	return s[0] == ' ' || s[len(s)-1] == ' ' || strings.ContainsAny(s, "\",\r\n\t")
}

// formula reports whether a spreadsheet would run the text (OWASP, "CSV Injection"). A number is no formula.
func (c cell) formula() bool {
	switch c.kind {
	case record.Integer, record.Decimal, record.Geopoint, record.Geotrace, record.Geoshape:
		return false
	}
	return c.text != "" && strings.ContainsRune("=+-@\t\r\n", rune(c.text[0]))
}
