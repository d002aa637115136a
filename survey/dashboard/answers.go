package dashboard

import (
	"maps"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
)

// section is a part of the interview: a group's own answers, or a repeat.
type section struct {
	Heading string // "" goes on without one
	Level   int    // 2: outermost
	Answers []answer
	Repeat  *repeat
}

// answer is a question with its answer.
type answer struct {
	Label, Name, Anchor string
	Cell                cell
}

// cell is an answer with all that is to say about it.
type cell struct {
	Value    shown
	Derived  bool // the form or the device gave it
	Conflict *conflictRow
	Flags    []string
	Anchor   string
	Remarks  []string // what coordinators said about it
	Review   bool     // it can be commented
}

// repeat is a table: questions down, instances across, since questions are long and instances few.
type repeat struct {
	Label   string
	Columns []int // ordinals
	Rows    []repeatRow
}

type repeatRow struct {
	Label, Name string
	Cells       []cell
}

// sections reads the merged answers in form order. What the form does not know comes last.
func (r *reader) sections() []section {
	var list []section
	if r.form != nil {
		r.group(&list, r.form.Root, "", 2)
		list = withoutEmpty(list)
	}
	if rest := r.strangers(); len(rest.Answers) > 0 {
		list = append(list, rest)
	}
	return list
}

// withoutEmpty leaves out headings below which nothing stands.
func withoutEmpty(list []section) []section {
	var kept []section
	for i, s := range list {
		above := i+1 < len(list) && list[i+1].Heading != "" && list[i+1].Level > s.Level
		if len(s.Answers) > 0 || s.Repeat != nil || above {
			kept = append(kept, s)
		}
	}
	return kept
}

// group adds what lies in a group or in one instance of a repeat; below is its path with instances.
func (r *reader) group(list *[]section, g *form.Item, below record.Path, level int) {
	open := func(heading string) *section {
		*list = append(*list, section{Heading: heading, Level: min(level, 4)})
		return &(*list)[len(*list)-1]
	}
	var current *section
	for _, i := range g.Children {
		p := below.Join(i.Name)
		switch {
		case i.Kind == form.Group && r.any(p):
			r.heading(list, i, level)
			r.group(list, i, p, level+1)
			current = nil
		case i.Kind == form.Repeat:
			r.repeat(list, i, p, level)
			current = nil
		case i.Kind == form.Question && r.has(p) && r.unasked(i, p):
			r.recorded = append(r.recorded, answer{r.itemLabel(i), i.Name, anchor(p), r.cell(p)})
		case i.Kind == form.Question && r.has(p):
			if current == nil {
				current = r.continued(list, open)
			}
			current.Answers = append(current.Answers, answer{r.itemLabel(i), i.Name, anchor(p), r.cell(p)})
		}
	}
}

// unasked reports whether an answer is only background: nobody was asked, and nothing is wrong with it.
func (r *reader) unasked(i *form.Item, p record.Path) bool {
	_, disputed := r.at[p]
	return i.Label.IsZero() && !i.Type.Shown() && !disputed && len(r.flags[p]) == 0
}

func (r *reader) heading(list *[]section, i *form.Item, level int) {
	*list = append(*list, section{Heading: r.itemLabel(i), Level: min(level, 4)})
}

// continued returns the section that was just opened by a heading, or one without.
func (r *reader) continued(list *[]section, open func(string) *section) *section {
	if last := len(*list) - 1; last >= 0 {
		if s := &(*list)[last]; s.Heading != "" && len(s.Answers) == 0 && s.Repeat == nil {
			return s
		}
	}
	return open("")
}

// repeat adds the table of a repeat, then the repeats in each of its instances.
func (r *reader) repeat(list *[]section, i *form.Item, p record.Path, level int) {
	instances := r.instances(p)
	if len(instances) == 0 {
		return
	}
	table := &repeat{Label: r.itemLabel(i)}
	for n := range instances {
		table.Columns = append(table.Columns, n+1)
	}
	r.rows(table, i, "", instances)
	*list = append(*list, section{Heading: r.itemLabel(i), Level: min(level, 4), Repeat: table})
	for _, instance := range instances {
		r.inner(list, i, instance, level+1)
	}
}

