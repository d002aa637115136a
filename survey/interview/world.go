package interview

import (
	"bytes"
	"encoding/csv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// table is a CSV file that came with the form: first row the headings.
type table [][]string

// openWorld makes what expressions may ask of the world.
func (s *Session) openWorld() {
	s.world = &xpath.Env{
		Root:       &s.root.cells[0].node,
		Now:        s.env.Now,
		Random:     s.env.Random,
		Property:   s.property,
		ChoiceName: s.choiceName,
		PullData:   s.pullData,
		Text:       func(id string) string { return s.say(s.form.Texts[id], &s.root.cells[0], s.tongue) },
		Version:    s.form.Version,
		Language:   func() string { return s.spoken() },
		Instances:  s.readExternal(s.layout.lists),
	}
}

// asksLists reports whether an expression of the form reads a list of choices as a secondary instance.
func asksLists(f *form.Form) bool {
	for _, i := range f.Items() {
		list := []*xpath.Expr{i.Relevant, i.Constraint, i.Calculation, i.Required, i.ReadOnly, i.Default, i.RepeatCount, i.ChoiceFilter}
		for _, t := range []form.Text{i.Label, i.Hint, i.Guidance, i.ConstraintMessage, i.RequiredMessage} {
			list = append(list, t.Exprs()...)
		}
		for _, e := range list {
			if e != nil && strings.Contains(e.String(), "instance(") {
				return true
			}
		}
	}
	return f.InstanceName != nil && strings.Contains(f.InstanceName.String(), "instance(")
}

// property answers property('deviceid') and the like; "" for what the device does not tell.
func (s *Session) property(name string) string {
	switch name {
	case "deviceid":
		return s.env.Device
	case "username":
		return s.env.Enumerator
	}
	return ""
}

// choiceName answers jr:choice-name: the label of a choice of the question at an element path, which may begin at the question that asks.
func (s *Session) choiceName(value, path string, at *xpath.Node) string {
	c, _ := at.Data.(*cell)
	if c == nil {
		c = &s.root.cells[0]
	}
	item, ok := s.form.Item(pathFrom(c.item, path))
	if !ok || item.List == nil {
		return ""
	}
	choice, ok := item.List.Choice(value)
	if !ok && item.Itemset != nil {
		choice, ok = s.foundNear(c, item, value)
	}
	if !ok {
		return ""
	}
	return s.say(choice.Label, c, s.tongue)
}

// pathFrom reads an element path, absolute or from an item, as the generic path of an item.
func pathFrom(i *form.Item, path string) record.Path {
	if strings.HasPrefix(path, "/") {
		_, generic, _ := strings.Cut(path[1:], "/")
		return record.Path(generic)
	}
	at := i.Path
	for segment := range strings.SplitSeq(path, "/") {
		switch segment {
		case ".", "current()":
		case "..":
			at = at.Parent()
		default:
			at = at.Join(segment)
		}
	}
	return at
}

// foundNear seeks a choice among the nodes that a question finds, the question being the one of its item that is nearest to a cell.
func (s *Session) foundNear(c *cell, item *form.Item, name string) (form.Choice, bool) {
	place := s.layout.places[item.Index]
	f := c.frame
	for f.outer != nil && f.scope != place.scope {
		f = f.outer
	}
	if f.scope != place.scope {
		return form.Choice{}, false
	}
	for _, choice := range s.found(&f.cells[place.at]) {
		if choice.Name == name {
			return choice, true
		}
	}
	return form.Choice{}, false
}

// pullData answers pulldata: the cell of a column in the first row of a table whose key column holds a value.
func (s *Session) pullData(list, get, key, value string) string {
	rows := s.table(list)
	if len(rows) == 0 {
		return ""
	}
	g, k := -1, -1
	for i, heading := range rows[0] {
		if heading == get {
			g = i
		}
		if heading == key {
			k = i
		}
	}
	for _, row := range rows[1:] {
		if g >= 0 && k >= 0 && k < len(row) && row[k] == value {
			if g < len(row) {
				return row[g]
			}
			return ""
		}
	}
	return ""
}

// table reads a CSV file of the form, once.
func (s *Session) table(name string) table {
	rows, ok := s.tables[name]
	if ok {
		return rows
	}
	file, ok := s.env.Files[name]
	if !ok {
		file = s.env.Files[name+".csv"]
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff"))))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	rows, _ = r.ReadAll()
	if s.tables == nil {
		s.tables = map[string]table{}
	}
	s.tables[name] = rows
	return rows
}
