package xlsform

import (
	"fmt"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
)

// entityColumns are the columns of sheet entities.
var entityColumns = []string{"list_name", "label", "entity_id", "create_if", "update_if", "repeat"}

// maxEntities is how many rows of sheet entities are read.
const maxEntities = 100

// entity is a row of sheet entities with what the survey saves to it.
type entity struct {
	form.Entity
	row   *row
	saved []itemRow       // questions whose answers are properties of the entity
	taken map[string]bool // the names of these properties
	at    *form.Item      // the section that it is made in
}

// readEntities keeps the rows of sheet entities and checks them, and the column save_to, by the rules of the reference converter. Nothing is made of
// them here, so whatever is wrong with them keeps no form from running.
func (r *reader) readEntities() {
	list := r.entityRows()
	r.readSaves(list)
	if len(list) == 0 {
		return
	}
	r.note(form.Warning, "entities-kept", form.Cell{Sheet: r.entities.name}, "", "Entities are kept in the form; none are made from answers.", "")
	written := slices.Clone(list)
	for _, e := range list {
		r.checkEntity(e)
	}
	slices.SortStableFunc(list, func(a, b *entity) int { return min(len(b.saved), 1) - min(len(a.saved), 1) })
	for _, e := range list {
		r.placeEntity(e, list)
	}
	for _, e := range written {
		if len(written) == 1 && e.at != nil && repeatOf(e.at) == nil { // the only one outside of repeats belongs to the interview as a whole
			e.at = r.form.Root
		}
		r.writeRules(e)
		r.form.Entities = append(r.form.Entities, e.Entity)
	}
}

// writeRules writes the expressions of an entity as they are evaluated where an XForm has them.
func (r *reader) writeRules(e *entity) {
	if e.at == nil {
		return
	}
	from := e.at
	for _, name := range []string{"meta", "entity", "label"} {
		inner := &form.Item{Kind: form.Group, Name: name, Parent: from, Path: record.Path(name)}
		if from.Path != "" {
			inner.Path = from.Path + "/" + inner.Path
		}
		from = inner
	}
	e.At, e.Rules = e.at, map[string]string{}
	for key, cell := range e.Columns {
		if key != "repeat" {
			e.Rules[key] = r.replace(cell, from, false).text
		}
	}
	if id := e.Columns["entity_id"]; id != "" {
		e.Rules["in-list"] = r.replace(id, from, true).text
	}
}

func (r *reader) entityRows() []*entity {
	if r.entities == nil {
		return nil
	}
	for _, c := range r.entities.columns {
		if !slices.Contains(entityColumns, c.key) && c.heading != "" {
			r.note(form.Warning, "entity", form.Cell{Sheet: r.entities.name, Row: r.entities.headRow, Column: c.heading}, c.heading,
				fmt.Sprintf("There is no column %s on sheet entities.", c.heading), "Take it out.")
		}
	}
	var list []*entity
	for _, row := range r.entities.rows {
		if len(list) == maxEntities {
			r.note(form.Warning, "entity", form.Cell{Sheet: r.entities.name, Row: row.number}, "", fmt.Sprintf("More than %d entities are not read.", maxEntities), "")
			break
		}
		e := &entity{row: row, taken: map[string]bool{}}
		name, at := row.get("list_name")
		e.List = name
		e.Columns = map[string]string{}
		for _, key := range entityColumns[1:] {
			if text, _ := row.get(key); text != "" {
				e.Columns[key] = text
			}
		}
		switch twice := slices.ContainsFunc(list, func(f *entity) bool { return f.List == name }); {
		case !form.ValidName(name) || strings.Contains(name, ".") || strings.HasPrefix(name, "__"):
			r.note(form.Warning, "entity", at, name, fmt.Sprintf("%q cannot name a list of entities.", name), "Write a letter or _ first, then letters, digits, _ or -.")
		case twice:
			r.note(form.Warning, "entity", at, name, fmt.Sprintf("There are two rows for the list %s.", name), "Keep one.")
		}
		list = append(list, e)
	}
	return list
}

// readSaves reads the column save_to: "property", or "list#property".
func (r *reader) readSaves(list []*entity) {
	for _, ir := range r.rows {
		text, at := ir.row.get("save_to")
		if text == "" {
			continue
		}
		if ir.item.Columns == nil {
			ir.item.Columns = map[string]string{}
		}
		ir.item.Columns["save_to"] = text
		name, property, prefixed := strings.Cut(text, "#")
		if !prefixed {
			name, property = "", text
		}
		n := slices.IndexFunc(list, func(e *entity) bool { return e.List == name })
		if !prefixed && len(list) == 1 {
			n = 0
		}
		bad := ""
		switch {
		case len(list) == 0:
			bad = "There is no sheet entities that says what is saved."
		case ir.item.Kind != form.Question:
			bad = fmt.Sprintf("A %s cannot be saved.", ir.item.Kind)
		case n < 0 && prefixed:
			bad = fmt.Sprintf("There is no list %s on sheet entities.", name)
		case n < 0:
			bad = "The list is missing; with several entities it stands before the property."
		case !form.ValidName(property) || strings.HasPrefix(property, "__"):
			bad = fmt.Sprintf("%q cannot name a property.", property)
		case strings.EqualFold(property, "name") || strings.EqualFold(property, "label"):
			bad = fmt.Sprintf("The property %s is reserved.", property)
		case list[n].taken[property]:
			bad = fmt.Sprintf("The property %s is saved twice.", property)
		default:
			list[n].taken[property] = true
			list[n].saved = append(list[n].saved, ir)
		}
		if bad != "" {
			r.note(form.Warning, "entity", at, text, bad, "Write list#property, or clear the cell.")
		} else if len(list) > 0 {
			r.noteOnce(form.Warning, "save-to", at, text, "The column save_to is kept in the form; no entities are made from answers.", "")
		}
	}
}

// checkEntity checks what a row needs to make or change an entity.
func (r *reader) checkEntity(e *entity) {
	id, label := e.Columns["entity_id"], e.Columns["label"]
	create, update := e.Columns["create_if"], e.Columns["update_if"]
	_, at := e.row.get("list_name")
	switch {
	case update != "" && id == "":
		r.note(form.Warning, "entity", at, e.List, "There is update_if without entity_id.", "Say in entity_id which entity is changed.")
	case create != "" && id != "" && update == "":
		r.note(form.Warning, "entity", at, e.List, "There are create_if and entity_id without update_if.", "Say in update_if when an entity is changed, or take entity_id out.")
	case id == "" && label == "":
		r.note(form.Warning, "entity", at, e.List, "A new entity has no label.", "Write its label.")
	}
}
