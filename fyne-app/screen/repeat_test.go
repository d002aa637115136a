package screen_test

import (
	"testing"

	"vereda/fyne-app/look/looktest"
	"vereda/fyne-app/screen"
	"vereda/survey/form"
	"vereda/survey/xlsform"
	"vereda/survey/xlsform/xlsformtest"
)

// garden is a form with what the built-in questionnaire lacks: a repeat that people add to, a date, a read-only question.
const garden = `
| survey |
| | type | name | label::Español (es) | label::English (en) | required | appearance | calculation | read_only | constraint | constraint_message::Español (es) | constraint_message::English (en) |
| | date | day | Día de la visita | Day of the visit | yes | | | | | | |
| | begin repeat | plot | Parcela | Plot | | | | | | | |
| | text | crop | Cultivo | Crop | yes | | | | | | |
| | acknowledge | seen | La vi | I saw it | | | | | | | |
| | end repeat | | | | | | | | | | |
| settings |
| | form_id | form_title | version | default_language |
| | garden | Huerta | 1 | Español (es) |
`

// questionnaires are those that a test gives.
type questionnaires []*form.Form

func (q questionnaires) Offered() ([]screen.Offer, error) {
	var list []screen.Offer
	for _, f := range q {
		list = append(list, screen.Offer{Form: f.ID, Version: f.Version, Title: f.Title})
	}
	return list, nil
}

func (q questionnaires) Form(id, _ string) (*form.Form, error) {
	for _, f := range q {
		if f.ID == id {
			return f, nil
		}
	}
	return nil, nil
}

func gardenForm(t *testing.T) *form.Form {
	t.Helper()
	f, problems := xlsform.Read("garden.xlsx", xlsformtest.Workbook(garden))
	if f == nil {
		t.Fatal(problems)
	}
	return f
}

func TestARepeatGrowsAndShrinks(t *testing.T) {
	b := start(t)
	b.ports.Questionnaires = questionnaires{gardenForm(t)}
	b.show("es")
	b.tap("new")
	b.tap("today:day")
	for !b.has("add") {
		b.tap("next")
	}
	for _, crop := range []string{"maíz", "frijol", "yuca"} {
		b.tap("add")
		crops := looktest.Under(b.window, "box:")
		b.typed("box:"+crops[0], crop)
		for !b.has("add") {
			b.tap("next")
		}
		b.want(crop)
	}
	instances := looktest.Under(b.window, "instance:")
	if len(instances) != 4 { // as in ODK, a repeat begins with one instance
		t.Fatalf("%v", instances)
	}
	instances = instances[1:]
	b.tap("remove:" + instances[1])
	b.want(b.say("es", "repeat.remove.detail"))
	b.tap("cancel")
	b.want("frijol")
	b.tap("remove:" + instances[1])
	b.tap("confirm")
	if b.says("frijol") || !b.says("yuca") {
		t.Error("not the second one was removed")
	}
	b.tap("instance:" + instances[2])
	if got := b.written("box:plot/" + instances[2] + "/crop"); got != "yuca" {
		t.Errorf("%q", got)
	}
	b.want("3 de 3")

	b.kill()
	b.open("es")
	b.ports.Questionnaires = questionnaires{gardenForm(t)}
	b.show("es")
	all, _ := b.ports.Shelf.Interviews()
	b.tap("interview:" + all[0].ID.String())
	if got := b.written("box:plot/" + instances[2] + "/crop"); got != "yuca" {
		t.Errorf("after reopening: %q", got)
	}
}

func TestWithSeveralFormsOneChooses(t *testing.T) {
	b := start(t)
	builtin, err := b.ports.Questionnaires.Form("lac_hh_connect", "2026112301")
	if err != nil {
		t.Fatal(err)
	}
	b.ports.Questionnaires = questionnaires{builtin, gardenForm(t)}
	b.show("en")
	b.tap("new")
	b.want("Huerta")
	b.tap("form:garden")
	b.want("Day of the visit")
}
