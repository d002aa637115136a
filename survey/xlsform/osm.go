package xlsform

import (
	"fmt"

	"vereda/survey/form"
)

// tagColumns are the columns of sheet osm.
var tagColumns = []string{"list_name", "name", "label"}

// tagsOf returns the list of sheet osm that a question of type osm names: what can be said of the thing on the map. A question may name none.
func (r *reader) tagsOf(row *row, name string) *form.List {
	if name == "" {
		return &form.List{}
	}
	if list := r.form.Tags[name]; list != nil {
		return list
	}
	text, at := row.get("type")
	hint := "Write its tags on the sheet osm."
	if near := r.nearest(name, func() []string { return keys(r.form.Tags) }); near != "" {
		hint = fmt.Sprintf("Write osm %s.", near)
	}
	r.note(form.Warning, "unknown-tags", at, text, fmt.Sprintf("There is no list %s on the sheet osm; nothing is asked of the thing on the map.", name), hint)
	return &form.List{Name: name}
}
