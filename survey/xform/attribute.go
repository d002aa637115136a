package xform

import (
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// Attributes of elements of the instance, binds about them and actions on them are kept and have no effect: entities are written so.

// readAttributes keeps the attributes of an item's element, those that mark templates and namespaces left out.
func (r *reader) readAttributes(i *form.Item, n *xpath.Node) {
	for _, a := range n.Attrs {
		name := local(a.Name)
		if name == "template" || strings.HasPrefix(a.Name, "xmlns") || i.Parent == nil && (name == "id" || name == "version") {
			continue
		}
		i.Attributes = append(i.Attributes, form.Attribute{Name: a.Name, Text: a.Value})
	}
}

// attribute finds an attribute by a reference as written at base; nil where there is none.
func (r *reader) attribute(ref, base string) *form.Attribute {
	owner, name, _ := strings.Cut(withoutPredicates(ref), "@")
	i := r.items[r.absolute(strings.TrimSuffix(owner, "/"), base)]
	if i == nil {
		return nil
	}
	for n := range i.Attributes {
		if local(i.Attributes[n].Name) == local(strings.TrimSpace(name)) {
			return &i.Attributes[n]
		}
	}
	return nil
}

// bindAttribute keeps a bind about an attribute.
func (r *reader) bindAttribute(n *xpath.Node, ref string, at form.Cell) {
	r.noteAttribute(at, ref)
	a := r.attribute(ref, "/"+r.form.Root.Name)
	if a == nil {
		return
	}
	a.Bind = map[string]string{}
	for _, b := range n.Attrs {
		if local(b.Name) != "nodeset" && b.Name != "ref" {
			a.Bind[b.Name] = r.unprefixed(b.Value)
		}
	}
}

// setAttribute keeps an action on an attribute.
func (r *reader) setAttribute(n *xpath.Node, from *form.Item, base, ref string, at form.Cell) {
	r.noteAttribute(at, ref)
	a := r.attribute(ref, base)
	if a == nil || local(n.Name) != "setvalue" {
		return
	}
	for name := range strings.FieldsSeq(attr(n, "event")) {
		event := eventNames[name]
		if event == form.NewRepeat && from == nil || event == form.ValueChanged || event == 0 {
			continue // noted above
		}
		a.Sets = append(a.Sets, form.AttributeSet{Event: event, Value: r.unprefixed(attr(n, "value")), Text: strings.TrimSpace(n.StringValue())})
	}
}

// noteAttribute notes something about an attribute of the instance: there is no question for it.
func (r *reader) noteAttribute(at form.Cell, ref string) {
	r.note(form.Warning, "attribute", at, ref, "Attributes of the instance are kept in the form and not calculated; servers that keep entities do without them here.", "")
}
