package screen_test

import (
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"vereda/fyne-app/look"
	"vereda/fyne-app/look/looktest"
	"vereda/fyne-app/screen"
	"vereda/survey/words"
)

func TestTheAppChangesItsLanguageAtOnce(t *testing.T) {
	b := start(t)
	b.tap("settings")
	for _, code := range words.Languages {
		b.tap("language:" + code)
		b.want(b.say(code, "settings.size"))
	}
	b.tap("language:ht")
	b.kill()
	b.open("es")
	b.want(b.say("ht", "home.new")) // and remembers it
}

func TestTheFirstStartFollowsTheSystem(t *testing.T) {
	b := start(t)
	b.kill()
	b.open("pt")
	b.want(b.say("pt", "home.new"))
}

func TestLargerTextIsRemembered(t *testing.T) {
	b := start(t)
	b.tap("settings")
	small := looktest.Find(looktest.Root(b.window), "size:larger").Size().Height
	b.tap("size:larger")
	if large := looktest.Find(looktest.Root(b.window), "size:larger").Size().Height; large <= small {
		t.Errorf("%.0f, then %.0f", small, large)
	}
	b.kill()
	b.open("es")
	b.tap("settings")
	if got := looktest.Find(looktest.Root(b.window), "size:larger").Size().Height; got <= small {
		t.Errorf("not remembered: %.0f", got)
	}
	b.tap("size:normal")
}

// Each state of the sending has words of its own, in each language.
func TestSyncInPlainWords(t *testing.T) {
	next := time.Date(2026, 11, 23, 9, 31, 5, 0, time.UTC)
	b := start(t)
	for _, code := range words.Languages {
		b.app.Speak(code)
		seen := map[string]screen.Phase{}
		for _, s := range []struct {
			sync screen.Sync
			want string
		}{
			{screen.Sync{Phase: screen.Alone}, b.say(code, "phase.alone")},
			{screen.Sync{Phase: screen.Resting}, b.say(code, "phase.resting")},
			{screen.Sync{Phase: screen.Resting, Photos: 2}, b.say(code, "phase.photos", 2)},
			{screen.Sync{Phase: screen.Sending, Up: 3, Photos: 2}, b.say(code, "phase.sending.photos", 2)},
			{screen.Sync{Phase: screen.Sending, Up: 3, Left: 4}, b.say(code, "phase.sending", 3, 4)},
			{screen.Sync{Phase: screen.Offline, Left: 4, Next: next}, b.say(code, "phase.offline", 4)},
			{screen.Sync{Phase: screen.Busy, Left: 4, Next: next}, b.say(code, "phase.busy", 4)},
			{screen.Sync{Phase: screen.Revoked, Left: 4}, b.say(code, "phase.revoked")},
			{screen.Sync{Phase: screen.Failed, Detail: "x"}, b.say(code, "phase.failed")},
			{screen.Sync{Phase: screen.Failed, Failure: "full", Detail: "x"}, b.say(code, "phase.failed.full")},
			{screen.Sync{Phase: screen.Failed, Failure: "stranger", Detail: "x"}, b.say(code, "phase.failed.stranger")},
			{screen.Sync{Phase: screen.Failed, Failure: "newer", Detail: "x"}, b.say(code, "phase.failed.newer")},
		} {
			b.app.Home()
			b.app.ShowSync(s.sync)
			b.want(s.want)
			if other, again := seen[s.want]; again {
				t.Errorf("%s: %s and %s say the same", code, other, s.sync.Phase)
			}
			seen[s.want] = s.sync.Phase
			if s.sync.Phase == screen.Alone {
				continue
			}
			b.tap("sync")
			b.want(s.want)
			if !s.sync.Next.IsZero() {
				b.want("09:31:05")
			}
			if s.sync.Phase == screen.Failed {
				b.want(b.say(code, "error.detail", "x"))
			}
			b.want(b.say(code, "sync.left"))
		}
	}
}

func TestSendNow(t *testing.T) {
	b := start(t)
	b.app.ShowSync(screen.Sync{Phase: screen.Offline, Left: 1})
	b.tap("sync")
	b.tap("send")
	if b.sync.sent != 1 {
		t.Errorf("sent %d times", b.sync.sent)
	}
	b.app.ShowSync(screen.Sync{Phase: screen.Sending})
	if looktest.Enabled(b.window, "send") {
		t.Error("sending can be asked for while it goes on")
	}
}

// door lets nobody in, for a reason.
type door struct {
	got    screen.Invitation
	reason error
}

func (d *door) Member() (screen.Member, bool) { return screen.Member{}, false }
func (d *door) Join(i screen.Invitation, done func(error)) {
	d.got = i
	done(d.reason)
}

func TestJoinSaysWhatIsWrong(t *testing.T) {
	b := start(t)
	d := &door{}
	b.ports.Door = d
	b.show("es")
	b.tap("sync")
	b.tap("enter")
	b.want(b.say("es", "join.no_name"))
	b.typed("box:name", "Rosa")
	b.tap("enter")
	b.want(b.say("es", "join.no_invitation"))
	b.typed("box:link", "vereda://join?x")
	for code, reason := range map[string]error{
		"join.error.link": &screen.JoinError{Code: "link"}, "join.error.offline": &screen.JoinError{Code: "offline"}, "join.error.code": &screen.JoinError{Code: "code"},
	} {
		d.reason = reason
		b.tap("enter")
		b.want(b.say("es", code))
	}
	if b.has("box:check") {
		t.Error("check letters are asked for before they are needed")
	}
	d.reason = &screen.JoinError{Code: "check"}
	b.tap("enter")
	b.want(b.say("es", "join.error.check"))
	b.typed("box:check", "K7M4-P2QX-9TRD")
	d.reason = errors.New("algo")
	b.tap("enter")
	b.want("algo")
	d.reason = nil
	b.tap("enter")
	b.want(b.say("es", "home.new"))
	if d.got != (screen.Invitation{Link: "vereda://join?x", Check: "K7M4-P2QX-9TRD", Name: "Rosa"}) {
		t.Errorf("%+v", d.got)
	}
}

// On a telephone the page is longer than the screen: what went wrong comes into view.
func TestWhatIsWrongIsSeenOnATelephone(t *testing.T) {
	b := start(t)
	b.ports.Door = &door{}
	b.show("es")
	b.window.Resize(fyne.NewSize(360, 400))
	b.tap("sync")
	b.tap("enter")
	b.want(b.say("es", "join.no_name"))
	if at := look.BodyOf(b.window.Content()).At(); at == 0 {
		t.Error("the page stayed where it was")
	}
}
