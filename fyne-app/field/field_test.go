package field

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vereda/fyne-app/look"
	"vereda/fyne-app/look/looktest"
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/words"
)

var update = flag.Bool("update", false, "write the goldens anew")

// say returns words in which every key says itself, so that these tests hold for every language.
func say(t *testing.T) words.Words {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, language := range words.Languages {
		fsys[language+".json"] = &fstest.MapFile{Data: []byte(`{"field.kept": "kept"}`)}
	}
	c, err := words.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return c.In("es")
}

// shown is a question in a window of a tablet's width, and what it told.
type shown struct {
	*Question
	window fyne.Window
	events []Event
}

func show(t *testing.T, s State) *shown {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.NewTheme(1))
	f := &shown{}
	f.Question = New(say(t), s, func(e Event) { f.events = append(f.events, e) })
	f.window = test.NewTempWindow(t, look.NewBody(look.NewInset(16, 16, f.Question)))
	f.window.SetPadded(false)
	f.window.Resize(fyne.NewSize(571, 600))
	return f
}

func (f *shown) tap(t *testing.T, tag string) {
	t.Helper()
	o, ok := looktest.Find(f.Question, tag).(fyne.Tappable)
	if !ok {
		t.Fatalf("nothing to tap is called %q", tag)
	}
	test.Tap(o)
}

func (f *shown) typed(t *testing.T, name, text string) *box {
	t.Helper()
	b, ok := looktest.Find(f.Question, "box:"+name).(*box)
	if !ok {
		t.Fatalf("no box is called %q", name)
	}
	test.Type(b, text)
	return b
}

func (f *shown) last(t *testing.T) Event {
	t.Helper()
	if len(f.events) == 0 {
		t.Fatal("nothing was told")
	}
	return f.events[len(f.events)-1]
}

func TestNumbersTakeDigitsOnly(t *testing.T) {
	for _, test := range []struct {
		kind       record.Kind
		typed, box string
		want       string
	}{
		{record.Integer, "a4x2", "42", "42"},
		{record.Integer, "-1-40", "-140", "-140"},
		{record.Integer, "4.5", "45", "45"},
		{record.Decimal, "45,5", "45,5", "45.5"},
		{record.Decimal, "1.2.3", "1.23", "1.23"},
		{record.Decimal, "-0,5 kg", "-0,5", "-0.5"},
	} {
		kinds := map[record.Kind]form.Type{record.Integer: form.TypeInteger, record.Decimal: form.TypeDecimal}
		f := show(t, State{Name: "n", Type: kinds[test.kind], Kind: test.kind})
		b := f.typed(t, "n", test.typed)
		if b.Text != test.box {
			t.Errorf("%q left %q in the box, want %q", test.typed, b.Text, test.box)
		}
		if e := f.last(t); e.Act != Typing || e.Value.String() != test.want {
			t.Errorf("%q told %+v, want %s", test.typed, e, test.want)
		}
	}
}

func TestWhatIsNoNumberIsGarbled(t *testing.T) {
	f := show(t, State{Name: "n", Type: form.TypeInteger, Kind: record.Integer})
	f.typed(t, "n", "-")
	if e := f.last(t); e.Act != Garbled {
		t.Errorf("%+v", e)
	}
	f.typed(t, "n", "99999999999999999999")
	if e := f.last(t); e.Act != Garbled {
		t.Errorf("a number beyond 64 bits: %+v", e)
	}
}

func TestPastedTextIsFilteredToo(t *testing.T) {
	f := show(t, State{Name: "n", Type: form.TypeInteger, Kind: record.Integer})
	b := f.typed(t, "n", "")
	b.SetText("12 personas")
	if b.Text != "12" || f.last(t).Value != record.NewInteger(12) {
		t.Errorf("%q, %+v", b.Text, f.last(t))
	}
}

func TestSetDoesNotDisturbTyping(t *testing.T) {
	s := State{Name: "n", Type: form.TypeDecimal, Kind: record.Decimal}
	f := show(t, s)
	b := f.typed(t, "n", "1,")
	s.Value, _ = record.New(record.Decimal, "1")
	f.Set(s) // the answer so far, kept, comes back while one goes on typing
	test.Type(b, "5")
	if b.Text != "1,5" {
		t.Errorf("the box says %q", b.Text)
	}
	s.Value, _ = record.New(record.Decimal, "1.5")
	b.FocusLost()
	if e := f.last(t); e.Act != Answered || e.Value != s.Value {
		t.Errorf("leaving the box told %+v", e)
	}
	n := len(f.events)
	s.Value = record.Value{}
	f.Set(s)
	if b.Text != "" || len(f.events) != n {
		t.Errorf("a setter must clear the box (%q) and tell nothing (%d events)", b.Text, len(f.events)-n)
	}
}

