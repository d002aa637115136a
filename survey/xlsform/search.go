package xlsform

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// searchCall matches the appearance search('file'), or search('file', 'matches', 'column', value).
var searchCall = regexp.MustCompile(`search\(\s*['"]([\w.-]+)['"]\s*(?:,\s*['"](matches|contains|startswith|endswith)['"]\s*,\s*['"](\w+)['"]\s*,\s*(.+))?\)\s*$`)

// searchTests are the conditions of search(); %[1]s is the column, %[2]s the value.
var searchTests = map[string]string{"matches": "%[1]s = %[2]s", "contains": "contains(%[1]s, %[2]s)", "startswith": "starts-with(%[1]s, %[2]s)",
	"endswith": "ends-with(%[1]s, %[2]s)"}

// readSearch reads a select whose appearance is search(): its list has one choice, whose name and label are the headings of columns of an attached
// table, and each value that the first column has is offered once. It reports whether it is such a select.
func (r *reader) readSearch(i *form.Item, row *row) bool {
	appearance, at := row.get("appearance")
	m := searchCall.FindStringSubmatch(appearance)
	if filter, _ := row.get("choice_filter"); m == nil || filter != "" || i.List == nil || len(i.List.Choices) != 1 {
		return false
	}
	value, label := i.List.Choices[0].Name, r.plainLabel(i.List.Choices[0])
	if _, err := strconv.ParseFloat(value, 64); err == nil || !form.ValidName(value) || !form.ValidName(label) {
		return false
	}
	passes := "true()"
	if m[2] != "" {
		e := r.replace(m[4], i, true)
		if e.bad != "" {
			r.note(form.Error, e.code, at, appearance, e.bad, e.hint)
			return true
		}
		passes = fmt.Sprintf(searchTests[m[2]], m[3], e.text)
	}
	id := strings.TrimSuffix(m[1], ".csv")
	nodes := fmt.Sprintf("instance('%s')/root/item[%s][not(preceding-sibling::item[%s]/%s = %s)]", id, passes, passes, value, value)
	own := func(source string) *xpath.Expr { return r.parse(source, row, "appearance", nil) }
	i.ChoiceFilter, i.Itemset = own(r.shuffled(nodes, i)), &form.Itemset{Value: own(value), Label: own(label)}
	i.List = &form.List{Name: string(i.Path)}
	r.form.Lists[i.List.Name] = i.List
	r.addFile(at, id, id+".csv")
	i.Appearance = strings.Fields(searchCall.ReplaceAllString(appearance, ""))
	return true
}

// plainLabel returns the label of a choice in the workbook's first column of labels.
func (r *reader) plainLabel(choice form.Choice) string {
	row := r.choices.row(choice.Source.Row)
	for n, c := range r.choices.columns {
		if row != nil && c.key == "label" && !row.empty(n) {
			return row.cells[n]
		}
	}
	return ""
}
