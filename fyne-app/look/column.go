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

// even is a layout of objects of equal width and height beside each other.
type even struct{ gap float32 }

// NewEven returns objects of the same size beside each other.
func NewEven(gap float32, objects ...Object) *fyne.Container {
	return container.New(even{gap}, objects...)
}

func (e even) MinSize(objects []Object) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	n := float32(len(objects))
	return fyne.NewSize(size.Width*n+e.gap*(n-1), size.Height)
}

func (e even) Layout(objects []Object, size fyne.Size) {
	n := float32(len(objects))
	w := (size.Width - e.gap*(n-1)) / n
	h := float32(0)
	for _, o := range objects {
		fit(o, w)
		h = max(h, o.Size().Height)
	}
	for i, o := range objects {
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos(float32(i)*(w+e.gap), 0))
	}
}
