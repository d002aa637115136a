package xlsform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"vereda/survey/form"
)

// readSurvey makes the tree of items: kinds, names and types. Expressions and texts wait until all names are known.
func (r *reader) readSurvey() {
	s, root := r.survey, r.form.Root
	for _, key := range []string{"type", "name"} {
		if !s.has(key) && (key == "type" || slices.ContainsFunc(s.rows, needsName)) {
			r.note(form.Error, "no-column", form.Cell{Sheet: s.name, Row: s.headRow}, "", fmt.Sprintf("The sheet has no column %s.", key),
				fmt.Sprintf("Add the column %s.", key))
			return
		}
	}
	open := []itemRow{{root, nil}}
	for _, row := range r.withoutKobo(r.withoutLoops(s.rows)) {
		if open = r.readRow(open, row); len(open) > maxDepth {
			text, at := row.get("type")
			r.note(form.Error, "too-deep", at, text, fmt.Sprintf("Groups and repeats lie in each other more than %d deep.", maxDepth), "Close the groups above.")
			return
		}
	}
	for _, o := range open[1:] {
		text, at := o.row.get("type")
		r.note(form.Error, "not-closed", at, text, fmt.Sprintf("The %s %s is not closed.", o.item.Kind, o.item.Name),
			fmt.Sprintf("Write end %s below its last row.", o.item.Kind))
	}
}

// needsName reports whether a row is something that must have a name.
func needsName(row *row) bool {
	typ, _ := row.get("type")
	typ = strings.ToLower(typ)
	return typ != "" && typ != "note" && typ != "audit" && !strings.HasPrefix(typ, "end")
}

// maxDepth is how deep groups and repeats may lie in each other.
const maxDepth = 50

// readRow puts one row into the tree. open are the groups and repeats it lies in; those that the next row lies in are returned.
func (r *reader) readRow(open []itemRow, row *row) []itemRow {
	text, at := row.get("type")
	if text == "" {
		r.rowWithoutType(row)
		return open
	}
	if off, _ := row.get("disabled"); yes(off) {
		r.note(form.Warning, "disabled", at, text, "The row is disabled and left out.", "")
		return open
	}
	if r.strict {
		r.checkStrictly(row)
	}
	if r.readSetting(row) {
		return open
	}
	if typ := strings.ToLower(text); typ == "csv-external" || typ == "xml-external" {
		r.readExternal(open[len(open)-1].item, typ, row)
		return open
	}
	t, bad, hint := r.parseType(text)
	if bad != "" {
		r.note(form.Error, cmp.Or(t.code, "unknown-type"), at, text, bad, hint)
		t.typ = form.TypeText
	}
	if t.end {
		return r.closeSection(open, t.kind, row)
	}
	if t.empty != "" {
		r.note(form.Warning, "stays-empty", at, text, fmt.Sprintf("A question of type %s stays empty: %s.", text, t.empty), "")
	}
	if t.dialect != "" && !r.said["dialect\x00"+text] {
		r.said["dialect\x00"+text] = true
		r.note(form.Warning, "dialect-type", at, text, fmt.Sprintf("The type %s is of a dialect of XLSForm: %s.", text, t.dialect), "")
	}
	i := r.newItem(row, t, bad == "")
	if t.empty != "" {
		r.keepPreload(i, text)
	}
	parent := open[len(open)-1].item
	r.rename(parent, i, row)
	r.add(parent, i, row)
	r.checkName(i, row)
	if t.begin {
		return append(open, itemRow{i, row})
	}
	if t.orOther && i.List != nil {
		r.addOther(parent, i, row)
	}
	return open
}

