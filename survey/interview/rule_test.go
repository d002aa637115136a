package interview_test

import (
	"slices"
	"testing"

	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

const rules = `
	| survey  |             |        |                     |                     |                    |               |           |                                      |                                      |                            |
	|         | type        | name   | label::Español (es) | label::English (en) | required           | read_only     | relevant  | constraint                           | constraint_message::Español (es)     | required_message::Español (es) |
	|         | integer     | age    | ¿Edad?              | Age?                | yes                |               |           | . >= 0 and . <= 120                  | Valor fuera de rango                 | Falta la edad              |
	|         | text        | name   | ¿Nombre de ${age}?  | Name of ${age}?     | ${age} >= 18      |               |           |                                      |                                      |                            |
	|         | text        | fixed  | Fijo                | Fixed               |                    | ${age} < 18  |           |                                      |                                      |                            |
	|         | integer     | years  | ¿Años de estudio?   | Years of school?    |                    |               |           | . <= ${age}                          | Más años que la edad, ${age}         |                            |
	|         | note        | hello  | Hola, ${name}       | Hello, ${name}      |                    |               | ${age} > 5 |                                     |                                      |                            |
	|         | begin group | g      | Grupo               | Group               |                    |               | ${age} > 100 |                                   |                                      |                            |
	|         | text        | must   | ¿Sí?                | Yes?                | yes                |               |           |                                      |                                      |                            |
	|         | end group   |        |                     |                     |                    |               |           |                                      |                                      |                            |
	| settings |            |        |                     |                     |                    |               |           |                                      |                                      |                            |
	|         | form_id     | default_language | instance_name |                   |                    |               |           |                                      |                                      |                            |
	|         | rules       | Español (es)     | concat(${name}, '-', ${age}) |    |                    |               |           |                                      |                                      |                            |
`

func TestRequiredAnswersAreAskedFor(t *testing.T) {
	e := begin(t, rules).problem("age", "required", "Falta la edad").fine("name").fine("g/must")
	e.answer("age", "18").fine("age").problem("name", "required", "")
	if len(e.last.Redraw) == 0 || !e.s.Required("name") {
		t.Errorf("the name became required; to be drawn anew: %v", e.last.Redraw)
	}
	e.answer("age", "17").fine("name").fine("")
	e.answer("age", "101").problem("g/must", "required", "")
}

func TestConstraintsAreCheckedAndTheAnswerKept(t *testing.T) {
	e := begin(t, rules).answer("age", "130").expect("age", "130").problem("age", "constraint", "Valor fuera de rango")
	e.answer("age", "").problem("age", "required", "Falta la edad")
	e.answer("age", "17").answer("years", "18").problem("years", "constraint", "Más años que la edad, 17")
	if got := e.s.Check("years", "English (en)"); len(got) != 1 || got[0].Message != "Más años que la edad, 17" {
		t.Errorf("a message that is not translated should come in the form's language: %+v", got)
	}
	e.answer("age", "18").fine("years")
}

func TestARangeHoldsItsStartAndEnd(t *testing.T) {
	e := begin(t, `
		| survey |       |       |        |                       |
		|        | type  | name  | label  | parameters            |
		|        | range | worth | Worth? | start=1 end=10 step=1 |
	`)
	e.answer("worth", "10").fine("worth").answer("worth", "77").expect("worth", "77").problem("worth", "constraint", "")
	e.answer("worth", "0").problem("worth", "constraint", "")
}

func TestALineOfOnePointIsNotFinished(t *testing.T) {
	e := begin(t, `
		| survey |          |      |       |                   |
		|        | type     | name | label | default           |
		|        | geotrace | way  | Way   | 7.1 -73.1         |
		|        | geoshape | plot | Plot  | 7 -73;7 -72;8 -72 |
	`)
	e.expect("way", "7.1 -73.1").problem("way", "kind", "").problem("plot", "kind", "")
	e.answer("way", "7.1 -73.1;7.2 -73.1 0 5").fine("way").expect("way", "7.1 -73.1;7.2 -73.1 0 5")
	e.answer("plot", "7 -73;7 -72;8 -72;7 -73").fine("plot")
}

func TestReadOnlyQuestionsTakeNoAnswer(t *testing.T) {
	e := begin(t, rules).answer("age", "20").answer("fixed", "x").answer("age", "10")
	if !e.s.ReadOnly("fixed") {
		t.Error("fixed is not read-only")
	}
	if _, err := e.s.Set("fixed", record.NewText("y")); !wrong(err, "read-only") {
		t.Errorf("a read-only question was answered: %v", err)
	}
	e.expect("fixed", "x")
}

func TestAReadOnlyGroupLocksWhatItHolds(t *testing.T) {
	done, err := xpath.Parse("/data/done = 'yes'")
	if err != nil {
		t.Fatal(err)
	}
	f := &form.Form{ID: "locked", Root: &form.Item{Kind: form.Group, Name: "data"}}
	group := &form.Item{Kind: form.Group, Name: "g", ReadOnly: done}
	f.Root.Add(&form.Item{Kind: form.Question, Type: form.TypeText, Name: "done"})
	f.Root.Add(group)
	group.Add(&form.Item{Kind: form.Question, Type: form.TypeText, Name: "a"})
	if problems := f.Compile(); len(problems) > 0 {
		t.Fatal(problems)
	}
	s, err := interview.Start(f, world(1))
	if err != nil {
		t.Fatal(err)
	}
	e := &enumerator{t: t, s: s}
	e.answer("g/a", "x").answer("done", "yes")
	if !e.s.ReadOnly("g/a") || !slices.Contains(e.last.Redraw, "g/a") {
		t.Errorf("g/a is not read-only; to be drawn anew: %v", e.last.Redraw)
	}
	if _, err := e.s.Set("g/a", record.NewText("y")); !wrong(err, "read-only") {
		t.Errorf("it was answered: %v", err)
	}
}

func TestAnswersOfTheWrongKindAreRefused(t *testing.T) {
	e := begin(t, rules)
	for _, c := range []struct {
		path  record.Path
		value record.Value
		kind  string
	}{
		{"age", record.NewText("twelve"), "kind"},
		{"name", record.NewInteger(3), "kind"},
		{"hello", record.NewText("hi"), "kind"},
		{"g", record.NewText("x"), "kind"},
		{"nobody", record.NewText("x"), "unknown"},
		{"g/0001abcdef/must", record.NewText("x"), "unknown"},
		{"", record.NewText("x"), "kind"},
	} {
		if change, err := e.s.Set(c.path, c.value); !wrong(err, c.kind) || len(change.Set) > 0 {
			t.Errorf("%q := %q gave %v, not an error of kind %s", c.path, c.value, err, c.kind)
		}
	}
}

func TestLabelsShowAnswersInAnyLanguage(t *testing.T) {
	e := begin(t, rules).label("name", "es", "¿Nombre de ?").answer("age", "30").answer("name", "Ana")
	e.label("name", "es", "¿Nombre de 30?").label("name", "English (en)", "Name of 30?").label("hello", "en", "Hello, Ana").label("hello", "", "Hola, Ana")
	e.label("hello", "fr", "Hola, Ana")
	if e.s.Name() != "Ana-30" {
		t.Errorf("the interview is called %q", e.s.Name())
	}
	e.answer("name", "Eva")
	if len(e.last.Redraw) != 1 || e.last.Redraw[0] != "hello" {
		t.Errorf("to be drawn anew: %v", e.last.Redraw)
	}
}
