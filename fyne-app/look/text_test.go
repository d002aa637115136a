package look

import (
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"
)

// No word is lost, no line is wider than the text, and the height is that of the lines.
func TestWrapping(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringMatching(`([a-zñãéç]{1,30}[ ,.]{1,2}|\n){0,12}`).Draw(t, "words")
		width := float32(rapid.IntRange(60, 500).Draw(t, "width"))
		text := NewText(words, SizeBody, Ink)
		text.Resize(fyne.NewSize(width, 10))
		var got strings.Builder
		for _, o := range text.lines {
			line := o.(*canvas.Text)
			if w := line.MinSize().Width; w > width+0.5 {
				t.Fatalf("%q is %.1f wide, the text %.1f", line.Text, w, width)
			}
			got.WriteString(line.Text)
		}
		join := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if join(got.String()) != join(words) {
			t.Fatalf("%q became %q", words, got.String())
		}
		if h := text.MinSize().Height; h != float32(max(len(text.lines), 1))*text.lineHeight() {
			t.Fatalf("%d lines, %.1f high", len(text.lines), h)
		}
	})
}

func TestABlankThatKeepsTogether(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	text := NewText("¿Cuántas horas hay\u00a0*", SizeBody, Ink)
	for width := float32(200); width > 60; width -= 3 {
		text.Resize(fyne.NewSize(width, 10))
		for _, o := range text.lines {
			if line := o.(*canvas.Text).Text; strings.TrimSpace(line) == "*" {
				t.Fatalf("at %.0f the mark stands alone", width)
			}
		}
	}
}

func TestOneLineIsCut(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	text := NewText("Una encuesta de nombre muy largo", SizeBody, Ink).OneLine()
	text.Resize(fyne.NewSize(120, 10))
	if line := text.lines[0].(*canvas.Text); !strings.HasSuffix(line.Text, "…") || line.MinSize().Width > 120 {
		t.Errorf("%q", line.Text)
	}
}

// A column is as high as its texts are at its width, at once, and things below a text move when it grows.
func TestAColumnFollowsItsWidth(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	text, below := NewText(strings.Repeat("palabra ", 30), SizeBody, Ink), NewButton("b", "Botón", nil, Main, func() {})
	column := NewColumn(8, text, below)
	for _, width := range []float32{500, 150, 300} {
		column.Resize(fyne.NewSize(width, 10))
		if want := text.MinSize().Height + 8; below.Position().Y != want {
			t.Errorf("at %.0f the button is at %.0f, want %.0f", width, below.Position().Y, want)
		}
	}
}

// Contrast as WCAG 2.2 counts it: 4.5:1 for text, 3:1 for the outline of what can be tapped.
func TestContrast(t *testing.T) {
	for name, f := range map[string]Face{"Plain": Plain, "Chosen": Chosen, "Main": Main, "Quiet": Quiet, "Serious": Serious, "Warning": Warning, "Alarm": Alarm, "Reassure": Reassure, "Off": Off} {
		if c := contrast(f.Ink, f.Fill); c < 4.5 {
			t.Errorf("%s: %.1f:1", name, c)
		}
	}
	for name, f := range map[string]Face{"Plain": Plain, "Chosen": Chosen, "Quiet": Quiet, "Serious": Serious} {
		if c := contrast(f.Edge, Ground); c < 3 {
			t.Errorf("the edge of %s: %.1f:1", name, c)
		}
	}
	for name, c := range map[string]float64{"Muted on Ground": contrast(Muted, Ground), "Muted on Paper": contrast(Muted, Paper), "Edge on Paper": contrast(Edge, Paper)} {
		if c < 4.5 {
			t.Errorf("%s: %.1f:1", name, c)
		}
	}
}

func contrast(a, b interface {
	RGBA() (r, g, b, a uint32)
}) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c interface {
	RGBA() (r, g, b, a uint32)
}) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		x := float64(v) / 0xffff
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
