package xlsform

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// fileEndings are the kinds of files that hold choices, with the names that a choice's name and label have in them.
var fileEndings = map[string][2]string{".csv": {"name", "label"}, ".xml": {"name", "label"}, ".geojson": {"id", "title"}}

// fileType reads "select_one_from_file towns.csv"; words are those of the cell.
func (r *reader) fileType(words []string) (t typeCell, bad, hint string) {
	last := len(words) - 1
	command := strings.ReplaceAll(strings.ToLower(strings.Join(words[:last], "_")), "__", "_")
	t = typeCell{typ: form.TypeSelectOne, file: words[last]}
	if command == "select_multiple_from_file" {
		t.typ = form.TypeSelectMultiple
	}
	if _, known := fileEndings[path.Ext(t.file)]; !known || r.strict && strings.Count(t.file, ".") > 1 {
		return t, fmt.Sprintf("%s is no file of choices.", t.file), "Write the name of a .csv, .xml or .geojson file."
	}
	return t, "", ""
}

// namesFile reports whether the words of a cell of the column type choose from a file.
func namesFile(words []string) bool {
	if len(words) < 2 {
		return false
	}
	command := strings.ToLower(strings.Join(words[:len(words)-1], "_"))
	return command == "select_one_from_file" || command == "select_multiple_from_file"
}

// readExternal reads a row of type csv-external or xml-external: a file that expressions reach as instance('name'). It asks nothing.
func (r *reader) readExternal(parent *form.Item, typ string, row *row) {
	name, at := row.get("name")
	if !form.ValidName(name) {
		r.note(form.Error, "bad-name", at, name, fmt.Sprintf("%q cannot be a name.", name), "Write the name of the file, without its ending.")
		return
	}
	key := string(parent.Path) + "/" + name
	if r.said["external\x00"+key] || slices.ContainsFunc(r.byName[name], func(i *form.Item) bool { return i.Parent == parent }) {
		r.note(form.Warning, "duplicate-name", at, name, fmt.Sprintf("There is already something named %s in the same group.", name), "Give each a name of its own.")
	}
	r.said["external\x00"+key] = true
	file := name + "." + typ[:3]
	if _, there := r.files[name]; !there {
		r.attached(at, name, name, file)
	}
	r.addFile(at, name, file)
}

// addFile gives the form a file as a secondary instance.
func (r *reader) addFile(at form.Cell, name, file string) {
	if r.form.External == nil {
		r.form.External = map[string]string{}
	}
	r.form.External[name] = file
	r.note(form.Warning, "file", at, file, fmt.Sprintf("%s has to come with the form; where it does not, as in the field app, it is empty.", file), "Put what it holds on the sheet choices.")
}

// readSelectFile reads the choices of a select from a file: the nodes that an expression finds in it.
func (r *reader) readSelectFile(i *form.Item, file string, row *row) {
	ending := path.Ext(file)
	id := strings.TrimSuffix(file, ending)
	value, label := fileEndings[ending][0], fileEndings[ending][1]
	if v := i.Parameters["value"]; v != "" {
		value = v
	}
	if v := i.Parameters["label"]; v != "" {
		label = v
	}
	filter := ""
	if cell, at := row.get("choice_filter"); cell != "" {
		e := r.replace(cell, i, true)
		if e.bad != "" {
			r.note(form.Error, e.code, at, cell, e.bad, e.hint)
			return
		}
		filter = "[" + e.text + "]"
	}
	nodes := "instance('" + id + "')/root/item" + filter
	nodes = r.shuffled(nodes, i)
	own := func(source string) *xpath.Expr { return r.parse(source, row, "parameters", nil) }
	i.ChoiceFilter = r.parse(nodes, row, "choice_filter", nil)
	i.Itemset = &form.Itemset{Value: own(value), Label: own(label)}
	i.List = &form.List{Name: string(i.Path)}
	r.form.Lists[i.List.Name] = i.List
}

// shuffled puts the nodes that an expression finds into random order, where the question's parameters say so.
func (r *reader) shuffled(nodes string, i *form.Item) string {
	if !yes(i.Parameters["randomize"]) {
		return nodes
	}
	if seed := i.Parameters["seed"]; seed != "" {
		return "randomize(" + nodes + ", " + r.replace(seed, i, false).text + ")"
	}
	return "randomize(" + nodes + ")"
}

// parametersOf returns the names of the parameters of an item.
func (r *reader) parametersOf(i *form.Item) []string {
	if device := r.devices[i]; device != "" {
		return parameters[form.Type(device)]
	}
	if r.selectFiles[i] != "" {
		return slices.Concat(parameters[i.Type], []string{"value", "label"})
	}
	return parameters[i.Type]
}
