package form

import (
	"fmt"
	"strings"

	"vereda/survey/record"
	"vereda/survey/xpath"
)

// mark is put behind the names of repeats in the path that expressions are resolved from. A mark that is still in the path an
// expression reads shows that the expression stays in its own instance of that repeat: "../m_age" keeps it, "/data/grp_c/roster/m_age" and
// "../../roster/m_age" have none and reach all instances. No name holds it (see ValidName).
const mark = "~"

// markedPath returns the element path of an item with marks behind all repeats it lies in or is.
func markedPath(i *Item) string {
	if i.Parent == nil {
		return "/" + i.Name
	}
	path := markedPath(i.Parent) + "/" + i.Name
	if i.Kind == Repeat {
		path += mark
	}
	return path
}

// refs returns what an expression of an item reads, its paths resolved from base. A choice filter is evaluated on each choice; the
// item is its current().
func refs(i *Item, e columnExpr, base string) []xpath.Ref {
	if e.column == "choice_filter" && i.List != nil && i.Itemset == nil {
		return e.expr.RefsAt(choicePath(i.List), base)
	}
	return e.expr.Refs(base)
}

// choicePath is the path of the choices of a list, as instances of their own.
func choicePath(l *List) string { return "instance(" + l.Name + ")/root/item" }

// reading is what a path reads.
type reading struct {
	items  []*Item // read by value
	within *Item   // the innermost repeat whose instance the reading stays in, nil when it reaches all
	exact  *Item   // the item that the path itself names; nil below a wildcard
}

// resolve finds the items that an absolute path reads, marked or not. bad says in a sentence why there are none.
func (c *compiler) resolve(path string) (r reading, bad string) {
	if strings.HasPrefix(path, "instance(") {
		return r, c.checkInstance(path)
	}
	root := c.form.Root
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if segments[0] == "" || segments[0] == "*" {
		r.items = append([]*Item{root}, below(root, true)...)
		return r, ""
	}
	if segments[0] != root.Name {
		return r, fmt.Sprintf("%s names nothing in this form: its paths begin with /%s.", unmarked(path), root.Name)
	}
	at, deep := root, false
	for n, segment := range segments[1:] {
		if segment == "*" || segment == "" || segment == "node()" {
			deep = deep || segment == ""
			rest := segments[1:][n+1:]
			r.items = below(at, deep || len(rest) > 0)
			return r, ""
		}
		if strings.HasPrefix(segment, "@") {
			break
		}
		name := strings.TrimSuffix(segment, mark)
		next, ok := c.form.Item(record.Path(strings.TrimPrefix(string(at.Path)+"/"+name, "/")))
		if !ok {
			return r, fmt.Sprintf("%s names nothing in this form: %s has no %s.", unmarked(path), nameOf(at), name)
		}
		at = next
		if name != segment {
			r.within = at
		}
	}
	r.exact, r.items = at, []*Item{at}
	return r, ""
}

// below returns the questions directly below an item, or all that lie anywhere below it.
func below(i *Item, deep bool) []*Item {
	var list []*Item
	for _, child := range i.Children {
		list = append(list, child)
		if deep || child.Kind == Group {
			list = append(list, below(child, deep)...)
		}
	}
	return list
}

// checkInstance checks a path into a list: "instance(list)/root/item/column".
func (c *compiler) checkInstance(path string) string {
	id, rest, _ := strings.Cut(strings.TrimPrefix(path, "instance("), ")")
	if id := strings.Trim(id, `'"`); c.form.Instances[id] != nil || c.form.External[id] != "" {
		return ""
	}
	list, ok := c.form.Lists[strings.Trim(id, `'"`)]
	if !ok {
		return fmt.Sprintf("instance('%s') is no list of this form.", strings.Trim(id, `'"`))
	}
	segments := strings.Split(strings.TrimPrefix(rest, "/"), "/")
	if len(segments) < 3 || segments[0] != "root" || segments[1] != "item" || segments[2] == "*" {
		return ""
	}
	if name := segments[2]; name != "name" && name != "label" && !contains(list.Columns, name) {
		return fmt.Sprintf("The choices of list %s have no column %s.", list.Name, name)
	}
	return ""
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}

func nameOf(i *Item) string {
	if i.Parent == nil {
		return "the form"
	}
	return fmt.Sprintf("%s %s", i.Kind, i.Name)
}

func unmarked(path string) string { return strings.ReplaceAll(path, mark, "") }
