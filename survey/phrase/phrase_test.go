package phrase

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"vereda/survey/form"
	"vereda/survey/goldentest"
	"vereda/survey/words"
	"vereda/survey/words/wordstest"
	"vereda/survey/xlsform"
	"vereda/survey/xpath"
)

const workbook = `
| survey |
| | type | name | label::English (en) | label::Español (es) | label::Português (pt) | label::Français (fr) | label::Kreyòl (ht) | calculation |
| | select_one yn | net | Internet at home? | ¿Tiene Internet? | Tem Internet? | Avez-vous Internet ? | Èske gen Entènèt? | |
| | select_multiple uses | uses | What for? | ¿Para qué? | Para quê? | Pour quoi ? | Pou ki sa? | |
| | integer | age | Age | Edad | Idade | Âge | Laj | |
| | date | born | Born on | Nació el | Nasceu em | Né le | Fèt le | |
| | text | name | Name | Nombre | Nome | Nom | Non | |
| | geoshape | plot | Plot | Parcela | Parcela | Parcelle | Tè | |
| | begin repeat | roster | Members | Miembros | Moradores | Membres | Manm yo | |
| | text | m_name | First name | Nombre de pila | Primeiro nome | Prénom | Ti non | |
| | integer | m_age | Age of member | Edad del miembro | Idade do morador | Âge du membre | Laj manm nan | |
| | end repeat | | | | | | | |
| | calculate | adult | | | | | | if(${age} >= 18, 1, 0) |
| choices |
| | list_name | name | label::English (en) | label::Español (es) | label::Português (pt) | label::Français (fr) | label::Kreyòl (ht) | country |
| | yn | 1 | Yes | Sí | Sim | Oui | Wi | co |
| | yn | 0 | No | No | Não | Non | Non | co |
| | uses | work | Work | Trabajo | Trabalho | Travail | Travay | co br |
| | uses | study | Study | Estudio | Estudo | Étude | Etid | co |
| | uses | none | Nothing | Nada | Nada | Rien | Anyen | all |
| | uses | 98 | Does not know | No sabe | Não sabe | Ne sait pas | Pa konnen | all |
| settings |
| | form_title | form_id |
| | Shapes | shapes |
`

func testForm(t testing.TB) *form.Form {
	t.Helper()
	f, problems := xlsform.Read("shapes.md", []byte(workbook))
	if f == nil {
		t.Fatal(problems)
	}
	return f
}

// numbers numbers the questions of the test form in their order.
func numbers(i *form.Item) string {
	switch {
	case i.Parent == nil:
		return ""
	case i.Parent.Parent == nil:
		return fmt.Sprint(i.Index)
	}
	return fmt.Sprintf("%d.%d", i.Parent.Index, i.Index-i.Parent.Index)
}

// TestShapes says each expression of testdata/shapes.txt in all languages. A line there is what the expression is (a condition, a value, a
// filter of choices), the question it belongs to, and the expression.
func TestShapes(t *testing.T) {
	f := testForm(t)
	source, err := os.ReadFile("testdata/shapes.txt")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(string(source)), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fmt.Fprintln(&got, line)
		for _, language := range words.Languages {
			p := sayLine(t, f, language, line)
			mark := ""
			if !p.Said() {
				mark = "  (not all in words)"
			}
			fmt.Fprintf(&got, "  %s: %s%s\n", language, p, mark)
		}
	}
	goldentest.Same(t, "testdata/shapes.golden", []byte(got.String()))
}

func sayLine(t *testing.T, f *form.Form, language, line string) Phrase {
	t.Helper()
	fields := strings.SplitN(line, " ", 3)
	if len(fields) < 3 {
		t.Fatalf("%q is no line of shapes.txt", line)
	}
	var i *form.Item
	for _, have := range f.Items() {
		if have.Name == fields[1] {
			i = have
		}
	}
	e, err := xpath.Parse(fields[2])
	if e == nil || i == nil {
		t.Fatalf("%s: %v", line, err)
	}
	s := New(f, f.Language(language), language, numbers)
	switch fields[0] {
	case "condition":
		return s.Condition(i, e)
	case "value":
		return s.Value(i, e)
	case "choices":
		return s.Choices(i, e)
	}
	t.Fatalf("%q is no line of shapes.txt", line)
	return nil
}

