package field

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/mobile"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/words"
)

// trace is the answerer of a line or an area: points are typed or pasted, taken where the tablet is, or tapped on a sketch.
type trace struct {
	say    words.Words
	emit   func(Event)
	state  State
	points []string // in ODK's text, the closing one of an area left out
	chosen int      // the point that is marked, and removed when asked; -1: none
	entry  *box
	read   *look.Text
	add    *look.Tile
	here   *look.Tile
	plot   *plot
	hint   *look.Text
	place  *look.Text
	before *look.Tile
	after  *look.Tile
	remove *look.Tile
	one    *fyne.Container
	total  *look.Text
	clear  *look.Tile
	column *fyne.Container
}

func newTrace(say words.Words, s State, emit func(Event)) *trace {
	t := &trace{say: say, emit: emit, state: s, chosen: -1}
	t.read = look.NewText(say.Say("field.position.unread"), look.SizeBody, look.Amber)
	t.read.Hide()
	t.entry = newBox(s.Name, false, mobile.SingleLineKeyboard, nil)
	t.entry.SetPlaceHolder(say.Say("field.position.example"))
	t.entry.watch(func(string) { t.read.Hide() })
	t.entry.left = t.settle
	t.entry.OnSubmitted = func(string) { t.settle() }
	t.add = look.NewIconButton("add:"+s.Name, say.Say("field.trace.add"), theme.ContentAddIcon(), look.Quiet, t.settle)
	t.here = look.NewButton("here:"+s.Name, say.Say("field.trace.here"), pin, look.Quiet, func() { emit(Event{Act: Locate}) })
	t.plot = newPlot("plot:"+s.Name, s.Type == form.TypeGeoshape, t.tapped)
	t.hint = look.NewText(say.Say("field.trace.sketch"), look.SizeSmall, look.Muted)
	t.total = look.NewBold("", look.SizeBody, look.Brand)
	t.clear = look.NewButton("clear:"+s.Name, say.Say("field.trace.clear"), theme.ContentClearIcon(), look.Bare, func() { t.answer(nil) })
	t.column = look.NewColumn(8, look.NewRow(8, 0, t.entry, t.add), t.read, t.here, t.plot, t.hint, t.stepper(), t.total, t.clear)
	return t
}

// stepper goes from point to point, and removes one.
func (t *trace) stepper() look.Object {
	name := t.state.Name
	t.place = look.NewText("", look.SizeBody, look.Ink)
	t.before = look.NewIconButton("before:"+name, t.say.Say("field.trace.before"), theme.NavigateBackIcon(), look.Quiet, func() { t.choose(t.chosen - 1) })
	t.after = look.NewIconButton("after:"+name, t.say.Say("field.trace.after"), theme.NavigateNextIcon(), look.Quiet, func() { t.choose(t.chosen + 1) })
	t.remove = look.NewIconButton("remove:"+name, t.say.Say("field.trace.remove"), theme.DeleteIcon(), look.Serious, func() {
		if t.chosen >= 0 {
			t.answer(append(append([]string(nil), t.points[:t.chosen]...), t.points[t.chosen+1:]...))
		}
	})
	t.one = look.NewRow(8, 1, t.before, t.place, t.after, t.remove)
	return t.one
}

func (t *trace) object() look.Object { return t.column }
func (t *trace) box() *box           { return t.entry }

func (t *trace) show(s State) {
	t.state = s
	fresh := len(t.points) == 0
	t.points = SplitPoints(s.Value)
	if fresh || t.chosen >= len(t.points) {
		t.chosen = len(t.points) - 1
	}
	t.refresh()
	if s.ReadOnly {
		t.entry.Disable()
	} else {
		t.entry.Enable()
	}
	t.add.Disable(s.ReadOnly)
	t.remove.Disable(s.ReadOnly)
	visible(t.here, s.Locates && !s.ReadOnly)
	visible(t.clear, len(t.points) > 0 && !s.ReadOnly)
}

func (t *trace) choose(i int) {
	t.chosen = min(max(i, 0), len(t.points)-1)
	t.refresh()
}

