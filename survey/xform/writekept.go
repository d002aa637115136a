package xform

import (
	"regexp"
	"strings"

	"vereda/survey/xpath"
)

// findKept finds the texts of Form.Texts that expressions name: those that choices found in nodes have for labels, and those of jr:itext(). Where an
// expression makes the name, all of them.
func (x *writer) findKept() {
	f := x.form
	if len(f.Texts) == 0 {
		return
	}
	for _, id := range sortedIDs(f.Instances) {
		x.keepNamed(f.Instances[id])
	}
	all := false
	for _, source := range x.allSources() {
		calls := itextCalls.FindAllStringSubmatch(source, -1)
		for _, m := range calls {
			x.keep(m[1] + m[2])
		}
		all = all || strings.Count(source, "jr:itext(") > len(calls)
	}
	for _, i := range f.Items() {
		if i.Itemset != nil && i.Itemset.Texts != nil && i.Itemset.Label != nil && !relativePath.MatchString(i.Itemset.Label.String()) {
			all = true
		}
	}
	if all {
		for _, id := range sortedIDs(f.Texts) {
			base, _, _ := strings.Cut(id, "#")
			x.keep(base)
		}
	}
}

var itextCalls = regexp.MustCompile(`jr:itext\(\s*(?:'([^']*)'|"([^"]*)")\s*\)`)

// keepNamed keeps the texts whose names stand in a secondary instance.
func (x *writer) keepNamed(n *xpath.Node) {
	if len(n.Children) == 0 {
		x.keep(strings.TrimSpace(n.Value))
	}
	for _, c := range n.Children {
		x.keepNamed(c)
	}
}

func (x *writer) keep(id string) {
	if id == "" || x.keptTexts[id] || x.keptEntry(id) == nil {
		return
	}
	x.keptTexts[id] = true
	x.keptOrder = append(x.keptOrder, id)
}

// keptEntry is a text of Form.Texts with all its forms; nil when there is none of that name.
func (x *writer) keptEntry(id string) *entry {
	e := &entry{id: id}
	for _, kind := range textForms {
		key := id
		if kind == "long" {
			continue
		}
		if kind != "" {
			key += "#" + kind
		}
		if t, ok := x.form.Texts[key]; ok {
			e.forms = append(e.forms, formText{kind, t})
		}
	}
	if len(e.forms) == 0 {
		return nil
	}
	return e
}

// allSources returns the sources of all expressions of the form.
func (x *writer) allSources() []string {
	if x.sources != nil {
		return x.sources
	}
	x.sources = []string{""}
	put := func(e *xpath.Expr) {
		if e != nil {
			x.sources = append(x.sources, e.String())
		}
	}
	for _, i := range x.form.Items() {
		x.sources = append(x.sources, sourcesOf(i)...)
		for _, a := range i.Attributes {
			for _, name := range sortedIDs(a.Bind) {
				x.sources = append(x.sources, a.Bind[name])
			}
			for _, s := range a.Sets {
				x.sources = append(x.sources, s.Value)
			}
		}
	}
	for _, a := range x.form.Actions {
		put(a.Value)
	}
	for _, id := range sortedIDs(x.form.Texts) {
		for _, e := range x.form.Texts[id].Exprs() {
			put(e)
		}
	}
	put(x.form.InstanceName)
	return x.sources
}
