package interview

import (
	"math"
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
		c.offered, c.known = s.offer(c), true
	}
	return c.offered
}

func (s *Session) offer(c *cell) []form.Choice {
	all := c.item.List.Choices
	if c.item.ChoiceFilter != nil {
		nodes := s.layout.choices[c.item.List]
		offered := make([]form.Choice, 0, len(all))
		for i := range all {
			if s.passes(c, nodes[i]) {
				offered = append(offered, all[i])
			}
		}
		all = offered
	}
	if c.item.Parameters["randomize"] == "true" {
		all = s.shuffled(all, c.item.Parameters["seed"])
	}
	return all
}

// offers reports whether a choice of that name is offered.
func (s *Session) offers(c *cell, name string) bool {
	if c.item.List == nil {
		return true
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

// choiceNodes makes a list's choices as expressions see them.
func choiceNodes(f *form.Form, l *form.List) []*xpath.Node {
	nodes := make([]*xpath.Node, len(l.Choices))
	for i, choice := range l.Choices {
		n := &xpath.Node{Name: "item"}
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

// shuffled returns choices in random order: with a seed always the same (Park and Miller's generator, as ODK's randomize() has it),
// else by the session's chance.
func (s *Session) shuffled(choices []form.Choice, seed string) []form.Choice {
	next := s.env.Random.Float64
	if n, err := strconv.ParseFloat(seed, 64); err == nil {
		next = parkMiller(n)
	}
	list := append([]form.Choice(nil), choices...)
	for i := len(list) - 1; i > 0; i-- {
		j := int(math.Floor(next() * float64(i+1)))
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// parkMiller returns the minimal standard generator, numbers between 0 and 1.
func parkMiller(seed float64) func() float64 {
	const modulus = 2147483647
	state := int64(seed) % modulus
	if state <= 0 {
		state += modulus - 1
	}
	return func() float64 {
		state = state * 16807 % modulus
		return float64(state-1) / (modulus - 1)
	}
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
