package xform

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// primary makes the primary instance.
func (x *writer) primary() *xpath.Node {
	f := x.form
	root := element(f.Root.Name)
	if space := f.Settings["instance_xmlns"]; space != "" {
		set(root, "xmlns", space)
	}
	set(root, "id", f.ID)
	if f.Version != "" {
		set(root, "version", f.Version)
	}
	x.attributes(root, f.Root)
	for _, name := range sortedIDs(f.Settings) {
		if own, ok := strings.CutPrefix(name, "attribute::"); ok && validAttribute(own) && !hasExactly(root, own) {
			set(root, own, f.Settings[name])
		}
	}
	for _, a := range []string{"prefix", "delimiter"} {
		if v := f.Settings[a]; v != "" {
			set(root, "odk:"+a, v)
		}
	}
	x.inside(root, f.Root, nil, f.Starts, false)
	if x.fromWorkbook() {
		x.meta(root)
	}
	return root
}

// inside writes the children of an item into its element: within a template or as a question begins, or, with texts, as a first instance.
func (x *writer) inside(n *xpath.Node, i *form.Item, texts map[record.Path]string, starts map[record.Path][]form.Instance, template bool) {
	for _, c := range i.Children {
		switch {
		case x.inMeta(c):
		case c.Kind == form.Repeat:
			x.repeatNodes(n, c, starts, template)
		case c.Kind == form.Group:
			g := element(c.Name)
			x.attributes(g, c)
			x.inside(g, c, texts, starts, template)
			add(n, g)
		default:
			text := c.DefaultText
			if texts != nil {
				text = texts[c.Path]
			}
			if head := x.tableHead(c); head != "" {
				add(n, element(head))
			}
			q := leaf(c.Name, text)
			x.attributes(q, c)
			add(n, q)
		}
	}
	if e := x.entityAt(i); e != nil && i.Parent != nil {
		add(n, element("meta", entityNode(e)))
	}
}

// repeatNodes writes a repeat: its template, and the instances that it begins with.
func (x *writer) repeatNodes(n *xpath.Node, i *form.Item, starts map[record.Path][]form.Instance, template bool) {
	if name := x.counts[i]; name != "" {
		add(n, element(name))
	}
	if template || i.Repeat() == nil { // those of repeats in repeats stand in the templates around them
		model := element(i.Name)
		set(model, "jr:template", "")
		x.attributes(model, i)
		x.inside(model, i, nil, nil, true)
		add(n, model)
	}
	first := func(texts map[record.Path]string, inner map[record.Path][]form.Instance, template bool) {
		one := element(i.Name)
		x.attributes(one, i)
		x.inside(one, i, texts, inner, template)
		add(n, one)
	}
	switch {
	case x.form.Starts == nil:
		first(nil, nil, template)
	case template:
		for range i.Begins {
			first(nil, nil, true)
		}
	default:
		for _, instance := range starts[i.Path] {
			first(instance.Texts, instance.Repeats, false)
		}
	}
}

// attributes writes the attributes of an item's element.
func (x *writer) attributes(n *xpath.Node, i *form.Item) {
	for _, a := range i.Attributes {
		set(n, a.Name, a.Text)
	}
	for _, a := range columnsOf(i, "instance::") {
		set(n, a.Name, a.Value)
	}
}

// columnsOf returns the attributes that an item has in columns of a kind: "bind::", "body::", "instance::", sorted by name.
func columnsOf(i *form.Item, kind string) []xpath.Attr {
	var list []xpath.Attr
	for _, heading := range slices.Sorted(maps.Keys(i.Columns)) {
		if name, ok := strings.CutPrefix(heading, kind); ok && validAttribute(name) {
			list = append(list, xpath.Attr{Name: name, Value: i.Columns[heading]})
		}
	}
	return list
}

// validAttribute reports whether a name, with or without a prefix, can be that of an attribute.
func validAttribute(name string) bool {
	prefix, rest, ok := strings.Cut(name, ":")
	return form.ValidName(prefix) && (!ok || form.ValidName(rest)) && prefix != "xmlns"
}

// inMeta reports whether an item of a workbook is written into the meta block instead of its place.
func (x *writer) inMeta(i *form.Item) bool {
	return x.fromWorkbook() && i.Type == form.TypeAudit && i.Kind == form.Question
}

// audit returns the audit of a form that was read from a workbook; nil when there is none.
func (x *writer) audit() *form.Item {
	for _, i := range x.form.Items() {
		if x.inMeta(i) {
			return i
		}
	}
	return nil
}

// pathOf is the path that an item is written at.
func (x *writer) pathOf(i *form.Item) string {
	if x.inMeta(i) {
		return x.metaPath() + "/audit"
	}
	return i.ElementPath()
}

func (x *writer) metaPath() string { return "/" + x.form.Root.Name + "/meta" }

// meta writes what a form says of an interview as a whole. A section of the workbook that is named meta takes it in.
func (x *writer) meta(root *xpath.Node) {
	meta := child(root, "meta")
	if meta == nil {
		meta = element("meta")
		add(root, meta)
	}
	put := func(name string) {
		if child(meta, name) == nil {
			add(meta, element(name))
		}
	}
	if x.audit() != nil {
		put("audit")
	}
	if e := x.entityAt(x.form.Root); e != nil && child(meta, "entity") == nil {
		add(meta, entityNode(e))
	}
	if !x.omitsID() {
		put("instanceID")
	}
	if x.form.InstanceName != nil {
		put("instanceName")
	}
	if len(meta.Children) == 0 {
		root.Children = root.Children[:len(root.Children)-1]
	}
}

func (x *writer) omitsID() bool {
	switch strings.ToLower(x.form.Settings["omit_instanceid"]) {
	case "", "no", "false", "false()":
		return false
	}
	return true
}

// nameCounts finds the repeats whose number of instances needs a node of its own: JavaRosa takes a path there, and no other expression.
func (x *writer) nameCounts() {
	for _, i := range x.form.Items() {
		if i.RepeatCount == nil || relativePath.MatchString(i.RepeatCount.String()) || absolutePath.MatchString(i.RepeatCount.String()) || x.fixed(i) {
			continue
		}
		name := i.Name + "_count"
		for n := 2; x.hasChild(i.Parent, name); n++ {
			name = fmt.Sprintf("%s_count_%d", i.Name, n)
		}
		x.counts[i] = name
	}
}

func (x *writer) hasChild(i *form.Item, name string) bool {
	return slices.ContainsFunc(i.Children, func(c *form.Item) bool { return c.Name == name || x.counts[c] == name })
}

// fixed reports whether a repeat has as many instances as it begins with, for good.
func (x *writer) fixed(i *form.Item) bool {
	return x.form.Starts != nil && i.Repeat() == nil && i.RepeatCount != nil && i.RepeatCount.String() == fmt.Sprint(len(x.form.Starts[i.Path]))
}
