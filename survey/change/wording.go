package change

import (
	"vereda/survey/form"
	"vereda/survey/record"
)

// texts compares the texts of two items.
func (c *comparer) texts(o, n *form.Item) {
	c.text(o, n, Label, o.Label, n.Label, "")
	c.text(o, n, ShortLabel, o.Short, n.Short, "")
	c.text(o, n, Hint, o.Hint, n.Hint, "")
	c.text(o, n, Guidance, o.Guidance, n.Guidance, "")
	c.text(o, n, Message, o.ConstraintMessage, n.ConstraintMessage, "constraint_message")
	c.text(o, n, Message, o.RequiredMessage, n.RequiredMessage, "required_message")
	for _, kind := range keys(o.Media, n.Media) {
		c.text(o, n, Media, o.Media[kind], n.Media[kind], kind)
	}
}

// strange is how unlike the wordings of a question are, in all languages, when they ask something else.
const strange = 0.3

func (c *comparer) text(o, n *form.Item, kind Kind, before, after form.Text, name string) {
	first := len(c.changes)
	other, both := kind == Label && o.Kind == form.Question && !c.pairs.guessed[o], false
	for _, language := range c.languages(before, after) {
		a, b := written(c.old, c.oldNames, o, before, language), written(c.new, c.newNames, n, after, language)
		if a != "" && b != "" {
			both, other = true, other && similarity(a, b) < strange
		}
		if a == b || c.comeOrGone(language, a, b) {
			continue
		}
		change := Change{Kind: kind, Old: o.Path, New: n.Path, Language: language, Name: name, Before: a, After: b}
		change.Verdict, change.Why = reworded(kind, a, b)
		c.report(change)
	}
	if other && both {
		c.strange[o] = true
		for k := first; k < len(c.changes); k++ {
			c.changes[k].Verdict, c.changes[k].Why = NotComparable, "The wording is quite another: it may be another question under the old name."
		}
	}
}

// reworded says what another wording means for the answers.
func reworded(kind Kind, before, after string) (Verdict, string) {
	switch {
	case kind == Message || kind == Guidance || kind == ShortLabel:
		return Comparable, "Respondents do not hear it."
	case before == "":
		return Comparable, "A text that was missing in this language has come."
	case after == "":
		return WithCare, "Another language is shown in its place."
	case kind != Media && normal(before) == normal(after):
		return Comparable, "Only capitals, punctuation or blanks changed."
	case kind != Media && similarity(before, after) >= 0.93:
		return Comparable, "Only some letters changed."
	case kind == Hint:
		return WithCare, "It is explained otherwise."
	case kind == Media:
		return WithCare, "Another picture or sound goes with it."
	}
	return WithCare, "It is asked in other words."
}

// paths returns the paths of items.
func paths(items []*form.Item) []record.Path {
	list := make([]record.Path, len(items))
	for n, i := range items {
		list[n] = i.Path
	}
	return list
}
