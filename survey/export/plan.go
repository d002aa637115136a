package export

import (
	"slices"
	"strconv"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
)

// plan makes tables of the versions of a form, one version after the other.
type plan struct {
	o        Options
	personal map[record.Path]bool // marked in any version
	order    []*table
	by       map[record.Path]*table
	seen     map[place]*question
}

// place is a question in a table. The same path may lie in a group in one version and in a repeat in another.
type place struct{ repeat, path record.Path }

func newPlan(o Options) *plan {
	p := &plan{o: o, personal: make(map[record.Path]bool), by: make(map[record.Path]*table), seen: make(map[place]*question)}
	for _, f := range o.Forms {
		p.mark(f.Root, false)
	}
	return p
}

// mark finds what is personal: what says so itself, or lies in a group or repeat that does.
func (p *plan) mark(i *form.Item, inherited bool) {
	is := inherited || personal(i)
	if is && i.Kind == form.Question {
		p.personal[i.Path] = true
	}
	for _, child := range i.Children {
		p.mark(child, is)
	}
}

func personal(i *form.Item) bool {
	switch strings.ToLower(strings.TrimSpace(i.Columns["personal"])) {
	case "yes", "true", "1", "x", "sí", "si", "sim", "oui", "wi":
		return true
	}
	return false
}

func (p *plan) tables() []*table {
	about := aboutInterview
	if p.o.Duplicates {
		about = aboutDuplicate
	}
	p.add(&table{about: about})
	for _, f := range p.o.Forms {
		p.walk(f, f.Root, "")
	}
	p.name()
	for _, t := range p.order {
		t.tellApart()
	}
	return p.order
}

func (p *plan) add(t *table) {
	p.by[t.repeat] = t
	p.order = append(p.order, t)
}

func (p *plan) walk(f *form.Form, i *form.Item, repeat record.Path) {
	for _, child := range i.Children {
		switch child.Kind {
		case form.Question:
			p.question(f, child, repeat)
		case form.Repeat:
			if p.by[child.Path] == nil {
				p.add(&table{repeat: child.Path, about: aboutInstance})
			}
			p.walk(f, child, child.Path)
		case form.Group:
			p.walk(f, child, repeat)
		}
	}
}

func (p *plan) question(f *form.Form, i *form.Item, repeat record.Path) {
	kind := i.KindOf()
	if kind == 0 || p.o.WithoutPersonal && p.personal[i.Path] {
		return
	}
	q := p.seen[place{repeat, i.Path}]
	if q == nil {
		q = &question{path: i.Path, kind: kind, columns: names(kind, columnName(i.Path, repeat))}
		p.seen[place{repeat, i.Path}] = q
		p.by[repeat].questions = append(p.by[repeat].questions, q)
	}
	if i.List != nil {
		p.choices(f, i, q)
	}
}

// choices adds the labels and columns of choices that no newer version has.
func (p *plan) choices(f *form.Form, i *form.Item, q *question) {
	if p.o.Language != "" && q.labels == nil {
		q.labels = make(map[string]string)
	}
	for _, c := range i.List.Choices {
		if p.o.Split && i.Type == form.TypeSelectMultiple && q.kind == record.Choices && !slices.Contains(q.split, c.Name) {
			q.split = append(q.split, c.Name)
			q.columns = append(q.columns, q.columns[0]+"/"+c.Name)
		}
		if q.labels != nil && q.labels[c.Name] == "" {
			q.labels[c.Name] = c.Label.Plain(f.Language(p.o.Language), f.DefaultLanguage)
		}
	}
}

// columnName is the question's path within its table, joined by "-" as ODK Central does.
func columnName(p, repeat record.Path) string {
	inside := strings.TrimPrefix(string(p), string(repeat)+"/")
	return strings.ReplaceAll(inside, "/", "-")
}

func names(kind record.Kind, name string) []string {
	if kind == record.Geopoint {
		return []string{name + "-Latitude", name + "-Longitude", name + "-Altitude", name + "-Accuracy"}
	}
	return []string{name}
}

// name gives tables of repeats their names: the repeat's own, the whole path where two repeats share it.
func (p *plan) name() {
	count := make(map[string]int)
	for _, t := range p.order[1:] {
		count[t.repeat.Name()]++
	}
	for _, t := range p.order[1:] {
		t.name = t.repeat.Name()
		if count[t.name] > 1 {
			t.name = strings.ReplaceAll(string(t.repeat), "/", "-")
		}
	}
}

// tellApart numbers columns that would have the name of an earlier one ("a-b" is a group a with b, and a question a-b).
func (t *table) tellApart() {
	taken := make(map[string]bool)
	for _, name := range t.about {
		taken[name] = true
	}
	for _, q := range t.questions {
		for i, name := range q.columns {
			for n := 2; taken[q.columns[i]]; n++ {
				q.columns[i] = name + "_" + strconv.Itoa(n)
			}
			taken[q.columns[i]] = true
		}
	}
}