var threeWays = []Choice{{Code: "wifi", Label: "Wi-Fi"}, {Code: "cell", Label: "Red celular"}, {Code: "none", Label: "Ninguna"}}

func TestSelectOneTellsTheCode(t *testing.T) {
	s := State{Name: "net", Type: form.TypeSelectOne, Kind: record.Text, Choices: threeWays}
	f := show(t, s)
	f.tap(t, "choice:net:cell")
	if e := f.last(t); e != (Event{Answered, record.NewText("cell")}) {
		t.Fatalf("%+v", e)
	}
	s.Value = record.NewText("cell")
	f.Set(s)
	for code, want := range map[string]bool{"wifi": false, "cell": true} {
		if got := looktest.Find(f.Question, "choice:net:"+code).(*row).Chosen(); got != want {
			t.Errorf("%s is chosen: %v", code, got)
		}
	}
	f.tap(t, "clear:net")
	if e := f.last(t); e.Act != Answered || !e.Value.IsZero() {
		t.Errorf("clearing told %+v", e)
	}
	s.Required = true
	f.Set(s)
	if looktest.Find(f.Question, "clear:net") != nil {
		t.Error("a required answer can be changed, not cleared")
	}
}

func TestSelectMultipleKeepsTheOrderOfTheList(t *testing.T) {
	s := State{Name: "net", Type: form.TypeSelectMultiple, Kind: record.Choices, Choices: threeWays, Value: record.NewChoices([]string{"none"})}
	f := show(t, s)
	f.tap(t, "choice:net:wifi")
	if got := f.last(t).Value; got != record.NewChoices([]string{"wifi", "none"}) {
		t.Errorf("%v", got)
	}
	s.Value = f.last(t).Value
	f.Set(s)
	f.tap(t, "choice:net:none")
	if got := f.last(t).Value; got != record.NewChoices([]string{"wifi"}) {
		t.Errorf("%v", got)
	}
}

func TestManyChoicesOpenAList(t *testing.T) {
	var many []Choice
	for _, name := range []string{"Bogotá", "Medellín", "Cali", "Pasto", "Quibdó", "Ñemby", "São Paulo", "Belém", "Jérémie"} {
		many = append(many, Choice{Code: name, Label: name})
	}
	s := State{Name: "town", Type: form.TypeSelectOne, Kind: record.Text, Choices: many}
	f := show(t, s)
	f.tap(t, "open:town")
	if e := f.last(t); e.Act != Choose {
		t.Errorf("%+v", e)
	}
	for search, want := range map[string]int{"": 9, "bogota": 1, "PAULO sao": 1, "b": 2, "é": 0, "jeremie": 1, "nemby": 1, "x": 0} {
		l := NewList(say(t), s, func(Event) {}, func() {})
		l.search.SetText(search)
		got := 0
		for _, o := range l.rows.Objects {
			if _, ok := o.(*row); ok {
				got++
			}
		}
		if got != want {
			t.Errorf("%q found %d, want %d", search, got, want)
		}
	}
}

func TestReadOnlyTakesNothing(t *testing.T) {
	f := show(t, State{Name: "net", Type: form.TypeSelectOne, Kind: record.Text, Choices: threeWays, ReadOnly: true})
	f.tap(t, "choice:net:cell")
	if len(f.events) > 0 {
		t.Errorf("%+v", f.events)
	}
}

func TestDateSteps(t *testing.T) {
	defer func(was func() time.Time) { now = was }(now)
	now = func() time.Time { return time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC) }
	s := State{Name: "d", Type: form.TypeDate, Kind: record.Date}
	f := show(t, s)
	for _, step := range []struct{ tag, want string }{
		{"month+:d", "2026-01-31"}, // the first tap on an empty date is today
		{"month+:d", "2026-02-28"},
		{"year-:d", "2025-02-28"},
		{"day+:d", "2025-03-01"},
		{"today:d", "2026-01-31"},
		{"clear:d", ""},
	} {
		f.tap(t, step.tag)
		s.Value = f.last(t).Value
		f.Set(s)
		if got := s.Value.String(); got != step.want {
			t.Fatalf("%s: %q, want %q", step.tag, got, step.want)
		}
	}
}

