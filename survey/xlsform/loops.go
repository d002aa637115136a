package xlsform

import (
	"fmt"
	"slices"
	"strings"

	"vereda/survey/form"
)

// A loop ("begin loop over LIST") stands for its rows once for each choice of a list: a group of the loop's name that holds a group for each choice, named and
// labelled as the choice, with the rows in it. %(name)s and %(label)s in their cells stand for the choice.

// loopOver returns the list that a cell of the column type loops over; ok is false where it begins no loop.
func loopOver(text string) (list string, ok bool) {
	words := strings.Fields(strings.Replace(text, "_", " ", 1))
	if len(words) < 2 || !strings.EqualFold(words[0], "begin") || !strings.EqualFold(words[1], "loop") {
		return "", false
	}
	if len(words) > 2 && strings.EqualFold(words[2], "over") {
		words = words[1:]
	}
	return strings.Join(words[2:], " "), true
}

func endsLoop(text string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(strings.Replace(text, "_", " ", 1)), " "), "end loop")
}

// withoutLoops returns the rows with each loop written out.
func (r *reader) withoutLoops(rows []*row) []*row {
	if !slices.ContainsFunc(rows, func(row *row) bool { text, _ := row.get("type"); _, ok := loopOver(text); return ok }) {
		return rows
	}
	left := maxRows
	return r.writeOut(rows, &left, 0)
}

// writeOut writes out the loops of some rows; left is how many rows may still come of it.
func (r *reader) writeOut(rows []*row, left *int, depth int) []*row {
	var out []*row
	for n := 0; n < len(rows); n++ {
		row := rows[n]
		text, at := row.get("type")
		name, ok := loopOver(text)
		if !ok {
			if *left--; *left == 0 {
				r.note(form.Error, "too-large", at, text, fmt.Sprintf("With its loops written out the form has more than %d rows.", maxRows), "Use a repeat.")
			}
			if *left > 0 {
				out = append(out, row)
			}
			continue
		}
		end := loopEnd(rows, n)
		list := r.form.Lists[name]
		switch {
		case end < 0:
			loop, _ := row.get("name")
			r.note(form.Error, "not-closed", at, text, fmt.Sprintf("The loop %s is not closed.", loop), "Write end loop below its last row.")
			return out
		case list == nil || depth == maxDepth:
			hint := "Write begin loop over, and the name of a list of sheet choices."
			if near := r.nearest(name, func() []string { return keys(r.form.Lists) }); near != "" {
				hint = fmt.Sprintf("Write begin loop over %s.", near)
			}
			r.note(form.Error, "unknown-list", at, text, fmt.Sprintf("There is no list %s on the sheet choices to loop over.", name), hint)
		default:
			out = append(out, row.with(map[string]string{"type": "begin group"}))
			for _, choice := range list.Choices {
				if *left <= 0 {
					break
				}
				out = append(out, r.loopTurn(row, rows[n+1:end], choice, left, depth)...)
			}
			out = append(out, rows[end].with(map[string]string{"type": "end group"}))
		}
		n = end
	}
	return out
}

// loopEnd returns the place of the row that closes the loop begun at n; -1 when there is none.
func loopEnd(rows []*row, n int) int {
	open := 0
	for ; n < len(rows); n++ {
		text, _ := rows[n].get("type")
		if _, ok := loopOver(text); ok {
			open++
		} else if endsLoop(text) {
			if open--; open == 0 {
				return n
			}
		}
	}
	return -1
}

// loopTurn returns the rows of a loop for one choice.
func (r *reader) loopTurn(loop *row, rows []*row, choice form.Choice, left *int, depth int) []*row {
	labels := r.labelsOf(choice)
	begin := &row{loop.sheet, loop.number, make([]string, len(loop.sheet.columns))}
	for n, c := range loop.sheet.columns {
		switch c.key {
		case "type":
			begin.cells[n] = "begin group"
		case "name":
			begin.cells[n] = choice.Name
		case "label":
			begin.cells[n] = labels[c.language]
		}
	}
	turn := []*row{begin}
	for _, template := range r.writeOut(rows, left, depth+1) {
		copied := &row{template.sheet, template.number, slices.Clone(template.cells)}
		for n, text := range copied.cells {
			if n < len(template.sheet.columns) && strings.Contains(text, "%(") && !(r.strict && template.sheet.columns[n].key == "name") {
				label := labels[template.sheet.columns[n].language]
				copied.cells[n] = strings.NewReplacer("%(name)s", choice.Name, "%(label)s", label).Replace(text)
			}
		}
		turn = append(turn, copied)
	}
	return append(turn, loop.with(map[string]string{"type": "end group", "name": choice.Name}))
}

// labelsOf returns the labels of a choice as written, by language; "" is the language of columns that name none, or the first that there is.
func (r *reader) labelsOf(choice form.Choice) map[string]string {
	labels := map[string]string{}
	row := r.choices.row(choice.Source.Row)
	for n, c := range r.choices.columns {
		if c.key != "label" || row.empty(n) {
			continue
		}
		labels[c.language] = row.cells[n]
		if labels[""] == "" {
			labels[""] = row.cells[n]
		}
	}
	return labels
}

// with returns a copy of a row with other cells in some columns, which the sheet gets if it has them not.
func (r *row) with(cells map[string]string) *row {
	for _, key := range keys(cells) {
		if cells[key] != "" && !r.sheet.has(key) {
			r.sheet.columns = append(r.sheet.columns, column{heading: key, key: key, known: true})
		}
	}
	c := &row{r.sheet, r.number, make([]string, len(r.sheet.columns))}
	copy(c.cells, r.cells)
	for n, column := range r.sheet.columns {
		if text, ok := cells[column.key]; ok && column.language == "" {
			c.cells[n] = text
		}
	}
	return c
}
