package field

import (
	"cmp"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"vereda/fyne-app/catalogue"
	"vereda/fyne-app/look"
	"vereda/fyne-app/look/looktest"
	"vereda/survey/form"
	"vereda/survey/record"
)

var pictures = flag.String("pictures", "", "folder to write a picture of every look to, on a tablet and on a phone")

// looksFile is where every look is written down.
const looksFile = "testdata/looks"

// example is a question of a type as a form may well have it.
func example(t form.Type) State {
	value := func(k record.Kind, s string) record.Value {
		v, err := record.New(k, s)
		if err != nil {
			panic(err)
		}
		return v
	}
	s := State{Name: "q", Type: t, Kind: (&form.Item{Kind: form.Question, Type: t, Parameters: map[string]string{"start": "1.0"}}).KindOf(), Label: "¿Qué **redes** hay en la vivienda?", Hint: "Leer en voz alta"}
	switch t {
	case form.TypeText, form.TypeBarcode:
		s.Value = record.NewText("300 555 01 02")
	case form.TypeInteger:
		s.Value = record.NewInteger(1234567)
	case form.TypeDecimal:
		s.Value = value(record.Decimal, "12345.5")
	case form.TypeRange:
		s.Kind, s.Bounds, s.Value = record.Integer, Bounds{"1", "5", "1"}, record.NewInteger(3)
		s.Scale = []string{"1", "2", "3", "4", "5"}
	case form.TypeDate:
		s.Value = value(record.Date, "2026-11-23")
	case form.TypeTime:
		s.Value = value(record.Time, "14:05:00.000-05:00")
	case form.TypeDateTime:
		s.Value = value(record.DateTime, "2026-11-23T14:05:00.000-05:00")
	case form.TypeSelectOne:
		s.Choices, s.Value = manyWays(), record.NewText("cell")
	case form.TypeSelectMultiple:
		s.Choices, s.Value = manyWays(), record.NewChoices([]string{"wifi", "none"})
	case form.TypeRank:
		s.Choices, s.Value = manyWays()[:3], record.NewChoices([]string{"cell", "wifi", "sat"})
	case form.TypeGeopoint:
		s.Locates, s.Value = true, value(record.Geopoint, "4.6097 -74.0817 2600 5")
	case form.TypeGeotrace:
		s.Locates, s.Value, s.Measures = true, value(record.Geotrace, "4.6097 -74.0817 0 0;4.6105 -74.0809 0 0;4.6108 -74.0821 0 0"), Measures{Length: 263.4}
	case form.TypeGeoshape:
		s.Value, s.Measures = value(record.Geoshape, "4.6097 -74.0817 0 0;4.6105 -74.0809 0 0;4.6108 -74.0821 0 0;4.6097 -74.0817 0 0"), Measures{412.7, 7321}
	case form.TypeImage:
		s.Value, s.Picture = value(record.File, "a1b2.jpg"), painted(400, 300)
	case form.TypeAudio, form.TypeVideo, form.TypeFile:
		s.Value, s.File = value(record.File, "a1b2.mp3"), File{Name: "grabación de la visita.mp3", Size: 482_113}
	}
	return s
}

func manyWays() []Choice {
	return []Choice{{Code: "wifi", Label: "Wi-Fi"}, {Code: "cell", Label: "Red celular"}, {Code: "sat", Label: "Satélite"}, {Code: "cable", Label: "Cable o fibra óptica"}, {Code: "none", Label: "Ninguna"}}
}

func painted(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.NRGBA{uint8(x * 255 / w), uint8(y * 255 / h), 120, 255})
		}
	}
	return m
}

// everyLook is each type that the app shows, plain and in each appearance that is shown, and what comes with labels.
func everyLook() map[string]State {
	list := map[string]State{}
	for _, t := range form.Types() {
		if !t.Shown() {
			continue
		}
		list[string(t)] = example(t)
		for _, a := range form.Appearances() {
			if slices.Contains(a.Types, t) && a.Instead == "" {
				word := a.Word
				if strings.HasSuffix(word, "-") {
					word += "2"
				}
				s := example(t)
				s.Appearance = []string{word}
				list[string(t)+" "+word] = s
			}
		}
	}
	more := func(name string, t form.Type, change func(*State)) {
		s := example(t)
		change(&s)
		list[name] = s
	}
	more("empty rank", form.TypeRank, func(s *State) { s.Value = record.Value{} })
	more("empty geoshape", form.TypeGeoshape, func(s *State) { s.Value, s.Locates = record.Value{}, true })
	more("empty audio", form.TypeAudio, func(s *State) { s.Value, s.File = record.Value{}, File{} })
	more("empty signature", form.TypeImage, func(s *State) { s.Value, s.Picture, s.Appearance = record.Value{}, nil, []string{"signature"} })
	more("range of many", form.TypeRange, func(s *State) {
		s.Scale, s.Bounds, s.Value = make([]string, 101), Bounds{"0", "500", "5"}, record.NewInteger(250)
	})
	more("pictures of choices", form.TypeSelectOne, func(s *State) {
		s.Choices, s.Appearance = manyWays(), []string{"columns-2"}
		for i := range s.Choices {
			s.Choices[i].Picture = painted(300, 200)
		}
	})
	more("media", form.TypeNote, func(s *State) {
		s.Media = Media{Image: painted(500, 300), Sound: "a.mp3", Film: "b.mp4", Missing: []string{"c.svg"}}
		s.Guidance = "Si no sabe, pregunte a **otra persona** del hogar."
	})
	more("rows of text", form.TypeText, func(s *State) { s.Rows = 4 })
	more("markup", form.TypeNote, func(s *State) {
		s.Label = "# Visita\nLea *despacio*:\n- **uno**: [ODK](https://getodk.org)\n- <span style=\"color:red\">dos</span>\n1. tres"
		s.Hint = "Línea uno<br>línea **dos**"
	})
	return list
}

