package interview

import (
	"fmt"
	"path"
	"regexp"
	"slices"

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

var (
	instanceCall = regexp.MustCompile(`instance\s*\(\s*['"]([^'"]+)['"]\s*\)`)
	columnName   = regexp.MustCompile(`^[\pL_][\pL\d_.-]*$`)
)

// checkFiles notes the questions whose choices come from a table that has no column of their names: there is nothing to choose, whatever is answered. (ODK Collect
// does not open such a form.)
func (s *Session) checkFiles() {
	for i := range s.root.cells {
		c := &s.root.cells[i]
		if c.item.Itemset == nil || c.item.ChoiceFilter == nil || !columnName.MatchString(c.item.Itemset.Value.String()) {
			continue
		}
		m := instanceCall.FindStringSubmatch(c.item.ChoiceFilter.String())
		if m == nil || path.Ext(s.form.External[m[1]]) != ".csv" {
			continue
		}
		root, column := s.world.Instances[m[1]], c.item.Itemset.Value.String()
		if len(root.Children) == 0 || slices.ContainsFunc(root.Children[0].Children, func(n *xpath.Node) bool { return n.Name == column }) {
			continue
		}
		s.note(c, form.ChoiceFilter, fmt.Errorf("the file %s has no %s: there is nothing to choose", s.form.External[m[1]], column))
	}
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
