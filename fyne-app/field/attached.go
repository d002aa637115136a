package field

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/form"
	"vereda/survey/words"
)

// attached is the answerer of a sound, a film or another file that is picked from the tablet's files.
type attached struct {
	say    words.Words
	name   *look.Text
	size   *look.Text
	card   *look.Tile
	pick   *look.Tile
	clear  *look.Tile
	column *fyne.Container
}

func newAttached(say words.Words, s State, emit func(Event)) *attached {
	icon, hint := theme.FileIcon(), ""
	switch s.Type {
	case form.TypeAudio:
		icon, hint = theme.FileAudioIcon(), "field.file.audio"
	case form.TypeVideo:
		icon, hint = theme.FileVideoIcon(), "field.file.video"
	}
	a := &attached{say: say, name: look.NewBold("", look.SizeBody, look.Ink), size: look.NewText("", look.SizeSmall, look.Muted)}
	a.card = look.NewCard(look.Chosen, look.NewRow(12, 1, look.NewIcon(icon, 34, look.Brand), look.NewColumn(2, a.name, a.size)))
	a.pick = look.NewButton("pick", "", theme.FolderOpenIcon(), look.Quiet, func() { emit(Event{Act: Pick}) })
	a.clear = look.NewButton("clear", say.Say("field.file.remove"), theme.ContentClearIcon(), look.Bare, func() { emit(Event{Act: Answered}) })
	a.column = look.NewColumn(10, a.card, a.pick)
	if hint != "" {
		a.column.Add(look.NewText(say.Say(hint), look.SizeSmall, look.Muted))
	}
	a.column.Add(a.clear)
	return a
}

func (a *attached) object() look.Object { return a.column }

func (a *attached) show(s State) {
	given := !s.Value.IsZero()
	name, caption := s.File.Name, "field.file.pick"
	if name == "" {
		name = s.Value.String()
	}
	if given {
		caption = "field.file.change"
	}
	a.name.SetText(name)
	a.size.SetText(a.bytes(s.File.Size))
	visible(a.size, s.File.Size > 0)
	visible(a.card, given)
	a.pick.SetCaption(a.say.Say(caption))
	visible(a.pick, !s.ReadOnly)
	visible(a.clear, given && !s.ReadOnly)
}

// bytes writes a size as people read it: a photo's in kB, a film's in MB.
func (a *attached) bytes(n int64) string {
	switch {
	case n >= 10_000_000:
		return a.say.Say("field.file.mb", n/1_000_000)
	case n >= 1000:
		return a.say.Say("field.file.kb", n/1000)
	}
	return a.say.Say("field.file.b", n)
}
