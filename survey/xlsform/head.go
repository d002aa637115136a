package xlsform

import (
	"fmt"
	"slices"
	"strings"

	"vereda/survey/form"
)

// firstNames is what the sheet choices was called in the first years.
const firstNames = "choices and columns"

// role returns which sheet of a form a sheet is, in small letters; its own name when it is none.
func (r *reader) role(name string, tabs []tab) string {
	role := strings.ToLower(strings.TrimSpace(name))
	isChoices := func(t tab) bool { return strings.EqualFold(strings.TrimSpace(t.name), "choices") }
	if r.strict || role != firstNames || slices.ContainsFunc(tabs, isChoices) {
		return role
	}
	r.note(form.Warning, "sheet-name", form.Cell{Sheet: name}, "", fmt.Sprintf("The sheet %s is read as the sheet choices.", name), "Rename it to choices.")
	return "choices"
}

// maxTitles is how many rows of titles and remarks may stand above the headings.
const maxTitles = 10

// headings are the columns that tell the headings of a sheet from a title above them.
var headings = map[string][]string{"survey": {"type", "name"}, "choices": {"list_name", "name"}}

// readHead takes the headings off the rows: the first row, or where that has none of the columns a sheet must have, the first one below it that has them all.
func (r *reader) readHead(s *sheet) {
	if len(s.rows) == 0 {
		return
	}
	head := 0
	if role := strings.ToLower(strings.TrimSpace(s.name)); !r.strict && headings[role] != nil {
		head = titlesAbove(s.rows, headings[role])
	}
	if head > 0 {
		r.note(form.Warning, "title-rows", form.Cell{Sheet: s.name, Row: s.rows[0].number}, "", fmt.Sprintf("The headings stand in row %d; what is above them is not read.", s.rows[head].number),
			"Write the headings in the first row; a title belongs in form_title, on the sheet settings.")
	}
	top := s.rows[head]
	if s.headRow, s.rows = top.number, s.rows[head+1:]; !r.strict {
		r.makeVisible(s, top.cells, func(int) bool { return true }, s.headRow)
	}
	if s.columns = r.readHeader(s, top.cells); r.strict {
		return
	}
	for _, row := range s.rows {
		r.makeVisible(s, row.cells, func(n int) bool { return n < len(s.columns) && !slices.Contains(translated, s.columns[n].key) }, row.number)
	}
}

// titlesAbove returns how many rows stand above the headings; 0 when the first row has a needed column, or no row has them all.
func titlesAbove(rows []*row, needed []string) int {
	for n, row := range rows[:min(maxTitles+1, len(rows))] {
		found := 0
		for _, key := range needed {
			if slices.ContainsFunc(row.cells, func(c string) bool { k, _ := keyOf(normal(visible.Replace(c)), needed); return k == key }) {
				found++
			}
		}
		if found == len(needed) {
			return n
		} else if n == 0 && found > 0 {
			break
		}
	}
	return 0
}

// invisible are characters that show nothing; in names, types and expressions they are left over from a web page or a word processor.
const invisible = "\u200b\u2060\ufeff\u00ad\u200e\u200f"

// visible takes them out.
var visible = strings.NewReplacer("\u200b", "", "\u2060", "", "\ufeff", "", "\u00ad", "", "\u200e", "", "\u200f", "")

// makeVisible takes invisible characters out of those cells of a row that are no texts to show.
func (r *reader) makeVisible(s *sheet, cells []string, concerned func(n int) bool, number int) {
	for n, c := range cells {
		if !strings.ContainsAny(c, invisible) || !concerned(n) {
			continue
		}
		cells[n] = strings.TrimSpace(visible.Replace(c))
		if key := "invisible " + s.name; !r.said[key] {
			r.said[key] = true
			r.note(form.Warning, "invisible", form.Cell{Sheet: s.name, Row: number}, cells[n], "There are characters that show nothing, such as blanks of no width; they are left out of names, types and rules.", "Type the cell anew.")
		}
	}
}
