package xform

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// defaultLanguage names the language of a form without itext.
const defaultLanguage = "default"

var trailingCode = regexp.MustCompile(`\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)\)\s*$`)

// readTexts reads the itext: languages, and texts by id. Besides the text itself an id may have forms: "guidance", "image" and the like,
// kept under id + "#" + form.
func (r *reader) readTexts() {
	f := r.form
	byID := map[string]map[string][]form.Part{}
	if itext := child(r.model, "itext"); itext != nil {
		for _, t := range elements(itext) {
			name := attr(t, "lang")
			if local(t.Name) != "translation" || name == "" {
				r.refuse("bad-itext", form.Cell{Sheet: "itext"}, t.Name, "The itext holds something that is no translation into a language.")
				continue
			}
			f.Languages = append(f.Languages, language(name))
			if f.DefaultLanguage == "" || isDefault(t) {
				f.DefaultLanguage = name
			}
			r.readTranslation(t, name, byID)
		}
	}
	if len(f.Languages) == 0 {
		f.DefaultLanguage = defaultLanguage
		f.Languages = []form.Language{{Name: defaultLanguage}}
	}
	for id, texts := range byID {
		r.texts[id] = form.NewText(texts)
	}
	f.Texts = r.texts
}

func isDefault(t *xpath.Node) bool {
	return has(t, "default") && attr(t, "default") != "false()" && attr(t, "default") != "false"
}

func language(name string) form.Language {
	l := form.Language{Name: name}
	if m := trailingCode.FindStringSubmatch(name); m != nil {
		l.Code = strings.ReplaceAll(m[1], "_", "-")
	} else if len(name) == 2 {
		l.Code = strings.ToLower(name)
	}
	return l
}

// textForms are the forms of a text that Vereda keeps.
var textForms = []string{"", "long", "short", "guidance", "image", "audio", "video", "big-image"}

func (r *reader) readTranslation(t *xpath.Node, language string, byID map[string]map[string][]form.Part) {
	for _, text := range elements(t) {
		id := attr(text, "id")
		at := form.Cell{Sheet: "itext", Column: id}
		if local(text.Name) != "text" || id == "" {
			r.refuse("bad-itext", at, text.Name, "A translation holds something that is no text with an id.")
			continue
		}
		for _, value := range elements(text) {
			kind := attr(value, "form")
			if local(value.Name) != "value" || !slices.Contains(textForms, kind) {
				r.note(form.Warning, "bad-itext", at, kind, fmt.Sprintf("The text has a <%s> of the unknown form %q, which nothing shows.", value.Name, kind), "")
				continue
			}
			key := id
			if kind != "" && kind != "long" {
				key += "#" + kind
			}
			if byID[key] == nil {
				byID[key] = map[string][]form.Part{}
			}
			byID[key][language] = r.parts(value, at)
		}
	}
}

// parts reads the words and outputs of a text, without the blanks at its ends.
func (r *reader) parts(n *xpath.Node, at form.Cell) []form.Part {
	return trimmed(r.partsIn(n, at, nil))
}

func (r *reader) partsIn(n *xpath.Node, at form.Cell, list []form.Part) []form.Part {
	if n.Value != "" {
		list = withWords(list, n.Value)
	}
	for _, c := range n.Children {
		switch {
		case c.Kind == xpath.TextNode:
			list = withWords(list, c.Value)
		case c.Kind != xpath.Element:
		case local(c.Name) == "output":
			source := attr(c, "value")
			if source == "" {
				source = attr(c, "ref")
			}
			if e := r.parse(source, at); e != nil {
				list = append(list, form.Part{Expr: e})
			}
		default: // markup: its words
			list = r.partsIn(c, at, list)
		}
	}
	return list
}

// withWords adds words to the parts of a text.
func withWords(list []form.Part, words string) []form.Part {
	if n := len(list); n > 0 && list[n-1].Expr == nil {
		list[n-1].Words += words
		return list
	}
	return append(list, form.Part{Words: words})
}

// trimmed leaves the blanks at the ends of a text away.
func trimmed(list []form.Part) []form.Part {
	if n := len(list); n > 0 && list[0].Expr == nil {
		if list[0].Words = strings.TrimLeft(list[0].Words, blanks); list[0].Words == "" && n > 1 {
			list = list[1:]
		}
	}
	if n := len(list); n > 0 && list[n-1].Expr == nil {
		if list[n-1].Words = strings.TrimRight(list[n-1].Words, blanks); list[n-1].Words == "" && n > 1 {
			list = list[:n-1]
		}
	}
	if len(list) == 0 {
		return []form.Part{{}}
	}
	return list
}

// blanks are what XML takes for white space.
const blanks = " \t\r\n"

// textOfElement reads a label, hint or the like: by reference into the itext, or its own words.
func (r *reader) textOfElement(n *xpath.Node, at form.Cell) form.Text {
	if ref := attr(n, "ref"); ref != "" {
		return r.referenced(ref, at)
	}
	if len(n.Children) == 0 && strings.TrimSpace(n.Value) == "" {
		return form.Text{}
	}
	parts := r.parts(n, at)
	if len(parts) == 1 && parts[0] == (form.Part{}) {
		return form.Text{}
	}
	return form.NewText(map[string][]form.Part{r.form.DefaultLanguage: parts})
}

var itextCall = regexp.MustCompile(`^jr:itext\(\s*['"](.*)['"]\s*\)$`)

// referenced reads "jr:itext('id')", or a path whose value is the text.
func (r *reader) referenced(ref string, at form.Cell) form.Text {
	if m := itextCall.FindStringSubmatch(ref); m != nil {
		text, ok := r.texts[m[1]]
		if !ok && !slices.ContainsFunc(textForms, func(kind string) bool { return !r.texts[m[1]+"#"+kind].IsZero() }) {
			r.refuse("unknown-text", at, ref, fmt.Sprintf("The itext has no text %s.", m[1]))
		}
		return text
	}
	if e := r.parse(ref, at); e != nil {
		return form.NewText(map[string][]form.Part{r.form.DefaultLanguage: {{Expr: e}}})
	}
	return form.Text{}
}

// message reads the text of an attribute: words, or a reference into the itext.
func (r *reader) message(text string, at form.Cell) form.Text {
	switch {
	case text == "":
		return form.Text{}
	case strings.HasPrefix(text, "jr:itext("):
		return r.referenced(text, at)
	}
	return form.NewText(map[string][]form.Part{r.form.DefaultLanguage: {{Words: text}}})
}

// parse parses an expression, once for each source; nil for a bad one, which is noted.
func (r *reader) parse(source string, at form.Cell) *xpath.Expr {
	source = r.unprefixed(source)
	if e := r.parsed[source]; e != nil {
		return e
	}
	e, err := xpath.Parse(source)
	if plain := html.UnescapeString(source); err != nil && plain != source { // escaped twice
		e, err = xpath.Parse(plain)
	}
	if err != nil {
		r.refuse("bad-expression", at, source, fmt.Sprintf("The expression cannot be read: %v.", err))
		return nil
	}
	r.parsed[source] = e
	return e
}

// unprefixed leaves the prefixes of names in paths away: items have none.
func (r *reader) unprefixed(source string) string {
	for _, prefix := range r.prefixes {
		source = strings.ReplaceAll(source, "/"+prefix+":", "/")
	}
	return source
}
