package screen

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
)

// Stick carries interviews by a folder on a stick or a card, where no link reaches. progress and done are called on the main goroutine.
type Stick interface {
	// Places are folders where sticks and cards appear on this machine.
	Places() []string
	// Last tells what was written last; false: nothing ever.
	Last() (StickWritten, bool)
	Write(folder string, progress func(StickStep), done func(StickWritten, error))
	Read(folder string, progress func(StickStep), done func(StickRead, error))
}

// StickStep is how far it is; Total 0: not known.
type StickStep struct{ Done, Total int }

// StickWritten is what was written.
type StickWritten struct {
	Interviews int
	Photos     int
	Folder     string
	At         time.Time
}

// StickRead is what was found for this tablet.
type StickRead struct {
	Collectors []string // who answered
	Central    int      // interviews that the central collector has now and had not before
	News       int      // things that came from the project
	Damaged    int      // files that could not be read
}

// StickError says why a stick failed, by a code that the app has words for: "full", "read-only", "gone", "alone".
type StickError struct {
	Code   string
	Detail string
}

func (e *StickError) Error() string { return e.Code + ": " + e.Detail }

// settingStickFolder is the folder that was chosen last.
const settingStickFolder = "stick-folder"

// stickPage copies interviews to a stick, and reads the answers from it.
type stickPage struct {
	app     *App
	folder  string
	working string // key of what is being done; "" for nothing
	step    StickStep
	outcome look.Object // of what was done last; nil for nothing
}

func newStickPage(a *App) *stickPage {
	s := &stickPage{app: a}
	if last, err := a.tablet.Memory.Setting(settingStickFolder); err == nil && isFolder(string(last)) {
		s.folder = string(last)
	}
	return s
}

func (s *stickPage) back()   { s.app.show(newSyncPage(s.app)) }
func (s *stickPage) leave()  {}
func (s *stickPage) synced() {}

func (s *stickPage) build() look.Object {
	say := s.app.say
	content := []look.Object{look.NewText(say.Say("stick.intro"), look.SizeBody, look.Ink)}
	if s.outcome != nil {
		content = append(content, s.outcome)
	}
	if s.folder != "" {
		content = append(content, look.NewCard(look.Card, look.NewColumn(4,
			look.NewText(say.Say("stick.folder"), look.SizeSmall, look.Muted), look.NewBold(s.folder, look.SizeBody, look.Ink))))
		content = append(content, s.button("stick-write", "stick.write", theme.UploadIcon(), look.Main, s.write),
			s.button("stick-read", "stick.read", theme.DownloadIcon(), look.Plain, s.read),
			s.button("stick-choose", "stick.other", theme.FolderOpenIcon(), look.Quiet, s.choose))
	} else {
		content = append(content, s.button("stick-choose", "stick.choose", theme.FolderOpenIcon(), look.Main, s.choose))
	}
	if s.working != "" {
		text := say.Say(s.working)
		if s.step.Total > 0 {
			text = say.Say("stick.step", s.step.Done, s.step.Total)
		}
		content = append(content, notice(look.Quiet, theme.StorageIcon(), text))
	}
	if last, ok := s.app.tablet.Stick.Last(); ok {
		content = append(content, look.NewText(say.Say("stick.last", last.Interviews, s.app.when(last.At)), look.SizeSmall, look.Muted))
	}
	content = append(content, look.NewText(say.Say("stick.safe"), look.SizeSmall, look.Muted))
	return s.app.plainPage(say.Say("stick.title"), s.back, content...)
}

func (s *stickPage) button(tag, key string, icon fyne.Resource, face look.Face, act func()) look.Object {
	b := look.NewButton(tag, s.app.say.Say(key), icon, face, act)
	b.Disable(s.working != "")
	return b
}

// choose lets one choose the folder.
func (s *stickPage) choose() {
	s.app.show(&browsePage{
		app: s.app, title: s.app.say.Say("stick.choose"), places: s.app.tablet.Stick.Places(), cancel: func() { s.app.show(s) },
		chosen: func(folder string) {
			s.folder, s.outcome = folder, nil
			s.app.remember(settingStickFolder, folder)
			s.app.show(s)
		},
	})
}

// begin says that something is under way.
func (s *stickPage) begin(key string) {
	s.working, s.step, s.outcome = key, StickStep{}, nil
	s.app.redraw()
}

func (s *stickPage) progress(step StickStep) {
	s.step = step
	s.again()
}

// end shows what came of it.
func (s *stickPage) end(outcome look.Object) {
	s.working, s.outcome = "", outcome
	s.again()
}

func (s *stickPage) again() {
	if s.app.page == s {
		s.app.renew()
	}
}

func (s *stickPage) write() {
	s.begin("stick.writing")
	s.app.tablet.Stick.Write(s.folder, s.progress, func(w StickWritten, err error) {
		say := s.app.say
		switch {
		case err != nil:
			s.end(notice(look.Alarm, theme.ErrorIcon(), s.app.stickWords(err)))
		case w.Interviews == 0:
			s.end(notice(look.Reassure, theme.ConfirmIcon(), say.Say("stick.nothing")))
		case w.Photos > 0:
			s.end(notice(look.Reassure, theme.ConfirmIcon(), say.Say("stick.written", w.Interviews)+" "+say.Say("stick.photos", w.Photos)))
		default:
			s.end(notice(look.Reassure, theme.ConfirmIcon(), say.Say("stick.written", w.Interviews)))
		}
	})
}

func (s *stickPage) read() {
	s.begin("stick.reading")
	s.app.tablet.Stick.Read(s.folder, s.progress, func(r StickRead, err error) {
		switch {
		case err != nil:
			s.end(notice(look.Alarm, theme.ErrorIcon(), s.app.stickWords(err)))
		case len(r.Collectors) == 0 && r.Damaged == 0:
			s.end(notice(look.Warning, theme.InfoIcon(), s.app.say.Say("stick.no_answer")))
		default:
			s.end(s.found(r))
		}
	})
}

// found says what an answer brought.
func (s *stickPage) found(r StickRead) look.Object {
	say := s.app.say
	column := look.NewColumn(8)
	if len(r.Collectors) > 0 {
		column.Add(notice(look.Reassure, theme.ConfirmIcon(), say.Say("stick.answer", s.app.called(r.Collectors[0]), r.Central, r.News)))
	}
	if r.Damaged > 0 {
		column.Add(notice(look.Warning, theme.WarningIcon(), say.Say("stick.damaged", r.Damaged)))
	}
	return column
}

func (a *App) stickWords(err error) string {
	if e, ok := err.(*StickError); ok && a.say.Has("stick.error."+e.Code) {
		return a.say.Say("stick.error."+e.Code, e.Detail)
	}
	return a.say.Say("error.other", err.Error())
}
