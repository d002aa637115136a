package field

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/record"
	"vereda/survey/words"
)

// labelPicture is the height of a picture that comes with a label.
const labelPicture = 220

// media is what comes with a label: a picture, a sound and a film to play, and the names of what is not there.
type media struct {
	say     words.Words
	emit    func(Event)
	shown   Media
	frame   *fyne.Container
	sound   *look.Tile
	film    *look.Tile
	missing *look.Text
	column  *fyne.Container
}

func newMedia(say words.Words, emit func(Event)) *media {
	m := &media{say: say, emit: emit, frame: container.NewStack(), missing: look.NewText("", look.SizeSmall, look.Amber)}
	play := func(name func() string) func() {
		return func() { emit(Event{Play, record.NewText(name())}) }
	}
	m.sound = look.NewButton("sound", say.Say("field.media.sound"), theme.VolumeUpIcon(), look.Quiet, play(func() string { return m.shown.Sound }))
	m.film = look.NewButton("film", say.Say("field.media.film"), theme.MediaPlayIcon(), look.Quiet, play(func() string { return m.shown.Film }))
	m.column = look.NewColumn(8, m.frame, m.sound, m.film, m.missing)
	return m
}

func (m *media) show(shown Media) {
	if shown.Image != m.shown.Image {
		m.frame.RemoveAll()
		if shown.Image != nil {
			m.frame.Add(photo(shown.Image, labelPicture))
		}
	}
	m.shown = shown
	visible(m.frame, shown.Image != nil)
	visible(m.sound, shown.Sound != "")
	visible(m.film, shown.Film != "")
	words := ""
	for i, name := range shown.Missing {
		if i > 0 {
			words += "\n"
		}
		words += m.say.Say("field.media.missing", name)
	}
	m.missing.SetText(words)
	visible(m.missing, words != "")
	visible(m.column, shown.Image != nil || shown.Sound != "" || shown.Film != "" || words != "")
}

// guidance is what the form tells those who want to know more.
type guidance struct {
	open   *look.Tile
	text   *look.Text
	column *fyne.Container
}

func newGuidance(say words.Words, name string, changed func()) *guidance {
	g := &guidance{text: look.NewText("", look.SizeBody, look.Muted)}
	g.open = look.NewButton("guidance:"+name, say.Say("field.guidance"), theme.InfoIcon(), look.Bare, func() {
		visible(g.text, !g.text.Visible())
		changed()
	})
	g.text.Hide()
	g.column = look.NewColumn(4, g.open, g.text)
	return g
}

func (g *guidance) show(words string) {
	g.text.SetMarkup(words)
	visible(g.column, words != "")
}
