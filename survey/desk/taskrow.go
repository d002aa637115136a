package desk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vereda/survey/fieldwork"
	"vereda/survey/form"
	"vereda/survey/record"
)

func (t *taskReader) row(row []string) {
	if len(row) > len(t.heading) {
		t.fault("", "fields", fmt.Sprintf("%d fields, the heading %d", len(row), len(t.heading)))
		return
	}
	cells := map[string]string{}
	for i, v := range row {
		cells[t.heading[i]] = strings.TrimSpace(v)
	}
	before := len(t.faults)
	task := Task{Household: Household{EA: cells["ea"], Number: cells["household"]}, Note: cells["note"], Answers: map[record.Path]string{}}
	f := t.form(&task, cells["form"])
	if task.EA == "" && task.Number == "" {
		t.fault("household", "no-household", "")
	}
	t.assignee(&task, cells)
	task.Due = t.day(cells["due"])
	task.Call = t.time(cells["call"])
	for _, name := range t.heading {
		if f != nil && !slices.Contains(columns, name) && cells[name] != "" {
			t.answer(&task, f, name, cells[name])
		}
	}
	if first, twice := t.seen[task.Household]; twice {
		t.fault("household", "twice", fmt.Sprintf("%s %s (%d)", task.EA, task.Number, first))
	}
	t.seen[task.Household] = t.line
	if len(t.faults) == before {
		t.tasks = append(t.tasks, task)
	}
}

// columns are the headings that are no questions.
var columns = []string{"", "form", "ea", "household", "device", "enumerator", "due", "call", "note"}

func (t *taskReader) form(task *Task, id string) *form.Form {
	for _, f := range t.forms {
		if id == "" && f.ID != t.forms[0].ID {
			t.fault("form", "no-form", "")
			return nil
		}
	}
	for _, f := range t.forms {
		if id == "" || f.ID == id {
			task.Form = f.ID
			return f
		}
	}
	t.fault("form", "unknown-form", id)
	return nil
}

// assignee finds the device by its ID or name; of an enumerator who has none, the name stays.
func (t *taskReader) assignee(task *Task, cells map[string]string) {
	column, name := "device", cells["device"]
	if name == "" {
		column, name = "enumerator", cells["enumerator"]
	}
	if name == "" {
		return
	}
	var found []fieldwork.Device
	for _, d := range t.devices {
		if d.ID == name {
			found = []fieldwork.Device{d}
			break
		}
		if strings.EqualFold(d.Name, name) {
			found = append(found, d)
		}
	}
	if usable := active(found); len(usable) > 0 {
		found = usable
	}
	switch {
	case len(found) == 0 && column == "enumerator":
		task.Person = name
	case len(found) == 0:
		t.fault(column, "unknown-device", name)
	case len(found) > 1:
		t.fault(column, "several-devices", name)
	case found[0].Revoked:
		t.fault(column, "revoked", name)
	default:
		task.Device = found[0].ID
	}
}

func (t *taskReader) day(text string) string {
	if text == "" {
		return ""
	}
	for _, layout := range []string{time.DateOnly, "02/01/2006", "2/1/2006"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.Format(time.DateOnly)
		}
	}
	t.fault("due", "day", text)
	return ""
}

func (t *taskReader) time(text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04", "2006-01-02T15:04", "02/01/2006 15:04", "2/1/2006 15:04"} {
		if at, err := time.ParseInLocation(layout, text, t.zone); err == nil {
			return at
		}
	}
	t.fault("call", "time", text)
	return time.Time{}
}

func (t *taskReader) answer(task *Task, f *form.Form, name, typed string) {
	i := question(f, name)
	switch {
	case i == nil:
		t.fault(name, "question", name)
	case i.Repeat() != nil:
		t.fault(name, "repeat", name)
	default:
		v, err := Value(f, i.Path, typed)
		if err == nil && i.Type.Select() && i.List != nil && f.External[i.List.Name] == "" {
			for _, c := range splitChoices(v) {
				if _, there := i.List.Choice(c); !there && !i.OrOther {
					err = &AnswerError{i.Path, "choice"}
				}
			}
		}
		if err != nil || v.IsZero() {
			t.fault(name, "answer", typed)
			return
		}
		task.Answers[i.Path] = v.String()
	}
}

// question finds a question by its path, or by its name where only one has it.
func question(f *form.Form, name string) *form.Item {
	if i, there := f.Item(record.Path(name)); there && i.Kind == form.Question {
		return i
	}
	var found *form.Item
	for _, i := range f.Items() {
		if i.Kind == form.Question && i.Name == name {
			if found != nil {
				return nil
			}
			found = i
		}
	}
	return found
}
