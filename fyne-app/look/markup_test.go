package look

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

func TestUnmark(t *testing.T) {
	for marked, want := range map[string]string{
		"¿Cuántos **adultos** viven *aquí*?": "¿Cuántos adultos viven aquí?",
		"__Todo__ en _cursiva_":              "Todo en cursiva",
		"hh_size y m_age":                    "hh_size y m_age",
		"5 * 3 * 2 < 40 & 2 > 1":             "5 * 3 * 2 < 40 & 2 > 1",
		"# Título\nTexto":                    "Título\nTexto",
		"- uno\n- dos":                       "• uno\n• dos",
		"1. uno\n2) dos":                     "1. uno\n2) dos",
		"<b>Hola</b> <i>mundo</i><br/>otra":  "Hola mundo\notra",
		"<ul><li>a</li><li>b</li></ul>":      "• a\n• b",
		"[ODK](https://getodk.org)":          "ODK (https://getodk.org)",
		`<a href="https://x.org">ver</a>`:    "ver (https://x.org)",
		`<span style="color:red">No</span>`:  "No",
		"&lt;tag&gt; &amp; más":              "<tag> & más",
		`\*nada\*`:                           "*nada*",
		"<desconocido>":                      "<desconocido>",
		"**sin fin":                          "**sin fin",
		"":                                   "",
		"a<b>":                               "a",
		"***":                                "***",
		"<h2>Sección</h2><p>Uno</p>":         "Sección\nUno",
	} {
		if got := Unmark(marked); got != want {
			t.Errorf("%q: %q, want %q", marked, got, want)
		}
	}
}

// Styled words wrap within their width, each line below the last, and the height is right as soon as the width is.
func TestStyledWordsWrap(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(1))
	text := NewBold("", SizeQuestion, Ink)
	text.SetMarkup("# Título\n¿Cuántos **adultos** viven *aquí* todos los días del año, incomprehensibilitésmultiples?\n- <span style='color:#ff8888'>uno</span>\n- dos")
	text.Resize(fyne.NewSize(180, 10))
	bottom, bold, coloured := float32(0), 0, 0
	for _, o := range text.lines {
		piece := o.(*canvas.Text)
		if right := o.Position().X + o.MinSize().Width; right > 181 {
			t.Errorf("%q ends at %.0f", piece.Text, right)
		}
		if piece.TextStyle.Bold {
			bold++
		}
		if piece.Color != Ink {
			coloured++
		}
		bottom = max(bottom, o.Position().Y+o.Size().Height)
	}
	if bold != 2 || coloured != 1 || bottom != text.MinSize().Height {
		t.Errorf("%d bold, %d coloured, ends at %.1f of %.1f", bold, coloured, bottom, text.MinSize().Height)
	}
	text.SetText("plain")
	if len(text.lines) != 1 || text.Words() != "plain" {
		t.Errorf("%d lines of %q", len(text.lines), text.Words())
	}
}

// Whatever a label holds, its marks are read without harm, and no letter of a text without marks is lost.
func FuzzUnmark(f *testing.F) {
	for _, s := range []string{"**a** _b_ [c](d) <b>e</b> &lt;", "# x\n- y", "<span style='color:#abc'>", `\`, "*", "_", "<", "[](", "\xff*\xff*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) < 2000 {
			Unmark(s)
		}
	})
}
