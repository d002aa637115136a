package xform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// nameLists gives the lists of a form that was read from a workbook the ids of their secondary instances. A list that or_other made is
// one of its own, unless nothing else needs the plain one.
func (x *writer) nameLists() {
	if !x.fromWorkbook() {
		return
	}
	asked := map[*form.List]bool{}
	for _, i := range x.form.Items() {
		if i.List != nil && i.Itemset == nil {
			asked[i.List] = true
		}
	}
	taken := map[string]bool{}
	for _, key := range sortedIDs(x.form.Lists) {
		if l := x.form.Lists[key]; !x.ofOneQuestion(key, l) && (asked[l] || !x.onlyWithOther(l, asked)) {
			x.nameList(l, l.Name, taken)
		}
	}
	for _, i := range x.form.Items() {
		l := i.List
		if l == nil || i.Itemset != nil || x.lists[l] != "" {
			continue
		}
		if same := x.sameList(l); same != nil {
			x.lists[l] = x.lists[same]
			continue
		}
		id := l.Name
		if taken[id] {
			id += "_or_other"
		}
		x.nameList(l, id, taken)
	}
	slices.SortFunc(x.listOrder, func(a, b *form.List) int { return strings.Compare(x.lists[a], x.lists[b]) })
}

// nameList gives a list an id that no other secondary instance has.
func (x *writer) nameList(l *form.List, id string, taken map[string]bool) {
	for base, n := id, 2; taken[id] || x.form.External[id] != ""; n++ {
		id = fmt.Sprintf("%s_%d", base, n)
	}
	taken[id], x.lists[l] = true, id
	x.listOrder = append(x.listOrder, l)
}

// ofOneQuestion reports whether a list stands for the choices that a question finds in nodes.
func (x *writer) ofOneQuestion(key string, l *form.List) bool {
	for _, i := range x.form.Items() {
		if i.List == l && i.Itemset != nil && string(i.Path) == key {
			return true
		}
	}
	return false
}

// onlyWithOther reports whether a list is used by questions with or_other alone.
func (x *writer) onlyWithOther(l *form.List, asked map[*form.List]bool) bool {
	other := false
	for used := range asked {
		other = other || used != l && used.Name == l.Name
	}
	return other && !x.named[l.Name]
}

// sameList returns a list already named that has the same choices; nil when there is none.
func (x *writer) sameList(l *form.List) *form.List {
	for _, known := range x.listOrder {
		if known.Name == l.Name && len(known.Choices) == len(l.Choices) && slices.EqualFunc(known.Choices, l.Choices, func(a, b form.Choice) bool { return a.Name == b.Name }) {
			return known
		}
	}
	return nil
}

// instanceCall is a call of instance() with an id.
var instanceCall = regexp.MustCompile(`instance\(\s*(?:'([^']*)'|"([^"]*)")\s*\)`)

// sourcesOf returns the sources of all expressions of an item.
func sourcesOf(i *form.Item) []string {
	var list []string
	put := func(all ...*xpath.Expr) {
		for _, e := range all {
			if e != nil {
				list = append(list, e.String())
			}
		}
	}
	put(i.Relevant, i.Constraint, i.Calculation, i.Required, i.ReadOnly, i.Default, i.RepeatCount, i.ChoiceFilter)
	for _, t := range []form.Text{i.Label, i.Short, i.Hint, i.Guidance, i.ConstraintMessage, i.RequiredMessage} {
		put(t.Exprs()...)
	}
	return list
}
