package interview

import (
	"vereda/survey/form"
	"vereda/survey/xpath"
)

// found returns the choices that are nodes: instances of a repeat or items of a secondary instance. A node without a name is no choice.
func (s *Session) found(c *cell) []form.Choice {
	v, err := s.eval(c.item.ChoiceFilter, c)
	s.note(c, form.ChoiceFilter, err)
	if err != nil || v.Type() != "nodeset" {
		return nil
	}
	var list []form.Choice
	for _, n := range v.Nodes() {
		at := xpath.Context{Node: n, Current: &c.node, Env: s.world}
		name, err := c.item.Itemset.Value.Text(&at)
		if err != nil || name == "" {
			continue
		}
		list = append(list, form.Choice{Name: name, Label: s.labelOf(c, n)})
	}
	return list
}

// labelOf reads a choice's label from its node.
func (s *Session) labelOf(c *cell, n *xpath.Node) form.Text {
	set := c.item.Itemset
	if set.Label == nil {
		return form.Text{}
	}
	words, err := set.Label.Text(&xpath.Context{Node: n, Current: &c.node, Env: s.world})
	if err != nil {
		return form.Text{}
	}
	if set.Texts != nil {
		return set.Texts[words]
	}
	return form.NewText(map[string][]form.Part{s.form.DefaultLanguage: {{Words: words}}})
}
