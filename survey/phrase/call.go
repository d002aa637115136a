package phrase

import (
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// sayable are the functions whose words stand in the catalogue under "call." and their name, the arguments in their places.
var sayable = map[string]bool{
	"count-selected": true, "string-length": true, "sum": true, "min": true, "max": true, "count": true, "count-non-empty": true,
	"today": true, "now": true, "random": true, "uuid": true, "once": true, "int": true, "abs": true, "pow": true, "sqrt": true,
	"area": true, "distance": true, "join": true, "property": true, "version": true,
}

// call says a call of a function that gives a value; "" when there are no words for it.
func (t *telling) call(tree xpath.Tree) string {
	a := tree.Args
	switch tree.Text {
	case "if":
		return t.choosing(a)
	case "concat":
		return t.joined(a)
	case "coalesce":
		return t.words.Say("or.else", t.value(a[0]).words, t.value(a[1]).words)
	case "position", "index":
		return t.place()
	case "indexed-repeat":
		return t.indexed(a)
	case "jr:choice-name":
		return t.words.Say("choice.label", t.value(a[0]).words)
	case "selected-at":
		return t.words.Say("nth.choice", t.value(a[0]).words, t.following(a[1]))
	case "substr":
		return t.part(a)
	case "round":
		return t.rounded(a)
	case "format-date", "format-date-time":
		return t.formatted(a)
	case "pulldata":
		if len(a) == 4 {
			return t.words.Say("lookup", t.value(a[0]).words, t.value(a[1]).words, t.value(a[2]).words, t.value(a[3]).words)
		}
	case "int":
		if years := t.years(a[0]); years != "" {
			return years
		}
	}
	if !sayable[tree.Text] {
		return ""
	}
	return t.words.Say("call."+tree.Text, t.arguments(a)...)
}

// arguments says the arguments of a call. Where a function takes any number and has one place, they are a list.
func (t *telling) arguments(args []xpath.Tree) []any {
	said := make([]string, len(args))
	for n, a := range args {
		said[n] = t.value(a).words
	}
	if len(said) > 2 {
		said = []string{t.list("both", said)}
	}
	list := make([]any, len(said))
	for n, s := range said {
		list[n] = s
	}
	if len(list) == 0 {
		list = []any{t.words.Say("this")}
	}
	return list
}

// choosing says if(c, a, b).
func (t *telling) choosing(a []xpath.Tree) string {
	return t.words.Say("if", t.inner(a[0]), t.value(a[1]).words, t.value(a[2]).words)
}

// joined says concat(...): the pieces one after another.
func (t *telling) joined(a []xpath.Tree) string {
	parts := make([]string, len(a))
	for n, part := range a {
		if parts[n] = t.value(part).operand(); part.Kind == xpath.StringTree {
			parts[n] = t.quote(part.Text)
		}
	}
	return strings.Join(parts, " & ")
}

// place says position(..) and index().
func (t *telling) place() string {
	if t.item != nil {
		if r := t.item.Repeat(); r != nil {
			return t.words.Say("place.in", t.reference(r))
		}
	}
	return t.words.Say("place")
}

// indexed says indexed-repeat(question, repeat, number).
func (t *telling) indexed(a []xpath.Tree) string {
	if len(a) != 3 {
		return ""
	}
	return t.words.Say("indexed", t.value(a[0]).words, t.value(a[1]).words, t.value(a[2]).words)
}

// following says the number after one counted from 0: "2" for 1, "n" for "n - 1".
func (t *telling) following(tree xpath.Tree) string {
	if n, err := strconv.Atoi(literal(tree)); err == nil {
		return strconv.Itoa(n + 1)
	}
	if tree.Kind == xpath.OperatorTree && tree.Text == "-" && len(tree.Args) == 2 && literal(tree.Args[1]) == "1" {
		return t.value(tree.Args[0]).words
	}
	return t.value(tree).operand() + " + 1"
}

// part says substr(text, start, end), which counts from 0 and leaves the end out.
func (t *telling) part(a []xpath.Tree) string {
	if len(a) < 3 || !constant(a[2]) || strings.HasPrefix(literal(a[2]), "-") {
		return ""
	}
	return t.words.Say("part", t.value(a[0]).words, t.following(a[1]), literal(a[2]))
}

func (t *telling) rounded(a []xpath.Tree) string {
	digits := 0
	if len(a) > 1 {
		n, err := strconv.Atoi(literal(a[1]))
		if err != nil {
			return ""
		}
		digits = n
	}
	return t.words.Say("rounded", t.value(a[0]).operand(), strconv.Itoa(digits))
}

func (t *telling) formatted(a []xpath.Tree) string {
	if literal(a[1]) == "%Y" {
		return t.words.Say("year", t.value(a[0]).words)
	}
	return t.words.Say("formatted", t.value(a[0]).words, t.mark(Piece{Words: strip(literal(a[1])), Code: true}))
}

// years recognises "(today() - birth) div 365.25".
func (t *telling) years(tree xpath.Tree) string {
	if tree.Kind != xpath.OperatorTree || tree.Text != "div" || !strings.HasPrefix(literal(tree.Args[1]), "365") {
		return ""
	}
	from := tree.Args[0]
	if from.Kind != xpath.OperatorTree || from.Text != "-" || len(from.Args) != 2 {
		return ""
	}
	return t.words.Say("years", t.value(from.Args[1]).words, t.value(from.Args[0]).words)
}

// Most returns the largest answer that a constraint allows, where it says so with a literal at its top: ". >= 0 and . <= 120". A page draws boxes for
// that many digits.
func Most(i *form.Item) (text string, ok bool) {
	if i.Constraint == nil {
		return "", false
	}
	tree := i.Constraint.Tree(i.ElementPath(), i.ElementPath())
	parts := []xpath.Tree{tree}
	if tree.Text == "and" && tree.Kind == xpath.OperatorTree {
		parts = tree.Args
	}
	for _, p := range parts {
		if p.Kind == xpath.OperatorTree && (p.Text == "<=" || p.Text == "<") && p.Args[0].Path == i.ElementPath() && p.Args[1].Kind == xpath.NumberTree {
			return literal(p.Args[1]), true
		}
	}
	return "", false
}
