package xpath

// Plain paths: steps up, then names down. Nearly every path of a form is one, and they are walked without building anything.

// firstBelow returns the first node, in document order, that the names lead to.
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
