package xpath

import (
	"slices"
	"strings"
)

// take makes one step from every node of a set. flat says that no node of the set lies below another: then children come out in
// document order by themselves.
func (r *run) take(s *step, set []*Node, flat bool) ([]*Node, bool) {
	var out, one []*Node
	reverse := s.axis == axisAncestor || s.axis == axisAncestorOrSelf || s.axis == axisPreceding || s.axis == axisPrecedingSibling
	for _, n := range set {
		one = r.along(s, n, one[:0])
		if r.tired(1 + len(one)) {
			return nil, false
		}
		if len(s.preds) > 0 {
			f := &frame{run: r}
			for _, p := range s.preds {
				one = f.keep(one, p)
			}
		}
		if reverse {
			slices.Reverse(one)
		}
		out = append(out, one...)
	}
	switch {
	case s.axis == axisSelf:
		return out, flat
	case flat && (s.axis == axisChild || s.axis == axisAttribute):
		return out, true
	case len(set) == 1:
		return out, s.axis == axisParent || s.axis == axisFollowingSibling || s.axis == axisPrecedingSibling
	}
	return r.inOrder(out), false
}

// keep filters nodes, in the order of their axis, by a predicate: a number is a position, anything else a condition.
func (f *frame) keep(nodes []*Node, pred expr) []*Node {
	in := frame{run: f.run, size: len(nodes)}
	if len(nodes) >= memoFrom {
		in.memo = &memo{outside: len(f.ancestry(nodes[0])) == 0}
	}
	kept := nodes[:0]
	known := pred.static()
	for i, n := range nodes {
		if f.tired(1) {
			return nil
		}
		in.node, in.pos = n, i+1
		ok := false
		switch known {
		case kindNumber:
			ok = pred.number(&in) == float64(in.pos)
		case 0:
			v := pred.value(&in)
			ok = v.kind == kindNumber && v.num == float64(in.pos) || v.kind != kindNumber && v.Bool()
		case kindNodes:
			ok = existsOrTrue(pred, &in)
		default:
			ok = pred.truth(&in)
		}
		if ok {
			kept = append(kept, n)
		}
	}
	return kept
}

// existsOrTrue tests a path as predicate: a node that exists is enough, as in "[@id]" or "[name]".
func existsOrTrue(pred expr, f *frame) bool {
	if p, ok := pred.(*path); ok {
		return p.first(f) != nil
	}
	return len(nodesOf(pred, f, 0)) > 0
}

// along appends the nodes of the step's axis that pass its test, nearest first.
func (r *run) along(s *step, n *Node, out []*Node) []*Node {
	add := func(c *Node) {
		if c.visible() && s.test.matches(c, Element) {
			out = append(out, c)
		}
	}
	switch s.axis {
	case axisChild:
		r.eachChild(n, s.test.kind, add)
	case axisSelf:
		if s.test.matches(n, principalOf(n)) {
			out = append(out, n)
		}
	case axisParent:
		if p := r.parent(n); p != nil && s.test.matches(p, Element) {
			out = append(out, p)
		}
	case axisAttribute:
		for _, a := range r.attributes(n) {
			if s.test.matches(a, Attribute) {
				out = append(out, a)
			}
		}
	case axisDescendant, axisDescendantOrSelf:
		if s.axis == axisDescendantOrSelf && s.test.matches(n, principalOf(n)) {
			out = append(out, n)
		}
		r.descend(n, s.test.kind, add)
	case axisAncestor, axisAncestorOrSelf:
		if s.axis == axisAncestorOrSelf && s.test.matches(n, principalOf(n)) {
			out = append(out, n)
		}
		for p := r.parent(n); p != nil; p = r.parent(p) {
			if s.test.matches(p, Element) {
				out = append(out, p)
			}
		}
	case axisFollowingSibling:
		_, after := r.siblings(n)
		for _, c := range after {
			add(c)
		}
	case axisPrecedingSibling:
		before, _ := r.siblings(n)
		for _, c := range slices.Backward(before) {
			add(c)
		}
	case axisFollowing:
		r.following(n, s.test.kind, add)
	case axisPreceding:
		r.preceding(n, s.test.kind, add)
	}
	return out
}

