package field

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/mobile"

	"vereda/fyne-app/look"
	"vereda/survey/record"
	"vereda/survey/words"
)

// position is the answerer of a geopoint that is typed or pasted.
type position struct {
	say    words.Words
	entry  *box
	emit   func(Event)
	read   *look.Text
	here   *look.Tile
	dirty  bool
	column *fyne.Container
}

func newPosition(say words.Words, s State, emit func(Event)) *position {
	p := &position{say: say, emit: emit, read: look.NewText("", look.SizeBody, look.Brand)}
	p.entry = newBox(s.Name, false, mobile.SingleLineKeyboard, nil)
	p.entry.SetPlaceHolder(say.Say("field.position.example"))
	p.entry.watch(p.typed)
	p.entry.left = p.settle
	p.here = look.NewButton("here:"+s.Name, say.Say("field.position.here"), pin, look.Quiet, func() { emit(Event{Act: Locate}) })
	p.column = look.NewColumn(8, p.entry, p.read, p.here)
	return p
}

func (p *position) object() look.Object { return p.column }
func (p *position) box() *box           { return p.entry }

func (p *position) show(s State) {
	if v, err := ParsePosition(p.entry.Text); !p.dirty && (err != nil || v != s.Value) {
		p.entry.put(shortPosition(s.Value))
	}
	p.readBack(s.Value)
	visible(p.here, s.Locates && !s.ReadOnly)
	if s.ReadOnly {
		p.entry.Disable()
	} else {
		p.entry.Enable()
	}
}

func (p *position) typed(s string) {
	p.dirty = true
	v, err := ParsePosition(s)
	if err != nil {
		p.read.SetColor(look.Amber)
		p.read.SetText(p.say.Say("field.position.unread"))
		p.read.Show()
		p.emit(Event{Act: Garbled})
		return
	}
	p.emit(Event{Typing, v})
}

func (p *position) settle() {
	if !p.dirty {
		return
	}
	p.dirty = false
	if v, err := ParsePosition(p.entry.Text); err == nil {
		p.emit(Event{Answered, v})
	}
}

// readBack tells how the position was understood.
func (p *position) readBack(v record.Value) {
	latitude, longitude, ok := degrees(v)
	if !ok {
		p.read.Hide()
		return
	}
	north, east := "field.position.north", "field.position.east"
	if latitude < 0 {
		north = "field.position.south"
	}
	if longitude < 0 {
		east = "field.position.west"
	}
	p.read.SetColor(look.Brand)
	p.read.SetText(p.say.Say(north, fiveDigits(p.say, latitude)) + "  ·  " + p.say.Say(east, fiveDigits(p.say, longitude)))
	p.read.Show()
}

func fiveDigits(say words.Words, x float64) string {
	return strings.TrimPrefix(say.Measure(x, 5), "-")
}

func degrees(v record.Value) (latitude, longitude float64, ok bool) {
	parts := strings.Fields(v.String())
	if v.Kind() != record.Geopoint || len(parts) < 2 {
		return 0, 0, false
	}
	latitude, err := strconv.ParseFloat(parts[0], 64)
	longitude, err2 := strconv.ParseFloat(parts[1], 64)
	return latitude, longitude, err == nil && err2 == nil
}

// shortPosition writes a position as people paste it: "4.6097, -74.0817".
func shortPosition(v record.Value) string {
	parts := strings.Fields(v.String())
	if len(parts) < 2 {
		return v.String()
	}
	return parts[0] + ", " + parts[1]
}
