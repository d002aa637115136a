package xlsform

import (
	"strings"

	"vereda/survey/form"
	"vereda/survey/record"
)

// deviceType is a type that the device answers when something happens, unseen.
type deviceType struct {
	holds record.Kind
	does  form.Deed
	event form.Event
	says  string // what happens, for the warning
}

// deviceTypes are kept as hidden questions with an action.
var deviceTypes = map[string]deviceType{
	"start-geopoint":      {record.Geopoint, form.TakePosition, form.FirstLoad, "the position is taken when the interview begins"},
	"background-geopoint": {record.Geopoint, form.TakePosition, form.ValueChanged, "the position is taken when the trigger is answered"},
	"background-audio":    {record.File, form.RecordSound, form.Load, "sound is recorded while the interview is open"},
}

// readDeviceAction adds what the device does for a question of one of these types.
func (r *reader) readDeviceAction(i *form.Item, row *row) {
	t, ok := deviceTypes[r.devices[i]]
	if !ok {
		return
	}
	text, at := row.get("type")
	r.note(form.Warning, "device", at, text, "By this type "+t.says+"; where the field app does not do that, the answer stays empty.", "")
	action := form.Action{Does: t.does, Event: t.event, Target: i, Quality: i.Parameters["quality"]}
	if t.event != form.ValueChanged {
		r.form.Actions = append(r.form.Actions, action)
		return
	}
	cell, _ := row.get("trigger")
	for _, part := range strings.Split(cell, ",") {
		if m := triggerPart.FindStringSubmatch(strings.TrimSpace(part)); m != nil {
			if from, bad, _ := r.find(m[1], i); bad == "" && from.Kind == form.Question {
				r.checkVisible(from, i, at, text)
				action.From = from
				r.form.Actions = append(r.form.Actions, action)
			}
		}
	}
}
