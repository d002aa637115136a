package xform

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

// finishItems gives questions that no control shows a type, sorts siblings as the body does, and reads the answers written in the instance.
func (r *reader) finishItems() {
	if r.form.Root == nil {
		return
	}
	r.settleDevices()
	for _, i := range r.items {
		t := r.types[i]
		kind, known := kinds[t]
		if !known {
			kind = record.Text
			r.note(form.Warning, "unknown-type", form.Cell{Sheet: i.ElementPath(), Column: "type"}, t, fmt.Sprintf("There is no type %q; the answer is a text, as in ODK Collect.", t), "")
		}
		switch {
		case i.Kind != form.Question:
		case i.Type == form.TypeRange:
			i.Holds = kind
		case i.Type != "":
		case t == "binary" && i.ElementPath() == "/"+r.form.Root.Name+"/meta/audit":
			i.Type = form.TypeAudit
		case i.Calculation != nil:
			i.Type, i.Holds = form.TypeCalculate, kind
		default:
			i.Type, i.Holds = form.TypeHidden, kind
		}
		i.Boolean = t == "boolean"
		i.Numeric = i.Numeric || i.Type.Select() && (kind == record.Integer || kind == record.Decimal)
	}
	r.sortByBody()
	r.checkTexts()
	r.form.InstanceName = r.instanceName()
	r.sortProblems()
}

// findNotes makes notes of the read-only texts that never get an answer.
func (r *reader) findNotes() {
	targets := map[*form.Item]bool{}
	for _, a := range r.form.Actions {
		targets[a.Target] = true
	}
	for _, i := range r.items {
		if i.Type == form.TypeText && i.ReadOnly != nil && i.ReadOnly.String() == "true()" && i.Calculation == nil && i.DefaultText == "" && !targets[i] && r.types[i] == "string" {
			i.Type = form.TypeNote
		}
	}
}

// instanceName is what meta/instanceName is calculated from.
func (r *reader) instanceName() *xpath.Expr {
	if i := r.items["/"+r.form.Root.Name+"/meta/instanceName"]; i != nil {
		return i.Calculation
	}
	return nil
}

// checkTexts reads the answers written in the instance as answers of their questions, in the way these are written here.
func (r *reader) checkTexts() {
	for _, i := range r.items {
		if i.Kind == form.Question {
			i.DefaultText = r.answer(i, i.DefaultText)
		}
	}
	var visit func(list map[record.Path][]form.Instance)
	visit = func(list map[record.Path][]form.Instance) {
		for _, instances := range list {
			for _, instance := range instances {
				for p, text := range instance.Texts {
					instance.Texts[p] = r.answer(r.items["/"+r.form.Root.Name+"/"+string(p)], text)
				}
				visit(instance.Repeats)
			}
		}
	}
	visit(r.form.Starts)
}

func (r *reader) answer(i *form.Item, text string) string {
	kind := i.KindOf()
	if text == "" || kind == 0 {
		return text
	}
	v, err := record.New(kind, text)
	if err != nil {
		r.note(form.Warning, "bad-default", i.Source, text, fmt.Sprintf("%q is no answer of the question's type: %v. The question begins without, as in ODK Collect.", text, err), "")
		return ""
	}
	return v.String()
}

// sortByBody puts siblings into the order in which the body shows them; those it does not show keep their places.
func (r *reader) sortByBody() {
	rank := map[*form.Item]int{}
	for n, i := range r.order {
		for p := i; p != nil; p = p.Parent {
			if _, ok := rank[p]; !ok {
				rank[p] = n
			}
		}
	}
	for _, i := range r.items {
		var at []int
		var shown []*form.Item
		for n, c := range i.Children {
			if _, ok := rank[c]; ok {
				at, shown = append(at, n), append(shown, c)
			}
		}
		slices.SortStableFunc(shown, func(a, b *form.Item) int { return rank[a] - rank[b] })
		for n, c := range shown {
			i.Children[at[n]] = c
		}
	}
}

// sortProblems makes the order of problems that were found by going through maps the same each time.
func (r *reader) sortProblems() {
	slices.SortStableFunc(r.problems, func(a, b form.Problem) int {
		return strings.Compare(a.Cell.Sheet+"\x00"+a.Cell.Column+a.Text, b.Cell.Sheet+"\x00"+b.Cell.Column+b.Text)
	})
}

// sortedIDs returns the keys of a map, sorted.
func sortedIDs[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
