package questionnaire_test

import (
	"testing"

	"vereda/survey/form"
	"vereda/survey/questionnaire"
	"vereda/survey/xlsform"
)

func TestReadsWithoutAnyProblem(t *testing.T) {
	f, problems := xlsform.Read(questionnaire.Name, questionnaire.Workbook())
	for _, p := range problems {
		t.Error(p)
	}
	if f == nil {
		t.Fatal("no form")
	}
	if f.ID != "lac_hh_connect" || f.Version != "2026112301" || f.Style != "pages" || f.Title != "LAC rural household connectivity survey" {
		t.Errorf("form %s version %s style %s title %s", f.ID, f.Version, f.Style, f.Title)
	}
	if f.InstanceName == nil {
		t.Error("no instance name")
	}
}

func TestSpeaksFiveLanguages(t *testing.T) {
	f := questionnaire.Form()
	want := []form.Language{{Name: "English (en)", Code: "en"}, {Name: "Español (es)", Code: "es"}, {Name: "Português (pt)", Code: "pt"},
		{Name: "Français (fr)", Code: "fr"}, {Name: "Kreyòl ayisyen (ht)", Code: "ht"}}
	if len(f.Languages) != len(want) {
		t.Fatalf("languages %v", f.Languages)
	}
	for n := range want {
		if f.Languages[n] != want[n] {
			t.Errorf("language %d is %v, want %v", n, f.Languages[n], want[n])
		}
	}
	if f.DefaultLanguage != "Español (es)" || f.Language("pt-BR") != "Português (pt)" || f.Language("de") != f.DefaultLanguage {
		t.Errorf("default %q, pt-BR %q, de %q", f.DefaultLanguage, f.Language("pt-BR"), f.Language("de"))
	}
}

// A text that is there in one language is there in all: nobody meets a question in a language not theirs.
func TestTextsAreCompleteInEachLanguage(t *testing.T) {
	f := questionnaire.Form()
	complete := func(what string, text form.Text) {
		for _, l := range f.Languages {
			if !text.IsZero() && !text.Has(l.Name) {
				t.Errorf("%s is missing in %s", what, l.Name)
			}
		}
	}
	for _, i := range f.Items()[1:] {
		if i.Label.IsZero() && (i.Kind != form.Question || i.Type.Shown()) {
			t.Errorf("%s has no label", i.Path)
		}
		complete("label of "+string(i.Path), i.Label)
		complete("hint of "+string(i.Path), i.Hint)
		complete("constraint message of "+string(i.Path), i.ConstraintMessage)
		if i.Constraint == nil != i.ConstraintMessage.IsZero() && i.Kind == form.Question {
			t.Errorf("%s has a constraint without a message, or the other way round", i.Path)
		}
	}
	for name, list := range f.Lists {
		for _, c := range list.Choices {
			if c.Label.IsZero() {
				t.Errorf("choice %s of %s has no label", c.Name, name)
			}
			complete("label of choice "+c.Name+" of "+name, c.Label)
		}
	}
}

func TestCounts(t *testing.T) {
	f := questionnaire.Form()
	kinds, types := map[form.ItemKind]int{}, map[form.Type]int{}
	for _, i := range f.Items()[1:] {
		kinds[i.Kind]++
		types[i.Type]++
	}
	t.Logf("%d items: %v, %v; %d lists, %d rules", len(f.Items()), kinds, types, len(f.Lists), len(f.Rules()))
	if kinds[form.Repeat] != 2 {
		t.Errorf("%d repeats, want the roster and the operators", kinds[form.Repeat])
	}
}
