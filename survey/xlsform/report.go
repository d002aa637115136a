package xlsform

import (
	"cmp"
	"slices"
	"strings"

	"vereda/survey/form"
)

// note adds a problem.
func (r *reader) note(s form.Severity, code string, at form.Cell, text, message, hint string) {
	r.problems = append(r.problems, form.Problem{Severity: s, Code: code, Cell: at, Text: text, Message: message, Hint: hint})
}

// strictly adds a problem that only the reference converter sees.
func (r *reader) strictly(code string, at form.Cell, text, message, hint string) {
	if r.strict {
		r.note(form.Error, code, at, text, message, hint)
	}
}

// placed puts the heading and the text of the workbook's cell into a problem that Form.Compile found.
func (r *reader) placed(p form.Problem) form.Problem {
	switch {
	case p.Code == "unknown-path" && !strings.Contains(p.Message, "no list"):
		p.Severity = form.Warning
		p.Message = strings.TrimSuffix(p.Message, ".") + "; it is empty here, as in other tools."
		p.Hint = "Put text in quotes, and questions in ${}."
		if strings.Contains(p.Message, "no column") {
			p.Hint = "Write the column on sheet choices, or the name of one that is there."
		}
	case p.Code == "empty-form" && len(r.form.External) > 0:
		p.Code = "only-files"
	case p.Code == "duplicate-choice" && p.Severity == form.Error:
		p.Severity = form.Warning
		p.Message = strings.TrimSuffix(p.Message, ".") + ", with another label; both are offered, and the answers cannot be told apart."
	}
	if p.Code == "unknown-path" && p.Hint == "" {
		p.Hint = r.listHint(p.Message)
	}
	for _, s := range []*sheet{r.survey, r.choices, r.settings} {
		if s == nil || s.name != p.Cell.Sheet && !(s == r.settings && p.Cell.Sheet == "settings") {
			continue
		}
		p.Cell.Sheet = s.name
		row := s.row(p.Cell.Row)
		if s == r.settings && len(s.rows) > 0 {
			row = s.rows[0]
		}
		if row == nil {
			continue
		}
		for n, c := range s.columns {
			if c.key == p.Cell.Column && n < len(row.cells) && row.cells[n] != "" {
				p.Cell, p.Text = row.at(n), row.cells[n]
				return p
			}
		}
	}
	return p
}

// listHint names the list or file that was most likely meant by an instance() that is not there.
func (r *reader) listHint(message string) string {
	_, rest, _ := strings.Cut(message, "instance('")
	name, _, ok := strings.Cut(rest, "')")
	near := r.nearest(name, func() []string { return append(keys(r.form.Lists), keys(r.form.External)...) })
	if !ok || near == "" {
		return ""
	}
	return "Write instance('" + near + "')."
}

// tidy returns the problems, one for each cell: of several an error, and the first. Errors come before warnings, both in the order of the workbook.
func (r *reader) tidy() []form.Problem {
	if r.strict {
		verdict(r.problems)
	}
	place := func(p form.Problem) [3]int {
		for n, s := range []*sheet{r.settings, r.survey, r.choices} {
			if s != nil && s.name == p.Cell.Sheet {
				return [3]int{n + 1, p.Cell.Row, slices.IndexFunc(s.columns, func(c column) bool { return c.heading == p.Cell.Column })}
			}
		}
		return [3]int{0, p.Cell.Row, 0}
	}
	slices.SortStableFunc(r.problems, func(a, b form.Problem) int {
		x, y := place(a), place(b)
		return cmp.Or(slices.Compare(x[:], y[:]), strings.Compare(a.Cell.Sheet, b.Cell.Sheet), int(b.Severity)-int(a.Severity))
	})
	kept := slices.CompactFunc(r.problems, func(a, b form.Problem) bool {
		return a.Cell == b.Cell && (a.Cell.Column != "" || a.Message == b.Message)
	})
	slices.SortStableFunc(kept, func(a, b form.Problem) int { return int(b.Severity) - int(a.Severity) })
	return kept
}
