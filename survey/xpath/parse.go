package xpath

import (
	"fmt"
	"strconv"
)

// Bounds on what Parse reads, so that no expression can exhaust the stack.
const (
	maxTokens = 20000
	maxDepth  = 400 // of parentheses, predicates, arguments and signs inside each other
)

// parser is a recursive descent over the tokens, after the grammar of XPath 1.0. On the first mistake it jumps to the
// last token, where every rule ends.
type parser struct {
	src   string
	toks  []token
	pos   int
	depth int
	err   *SyntaxError
	wrong *FunctionError // the first call that cannot work
	calls []string
}

func (p *parser) fail(at int, reason string) expr {
	if p.err == nil {
		p.err = &SyntaxError{p.src, at, reason}
	}
	p.pos = len(p.toks) - 1
	return stringLit("")
}

func (p *parser) peek() token { return p.toks[p.pos] }

func (p *parser) next() token {
	t := p.toks[p.pos]
	if p.pos < len(p.toks)-1 {
		p.pos++
	}
	return t
}

// accept moves over an operator or mark if it stands here.
func (p *parser) accept(op string) bool {
	if t := p.peek(); t.kind == tokOp && t.text == op {
		p.next()
		return true
	}
	return false
}

func (p *parser) expect(op string) {
	if !p.accept(op) {
		t := p.peek()
		if t.kind == tokEnd {
			p.fail(t.at, fmt.Sprintf("%q is missing at the end", op))
			return
		}
		p.fail(t.at, fmt.Sprintf("%q stands where %q is expected", t.text, op))
	}
}

func (p *parser) whole() expr {
	if p.peek().kind == tokEnd {
		return p.fail(0, "the expression is empty")
	}
	root := p.expr()
	if t := p.peek(); t.kind != tokEnd {
		p.fail(t.at, "unexpected "+strconv.Quote(t.text))
	}
	return root
}

func (p *parser) expr() expr {
	if p.depth++; p.depth > maxDepth {
		return p.fail(p.peek().at, "the expression is nested too deeply")
	}
	defer func() { p.depth-- }()
	return p.or()
}

func (p *parser) or() expr {
	parts := []expr{p.and()}
	for p.accept("or") {
		parts = append(parts, p.and())
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return &logic{any: true, parts: parts}
}

func (p *parser) and() expr {
	parts := []expr{p.equality()}
	for p.accept("and") {
		parts = append(parts, p.equality())
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return &logic{parts: parts}
}

func (p *parser) equality() expr {
	left := p.relational()
	for {
		switch {
		case p.accept("="):
			left = newComparison(opEqual, left, p.relational())
		case p.accept("!="):
			left = newComparison(opUnequal, left, p.relational())
		default:
			return left
		}
	}
}

func (p *parser) relational() expr {
	left := p.additive()
	for {
		switch {
		case p.accept("<="):
			left = newComparison(opAtMost, left, p.additive())
		case p.accept("<"):
			left = newComparison(opLess, left, p.additive())
		case p.accept(">="):
			left = newComparison(opAtLeast, left, p.additive())
		case p.accept(">"):
			left = newComparison(opGreater, left, p.additive())
		default:
			return left
		}
	}
}

func (p *parser) additive() expr {
	left := p.multiplicative()
	for {
		switch {
		case p.accept("+"):
			left = &arithmetic{'+', left, p.multiplicative()}
		case p.accept("-"):
			left = &arithmetic{'-', left, p.multiplicative()}
		default:
			return left
		}
	}
}

func (p *parser) multiplicative() expr {
	left := p.unary()
	for {
		switch {
		case p.accept("*"):
			left = &arithmetic{'*', left, p.unary()}
		case p.accept("div"):
			left = &arithmetic{'/', left, p.unary()}
		case p.accept("mod"):
			left = &arithmetic{'%', left, p.unary()}
		default:
			return left
		}
	}
}

func (p *parser) unary() expr {
	minus, any := false, false
	for p.accept("-") {
		minus, any = !minus, true
	}
	e := p.union()
	switch {
	case minus:
		return &negation{e}
	case any:
		return &negation{&negation{e}}
	}
	return e
}

func (p *parser) union() expr {
	first := p.pathExpr()
	if t := p.peek(); t.kind != tokOp || t.text != "|" {
		return first
	}
	u := &union{parts: []expr{first}}
	for p.accept("|") {
		u.parts = append(u.parts, p.pathExpr())
	}
	for _, part := range u.parts {
		if k := part.static(); k != 0 && k != kindNodes {
			return p.fail(p.peek().at, "\"|\" joins paths only")
		}
	}
	return u
}
