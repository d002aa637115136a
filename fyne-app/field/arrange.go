package field

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vereda/fyne-app/look"
)

// arrangement is how choices stand.
type arrangement uint8

const (
	inRows    arrangement = iota // one below the other
	inColumns                    // as many beside each other as fit, or as the form says
	inStrip                      // all beside each other, each label above its mark
	labels                       // the labels of a strip, without marks
	marks                        // the marks of a strip, without labels
)

// arranged returns how the form wants the choices to stand.
func (s State) arranged() arrangement {
	switch {
	case s.looks("label"):
		return labels
	case s.looks("list-nolabel"):
		return marks
	case s.looks("likert", "list"):
		return inStrip
	case s.looks("horizontal", "horizontal-compact", "columns", "columns-pack", "compact", "quickcompact"):
		return inColumns
	}
	if s.columns() > 0 {
		return inColumns
	}
	return inRows
}

// columns is how many choices the form wants beside each other; 0: as many as fit.
func (s State) columns() int {
	for _, beginning := range []string{"columns-", "compact-", "quickcompact-"} {
		if rest, ok := s.looksLike(beginning); ok {
			if n, err := strconv.Atoi(rest); err == nil && n > 0 && n < 20 {
				return n
			}
		}
	}
	return 0
}

// strip is a layout of objects of equal width beside each other, always in one row.
type strip struct{ gap float32 }

func newStrip(gap float32, objects ...look.Object) *fyne.Container {
	return container.New(strip{gap}, objects...)
}

func (l strip) cell(objects []look.Object, width float32) float32 {
	n := float32(max(len(objects), 1))
	return (width - l.gap*(n-1)) / n
}

// MinSize is as high as the highest object is at the width it was given last.
func (l strip) MinSize(objects []look.Object) fyne.Size {
	size := fyne.NewSize(1, 0)
	for _, o := range objects {
		size.Height = max(size.Height, o.MinSize().Height)
	}
	return size
}

func (l strip) Layout(objects []look.Object, size fyne.Size) {
	w, h := l.cell(objects, size.Width), float32(0)
	for _, o := range objects {
		o.Resize(fyne.NewSize(w, o.MinSize().Height))
		h = max(h, o.MinSize().Height)
	}
	for i, o := range objects {
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos(float32(i)*(w+l.gap), 0))
	}
}

// grid puts objects into rows of n.
func grid(n int, gap float32, objects []look.Object) *fyne.Container {
	column := look.NewColumn(gap)
	for len(objects) > 0 {
		row := append([]look.Object(nil), objects[:min(n, len(objects))]...)
		objects = objects[len(row):]
		for len(row) < n {
			row = append(row, look.NewColumn(0))
		}
		column.Add(newStrip(gap, row...))
	}
	return column
}
