package screen

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
	"vereda/survey/store"
)

// syncPage says how far the interviews have come, and sends now.
type syncPage struct{ app *App }

func newSyncPage(a *App) *syncPage { return &syncPage{a} }

func (s *syncPage) back()   { s.app.Home() }
func (s *syncPage) leave()  {}
func (s *syncPage) synced() { s.app.renew() }

func (s *syncPage) build() look.Object {
	say, state := s.app.say, s.app.sync
	face, icon, text := s.app.syncWords(s.refused())
	content := []look.Object{notice(face, icon, text)}
	for _, detail := range s.details() {
		content = append(content, look.NewText(detail, look.SizeBody, look.Muted))
	}
	content = append(content, look.NewEven(8, s.figure(state.Central, say.Say("sync.central")), s.figure(state.Relayed, s.onTheWay()), s.figure(state.Left, say.Say("sync.left"))))
	content = append(content, s.photos()...)
	if late := s.late(); late != "" {
		content = append(content, notice(look.Alarm, theme.WarningIcon(), late))
	} else if state.Relayed > 0 {
		content = append(content, look.NewText(say.Say("sync.hub", s.hub()), look.SizeSmall, look.Muted))
	}
	send := look.NewButton("send", say.Say("sync.send"), theme.UploadIcon(), look.Main, s.app.tablet.Courier.Send)
	if state.Phase == Sending {
		send.SetCaption(say.Say("sync.sending"))
		send.Disable(true)
	}
	content = append(content, send, look.NewButton("stick", say.Say("stick.open"), theme.StorageIcon(), look.Plain, func() { s.app.show(newStickPage(s.app)) }),
		look.NewButton("nearby", say.Say("nearby.open"), theme.ComputerIcon(), look.Plain, func() { s.app.show(newNearby(s.app)) }))
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

// details say how long it takes, when it is tried again, and that nothing is lost meanwhile.
func (s *syncPage) details() (details []string) {
	say, state := s.app.say, s.app.sync
	switch {
	case state.Phase == Sending && state.Remaining >= time.Minute:
		return []string{say.Say("sync.minutes", int((state.Remaining+30*time.Second)/time.Minute))}
	case state.Phase == Sending && state.Remaining > 0:
		return []string{say.Say("sync.seconds")}
	case state.Phase == Offline || state.Phase == Busy:
		if !state.Next.IsZero() {
			details = append(details, say.Say("sync.again", state.Next.Format("15:04:05")))
		}
		return append(details, say.Say("sync.safe"))
	case state.Phase == Failed:
		return []string{say.Say("sync.safe"), say.Say("error.detail", state.Detail)}
	case state.Phase == Revoked:
		return []string{say.Say("sync.safe")}
	case state.Received > 0:
		return []string{say.Say("sync.received", state.Received)}
	}
	return nil
}

// failure is the key of the sentence for what trying again does not mend.
func failure(code string) string {
	if code == "" {
		return "phase.failed"
	}
	return "phase.failed." + code
}

// called returns a collector's name; of one that nobody gave a name, what it is.
func (a *App) called(name string) string {
	if key := "nameless." + name; a.say.Has(key) {
		return a.say.Say(key)
	}
	return name
}

// onTheWay is the label of what a hub has.
func (s *syncPage) onTheWay() string {
	if s.app.sync.Relayed == 0 {
		return s.app.say.Say("sync.relayed")
	}
	return s.app.say.Say("sync.relayed.hub", s.app.called(s.app.sync.Hub))
}

// hub names who has what is on the way.
func (s *syncPage) hub() string {
	if s.app.sync.Hubs > 1 {
		return s.app.say.Say("sync.hubs", s.app.called(s.app.sync.Hub))
	}
	return s.app.called(s.app.sync.Hub)
}

// late says what has been on its way for too long, "" for nothing.
func (s *syncPage) late() string {
	if s.app.sync.Late == 0 {
		return ""
	}
	return s.app.say.Say("sync.late", s.app.sync.Late, LateDays, s.hub())
}

// refused returns how many interviews of this tablet the central collector would not take.
func (s *syncPage) refused() (n int) {
	all, err := s.app.tablet.Shelf.Interviews()
	if err != nil {
		return 0 // the first page says what is wrong
	}
	for _, i := range all {
		if i.State == store.Refused {
			n++
		}
	}
	return n
}

func (s *syncPage) figure(n int, label string) look.Object {
	return look.NewCard(look.Card, look.NewColumn(0,
		look.NewBold(s.app.say.Number(int64(n)), look.SizeFigure, look.Ink).Centered(),
		look.NewText(label, look.SizeSmall, look.Muted).Centered()))
}

// syncWords says how the sending goes in one sentence; refused is how many interviews the central collector would not take.
func (a *App) syncWords(refused int) (look.Face, fyne.Resource, string) {
	s := a.sync
	switch s.Phase {
	case Alone:
		return look.Warning, theme.AccountIcon(), a.say.Say("phase.alone")
	case Sending:
		if s.Left == 0 && s.Photos > 0 {
			return look.Quiet, theme.UploadIcon(), a.say.Say("phase.sending.photos", s.Photos)
		}
		return look.Quiet, theme.UploadIcon(), a.say.Say("phase.sending", s.Up, s.Left)
	case Offline, Busy:
		return look.Warning, theme.WarningIcon(), a.say.Say("phase."+string(s.Phase), s.Left)
	case Revoked:
		return look.Alarm, theme.ErrorIcon(), a.say.Say("phase.revoked")
	case Failed:
		return look.Alarm, theme.ErrorIcon(), a.say.Say(failure(s.Failure))
	}
	if s.Left > 0 {
		return look.Warning, theme.MailSendIcon(), a.say.Say("phase.waiting", s.Left)
	}
	if refused > 0 {
		return look.Alarm, theme.WarningIcon(), a.say.Say("phase.refused", refused)
	}
	if s.Relayed > 0 {
		return look.Quiet, theme.UploadIcon(), a.say.Say("phase.relayed", s.Relayed)
	}
	if s.Photos > 0 {
		return look.Quiet, theme.FileImageIcon(), a.say.Say("phase.photos", s.Photos)
	}
	return look.Reassure, theme.ConfirmIcon(), a.say.Say("phase.resting")
}
