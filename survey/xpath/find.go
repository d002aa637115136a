package xpath

import (
	"fmt"
	"strconv"
	"strings"
)

// Find returns the node at an absolute path with positions, "/data/roster[2]/m_age": a step without position means the first of its
// name, "@id" at the end an attribute, "/" the root element. The root is the element that the path's first step names, or the document above it.
func Find(root *Node, path string) (*Node, error) {
	if !strings.HasPrefix(path, "/") {
		return nil, fmt.Errorf("the path %q does not begin with \"/\"", path)
	}
	if path == "/" {
		return root, nil
	}
	steps := strings.Split(path[1:], "/")
	at := root
	if root.Kind != DocumentNode {
		name, number, err := cutPosition(steps[0])
		if err != nil || name != root.Name || number != 1 {
			return nil, fmt.Errorf("there is no node %q: the outermost element is %q", path, root.Name)
		}
		steps = steps[1:]
	}
	for _, s := range steps {
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

func child(n *Node, name string, number int) *Node {
	if attr, ok := strings.CutPrefix(name, "@"); ok {
		for _, a := range n.Attrs {
			if a.Name == attr {
				return &Node{Kind: Attribute, Name: a.Name, Value: a.Value, Parent: n, space: a.space}
			}
		}
		return nil
	}
	for _, c := range n.Children {
		if c.Name == name && c.Kind == Element && !c.Template {
			if number--; number == 0 {
				return c
			}
		}
	}
	return nil
}
