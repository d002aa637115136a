package xpath

import (
	"math"
	"strings"
)

// Tree is an expression taken apart, for whoever explains or compares expressions instead of evaluating them. It shares nothing with
// the Expr it is made of.
type Tree struct {
	Kind   TreeKind
	Text   string   // of a StringTree; the operator: "or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "|"; the function's name
	Number float64  // of a NumberTree
	Bad    bool     // of a CallTree: there is no such function, or it does not take these arguments
	Args   []Tree   // operands ("or", "and" and "|": two or more, "-": one or two), arguments; of a path what it starts from, if that is an expression
	Path   string   // of a PathTree: where it leads, absolute as in Ref.Path; "" when that cannot be said
	Start  string   // of a PathTree: "", "/" or "current()"
	Steps  []Branch // of a PathTree
}

// TreeKind says what a Tree is.
type TreeKind uint8

// The kinds of trees.
const (
	StringTree TreeKind = iota + 1
	NumberTree
	OperatorTree
	CallTree
	PathTree // a location path, or an expression with steps or predicates behind it
)

// Branch is one step of a path.
type Branch struct {
	Text       string // "..", "name", "@id", "preceding-sibling::item"; "" for the predicates of what the path starts from
	Predicates []Tree
}

// Tree takes the expression apart. base and current are as in RefsAt.
func (e *Expr) Tree(base, current string) Tree {
	return branch(e.root, &walk{self: base, context: base, current: current, quiet: true})
}

func branches(w *walk, parts ...expr) []Tree {
	list := make([]Tree, len(parts))
	for n, p := range parts {
		list[n] = branch(p, w)
	}
	return list
}

func branch(e expr, w *walk) Tree {
	switch e := e.(type) {
	case stringLit:
		return Tree{Kind: StringTree, Text: string(e)}
	case numberLit:
		return Tree{Kind: NumberTree, Number: float64(e)}
	case *logic:
		word := "and"
		if e.any {
			word = "or"
		}
		return Tree{Kind: OperatorTree, Text: word, Args: branches(w, e.parts...)}
	case *comparison:
		return Tree{Kind: OperatorTree, Text: signs[e.op], Args: branches(w, e.a, e.b)}
	case *arithmetic:
		word := map[byte]string{'/': "div", '%': "mod"}[e.op]
		if word == "" {
			word = string(e.op)
		}
		return Tree{Kind: OperatorTree, Text: word, Args: branches(w, e.a, e.b)}
	case *negation:
		return Tree{Kind: OperatorTree, Text: "-", Args: branches(w, e.a)}
	case *union:
		return Tree{Kind: OperatorTree, Text: "|", Args: branches(w, e.parts...)}
	case *call:
		return Tree{Kind: CallTree, Text: e.fn.name, Bad: e.bad, Args: branches(w, e.args...)}
	case *filter:
		t := Tree{Kind: PathTree, Args: branches(w, e.base), Path: only(goalsOf(e, w))}
		t.Steps = []Branch{{Predicates: predicatesAt(t.Path, e.preds, w)}}
		return t
	case *path:
		return branchOfPath(e, w)
	}
	return Tree{}
}

var signs = [...]string{opEqual: "=", opUnequal: "!=", opLess: "<", opAtMost: "<=", opGreater: ">", opAtLeast: ">="}

func branchOfPath(p *path, w *walk) Tree {
	t := Tree{Kind: PathTree}
	at := w.context
	switch p.from {
	case fromRoot:
		t.Start, at = "/", ""
	case fromCurrent:
		t.Start, at = "current()", w.current
	case fromExpr:
		t.Args, at = branches(w, p.base), only(goalsOf(p.base, w))
	}
	known := at != "" || p.from == fromRoot
	for k := range p.steps {
		s := &p.steps[k]
		if at = s.goal(at); !known {
			at = ""
		}
		t.Steps = append(t.Steps, Branch{Text: s.written(), Predicates: predicatesAt(at, s.preds, w)})
	}
	t.Path = at
	return t
}

func predicatesAt(at string, preds []expr, w *walk) []Tree {
	inner := *w
	inner.context = at
	return branches(&inner, preds...)
}

func only(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return ""
}

