package xpath

import (
	"slices"
	"strings"
)

// Refs returns every location path that the expression reads, made absolute from base, the element path of the node the expression is
// evaluated on ("/data/grp_c/roster/m_age"): without predicates, those inside predicates resolved
// against the path that carries them. A trailing "//*" or "/*" step stays as it is. What once() keeps, the node's own value, is not reported.
func (e *Expr) Refs(base string) []Ref { return e.RefsAt(base, base) }

// RefsAt is Refs for an expression whose "current()" is another node than the one it is evaluated on: in a choice filter base is
// "instance(list)/root/item" and current the question.
func (e *Expr) RefsAt(base, current string) []Ref {
	w := &walk{self: base, context: base, current: current}
	e.root.refs(w)
	slices.SortFunc(w.found, func(a, b Ref) int { return strings.Compare(a.Path, b.Path) })
	out := w.found[:0]
	for _, r := range w.found {
		if n := len(out); n > 0 && out[n-1].Path == r.Path {
			out[n-1].Position = out[n-1].Position || r.Position
			continue
		}
		out = append(out, r)
	}
	return out
}

// Ref is one path an expression reads.
type Ref struct {
	Path     string // absolute element path; "instance(x)/..." for a secondary instance
	Self     bool   // it is the context node itself
	Position bool   // the number or position of the nodes is read (position(..), count(), indexed-repeat, a predicate), not only their values
}

// walk collects what an expression reads.
type walk struct {
	self, context, current string
	quiet                  bool // only where a path leads is wanted
	found                  []Ref
}

func (w *walk) add(path string, position bool) {
	if path != "" && !w.quiet {
		w.found = append(w.found, Ref{Path: path, Self: path == w.self, Position: position})
	}
}

func (stringLit) refs(*walk) {}
func (numberLit) refs(*walk) {}

func (l *logic) refs(w *walk) {
	for _, p := range l.parts {
		p.refs(w)
	}
}

func (e *arithmetic) refs(w *walk) { e.a.refs(w); e.b.refs(w) }
func (e *negation) refs(w *walk)   { e.a.refs(w) }
func (c *comparison) refs(w *walk) { c.a.refs(w); c.b.refs(w) }

func (u *union) refs(w *walk) {
	for _, p := range u.parts {
		p.refs(w)
	}
}

func (e *filter) refs(w *walk) {
	e.base.refs(w)
	for _, at := range e.goals(w) {
		w.add(at, true)
		w.inside(at, e.preds)
	}
}

// inside walks predicates, whose context is the path that carries them.
func (w *walk) inside(at string, preds []expr) {
	if w.quiet {
		return
	}
	outer := w.context
	w.context = at
	for _, p := range preds {
		p.refs(w)
	}
	w.context = outer
}

func (p *path) refs(w *walk) {
	if p.from == fromExpr {
		p.base.refs(w)
	}
	for _, at := range p.goals(w) {
		w.add(at, false)
	}
}

// goals returns the paths a path leads to; on the way it walks the predicates.
func (p *path) goals(w *walk) []string {
	var starts []string
	switch p.from {
	case fromContext:
		starts = []string{w.context}
	case fromCurrent:
		starts = []string{w.current}
	case fromRoot:
		starts = []string{""}
	case fromExpr:
		starts = goalsOf(p.base, w)
	}
	for i, at := range starts {
		for k := range p.steps {
			s := &p.steps[k]
			at = s.goal(at)
			if len(s.preds) > 0 {
				w.add(at, true)
				w.inside(at, s.preds)
			}
		}
		starts[i] = at
	}
	return starts
}

// goal returns where a step leads from a path.
func (s *step) goal(at string) string {
	switch s.axis {
	case axisSelf:
		return at
	case axisParent, axisAncestor:
		return parentPath(at)
	case axisFollowingSibling, axisPrecedingSibling:
		return parentPath(at) + "/" + s.label()
	case axisAttribute:
		return at + "/@" + s.label()
	case axisDescendantOrSelf:
		if s.test.kind == testNode {
			return at + "/"
		}
		return at + "//" + s.label()
	case axisDescendant:
		return at + "//" + s.label()
	case axisFollowing, axisPreceding:
		return "//" + s.label()
	case axisAncestorOrSelf:
		return at
	}
	if s.test.kind == testText {
		return at
	}
	return at + "/" + s.label()
}

func (s *step) label() string {
	if s.test.kind == testName {
		return s.test.name
	}
	return "*"
}

func parentPath(p string) string {
	i := strings.LastIndexByte(p, '/')
	if i < 0 {
		return ""
	}
	return p[:i]
}

// goalsOf returns the paths an expression's nodes have; what its predicates read is not collected.
func goalsOf(e expr, w *walk) []string {
	w = &walk{self: w.self, context: w.context, current: w.current, quiet: true}
	switch e := e.(type) {
	case *path:
		return e.goals(w)
	case *filter:
		return e.goals(w)
	case *union:
		var all []string
		for _, p := range e.parts {
			all = append(all, goalsOf(p, w)...)
		}
		return all
	case *call:
		return e.goals(w)
	}
	return nil
}

func (e *filter) goals(w *walk) []string { return goalsOf(e.base, w) }

// goals of a call: where instance(), current() and the functions that pass nodes on lead.
func (c *call) goals(w *walk) []string {
	if c.bad {
		return nil
	}
	switch c.fn.name {
	case "instance":
		if id, ok := c.args[0].(stringLit); ok {
			return []string{"instance(" + string(id) + ")"}
		}
	case "current":
		return []string{w.current}
	case "randomize", "indexed-repeat":
		return goalsOf(c.args[0], w)
	case "if":
		return append(goalsOf(c.args[1], w), goalsOf(c.args[2], w)...)
	}
	return nil
}

func (c *call) refs(w *walk) {
	switch {
	case c.fn.name == "current" && !c.bad:
		w.add(w.current, false)
	case c.fn.reads == readsContext && len(c.args) == 0:
		w.add(w.context, false)
	case c.fn.reads == readsPosition && len(c.args) == 0:
		w.add(w.context, true)
	}
	for i, a := range c.args {
		a.refs(w)
		counted := c.fn.name != "indexed-repeat" || i%2 == 1 // the repeats, not the field or the numbers
		if c.fn.reads == readsPosition && counted {
			for _, at := range goalsOf(a, w) {
				w.add(at, true)
			}
		}
	}
}
