package xform

import (
	"fmt"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// entry is a text of the itext: its forms, the text itself ("") and "guidance", "image" and the like.
type entry struct {
	id    string
	forms []formText
}

type formText struct {
	form string
	text form.Text
}

// plain reports whether a text can stand where it is shown, words alone.
func (x *writer) plain(t form.Text) bool { return x.untranslated(t) && len(t.Exprs()) == 0 }

// untranslated reports whether a text is in no language in particular: it is shown to all.
func (x *writer) untranslated(t form.Text) bool {
	l := t.Languages()
	return x.form.DefaultLanguage == defaultLanguage && len(l) == 1 && l[0] == defaultLanguage
}

// oneTongue reports whether the form has one language without a name.
func (x *writer) oneTongue() bool {
	l := x.form.Languages
	return len(l) == 0 || len(l) == 1 && l[0].Name == defaultLanguage
}

// text puts a text into the itext and returns its id: the one asked for, or another where that is taken by a text that an expression names.
func (x *writer) text(id string, forms ...formText) string {
	id = strings.ReplaceAll(id, "'", "_")
	e := &entry{id, nil}
	for _, t := range forms {
		if !t.text.IsZero() {
			e.forms = append(e.forms, t)
		}
	}
	for base, n := id, 2; ; n++ {
		known := x.byID[e.id]
		if known != nil && x.same(known, e) {
			return e.id
		}
		if known == nil && (!x.keptTexts[e.id] || x.same(x.keptEntry(e.id), e)) {
			break
		}
		e.id = fmt.Sprintf("%s-%d", base, n)
	}
	x.byID[e.id] = e
	x.texts = append(x.texts, e)
	return e.id
}

// same reports whether two texts are written alike.
func (x *writer) same(a, b *entry) bool {
	if len(a.forms) != len(b.forms) {
		return false
	}
	for n := range a.forms {
		if a.forms[n].form != b.forms[n].form {
			return false
		}
		for _, l := range x.form.Languages {
			if !slices.EqualFunc(x.partsIn(a.forms[n].text, l.Name), x.partsIn(b.forms[n].text, l.Name), samePart) {
				return false
			}
		}
	}
	return true
}

func samePart(a, b form.Part) bool {
	if a.Expr == nil || b.Expr == nil {
		return a == b
	}
	return a.Expr.String() == b.Expr.String()
}

func (x *writer) partsIn(t form.Text, language string) []form.Part {
	return t.In(language, x.form.DefaultLanguage)
}

// itext makes the translations; nil when no text needs them.
func (x *writer) itext() *xpath.Node {
	for _, id := range x.keptOrder {
		if x.byID[id] == nil {
			e := x.keptEntry(id)
			x.byID[id] = e
			x.texts = append(x.texts, e)
		}
	}
	languages := x.form.Languages
	if len(x.texts) == 0 && x.oneTongue() {
		return nil
	}
	itext := element("itext")
	for _, l := range languages {
		t := element("translation")
		set(t, "lang", l.Name)
		if l.Name == x.form.DefaultLanguage {
			set(t, "default", "true()")
		}
		for _, e := range x.texts {
			text := element("text")
			set(text, "id", e.id)
			for _, f := range e.forms {
				value := element("value")
				if f.form != "" {
					set(value, "form", f.form)
				}
				x.words(value, x.partsIn(f.text, l.Name))
				add(text, value)
			}
			add(t, text)
		}
		add(itext, t)
	}
	return itext
}

// words writes the parts of a text into an element.
func (x *writer) words(n *xpath.Node, parts []form.Part) {
	if len(parts) == 1 && parts[0].Expr == nil {
		n.Value = parts[0].Words
		return
	}
	n.Data = inline
	for _, p := range parts {
		switch {
		case p.Expr != nil:
			out := element("output")
			set(out, "value", p.Expr.String())
			add(n, out)
		case p.Words != "":
			add(n, &xpath.Node{Kind: xpath.TextNode, Value: p.Words})
		}
	}
}

// shown makes a label or a hint: its words where the form has no languages, else a reference into the itext. Without any text it is nil.
func (x *writer) shown(name, id string, forms ...formText) *xpath.Node {
	forms = slices.DeleteFunc(forms, func(f formText) bool { return f.text.IsZero() })
	n := element(name)
	switch {
	case len(forms) == 0:
		return nil
	case len(forms) == 1 && forms[0].form == "" && x.untranslated(forms[0].text):
		x.words(n, x.partsIn(forms[0].text, x.form.DefaultLanguage))
	default:
		set(n, "ref", "jr:itext('"+x.text(id, forms...)+"')")
	}
	return n
}

// mediaForms are the forms of texts that name files, and the folders these are in.
var mediaForms = []struct{ form, folder string }{{"image", "jr://images/"}, {"big-image", "jr://images/"}, {"video", "jr://video/"}, {"audio", "jr://audio/"}}

// labelForms are the forms of a label.
func (x *writer) labelForms(label, short form.Text, media map[string]form.Text) []formText {
	list := []formText{{"", label}, {"short", short}}
	for _, m := range mediaForms {
		if t, ok := media[m.form]; ok {
			list = append(list, formText{m.form, inFolder(t, m.folder)})
		}
	}
	return list
}

// inFolder writes the folder before file names that have none.
func inFolder(t form.Text, folder string) form.Text {
	files := map[string][]form.Part{}
	for _, l := range t.Languages() {
		parts := t.In(l, l)
		if len(parts) > 0 && parts[0].Expr == nil && (strings.Contains(parts[0].Words, "://") || parts[0].Words == "" || parts[0].Words == "-") {
			files[l] = parts
			continue
		}
		if len(parts) > 0 && parts[0].Expr == nil {
			files[l] = append([]form.Part{{Words: folder + parts[0].Words}}, parts[1:]...)
		} else {
			files[l] = append([]form.Part{{Words: folder}}, parts...)
		}
	}
	return form.NewText(files)
}
