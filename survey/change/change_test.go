package change

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/goldentest"
	"vereda/survey/questionnaire"
	"vereda/survey/record"
	"vereda/survey/xlsform"
)

func read(t testing.TB, name string) *form.Form {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return readTables(t, string(source))
}

func readTables(t testing.TB, tables string) *form.Form {
	t.Helper()
	f, problems := xlsform.Read("form.md", []byte(tables))
	if f == nil {
		t.Fatalf("%v in\n%s", problems, tables)
	}
	return f
}

// TestReports compares testdata/*.old.md with *.new.md.
func TestReports(t *testing.T) {
	olds, err := filepath.Glob("testdata/*.old.md")
	if err != nil || len(olds) == 0 {
		t.Fatal(olds, err)
	}
	for _, old := range olds {
		base := strings.TrimSuffix(old, ".old.md")
		r := Compare(read(t, old), read(t, base+".new.md"))
		var text, page bytes.Buffer
		if err := r.Text(&text); err != nil {
			t.Fatal(err)
		}
		if err := r.HTML(&page); err != nil || !strings.Contains(page.String(), "</html>") {
			t.Errorf("%s: the page is not whole: %v", base, err)
		}
		for _, f := range r.Fates {
			text.WriteString("\n" + string(f.Old) + ": " + f.Outcome.String())
			if f.New != f.Old && f.New != "" {
				text.WriteString(" at " + string(f.New))
			}
			if f.Guess {
				text.WriteString(" (a guess)")
			}
			if f.Why != "" {
				text.WriteString(". " + f.Why)
			}
		}
		text.WriteString("\n")
		goldentest.Same(t, base+".golden", text.Bytes())
	}
}

func TestNothingChangedInTheQuestionnaire(t *testing.T) {
	f := questionnaire.Form()
	again, _ := xlsform.Read(questionnaire.Name, questionnaire.Workbook())
	r := Compare(f, again)
	for _, c := range r.Changes {
		t.Errorf("%+v", c)
	}
	for _, fate := range r.Fates {
		if fate.Outcome != Kept || fate.New != fate.Old || fate.Guess {
			t.Errorf("%+v", fate)
		}
	}
	if len(r.Fates) < 100 {
		t.Errorf("only %d fates", len(r.Fates))
	}
}

func TestMove(t *testing.T) {
	r := Compare(read(t, "testdata/household.old.md"), read(t, "testdata/household.new.md"))
	value := func(kind record.Kind, s string) record.Value {
		v, err := record.New(kind, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		path  record.Path
		value record.Value
		want  string
	}{
		{"net", value(record.Text, "1"), "about/net text 1"},
		{"net", value(record.Text, "9"), "The question does not take this answer any more."},
		{"uses", value(record.Choices, "work study tv"), "uses choices work school"},
		{"uses", value(record.Choices, "tv"), "The question does not take this answer any more."},
		{"rooms", value(record.Integer, "3"), "rooms decimal 3"},
		{"weight", value(record.Decimal, "3.5"), "The question does not take this answer any more."},
		{"weight", value(record.Decimal, "3"), "weight integer 3"},
		{"seen", value(record.DateTime, "2026-01-02T10:00:00.000-05:00"), "seen date 2026-01-02"},
		{"old_name", value(record.Text, "Ana"), "head_name text Ana"},
		{"gone", value(record.Text, "x"), "The new form does not have it."},
		{"members/0001aaaaaa", record.Exists(), "people/0001aaaaaa instance "},
		{"members/0001aaaaaa/age", value(record.Integer, "8"), "people/0001aaaaaa/age integer 8"},
		{"members/0001aaaaaa/pets/0002bbbbbb/pet", value(record.Text, "Rex"), "people/0001aaaaaa/pets/0002bbbbbb/pet text Rex"},
		{"members/0001aaaaaa/job", value(record.Text, "none"), "It is asked for each interview now, not for each instance of members."},
		{"nowhere", value(record.Text, "x"), "The old form has no such question."},
	} {
		to, v, why, ok := r.Move(c.path, c.value)
		got := why
		if ok {
			got = string(to) + " " + v.Kind().String() + " " + v.String()
		}
		if got != c.want {
			t.Errorf("%s %s: %s, want %s", c.path, c.value, got, c.want)
		}
	}
}

// TestRealForms compares the real workbooks beside the checkout with themselves and with each other: every question has a fate, and of nothing comes nothing.
func TestRealForms(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/data/conformance/forms/*")
	if len(files) == 0 {
		t.Skip("left out: the conformance data are not beside the checkout")
	}
	var forms []*form.Form
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, _ := xlsform.Read(filepath.Base(name), source)
		again, _ := xlsform.Read(filepath.Base(name), source)
		if f == nil {
			continue
		}
		if r := Compare(f, again); len(r.Changes) > 0 {
			t.Errorf("%s: %+v", name, r.Changes[0])
		}
		forms = append(forms, f)
	}
	for n, f := range forms {
		r := Compare(f, forms[(n+1)%len(forms)])
		for _, i := range f.Items()[1:] {
			if _, ok := r.Fate(i.Path); ok != (i.Kind == form.Repeat || i.KindOf() != 0) {
				t.Errorf("%s: the fate of %s is told: %v", f.ID, i.Path, ok)
			}
		}
	}
}

func BenchmarkCompare(b *testing.B) {
	f := questionnaire.Form()
	again, _ := xlsform.Read(questionnaire.Name, questionnaire.Workbook())
	for b.Loop() {
		Compare(f, again)
	}
}
