package screen

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/field"
	"vereda/fyne-app/look"
	"vereda/survey/record"
)

// drawPage is a sheet to draw on. What was drawn is kept when the page is left, whatever it is left for.
type drawPage struct {
	of      *interviewPage
	path    record.Path
	drawing *field.Drawing
	pen     int
	kept    bool
}

func (p *interviewPage) draw(path record.Path) {
	p.c.flush()
	var under image.Image
	item, _ := p.form().Item(path.Generic())
	if v := p.c.session.Value(path); !v.IsZero() && item != nil && item.HasAppearance("annotate") {
		under = p.picture(v.String())
	}
	p.app.show(&drawPage{of: p, path: path, drawing: field.NewDrawing(under)})
}

func (d *drawPage) language() string { return d.of.language() }
func (d *drawPage) back()            { d.of.app.show(d.of) }

// leave keeps what was drawn since it was kept last.
func (d *drawPage) leave() {
	if d.drawing.Empty() || d.kept {
		return
	}
	if err := d.of.keepDrawing(d.path, d.drawing.Picture()); err != nil {
		d.of.app.complain(err)
		return
	}
	d.kept = true
}

func (d *drawPage) build() look.Object {
	say := d.of.app.say
	d.kept = false
	back := look.NewIconButton("back", say.Say("back"), theme.NavigateBackIcon(), look.OnBrand, d.back)
	ink := canvas.NewRectangle(field.Pens[d.pen])
	ink.CornerRadius = look.Radius
	ink.StrokeColor, ink.StrokeWidth = look.Edge, 1
	ink.SetMinSize(fyne.NewSquareSize(look.Touch))
	pen := look.NewButton("pen", say.Say("draw.pen"), theme.ColorPaletteIcon(), look.Quiet, func() {
		d.pen = (d.pen + 1) % len(field.Pens)
		d.drawing.Use(field.Pens[d.pen])
		ink.FillColor = field.Pens[d.pen]
		ink.Refresh()
	})
	undo := look.NewButton("undo", say.Say("draw.undo"), theme.ContentUndoIcon(), look.Quiet, func() { d.kept = false; d.drawing.Undo() })
	wipe := look.NewButton("wipe", say.Say("draw.wipe"), theme.DeleteIcon(), look.Serious, func() { d.kept = false; d.drawing.Wipe() })
	done := look.NewButton("done", say.Say("field.done"), theme.ConfirmIcon(), look.Main, d.back)
	below := look.NewColumn(8, look.NewText(say.Say("draw.hint"), look.SizeSmall, look.Muted), look.NewRow(8, 0, pen, ink), look.NewEven(8, undo, wipe), done)
	paper := canvas.NewRectangle(look.Paper)
	paper.StrokeColor, paper.StrokeWidth = look.Edge, 2
	sheet := container.NewStack(paper, d.drawing)
	return container.NewBorder(bar(d.of.section(), back), look.NewInset(margin, 12, below), nil, nil, look.NewInset(margin, 12, sheet))
}
