package field

import (
	"image/color"
	"math"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"vereda/fyne-app/look"
)

// spot is a place on the earth, in degrees.
type spot struct{ latitude, longitude float64 }

// plot is a sketch of a line or an area: its points as they lie to each other, north above, and a scale. It is no map. A tap gives the place tapped.
type plot struct {
	widget.BaseWidget
	tag    string
	spots  []spot
	closed bool
	chosen int
	tapped func(spot)
	nodes  []look.Object
}

const (
	plotHeight = 260
	plotMargin = 26
	mostLines  = 300 // of a long line not every point is drawn
	leastSpan  = 60  // metres from edge to edge, so that one point has something around it
	metres     = 111_320.0
)

func newPlot(tag string, closed bool, tapped func(spot)) *plot {
	p := &plot{tag: tag, closed: closed, tapped: tapped}
	p.ExtendBaseWidget(p)
	return p
}

// Tag names the sketch for tests.
func (p *plot) Tag() string { return p.tag }

func (p *plot) set(spots []spot, chosen int) {
	p.spots, p.chosen = spots, chosen
	p.Refresh()
}

// frame is what part of the earth is shown: its middle and how many metres a dp is.
type frame struct {
	middle spot
	scale  float64 // metres in a dp
	size   fyne.Size
}

func (p *plot) frame(size fyne.Size) (frame, bool) {
	if len(p.spots) == 0 {
		return frame{}, false
	}
	low, high := p.spots[0], p.spots[0]
	for _, s := range p.spots {
		low = spot{min(low.latitude, s.latitude), min(low.longitude, s.longitude)}
		high = spot{max(high.latitude, s.latitude), max(high.longitude, s.longitude)}
	}
	f := frame{middle: spot{(low.latitude + high.latitude) / 2, (low.longitude + high.longitude) / 2}, size: size}
	room := fyne.NewSize(max(size.Width-2*plotMargin, 1), max(size.Height-2*plotMargin, 1))
	wide := (high.longitude - low.longitude) * metres * f.narrow()
	tall := (high.latitude - low.latitude) * metres
	f.scale = max(wide/float64(room.Width), tall/float64(room.Height), leastSpan/float64(min(room.Width, room.Height)))
	return f, true
}

// narrow is how much shorter a degree of longitude is here than at the equator.
func (f frame) narrow() float64 { return max(math.Cos(f.middle.latitude*math.Pi/180), 0.01) }

func (f frame) at(s spot) fyne.Position {
	x := (s.longitude - f.middle.longitude) * metres * f.narrow() / f.scale
	y := (f.middle.latitude - s.latitude) * metres / f.scale
	return fyne.NewPos(f.size.Width/2+float32(x), f.size.Height/2+float32(y))
}

// spot is the inverse of at, to the seventh decimal, which is a centimetre.
func (f frame) spot(at fyne.Position) spot {
	east, south := float64(at.X-f.size.Width/2)*f.scale, float64(at.Y-f.size.Height/2)*f.scale
	round := func(x float64) float64 { return math.Round(x*1e7) / 1e7 }
	return spot{round(f.middle.latitude - south/metres), round(f.middle.longitude + east/metres/f.narrow())}
}

// Tapped is Fyne's event.
func (p *plot) Tapped(e *fyne.PointEvent) {
	if f, ok := p.frame(p.Size()); ok && p.tapped != nil {
		if s := f.spot(e.Position); math.Abs(s.latitude) <= 90 && math.Abs(s.longitude) <= 180 {
			p.tapped(s)
		}
	}
}

// near returns the point within a finger's breadth of a place; -1 when there is none.
func (p *plot) near(s spot) int {
	f, ok := p.frame(p.Size())
	if !ok {
		return -1
	}
	to, best, found := f.at(s), float32(look.Touch/2), -1
	for i, other := range p.spots {
		at := f.at(other)
		if d := float32(math.Hypot(float64(at.X-to.X), float64(at.Y-to.Y))); d < best {
			best, found = d, i
		}
	}
	return found
}

