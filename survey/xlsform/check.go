package xlsform

import (
	"fmt"
	"strings"

	"vereda/survey/form"
)

// checkQuestion reports what a question of its type needs and does not have.
func (r *reader) checkQuestion(i *form.Item, row *row) {
	text, at := row.get("type")
	if i.Kind == form.Repeat && i.Label.IsZero() {
		r.note(form.Warning, "no-label", at, text, fmt.Sprintf("The repeat %s has no label; its name is shown.", i.Name), "Write a label.")
	}
	r.checkAppearance(i, row)
	if i.Kind != form.Question {
		return
	}
	r.hideCalculated(i, row)
	calculation, _ := row.get("calculation")
	preset, _ := row.get("default")
	switch {
	case i.Type == form.TypeCalculate && calculation == "" && preset == "":
		at.Column = headingOf(row.sheet, "calculation")
		r.note(form.Error, "no-calculation", at, "", fmt.Sprintf("The calculate %s calculates nothing.", i.Name), "Write its expression in the column calculation.")
	case i.Type == form.TypeCalculate && calculation == "" && i.Default == nil:
		at.Column = headingOf(row.sheet, "calculation")
		r.strictly("only-default", at, "", fmt.Sprintf("The calculate %s calculates nothing; it keeps its default.", i.Name), "Write the default in the column calculation.")
	case i.Type.Shown() && i.Label.IsZero() && i.Hint.IsZero() && !i.Guidance.IsZero():
		r.note(form.Warning, "guidance-alone", at, text, fmt.Sprintf("The question %s has neither label nor hint; its name is shown.", i.Name), "Write a label.")
		i.Label = r.everywhere(i.Name)
	case i.Type.Shown() && i.Label.IsZero() && i.Hint.IsZero() && len(i.Media) == 0:
		r.note(form.Warning, "no-label", at, text, fmt.Sprintf("The question %s has no label; its name is shown.", i.Name), "Write a label.")
		i.Label = r.everywhere(i.Name)
	}
	if strings.HasPrefix(strings.ToLower(text), "osm") {
		r.note(form.Warning, "not-asked", at, text, "The field app draws no map; a file is chosen instead.", "")
	}
}

// checkAppearance warns of words that no screen shows. One that would bring other answers is an error.
func (r *reader) checkAppearance(i *form.Item, row *row) {
	for _, word := range i.Appearance {
		severity, hint := form.Warning, i.Instead(word)
		if strings.ToLower(appearanceWord(word)) == "search" {
			severity, hint = form.Error, "Put the choices on the sheet choices and use choice_filter."
		}
		if hint != "" {
			text, at := row.get("appearance")
			r.note(severity, "unsupported-appearance", at, text, fmt.Sprintf("The appearance %s is not supported.", word), hint)
		}
	}
}

// appearanceWord returns an appearance without its arguments.
func appearanceWord(word string) string {
	word, _, _ = strings.Cut(word, "(")
	if strings.HasPrefix(word, "ex:") {
		return "ex:"
	}
	return word
}

// headingOf returns the heading of a column, or its key where the sheet has none.
func headingOf(s *sheet, key string) string {
	for _, c := range s.columns {
		if c.key == key {
			return c.heading
		}
	}
	return key
}

// checkCells reports cells in columns that Vereda does not run.
func (r *reader) checkCells(row *row) {
	for n, text := range row.cells {
		if text == "" {
			continue
		}
		if n >= len(row.sheet.columns) || row.sheet.columns[n].heading == "" {
			r.noteOnce(form.Warning, "no-heading", form.Cell{Sheet: row.sheet.name, Row: row.number}, text, "A cell stands under no heading; it is left out.", "Write a heading above it.")
			continue
		}
		c := row.sheet.columns[n]
		hint, refused := unsupported[c.key]
		switch prefix, _, _ := strings.Cut(c.key, "::"); {
		case harmless[c.key]:
			r.noteOnce(form.Warning, "no-effect", row.at(n), text, fmt.Sprintf("The column %s has no effect: external programs are not started.", c.heading), "")
		case refused:
			r.note(form.Error, "unsupported-column", row.at(n), text, fmt.Sprintf("The column %s is not supported.", c.heading), hint)
		case prefix == "media" && !shownMedia(row, c.key):
			r.noteOnce(form.Warning, "media", row.at(n), text, fmt.Sprintf("Files named in column %s are not shown; the label is.", c.heading), "")
		}
	}
}

// shownMedia reports whether the field app shows or plays the files that a row names in a column: all of a question, the pictures of a choice, none of a group.
func shownMedia(row *row, key string) bool {
	if strings.EqualFold(row.sheet.name, "survey") {
		typ, _ := row.get("type")
		return !strings.HasPrefix(strings.ToLower(typ), "begin")
	}
	return strings.HasPrefix(key, "media::image") || strings.HasPrefix(key, "media::big-image")
}

// noteOnce notes a problem the first time it comes up in a column.
func (r *reader) noteOnce(s form.Severity, code string, at form.Cell, text, message, hint string) {
	key := code + "\x00" + at.Sheet + "\x00" + at.Column
	if !r.said[key] {
		r.said[key] = true
		r.note(s, code, at, text, message, hint)
	}
}