// principalOf is the kind of node that a name test means when the node itself is tested.
func principalOf(n *Node) NodeKind {
	if n.Kind == Attribute {
		return noKind
	}
	return Element
}

const noKind NodeKind = 255

// made holds nodes that the tree has not: attributes, the text of leaves, the document. They live as long as the evaluation's result.
type made struct {
	attrs    map[*Node][]*Node
	texts    map[*Node]*Node
	document map[*Node]*Node
	order    map[*Node]int
}

func (r *run) made() *made {
	if r.extra == nil {
		r.extra = &made{attrs: map[*Node][]*Node{}, texts: map[*Node]*Node{}, document: map[*Node]*Node{}}
	}
	return r.extra
}

// document returns the node above a root element.
func (r *run) document(root *Node) *Node {
	for root.Parent != nil && root.Kind != DocumentNode {
		root = root.Parent
	}
	if root.Kind == DocumentNode {
		return root
	}
	m := r.made()
	if m.document[root] == nil {
		m.document[root] = &Node{Kind: DocumentNode, Children: []*Node{root}}
	}
	return m.document[root]
}

func (r *run) parent(n *Node) *Node {
	switch {
	case n.Parent != nil:
		return n.Parent
	case n.Kind == DocumentNode:
		return nil
	}
	return r.document(n)
}

func (r *run) attributes(n *Node) []*Node {
	if n.Kind != Element || len(n.Attrs) == 0 {
		return nil
	}
	m := r.made()
	if m.attrs[n] == nil {
		for _, a := range n.Attrs {
			if a.Name != "xmlns" && !strings.HasPrefix(a.Name, "xmlns:") {
				m.attrs[n] = append(m.attrs[n], &Node{Kind: Attribute, Name: a.Name, Value: a.Value, Parent: n, space: a.space})
			}
		}
	}
	return m.attrs[n]
}

// eachChild visits the children; the text of a leaf is one when text is asked for.
func (r *run) eachChild(n *Node, want testKind, visit func(*Node)) {
	if t := r.leafText(n, want); t != nil {
		visit(t)
	}
	for _, c := range n.Children {
		visit(c)
	}
}

func (r *run) leafText(n *Node, want testKind) *Node {
	if n.Value == "" || n.Kind != Element || want != testText && want != testNode {
		return nil
	}
	m := r.made()
	if m.texts[n] == nil {
		m.texts[n] = &Node{Kind: TextNode, Value: n.Value, Parent: n}
	}
	return m.texts[n]
}

func (r *run) descend(n *Node, want testKind, visit func(*Node)) {
	r.eachChild(n, want, func(c *Node) {
		if r.tired(1) || !c.visible() {
			return
		}
		visit(c)
		r.descend(c, want, visit)
	})
}

func (r *run) siblings(n *Node) (before, after []*Node) {
	p := r.parent(n)
	if p == nil || n.Kind == Attribute {
		return nil, nil
	}
	i := slices.Index(p.Children, n)
	if i < 0 {
		return nil, p.Children
	}
	return p.Children[:i], p.Children[i+1:]
}

func (r *run) following(n *Node, want testKind, visit func(*Node)) {
	if n.Kind == Attribute {
		n = n.Parent
		r.descend(n, want, visit)
	}
	for ; n != nil; n = r.parent(n) {
		_, after := r.siblings(n)
		for _, c := range after {
			if c.visible() {
				visit(c)
				r.descend(c, want, visit)
			}
		}
	}
}

func (r *run) preceding(n *Node, want testKind, visit func(*Node)) {
	if n.Kind == Attribute {
		n = n.Parent
	}
	for ; n != nil; n = r.parent(n) {
		before, _ := r.siblings(n)
		for _, c := range slices.Backward(before) {
			if c.visible() {
				var below []*Node
				r.descend(c, want, func(d *Node) { below = append(below, d) })
				for _, d := range slices.Backward(below) {
					visit(d)
				}
				visit(c)
			}
		}
	}
}
