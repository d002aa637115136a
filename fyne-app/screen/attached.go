package screen

import (
	"maps"

	"fyne.io/fyne/v2/theme"
	"github.com/google/uuid"

	"vereda/fyne-app/look"
	"vereda/survey/form"
	"vereda/survey/interview"
	"vereda/survey/store"
)

// attachments are the files that came with a form version; Questionnaires may have them.
type attachments interface {
	Files(id, version string) (map[string][]byte, error)
}

// attached adds to the world of a session the files that came with its form.
func (a *App) attached(f *form.Form, env interview.Env) (interview.Env, error) {
	q, ok := a.tablet.Questionnaires.(attachments)
	if !ok {
		return env, nil
	}
	files, err := q.Files(f.ID, f.Version)
	if err != nil || len(files) == 0 {
		return env, err
	}
	all := maps.Clone(env.Files)
	if all == nil {
		all = map[string][]byte{}
	}
	maps.Copy(all, files)
	env.Files = all
	return env, nil
}

// Saver says whether attachments go over the link that there is. Answers always do.
type Saver interface {
	Photos() bool
	AllowPhotos(bool) error
}

// saver is the part of the settings that lets attachments go or wait.
func (s *settingsPage) saver() []look.Object {
	a := s.app
	if a.tablet.Saver == nil {
		return nil
	}
	send := a.tablet.Saver.Photos()
	choose := func(send bool) func() {
		return func() {
			if err := a.tablet.Saver.AllowPhotos(send); err != nil {
				a.complain(err)
				return
			}
			if send {
				a.tablet.Courier.Send()
			}
			a.redraw()
		}
	}
	return []look.Object{heading(a.say.Say("settings.photos")), look.NewColumn(8,
		s.option("photos:send", a.say.Say("settings.photos.send"), send, choose(true)),
		s.option("photos:hold", a.say.Say("settings.photos.hold"), !send, choose(false)),
		look.NewText(a.say.Say("settings.photos.note"), look.SizeSmall, look.Muted))}
}

// photos says how many attachments the centre does not have; nothing when it has all.
func (s *syncPage) photos() []look.Object {
	say, state := s.app.say, s.app.sync
	if state.Photos == 0 {
		return nil
	}
	text := say.Say("sync.photos", state.Photos, say.Megabytes(state.PhotoBytes))
	if s.app.tablet.Saver != nil && !s.app.tablet.Saver.Photos() {
		text += " " + say.Say("sync.photos.held")
	}
	return []look.Object{look.NewRow(8, 1, look.NewIcon(theme.FileImageIcon(), 22, look.Muted), look.NewText(text, look.SizeBody, look.Ink))}
}

// photosOf says of how many attachments of an interview the centre has not said that it has them; "" for none.
func (h *home) photosOf(i store.Interview) string {
	if i.State == store.Draft || i.State == store.Handed {
		return ""
	}
	if h.photos == nil {
		var err error
		if h.photos, err = h.app.tablet.Shelf.PhotosOf(); err != nil {
			h.photos = map[uuid.UUID]int{} // what cannot be counted is not said
		}
	}
	if n := h.photos[i.ID]; n > 0 {
		return h.app.say.Say("home.photos", n)
	}
	return ""
}
