package xlsform

import (
	"fmt"
	"strings"

	"vereda/survey/form"
)

// KoboToolbox has three kinds of groups of its own, which it writes out before a form is used: begin_score (one list for all rows), begin_rank (a place in the order
// for each row) and begin_kobomatrix (the rows once for each choice). They are written out here in the same way, with the same names.

// koboGroups are the columns that name the list of such a group, by what follows begin_ and end_.
var koboGroups = map[string]string{"score": "kobo--score-choices", "rank": "kobo--rank-items", "kobomatrix": "kobo--matrix_list"}

// koboWord reads "begin_score", "end_score" and such.
func koboWord(text string) (begin bool, kind string) {
	first, kind, ok := strings.Cut(strings.Replace(strings.ToLower(text), " ", "_", 1), "_")
	if !ok || koboGroups[kind] == "" || first != "begin" && first != "end" {
		return false, ""
	}
	return first == "begin", kind
}

// withoutKobo returns the rows with each such group written out.
func (r *reader) withoutKobo(rows []*row) []*row {
	var out []*row
	for n := 0; n < len(rows); n++ {
		text, at := rows[n].get("type")
		begin, kind := koboWord(text)
		if !begin {
			out = append(out, rows[n])
			continue
		}
		end := n + 1
		for ; end < len(rows); end++ {
			text, _ := rows[end].get("type")
			if begin, other := koboWord(text); !begin && other == kind {
				break
			}
		}
		name, _ := rows[n].get("name")
		if end == len(rows) {
			r.note(form.Error, "not-closed", at, text, fmt.Sprintf("The %s %s is not closed.", kind, name), fmt.Sprintf("Write end_%s below its last row.", kind))
			return out
		}
		r.note(form.Warning, "dialect-type", at, text, fmt.Sprintf("The type %s is KoboToolbox's own: it is read as a group.", text), "")
		list, _ := rows[n].get(koboGroups[kind])
		out = append(out, rows[n].with(map[string]string{"type": "begin group", "appearance": "field-list"}))
		switch kind {
		case "score":
			out = append(out, r.scoreRows(rows[n], rows[n+1:end], name, list)...)
		case "rank":
			out = append(out, r.rankRows(rows[n], rows[n+1:end], name, list)...)
		default:
			out = append(out, r.matrixRows(rows[n], rows[n+1:end], name, list, maxRows-len(out))...)
		}
		out = append(out, rows[end].with(map[string]string{"type": "end group"}))
		n = end
	}
	return out
}

// scoreRows makes a select of each row, below one that shows the choices.
func (r *reader) scoreRows(begin *row, rows []*row, name, list string) []*row {
	out := []*row{begin.with(map[string]string{"type": "select_one " + list, "name": name + "_header", "appearance": "label", "required": "", "relevant": ""})}
	for _, row := range rows {
		out = append(out, row.with(map[string]string{"type": "select_one " + list, "appearance": "list-nolabel"}))
	}
	return out
}

// rankRows makes a select of each row; none may be answered as one before it.
func (r *reader) rankRows(begin *row, rows []*row, name, list string) []*row {
	message, _ := begin.get("kobo--rank-constraint-message")
	out := []*row{begin.with(map[string]string{"type": "note", "name": name + "_label", "required": "", "relevant": ""})}
	var before []string
	for _, row := range rows {
		cells := map[string]string{"type": "select_one " + list, "appearance": "minimal"}
		if len(before) > 0 {
			cells["constraint"], cells["constraint_message"] = strings.Join(before, " and "), message
		}
		out = append(out, row.with(cells))
		level, _ := row.get("name")
		before = append(before, fmt.Sprintf(". != ${%s}", level))
	}
	return out
}

// matrixRows makes a group of the rows for each choice of the list; left is how many rows may come of it.
func (r *reader) matrixRows(begin *row, rows []*row, name, list string, left int) []*row {
	text, at := begin.get("type")
	choices := r.form.Lists[list]
	if choices == nil {
		r.note(form.Error, "unknown-list", at, text, fmt.Sprintf("There is no list %s on the sheet choices for the matrix %s.", list, name), "Write its name in the column kobo--matrix_list.")
		return nil
	}
	var out []*row
	for _, choice := range choices.Choices {
		if left -= len(rows) + 2; left < 0 {
			r.note(form.Error, "too-large", at, text, fmt.Sprintf("With its matrix written out the form has more than %d rows.", maxRows), "Use a repeat.")
			return nil
		}
		inner := begin.with(map[string]string{"type": "begin group", "name": name + "_" + choice.Name, "appearance": "", "required": "", "relevant": ""})
		labels := r.labelsOf(choice)
		for n, c := range inner.sheet.columns {
			if c.key == "label" {
				inner.cells[n] = labels[c.language]
			}
		}
		out = append(out, inner)
		for _, row := range rows {
			question, _ := row.get("name")
			out = append(out, row.with(map[string]string{"name": name + "_" + choice.Name + "_" + question}))
		}
		out = append(out, begin.with(map[string]string{"type": "end group", "name": name + "_" + choice.Name}))
	}
	return out
}
