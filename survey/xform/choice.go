package xform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// readInstances notes the secondary instances, as expressions see them. Those whose content is in a file are empty until a session brings the file.
func (r *reader) readInstances() {
	for _, id := range sortedIDs(r.instances) {
		n := r.instances[id]
		at := form.Cell{Sheet: "instance " + id}
		src := attr(n, "src")
		if strings.HasPrefix(src, "jr://") || src != "" && len(elements(n)) == 0 { // what stands in it beside is a placeholder
			r.note(form.Warning, "file", at, src, "The secondary instance is in a file; where that does not come with the form, it is empty.", "")
			if r.form.External[id] = src[strings.LastIndexByte(src, '/')+1:]; src == "jr://instance/last-saved" {
				r.form.External[id] = form.LastSaved
			}
			continue
		}
		dropBlanks(n)
		r.form.Instances[id] = n
	}
}

// dropBlanks takes away the blanks between the elements of a secondary instance: how it is indented is no part of what it says.
func dropBlanks(n *xpath.Node) {
	if !mixed(n) {
		n.Children = slices.DeleteFunc(n.Children, func(c *xpath.Node) bool { return c.Kind == xpath.TextNode })
	}
	for _, c := range n.Children {
		dropBlanks(c)
	}
}

// readChoices reads the choices of a select: items of its own, or an itemset.
func (r *reader) readChoices(i *form.Item, n *xpath.Node, at form.Cell) {
	i.List = &form.List{Name: string(i.Path)}
	r.form.Lists[i.List.Name] = i.List
	if query := attr(n, "query"); query != "" && local(n.Name) == "input" {
		r.readQuery(i, query, at)
	}
	for _, c := range elements(n) {
		switch local(c.Name) {
		case "item":
			i.List.Choices = append(i.List.Choices, r.choice(c, at))
		case "itemset":
			if i.Itemset != nil {
				r.refuse("two-itemsets", at, "", "The question has more than one itemset.")
				return
			}
			r.readItemset(i, c, at)
		}
	}
	if i.Itemset != nil && child(n, "item") != nil {
		r.refuse("two-itemsets", at, "", "The question has items of its own and an itemset.")
	}
}

func (r *reader) choice(n *xpath.Node, at form.Cell) form.Choice {
	choice := form.Choice{Source: at}
	if v := child(n, "value"); v != nil {
		choice.Name = strings.TrimSpace(v.StringValue())
	}
	if l := child(n, "label"); l != nil {
		choice.Label = r.textOfElement(l, at)
		if m := itextCall.FindStringSubmatch(attr(l, "ref")); m != nil {
			choice.Media = r.mediaOf(m[1])
		}
	}
	if choice.Name == "" {
		r.note(form.Warning, "no-name", at, "", "A choice has no value: choosing it is no answer.", "")
	}
	return choice
}

// readItemset reads choices that an expression finds.
func (r *reader) readItemset(i *form.Item, n *xpath.Node, at form.Cell) {
	at.Column = "itemset"
	value := child(n, "value")
	if value == nil || attr(value, "ref") == "" {
		r.refuse("bad-itemset", at, attr(n, "nodeset"), "The itemset does not say where the names of its choices are (value ref).")
		return
	}
	set := &form.Itemset{Value: r.parse(attr(value, "ref"), at)}
	if label := child(n, "label"); label != nil {
		r.readItemsetLabel(set, attr(label, "ref"), at)
	}
	nodes := r.parse(attr(n, "nodeset"), at)
	if nodes == nil || set.Value == nil {
		return
	}
	i.ChoiceFilter, i.Itemset = nodes, set
	r.listItems(i, attr(n, "nodeset"), at)
}

var itextOf = regexp.MustCompile(`^jr:itext\(\s*([^'"]+?)\s*\)$`)

