package phrase

import (
	"strconv"

	"vereda/survey/record"
	"vereda/survey/xpath"
)

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
