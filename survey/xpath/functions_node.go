package xpath

import "strings"

// Node-sets: how many, where, which.
var nodeFunctions = []function{
	{name: "count", min: 1, max: 1, result: kindNumber, eval: count, reads: readsPosition},
	{name: "count-non-empty", min: 1, max: 1, result: kindNumber, eval: countNonEmpty},
	{name: "position", max: 1, result: kindNumber, eval: position, reads: readsPosition},
	{name: "last", result: kindNumber, eval: func(f *frame, _ *call) Value { return numberValue(float64(f.size)) }, reads: readsPosition},
	{name: "indexed-repeat", min: 3, max: 11, odd: true, result: kindNodes, eval: indexedRepeat, prepare: prepareIndexedRepeat, reads: readsPosition},
	{name: "name", max: 1, result: kindString, eval: nameOf(func(n *Node) string { return n.Name }), prepare: wantsPath},
	{name: "local-name", max: 1, result: kindString, eval: nameOf(func(n *Node) string { return localName(n.Name) }), prepare: wantsPath},
	{name: "namespace-uri", max: 1, result: kindString, eval: nameOf(func(n *Node) string { return n.space }), prepare: wantsPath},
	{name: "lang", min: 1, max: 1, result: kindBool, eval: lang},
	{name: "id", min: 1, max: 1, result: kindNodes, eval: byID},
}

func wantsPath(c *call) string {
	for _, a := range c.args {
		if k := a.static(); k != 0 && k != kindNodes {
			return "a path is expected"
		}
	}
	return ""
}

func count(f *frame, c *call) Value {
	mark := len(f.scratch)
	v := operand(c.args[0], f)
	f.scratch = f.scratch[:mark]
	if v.kind != kindNodes {
		f.fail(c.at, "count() counts the nodes of a path, not a "+v.Type())
	}
	return numberValue(float64(len(v.nodes)))
}

func countNonEmpty(f *frame, c *call) Value {
	n := 0
	for _, node := range c.nodes(f, 0) {
		if node.StringValue() != "" {
			n++
		}
	}
	return numberValue(float64(n))
}

// position without argument is XPath's; with one it is the number of the node among its siblings of that name: position(..) is
// the number of the repeat instance. Of no node it is 0.
func position(f *frame, c *call) Value {
	if len(c.args) == 0 {
		if f.pos == 0 && f.node != nil {
			return numberValue(float64(f.node.place()))
		}
		return numberValue(float64(max(f.pos, 1)))
	}
	if p, ok := c.args[0].(*path); ok {
		if n := p.first(f); n != nil {
			return numberValue(float64(n.place()))
		}
		return numberValue(0)
	}
	if nodes := c.nodes(f, 0); len(nodes) > 0 {
		return numberValue(float64(nodes[0].place()))
	}
	return numberValue(0)
}

func prepareIndexedRepeat(c *call) string {
	for i, a := range c.args {
		if i > 0 && i%2 == 0 {
			continue
		}
		p, ok := a.(*path)
		if !ok || p.from == fromExpr || p.ups+p.names < len(p.steps)-selfSteps(p) {
			return "the first argument and the repeats are plain paths"
		}
	}
	return ""
}

func selfSteps(p *path) int { return p.down - p.ups }

// indexedRepeat is the value of its first argument in the numbered instances of the repeats named. A number below 1 counts as 1,
// as in JavaRosa. Repeats that are not numbered are those of the context.
func indexedRepeat(f *frame, c *call) Value {
	none := Value{kind: kindNodes}
	target := f.namesOf(c.args[0].(*path))
	if len(target) == 0 || f.root == nil || target[0] != f.root.Name {
		return none
	}
	index := make([]int, len(target))
	for i := 1; i+1 < len(c.args); i += 2 {
		group := f.namesOf(c.args[i].(*path))
		if len(group) == 0 || len(group) >= len(target) || strings.Join(group, "/") != strings.Join(target[:len(group)], "/") {
			f.fail(c.at, "indexed-repeat(): a repeat named does not hold the first argument")
			return none
		}
		index[len(group)-1] = max(1, whole(c.args[i+1].number(f)))
	}
	way := f.ancestry(f.node)
	if len(way) == 0 {
		way = f.ancestry(f.current)
	}
	set := []*Node{f.root}
	for i := 1; i < len(target) && len(set) > 0; i++ {
		set = childrenAt(set, target[i], index[i], way, i)
	}
	return Value{kind: kindNodes, nodes: set}
}

// childrenAt goes one level down: to the child of that number, or the one on the way to the context, or all.
func childrenAt(set []*Node, name string, number int, way []*Node, depth int) []*Node {
	var out []*Node
	for _, n := range set {
		if number == 0 && depth < len(way) && way[depth].Parent == n && way[depth].Name == name {
			out = append(out, way[depth])
			continue
		}
		place := 0
		for _, k := range n.Children {
			if k.Name != name || k.Template {
				continue
			}
			if place++; (number == 0 || place == number) && !k.Hidden {
				out = append(out, k)
			}
		}
	}
	return out
}

// namesOf returns the element names from the root that a plain path means, seen from the context.
func (f *frame) namesOf(p *path) []string {
	var names []string
	if p.from != fromRoot {
		n := f.node
		if p.from == fromCurrent {
			n = f.current
		}
		for i := p.ups; i > 0 && n != nil; i-- {
			n = n.Parent
		}
		for ; n != nil && n.Kind == Element; n = n.Parent {
			names = append([]string{n.Name}, names...)
			if n == f.root {
				break
			}
		}
	}
	for i := p.down; i < len(p.steps); i++ {
		names = append(names, p.steps[i].test.name)
	}
	return names
}

func nameOf(fn func(*Node) string) func(*frame, *call) Value {
	return func(f *frame, c *call) Value {
		n := f.node
		if len(c.args) == 1 {
			nodes := c.nodes(f, 0)
			if len(nodes) == 0 {
				return stringValue("")
			}
			n = nodes[0]
		}
		if n == nil || n.Kind == TextNode || n.Kind == Comment || n.Kind == DocumentNode {
			return stringValue("")
		}
		return stringValue(fn(n))
	}
}

// lang tests the language of the context node, as its nearest xml:lang gives it.
func lang(f *frame, c *call) Value {
	want := strings.ToLower(c.args[0].text(f))
	for n := f.node; n != nil; n = n.Parent {
		for i := range n.Attrs {
			if n.Attrs[i].Name == "xml:lang" {
				has := strings.ToLower(n.Attrs[i].Value)
				return boolValue(has == want || strings.HasPrefix(has, want+"-"))
			}
		}
	}
	return boolValue(false)
}

// byID finds elements by their attribute id (or xml:id), in document order.
func byID(f *frame, c *call) Value {
	wanted := map[string]bool{}
	v := c.args[0].value(f)
	if v.kind == kindNodes {
		for _, n := range v.nodes {
			for _, id := range strings.Fields(n.StringValue()) {
				wanted[id] = true
			}
		}
	} else {
		for _, id := range strings.Fields(v.String()) {
			wanted[id] = true
		}
	}
	var found []*Node
	if f.root != nil && len(wanted) > 0 {
		visit := func(n *Node) {
			for _, name := range [2]string{"id", "xml:id"} {
				if id := n.Attr(name); id != "" && wanted[id] {
					found = append(found, n)
					delete(wanted, id)
					return
				}
			}
		}
		f.descend(f.document(f.root), testAny, visit)
	}
	return Value{kind: kindNodes, nodes: found}
}
