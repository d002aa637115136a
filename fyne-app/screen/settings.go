package screen

import (
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/words"
)

// textSizes are the sizes of text that one can choose.
var textSizes = []struct {
	name   string
	factor float32
}{{"normal", 1}, {"large", 1.2}, {"larger", 1.4}}

// settingsPage is where language and text size are chosen, and where one sees who this tablet is.
type settingsPage struct{ app *App }

func (s *settingsPage) back()  { s.app.Home() }
func (s *settingsPage) leave() {}

func (s *settingsPage) build() look.Object {
	a := s.app
	languages := look.NewColumn(8)
	for _, code := range words.Languages {
		languages.Add(s.option("language:"+code, words.Name(code), code == a.language, func() { a.speak(code) }))
	}
	var sizes []look.Object
	for _, size := range textSizes {
		sizes = append(sizes, s.option("size:"+size.name, a.say.Say("settings.size."+size.name), size.factor == a.textSize, func() { a.enlarge(size.factor) }))
	}
	content := []look.Object{heading(a.say.Say("settings.language")), languages, heading(a.say.Say("settings.size")), look.NewEven(8, sizes...)}
	content = append(content, s.guard()...)
	content = append(content, s.saver()...)
	content = append(content, heading(a.say.Say("settings.tablet")), s.membership())
	return a.plainPage(a.say.Say("settings"), a.Home, content...)
}

func (s *settingsPage) option(tag, text string, chosen bool, tapped func()) look.Object {
	if chosen {
		return look.NewButton(tag, text, nil, look.Chosen, tapped)
	}
	return look.NewButton(tag, text, nil, look.Plain, tapped)
}

func (s *settingsPage) membership() look.Object {
	say := s.app.say
	m, ok := s.app.tablet.Door.Member()
	if !ok {
		return look.NewButton("join", say.Say("join.title"), theme.LoginIcon(), look.Quiet, s.app.Join)
	}
	return look.NewCard(look.Card, look.NewColumn(4,
		look.NewBold(m.Name, look.SizeBody, look.Ink),
		look.NewText(say.Say("sync.project", m.Project), look.SizeBody, look.Ink),
		look.NewText(say.Say("sync.address", m.Address), look.SizeSmall, look.Muted),
		look.NewText(say.Say("sync.device", m.Device), look.SizeSmall, look.Muted)))
}
