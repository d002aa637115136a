// Package tree writes down what can be tapped and typed into in a window, so that a test of the real program can drive it from outside.
package tree

import (
	"bytes"
	"encoding/json"
	"os"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vereda/fyne-app/look"
)

// Widget is one thing that can be tapped or typed into, or a text. X and Y are its middle, in pixels from the window's upper left corner.
type Widget struct {
	Kind     string `json:"kind"` // "tap", "type", "text"
	Tag      string `json:"tag,omitempty"`
	Text     string `json:"text"`
	X        int    `json:"x"`
	Y        int    `json:"y"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	Visible  bool   `json:"visible"` // false: its middle is scrolled out of view
	Disabled bool   `json:"disabled,omitempty"`
	Chosen   bool   `json:"chosen,omitempty"`
}

// Of returns the widgets of a window in the order of drawing; those of a pop-up alone while one is open.
func Of(w fyne.Window) []Widget {
	c := w.Canvas()
	root := c.Content()
	if top := c.Overlays().Top(); top != nil {
		root = top
	}
	k := walker{scale: c.Scale()}
	k.walk(root, box{0, 0, c.Size().Width, c.Size().Height})
	return k.list
}

// Follow writes the widgets of a window to a file each time they have changed, looking every interval, until stop is called.
// The file is always whole.
func Follow(w fyne.Window, file string, interval time.Duration) (stop func()) {
	end := make(chan struct{})
	go func() {
		var last []byte
		for tick := time.NewTicker(interval); ; {
			select {
			case <-end:
				tick.Stop()
				return
			case <-tick.C:
				fyne.DoAndWait(func() { last = write(w, file, last) })
			}
		}
	}()
	return func() { close(end) }
}

func write(w fyne.Window, file string, last []byte) []byte {
	b, err := json.MarshalIndent(Of(w), "", "\t")
	if err != nil || bytes.Equal(b, last) {
		return last
	}
	if os.WriteFile(file+".new", b, 0o644) != nil || os.Rename(file+".new", file) != nil {
		return last
	}
	return b
}

// box is a part of the window, in dp.
type box struct{ left, top, right, bottom float32 }

type walker struct {
	scale float32
	list  []Widget
}

func (k *walker) walk(o fyne.CanvasObject, view box) {
	if o == nil || !o.Visible() {
		return
	}
	k.note(o, view)
	for _, part := range parts(o) {
		inner := view
		if _, scrolls := o.(*container.Scroll); scrolls {
			inner = view.cut(place(o))
		}
		k.walk(part, inner)
	}
}

func parts(o fyne.CanvasObject) []fyne.CanvasObject {
	switch o := o.(type) {
	case *fyne.Container:
		return o.Objects
	case *container.Scroll:
		return []fyne.CanvasObject{o.Content}
	case look.Parent:
		return o.Parts()
	}
	return nil
}

func place(o fyne.CanvasObject) box {
	p, s := fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size()
	return box{p.X, p.Y, p.X + s.Width, p.Y + s.Height}
}

func (b box) cut(other box) box {
	return box{max(b.left, other.left), max(b.top, other.top), min(b.right, other.right), min(b.bottom, other.bottom)}
}

func (k *walker) note(o fyne.CanvasObject, view box) {
	w := Widget{}
	switch o := o.(type) {
	case *look.Text:
		w.Kind, w.Text = "text", o.Words()
	case fyne.Focusable:
		w.Kind = "type"
	case fyne.Tappable:
		w.Kind = "tap"
	default:
		return
	}
	if t, ok := o.(look.Tagged); ok {
		w.Tag = t.Tag()
	}
	if t, ok := o.(interface{ Text() string }); ok {
		w.Text = t.Text()
	}
	if e, ok := o.(interface{ Written() string }); ok {
		w.Text = e.Written()
	}
	if d, ok := o.(interface{ Disabled() bool }); ok {
		w.Disabled = d.Disabled()
	}
	if c, ok := o.(interface{ Chosen() bool }); ok {
		w.Chosen = c.Chosen()
	}
	if w.Kind == "tap" && w.Tag == "" {
		return // a card
	}
	b := place(o)
	x, y := (b.left+b.right)/2, (b.top+b.bottom)/2
	w.X, w.Y = int(x*k.scale), int(y*k.scale)
	w.Width, w.Height = int((b.right-b.left)*k.scale), int((b.bottom-b.top)*k.scale)
	w.Visible = x >= view.left && x <= view.right && y >= view.top && y <= view.bottom
	k.list = append(k.list, w)
}
