package look

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// SetMarkup changes the words to a text with marks of style, as labels of forms have them.
func (t *Text) SetMarkup(s string) {
	list := blocks(s)
	words, same := make([]string, len(list)), true
	for i, b := range list {
		words[i], same = b.words(), same && b.plain()
	}
	if all := strings.Join(words, "\n"); same {
		t.SetText(all)
	} else {
		t.words, t.styled = all, list
		t.wrap()
		t.Refresh()
	}
}

// flow sets styled words line by line.
type flow struct {
	t       *Text
	style   fyne.TextStyle
	size    float32 // of the block
	x, y    float32
	indent  float32
	pending []Object // of the line that is being filled
}

// wrapStyled sets the blocks and remembers how high they are.
func (t *Text) wrapStyled() {
	f := &flow{t: t, style: t.style}
	for _, b := range t.styled {
		for _, s := range b.spans {
			if s.bold && b.size == 1 {
				f.style.Bold = false // where words stand out, the others do not
			}
		}
	}
	t.lines = nil
	for i, b := range t.styled {
		if i > 0 && b.size != 1 {
			f.y += 4
		}
		f.block(b)
	}
	t.high = f.y
}

func (f *flow) block(b block) {
	f.x, f.indent, f.size = 0, 0, b.size
	if b.bullet != "" {
		f.put(b.bullet, span{})
		f.indent = f.x
	}
	for _, s := range b.spans {
		f.span(s)
	}
	f.end()
}

func (f *flow) span(s span) {
	for i, word := range strings.FieldsFunc(s.words, breaks) {
		gap := i > 0 || breaks(firstRune(s.words))
		if gap && f.x > f.indent {
			word = " " + word
		}
		switch w := f.measure(word, s); {
		case f.x+w <= f.t.width:
		case f.x > f.indent:
			f.end()
			word = strings.TrimPrefix(word, " ")
		}
		f.long(word, s)
	}
	if s.words != "" && breaks(lastRune(s.words)) && f.x > f.indent {
		f.x += f.measure(" ", s)
	}
}

// long puts a word, in pieces where it is wider than a line.
func (f *flow) long(word string, s span) {
	for f.x+f.measure(word, s) > f.t.width {
		runes := []rune(word)
		n := len(runes)
		for n > 1 && f.x+f.measure(string(runes[:n]), s) > f.t.width {
			n--
		}
		if n == len(runes) {
			break
		}
		f.put(string(runes[:n]), s)
		f.end()
		word = string(runes[n:])
	}
	f.put(word, s)
}

func (f *flow) styleOf(s span) fyne.TextStyle {
	style := f.style
	style.Bold, style.Italic, style.Underline = style.Bold || s.bold, s.italic, s.under
	return style
}

func (f *flow) measure(words string, s span) float32 {
	return fyne.MeasureText(words, Scaled(f.t.size)*f.size, f.styleOf(s)).Width
}

func (f *flow) put(words string, s span) {
	ink := f.t.color
	if s.color != nil {
		ink = s.color
	}
	piece := canvas.NewText(words, ink)
	piece.TextSize, piece.TextStyle = Scaled(f.t.size)*f.size, f.styleOf(s)
	piece.Move(fyne.NewPos(f.x, f.y))
	f.x += f.measure(words, s)
	f.pending = append(f.pending, piece)
}

// end closes the line.
func (f *flow) end() {
	height := f.t.lineHeight() * f.size
	for _, o := range f.pending {
		o.Resize(fyne.NewSize(o.MinSize().Width, height))
	}
	f.t.lines = append(f.t.lines, f.pending...)
	f.pending, f.x, f.y = nil, f.indent, f.y+height
}
