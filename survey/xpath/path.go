package xpath

import (
	"strings"
	"sync/atomic"
)

type axis uint8

const (
	axisChild axis = iota
	axisSelf
	axisParent
	axisAttribute
	axisDescendant
	axisDescendantOrSelf
	axisAncestor
	axisAncestorOrSelf
	axisFollowing
	axisFollowingSibling
	axisPreceding
	axisPrecedingSibling
	axisNamespace
)

var axes = map[string]axis{
	"child": axisChild, "self": axisSelf, "parent": axisParent, "attribute": axisAttribute,
	"descendant": axisDescendant, "descendant-or-self": axisDescendantOrSelf,
	"ancestor": axisAncestor, "ancestor-or-self": axisAncestorOrSelf,
	"following": axisFollowing, "following-sibling": axisFollowingSibling,
	"preceding": axisPreceding, "preceding-sibling": axisPrecedingSibling, "namespace": axisNamespace,
}

type testKind uint8

const (
	testName testKind = iota
	testAny           // *
	testNode          // node()
	testText
	testComment
	testInstruction
)

var nodeTypes = map[string]testKind{"node": testNode, "text": testText, "comment": testComment, "processing-instruction": testInstruction}

type nodeTest struct {
	kind     testKind
	name     string
	prefixed bool // the name has a prefix: it is also compared by namespace
}

// matches reports whether a node passes; principal is the kind of node that the axis is about.
func (t *nodeTest) matches(n *Node, principal NodeKind) bool {
	switch t.kind {
	case testName:
		return n.Kind == principal && (n.Name == t.name || t.prefixed && t.qualified(n))
	case testAny:
		return n.Kind == principal
	case testText:
		return n.Kind == TextNode
	case testComment:
		return n.Kind == Comment
	case testInstruction:
		return n.Kind == Instruction && (t.name == "" || n.Name == t.name)
	}
	return true
}

// qualified matches a name with prefix against a node whose namespace is known: by the prefix's usual namespace.
func (t *nodeTest) qualified(n *Node) bool {
	prefix, local, _ := strings.Cut(t.name, ":")
	if local != "*" && local != localName(n.Name) {
		return false
	}
	if n.space != "" && n.space == usualNamespaces[prefix] {
		return true
	}
	own, _, has := strings.Cut(n.Name, ":")
	return local == "*" && has && own == prefix
}

var usualNamespaces = map[string]string{
	"h":      "http://www.w3.org/1999/xhtml",
	"xhtml":  "http://www.w3.org/1999/xhtml",
	"xf":     "http://www.w3.org/2002/xforms",
	"xforms": "http://www.w3.org/2002/xforms",
	"jr":     "http://openrosa.org/javarosa",
	"orx":    "http://openrosa.org/xforms",
	"odk":    "http://www.opendatakit.org/xforms",
	"xml":    "http://www.w3.org/XML/1998/namespace",
}

type step struct {
	axis  axis
	test  nodeTest
	preds []expr
	long  bool          // written with its axis: "self::node()", where "." would do
	hint  *atomic.Int32 // where in the parent the child was found last
}

type startPoint uint8

const (
	fromContext startPoint = iota
	fromRoot
	fromCurrent
	fromExpr
)

// path is a location path. Most paths of forms are plain: steps up, then names down. They are walked without building
// anything; the others go step by step from node-set to node-set.
type path struct {
	from  startPoint
	base  expr // fromExpr
	steps []step
	at    int

	ups   int  // plain: how many ".." lead
	down  int  // plain: index of the first step that names a child
	plain bool // only ".", ".." and then names of children
	names int  // how many steps from the root name a child and nothing else: these are contextualised
}

// finish finds out what kind of path it is.
func (p *path) finish() *path {
	i := 0
	if p.from == fromContext || p.from == fromCurrent {
		for ; i < len(p.steps); i++ {
			s := &p.steps[i]
			if s.preds != nil || s.long || s.test.kind != testNode || s.axis != axisSelf && s.axis != axisParent {
				break
			}
			if s.axis == axisParent {
				p.ups++
			}
		}
	}
	p.down = i
	for ; i < len(p.steps) && p.steps[i].isName(); i++ {
		p.steps[i].hint = new(atomic.Int32)
	}
	p.names = i - p.down
	p.plain = i == len(p.steps) && p.from != fromExpr && !(p.from == fromRoot && len(p.steps) == 0)
	return p
}

func (s *step) isName() bool {
	return s.axis == axisChild && !s.long && s.test.kind == testName && s.preds == nil && !strings.Contains(s.test.name, "*")
}

func (p *path) static() kind { return kindNodes }

func (p *path) value(f *frame) Value {
	return Value{kind: kindNodes, truth: !p.plain, nodes: p.nodes(f, nil)}
}

func (p *path) text(f *frame) string {
	if n := p.first(f); n != nil {
		return n.StringValue()
	}
	return ""
}

func (p *path) number(f *frame) float64 { return f.parse(p.text(f)) }

func (p *path) truth(f *frame) bool {
	if !p.plain {
		return p.first(f) != nil
	}
	mark := len(f.scratch)
	f.scratch = p.nodes(f, f.scratch)
	is := nodesTruth(f.scratch[mark:])
	f.scratch = f.scratch[:mark]
	return is
}

// first returns the first node in document order, or nil.
func (p *path) first(f *frame) *Node {
	if !p.plain || f.memo != nil && f.memo.holds(p) {
		if nodes := p.nodes(f, nil); len(nodes) > 0 {
			return nodes[0]
		}
		return nil
	}
	n, i := p.origin(f)
	if n == nil || i == len(p.steps) {
		return n
	}
	return firstBelow(n, p.steps[i:])
}

// nodes returns the node-set, in document order without doubles, appended to buf.
func (p *path) nodes(f *frame, buf []*Node) []*Node {
	if f.memo != nil && p.plain && f.memo.holds(p) {
		return append(buf, f.memo.nodes(f, p)...)
	}
	return p.find(f, buf)
}

func (p *path) find(f *frame, buf []*Node) []*Node {
	if p.plain {
		n, i := p.origin(f)
		if n == nil {
			return buf
		}
		return f.allBelow(n, p.steps[i:], buf)
	}
	set, i := p.begin(f)
	flat := len(set) <= 1
	for ; i < len(p.steps) && len(set) > 0; i++ {
		set, flat = f.take(&p.steps[i], set, flat)
		if f.err != nil {
			return nil
		}
	}
	if p.from != fromRoot {
		set = onlySeen(set)
	}
	return append(buf, set...)
}

// begin returns the set the steps start from, and the index of the first step.
func (p *path) begin(f *frame) ([]*Node, int) {
	switch p.from {
	case fromContext:
		return someNode(f.node), 0
	case fromCurrent:
		return someNode(f.current), 0
	case fromExpr:
		return nodesOf(p.base, f, p.at), 0
	}
	if f.root == nil {
		return nil, 0
	}
	if p.names > 0 {
		n, i := f.contextualised(p.steps[:p.names])
		if n == nil {
			return nil, 0
		}
		return []*Node{n}, i
	}
	return []*Node{f.document(f.root)}, 0
}

func someNode(n *Node) []*Node {
	if n == nil {
		return nil
	}
	return []*Node{n}
}

func onlySeen(set []*Node) []*Node {
	for i, n := range set {
		if !n.seen() {
			kept := append([]*Node(nil), set[:i]...)
			for _, n := range set[i+1:] {
				if n.seen() {
					kept = append(kept, n)
				}
			}
			return kept
		}
	}
	return set
}
