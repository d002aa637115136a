package screen_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vereda/fyne-app/look"
	"vereda/fyne-app/look/looktest"
	"vereda/fyne-app/screen"
	"vereda/survey/words"
)

// press puts the mouse button down where a tile is, lets news come, and lets the button go at the same place: what is there by then gets the
// tap only if it is what was pressed, as on a desktop.
func (b *bench) press(tag string, news func()) {
	b.Helper()
	down, ok := looktest.Find(looktest.Root(b.window), tag).(*look.Tile)
	if !ok {
		b.Fatalf("nothing to press is called %q; there are %v", tag, looktest.Tags(b.window))
	}
	down.MouseDown(nil)
	news()
	if looktest.Find(looktest.Root(b.window), tag) == look.Object(down) {
		test.Tap(down)
	}
	down.MouseUp(nil) // on a desktop before the tap, but what waits for it runs behind
}

// News of the sending come at any moment. They take no button away from under the finger, on any page that shows them.
func TestNewsDuringAPressLoseNoTap(t *testing.T) {
	for _, language := range words.Languages {
		b := start(t)
		b.app.Speak(language)
		offline := screen.Sync{Phase: screen.Offline, Left: 4, Next: time.Date(2026, 11, 23, 9, 31, 5, 0, time.UTC)}
		b.app.ShowSync(screen.Sync{Phase: screen.Sending})
		b.press("sync", func() { b.app.ShowSync(offline) })
		b.want(b.say(language, "phase.offline", 4))
		for _, way := range []struct{ button, shows string }{{"stick", "stick-choose"}, {"nearby", "again"}} {
			b.press(way.button, func() { b.app.ShowSync(screen.Sync{Phase: screen.Sending}); b.app.ShowSync(offline) })
			if !b.has(way.shows) {
				t.Fatalf("%s: a tap on %s came to nothing; there are %v", language, way.button, looktest.Tags(b.window))
			}
			b.tap("back")
		}
		b.press("back", func() { b.app.ShowSync(screen.Sync{Phase: screen.Sending}) })
		b.press("settings", func() { b.app.ShowSync(offline) })
		b.want(b.say(language, "settings.size"))
	}
}

// What came during a press is shown when it ends, also when it ends elsewhere.
func TestNewsAreShownAfterThePress(t *testing.T) {
	b := start(t)
	b.app.ShowSync(screen.Sync{Phase: screen.Offline, Left: 4})
	b.tap("sync")
	tile := looktest.Find(looktest.Root(b.window), "stick").(*look.Tile)
	tile.MouseDown(nil)
	b.app.ShowSync(screen.Sync{Phase: screen.Offline, Left: 3})
	b.want(b.say("es", "phase.offline", 4))
	tile.MouseOut()
	b.want(b.say("es", "phase.offline", 3))
}

// A page that shows news stays where one has scrolled to.
func TestNewsDoNotScroll(t *testing.T) {
	b := start(t)
	b.window.Resize(fyne.NewSize(400, 300))
	b.app.ShowSync(screen.Sync{Phase: screen.Offline, Left: 4})
	b.tap("sync")
	look.BodyOf(b.window.Content()).Go(90)
	b.app.ShowSync(screen.Sync{Phase: screen.Offline, Left: 3})
	if at := look.BodyOf(b.window.Content()).At(); at != 90 {
		t.Errorf("scrolled from 90 to %.0f", at)
	}
}
