package field

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"vereda/fyne-app/look"
)

// Drawing is a sheet to draw on with a finger: a signature, a sketch, or marks on a photo.
type Drawing struct {
	widget.BaseWidget
	under   image.Image // what is drawn upon; nil: white
	paper   *image.RGBA
	shown   *canvas.Image
	pen     color.Color
	strokes []stroke
	drawing bool
}

type stroke struct {
	pen    color.Color
	points []image.Point
}

const (
	paperWidth  = 1000 // pixels
	paperHeight = 640
	penWidth    = 7
	mostPaper   = 1600 // pixels of the longer side of a photo that is drawn upon
)

// Pens are the colours that one can draw in.
var Pens = []color.Color{color.NRGBA{0x10, 0x10, 0x10, 0xff}, color.NRGBA{0xd0, 0x18, 0x18, 0xff}, color.NRGBA{0x12, 0x4a, 0xc8, 0xff}, color.NRGBA{0xff, 0xd6, 0x1e, 0xff}}

// NewDrawing returns a sheet with a picture upon it, white without one.
func NewDrawing(under image.Image) *Drawing {
	d := &Drawing{under: under, pen: Pens[0]}
	d.lay()
	d.shown = canvas.NewImageFromImage(d.paper)
	d.shown.FillMode = canvas.ImageFillContain
	d.shown.ScaleMode = canvas.ImageScaleFastest
	d.ExtendBaseWidget(d)
	return d
}

// Tag names the sheet for tests.
func (d *Drawing) Tag() string { return "drawing" }

// Use draws in another colour from now on.
func (d *Drawing) Use(pen color.Color) { d.pen = pen }

// Empty reports whether nothing was drawn.
func (d *Drawing) Empty() bool { return len(d.strokes) == 0 }

// Picture returns what was drawn, upon what it was drawn on.
func (d *Drawing) Picture() image.Image { return d.paper }

// Undo takes the last stroke away; Wipe all of them.
func (d *Drawing) Undo() {
	d.strokes = d.strokes[:max(len(d.strokes)-1, 0)]
	d.redraw()
}

// Wipe takes all strokes away.
func (d *Drawing) Wipe() {
	d.strokes = nil
	d.redraw()
}

// lay makes the paper: white, or the picture, no larger than it needs to be.
func (d *Drawing) lay() {
	size := image.Rect(0, 0, paperWidth, paperHeight)
	if d.under != nil {
		b := d.under.Bounds()
		shrink := max(1, float64(max(b.Dx(), b.Dy()))/mostPaper)
		size = image.Rect(0, 0, max(1, int(float64(b.Dx())/shrink)), max(1, int(float64(b.Dy())/shrink)))
	}
	if d.paper == nil {
		d.paper = image.NewRGBA(size)
	}
	draw.Draw(d.paper, size, image.White, image.Point{}, draw.Src)
	if d.under != nil {
		Shrink(d.paper, d.under)
	}
}

func (d *Drawing) redraw() {
	d.lay()
	for _, s := range d.strokes {
		for i := range s.points {
			d.ink(s, i)
		}
	}
	d.shown.Refresh()
}

// ink draws a stroke from the point before to one of its points.
func (d *Drawing) ink(s stroke, i int) {
	to := s.points[i]
	from := s.points[max(i-1, 0)]
	steps := max(abs(to.X-from.X), abs(to.Y-from.Y), 1)
	for k := 0; k <= steps; k++ {
		d.blot(from.X+(to.X-from.X)*k/steps, from.Y+(to.Y-from.Y)*k/steps, s.pen)
	}
}

func (d *Drawing) blot(x, y int, pen color.Color) {
	r := max(penWidth*d.paper.Bounds().Dx()/paperWidth/2, 2)
	for dy := -r; dy <= r; dy++ {
		for dx := -r; dx <= r; dx++ {
			if dx*dx+dy*dy <= r*r {
				d.paper.Set(x+dx, y+dy, pen)
			}
		}
	}
}

func abs(n int) int { return max(n, -n) }

// pixel is the place on the paper that lies under a place on the screen.
func (d *Drawing) pixel(at fyne.Position) image.Point {
	b, size := d.paper.Bounds(), d.Size()
	scale := min(float64(size.Width)/float64(b.Dx()), float64(size.Height)/float64(b.Dy()))
	if scale <= 0 {
		return image.Point{}
	}
	left := (float64(size.Width) - scale*float64(b.Dx())) / 2
	top := (float64(size.Height) - scale*float64(b.Dy())) / 2
	return image.Pt(int(math.Round((float64(at.X)-left)/scale)), int(math.Round((float64(at.Y)-top)/scale)))
}

// Dragged is Fyne's event: the finger moved.
func (d *Drawing) Dragged(e *fyne.DragEvent) {
	if !d.drawing {
		d.drawing = true
		d.begin(e.Position.Subtract(e.Dragged))
	}
	d.on(e.Position)
}

// DragEnd is Fyne's event: the finger was lifted.
func (d *Drawing) DragEnd() { d.drawing = false }

// Tapped is Fyne's event: a dot.
func (d *Drawing) Tapped(e *fyne.PointEvent) { d.begin(e.Position) }

func (d *Drawing) begin(at fyne.Position) {
	d.strokes = append(d.strokes, stroke{d.pen, []image.Point{d.pixel(at)}})
	d.ink(d.strokes[len(d.strokes)-1], 0)
	d.shown.Refresh()
}

func (d *Drawing) on(at fyne.Position) {
	s := &d.strokes[len(d.strokes)-1]
	s.points = append(s.points, d.pixel(at))
	d.ink(*s, len(s.points)-1)
	d.shown.Refresh()
}

// CreateRenderer is Fyne's way to the parts.
func (d *Drawing) CreateRenderer() fyne.WidgetRenderer { return &drawingRenderer{d} }

type drawingRenderer struct{ d *Drawing }

func (r *drawingRenderer) MinSize() fyne.Size     { return fyne.NewSize(1, look.Scaled(200)) }
func (r *drawingRenderer) Layout(size fyne.Size)  { r.d.shown.Resize(size) }
func (r *drawingRenderer) Refresh()               { r.d.shown.Refresh() }
func (r *drawingRenderer) Objects() []look.Object { return []look.Object{r.d.shown} }
func (r *drawingRenderer) Destroy()               {}
