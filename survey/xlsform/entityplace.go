package xlsform

import (
	"fmt"
	"slices"
	"strings"

	"vereda/survey/form"
)

// placeEntity finds the section that an entity is made in: the innermost around all that it saves, or around what it reads where it saves nothing, or one further
// out in the same instance, that no other entity has.
func (r *reader) placeEntity(e *entity, list []*entity) {
	_, at := e.row.get("list_name")
	uses := r.usesOf(e)
	scope := r.form.Root // the innermost instance that all can be seen from
	for _, u := range uses {
		if inner := instanceOf(u.item); repeatsAround(inner) > repeatsAround(scope) {
			scope = inner
		}
	}
	items := make([]*form.Item, len(uses))
	for n, u := range uses {
		items[n] = u.item
		inner := instanceOf(u.item)
		if within(scope, inner) && (u.row == nil || inner == scope) {
			continue
		}
		what := fmt.Sprintf("The entity %s is made in %s; %s, which it reads, lies in %s.", e.List, placeOf(scope), u.item.Name, placeOf(inner))
		text, place := e.List, at
		if u.row != nil {
			text, place = u.row.get("save_to")
			what = fmt.Sprintf("The entity %s is made in %s; this question lies in %s.", e.List, placeOf(scope), placeOf(inner))
		}
		r.note(form.Warning, "entity", place, text, what, "Copy the answer with a calculate.")
		return
	}
	for section := around(e.decisive(items, scope), scope); section != nil && within(section, scope); section = section.Parent {
		if !slices.ContainsFunc(list, func(f *entity) bool { return f != e && (f.at == section || f.savesIn(section, scope)) }) {
			e.at = section
			return
		}
	}
	r.note(form.Warning, "entity", at, e.List, fmt.Sprintf("There is no group left in %s that this entity could be made in; each holds one, %s.", placeOf(scope), r.holder(list, scope)), "Put what belongs to one entity into a group of its own.")
}

// repeatsAround counts the repeats that a section is or lies in.
func repeatsAround(section *form.Item) int {
	n := 0
	for ; section != nil; section = section.Parent {
		if section.Kind == form.Repeat {
			n++
		}
	}
	return n
}

// usesOf returns what an entity reads, without a row, then what it saves.
func (r *reader) usesOf(e *entity) []itemRow {
	var uses []itemRow
	for _, key := range entityColumns[1:] {
		for _, i := range r.readBy(e, key) {
			uses = append(uses, itemRow{i, nil})
		}
	}
	return append(uses, e.saved...)
}

// placeOf names a section by the names on the way to it.
func placeOf(section *form.Item) string {
	if section.Parent == nil {
		return "the form, outside of all repeats"
	}
	return string(section.Path)
}

// holder tells which entity is made in a section already.
func (r *reader) holder(list []*entity, section *form.Item) string {
	for _, e := range list {
		if e.at == section {
			return fmt.Sprintf("that of row %d among them", e.row.number)
		}
	}
	return "this one's questions lie right in it"
}

// decisive returns those of the items an entity reads and saves that say where it is made: those it saves, or else the one that lies deepest.
func (e *entity) decisive(items []*form.Item, scope *form.Item) []*form.Item {
	if len(e.saved) > 0 {
		saved := make([]*form.Item, len(e.saved))
		for n, s := range e.saved {
			saved[n] = s.item
		}
		return saved
	}
	var deepest []*form.Item
	for _, i := range items {
		if instanceOf(i) == scope && (deepest == nil || strings.Count(string(i.Path), "/") > strings.Count(string(deepest[0].Path), "/")) {
			deepest = []*form.Item{i}
		}
	}
	return deepest
}

// readBy returns the items that a column of the entity's row reads.
func (r *reader) readBy(e *entity, key string) []*form.Item {
	text, at := e.row.get(key)
	var items []*form.Item
	for rest := text; ; {
		_, after, ok := strings.Cut(rest, "${")
		name, tail, closed := strings.Cut(after, "}")
		if !ok || !closed {
			return items
		}
		rest = tail
		found := r.byName[strings.TrimSpace(name)]
		if len(found) == 0 {
			r.note(form.Warning, "entity", at, text, fmt.Sprintf("There is no question named %s.", name), "")
			continue
		}
		items = append(items, found[0])
	}
}

// savesIn reports whether the entity saves something that lies in a section without being made inside it.
func (e *entity) savesIn(section, scope *form.Item) bool {
	items := make([]*form.Item, len(e.saved))
	for n, s := range e.saved {
		items[n] = s.item
	}
	if slices.ContainsFunc(items, func(i *form.Item) bool { return instanceOf(i) == scope && within(i, section) }) {
		own := around(items, scope)
		return own == section || !within(own, section)
	}
	return false
}

// instanceOf returns the innermost repeat that holds an item, or the root.
func instanceOf(i *form.Item) *form.Item {
	if repeat := i.Repeat(); repeat != nil {
		return repeat
	}
	for i.Parent != nil {
		i = i.Parent
	}
	return i
}

// around returns the innermost section that holds those of the items that lie in the instance scope; scope itself when none does.
func around(items []*form.Item, scope *form.Item) *form.Item {
	var at *form.Item
	for _, i := range items {
		if instanceOf(i) != scope {
			continue
		}
		if at == nil {
			at = i.Parent
		}
		for !within(i, at) {
			at = at.Parent
		}
	}
	if at == nil {
		return scope
	}
	return at
}
