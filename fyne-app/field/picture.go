package field

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/words"
)

// picture is the answerer of an image that is picked from the tablet's files.
type picture struct {
	say    words.Words
	pick   *look.Tile
	clear  *look.Tile
	frame  *fyne.Container
	column *fyne.Container
}

func newPicture(say words.Words, emit func(Event)) *picture {
	p := &picture{say: say, frame: container.NewStack()}
	p.pick = look.NewButton("pick", say.Say("field.picture.pick"), theme.FileImageIcon(), look.Quiet, func() { emit(Event{Act: Pick}) })
	p.clear = look.NewButton("clear", say.Say("field.picture.remove"), theme.ContentClearIcon(), look.Bare, func() { emit(Event{Act: Answered}) })
	p.column = look.NewColumn(10, p.frame, p.pick, p.clear)
	return p
}

func (p *picture) object() look.Object { return p.column }

func (p *picture) show(s State) {
	p.frame.RemoveAll()
	if s.Picture != nil {
		shown := canvas.NewImageFromImage(s.Picture)
		shown.FillMode = canvas.ImageFillContain
		shown.SetMinSize(fyne.NewSize(1, 260))
		p.frame.Add(shown)
	} else if !s.Value.IsZero() {
		p.frame.Add(look.NewText(s.Value.String(), look.SizeBody, look.Muted))
	}
	caption := "field.picture.pick"
	if !s.Value.IsZero() {
		caption = "field.picture.change"
	}
	p.pick.SetCaption(p.say.Say(caption))
	visible(p.pick, !s.ReadOnly)
	visible(p.clear, !s.Value.IsZero() && !s.ReadOnly)
}

// acknowledge is the answerer of a question that is confirmed.
type acknowledge struct{ row *row }

// acknowledged is what ODK stores for a confirmed question.
const acknowledged = "OK"

func newAcknowledge(say words.Words, s State, emit func(Event)) *acknowledge {
	a := &acknowledge{}
	a.row = newRow("choice:"+s.Name+":OK", Choice{acknowledged, say.Say("field.acknowledge")}, true, func() {
		if a.row.on {
			emit(Event{Act: Answered})
			return
		}
		emit(Event{Answered, record.NewText(acknowledged)})
	})
	return a
}

func (a *acknowledge) object() look.Object { return a.row }

func (a *acknowledge) show(s State) {
	a.row.choose(!s.Value.IsZero())
	a.row.Disable(s.ReadOnly)
}

// unknown is the answerer of a type that this version of the app cannot ask.
type unknown struct{ text *look.Text }

func newUnknown(say words.Words, s State) *unknown {
	return &unknown{look.NewText(say.Say("field.unknown", string(s.Type)), look.SizeBody, look.Danger)}
}

func (u *unknown) object() look.Object { return u.text }
func (u *unknown) show(State)          {}

// Asks reports whether the app can ask a question of the type.
func Asks(t form.Type) bool {
	switch t {
	case form.TypeText, form.TypeInteger, form.TypeDecimal, form.TypeRange, form.TypeBarcode, form.TypeSelectOne, form.TypeSelectMultiple,
		form.TypeDate, form.TypeTime, form.TypeDateTime, form.TypeGeopoint, form.TypeImage, form.TypeAcknowledge, form.TypeNote:
		return true
	}
	return false
}
