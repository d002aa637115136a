package xpath

import "strings"

// NodeKind says what a Node is. The zero value is an element: whoever builds an instance need not set it.
type NodeKind uint8

// The kinds of nodes.
const (
	Element NodeKind = iota
	Attribute
	TextNode
	Comment
	Instruction
	DocumentNode
)

// Node is an element of an instance: the answers of an interview, or a list that a form brings along.
// The tree belongs to whoever built it; evaluation only reads it. In elements with more than a few children, those
// of one name must stand together, as ODK keeps the instances of a repeat; ParseXML marks the elements of which this is not true.
type Node struct {
	Name     string // as written, with its prefix: "orx:meta"; the target of an Instruction
	Parent   *Node
	Children []*Node
	Attrs    []Attr
	Value    string   // text of a leaf, as ODK writes it
	Hidden   bool     // not relevant, and with it everything below: absent from node-sets, empty as a string
	Template bool     // the template of a repeat: never seen by expressions
	Numeric  bool     // an integer or decimal question: compared and tested as a number, "5" = "5.0"
	Boolean  bool     // a boolean question: "false" is tested as false
	Kind     NodeKind // Element unless said otherwise
	Data     any      // whatever the owner of the tree keeps here (package interview: its own bookkeeping)

	scattered bool   // children of one name do not stand together
	space     string // namespace
}

// Attr is an attribute of a node.
type Attr struct {
	Name, Value string

	space string
}

// Attr returns the value of the attribute of that name, "" when there is none.
func (n *Node) Attr(name string) string {
	value, _ := n.attr(name)
	return value
}

func (n *Node) attr(name string) (value string, ok bool) {
	for i := range n.Attrs {
		if n.Attrs[i].Name == name {
			return n.Attrs[i].Value, true
		}
	}
	return "", false
}

// Path returns the element path of the node, without positions: "/data/roster/m_age".
func (n *Node) Path() string {
	if n == nil || n.Kind == DocumentNode {
		return ""
	}
	name := n.Name
	if n.Kind == Attribute {
		name = "@" + name
	}
	return n.Parent.Path() + "/" + name
}

// StringValue returns the text of the node and of everything below it; "" when it is hidden.
func (n *Node) StringValue() string {
	if n.Hidden || n.Template {
		return ""
	}
	if len(n.Children) == 0 {
		return n.Value
	}
	var b strings.Builder
	n.appendText(&b)
	return b.String()
}

func (n *Node) appendText(b *strings.Builder) {
	if n.Hidden || n.Template || n.Kind == Comment || n.Kind == Instruction {
		return
	}
	b.WriteString(n.Value)
	for _, c := range n.Children {
		c.appendText(b)
	}
}

// visible reports whether the node itself is marked neither hidden nor template.
func (n *Node) visible() bool { return !n.Hidden && !n.Template }

// seen reports whether neither the node nor one above it is hidden or a template.
func (n *Node) seen() bool {
	for ; n != nil; n = n.Parent {
		if n.Hidden || n.Template {
			return false
		}
	}
	return true
}

// place returns the number of the node among those of its name under its parent, from 1, templates not counted.
func (n *Node) place() int {
	if n.Parent == nil {
		return 1
	}
	p := 1
	for _, c := range n.Parent.Children {
		if c == n {
			break
		}
		if c.Name == n.Name && c.Kind == n.Kind && !c.Template {
			p++
		}
	}
	return p
}

func localName(name string) string {
	if i := strings.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}
