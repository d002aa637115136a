package form_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/xpath"
)

func parse(src string) *xpath.Expr {
	e, err := xpath.Parse(src)
	if err != nil {
		panic(err)
	}
	return e
}

func TestTextFallsBack(t *testing.T) {
	text := form.NewText(map[string][]form.Part{"es": {{Words: "Hola "}, {Expr: parse("/data/a")}}, "fr": {{Words: "Salut"}}})
	for _, c := range []struct{ language, fallback, want string }{
		{"fr", "es", "Salut"}, {"ht", "fr", "Salut"}, {"ht", "pt", "Hola …"}, {"es", "", "Hola …"},
	} {
		if got := text.Plain(c.language, c.fallback); got != c.want {
			t.Errorf("in %s, else %s: %q, want %q", c.language, c.fallback, got, c.want)
		}
	}
	if got := text.Languages(); !reflect.DeepEqual(got, []string{"es", "fr"}) {
		t.Errorf("languages %v", got)
	}
	if len(text.Exprs()) != 1 || text.IsZero() || !(form.Text{}).IsZero() || (form.Text{}).Plain("", "") != "" {
		t.Error("wrong expressions or zero")
	}
}

func TestPlacesInTheTree(t *testing.T) {
	f := read(t, family)
	i, ok := f.Item("g/member/phone/number")
	if !ok || i.ElementPath() != "/data/g/member/phone/number" || i.Repeat().Name != "phone" || i.Repeat().Repeat().Name != "member" ||
		i.Repeat().Repeat().Repeat() != nil {
		t.Errorf("number lies at %s", i.ElementPath())
	}
	if _, ok := f.Item("g/nobody"); ok {
		t.Error("found what is not there")
	}
	for n, i := range f.Items() {
		if i.Index != n {
			t.Errorf("%s has index %d, stands at %d", i.Path, i.Index, n)
		}
	}
}

func TestKinds(t *testing.T) {
	for typ, want := range map[form.Type]record.Kind{form.TypeCalculate: record.Text, form.TypeSelectOne: record.Text, form.TypeSelectMultiple: record.Choices,
		form.TypeImage: record.File, form.TypeNote: 0, form.TypeStart: record.DateTime, form.TypeToday: record.Date, form.TypeAudit: record.File} {
		if got := (&form.Item{Kind: form.Question, Type: typ}).KindOf(); got != want {
			t.Errorf("%s: kind %d, want %d", typ, got, want)
		}
	}
	ranged := &form.Item{Kind: form.Question, Type: form.TypeRange, Parameters: map[string]string{"start": "0", "end": "10", "step": "1"}}
	if got := ranged.KindOf(); got != record.Integer {
		t.Errorf("whole range: kind %d", got)
	}
	ranged.Parameters["step"] = "0.5"
	if got := ranged.KindOf(); got != record.Decimal {
		t.Errorf("range by halves: kind %d", got)
	}
}

func TestProblemsInJSON(t *testing.T) {
	p := form.Problem{Severity: form.Warning, Code: "no-label", Cell: form.Cell{Sheet: "survey", Row: 3, Column: "label"}, Message: "It is wrong.", Hint: "Mend it."}
	b, err := json.Marshal(p)
	if want := `{"severity":"warning","code":"no-label","cell":{"sheet":"survey","row":3,"column":"label"},"text":"","message":"It is wrong.","hint":"Mend it."}`; string(b) != want || err != nil {
		t.Errorf("%s, %v", b, err)
	}
	var back form.Problem
	if err := json.Unmarshal(b, &back); err != nil || back != p {
		t.Errorf("%v, %v", back, err)
	}
	if got, want := p.String(), "warning: sheet survey, row 3, column label: It is wrong. Mend it."; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
