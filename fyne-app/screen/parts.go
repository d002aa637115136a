package screen

import (
	"errors"
	"image/color"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/store"
)

// margin is the room left and right of a page's content.
const margin = 18

// bar is the green bar at the top: a button, the title, more buttons.
func bar(title string, left look.Object, right ...look.Object) look.Object {
	heading := look.NewBold(title, look.SizeBody+2, look.Paper).OneLine()
	objects := []look.Object{heading}
	wide := 0
	if left != nil {
		objects, wide = []look.Object{left, heading}, 1
	}
	objects = append(objects, right...)
	return onColor(look.Brand, look.NewInset(8, 5, look.NewRow(8, wide, objects...)))
}

func onColor(c color.Color, o look.Object) look.Object {
	return container.NewStack(canvas.NewRectangle(c), o)
}

// plainPage is a green bar with a way back, and content that scrolls.
func (a *App) plainPage(title string, back func(), content ...look.Object) look.Object {
	button := look.NewIconButton("back", a.say.Say("back"), theme.NavigateBackIcon(), look.OnBrand, back)
	body := look.NewBody(look.NewPage(margin, 18, look.NewColumn(14, content...)))
	return container.NewBorder(bar(title, button), nil, nil, nil, body)
}

// heading is the title of a part of a page.
func heading(text string) look.Object { return look.NewBold(text, look.SizeBody, look.Muted) }

// notice is a sentence with an icon on a coloured card.
func notice(face look.Face, icon fyne.Resource, text string) *look.Tile {
	return look.NewCard(face, look.NewRow(12, 1, look.NewIcon(icon, 26, face.Ink), look.NewText(text, look.SizeBody, face.Ink)))
}

// ask shows a question over the page, with a button that does it and one that does not.
func (a *App) ask(question, detail, yes string, face look.Face, act func()) {
	var sheet *look.Sheet
	do := look.NewButton("confirm", yes, nil, face, func() { sheet.Close(); act() })
	not := look.NewButton("cancel", a.say.Say("cancel"), nil, look.Quiet, func() { sheet.Close() })
	column := look.NewColumn(14, look.NewBold(question, look.SizeQuestion, look.Ink), look.NewText(detail, look.SizeBody, look.Muted), do, not)
	sheet = look.NewSheet(a.window.Canvas(), column)
}

// tell shows a message over the page.
func (a *App) tell(title, detail string) {
	var sheet *look.Sheet
	ok := look.NewButton("ok", a.say.Say("ok"), nil, look.Main, func() { sheet.Close() })
	column := look.NewColumn(14, look.NewBold(title, look.SizeQuestion, look.Ink), look.NewText(detail, look.SizeBody, look.Ink), ok)
	sheet = look.NewSheet(a.window.Canvas(), column)
}

// complain says that something could not be done.
func (a *App) complain(err error) {
	key := "error.other"
	switch {
	case errors.Is(err, store.ErrFull):
		key = "error.full"
	case errors.Is(err, store.ErrNotFound):
		key = "error.gone"
	}
	a.tell(a.say.Say("error.title"), a.say.Say(key, err.Error()))
}

// day writes a date as people say it.
func (a *App) day(t time.Time) string {
	return a.say.Say("when.date", strconv.Itoa(t.Day()), a.say.Say("month."+strconv.Itoa(int(t.Month()))))
}

// when writes a moment as people say it: the hour today, the day otherwise.
func (a *App) when(t time.Time) string {
	now := a.tablet.Clock.Now()
	t = t.In(now.Location())
	clock := t.Format("15:04")
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return a.say.Say("when.today", clock)
	}
	return a.say.Say("when.day", strconv.Itoa(t.Day()), a.say.Say("month."+strconv.Itoa(int(t.Month()))), clock)
}
