package xform

import (
	"fmt"

	"vereda/survey/form"
)

// preloaded is what a device answers a question with.
type preloaded struct {
	typ form.Type
	at  form.Cell
}

// loaded are the expressions that give a question what the device knows when an interview begins.
var loaded = map[form.Type]string{form.TypeStart: "now()", form.TypeToday: "today()", form.TypeDeviceID: "property('deviceid')", form.TypeUsername: "property('username')"}

// askDevice lets a question that is shown begin with what the device knows: a person may change it.
func (r *reader) askDevice(i *form.Item) {
	d, ok := r.devices[i]
	if !ok {
		return
	}
	delete(r.devices, i)
	if source := loaded[d.typ]; source != "" {
		r.events = append(r.events, event{item: i, source: source, at: d.at})
		return
	}
	r.note(form.Warning, "stays-empty", d.at, string(d.typ), fmt.Sprintf("%s begins empty: what the device knows at the end of an interview cannot be asked before.", i.ElementPath()), "")
}

// settleDevices gives the questions that no control shows the types of what the device answers.
func (r *reader) settleDevices() {
	for i, d := range r.devices {
		if i.Kind == form.Question {
			i.Type = d.typ
		}
	}
}
