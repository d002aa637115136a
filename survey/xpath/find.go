package xpath

import (
	"fmt"
	"strconv"
	"strings"
)

// Find returns the node at an absolute path with positions, "/data/roster[2]/m_age": a step without position means the first of its
// name, "@id" at the end an attribute, "text()", "comment()" and "processing-instruction()" such nodes, "/" the document. The first step names the
// root, or the outermost element of the document that the root stands in; its position does not matter, there is only one.
func Find(root *Node, path string) (*Node, error) {
	if !strings.HasPrefix(path, "/") {
		return nil, fmt.Errorf("the path %q does not begin with \"/\"", path)
	}
	if path == "/" {
		return documentOr(root), nil
	}
	steps := strings.Split(path[1:], "/")
	name, _, err := cutPosition(steps[0])
	if err != nil {
		return nil, fmt.Errorf("the path %q cannot be read: %w", path, err)
	}
	at := root
	if at.Name != name {
		at = topElement(root)
	}
	if at == nil || at.Name != name {
		return nil, fmt.Errorf("there is no node %q: the outermost element is %q", path, root.Name)
	}
	for _, s := range steps[1:] {
		name, number, err := cutPosition(s)
		if err != nil {
			return nil, fmt.Errorf("the path %q cannot be read: %w", path, err)
		}
		next := child(at, name, number)
		if next == nil {
			return nil, fmt.Errorf("there is no node %q: %q has no %q number %d", path, at.Name, name, number)
		}
		at = next
	}
	return at, nil
}

// documentOr returns the document a root stands in, the root itself if it stands in none.
func documentOr(root *Node) *Node {
	top := root
	for top.Parent != nil {
		top = top.Parent
	}
	if top.Kind == DocumentNode {
		return top
	}
	return root
}

func cutPosition(step string) (string, int, error) {
	name, rest, ok := strings.Cut(step, "[")
	if !ok {
		return step, 1, nil
	}
	n, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
	if err != nil || !strings.HasSuffix(rest, "]") || n < 1 {
		return "", 0, fmt.Errorf("%q has no position in brackets", step)
	}
	return name, n, nil
}

var stepKinds = map[string]NodeKind{"text()": TextNode, "comment()": Comment, "processing-instruction()": Instruction}

func child(n *Node, name string, number int) *Node {
	if attr, ok := strings.CutPrefix(name, "@"); ok {
		return attributeNode(n, attr)
	}
	kind, other := stepKinds[name]
	if kind == TextNode && n.Value != "" && number == 1 {
		return &Node{Kind: TextNode, Value: n.Value, Parent: n}
	}
	for _, c := range n.Children {
		if c.Kind == kind && (other || c.Name == name) && !c.Template {
			if number--; number == 0 {
				return c
			}
		}
	}
	return nil
}

func attributeNode(n *Node, name string) *Node {
	for _, a := range n.Attrs {
		if a.Name == name {
			return &Node{Kind: Attribute, Name: a.Name, Value: a.Value, Parent: n, space: a.space}
		}
	}
	return nil
}
