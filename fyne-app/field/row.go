package field

import (
	"image"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
)

// row is one choice: a tile with a round mark where one can be chosen, a square one where several can.
type row struct {
	*look.Tile
	code   string
	label  *look.Text
	mark   *fyne.Container
	filled look.Object
	on     bool
}

const (
	markSize      = 26
	choicePicture = 110 // the height of a choice's picture
)

func newRow(tag string, c Choice, many bool, tapped func()) *row {
	return makeRow(tag, c, many, tapped, func(r *row) look.Object { return look.NewRow(12, 1, r.mark, r.label) })
}

// newBareRow is a choice without a mark: its frame alone shows that it is chosen.
func newBareRow(tag string, c Choice, many bool, tapped func()) *row {
	return makeRow(tag, c, many, tapped, func(r *row) look.Object { r.label.Centered(); return r.label })
}

// newTower is a choice with its label above its mark, for a strip.
func newTower(tag string, c Choice, many bool, tapped func()) *row {
	return makeRow(tag, c, many, tapped, func(r *row) look.Object {
		r.label.SetSize(look.SizeSmall)
		return look.NewColumn(6, r.label.Centered(), container.NewCenter(r.mark))
	})
}

// newMarkOnly is the mark of a choice whose label stands above, for a strip.
func newMarkOnly(tag string, c Choice, many bool, tapped func()) *row {
	return makeRow(tag, c, many, tapped, func(r *row) look.Object { return container.NewCenter(r.mark) })
}

func makeRow(tag string, c Choice, many bool, tapped func(), arrange func(*row) look.Object) *row {
	r := &row{code: c.Code, label: look.NewText("", look.SizeBody+1, look.Ink)}
	r.label.SetMarkup(c.Label)
	r.mark, r.filled = newMark(many)
	content := arrange(r)
	if c.Picture != nil {
		content = look.NewColumn(8, photo(c.Picture, choicePicture), content)
	}
	r.Tile = look.NewTile(tag, r.label.Words(), look.Plain, content, tapped)
	return r
}

// photo is a picture of a height, as wide as it may be.
func photo(of image.Image, height float32) *canvas.Image {
	shown := canvas.NewImageFromImage(of)
	shown.FillMode = canvas.ImageFillContain
	shown.SetMinSize(fyne.NewSize(1, look.Scaled(height)))
	return shown
}

// natural is the width that the row needs for its label in one line.
func (r *row) natural() float32 { return r.label.Natural() + markSize + 12 + 30 }

// Chosen reports whether the row is chosen.
func (r *row) Chosen() bool { return r.on }

func (r *row) choose(on bool) {
	r.on = on
	visible(r.filled, on)
	face := look.Plain
	if on {
		face = look.Chosen
	}
	r.SetFace(face)
}

func newMark(many bool) (mark *fyne.Container, filled look.Object) {
	size := fyne.NewSquareSize(markSize)
	if many {
		edge, fill := canvas.NewRectangle(look.Paper), canvas.NewRectangle(look.Brand)
		edge.StrokeColor, edge.StrokeWidth, edge.CornerRadius, fill.CornerRadius = look.Edge, 2, 5, 5
		tick := look.NewIcon(theme.ConfirmIcon(), markSize-6, look.Paper)
		filled = container.NewStack(fill, container.NewCenter(tick))
		return container.NewGridWrap(size, container.NewStack(edge, filled)), filled
	}
	edge, dot := canvas.NewCircle(look.Paper), canvas.NewCircle(look.Brand)
	edge.StrokeColor, edge.StrokeWidth = look.Edge, 2
	ring := canvas.NewCircle(look.Paper)
	ring.StrokeColor, ring.StrokeWidth = look.Brand, 2.5
	filled = container.NewStack(ring, container.NewCenter(container.NewGridWrap(fyne.NewSquareSize(markSize-11), dot)))
	return container.NewGridWrap(size, container.NewStack(edge, filled)), filled
}

func splitCodes(s string) []string { return strings.Fields(s) }
