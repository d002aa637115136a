package screen_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vereda/fyne-app/catalogue"
	"vereda/fyne-app/look/looktest"
	"vereda/fyne-app/screen"
	"vereda/fyne-app/tablet"
)

// bench is the app in a window of a tablet's size, on a real store in a folder of its own, with a clock that the test moves.
type bench struct {
	*testing.T
	folder string
	tablet *tablet.Tablet
	ports  screen.Tablet
	clock  *clock
	sync   *courier
	app    *screen.App
	window fyne.Window
}

// clock stands still until the test moves it.
type clock struct {
	now    time.Time
	alarms []*alarm
}

type alarm struct {
	at  time.Time
	run func()
}

func (c *clock) Now() time.Time { return c.now }

func (c *clock) After(d time.Duration, f func()) func() {
	a := &alarm{c.now.Add(d), f}
	c.alarms = append(c.alarms, a)
	return func() { a.run = nil }
}

// pass lets time pass.
func (c *clock) pass(d time.Duration) {
	c.now = c.now.Add(d)
	due := c.alarms
	c.alarms = nil
	for _, a := range due {
		switch {
		case a.run == nil:
		case a.at.After(c.now):
			c.alarms = append(c.alarms, a)
		default:
			a.run()
		}
	}
}

// courier counts how often it was sent.
type courier struct {
	sent  int
	state screen.Sync
}

func (c *courier) Send()             { c.sent++ }
func (c *courier) Sync() screen.Sync { return c.state }

func start(t *testing.T) *bench {
	t.Helper()
	test.NewTempApp(t)
	b := &bench{T: t, folder: t.TempDir(), clock: &clock{now: time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)}, sync: &courier{}}
	b.sync.state.Phase = screen.Alone
	b.open("es")
	t.Cleanup(func() { b.tablet.Close() })
	return b
}

// open starts the app on what the folder holds.
func (b *bench) open(language string) {
	b.Helper()
	var err error
	if b.tablet, err = tablet.Open(b.folder); err != nil {
		b.Fatal(err)
	}
	b.ports = b.tablet.Ports()
	b.ports.Clock, b.ports.Courier = b.clock, b.sync
	b.show(language)
}

// show makes a window with the app on b.ports.
func (b *bench) show(language string) {
	b.Helper()
	c, err := catalogue.Load()
	if err != nil {
		b.Fatal(err)
	}
	b.window = test.NewTempWindow(b, nil)
	b.window.Resize(fyne.NewSize(571, 914))
	b.app = screen.New(b.window, b.ports, c, language)
	b.app.Home()
}

// kill ends the app as a power cut does: nothing is flushed, nobody is told.
func (b *bench) kill() {
	b.Helper()
	if err := b.tablet.Close(); err != nil {
		b.Fatal(err)
	}
}

func (b *bench) tap(tag string)            { b.Helper(); looktest.Tap(b, b.window, tag) }
func (b *bench) typed(tag, text string)    { b.Helper(); looktest.Type(b, b.window, tag, text) }
func (b *bench) says(words string) bool    { return looktest.Says(b.window, words) }
func (b *bench) has(tag string) bool       { return looktest.Find(looktest.Root(b.window), tag) != nil }
func (b *bench) written(tag string) string { return looktest.Written(b.window, tag) }

// want fails the test unless the words are on the screen.
func (b *bench) want(words string) {
	b.Helper()
	if !b.says(words) {
		b.Fatalf("the screen does not say %q; it has %v", words, looktest.Tags(b.window))
	}
}

// say returns a text of the app in a language.
func (b *bench) say(language, key string, args ...any) string {
	b.Helper()
	c, err := catalogue.Load()
	if err != nil {
		b.Fatal(err)
	}
	return c.In(language).Say(key, args...)
}
