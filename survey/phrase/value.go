package phrase

import (
	"strings"

	"vereda/survey/xpath"
)

// saying is a value in words.
type saying struct {
	words string
	loose bool // several words, which go into parentheses in arithmetic
	torn  bool // with an "if" or signs in it: in parentheses beside a verb, too
	code  bool
}

// part returns the words as they stand beside a verb.
func (s saying) part() string {
	if s.torn {
		return "(" + s.words + ")"
	}
	return s.words
}

// operand returns the words as they stand beside a sign.
func (s saying) operand() string {
	if s.loose {
		return "(" + s.words + ")"
	}
	return s.words
}

// plain takes off what changes the type of a value and nothing that people would see.
func plain(tree xpath.Tree) xpath.Tree {
	for tree.Kind == xpath.CallTree && len(tree.Args) > 0 && !tree.Bad {
		a := tree.Args
		switch tree.Text {
		case "number", "string", "date", "date-time", "decimal-date-time", "decimal-time", "normalize-space", "trim":
			tree = a[0]
		case "coalesce": // coalesce(x, ''): nothing is nothing
			if len(a) < 2 || a[1].Kind != xpath.StringTree || a[1].Text != "" {
				return tree
			}
			tree = a[0]
		default:
			return tree
		}
	}
	return tree
}

var signs = map[string]string{"+": "+", "-": "−", "*": "×", "div": "÷"}

// value says a tree that gives a value.
func (t *telling) value(tree xpath.Tree) saying {
	if t.depth++; t.depth > maxDepth {
		t.depth--
		return t.unsaid(tree)
	}
	defer func() { t.depth-- }()
	switch tree = plain(tree); {
	case constant(tree):
		return saying{words: t.literal(literal(tree))}
	case tree.Kind == xpath.PathTree:
		return t.path(tree)
	case tree.Bad:
		return t.unsaid(tree)
	case logical(tree):
		return saying{words: t.words.Say("truth", t.inner(tree)), loose: true, torn: true}
	case tree.Kind == xpath.OperatorTree:
		return t.arithmetic(tree)
	case tree.Kind == xpath.CallTree:
		if s := t.call(tree); s != "" {
			return saying{words: s, loose: strings.Contains(s, " "), torn: tree.Text == "if" || tree.Text == "concat" || tree.Text == "coalesce"}
		}
	}
	return t.unsaid(tree)
}

func (t *telling) unsaid(tree xpath.Tree) saying { return saying{words: t.code(tree), code: true} }

func (t *telling) arithmetic(tree xpath.Tree) saying {
	if tree.Text == "|" {
		return t.unsaid(tree)
	}
	if len(tree.Args) == 1 {
		return saying{words: "−" + t.operand(tree, tree.Args[0]), loose: true}
	}
	a, b := tree.Args[0], tree.Args[1]
	if tree.Text == "mod" {
		return saying{words: t.words.Say("rest", t.value(a).words, t.value(b).words), loose: true}
	}
	return saying{words: t.operand(tree, a) + " " + signs[tree.Text] + " " + t.operand(tree, b), loose: true}
}

// operand says a part of a sum or product, in parentheses unless these are needless.
func (t *telling) operand(outer, tree xpath.Tree) string {
	tree = plain(tree)
	s := t.value(tree)
	inSum := outer.Text == "+" || outer.Text == "-" && len(outer.Args) == 2 && tree.String() == outer.Args[0].String()
	same := outer.Text == "*" && tree.Text == "*"
	arithmetic := tree.Kind == xpath.OperatorTree && len(tree.Args) == 2 && signs[tree.Text] != ""
	if arithmetic && (inSum || same) {
		return s.words
	}
	return s.operand()
}

// path says what a path leads to.
func (t *telling) path(tree xpath.Tree) saying {
	if s := t.lookup(tree); s != "" {
		return saying{words: s, loose: true}
	}
	if tree.Filtered() || tree.Path == "" {
		return t.unsaid(tree)
	}
	if t.choices != "" {
		if column, ok := strings.CutPrefix(tree.Path, t.choices); ok {
			return saying{words: t.column(strings.TrimPrefix(column, "/"))}
		}
	}
	i := t.at(tree.Path)
	switch {
	case i == nil:
		return t.unsaid(tree)
	case i == t.item:
		return saying{words: t.words.Say("this")}
	}
	return saying{words: t.reference(i)}
}

// column says what a choice filter reads of a choice.
func (t *telling) column(name string) string {
	if name == "" || name == "name" || name == "label" {
		return t.words.Say("this.choice")
	}
	return t.words.Say("column", t.quote(name))
}

// lookup says a path into a table, "instance('towns')/root/item[name = /data/town]/label"; "" for anything else.
func (t *telling) lookup(tree xpath.Tree) string {
	table, ok := strings.CutPrefix(tree.Path, "instance(")
	table, rest, closed := strings.Cut(table, ")/")
	if ok && closed && rest == "root/item" && !tree.Filtered() {
		return t.words.Say("table", t.quote(table))
	}
	if !ok || !closed || !tree.Filtered() {
		return ""
	}
	conditions := t.predicates(tree)
	where := t.words.Say("always")
	if len(conditions) > 0 {
		where = t.join("and", conditions).whole(t)
	}
	column := rest[strings.LastIndexByte(rest, '/')+1:]
	if column == "item" {
		return t.words.Say("rows.where", t.quote(table), where)
	}
	return t.words.Say("lookup.where", t.quote(table), t.quote(column), where)
}

// predicates says which rows a path into a table finds.
func (t *telling) predicates(tree xpath.Tree) []clause {
	outer := t.choices
	defer func() { t.choices = outer }()
	table, _, _ := strings.Cut(tree.Path, ")")
	at := table + ")"
	var conditions []clause
	for _, s := range tree.Steps {
		at += "/" + s.Text
		for _, p := range s.Predicates {
			if t.choices = at; isTruth(p) && p.Text == "true" {
				continue
			}
			if each := t.eachOnce(p); each != "" {
				conditions = append(conditions, clause{says: each})
				continue
			}
			conditions = append(conditions, t.condition(p))
		}
	}
	return conditions
}

// eachOnce recognises "not(preceding-sibling::item/column = column)", which leaves the first row of each value; "" for anything else.
func (t *telling) eachOnce(tree xpath.Tree) string {
	if tree.Kind != xpath.CallTree || tree.Text != "not" || tree.Bad || len(tree.Args[0].Args) != 2 {
		return ""
	}
	same := tree.Args[0]
	before, column := same.Args[0], same.Args[1]
	if same.Text != "=" || before.Kind != xpath.PathTree || len(before.Steps) != 2 || !strings.HasPrefix(before.Steps[0].Text, "preceding-sibling::") ||
		column.Kind != xpath.PathTree || before.Steps[1].Text != column.String() {
		return ""
	}
	return t.words.Say("each.once", t.quote(column.String()))
}