// written returns a step without its predicates, as XPath abbreviates it.
func (s *step) written() string {
	test := s.test.name
	if s.test.kind != testName {
		test = map[testKind]string{testAny: "*", testNode: "node()", testText: "text()", testComment: "comment()", testInstruction: "processing-instruction()"}[s.test.kind]
		if s.test.kind == testInstruction && s.test.name != "" {
			test = "processing-instruction(" + quoted(s.test.name) + ")"
		}
	}
	plain := s.test.kind == testNode && !s.long
	switch {
	case s.axis == axisChild:
		return test
	case s.axis == axisSelf && plain:
		return "."
	case s.axis == axisParent && plain:
		return ".."
	case s.axis == axisAttribute:
		return "@" + test
	}
	for name, a := range axes {
		if a == s.axis {
			return name + "::" + test
		}
	}
	return test
}

// String writes the tree as an expression that means the same.
func (t Tree) String() string { return t.Write(nil) }

// Write writes the tree as an expression in which name, unless nil, writes the paths: it gets each path without predicates and returns what stands for it, or
// "" to have it written as it is.
func (t Tree) Write(name func(Tree) string) string {
	w := treeWriter{name: name}
	w.tree(t, 0)
	return w.String()
}

type treeWriter struct {
	strings.Builder
	name func(Tree) string
}

// binding is how strongly operators bind, the strongest highest; "-" with one operand binds as 6.
var binding = map[string]int{"or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6, "|": 8}

func (w *treeWriter) tree(t Tree, least int) {
	switch t.Kind {
	case StringTree:
		w.WriteString(quoted(t.Text))
	case NumberTree:
		if math.IsInf(t.Number, 0) {
			w.operation(Tree{Kind: OperatorTree, Text: "div", Args: []Tree{{Kind: NumberTree, Number: 1}, {Kind: NumberTree}}}, least)
			return
		}
		w.WriteString(formatNumber(t.Number))
	case CallTree:
		w.WriteString(t.Text + "(")
		for n, a := range t.Args {
			if n > 0 {
				w.WriteString(", ")
			}
			w.tree(a, 0)
		}
		w.WriteByte(')')
	case OperatorTree:
		w.operation(t, least)
	case PathTree:
		w.path(t)
	}
}

func (w *treeWriter) operation(t Tree, least int) {
	strength := binding[t.Text]
	if len(t.Args) == 1 {
		strength = 7
	}
	if strength < least {
		w.WriteByte('(')
		defer w.WriteByte(')')
	}
	if len(t.Args) == 1 {
		w.WriteByte('-')
		w.tree(t.Args[0], strength)
		return
	}
	for n, a := range t.Args {
		if n > 0 {
			w.WriteString(" " + t.Text + " ")
			w.tree(a, strength+1)
		} else if chained := t.Text == "or" || t.Text == "and" || t.Text == "|"; chained {
			w.tree(a, strength+1)
		} else {
			w.tree(a, strength)
		}
	}
}

func (w *treeWriter) path(t Tree) {
	if w.name != nil && !t.Filtered() {
		if s := w.name(t); s != "" {
			w.WriteString(s)
			return
		}
	}
	steps := t.Steps
	switch {
	case t.Start == "/" && len(steps) == 0:
		w.WriteString("(/)") // "/ * 2" would be read as a path
	case len(t.Args) > 0 && len(steps) > 0 && steps[0].Text == "":
		w.base(t.Args[0])
		w.predicates(steps[0])
		steps = steps[1:]
	case len(t.Args) > 0:
		w.base(t.Args[0])
	default:
		w.WriteString(t.Start)
	}
	joined := t.Start == "current()" || len(t.Args) > 0
	for n, s := range steps {
		if n > 0 || joined {
			w.WriteByte('/')
		}
		w.WriteString(s.Text)
		w.predicates(s)
	}
}

// base writes what a path starts from: only a call or another path stands there without parentheses.
func (w *treeWriter) base(t Tree) {
	if t.Kind == CallTree {
		w.tree(t, 0)
		return
	}
	if filtered := t.Kind == PathTree && len(t.Args) > 0 && len(t.Steps) == 1 && t.Steps[0].Text == ""; filtered {
		w.path(t)
		return
	}
	w.WriteByte('(')
	w.tree(t, 0)
	w.WriteByte(')')
}

func (w *treeWriter) predicates(b Branch) {
	for _, p := range b.Predicates {
		w.WriteByte('[')
		w.tree(p, 0)
		w.WriteByte(']')
	}
}

// Filtered reports whether a path has predicates.
func (t Tree) Filtered() bool {
	for _, s := range t.Steps {
		if len(s.Predicates) > 0 {
			return true
		}
	}
	return false
}

// quoted writes a string literal. XPath has no escapes: no text holds both quotes.
func quoted(s string) string {
	if strings.Contains(s, "'") {
		return `"` + s + `"`
	}
	return "'" + s + "'"
}
