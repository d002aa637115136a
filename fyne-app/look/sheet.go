package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// sheetWidth is the greatest width of a sheet.
const sheetWidth = 460

// Sheet is a card in the middle of the window, over a page that is dimmed and cannot be tapped meanwhile.
type Sheet struct {
	widget.BaseWidget
	canvas fyne.Canvas
	card   Object
}

// NewSheet shows content over what is in a canvas, until Close. A sheet that is higher than the window scrolls.
func NewSheet(c fyne.Canvas, content Object) *Sheet {
	back := canvas.NewRectangle(Paper)
	back.CornerRadius = Radius + 4
	room := c.Size()
	width := min(sheetWidth, room.Width-32)
	inner := NewInset(20, 20, content)
	fit(inner, width)
	s := &Sheet{canvas: c, card: container.NewStack(back, NewBody(inner))}
	s.ExtendBaseWidget(s)
	s.card.Resize(fyne.NewSize(width, min(inner.Size().Height, room.Height-32)))
	c.Overlays().Add(s)
	s.Resize(room)
	return s
}

// Close takes the sheet away.
func (s *Sheet) Close() { s.canvas.Overlays().Remove(s) }

// Parts returns the card.
func (s *Sheet) Parts() []Object { return []Object{s.card} }

// CreateRenderer is Fyne's way to the parts.
func (s *Sheet) CreateRenderer() fyne.WidgetRenderer {
	veil := canvas.NewRectangle(color.NRGBA{0, 0, 0, 0x88})
	return widget.NewSimpleRenderer(container.NewStack(veil, container.New(middle{}, s.card)))
}

// middle is a layout of one object in the middle, as large as it is.
type middle struct{}

func (middle) MinSize([]Object) fyne.Size { return fyne.NewSize(1, 1) }

func (middle) Layout(objects []Object, size fyne.Size) {
	o := objects[0]
	o.Move(fyne.NewPos(max(0, (size.Width-o.Size().Width)/2), max(0, (size.Height-o.Size().Height)/2)))
}
