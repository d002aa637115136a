package phrase

import (
	"slices"
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// maxDepth bounds how deep in each other parts of an expression are said; what lies deeper is given as it is.
const maxDepth = 40

// condition says a tree that is asked whether it holds.
func (t *telling) condition(tree xpath.Tree) clause {
	if t.depth++; t.depth > maxDepth {
		t.depth--
		return clause{says: t.code(tree)}
	}
	defer func() { t.depth-- }()
	switch tree.Kind {
	case xpath.OperatorTree:
		if c, ok := t.operation(tree); ok {
			return c
		}
	case xpath.CallTree:
		if tree.Bad {
			return clause{says: t.code(tree)}
		}
		if c, ok := t.test(tree); ok {
			return c
		}
	case xpath.PathTree:
		return t.holds(tree, true)
	}
	return t.truth(tree)
}

func (t *telling) operation(tree xpath.Tree) (clause, bool) {
	switch tree.Text {
	case "and", "or":
		parts := make([]clause, len(tree.Args))
		for n, a := range tree.Args {
			parts[n] = t.condition(a)
		}
		return t.join(tree.Text, parts), true
	case "=", "!=", "<", "<=", ">", ">=":
		return t.comparison(tree.Text, tree.Args[0], tree.Args[1]), true
	}
	return clause{}, false
}

// truth says something that is no condition but is asked whether it holds: a number that is not 0, a text that is not empty.
func (t *telling) truth(tree xpath.Tree) clause {
	switch tree.Kind {
	case xpath.NumberTree:
		return t.always(tree.Number != 0)
	case xpath.StringTree:
		return t.always(tree.Text != "")
	}
	v := t.value(tree)
	if v.code {
		return clause{says: v.words}
	}
	return clause{about: tree.String(), subject: v.words, verb: "is.not", objects: []string{"0"}}
}

func (t *telling) always(yes bool) clause {
	if yes {
		return clause{says: t.words.Say("always")}
	}
	return clause{says: t.words.Say("never")}
}

// holds says a path alone: the question is answered, or what was calculated is true.
func (t *telling) holds(path xpath.Tree, yes bool) clause {
	v := t.value(path)
	if v.code {
		return t.not(clause{says: v.words}, yes)
	}
	c := clause{about: path.String(), subject: v.words}
	i := t.find(path)
	switch {
	case isFlag(i) && yes:
		c.verb = "true"
	case isFlag(i):
		c.verb = "false"
	case yes:
		c.verb = "answered"
	default:
		c.verb = "unanswered"
	}
	return c
}

// isFlag tells a calculation that is 1 or 0.
func isFlag(i *form.Item) bool {
	if i == nil || i.Calculation == nil {
		return false
	}
	tree := i.Calculation.Tree(i.ElementPath(), i.ElementPath())
	if tree.Kind == xpath.CallTree && tree.Text == "if" && len(tree.Args) == 3 {
		return literal(tree.Args[1]) == "1" && literal(tree.Args[2]) == "0"
	}
	return logical(tree)
}

// Flag says when a calculation that is 1 or 0 is 1, as it would follow "if". It is false for any other item.
func (s *Speaker) Flag(i *form.Item) (Phrase, bool) {
	if !isFlag(i) {
		return nil, false
	}
	t := s.telling(i)
	tree := i.Calculation.Tree(i.ElementPath(), i.ElementPath())
	if !logical(tree) {
		tree = tree.Args[0]
	}
	return t.phrase(t.condition(tree).whole(t)), true
}

// logical reports whether a tree gives true or false.
func logical(tree xpath.Tree) bool {
	switch tree.Kind {
	case xpath.OperatorTree:
		return slices.Contains([]string{"and", "or", "=", "!=", "<", "<=", ">", ">="}, tree.Text)
	case xpath.CallTree:
		return slices.Contains([]string{"not", "true", "false", "selected", "regex", "contains", "starts-with", "ends-with", "boolean", "boolean-from-string"}, tree.Text)
	}
	return false
}

func negative(tree xpath.Tree) bool {
	return tree.Kind == xpath.OperatorTree && tree.Text == "-" && len(tree.Args) == 1 && tree.Args[0].Kind == xpath.NumberTree
}

func constant(tree xpath.Tree) bool {
	return tree.Kind == xpath.StringTree || tree.Kind == xpath.NumberTree || negative(tree)
}

// opposites are verbs that hold exactly where the other does not. "less" has none: an answer that is missing is neither less nor at least.
var opposites = map[string]string{
	"is": "is.not", "is.not": "is", "includes": "lacks", "lacks": "includes",
	"answered": "unanswered", "unanswered": "answered", "true": "false", "false": "true", "ticked.in": "unticked.in", "unticked.in": "ticked.in",
}

// not says the contrary of a clause, unless it holds as it is.
func (t *telling) not(c clause, yes bool) clause {
	switch opposite := opposites[c.verb]; {
	case yes:
		return c
	case opposite != "" && (len(c.objects) < 2 || c.verb == "is" || c.verb == "includes"):
		c.verb = opposite
		return c
	}
	said := c.whole(t)
	if c.mixed {
		said = "(" + said + ")"
	}
	return clause{says: t.words.Say("not", said)}
}

// test says a call of a function that holds or not.
func (t *telling) test(tree xpath.Tree) (clause, bool) {
	a := tree.Args
	switch tree.Text {
	case "true", "false":
		return t.always(tree.Text == "true"), true
	case "not":
		return t.negated(a[0]), true
	case "selected":
		return t.selected(a[0], a[1]), true
	case "if":
		return clause{says: t.words.Say("if.holds", t.inner(a[0]), t.inner(a[1]), t.inner(a[2])), mixed: true}, true
	case "boolean", "boolean-from-string", "once":
		return t.condition(a[0]), true
	case "regex":
		return t.about(a[0], t.pattern(literal(a[1]), a[1])), true
	case "contains", "starts-with", "ends-with":
		return t.about(a[0], t.words.Say("text."+tree.Text, t.value(a[1]).words)), true
	case "checklist", "weighted-checklist":
		return t.checklist(tree)
	}
	return clause{}, false
}

// checklist says how many of several things have to hold.
func (t *telling) checklist(tree xpath.Tree) (clause, bool) {
	if tree.Text != "checklist" || len(tree.Args) < 3 {
		return clause{}, false
	}
	var parts []string
	for _, a := range tree.Args[2:] {
		parts = append(parts, t.inner(a))
	}
	least, most := literal(tree.Args[0]), literal(tree.Args[1])
	if most == "-1" {
		most = strconv.Itoa(len(parts))
	}
	if least == "-1" {
		least = "0"
	}
	return clause{says: t.words.Say("checklist", least, most, strings.Join(parts, "; "))}, true
}

// inner says a condition inside another sentence.
func (t *telling) inner(tree xpath.Tree) string {
	c := t.condition(tree)
	if said := c.whole(t); c.about == "" && c.mixed {
		return "(" + said + ")"
	}
	return c.whole(t)
}

func (t *telling) about(subject xpath.Tree, says string) clause {
	subject = plain(subject)
	return clause{about: subject.String(), subject: t.value(subject).part(), says: says}
}

// negated says not(...).
func (t *telling) negated(tree xpath.Tree) clause {
	if alone := t.alone(tree); len(alone) > 0 {
		return clause{says: t.words.Say("alone", t.list("or", alone))}
	}
	if tree.Kind == xpath.PathTree {
		return t.holds(tree, false)
	}
	return t.not(t.condition(tree), false)
}

// literal returns the text of a literal, "" for anything else.
func literal(tree xpath.Tree) string {
	switch {
	case tree.Kind == xpath.StringTree:
		return tree.Text
	case tree.Kind == xpath.NumberTree:
		return tree.String()
	case negative(tree):
		return "-" + tree.Args[0].String()
	}
	return ""
}
