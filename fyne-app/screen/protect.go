package screen

import (
	"strconv"

	"fyne.io/fyne/v2/theme"

	"vereda/fyne-app/look"
)

// newLock is the page of a tablet that is locked.
func newLock(a *App) *pinPage {
	forgotten := func() []look.Object {
		return []look.Object{look.NewButton("forgotten", a.say.Say("pin.forgotten"), nil, look.Bare, func() { a.show(&recoverPage{app: a}) })}
	}
	unlock := func(given []string, _ func(float64), done func(error)) { a.tablet.Guard.Unlock(given[0], done) }
	return &pinPage{app: a, title: "pin.locked", asks: []string{"pin.enter"}, act: unlock, then: a.Home, more: forgotten}
}

// newProtect makes a PIN.
func newProtect(a *App) *pinPage {
	intro := "pin.intro.alone"
	if a.tablet.Guard.Recoverable() {
		intro = "pin.intro"
	}
	return &pinPage{app: a, title: "pin.set", intro: intro, asks: []string{"pin.new", "pin.again"}, then: a.settings, out: a.settings,
		act: func(given []string, progress func(float64), done func(error)) {
			a.tablet.Guard.Protect(given[0], progress, done)
		}}
}

// newChange makes another one.
func newChange(a *App) *pinPage {
	return &pinPage{app: a, title: "pin.change", asks: []string{"pin.old", "pin.new", "pin.again"}, then: a.settings, out: a.settings,
		check: a.tablet.Guard.Check,
		act: func(given []string, _ func(float64), done func(error)) {
			a.tablet.Guard.ChangePIN(given[0], given[1], done)
		}}
}

// newUnprotect takes it away.
func newUnprotect(a *App) *pinPage {
	return &pinPage{app: a, title: "pin.remove", intro: "pin.remove.intro", asks: []string{"pin.enter"}, then: a.settings, out: a.settings,
		act: func(given []string, progress func(float64), done func(error)) {
			a.tablet.Guard.Unprotect(given[0], progress, done)
		}}
}

func (a *App) settings() { a.show(&settingsPage{a}) }

// guard is what the settings say about the PIN.
func (s *settingsPage) guard() []look.Object {
	a := s.app
	title := heading(a.say.Say("pin.title"))
	if !a.tablet.Guard.Protected() {
		return []look.Object{title, look.NewText(a.say.Say("pin.none"), look.SizeBody, look.Ink),
			look.NewButton("pin:on", a.say.Say("pin.set"), theme.VisibilityOffIcon(), look.Quiet, func() { a.show(newProtect(a)) })}
	}
	var times []look.Object
	for _, minutes := range lockAfters {
		name := strconv.Itoa(minutes)
		times = append(times, s.option("lock:"+name, a.say.Say("pin.minutes", name), minutes == a.lockAfter(), func() {
			a.remember(settingLockAfter, name)
			a.redraw()
		}))
	}
	return []look.Object{title, look.NewText(a.say.Say("pin.there"), look.SizeBody, look.Ink),
		look.NewButton("pin:lock", a.say.Say("pin.now"), theme.VisibilityOffIcon(), look.Quiet, a.lock),
		look.NewText(a.say.Say("pin.after"), look.SizeBody, look.Ink), look.NewEven(8, times...),
		look.NewButton("pin:change", a.say.Say("pin.change"), nil, look.Quiet, func() { a.show(newChange(a)) }),
		look.NewButton("pin:off", a.say.Say("pin.remove"), nil, look.Serious, func() { a.show(newUnprotect(a)) })}
}
