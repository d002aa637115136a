package xlsform

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xlsform/xls"
	"vereda/survey/xlsform/xlsx"
)

// tab is a sheet as the file has it: its rows from the first one on, empty ones included. An error ends the rows.
type tab struct {
	name string
	rows iter.Seq2[[]string, error]
}

// open finds out what the file is, and returns its sheets; ok is false when there are none to read, which is
// reported.
func (r *reader) open(name string, file []byte) (tabs []tab, ok bool) {
	switch ending := strings.ToLower(path.Ext(name)); {
	case bytes.HasPrefix(file, []byte("PK")):
		return r.openWorkbook(name, file)
	case bytes.HasPrefix(file, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return r.openOld(name, file)
	case ending == ".md" || ending == ".markdown" || looksLikeTable(file):
		return grouped(tableRows(string(file))), true
	case ending == ".csv" || looksLikeCSV(file):
		rows, err := csvRows(file)
		if err != nil {
			r.refuse("damaged", fmt.Sprintf("The table cannot be read: %v.", err), "Write it as comma-separated values with quotes around cells that hold commas.")
			return nil, false
		}
		return grouped(rows), true
	}
	r.nameFile(name, file)
	return nil, false
}

func (r *reader) openWorkbook(name string, file []byte) (tabs []tab, ok bool) {
	book, err := xlsx.Open(file)
	switch {
	case errors.Is(err, xlsx.ErrOther):
		r.refuse("not-a-workbook", fmt.Sprintf("%s is an archive, or a document of another kind, not an .xlsx workbook.", name), "Send the workbook itself, saved as .xlsx.")
		return nil, false
	case errors.Is(err, xlsx.ErrOpenDoc):
		r.refuse("not-a-workbook", fmt.Sprintf("%s is an OpenDocument spreadsheet.", name), "Open it in a spreadsheet program and save it as .xlsx.")
		return nil, false
	case err != nil:
		r.refuse("damaged", fmt.Sprintf("The workbook cannot be opened: %v.", err), "Open it in a spreadsheet program and save it again as .xlsx.")
		return nil, false
	}
	for n, name := range book.Sheets() {
		tabs = append(tabs, tab{name, book.Rows(n)})
	}
	return tabs, true
}

// openOld opens a binary .xls workbook, whatever its name.
func (r *reader) openOld(name string, file []byte) (tabs []tab, ok bool) {
	book, err := xls.Open(file)
	switch {
	case errors.Is(err, xls.ErrLocked) || errors.Is(err, xls.ErrOther):
		r.refuse("not-a-workbook", fmt.Sprintf("%s is no .xls workbook, or one locked with a password.", name), "Open it in a spreadsheet program and save it as .xlsx, without a password.")
		return nil, false
	case err != nil:
		r.refuse("not-a-workbook", fmt.Sprintf("%s is an old binary .xls workbook that cannot be read: %v.", name, err), "Open it in a spreadsheet program and save it as .xlsx.")
		return nil, false
	}
	for n, name := range book.Sheets() {
		tabs = append(tabs, tab{name, book.Rows(n)})
	}
	if !strings.EqualFold(path.Ext(name), ".xls") {
		r.note(form.Warning, "old-workbook", form.Cell{}, name, "The file is an old binary .xls workbook, whatever its name says; it is read as one.", "Save it as .xlsx.")
	}
	return tabs, true
}

// looksLikeTable reports whether a text begins with a row of a Markdown table.
func looksLikeTable(file []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(file), []byte("|")) }

// looksLikeCSV reports whether a text begins with the name of a sheet and a comma.
func looksLikeCSV(file []byte) bool {
	first, _, comma := bytes.Cut(bytes.TrimPrefix(file[:min(len(file), 64)], []byte("\xEF\xBB\xBF")), []byte(","))
	return comma && sheetNames[strings.ToLower(strings.Trim(string(first), "\" \r\n"))]
}

// sheetNames are the names of the sheets of XLSForm.
var sheetNames = map[string]bool{"survey": true, "choices": true, "settings": true, "external_choices": true, "entities": true, "osm": true}

// tableRows returns the rows of Markdown tables, without the lines between head and body. Other lines are left out, and what stands behind
// the last bar of a row.
func tableRows(text string) [][]string {
	var rows [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		end := strings.LastIndexByte(line, '|')
		if !strings.HasPrefix(line, "|") || end < 1 || strings.Trim(line[:end], "|-: ") == "" && strings.Contains(line, "--") {
			continue
		}
		cells := strings.Split(strings.ReplaceAll(line[1:end], `\|`, "\x00"), "|")
		for n, c := range cells {
			cells[n] = strings.ReplaceAll(strings.TrimSpace(c), "\x00", "|")
		}
		rows = append(rows, cells)
	}
	return rows
}

// csvRows returns the rows of comma-separated values; rows of any length.
func csvRows(file []byte) ([][]string, error) {
	c := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\xEF\xBB\xBF"))))
	c.FieldsPerRecord = -1
	rows, err := c.ReadAll()
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return nil, fmt.Errorf("line %d: %w", parse.Line, parse.Err)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return rows, nil
}

// grouped makes sheets of rows whose first cell names the sheet they begin, and is empty otherwise. What stands behind the name is a row of the
// sheet too.
func grouped(rows [][]string) []tab {
	var names []string
	cells := map[string][][]string{}
	for _, row := range rows {
		if len(row) == 0 {
			continue
		}
		if name := strings.TrimSpace(row[0]); name != "" {
			names = append(names, name)
			if len(trimCells(row[1:])) == 0 {
				continue
			}
		}
		if len(names) > 0 {
			last := names[len(names)-1]
			cells[last] = append(cells[last], row[1:])
		}
	}
	var tabs []tab
	for n, name := range names {
		if !contains(names[:n], name) {
			tabs = append(tabs, tab{name, rowsOf(cells[name])})
		}
	}
	return tabs
}

func rowsOf(rows [][]string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}

// load reads the sheets of the file.
func (r *reader) load(name string, file []byte) (ok bool) {
	tabs, ok := r.open(name, file)
	if !ok {
		return false
	}
	roles := map[string]**sheet{"survey": &r.survey, "choices": &r.choices, "settings": &r.settings,
		"external_choices": &r.external, "entities": &r.entities, "osm": &r.osm}
	for _, t := range tabs {
		role := r.role(t.name, tabs)
		switch at, known := roles[role]; {
		case !known:
			r.others = append(r.others, t.name)
		case *at != nil:
			r.note(form.Error, "two-sheets", form.Cell{Sheet: t.name}, "", fmt.Sprintf("There are two sheets named %s.", role), "Keep one.")
		default:
			*at = r.readSheet(t)
		}
	}
	return r.checkSheets()
}
