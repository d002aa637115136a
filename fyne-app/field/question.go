package field

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"vereda/fyne-app/look"
	"vereda/survey/form"
	"vereda/survey/words"
)

// Question is the widget.
type Question struct {
	widget.BaseWidget
	say     words.Words
	state   State
	emit    func(Event)
	label   *look.Text
	media   *media
	hint    *look.Text
	more    *guidance
	answer  answerer
	problem *look.Tile
	wrong   *look.Text
	mark    *fyne.Container
	marked  *look.Text
	tick    look.Object
	column  *fyne.Container
}

// answerer is the part of a question that differs from type to type.
type answerer interface {
	object() look.Object
	show(State) // all but the label, hint and problem
}

// New returns a question that shows a state. emit gets what the person does; Set does not call it.
func New(say words.Words, s State, emit func(Event)) *Question {
	q := &Question{say: say, emit: emit}
	q.label = look.NewBold("", look.SizeQuestion, look.Ink)
	if s.Type == form.TypeNote {
		q.label = look.NewText("", look.SizeQuestion, look.Ink)
	}
	q.media = newMedia(say, emit)
	q.hint = look.NewText("", look.SizeBody, look.Muted)
	q.more = newGuidance(say, s.Name, func() { emit(Event{Act: Unfold}) })
	q.wrong = look.NewBold("", look.SizeBody, look.Danger)
	q.problem = look.NewCard(look.Alarm, look.NewRow(10, 1, look.NewIcon(theme.WarningIcon(), 24, look.Danger), q.wrong))
	q.marked = look.NewText("", look.SizeSmall, look.Brand)
	q.tick = look.NewIcon(theme.ConfirmIcon(), 16, look.Brand)
	q.mark = look.NewRow(4, 1, q.tick, q.marked)
	q.answer = newAnswerer(say, s, emit)
	q.column = look.NewColumn(10, q.label, q.media.column, q.hint, q.more.column, q.answer.object(), q.problem, q.mark)
	q.ExtendBaseWidget(q)
	q.Set(s)
	return q
}

func newAnswerer(say words.Words, s State, emit func(Event)) answerer {
	switch s.Type {
	case form.TypeSelectOne, form.TypeSelectMultiple:
		return newChoices(say, s, emit)
	case form.TypeRank:
		return newRank(say, s, emit)
	case form.TypeDate, form.TypeTime, form.TypeDateTime:
		return newMoment(say, s, emit)
	case form.TypeGeopoint:
		return newPosition(say, s, emit)
	case form.TypeGeotrace, form.TypeGeoshape:
		return newTrace(say, s, emit)
	case form.TypeImage:
		return newPicture(say, s, emit)
	case form.TypeAudio, form.TypeVideo, form.TypeFile:
		return newAttached(say, s, emit)
	case form.TypeAcknowledge:
		return newAcknowledge(say, s, emit)
	case form.TypeNote:
		return newNothing()
	}
	return newWritten(say, s, emit)
}

// newWritten returns the answerer of what is typed, or could be.
func newWritten(say words.Words, s State, emit func(Event)) answerer {
	switch s.Type {
	case form.TypeRange:
		switch {
		case s.listed() && len(s.Scale) > 0:
			return newChoices(say, s, emit)
		case s.looks("rating") && len(s.Scale) > 0 && len(s.Scale) <= mostStars:
			return newRating(say, s, emit)
		case len(s.Scale) > 0 && len(s.Scale) <= longScale:
			return newScale(say, s, emit)
		}
		return newCounter(say, s, emit)
	case form.TypeInteger:
		if s.looks("counter") {
			return newCounter(say, s, emit)
		}
		return newTyped(say, s, emit)
	case form.TypeBarcode:
		return newBarcode(say, s, emit)
	case form.TypeText, form.TypeDecimal:
		return newTyped(say, s, emit)
	}
	return newUnknown(say, s)
}

// Set shows a state. What is being typed stays as it is while it means the same answer.
func (q *Question) Set(s State) {
	q.state = s
	label := s.Label
	if s.Required && !s.ReadOnly && s.Type != form.TypeNote {
		label += "\u00a0*"
	}
	q.label.SetMarkup(label)
	q.media.show(s.Media)
	q.hint.SetMarkup(s.Hint)
	visible(q.hint, s.Hint != "")
	q.more.show(s.Guidance)
	q.answer.show(s)
	q.wrong.SetMarkup(s.Problem)
	visible(q.problem, s.Problem != "")
	q.showMark(s.Mark)
}

// State returns what is shown.
func (q *Question) State() State { return q.state }

// Parts returns what the question is made of.
func (q *Question) Parts() []look.Object { return []look.Object{q.column} }

// CreateRenderer is Fyne's way to the parts.
func (q *Question) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(q.column) }

func (q *Question) showMark(m Mark) {
	switch m {
	case Kept:
		q.marked.SetColor(look.Brand)
		q.marked.SetText(q.say.Say("field.kept"))
	case NotKept:
		q.marked.SetColor(look.Danger)
		q.marked.SetText(q.say.Say("field.not_kept"))
	}
	visible(q.tick, m == Kept)
	visible(q.mark, m != Unmarked)
}

func visible(o look.Object, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// Focus puts the cursor into the question's box, where it has one, so that typing can begin.
func (q *Question) Focus(c fyne.Canvas) {
	if f, ok := q.answer.(interface{ box() *box }); ok && !q.state.ReadOnly {
		c.Focus(f.box())
	}
}

// nothing is the answerer of a note.
type nothing struct{ empty *fyne.Container }

func newNothing() nothing             { return nothing{look.NewColumn(0)} }
func (n nothing) object() look.Object { return n.empty }
func (n nothing) show(State)          {}
