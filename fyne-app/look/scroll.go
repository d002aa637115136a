package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Body is the part of a page that scrolls. Whenever the room for it changes (rotation, keyboard), it scrolls so that what is being
// typed into stays in view.
type Body struct {
	widget.BaseWidget
	scroll *container.Scroll
	room   *fyne.Container
	inner  Object
}

// NewBody returns a body around a page's content.
func NewBody(content Object) *Body {
	b := &Body{inner: content}
	b.scroll = container.NewVScroll(content)
	b.room = container.New(bodyLayout{b}, b.scroll)
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer is Fyne's way to what scrolls.
func (b *Body) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.room) }

// bodyLayout gives the content its width first, since its height follows from that.
type bodyLayout struct{ b *Body }

func (l bodyLayout) MinSize([]Object) fyne.Size { return fyne.NewSize(1, 60) }

func (l bodyLayout) Layout(_ []Object, size fyne.Size) {
	b := l.b
	fit(b.inner, size.Width)
	b.scroll.Resize(size)
	b.scroll.Refresh()
	b.follow(size)
}

// Settle lays the body out again after its content changed.
func (b *Body) Settle() {
	size := b.room.Size()
	if size.Width == 0 {
		return
	}
	b.inner.Refresh()
	fit(b.inner, size.Width)
	b.scroll.Refresh()
}

// At returns how far the body is scrolled; Go scrolls that far.
func (b *Body) At() float32   { return b.scroll.Offset.Y }
func (b *Body) Go(at float32) { b.scroll.ScrollToOffset(fyne.NewPos(0, at)) }

// Top scrolls to the beginning.
func (b *Body) Top() { b.scroll.ScrollToTop() }

// ScrollTo brings an object of the body to the top of what is in view, also before the body was ever drawn.
func (b *Body) ScrollTo(o Object) {
	if at, ok := offset(b.inner, o); ok {
		b.scroll.ScrollToOffset(fyne.NewPos(0, max(0, at-16)))
	}
}

// offset returns how far an object lies below another that it is part of.
func offset(from, to Object) (float32, bool) {
	if from == to {
		return 0, true
	}
	for _, part := range parts(from) {
		if below, ok := offset(part, to); ok {
			return part.Position().Y + below, true
		}
	}
	return 0, false
}

// parts returns what an object is made of.
func parts(o Object) []Object {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case *container.Scroll:
		return []Object{o.Content}
	case Parent:
		return o.Parts()
	}
	return nil
}

// BodyOf returns the body of a page; nil when it has none.
func BodyOf(o Object) *Body {
	if b, ok := o.(*Body); ok {
		return b
	}
	for _, part := range parts(o) {
		if b := BodyOf(part); b != nil {
			return b
		}
	}
	return nil
}

func (b *Body) place(o Object) float32 {
	d := fyne.CurrentApp().Driver()
	return d.AbsolutePositionForObject(o).Y - d.AbsolutePositionForObject(b.scroll).Y
}

func (b *Body) follow(size fyne.Size) {
	c := fyne.CurrentApp().Driver().CanvasForObject(b.scroll)
	if c == nil {
		return
	}
	o, ok := c.Focused().(Object)
	if !ok || o == nil {
		return
	}
	top := b.place(o)
	switch bottom := top + o.Size().Height; {
	case bottom > size.Height:
		b.scroll.ScrollToOffset(b.scroll.Offset.AddXY(0, bottom-size.Height+12))
	case top < 0:
		b.scroll.ScrollToOffset(b.scroll.Offset.AddXY(0, top-12))
	}
}

// Parts returns what scrolls.
func (b *Body) Parts() []Object { return []Object{b.scroll} }
