package xlsform

import (
	"fmt"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// readTrigger makes actions of a calculation that has a trigger: it is evaluated when a person, or another action, answers a question that the cell names,
// and at no other time. Without a calculation the answer is taken away then.
func (r *reader) readTrigger(i *form.Item, row *row) {
	text, at := row.get("trigger")
	if text == "" || r.devices[i] != "" || i.Kind != form.Question {
		return
	}
	value := i.Calculation
	i.Calculation = nil
	for _, part := range strings.Split(text, ",") {
		m := triggerPart.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil || len(r.byName[m[1]]) == 0 {
			continue // reported, or nothing between commas
		}
		from, bad, hint := r.find(m[1], i)
		switch {
		case bad != "":
			r.note(form.Error, "bad-trigger", at, text, bad, hint)
			continue
		case from.Kind != form.Question:
			continue // reported
		case from.Type == form.TypeCalculate:
			r.note(form.Warning, "trigger-calculated", at, text, fmt.Sprintf("%s is calculated, and only an answer that a person gives is a trigger.", from.Name), "Name a question that is asked.")
		}
		r.checkVisible(from, i, at, text)
		r.form.Actions = append(r.form.Actions, form.Action{Event: form.ValueChanged, From: from, Target: i, Value: value})
	}
}

// checkVisible reports a trigger that no one sees, which the reference converter refuses: a calculate, or what is calculated or triggered itself and has neither label nor hint.
func (r *reader) checkVisible(from, target *form.Item, at form.Cell, text string) {
	row := r.rowOf(from)
	calculation, _ := row.get("calculation")
	trigger, _ := row.get("trigger")
	if from.Type == form.TypeCalculate || (calculation != "" || trigger != "") && r.text(from, row, "label").IsZero() && r.text(from, row, "hint").IsZero() {
		r.strictly("hidden-trigger", at, text, fmt.Sprintf("Nobody sees the question %s, so it cannot be the trigger of %s.", from.Name, target.Name), "Name a question that is asked.")
	}
}

// readSelectFrom reads a select whose choices are the answers to a question in a repeat ("select_one ${name}"): those that are not
// empty, or those that the choice_filter offers, which is evaluated on the section that the question stands in.
func (r *reader) readSelectFrom(i *form.Item, row *row) {
	text, at := row.get("type")
	name := strings.TrimSuffix(strings.TrimPrefix(i.List.Name, "${"), "}")
	target, bad, hint := r.find(name, i)
	if i.OrOther {
		r.strictly("other-answers", at, text, "or_other adds a choice to a list of the sheet choices, and there is none.", "Take or_other out.")
	}
	code := "bad-reference"
	if bad == "" && (target.Kind != form.Question || target.Repeat() == nil) {
		code, bad, hint = "no-repeat", fmt.Sprintf("%s is no question in a repeat.", name), "Name a question of the repeat whose answers are the choices."
	}
	if bad != "" {
		r.note(form.Error, code, at, text, bad, hint)
		return
	}
	repeat := target.Repeat()
	nodes := pathTo(repeat, i, false, false) + strings.TrimPrefix(string(target.Parent.Path), string(repeat.Path))
	filter := "./" + target.Name + " != ''"
	if cell, filterAt := row.get("choice_filter"); cell != "" {
		r.choosing = target.Parent
		e := r.replace(cell, i, true)
		r.choosing = nil
		if e.bad != "" {
			r.note(form.Error, e.code, filterAt, cell, e.bad, e.hint)
			return
		}
		filter = e.text
	}
	own := func(source string) *xpath.Expr { return r.parse(source, row, "type", nil) }
	i.ChoiceFilter = r.parse(r.shuffled(nodes+"["+filter+"]", i), row, "choice_filter", nil)
	i.Itemset = &form.Itemset{Value: own(target.Name), Label: own(target.Name)}
	i.List = &form.List{Name: string(i.Path)}
	r.form.Lists[i.List.Name] = i.List
}

// selectsAnswers reports whether a question's choices are answers to another.
func selectsAnswers(i *form.Item) bool { return i.List != nil && strings.HasPrefix(i.List.Name, "${") }

// repeatOf returns a section itself when it is a repeat, else the innermost repeat around it.
func repeatOf(section *form.Item) *form.Item {
	if section.Kind == form.Repeat {
		return section
	}
	return section.Repeat()
}
