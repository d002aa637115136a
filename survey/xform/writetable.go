package xform

import (
	"fmt"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// XLSForm's appearance table-list is none of XForms: the questions of the group stand on one page, the selects without the labels of their choices, and before
// them stands a select that shows the labels alone.

// tableHead returns the name of the select that heads the table before a question; "" where none does.
func (x *writer) tableHead(i *form.Item) string {
	group := i.Parent
	if !x.fromWorkbook() || group == nil || !group.HasAppearance("table-list") || !inTable(i) {
		return ""
	}
	if first := slices.IndexFunc(group.Children, inTable); group.Children[first] != i {
		return ""
	}
	return fmt.Sprintf("reserved_name_for_field_list_labels_%d", group.Index)
}

func inTable(i *form.Item) bool {
	return i.Type == form.TypeSelectOne || i.Type == form.TypeSelectMultiple
}

// appearance is the appearance of an item as XForms know it.
func (x *writer) appearance(i *form.Item) string {
	words := slices.Clone(i.Appearance)
	if !x.fromWorkbook() {
		return strings.Join(words, " ")
	}
	for n, word := range words {
		if word == "table-list" && i.Kind != form.Question {
			words[n] = "field-list"
		}
	}
	if i.Parent != nil && i.Parent.HasAppearance("table-list") && inTable(i) {
		words = append(words, "list-nolabel")
	}
	return strings.Join(words, " ")
}

// tableHeadControl is the select that shows the labels of the choices below it.
func (x *writer) tableHeadControl(i *form.Item, name string) *xpath.Node {
	n := element(controlNames[i.Type])
	set(n, "ref", i.Parent.ElementPath()+"/"+name)
	set(n, "appearance", "label")
	add(n, leaf("label", " "))
	x.choices(n, i)
	return n
}
