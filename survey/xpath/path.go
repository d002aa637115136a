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

func firstBelow(n *Node, steps []step) *Node {
	if n.Kind == DocumentNode && len(n.Children) == 0 {
		return nil
	}
	kids := n.Children
	s := &steps[0]
	for i := s.find(n); i < len(kids); i++ {
		c := kids[i]
		if !s.test.matches(c, Element) {
			if n.scattered || len(kids) <= fewChildren {
				continue
			}
			return nil
		}
		if !c.visible() {
			continue
		}
		if len(steps) == 1 {
			return c
		}
		if found := firstBelow(c, steps[1:]); found != nil {
			return found
		}
	}
	return nil
}

// fewChildren is how many are searched one by one without guessing.
const fewChildren = 8

// find returns an index at or before the first child of the step's name; in an element with many children, exactly there: where the same
// step found it last, if it is there again.
func (s *step) find(n *Node) int {
	kids := n.Children
	if n.scattered || len(kids) <= fewChildren {
		return 0
	}
	i := int(s.hint.Load())
	if i < len(kids) && s.test.matches(kids[i], Element) {
		for i > 0 && s.test.matches(kids[i-1], Element) {
			i--
		}
		return i
	}
	for i = range kids {
		if s.test.matches(kids[i], Element) {
			s.hint.Store(int32(i))
			return i
		}
	}
	return len(kids)
}

// allBelow appends the nodes that the names lead to.
func (r *run) allBelow(n *Node, steps []step, out []*Node) []*Node {
	if len(steps) == 0 {
		return append(out, n)
	}
	kids := n.Children
	s := &steps[0]
	for i := s.find(n); i < len(kids); i++ {
		c := kids[i]
		if !s.test.matches(c, Element) {
			if n.scattered || len(kids) <= fewChildren {
				continue
			}
			break
		}
		if !c.visible() {
			continue
		}
		if len(steps) == 1 {
			out = append(out, c)
		} else if out = r.allBelow(c, steps[1:], out); r.tired(1) {
			break
		}
	}
	return out
}

// origin returns the node from which a plain path's names lead down, and the index of the first of those steps still to take; nil when there is
// no such node.
func (p *path) origin(f *frame) (*Node, int) {
	switch p.from {
	case fromRoot:
		return f.contextualised(p.steps[:p.names])
	case fromCurrent:
		return climb(f.current, p.ups), p.down
	}
	return climb(f.node, p.ups), p.down
}

// climb goes up; what is hidden can be passed through but not be where it ends.
func climb(n *Node, ups int) *Node {
	for ; ups > 0 && n != nil; ups-- {
		if n = n.Parent; n == nil {
			return nil
		}
	}
	if n != nil && !n.seen() {
		return nil
	}
	return n
}

// lineage is the chain of ancestors of a context node, from the root down.
type lineage struct {
	of    *Node
	chain [32]*Node
	n     int // 0: the node does not stand under the root
}

// ancestry returns the ancestors of n from the root of the main instance down to n itself; nil when n stands elsewhere.
func (r *run) ancestry(n *Node) []*Node {
	if r.line.of == n && n != nil {
		return r.line.chain[:r.line.n]
	}
	r.line.of, r.line.n = n, 0
	depth := 0
	for a := n; a != nil && depth < len(r.line.chain); a = a.Parent {
		r.line.chain[depth] = a
		depth++
		if a == r.root {
			for i, j := 0, depth-1; i < j; i, j = i+1, j-1 {
				r.line.chain[i], r.line.chain[j] = r.line.chain[j], r.line.chain[i]
			}
			r.line.n = depth
			break
		}
	}
	return r.line.chain[:r.line.n]
}

// contextualised starts an absolute path: as long as its names are those of the ancestors of the context node, it goes the way
// that they went, so that "/data/roster/age" seen from inside a roster is that roster's age (JavaRosa, TreeReference.contextualize).
// It returns the node reached and the number of steps taken; nil when there is none.
func (f *frame) contextualised(steps []step) (*Node, int) {
	root := f.root
	if root == nil {
		return nil, 0
	}
	if len(steps) == 0 || !root.visible() {
		return nil, 0
	}
	if !steps[0].test.matches(root, Element) {
		if root = topElement(root); !steps[0].test.matches(root, Element) {
			return nil, 0
		}
	}
	way := f.ancestry(f.node)
	if len(way) == 0 {
		way = f.ancestry(f.current)
	}
	n, i := root, 1
	for root == f.root && i < len(steps) && i < len(way) && steps[i].test.matches(way[i], Element) {
		if !way[i].visible() {
			return nil, 0
		}
		n = way[i]
		i++
	}
	return n, i
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

// memo keeps, while a predicate goes over many nodes, the paths in it that are the same for each of them.
type memo struct {
	outside bool // the nodes stand outside the main instance: absolute paths are not contextualised by them
	found   []found
}

type found struct {
	path  *path
	nodes []*Node
}

// memoFrom is how many nodes make it worth while.
const memoFrom = 8

func (m *memo) holds(p *path) bool {
	return p.from == fromCurrent || p.from == fromRoot && m.outside
}

func (m *memo) nodes(f *frame, p *path) []*Node {
	for i := range m.found {
		if m.found[i].path == p {
			return m.found[i].nodes
		}
	}
	nodes := p.find(f, nil)
	m.found = append(m.found, found{p, nodes})
	return nodes
}
