package phrase

import (
	"slices"
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
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

func negative(tree xpath.Tree) bool {
	return tree.Kind == xpath.OperatorTree && tree.Text == "-" && len(tree.Args) == 1 && tree.Args[0].Kind == xpath.NumberTree
}

func constant(tree xpath.Tree) bool {
	return tree.Kind == xpath.StringTree || tree.Kind == xpath.NumberTree || negative(tree)
}

var flipped = map[string]string{"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

var datedVerbs = map[string]string{"=": "is", "!=": "is.not", "<": "before", "<=": "not.after", ">": "after", ">=": "not.before"}

var verbs = map[string]string{"=": "is", "!=": "is.not", "<": "less", "<=": "at.most", ">": "more", ">=": "at.least"}

// comparison says one thing compared with another.
func (t *telling) comparison(op string, a, b xpath.Tree) clause {
	if constant(a) && !constant(b) || isTruth(a) && !isTruth(b) {
		a, b, op = b, a, flipped[op]
	}
	a, b = plain(a), plain(b)
	equality := op == "=" || op == "!="
	if equality && isTruth(b) {
		return t.not(t.condition(a), (b.Text == "true") == (op == "="))
	}
	if equality && logical(a) && (literal(b) == "1" || literal(b) == "0") {
		return t.not(t.condition(a), (literal(b) == "1") == (op == "="))
	}
	if c, ok := t.special(op, a, b); ok {
		return c
	}
	verb := verbs[op]
	if t.dated(a) || t.dated(b) {
		verb = datedVerbs[op]
	}
	return clause{about: a.String(), subject: t.value(a).part(), verb: verb, objects: []string{t.compared(a, b)}}
}

// dated reports whether a value is a date or a time.
func (t *telling) dated(tree xpath.Tree) bool {
	if tree.Kind == xpath.CallTree {
		return tree.Text == "today" || tree.Text == "now"
	}
	i := t.find(tree)
	return i != nil && (i.KindOf() == record.Date || i.KindOf() == record.DateTime || i.KindOf() == record.Time)
}

// special says comparisons for which people have words of their own.
func (t *telling) special(op string, a, b xpath.Tree) (clause, bool) {
	equality := op == "=" || op == "!="
	empty := b.Kind == xpath.StringTree && b.Text == ""
	if a.Kind == xpath.CallTree && a.Text == "string-length" && len(a.Args) == 1 {
		if yes, ok := someOrNone(op, literal(b)); ok {
			return t.answered(a.Args[0], yes), true
		}
	}
	if equality && empty && a.Kind == xpath.PathTree {
		return t.answered(a, op == "!="), true
	}
	if i := t.find(a); equality && isFlag(i) && (literal(b) == "1" || literal(b) == "0") {
		return t.holds(a, (literal(b) == "1") == (op == "=")), true
	}
	if a.Kind == xpath.CallTree && a.Text == "count-selected" && len(a.Args) == 1 {
		return t.counted(op, a.Args[0], b)
	}
	return clause{}, false
}

// someOrNone reads a comparison of a length or number with a literal as "some" or "none".
func someOrNone(op, b string) (yes, ok bool) {
	switch op + b {
	case ">0", ">=1", "!=0":
		return true, true
	case "=0", "<1", "<=0":
		return false, true
	}
	return false, false
}

// counted says how many choices are ticked, where that has words of its own.
func (t *telling) counted(op string, of, b xpath.Tree) (clause, bool) {
	if yes, ok := someOrNone(op, literal(b)); ok {
		return t.answered(of, yes), true
	}
	n, err := strconv.Atoi(literal(b))
	if err != nil {
		return clause{}, false
	}
	key := ""
	switch op {
	case "<":
		key, n = "ticked.most", n-1
	case "<=":
		key = "ticked.most"
	case ">":
		key, n = "ticked.least", n+1
	case ">=":
		key = "ticked.least"
	case "=":
		key = "ticked.exactly"
	default:
		return clause{}, false
	}
	return clause{about: of.String(), subject: t.value(of).words, says: t.words.Say(key, n)}, true
}

func (t *telling) answered(path xpath.Tree, yes bool) clause {
	c := clause{about: path.String(), subject: t.value(path).words, verb: "unanswered"}
	if yes {
		c.verb = "answered"
	}
	return c
}

func isTruth(tree xpath.Tree) bool {
	return tree.Kind == xpath.CallTree && len(tree.Args) == 0 && (tree.Text == "true" || tree.Text == "false")
}

var opposites = map[string]string{
	"is": "is.not", "is.not": "is", "includes": "lacks", "lacks": "includes", "less": "at.least", "at.least": "less", "more": "at.most", "at.most": "more",
	"before": "not.before", "not.before": "before", "after": "not.after", "not.after": "after",
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