// readItemsetLabel reads "label", or "jr:itext(itextId)": the name of a text.
func (r *reader) readItemsetLabel(set *form.Itemset, ref string, at form.Cell) {
	if m := itextOf.FindStringSubmatch(ref); m != nil {
		ref, set.Texts = m[1], r.texts
	}
	if ref != "" {
		set.Label = r.parse(ref, at)
	}
}

var instancePath = regexp.MustCompile(`instance\(\s*['"]([^'"]+)['"]\s*\)((?:/[\w.:-]+)+)`)

// listItems gives a question the list of all choices that its itemset over a secondary instance can ever find, for labels where no session is at hand.
// Itemsets that say the same share it.
func (r *reader) listItems(i *form.Item, nodeset string, at form.Cell) {
	m := instancePath.FindStringSubmatch(nodeset)
	if m == nil || r.form.External[m[1]] != "" {
		return
	}
	if r.form.Instances[m[1]] == nil {
		r.refuse("unknown-instance", at, nodeset, fmt.Sprintf("There is no secondary instance %s.", m[1]))
		return
	}
	key := fmt.Sprintf("%s\x00%v\x00%v\x00%v", m[0], i.Itemset.Value, i.Itemset.Label, i.Itemset.Texts != nil)
	if same := r.lists[key]; same != nil {
		i.List = same
		r.form.Lists[string(i.Path)] = same
		return
	}
	r.lists[key] = i.List
	if e := r.parse("instance('"+m[1]+"')"+m[2], at); e != nil {
		r.fillList(i, e, m[1], at)
	}
}

// fillList puts the items that an expression finds into a question's list, and checks that they have what the itemset reads.
func (r *reader) fillList(i *form.Item, items *xpath.Expr, instance string, at form.Cell) {
	root := r.form.Instances[instance]
	env := &xpath.Env{Root: root, Instances: r.form.Instances}
	found, err := items.Eval(&xpath.Context{Node: root, Env: env})
	if err != nil {
		return // the session tells of it
	}
	if r.listed += len(found.Nodes()); r.listed > maxTags {
		r.refuse("too-large", at, items.String(), fmt.Sprintf("The itemsets of the form have more than %d choices in all.", maxTags))
		return
	}
	for k, n := range found.Nodes() {
		here := &xpath.Context{Node: n, Env: env}
		if k == 0 && lacks(i.Itemset.Value, here) && lacks(i.Itemset.Label, here) {
			r.refuse("unknown-column", at, i.Itemset.Value.String(), fmt.Sprintf("The items of %s have no %s and no %s: there is nothing to choose.", instance, i.Itemset.Value, i.Itemset.Label))
			return
		}
		if k == 0 && lacks(i.Itemset.Label, here) {
			r.note(form.Warning, "unknown-column", at, i.Itemset.Label.String(), fmt.Sprintf("The items of %s have no %s; their names are shown.", instance, i.Itemset.Label), "")
			i.Itemset.Label, i.Itemset.Texts = i.Itemset.Value, nil
		}
		if choice := r.choiceAt(i.Itemset, here); choice.Name != "" {
			choice.Source = at
			i.List.Choices = append(i.List.Choices, choice)
		}
	}
}

// lacks reports whether an item of a secondary instance has no element where an itemset has its names, or its labels.
func lacks(column *xpath.Expr, here *xpath.Context) bool {
	if column == nil {
		return false
	}
	v, err := column.Eval(here)
	return err == nil && v.Type() == "nodeset" && len(v.Nodes()) == 0
}

// choiceAt is the choice that an item of a secondary instance stands for.
func (r *reader) choiceAt(set *form.Itemset, here *xpath.Context) form.Choice {
	var choice form.Choice
	choice.Name, _ = set.Value.Text(here)
	if set.Label == nil {
		return choice
	}
	words, _ := set.Label.Text(here)
	if choice.Label = form.NewText(map[string][]form.Part{r.form.DefaultLanguage: {{Words: words}}}); set.Texts != nil {
		choice.Label, choice.Media = set.Texts[words], r.mediaOf(words)
	}
	return choice
}
