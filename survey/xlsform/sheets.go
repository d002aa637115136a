package xlsform

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"vereda/survey/form"
)

// Limits of a workbook. The largest real questionnaires known have some 5,000 rows and 70 columns.
const (
	maxUnzipped  = 64 << 20 // bytes of all parts together
	maxEmptyRows = 1000     // in a row; what stands below them is not looked for
	maxRows      = 100_000  // of a sheet
	maxColumns   = 1000
	maxCells     = 4_000_000
)

// sheet is a sheet's cells: a header and the rows below it that hold something.
type sheet struct {
	name    string // as the tab says
	headRow int    // from 1
	columns []column
	rows    []*row
}

// row is one row of a sheet.
type row struct {
	sheet  *sheet
	number int      // from 1
	cells  []string // by column, trimmed; may be shorter than the header
}

// load reads the sheets survey, choices and settings.
func (r *reader) load(workbook []byte) (ok bool) {
	defer func() {
		if recover() != nil { // the library's reader trips over some damaged files
			r.refuse("damaged", "The workbook is damaged: it cannot be read to its end.", "Open it in a spreadsheet program and save it again as .xlsx.")
			ok = false
		}
	}()
	book, err := excelize.OpenReader(bytes.NewReader(workbook), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, ShortDatePattern: "yyyy-mm-dd"})
	if err != nil {
		r.refuse("damaged", fmt.Sprintf("The workbook cannot be opened: %v.", err), "Open it in a spreadsheet program and save it again as .xlsx.")
		return false
	}
	defer book.Close()
	for _, name := range book.GetSheetList() {
		role := strings.ToLower(strings.TrimSpace(name))
		at, known := map[string]**sheet{"survey": &r.survey, "choices": &r.choices, "settings": &r.settings}[role]
		switch {
		case !known:
			r.others = append(r.others, name)
		case *at != nil:
			r.note(form.Error, "two-sheets", form.Cell{Sheet: name}, "", fmt.Sprintf("There are two sheets named %s.", role), "Keep one.")
		default:
			*at = r.readSheet(book, name)
		}
	}
	return r.checkSheets()
}

// checkSheets names what is missing, and what Vereda does not run.
func (r *reader) checkSheets() bool {
	for _, name := range r.others {
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "external_choices", "entities", "osm", "cascades":
			r.note(form.Error, "unsupported-sheet", form.Cell{Sheet: name}, "", fmt.Sprintf("Sheet %s is not supported.", name),
				"Take the sheet out; choices belong on the sheet choices.")
		}
	}
	if r.survey != nil {
		return true
	}
	hint := "Name the sheet with the questions survey."
	if near := nearest("survey", r.others); near != "" {
		hint = fmt.Sprintf("Rename the sheet %s to survey.", near)
	}
	r.refuse("no-survey", "The workbook has no sheet survey.", hint)
	return false
}

func (r *reader) readSheet(book *excelize.File, name string) *sheet {
	s := &sheet{name: name}
	rows, err := book.Rows(name)
	if err != nil {
		r.note(form.Error, "damaged", form.Cell{Sheet: name}, "", fmt.Sprintf("The sheet cannot be read: %v.", err), "")
		return s
	}
	defer rows.Close()
	number, empty, cells := 0, 0, 0
	for rows.Next() {
		number++
		texts, err := rows.Columns()
		if err != nil {
			r.note(form.Error, "damaged", form.Cell{Sheet: name, Row: number}, "", fmt.Sprintf("The row cannot be read: %v.", err), "")
			break
		}
		if texts = trimCells(texts); len(texts) == 0 {
			if empty++; empty > maxEmptyRows {
				break
			}
			continue
		}
		empty = 0
		cells += len(texts)
		if len(s.rows) >= maxRows || len(texts) > maxColumns || cells > maxCells {
			r.note(form.Error, "too-large", form.Cell{Sheet: name, Row: number}, "",
				fmt.Sprintf("The sheet is too large: at most %d rows of at most %d columns are read.", maxRows, maxColumns), "")
			break
		}
		if s.headRow == 0 {
			s.headRow = number
			s.columns = r.readHeader(s, texts)
			continue
		}
		s.rows = append(s.rows, &row{s, number, texts})
	}
	return s
}

// trimCells takes blanks off the ends of cells, and empty cells off the end of the row. Typographic quotes become plain ones, as the reference
// converter does: no expression can hold them.
func trimCells(cells []string) []string {
	last := 0
	for n, c := range cells {
		c = strings.TrimSpace(c)
		if strings.ContainsAny(c, "“”‘’\u00a0") {
			c = plainQuotes.Replace(c)
		}
		if cells[n] = c; c != "" {
			last = n + 1
		}
	}
	return cells[:last]
}

var plainQuotes = strings.NewReplacer("“", `"`, "”", `"`, "‘", "'", "’", "'", "\u00a0", " ")

// row returns the row of a number; nil when there is none.
func (s *sheet) row(number int) *row {
	n, ok := slices.BinarySearchFunc(s.rows, number, func(r *row, number int) int { return r.number - number })
	if !ok {
		return nil
	}
	return s.rows[n]
}

// get returns the cell of a column, and where it stands.
func (r *row) get(key string) (string, form.Cell) {
	n := slices.IndexFunc(r.sheet.columns, func(c column) bool { return c.key == key && c.language == "" })
	if n < 0 || n >= len(r.cells) {
		return "", form.Cell{Sheet: r.sheet.name, Row: r.number}
	}
	return r.cells[n], r.at(n)
}

// at returns the place of the nth cell.
func (r *row) at(n int) form.Cell {
	return form.Cell{Sheet: r.sheet.name, Row: r.number, Column: r.sheet.columns[n].heading}
}
