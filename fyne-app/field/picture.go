package field

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/form"
	"vereda/survey/record"
	"vereda/survey/words"
)

// picture is the answerer of an image that is picked from the tablet's files, drawn with a finger, or both.
type picture struct {
	say    words.Words
	pick   *look.Tile // nil: it is drawn alone
	draw   *look.Tile // nil: it is picked alone
	drawn  string     // the key of what the button to draw says
	clear  *look.Tile
	frame  *fyne.Container
	column *fyne.Container
}

func newPicture(say words.Words, s State, emit func(Event)) *picture {
	p := &picture{say: say, frame: container.NewStack(), column: look.NewColumn(10)}
	p.clear = look.NewButton("clear", say.Say("field.picture.remove"), theme.ContentClearIcon(), look.Bare, func() { emit(Event{Act: Answered}) })
	p.column.Add(p.frame)
	switch {
	case s.looks("signature"):
		p.drawn = "field.picture.sign"
	case s.looks("draw"):
		p.drawn = "field.picture.draw"
	case s.looks("annotate"):
		p.drawn = "field.picture.annotate"
	}
	if p.drawn != "" {
		p.draw = look.NewButton("draw", say.Say(p.drawn), theme.DocumentCreateIcon(), look.Quiet, func() { emit(Event{Act: Draw}) })
		p.column.Add(p.draw)
	}
	if p.drawn == "" || s.looks("annotate") {
		p.pick = look.NewButton("pick", "", theme.FileImageIcon(), look.Quiet, func() { emit(Event{Act: Pick}) })
		p.column.Add(p.pick)
	}
	p.column.Add(p.clear)
	return p
}

func (p *picture) object() look.Object { return p.column }

func (p *picture) show(s State) {
	p.frame.RemoveAll()
	if s.Picture != nil {
		p.frame.Add(photo(s.Picture, 260))
	} else if !s.Value.IsZero() {
		p.frame.Add(look.NewText(s.Value.String(), look.SizeBody, look.Muted))
	}
	caption := "field.picture.pick"
	if !s.Value.IsZero() {
		caption = "field.picture.change"
	}
	if p.pick != nil {
		p.pick.SetCaption(p.say.Say(caption))
		visible(p.pick, !s.ReadOnly)
	}
	if p.draw != nil {
		visible(p.draw, !s.ReadOnly && (p.pick == nil || s.Picture != nil))
	}
	visible(p.clear, !s.Value.IsZero() && !s.ReadOnly)
}

// acknowledge is the answerer of a question that is confirmed.
type acknowledge struct{ row *row }

// acknowledged is what ODK stores for a confirmed question.
const acknowledged = "OK"

func newAcknowledge(say words.Words, s State, emit func(Event)) *acknowledge {
	a := &acknowledge{}
	a.row = newRow("choice:"+s.Name+":OK", Choice{Code: acknowledged, Label: say.Say("field.acknowledge")}, true, func() {
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
	case form.TypeText, form.TypeInteger, form.TypeDecimal, form.TypeRange, form.TypeBarcode, form.TypeSelectOne, form.TypeSelectMultiple, form.TypeRank,
		form.TypeDate, form.TypeTime, form.TypeDateTime, form.TypeGeopoint, form.TypeGeotrace, form.TypeGeoshape,
		form.TypeImage, form.TypeAudio, form.TypeVideo, form.TypeFile, form.TypeAcknowledge, form.TypeNote:
		return true
	}
	return false
}
