package xform

import (
	"regexp"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// query is what choices are found with in the table itemsets.csv, which comes with a form: those of a list.
var query = regexp.MustCompile(`^instance\(\s*['"]([^'"]+)['"]\s*\)/root/item(\[.*\])?$`)

// itemsets is the secondary instance of that table.
const itemsets = "itemsets"

// readQuery reads the choices of a list of the table itemsets.csv, or of a secondary instance of that name.
func (r *reader) readQuery(i *form.Item, source string, at form.Cell) {
	at.Column = "query"
	m := query.FindStringSubmatch(source)
	if m == nil {
		r.refuse("bad-itemset", at, source, "The query is not of the form instance('list')/root/item[condition].")
		return
	}
	nodes := source
	if r.form.Instances[m[1]] == nil && r.form.External[m[1]] == "" {
		nodes = "instance('" + itemsets + "')/root/item[list_name = " + quoted(m[1]) + "]" + m[2]
		if r.form.Instances[itemsets] == nil && r.form.External[itemsets] == "" {
			r.form.External[itemsets] = itemsets + ".csv"
			r.note(form.Warning, "file", at, source, "The choices are in the table itemsets.csv; where that does not come with the form, there are none.", "")
		}
	}
	i.Itemset = &form.Itemset{Value: r.parse("name", at), Label: r.parse("label", at)}
	i.ChoiceFilter = r.parse(nodes, at)
	r.listItems(i, nodes, at)
}

var instanceItems = regexp.MustCompile(`^instance\(\s*['"]([^'"]+)['"]\s*\)/root/item$`)

// readExtraItems notes the list that a range shows at its ticks, or a map beside the answer, and the tags of a question about a thing on the map.
func (r *reader) readExtraItems(i *form.Item, n *xpath.Node, at form.Cell) {
	for _, c := range elements(n) {
		switch local(c.Name) {
		case "itemset":
			name := "reference-geometry"
			if i.Type == form.TypeRange {
				name = "tick_labelset"
			}
			r.keepItemset(i, c, name)
		case "tag":
			if i.Tags == nil {
				i.Tags = &form.List{Name: string(i.Path)}
			}
			tag := form.Choice{Name: attr(c, "key"), Source: at}
			if l := child(c, "label"); l != nil {
				tag.Label = r.textOfElement(l, at)
			}
			i.Tags.Choices = append(i.Tags.Choices, tag)
		}
	}
	if strings.HasPrefix(attr(n, "mediatype"), "osm") && i.Tags == nil {
		i.Tags = &form.List{Name: string(i.Path)}
	}
}

// keepItemset keeps an itemset of a question that is no select: the name of its list, or what it is.
func (r *reader) keepItemset(i *form.Item, n *xpath.Node, name string) {
	value, label := "", ""
	if c := child(n, "value"); c != nil {
		value = attr(c, "ref")
	}
	if c := child(n, "label"); c != nil {
		label = attr(c, "ref")
	}
	if m := instanceItems.FindStringSubmatch(attr(n, "nodeset")); m != nil && value == "name" && (label == "label" || label == "jr:itext(itextId)") {
		r.parameter(i, name, m[1])
		return
	}
	r.parameter(i, name, attr(n, "nodeset"))
	r.parameter(i, name+"-value", value)
	r.parameter(i, name+"-label", label)
}
