package screen_test

import (
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vereda/fyne-app/look/looktest"
	"vereda/fyne-app/screen"
	"vereda/survey/words"
)

// carrier is a stick without a stick: it answers at once what the test says.
type carrier struct {
	places  []string
	last    screen.StickWritten
	written screen.StickWritten
	read    screen.StickRead
	err     error
	did     []string
	hold    func(func()) // when not nil, the answer waits
}

func (c *carrier) Places() []string { return c.places }
func (c *carrier) Last() (screen.StickWritten, bool) {
	return c.last, c.last.Interviews > 0
}

func (c *carrier) Write(folder string, progress func(screen.StickStep), done func(screen.StickWritten, error)) {
	c.did = append(c.did, "write "+folder)
	progress(screen.StickStep{Done: 1, Total: 3})
	c.answer(func() { done(c.written, c.err) })
}

func (c *carrier) Read(folder string, _ func(screen.StickStep), done func(screen.StickRead, error)) {
	c.did = append(c.did, "read "+folder)
	c.answer(func() { done(c.read, c.err) })
}

func (c *carrier) answer(f func()) {
	if c.hold != nil {
		c.hold(f)
		return
	}
	f()
}

// onStick is a bench on the page of the stick.
func onStick(t *testing.T, c *carrier, language string) *bench {
	t.Helper()
	b := start(t)
	b.ports.Stick = c
	b.show(language)
	b.app.ShowSync(screen.Sync{Phase: screen.Offline, Left: 4})
	b.tap("sync")
	b.tap("stick")
	return b
}

func TestStickIsChosenOnceAndWrittenTo(t *testing.T) {
	stick := filepath.Join(t.TempDir(), "STICK")
	if err := os.MkdirAll(filepath.Join(stick, "fotos"), 0o700); err != nil {
		t.Fatal(err)
	}
	var later func()
	c := &carrier{places: []string{stick}, hold: func(f func()) { later = f }, written: screen.StickWritten{Interviews: 4, Photos: 1}}
	b := onStick(t, c, "es")
	b.tap("stick-choose")
	b.tap("place:" + stick)
	b.tap("folder:fotos")
	b.tap("up")
	b.tap("choose")
	b.want(stick)
	b.tap("stick-write")
	b.want(b.say("es", "stick.step", 1, 3))
	if looktest.Enabled(b.window, "stick-read") {
		t.Error("it can be read while it is written")
	}
	later()
	b.want(b.say("es", "stick.written", 4))
	b.want(b.say("es", "stick.photos", 1))
	if len(c.did) != 1 || c.did[0] != "write "+stick {
		t.Errorf("%q", c.did)
	}
	b.app.Back() // the folder is remembered
	b.tap("stick")
	b.want(stick)
}

func TestStickSaysWhatCameOfIt(t *testing.T) {
	for _, language := range words.Languages {
		c := &carrier{places: []string{t.TempDir()}, last: screen.StickWritten{Interviews: 3, At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}}
		b := onStick(t, c, language)
		b.want(b.say(language, "stick.intro"))
		b.picture("stick-" + language)
		b.tap("stick-choose")
		b.picture("stick-places-" + language)
		b.tap("place:" + c.places[0])
		b.picture("stick-folder-" + language)
		b.tap("choose")
		b.tap("stick-write")
		b.want(b.say(language, "stick.nothing"))
		for _, code := range []string{"full", "gone", "read-only", "alone"} {
			c.err = &screen.StickError{Code: code}
			b.tap("stick-write")
			b.want(b.say(language, "stick.error."+code))
		}
		b.picture("stick-failed-" + language)
		c.err = errors.New("otra cosa")
		b.tap("stick-read")
		b.want("otra cosa")
		c.err = nil
		b.tap("stick-read")
		b.want(b.say(language, "stick.no_answer"))
		c.read = screen.StickRead{Collectors: []string{"Centro"}, Central: 4, News: 2, Damaged: 2}
		b.tap("stick-read")
		b.want(b.say(language, "stick.answer", "Centro", 4, 2))
		b.want(b.say(language, "stick.damaged", 2))
		b.picture("stick-read-" + language)
	}
}

// picture keeps what the window shows, in the folder that the environment's LOOK names; without it, it does nothing.
func (b *bench) picture(name string) {
	b.Helper()
	folder := os.Getenv("LOOK")
	if folder == "" {
		return
	}
	f, err := os.Create(filepath.Join(folder, name+".png"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, b.window.Canvas().Capture()); err != nil {
		b.Fatal(err)
	}
}
