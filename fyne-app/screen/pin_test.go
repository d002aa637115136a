package screen_test

import (
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"fyne.io/fyne/v2"

	"vereda/fyne-app/look/looktest"
	"vereda/fyne-app/screen"
	"vereda/survey/store"
	"vereda/survey/words"
)

// guard is a PIN without a store, which answers at once.
type guard struct {
	pin, code string
	locked    bool
	wait      time.Duration
	helped    bool // the coordinators can help
	parts     []float64
}

func (g *guard) Protected() bool     { return g.pin != "" }
func (g *guard) Locked() bool        { return g.locked }
func (g *guard) Wait() time.Duration { return g.wait }
func (g *guard) Lock()               { g.locked = true }
func (g *guard) Recoverable() bool   { return g.helped }

func (g *guard) Request() (string, bool) { return request, g.code != "" }

// request is as long as a real one.
var request = "vereda://recover?r=" + strings.Repeat("YWdlLWVuY3J5cHRpb24", 20)

func (g *guard) try(pin string, act func(), done func(error)) {
	if pin != g.pin {
		done(&store.PINError{Wrong: true, Wait: g.wait})
		return
	}
	act()
	done(nil)
}

func (g *guard) Unlock(pin string, done func(error)) { g.try(pin, func() { g.locked = false }, done) }

func (g *guard) Protect(pin string, progress func(float64), done func(error)) {
	for _, part := range g.parts {
		progress(part)
	}
	g.pin = pin
	done(nil)
}

func (g *guard) Unprotect(pin string, _ func(float64), done func(error)) {
	g.try(pin, func() { g.pin = "" }, done)
}

func (g *guard) Check(pin string, done func(error)) { g.try(pin, func() {}, done) }

func (g *guard) ChangePIN(old, pin string, done func(error)) {
	g.try(old, func() { g.pin = pin }, done)
}

func (g *guard) Mistyped(code string) error {
	if len(code) < 5 {
		return &screen.CodeError{}
	}
	return nil
}

func (g *guard) Recover(code, pin string, done func(error)) {
	if code != g.code {
		done(&store.PINError{Wrong: true})
		return
	}
	g.pin, g.locked = pin, false
	done(nil)
}

// guarded is a bench whose PIN is g.
func guarded(t *testing.T, g *guard) *bench {
	t.Helper()
	b := start(t)
	b.ports.Guard = g
	b.show("es")
	return b
}

// keys taps a PIN and OK.
func (b *bench) keys(pin string) {
	b.Helper()
	for _, digit := range pin {
		b.tap("key:" + string(digit))
	}
	b.tap("key:ok")
}

func TestAPINIsSetChangedAndRemoved(t *testing.T) {
	g := &guard{parts: []float64{0.2, 0.9}}
	b := guarded(t, g)
	b.tap("settings")
	b.want(b.say("es", "pin.none"))
	b.tap("pin:on")
	b.want(b.say("es", "pin.intro.alone"))
	b.tap("key:1")
	b.tap("key:2")
	b.tap("key:3")
	if looktest.Enabled(b.window, "key:ok") {
		t.Error("three digits are taken")
	}
	b.tap("key:4")
	b.tap("key:back")
	b.keys("9")
	b.keys("1234")
	b.want(b.say("es", "pin.differ"))
	b.keys("123456")
	for _, digit := range "1234567" {
		b.window.Canvas().OnTypedRune()(digit)
	}
	b.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	b.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.want(b.say("es", "pin.there"))
	if g.pin != "123456" {
		t.Fatalf("the PIN is %q", g.pin)
	}
	b.tap("pin:change")
	b.keys("1111")
	b.want(b.say("es", "pin.wrong")) // at once, not after another one was chosen
	b.want(b.say("es", "pin.old"))
	b.keys("123456")
	b.keys("2222")
	b.keys("2222")
	b.want(b.say("es", "pin.there"))
	b.tap("pin:off")
	b.keys("2222")
	b.want(b.say("es", "pin.none"))
	if g.pin != "" {
		t.Fatalf("the PIN is %q", g.pin)
	}
}

