package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NewButton returns a tile that says one line, in the middle, with an icon before it (nil: none).
func NewButton(tag, text string, icon fyne.Resource, face Face, tapped func()) *Tile {
	return NewTile(tag, text, face, newCaption(text, icon, false), tapped)
}

// NewForward returns a button whose icon stands behind the words.
func NewForward(tag, text string, icon fyne.Resource, face Face, tapped func()) *Tile {
	return NewTile(tag, text, face, newCaption(text, icon, true), tapped)
}

// NewIconButton returns a square tile with an icon alone; text is what it does, for those who walk the tree.
func NewIconButton(tag, text string, icon fyne.Resource, face Face, tapped func()) *Tile {
	t := NewTile(tag, text, face, newCaption("", icon, false), tapped)
	t.margin = 12
	return t
}

// SetCaption changes what a button says.
func (t *Tile) SetCaption(text string) {
	t.text = text
	if c, ok := t.content.(*caption); ok {
		c.text.Text = text
		c.Refresh()
		t.Refresh()
	}
}

// caption is an icon and a line of text in the middle of its width.
type caption struct {
	widget.BaseWidget
	text   *canvas.Text
	icon   *canvas.Image
	source fyne.Resource
	behind bool
}

func newCaption(text string, icon fyne.Resource, behind bool) *caption {
	c := &caption{text: canvas.NewText(text, Ink), source: icon, behind: behind}
	c.text.TextSize, c.text.TextStyle = Scaled(SizeBody), fyne.TextStyle{Bold: true}
	if icon != nil {
		c.icon = canvas.NewImageFromResource(icon)
		c.icon.FillMode = canvas.ImageFillContain
	}
	c.ExtendBaseWidget(c)
	return c
}

// SetColor colours words and icon.
func (c *caption) SetColor(ink color.Color) {
	c.text.Color = ink
	c.text.Refresh()
	if c.icon != nil {
		c.icon.Resource = tinted(c.source, ink)
		c.icon.Refresh()
	}
}

// inks are the theme's names of the colours that icons come in.
var inks = map[color.Color]fyne.ThemeColorName{
	Ink: theme.ColorNameForeground, Paper: theme.ColorNameForegroundOnPrimary, Brand: theme.ColorNamePrimary,
	Danger: theme.ColorNameError, Amber: theme.ColorNameWarning, Muted: theme.ColorNamePlaceHolder,
}

func tinted(icon fyne.Resource, ink color.Color) fyne.Resource {
	name, ok := inks[ink]
	if !ok {
		name = theme.ColorNameForeground
	}
	return theme.NewColoredResource(icon, name)
}

// NewIcon returns an icon of a size in a colour of this package.
func NewIcon(icon fyne.Resource, size float32, ink color.Color) *canvas.Image {
	i := canvas.NewImageFromResource(tinted(icon, ink))
	i.FillMode = canvas.ImageFillContain
	i.SetMinSize(fyne.NewSquareSize(Scaled(size)))
	return i
}

func (c *caption) CreateRenderer() fyne.WidgetRenderer { return captionRenderer{c} }

type captionRenderer struct{ c *caption }

func (r captionRenderer) iconSize() float32 {
	if r.c.icon == nil {
		return 0
	}
	return Scaled(24)
}

func (r captionRenderer) gap() float32 {
	if r.c.icon == nil || r.c.text.Text == "" {
		return 0
	}
	return 8
}

func (r captionRenderer) MinSize() fyne.Size {
	m := r.c.text.MinSize()
	if r.c.text.Text == "" {
		m.Width = 0
	}
	return fyne.NewSize(m.Width+r.gap()+r.iconSize(), max(m.Height, r.iconSize()))
}

func (r captionRenderer) Layout(size fyne.Size) {
	m, icon := r.MinSize(), r.iconSize()
	x := max(0, (size.Width-m.Width)/2)
	textAt, iconAt := x+icon+r.gap(), x
	if r.c.behind {
		textAt, iconAt = x, x+m.Width-icon
	}
	h := r.c.text.MinSize().Height
	r.c.text.Move(fyne.NewPos(textAt, (size.Height-h)/2))
	r.c.text.Resize(r.c.text.MinSize())
	if r.c.icon != nil {
		r.c.icon.Move(fyne.NewPos(iconAt, (size.Height-icon)/2))
		r.c.icon.Resize(fyne.NewSquareSize(icon))
	}
}

func (r captionRenderer) Refresh() {
	r.Layout(r.c.Size())
	canvas.Refresh(r.c)
}

func (r captionRenderer) Objects() []Object {
	if r.c.icon == nil {
		return []Object{r.c.text}
	}
	return []Object{r.c.text, r.c.icon}
}

func (r captionRenderer) Destroy() {}
