package xpath

import "math"

// expr is a node of the compiled expression. Each of the four methods evaluates it, to what the caller needs.
type expr interface {
	value(f *frame) Value
	number(f *frame) float64
	text(f *frame) string
	truth(f *frame) bool
	static() kind // what it evaluates to, 0 when that depends on the answers
	refs(w *walk)
}

type stringLit string

func (s stringLit) value(*frame) Value      { return stringValue(string(s)) }
func (s stringLit) number(f *frame) float64 { return f.parse(string(s)) }
func (s stringLit) text(*frame) string      { return string(s) }
func (s stringLit) truth(*frame) bool       { return s != "" }
func (s stringLit) static() kind            { return kindString }

type numberLit float64

func (n numberLit) value(*frame) Value    { return numberValue(float64(n)) }
func (n numberLit) number(*frame) float64 { return float64(n) }
func (n numberLit) text(*frame) string    { return formatNumber(float64(n)) }
func (n numberLit) truth(*frame) bool     { return truthOf(float64(n)) }
func (n numberLit) static() kind          { return kindNumber }

// logic is a chain of "or" (any) or of "and".
type logic struct {
	any   bool
	parts []expr
}

func (l *logic) truth(f *frame) bool {
	for _, p := range l.parts {
		if p.truth(f) == l.any {
			return l.any
		}
		if f.err != nil {
			return false
		}
	}
	return !l.any
}
func (l *logic) value(f *frame) Value    { return boolValue(l.truth(f)) }
func (l *logic) number(f *frame) float64 { return boolValue(l.truth(f)).Number() }
func (l *logic) text(f *frame) string    { return boolValue(l.truth(f)).String() }
func (l *logic) static() kind            { return kindBool }

type arithmetic struct {
	op   byte
	a, b expr
}

func (e *arithmetic) number(f *frame) float64 {
	a, b := e.a.number(f), e.b.number(f)
	switch e.op {
	case '+':
		return a + b
	case '-':
		return a - b
	case '*':
		return a * b
	case '/':
		return a / b
	}
	return math.Mod(a, b)
}
func (e *arithmetic) value(f *frame) Value { return numberValue(e.number(f)) }
func (e *arithmetic) text(f *frame) string { return formatNumber(e.number(f)) }
func (e *arithmetic) truth(f *frame) bool  { return truthOf(e.number(f)) }
func (e *arithmetic) static() kind         { return kindNumber }

type negation struct{ a expr }

func (e *negation) number(f *frame) float64 { return -e.a.number(f) }
func (e *negation) value(f *frame) Value    { return numberValue(e.number(f)) }
func (e *negation) text(f *frame) string    { return formatNumber(e.number(f)) }
func (e *negation) truth(f *frame) bool     { return truthOf(e.number(f)) }
func (e *negation) static() kind            { return kindNumber }

// union is "a | b".
type union struct{ parts []expr }

func (u *union) nodes(f *frame) []*Node {
	var all []*Node
	for _, p := range u.parts {
		all = append(all, nodesOf(p, f, 0)...)
	}
	return f.inOrder(all)
}
func (u *union) value(f *frame) Value {
	return Value{kind: kindNodes, truth: true, nodes: u.nodes(f)}
}
func (u *union) number(f *frame) float64 { return f.parse(u.text(f)) }
func (u *union) text(f *frame) string    { return u.value(f).String() }
func (u *union) truth(f *frame) bool     { return len(u.nodes(f)) > 0 }
func (u *union) static() kind            { return kindNodes }

// filter is a primary expression with predicates: "(a | b)[1]".
type filter struct {
	base  expr
	preds []expr
	at    int
}

func (e *filter) nodes(f *frame) []*Node {
	nodes := nodesOf(e.base, f, e.at)
	for _, p := range e.preds {
		nodes = f.keep(append([]*Node(nil), nodes...), p)
	}
	return nodes
}
func (e *filter) value(f *frame) Value {
	return Value{kind: kindNodes, truth: true, nodes: e.nodes(f)}
}
func (e *filter) number(f *frame) float64 { return f.parse(e.text(f)) }
func (e *filter) text(f *frame) string    { return e.value(f).String() }
func (e *filter) truth(f *frame) bool     { return len(e.nodes(f)) > 0 }
func (e *filter) static() kind            { return kindNodes }

// nodesOf evaluates what must be a node-set.
func nodesOf(e expr, f *frame, at int) []*Node {
	if p, ok := e.(*path); ok {
		return p.nodes(f, nil)
	}
	v := e.value(f)
	if v.kind != kindNodes && f.err == nil {
		f.fail(at, "a path is expected here, not a "+v.Type())
	}
	return v.nodes
}

// parse reads a number; dates are meant in the zone of the device.
func (f *frame) parse(s string) float64 {
	if n, ok := parseShortInt(s); ok {
		return n
	}
	if looksLikeDate(s) {
		return parseNumber(s, f.location())
	}
	return parseNumber(s, nil)
}

// toNumber, toText and toTruth convert what a part has evaluated to.
func (f *frame) toNumber(v *Value) float64 {
	if v.kind == kindString || v.kind == kindNodes {
		return f.parse(v.String())
	}
	return v.Number()
}