// A tablet that is locked shows nothing of anybody, in no language.
func TestALockedTabletShowsNobody(t *testing.T) {
	g := &guard{pin: "4321"}
	b := guarded(t, g)
	b.tap("new")
	b.walk("finalize")
	b.app.Home()
	b.want("-EA-7-12-v1")
	b.tap("settings")
	b.tap("pin:lock")
	for _, code := range words.Languages {
		b.app.Speak(code)
		b.want(b.say(code, "pin.enter"))
		if b.says("EA-7") || b.has("settings") || b.has("new") {
			t.Fatalf("%s: the lock screen has %v", code, looktest.Tags(b.window))
		}
	}
	b.app.Speak("es")
	b.app.Back()
	b.want(b.say("es", "pin.enter"))
	b.keys("1111")
	b.want(b.say("es", "pin.wrong"))
	b.keys("4321")
	b.want("-EA-7-12-v1")
}

func TestOneWaitsAfterWrongPINs(t *testing.T) {
	g := &guard{pin: "4321", locked: true}
	b := guarded(t, g)
	g.wait = 61 * time.Second
	b.keys("1111")
	b.want("1:01")
	if looktest.Enabled(b.window, "key:ok") {
		t.Error("the next PIN is taken at once")
	}
	b.tap("key:4") // not taken either
	g.wait = 60 * time.Second
	b.clock.pass(time.Second)
	b.want("1:00")
	g.wait = 0
	b.clock.pass(time.Second)
	b.keys("4321")
	b.want(b.say("es", "home.new"))
}

func TestATabletLocksItselfInTheBackground(t *testing.T) {
	g := &guard{pin: "4321"}
	b := guarded(t, g)
	b.tap("settings")
	b.tap("lock:15")
	b.app.Leave()
	b.clock.pass(14 * time.Minute)
	b.app.Return()
	b.want(b.say("es", "pin.there"))
	b.clock.pass(time.Hour) // in use
	if g.locked {
		t.Fatal("it locked itself while it was used")
	}
	b.app.Leave()
	b.clock.pass(15 * time.Minute)
	if !g.locked {
		t.Fatal("it did not lock itself")
	}
	b.app.Return()
	b.want(b.say("es", "pin.enter"))
	b.keys("4321")

	for _, asleep := range []time.Duration{16 * time.Minute, -time.Hour} { // an app that sleeps hears no alarm; the clock may be set back
		b.app.Leave()
		b.clock.now = b.clock.now.Add(asleep)
		b.app.Return()
		if !g.locked {
			t.Fatalf("%v asleep: it did not lock itself", asleep)
		}
		b.keys("4321")
	}
	g.pin = ""
	b.app.Leave()
	b.clock.pass(24 * time.Hour)
	b.app.Return()
	if g.locked {
		t.Fatal("it locked itself without a PIN")
	}
}

func TestWhoForgotThePINIsHelped(t *testing.T) {
	g := &guard{pin: "4321", locked: true}
	b := guarded(t, g)
	b.tap("forgotten")
	b.want(b.say("es", "recover.none"))
	b.tap("back")
	g.code = "K7M4-P2QX"
	b.tap("forgotten")
	b.want(b.say("es", "recover.show"))
	b.tap("copy")
	b.tap("ok")
	b.typed("box:code", "K7")
	b.tap("go")
	b.want(b.say("es", "pin.code.length")) // at once, not after a PIN was chosen for it
	b.typed("box:code", "M4-XXXX")
	b.tap("go")
	b.keys("1234")
	b.keys("1234")
	b.want(b.say("es", "recover.wrong"))
	b.app.Home()
	b.tap("forgotten")
	b.typed("box:code", g.code)
	b.tap("go")
	b.keys("1234")
	b.keys("1234")
	b.want(b.say("es", "home.new"))
	if g.pin != "1234" || g.locked {
		t.Fatalf("%+v", g)
	}
}

// A telephone held over the tablet reads the request.
func TestTheRequestCanBeScanned(t *testing.T) {
	b := guarded(t, &guard{pin: "4321", locked: true, code: "K7M4-P2QX"})
	b.tap("forgotten")
	picture, err := gozxing.NewBinaryBitmapFromImage(b.window.Canvas().Capture())
	if err != nil {
		t.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(picture, nil)
	if err != nil || read.GetText() != request {
		t.Fatalf("%v, %v", read, err)
	}
}
