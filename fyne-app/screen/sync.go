package screen

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/store"
)

// syncPage says how the sending goes, and sends now.
type syncPage struct{ app *App }

func newSyncPage(a *App) *syncPage { return &syncPage{a} }

func (s *syncPage) back()   { s.app.Home() }
func (s *syncPage) leave()  {}
func (s *syncPage) synced() { s.app.redraw() }

func (s *syncPage) build() look.Object {
	say, state := s.app.say, s.app.sync
	sent, refused := s.counts()
	face, icon, text := s.app.syncWords(refused)
	content := []look.Object{notice(face, icon, text)}
	if detail := s.detail(); detail != "" {
		content = append(content, look.NewText(detail, look.SizeBody, look.Muted))
	}
	content = append(content, look.NewEven(8, s.figure(sent, "home.count.sent"), s.figure(state.Left, "sync.left"), s.figure(refused, "home.count.refused")))
	send := look.NewButton("send", say.Say("sync.send"), theme.UploadIcon(), look.Main, s.app.tablet.Courier.Send)
	if state.Phase == Sending {
		send.SetCaption(say.Say("sync.sending"))
		send.Disable(true)
	}
	content = append(content, send)
	if !state.Last.IsZero() {
		content = append(content, look.NewText(say.Say("sync.last", s.app.when(state.Last)), look.SizeSmall, look.Muted))
	}
	if m, ok := s.app.tablet.Door.Member(); ok {
		content = append(content, look.NewCard(look.Card, look.NewColumn(4,
			look.NewText(say.Say("sync.project", m.Project), look.SizeBody, look.Ink),
			look.NewText(say.Say("sync.address", m.Address), look.SizeSmall, look.Muted),
			look.NewText(say.Say("sync.device", m.Device), look.SizeSmall, look.Muted))))
	}
	return s.app.plainPage(say.Say("sync.title"), s.app.Home, content...)
}

// detail says when it is tried again, and that nothing is lost meanwhile.
func (s *syncPage) detail() string {
	say, state := s.app.say, s.app.sync
	switch {
	case state.Phase == Offline || state.Phase == Busy:
		if state.Next.IsZero() {
			return say.Say("sync.safe")
		}
		return say.Say("sync.again", state.Next.Format("15:04:05")) + " " + say.Say("sync.safe")
	case state.Phase == Revoked || state.Phase == Failed:
		return say.Say("sync.safe")
	case state.Received > 0:
		return say.Say("sync.received", state.Received)
	}
	return ""
}

// counts returns how many interviews of this tablet the collector has, and how many it would not take.
func (s *syncPage) counts() (sent, refused int) {
	all, err := s.app.tablet.Shelf.Interviews()
	if err != nil {
		return 0, 0 // the first page says what is wrong
	}
	for _, i := range all {
		switch i.State {
		case store.Sent:
			sent++
		case store.Refused:
			refused++
		}
	}
	return sent, refused
}

func (s *syncPage) figure(n int, key string) look.Object {
	return look.NewCard(look.Card, look.NewColumn(0,
		look.NewBold(s.app.say.Number(int64(n)), look.SizeFigure, look.Ink).Centered(),
		look.NewText(s.app.say.Say(key), look.SizeSmall, look.Muted).Centered()))
}

// syncWords says how the sending goes in one sentence; refused is how many interviews the collector would not take.
func (a *App) syncWords(refused int) (look.Face, fyne.Resource, string) {
	s := a.sync
	switch s.Phase {
	case Alone:
		return look.Warning, theme.AccountIcon(), a.say.Say("phase.alone")
	case Sending:
		return look.Quiet, theme.UploadIcon(), a.say.Say("phase.sending", s.Up, s.Left)
	case Offline, Busy:
		return look.Warning, theme.WarningIcon(), a.say.Say("phase."+string(s.Phase), s.Left)
	case Revoked:
		return look.Alarm, theme.ErrorIcon(), a.say.Say("phase.revoked")
	case Failed:
		return look.Alarm, theme.ErrorIcon(), a.say.Say("phase.failed", s.Reason)
	}
	if s.Left > 0 {
		return look.Warning, theme.MailSendIcon(), a.say.Say("phase.waiting", s.Left)
	}
	if refused > 0 {
		return look.Alarm, theme.WarningIcon(), a.say.Say("phase.refused", refused)
	}
	return look.Reassure, theme.ConfirmIcon(), a.say.Say("phase.resting")
}
