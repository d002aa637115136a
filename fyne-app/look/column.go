package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// column is a layout of one object below the other, each as wide as the column and as high as it is at that width.
type column struct{ gap float32 }

// NewColumn returns the objects one below the other.
func NewColumn(gap float32, objects ...Object) *fyne.Container {
	return container.New(column{gap}, objects...)
}

func (c column) MinSize(objects []Object) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if size.Height > 0 {
			size.Height += c.gap
		}
		m := o.MinSize()
		size.Width, size.Height = max(size.Width, m.Width), size.Height+m.Height
	}
	return size
}

func (c column) Layout(objects []Object, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		fit(o, size.Width)
		o.Move(fyne.NewPos(0, y))
		y += o.Size().Height + c.gap
	}
}

// fit gives an object a width, and the height that it has at this width.
func fit(o Object, width float32) {
	o.Resize(fyne.NewSize(width, o.MinSize().Height))
	if h := o.MinSize().Height; h != o.Size().Height {
		o.Resize(fyne.NewSize(width, h))
	}
}

// inset is a layout of one object with a margin, which knows its height only by its width.
type inset struct{ x, y float32 }

// NewInset returns an object with a margin left and right, and above and below.
func NewInset(x, y float32, o Object) *fyne.Container { return container.New(inset{x, y}, o) }

func (i inset) MinSize(objects []Object) fyne.Size {
	return objects[0].MinSize().Add(fyne.NewSize(2*i.x, 2*i.y))
}

func (i inset) Layout(objects []Object, size fyne.Size) {
	fit(objects[0], size.Width-2*i.x)
	objects[0].Resize(fyne.NewSize(size.Width-2*i.x, max(size.Height-2*i.y, objects[0].MinSize().Height)))
	objects[0].Move(fyne.NewPos(i.x, i.y))
}

// measure is how wide a page's content is at most: longer lines are hard to read, and wider boxes no easier to fill in.
const measure = 760

// NewPage returns a page's content with a margin, in the middle of a window that is wider than it can use.
func NewPage(x, y float32, o Object) *fyne.Container { return container.New(page{inset{x, y}}, o) }

type page struct{ inset }

func (p page) Layout(objects []Object, size fyne.Size) {
	in := p.inset
	in.x = max(p.x, (size.Width-Scaled(measure))/2)
	in.Layout(objects, size)
}

// row is a layout of objects beside each other: all but one as wide as they need, that one as wide as the rest.
type row struct {
	gap  float32
	wide int // index of the one that takes the rest; -1: none
}

// NewRow returns objects beside each other, in the middle of the row's height; the one with index wide takes the room that is left
// (-1: none).
func NewRow(gap float32, wide int, objects ...Object) *fyne.Container {
	return container.New(row{gap, wide}, objects...)
}

func (r row) MinSize(objects []Object) fyne.Size {
	var size fyne.Size
	shown := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		shown++
		m := o.MinSize()
		size.Width, size.Height = size.Width+m.Width, max(size.Height, m.Height)
	}
	size.Width += r.gap * float32(max(shown-1, 0))
	return size
}

func (r row) Layout(objects []Object, size fyne.Size) {
	rest := size.Width - r.MinSize(objects).Width
	x := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		w := o.MinSize().Width
		if i == r.wide {
			w += rest
		}
		fit(o, w)
		h := o.Size().Height
		o.Move(fyne.NewPos(x, max(0, (size.Height-h)/2)))
		x += w + r.gap
	}
}

// even is a layout of objects of equal width and height beside each other, in as many rows as they need for that.
type even struct {
	gap, least float32
	columns    int // as they were laid out last; 0: all in one row
}

// NewEven returns objects of the same size beside each other; where the room is too narrow for one of them, in several rows.
func NewEven(gap float32, objects ...Object) *fyne.Container {
	return NewEvenAtLeast(gap, 0, objects...)
}

// NewEvenAtLeast is NewEven of objects that want to be at least so wide: words wrap to any width, and a long one breaks in its middle.
func NewEvenAtLeast(gap, least float32, objects ...Object) *fyne.Container {
	return container.New(&even{gap: gap, least: least}, objects...)
}

// cell returns the size that every object needs, at the width that they were given last.
func (e *even) cell(objects []Object) fyne.Size {
	size := fyne.NewSize(e.least, 0)
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

// MinSize is as high as the objects are at the width they were given last.
func (e *even) MinSize(objects []Object) fyne.Size {
	cell, columns := e.cell(objects), e.columns
	if columns == 0 {
		columns = max(len(objects), 1)
	}
	rows := float32((len(objects) + columns - 1) / columns)
	return fyne.NewSize(cell.Width, rows*(cell.Height+e.gap)-e.gap)
}

// Layout puts as many beside each other as have the room: all, or half of them, or half of those. How much words need is known when they have wrapped.
func (e *even) Layout(objects []Object, size fyne.Size) {
	var w float32
	var cell fyne.Size
	for e.columns = max(len(objects), 1); ; e.columns = (e.columns + 1) / 2 {
		w = (size.Width - e.gap*float32(e.columns-1)) / float32(e.columns)
		for _, o := range objects {
			fit(o, w)
		}
		if cell = e.cell(objects); cell.Width <= w || e.columns == 1 {
			break
		}
	}
	for i, o := range objects {
		o.Resize(fyne.NewSize(w, cell.Height))
		o.Move(fyne.NewPos(float32(i%e.columns)*(w+e.gap), float32(i/e.columns)*(cell.Height+e.gap)))
	}
}
