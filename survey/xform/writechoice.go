package xform

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// secondary makes the secondary instances: those that were read, lists, and files, by id.
func (x *writer) secondary() []*xpath.Node {
	made := map[string]*xpath.Node{}
	for _, l := range x.listOrder {
		made[x.lists[l]] = x.listInstance(l)
	}
	for id, n := range x.form.Instances {
		made[id] = settled(n)
	}
	for id, file := range x.files() {
		if made[id] == nil {
			n := element("instance")
			set(n, "id", id)
			set(n, "src", address(file))
			made[id] = n
		}
	}
	var list []*xpath.Node
	for _, id := range sortedIDs(made) {
		list = append(list, made[id])
	}
	return list
}

// files are the secondary instances that are files, by id, those that pulldata() reads among them.
func (x *writer) files() map[string]string {
	all := map[string]string{}
	for id, file := range x.form.External {
		all[id] = file
	}
	for _, source := range x.allSources() {
		for _, m := range pulldataCall.FindAllStringSubmatch(source, -1) {
			if id := m[1] + m[2]; all[id] == "" {
				all[id] = id + ".csv"
			}
		}
	}
	return all
}

var pulldataCall = regexp.MustCompile(`pulldata\(\s*(?:'([^']+)'|"([^"]+)")`)

// address is where a reader finds a file that comes with a form.
func address(file string) string {
	switch {
	case file == form.LastSaved:
		return "jr://instance/last-saved"
	case path.Ext(file) == ".csv":
		return "jr://file-csv/" + file
	}
	return "jr://file/" + file
}

// settled copies a secondary instance without the blanks, comments and instructions between its elements.
func settled(n *xpath.Node) *xpath.Node {
	out := &xpath.Node{Name: n.Name, Attrs: n.Attrs, Value: n.Value}
	words := mixed(n)
	for _, c := range n.Children {
		switch {
		case c.Kind == xpath.Element:
			out.Children = append(out.Children, settled(c))
		case c.Kind == xpath.TextNode && words:
			out.Children = append(out.Children, &xpath.Node{Kind: xpath.TextNode, Value: c.Value})
		}
	}
	return out
}

// translatedList reports whether the labels of a list stand in the itext.
func (x *writer) translatedList(l *form.List) bool {
	return slices.ContainsFunc(l.Choices, func(c form.Choice) bool { return len(c.Media) > 0 || !c.Label.IsZero() && !x.plain(c.Label) })
}

// listInstance makes a secondary instance of a list of a workbook.
func (x *writer) listInstance(l *form.List) *xpath.Node {
	id := x.lists[l]
	root := element("root")
	translated, readLabels := x.translatedList(l), x.labelled[id]
	for n, c := range l.Choices {
		item := element("item")
		label := c.Label.Plain(x.form.DefaultLanguage, x.form.DefaultLanguage)
		if translated {
			textID := fmt.Sprintf("%s-%d", id, n)
			if forms := x.labelForms(c.Label, form.Text{}, c.Media); !c.Label.IsZero() || len(c.Media) > 0 {
				textID = x.text(textID, forms...)
			}
			add(item, leaf("itextId", textID))
		}
		add(item, leaf("name", c.Name))
		if (!translated || readLabels) && !c.Label.IsZero() {
			add(item, leaf("label", label))
		}
		for _, column := range l.Columns {
			if v, ok := c.Columns[column]; ok {
				if name := elementName(column); child(item, name) == nil {
					add(item, leaf(name, v))
				}
			}
		}
		add(root, item)
	}
	n := element("instance", root)
	set(n, "id", id)
	return n
}

// elementName makes a name of an element of a heading.
func elementName(heading string) string {
	if form.ValidName(heading) {
		return heading
	}
	var b strings.Builder
	for _, r := range heading {
		if form.ValidName("a" + string(r)) {
			b.WriteRune(r)
		} else {
			b.WriteByte('_')
		}
	}
	if name := b.String(); form.ValidName(name) {
		return name
	}
	return "_" + b.String()
}

// choices writes what can be chosen.
func (x *writer) choices(n *xpath.Node, i *form.Item) {
	switch {
	case i.Itemset != nil:
		label := ""
		if i.Itemset.Label != nil {
			label = i.Itemset.Label.String()
		}
		add(n, x.itemset(i.ChoiceFilter.String(), i.Itemset.Value.String(), label, i.Itemset.Texts != nil))
	case i.List != nil && x.lists[i.List] != "":
		add(n, x.itemset(x.nodesOf(i), "name", x.labelOf(i.List), x.translatedList(i.List)))
	case i.List != nil:
		for k, c := range i.List.Choices {
			label := x.shown("label", fmt.Sprintf("%s/%d:label", i.ElementPath(), k), x.labelForms(c.Label, form.Text{}, c.Media)...)
			add(n, element("item", label, leaf("value", c.Name)))
		}
	case i.Tags != nil:
		x.tags(n, i)
	default:
		x.extraItems(n, i)
	}
}

// tags writes what can be said of a thing on the map.
func (x *writer) tags(n *xpath.Node, i *form.Item) {
	for _, c := range i.Tags.Choices {
		tag := element("tag", x.shown("label", i.ElementPath()+"/"+c.Name+":label", x.labelForms(c.Label, form.Text{}, c.Media)...))
		set(tag, "key", c.Name)
		add(n, tag)
	}
}

func (x *writer) labelOf(l *form.List) string {
	if x.translatedList(l) {
		return "itextId"
	}
	return "label"
}

func (x *writer) itemset(nodes, value, label string, translated bool) *xpath.Node {
	v, l := element("value"), (*xpath.Node)(nil)
	set(v, "ref", value)
	if translated {
		label = "jr:itext(" + label + ")"
	}
	if label != "" {
		l = element("label")
		set(l, "ref", label)
	}
	n := element("itemset", v, l)
	set(n, "nodeset", nodes)
	return n
}

// nodesOf is the expression that finds the choices of a list that are offered.
func (x *writer) nodesOf(i *form.Item) string {
	nodes := "instance(" + quoted(x.lists[i.List]) + ")/root/item"
	if i.ChoiceFilter != nil {
		nodes += "[" + i.ChoiceFilter.String() + "]"
	}
	if i.Parameters["randomize"] == "true" {
		switch seed := i.Parameters["seed"]; {
		case i.Seed != nil:
			nodes += ", " + i.Seed.String()
		case seed != "":
			nodes += ", " + seed
		}
		nodes = "randomize(" + nodes + ")"
	}
	return nodes
}

// quoted writes a string of an expression.
func quoted(s string) string {
	if strings.Contains(s, "'") {
		return `"` + s + `"`
	}
	return "'" + s + "'"
}
