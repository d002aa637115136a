package xlsform

import (
	"bytes"
	"errors"
	"fmt"
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
	text, _ := r.letters(file[:min(len(file), 64)])
	switch ending := strings.ToLower(path.Ext(name)); {
	case bytes.HasPrefix(file, []byte("PK")):
		return r.openWorkbook(name, file)
	case bytes.HasPrefix(file, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return r.openOld(name, file)
	case len(file) == 0:
		r.nameFile(name, file)
		return nil, false
	case ending == ".md" || ending == ".markdown" || looksLikeTable(file):
		return r.openTable(name, file, markdownRows)
	case ending == ".csv" || looksLikeCSV(text):
		return r.openTable(name, file, r.csvRows)
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
