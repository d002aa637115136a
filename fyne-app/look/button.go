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
		c.lines.SetText(text)
		c.Refresh()
		t.Refresh()
	}
}

// caption is an icon and a line of text in the middle of its width; of several lines where it is too narrow for one.
type caption struct {
	widget.BaseWidget
	text   *canvas.Text
	lines  *Text   // instead of text where that is wider than the caption
	width  float32 // given last
	icon   *canvas.Image
	source fyne.Resource
	behind bool
}

func newCaption(text string, icon fyne.Resource, behind bool) *caption {
	c := &caption{text: canvas.NewText(text, Ink), source: icon, behind: behind}
	c.text.TextSize, c.text.TextStyle = Scaled(SizeBody), fyne.TextStyle{Bold: true}
	c.lines = NewBold(text, SizeBody, Ink)
	c.lines.Hide()
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
	c.lines.SetColor(ink)
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

// whole is the size of a caption of one line.
func (r captionRenderer) whole() fyne.Size {
	m := r.c.text.MinSize()
	if r.c.text.Text == "" {
		m.Width = 0
	}
	return fyne.NewSize(m.Width+r.gap()+r.iconSize(), max(m.Height, r.iconSize()))
}

// widestCaption is the width from which on a caption may be of several lines.
const widestCaption = 240

// breaks reports whether the words take several lines at the width that was given last.
func (r captionRenderer) breaks() bool {
	return r.c.width > 0 && r.whole().Width > r.c.width && r.c.text.Text != ""
}

func (r captionRenderer) MinSize() fyne.Size {
	m := r.whole()
	m.Width = min(m.Width, widestCaption)
	if r.breaks() {
		m.Height = max(r.c.lines.MinSize().Height, r.iconSize())
	}
	return m
}

func (r captionRenderer) Layout(size fyne.Size) {
	r.c.width = size.Width
	if r.breaks() {
		r.layoutLines(size)
		return
	}
	r.c.lines.Hide()
	r.c.text.Show()
	m, icon := r.whole(), r.iconSize()
	x := max(0, (size.Width-m.Width)/2)
	textAt, iconAt := x+icon+r.gap(), x
	if r.c.behind {
		textAt, iconAt = x, x+m.Width-icon
	}
	h := r.c.text.MinSize().Height
	r.c.text.Move(fyne.NewPos(textAt, (size.Height-h)/2))
	r.c.text.Resize(r.c.text.MinSize())
	r.placeIcon(iconAt, size.Height)
}

func (r captionRenderer) layoutLines(size fyne.Size) {
	r.c.text.Hide()
	r.c.lines.Show()
	icon := r.iconSize()
	fit(r.c.lines, max(1, size.Width-icon-r.gap()))
	textAt, iconAt := icon+r.gap(), float32(0)
	if r.c.behind {
		textAt, iconAt = 0, size.Width-icon
	}
	r.c.lines.Move(fyne.NewPos(textAt, max(0, (size.Height-r.c.lines.Size().Height)/2)))
	r.placeIcon(iconAt, size.Height)
}

func (r captionRenderer) placeIcon(x, height float32) {
	if r.c.icon != nil {
		icon := r.iconSize()
		r.c.icon.Move(fyne.NewPos(x, (height-icon)/2))
		r.c.icon.Resize(fyne.NewSquareSize(icon))
	}
}

func (r captionRenderer) Refresh() {
	r.Layout(r.c.Size())
	canvas.Refresh(r.c)
}

func (r captionRenderer) Objects() []Object {
	if r.c.icon == nil {
		return []Object{r.c.text, r.c.lines}
	}
	return []Object{r.c.text, r.c.lines, r.c.icon}
}

func (r captionRenderer) Destroy() {}
