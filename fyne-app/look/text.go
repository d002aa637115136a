package look

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Text is words that wrap to the width they are given, without padding. Its height is right as soon as its width is.
type Text struct {
	widget.BaseWidget
	words    string
	size     float32 // at text size 1
	color    color.Color
	style    fyne.TextStyle
	centered bool
	oneLine  bool
	width    float32
	lines    []Object
	styled   []block // nil: the words look all the same
	high     float32 // of styled words at this width
}

// NewText returns words of a size and colour.
func NewText(words string, size float32, c color.Color) *Text {
	t := &Text{words: words, size: size, color: c}
	t.ExtendBaseWidget(t)
	return t
}

// NewBold returns bold words.
func NewBold(words string, size float32, c color.Color) *Text {
	t := NewText(words, size, c)
	t.style.Bold = true
	return t
}

// Centered sets the words in the middle of their width.
func (t *Text) Centered() *Text { t.centered = true; return t }

// OneLine cuts the words with "…" where they do not fit in one line.
func (t *Text) OneLine() *Text { t.oneLine = true; return t }

// Words returns what the text says.
func (t *Text) Words() string { return t.words }

// SetText changes the words.
func (t *Text) SetText(words string) {
	if words == t.words && t.styled == nil {
		return
	}
	t.words, t.styled = words, nil
	t.wrap()
	t.Refresh()
}

// SetColor changes the colour.
func (t *Text) SetColor(c color.Color) {
	t.color = c
	t.wrap()
	t.Refresh()
}

// SetSize changes the size, at text size 1.
func (t *Text) SetSize(size float32) {
	t.size = size
	t.wrap()
	t.Refresh()
}

// Resize wraps the words to the width.
func (t *Text) Resize(size fyne.Size) {
	if size.Width != t.width {
		t.width = size.Width
		t.wrap()
	}
	t.BaseWidget.Resize(size)
}

// MinSize is as high as the words are at the width they were given last.
func (t *Text) MinSize() fyne.Size {
	if t.styled != nil && t.width > 0 {
		return fyne.NewSize(1, t.high)
	}
	lines, width := max(len(t.lines), 1), float32(1)
	if t.width == 0 {
		lines = 1 + strings.Count(t.words, "\n")
	}
	if t.width == 0 && !t.oneLine {
		width = min(t.measure(t.words), 120)
	}
	return fyne.NewSize(width, float32(lines)*t.lineHeight())
}

// Natural returns the width of the words in one line.
func (t *Text) Natural() float32 { return t.measure(t.words) }

// CreateRenderer is Fyne's way to the lines.
func (t *Text) CreateRenderer() fyne.WidgetRenderer { return textRenderer{t} }

func (t *Text) measure(s string) float32 {
	return fyne.MeasureText(s, Scaled(t.size), t.style).Width
}

func (t *Text) lineHeight() float32 { return Scaled(t.size) * 1.34 }

func (t *Text) wrap() {
	if t.width <= 0 {
		return
	}
	if t.styled != nil {
		t.wrapStyled()
		return
	}
	t.lines = nil
	for _, s := range t.cut() {
		line := canvas.NewText(s, t.color)
		line.TextSize, line.TextStyle = Scaled(t.size), t.style
		t.lines = append(t.lines, line)
	}
	t.place()
}

func (t *Text) place() {
	if t.styled != nil {
		return // wrapping placed them
	}
	for i, o := range t.lines {
		x := float32(0)
		if t.centered {
			x = max(0, (t.width-o.MinSize().Width)/2)
		}
		o.Move(fyne.NewPos(x, float32(i)*t.lineHeight()))
		o.Resize(fyne.NewSize(o.MinSize().Width, t.lineHeight()))
	}
}

// cut returns the lines.
func (t *Text) cut() []string {
	if t.oneLine {
		return []string{t.shorten(t.words)}
	}
	var lines []string
	for paragraph := range strings.SplitSeq(t.words, "\n") {
		lines = append(lines, t.fill(paragraph)...)
	}
	return lines
}

// fill breaks a paragraph at its blanks; a word that is wider than a line, anywhere.
func (t *Text) fill(paragraph string) []string {
	var lines []string
	line := ""
	for _, word := range strings.FieldsFunc(paragraph, breaks) {
		candidate := word
		if line != "" {
			candidate = line + " " + word
		}
		if t.measure(candidate) <= t.width {
			line = candidate
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		pieces := t.split(word)
		lines = append(lines, pieces[:len(pieces)-1]...)
		line = pieces[len(pieces)-1]
	}
	return append(lines, line)
}

// breaks reports whether a line may end at a blank: not at one that keeps what stands around it together.
func breaks(r rune) bool { return r == ' ' || r == '\t' }

func (t *Text) split(word string) []string {
	var pieces []string
	piece := ""
	for _, r := range word {
		if piece != "" && t.measure(piece+string(r)) > t.width {
			pieces, piece = append(pieces, piece), ""
		}
		piece += string(r)
	}
	return append(pieces, piece)
}

func (t *Text) shorten(s string) string {
	if t.measure(s) <= t.width {
		return s
	}
	runes := []rune(s)
	for n := len(runes) - 1; n > 0; n-- {
		if short := strings.TrimRight(string(runes[:n]), " ,.") + "…"; t.measure(short) <= t.width {
			return short
		}
	}
	return "…"
}

type textRenderer struct{ t *Text }

func (r textRenderer) Layout(fyne.Size)   { r.t.place() }
func (r textRenderer) MinSize() fyne.Size { return r.t.MinSize() }
func (r textRenderer) Refresh()           { r.t.wrap(); canvas.Refresh(r.t) }
func (r textRenderer) Objects() []Object  { return r.t.lines }
func (r textRenderer) Destroy()           {}
