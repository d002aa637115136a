// Package diagram draws what depends on what in a form: which questions decide whether another is asked, what it is calculated from, which choices it offers and
// which answers it takes. It lays the drawing out itself, as SVG, and writes it for Graphviz and Mermaid too.
package diagram

import (
	"cmp"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// Kind says what an edge decides.
type Kind uint8

// The kinds of edges.
const (
	Asked      Kind = iota + 1 // whether it is asked
	Calculated                 // its answer: a calculation, a default, a trigger
	Offered                    // which choices it offers
	Counted                    // how many instances it has
	Checked                    // which answers are accepted
	Required                   // whether an answer is required, or may be changed
	Shown                      // its texts show the answer
)

var kindNames = [...]string{"", "asked", "calculated", "offered", "counted", "checked", "required", "shown"}

// String returns "asked" and so on: a key for words, a class for styles.
func (k Kind) String() string { return kindNames[k] }

// Kinds returns all kinds.
func Kinds() []Kind { return []Kind{Asked, Calculated, Offered, Counted, Checked, Required, Shown} }

// Edge says that a rule of To reads From.
type Edge struct {
	From, To *form.Item
	Kind     Kind
}

// Graph is all edges of a form, and the items that have any.
type Graph struct {
	Nodes []*form.Item // in form order
	Edges []Edge       // by From, then To, in form order, each once
}

// New finds the edges of a compiled form.
func New(f *form.Form) Graph {
	c := collector{form: f, seen: map[Edge]bool{}}
	for _, i := range f.Items() {
		c.item(i)
	}
	for _, a := range f.Actions {
		if a.From != nil {
			c.add(Edge{a.From, a.Target, Calculated})
		}
		c.reads(a.Target, a.Value, Calculated)
	}
	g := Graph{Edges: c.edges}
	slices.SortFunc(g.Edges, func(a, b Edge) int {
		return cmp.Or(a.From.Index-b.From.Index, a.To.Index-b.To.Index, int(a.Kind)-int(b.Kind))
	})
	has := map[*form.Item]bool{}
	for _, e := range g.Edges {
		has[e.From], has[e.To] = true, true
	}
	for _, i := range f.Items() {
		if has[i] {
			g.Nodes = append(g.Nodes, i)
		}
	}
	return g
}

// From returns the edges that begin at an item: what depends on it.
func (g Graph) From(i *form.Item) []Edge {
	first, _ := slices.BinarySearchFunc(g.Edges, i.Index, func(e Edge, index int) int { return e.From.Index - index })
	last := first
	for last < len(g.Edges) && g.Edges[last].From == i {
		last++
	}
	return g.Edges[first:last]
}

type collector struct {
	form  *form.Form
	edges []Edge
	seen  map[Edge]bool
}

func (c *collector) add(e Edge) {
	if e.From != e.To && e.From.Parent != nil && !c.seen[e] {
		c.seen[e] = true
		c.edges = append(c.edges, e)
	}
}

func (c *collector) item(i *form.Item) {
	c.reads(i, i.Relevant, Asked)
	c.reads(i, i.Calculation, Calculated)
	c.reads(i, i.Default, Calculated)
	c.reads(i, i.RepeatCount, Counted)
	c.reads(i, i.Constraint, Checked)
	c.reads(i, i.Required, Required)
	c.reads(i, i.ReadOnly, Required)
	if i.List != nil && i.Itemset == nil && i.ChoiceFilter != nil {
		c.refs(i, i.ChoiceFilter.RefsAt("instance("+i.List.Name+")/root/item", i.ElementPath()), Offered)
	} else {
		c.reads(i, i.ChoiceFilter, Offered)
	}
	for _, t := range []form.Text{i.Label, i.Hint, i.Guidance} {
		for _, e := range t.Exprs() {
			c.reads(i, e, Shown)
		}
	}
}

func (c *collector) reads(i *form.Item, e *xpath.Expr, kind Kind) {
	if e != nil {
		c.refs(i, e.Refs(i.ElementPath()), kind)
	}
}

func (c *collector) refs(i *form.Item, refs []xpath.Ref, kind Kind) {
	for _, r := range refs {
		if from := c.find(r.Path); from != nil && !holds(from, i) {
			c.add(Edge{from, i, kind})
		}
	}
}

// find returns the item that a path leads to; of a path that ends in a wildcard, the section that it is below.
func (c *collector) find(path string) *form.Item {
	rest, ok := strings.CutPrefix(path, c.form.Root.ElementPath()+"/")
	if !ok {
		return nil
	}
	for rest != "" {
		if i, ok := c.form.Item(record.Path(rest)); ok {
			return i
		}
		cut := strings.LastIndexByte(rest, '/')
		if last := rest[cut+1:]; cut < 0 || last != "" && last != "*" {
			return nil
		}
		rest = strings.TrimRight(rest[:cut], "/")
	}
	return nil
}

// holds reports whether an item lies in a section: the position in a repeat depends on nothing that a person answers.
func holds(section, i *form.Item) bool {
	for p := i.Parent; p != nil; p = p.Parent {
		if p == section {
			return true
		}
	}
	return false
}