// atSize shows a question in a window of a size, in the app's Spanish.
func atSize(t *testing.T, s State, size fyne.Size, text float32) *shown {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(look.NewTheme(text))
	c, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := &shown{}
	f.Question = New(c.In("es"), s, func(e Event) { f.events = append(f.events, e) })
	f.window = test.NewTempWindow(t, look.NewBody(look.NewInset(16, 16, f.Question)))
	f.window.SetPadded(false)
	f.window.Resize(size)
	return f
}

// written writes down what can be seen and tapped of a question: what it is, its words, where it stands.
func (f *shown) written() string {
	var b strings.Builder
	base := f.place(f.Question)
	looktest.Each(f.Question, func(o look.Object) bool {
		kind, words := "", ""
		switch o := o.(type) {
		case *look.Text:
			kind, words = "text", o.Words()
		case *canvas.Image:
			if o.Image != nil {
				kind = "picture"
			}
		}
		if t, ok := o.(look.Tagged); ok && t.Tag() != "" {
			kind = t.Tag()
		}
		if c, ok := o.(interface{ Chosen() bool }); ok && c.Chosen() {
			words += " chosen"
		}
		if e, ok := o.(interface{ Written() string }); ok {
			words = fmt.Sprintf("%q", e.Written())
		}
		if kind != "" {
			at := f.place(o).Subtract(base)
			fmt.Fprintf(&b, "  %.0f,%.0f %.0fx%.0f %s %s\n", at.X, at.Y, o.Size().Width, o.Size().Height, kind, strings.TrimSpace(strings.ReplaceAll(words, "\n", " / ")))
		}
		return true
	})
	return b.String()
}

func (f *shown) place(o look.Object) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
}

// Every type and every appearance of the table that the app is said to show is shown as it was when somebody last looked at it; -update writes what is seen now.
func TestEveryLook(t *testing.T) {
	defer func(was func() time.Time) { now = was }(now)
	now = func() time.Time { return time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC) }
	list := everyLook()
	var names []string
	for name := range list {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(a, b) })
	var all strings.Builder
	for _, name := range names {
		f := atSize(t, list[name], fyne.NewSize(571, 914), 1)
		fmt.Fprintf(&all, "%s\n%s\n", name, f.written())
		f.save(t, name, "tablet")
	}
	if *update {
		if err := os.WriteFile(looksFile, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(looksFile)
	if err != nil {
		t.Fatal(err)
	}
	was := blocksOf(string(want))
	for name, now := range blocksOf(all.String()) {
		if was[name] != now {
			t.Errorf("%s looks otherwise:\n%s\nit was:\n%s", name, now, was[name])
		}
		delete(was, name)
	}
	for name := range was {
		t.Errorf("%s is shown no more", name)
	}
}

func blocksOf(s string) map[string]string {
	m := map[string]string{}
	for block := range strings.SplitSeq(strings.TrimSpace(s), "\n\n") {
		name, rest, _ := strings.Cut(block, "\n")
		m[name] = strings.TrimSpace(rest)
	}
	return m
}

func (f *shown) save(t *testing.T, name, on string) {
	t.Helper()
	if *pictures == "" {
		return
	}
	file, err := os.Create(filepath.Join(*pictures, strings.ReplaceAll(name, " ", "_")+"."+on+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, f.window.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
}

// On a phone, and with the largest text, nothing that can be tapped stands outside of the window or is too small for a finger; a read-only question takes nothing.
func TestEveryLookFitsAPhone(t *testing.T) {
	for name, s := range everyLook() {
		for _, text := range []float32{1, 1.6} {
			f := atSize(t, s, fyne.NewSize(360, 640), text)
			if text == 1 {
				f.save(t, name, "phone")
			}
			looktest.Each(f.Question, func(o look.Object) bool {
				_, taps := o.(fyne.Tappable)
				tagged, named := o.(look.Tagged)
				if !taps || !named || tagged.Tag() == "" {
					return true
				}
				at, size := f.place(o), o.Size()
				if at.X < 0 || at.X+size.Width > 362 {
					t.Errorf("%s at %.1f: %s stands from %.0f to %.0f", name, text, tagged.Tag(), at.X, at.X+size.Width)
				}
				if size.Height < 44 || size.Width < 44 {
					t.Errorf("%s at %.1f: %s is %.0fx%.0f", name, text, tagged.Tag(), size.Width, size.Height)
				}
				return true
			})
		}
	}
	look.NewTheme(1)
}

// What the app is said to show has its place among the looks; what it is said not to show is said with a sentence.
func TestTheTableOfAppearancesIsWhole(t *testing.T) {
	list := everyLook()
	for _, a := range form.Appearances() {
		for _, typ := range a.Types {
			if !Asks(typ) {
				t.Errorf("%s: the app asks no %s", a.Word, typ)
			}
			word := strings.TrimSuffix(a.Word, "-")
			_, shown := list[string(typ)+" "+a.Word]
			_, counted := list[string(typ)+" "+word+"-2"]
			if (a.Instead == "") != (shown || counted) {
				t.Errorf("%s of %s: shown %v, instead %q", a.Word, typ, shown || counted, a.Instead)
			}
		}
	}
	for _, typ := range form.Types() {
		if typ.Shown() != Asks(typ) {
			t.Errorf("%s is shown: %v, asked: %v", typ, typ.Shown(), Asks(typ))
		}
	}
}
