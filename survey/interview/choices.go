package interview

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// Choices returns the choices offered now, in order (after choice_filter and randomize). The slice belongs to the session until its next act.
func (s *Session) Choices(p record.Path) []form.Choice {
	c := s.find(p, false)
	if c == nil || c.item.List == nil {
		return nil
	}
	if !c.known {
		c.offered, c.known = s.offer(c), c.item.Seed == nil // another seed is another order
	}
	return c.offered
}

func (s *Session) offer(c *cell) []form.Choice {
	if c.item.Itemset != nil {
		return s.found(c)
	}
	all := c.item.List.Choices
	nodes := s.layout.choices[c.item.List]
	if nodes == nil {
		return all // neither filtered nor shuffled
	}
	passed := make([]*xpath.Node, 0, len(nodes))
	for _, n := range nodes {
		if c.item.ChoiceFilter == nil || s.passes(c, n) {
			passed = append(passed, n)
		}
	}
	if shuffles(c.item) {
		passed = s.shuffled(passed, s.seed(c))
	}
	offered := make([]form.Choice, len(passed))
	for i, n := range passed {
		offered[i] = all[n.Data.(int)]
	}
	return offered
}

// offers reports whether a choice of that name is offered.
func (s *Session) offers(c *cell, name string) bool {
	if c.item.List == nil {
		return true
	}
	if c.item.Itemset != nil {
		return slices.ContainsFunc(s.found(c), func(choice form.Choice) bool { return choice.Name == name })
	}
	for i, choice := range c.item.List.Choices {
		if choice.Name == name && (c.item.ChoiceFilter == nil || s.passes(c, s.layout.choices[c.item.List][i])) {
			return true
		}
	}
	return false
}

// passes evaluates the question's choice_filter on a choice. A filter that fails to evaluate offers everything.
func (s *Session) passes(c *cell, choice *xpath.Node) bool {
	s.at = xpath.Context{Node: choice, Current: &c.node, Env: s.world}
	yes, err := c.item.ChoiceFilter.Bool(&s.at)
	s.note(c, form.ChoiceFilter, err)
	return yes || err != nil
}

// choiceNodes makes a list's choices as expressions see them; Data is the choice's place in the list.
func choiceNodes(f *form.Form, l *form.List) []*xpath.Node {
	nodes := make([]*xpath.Node, len(l.Choices))
	for i, choice := range l.Choices {
		n := &xpath.Node{Name: "item", Data: i}
		add := func(name, value string) {
			n.Children = append(n.Children, &xpath.Node{Name: name, Value: value, Parent: n})
		}
		add("name", choice.Name)
		add("label", choice.Label.Plain(f.DefaultLanguage, f.DefaultLanguage))
		for _, column := range l.Columns {
			add(column, choice.Columns[column])
		}
		nodes[i] = n
	}
	return nodes
}

// shuffles reports whether a question shows its choices in random order.
func shuffles(i *form.Item) bool { return i.Parameters["randomize"] == "true" }

// seed returns the seed of a question's random order as an argument of randomize(): a number, or the answer that it is, as JavaRosa takes it; "" for none.
func (s *Session) seed(c *cell) string {
	if c.item.Seed == nil {
		return c.item.Parameters["seed"]
	}
	v, err := s.eval(c.item.Seed, c)
	s.note(c, form.ChoiceFilter, err)
	if err != nil || v.String() == "" {
		return "" // no answer yet
	}
	if n := v.Number(); !math.IsNaN(n) && !math.IsInf(n, 0) {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	return "'" + strings.ReplaceAll(v.String(), "'", "") + "'"
}

// shuffled returns choices in the order that randomize() gives them: with a seed always the same.
func (s *Session) shuffled(choices []*xpath.Node, seed string) []*xpath.Node {
	src := "randomize(/root/item)"
	if seed != "" {
		src = "randomize(/root/item, " + seed + ")"
	}
	e, err := xpath.Parse(src)
	if err != nil {
		return choices
	}
	root := &xpath.Node{Name: "root", Children: choices}
	v, err := e.Eval(&xpath.Context{Node: root, Env: &xpath.Env{Root: root, Random: s.env.Random}})
	if err != nil || len(v.Nodes()) != len(choices) {
		return choices
	}
	return v.Nodes()
}

// choiceNames returns the names of the choices chosen.
func choiceNames(v record.Value) []string {
	if v.Kind() == record.Choices {
		return strings.Fields(v.String())
	}
	return []string{v.String()}
}

// choiceValue is an answer of the choices left, of the same kind.
func choiceValue(kind record.Kind, names []string) record.Value {
	switch {
	case len(names) == 0:
		return record.Value{}
	case kind == record.Choices:
		return record.NewChoices(names)
	}
	return record.NewText(names[0])
}
