package xpath

import "math"

type compareOp uint8

const (
	opEqual compareOp = iota
	opUnequal
	opLess
	opAtMost
	opGreater
	opAtLeast
)

// comparison is "=", "!=", "<", "<=", ">" or ">=". Between node-sets it holds when it holds for some pair of nodes, as
// XPath 1.0 says. When a plain path to an answer finds none, because it is not relevant, it counts as the empty string, as in JavaRosa.
type comparison struct {
	op   compareOp
	a, b expr
}

func newComparison(op compareOp, a, b expr) expr { return &comparison{op, a, b} }

func (c *comparison) value(f *frame) Value    { return boolValue(c.truth(f)) }
func (c *comparison) number(f *frame) float64 { return boolValue(c.truth(f)).Number() }
func (c *comparison) text(f *frame) string    { return boolValue(c.truth(f)).String() }
func (c *comparison) static() kind            { return kindBool }

func (c *comparison) truth(f *frame) bool {
	if c.a.static() == kindNumber && c.b.static() == kindNumber {
		return holds(c.op, c.a.number(f), c.b.number(f))
	}
	mark := len(f.scratch)
	a, b := operand(c.a, f), operand(c.b, f)
	is := f.err == nil && f.compare(c.op, &a, &b)
	f.scratch = f.scratch[:mark]
	return is
}

// operand evaluates one side. The nodes of a path lie on the scratch stack: the caller takes them off.
func operand(e expr, f *frame) Value {
	p, ok := e.(*path)
	if !ok {
		return e.value(f)
	}
	mark := len(f.scratch)
	f.scratch = p.nodes(f, f.scratch)
	return Value{kind: kindNodes, truth: !p.plain, nodes: f.scratch[mark:len(f.scratch):len(f.scratch)]}
}

func (f *frame) compare(op compareOp, a, b *Value) bool {
	if op <= opUnequal && (a.kind == kindBool || b.kind == kindBool) {
		return holds(op, toBit(a), toBit(b))
	}
	if a.kind != kindNodes {
		return f.compareRight(op, a, b)
	}
	for i := 0; i < a.candidates(); i++ {
		atom := f.atom(a.nodes, i)
		if f.compareRight(op, &atom, b) {
			return true
		}
		if f.tired(1) {
			return false
		}
	}
	return false
}

func (f *frame) compareRight(op compareOp, a, b *Value) bool {
	if b.kind != kindNodes {
		return f.compareAtoms(op, a, b)
	}
	for i := 0; i < b.candidates(); i++ {
		atom := f.atom(b.nodes, i)
		if f.compareAtoms(op, a, &atom) {
			return true
		}
		if f.tired(1) {
			return false
		}
	}
	return false
}

// candidates is how many values of a node-set are compared: an answer that is not there counts as one empty one.
func (v *Value) candidates() int {
	if len(v.nodes) == 0 && !v.exists() {
		return 1
	}
	return len(v.nodes)
}

// atom is the value of one node of a set as it is compared: a number in a numeric question, otherwise a string.
func (f *frame) atom(nodes []*Node, i int) Value {
	if i >= len(nodes) {
		return stringValue("")
	}
	n := nodes[i]
	s := n.StringValue()
	if n.Numeric && s != "" {
		return numberValue(f.parse(s))
	}
	return stringValue(s)
}

// compareAtoms compares two values of which none is a node-set or a boolean.
func (f *frame) compareAtoms(op compareOp, a, b *Value) bool {
	if op <= opUnequal && a.kind == kindString && b.kind == kindString {
		return (a.str == b.str) == (op == opEqual)
	}
	return holds(op, f.toNumber(a), f.toNumber(b))
}

func toBit(v *Value) float64 {
	if v.Bool() {
		return 1
	}
	return 0
}

// nearly is how far apart numbers may be and still be equal, as in JavaRosa.
const nearly = 1e-12

func holds(op compareOp, a, b float64) bool {
	switch op {
	case opEqual:
		return a == b || math.Abs(a-b) < nearly
	case opUnequal:
		return !(a == b || math.Abs(a-b) < nearly)
	case opLess:
		return a < b
	case opAtMost:
		return a <= b
	case opGreater:
		return a > b
	}
	return a >= b
}
