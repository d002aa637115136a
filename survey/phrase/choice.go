package phrase

import (
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// alone recognises "selected(q, 'x') and count-selected(q) > 1", which a constraint forbids, and returns the choices that stand alone.
func (t *telling) alone(tree xpath.Tree) []string {
	if tree.Kind != xpath.OperatorTree || tree.Text != "and" || len(tree.Args) != 2 {
		return nil
	}
	a, b := tree.Args[0], tree.Args[1]
	if several(a) != "" {
		a, b = b, a
	}
	of := several(b)
	if of == "" {
		return nil
	}
	ticks := []xpath.Tree{a}
	if a.Kind == xpath.OperatorTree && a.Text == "or" {
		ticks = a.Args
	}
	var names []string
	for _, s := range ticks {
		if s.Kind != xpath.CallTree || s.Text != "selected" || s.Bad || s.Args[0].String() != of {
			return nil
		}
		names = append(names, t.compared(s.Args[0], s.Args[1]))
	}
	return names
}

// several returns the path of which more than one choice is ticked, "" if the tree says something else.
func several(tree xpath.Tree) string {
	if tree.Kind != xpath.OperatorTree || len(tree.Args) != 2 {
		return ""
	}
	a, b := tree.Args[0], tree.Args[1]
	more := tree.Text == ">" && literal(b) == "1" || tree.Text == ">=" && literal(b) == "2"
	if more && a.Kind == xpath.CallTree && a.Text == "count-selected" && len(a.Args) == 1 {
		return a.Args[0].String()
	}
	return ""
}

// selected says that a choice is ticked.
func (t *telling) selected(where, choice xpath.Tree) clause {
	if names := literal(where); names != "" && choice.Kind == xpath.PathTree { // selected('a b', ${q}): q is a or b
		c := clause{about: choice.String(), subject: t.value(choice).words, verb: "is"}
		for _, name := range strings.Fields(names) {
			c.objects = append(c.objects, t.choice(choice, name))
		}
		return c
	}
	c := clause{about: where.String(), subject: t.value(where).part(), verb: "includes", objects: []string{t.compared(where, choice)}}
	i := t.find(where)
	if i != nil && i.Type == form.TypeSelectOne {
		c.verb = "is"
	}
	if t.choices != "" && choice.Path == t.choices+"/name" { // a filter: the choices that were ticked elsewhere
		return clause{about: choice.String(), subject: t.value(choice).words, verb: "ticked.in", objects: []string{c.subject}}
	}
	return c
}

// compared says a value as it is compared with a question: by the choice's label, if it is a choice of the question.
func (t *telling) compared(with, tree xpath.Tree) string {
	if constant(tree) {
		return t.choice(with, literal(tree))
	}
	return t.value(plain(tree)).part()
}

// choice says a literal that an answer to a question is compared with.
func (t *telling) choice(question xpath.Tree, name string) string {
	question = plain(question)
	i := t.find(question)
	if t.choices != "" && question.Path == t.choices+"/name" {
		i = t.item
	}
	if i != nil && i.List != nil {
		if c, ok := i.List.Choice(name); ok {
			if label := t.label(c.Label); label != "" {
				return t.quote(label)
			}
		}
	}
	return t.literal(name)
}

// literal says a literal: numbers as they are, texts in quotes.
func (t *telling) literal(s string) string {
	if s == "" {
		return t.words.Say("nothing")
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return t.numeral(s)
	}
	return t.quote(s)
}

// numeral writes a number; a whole one of five digits and more with its thousands grouped.
func (t *telling) numeral(s string) string {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		if n > -10000 && n < 10000 {
			return strings.Replace(strconv.FormatInt(n, 10), "-", "−", 1)
		}
		if strconv.FormatInt(n, 10) == s {
			return t.words.Number(n)
		}
	}
	return strings.Replace(s, "-", "−", 1)
}
