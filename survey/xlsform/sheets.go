package xlsform

import (
	"fmt"
	"slices"
	"strings"

	"vereda/survey/form"
)

// Limits of a workbook. The largest real questionnaires known have some 5,000 rows and 70 columns.
const (
	maxEmptyRows = 1000    // in a row; what stands below them is not looked for
	maxRows      = 100_000 // of a sheet
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

// checkSheets names what is missing, and what Vereda does not run.
func (r *reader) checkSheets() bool {
	for _, name := range r.others {
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "cascades":
			r.note(form.Error, "unsupported-sheet", form.Cell{Sheet: name}, "", fmt.Sprintf("Sheet %s is not supported.", name),
				"Take the sheet out; choices belong on the sheet choices.")
		}
	}
	if r.survey != nil {
		return true
	}
	hint := r.renameHint("survey")
	if hint == "" {
		hint = "Name the sheet with the questions survey."
	}
	r.refuse("no-survey", "The workbook has no sheet survey.", hint)
	return false
}

// oneBlank makes one blank of several in the cells of the survey, as the reference converter does unless the setting clean_text_values is no.
func (r *reader) oneBlank() {
	if no(r.form.Settings["clean_text_values"]) || r.survey == nil {
		return
	}
	for _, row := range r.survey.rows {
		for n, c := range row.cells {
			for strings.Contains(c, "  ") {
				c = strings.ReplaceAll(c, "  ", " ")
			}
			row.cells[n] = c
		}
	}
}

// renameHint names the sheets whose names are near a missing one's; "" when there is none.
func (r *reader) renameHint(missing string) string {
	var near []string
	for _, name := range r.others {
		if nearest(missing, []string{name}) != "" {
			near = append(near, name)
		}
	}
	if len(near) == 0 {
		return ""
	}
	return fmt.Sprintf("Rename the sheet %s to %s.", strings.Join(near, " or "), missing)
}

// readSheet reads a sheet: the rows that hold something, and which of them is the headings.
func (r *reader) readSheet(t tab) *sheet {
	s := &sheet{name: t.name}
	name, number, empty, cells := t.name, 0, 0, 0
	for texts, err := range t.rows {
		number++
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
		s.rows = append(s.rows, &row{s, number, texts})
	}
	r.readHead(s)
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
