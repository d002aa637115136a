package change

import (
	"strconv"
	"strings"
	"unicode"

	"vereda/survey/form"
	"vereda/survey/spelling"
	"vereda/survey/xpath"
)

// names gives every item a name that it shares with its partner in the other form: by these, expressions of both forms are compared.
func (c *comparer) names() (old, new map[*form.Item]string) {
	old, new = map[*form.Item]string{}, map[*form.Item]string{}
	for _, i := range c.new.Items() {
		new[i] = "${" + string(i.Path) + "}"
	}
	for _, i := range c.old.Items() {
		old[i] = "${old " + string(i.Path) + "}"
		if partner := c.pairs.to[i]; partner != nil {
			old[i] = new[partner]
		}
	}
	return old, new
}

// canonical writes an expression so that two that differ in spelling only, or in where the questions they read stand, are the same.
func canonical(f *form.Form, names map[*form.Item]string, i *form.Item, e *xpath.Expr) string {
	if e == nil {
		return ""
	}
	return plain(tree(i, e)).Write(func(path xpath.Tree) string {
		if item := find(f, path.Path); item != nil {
			if item == i {
				return "."
			}
			return names[item]
		}
		return ""
	})
}

// tree takes an expression of an item apart.
func tree(i *form.Item, e *xpath.Expr) xpath.Tree {
	base := i.ElementPath()
	if i.List != nil && i.Itemset == nil && e == i.ChoiceFilter {
		return e.Tree("instance(choices)/root/item", base)
	}
	t := e.Tree(base, base)
	if e == i.ChoiceFilter && listed(i) {
		return conditions(t)
	}
	return t
}

// listed reports whether the choices of a question are those of a list that is known.
func listed(i *form.Item) bool {
	if i.List == nil || i.Itemset != nil && len(i.List.Choices) == 0 {
		return false
	}
	return i.Itemset == nil || strings.HasPrefix(i.ChoiceFilter.Tree("", "").Path, "instance(")
}

// conditions takes from "instance('l')/root/item[a][b]", as XForms write a filter, what workbooks write of it: "a and b"; true() when there is nothing.
func conditions(t xpath.Tree) xpath.Tree {
	var all []xpath.Tree
	for _, s := range t.Steps {
		all = append(all, s.Predicates...)
	}
	switch len(all) {
	case 0:
		return xpath.Tree{Kind: xpath.CallTree, Text: "true"}
	case 1:
		return all[0]
	}
	return xpath.Tree{Kind: xpath.OperatorTree, Text: "and", Args: all}
}

func find(f *form.Form, path string) *form.Item {
	if path == f.Root.ElementPath() {
		return f.Root
	}
	rest, ok := strings.CutPrefix(path, f.Root.ElementPath()+"/")
	if !ok {
		return nil
	}
	return at(f, rest)
}

// plain writes numbers in quotes without them where they are compared: '1' and 1 compare alike with an answer.
func plain(t xpath.Tree) xpath.Tree {
	for n := range t.Args {
		t.Args[n] = plain(t.Args[n])
		comparing := t.Kind == xpath.OperatorTree && strings.ContainsAny(t.Text, "=<>")
		a := t.Args[n]
		if comparing && a.Kind == xpath.StringTree {
			if f, err := strconv.ParseFloat(a.Text, 64); err == nil && (xpath.Tree{Kind: xpath.NumberTree, Number: f}).String() == a.Text {
				t.Args[n] = xpath.Tree{Kind: xpath.NumberTree, Number: f}
			}
		}
	}
	for _, s := range t.Steps {
		for n := range s.Predicates {
			s.Predicates[n] = plain(s.Predicates[n])
		}
	}
	return t
}

// written says a text in a language, with the answers that it shows as canonical expressions.
func written(f *form.Form, names map[*form.Item]string, i *form.Item, t form.Text, language string) string {
	if !t.Has(language) {
		return ""
	}
	var b strings.Builder
	for _, part := range t.In(language, language) {
		if part.Expr != nil {
			b.WriteString(canonical(f, names, i, part.Expr))
		} else {
			b.WriteString(part.Words)
		}
	}
	return b.String()
}

// normal is a text without what a reader does not hear: capitals, punctuation and blanks.
func normal(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	}), " ")
}

// longestCompared bounds what of a text is compared letter by letter, in characters.
const longestCompared = 400

// similarity says how like two texts are, letter by letter: 0 to 1.
func similarity(a, b string) float64 {
	a, b = cut(normal(a)), cut(normal(b))
	longest := max(len([]rune(a)), len([]rune(b)))
	if longest == 0 {
		return 1
	}
	return 1 - float64(spelling.Slips(a, b, longest))/float64(longest)
}

func cut(s string) string {
	if r := []rune(s); len(r) > longestCompared {
		return string(r[:longestCompared])
	}
	return s
}

// languages returns the languages that a text has in either form, in the new form's order and then the old one's.
func (c *comparer) languages(old, new form.Text) []string {
	var list []string
	for _, f := range []*form.Form{c.new, c.old} {
		for _, l := range f.Languages {
			if (old.Has(l.Name) || new.Has(l.Name)) && !contains(list, l.Name) {
				list = append(list, l.Name)
			}
		}
	}
	for _, t := range []form.Text{new, old} {
		for _, l := range t.Languages() {
			if !contains(list, l) {
				list = append(list, l)
			}
		}
	}
	return list
}

// comeOrGone reports whether a text differs only because the form as a whole has a language more or less, which is told once.
func (c *comparer) comeOrGone(language, before, after string) bool {
	return before == "" && !hasLanguage(c.old, language) && hasLanguage(c.new, language) ||
		after == "" && hasLanguage(c.old, language) && !hasLanguage(c.new, language)
}

func hasLanguage(f *form.Form, name string) bool {
	for _, l := range f.Languages {
		if l.Name == name {
			return true
		}
	}
	return false
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}
