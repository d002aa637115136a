package xlsform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"vereda/survey/form"
)

// checkName notes names that the reference converter refuses although they lead to no confusion here.
func (r *reader) checkName(i *form.Item, row *row) {
	name, at := row.get("name")
	switch {
	case i.Name == "meta":
		r.note(form.Warning, "reserved-name", at, name, "The name meta is reserved for what a form says of itself; it is kept here.", "Choose another name.")
	case i.Kind != form.Repeat:
	case i.Name == r.form.Root.Name:
		r.note(form.Warning, "repeat-name", at, name, fmt.Sprintf("The repeat has the name of the whole form, %s; it is kept here.", name), "Choose another name.")
	case slices.ContainsFunc(r.byName[i.Name][:min(len(r.byName[i.Name]), maxSameName)], func(other *form.Item) bool {
		return other != i && other.Kind == form.Repeat && other.Parent != i.Parent
	}):
		r.note(form.Warning, "repeat-name", at, name, fmt.Sprintf("There is another repeat named %s; it is kept here.", name), "Give each repeat a name of its own.")
	}
}

// checkRows notes what only shows when all names are known.
func (r *reader) checkRows() {
	for _, ir := range r.rows {
		i, row := ir.item, ir.row
		text, at := row.get("type")
		filter, filterAt := row.get("choice_filter")
		if i.OrOther && filter != "" {
			r.note(form.Warning, "other-filter", filterAt, filter, "The choice other that or_other adds has no columns for the filter to read; it is offered when the filter says so.", "Write the choice other on the sheet choices.")
		}
		r.checkTrigger(row)
		if strings.EqualFold(text, "background-geopoint") {
			calculation, calculationAt := row.get("calculation")
			switch trigger, _ := row.get("trigger"); {
			case trigger == "":
				r.note(form.Warning, "background-geopoint", at, text, "A background-geopoint needs a trigger.", "Name the question that it is taken with in the column trigger.")
			case calculation != "":
				r.note(form.Warning, "background-geopoint", calculationAt, calculation, "A background-geopoint cannot be calculated.", "Clear the cell.")
			}
		}
		if i.Kind == form.Group && i.HasAppearance("table-list") {
			r.checkTable(i)
		}
	}
}

// triggerPart is one of the references in a cell of the column trigger, between commas.
var triggerPart = regexp.MustCompile(`^\$\{\s*([^}\s]+)\s*\}$`)

func (r *reader) checkTrigger(row *row) {
	text, at := row.get("trigger")
	if text == "" {
		return
	}
	for _, part := range strings.Split(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		m := triggerPart.FindStringSubmatch(part)
		if m == nil {
			r.note(form.Error, "bad-trigger", at, text, fmt.Sprintf("A trigger names questions; %s does not.", part), "Write ${name}.")
			return
		}
		name := m[1]
		if !slices.ContainsFunc(r.byName[name], func(i *form.Item) bool { return i.Kind == form.Question }) {
			hint := ""
			if near := r.nearest(name, func() []string { return keys(r.byName) }); near != "" {
				hint = fmt.Sprintf("Write ${%s}.", near)
			}
			r.note(form.Error, "bad-trigger", at, text, fmt.Sprintf("There is no question named %s.", name), hint)
		}
	}
}

// checkTable notes selects of a table-list that do not share their choices.
func (r *reader) checkTable(group *form.Item) {
	var first *form.List
	for _, i := range group.Children {
		if i.List == nil {
			continue
		}
		row := r.rowOf(i)
		text, at := row.get("type")
		if first == nil {
			first = i.List
			if filter, at := row.get("choice_filter"); filter != "" {
				r.note(form.Warning, "table-list", at, filter, "A table-list takes no choice_filter.", "")
			}
		} else if i.List.Name != first.Name {
			r.note(form.Warning, "table-list", at, text, fmt.Sprintf("The questions of a table-list have different choices: %s and %s.", first.Name, i.List.Name), "Use one list.")
		}
	}
}