// CreateRenderer is Fyne's way to what is drawn.
func (p *plot) CreateRenderer() fyne.WidgetRenderer { return &plotRenderer{p} }

type plotRenderer struct{ p *plot }

func (r *plotRenderer) MinSize() fyne.Size     { return fyne.NewSize(1, look.Scaled(plotHeight)) }
func (r *plotRenderer) Layout(size fyne.Size)  { r.p.draw(size) }
func (r *plotRenderer) Refresh()               { r.p.draw(r.p.Size()); canvas.Refresh(r.p) }
func (r *plotRenderer) Objects() []look.Object { return r.p.nodes }
func (r *plotRenderer) Destroy()               {}

func (p *plot) draw(size fyne.Size) {
	ground := canvas.NewRectangle(look.Paper)
	ground.StrokeColor, ground.StrokeWidth, ground.CornerRadius = look.Edge, 1.5, look.Radius
	ground.Resize(size)
	p.nodes = []look.Object{ground}
	f, ok := p.frame(size)
	if !ok {
		return
	}
	step := 1 + len(p.spots)/mostLines
	last := -1
	for i := 0; i < len(p.spots); i += step {
		if last >= 0 {
			p.line(f.at(p.spots[last]), f.at(p.spots[i]), look.Brand)
		}
		last = i
	}
	if last >= 0 && last != len(p.spots)-1 {
		p.line(f.at(p.spots[last]), f.at(p.spots[len(p.spots)-1]), look.Brand)
	}
	if p.closed && len(p.spots) > 2 {
		p.line(f.at(p.spots[len(p.spots)-1]), f.at(p.spots[0]), look.Edge)
	}
	for i := 0; i < len(p.spots); i += step {
		p.dot(f.at(p.spots[i]), 5, i == p.chosen)
	}
	p.rule(f)
}

func (p *plot) line(from, to fyne.Position, ink color.Color) {
	l := canvas.NewLine(ink)
	l.StrokeWidth = 3
	l.Position1, l.Position2 = from, to
	p.nodes = append(p.nodes, l)
}

func (p *plot) dot(at fyne.Position, radius float32, chosen bool) {
	d := canvas.NewCircle(look.Paper)
	d.StrokeColor, d.StrokeWidth = look.Brand, 3
	if chosen {
		d.FillColor, d.StrokeColor, radius = look.AmberPale, look.Danger, 10
	}
	d.Move(at.SubtractXY(radius, radius))
	d.Resize(fyne.NewSquareSize(2 * radius))
	p.nodes = append(p.nodes, d)
}

// rule draws how long so many metres are, and where north is.
func (p *plot) rule(f frame) {
	length := 1.0
	for next := 0; length/f.scale < 60; next++ {
		length *= [...]float64{2, 2.5, 2}[next%3] // 1, 2, 5, 10, 20, 50, …
	}
	width := float32(length / f.scale)
	bar := canvas.NewRectangle(look.Ink)
	bar.Resize(fyne.NewSize(width, 4))
	bar.Move(fyne.NewPos(12, f.size.Height-14))
	words := strconv.FormatFloat(length, 'f', -1, 64) + " m"
	if length >= 1000 {
		words = strconv.FormatFloat(length/1000, 'f', -1, 64) + " km"
	}
	p.text(words, fyne.NewPos(12, f.size.Height-16-look.Scaled(look.SizeSmall)*1.4))
	p.text("N ↑", fyne.NewPos(f.size.Width-36, 8))
	p.nodes = append(p.nodes, bar)
}

func (p *plot) text(words string, at fyne.Position) {
	t := canvas.NewText(words, look.Muted)
	t.TextSize = look.Scaled(look.SizeSmall)
	t.Move(at)
	t.Resize(t.MinSize())
	p.nodes = append(p.nodes, t)
}
