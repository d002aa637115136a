package xform

import (
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// extraItems writes the items that a range shows at its ticks, and the places that a map shows beside the answer.
func (x *writer) extraItems(n *xpath.Node, i *form.Item) {
	for _, name := range []string{"tick_labelset", "reference-geometry"} {
		id := i.Parameters[name]
		if id == "" {
			continue
		}
		if value := i.Parameters[name+"-value"]; value != "" { // as an XForm has it
			add(n, x.itemset(id, value, i.Parameters[name+"-label"], false))
			continue
		}
		if repeat := x.itemNamed(id); repeat != nil { // places that were answered
			add(n, x.itemset(repeat.ElementPath()+"[./geometry != '']", "geometry", "geometry", false))
			continue
		}
		nodes := "instance(" + quoted(id) + ")/root/item"
		label, translated := "label", false
		for _, l := range x.listOrder {
			if x.lists[l] == id {
				label, translated = x.labelOf(l), x.translatedList(l)
			}
		}
		if given := x.form.Instances[id]; given != nil && strings.Contains(printed(given), "<itextId>") {
			label, translated = "itextId", true
		}
		add(n, x.itemset(nodes, "name", label, translated))
	}
}

// itemNamed returns the item that a reference ${name} names; nil for anything else.
func (x *writer) itemNamed(reference string) *form.Item {
	name, ok := strings.CutPrefix(reference, "${")
	if !ok {
		return nil
	}
	for _, i := range x.form.Items() {
		if i.Name+"}" == name {
			return i
		}
	}
	return nil
}