// refresh shows the sketch, the point that is chosen, and how long or large all of it is.
func (t *trace) refresh() {
	var spots []spot
	for _, p := range t.points {
		spots = append(spots, spotOf(p))
	}
	t.plot.set(spots, t.chosen)
	visible(t.plot, len(spots) > 0)
	visible(t.hint, len(spots) > 0 && !t.state.ReadOnly)
	visible(t.one, t.chosen >= 0)
	if t.chosen >= 0 {
		t.place.SetText(t.say.Say("field.trace.point", t.chosen+1, len(t.points)) + "\n" + shortPoint(t.points[t.chosen]))
	}
	t.before.Disable(t.chosen <= 0)
	t.after.Disable(t.chosen >= len(t.points)-1)
	t.total.SetColor(look.Brand)
	t.total.SetText(t.sum())
	visible(t.total, len(t.points) > 0)
}

// sum says how long or large the answer is, or what it lacks.
func (t *trace) sum() string {
	area := t.state.Type == form.TypeGeoshape
	switch {
	case area && len(t.points) < 3:
		t.total.SetColor(look.Amber)
		return t.say.Say("field.trace.three")
	case len(t.points) < 2:
		t.total.SetColor(look.Amber)
		return t.say.Say("field.trace.two")
	case area:
		return t.say.Say("field.trace.area", t.squares(), t.length())
	}
	return t.say.Say("field.trace.length", t.length())
}

func (t *trace) length() string {
	if m := t.state.Measures.Length; m < 10_000 {
		return rounded(t.say, m) + " m"
	}
	return rounded(t.say, t.state.Measures.Length/1000) + " km"
}

func (t *trace) squares() string {
	if a := t.state.Measures.Area; a < 100_000 {
		return rounded(t.say, a) + " m²"
	}
	return rounded(t.say, t.state.Measures.Area/10_000) + " ha"
}

// rounded writes a measure to three figures or to whole numbers.
func rounded(say words.Words, x float64) string {
	if x >= 100 {
		return say.Number(int64(x + 0.5))
	}
	return say.Measure(x, 1)
}

// settle adds the point that is written in the box.
func (t *trace) settle() {
	if t.entry.Text == "" || t.state.ReadOnly {
		return
	}
	v, err := ParsePosition(t.entry.Text)
	if err != nil {
		t.read.Show()
		t.emit(Event{Act: Unfold})
		return
	}
	t.entry.put("")
	if !v.IsZero() {
		t.append(v.String())
	}
}

// tapped marks the point that was tapped, or adds one there.
func (t *trace) tapped(s spot) {
	if i := t.plot.near(s); i >= 0 {
		t.choose(i)
		return
	}
	if !t.state.ReadOnly {
		t.append(coordinateText(s.latitude) + " " + coordinateText(s.longitude) + " 0 0")
	}
}

// append puts a point behind the one that is chosen: usually that is the last.
func (t *trace) append(point string) {
	at := t.chosen + 1
	next := append(append([]string(nil), t.points[:at]...), point)
	next = append(next, t.points[at:]...)
	t.chosen = at
	t.answer(next)
}

func (t *trace) answer(points []string) {
	t.emit(Event{Answered, JoinPoints(t.state.Kind, points)})
}

// JoinPoints returns the line or the area of points in ODK's text. An area ends where it began; of no points there is no answer.
func JoinPoints(kind record.Kind, points []string) record.Value {
	if len(points) == 0 {
		return record.Value{}
	}
	if kind == record.Geoshape {
		points = append(append([]string(nil), points...), points[0])
	}
	v, err := record.New(kind, strings.Join(points, ";"))
	if err != nil {
		return record.Value{}
	}
	return v
}

// SplitPoints returns the points of a line or an area, the one that closes an area left out.
func SplitPoints(v record.Value) []string {
	if v.IsZero() {
		return nil
	}
	points := strings.Split(v.String(), ";")
	if n := len(points) - 1; v.Kind() == record.Geoshape && n > 0 && points[n] == points[0] {
		points = points[:n]
	}
	return points
}

func spotOf(point string) spot {
	parts := strings.Fields(point)
	if len(parts) < 2 {
		return spot{}
	}
	latitude, _ := strconv.ParseFloat(parts[0], 64)
	longitude, _ := strconv.ParseFloat(parts[1], 64)
	return spot{latitude, longitude}
}

func shortPoint(point string) string {
	s := spotOf(point)
	return strconv.FormatFloat(s.latitude, 'f', 5, 64) + ", " + strconv.FormatFloat(s.longitude, 'f', 5, 64)
}

func coordinateText(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
