package tree

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vereda/fyne-app/look"
)

func TestTheMiddleOfAWidgetIsWhereItCanBeTapped(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(look.NewTheme(1))
	tapped := map[string]bool{}
	column := look.NewColumn(10, look.NewText("Título", 20, look.Ink))
	for _, tag := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		column.Add(look.NewButton(tag, "Botón "+tag, nil, look.Main, func() { tapped[tag] = true }))
	}
	w := test.NewTempWindow(t, look.NewBody(column))
	w.Resize(fyne.NewSize(400, 300))
	hidden := 0
	for _, widget := range Of(w) {
		switch {
		case widget.Kind == "text":
			if widget.Text != "Título" || !widget.Visible {
				t.Errorf("%+v", widget)
			}
			continue
		case !widget.Visible:
			hidden++
			continue
		}
		scale := w.Canvas().Scale()
		test.TapCanvas(w.Canvas(), fyne.NewPos(float32(widget.X)/scale, float32(widget.Y)/scale))
		if !tapped[widget.Tag] || widget.Text != "Botón "+widget.Tag {
			t.Errorf("%+v was not tapped", widget)
		}
	}
	if hidden == 0 || len(tapped) == 0 {
		t.Errorf("%d scrolled out of view, %d tapped", hidden, len(tapped))
	}
}

func TestASheetHidesThePage(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(look.NewTheme(1))
	w := test.NewTempWindow(t, look.NewButton("page", "Página", nil, look.Main, func() {}))
	w.Resize(fyne.NewSize(400, 300))
	sheet := look.NewSheet(w.Canvas(), look.NewButton("sheet", "Hoja", nil, look.Main, func() {}))
	if all := Of(w); len(all) != 1 || all[0].Tag != "sheet" {
		t.Errorf("%+v", all)
	}
	sheet.Close()
	if all := Of(w); len(all) != 1 || all[0].Tag != "page" {
		t.Errorf("%+v", all)
	}
}
