package xlsform

import (
	"fmt"
	"slices"
	"strings"

	"vereda/survey/form"
)

// readTexts reads the row's label, hint, messages and media in all languages.
func (r *reader) readTexts(i *form.Item, row *row) {
	for key, text := range map[string]*form.Text{"label": &i.Label, "hint": &i.Hint, "guidance_hint": &i.Guidance,
		"constraint_message": &i.ConstraintMessage, "required_message": &i.RequiredMessage} {
		*text = r.text(i, row, key)
	}
	i.Media = r.media(i, row)
}

// media reads the names of the files that are shown or played with a question or a choice; nil when there are none.
func (r *reader) media(i *form.Item, row *row) map[string]form.Text {
	var media map[string]form.Text
	for _, kind := range []string{"image", "audio", "video", "big-image"} {
		if t := r.text(i, row, "media::"+kind); !t.IsZero() {
			if media == nil {
				media = map[string]form.Text{}
			}
			media[kind] = t
		}
	}
	return media
}

// text reads a text from all columns of a key.
func (r *reader) text(i *form.Item, row *row, key string) form.Text {
	var texts map[string][]form.Part
	for n, c := range row.sheet.columns {
		if c.key != key || n >= len(row.cells) || row.cells[n] == "" {
			continue
		}
		language := c.language
		if language == "" {
			language = r.form.DefaultLanguage
		}
		if texts == nil {
			texts = map[string][]form.Part{}
		}
		if _, twice := texts[language]; !twice || c.language != "" {
			texts[language] = r.parts(row.cells[n], i, row, n)
		}
	}
	if texts == nil {
		return form.Text{}
	}
	return form.NewText(texts)
}

// parts splits a text at its references, and at paths into lists.
func (r *reader) parts(text string, i *form.Item, row *row, column int) []form.Part {
	if strings.Contains(text, "instance(") {
		if before, path, after := r.cutPath(text, i); path != nil {
			return slices.Concat(r.parts(before, i, row, column), []form.Part{{Expr: path}}, r.parts(after, i, row, column))
		}
	}
	var parts []form.Part
	for rest := text; rest != ""; {
		start := strings.Index(rest, "${")
		end := -1
		if start >= 0 {
			end = strings.IndexByte(rest[start:], '}')
		}
		if end < 0 {
			return append(parts, form.Part{Words: rest})
		}
		if start > 0 {
			parts = append(parts, form.Part{Words: rest[:start]})
		}
		name, saved := strings.CutPrefix(strings.TrimSpace(rest[start+2:start+end]), lastSaved)
		target, bad, hint := r.find(name, i)
		if bad != "" {
			r.note(form.Error, "bad-reference", row.at(column), text, bad, hint)
			return append(parts, form.Part{Words: rest[start:]})
		}
		path := pathTo(target, i, false, false)
		if saved {
			path = r.savedPath(target)
		}
		if len(r.byName[name]) > 1 {
			r.noteNear(row.at(column), text, target)
		}
		parts = append(parts, form.Part{Expr: r.parse(path, row, "label", nil)})
		rest = rest[start+end+1:]
	}
	return parts
}

// readChoiceTexts reads the labels of all choices. Their references are written as paths from the root: a list belongs to no question.
func (r *reader) readChoiceTexts() {
	used := r.usedLists()
	for _, list := range r.form.Lists {
		before := len(r.problems)
		for n := range list.Choices {
			r.readChoiceText(list, &list.Choices[n])
		}
		if !used[list.Name] {
			r.forgive(r.problems[before:], list.Name)
		}
	}
	for _, list := range r.form.Tags {
		for n := range list.Choices {
			list.Choices[n].Label = r.text(nil, r.osm.row(list.Choices[n].Source.Row), "label")
		}
	}
	for _, i := range r.rows {
		r.labelOther(i.item)
	}
	for _, s := range []*sheet{r.choices, r.external} {
		if s != nil {
			r.unsupportedMedia(s)
		}
	}
}

// usedLists returns the names of the lists that a question or an expression reads.
func (r *reader) usedLists() map[string]bool {
	used := map[string]bool{}
	for _, ir := range r.rows {
		if ir.item.List != nil {
			used[ir.item.List.Name] = true
		}
		used[ir.item.Parameters["tick_labelset"]] = true
		used[ir.item.Parameters["reference-geometry"]] = true
	}
	for source := range r.parsed {
		for rest := source; ; {
			_, after, ok := strings.Cut(rest, "instance(")
			if !ok {
				break
			}
			name, _, _ := strings.Cut(after, ")")
			used[strings.Trim(name, ` '"`)] = true
			rest = after
		}
	}
	return used
}

// forgive makes warnings of references to questions that are not there, in a list of choices that nobody is offered: it was left from another form.
func (r *reader) forgive(problems []form.Problem, list string) {
	for n := range problems {
		if p := &problems[n]; p.Code == "bad-reference" {
			p.Severity, p.Code = form.Warning, "unused-reference"
			p.Message = strings.TrimSuffix(p.Message, ".") + fmt.Sprintf("; the list %s is used by no question.", list)
			p.Hint = "Take the list out, or mend the name."
		}
	}
}

func (r *reader) readChoiceText(list *form.List, choice *form.Choice) {
	s := r.choices
	if r.external != nil && choice.Source.Sheet == r.external.name {
		s = r.external
	}
	row := s.row(choice.Source.Row)
	choice.Label, choice.Media = r.text(nil, row, "label"), r.media(nil, row)
	if choice.Label.IsZero() {
		_, at := row.get("name")
		r.note(form.Warning, "no-label", at, choice.Name, fmt.Sprintf("The choice %s of list %s has no label; its name is shown.", choice.Name, list.Name), "Write a label.")
		choice.Label = r.everywhere(choice.Name)
	}
}

// labelOther gives the copy of a list that or_other made the labels of the list.
func (r *reader) labelOther(i *form.Item) {
	if !i.OrOther || i.List == nil || r.form.Lists[i.List.Name] == i.List {
		return
	}
	if list := r.form.Lists[i.List.Name]; list != nil {
		copy(i.List.Choices, list.Choices)
	}
}

// everywhere returns words that are the same in all languages.
func (r *reader) everywhere(words string) form.Text {
	texts := map[string][]form.Part{}
	for _, l := range r.form.Languages {
		texts[l.Name] = []form.Part{{Words: words}}
	}
	return form.NewText(texts)
}

// unsupportedMedia warns once of each column of pictures or sounds that no screen shows.
func (r *reader) unsupportedMedia(s *sheet) {
	for n, c := range s.columns {
		if !strings.HasPrefix(c.key, "media::") {
			continue
		}
		at := slices.IndexFunc(s.rows, func(row *row) bool { return n < len(row.cells) && row.cells[n] != "" && !shownMedia(row, c.key) })
		if at >= 0 {
			r.note(form.Warning, "media", s.rows[at].at(n), s.rows[at].cells[n], fmt.Sprintf("Files named in column %s are not shown; the label is.", c.heading), "")
		}
	}
}
