package xpath

import "slices"

// inOrder sorts nodes into document order and takes out doubles.
func (r *run) inOrder(nodes []*Node) []*Node {
	if len(nodes) < 2 {
		return nodes
	}
	m := r.made()
	known := func(n *Node) bool { return m.order[n] > 0 }
	if !allOf(nodes, known) {
		m.order = map[*Node]int{}
		for _, n := range nodes {
			if !known(n) {
				r.enumerate(r.summit(n))
			}
		}
	}
	slices.SortStableFunc(nodes, func(a, b *Node) int { return m.order[a] - m.order[b] })
	return slices.Compact(nodes)
}

// summit returns the top of the tree that a node stands in.
func (r *run) summit(n *Node) *Node {
	for p := r.parent(n); p != nil; p = r.parent(p) {
		n = p
	}
	return n
}

func allOf(nodes []*Node, ok func(*Node) bool) bool {
	for _, n := range nodes {
		if !ok(n) {
			return false
		}
	}
	return true
}

// enumerate gives every node of a tree its place in document order, attributes before children.
func (r *run) enumerate(n *Node) {
	m := r.extra
	if r.tired(1) {
		return
	}
	m.order[n] = len(m.order) + 1
	for _, a := range m.attrs[n] {
		m.order[a] = len(m.order) + 1
	}
	if t := m.texts[n]; t != nil {
		m.order[t] = len(m.order) + 1
	}
	for _, c := range n.Children {
		r.enumerate(c)
	}
}