// A range with few numbers offers each of them, and nothing else.
func TestAScaleOffersItsNumbers(t *testing.T) {
	s := State{Name: "r", Type: form.TypeRange, Kind: record.Decimal, Scale: []string{"0", "0.5", "1"}}
	f := show(t, s)
	f.tap(t, "choice:r:0.5")
	s.Value = f.last(t).Value
	f.Set(s)
	if got := s.Value; got.String() != "0.5" || got.Kind() != record.Decimal || !looktest.Chosen(f.window, "choice:r:0.5") || looktest.Chosen(f.window, "choice:r:1") {
		t.Errorf("%v %q", got.Kind(), got)
	}
	f.tap(t, "clear:r")
	if v := f.last(t).Value; !v.IsZero() {
		t.Errorf("not taken back: %q", v)
	}
}

// A time goes round within its day and keeps the offset it was given with; what a form gives as a default may have none.
func TestTimeSteps(t *testing.T) {
	defer func(was func() time.Time) { now = was }(now)
	now = func() time.Time { return time.Date(2026, 1, 31, 23, 57, 41, 0, time.FixedZone("", -5*3600)) }
	for _, of := range []struct {
		kind        record.Kind
		typ         form.Type
		day, change string // what stands before the time, and after a month was added
	}{{record.Time, form.TypeTime, "", ""}, {record.DateTime, form.TypeDateTime, "2026-01-31T", "2026-02-28T"}} {
		s := State{Name: "t", Type: of.typ, Kind: of.kind}
		f := show(t, s)
		steps := []struct{ tag, want string }{
			{"hour+:t", of.day + "23:57:00.000-05:00"}, // the first tap on an empty time is now
			{"hour+:t", of.day + "00:57:00.000-05:00"},
			{"minute-:t", of.day + "00:55:00.000-05:00"},
			{"minute+:t", of.day + "00:00:00.000-05:00"},
			{"minute-:t", of.day + "00:55:00.000-05:00"},
			{"hour-:t", of.day + "23:55:00.000-05:00"},
		}
		if of.kind == record.DateTime {
			steps = append(steps, struct{ tag, want string }{"month+:t", of.change + "23:55:00.000-05:00"})
		}
		for _, step := range append(steps, struct{ tag, want string }{"clear:t", ""}) {
			f.tap(t, step.tag)
			s.Value = f.last(t).Value
			f.Set(s)
			if got := s.Value.String(); got != step.want {
				t.Fatalf("%s: %q, want %q", step.tag, got, step.want)
			}
		}
		bare, err := record.New(of.kind, of.day+"08:30")
		if err != nil {
			t.Fatal(err)
		}
		s.Value = bare
		f.Set(s)
		f.tap(t, "minute+:t")
		if got := f.last(t).Value.String(); got != of.day+"08:35:00.000Z" {
			t.Errorf("a default without offset: %q", got)
		}
	}
}

func TestAcknowledge(t *testing.T) {
	s := State{Name: "a", Type: form.TypeAcknowledge, Kind: record.Text}
	f := show(t, s)
	f.tap(t, "choice:a:OK")
	s.Value = f.last(t).Value
	f.Set(s)
	f.tap(t, "choice:a:OK")
	if s.Value != record.NewText("OK") || !f.last(t).Value.IsZero() {
		t.Errorf("%v, then %v", s.Value, f.last(t).Value)
	}
}

// Each question as it looks, to be looked at by people too.
func TestGoldens(t *testing.T) {
	position, _ := record.New(record.Geopoint, "4.6097 -74.0817 0 0")
	day, _ := record.New(record.Date, "2026-11-23")
	for name, s := range map[string]State{
		"one":      {Name: "q", Type: form.TypeSelectOne, Label: "¿Cuál es la red principal?", Required: true, Choices: threeWays, Value: record.NewText("cell"), Mark: Kept},
		"several":  {Name: "q", Type: form.TypeSelectMultiple, Label: "¿Qué redes hay?", Hint: "Leer", Choices: threeWays, Value: record.NewChoices([]string{"wifi"})},
		"wrong":    {Name: "q", Type: form.TypeInteger, Kind: record.Integer, Label: "Edad en años cumplidos", Value: record.NewInteger(140), Problem: "Valor fuera de rango"},
		"position": {Name: "q", Type: form.TypeGeopoint, Kind: record.Geopoint, Label: "Posición GPS de la vivienda", Value: position},
		"date":     {Name: "q", Type: form.TypeDate, Kind: record.Date, Label: "Fecha de la visita", Value: day},
	} {
		t.Run(name, func(t *testing.T) {
			f := show(t, s)
			if *update {
				file := filepath.Join("testdata", name+".xml")
				test.AssertRendersToMarkup(&testing.T{}, name+".xml", f.window.Canvas())
				if err := os.Rename(filepath.Join("testdata", "failed", name+".xml"), file); err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
				return
			}
			test.AssertRendersToMarkup(t, name+".xml", f.window.Canvas())
		})
	}
}