// rows adds a row for each question of the repeat that has an answer in some instance; inside is the path of groups within the repeat.
func (r *reader) rows(t *repeat, g *form.Item, inside record.Path, instances []record.Path) {
	for _, i := range g.Children {
		p := inside.Join(i.Name)
		switch i.Kind {
		case form.Group:
			r.rows(t, i, p, instances)
		case form.Question:
			row := repeatRow{Label: r.itemLabel(i), Name: i.Name}
			answered, unasked := false, true
			for _, instance := range instances {
				at := instance.Join(string(p))
				answered, unasked = answered || r.has(at), unasked && r.unasked(i, at)
				row.Cells = append(row.Cells, r.cell(at))
			}
			switch {
			case answered && unasked:
				r.record(row, instances, p)
			case answered:
				t.Rows = append(t.Rows, row)
			}
		}
	}
}

// record puts a row that nobody was asked beside the other background, an answer for each instance that has one.
func (r *reader) record(row repeatRow, instances []record.Path, p record.Path) {
	for n, instance := range instances {
		at := instance.Join(string(p))
		if r.has(at) {
			r.recorded = append(r.recorded, answer{r.where(at) + " › " + row.Label, row.Name, anchor(at), row.Cells[n]})
		}
	}
}

// inner adds the repeats that lie in an instance.
func (r *reader) inner(list *[]section, g *form.Item, below record.Path, level int) {
	for _, i := range g.Children {
		p := below.Join(i.Name)
		switch i.Kind {
		case form.Group:
			r.inner(list, i, p, level)
		case form.Repeat:
			before := len(*list)
			r.repeat(list, i, p, level)
			if len(*list) > before {
				(*list)[before].Heading = r.where(below) + " › " + r.itemLabel(i)
			}
		}
	}
}

// instances returns the instances of a repeat, whose path names those it lies in, in order.
func (r *reader) instances(p record.Path) []record.Path {
	var list []record.Path
	for at, v := range r.merged.Answers {
		if v.Kind() == record.Instance && at.Parent() == p {
			list = append(list, at)
		}
	}
	slices.Sort(list)
	return list
}

// has reports whether there is something to show for a question.
func (r *reader) has(p record.Path) bool {
	_, answered := r.merged.Answers[p]
	_, disputed := r.at[p]
	return answered || disputed || len(r.flags[p]) > 0
}

// any reports whether there is something to show below a group.
func (r *reader) any(g record.Path) bool {
	for p := range r.merged.Answers {
		if p.Under(g) {
			return true
		}
	}
	for p := range r.at {
		if p.Under(g) {
			return true
		}
	}
	for p := range r.flags {
		if p.Under(g) {
			return true
		}
	}
	return false
}

func (r *reader) cell(p record.Path) cell {
	r.told[p] = true
	c := cell{Value: r.value(p, r.merged.Answers[p]), Derived: r.merged.Derived[p], Flags: r.flags[p], Anchor: anchor(p), Remarks: r.remarks[p], Review: r.review}
	if row, ok := r.at[p]; ok {
		c.Conflict = &row
	}
	return c
}

// strangers are answers to questions that this version of the form does not have. None is left out.
func (r *reader) strangers() section {
	s := section{Heading: r.words.Say("interview.strangers"), Level: 2}
	for _, p := range slices.Sorted(maps.Keys(r.merged.Answers)) {
		if v := r.merged.Answers[p]; !r.told[p] && v.Kind() != record.Instance {
			s.Answers = append(s.Answers, answer{string(p), p.Name(), anchor(p), r.cell(p)})
		}
	}
	return s
}

func (r *reader) list(p record.Path) *form.List {
	if i := r.item(p); i != nil {
		return i.List
	}
	return nil
}

func choiceOf(list *form.List, name string) (form.Choice, bool) {
	if list == nil {
		return form.Choice{}, false
	}
	return list.Choice(name)
}

func (r *reader) choiceLabel(c form.Choice) string {
	if text := c.Label.Plain(r.language, r.form.DefaultLanguage); text != "" {
		return text
	}
	return c.Name
}

func (r *reader) choiceLabels(list *form.List, v record.Value) []string {
	names := strings.Fields(v.String())
	for i, name := range names {
		if c, ok := choiceOf(list, name); ok {
			names[i] = r.choiceLabel(c)
		}
	}
	return names
}

// position writes a geopoint: latitude, longitude, and how exact.
func (r *reader) position(s string) string {
	f := strings.Fields(s)
	if len(f) < 2 {
		return s
	}
	text := f[0] + ", " + f[1]
	if len(f) == 4 && f[3] != "0" {
		return r.words.Say("interview.position", text, r.words.Decimal(f[3]))
	}
	return text
}
