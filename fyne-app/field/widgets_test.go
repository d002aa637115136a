package field

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"vereda/fyne-app/look/looktest"
	"vereda/survey/form"
	"vereda/survey/record"
)

// answer taps and shows what that answered, as the page does.
func (f *shown) answer(t *testing.T, s *State, tag string) record.Value {
	t.Helper()
	f.tap(t, tag)
	s.Value = f.last(t).Value
	f.Set(*s)
	return s.Value
}

func TestRankHasAllChoicesFromTheFirstMove(t *testing.T) {
	s := State{Name: "r", Type: form.TypeRank, Kind: record.Choices, Choices: threeWays}
	f := show(t, s)
	for _, step := range []struct{ tag, want string }{
		{"rank-down:r:wifi", "cell wifi none"},
		{"rank-up:r:none", "cell none wifi"},
		{"clear:r", ""},
		{"agree:r", "wifi cell none"},
	} {
		if got := f.answer(t, &s, step.tag); got.String() != step.want {
			t.Fatalf("%s: %q, want %q", step.tag, got, step.want)
		}
	}
	if looktest.Enabled(f.window, "rank-up:r:wifi") || looktest.Enabled(f.window, "rank-down:r:none") {
		t.Error("the first moves up, or the last down")
	}
	s.Choices = threeWays[1:] // a filter took one away
	f.Set(s)
	if got := f.answer(t, &s, "rank-up:r:none"); got.String() != "none cell" {
		t.Errorf("after a choice is gone: %q", got)
	}
}

// Points are typed, tapped on the sketch, marked and removed; an area ends where it began; nothing written in the box is lost when it is left.
func TestAnAreaIsMadeOfPoints(t *testing.T) {
	s := State{Name: "a", Type: form.TypeGeoshape, Kind: record.Geoshape}
	f := show(t, s)
	take := func() string {
		s.Value = f.last(t).Value
		f.Set(s)
		return s.Value.String()
	}
	b := f.typed(t, "a", "4.61, -74.08")
	f.tap(t, "add:a")
	if got := take(); got != "4.61 -74.08 0 0;4.61 -74.08 0 0" || b.Text != "" {
		t.Fatalf("%q, the box says %q", got, b.Text)
	}
	test.Type(b, "4.62 -74.08")
	b.FocusLost()
	take()
	test.Type(b, "nowhere")
	b.OnSubmitted(b.Text)
	if b.Text != "nowhere" || !looktest.Says(f.window, "field.position.unread") {
		t.Errorf("what is no position left %q", b.Text)
	}
	b.put("")
	p := looktest.Find(f.Question, "plot:a").(*plot)
	test.TapAt(p, fyne.NewPos(p.Size().Width-30, p.Size().Height/2))
	take()
	points := SplitPoints(s.Value)
	if len(points) != 3 || !strings.HasSuffix(s.Value.String(), ";4.61 -74.08 0 0") {
		t.Fatalf("%q", s.Value)
	}
	fr, _ := p.frame(p.Size())
	test.TapAt(p, fr.at(spotOf(points[0])))
	if !looktest.Says(f.window, "field.trace.point") || looktest.Enabled(f.window, "before:a") {
		t.Error("the first point is not marked")
	}
	f.tap(t, "remove:a")
	take()
	if left := SplitPoints(s.Value); len(left) != 2 || left[0] != points[1] {
		t.Errorf("removed the first of %q: %q", points, left)
	}
	f.tap(t, "clear:a")
	if got := take(); got != "" {
		t.Errorf("cleared: %q", got)
	}
}

// A line's points come back as they went in, and a tap on the sketch is the place that is drawn there.
func TestPointsAndPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coordinate := func(most float64) string { return coordinateText(rapid.Float64Range(-most, most).Draw(t, "degrees")) }
		var points []string
		for range rapid.IntRange(1, 8).Draw(t, "points") {
			points = append(points, coordinate(80)+" "+coordinate(170)+" 0 0")
		}
		for _, kind := range []record.Kind{record.Geotrace, record.Geoshape} {
			got := SplitPoints(JoinPoints(kind, points))
			if again := SplitPoints(JoinPoints(kind, got)); strings.Join(got, ";") != strings.Join(again, ";") || len(got) == 0 {
				t.Fatalf("%v: %q became %q, then %q", kind, points, got, again)
			}
		}
		at := spotOf(points[0])
		p := newPlot("", false, nil)
		p.set([]spot{at, {at.latitude + 0.001, at.longitude + 0.002}}, 0)
		f, ok := p.frame(fyne.NewSize(400, 260))
		if !ok {
			t.Fatal("no frame")
		}
		back := f.spot(f.at(at))
		if d := back.latitude - at.latitude; d > 1e-6 || d < -1e-6 {
			t.Fatalf("%v became %v", at, back)
		}
	})
}

