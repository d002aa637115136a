package screen

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/mobile"

	"vereda/fyne-app/look"
	"vereda/survey/words"
)

// The names under which the memory keeps what the person chose.
const (
	settingLanguage = "language"
	settingTextSize = "text-size"
)

// App is the field app in its window.
type App struct {
	window    fyne.Window
	tablet    Tablet
	catalogue *words.Catalogue
	say       words.Words // of the page that is shown
	language  string      // that the person chose
	textSize  float32
	page      page
	sync      Sync
	away      away
	stays     map[staying]bool // drafts that go on under their version of the form
}

// page is what fills the window.
type page interface {
	build() look.Object // made anew each time the page is shown, or the language switches
	back()              // the tablet's back button
	leave()             // before another page comes, and when the app goes to the background
}

// New returns the app in a window. language is the app's language for a person who has not chosen one.
func New(w fyne.Window, t Tablet, c *words.Catalogue, language string) *App {
	a := &App{window: w, tablet: t, catalogue: c, textSize: 1}
	if chosen, err := t.Memory.Setting(settingLanguage); err == nil {
		language = string(chosen)
	}
	a.say = c.In(language)
	a.language = a.say.Language()
	if chosen, err := t.Memory.Setting(settingTextSize); err == nil {
		if size, err := strconv.ParseFloat(string(chosen), 32); err == nil && size >= 0.8 && size <= 2 {
			a.textSize = float32(size)
		}
	}
	fyne.CurrentApp().Settings().SetTheme(look.NewTheme(a.textSize))
	a.sync = t.Courier.Sync()
	w.SetTitle("Vereda")
	w.SetPadded(false)
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == mobile.KeyBack || e.Name == fyne.KeyEscape {
			a.Back()
			return
		}
		if p, ok := a.page.(interface{ pressed(fyne.KeyName) }); ok {
			p.pressed(e.Name)
		}
	})
	w.Canvas().SetOnTypedRune(func(r rune) {
		if p, ok := a.page.(interface{ typed(rune) }); ok {
			p.typed(r)
		}
	})
	return a
}

// Home shows the list of interviews, and of a tablet that is locked the page that asks for the PIN; Join the page that lets this
// tablet into a project.
func (a *App) Home() {
	if a.tablet.Guard.Locked() {
		a.show(newLock(a))
		return
	}
	a.show(newHome(a))
}

// Join shows the page on which this tablet becomes part of a project.
func (a *App) Join() { a.show(newJoin(a)) }

// Back does what the tablet's back button does.
func (a *App) Back() {
	if a.window.Canvas().Overlays().Top() != nil {
		a.window.Canvas().Overlays().Remove(a.window.Canvas().Overlays().Top())
		return
	}
	if a.page != nil {
		a.page.back()
	}
}

// Flush makes durable what is being typed. The app calls it when it goes to the background and before it closes.
func (a *App) Flush() {
	if a.page != nil {
		a.page.leave()
	}
}

// ShowSync shows how far the sending is. It must be called on the main goroutine.
func (a *App) ShowSync(s Sync) {
	before := a.sync
	if a.sync = s; s == before {
		return
	}
	if p, ok := a.page.(interface{ synced() }); ok {
		p.synced()
	}
}

// Language returns the app's language.
func (a *App) Language() string { return a.language }

// show puts a page into the window.
func (a *App) show(p page) {
	if a.page != nil && a.page != p {
		a.page.leave()
	}
	a.page = p
	a.redraw()
}

// redraw builds the page anew. An interview is in its own language, everything else in the app's.
func (a *App) redraw() {
	language := a.language
	if p, ok := a.page.(interface{ language() string }); ok && p.language() != "" {
		language = p.language()
	}
	a.say = a.catalogue.In(language)
	a.window.Canvas().Unfocus()
	content := container.NewStack(a.page.build())
	if size := a.window.Canvas().Size(); size.Width > 1 {
		content.Resize(size)
	}
	a.window.SetContent(content)
}

// renew builds the page anew for news that came by themselves: as far scrolled as it is, and not while a tile is held down, since a button
// that comes up on another tile than it went down on taps neither.
func (a *App) renew() {
	p, shown := a.page, a.window.Content()
	if t := look.Held(shown); t != nil {
		t.WhenLetGo(func() {
			if a.page == p {
				a.renew()
			}
		})
		return
	}
	before := look.BodyOf(shown)
	a.redraw()
	if after := look.BodyOf(a.window.Content()); before != nil && after != nil {
		after.Go(before.At())
	}
}

// speak changes the app's language at once, and remembers it.
func (a *App) speak(language string) {
	a.Flush()
	a.language = language
	a.remember(settingLanguage, language)
	if a.page != nil {
		a.redraw()
	}
}

// enlarge changes the text size at once, and remembers it.
func (a *App) enlarge(size float32) {
	a.textSize = size
	a.remember(settingTextSize, strconv.FormatFloat(float64(size), 'f', 2, 32))
	fyne.CurrentApp().Settings().SetTheme(look.NewTheme(size))
	a.redraw()
}

func (a *App) remember(name, value string) {
	if err := a.tablet.Memory.SetSetting(name, []byte(value)); err != nil {
		a.complain(err)
	}
}

// Speak changes the app's language at once, and remembers it.
func (a *App) Speak(language string) { a.speak(words.Match(language)) }
