package xlsform

import (
	"fmt"
	"strings"

	"vereda/survey/form"
)

// readChoices fills Form.Lists. Labels that show answers are parsed later, when the questions are known.
func (r *reader) readChoices() {
	r.readLists(r.choices, r.form.Lists)
	r.form.Tags = map[string]*form.List{}
	r.readLists(r.osm, r.form.Tags)
	r.externalLists = map[string]*form.List{}
	r.readLists(r.external, r.externalLists)
	for _, name := range keys(r.externalLists) { // in expressions they are lists like others
		list := r.externalLists[name]
		for r.form.Lists[list.Name] != nil {
			list.Name += "_external"
		}
		r.form.Lists[list.Name] = list
	}
}

// readLists reads the lists of a sheet.
func (r *reader) readLists(s *sheet, lists map[string]*form.List) {
	if s == nil {
		return
	}
	if len(s.rows) > 0 && !s.has("list_name") {
		r.note(form.Error, "no-list-column", form.Cell{Sheet: s.name, Row: s.headRow}, "", "The sheet has no column list_name.", "Add the column list_name.")
		return
	}
	if len(s.rows) > 0 && !s.has("name") {
		r.note(form.Error, "no-column", form.Cell{Sheet: s.name, Row: s.headRow}, "", "The sheet has no column name.", "Add the column name.")
		return
	}
	for _, c := range s.columns {
		if heading := strings.TrimSpace(c.heading); !c.known && strings.Contains(heading, " ") {
			r.note(form.Warning, "heading-blank", form.Cell{Sheet: s.name, Row: s.headRow, Column: c.heading}, heading, fmt.Sprintf("No choice_filter can read the column %s: it has a blank in its name.", heading),
				"Write "+strings.Join(strings.Fields(heading), "_")+".")
		}
	}
	for _, row := range s.rows {
		listName, listAt := row.get("list_name")
		name, at := row.get("name")
		switch {
		case listName == "" && name == "":
			continue // a line of text between lists
		case listName == "":
			r.note(form.Error, "no-list-name", listAt, "", fmt.Sprintf("Choice %s belongs to no list.", name), "Write the list's name in the column list_name.")
			continue
		case name == "":
			r.note(form.Error, "no-name", at, "", fmt.Sprintf("A choice of list %s has no name.", listName), "Write what is stored when it is chosen in the column name.")
			continue
		}
		list := lists[listName]
		if list == nil {
			list = &form.List{Name: listName, Columns: s.extraColumns()}
			lists[listName] = list
		}
		list.Choices = append(list.Choices, form.Choice{Name: name, Columns: row.extra(), Source: form.Cell{Sheet: s.name, Row: row.number}})
	}
}

// has reports whether a sheet has a column.
func (s *sheet) has(key string) bool {
	for _, c := range s.columns {
		if c.key == key {
			return true
		}
	}
	return false
}

// extraColumns returns the keys of the columns that XLSForm does not know.
func (s *sheet) extraColumns() []string {
	var keys []string
	for _, c := range s.columns {
		if !c.known && c.key != "" {
			keys = append(keys, c.key)
		}
	}
	return keys
}

// extra returns the row's cells in columns that XLSForm does not know; nil when there are none.
func (r *row) extra() map[string]string {
	var cells map[string]string
	for n, text := range r.cells {
		if n < len(r.sheet.columns) && text != "" && !r.sheet.columns[n].known && r.sheet.columns[n].key != "" {
			if cells == nil {
				cells = map[string]string{}
			}
			cells[r.sheet.columns[n].key] = text
		}
	}
	return cells
}