// rename gives an item that has the name of another in its section a name of its own. References to the name are ambiguous then.
func (r *reader) rename(parent, i *form.Item, row *row) {
	taken := func(name string) *form.Item {
		for _, other := range r.byName[name] {
			if other.Parent == parent {
				return other
			}
		}
		return nil
	}
	first := taken(i.Name)
	if first == nil {
		r.checkCase(parent, i, row)
		return
	}
	old, key := i.Name, string(parent.Path)+"/"+i.Name
	for again := true; again; again = taken(i.Name) != nil {
		r.renamed[key]++
		i.Name = fmt.Sprintf("%s_%d", old, r.renamed[key]+1)
	}
	r.byName[old] = append(r.byName[old], i)
	name, at := row.get("name")
	r.note(form.Warning, "duplicate-name", at, name, fmt.Sprintf("There is already a %s named %s in the same group, in row %d; this one is read as %s.", first.Kind, old, first.Source.Row, i.Name),
		"Give each a name of its own.")
}

// checkCase warns of a name that differs from another in its section by capital letters alone.
func (r *reader) checkCase(parent, i *form.Item, row *row) {
	key := string(parent.Path) + "/" + strings.ToLower(i.Name)
	if first := r.lower[key]; first != nil {
		name, at := row.get("name")
		r.note(form.Warning, "name-case", at, name, fmt.Sprintf("The name differs from %s, in row %d, by capital letters alone; tools that analyse answers may take them for one.", first.Name, first.Source.Row), "Give each a name of its own.")
		return
	}
	r.lower[key] = i
}

// add puts an item into the tree and into the index of names.
func (r *reader) add(parent, i *form.Item, row *row) {
	parent.Add(i)
	r.byName[i.Name] = append(r.byName[i.Name], i)
	r.rows = append(r.rows, itemRow{i, row})
}

func (r *reader) rowWithoutType(row *row) {
	name, _ := row.get("name")
	label := false
	for n, c := range row.sheet.columns {
		label = label || c.key == "label" && n < len(row.cells) && row.cells[n] != ""
	}
	at := form.Cell{Sheet: row.sheet.name, Row: row.number, Column: headingOf(row.sheet, "type")}
	if name != "" || label {
		r.note(form.Error, "no-type", at, "", fmt.Sprintf("The question %s has no type.", name), "Write its type, such as text, or clear the row.")
	} else if row.extraOnly() {
		return
	} else {
		r.note(form.Warning, "no-type", at, "", "The row has neither type nor name; it is taken for a comment and left out.", "")
	}
}

// extraOnly reports whether a row has only cells in columns of the team's own.
func (r *row) extraOnly() bool {
	for n, text := range r.cells {
		if text != "" && n < len(r.sheet.columns) && r.sheet.columns[n].known {
			return false
		}
	}
	return true
}

// closeSection takes the innermost open group or repeat off the stack.
func (r *reader) closeSection(open []itemRow, kind form.ItemKind, row *row) []itemRow {
	text, at := row.get("type")
	if len(open) == 1 {
		name, _ := row.get("name")
		what := kind.String()
		if kind == 0 {
			what = "loop"
		}
		r.note(form.Error, "not-open", at, text, fmt.Sprintf("There is no %s open here.", strings.TrimSpace(what+" "+name)), fmt.Sprintf("Take the row out, or write begin %s above.", what))
		return open
	}
	last := open[len(open)-1]
	if last.item.Kind != kind {
		r.note(form.Error, "wrong-end", at, text, fmt.Sprintf("%s %s, begun in row %d, is still open here.", last.item.Kind, last.item.Name, last.row.number),
			fmt.Sprintf("Write end %s.", last.item.Kind))
	} else if name, nameAt := row.get("name"); name != "" && name != last.item.Name {
		r.note(form.Warning, "end-name", nameAt, name, fmt.Sprintf("The row closes %s %s, begun in row %d.", kind, last.item.Name, last.row.number),
			fmt.Sprintf("Write %s, or nothing.", last.item.Name))
	}
	return open[:len(open)-1]
}

