package xform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// readPrimary makes the tree of items from the primary instance. Which elements are repeats is written in the body.
func (r *reader) readPrimary() {
	for _, n := range elements(r.model) {
		if id := attr(n, "id"); local(n.Name) == "bind" && id != "" {
			r.bindIDs[id] = attr(n, "nodeset")
		}
	}
	holder := child(r.model, "instance")
	var root *xpath.Node
	if holder != nil {
		if all := elements(holder); len(all) > 0 {
			root = all[0]
		}
	}
	if root == nil {
		r.refuse("no-instance", form.Cell{Sheet: "model"}, "", "The model has no primary instance.")
		return
	}
	f := r.form
	f.ID, f.Version = attr(root, "id"), attr(root, "version")
	if f.ID == "" {
		f.ID = strings.TrimSuffix(path.Base(strings.ReplaceAll(r.file, `\`, "/")), path.Ext(r.file))
	}
	if f.Title = r.title; f.Title == "" {
		f.Title = f.ID
	}
	r.readSettings(r.top, root)
	f.Root = &form.Item{Kind: form.Group, Name: local(root.Name), Source: form.Cell{Sheet: "/" + local(root.Name)}}
	r.items[f.Root.ElementPath()] = f.Root
	r.readAttributes(f.Root, root)
	repeats := map[string]bool{}
	r.findRepeats(r.body, "/"+f.Root.Name, repeats)
	b := builder{reader: r, repeats: repeats}
	b.build(f.Root, []*xpath.Node{root})
	f.Starts = map[record.Path][]form.Instance{}
	r.collect(f.Root, root, nil, f.Starts)
}

// findRepeats collects the element paths of the repeats in the body.
func (r *reader) findRepeats(n *xpath.Node, base string, found map[string]bool) {
	for _, c := range elements(n) {
		here := base
		if ref := r.refOf(c); ref != "" {
			here = r.absolute(ref, base)
		}
		if local(c.Name) == "repeat" {
			found[here] = true
		}
		r.findRepeats(c, here, found)
	}
}

// builder makes items of the nodes they are written in.
type builder struct {
	*reader
	repeats map[string]bool
	full    bool
}

// build gives an item its children: all names that stand in any of its nodes, in the order of the first that has them.
func (b *builder) build(i *form.Item, nodes []*xpath.Node) {
	var names []string
	byName := map[string][]*xpath.Node{}
	for _, n := range nodes {
		for _, c := range elements(n) {
			name := local(c.Name)
			if prefix, _, ok := strings.Cut(c.Name, ":"); ok && !slices.Contains(b.prefixes, prefix) {
				b.prefixes = append(b.prefixes, prefix)
			}
			if byName[name] == nil {
				names = append(names, name)
			}
			byName[name] = append(byName[name], c)
		}
	}
	for _, name := range names {
		if len(b.items) >= maxItems {
			if !b.full {
				b.refuse("too-large", form.Cell{Sheet: "instance"}, "", fmt.Sprintf("The form has more than %d questions.", maxItems))
			}
			b.full = true
			return
		}
		b.add(i, name, byName[name], len(nodes))
	}
}

func (b *builder) add(parent *form.Item, name string, nodes []*xpath.Node, outer int) {
	i := &form.Item{Kind: form.Question, Name: name}
	parent.Add(i)
	at := i.ElementPath()
	i.Source = form.Cell{Sheet: at}
	b.items[at] = i
	inner := false
	for _, n := range nodes {
		inner = inner || len(elements(n)) > 0
	}
	switch {
	case b.repeats[at]:
		i.Kind = form.Repeat
	case inner:
		i.Kind = form.Group
	}
	if i.Kind != form.Repeat && len(nodes) > outer {
		b.refuse("duplicate-name", i.Source, name, fmt.Sprintf("%s stands more than once in the instance and is no repeat.", at))
	}
	if i.Kind == form.Repeat {
		nodes = templatesFirst(nodes)
	}
	b.readAttributes(i, nodes[0])
	if i.Kind != form.Question {
		b.build(i, nodes)
		return
	}
	b.setText(i, nodes[0])
}

// templatesFirst puts templates before instances: what they say is what new instances begin with.
func templatesFirst(nodes []*xpath.Node) []*xpath.Node {
	var templates, others []*xpath.Node
	for _, n := range nodes {
		if has(n, "template") {
			templates = append(templates, n)
		} else {
			others = append(others, n)
		}
	}
	return append(templates, others...)
}

// setText notes the answer that stands in a node; it is read when the type is known.
func (r *reader) setText(i *form.Item, n *xpath.Node) { i.DefaultText = textOf(n) }

func textOf(n *xpath.Node) string { return strings.TrimSpace(n.Value) }

// collect notes the instances of repeats that stand right below a node, whatever groups lie between, and the answers in it.
func (r *reader) collect(i *form.Item, n *xpath.Node, texts map[record.Path]string, starts map[record.Path][]form.Instance) {
	for _, c := range elements(n) {
		item := r.items[i.ElementPath()+"/"+local(c.Name)]
		switch {
		case item == nil:
		case item.Kind == form.Question:
			if texts != nil && textOf(c) != "" {
				texts[item.Path] = textOf(c)
			}
			r.written = append(r.written, written{item, c})
		case item.Kind == form.Group:
			r.collect(item, c, texts, starts)
		case has(c, "template"):
			inner := map[record.Path][]form.Instance{}
			r.collect(item, c, map[record.Path]string{}, inner)
			for path, list := range inner {
				r.items["/"+r.form.Root.Name+"/"+string(path)].Begins = len(list)
			}
		default:
			instance := form.Instance{Texts: map[record.Path]string{}, Repeats: map[record.Path][]form.Instance{}}
			r.collect(item, c, instance.Texts, instance.Repeats)
			starts[item.Path] = append(starts[item.Path], instance)
		}
	}
}

// refOf returns what a control refers to, as written; "" when it refers to nothing.
func (r *reader) refOf(n *xpath.Node) string {
	for _, name := range []string{"nodeset", "ref"} {
		if ref := attr(n, name); ref != "" && !strings.HasPrefix(ref, "jr:itext(") {
			return ref
		}
	}
	if id := attr(n, "bind"); id != "" {
		return r.bindIDs[id]
	}
	return ""
}

// absolute writes a reference as an element path; relative ones start at base.
func (r *reader) absolute(ref, base string) string {
	ref = plainPath(ref)
	if strings.HasPrefix(ref, "/") {
		return ref
	}
	at := strings.Split(base, "/")
	for segment := range strings.SplitSeq(ref, "/") {
		switch {
		case segment == "." || segment == "current()":
		case segment == ".." && len(at) > 1:
			at = at[:len(at)-1]
		default:
			at = append(at, segment)
		}
	}
	return strings.Join(at, "/")
}
