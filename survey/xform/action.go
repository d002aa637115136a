package xform

import (
	"fmt"
	"strings"

	"vereda/survey/form"
	"vereda/survey/xpath"
)

// event is an action of a preload.
type event struct {
	item   *form.Item
	source string
	at     form.Cell
}

// eventNames are the events of actions.
var eventNames = map[string]form.Event{"odk-instance-first-load": form.FirstLoad, "odk-instance-load": form.Load, "odk-new-repeat": form.NewRepeat, "xforms-value-changed": form.ValueChanged}

// oldEvents are names that events had once.
var oldEvents = map[string]string{"xforms-ready": "odk-instance-first-load", "jr-insert": "odk-new-repeat"}

// readActions reads setvalue wherever it stands.
func (r *reader) readActions() {
	if r.form.Root == nil {
		return
	}
	for _, e := range r.events {
		if value := r.parse(e.source, e.at); value != nil {
			r.form.Actions = append(r.form.Actions, form.Action{Event: form.FirstLoad, Target: e.item, Value: value})
		}
	}
	for _, n := range elements(r.model) {
		if known := modelElements[local(n.Name)]; !known {
			r.readAction(n, nil, "/"+r.form.Root.Name, "model")
		}
	}
	r.bodyActions(r.body, nil, "/"+r.form.Root.Name)
}

// modelElements are the elements of a model that are no actions.
var modelElements = map[string]bool{"instance": true, "bind": true, "itext": true, "submission": true}

// bodyActions reads the actions nested in controls.
func (r *reader) bodyActions(n *xpath.Node, from *form.Item, base string) {
	for _, c := range elements(n) {
		switch name := local(c.Name); {
		case actions[name]:
			r.readAction(c, from, base, "body")
		case controls[name]:
			here, inner := base, from
			if ref := r.refOf(c); ref != "" {
				here = r.absolute(ref, base)
				if i := r.items[here]; i != nil && (name != "group") {
					inner = i
				}
			}
			r.bodyActions(c, inner, here)
		}
	}
}

var actions = map[string]bool{"setvalue": true, "setgeopoint": true, "recordaudio": true}

var deeds = map[string]form.Deed{"setvalue": form.SetAnswer, "setgeopoint": form.TakePosition, "recordaudio": form.RecordSound}

func (r *reader) readAction(n *xpath.Node, from *form.Item, base, where string) {
	ref := r.refOf(n)
	at := form.Cell{Sheet: n.Name + " " + ref}
	target := r.items[r.absolute(withoutPredicates(ref), base)]
	switch {
	case !actions[local(n.Name)] || local(n.Name) != "setvalue" && n.Name == local(n.Name):
		r.refuse("unknown-element", form.Cell{Sheet: where}, n.Name, fmt.Sprintf("Vereda does not run <%s> there.", n.Name))
		return
	case strings.Contains(ref, "@"):
		r.setAttribute(n, from, base, ref, at)
		return
	case target == nil || target.Kind != form.Question:
		r.refuse("unknown-path", at, ref, "The action sets something that is no question of the primary instance.")
		return
	}
	action := form.Action{Does: deeds[local(n.Name)], From: from, Target: target}
	if action.Does == form.SetAnswer {
		action.Text = r.answer(target, strings.TrimSpace(n.StringValue()))
	} else {
		action.Quality = attr(n, "quality")
	}
	if strings.Contains(ref, "[") {
		at.Column = "ref"
		if action.Which = r.parse(ref, at); action.Which == nil {
			return
		}
	}
	if source := attr(n, "value"); source != "" && action.Does == form.SetAnswer {
		at.Column = "value"
		if action.Value = r.parse(source, at); action.Value == nil {
			return
		}
	}
	for name := range strings.FieldsSeq(attr(n, "event")) {
		r.addAction(action, name, at)
	}
}

// withoutPredicates leaves what stands in brackets away.
func withoutPredicates(path string) string {
	var b strings.Builder
	depth := 0
	for _, c := range path {
		switch {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case depth == 0:
			b.WriteRune(c)
		}
	}
	return b.String()
}

func (r *reader) addAction(a form.Action, name string, at form.Cell) {
	at.Column = "event"
	if today := oldEvents[name]; today != "" {
		name = today
	}
	known := true
	a.Event, known = eventNames[name]
	switch {
	case name == "xforms-revalidate":
		r.note(form.Warning, "event", at, name, "Vereda runs no action when answers are checked again.", "")
		return
	case !known:
		r.refuse("unknown-event", at, name, fmt.Sprintf("There is no event %s for an action.", name))
		return
	case a.Event == form.FirstLoad || a.Event == form.Load:
		a.From = nil
	case a.Event == form.NewRepeat && (a.From == nil || a.From.Kind != form.Repeat):
		r.refuse("event", at, name, "An action on a new repeat instance stands in the repeat, not elsewhere.")
		return
	case a.Event == form.ValueChanged && (a.From == nil || a.From.Kind != form.Question):
		r.note(form.Warning, "event", at, name, "An action on a changed value stands in the control of a question; elsewhere it never happens.", "")
		return
	}
	r.form.Actions = append(r.form.Actions, a)
}