func TestCatalogue(t *testing.T) { wordstest.Check(t, os.DirFS("."), catalogue()) }

var place = regexp.MustCompile(`\{\d\}`)

// TestEveryTextHasACase holds the catalogue against testdata/shapes.golden: no text without an expression that says it, in any language.
func TestEveryTextHasACase(t *testing.T) {
	golden, err := os.ReadFile("testdata/shapes.golden")
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range words.Languages {
		var lines []string
		for _, line := range strings.Split(string(golden), "\n") {
			if rest, ok := strings.CutPrefix(line, "  "+language+": "); ok {
				lines = append(lines, rest)
			}
		}
		w := catalogue().In(language)
		for _, key := range catalogue().Keys() {
			text := w.Say(key)
			if strings.HasSuffix(key, ".one") {
				continue
			}
			if !said(lines, place.Split(text, -1)) {
				t.Errorf("no line of shapes.txt makes %s say %q (%s)", language, text, key)
			}
		}
	}
}

// said reports whether a line holds all pieces of a text.
func said(lines, pieces []string) bool {
	for _, line := range lines {
		all := true
		for _, p := range pieces {
			p = strings.TrimSpace(p)
			for _, preposition := range []string{" de", " em", " a", " à", " por"} { // it may have joined the article after it
				p = strings.TrimSuffix(p, preposition)
			}
			all = all && strings.Contains(line, p)
		}
		if all {
			return true
		}
	}
	return false
}

func TestShort(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Name", "Name"},
		{"**How many** people <b>live</b> here\n on most days of the year?", "How many people live here on…"},
		{"<span style=\"color:red\">Stop</span>", "Stop"},
		{"# A. Household\nx < 5 and y > 3", "A. Household x < 5 and y > 3"},
		{"a<", "a<"},
		{"averylongwordwithoutanyblankinitthatgoeson", "averylongwordwithoutanyblankinit…"},
	} {
		if got := Short(c.text, 32); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestMost(t *testing.T) {
	for _, c := range []struct {
		constraint, want string
	}{{". >= 0 and . <= 120", "120"}, {". < 100", "100"}, {". >= 1", ""}, {"../age <= 3", ""}, {". <= /data/age", ""}} {
		e, err := xpath.Parse(c.constraint)
		if err != nil {
			t.Fatal(err)
		}
		f := testForm(t)
		i, _ := f.Item("name")
		copied := *i
		copied.Constraint = e
		if got, _ := Most(&copied); got != c.want {
			t.Errorf("%s: %q, want %q", c.constraint, got, c.want)
		}
	}
}

// FuzzSay: no expression makes a speaker panic, in any of its ways.
func FuzzSay(f *testing.F) {
	cases, err := os.ReadFile("testdata/shapes.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, line := range strings.Split(string(cases), "\n") {
		if fields := strings.SplitN(line, " ", 3); len(fields) == 3 {
			f.Add(fields[2])
		}
	}
	for _, s := range []string{"if()", "selected()", "coalesce()", "not(selected() and count-selected(.) > 1)", "regex(., '[')", "regex(., '^[é-]{1,')", "\uE000", "indexed-repeat(1)", "join()"} {
		f.Add(s)
	}
	tested := testForm(f)
	f.Fuzz(func(t *testing.T, source string) {
		e, _ := xpath.Parse(source)
		if e == nil {
			return
		}
		s := New(tested, tested.DefaultLanguage, "es", numbers)
		for _, i := range tested.Items() {
			for _, p := range []Phrase{s.Condition(i, e), s.Value(i, e), s.Choices(i, e)} {
				if p.String() == "" || strings.Contains(p.String(), markBegin) {
					t.Fatalf("%s: %q", source, p)
				}
			}
		}
	})
}