func TestDrawing(t *testing.T) {
	show(t, State{Type: form.TypeNote}) // an app, for the theme
	d := NewDrawing(nil)
	d.Resize(fyne.NewSize(500, 320))
	drag := func(x, y, dx, dy float32) {
		d.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}, Dragged: fyne.NewDelta(dx, dy)})
	}
	drag(100, 100, 50, 0)
	drag(200, 100, 100, 0)
	d.DragEnd()
	ink := func(x, y int) bool { return d.Picture().At(x, y) != color.RGBA{255, 255, 255, 255} }
	if !ink(100, 200) || !ink(400, 200) || ink(600, 200) || len(d.strokes) != 1 {
		t.Errorf("a stroke from 50 to 200: %d strokes, inked %v %v %v", len(d.strokes), ink(100, 200), ink(400, 200), ink(600, 200))
	}
	d.Use(Pens[1])
	d.Tapped(&fyne.PointEvent{Position: fyne.NewPos(400, 300)})
	if got := color.NRGBAModel.Convert(d.Picture().At(800, 600)); got != Pens[1] {
		t.Errorf("a dot in %v", got)
	}
	d.Undo()
	if ink(800, 600) || !ink(400, 200) {
		t.Error("undone: the dot stays, or the stroke is gone")
	}
	d.Wipe()
	d.Undo()
	if !d.Empty() || ink(400, 200) {
		t.Error("wiped: something stays")
	}
	large := NewDrawing(image.NewRGBA(image.Rect(0, 0, 4000, 3000)))
	if b := large.Picture().Bounds(); b.Dx() != mostPaper || b.Dy() != mostPaper*3/4 {
		t.Errorf("a photo of 4000x3000 is drawn upon as %v", b)
	}
}

func TestCounting(t *testing.T) {
	s := State{Name: "n", Type: form.TypeRange, Kind: record.Decimal, Bounds: Bounds{"0", "1", "0.4"}}
	f := show(t, s)
	for _, step := range []struct{ tag, want string }{{"more:n", "0"}, {"more:n", "0.4"}, {"more:n", "0.8"}, {"more:n", "1"}, {"less:n", "0.6"}, {"less:n", "0.2"}, {"less:n", "0"}, {"less:n", "0"}} {
		if got := f.answer(t, &s, step.tag); got.String() != step.want || got.Kind() != record.Decimal {
			t.Fatalf("%s: %v %q, want %q", step.tag, got.Kind(), got, step.want)
		}
	}
	free := State{Name: "n", Type: form.TypeInteger, Kind: record.Integer, Appearance: []string{"counter"}}
	f = show(t, free)
	for _, step := range []struct{ tag, want string }{{"more:n", "1"}, {"more:n", "2"}, {"less:n", "1"}, {"less:n", "0"}, {"less:n", "-1"}, {"clear:n", ""}} {
		if got := f.answer(t, &free, step.tag); got.String() != step.want {
			t.Fatalf("%s: %q, want %q", step.tag, got, step.want)
		}
	}
}

func TestAMonthIsAnsweredWithItsFirstDay(t *testing.T) {
	for word, want := range map[string]string{"month-year": "2026-10-01", "year": "2026-01-01"} {
		v, _ := record.New(record.Date, "2026-11-23")
		s := State{Name: "d", Type: form.TypeDate, Kind: record.Date, Appearance: []string{word}, Value: v}
		f := show(t, s)
		tag := "month-:d"
		if word == "year" {
			f.answer(t, &s, "year+:d")
			tag = "year-:d"
		}
		if got := f.answer(t, &s, tag); got.String() != want {
			t.Errorf("%s: %q", word, got)
		}
		if looktest.Find(f.Question, "day+:d") != nil {
			t.Errorf("%s has days", word)
		}
	}
}

func TestGuidanceIsBehindATap(t *testing.T) {
	f := show(t, State{Name: "g", Type: form.TypeNote, Guidance: "Mire **detrás** de la casa"})
	if looktest.Says(f.window, "Mire") {
		t.Error("it stands there already")
	}
	f.tap(t, "guidance:g")
	if !looktest.Says(f.window, "Mire detrás de la casa") || f.last(t).Act != Unfold {
		t.Error("a tap does not show it")
	}
}

func TestSeveralAreChosenFromAList(t *testing.T) {
	s := State{Name: "m", Type: form.TypeSelectMultiple, Kind: record.Choices, Choices: threeWays, Appearance: []string{"minimal"}}
	f := show(t, s)
	f.tap(t, "open:m")
	if f.last(t).Act != Choose {
		t.Fatalf("%+v", f.last(t))
	}
	var events []Event
	l := NewList(say(t), s, func(e Event) { events = append(events, e) }, func() {})
	for _, code := range []string{"none", "wifi", "none"} {
		looktest.Find(l, "choice:m:"+code).(fyne.Tappable).Tapped(nil)
		s.Value = events[len(events)-1].Value
		l.Set(s)
	}
	looktest.Find(l, "done").(fyne.Tappable).Tapped(nil)
	if s.Value != record.NewChoices([]string{"wifi"}) || events[3].Act != Choose {
		t.Errorf("%v, %+v", s.Value, events)
	}
}

func TestPickedNumbersAreNumbers(t *testing.T) {
	s := State{Name: "r", Type: form.TypeRange, Kind: record.Integer, Scale: []string{"5", "10"}, Appearance: []string{"picker"}}
	var got Event
	l := NewList(say(t), s, func(e Event) { got = e }, func() {})
	looktest.Find(l, "choice:r:10").(fyne.Tappable).Tapped(nil)
	if got != (Event{Answered, record.NewInteger(10)}) {
		t.Errorf("%+v", got)
	}
}

func TestThousandsAreGrouped(t *testing.T) {
	for v, want := range map[string]string{"1234567": "1\u00a0234\u00a0567", "-45000.25": "−45\u00a0000,25", "999": "", "": "", "x": ""} {
		if got := thousands(say(t), record.NewText(v)); got != want {
			t.Errorf("%q: %q, want %q", v, got, want)
		}
	}
}

func TestNumbersOfTelephonesHaveNoLetters(t *testing.T) {
	f := show(t, State{Name: "n", Type: form.TypeText, Kind: record.Text, Appearance: []string{"numbers"}})
	if b := f.typed(t, "n", "+57 300a-555"); b.Text != "+57 300-555" {
		t.Errorf("%q", b.Text)
	}
}
