// Package xpath is the expression language of forms: XPath 1.0 as ODK's forms use it, with ODK's functions.
// It parses, tells what an expression depends on, and evaluates over a tree of nodes.
package xpath

// Node is an element of an instance: the answers of an interview, or a list that a form brings along.
// The tree belongs to whoever built it; evaluation only reads it.
type Node struct {
	Name     string
	Parent   *Node
	Children []*Node
	Attrs    []Attr
	Value    string // text of a leaf, as ODK writes it
	Hidden   bool   // not relevant: absent from node-sets, empty as a string
	Template bool   // the template of a repeat: never seen by expressions
	Data     any    // whatever the owner of the tree keeps here (package interview: its own bookkeeping)
}

// Attr is an attribute of a node.
type Attr struct{ Name, Value string }