// newItem makes an item of a row, without its rules and texts.
func (r *reader) newItem(row *row, t typeCell, typeKnown bool) *form.Item {
	name, nameAt := row.get("name")
	i := &form.Item{Kind: form.Question, Type: t.typ, Name: name, OrOther: t.orOther, Columns: row.extra(),
		Source: form.Cell{Sheet: row.sheet.name, Row: row.number}}
	if t.begin {
		i.Kind, i.Type = t.kind, ""
	}
	if i.Type == form.TypeAudit {
		if name != "" && name != string(form.TypeAudit) {
			r.strictly("audit-name", nameAt, name, "An audit is always named audit.", "Clear the cell.")
		} else {
			i.Name = string(form.TypeAudit)
		}
	} else if name == "" && i.Type == form.TypeNote {
		i.Name = fmt.Sprintf("generated_note_name_%d", row.number) // as the reference converter calls it
	} else if name == "" {
		nameAt.Column = headingOf(row.sheet, "name")
		r.note(form.Error, "no-name", nameAt, "", fmt.Sprintf("The %s has no name.", i.Kind), "Write a name in the column name.")
		i.Name = fmt.Sprintf("row_%d", row.number)
	}
	if typeKnown && i.Type.Select() {
		if t.file != "" {
			r.selectFiles[i] = t.file
			i.List = &form.List{Name: t.file}
		} else if t.external {
			i.List = r.externalList(row, t.list)
		} else {
			i.List = r.listOf(row, t.list)
		}
	}
	if t.device != "" {
		r.devices[i], i.Holds = t.device, deviceTypes[t.device].holds
	}
	if t.preset.constraint != "" {
		r.presets[i] = t.preset
	}
	if t.tags {
		i.Tags = r.tagsOf(row, t.list)
	}
	appearance, _ := row.get("appearance")
	i.Appearance = strings.Fields(appearance)
	return i
}

// listOf finds the list that a select names.
func (r *reader) listOf(row *row, name string) *form.List {
	if list := r.form.Lists[name]; list != nil {
		return list
	}
	text, at := row.get("type")
	switch {
	case strings.HasPrefix(name, "${") && strings.HasSuffix(name, "}"):
	case r.choices == nil:
		r.note(form.Error, "no-choices", at, text, fmt.Sprintf("List %s is not there: the workbook has no sheet choices.", name), r.choicesHint())
	default:
		hint := "Write its choices on the sheet choices."
		if near := r.nearest(name, func() []string { return keys(r.form.Lists) }); near != "" {
			hint = fmt.Sprintf("Write %s.", strings.Replace(text, name, near, 1))
		}
		r.note(form.Error, "unknown-list", at, text, fmt.Sprintf("There is no list %s on the sheet choices.", name), hint)
	}
	return &form.List{Name: name}
}

// externalList finds the list of sheet external_choices that a select names.
func (r *reader) externalList(row *row, name string) *form.List {
	if list := r.externalLists[name]; list != nil {
		return list
	}
	text, at := row.get("type")
	switch near := nearest(name, keys(r.externalLists)); {
	case r.external == nil:
		hint := r.renameHint("external_choices")
		if hint == "" {
			hint = "Add it with the columns list_name and name, or put the list on sheet choices and write select_one."
		}
		r.note(form.Error, "no-choices", at, text, fmt.Sprintf("List %s is not there: the workbook has no sheet external_choices.", name), hint)
	case near != "":
		r.note(form.Error, "unknown-list", at, text, fmt.Sprintf("There is no list %s on the sheet external_choices.", name), fmt.Sprintf("Write %s.", near))
	default:
		r.note(form.Error, "unknown-list", at, text, fmt.Sprintf("There is no list %s on the sheet external_choices.", name), "Write its choices there.")
	}
	return &form.List{Name: name}
}

func (r *reader) choicesHint() string {
	if hint := r.renameHint("choices"); hint != "" {
		return hint
	}
	return "Add a sheet choices with the columns list_name, name and label."
}

// keys returns the keys of a map, sorted.
func keys[V any](m map[string]V) []string {
	list := make([]string, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}
