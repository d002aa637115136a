package export

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"vereda/survey/record"
)

// LimitError says that a table does not fit into a workbook; CSV has no such limits.
type LimitError struct {
	What  string // "characters in a cell", "rows", "columns"
	Limit int    // the most that a workbook takes
	Where string // table, or row and column
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("export: an Excel workbook takes at most %d %s, and %s has more; export as CSV", e.Limit, e.What, e.Where)
}

// A workbook's dates: all exports have the same, so that the same interviews give the same bytes.
const workbookDate = "2000-01-01T00:00:00Z"

// WriteXLSX writes a workbook with a sheet per table. Whole and decimal numbers are numbers where Excel's 15 digits hold them; all else is
// text, never a formula; dates are ISO text. The finished workbook, which is compressed, is held in memory. It fails with a *LimitError.
func (e *Exporter) WriteXLSX(ctx context.Context, w io.Writer, src Source) error {
	book := excelize.NewFile()
	defer book.Close()
	book.SetZipWriter(func(io.Writer) excelize.ZipWriter { return newSteadyZip(w) })
	props := &excelize.DocProperties{Creator: "Vereda", Title: e.title, Created: workbookDate, Modified: workbookDate}
	if err := book.SetDocProps(props); err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	names := make(map[string]bool)
	for i, t := range e.tables {
		name := sheetName(t, names)
		if i == 0 {
			err = book.SetSheetName(book.GetSheetName(0), name)
		} else {
			_, err = book.NewSheet(name)
		}
		if err != nil {
			return err
		}
		if err := e.writeSheet(ctx, book, name, bold, src, t); err != nil {
			return err
		}
	}
	return book.Write(w)
}

func (e *Exporter) writeSheet(ctx context.Context, book *excelize.File, name string, bold int, src Source, t *table) error {
	sheet, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	header := t.header()
	if len(header) > excelize.MaxColumns {
		return &LimitError{"columns", excelize.MaxColumns, "sheet " + name}
	}
	if err := startSheet(sheet, header, bold); err != nil {
		return err
	}
	var cells []cell
	values := make([]any, len(header))
	n := 1
	for row, err := range e.rows(ctx, src, t) {
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		if n++; n > excelize.TotalRows {
			return &LimitError{"rows", excelize.TotalRows, "sheet " + name}
		}
		cells = t.cells(cells[:0], row)
		if err := sheetRow(sheet, n, cells, values); err != nil {
			return inRow(err, row.Interview.String(), header)
		}
	}
	return sheet.Flush()
}

// startSheet writes the header, in bold and always in view.
func startSheet(sheet *excelize.StreamWriter, header []string, bold int) error {
	if err := sheet.SetColWidth(1, len(header), 16); err != nil {
		return err
	}
	err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, XSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"})
	if err != nil {
		return err
	}
	values := make([]any, len(header))
	for i, name := range header {
		values[i] = name
	}
	return sheet.SetRow("A1", values, excelize.RowOpts{StyleID: bold})
}

// longCell says which column of a row is too long.
type longCell int

func (longCell) Error() string { return "cell too long" }

func inRow(err error, interview string, header []string) error {
	if column, ok := err.(longCell); ok {
		return &LimitError{"characters in a cell", excelize.TotalCellChars, "interview " + interview + ", column " + header[column]}
	}
	return err
}

func sheetRow(sheet *excelize.StreamWriter, n int, cells []cell, values []any) error {
	for i, c := range cells {
		// Counted as Excel counts, in UTF-16; excelize would cut the rest off.
		if len(c.text) > excelize.TotalCellChars && units(c.text) > excelize.TotalCellChars {
			return longCell(i)
		}
		values[i] = c.value()
	}
	return sheet.SetRow("A"+strconv.Itoa(n), values)
}

func units(s string) int {
	n := 0
	for _, r := range s {
		if n++; r >= 0x10000 {
			n++
		}
	}
	return n
}

// value is what excelize makes a cell of: nil for none, a number, or text, which it marks as text.
func (c cell) value() any {
	switch {
	case c.text == "":
		return nil
	case c.kind == record.Integer && len(c.text) <= 15:
		if n, err := strconv.ParseInt(c.text, 10, 64); err == nil {
			return n
		}
	case c.kind == record.Decimal && digits(c.text) <= 15:
		if f, err := strconv.ParseFloat(c.text, 64); err == nil {
			return f
		}
	}
	return c.text
}

func digits(s string) int {
	n := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// sheetName is the repeat's name as Excel allows it: at most 31 characters, without :\/?*[] and without an apostrophe at either end; no two the
// same but for case.
func sheetName(t *table, taken map[string]bool) string {
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return '_'
		}
		return r
	}, t.name)
	if clean == "" {
		clean = "interviews"
	}
	name := cutTo(clean, 31)
	for n := 2; taken[strings.ToLower(name)]; n++ {
		end := "_" + strconv.Itoa(n)
		name = cutTo(clean, 31-len(end)) + end
	}
	taken[strings.ToLower(name)] = true
	return name
}

// cutTo cuts a text to n runes.
func cutTo(s string, n int) string {
	for utf8.RuneCountInString(s) > n {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}
