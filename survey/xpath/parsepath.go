package xpath

import (
	"fmt"
	"strconv"
	"strings"
)

// pathExpr reads a location path, or a primary expression with predicates and steps after it.
func (p *parser) pathExpr() expr {
	t := p.peek()
	primary := t.kind == tokNumber || t.kind == tokString || t.kind == tokFunc && !isNodeType(t.text) ||
		t.kind == tokOp && (t.text == "(" || t.text == "$")
	if !primary {
		return p.locationPath()
	}
	e := p.primary()
	if t := p.peek(); t.kind == tokOp && t.text == "[" {
		e = &filter{base: e, preds: p.predicates(), at: t.at}
	}
	if t := p.peek(); t.kind == tokOp && (t.text == "/" || t.text == "//") {
		path := &path{from: fromExpr, base: e, at: t.at}
		if c, ok := e.(*call); ok && !c.bad && c.fn.name == "current" {
			path.from, path.base = fromCurrent, nil
		}
		if p.next().text == "//" {
			path.steps = append(path.steps, anyDepth())
		}
		p.steps(path)
		return path.finish()
	}
	return e
}

func (p *parser) primary() expr {
	t := p.next()
	switch {
	case t.kind == tokNumber:
		n, err := strconv.ParseFloat(t.text, 64)
		if err != nil && n == 0 {
			return p.fail(t.at, "this is no number")
		}
		return numberLit(n)
	case t.kind == tokString:
		return stringLit(t.text)
	case t.kind == tokFunc:
		return p.call(t)
	case t.text == "(":
		e := p.expr()
		p.expect(")")
		return e
	}
	return p.fail(t.at, "variables ($) are not part of forms")
}

func (p *parser) call(name token) expr {
	p.expect("(")
	var args []expr
	if !p.accept(")") {
		for {
			args = append(args, p.expr())
			if !p.accept(",") {
				break
			}
		}
		p.expect(")")
	}
	p.calls = append(p.calls, name.text)
	fn, err := lookup(name.text, len(args))
	if err != nil {
		err.Offset = name.at
		if p.wrong == nil {
			p.wrong = err
		}
		return &call{fn: &function{name: name.text, eval: failing(err)}, args: args, at: name.at, bad: true}
	}
	c := &call{fn: fn, args: args, at: name.at}
	if fn.prepare != nil {
		if reason := fn.prepare(c); reason != "" {
			return p.fail(name.at, name.text+"(): "+reason)
		}
	}
	return c
}

func isNodeType(name string) bool {
	return name == "node" || name == "text" || name == "comment" || name == "processing-instruction"
}

func (p *parser) locationPath() expr {
	t := p.peek()
	path := &path{at: t.at}
	switch {
	case p.accept("//"):
		path.from = fromRoot
		path.steps = append(path.steps, anyDepth())
	case p.accept("/"):
		path.from = fromRoot
		if !p.startsStep() {
			return path.finish()
		}
	}
	p.steps(path)
	return path.finish()
}

func (p *parser) startsStep() bool {
	t := p.peek()
	switch t.kind {
	case tokName, tokAxis:
		return true
	case tokFunc:
		return isNodeType(t.text)
	case tokOp:
		return t.text == "." || t.text == ".." || t.text == "@"
	}
	return false
}

func (p *parser) steps(path *path) {
	for {
		p.step(path)
		switch {
		case p.accept("//"):
			path.steps = append(path.steps, anyDepth())
		case p.accept("/"):
		default:
			return
		}
	}
}

func anyDepth() step { return step{axis: axisDescendantOrSelf, test: nodeTest{kind: testNode}} }

func (p *parser) step(path *path) {
	t := p.peek()
	s := step{axis: axisChild}
	switch {
	case p.accept("."):
		s.axis, s.test.kind = axisSelf, testNode
	case p.accept(".."):
		s.axis, s.test.kind = axisParent, testNode
	case p.accept("@"):
		s.axis = axisAttribute
		p.nodeTest(&s.test)
	case t.kind == tokAxis:
		p.next()
		p.expect("::")
		var ok bool
		s.long = t.text != "child"
		if s.axis, ok = axes[t.text]; !ok {
			p.fail(t.at, fmt.Sprintf("there is no axis %s::", t.text))
			return
		}
		p.nodeTest(&s.test)
	default:
		p.nodeTest(&s.test)
	}
	s.preds = p.predicates()
	path.steps = append(path.steps, s)
}

func (p *parser) nodeTest(test *nodeTest) {
	switch t := p.next(); {
	case t.kind == tokName:
		test.kind, test.name, test.prefixed = testName, t.text, strings.Contains(t.text, ":")
		if t.text == "*" {
			test.kind = testAny
		}
	case t.kind == tokFunc && isNodeType(t.text):
		p.expect("(")
		test.kind = nodeTypes[t.text]
		if arg := p.peek(); arg.kind == tokString && test.kind == testInstruction {
			p.next()
			test.name = arg.text
		}
		p.expect(")")
	case t.kind == tokEnd:
		p.fail(t.at, "the expression ends too early")
	default:
		p.fail(t.at, fmt.Sprintf("%q stands where a name or value is expected", t.text))
	}
}

func (p *parser) predicates() []expr {
	var preds []expr
	for p.accept("[") {
		preds = append(preds, p.expr())
		p.expect("]")
	}
	return preds
}
