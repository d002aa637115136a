package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Face is how a tile looks.
type Face struct {
	Fill, Edge, Ink color.Color
	Border          float32
}

// The faces.
var (
	Plain    = Face{Paper, Edge, Ink, 1.5}      // something to tap
	Chosen   = Face{BrandPale, Brand, Ink, 2.5} // the answer
	Main     = Face{Brand, Brand, Paper, 0}     // what one most likely wants to do
	Quiet    = Face{Paper, Brand, Brand, 1.5}   // another thing to do
	Bare     = Face{Clear, Clear, Brand, 0}     // a thing seldom done
	OnBrand  = Face{Clear, Clear, Paper, 0}     // in the green bar
	Serious  = Face{Paper, Danger, Danger, 1.5} // not to be undone
	Off      = Face{Ground, Rule, Muted, 1.5}   // cannot be tapped now
	Card     = Face{Paper, Rule, Ink, 1}        // only to look at
	Warning  = Face{AmberPale, Amber, Amber, 1}
	Alarm    = Face{DangerPale, Danger, Danger, 1.5}
	Reassure = Face{BrandPale, BrandPale, Brand, 0}
)

// Tile is a piece of the page with rounded corners that can be tapped. It is as high as its content, and at least Touch.
type Tile struct {
	widget.BaseWidget
	tag      string
	text     string
	face     Face
	disabled bool
	tapped   func()
	back     *canvas.Rectangle
	veil     *canvas.Rectangle
	content  Object
	least    float32
	margin   float32
	held     bool   // a mouse button is down on it
	letGo    func() // what waits for its end; nil: nothing
}

// Margin is the room between a tile's edge and its content, left and right.
const Margin = 14

// NewTile returns a tile. tag is its name for tests, text what it says, for those who walk the tree; tapped nil makes a card, which
// cannot be tapped.
func NewTile(tag, text string, face Face, content Object, tapped func()) *Tile {
	t := &Tile{tag: tag, text: text, face: face, tapped: tapped, content: content, least: Touch, margin: Margin}
	t.back = canvas.NewRectangle(face.Fill)
	t.back.CornerRadius = Radius
	t.veil = canvas.NewRectangle(Clear)
	t.veil.CornerRadius = Radius
	t.ExtendBaseWidget(t)
	t.paint()
	return t
}

// NewCard returns content on a tile that cannot be tapped.
func NewCard(face Face, content Object) *Tile {
	t := NewTile("", "", face, content, nil)
	t.least = 0
	return t
}

// Tag and Text tell what the tile is.
func (t *Tile) Tag() string  { return t.tag }
func (t *Tile) Text() string { return t.text }

// Parts returns the content.
func (t *Tile) Parts() []Object { return []Object{t.content} }

// Disabled reports whether the tile cannot be tapped now.
func (t *Tile) Disabled() bool { return t.disabled || t.tapped == nil }

// Disable makes the tile one that cannot be tapped, or can again.
func (t *Tile) Disable(off bool) {
	t.disabled = off
	t.paint()
}

// SetFace changes how the tile looks.
func (t *Tile) SetFace(f Face) {
	if f == t.face {
		return
	}
	t.face = f
	t.paint()
}

// Face returns how the tile looks.
func (t *Tile) Face() Face { return t.face }

// Tapped is Fyne's event.
func (t *Tile) Tapped(*fyne.PointEvent) {
	if !t.Disabled() {
		t.tapped()
	}
}

// MouseIn shows what the pointer is over, on desktops.
func (t *Tile) MouseIn(*desktop.MouseEvent) {
	if !t.Disabled() {
		t.veil.FillColor = theme.Color(theme.ColorNameHover)
		t.veil.Refresh()
	}
}

// MouseMoved is Fyne's event.
func (t *Tile) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn began, and a press: let go elsewhere, it taps nothing.
func (t *Tile) MouseOut() {
	t.veil.FillColor = Clear
	t.veil.Refresh()
	t.release()
}

// MouseDown and MouseUp are Fyne's events on desktops. A tap follows when both were on the same object.
func (t *Tile) MouseDown(*desktop.MouseEvent) { t.held = true }
func (t *Tile) MouseUp(*desktop.MouseEvent)   { t.release() }

func (t *Tile) release() {
	t.held = false
	if f := t.letGo; f != nil {
		t.letGo = nil
		fyne.Do(f) // after the tap, which comes behind MouseUp
	}
}

// WhenLetGo calls f on the main goroutine once the tile is not held down any more; of several the last alone.
func (t *Tile) WhenLetGo(f func()) { t.letGo = f }

// Held returns the tile at or below o that is held down; nil when none is.
func Held(o Object) *Tile {
	if t, ok := o.(*Tile); ok && t.held {
		return t
	}
	for _, part := range parts(o) {
		if t := Held(part); t != nil {
			return t
		}
	}
	return nil
}

func (t *Tile) paint() {
	f := t.face
	if t.disabled && t.tapped != nil {
		f = Off
	}
	t.back.FillColor, t.back.StrokeColor, t.back.StrokeWidth = f.Fill, f.Edge, f.Border
	t.back.Refresh()
	if c, ok := t.content.(interface{ SetColor(color.Color) }); ok {
		c.SetColor(f.Ink)
	}
}

// CreateRenderer is Fyne's way to the parts.
func (t *Tile) CreateRenderer() fyne.WidgetRenderer {
	body := container.New(tileLayout{t}, t.content)
	return widget.NewSimpleRenderer(container.NewStack(t.back, t.veil, body))
}

// tileLayout puts the content in the middle of the tile's height.
type tileLayout struct{ t *Tile }

func (l tileLayout) MinSize(objects []Object) fyne.Size {
	m := objects[0].MinSize()
	return fyne.NewSize(m.Width+2*l.t.margin, max(m.Height+2*min(l.t.margin, 12), Scaled(l.t.least)))
}

func (l tileLayout) Layout(objects []Object, size fyne.Size) {
	fit(objects[0], size.Width-2*l.t.margin)
	h := objects[0].Size().Height
	objects[0].Move(fyne.NewPos(l.t.margin, max(0, (size.Height-h)/2)))
}
